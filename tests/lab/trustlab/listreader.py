# SPDX-License-Identifier: GPL-2.0-or-later
# The lab's own reader and verifier of ITL, CTL and signed files: what its phone believes, and what tests compare with.
# It must not share code with the writer: a mistake made twice would go unseen.
# Facts: parse by tag, never by position; signed is the file without the complete element 12.
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

HASHES = {1: hashes.SHA1, 2: hashes.SHA256, 3: hashes.SHA512}


class Unreadable(ValueError):
    """Not a list; says at which byte."""


def elements(data, start, end, bare=None):
    """Yields (offset, tag, value) of one level; stops with Unreadable where an element leaves its container."""
    at = start
    while at < end:
        if data[at:end].strip(b"\0") == b"":
            return          # slack: no element has tag 0
        tag = data[at]
        if tag == bare:
            yield at, tag, b""
            at += 1
            continue
        if at + 3 > end:
            raise Unreadable(f"element cut short at byte {at}")
        size = int.from_bytes(data[at + 1:at + 3], "big")
        if at + 3 + size > end:
            raise Unreadable(f"tag {tag} at byte {at} claims {size} bytes, {end - at - 3} are left")
        yield at, tag, data[at + 3:at + 3 + size]
        at += 3 + size


def as_text(value):
    return value.split(b"\0")[0].decode("latin-1")


@dataclass
class ReadRecord:
    index: int
    offset: int
    length: int
    role: int = None
    dns: str = None
    subject: str = None
    issuer: str = None
    serial: bytes = b""
    public_key: bytes = None
    certificate: bytes = None
    address: str = None
    tags: list = field(default_factory=list)

    @property
    def x509(self):
        return None if self.certificate is None else x509.load_der_x509_certificate(self.certificate)


@dataclass
class ReadList:
    data: bytes
    version: tuple = None
    header_length: int = None
    signer_version: tuple = None
    signer_name: str = None
    signer_serial: bytes = b""
    signer_issuer: str = None
    digest: int = None
    modulus_code: int = None
    signature: bytes = b""
    signature_at: int = None
    filename: str = None
    timestamp: int = None
    padding: int = 0
    records: list = field(default_factory=list)
    unknown_tags: list = field(default_factory=list)
    trailing: bytes = b""

    @property
    def body(self):
        return self.data[self.header_length:]

    @property
    def kind(self):
        name = (self.filename or "").upper()
        if self.version == (1, 0) or name.endswith(".SGN"):
            return "signed file"
        return "CTL" if name.startswith("CTL") else "ITL" if name.startswith("ITL") else "list"


def _read_signer(found, value):
    for _, tag, inner in elements(value, 0, len(value)):
        if tag == 4:
            found.signer_name = as_text(inner)
        elif tag == 5:
            found.signer_serial = inner.lstrip(b"\0")
        elif tag == 6:
            found.signer_issuer = as_text(inner)


def _read_algorithms(found, value):
    for _, tag, inner in elements(value, 0, len(value)):
        if tag == 8:
            found.digest = inner[0]
        elif tag == 9:
            for _, deep, code in elements(inner, 0, len(inner)):
                if deep == 11:
                    found.modulus_code = code[0]


def _read_header_element(found, at, tag, value):
    if tag == 28:
        found.signer_version = tuple(value)
    elif tag == 3:
        _read_signer(found, value)
    elif tag == 7:
        _read_algorithms(found, value)
    elif tag == 12:
        found.signature, found.signature_at = value, at
    elif tag == 13:
        found.padding += 1
    elif tag == 14:
        found.filename = as_text(value)
    elif tag == 15:
        found.timestamp = int.from_bytes(value, "big")
    elif tag not in (1, 2):
        found.unknown_tags.append(tag)


def _read_record(data, index, at):
    if data[at:at + 3] != b"\x01\x00\x02":
        raise Unreadable(f"no record at byte {at}")
    length = int.from_bytes(data[at + 3:at + 5], "big")
    if length < 5 or at + length > len(data):
        raise Unreadable(f"record {index} at byte {at} claims {length} bytes")
    record = ReadRecord(index, at, length)
    for _, tag, value in elements(data, at, at + length):
        record.tags.append(tag)
        if tag == 2:
            record.dns = as_text(value)
        elif tag == 3:
            record.subject = as_text(value)
        elif tag == 4:
            record.role = int.from_bytes(value, "big")
        elif tag == 5:
            record.issuer = as_text(value)
        elif tag == 6:
            record.serial = value.lstrip(b"\0")
        elif tag == 7:
            record.public_key = value
        elif tag == 9:
            record.certificate = value
        elif tag == 10:
            record.address = ".".join(str(byte) for byte in value)
    return record


def read(data, body=None):
    """Reads a list. `body`: True when records must not be looked for (a signed file); None: by version and name."""
    if data[:3] != b"\x01\x00\x02" or data[5:8] != b"\x02\x00\x02":
        raise Unreadable("does not begin like a trust list")
    found = ReadList(data, version=tuple(data[3:5]), header_length=int.from_bytes(data[8:10], "big"))
    if found.header_length > len(data):
        raise Unreadable(f"header claims {found.header_length} bytes, the file has {len(data)}")
    for at, tag, value in elements(data, 0, found.header_length, bare=13):
        _read_header_element(found, at, tag, value)
    if body is None:
        body = found.kind == "signed file"
    at = len(data) if body else found.header_length
    while at < len(data):
        if data[at] != 1:
            found.trailing = data[at:]      # phones were seen to tolerate it
            break
        record = _read_record(data, len(found.records) + 1, at)
        found.records.append(record)
        at += record.length
    return found


def signed_bytes(found):
    end = found.signature_at + 3 + len(found.signature)
    return found.data[:found.signature_at] + found.data[end:]


def verify(found, certificate_der):
    """True when the certificate's key made the list's signature."""
    key = x509.load_der_x509_certificate(certificate_der).public_key()
    chosen = HASHES.get(found.digest)
    if chosen is None or found.signature_at is None or not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        key.verify(found.signature, signed_bytes(found), padding.PKCS1v15(), chosen())
    except InvalidSignature:
        return False
    return True


def same_signer(found, record):
    """The header names this record: same issuer and serial."""
    return record.issuer == found.signer_issuer and record.serial == found.signer_serial


def signature_status(found):
    """('valid', record index), ('invalid', …) or ('unverifiable', None): the signer is not in its own list."""
    for record in found.records:
        if record.certificate is not None and same_signer(found, record) and found.digest in HASHES:
            return ("valid" if verify(found, record.certificate) else "invalid"), record.index
    return "unverifiable", None


def public_key_matches(record):
    """The key of element 7 is that of the certificate of element 9."""
    key = record.x509.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        wanted = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    else:
        wanted = key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return wanted == record.public_key
