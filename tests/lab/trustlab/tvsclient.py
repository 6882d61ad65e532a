# SPDX-License-Identifier: GPL-2.0-or-later
# Asks a TVS server one thing over TLS (or in the clear), as a phone does: only the given certificates are believed.
# It must not decide anything about lists. A refused server shows as a TLS alert, before anything secret was sent.
import socket
import ssl

from . import tvswire

OLD_CIPHERS = "AES256-SHA"      # what the published log of a 10.5 cluster shows


class TvsFailure(Exception):
    """No answer; `stage` is connect, handshake, identity, request or answer."""

    def __init__(self, stage, why):
        super().__init__(f"{stage}: {why}")
        self.stage = stage


def tls_context(trusted, client=None, ciphers=OLD_CIPHERS, maximum="1.2", minimum=None, keylog=None):
    """`trusted`: DER certificates that the server's must equal; `client`: PEM file of certificate and key."""
    versions = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2,
                "1.3": ssl.TLSVersion.TLSv1_3}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.minimum_version = versions[minimum or maximum]
    context.maximum_version = versions[maximum]
    # Level 0, because phones hold SHA-1 certificates and old clusters show them.
    context.set_ciphers(ciphers if "@SECLEVEL" in ciphers else ciphers + ":@SECLEVEL=0")
    context.options |= ssl.OP_NO_TICKET
    # The servers' certificates sign themselves: each is its own anchor, not what it might have issued.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    for der in trusted:
        context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(der))
    if client:
        context.load_cert_chain(client)
    if keylog:
        context.keylog_filename = str(keylog)
    return context


def read_exactly(connection, size):
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise TvsFailure("answer", f"closed after {len(data)} of {size} bytes")
        data += more
    return data


def read_message(connection):
    head = read_exactly(connection, 10)
    return head + read_exactly(connection, tvswire.size_of(head) - 10)


def _staged(stage, action):
    try:
        return action()
    except ssl.SSLError as error:
        raise TvsFailure(stage, error.reason or str(error)) from error
    except (OSError, tvswire.Malformed) as error:
        raise TvsFailure(stage, str(error)) from error


def ask(address, request, context=None, trusted=(), timeout=10):
    """The answer's bytes. `context` None: in the clear. Raises TvsFailure."""
    connection = _staged("connect", lambda: socket.create_connection(address, timeout))
    try:
        if context is not None:
            raw = connection
            connection = _staged("handshake", lambda: context.wrap_socket(raw))
            if trusted and connection.getpeercert(True) not in trusted:
                raise TvsFailure("identity", "the server's certificate is not a TVS record of the held ITL")
        _staged("request", lambda: connection.sendall(request))
        answer = _staged("answer", lambda: read_message(connection))
        if context is not None:
            goodbye(connection)
        return answer
    finally:
        connection.close()


def goodbye(connection):
    """One request per connection: the phone closes after the answer."""
    try:
        connection.unwrap()
    except (OSError, ValueError):
        pass
