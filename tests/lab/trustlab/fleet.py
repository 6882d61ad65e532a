# SPDX-License-Identifier: GPL-2.0-or-later
# Many clusters at once, to see what a check costs: each with an ITLRecovery certificate of its own that signs its lists;
# the other certificates, which take long to make, are the same in all clusters. Like 14, mixed mode.
# It must not know what a check does with them, nor run servers.
from dataclasses import dataclass

from .certs import Maker
from .cluster import DAY
from .trustlist import CAPF, CCM_TFTP, SAST, TVS, Record, TrustList

SUBJECT = "L=Utrecht,ST=Utrecht,CN={},OU=Voice,O=Example Fleet,C=NL"


@dataclass
class Place:
    """One node: of which cluster, the how manieth, and whether it is silent."""
    cluster: int
    node: int
    silent: bool

    @property
    def name(self):
        return f"c{self.cluster:03}/n{self.node}"

    @property
    def address(self):
        return f"127.20.{self.cluster}.{self.node + 1}"


class Fleet:
    def __init__(self, cache, now, clusters=100, nodes=5, every=10, verifiers=None):
        """One node in `every` is silent. ITLs hold the TVS of all nodes, or of the first `verifiers`."""
        self.clusters, self.nodes = clusters, nodes
        self.verifiers = nodes if verifiers is None else verifiers
        self.maker = Maker(cache, now)
        shared = [f"fleet-{service}-{node}" for service in ("callmanager", "tvs") for node in range(nodes)]
        own = [f"fleet-itlrecovery-{cluster}" for cluster in range(clusters)]
        self.maker.cache.prefetch([*own, "fleet-capf"])
        # Small keys: what TLS costs the server must not hide what a check costs.
        self.shared = {name: self.maker.make(name, SUBJECT.format(f"node{name[-1]}.fleet.example"), key="1024")
                       for name in shared}
        self.capf = self.maker.make("fleet-capf", SUBJECT.format("CAPF-0f1ee7"), ca=True)
        self.recovery = [self.maker.make(name, SUBJECT.format(f"ITLRECOVERY_c{at:03}.fleet.example"))
                         for at, name in enumerate(own)]
        self.places = [Place(cluster, node, (cluster * nodes + node) % every == every - 4)
                       for cluster in range(clusters) for node in range(nodes)]

    def _list(self, cluster, records, filename):
        signer = self.recovery[cluster]
        records = [Record.of(certificate, role, dns="node.fleet.example") for certificate, role in records]
        return TrustList(signer=signer, records=records, filename=filename, timestamp=self.maker.now - 30 * DAY,
                         signer_version=(1, 1)).encode()

    def itl(self, place):
        manager = self.shared[f"fleet-callmanager-{place.node}"]
        verifiers = [(self.shared[f"fleet-tvs-{node}"], TVS) for node in range(self.verifiers)]
        return self._list(place.cluster, [(manager, SAST), (manager, CCM_TFTP), *verifiers, (self.capf, CAPF),
                                          (self.recovery[place.cluster], SAST)], "ITLFile.tlv")

    def ctl(self, cluster):
        managers = [self.shared[f"fleet-callmanager-{node}"] for node in range(self.verifiers)]
        return self._list(cluster, [(managers[0], SAST), *((one, CCM_TFTP) for one in managers), (self.capf, CAPF),
                                    (self.recovery[cluster], SAST)], "CTLFile.tlv")

    def write(self, root):
        """ADDRESS/{ITL,CTL}File.tlv, certs/tvs-N.{pem,key}, and knows/, which the TVS of every node knows."""
        ctls = [self.ctl(cluster) for cluster in range(self.clusters)]
        for place in self.places:
            folder = root / place.address
            folder.mkdir()
            (folder / "ITLFile.tlv").write_bytes(self.itl(place))
            (folder / "CTLFile.tlv").write_bytes(ctls[place.cluster])
        stores = {"Phone-SAST-trust": self.recovery, "CAPF": [self.capf],
                  "CallManager": [self.shared[f"fleet-callmanager-{node}"] for node in range(self.nodes)],
                  "TVS": [self.shared[f"fleet-tvs-{node}"] for node in range(self.nodes)]}
        for store, certificates in stores.items():
            (root / "knows" / store).mkdir(parents=True)
            for made in certificates:
                (root / "knows" / store / f"{made.name}.pem").write_bytes(made.pem)
        for node in range(self.nodes):
            self.shared[f"fleet-tvs-{node}"].write(root / "certs")

    def inventory(self, keys_of, group=2):
        """Entries for inventory.render(); keys_of(place) gives the keys of its node. Phones ask the first `group`."""
        nodes = ", ".join(f"n{node}" for node in range(group))
        found = {}
        for place in self.places:
            cluster, _, node = place.name.partition("/")
            entry = found.setdefault(cluster, {"keys": {"version": "14", "mode": "mixed", "cm_group": nodes}, "nodes": {}})
            entry["nodes"][node] = keys_of(place)
        return found
