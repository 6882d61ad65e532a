# SPDX-License-Identifier: GPL-2.0-or-later
# TVS servers that do harm: the lab's own with its faults, TLS in odd shapes, and the faults of any stream in front of a
# good one. Must not know what a check should say.
import contextlib

from hostile_peers import Peer, stream, ways
from servers import close_at_once, sends, tls_server

FAULTS = {
    "silent-accept": "waits", "silent-answer": "waits", "half": "waits", "huge": "waits", "drip": "waits",
    "reset-accept": "", "reset-request": "", "half-reset": "", "close-before-answer": "", "garbage": "", "endless": "",
    "wrong-session": "", "other-certificate": "", "two-answers": "", "wrong-type": "", "bad-discriminator": "",
    "short": "",
    "split": "harmless", "no-goodbye": "harmless",
}
OLD, NEW = ("--tls-max", "1.2"), ("--tls-min", "1.3")


def lab_fault(*options, **how):
    return Peer(lambda world: world.tvs_server(*options), **how)


def other_certificate(world):
    return ("--second-cert", world.certs / "tomcat-pub.pem", "--second-key", world.certs / "tomcat-pub.key")


def tls(behave, **how):
    """A TLS server with the right certificate that then does this."""
    def start(world):
        return tls_server(world.certs / "tvs-pub.pem", world.certs / "tvs-pub.key", behave)
    return Peer(start, **how)


def wrong_certificate(world):
    return tls_server(world.certs / "capf.pem", world.certs / "capf.key", lambda one, closing: closing.wait(60))


def late_refusal(world):
    """TLS 1.3: the client is done with the handshake when it hears that a certificate was wanted of it."""
    return world.tvs_server(*NEW, "--client-cert", "required", "--client-ca", world.certs / "capf.pem")


def header(size, session=1001):
    return bytes([0x57, 1, 2, 0]) + session.to_bytes(4, "big") + size.to_bytes(2, "big")


def flood_after_answer(one, closing):
    one.recv(5000)
    while not closing.is_set():
        one.sendall(bytes([0x57, 1, 2, 0]) + bytes(4) + b"\xff\xff" + bytes(16000))


@contextlib.contextmanager
def good(world):
    yield world.tvs


def alert(level, number):
    return bytes([21, 3, 3, 0, 2, level, number])


def endless_warnings(one, closing):
    one.recv(4096)
    while not closing.is_set():
        one.sendall(alert(1, 90) * 100)


def endless_hello(one, closing):
    """A record of the handshake after the other, of a message that is said to have 16 MB."""
    one.recv(4096)
    one.sendall(bytes([22, 3, 3, 0x40, 0, 11, 0xff, 0xff, 0xff]) + bytes(0x4000 - 4))
    while not closing.is_set():
        one.sendall(bytes([22, 3, 3, 0x40, 0]) + bytes(0x4000))


def empty_records(one, closing):
    one.recv(4096)
    while not closing.is_set():
        one.sendall(bytes([22, 3, 3, 0, 0]) * 1000)


PEERS = {f"fault {name}": lab_fault("--fault", name, **({how: True} if how else {})) for name, how in FAULTS.items()}
PEERS |= {
    "TLS: renegotiates": lab_fault(*OLD, "--fault", "renegotiate", harmless=True),
    "TLS: renegotiates with another certificate": Peer(
        lambda world: world.tvs_server(*OLD, "--fault", "renegotiate-other", *other_certificate(world))),
    "TLS: renegotiates without end": lab_fault(*OLD, "--fault", "renegotiate-endless", waits=True),
    "TLS: replaces its keys without end": lab_fault(*NEW, "--fault", "key-updates", waits=True),
    "TLS: wants a certificate, late": Peer(late_refusal),
    "TLS: wrong certificate": Peer(wrong_certificate),
    "TLS: message of 65535 bytes of zeros": tls(
        lambda one, closing: (one.recv(5000), one.sendall(header(65535) + bytes(65535)))),
    "TLS: message of no bytes": tls(lambda one, closing: (one.recv(5000), one.sendall(header(0)))),
    "TLS: messages without end": tls(flood_after_answer),
    "TLS: closes politely": tls(lambda one, closing: (one.recv(5000), one.unwrap())),
    "TLS: speaks HTTP inside": tls(sends(b"HTTP/1.1 200 OK\r\n\r\n")),
    "TLS: warnings without end": stream(endless_warnings),
    "TLS: a certificate of 16 MB": stream(endless_hello),
    "TLS: empty records without end": stream(empty_records),
    "TLS: alert internal_error": stream(sends(alert(2, 80))),
    "TLS: alert handshake_failure": stream(sends(alert(2, 40))),
    "not TLS: SSH": stream(sends(b"SSH-2.0-OpenSSH_9.2\r\n" * 20)),
    "not TLS: HTTP": stream(sends(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
    "closes after the hello": stream(close_at_once),
}
PEERS |= ways(good)
