# SPDX-License-Identifier: GPL-2.0-or-later
# Lists of exactly the shapes of published listings, and lists in the states that administrators meet.
# It must not hold single-fault lists: those are rows of crafted.py.
# Facts: documents 118893 (tokenless CTL, 10.5.1) and 118892 (back to non-secure mode, 10.0.1): their sums close.
from . import manifest
from .certs import Maker
from .trustlist import CAPF, CCM_TFTP, SAST, SHA1, SHA512, TVS, Record, TrustList

DAY = 86400


def _tail(common_name):
    return f"L=Krakow,ST=Malopolska,CN={common_name},OU=TAC,O=Cisco,C=PL"


def _capf_sized(maker, name, length, dns, address):
    """A CAPF record of a wanted length: its certificate takes up the difference."""
    subject = _tail("CAPF-4ef5f4e9")
    plain = maker.make(name, subject, key="1024", digest="sha1", usage=False)
    spare = length - len(Record.of(plain, CAPF, dns=dns, address=address).encode())
    made = maker.make(name, subject, key="1024", digest="sha1", usage=False, size=len(plain.der) + spare)
    return Record.of(made, CAPF, dns=dns, address=address)


def tokenless(maker):
    """10.5.1: header 336 (signer id 149, 3 bytes of padding), records 1156 1156 1138 1161, file 4947."""
    options = {"key": "1024", "digest": "sha1", "usage": False}
    pub = maker.make("shape-pub", _tail("cucm-1051-a-pub"), size=694, **options)
    sub = maker.make("shape-sub", _tail("cucm-1051-a-sub1"), size=696, **options)
    records = [Record.of(pub, SAST, dns="cucm-1051-a-pub", address="10.48.47.153"),
               Record.of(pub, CCM_TFTP, dns="cucm-1051-a-pub", address="10.48.47.153"),
               _capf_sized(maker, "shape-capf", 1138, "10.48.47.153", "10.48.47.153"),
               Record.of(sub, CCM_TFTP, dns="cucm-1051-a-sub1", address="10.48.47.154")]
    return TrustList(signer=pub, records=records, filename="CTLFile.tlv", timestamp=maker.now - 90 * DAY, digest=SHA1)


def _etoken(maker, number, token, size=902):
    authority = maker.make("shape-token-ca", "CN=Cisco Manufacturing CA,O=Cisco Systems", ca=True, digest="sha1")
    name = f'"SAST-{token}        "'
    made = maker.make(f"shape-token{number}", f'CN={name},OU=IPCBU,O="Cisco Systems', key="1024", digest="sha1",
                      issuer=authority, serial=int(f"3cf9270000{0xafa2da40 + number:08x}00", 16) | 0x45, usage=False,
                      size=size)
    # Names as the USB tokens' software wrote them: lower case, quotes, and one quote short.
    record = Record.of(made, SAST, dns="", address=None, subject=f'cn={name};ou=IPCBU;o="Cisco Systems',
                       issuer="cn=Cisco Manufacturing CA;o=Cisco Systems", signature=None)
    return made, record


def _etoken_list(maker, records, signer):
    made, record = signer
    return TrustList(signer=made, records=records, filename="CTLFile.tlv", timestamp=maker.now - 400 * DAY,
                     digest=SHA1, signer_name=record.subject, signer_issuer=record.issuer)


def _etokens(maker):
    """Two tokens whose records are 1186 bytes each; an address of 4 bytes belongs to the published sum."""
    tokens = [_etoken(maker, 1, "ADN008580ef"), _etoken(maker, 2, "ADN0054f509")]
    for _, record in tokens:
        record.address = "0.0.0.0"
    return tokens


def etoken(maker):
    tokens = _etokens(maker)
    pub = maker.make("shape-pub", _tail("cucm-1051-a-pub"), key="1024", digest="sha1", usage=False, size=694)
    records = [tokens[0][1], tokens[1][1], Record.of(pub, CCM_TFTP, dns="cucm-1051-a-pub", address="10.48.47.153"),
               _capf_sized(maker, "shape-capf", 1138, "10.48.47.153", "10.48.47.153")]
    return _etoken_list(maker, records, tokens[0])


def _server_without_certificate(address):
    return Record(role=CCM_TFTP, dns=address, address=address)


def nonsecure(maker):
    """10.0.1 back in non-secure mode: header 304, records 1186 1186 33 1004 33, file 3746."""
    tokens = _etokens(maker)
    subject = "CN=CAPF-e1ea31f7,OU=T,O=C,C=PL"
    plain = maker.make("shape-capf2", subject, key="1024", digest="sha1", usage=False)
    spare = 1004 - len(Record.of(plain, CAPF, dns="10.48.47.153", address="10.48.47.153").encode())
    capf = maker.make("shape-capf2", subject, key="1024", digest="sha1", usage=False, size=len(plain.der) + spare)
    records = [tokens[0][1], tokens[1][1], _server_without_certificate("10.48.47.153"),
               Record.of(capf, CAPF, dns="10.48.47.153", address="10.48.47.153"),
               _server_without_certificate("10.48.47.154")]
    return _etoken_list(maker, records, tokens[0])


def _plain_itl(maker, prefix="shape", signer=None, **changes):
    """An ITL like 14's, small: SASTs, one CCM+TFTP, one TVS, CAPF."""
    subject = "L=Utrecht,ST=Utrecht,CN={},OU=Voice,O=Example Shapes,C=NL"
    host, address = "cucm-shape.example", "203.0.113.11"
    manager = maker.make(f"{prefix}-callmanager", subject.format(host))
    recovery = maker.make(f"{prefix}-itlrecovery", subject.format(f"ITLRECOVERY_{host}"))
    tvs = maker.make(f"{prefix}-tvs", subject.format(host))
    capf = maker.make(f"{prefix}-capf-ca", subject.format("CAPF-5e1f0c2d"), ca=True)
    roles = ((recovery, SAST), (manager, SAST), (manager, CCM_TFTP), (tvs, TVS), (capf, CAPF))
    records = [Record.of(one, role, dns=host, address=address) for one, role in roles]
    return TrustList(signer=signer or recovery, records=records, timestamp=maker.now - 30 * DAY, digest=SHA512,
                     signer_version=(1, 1), **changes)


def blank(maker):
    """Prepare cluster for rollback to pre 8.0: TVS and TFTP sections are empty (which bytes exactly is unknown)."""
    made = _plain_itl(maker)
    made.records = [record for record in made.records if record.role in (SAST, CAPF)]
    return made


def expired(maker):
    past = Maker(maker.cache, maker.now, maker.now - 5 * 365 * DAY, maker.now - 10 * DAY)
    return _plain_itl(past, "shape")


def invalid_signature(maker):
    made = _plain_itl(maker)
    made.signature = bytes(range(256))
    return made


def signer_absent(maker):
    stranger = maker.make("shape-stranger", "L=Utrecht,ST=Utrecht,CN=stranger.example,OU=Voice,O=Elsewhere,C=NL")
    return _plain_itl(maker, signer=stranger)


def sha256_signer_order(maker):
    """As other writers than CUCM do it: tags 4, 6, 5 in the signer id, SHA-256."""
    made = _plain_itl(maker, signer_order=(4, 6, 5))
    made.digest = 2
    return made


def mixed_keys(maker):
    """4096-bit signer, an EC certificate among the records."""
    subject = "L=Utrecht,ST=Utrecht,CN={},OU=Voice,O=Example Shapes,C=NL"
    large = maker.make("shape-large", subject.format("ITLRECOVERY_large.example"), key="4096")
    curve = maker.make("shape-ec", subject.format("cucm-shape-EC.example"), key="ec384", digest="sha384")
    made = _plain_itl(maker, signer=large)
    made.records.insert(0, Record.of(large, SAST, dns="cucm-shape.example", address="203.0.113.11"))
    made.records.append(Record.of(curve, CCM_TFTP, dns="cucm-shape.example", address="203.0.113.11"))
    return made


SHAPES = (("ctl-tokenless-10.5.1.tlv", tokenless, "valid"), ("ctl-etoken.tlv", etoken, "valid"),
          ("ctl-nonsecure-10.0.1.tlv", nonsecure, "valid"), ("blank-itl.tlv", blank, "valid"),
          ("itl-expired.tlv", expired, "valid"), ("itl-invalid-signature.tlv", invalid_signature, "invalid"),
          ("itl-signer-absent.tlv", signer_absent, "unverifiable"), ("itl-sha256-465.tlv", sha256_signer_order, "valid"),
          ("itl-4096-ec.tlv", mixed_keys, "valid"))


def write_shapes(folder, root, maker):
    folder.mkdir(parents=True, exist_ok=True)
    maker.cache.prefetch([f"shape-{name}" for name in ("callmanager", "itlrecovery", "tvs", "capf-ca", "stranger")])
    entries = []
    for name, build, status in SHAPES:
        made = build(maker)
        data = made.encode()
        (folder / name).write_bytes(data)
        kind = "CTL" if name.startswith("ctl") else "ITL"
        entries.append(manifest.trust_list((folder / name).relative_to(root), made, data, kind, status, shape=name))
    return entries
