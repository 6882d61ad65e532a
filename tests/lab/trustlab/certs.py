# SPDX-License-Identifier: GPL-2.0-or-later
# Makes certificates like CUCM's: any dates, key size, digest, serial, names; keys come from a cache, so tests are quick.
# It must not know about lists or clusters. Lengths can be forced, since published listings give them.
# Facts: document 210541 (which certificates a node has) and the names in published listings.
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
import hashlib
import os
from pathlib import Path
import tempfile
import warnings

from cryptography import utils, x509
from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

# SHA-1 is what old clusters sign with; and the cache's keys are our own: checking primes costs 40 ms each.
warnings.filterwarnings("ignore", category=utils.CryptographyDeprecationWarning)
if hasattr(backend, "_rsa_skip_check_key"):
    backend._rsa_skip_check_key = True

OIDS = {"CN": NameOID.COMMON_NAME, "OU": NameOID.ORGANIZATIONAL_UNIT_NAME, "O": NameOID.ORGANIZATION_NAME,
        "L": NameOID.LOCALITY_NAME, "ST": NameOID.STATE_OR_PROVINCE_NAME, "C": NameOID.COUNTRY_NAME}
SHORT = {oid: short for short, oid in OIDS.items()}
LIST_ORDER = ("CN", "OU", "O", "L", "ST", "C")      # how lists and TVS write a name, whatever its order in DER
COMMENT = ObjectIdentifier("2.16.840.1.113730.1.13")    # Netscape comment: a harmless place to put filler
RSA_SHA256, RSA_SHA1 = (bytes.fromhex("06092a864886f70d0101") + last for last in (b"\x0b", b"\x05"))
DIGESTS = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}


def name_text(name):
    """A name as lists write it: RDNs joined with ';', order CN;OU;O;L;ST;C."""
    found = {SHORT.get(part.oid, part.oid.dotted_string): part.value for part in name}
    known = [short for short in LIST_ORDER if short in found]
    return ";".join(f"{short}={found[short]}" for short in known)


def make_name(text):
    """'L=..,ST=..,CN=..' to a name, in that order."""
    parts = [part.strip().partition("=") for part in text.split(",")]
    return x509.Name([x509.NameAttribute(OIDS[short], value) for short, _, value in parts])


class KeyCache:
    """Private keys by name: the same name gives the same key, from a file when there is one."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def get(self, name, kind):
        path = self.folder / f"{name}-{kind}.pem"
        if path.exists():
            return serialization.load_pem_private_key(path.read_bytes(), None)
        key = self._generate(kind)
        # Several tests may share the cache: a half-written key must never be seen.
        handle, temporary = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(handle, "wb") as out:
            out.write(key_pem(key))
        try:
            os.link(temporary, path)
        except FileExistsError:
            return self.get(name, kind)
        finally:
            os.unlink(temporary)
        return key

    def prefetch(self, names, kind="2048"):
        """Makes missing keys side by side: that is where the time of a first run goes."""
        missing = [name for name in names if not (self.folder / f"{name}-{kind}.pem").exists()]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda name: self.get(name, kind), missing))

    @staticmethod
    def _generate(kind):
        if str(kind).startswith("ec"):
            curve = {"ec256": ec.SECP256R1, "ec384": ec.SECP384R1, "ec521": ec.SECP521R1}[kind]
            return ec.generate_private_key(curve())
        return rsa.generate_private_key(65537, int(kind))


def key_pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


class Certificate:
    """A certificate with its key and the values lists need of it."""

    def __init__(self, name, certificate, private_key):
        self.name = name
        self.x509 = certificate
        self.private_key = private_key
        self.der = certificate.public_bytes(serialization.Encoding.DER)
        self.pem = certificate.public_bytes(serialization.Encoding.PEM)
        self.subject_text = name_text(certificate.subject)
        self.issuer_text = name_text(certificate.issuer)
        self.signature = certificate.signature
        number = certificate.serial_number
        self.serial_bytes = number.to_bytes((number.bit_length() + 7) // 8 or 1, "big")

    @property
    def serial_hex(self):
        return self.serial_bytes.hex().upper()

    @property
    def sha1(self):
        return hashlib.sha1(self.der).hexdigest()

    @property
    def sha256(self):
        return hashlib.sha256(self.der).hexdigest()

    @property
    def not_before(self):
        return int(self.x509.not_valid_before.replace(tzinfo=timezone.utc).timestamp())

    @property
    def not_after(self):
        return int(self.x509.not_valid_after.replace(tzinfo=timezone.utc).timestamp())

    @property
    def key_text(self):
        key = self.private_key
        return f"RSA {key.key_size}" if isinstance(key, rsa.RSAPrivateKey) else f"EC {key.curve.key_size}"

    @property
    def public_key_der(self):
        """As a list carries it: PKCS#1 for RSA, the raw point for EC."""
        key = self.private_key.public_key()
        if isinstance(key, rsa.RSAPublicKey):
            return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
        return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)

    def write(self, folder):
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.pem").write_bytes(self.pem)
        (folder / f"{self.name}.der").write_bytes(self.der)
        (folder / f"{self.name}.key").write_bytes(key_pem(self.private_key))


def default_serial(name):
    """16 bytes with a high first bit clear, the same for the same name."""
    return int.from_bytes(b"\x5a" + hashlib.sha256(name.encode()).digest()[:15], "big")


class Maker:
    """Makes certificates with one cache, one clock and one default validity."""

    def __init__(self, cache, now, not_before=None, not_after=None, dates=None):
        self.cache = cache if isinstance(cache, KeyCache) else KeyCache(cache)
        self.now = now
        self.not_before = now - 365 * 86400 if not_before is None else not_before
        self.not_after = now + 4 * 365 * 86400 if not_after is None else not_after
        self.dates = dates or {}        # {certificate name: (not_before, not_after)}

    def make(self, name, subject, *, issuer=None, key="2048", key_name=None, digest="sha256", serial=None,
             not_before=None, not_after=None, ca=False, usage=True, issuer_name=None, size=None, san=None):
        """`issuer`: the Certificate that signs, None for self-signed; `issuer_name` overrides the name written."""
        private = self.cache.get(key_name or name, key)
        begin, end = self.dates.get(name, (not_before, not_after))
        dates = (self.not_before if begin is None else begin, self.not_after if end is None else end)
        subject_name = make_name(subject) if isinstance(subject, str) else subject
        signer_name = make_name(issuer_name) if issuer_name else issuer.x509.subject if issuer else subject_name
        number = default_serial(name) if serial is None else serial

        def build(filler):
            builder = self._builder(subject_name, signer_name, private, number, dates, ca, usage, san, filler)
            return signed(builder, issuer.private_key if issuer else private, digest)

        return Certificate(name, build(None) if size is None else sized(build, size), private)

    @staticmethod
    def _builder(subject, issuer, private, serial, dates, ca, usage, san, filler):
        moment = [datetime.fromtimestamp(date, timezone.utc) for date in dates]
        builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
                   .public_key(private.public_key()).serial_number(serial)
                   .not_valid_before(moment[0]).not_valid_after(moment[1]))
        if usage:
            eku = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
            builder = builder.add_extension(x509.ExtendedKeyUsage(eku), False)
            builder = builder.add_extension(x509.KeyUsage(True, False, True, True, False, ca, False, False, False),
                                            False)
        if ca:
            builder = builder.add_extension(x509.BasicConstraints(True, None), True)
        if san:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in san]), False)
        if filler is not None:
            body = b"\x16" + der_length(len(filler)) + filler
            builder = builder.add_extension(x509.UnrecognizedExtension(COMMENT, body), False)
        return builder


def signed(builder, key, digest):
    """Newer libraries sign no certificate with SHA-1, as old clusters do: there the algorithm's last byte is changed
    in a certificate with SHA-256, both times that it stands there, and it is signed again."""
    if digest != "sha1":
        return builder.sign(key, DIGESTS[digest]())
    made = builder.sign(key, hashes.SHA256())
    before, after = made.public_bytes(serialization.Encoding.DER).split(made.tbs_certificate_bytes)
    body = made.tbs_certificate_bytes.replace(RSA_SHA256, RSA_SHA1, 1)
    algorithm = after[:-len(made.signature)].replace(RSA_SHA256, RSA_SHA1)
    return x509.load_der_x509_certificate(before + body + algorithm +
                                          key.sign(body, padding.PKCS1v15(), hashes.SHA1()))


def der_length(size):
    if size < 128:
        return bytes([size])
    return bytes([0x81, size]) if size < 256 else b"\x82" + size.to_bytes(2, "big")


def sized(build, size):
    """A certificate of exactly `size` bytes of DER, by filler in a comment extension."""
    plain = build(None)
    missing = size - len(plain.public_bytes(serialization.Encoding.DER))
    if missing == 0:
        return plain
    for count in range(max(0, missing - 40), max(0, missing) + 1):
        made = build(b"x" * count)
        if len(made.public_bytes(serialization.Encoding.DER)) == size:
            return made
    raise ValueError(f"cannot make a certificate of {size} bytes: {missing} bytes off without filler")
