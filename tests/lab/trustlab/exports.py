# SPDX-License-Identifier: GPL-2.0-or-later
# Writes what bulk certificate management exports of a cluster: PKCS#12, one file per node and type, or one per type when
# consolidated. It must not know what a check makes of them.
# Facts: document 215539. File names, password and encryption of real exports are not published: all of them are options.
import os
from pathlib import Path
import subprocess
import tempfile

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12

from .certs import der_length, key_pem

OWN = ("CallManager", "TVS", "CAPF", "tomcat", "ipsec", "ITLRecovery")      # stores that hold a service's own certificate
MODERN, LEGACY = "modern", "legacy"


def by_command(certificates, names, password, legacy, key=None, options=()):
    """What OpenSSL's command writes: the only way to the empty password and to the old ciphers."""
    with tempfile.NamedTemporaryFile(suffix=".pem") as source:
        source.write(b"".join(([key_pem(key)] if key else []) + [one.pem for one in certificates]))
        source.flush()
        line = ["openssl", "pkcs12", "-export", "-in", source.name, "-passout", "stdin", *options]
        line += [] if key else ["-nokeys"]
        line += ["-legacy"] if legacy else []
        for name in names[1:] if key else names:
            line += ["-caname", name]
        if key and names:
            line += ["-name", names[0]]
        return subprocess.run(line, input=password.encode() + b"\n", stdout=subprocess.PIPE, check=True).stdout


def seal(certificates, *, names=(), password=None, cipher=MODERN, key=None, options=()):
    """A PKCS#12 file. password None: no password at all, which is not the same as an empty one."""
    if cipher == LEGACY or password == "" or key or options:
        return by_command(certificates, list(names), password or "", cipher == LEGACY, key, options)
    named = [pkcs12.PKCS12Certificate(one.x509, names[at].encode() if names else None)
             for at, one in enumerate(certificates)]
    lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(None, None, None, named, lock)


def own_certificates(cluster):
    """[(type, node, Certificate)] of what each node's services use."""
    return [(store, node, certificate) for node in cluster.nodes for store, named in cluster.stores(node).items()
            if store in OWN for certificate in named.values()]


def plain_name(store, node):
    return f"{store}_{node.host}.p12" if node else f"{store}.p12"


class Opaque:
    """Names that say nothing."""

    def __init__(self):
        self.count = 0

    def __call__(self, store, node):
        self.count += 1
        return f"export{self.count:03}.bin"


def write(folder, cluster, *, consolidated=False, name=plain_name, friendly=False, **how):
    """The export of a cluster; how: as seal() wants it. friendly: each certificate has its store's name in the file."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    groups = {}
    for store, node, certificate in own_certificates(cluster):
        # ITLRecovery is one for the cluster: consolidated, it is there once.
        group = groups.setdefault((store, None if consolidated else node.name), [])
        if certificate not in group:
            group.append(certificate)
    nodes = {node.name: node for node in cluster.nodes}
    for (store, node), certificates in groups.items():
        names = [store] * len(certificates) if friendly else ()
        path = folder / name(store, nodes.get(node))
        path.write_bytes(seal(certificates, names=names, **how))
        os.chmod(path, 0o644)
    return folder


# ---- files that are meant to do harm ----

SEQUENCE, INTEGER = 0x30, 0x02


def element(tag, body):
    length = der_length(len(body)) if len(body) < 1 << 16 else b"\x84" + len(body).to_bytes(4, "big")
    return bytes([tag]) + length + body


def children(data):
    """[(tag, body)] of the elements that follow each other in data."""
    found, at = [], 0
    while at < len(data):
        size, start = data[at + 1], at + 2
        if size >= 0x80:
            start = at + 2 + (size & 0x7f)
            size = int.from_bytes(data[at + 2:start], "big")
        found.append((data[at], data[start:start + size]))
        at = start + size
    return found


def integer(value):
    return INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big")


def with_mac_rounds(data, rounds):
    """The same file with another count at its MAC, which then does not fit."""
    ((_, whole),) = children(data)
    version, content, (_, mac) = children(whole)
    mac = children(mac)[:2] + [integer(rounds)]
    mac = element(SEQUENCE, b"".join(element(*one) for one in mac))
    return element(SEQUENCE, element(*version) + element(*content) + mac)


def without_mac(data):
    """The same file without its MAC: then only what it decrypts to tells a wrong password."""
    ((_, whole),) = children(data)
    return element(SEQUENCE, b"".join(element(*one) for one in children(whole)[:2]))
