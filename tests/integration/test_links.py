# SPDX-License-Identifier: GPL-2.0-or-later
# Files and folders that somebody else prepared, or changes while a check is at work: what is written never goes through
# a link, and what is read never hangs or fills memory. State folders are in test_check_state.py, single faults of
# writing in test_whole_file.c and test_openmetrics.py. Must not know what a check finds.
from concurrent.futures import ThreadPoolExecutor
import contextlib
import os
from pathlib import Path
import pwd
import shutil
import socket
import subprocess
import threading
import time

import pytest

from outcome import run, run_measured
from servers import LOOPBACK, NOBODY, as_user, build, free_port, nginx, public_folder

root = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files of several users")
MEMORY = 64 << 20
SANITIZED = "sanitize" in os.environ.get("UCMTRUST_BUILD", "")
VICTIM = b"mine alone\n"


@pytest.fixture(scope="module", autouse=True)
def waiting(tmp_path_factory):
    """A check whose ini file is a pipe into which nobody writes: it waits while the other tests run."""
    fifo = tmp_path_factory.mktemp("waiting") / "fifo"
    os.mkfifo(fifo)
    process = subprocess.Popen([build() / "nagios/check_ucm_trustlist", f"--extra-opts=@{fifo}"],
                               stdout=subprocess.PIPE,
                               stdin=subprocess.DEVNULL)
    yield process
    process.kill()
    process.communicate()


@pytest.fixture(scope="module")
def copies(lab, crafted):
    """What the checks read, where any user may read it."""
    with public_folder() as folder:
        shutil.copytree(lab / "source", folder / "source")
        shutil.copy(lab / "offline.ini", folder)
        shutil.copytree(lab / "destination", folder / "destination")
        shutil.copy(crafted / "clean.tlv", folder)
        for path in folder.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        yield folder


WRITERS = {
    "metrics": lambda copies, path: ["check_ucm_trustlist", "-f", copies / "clean.tlv", "--openmetrics", path],
    "page": lambda copies, path: ["check_ucm_consistency", "-i", copies / "offline.ini", "--cluster", "source",
                                  "--html", path],
}
ENDS = {"metrics": b"\n# EOF\n", "page": b"</html>\n"}
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")


def write(copies, kind, path, limit=20, **options):
    words = WRITERS[kind](copies, path)
    return run(*words, limit=limit, **options)


def is_whole(kind, path):
    return path.is_file() and not path.is_symlink() and path.read_bytes().endswith(ENDS[kind]) and \
        path.stat().st_mode & 0o7777 == 0o644


@pytest.fixture
def place(tmp_path):
    """A folder with a file that is nobody's business, in a folder of its own."""
    (tmp_path / "out").mkdir()
    (tmp_path / "private").mkdir(mode=0o700)
    victim = tmp_path / "private/victim"
    victim.write_bytes(VICTIM)
    victim.chmod(0o600)
    return tmp_path / "out", victim


def untouched(victim):
    return victim.read_bytes() == VICTIM and victim.stat().st_mode & 0o7777 == 0o600 and not victim.is_symlink()


# ---- writing ----

@pytest.mark.parametrize("kind", WRITERS)
def test_links_are_replaced_and_not_followed(copies, place, kind):
    folder, victim = place
    path = folder / "x"
    for make in (lambda: path.symlink_to(victim), lambda: os.link(victim, path),
                 lambda: path.symlink_to(folder / "none"),
                 lambda: path.symlink_to("x"), lambda: (path.write_bytes(b"old"), path.chmod(0o4600))):
        path.unlink(missing_ok=True)
        make()
        out = write(copies, kind, path)
        assert "could not be written" not in out.text, out.text
        assert is_whole(kind, path) and untouched(victim) and victim.stat().st_nlink == 1
        assert [one.name for one in folder.iterdir()] == ["x"]


@pytest.mark.parametrize("kind", WRITERS)
def test_what_is_no_file_is_left_alone(copies, place, kind):
    folder, victim = place
    path, other = folder / "x", folder.parent / "other"
    with socket.socket(socket.AF_UNIX) as listener:
        def listen():
            with contextlib.chdir(folder) if hasattr(contextlib, "chdir") else contextlib.nullcontext():
                listener.bind("x")
        for make in (lambda: os.mkfifo(path), path.mkdir, lambda: path.symlink_to("/dev/zero"), listen,
                     lambda: (os.mkfifo(other), path.symlink_to(other))):
            make()
            before = path.lstat().st_ino
            out = write(copies, kind, path, limit=10)
            assert out.state in ("UNKNOWN", "CRITICAL") and "could not be written" in out.text and str(path) in out.text
            assert path.lstat().st_ino == before and [one.name for one in folder.iterdir()] == ["x"]
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    assert untouched(victim)


@root
@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o755])
def test_a_folder_of_somebody_else(copies, kind, mode):
    """He put a link to a file of ours there. In a sticky folder his link cannot be replaced, and that is said."""
    other = pwd.getpwnam("daemon")
    with public_folder() as base:
        folder, victim, path = base / "out", base / "victim", base / "out/x"
        victim.write_bytes(VICTIM)
        victim.chmod(0o600)
        os.chown(victim, NOBODY.pw_uid, NOBODY.pw_gid)
        folder.mkdir()
        path.symlink_to(victim)
        os.chown(path, other.pw_uid, other.pw_gid, follow_symlinks=False)
        os.chown(folder, other.pw_uid, other.pw_gid)
        folder.chmod(mode)
        out = write(copies, kind, path, before=as_user())
        assert untouched(victim)
        if mode == 0o777:
            assert is_whole(kind, path) and path.stat().st_uid == NOBODY.pw_uid
        else:
            assert out.state != "OK" and "could not be written" in out.text and path.is_symlink()
        assert [one.name for one in folder.iterdir()] == ["x"], "nothing is left"


class Restless(threading.Thread):
    """Somebody who may write to the folder, and changes what is there as fast as he can."""

    def __init__(self, folder, victim, temporary):
        super().__init__(daemon=True)
        self.folder, self.victim, self.temporary, self.done, self.hits = folder, victim, temporary, threading.Event(), 0

    def run(self):
        turn = 0
        while not self.done.is_set():
            turn += 1
            if self.temporary:
                for path in self.folder.glob("x.*"):
                    self.put(path, turn)
            else:
                self.put(self.folder / "x", turn)

    def put(self, path, turn):
        """Another thing in its place, without a moment in which there is none."""
        with contextlib.suppress(OSError):
            new = self.folder / f".new{turn}"
            (lambda: new.symlink_to(self.victim), lambda: os.mkfifo(new), lambda: os.link(self.victim, new),
             lambda: new.write_bytes(b"his"))[turn % 4]()
            os.rename(new, path)
            self.hits += 1


SLOW = """#include <sys/syscall.h>
#include <unistd.h>
int fsync(int fd) { usleep(50000); return (int)syscall(SYS_fsync, fd); }
"""


@pytest.fixture(scope="module")
def slow(tmp_path_factory):
    """Preloaded, it takes the disk a while: time to find the temporary file."""
    if SANITIZED:
        pytest.skip("AddressSanitizer wants to be the first")
    source = tmp_path_factory.mktemp("slow") / "slow.c"
    source.write_text(SLOW)
    subprocess.run(["gcc", "-shared", "-fPIC", "-D_DEFAULT_SOURCE", "-o", source.with_suffix(".so"), source],
                   check=True)
    return {"LD_PRELOAD": str(source.with_suffix(".so"))}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("temporary", [False, True], ids=["the target", "the temporary file"])
def test_somebody_who_changes_it_meanwhile(copies, place, kind, temporary, slow):
    """Whoever may write to the folder decides what is in it, but never about another one; and nothing hangs."""
    folder, victim = place
    folder.chmod(0o777)
    restless = Restless(folder, victim, temporary)
    restless.start()
    try:
        end, runs = time.monotonic() + 1, 0
        while time.monotonic() < end or runs < 5 or (restless.hits < 5 and time.monotonic() < end + 20):
            out = write(copies, kind, folder / "x", limit=15, environment=slow)
            assert out.state in ("OK", "WARNING", "UNKNOWN", "CRITICAL")
            assert untouched(victim), "a file that it never named"
            runs += 1
    finally:
        restless.done.set()
        restless.join()
    assert restless.hits >= 5
    assert victim.parent.stat().st_mode & 0o7777 == 0o700
    shutil.rmtree(folder)
    folder.mkdir()
    write(copies, kind, folder / "x")
    assert is_whole(kind, folder / "x")


def test_two_at_a_time_leave_one_whole_file(copies, place):
    folder, _ = place
    for kind, words in WRITERS.items():
        running = [subprocess.Popen([build() / "nagios" / words(copies, "")[0],
                                     *map(str, words(copies, folder / "x")[1:])],
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(12)]
        for one in running:
            assert b"could not be written" not in one.communicate(timeout=60)[0]
        assert is_whole(kind, folder / "x") and [path.name for path in folder.iterdir()] == ["x"]
        (folder / "x").unlink()


# ---- state ----

def test_state_with_a_second_name(copies, tmp_path):
    """A new state is a new file: another name of the old one keeps the old."""
    with nginx(copies / "source/nodes/pub/tftp") as port:
        words = ("check_ucm_trustlist", "-H", LOOPBACK, "-p", port, "--state", tmp_path / "state")
        assert run(*words).state == "OK"
        (path,) = (tmp_path / "state").glob("*.state")
        other = tmp_path / "other"
        os.link(path, other)
        kept = other.read_bytes()
        assert run(*words, "--now", str(int(time.time()) + 60)).state == "OK"
        assert other.read_bytes() == kept and path.read_bytes() != kept and path.stat().st_nlink == 1


def test_state_below_a_folder_of_everyone(copies, tmp_path):
    """Others may rename the folder, but what they put in its place is refused; nothing of it is believed."""
    everyone = tmp_path / "everyone"
    everyone.mkdir()
    everyone.chmod(0o777)
    with nginx(copies / "source/nodes/pub/tftp") as port:
        words = ("check_ucm_trustlist", "-H", LOOPBACK, "-p", port, "--state", everyone / "state")
        assert run(*words).state == "OK"
        (everyone / "state").rename(everyone / "taken")
        (everyone / "state").symlink_to(everyone / "taken")
        assert run(*words).state == "UNKNOWN"
        (everyone / "state").unlink()
        (everyone / "state").mkdir()
        (everyone / "state").chmod(0o777)
        assert run(*words).state == "UNKNOWN"
        if os.geteuid() == 0:
            (everyone / "state").chmod(0o700)
            os.chown(everyone / "state", NOBODY.pw_uid, NOBODY.pw_gid)
            assert run(*words).state == "UNKNOWN"


# ---- reading ----

@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Things with a name that are no files, or no end."""
    folder = tmp_path_factory.mktemp("odd")
    os.mkfifo(folder / "fifo")
    (folder / "folder").mkdir()
    (folder / "loop").symlink_to("loop")
    with open(folder / "huge", "wb") as out:
        out.truncate(20 << 30)
    (folder / "huge").chmod(0o600)
    return folder


ODD = ("fifo", "zero", "folder", "loop", "huge")


def secret_of(tmp_path):
    path = tmp_path / "secret"
    path.write_text("user:password")
    path.chmod(0o600)
    return path


def readers(copies, tmp_path, port):
    """{option: words around it}; X is what shall be read."""
    certs = copies / "source/certs"
    tvs = ["check_ucm_tvs", "-H", LOOPBACK, "-p", port]
    about = ["--certificate", certs / "tomcat-pub.pem"]
    own = tmp_path / "own.pem"
    own.write_bytes((certs / "tvs-pub.pem").read_bytes())
    axl = ["check_ucm_truststore", "--axl", f"https://{LOOPBACK}:{port}"]
    key = ["--axl-credentials", secret_of(tmp_path)]
    sftp = ["check_ucm_truststore", "--pkcs12", f"sftp://u@{LOOPBACK}:{port}/x/"]
    known = ["--ssh-fingerprint", "SHA256:" + "A" * 43]
    stores = ["check_ucm_truststore", "--dir", copies / "source/stores"]
    return {
        "-f": ["check_ucm_trustlist", "-f", "X"],
        "--compare-with": ["check_ucm_trustlist", "-f", copies / "clean.tlv", "--compare-with", "X"],
        "--trustlist": [*tvs, "--trustlist", "X"], "--pin": [*tvs, "--pin", "X", *about],
        "--certificate": [*tvs, "--insecure", "--certificate", "X"], "--signer-of": [*tvs, "--insecure",
                                                                                     "--signer-of", "X"],
        "--trace": ["check_ucm_tvs", "--trace", "X"], "--client-cert": [*tvs, "--insecure", *about, "--client-cert",
                                                                        "X"],
        "--client-key": [*tvs, "--insecure", *about, "--client-cert", own, "--client-key", "X"],
        "-i": ["check_ucm_consistency", "-i", "X"], "--extra-opts": ["check_ucm_trustlist", "--extra-opts=@X"],
        "itl =": ["check_ucm_consistency", "-i", tmp_path / "offline.ini"], "--plan -i": ["check_ucm_truststore",
                                                                                          "--plan", "-i", "X"],
        "--dir": ["check_ucm_truststore", "--dir", "X"], "--pkcs12": ["check_ucm_truststore", "--pkcs12", "X"],
        "--password-file": ["check_ucm_truststore", "--pkcs12", copies, "--password-file", "X"],
        "--text": ["check_ucm_truststore", "--text", "X", "--text-node", "pub"], "--ctl": [*stores, "--ctl", "X"],
        "--list": [*stores, "--list", "X"], "--expect-from": [*stores, "--expect-from", "dir:X"],
        "--axl-credentials": [*axl, "--axl-credentials", "X"], "--axl-pin": [*axl, *key, "--axl-pin", "X"],
        "--axl-ca": [*axl, *key, "--axl-ca", "X"], "--ssh-key": [*sftp, *known, "--ssh-key", "X"],
        "--known-hosts": [*sftp, "--ssh-password-file", secret_of(tmp_path), "--known-hosts", "X"],
        "--ssh-password-file": [*sftp, *known, "--ssh-password-file", "X"],
    }


SAME = {"X": "{}", "--extra-opts=@X": "--extra-opts=@{}", "dir:X": "dir:{}"}


@pytest.mark.parametrize("name", ODD)
def test_reading_ends(copies, odd, tmp_path, name):
    """Within the deadline, in little memory, and never OK: nothing was there to look at."""
    path = "/dev/zero" if name == "zero" else odd / name
    (tmp_path / "offline.ini").write_text(f"[cluster a]\n[node a/b]\nitl = {path}\n")

    def look(item):
        option, words = item
        if (name, option) in (("folder", "--dir"), ("folder", "--pkcs12"), ("fifo", "--extra-opts")):
            return      # these may be folders; for the other see below
        begin = time.monotonic()
        # Of a huge text 64 MiB are read before it is refused.
        texts = option in ("--text", "--trace", "--compare-with")
        process, peak = run_measured(*(SAME.get(word, str(word)).format(path) for word in words), "-t",
                                     "30" if texts else "1")
        text = process.stdout.decode()
        larger = name == "huge" and "larger than a phone takes" in text
        assert process.returncode == 3 or larger or "Connection refused" in text, (option, text)
        assert text.startswith(("UNKNOWN - ", "CRITICAL - ")), (option, text)
        assert time.monotonic() - begin < (40 if texts else 15), (option, text)
        assert "stage: read" not in text and "broke off" not in text, (option, "the last resort", text)
        most = MEMORY * (3 if texts else 1)
        assert SANITIZED or peak < most, (option, peak, text)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(look, readers(copies, tmp_path, free_port()).items()))


def test_a_pipe_of_options_is_given_up(waiting):
    """It can be a program's output, so it is read; but not for ever."""
    text = waiting.communicate(timeout=30)[0]
    assert waiting.returncode == 3 and text.startswith(b"UNKNOWN - usage: --extra-opts: ")
    assert b"did not end within" in text
    written = subprocess.run(["bash", "-c", f'"{build()}/nagios/check_ucm_trustlist" --extra-opts=@<(sleep 0.3; '
                              'echo "[check_ucm_trustlist]"; sleep 0.3; echo "file = /none.tlv")'],
                             stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert written.returncode == 3 and b"/none.tlv" in written.stdout and b"usage" not in written.stdout
