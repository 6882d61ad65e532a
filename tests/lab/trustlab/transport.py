# SPDX-License-Identifier: GPL-2.0-or-later
# How the phone fetches files: HTTP on 6970 first, then TFTP; HTTPS on 6971 where it is told to. It must not look into the files.
# A missing file is an answer (None), not a failure: a non-secure cluster has no CTL.
import http.client
import socket
import struct

HTTP_PORT, HTTPS_PORT, TFTP_PORT, BLOCK = 6970, 6971, 69, 512
LIMIT = 2 << 20         # phones stop a download at 2048 KB


class Unreachable(Exception):
    """No server there."""


def http_get(address, name, model):
    """The file's bytes, or the status when there is none."""
    return _get(http.client.HTTPConnection(address, HTTP_PORT, timeout=5), name, model)


def https_get(address, name, model, context, believe):
    """The same over TLS. believe(DER) is asked about the server's certificate before the file is asked for."""
    connection = http.client.HTTPSConnection(address, HTTPS_PORT, timeout=5, context=context)
    try:
        connection.connect()
    except OSError as error:
        raise Unreachable(str(error)) from error
    if not believe(connection.sock.getpeercert(True)):
        connection.close()
        raise Unreachable("its certificate is not believed")
    return _get(connection, name, model)


def _get(connection, name, model):
    try:
        connection.request("GET", "/" + name, headers={"User-Agent": f"Cisco/{model}", "Accept": "*/*",
                                                       "Connection": "close", "Accept-Encoding": "identity"})
        answer = connection.getresponse()
        body = answer.read(LIMIT)
        return body if answer.status == 200 else answer.status
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(str(error)) from error
    finally:
        connection.close()


def tftp_get(address, name):
    """The file's bytes, or the error code of an ERROR packet."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.settimeout(5)
        link.sendto(struct.pack(">H", 1) + name.encode() + b"\0octet\0", (address, TFTP_PORT))
        data, block = b"", 1
        while len(data) < LIMIT:
            try:
                packet, peer = link.recvfrom(BLOCK + 4)
            except OSError as error:
                raise Unreachable(str(error)) from error
            kind, number = struct.unpack(">HH", packet[:4])
            if kind == 5:
                return number
            if kind != 3 or number != block & 0xFFFF:
                continue
            data += packet[4:]
            link.sendto(struct.pack(">HH", 4, number), peer)
            block += 1
            if len(packet) < BLOCK + 4:
                return data
        raise Unreachable("more than 2 MB")
