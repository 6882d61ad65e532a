# SPDX-License-Identifier: GPL-2.0-or-later
# Traffic that is not ours, on ports that are and on others: dissected with the plugin to the byte as without it.
# What servers say is recorded from real ones: nginx, atftpd and OpenSSL (by Python's ssl).
from concurrent.futures import ThreadPoolExecutor
import gzip
import itertools
import random
import re
import socket
import ssl
import struct
import subprocess

import pytest

from servers import LOOPBACK, atftpd, nginx, public_folder
from tshark import BUILD, CLIENT, SERVER, Tcp, http, pcap, run, tftp, udp

CHANCE = random.Random(11)
NOISE = bytes(CHANCE.randrange(256) for _ in range(3000))
TEXT = b"Plain words, nothing to see here.\n" * 90
MSS = 1400
# The plugin turns this on; someone who turns it on without the plugin sees the same.
SAME = ("-o", "tftp.defragment:TRUE")
# The plugin tells Wireshark that HTTP is spoken on 6970, TLS on 2445 and both on 6971 and 6972: this tells the side that
# has no plugin.
TOLD = tuple(word for one in ("tcp.port==6970,http", "tcp.port==2445,tls", "tcp.port==6971,tls", "tcp.port==6972,tls",
                              "tls.port==6971,http", "tls.port==6972,http") for word in ("-d", one))
WAYS = [("-2",), ("-V",), ("-2", "-V"), ("-T", "json"), ("-2", "-T", "json"), ("-T", "pdml")]


def segments(data):
    return [data[at:at + MSS] for at in range(0, len(data), MSS)]


# ---- HTTP ----

def fetch(port, path, headers=""):
    """The bytes of a request and of what a real server answers."""
    request = f"GET {path} HTTP/1.1\r\nHost: {SERVER}\r\n{headers}Connection: close\r\n\r\n".encode()
    with socket.create_connection((LOOPBACK, port), 5) as one:
        one.sendall(request)
        answer = b"".join(iter(lambda: one.recv(65536), b""))
    return request, answer


def http_of_nginx(ports=(80, 8080, 6970)):
    types = "types { text/html html; text/plain txt; application/octet-stream bin; application/json json; " \
            "application/xml xml; image/png png; } gzip on; gzip_min_length 100; gzip_types text/plain;"
    files = {"a.html": b"<html><body>words</body></html>", "a.txt": TEXT, "a.bin": NOISE, "a.json": b'{"a": [1, 2]}',
             "a.xml": b"<a><b>c</b></a>", "a.png": b"\x89PNG\r\n\x1a\n" + NOISE[:400], "empty.bin": b"",
             "one.bin": b"W", "short.bin": b"\x01\x00\x02\x01", "nearly.bin": b"\x01\x00\x02\x01\x02\x05\x00" + NOISE,
             "any": TEXT[:100]}
    packets, client_port = [], 42000
    with public_folder(files) as folder, nginx(folder, locations=types) as port:
        for path in ("/" + name for name in (*files, "missing.txt")):
            for headers in ("", "Accept-Encoding: gzip\r\n"):
                request, answer = fetch(port, path, headers)
                assert answer.startswith(b"HTTP/1.1 ")
                for other in ports:
                    client_port += 1
                    packets += Tcp(other, client_port).client(request).server(*segments(answer)).end()
        assert b"Transfer-Encoding: chunked" in fetch(port, "/a.txt", "Accept-Encoding: gzip\r\n")[1]
    return packets


def chunked(body, kind, size=300):
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in
                      (body[at:at + size] for at in range(0, len(body), size)))
    return b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


def http_bodies():
    packets = []
    kinds = ("application/octet-stream", "text/plain", "*/*", None, "text/plain; charset=utf-8", "application/x-tlv")
    bodies = (NOISE, TEXT, b"", b"\x01", b"\x01\x00\x02", b"\x01\x00\x02\x01\x02\x03\x00\x02", b"W\x01\x03" + NOISE[:50])
    for number, body in enumerate(bodies):
        for other, kind in enumerate(kinds):
            packets += http(f"/{number}", body, kind, client_port=43000 + 10 * number + other)
    for number, kind in enumerate((b"application/octet-stream", b"text/plain")):
        for other, body in enumerate((NOISE, TEXT, gzip.compress(TEXT))):
            connection = Tcp(80, 44000 + 10 * number + other).client(b"GET /c HTTP/1.1\r\n\r\n")
            packets += connection.server(*segments(chunked(body, kind))).end()
    return packets


# ---- TFTP ----

def recorded_tftp(port, name, client_port):
    """A transfer from a real server, as packets between the addresses of a capture and port 69."""
    request = b"\0\1" + name.encode() + b"\0octet\0"
    packets = [udp(CLIENT, client_port, SERVER, 69, request)]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(5)
        one.sendto(request, (LOOPBACK, port))
        data = b"\0\3"
        while data[:2] == b"\0\3":
            data, server = one.recvfrom(2000)
            packets.append(udp(SERVER, server[1], CLIENT, client_port, data))
            if data[:2] == b"\0\3":
                packets.append(udp(CLIENT, client_port, SERVER, server[1], b"\0\4" + data[2:4]))
                one.sendto(b"\0\4" + data[2:4], server)
                if len(data) < 516:
                    break
    return packets


def tftp_of_atftpd():
    files = {"noise.bin": NOISE, "words.txt": TEXT, "short.bin": b"\x01\x00\x02\x01\x02\x03", "empty": b"",
             "W.bin": b"W" * 512, "SEP00005E005332.cnf.xml": b"<device/>"}
    packets = []
    with public_folder(files) as folder, atftpd(folder) as port:
        for number, name in enumerate((*files, "ITLFile.tlv")):
            packets += recorded_tftp(port, name, 51000 + number)
    packets += tftp("ITLFile.tlv", b"not a list", client_port=52000)
    packets += tftp("noise-again.bin", NOISE, client_port=52001, block=1024)
    packets += [udp(CLIENT, 52002, SERVER, 69, NOISE[:size]) for size in (0, 1, 4, 200)]
    return packets


# ---- TLS ----

def identity(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj",
                    "/CN=www.example", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def tls(folder, version, port, client_port, says):
    """A real TLS connection in which client and server say these bytes in turns; secrets go to folder/keys."""
    sides = []
    for server in (False, True):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = context.maximum_version = version
        if server:
            context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        else:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.keylog_filename = str(folder / "keys")
        bios = ssl.MemoryBIO(), ssl.MemoryBIO()
        sides.append((context.wrap_bio(*bios, server_side=server), *bios))
    connection = Tcp(port, client_port)

    def move():
        moved = False
        for me, (_, _, out) in enumerate(sides):
            data = out.read()
            if data:
                (connection.server if me else connection.client)(*segments(data))
                sides[1 - me][1].write(data)
                moved = True
        return moved

    done = [False, False]
    while not all(done):
        for me, (side, _, _) in enumerate(sides):
            try:
                side.do_handshake()
                done[me] = True
            except ssl.SSLWantReadError:
                pass
        move()
    move()
    for number, data in enumerate(says):
        sides[number % 2][0].write(data)
        move()
    return connection.end()


def spoken(kind):
    request = b"GET / HTTP/1.1\r\nHost: www.example\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n" % len(NOISE)
    return {"http": [request, head + NOISE], "words": [b"WORDS and more", TEXT[:500]], "noise": [NOISE[:600], NOISE]}[kind]


def tls_on(folder, ports=(443, 6970, 6971, 6972)):
    packets, client_port = [], 45000
    for port in ports:
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            for kind in ("http", "words", "noise"):
                client_port += 1
                packets += tls(folder, version, port, client_port, spoken(kind))
    (folder / "keys").chmod(0o644)
    return packets


# ---- others ----

def dns(name, answer=False):
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"
    head = struct.pack(">HHHHHH", 0x5701, 0x8180 if answer else 0x0100, 1, 1 if answer else 0, 0, 0)
    record = b"\xc0\x0c\0\1\0\1\0\0\x0e\x10\0\4\xc0\0\2\x0b"
    return head + labels + b"\0\1\0\1" + (record if answer else b"")


def sip(method):
    body = b"v=0\r\no=- 1 1 IN IP4 192.0.2.50\r\ns=call\r\nc=IN IP4 192.0.2.50\r\nt=0 0\r\nm=audio 16384 RTP/AVP 0\r\n"
    return (f"{method} sip:2000@{SERVER} SIP/2.0\r\nVia: SIP/2.0/TCP {CLIENT}:50000\r\nFrom: <sip:1000@{SERVER}>;tag=1\r\n"
            f"To: <sip:2000@{SERVER}>\r\nCall-ID: 1@{CLIENT}\r\nCSeq: 1 {method}\r\nContent-Type: application/sdp\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def dns_and_sip():
    packets = []
    for number, port in enumerate((53, 2445, 6970)):
        packets += [udp(CLIENT, 46000 + number, SERVER, port, dns("cucm-pub.example")),
                    udp(SERVER, port, CLIENT, 46000 + number, dns("cucm-pub.example", True))]
    for number, port in enumerate((5060, 2444, 2446, 6969)):
        packets += Tcp(port, 47000 + number).client(sip("INVITE")).server(sip("BYE")).end()
        packets += [udp(CLIENT, 48000 + number, SERVER, port, sip("OPTIONS"))]
    return packets


def nearly_ours(ports=(2445, 6970, 7000)):
    starts = (b"W", b"W\x01", b"W\x01\x03", b"W\x01\x03\0\0\0\0\1\0\5\x63\0\1x", b"W\x02\x09" + NOISE,
              b"WORDS and more", NOISE, TEXT)
    packets = []
    for number, (port, start) in enumerate(itertools.product(ports, starts)):
        packets += Tcp(port, 49000 + number).client(start, NOISE[:100]).server(TEXT[:200], NOISE).end()
    return packets


# ---- the same with and without ----

@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("foreign")
    for path in (folder, *folder.parents[:2]):
        path.chmod(0o755)
    (folder / "none" / "dissector" / "plugins").mkdir(parents=True)
    identity(folder)
    pcap(folder / "port.pcap", tls_on(folder, (2445,)))
    packets = http_of_nginx() + http_bodies() + tftp_of_atftpd() + tls_on(folder) + dns_and_sip() + nearly_ours()
    pcap(folder / "foreign.pcap", packets)
    return folder


def show(folder, build, *options, name="foreign.pcap"):
    """Without the moment at which PDML was written: the clock goes on between two runs."""
    told = TOLD if build == folder / "none" else ()
    text = run("-r", folder / name, *SAME, *told, *options, build=build)[0]
    return re.sub(r'(<pdml [^>]*?) time="[^"]*"', r"\1", text, count=1)


def without_port_label(text):
    """Wireshark labels each TLS record with the protocol of its port, whatever is inside: TVS on 2445. That alone may differ."""
    whole_line = r'\[Application Data Protocol: |"tls\.app_data_proto": |<field name="tls\.app_data_proto"'
    text = re.sub(rf'^ *(?:{whole_line}).*\n', "", text, flags=re.M)
    text = re.sub(r'^( *"tls\.app_data": ".*"),$', r"\1", text, flags=re.M)      # no longer the last of its object
    return re.sub(r"(Application Data Protocol: )(?:Application Data|Trust Verification Service|Hypertext Transfer Protocol)",
                  r"\1", text)


@pytest.mark.parametrize("keys", [True, False])
@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_dissected_as_without_the_plugin(folder, way, keys):
    options = (*way, "-o", f"tls.keylog_file:{folder / 'keys' if keys else ''}")
    with ThreadPoolExecutor(2) as pool:
        ours, before = pool.map(lambda build: show(folder, build, *options), (BUILD, folder / "none"))
    assert len(before) > 10000
    ours, before = without_port_label(ours), without_port_label(before)
    if ours != before:
        pairs = [(old, new) for old, new in zip(before.splitlines(), ours.splitlines()) if old != new]
        pytest.fail(f"{len(pairs)} lines differ\n" + "\n".join(f"- {old}\n+ {new}" for old, new in pairs[:12]))


@pytest.mark.parametrize("way", [way for way in WAYS if "-T" not in way], ids=" ".join)
def test_tls_on_the_port_of_tvs(folder, way):
    """The certificate of the server is shown below, as that of a TVS server; all else is as without the plugin."""
    options = (*way, "-o", f"tls.keylog_file:{folder / 'keys'}")
    ours, before = (show(folder, build, *options, name="port.pcap") for build in (BUILD, folder / "none"))
    below = re.compile(r"^\[Connection to TVS\]\n(?:    .*\n)*", re.M)
    assert len(below.findall(ours)) == (6 if "-V" in way else 0)
    ours, before = without_port_label(below.sub("", ours)), without_port_label(before)
    assert [pair for pair in zip(before.splitlines(), ours.splitlines()) if pair[0] != pair[1]] == []
    assert len(ours) == len(before)


def test_only_one_side_has_the_plugin(folder):
    assert "ucmtrust.so" in run("-G", "plugins")[0]
    assert "ucmtrust.so" not in run("-G", "plugins", build=folder / "none")[0]


def test_everything_is_in_the_capture(folder):
    found = show(folder, BUILD, "-o", f"tls.keylog_file:{folder / 'keys'}", "-T", "fields", "-e", "frame.protocols")
    for protocol in ("http", "tftp", "tls", "dns", "sip", "tls:http", "json", "xml", "png"):
        assert protocol in found, protocol
