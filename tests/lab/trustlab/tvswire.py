# SPDX-License-Identifier: GPL-2.0-or-later
# TVS messages: builds any, parses any, and the published exchange of a phone 8861 with CUCM 10.5.2.
# It must not know about TLS or about who is trusted. Which of tags 4 to 6 hold issuer and serial is unknown,
# so numbers are parameters in writing, and in reading a value tells by its content.
from dataclasses import dataclass, field
import struct

MAGIC, VERSION = 0x57, 0x01
VERIFY_REQUEST, VERIFY_RESPONSE, QUERY_REQUEST, QUERY_RESPONSE = 1, 2, 3, 4
DEVICE, CERTIFICATE, SUBJECT, STATUS, ROLES, TTL = 1, 2, 3, 7, 8, 9
FIRST_SESSION = 1001
ISSUER_SERIAL_TAGS = ((4, 5), (5, 6), (6, 5), (5, 4), (4, 6), (6, 4))
RESPONSE_RESERVED = 0xF7

PUBLISHED_DEVICE = "CP-8861-SEPB000B4BA0AEE"
PUBLISHED_SUBJECT = "CN=ucm11pub.stormin.local;OU=IST;O=Stormin;L=Brisbane;ST=QLD;C=AU"
PUBLISHED_ISSUER = "CN=stormin-WIN2012-CA"
PUBLISHED_SERIAL = bytes.fromhex("24000000179479B8F124AC3F3B000000000017")
PUBLISHED_REQUEST_START = bytes.fromhex(
    "57010300000003e9008f0100180143502d383836312d534550423030304234424130414545030042434e3d75636d31317075")
PUBLISHED_RESPONSE_START = bytes.fromhex(
    "570104f7000003e905be07000100" "0205ab308205a73082048fa00302010202132400000017" "9479b8f124ac3f3b000000000017")


def element(tag, value):
    return struct.pack(">BH", tag, len(value)) + value


def name(text):
    return text.encode("latin-1") + b"\0"


def device(text):
    return element(DEVICE, b"\x01" + text.encode("ascii"))


def message(kind, session, payload, reserved=0, magic=MAGIC, version=VERSION, length=None):
    size = len(payload) if length is None else length
    return struct.pack(">BBBBIH", magic, version, kind, reserved, session, size) + payload


def query_request(device_name, subject, issuer, serial, session=FIRST_SESSION, tags=(4, 5)):
    """`tags`: the numbers of issuer and serial. The serial is raw bytes."""
    parts = {tags[0]: name(issuer), tags[1]: serial}
    payload = device(device_name) + element(SUBJECT, name(subject))
    payload += b"".join(element(tag, parts[tag]) for tag in sorted(parts))
    return message(QUERY_REQUEST, session, payload)


def verify_request(device_name, certificate, session=FIRST_SESSION):
    return message(VERIFY_REQUEST, session, device(device_name) + element(CERTIFICATE, certificate))


def response(kind, session, status, certificates=(), roles=(), ttl=86400, reserved=RESPONSE_RESERVED):
    payload = element(STATUS, bytes([status])) + b"".join(element(CERTIFICATE, one) for one in certificates)
    if roles:
        payload += element(ROLES, bytes(roles))
    if ttl is not None:
        payload += element(TTL, struct.pack(">I", ttl))
    return message(kind, session, payload, reserved)


class Malformed(ValueError):
    """Not a TVS message; says why."""


@dataclass
class Message:
    kind: int
    reserved: int
    session: int
    elements: list = field(default_factory=list)        # [(tag, value), …] as on the wire

    def all(self, tag):
        return [value for number, value in self.elements if number == tag]

    def first(self, tag):
        return next(iter(self.all(tag)), None)

    @property
    def device(self):
        value = self.first(DEVICE)
        return None if value is None else value[1:].decode("ascii", "replace")

    @property
    def status(self):
        value = self.first(STATUS)
        return value[0] if value else None

    @property
    def roles(self):
        return list(self.first(ROLES) or b"")

    @property
    def ttl(self):
        value = self.first(TTL)
        return int.from_bytes(value, "big") if value else None

    @property
    def certificates(self):
        return self.all(CERTIFICATE)

    @property
    def issuer_and_serial(self):
        """By content: printable with '=' and a final NUL is a name, anything else a serial."""
        issuer = serial = None
        for tag, value in self.elements:
            if tag in (4, 5, 6):
                if is_name(value):
                    issuer = value[:-1].decode("latin-1")
                else:
                    serial = value
        return issuer, serial


def is_name(value):
    return value.endswith(b"\0") and b"=" in value and all(32 <= byte < 127 for byte in value[:-1])


def size_of(data):
    """Bytes of the message that begins here, None while the header is incomplete."""
    if len(data) < 10:
        return None
    if data[0] != MAGIC or data[1] != VERSION:
        raise Malformed(f"begins with {data[:2].hex()}, not 5701")
    return 10 + int.from_bytes(data[8:10], "big")


def parse(data):
    size = size_of(data)
    if size is None or len(data) < size:
        raise Malformed(f"{len(data)} bytes of {size}")
    kind, reserved, session = data[2], data[3], int.from_bytes(data[4:8], "big")
    found, at = Message(kind, reserved, session), 10
    while at < size:
        if at + 3 > size:
            raise Malformed(f"element cut short at byte {at}")
        length = int.from_bytes(data[at + 1:at + 3], "big")
        if at + 3 + length > size:
            raise Malformed(f"tag {data[at]} at byte {at} claims {length} bytes")
        found.elements.append((data[at], data[at + 3:at + 3 + length]))
        at += 3 + length
    return found


def published_request(tags=(4, 5)):
    """153 bytes; the first 50 and all lengths are published, the numbers of issuer and serial are not."""
    return query_request(PUBLISHED_DEVICE, PUBLISHED_SUBJECT, PUBLISHED_ISSUER, PUBLISHED_SERIAL, tags=tags)


def published_response(maker):
    """1480 bytes: the published start, and a certificate of our own with its size (1451) and serial."""
    authority = maker.make("published-ca", "CN=stormin-WIN2012-CA", ca=True)
    subject = "C=AU,ST=QLD,L=Brisbane,O=Stormin,OU=IST,CN=ucm11pub.stormin.local"
    made = maker.make("published", subject, issuer=authority, serial=int.from_bytes(PUBLISHED_SERIAL, "big"),
                      size=1451)
    return response(QUERY_RESPONSE, FIRST_SESSION, 0, [made.der], [0, 3])
