# SPDX-License-Identifier: GPL-2.0-or-later
# One list per anomaly, otherwise correct and validly signed: the object for each test of a finding.
# To add one: a function that changes a clean ITL, and a row in TABLE. How the bytes are made must not follow from what
# the product finds in them; what it has to find, no more and no less, stands in the row as `expects`.
from dataclasses import dataclass
import json

from . import manifest
from .certs import Maker
from .trustlist import (CAPF, CCM_TFTP, HEADER_ORDER, SAST, SHA1, SIGNATURE_TAG, TVS, Record, TrustList, signed_file)

DAY = 86400
HOST, ADDRESS = "cucm-craft.example", "203.0.113.21"
SUBJECT = "L=Utrecht,ST=Utrecht,CN={},OU=Voice,O=Example Craft,C=NL"


class Bench:
    """The clean list and what is needed to spoil it."""

    def __init__(self, cache, now):
        self.now = now
        self.maker = Maker(cache, now)
        self.recovery = self.make("craft-itlrecovery", f"ITLRECOVERY_{HOST}")
        self.manager = self.make("craft-callmanager", HOST)
        self.tvs = self.make("craft-tvs", HOST)
        self.capf = self.make("craft-capf", "CAPF-0c1d2e3f", ca=True)

    def make(self, name, common_name, **options):
        return self.maker.make(name, SUBJECT.format(common_name), **options)

    def record(self, certificate, role, **changes):
        return Record.of(certificate, role, dns=HOST, address=ADDRESS, **changes)

    def itl(self, **changes):
        roles = ((self.recovery, SAST), (self.manager, SAST), (self.manager, CCM_TFTP), (self.tvs, TVS),
                 (self.capf, CAPF))
        settings = {"signer": self.recovery, "records": [self.record(one, role) for one, role in roles],
                    "timestamp": self.now - 30 * DAY, "signer_version": (1, 1)}
        settings.update(changes)
        return TrustList(**settings)

    def ctl(self, **changes):
        made = self.itl(filename="CTLFile.tlv", **changes)
        made.records = [record for record in made.records if record.role != TVS]
        return made

    def with_dated(self, begin_days, end_days, role=TVS):
        """An ITL whose TVS (or other) certificate is valid from and to so many days from now."""
        made = self.itl()
        dated = self.make("craft-tvs", HOST, not_before=self.now + begin_days * DAY,
                          not_after=self.now + end_days * DAY)
        made.records = [self.record(dated, role) if record.role == role else record for record in made.records]
        return made


def _record_serial(bench):
    made = bench.itl()
    made.records[3].serial = b"\x11" * 16
    return made


def _record_key(bench):
    made = bench.itl()
    made.records[3].public_key = bench.capf.public_key_der
    return made


def _collision(bench):
    """Two different certificates under one issuer and serial: TVS's lookup key can only find one."""
    made = bench.itl()
    twin = bench.make("craft-tvs-twin", HOST, serial=bench.tvs.x509.serial_number)
    made.records.append(bench.record(twin, TVS))
    return made


def _same_serial(bench):
    """The same serial number and role, but each issued by another."""
    made = bench.itl()
    other = bench.make("craft-tvs-other", "other.example", serial=bench.tvs.x509.serial_number)
    made.records.append(bench.record(other, TVS))
    return made


def _signer_dated(bench, begin_days, end_days):
    signer = bench.make("craft-itlrecovery", f"ITLRECOVERY_{HOST}", not_before=bench.now + begin_days * DAY,
                        not_after=bench.now + end_days * DAY)
    made = bench.itl(signer=signer)
    made.records[0] = bench.record(signer, SAST)
    return made


def _changed(bench, index, **changes):
    """A clean ITL with other values in one record."""
    made = bench.itl()
    for name, value in changes.items():
        setattr(made.records[index], name, value)
    return made


def _etoken(bench):
    """The anchor of the CTL is a USB token; its names are spelled as the tokens' software did."""
    authority = bench.make("craft-token-ca", "Token CA", ca=True)
    token = bench.maker.make("craft-token", "CN=\"SAST-ADN008580ef        \",OU=IPCBU,O=\"Cisco Systems", key="1024",
                             issuer=authority)
    made = bench.ctl(signer=token)
    made.records[0] = bench.record(token, SAST, subject='cn="SAST-ADN008580ef        ";ou=IPCBU;o="Cisco Systems',
                                   signature=None)
    return made


def _countless(bench):
    """More records than are ever judged; each is whole, and says nothing but its role."""
    made = bench.itl()
    made.records += [Record(role=CAPF, dns=None)] * 4096
    return made


def _many(bench, count, size=None, key="2048"):
    made = bench.itl()
    for number in range(len(made.records), count):
        host = f"node{number}.example"
        one = bench.make(f"craft-many{number}", host, key_name=f"craft-many{number % 4}", key=key, size=size)
        made.records.append(Record.of(one, TVS, dns=host, address=f"203.0.113.{100 + number}"))
    return made


def _without(bench, *roles):
    made = bench.itl()
    made.records = [record for record in made.records if record.role not in roles]
    return made


def _one_anchor(bench):
    made = bench.itl()
    made.records = [record for record in made.records if record.role != SAST or record.source is bench.recovery]
    return made


def _stranger(bench):
    return bench.make("craft-stranger", "stranger.example")


def _signer_no_sast(bench):
    made = bench.itl(signer=bench.manager)
    made.records = [record for record in made.records if not (record.role == SAST and record.source is bench.manager)]
    return made


def _unknown_record_tag(bench):
    made = bench.itl()
    made.records[1].raw = ((77, b"new"),)
    return made


def _unknown_role(bench):
    made = bench.itl()
    made.records.append(bench.record(bench.make("craft-odd", "odd.example"), 99))
    return made


def _small_capf(bench):
    made = bench.itl()
    made.records[-1] = bench.record(bench.make("craft-small-capf", "CAPF-0c1d2e3f", key="1024", ca=True), CAPF)
    return made


def _small_recovery(bench):
    small = bench.make("craft-small", f"ITLRECOVERY_{HOST}", key="1024")
    made = bench.itl(signer=small)
    made.records[0] = bench.record(small, SAST)
    return made


def _leading_zero(bench):
    made = bench.itl()
    for record in made.records:
        record.serial = b"\0" + record.serial
    return made


def _hostile_text(bench):
    made = bench.itl()
    made.records[1].dns = "evil|\x1b[31m\n.example"
    return made


def _no_certificates(bench):
    made = bench.ctl()
    for record in made.records:
        if record.role == CCM_TFTP:
            record.subject = record.issuer = record.serial = None
            record.public_key = record.signature = record.certificate = None
    return made


def _ec_record(bench):
    made = bench.itl()
    curve = bench.make("craft-ec", "craft-EC.example", key="ec384", digest="sha384")
    made.records.append(bench.record(curve, CCM_TFTP))
    return made


def _broken_certificate(bench):
    made = bench.itl()
    made.records[3].certificate = made.records[3].certificate[:-20] + b"\xff" * 20
    made.records[3].certificate = b"\x30\x82\xff\xff" + made.records[3].certificate[4:]
    return made


def _record_length(bench, change):
    made = bench.itl()
    made.records[-1].length = len(made.records[-1].encode()) + change
    return made


@dataclass
class Row:
    about: str
    build: object               # Bench → TrustList
    signature: str = "valid"    # what a correct verifier finds
    spoil: object = None        # bytes → bytes, after signing
    kind: str = "ITL"
    expects: tuple = ()         # ids of all findings about it, where the version of the cluster is not known


TABLE = {
    "clean": Row("nothing wrong: ITL like 14's, SHA-512, signed by ITLRecovery", lambda b: b.itl()),
    "clean-ctl": Row("nothing wrong: CTL signed by ITLRecovery", lambda b: b.ctl(), kind="CTL"),

    # Structure
    "not-a-list": Row("a page of a web server", lambda b: b.itl(), "unverifiable", lambda data: b"<html>" + b"not found " * 99,
                      expects=("TL-NOT-A-LIST",)),
    "header-length": Row("the header claims to end in the middle of an element", lambda b: b.itl(header_length=300),
                         "unverifiable", expects=("TL-HEADER-LENGTH",)),
    "unknown-header-tag": Row("element 99 in the header", lambda b: b.itl(header_raw=((99, b"what"),)),
                              expects=("TL-TAG-UNKNOWN",)),
    "unknown-record-tag": Row("element 77 in record 2", _unknown_record_tag, expects=("TL-TAG-UNKNOWN",)),
    "unknown-role": Row("a record with role 99", _unknown_role, expects=("TL-ROLE-UNKNOWN",)),
    "newer-minor": Row("version 1.9", lambda b: b.itl(version=(1, 9)), expects=("TL-VERSION-NEWER",)),
    "newer-major": Row("version 2.0", lambda b: b.itl(version=(2, 0)), expects=("TL-VERSION-UNKNOWN",)),
    "element-length": Row("an address of 16 bytes in record 2",
                          lambda b: _changed(b, 1, address=None, raw=((10, bytes(16)),)),
                          expects=("TL-ELEMENT-LENGTH",)),
    "element-missing": Row("record 5 has no role", lambda b: _changed(b, 4, role=None), expects=("TL-ELEMENT-MISSING",)),
    "element-repeated": Row("record 2 has two DNS names", lambda b: _changed(b, 1, raw=((2, b"twice.example\0"),)),
                            expects=("TL-ELEMENT-REPEATED",)),
    "text-without-nul": Row("the DNS name of record 2 does not end in NUL",
                            lambda b: _changed(b, 1, dns=None, raw=((2, b"host.example"),)), expects=("TL-TEXT-NUL",)),
    "container-length": Row("signer id counts two bytes that belong to none of its elements",
                            lambda b: b.itl(container_slack={3: b"\0\0"}), expects=("TL-CONTAINER-LENGTH",)),
    "container-cut": Row("tag 9 claims one byte less than its elements have",
                         lambda b: b.itl(container_lengths={9: 7}), expects=("TL-CONTAINER-LENGTH",)),
    "modulus-code": Row("modulus code says 128 bytes, the signature has 256", lambda b: b.itl(modulus_code=1),
                        expects=("TL-MODULUS-CODE",)),
    "trailing-bytes": Row("8 signed bytes after the last record", lambda b: b.itl(trailing=b"\xee" * 8),
                          expects=("TL-TRAILING-BYTES",)),
    "trailing-unsigned": Row("8 bytes appended after signing", lambda b: b.itl(), "invalid",
                             lambda data: data + b"\xee" * 8, expects=("TL-SIGNATURE-INVALID", "TL-TRAILING-BYTES")),
    "wrong-filename": Row("tag 14 says CTLFile.tlv in an ITL with TVS records", lambda b: b.itl(filename="CTLFile.tlv"),
                          kind="CTL", expects=("TL-TVS-IN-CTL",)),
    "strange-filename": Row("tag 14 says Other.tlv", lambda b: b.itl(filename="Other.tlv"),
                            expects=("TL-FILENAME-UNKNOWN",)),
    "future-timestamp": Row("made 10 days from now", lambda b: b.itl(timestamp=b.now + 10 * DAY),
                            expects=("TL-TIMESTAMP-FUTURE",)),
    "record-too-long": Row("the last record claims 9 bytes more than the file has", lambda b: _record_length(b, 9),
                           "valid", expects=("TL-TRUNCATED",)),
    "record-too-short": Row("the last record claims 4 bytes less than its elements", lambda b: _record_length(b, -4),
                            expects=("TL-RECORD-LENGTH", "TL-TRAILING-BYTES")),
    "truncated": Row("the file ends in the middle of the last record", lambda b: b.itl(), "invalid",
                     lambda data: data[:-100], expects=("TL-SIGNATURE-INVALID", "TL-TRUNCATED")),
    "countless-records": Row("4101 records", _countless, expects=("TL-TOO-MANY-RECORDS",)),
    "forty-records": Row("40 records, together more than 64 KB", lambda b: _many(b, 40),
                         expects=("TL-MANY-CERTIFICATES", "TL-OVER-64K")),
    "forty-small-records": Row("40 records, most of them EC, together less than 64 KB",
                               lambda b: _many(b, 40, key="ec256"), expects=("TL-MANY-CERTIFICATES",)),
    "over-64k": Row("more than 64 KB", lambda b: _many(b, 45, size=1400),
                    expects=("TL-MANY-CERTIFICATES", "TL-OVER-64K")),
    "large-certificates": Row("more than 64 KB in 23 certificates", lambda b: _many(b, 23, size=3000),
                              expects=("TL-OVER-64K",)),
    "hostile-text": Row("DNS name with |, escape and line feed", _hostile_text),

    # Signature
    "invalid-signature": Row("one byte of the signature changed", lambda b: b.itl(), "invalid",
                             lambda data: flip(data, 300), expects=("TL-SIGNATURE-INVALID",)),
    "changed-record": Row("one byte of the last record changed", lambda b: b.itl(), "invalid",
                          lambda data: flip(data, len(data) - 1), expects=("TL-SIGNATURE-INVALID",)),
    "no-signature": Row("element 12 is missing", lambda b: b.itl(order=tuple(tag for tag in HEADER_ORDER
                                                                             if tag != SIGNATURE_TAG)),
                        "invalid", expects=("TL-SIGNATURE-MISSING",)),
    "signer-absent": Row("signed by a certificate that is not in the list", lambda b: b.itl(signer=_stranger(b)),
                         "unverifiable", expects=("TL-SIGNER-ABSENT",)),
    "signer-no-sast": Row("signer is only CCM+TFTP in the list", _signer_no_sast,
                          expects=("TL-ONE-ANCHOR", "TL-SIGNER-NOT-SAST")),
    "no-sast": Row("no SAST record at all", lambda b: _without(b, SAST), "unverifiable", expects=("TL-SIGNER-ABSENT",)),
    "unknown-digest": Row("digest number 9 (signed with SHA-512)", lambda b: b.itl(digest=9), "unverifiable",
                          expects=("TL-DIGEST-UNKNOWN",)),
    "sha1": Row("SHA-1, as CUCM does by default", lambda b: b.itl(digest=SHA1), expects=("TL-DIGEST-SHA1",)),
    "signed-file": Row("a signed configuration file", lambda b: signed_file(b.manager, "SEP00005E005332.cnf.xml.sgn",
                                                                            b"<device/>\n" * 40, b.now - 30 * DAY),
                       "unverifiable", kind="signed file", expects=("TL-SIGNED-ELSEWHERE",)),
    "signer-expired": Row("ITLRecovery, which signed, expired 10 days ago", lambda b: _signer_dated(b, -400, -10),
                          expects=("TL-CERT-EXPIRED", "TL-SIGNER-DATES")),
    "signer-not-yet-valid": Row("ITLRecovery, which signed, is valid from 10 days on",
                                lambda b: _signer_dated(b, 10, 400),
                                expects=("TL-CERT-NOT-YET-VALID", "TL-SIGNER-DATES")),
    "signed-by-callmanager": Row("ITL signed by the CallManager certificate: usual up to 11.5",
                                 lambda b: b.itl(signer=b.manager)),

    # Certificates
    "expired": Row("TVS certificate expired 10 days ago", lambda b: b.with_dated(-400, -10),
                   expects=("TL-CERT-EXPIRED",)),
    "expiring": Row("TVS certificate expires in 30 days", lambda b: b.with_dated(-400, 30),
                    expects=("TL-CERT-EXPIRING",)),
    "expiring-soon": Row("TVS certificate expires in 5 days", lambda b: b.with_dated(-400, 5),
                         expects=("TL-CERT-EXPIRING",)),
    "not-yet-valid": Row("TVS certificate valid from 10 days on", lambda b: b.with_dated(10, 400),
                         expects=("TL-CERT-NOT-YET-VALID",)),
    "broken-certificate": Row("record 4's certificate is no DER", _broken_certificate, expects=("TL-CERT-UNREADABLE",)),
    "record-serial": Row("record 4 has another serial than its certificate", _record_serial,
                         expects=("TL-RECORD-SERIAL",)),
    "record-issuer": Row("record 4 names another issuer than its certificate",
                         lambda b: _changed(b, 3, issuer="CN=other.example;OU=Voice;O=Example Craft"),
                         expects=("TL-RECORD-ISSUER",)),
    "record-spelling": Row("record 4 spells the issuer as eTokens do",
                           lambda b: _changed(b, 3, issuer=f'cn="{HOST.upper()}  ";ou=Voice;o="Example Craft')),
    "record-key": Row("record 4 has another key than its certificate", _record_key, expects=("TL-RECORD-KEY",)),
    "record-leading-zero": Row("serials of records written with a leading 00", _leading_zero),
    "issuer-serial-collision": Row("two certificates with one issuer and serial", _collision,
                                   expects=("TL-ISSUER-SERIAL-TWICE",)),
    "same-serial": Row("two TVS certificates with one serial and two issuers", _same_serial,
                       expects=("TL-SERIAL-TWICE",)),
    "weak-key": Row("ITLRecovery with 1024 bits among 2048-bit keys", _small_recovery,
                    expects=("TL-RECOVERY-KEY-SMALL",)),
    "weak-capf": Row("CAPF with 1024 bits among 2048-bit keys", _small_capf, expects=("TL-KEY-SMALL",)),
    "ec-record": Row("an EC certificate as CCM+TFTP", _ec_record),

    # Content
    "blank": Row("only SAST and CAPF records: rollback to before 8.0 is prepared",
                 lambda b: _without(b, TVS, CCM_TFTP), expects=("TL-BLANK",)),
    "no-tvs": Row("ITL without a TVS record", lambda b: _without(b, TVS), expects=("TL-NO-TVS",)),
    "no-servers": Row("ITL without a TFTP server", lambda b: _without(b, CCM_TFTP), expects=("TL-ROLE-MISSING",)),
    "one-anchor": Row("ITL with ITLRecovery as its only SAST", _one_anchor, expects=("TL-ONE-ANCHOR",)),
    "tvs-in-ctl": Row("TVS record in a CTL", lambda b: b.itl(filename="CTLFile.tlv"), kind="CTL",
                      expects=("TL-TVS-IN-CTL",)),
    "no-certificates": Row("CTL whose CCM+TFTP has no certificate: non-secure again", _no_certificates, kind="CTL",
                           expects=("TL-CTL-NONSECURE",)),
    "etoken": Row("CTL signed by a USB eToken: usual before 14SU3", _etoken, kind="CTL"),
}


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def _encode(row, bench):
    made = row.build(bench)
    data = made.encode()
    return made, row.spoil(data) if row.spoil else data


def build(name, cache, now):
    return _encode(TABLE[name], Bench(cache, now))[1]


def write_all(folder, cache, now):
    folder.mkdir(parents=True, exist_ok=True)
    bench, entries = Bench(cache, now), []
    for name, row in TABLE.items():
        made, data = _encode(row, bench)
        (folder / f"{name}.tlv").write_bytes(data)
        entries.append(manifest.trust_list(f"{name}.tlv", made, data, row.kind, row.signature, crafted=name,
                                           about=row.about, expects=sorted(row.expects)))
    (folder / "manifest.json").write_text(json.dumps({"now": now, "lists": entries}, indent=1) + "\n")
    print(f"{folder}: {len(entries)} crafted lists")
    return 0
