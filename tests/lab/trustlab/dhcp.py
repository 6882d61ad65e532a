# SPDX-License-Identifier: GPL-2.0-or-later
# As much DHCP as a phone needs: discover, offer, request, ack, with option 150 (the TFTP servers' addresses).
# Real packets on a real interface. It must not be used outside the lab's private network.
import socket
import struct
import threading

COOKIE = b"\x63\x82\x53\x63"
DISCOVER, OFFER, REQUEST, ACK = 1, 2, 3, 5
BROADCAST = 0x8000


def _socket(interface, port):
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
    made.bind(("", port))
    return made


def build(operation, transaction, mac, kind, options, given="0.0.0.0"):
    head = struct.pack(">BBBBIHH4s4s4s4s16s64s128s", operation, 1, 6, 0, transaction, 0, BROADCAST, bytes(4),
                       socket.inet_aton(given), bytes(4), bytes(4), mac + bytes(10), bytes(64), bytes(128))
    body = b"".join(bytes([code, len(value)]) + value for code, value in [(53, bytes([kind]))] + options)
    return (head + COOKIE + body + b"\xff").ljust(300, b"\0")


def parse(data):
    """(operation, transaction, mac, given address, {option: value})"""
    operation, transaction = data[0], int.from_bytes(data[4:8], "big")
    options, at = {}, 240
    while at < len(data) and data[at] != 255:
        if data[at] == 0:
            at += 1
            continue
        size = data[at + 1]
        options[data[at]] = data[at + 2:at + 2 + size]
        at += 2 + size
    return operation, transaction, data[28:34], socket.inet_ntoa(data[16:20]), options


class Responder(threading.Thread):
    """Gives one phone its address and the TFTP servers it shall use."""

    def __init__(self, interface, server, address, tftp):
        super().__init__(daemon=True)
        self.socket = _socket(interface, 67)
        self.server, self.address, self.tftp = server, address, tftp

    def run(self):
        packed = socket.inet_aton
        options = [(54, packed(self.server)), (51, struct.pack(">I", 86400)), (1, packed("255.255.255.0")),
                   (3, packed(self.server)), (150, b"".join(packed(one) for one in self.tftp))]
        while True:
            data, _ = self.socket.recvfrom(2048)
            operation, transaction, mac, _, asked = parse(data)
            kind = {DISCOVER: OFFER, REQUEST: ACK}.get(asked.get(53, b"\0")[0])
            if operation == 1 and kind:
                answer = build(2, transaction, mac, kind, options, self.address)
                self.socket.sendto(answer, ("255.255.255.255", 68))


def _exchange(link, message, kind, transaction):
    link.sendto(message, ("255.255.255.255", 67))
    while True:
        operation, number, _, given, options = parse(link.recvfrom(2048)[0])
        if operation == 2 and number == transaction and options.get(53) == bytes([kind]):
            return given, options


def lease(interface, mac, model):
    """The phone's side: (address, router, [TFTP addresses])."""
    hardware = bytes.fromhex(mac)
    transaction = int.from_bytes(hardware[2:], "big")
    common = [(61, b"\x01" + hardware), (12, f"SEP{mac}".encode()),
              (60, f"Cisco Systems, Inc. IP Phone CP-{model}\0".encode()), (55, bytes([1, 66, 6, 3, 15, 150, 35]))]
    with _socket(interface, 68) as link:
        link.settimeout(5)
        given, offered = _exchange(link, build(1, transaction, hardware, DISCOVER, common), OFFER, transaction)
        chosen = [(50, socket.inet_aton(given)), (54, offered[54])] + common
        given, options = _exchange(link, build(1, transaction, hardware, REQUEST, chosen), ACK, transaction)
    raw = options[150]
    return given, socket.inet_ntoa(options[3]), [socket.inet_ntoa(raw[at:at + 4]) for at in range(0, len(raw), 4)]
