# SPDX-License-Identifier: GPL-2.0-or-later
# Damaged captures and lists in the plugin with sanitizers: none may stop it.
# The copies of a capture, each with other damage, are opened together as if each had come from another network, so that
# one tshark dissects hundreds; UCMTRUST_MUTATIONS says how many copies (200).
from concurrent.futures import ThreadPoolExecutor
import os
import random
import struct
import subprocess

import pytest

from sharkd import Sharkd
from tshark import BUILD, ETHERNET, EXPORTED_PDU, RUNNER, TOP, pcap, run

PCAPS = TOP / "pcaps"
SANITIZED = BUILD / "sanitize" if (BUILD / "sanitize").is_dir() else BUILD
COPIES = int(os.environ.get("UCMTRUST_MUTATIONS", "200"))
HEADERS = 54                    # Ethernet, IPv4, TCP: damage there is Wireshark's to bear
PLAIN = ("tvs-plain", "itl-tftp", "ctl-http", "migration-nonsecure", "migration-secure", "migration-fails")
TLS_PORTS = (2445, 8443)        # of the migrations
DECRYPTED = ("tvs-tls12", "tvs-tls13", "migration-nonsecure", "migration-secure")

pytestmark = pytest.mark.skipif(not list(SANITIZED.glob("dissector/plugins/*/epan/ucmtrust.so")),
                                reason=f"no plugin in {SANITIZED}")


@pytest.fixture(autouse=True)
def strict(monkeypatch, tmp_path):
    """What Wireshark would report as a bug, and memory it would take from its own pools, ends the program."""
    monkeypatch.setenv("WIRESHARK_ABORT_ON_DISSECTOR_BUG", "1")
    monkeypatch.setenv("WIRESHARK_DEBUG_WMEM_OVERRIDE", "simple")
    monkeypatch.setenv("G_SLICE", "always-malloc")
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)


@pytest.mark.skipif(SANITIZED == BUILD, reason="other versions of Wireshark are tested without sanitizers")
def test_sanitizers_are_there():
    module = next(SANITIZED.glob("dissector/plugins/*/epan/ucmtrust.so"))
    needed = subprocess.run(["ldd", module], check=True, stdout=subprocess.PIPE, text=True).stdout
    assert "libasan" in needed and "libubsan" in needed


# ---- many copies in one capture ----

def packets_of(path):
    """(seconds, bytes) of each packet of a pcap file."""
    data, at = path.read_bytes(), 24
    while at < len(data):
        seconds, fraction, size, _ = struct.unpack_from("<IIII", data, at)
        yield seconds + fraction / 1e6, data[at + 16:at + 16 + size]
        at += 16 + size


def packets_of_pcapng(path):
    """The bytes of each packet of a pcapng file: editcap rewrites none that has secrets inside."""
    data, at = path.read_bytes(), 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if kind == 6:
            captured, = struct.unpack_from("<I", data, at + 20)
            yield data[at + 28:at + 28 + captured]
        at += size


def moved(address, number):
    """The same address in another network: the first and last byte stay."""
    return address[:1] + struct.pack(">H", number) + address[3:]


def in_network(packet, number):
    """The packet as if it had been seen in the network with this number."""
    if packet[12:14] != b"\x08\x00":
        return packet
    return packet[:26] + moved(packet[26:30], number) + moved(packet[30:34], number) + packet[34:]


def exported_head(packet):
    """Its size: names and addresses of a packet of link type EXPORTED_PDU stand in tags before its bytes."""
    at, kind = 0, None
    while kind != 0:
        kind, size = struct.unpack_from(">HH", packet, at)
        at += 4 + size
    return at


def exported_in_network(packet, number):
    out, at = b"", 0
    while at < exported_head(packet):
        kind, size = struct.unpack_from(">HH", packet, at)
        value = packet[at + 4:at + 4 + size]
        out += packet[at:at + 4] + (moved(value, number) if kind in (20, 21) else value)
        at += 4 + size
    return out + packet[at:]


def head(packet, link, tls_ports):
    """How many bytes are spared: the headers, and all of TLS. Damaged TLS ends Wireshark 4.0 by itself, without any
    plugin (packet-tls.c, failed assertion "fh"); what was inside it has a test of its own."""
    if link == EXPORTED_PDU:
        return exported_head(packet)
    tcp = packet[12:14] == b"\x08\x00" and packet[23] == 6
    return len(packet) if tcp and set(struct.unpack_from(">HH", packet, 34)) & set(tls_ports) else HEADERS


def mutate(source, number, offset, folder):
    out = folder / f"{source.stem}-{number}.pcap"
    subprocess.run(["editcap", "-F", "pcap", "-E", "0.02", "--seed", str(number), "-o", str(offset), source, out],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    packets = list(packets_of(out))
    out.unlink()
    return packets


def copies(capture, link, folder, tls_ports=()):
    """A capture of COPIES damaged copies, and how many packets each has."""
    source = folder / f"{capture.stem}.pcap"
    packets = list(packets_of_pcapng(capture))
    pcap(source, packets, link=link)
    heads = [head(data, link, tls_ports) for data in packets]
    originals = [data[:size] for size, data in zip(heads, packets)]
    move = in_network if link == ETHERNET else exported_in_network
    with ThreadPoolExecutor(2) as pool:
        mutated = list(pool.map(lambda number: mutate(source, number, min(heads), folder), range(1, COPIES + 1)))
    assert mutated[0] != mutated[-1]
    packets = [(when + 600 * number, move(kept + data[len(kept):], number)) for number, one in enumerate(mutated)
               for kept, (when, data) in zip(originals, one)]
    return pcap(folder / f"{capture.stem}-all.pcap", packets, link=link), len(heads)


def dissect(path, each, *options):
    """Run tshark and count the packets that it shows: the first that is missing is the one that stopped it."""
    environment = dict(os.environ, UCMTRUST_BUILD=str(SANITIZED), TZ="UTC")
    with open(path.with_suffix(".said"), "w+") as said:
        process = subprocess.Popen([RUNNER, "-r", path, *options], env=environment, stdout=subprocess.PIPE, stderr=said)
        shown, tail = 0, b"\n"
        mark = b"\nFrame " if "-V" in options else b"\n"
        for piece in iter(lambda: process.stdout.read(1 << 20), b""):
            shown += (tail + piece).count(mark) - tail.count(mark)
            tail = piece[-(len(mark) - 1):] if len(mark) > 1 else b""
        process.stdout.close()
        code = process.wait()
        said.seek(0)
        words = [line for line in said.read().splitlines() if 'Running as user "root"' not in line]
    assert code == 0 and not words, \
        f"{path.name} {options} ended with {code} at packet {shown % each} of seed {shown // each + 1}:\n" + \
        "\n".join(words[-60:])
    return shown


def survives(path, each, *options):
    """Once with every item shown, once with two passes and columns."""
    with ThreadPoolExecutor(2) as pool:
        ways = [pool.submit(dissect, path, each, *way, *options) for way in (("-V",), ("-2",))]
        for way in ways:
            assert way.result() == each * COPIES
    path.unlink()


@pytest.mark.parametrize("name", PLAIN)
def test_captures(name, tmp_path):
    plain = name == "tvs-plain"
    path, each = copies(PCAPS / f"{name}.pcapng", ETHERNET, tmp_path, () if plain else TLS_PORTS)
    survives(path, each, *(("-d", "tcp.port==2445,tvs") if plain else ()))


@pytest.mark.parametrize("name", DECRYPTED)
def test_what_was_inside_tls(name, tmp_path):
    tmp_path.chmod(0o777)
    source = tmp_path / f"{name}.pcapng"
    run("-r", PCAPS / f"{name}.pcapng", "-U", "OSI layer 7", "-w", source, build=SANITIZED)
    path, each = copies(source, EXPORTED_PDU, tmp_path)
    assert each >= 4
    survives(path, each)


# ---- lists as files ----

def damage(data, chance):
    """Bytes flipped, a length that lies, an end that comes too soon, or bytes that follow."""
    out = bytearray(data)
    kind = chance.randrange(4)
    for _ in range(chance.randrange(1, 10)):
        out[chance.randrange(4, len(out))] ^= chance.randrange(1, 256)
    if kind == 1:
        for _ in range(3):
            at = chance.randrange(5, min(len(out), 1500))
            out[at:at + 2] = struct.pack(">H", chance.choice((0, 1, 2, 255, 256, len(data) & 0xFFFF, 0x7FFF, 0xFFFF)))
    if kind == 2:
        out = out[:chance.randrange(5, len(out))]
    if kind == 3:
        out += bytes(chance.randrange(256) for _ in range(chance.randrange(1, 3000)))
    return bytes(out)


@pytest.mark.parametrize("name", ["itl-destination", "ctl-source"])
def test_lists_as_files(name, tmp_path, monkeypatch):
    monkeypatch.setenv("WIRESHARK_DATA_DIR", str(tmp_path))     # its table of manufacturers is read again for each file
    chance = random.Random(name)
    data = (PCAPS / f"{name}.tlv").read_bytes()
    opened = 0
    with Sharkd(SANITIZED) as sharkd:
        for number in range(COPIES):
            path = tmp_path / f"{name}-{number}.tlv"
            path.write_bytes(damage(data, chance))
            path.chmod(0o644)
            # Where not even the start is a list's, another reader may take it for a capture without packets.
            columns = sharkd.columns() if sharkd.opens(path) else []
            if columns:
                opened += 1
                assert columns[0][4] == "CISCOTL" and sharkd.details(1)
            path.unlink()
    assert opened > 0.8 * COPIES
