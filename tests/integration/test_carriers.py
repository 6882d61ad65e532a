# SPDX-License-Identifier: GPL-2.0-or-later
# How trust lists and signed files travel: HTTP and HTTPS in every shape, TFTP with its options and losses, opened
# files, bare TCP by Decode As; and what is said of files that were not captured as a whole. Where Wireshark itself
# cannot follow, the test says so. Files come from tests/lab.
import gzip
import hashlib
import os
import struct
import subprocess
import sys
import zlib

import pytest

from tshark import BUILD, CLIENT, RUNNER, SERVER, TOP, Tcp, infos, rows, run, udp

sys.path.insert(0, str(TOP / "tests" / "lab"))
from trustlab.cluster import make_pair              # noqa: E402
from trustlab.trustlist import signed_file          # noqa: E402

PCAPS = TOP / "pcaps"
NOW = 1795327200
MSS = 1400
ITL, CTL = "ITLFile.tlv", "CTLFile.tlv"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """{name: bytes}: the lists of a TFTP node in mixed mode, its configuration, signed, and the same encrypted."""
    pair = make_pair(os.environ.get("UCMTRUST_LAB_CACHE") or tmp_path_factory.mktemp("keys"), NOW, mixed=True)
    cluster = pair.destination
    found = {name: made.encode() for name, made in cluster.tftp_files(cluster.publisher).items()}
    plain = next(name for name in found if name.endswith(".cnf.xml.sgn"))
    hidden = signed_file(cluster.certificates["callmanager-pub"], "SEP00005E005332.cnf.xml.enc.sgn",
                         bytes(range(256)) * 8, NOW, version=(2, 0), header_raw=((16, b"\0\1"), (17, bytes(16))))
    return {ITL: found[ITL], CTL: found[CTL], "SEP00005E005332.cnf.xml.sgn": found[plain],
            "SEP00005E005332.cnf.xml.enc.sgn": hidden.encode()}


@pytest.fixture
def without_plugin(tmp_path):
    (tmp_path / "none" / "dissector" / "plugins").mkdir(parents=True)
    return tmp_path / "none"


def sha1(data):
    return hashlib.sha1(data).hexdigest()


# ---- HTTP ----

def pieces(data, size=MSS):
    return [data[at:at + size] for at in range(0, len(data), size)]


def request(path, method="GET", body=b"", *headers):
    lines = [f"{method} {path} HTTP/1.1", "Host: tftp.example", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def answer(body, *headers, status="HTTP/1.1 200 OK", length=True):
    lines = [status, *headers, *([f"Content-Length: {len(body)}"] if length else [])]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(body, *headers, size=1000):
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in pieces(body, size))
    return answer(b"", "Transfer-Encoding: chunked", *headers, length=False) + chunks + b"0\r\n\r\n"


def exchange(path, data, port=6970, client_port=41000):
    """One connection: a request and this answer."""
    return Tcp(port, client_port).client(request(path)).server(*pieces(data)).end()


def connections(bodies):
    """Several, told apart by the client's port; its number in the list is their key."""
    packets = []
    for number, one in enumerate(bodies):
        packets += exchange(*one, client_port=41000 + number)
    return packets


TYPES = (None, "*/*", "application/octet-stream", "Application/Octet-Stream; charset=binary", "text/plain",
         "text/plain; charset=UTF-8", "text/xml", "application/xml", "text/html", "application/x-tlv",
         "application/x-www-form-urlencoded", "application/json", "multipart/mixed; boundary=x", "multipart/x-odd",
         "multipart/form-data; boundary=x", "application/pkcs7-signature", "binary/octet-stream", "nonsense")


@pytest.mark.parametrize("sample", [None, "itl-destination.tlv"], ids=["made here", "recorded"])
def test_any_content_type_on_any_port(files, capture, sample):
    data = (PCAPS / sample).read_bytes() if sample else files[ITL]
    shapes = [(kind, port) for kind in TYPES for port in (6970, 80, 12345)]
    bodies = [(f"/{number}/{ITL}", answer(data, *([f"Content-Type: {kind}"] if kind else [])), port)
              for number, (kind, port) in enumerate(shapes)]
    found = rows(capture(connections(bodies)), "ciscotl", "tcp.dstport", "ciscotl.signature.status",
                 "ciscotl.fetched_as", "ciscotl.sha1")
    seen = {int(row[0]) - 41000: row[1:] for row in found}
    missing = [shapes[number] for number, (path, *_) in enumerate(bodies)
               if seen.get(number) != ["valid", path, sha1(data)]]
    assert missing == []


SHAPES = {
    "length": lambda data: answer(data),
    "chunked": chunked,
    "chunked as XML": lambda data: chunked(data, "Content-Type: text/xml"),
    "chunked and compressed": lambda data: chunked(gzip.compress(data), "Content-Encoding: gzip"),
    "until close": lambda data: answer(data, status="HTTP/1.0 200 OK", length=False),
    "gzip": lambda data: answer(gzip.compress(data), "Content-Encoding: gzip", "Content-Type: text/plain"),
    "deflate": lambda data: answer(zlib.compress(data), "Content-Encoding: deflate"),
}


def test_any_shape_of_body(files, capture):
    data = files[CTL]
    path = capture(connections([(f"/{CTL}", shape(data)) for shape in SHAPES.values()]))
    for two_passes in (False, True):
        found = rows(path, "ciscotl", "tcp.dstport", "ciscotl.signature.status", "ciscotl.sha1", two_passes=two_passes)
        assert found == [[str(41000 + number), "valid", sha1(data)] for number in range(len(SHAPES))]


def test_keep_alive_names_each_answer(files, capture):
    connection = Tcp(6970)
    for name in (CTL, ITL, CTL):
        connection.client(request(f"/{name}")).server(*pieces(answer(files[name])))
    found = rows(capture(connection.end()), "ciscotl", "ciscotl.kind", "ciscotl.fetched_as", "ucmtrust.finding")
    assert [row[:2] for row in found] == [["CTL", f"/{CTL}"], ["ITL", f"/{ITL}"], ["CTL", f"/{CTL}"]]
    assert not any("TL-FILENAME" in row[2] for row in found)


def test_pipelined_requests(files, capture):
    """Wireshark's HTTP takes the last request for the one that is answered. We say no name of our own."""
    connection = Tcp(6970).client(request(f"/{CTL}"), request(f"/{ITL}"))
    connection.server(*pieces(answer(files[CTL]) + answer(files[ITL])))
    found = rows(capture(connection.end()), "ciscotl", "ciscotl.kind", "ciscotl.signature.status", "ciscotl.fetched_as")
    assert [row[:2] for row in found] == [["CTL", "valid"], ["ITL", "valid"]]
    assert {row[2] for row in found} <= {"", f"/{ITL}"}


def test_head_and_errors_are_no_files(files, capture):
    head = Tcp(6970).client(request(f"/{ITL}", "HEAD")).server(
        f"HTTP/1.1 200 OK\r\nContent-Length: {len(files[ITL])}\r\n\r\n".encode())
    head.client(request(f"/{ITL}")).server(*pieces(answer(files[ITL])))
    missing = exchange(f"/{CTL}", answer(b"<html>no such file</html>", status="HTTP/1.1 404 Not Found"),
                       client_port=41001)
    empty = exchange(f"/{CTL}", answer(b"", "Content-Type: text/plain", status="HTTP/1.1 503 No"), client_port=41002)
    found = rows(capture(head.end() + missing + empty), "ciscotl", "tcp.dstport", "ciscotl.signature.status")
    assert found == [["40000", "valid"]]


def test_upload_over_http(files, capture):
    """A file inside a multipart form stays what Wireshark makes of it: its parts are no bodies of HTTP."""
    data = files[ITL]
    path = capture(Tcp(80, 41000).client(*pieces(request(f"/put/{ITL}", "PUT", data))).server(answer(b"")).end())
    found = rows(path, "ciscotl", "ciscotl.signature.status", "ciscotl.fetched_as", "ciscotl.sha1")
    assert found == [["valid", f"/put/{ITL}", sha1(data)]]


def test_http_can_be_switched_off(files, capture):
    path = capture(connections([(f"/{ITL}", answer(files[ITL], f"Content-Type: {kind}"))
                                for kind in ("text/xml", "*/*", "application/octet-stream")]))
    assert rows(path, "ciscotl", "frame.number", options=("-o", "ciscotl.http:FALSE")) == []
    assert rows(path, "ciscotl", "frame.number", options=("--disable-protocol", "ciscotl")) == []
    assert len(rows(path, "http.response", "frame.number", options=("--disable-protocol", "ciscotl"))) == 3


def test_ports(capture):
    """HTTP is expected on the ports of the preference; here nothing else would find it."""
    path = capture(Tcp(6970, 41000).client(request("/x")).end() + Tcp(7070, 41001).client(request("/x")).end())
    off = ("--disable-heuristic", "http_tcp")

    def ports(*options):
        return [row[0] for row in rows(path, "http", "tcp.dstport", options=(*off, *options))]
    assert ports() == ["6970"]
    assert ports("-o", "ciscotl.http.ports:7000-7100") == ["7070"]
    assert ports("-o", "ciscotl.http.ports:") == []
    assert ports("-o", "ciscotl.http.ports:80,6970") == ["6970"]


FOREIGN = ("application/octet-stream", "text/plain", "text/xml", "application/xml", "application/json", "text/html",
           "application/x-www-form-urlencoded", "multipart/mixed; boundary=x", "multipart/odd", "multipart/form-data",
           "application/pkcs7-signature", "application/pkix-cert")


def test_foreign_bodies_are_dissected_as_before(capture, without_plugin):
    bodies = (b"<a><b>c</b></a>", b'{"a": [1]}', b"a=b&c=d", b"--x\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n--x--\r\n",
              b"0\x03\x02\x01\x05", b"\x01\x00\x02\x01\x02\x02")
    packets = connections([("/x", answer(body, f"Content-Type: {kind}"), 80)
                           for kind in FOREIGN for body in bodies])
    path = capture(packets)
    for options in (("-T", "json"), ()):
        assert run("-r", path, *options)[0] == run("-r", path, *options, build=without_plugin)[0]


# ---- HTTPS ----

HTTPS_FIELDS = ("ciscotl.kind", "ciscotl.fetched_as", "ciscotl.signature.status", "tcp.srcport")
NAME = "SEP00005E005332.cnf.xml.sgn"


def test_configuration_over_https():
    path = PCAPS / "config-https.pcapng"
    assert rows(path, "ciscotl", *HTTPS_FIELDS) == [["ITL", f"/{ITL}", "valid", "6970"],
                                                    ["signed file", f"/{NAME}", "valid", "6971"]]
    anchor, list_frame = (rows(path, f'ciscotl.kind == "{kind}"', field)[0][0] for kind, field in (
        ("signed file", "ciscotl.signature.anchor"), ("ITL", "frame.number")))
    assert anchor == list_frame


def https_without_heuristics(*options):
    """HTTP in TLS is found by its port alone."""
    return rows(PCAPS / "config-https.pcapng", "http && tcp.port == 6971", "tcp.srcport",
                options=("--disable-heuristic", "http_tls", *options))


def test_https_ports():
    assert len(https_without_heuristics()) == 2
    assert https_without_heuristics("-o", "ciscotl.https.ports:6972") == []
    assert https_without_heuristics("-o", "ciscotl.https.ports:") == []
    assert len(https_without_heuristics("-o", "ciscotl.https.ports:6000-7000")) == 2


# ---- TFTP ----

def transfer(name, data, *options, block=512, window=1, mode="octet", upload=False, agreed=None, number=0,
             change=lambda blocks, acks: [one for pair in zip(blocks, acks) for one in pair]):
    """A request with options, its OACK and all blocks. change(blocks, acknowledgements) puts them in order.
    agreed: the options of the OACK, as asked by default."""
    client, server = (CLIENT, 50000 + number), (SERVER, 35000)
    head = struct.pack(">H", 2 if upload else 1) + name.encode() + b"\0" + mode.encode() + b"\0"
    words = b"".join(str(one).encode() + b"\0" for one in options)
    said = words if agreed is None else b"".join(str(one).encode() + b"\0" for one in agreed)
    packets = [udp(*client, SERVER, 69, head + words)]
    if options:
        packets.append(udp(*server, *client, b"\0\6" + said))
    source, target = (client, server) if upload else (server, client)
    count = len(data) // block + 1
    blocks = [udp(*source, *target, struct.pack(">HH", 3, at + 1 & 0xFFFF) + data[at * block:(at + 1) * block])
              for at in range(count)]
    acks = [udp(*target, *source, struct.pack(">HH", 4, at + 1 & 0xFFFF)) if (at + 1) % window == 0 or at + 1 == count
            else b"" for at in range(count)]
    return packets + [one for one in change(blocks, acks) if one]


def swapped(blocks, _):
    return blocks[:3] + [blocks[4], blocks[3]] + blocks[5:-2] + [blocks[-1], blocks[-2]]


TFTP = {
    "as it is": {},
    "blksize and tsize": {"options": ("blksize", 1428, "tsize", 0), "block": 1428},
    "server agrees to less": {"options": ("blksize", 1428), "agreed": ("blksize", 1024), "block": 1024},
    "smallest blocks": {"options": ("blksize", 8), "block": 8},
    "windowsize": {"options": ("blksize", 1024, "windowsize", 4), "block": 1024, "window": 4},
    "each block twice": {"change": lambda blocks, acks: [one for block in blocks for one in (block, block)]},
    "last block again": {"change": lambda blocks, acks: [*blocks, acks[-1], blocks[-1], acks[-1]]},
    "out of order": {"change": swapped},
    "lost and sent again": {"change": lambda blocks, acks: blocks[:5] + blocks[6:8] + blocks[5:]},
    "without acknowledgements": {"change": lambda blocks, acks: blocks},
}


def test_tftp(files, capture):
    data, packets = files[ITL], []
    for number, shape in enumerate(TFTP.values()):
        changes = dict(shape)
        packets += transfer(ITL, data, *changes.pop("options", ()), number=number, **changes)
    path = capture(packets)
    for two_passes in (False, True):
        found = rows(path, "ciscotl", "udp.port", "ciscotl.signature.status", "ciscotl.fetched_as", "ciscotl.sha1",
                     two_passes=two_passes)
        seen = {int(port) - 50000: row for ports, *row in found for port in ports.split(",") if port != "35000"}
        assert len(found) == len(TFTP)
        assert [name for number, name in enumerate(TFTP) if seen.get(number) != ["valid", ITL, sha1(data)]] == []


@pytest.mark.parametrize("options, block", [((), 512), (("blksize", 1024, "tsize", 9), 1024)])
def test_tftp_upload(files, capture, options, block):
    """Wireshark 4.6 takes the blocks of an upload for bare UDP; then there is nothing to put together."""
    path = capture(transfer(ITL, files[ITL], *options, block=block, upload=True))
    found = rows(path, "ciscotl", "ciscotl.signature.status", "ciscotl.fetched_as", "ciscotl.sha1")
    followed = rows(path, "tftp.opcode == 3", "frame.number") != []
    assert found == ([["valid", ITL, sha1(files[ITL])]] if followed else [])


def test_block_numbers_wrap(capture):
    """Wireshark counts on after block 65,535. Only a sample of the blocks: the time that 4.0 needs to put a file
    together grows with the square of their number."""
    numbers = [*range(1, 0xFFFF, 400), *range(0xFFF0, 0x10010)]
    blocks = [udp(SERVER, 35000, CLIENT, 50000, struct.pack(">HH", 3, at & 0xFFFF) + bytes(8)) for at in numbers]
    path = capture(transfer(CTL, b"", "blksize", 8)[:2] + blocks)
    assert [int(row[0]) for row in rows(path, "tftp.opcode == 3", "tftp.block.full")] == numbers
    assert rows(path, "ciscotl || ucmtrust", "frame.number") == []


def test_lost_block_is_no_file(files, capture):
    """Wireshark puts nothing together then; so nothing is shown, and nothing judged."""
    path = capture(transfer(ITL, files[ITL], change=lambda blocks, acks: blocks[:5] + blocks[6:]))
    assert rows(path, "ciscotl || ucmtrust.finding", "frame.number") == []


def test_netascii_is_not_undone(files, capture):
    """Wireshark shows the bytes as they travel: such a file is damaged, and no signature is called valid."""
    data = files[ITL].replace(b"\r", b"\r\0").replace(b"\n", b"\r\n")
    found = rows(capture(transfer(ITL, data, mode="netascii")), "ciscotl", "ciscotl.signature.status", "ciscotl.sha1")
    assert found[0][0] != "valid" and found[0][1] == sha1(data)


# ---- signed files, in every carrier ----

def carried_everywhere(name, data, files):
    """The list first, so that there is somebody to verify the file with; all of the same phone."""
    return (exchange(f"/{ITL}", answer(files[ITL]), client_port=42000) +
            exchange(f"/{name}", answer(data, "Content-Type: text/xml"), client_port=42001) +
            exchange(f"/{name}", chunked(data), client_port=42002) + transfer(name, data) +
            transfer(name, data, "blksize", 1400, block=1400, number=1))


@pytest.mark.parametrize("name, version", [("SEP00005E005332.cnf.xml.sgn", "1.0"),
                                           ("SEP00005E005332.cnf.xml.enc.sgn", "2.0")])
def test_signed_files(files, capture, name, version):
    data = files[name]
    path = capture(carried_everywhere(name, data, files))
    found = rows(path, 'ciscotl.kind == "signed file"', "ciscotl.version", "ciscotl.signature.status",
                 "ciscotl.filename", "ciscotl.sha1", "_ws.malformed")
    assert found == [[version, "valid", name, sha1(data), ""]] * 4
    assert all(f"signed file {slash}{name}, signed by CN=cucm-dst-pub.example" in text for slash, text in
               zip(("/", "/", "", ""), infos(path, 'ciscotl.kind == "signed file"')))


# ---- files ----

def written(capture, name, data):
    path = capture([], "none.pcap").parent / name
    path.write_bytes(data)
    path.chmod(0o644)
    return path


def piped(data, *options):
    done = subprocess.run([str(RUNNER), "-r", "-", *options], input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=dict(os.environ, UCMTRUST_BUILD=str(BUILD)), timeout=120)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_files_open_from_everywhere(files, capture):
    for name, data in files.items():
        path = written(capture, name, data)
        assert rows(path, "ciscotl", "ciscotl.sha1") == [[sha1(data)]], name
        assert rows(written(capture, f"{name}.gz", gzip.compress(data)), "ciscotl", "ciscotl.sha1") == [[sha1(data)]]
    fields = ("-T", "fields", "-e", "ciscotl.sha1")
    for data in (files[ITL], gzip.compress(files[ITL])):
        assert piped(data, *fields)[:2] == (0, f"{sha1(files[ITL])}\n")
    with written(capture, ITL, files[ITL]).open("rb") as stream:
        done = subprocess.run([str(RUNNER), "-r", "-", *fields], stdin=stream, stdout=subprocess.PIPE, timeout=120,
                              stderr=subprocess.DEVNULL, env=dict(os.environ, UCMTRUST_BUILD=str(BUILD)))
    assert done.stdout.decode() == f"{sha1(files[ITL])}\n"


def test_odd_files(files, capture):
    for size in (0, 1, 5, 7):
        output, _ = run("-r", written(capture, "odd.tlv", files[ITL][:size]), "-T", "fields", "-e", "frame.protocols",
                        expect=None)
        assert "ciscotl" not in output, size
    assert piped(b"")[1] == ""
    for size in (8, 9, 30, len(files[ITL]) // 2, len(files[ITL]) - 1):
        found = rows(written(capture, "cut.tlv", files[ITL][:size]), "ciscotl", "ciscotl.signature.status",
                     "ucmtrust.finding")
        assert found[0][0] != "valid" and "TL-TRUNCATED" in found[0][1], size
    big = files[ITL] + bytes(2 << 20)
    assert "larger than a phone takes: more than 2048 KiB" in run("-r", written(capture, "big.tlv", big), expect=None)[1]
    code, output, said = piped(big)
    assert output == "" and "larger than a phone takes: more than 2048 KiB" in said and code != 0


def test_saved_files_stay_files(files, capture):
    """capinfos and editcap do not look for file types in epan/, so they read what tshark has saved, not the list."""
    source = written(capture, ITL, files[ITL])
    saved, again, short = (source.parent / name for name in ("saved.pcapng", "again.pcapng", "short.pcapng"))
    run("-r", source, "-w", saved)
    saved.chmod(0o644)
    told = subprocess.run(["capinfos", "-E", "-c", saved], check=True, capture_output=True, text=True).stdout
    assert "Upper PDU" in told and "packets:   1" in told
    subprocess.run(["editcap", saved, again], check=True)
    subprocess.run(["editcap", "-s", "500", saved, short], check=True)
    for path in (again, short):
        path.chmod(0o644)
    wanted = rows(source, "ciscotl", "ciscotl.sha1", "ciscotl.signature.status", "ciscotl.record.role")
    assert rows(saved, "ciscotl", "ciscotl.sha1", "ciscotl.signature.status", "ciscotl.record.role") == wanted
    assert rows(again, "ciscotl", "ciscotl.sha1", "ciscotl.signature.status", "ciscotl.record.role") == wanted
    assert rows(short, "ciscotl", "ciscotl.sha1", "ciscotl.signature.status", "ciscotl.captured") == \
        [["", "unverifiable", "485"]]


# ---- Decode As ----

@pytest.mark.parametrize("table, ours", [("tcp.port==1", {"tvs", "ciscotl"}), ("tls.port==1", {"tvs"}),
                                         ("media_type==a/b", {"ciscotl"})])
def test_decode_as_is_offered(table, ours):
    _, said = run("-r", PCAPS / "itl-tftp.pcapng", "-d", f"{table},nothing-of-that-name", expect=None)
    offered = {line.split()[0] for line in said.splitlines() if line.startswith("\t")}
    assert ours <= offered


def test_decode_as_media_type(files, capture):
    path = capture(exchange("/x", answer(files[ITL], "Content-Type: application/x-odd")))
    options = ("-o", "ciscotl.http:FALSE")
    assert rows(path, "ciscotl", "frame.number", options=options) == []
    assert rows(path, "ciscotl", "ciscotl.sha1", options=(*options, "-d", "media_type==application/x-odd,ciscotl")) == \
        [[sha1(files[ITL])]]


def test_decode_as_bare_tcp(files, capture):
    """A file sent without any protocol, up to the end of the connection."""
    path = capture(Tcp(4444).server(*pieces(files[ITL])).end())
    options = ("-d", "tcp.port==4444,ciscotl")
    assert rows(path, "ciscotl", "frame.number") == []
    for two_passes in (False, True):
        assert rows(path, "ciscotl", "ciscotl.sha1", "ciscotl.signature.status", options=options,
                    two_passes=two_passes) == [[sha1(files[ITL]), "valid"]]


# ---- not captured as a whole ----

def test_snap_length(files, capture):
    for snap, records in ((300, ""), (1000, ", at least 1 record")):
        path = capture(exchange(f"/{ITL}", answer(files[ITL])), snap=snap)
        found = rows(path, "ciscotl", "ciscotl.signature.status", "ciscotl.sha1", "ciscotl.captured",
                     "ucmtrust.finding", "_ws.malformed", "_ws.col.Info")
        captured = snap - 54 - len(answer(b"", length=False)) - len(f"Content-Length: {len(files[ITL])}\r\n")
        assert found[0][:5] == ["unverifiable", "", str(captured), "", ""], snap
        assert f"{records}, signed by CN=" in found[0][5]
        assert f"signature not checked [cut off in the capture after {captured} bytes]" in found[0][5]
        tree, _ = run("-r", path, "-Y", "ciscotl", "-V")
        missing = MSS + 54 - snap
        assert f"[Captured: {captured} bytes, cut off in the capture; {missing} bytes at least are missing]" in tree
        assert f"[Signature: unverifiable: cut off in the capture after {captured} bytes]" in tree


def test_snap_length_over_tftp(files, capture):
    """Wireshark puts cut blocks together to nothing; a file of a single block is shown as far as it goes."""
    assert rows(capture(transfer(ITL, files[ITL]), snap=200), "ciscotl", "frame.number") == []
    small = files["SEP00005E005332.cnf.xml.sgn"][:500]
    found = rows(capture(transfer("x.sgn", small), snap=200), "ciscotl", "ciscotl.signature.status", "ciscotl.captured",
                 "ucmtrust.finding")
    assert found == [["unverifiable", "154", ""]]


@pytest.mark.parametrize("option", ["tcp.desegment_tcp_streams:FALSE", "http.desegment_body:FALSE"])
def test_without_reassembly_nothing_is_judged(files, capture, option):
    path = capture(exchange(f"/{ITL}", answer(files[ITL])))
    for two_passes in (False, True):
        found = rows(path, "ciscotl", "ciscotl.signature.status", "ciscotl.sha1", "ucmtrust.finding", "_ws.col.Info",
                     options=("-o", option), two_passes=two_passes)
        assert found[0][:3] == ["unverifiable", "", ""] and "[not the whole file, " in found[0][3]


def test_part_of_a_file(files, capture):
    """HTTP 206: the beginning of a list, and one that is whole after all."""
    part = answer(files[ITL][:5000], f"Content-Range: bytes 0-4999/{len(files[ITL])}",
                  status="HTTP/1.1 206 Partial Content")
    whole = answer(files[ITL], status="HTTP/1.1 206 Partial Content")
    path = capture(connections([(f"/{ITL}", part), (f"/{ITL}", whole)]))
    found = rows(path, "ciscotl", "ciscotl.signature.status", "ciscotl.captured", "ucmtrust.finding")
    assert found == [["unverifiable", "5000", ""], ["valid", "", ""]]


# ---- TCP out of order ----

ORDERED = ("-o", "tcp.reassemble_out_of_order:TRUE")


def disturbed(data, change):
    """A whole exchange; change() puts the segments of the answer in another order."""
    packets = exchange(f"/{ITL}", answer(data))
    first, last = 4, len(packets) - 2       # handshake and request before, both ends after
    return packets[:first] + change(packets[first:last]) + packets[last:]


def test_segments_out_of_order(files, capture):
    """Without the preference Wireshark gives up on such a stream: then nothing is shown, and nothing judged."""
    path = capture(disturbed(files[ITL], lambda segments: segments[:2] + [segments[3], segments[2]] + segments[4:]))
    wanted = [[sha1(files[ITL]), "valid", ""]]
    fields = ("ciscotl.sha1", "ciscotl.signature.status", "ucmtrust.finding")
    for two_passes in (False, True):
        assert rows(path, "ciscotl", *fields, options=ORDERED, two_passes=two_passes) == wanted
        assert rows(path, "ciscotl", *fields, two_passes=two_passes) in ([], wanted)


@pytest.mark.parametrize("options", [(), ORDERED])
def test_segments_sent_again(files, capture, options):
    path = capture(disturbed(files[ITL], lambda segments: [one for segment in segments for one in (segment, segment)]))
    for two_passes in (False, True):
        assert rows(path, "ciscotl", "ciscotl.sha1", "ciscotl.signature.status", "ucmtrust.finding", options=options,
                    two_passes=two_passes) == [[sha1(files[ITL]), "valid", ""]]


@pytest.mark.parametrize("options", [(), ORDERED])
def test_lost_segment_is_no_file(files, capture, options):
    path = capture(disturbed(files[ITL], lambda segments: segments[:4] + segments[5:]))
    assert rows(path, 'ciscotl.signature.status == "valid" || ucmtrust.finding', "frame.number", options=options) == []
