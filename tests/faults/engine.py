# SPDX-License-Identifier: GPL-2.0-or-later
# Faults one at a time: what can fail in a scene (a dry run tells), how, and whether what came out may come out. Must
# not know the checks: scenes.py does. What is made to fail is in faults.c.
import collections
import errno
import json
import os
from pathlib import Path
import random
import re
import shutil
import socket
import subprocess
import time

from outcome import Outcome
from servers import build

HANG = 40               # seconds; the scenes have deadlines of 8
LIBRARY_EVERY = 20      # of the allocations of libraries; ours fail one by one
LACKING_EVERY = 10      # of those: memory is gone for good from there on
BROKEN = "this check broke off"

LOCAL_FILE = (errno.EMFILE, errno.EACCES, errno.EIO, errno.ENOMEM)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
# What each call may say; errors of getaddrinfo are negative there. EINTR only where Linux has it.
ERRORS = {
    "access": (errno.EACCES, errno.EIO), "stat": (errno.EACCES, errno.EIO, errno.ENOMEM),
    "lstat": (errno.EACCES, errno.EIO, errno.ENOMEM), "fstat": (errno.EIO, errno.ENOMEM),
    "fstatat": (errno.EACCES, errno.EIO), "fchmod": (errno.EPERM, errno.EIO, errno.EROFS),
    "fsync": FULL, "fdatasync": FULL, "flock": (errno.EINTR, errno.ENOLCK),
    "ftruncate": (errno.EIO, errno.EINTR), "mkdir": (errno.EACCES, errno.ENOSPC, errno.EROFS),
    "rename": (errno.EACCES, errno.ENOSPC, errno.EIO, errno.EROFS),
    "renameat": (errno.EACCES, errno.ENOSPC, errno.EIO, errno.EROFS),
    "linkat": (errno.EACCES, errno.ENOSPC), "unlink": (errno.EACCES, errno.EIO), "unlinkat": (errno.EACCES, errno.EIO),
    "open": (*LOCAL_FILE, errno.EINTR), "openat": (*LOCAL_FILE, errno.ENOSPC), "fopen": LOCAL_FILE,
    "opendir": LOCAL_FILE, "readdir": (errno.EIO,),
    "read": (errno.EIO, errno.EINTR, "short"), "write": (*FULL, errno.EINTR, errno.EFBIG, "short"),
    "close": (errno.EIO, errno.EINTR, errno.ENOSPC),
    "fwrite": (errno.ENOSPC, errno.EPIPE, "short"), "fflush": (errno.ENOSPC, errno.EPIPE),
    "socket": (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EPERM),
    "connect": (errno.ECONNREFUSED, errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.ENOMEM,
                errno.EPERM),
    "getsockopt": (errno.ENOMEM,), "setsockopt": (errno.ENOMEM, errno.EINVAL), "shutdown": (errno.ENOTCONN,),
    "poll": (errno.EINTR, errno.ENOMEM), "eventfd": (errno.EMFILE, errno.ENOMEM), "eventfd_write": (),
    "pipe": (errno.EMFILE,), "pipe2": (errno.EMFILE,),
    "recv": (errno.ECONNRESET, errno.EINTR, errno.ENOMEM, "short"),
    "send": (errno.ECONNRESET, errno.EPIPE, errno.EINTR, errno.ENOBUFS, "short"),
    "recvfrom": (errno.ECONNREFUSED, errno.EINTR, errno.ENOMEM), "sendto": (errno.ENOBUFS, errno.EINTR, errno.EPERM),
    "getaddrinfo": tuple(-code for code in (socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_MEMORY, socket.EAI_NONAME,
                                            socket.EAI_SYSTEM)),
    "pthread_create": (errno.EAGAIN,), "dlopen": (errno.ENOMEM,),
}
# Libraries read and write sockets, with the same calls.
SOCKET_ERRORS = {
    "read": (errno.ECONNRESET, errno.EINTR, errno.ENOMEM, "short"),
    "write": (errno.ECONNRESET, errno.EPIPE, errno.EINTR, errno.ENOBUFS, "short"),
}
# What a peer or the way to it does: that is a fault of the service under test, as in an untouched run.
FROM_PEER = {errno.ECONNREFUSED, errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ECONNRESET, errno.EPIPE}
PEER_CALLS = {"connect", "recv", "send", "recvfrom", "read", "write"}

Fault = collections.namedtuple("Fault", "kind at name what stays")


def words_of(fault):
    what = errno.errorcode.get(fault.what, fault.what) if fault.kind.endswith("call") else "no memory"
    return f"{fault.kind} {fault.at} {fault.name}: {what}{' from here on' if fault.stays else ''}"


def plan_of(fault):
    """As faults.c reads it."""
    name = fault.name if fault.kind.endswith("call") else "memory"
    return f"{fault.kind}:{name}:{fault.at}:{fault.what}{'+' if fault.stays else ''}"


def has_peer(fault):
    return fault.kind.endswith("call") and fault.name in PEER_CALLS and fault.what in FROM_PEER


class Run:
    """What one process did."""

    def __init__(self, process, seconds, struck):
        self.process, self.seconds, self.struck = process, seconds, struck
        self.code, self.text = process.returncode, process.stdout.decode("utf-8", errors="replace")


def ranges():
    """Functions of nagios/memory*.c, in which libraries get their memory from us, as faults.c wants them."""
    made = []
    for path in (*build().glob("nagios/check_ucm_*"), *build().glob("nagios/ucmtrust-*.so")):
        if not path.is_file():
            continue
        symbols = subprocess.run(["nm", "-S", path], capture_output=True, text=True, check=True).stdout
        for start, size in re.findall(r"^(\w+) (\w+) [tT] memory_\w+(?:\.\w+)*$", symbols, re.M):
            made.append((path.name, path.suffix == ".so", int(start, 16), int(size, 16)))
    return made


class Bench:
    """Runs a scene in a folder of its own."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.shim = build() / "tests/faults/ucmtrust-faults.so"
        self.sanitized = "sanitize" in str(build())
        self.behalf = {}
        for name, is_module, start, size in ranges():
            self.behalf.setdefault(None if is_module else name, []).append(
                f"{'/' + name if is_module else ''}:{start:x}-{start + size:x}")

    def environment(self, check, log=None, fault=None):
        made = {**os.environ, "UCMTRUST_FAULT_BEHALF": ",".join(self.behalf.get(check, []) + self.behalf.get(None, []))}
        preload = [str(self.shim)]
        if self.sanitized:
            preload.append(subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True,
                                          check=True).stdout.strip())
            made["ASAN_OPTIONS"] = "verify_asan_link_order=0:allocator_may_return_null=1:exitcode=23"
        if log or fault:
            made["LD_PRELOAD"] = " ".join(preload)
        if log:
            made["UCMTRUST_FAULT_LOG"] = str(log)
        if fault:
            made["UCMTRUST_FAULT"] = plan_of(fault)
        return made

    def run(self, scene, fault=None, log=None, fresh=True):
        """Run the scene once; without a fault and a log nothing is preloaded."""
        work, report = self.folder / "work", self.folder / "report"
        if fresh:
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir(mode=0o700)
            scene.prepare(work)
        report.unlink(missing_ok=True)
        begin = time.monotonic()
        process = subprocess.run([build() / "nagios" / scene.check, *map(str, scene.words(work))],
                                 env=self.environment(scene.check, log or (report if fault else None), fault),
                                 stdin=subprocess.DEVNULL, capture_output=True, timeout=HANG, check=False)
        struck = report.read_text() if fault and report.exists() else ""
        return Run(process, time.monotonic() - begin, struck)


def masked(text):
    """Without what differs between two runs: how long something took."""
    text = re.sub(r"(_time=)[0-9.]+s", r"\1#", text)
    text = re.sub(r'("ms": |_time": )[0-9.]+', r"\1#", text)
    return re.sub(r"\b[0-9.]+ (ms|s)\b", r"# \1", text)


class Subject:
    """A scene as it is without faults, and all faults that it can have."""

    def __init__(self, scene, bench):
        self.scene, self.bench = scene, bench
        self.plain = bench.run(scene)
        Outcome(self.plain.process, self.plain.seconds, scene.json)
        assert self.plain.code == scene.code, f"{scene.name}: {self.plain.text}"
        self.after = scene.kept(bench.folder / "work")
        log = bench.folder / "log"
        log.unlink(missing_ok=True)
        again = bench.run(scene, log=log)
        assert masked(again.text) == masked(self.plain.text) and again.code == self.plain.code, (
            f"{scene.name} differs by itself: {self.plain.text} {again.text}")
        self.log = [line.split(" ") for line in log.read_bytes().rstrip(b"\0").decode().splitlines()]
        log.unlink()
        work = bench.folder / "work"
        shutil.rmtree(work)
        work.mkdir(mode=0o700)
        scene.prepare(work)
        self.before = scene.kept(work)

    def counts(self):
        return collections.Counter(kind for kind, _ in self.log)

    def faults(self):
        at = collections.Counter()
        for kind, name in self.log:
            counted = (kind, name) if kind.endswith("call") else kind
            number = at[counted]
            at[counted] += 1
            if kind.endswith("call"):
                for what in (ERRORS if kind == "own-call" else {**ERRORS, **SOCKET_ERRORS})[name]:
                    yield Fault(kind, number, name, what, False)
                continue
            step = LIBRARY_EVERY if kind == "library-memory" else 1
            if number % step == 0:
                yield Fault(kind, number, name, errno.ENOMEM, False)
            if number % (step * LACKING_EVERY) == 0:
                yield Fault(kind, number, name, errno.ENOMEM, True)

    # ---- judging ----

    def problem(self, fault, run):
        """None, or what is wrong with this run."""
        if run.code < 0 or run.code > 3:
            return f"exit {run.code}: {run.process.stderr.decode(errors='replace')[-2000:]}"
        if run.process.stderr:
            return f"on stderr: {run.process.stderr.decode(errors='replace')[-500:]}"
        if fault.name in ("fwrite", "fflush"):
            return None if run.code == 3 else f"nothing was printed, but exit {run.code}"
        as_plain = run.code == self.plain.code and masked(run.text) == masked(self.plain.text)
        try:
            self.check_form(run)
        except (AssertionError, ValueError) as why:
            return f"malformed: {why}: {run.text[:300]}"
        if run.code not in self.codes(fault):
            return f"exit {run.code}: {run.text[:600]}"
        if run.code == 0 and not as_plain:
            return f"OK, but not as without the fault: {run.text[:600]}"
        return self.problem_of_files(as_plain)

    def check_form(self, run):
        """Before the options are read, nobody knows of JSON; the prepared line has only what all checks have."""
        is_json = self.scene.json and not re.match(f"UNKNOWN - (usage: |{BROKEN})", run.text)
        if is_json and BROKEN in run.text:
            assert run.text.count("\n") == 1 and json.loads(run.text)["state"] == "UNKNOWN"
        else:
            Outcome(run.process, run.seconds, is_json)

    def codes(self, fault):
        return {self.plain.code, 3} | ({2} if has_peer(fault) else set())

    def problem_of_files(self, as_plain):
        kept = self.scene.kept(self.bench.folder / "work")
        for name, content in kept.items():
            if content not in (self.before.get(name), self.after.get(name)) and not self.scene.is_whole(content):
                return f"{name} is neither as before nor as after: {len(content)} bytes"
        for name, content in self.before.items():
            if name not in kept:
                return f"{name} is gone"
        if as_plain and kept != self.after:
            return "said as without the fault, but the files are not"
        return None


class Table:
    """Counts of one scene."""

    def __init__(self, scene):
        self.scene, self.kinds, self.codes = scene, collections.Counter(), collections.Counter()
        self.broken, self.same, self.missed, self.failed = 0, 0, 0, []

    def add(self, subject, fault, run, problem):
        self.kinds[fault.kind] += 1
        self.codes[run.code if run else "hang"] += 1
        self.broken += bool(run and BROKEN in run.text)
        self.same += bool(run and run.code == subject.plain.code and masked(run.text) == masked(subject.plain.text))
        self.missed += bool(run and not run.struck)
        if problem:
            self.failed.append(f"{self.scene.name}: {words_of(fault)}: {problem}\n{(run and run.struck) or ''}")

    HEAD = (f"{'check':<24}{'scene':<18}{'own mem':>8}{'lib mem':>8}{'own calls':>10}{'lib calls':>10}"
            f"{'exit 0':>8}{'1':>6}{'2':>6}{'3':>7}{'broke off':>10}{'as plain':>9}{'not hit':>8}{'FAILED':>8}")

    def line(self):
        kinds, codes = self.kinds, self.codes
        return (f"{self.scene.check:<24}{self.scene.name:<18}{kinds['own-memory']:>8}{kinds['library-memory']:>8}"
                f"{kinds['own-call']:>10}{kinds['library-call']:>10}{codes[0]:>8}{codes[1]:>6}{codes[2]:>6}{codes[3]:>7}"
                f"{self.broken:>10}{self.same:>9}{self.missed:>8}{len(self.failed):>8}")


def try_all(subject, faults, table):
    """Each fault once; False when it failed."""
    for fault in faults:
        try:
            run = subject.bench.run(subject.scene, fault)
        except subprocess.TimeoutExpired:
            table.add(subject, fault, None, f"it hangs for {HANG} s")
            continue
        table.add(subject, fault, run, subject.problem(fault, run))


def sample(faults, most, seed):
    """At most so many of them: the same for the same seed, and of every kind and name some."""
    faults, chosen = list(faults), []
    if len(faults) <= most:
        return faults
    groups = collections.defaultdict(list)
    random.Random(seed).shuffle(faults)
    for fault in faults:
        groups[fault.kind, fault.name, fault.what, fault.stays].append(fault)
    while len(chosen) < most:
        for group in groups.values():
            if group and len(chosen) < most:
                chosen.append(group.pop())
    return chosen
