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
import threading
import time

from outcome import Outcome
from servers import build

HANG = 40               # seconds; the scenes have deadlines of 8
DRY_RUN = 300           # seconds; it looks at the way to each of up to a million allocations
LACKING_EVERY = 10      # of the allocations that fail: memory is gone for good from there on
BROKEN = "this check broke off"
LOADER_GAVE_UP = 127    # what glibc ends a process with that lacks memory while a module is opened; nobody can prevent it
GLIB_COMPLAINS = re.compile(rb"(?m)^(GLib \(gthread-posix\.c\)|\*\*\*MEMORY-(ERROR|WARNING)\*\*\*|\S*GLib).*\n?")

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
    "bind": (errno.EADDRINUSE, errno.ENOMEM, errno.EACCES),
    "socket": (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EPERM),
    "connect": (errno.ECONNREFUSED, errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.ENOMEM,
                errno.EPERM),
    "getsockopt": (errno.ENOMEM,), "setsockopt": (errno.ENOMEM, errno.EINVAL), "shutdown": (errno.ENOTCONN,),
    "poll": (errno.EINTR, errno.ENOMEM), "eventfd": (errno.EMFILE, errno.ENOMEM), "eventfd_write": (),
    "pipe": (errno.EMFILE,), "pipe2": (errno.EMFILE,),
    "recv": (errno.ECONNRESET, errno.EINTR, errno.ENOMEM, "short"),
    "send": (errno.ECONNRESET, errno.EPIPE, errno.EINTR, errno.ENOBUFS, "short"),
    "recvfrom": (errno.ECONNREFUSED, errno.EINTR, errno.ENOMEM, errno.EIO),
    "sendto": (errno.ENOBUFS, errno.EINTR, errno.EPERM, errno.ENOMEM, errno.EIO),
    "getaddrinfo": tuple(-code for code in (socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_MEMORY, socket.EAI_NONAME,
                                            socket.EAI_SYSTEM)),
    "pthread_create": (errno.EAGAIN,), "dlopen": (errno.ENOMEM,),
}
# Libraries read and write sockets, with the same calls.
SOCKET_ERRORS = {
    "read": (errno.ECONNRESET, errno.EINTR, errno.ENOMEM, "short"),
    "write": (errno.ECONNRESET, errno.EPIPE, errno.EINTR, errno.ENOBUFS, "short"),
}
# We say it in words of our own; stat() is called by g_file_test(), which keeps the reason for itself.
WORDED = {"dlopen", "eventfd", "pthread_create", "getaddrinfo", "stat"}
ORDERED = {"write", "fsync"}
# What a peer or the way to it does: that is a fault of the service under test, as in an untouched run.
FROM_PEER = {errno.ECONNREFUSED, errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ECONNRESET, errno.EPIPE}
PEER_CALLS = {"connect", "recv", "send", "recvfrom", "read", "write"}

# at: counted from 0; of memory among all allocations, of a call among those of this name. stack: the way to it.
Fault = collections.namedtuple("Fault", "kind at name what stays stack")


def words_of(fault):
    what = "no memory" if fault.kind.endswith("memory") else errno.errorcode.get(fault.what, fault.what)
    return f"{fault.kind} {fault.at} {fault.name}: {what}{' from here on' if fault.stays else ''}"


def plan_of(fault):
    """As faults.c reads it."""
    name = fault.name if fault.kind.endswith(("call", "end")) else "memory"
    return f"{name}:{fault.at}:{fault.what}{'+' if fault.stays else ''}"


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
    """Runs scenes, each thread of ours in a folder of its own."""

    def __init__(self, folder, quick_folder):
        self._folder, self._quick, self._thread = Path(folder), Path(quick_folder), threading.local()
        self.shim = build() / "tests/faults/ucmtrust-faults.so"
        self.sanitizer = None
        if "sanitize" in str(build()):
            self.sanitizer = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True,
                                            check=True).stdout.strip()
        self.behalf = {}
        for name, is_module, start, size in ranges():
            self.behalf.setdefault(None if is_module else name, []).append(
                f"{'/' + name if is_module else ''}:{start:x}-{start + size:x}")

    @property
    def folder(self):
        if not hasattr(self._thread, "folder"):
            self._thread.folder = self._folder / str(threading.get_ident())
            self._thread.folder.mkdir()
        return self._thread.folder

    @property
    def work(self):
        return self._quick / f"work-{threading.get_ident()}"

    def environment(self, check, log=None, fault=None):
        made = {**os.environ, "UCMTRUST_FAULT_BEHALF": ",".join(self.behalf.get(check, []) + self.behalf.get(None, []))}
        if self.sanitizer:
            made["ASAN_OPTIONS"] = "verify_asan_link_order=0:allocator_may_return_null=1:exitcode=23"
            made["G_SLICE"] = "always-malloc"       # else all that GLib has ever given is still pointed to
        if log:
            made["LD_PRELOAD"] = f"{self.shim} {self.sanitizer or ''}"
            made["UCMTRUST_FAULT_LOG"] = str(log)
        if fault:
            made["UCMTRUST_FAULT"] = plan_of(fault)
        return made

    def prepare(self, scene):
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(mode=0o700)
        scene.prepare(self.work)

    def run(self, scene, fault=None, log=None, fresh=True):
        """Run the scene once; with a log it is a dry run, without a fault and a log nothing is preloaded."""
        report = self.folder / "report"
        words = scene.words(self.work, DRY_RUN) if log else scene.words(self.work)
        if fresh:
            self.prepare(scene)
        report.unlink(missing_ok=True)
        begin = time.monotonic()
        process = subprocess.run([build() / "nagios" / scene.check, *map(str, words)],
                                 env=self.environment(scene.check, log or (report if fault else None), fault),
                                 stdin=subprocess.DEVNULL, capture_output=True, timeout=DRY_RUN if log else HANG,
                                 check=False)
        if self.sanitizer:      # then the checks do not silence it, and GLib complains there
            process.stderr = GLIB_COMPLAINS.sub(b"", process.stderr).lstrip()
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
        self.after = scene.kept(bench.work)
        self.second = bench.run(scene, fresh=False)
        self.after_second = scene.kept(bench.work)
        log = bench.folder / "log"
        again = bench.run(scene, log=log)
        assert self.is_plain(again), f"{scene.name} differs by itself: {self.plain.text} {again.text}"
        self.log = log.read_bytes().rstrip(b"\0").decode()        # up to a million lines
        log.unlink()
        self.writing = self.calls_that_write()
        bench.prepare(scene)
        self.before = scene.kept(bench.work)

    def numbered(self):
        """(kind, name, stack, number) of all; the number is counted as in Fault."""
        at = collections.Counter()
        for line in self.log.splitlines():
            kind, name, stack = line.split(" ")
            counted = name if kind.endswith("call") else "memory"
            yield kind, name, stack, at[counted]
            at[counted] += 1

    def calls_that_write(self):
        """{(name, number)}: from the opening of what is written to its renaming. Fails unless it can stand a power cut:
        what is renamed is on the disk before, and the name after."""
        calls = [(name, number) for kind, name, _, number in self.numbered() if kind == "own-call"]
        renamed = [at for at, (name, _) in enumerate(calls) if name.startswith("rename")]
        assert bool(renamed) == bool(self.scene.keeps), f"{self.scene.name} renames {len(renamed)} files"
        found = set()
        for at in renamed:
            begin = max(i for i in range(at) if calls[i][0].startswith("open"))
            order = [name for name, _ in calls[begin:] if name in ORDERED or name == calls[at][0]]
            assert order[:4] == ["write", "fsync", calls[at][0], "fsync"], f"{self.scene.name}: {calls[begin:]}"
            found.update(calls[begin:at + 1])
        return found

    def is_plain(self, run):
        return run.code == self.plain.code and masked(run.text) == masked(self.plain.text)

    def faults(self):
        """Every one."""
        struck = 0
        for kind, name, stack, number in self.numbered():
            if kind.endswith("memory"):
                yield Fault(kind, number, name, errno.ENOMEM, False, stack)
                struck += 1
                if struck % LACKING_EVERY == 0 and not self.bench.sanitizer:    # which ends at the end of the stack
                    yield Fault(kind, number, name, errno.ENOMEM, True, stack)
                continue
            for what in (ERRORS if kind == "own-call" else {**ERRORS, **SOCKET_ERRORS})[name]:
                yield Fault(kind, number, name, what, False, stack)
            if kind == "own-call" and self.scene.keeps:
                for what in ("kill", *(("cut", "full") if name == "write" else ())):
                    yield Fault("own-end", number, name, what, False,
                                f"{stack} {number} {self.scene.name}")

    # ---- judging ----

    def try_one(self, fault):
        """(the run or None, None or what is wrong with it)."""
        try:
            run = self.bench.run(self.scene, fault)
        except subprocess.TimeoutExpired:
            return None, f"it hangs for {HANG} s"
        wrong = self.problem_of_end(run) if fault.what in ("kill", "cut") else self.problem(fault, run)
        return run, wrong or (self.problem_of_next() if self.scene.keeps else None)

    def problem(self, fault, run):
        """None, or what is wrong with this run."""
        if fault.stays and fault.kind == "library-memory" and run.code == LOADER_GAVE_UP and not run.process.stdout:
            return None
        if run.code < 0 or run.code > 3:
            return f"exit {run.code}: {run.process.stderr.decode(errors='replace')[-2000:]}"
        if run.process.stderr:
            return f"on stderr: {run.process.stderr.decode(errors='replace')[-500:]}"
        if fault.name in ("fwrite", "fflush"):
            return None if run.code == 3 else f"nothing was printed, but exit {run.code}"
        try:
            self.check_form(run)
        except (AssertionError, ValueError) as why:
            return f"malformed: {why}: {run.text[:300]}"
        if run.code not in self.codes(fault):
            return f"exit {run.code}: {run.text[:600]}"
        if run.code == 0 and not self.is_plain(run):
            return f"OK, but not as without the fault: {run.text[:600]}"
        if self.must_tell(fault) and (run.code != 3 or self.scene.kept(self.bench.work) != self.before):
            return f"what could not be written is not told: {run.text[:600]}"
        if not self.is_clear(fault, run):
            return f"it does not say why: {run.text[:600]}"
        return self.problem_of_files(self.is_plain(run))

    def must_tell(self, fault):
        return ((fault.name, fault.at) in self.writing and fault.kind.startswith("own") and fault.what != "short"
                and (fault.name, fault.what) != ("write", errno.EINTR))

    def is_clear(self, fault, run):
        """Does it give the reason of the system, where we made the call ourselves?"""
        if fault.kind != "own-call" or fault.name in WORDED or not isinstance(fault.what, int) or self.is_plain(run):
            return True
        return fault.what == errno.EINTR or os.strerror(fault.what) in run.text

    def check_form(self, run):
        """Before the options are read, nobody knows of JSON; then some have only what all checks have."""
        is_json = self.scene.json and not re.match(f"UNKNOWN - (usage: |{BROKEN})", run.text)
        if is_json and '"sources": [], "tvs": [], "findings": [], "perfdata": {' in run.text:
            assert run.text.count("\n") == 1 and json.loads(run.text)["state"] == "UNKNOWN"
        else:
            Outcome(run.process, run.seconds, is_json)

    def codes(self, fault):
        return {self.plain.code, 3} | ({2} if has_peer(fault) else set())

    def problem_of_files(self, as_plain):
        kept = self.scene.kept(self.bench.work)
        temporary = [name for name in kept if self.scene.is_temporary(name)]
        if temporary:
            return f"{temporary} was left behind"
        if as_plain and kept != self.after:
            return "said as without the fault, but the files are not"
        return self.problem_of_content(kept)

    def problem_of_content(self, kept):
        for name, content in kept.items():
            if self.scene.is_temporary(name) or content in (self.before.get(name), self.after.get(name)):
                continue
            if not self.scene.is_whole(content):
                return f"{name} is neither as before nor as after: {len(content)} bytes"
        return next((f"{name} is gone" for name in self.before if name not in kept), None)

    def problem_of_end(self, run):
        """Killed while it worked: what it had is whole."""
        if run.struck and run.code != -9:
            return f"not killed, but exit {run.code}: {run.text[:300]}"
        return self.problem_of_content(self.scene.kept(self.bench.work))

    def problem_of_next(self):
        """The run after it works as ever, whatever was left behind."""
        run = self.bench.run(self.scene, fresh=False)
        kept = {name: content for name, content in self.scene.kept(self.bench.work).items()
                if not self.scene.is_temporary(name)}
        for other, after in ((self.plain, self.after), (self.second, self.after_second)):
            if run.code == other.code and masked(run.text) == masked(other.text) and kept == after:
                return None
        return f"the next run differs: exit {run.code}: {run.text[:600]}"


class Tally:
    """What came of the faults of one kind in one scene."""

    def __init__(self):
        self.codes, self.seconds = collections.Counter(), 0
        self.count, self.same, self.broken, self.missed, self.failed = 0, 0, 0, 0, 0

    def add(self, subject, run, problem):
        self.count += 1
        self.seconds += run.seconds if run else HANG
        self.codes[run.code if run else "hang"] += 1
        self.same += bool(run and subject.is_plain(run))
        self.broken += bool(run and BROKEN in run.text)
        self.missed += bool(run and not run.struck)
        self.failed += bool(problem)

    def cells(self):
        return (self.count, self.codes[0], self.codes[1], self.codes[2], self.codes[3], self.codes[-9], self.same,
                self.broken, self.missed, round(self.seconds), self.failed)


class Table:
    """Counts of all scenes, and in words what is wrong."""

    HEAD = ("faults", "OK", "WARNING", "CRITICAL", "UNKNOWN", "killed", "as plain", "broke off", "not hit", "seconds",
            "FAILED")

    def __init__(self):
        self.tallies, self.failed = collections.defaultdict(Tally), []

    def add(self, subject, fault, run, problem):
        self.tallies[subject.scene.check, subject.scene.name, fault.kind].add(subject, run, problem)
        self.tallies["every check", "", fault.kind].add(subject, run, problem)
        self.tallies["every check", "", "all"].add(subject, run, problem)
        if problem:
            self.failed.append(f"{subject.scene.name}: {words_of(fault)}: {problem}\n{(run and run.struck) or ''}")

    def total(self):
        return self.tallies["every check", "", "all"]

    def lines(self):
        yield f"{'check':<23}{'scene':<16}{'fault':<16}" + "".join(f"{name:>10}" for name in self.HEAD)
        for names in sorted(self.tallies, key=lambda names: (names[0] == "every check", names)):
            yield (f"{names[0]:<23}{names[1]:<16}{names[2]:<16}"
                   + "".join(f"{number or '.':>10}" for number in self.tallies[names].cells()))


def one_for_each_way(faults, check, seen):
    """Leaves out what came the same way before, in any scene of the check."""
    for fault in faults:
        way = (check, fault.kind, fault.name, fault.stack, fault.what, fault.stays)
        if way not in seen:
            seen.add(way)
            yield fault


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
