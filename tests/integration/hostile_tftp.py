# SPDX-License-Identifier: GPL-2.0-or-later
# TFTP servers that do harm. A server's own port is that of the first packet that comes back (RFC 1350): whatever comes
# from another one is somebody else's. Must not know what a check should say.
import contextlib
import socket
import struct

from hostile_peers import EVIL, Peer
from servers import LOOPBACK, BadTftp, tftp_endless, tftp_nonsense, tftp_silent, tftp_stall

BLOCK = 512
DATA, ACK, ERROR, OACK = 3, 4, 5, 6


def data(number, block):
    return struct.pack("!HH", DATA, number & 0xffff) + block


def error(code, text):
    return struct.pack("!HH", ERROR, code) + text


def acked(one, number):
    """Wait for the acknowledgement of this block, and pass over others."""
    while True:
        packet = one.recv(600)
        if packet[:2] == struct.pack("!H", ACK) and struct.unpack("!H", packet[2:4])[0] == number & 0xffff:
            return


def blocks(content):
    return [content[at:at + BLOCK] for at in range(0, len(content) + 1, BLOCK)]


def serving(each):
    """A peer that serves a list by each(socket, number, block, client): what is done for one block."""
    def make(content):
        def behave(one, client, closing):
            for number, block in enumerate(blocks(content), 1):
                each(one, number, block, client)
                acked(one, number)
        return behave
    return make


def twice(one, number, block, client):
    one.sendto(data(number, block), client)
    one.sendto(data(number, block), client)


def with_late_ones(one, number, block, client):
    """Each block, and before it an old one and one that is not due yet."""
    one.sendto(data(number - 2, b"o" * BLOCK), client)
    one.sendto(data(number + 5, b"f" * BLOCK), client)
    one.sendto(data(number, block), client)


def evil_error_elsewhere(one, number, block, client):
    """Somebody else tries to end the transfer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.sendto(error(0, b"stop\0"), client)
    one.sendto(data(number, block), client)


def spoofed(content):
    """After the first block another port goes on, and the server itself no more."""
    def behave(one, client, closing):
        one.sendto(data(1, blocks(content)[0]), client)
        acked(one, 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind((LOOPBACK, 0))
            for number in range(2, 12):
                other.sendto(data(number, b"s" * BLOCK), client)
            other.sendto(data(12, b"end"), client)
            closing.wait(20)
    return behave


def changes_port(content):
    """Each block comes from a new port."""
    def behave(one, client, closing):
        for number, block in enumerate(blocks(content), 1):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                other.bind((LOOPBACK, 0))
                other.settimeout(5)
                other.sendto(data(number, block), client)
                acked(other, number)
    return behave


def once(*packets, wait=True):
    """These packets, and nothing more."""
    def behave(one, client, closing):
        for packet in packets:
            one.sendto(packet, client)
        if wait:
            closing.wait(20)
    return behave


def flood(packet):
    def behave(one, client, closing):
        while not closing.is_set():
            for _ in range(50):
                one.sendto(packet, client)
            closing.wait(0.002)
    return behave


def dripping(one, client, closing):
    """A block a second, each of which is whole."""
    number = 1
    while not closing.wait(1):
        one.sendto(data(number, b"z" * BLOCK), client)
        acked(one, number)
        number += 1


def oack(*words):
    return struct.pack("!H", OACK) + b"".join(str(word).encode() + b"\0" for word in words)


def lying_oack(*words):
    """It grants what was not asked for, and then sends the list in blocks of the usual size."""
    def make(content):
        def behave(one, client, closing):
            one.sendto(oack(*words), client)
            for number, block in enumerate(blocks(content), 1):
                one.sendto(data(number, block), client)
                acked(one, number)
        return behave
    return make


def big_blocks(content):
    """Blocks of 1428 bytes, that nobody agreed to."""
    def behave(one, client, closing):
        for number in range(len(content) // 1428 + 1):
            one.sendto(data(number + 1, content[number * 1428:][:1428]), client)
            acked(one, number + 1)
    return behave


def damaged(content):
    def behave(one, client, closing):
        for number, block in enumerate(blocks(content[:-50] + bytes([content[-50] ^ 1]) + content[-49:]), 1):
            one.sendto(data(number, block), client)
            acked(one, number)
    return behave


HOSTILE_TEXT = EVIL.encode("latin-1").replace(b"\0", b"")
ALONE = {   # what does not need the list
    "silent": (tftp_silent, "waits"), "stops after a block": (tftp_stall, "waits"),
    "a block a second": (dripping, "waits"),
    "blocks without end": (tftp_endless, ""), "nonsense": (tftp_nonsense, "waits"),
    "an acknowledgement": (once(struct.pack("!HH", ACK, 0)), "waits"), "a request": (once(b"\0\1x\0octet\0"), "waits"),
    "one byte": (once(b"\0"), "waits"), "three bytes": (once(b"\0\3\0"), "waits"), "no bytes": (once(b""), "waits"),
    "65,000 bytes": (once(data(1, b"z" * 65000)), "waits"),
    "empty file": (once(data(1, b"")), ""), "begins with block 0": (once(data(0, b"z" * BLOCK)), "waits"),
    "begins with block 2": (once(data(2, b"z" * BLOCK)), "waits"),
    "begins with block 65535": (once(data(65535, b"z" * BLOCK)), "waits"),
    "one block over and over": (flood(data(1, b"z" * BLOCK)), "waits"),
    "wrong blocks over and over": (flood(data(7, b"z" * BLOCK)), "waits"),
    "OACK over and over": (flood(oack("blksize", 512)), "waits"),
    "OACK without an end": (once(struct.pack("!H", OACK) + b"blksize"), ""),
    "OACK of blksize 0": (once(oack("blksize", 0)), ""), "OACK of blksize -1": (once(oack("blksize", -1)), ""),
    "OACK of blksize 65535": (once(oack("blksize", 65535)), ""),
    "OACK of blksize 99999999999": (once(oack("blksize", 99999999999)), ""),
    "OACK of tsize 2^63": (once(oack("tsize", 1 << 63)), "waits"),
    "error without words": (once(error(0, b"")), ""), "error that does not end": (once(error(0, b"A" * 500)), ""),
}
ALONE |= {f"error {code} with hostile words": (once(error(code, HOSTILE_TEXT + b"\0")), "")
          for code in (*range(9), 65535)}
SERVING = {
    "each block twice": (serving(twice), "harmless"), "blocks that are not due": (serving(with_late_ones), "harmless"),
    "errors from another port": (serving(evil_error_elsewhere), "either"), "blocks from another port": (spoofed, ""),
    "each block from another port": (changes_port, "waits"), "blocks that are too large": (big_blocks, "waits"),
    "list with one bit changed": (damaged, ""), "OACK of blksize 1": (lying_oack("blksize", 1), "either"),
    "OACK of blksize 1428": (lying_oack("blksize", 1428), "either"),
    "OACK of windowsize 64": (lying_oack("windowsize", 64), "harmless"),
}


def peer(behave, word, make=None):
    """make(content): behave for a file that is served."""
    @contextlib.contextmanager
    def start(world):
        with BadTftp((lambda name: make(world.lists[name])) if make else behave, named=make is not None) as server:
            yield server.port
    return Peer(start, **({word: True} if word else {}))


PEERS = {name: peer(behave, word) for name, (behave, word) in ALONE.items()}
PEERS |= {name: peer(None, word, make) for name, (make, word) in SERVING.items()}
