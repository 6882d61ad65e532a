# SPDX-License-Identifier: GPL-2.0-or-later
# OpenSSH's own server for the tests of SFTP: as an ordinary user, on loopback, with keys of its own. Must not know what a
# check should say about it. Such a server can only let in the user that it runs as, and cannot look passwords up: so by
# key it lets in, and every password is a wrong one.
import contextlib
import os
from pathlib import Path
import pwd
import shutil
import socket
import subprocess
import threading

from servers import LOOPBACK, Misbehaving, free_port, public_folder, stop, wait_until

SSHD = "/usr/sbin/sshd"
# Not nobody: systemd says of that account that it is locked, and sshd believes it.
USER = pwd.getpwuid(os.geteuid()) if os.geteuid() != 0 else pwd.getpwnam("daemon")
CONFIGURATION = """Port {port}
ListenAddress {address}
HostKey {work}/hostkey
PidFile none
AuthorizedKeysFile {work}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication {passwords}
KbdInteractiveAuthentication no
MaxStartups 100
Subsystem sftp internal-sftp
"""


def make_key(path, kind="ed25519", passphrase=""):
    """A key pair as OpenSSH makes it, for its owner alone."""
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "lab", "-f", path], check=True,
                   stdin=subprocess.DEVNULL)
    return path


def fingerprint(key):
    line = subprocess.run(["ssh-keygen", "-l", "-f", f"{key}.pub"], capture_output=True, text=True, check=True).stdout
    return line.split()[1]


class Server:
    """A running server: port, user, and files for whoever wants to log in."""

    def __init__(self, work, port, address=LOOPBACK):
        self.work, self.port, self.address = work, port, address
        self.user = USER.pw_name
        self.key = work / "user/key"
        self.known_hosts = work / "user/known_hosts"
        self.fingerprint = fingerprint(work / "hostkey")

    def url(self, path, port=None):
        return f"sftp://{self.user}@{self.address}:{port or self.port}{path}"

    def known(self, path, port=None, key=None):
        """Another known_hosts, for another port or with another key."""
        kind, text = (Path(f"{key}.pub") if key else self.work / "hostkey.pub").read_text().split()[:2]
        path.write_text(f"[{self.address}]:{port or self.port} {kind} {text}\n")
        return path

    def options(self, **others):
        """Of a check that logs in by key."""
        found = {"--ssh-key": self.key, "--known-hosts": self.known_hosts, **others}
        return [word for option, value in found.items() if value is not None for word in (option, value)]


def _speaks(address, port):
    with socket.socket() as one, contextlib.suppress(OSError):
        one.settimeout(1)
        one.connect((address, port))
        return one.recv(4) == b"SSH-"
    return False


def _as_user():
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={USER.pw_uid}", f"--regid={USER.pw_gid}", "--clear-groups"]


@contextlib.contextmanager
def sshd(passwords=False, address=LOOPBACK):
    with public_folder() as work:
        port = free_port()
        make_key(work / "hostkey")
        (work / "user").mkdir()
        make_key(work / "user/key")
        shutil.copy(work / "user/key.pub", work / "authorized_keys")
        (work / "sshd_config").write_text(CONFIGURATION.format(work=work, port=port, address=address,
                                                               passwords="yes" if passwords else "no"))
        if os.geteuid() == 0:
            os.chown(work / "hostkey", USER.pw_uid, USER.pw_gid)
        server = Server(work, port, address)
        server.known(server.known_hosts)
        with open(work / "log", "wb") as log:
            process = subprocess.Popen([*_as_user(), SSHD, "-D", "-e", "-f", work / "sshd_config"], stdout=log, stderr=log,
                                       stdin=subprocess.DEVNULL)
        try:
            wait_until(lambda: process.poll() is not None or _speaks(address, port), "sshd")
            assert process.poll() is None, (work / "log").read_text()
            yield server
        finally:
            stop(process)


# ---- between the check and the server ----

@contextlib.contextmanager
def falls_silent(server, after):
    """A way to the server on which nothing more comes back once so many bytes did."""
    passed = {"bytes": 0}

    def forward(source, sink, limit, closing):
        with contextlib.suppress(OSError):
            while not closing.is_set():
                data = source.recv(4096)
                if not data:
                    break
                if limit is not None:
                    data = data[:max(0, limit - passed["bytes"])]
                    passed["bytes"] += len(data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def behave(one, closing):
        with socket.create_connection((server.address, server.port)) as other:
            threading.Thread(target=forward, args=(one, other, None, closing), daemon=True).start()
            forward(other, one, after, closing)
            closing.wait(60)

    with Misbehaving(behave) as between:
        between.passed = passed
        yield between
