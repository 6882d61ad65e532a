# SPDX-License-Identifier: GPL-2.0-or-later
# Writes ITL, CTL and signed files, with a handle on every byte, so that tests can build any shape and any fault.
# It must not know what a cluster is (cluster.py does), and it shares nothing with the reader (listreader.py) but numbers.
# Facts: the published listings of documents 118893, 118892 and 116232; see the README for the arithmetic.
from dataclasses import dataclass, field
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

SAST, CCM, CCM_TFTP, TFTP, CAPF, APP_SERVER, TVS = 0, 1, 2, 3, 4, 7, 21
ROLE_NAMES = {SAST: "SAST", CCM: "CCM", CCM_TFTP: "CCM+TFTP", TFTP: "TFTP", CAPF: "CAPF",
              5: "SRST", 6: "phone firewall", APP_SERVER: "application server", 20: "certificate authority",
              TVS: "TVS"}
SHA1, SHA256, SHA512 = 1, 2, 3
DIGESTS = {SHA1: hashes.SHA1, SHA256: hashes.SHA256, SHA512: hashes.SHA512}
DIGEST_NAMES = {SHA1: "SHA-1", SHA256: "SHA-256", SHA512: "SHA-512"}
MODULUS_CODES = {64: 0, 128: 1, 256: 2, 512: 3}

PADDING_TAG = 13            # in the header it has neither length nor value
SIGNATURE_TAG = 12
HEADER_ORDER = (1, 2, 28, 3, 7, 12, 14, 15, PADDING_TAG)
SIGNER_ORDER = (4, 5, 6)    # other writers than CUCM: 4, 6, 5
RECORD_ORDER = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)


def tlv(tag, value, length=None):
    """One element; `length` lies about the size on purpose."""
    return struct.pack(">BH", tag, len(value) if length is None else length) + value


def text(string):
    """Text as it stands in a list: the NUL counts."""
    return string.encode("latin-1") + b"\0"


def ipv4(address):
    return bytes(int(part) for part in address.split("."))


@dataclass
class Record:
    """One record. A field that is None is left out; `raw` adds elements at the end, `length` overrides the sum."""
    role: int
    dns: str = ""
    subject: str = None
    issuer: str = None
    serial: bytes = None
    public_key: bytes = None
    signature: bytes = None
    certificate: bytes = None
    address: str = None
    hash: bytes = None
    hash_algorithm: int = None
    order: tuple = RECORD_ORDER
    raw: tuple = ()             # ((tag, value), …)
    length: int = None
    source: object = None       # the certs.Certificate it was made of: for the manifest, not for the bytes

    @classmethod
    def of(cls, certificate, role, dns="", address=None, **changes):
        """The record CUCM writes for a certificate."""
        record = cls(role=role, dns=dns, subject=certificate.subject_text, issuer=certificate.issuer_text,
                     serial=certificate.serial_bytes, public_key=certificate.public_key_der,
                     signature=certificate.signature, certificate=certificate.der, address=address,
                     source=certificate)
        for name, value in changes.items():
            setattr(record, name, value)
        return record

    def _values(self):
        return {2: None if self.dns is None else text(self.dns),
                3: None if self.subject is None else text(self.subject),
                4: None if self.role is None else struct.pack(">H", self.role),
                5: None if self.issuer is None else text(self.issuer),
                6: self.serial, 7: self.public_key, 8: self.signature, 9: self.certificate,
                10: None if self.address is None else ipv4(self.address),
                11: self.hash,
                12: None if self.hash_algorithm is None else bytes([self.hash_algorithm])}

    def encode(self):
        values = self._values()
        present = [tag for tag in self.order if tag == 1 or values.get(tag) is not None]
        extra = b"".join(tlv(tag, value) for tag, value in self.raw)
        size = 5 + sum(3 + len(values[tag]) for tag in present if tag != 1) + len(extra)
        values[1] = struct.pack(">H", (size if self.length is None else self.length) & 0xFFFF)
        return b"".join(tlv(tag, values[tag]) for tag in present) + extra


@dataclass
class TrustList:
    """A list, or with `body` a signed file (.sgn). Every None means: as CUCM writes it."""
    signer: object                  # certs.Certificate with its key; names the signer and signs
    records: list = field(default_factory=list)
    filename: str = "ITLFile.tlv"
    timestamp: int = 0
    digest: int = SHA512
    version: tuple = (1, 2)
    signer_version: tuple = None    # tag 28, left out when None
    body: bytes = b""               # what follows the header of a .sgn
    order: tuple = HEADER_ORDER
    signer_order: tuple = SIGNER_ORDER
    signer_name: str = None         # what the header says, where it shall differ from the key that signs
    signer_serial: bytes = None
    signer_issuer: str = None
    signing_digest: int = None      # the hash really used, where tag 8 shall say another
    modulus_code: int = None
    signature_algorithm: int = 0
    signature: bytes = None         # bytes instead of a real signature
    padding: int = None             # number of bare bytes
    header_length: int = None
    container_lengths: dict = field(default_factory=dict)   # {3: n, 7: n, 9: n}: lies
    container_slack: dict = field(default_factory=dict)     # {3: bytes}: bytes after the elements, counted
    header_raw: tuple = ()          # ((tag, value), …), after everything but the padding
    trailing: bytes = b""           # after the last record; signed like the rest

    @property
    def signature_length(self):
        if self.signature is not None:
            return len(self.signature)
        return self.signer.private_key.key_size // 8

    def _container(self, tag, value):
        return tlv(tag, value + self.container_slack.get(tag, b""), self.container_lengths.get(tag))

    def _signer_id(self):
        signer = self.signer
        serial = self.signer_serial if self.signer_serial is not None else signer.serial_bytes
        values = {4: text(self.signer_name if self.signer_name is not None else signer.subject_text),
                  5: serial,
                  6: text(self.signer_issuer if self.signer_issuer is not None else signer.issuer_text)}
        return self._container(3, b"".join(tlv(tag, values[tag]) for tag in self.signer_order))

    def _signature_info(self):
        code = self.modulus_code
        if code is None:
            code = MODULUS_CODES.get(self.signature_length, 2)
        algorithm = tlv(10, bytes([self.signature_algorithm])) + tlv(11, bytes([code]))
        return self._container(7, tlv(8, bytes([self.digest])) + self._container(9, algorithm))

    def pieces(self, signature):
        """The header as {tag: encoded bytes}, in writing order; padding and lengths settled last."""
        made = {1: tlv(1, bytes(self.version)), 2: tlv(2, b"\0\0"), 3: self._signer_id(),
                7: self._signature_info(), 12: tlv(12, signature), 14: tlv(14, text(self.filename)),
                15: tlv(15, struct.pack(">I", self.timestamp & 0xFFFFFFFF))}
        if self.signer_version is not None:
            made[28] = tlv(28, bytes(self.signer_version))
        made["raw"] = b"".join(tlv(tag, value) for tag, value in self.header_raw)
        order = [tag for tag in self.order if tag in made and tag != PADDING_TAG] + ["raw"]
        size = sum(len(made[tag]) for tag in order)
        count = -size % 4 if self.padding is None else self.padding
        made[PADDING_TAG] = bytes([PADDING_TAG]) * count
        length = size + count if self.header_length is None else self.header_length
        made[2] = tlv(2, struct.pack(">H", length & 0xFFFF))
        return made, order + [PADDING_TAG]

    def _tail(self):
        return b"".join(record.encode() for record in self.records) + self.body + self.trailing

    def _sign(self, data):
        digest = DIGESTS.get(self.signing_digest or self.digest, hashes.SHA512)()
        key = self.signer.private_key
        if not isinstance(key, rsa.RSAPrivateKey):
            raise ValueError("lists are signed with RSA keys only")
        return key.sign(data, padding.PKCS1v15(), digest)

    def encode(self):
        """The file. What is signed is everything but the whole element 12, its tag and length included."""
        made, order = self.pieces(bytes(self.signature_length))
        tail = self._tail()
        if self.signature is None:
            unsigned = b"".join(made[tag] for tag in order if tag != SIGNATURE_TAG) + tail
            made[SIGNATURE_TAG] = tlv(SIGNATURE_TAG, self._sign(unsigned))
        else:
            made[SIGNATURE_TAG] = tlv(SIGNATURE_TAG, self.signature)
        return b"".join(made[tag] for tag in order) + tail


def signed_file(signer, name, body, timestamp, digest=SHA512, **changes):
    """A signed configuration file: the same header, version 1.0, then the file itself."""
    return TrustList(signer=signer, filename=name, body=body, timestamp=timestamp, digest=digest,
                     version=changes.pop("version", (1, 0)), **changes)
