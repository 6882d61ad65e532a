# SPDX-License-Identifier: GPL-2.0-or-later
# Two clusters: "source" behaves like 11.5, "destination" like 14. Makes their certificates, lists, files and stores.
# It must not know how bytes are laid out (trustlist.py) nor how a phone decides (phone.py).
# Facts: what each file holds and who signs it by version (documents 116232, 118893); stores after a bulk import (215539).
from dataclasses import dataclass, field


from .certs import Maker, default_serial
from .config import phone_configuration
from .trustlist import CAPF, CCM_TFTP, SAST, SHA1, SHA512, TVS, Record, TrustList, signed_file

PHONE_MAC = "00005E005332"          # from the block of MAC addresses set aside for documentation
PHONE_MODEL = "8861"
PHONE_ADDRESS = "192.0.2.50"
DAY = 86400
PER_NODE = ("callmanager", "tvs", "tomcat", "ipsec")


@dataclass
class Node:
    name: str           # pub, sub, sub2
    host: str
    address: str


def certificate_names(nodes):
    return [f"{service}-{node.name}" for node in nodes for service in PER_NODE] + ["itlrecovery", "capf"]


@dataclass
class Cluster:
    """A cluster's facts; `old` is the 11.5 way: each node's CallManager signs, SHA-1, no tag 28."""
    name: str
    nodes: list
    old: bool
    mixed: bool
    maker: Maker
    organisation: str
    certificates: dict = field(default_factory=dict)
    renewed: frozenset = frozenset()                    # names of certificates made anew
    imported: dict = field(default_factory=dict)        # {store: [Certificate]} from elsewhere

    @property
    def publisher(self):
        return self.nodes[0]

    def _subject(self, common_name):
        return f"L=Utrecht,ST=Utrecht,CN={common_name},OU=Voice,O={self.organisation},C=NL"

    def make(self, name, common_name, **options):
        # Names are unique per cluster; keys are cached under cluster and name. A renewed certificate keeps its
        # subject and has another key and serial.
        later = "-renewed" if name in self.renewed else ""
        made = self.maker.make(name, self._subject(common_name), key_name=f"{self.name}-{name}{later}",
                               serial=default_serial(f"{self.name}/{name}{later}"), **options)
        self.certificates[name] = made

    def make_certificates(self):
        digest = "sha1" if self.old else "sha256"
        self.maker.cache.prefetch([f"{self.name}-{name}" for name in certificate_names(self.nodes)])
        for node in self.nodes:
            for service in PER_NODE:
                self.make(f"{service}-{node.name}", node.host, digest=digest)
        self.make("itlrecovery", f"ITLRECOVERY_{self.publisher.host}", digest="sha256")
        # CUCM's is a random number as well, made at installation: it must survive every renewal.
        self.make("capf", f"CAPF-{default_serial(self.name + '/capf-name') & 0xFFFFFFFF:08x}", digest=digest, ca=True)

    def itl_signer(self, node):
        return self.certificates[f"callmanager-{node.name}" if self.old else "itlrecovery"]

    def ctl_signer(self):
        return self.certificates["callmanager-pub" if self.old else "itlrecovery"]

    def _record(self, name, role, node):
        return Record.of(self.certificates[name], role, dns=node.host, address=node.address)

    def itl_records(self, node):
        records = [self._record(f"callmanager-{node.name}", SAST, node),
                   self._record(f"callmanager-{node.name}", CCM_TFTP, node)]
        records += [self._record(f"tvs-{other.name}", TVS, other) for other in self.nodes]
        records += [self._record("capf", CAPF, self.publisher), self._record("itlrecovery", SAST, self.publisher)]
        return records

    def ctl_records(self):
        records = [self._record("callmanager-pub", SAST, self.publisher)]
        records += [self._record(f"callmanager-{node.name}", CCM_TFTP, node) for node in self.nodes]
        records += [self._record("capf", CAPF, self.publisher), self._record("itlrecovery", SAST, self.publisher)]
        return records

    def _list(self, signer, records, filename):
        return TrustList(signer=signer, records=records, filename=filename, timestamp=self.maker.now - 30 * DAY,
                         digest=SHA1 if self.old else SHA512, signer_version=None if self.old else (1, 1))

    def itl(self, node):
        return self._list(self.itl_signer(node), self.itl_records(node), "ITLFile.tlv")

    def ctl(self):
        return self._list(self.ctl_signer(), self.ctl_records(), "CTLFile.tlv")

    def configuration(self, node, mac=PHONE_MAC):
        body = phone_configuration(self, mac)
        return signed_file(self.certificates[f"callmanager-{node.name}"], f"SEP{mac}.cnf.xml.sgn", body,
                           self.maker.now - 30 * DAY, digest=SHA1 if self.old else SHA512)

    def tftp_files(self, node, mac=PHONE_MAC):
        """What one node serves: {file name: TrustList}. The names per phone are the same file."""
        itl = self.itl(node)
        files = {"ITLFile.tlv": itl, f"ITLSEP{mac}.tlv": itl, f"SEP{mac}.cnf.xml.sgn": self.configuration(node, mac)}
        if self.mixed:
            ctl = self.ctl()
            files.update({"CTLFile.tlv": ctl, f"CTLSEP{mac}.tlv": ctl})
        return files

    def _own(self, store, node):
        named = {"CallManager": f"callmanager-{node.name}", "TVS": f"tvs-{node.name}",
                 "tomcat": f"tomcat-{node.name}", "ipsec": f"ipsec-{node.name}", "ITLRecovery": "itlrecovery"}
        if store == "CAPF":
            # 11.5 runs CAPF on the publisher for phones, from 14 it exists nowhere else.
            return [self.certificates["capf"]] if node is self.publisher else []
        return [self.certificates[named[store]]] if store in named else []

    def stores(self, node):
        """{store: {file stem: Certificate}} of one node; trust stores are the same on all nodes."""
        found = {store: {made.name: made for made in self._own(store, node)}
                 for store in ("CallManager", "TVS", "CAPF", "tomcat", "ipsec", "ITLRecovery")}
        found["ipsec-trust"] = {"ipsec-pub": self.certificates["ipsec-pub"]}
        found["CallManager-trust"] = {"capf": self.certificates["capf"]}
        found["CAPF-trust"] = {"capf": self.certificates["capf"]}
        for store, certificates in self.imported.items():
            for certificate in certificates:
                found.setdefault(store, {})[f"imported-{certificate.name}"] = certificate
        return {store: names for store, names in found.items() if names}




def bulk_import(into, other):
    """What a consolidated bulk import puts where; types and stores by document 215539."""
    own = other.certificates
    managers = [own[f"callmanager-{node.name}"] for node in other.nodes]
    recovery = [own["itlrecovery"]]
    for store, certificates in (("CallManager-trust", [own["capf"]] + managers + recovery),
                                ("tomcat-trust", [own[f"tomcat-{node.name}"] for node in other.nodes]),
                                ("Phone-SAST-trust", managers + recovery)):
        into.imported.setdefault(store, []).extend(certificates)


SOURCE_NODES = [Node("pub", "cucm-src-pub.example", "192.0.2.11"), Node("sub", "cucm-src-sub.example", "192.0.2.12")]
DESTINATION_NODES = [Node("pub", "cucm-dst-pub.example", "198.51.100.11"),
                     Node("sub", "cucm-dst-sub.example", "198.51.100.12"),
                     Node("sub2", "cucm-dst-sub2.example", "198.51.100.13")]


@dataclass
class Pair:
    source: Cluster
    destination: Cluster
    phone: dict             # {"lsc": Certificate, "mic": Certificate}
    manufacturing: object   # the CA of the MIC
    mac: str = PHONE_MAC

    @property
    def clusters(self):
        return (self.source, self.destination)


def _phone_certificates(maker, source, mac):
    vendor = maker.make("manufacturing-ca", "CN=Example Manufacturing CA,O=Example Phones", ca=True)
    mic = maker.make("mic", f"CN=CP-{PHONE_MODEL}-SEP{mac},OU=CTG,O=Example Phones", issuer=vendor)
    lsc = maker.make("lsc", f"L=Utrecht,ST=Utrecht,CN=CP-{PHONE_MODEL}-SEP{mac},OU=Voice,O=Example Source,C=NL",
                     issuer=source.certificates["capf"], digest="sha1")
    return {"lsc": lsc, "mic": mic}, vendor


def make_pair(cache, now, *, mixed=True, imported=True, dates=None, renewed=(), not_before=None, not_after=None):
    """Both clusters and the phone. `dates` overrides single certificates: {"source/capf": (begin, end)};
    `renewed` names certificates to be made anew: {"source/callmanager-pub"}."""
    known = {f"{cluster}/{name}" for cluster, nodes in (("source", SOURCE_NODES), ("destination", DESTINATION_NODES))
             for name in certificate_names(nodes)} | {"phone/lsc", "phone/mic", "phone/manufacturing-ca"}
    unknown = (set(dates or ()) | set(renewed)) - known
    if unknown:
        raise ValueError(f"no such certificate: {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")

    def maker_for(prefix):
        own = {name.partition("/")[2]: pair for name, pair in (dates or {}).items()
               if name.partition("/")[0] == prefix}
        return Maker(cache, now, not_before, not_after, own)

    source = Cluster("source", SOURCE_NODES, True, mixed, maker_for("source"), "Example Source")
    destination = Cluster("destination", DESTINATION_NODES, False, mixed, maker_for("destination"),
                          "Example Destination")
    for cluster in (source, destination):
        cluster.renewed = frozenset(name.partition("/")[2] for name in renewed
                                    if name.startswith(cluster.name + "/"))
        cluster.make_certificates()
    phone, vendor = _phone_certificates(maker_for("phone"), source, PHONE_MAC)
    if imported:
        bulk_import(source, destination)
        bulk_import(destination, source)
    for cluster in (source, destination):
        for store in ("CallManager-trust", "CAPF-trust"):
            cluster.imported.setdefault(store, []).append(vendor)
    return Pair(source, destination, phone, vendor)


__all__ = ["Cluster", "Node", "Pair", "make_pair", "bulk_import", "PHONE_MAC", "PHONE_MODEL",
           "PHONE_ADDRESS"]
