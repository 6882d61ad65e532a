# SPDX-License-Identifier: GPL-2.0-or-later
# SFTP servers that do harm: before anyone is logged in, as bare streams; after it, Paramiko's transport with an SFTP of
# our own above it, that lies. OpenSSH's server is the good one, in front of which the faults of any stream are. Must
# not know what a check should say.
import contextlib
import struct

import paramiko

from hostile_peers import EVIL, Peer, stream, ways
from servers import Misbehaving, close_at_once, reset, sends, silent

BANNER = b"SSH-2.0-OpenSSH_9.2\r\n"


def endless(begin, piece):
    def behave(one, closing):
        one.sendall(begin)
        while not closing.is_set():
            one.sendall(piece)
    return behave


def packet(payload):
    """Of SSH before there are keys."""
    padding = 8 - (len(payload) + 5) % 8 + 4
    padding += 8 if padding < 4 else 0
    return (len(payload) + padding + 1).to_bytes(4, "big") + bytes([padding]) + payload + bytes(padding)


def key_exchange(names):
    return packet(b"\x14" + bytes(16) + b"".join(len(one).to_bytes(4, "big") + one for one in names) + bytes(5))


BEFORE = {
    "silent": (silent, "waits"), "resets after the banner": (reset, ""), "closes": (close_at_once, ""),
    "HTTP": (sends(b"HTTP/1.1 400 Bad Request\r\n\r\n"), ""), "SSH 1": (sends(b"SSH-1.5-x\r\n"), ""),
    "lines before the banner without end": (endless(b"", b"Welcome to this server\r\n" * 100), "floods"),
    "banner without end": (endless(b"SSH-2.0-", b"x" * 4096), "floods"),
    "garbage after the banner": (sends(BANNER, b"\xff" * 40000, then_wait=True), ""),
    "zeros after the banner": (sends(BANNER, bytes(40000), then_wait=True), ""),
    "packet of 4 GB": (endless(BANNER + b"\xff\xff\xff\xff\x04", bytes(4096)), ""),
    "ignored packets without end": (endless(BANNER, packet(b"\x02\0\0\0\4spam") * 100), "floods"),
    "debug packets without end": (endless(BANNER, packet(b"\x04\1\0\0\0\4spam\0\0\0\0") * 100), "floods"),
    "no common key exchange": (sends(BANNER, key_exchange([b"none"] * 10), then_wait=True), ""),
    "lists of kinds of 4 GB": (sends(BANNER, packet(b"\x14" + bytes(16) + b"\xff" * 40), then_wait=True), ""),
    "disconnects with words": (sends(BANNER, packet(b"\1\0\0\0\2\0\0\0\x0f\x1b[2J|OK - fine\r\n\0\0\0\0")), ""),
}
# ---- after the login ----

INIT, OPEN, CLOSE, READ, OPENDIR, READDIR, REALPATH = 1, 3, 4, 5, 11, 12, 16
VERSION, STATUS, HANDLE, DATA, NAME, ATTRS = 2, 101, 102, 103, 104, 105
END_OF_FILE, FAILURE = 1, 4
HOSTILE = EVIL.encode("latin-1")
NAMES_TODAY = (b"CallManager_pub.p12", b"tomcat_pub.p12")


def text(value):
    return len(value).to_bytes(4, "big") + value


def number(value):
    return value.to_bytes(4, "big")


def names(found):
    return number(len(found)) + b"".join(text(one) + text(b"-rw-r--r-- 1 x x 9 Jan 1 00:00 " + one) + number(0)
                                         for one in found)


class Sftp:
    """Version 3 of the protocol, with one folder that holds two files of nonsense; `fault` says where it lies."""

    def __init__(self, channel, fault, closing):
        self.channel, self.fault, self.closing = channel, fault, closing
        self.listed = 0

    def read(self, size):
        data = b""
        while len(data) < size:
            more = self.channel.recv(size - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def send(self, kind, payload):
        self.channel.sendall(number(len(payload) + 1) + bytes([kind]) + payload)

    def silent(self):
        self.closing.wait(60)
        raise EOFError

    def garbage(self):
        self.channel.sendall(b"\xa5" * 5000)
        raise EOFError

    def run(self):
        while True:
            size = struct.unpack("!I", self.read(4))[0]
            packet = self.read(size)
            self.answer(packet[0], packet[1:5], packet[5:])

    def answer(self, kind, question, rest):
        stage = {INIT: "start", OPENDIR: "folder", OPEN: "file"}.get(kind)
        if stage and self.fault == f"silent at the {stage}":
            self.silent()
        if stage and self.fault == f"garbage at the {stage}":
            self.garbage()
        if stage and self.fault == f"ends at the {stage}":
            raise EOFError
        if stage and self.fault == f"packet of 4 GB at the {stage}":
            self.channel.sendall(b"\xff\xff\xff\xff\x65" + bytes(1000))
            raise EOFError
        if self.fault == "another question's answer" and kind != INIT:
            question = number(struct.unpack("!I", question)[0] + 1000)
        if kind == INIT:
            self.send(VERSION, number(3))
        elif kind == REALPATH:
            self.send(NAME, question + names([b"/home/x"]))
        elif kind == OPENDIR and b".p12" in rest and self.fault != "files that are folders as well":
            self.status(question, FAILURE)
        elif kind in (OPENDIR, OPEN):
            self.open(question)
        elif kind == READDIR:
            self.list(question)
        elif kind == READ:
            self.give(question, *struct.unpack("!QI", rest[-12:]))
        elif kind == CLOSE:
            self.status(question, 0)
        else:       # of a file or a folder: nothing is said of it
            self.send(ATTRS, question + number(0))

    def status(self, question, code, words=b"said"):
        self.send(STATUS, question + number(code) + text(words) + text(b""))

    def open(self, question):
        if self.fault == "error with hostile words":
            self.status(question, FAILURE, HOSTILE)
        elif self.fault == "handle of 4 GB":
            self.send(HANDLE, question + b"\xff\xff\xff\xff")
        else:
            self.send(HANDLE, question + text(b"h"))

    def list(self, question):
        self.listed += 1
        found = {"names that lead elsewhere": [b"../../etc/passwd", b"/etc/passwd", b"..", b".", b""],
                 "names that do harm": [HOSTILE, b"\xff\xfe.p12", b"a\nb.p12"],
                 "names of 30 KB": [b"n" * 30000] * 2}.get(self.fault, NAMES_TODAY)
        if self.fault == "folder without end":
            self.send(NAME, question + names([b"%d-%d.p12" % (self.listed, at) for at in range(200)]))
        elif self.fault == "folder of one name without end":
            self.send(NAME, question + names([b"same.p12"] * 200))
        elif self.fault == "folder of 4 billion names":
            self.send(NAME, question + b"\xff\xff\xff\xff" + names(NAMES_TODAY)[4:])
        elif self.fault == "folder of no names without end":
            self.send(NAME, question + names([]))
        elif self.listed == 1:
            self.send(NAME, question + names(found))
        else:
            self.status(question, END_OF_FILE)

    def give(self, question, offset, wanted):
        if self.fault == "file without end":
            self.send(DATA, question + text(b"z" * min(wanted, 30000)))
        elif self.fault == "file byte by byte":
            self.closing.wait(1)
            self.send(DATA, question + text(b"z"))
        elif self.fault == "file of no bytes without end":
            self.send(DATA, question + text(b""))
        elif self.fault == "more than was asked":
            self.send(DATA, question + text(b"z" * 34000))
        elif self.fault in ("files that are folders as well", "files that fail"):
            self.status(question, FAILURE)
        elif self.fault == "less than it says":
            self.send(DATA, question + number(30000) + b"z" * 10)
        elif offset >= 1000:
            self.status(question, END_OF_FILE)
        else:
            self.send(DATA, question + text(b"z" * min(wanted, 1000 - offset)))


class Door(paramiko.ServerInterface):
    """Lets everyone in who has any key."""

    def get_allowed_auths(self, username):
        return "publickey"

    def check_auth_publickey(self, username, key):
        return paramiko.AUTH_SUCCESSFUL

    def check_channel_request(self, kind, channel_id):
        return paramiko.OPEN_SUCCEEDED

    def check_channel_subsystem_request(self, channel, name):
        return name == "sftp"


AFTER = {
    "folder without end": "", "folder of one name without end": "", "folder of no names without end": "floods",
    "folder of 4 billion names": "", "file without end": "", "file byte by byte": "waits",
    "file of no bytes without end": "", "handle of 4 GB": "", "more than was asked": "", "less than it says": "",
    "another question's answer": "waits", "names that lead elsewhere": "", "names that do harm": "",
    "names of 30 KB": "",
    "files that are folders as well": "", "files that fail": "", "error with hostile words": "",
    "nothing but nonsense in files": "",
}
AFTER |= {f"silent at the {stage}": "waits" for stage in ("start", "folder", "file")}
AFTER |= {f"{what} at the {stage}": "" for what in ("garbage", "ends", "packet of 4 GB")
          for stage in ("start", "folder", "file")}


def after_login(fault):
    @contextlib.contextmanager
    def start(world):
        key = paramiko.Ed25519Key.from_private_key_file(str(world.ssh.work / "hostkey"))

        def behave(one, closing):
            transport = paramiko.Transport(one)
            transport.add_server_key(key)
            with contextlib.suppress(EOFError, OSError, paramiko.SSHException):
                transport.start_server(server=Door())
                channel = transport.accept(20)
                if channel:
                    Sftp(channel, fault, closing).run()
            transport.close()

        with Misbehaving(behave) as server:
            yield server.port
    return start


@contextlib.contextmanager
def wrong_key(world):
    def behave(one, closing):
        transport = paramiko.Transport(one)
        transport.add_server_key(paramiko.ECDSAKey.generate())
        with contextlib.suppress(EOFError, OSError, paramiko.SSHException):
            transport.start_server(server=Door())
            closing.wait(30)
        transport.close()

    with Misbehaving(behave) as server:
        yield server.port


@contextlib.contextmanager
def good(world):
    yield world.ssh.port


def how(word):
    return {"waits": True} if word else {}


PEERS = {name: stream(behave, **how(word)) for name, (behave, word) in BEFORE.items()}
PEERS |= {name: Peer(after_login(name), **how(word)) for name, word in AFTER.items()}
PEERS["another host key"] = Peer(wrong_key)
PEERS |= ways(good, waits=("flood at accept",))
