# SPDX-License-Identifier: GPL-2.0-or-later
# HTTP servers that do harm where a trust list is wanted, in the clear and below TLS. Must not know what a check should
# say.
import contextlib
import gzip

from hostile_peers import EVIL, Peer, stream, ways
from servers import (LOOPBACK, Misbehaving, close_at_once, drip, endless_header, endless_http, reset, sends, silent,
                     tls_server)

OK = b"HTTP/1.1 200 OK\r\n"


def endless(begin, piece):
    """begin, and then the piece until nobody takes it."""
    def behave(one, closing):
        one.recv(4096)
        one.sendall(begin)
        while not closing.is_set():
            one.sendall(piece)
    return behave


def bomb():
    """A gigabyte of zeros as one megabyte, for whoever unpacks it."""
    member = gzip.compress(bytes(1 << 24), 9)
    return member * 64


def gzip_bomb(one, closing):
    one.recv(4096)
    one.sendall(OK + b"Content-Encoding: gzip\r\n\r\n" + bomb())
    one.close()


def to(place):
    return sends(f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode())


def ever_elsewhere(one, closing):
    """A redirect to a place that redirects, each time to another one."""
    asked = one.recv(4096)
    one.sendall(b"HTTP/1.1 302 Found\r\nLocation: /x" + asked[5:40].split(b" ")[0] + b"\r\nContent-Length: 0\r\n\r\n")
    one.close()


def status(number, words=EVIL.encode("latin-1").replace(b"\r", b"").replace(b"\n", b" ")):
    return sends(b"HTTP/1.1 %d %b\r\nContent-Length: 9\r\n\r\n<b>x</b>\n" % (number, words))


def drip_header(one, closing):
    one.recv(4096)
    for byte in OK + b"X: y\r\n" * 1000:
        one.sendall(bytes([byte]))
        if closing.wait(1):
            return


def answers(make):
    """make(the list that is asked for): the whole answer, then the connection is closed."""
    @contextlib.contextmanager
    def start(world):
        def behave(one, closing):
            name = one.recv(4096).split(b" ")[1].decode().strip("/")
            one.sendall(make(world.lists[name]))
            one.close()

        with Misbehaving(behave) as server:
            yield server.port
    return start


def whole(body, *headers, length=None):
    lines = b"".join(header + b"\r\n" for header in headers)
    return OK + lines + b"Content-Length: %d\r\n\r\n" % (len(body) if length is None else length) + body


def damaged(data):
    return data[:-100] + bytes([data[-100] ^ 1]) + data[-99:]


def elsewhere(world):
    """To another host, that never says anything."""
    @contextlib.contextmanager
    def start():
        with Misbehaving(silent, "127.0.0.2") as other, \
                Misbehaving(to(f"http://127.0.0.2:{other.port}/ITLFile.tlv")) as server:
            yield server.port
    return start()


BEHAVE = {
    "silent after the request": (silent, "waits"), "drips the body": (drip, "waits"),
    "drips the header": (drip_header, "waits"),
    "resets after the request": (reset, ""), "closes after the request": (close_at_once, ""),
    "garbage": (sends(b"\xa5" * 5000), ""), "zeros": (sends(bytes(5000)), ""),
    "SSH": (sends(b"SSH-2.0-OpenSSH\r\n"), ""),
    "HTTP/2 at once": (sends(b"\0\0\x12\4\0\0\0\0\0" + bytes(18), then_wait=True), ""),
    "HTTP/9.9": (sends(b"HTTP/9.9 200 OK\r\n\r\nx"), ""),
    "header without end": (endless_header, ""), "one line without end": (endless(OK + b"X: ", b"h" * 65536), ""),
    "status line without end": (endless(b"HTTP/1.1 200 ", b"h" * 65536), ""),
    "100 Continue without end": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100), ""),
    "NUL in the header": (sends(OK + b"X: a\0b\r\nContent-Length: 1\r\n\r\nx"), ""),
    "chunks without end": (endless_http, ""), "body without end": (endless(OK + b"\r\n", bytes(65536)), ""),
    "body of 2^62 bytes": (endless(OK + b"Content-Length: 4611686018427387904\r\n\r\n", bytes(65536)), ""),
    "body of -1 bytes": (sends(OK + b"Content-Length: -1\r\n\r\nx"), ""),
    "two lengths": (sends(OK + b"Content-Length: 1\r\nContent-Length: 9\r\n\r\nx"), ""),
    "chunk of 2^64 bytes": (endless(OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", bytes(65536)), ""),
    "chunk extension without end": (endless(OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x" * 65536), "waits"),
    "trailer without end": (
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", b"X: y\r\n" * 1000), ""),
    "gzip bomb": (gzip_bomb, ""),
    "body shorter than promised": (sends(OK + b"Content-Length: 5000\r\n\r\nshort"), ""),
    "empty": (sends(whole(b"")), ""), "page for people": (sends(whole(b"<html>" + EVIL.encode("latin-1"))), ""),
    "redirect to itself": (to("/ITLFile.tlv"), ""), "redirects without end": (ever_elsewhere, ""),
    "redirect to a file": (to("file:///etc/passwd"), ""), "redirect to TFTP": (to(f"tftp://{LOOPBACK}/x"), ""),
    "redirect to gopher": (to("gopher://127.0.0.1:25/x"), ""), "redirect to nowhere": (to("http://"), ""),
    "redirect of 1 MB": (to("/" + "x" * 1000000), ""),
    "status 206": (
        sends(b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\nabcde"), ""),
    "status 204": (sends(b"HTTP/1.1 204 No Content\r\n\r\n"), ""),
    "status 304": (sends(b"HTTP/1.1 304 Not Modified\r\n\r\n"), ""),
    "status 401": (status(401), ""), "status 404": (status(404), ""), "status 500": (status(500), ""),
    "status 503": (status(503), ""), "status 999": (status(999), ""),
}
ANSWERS = {
    "list with one bit changed": (lambda itl: whole(damaged(itl)), ""),
    "half a list": (lambda itl: whole(itl[:len(itl) // 2]), ""),
    "half a list, cut": (lambda itl: whole(itl[:len(itl) // 2], length=len(itl)), ""),
    "two lists in one body": (lambda itl: whole(itl + itl), ""),
    "two answers": (lambda itl: whole(itl) + whole(damaged(itl)), "harmless"),
    "list as text/html": (lambda itl: whole(itl, b"Content-Type: text/html"), "harmless"),
    "says gzip, is none": (lambda itl: whole(itl, b"Content-Encoding: gzip"), "harmless"),
    "list after 100 Continue": (lambda itl: b"HTTP/1.1 100 Continue\r\n\r\n" + whole(itl), "harmless"),
}


@contextlib.contextmanager
def good(world):
    yield world.http


@contextlib.contextmanager
def good_tls(world):
    yield world.https


def how(word):
    return {word: True} if word else {}


PEERS = {name: stream(behave, **how(word)) for name, (behave, word) in BEHAVE.items()}
PEERS |= {name: Peer(answers(make), **how(word)) for name, (make, word) in ANSWERS.items()}
PEERS["redirect to a silent host"] = Peer(elsewhere, waits=True)
PEERS |= ways(good, shaken=False)


# ---- below TLS ----

def secure(behave):
    return lambda world: tls_server(*world.tomcat, behave)


TLS_BEHAVE = {"silent after the request": (silent, "waits"), "drips the body": (drip, "waits"),
              "chunks without end": (endless_http, ""), "header without end": (endless_header, ""),
              "garbage inside": (sends(b"\xa5" * 5000), ""), "gzip bomb": (gzip_bomb, ""),
              "redirect to a file": (to("file:///etc/passwd"), ""), "closes inside": (close_at_once, "")}
TLS_PEERS = {name: Peer(secure(behave), **how(word)) for name, (behave, word) in TLS_BEHAVE.items()}
TLS_PEERS["not TLS"] = stream(sends(b"HTTP/1.1 200 OK\r\n\r\n"))
TLS_PEERS |= ways(good_tls)
