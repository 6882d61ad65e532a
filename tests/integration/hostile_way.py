# SPDX-License-Identifier: GPL-2.0-or-later
# A way to a good server on which something happens to what it sends, at one place of the stream: whatever the protocol,
# and below TLS. So each stage of a conversation can be met. Must not know what a check should say about it.
import contextlib
import socket
import struct
import threading

from servers import LOOPBACK, Misbehaving

STEP = 4096


def _end(one, how):
    """A thread that reads keeps the connection open: it must be woken first."""
    one.shutdown(how)
    one.close()


def _reset(one):
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    _end(one, socket.SHUT_RD)


def _flood(one, closing):
    while not closing.is_set():
        one.sendall(b"\xa5" * STEP)


# What happens at the place, to the connection with the client.
ENDS = {
    "silent": lambda one, closing: closing.wait(60),
    "reset": lambda one, closing: _reset(one),
    "close": lambda one, closing: _end(one, socket.SHUT_RDWR),
    "garbage": lambda one, closing: (one.sendall(b"\xa5" * 3000), _end(one, socket.SHUT_WR)),
    "flood": _flood,
}


def _drip(data, sink, closing):
    for at in range(len(data)):
        sink.sendall(data[at:at + 1])
        if closing.wait(1):
            return


def _up(source, sink):
    """From the client to the server, as it is."""
    with contextlib.suppress(OSError):
        while data := source.recv(STEP):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


class Way:
    """port: where the client goes. passed: the most bytes that came back on a connection."""

    def __init__(self, port, end=None, after=None, segments=None):
        """end: one of ENDS, or drip, that happens once `after` bytes came back (None: never). segments: bytes that are
        sent at a time."""
        self.server, self.end, self.after, self.segments = port, end, after, segments
        self.passed = 0
        self.listener = Misbehaving(self._behave)
        self.port = self.listener.port

    def _behave(self, one, closing):
        if self.after == 0 and self.end != "drip":
            ENDS[self.end](one, closing)
            return
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with socket.create_connection((LOOPBACK, self.server)) as other:
            threading.Thread(target=_up, args=(one, other), daemon=True).start()
            self._down(other, one, closing)

    def _down(self, source, sink, closing):
        passed = 0
        while data := source.recv(STEP):
            left = len(data) if self.after is None else self.after - passed
            self._send(sink, data[:left])
            passed += min(left, len(data))
            self.passed = max(passed, self.passed)
            if passed == self.after:
                if self.end == "drip":
                    _drip(data[left:] + bytes(100), sink, closing)
                else:
                    ENDS[self.end](sink, closing)
                return
        sink.shutdown(socket.SHUT_WR)

    def _send(self, sink, data):
        step = self.segments or max(1, len(data))
        for at in range(0, len(data), step):
            sink.sendall(data[at:at + step])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.__exit__()
