# SPDX-License-Identifier: GPL-2.0-or-later
# Runs tshark with the plugin of $UCMTRUST_BUILD, and writes captures packet by packet for what no recording holds.
# It must not know what TVS or a trust list is.
from pathlib import Path
import json
import os
import struct
import subprocess

TOP = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("UCMTRUST_BUILD", TOP / "build")).resolve()
RUNNER = TOP / "tests" / "tshark"
ETHERNET, EXPORTED_PDU = 1, 252
CLIENT, SERVER = "192.0.2.50", "192.0.2.11"


def run(*arguments, build=BUILD, expect=0, timeout=300):
    """tshark's output and what it said on stderr; as an ordinary user, hermetic, with the plugin of `build`."""
    environment = dict(os.environ, UCMTRUST_BUILD=str(build), TZ="UTC")
    done = subprocess.run([str(RUNNER), *map(str, arguments)], env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace", timeout=timeout)
    if expect is not None:
        assert done.returncode == expect, f"tshark {arguments} ended with {done.returncode}: {done.stderr}"
    assert arguments[0] == "-G" or "Dissector bug" not in done.stdout + done.stderr, done.stderr
    return done.stdout, done.stderr


def rows(capture, filter_, *fields, options=(), two_passes=True):
    """A list of the values of `fields` for each packet that matches; a field that is absent is empty."""
    arguments = ["-r", capture, "-Y", filter_, *options, "-T", "fields"]
    if two_passes:
        arguments.insert(0, "-2")
    for field in fields:
        arguments += ["-e", field]
    output, _ = run(*arguments)
    return [line.split("\t") for line in output.splitlines()]


def infos(capture, filter_, *, options=()):
    return [row[0] for row in rows(capture, filter_, "_ws.col.Info", options=options)]


def details(capture, *options, build=BUILD):
    return json.loads(run("-r", capture, "-T", "json", *options, build=build)[0] or "[]")


# ---- captures ----

def pcap(path, packets, link=ETHERNET, snap=None):
    """`packets`: bytes, or (seconds, bytes). `snap` cuts each packet as a snap length does."""
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link))
        for number, packet in enumerate(packets):
            when, data = packet if isinstance(packet, tuple) else (1795327200 + number / 1000, packet)
            kept = data if snap is None else data[:snap]
            out.write(struct.pack("<IIII", int(when), round(when % 1 * 1e6), len(kept), len(data)) + kept)
    Path(path).chmod(0o644)
    return path


def without_secrets(capture, path):
    """A pcapng capture without the TLS secrets in it (blocks of type 10, after the section's start, little endian)."""
    data, kept, at = Path(capture).read_bytes(), b"", 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        kept += b"" if kind == 10 else data[at:at + size]
        at += size
    Path(path).write_bytes(kept)
    Path(path).chmod(0o644)
    return path


def exported(dissector, data):
    """A packet of link type EXPORTED_PDU: a dissector's name and its bytes, without any network below."""
    name = dissector.encode()
    return struct.pack(">HH", 12, len(name)) + name + bytes(4) + data


def _checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return 0xFFFF - (total + (total >> 16) & 0xFFFF)


def _address(text):
    return bytes(int(part) for part in text.split("."))


def ip(source, destination, protocol, payload):
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0, _address(source),
                       _address(destination))
    head = head[:10] + struct.pack(">H", _checksum(head)) + head[12:]
    return bytes(12) + b"\x08\x00" + head + payload


def udp(source, source_port, destination, destination_port, payload):
    head = struct.pack(">HHHH", source_port, destination_port, 8 + len(payload), 0)
    return ip(source, destination, 17, head + payload)


class Tcp:
    """One connection; `packets` grows with each call. client() and server() take the segments that one side sends."""

    def __init__(self, port, client_port=40000, client=CLIENT, server=SERVER):
        self.ends = {True: (client, client_port), False: (server, port)}
        self.sequence = {True: 1000, False: 5000}
        self.packets = []
        self._add(True, 0x02)
        self._add(False, 0x12)
        self._add(True, 0x10)

    def _add(self, from_client, flags, payload=b""):
        (source, source_port), (destination, port) = self.ends[from_client], self.ends[not from_client]
        acknowledged = self.sequence[not from_client] if flags & 0x10 else 0
        head = struct.pack(">HHIIBBHHH", source_port, port, self.sequence[from_client], acknowledged, 0x50, flags,
                           65535, 0, 0)
        self.packets.append(ip(source, destination, 6, head + payload))
        self.sequence[from_client] += len(payload) + (1 if flags & 0x03 else 0)

    def client(self, *segments):
        for segment in segments:
            self._add(True, 0x18, segment)
        return self

    def server(self, *segments):
        for segment in segments:
            self._add(False, 0x18, segment)
        return self

    def end(self):
        self._add(True, 0x11)
        self._add(False, 0x11)
        return self.packets


def tftp(name, data, client_port=50000, block=512, client=CLIENT, server=SERVER):
    """A read request and all blocks with their acknowledgements."""
    packets = [udp(client, client_port, server, 69, b"\0\1" + name.encode() + b"\0octet\0")]
    for number in range(len(data) // block + 1):
        piece = data[number * block:(number + 1) * block]
        packets.append(udp(server, 35000, client, client_port, struct.pack(">HH", 3, number + 1) + piece))
        packets.append(udp(client, client_port, server, 35000, struct.pack(">HH", 4, number + 1)))
    return packets


def http(path, body, content_type=None, port=80, client_port=41000, mss=1400):
    """A GET and its answer, the body over as many segments as it takes."""
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n"
    if content_type is not None:
        head += f"Content-Type: {content_type}\r\n"
    answer = head.encode() + b"\r\n" + body
    connection = Tcp(port, client_port)
    connection.client(f"GET {path} HTTP/1.1\r\nHost: {SERVER}\r\n\r\n".encode())
    connection.server(*(answer[at:at + mss] for at in range(0, len(answer), mss)))
    return connection.end()
