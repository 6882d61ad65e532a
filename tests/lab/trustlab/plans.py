# SPDX-License-Identifier: GPL-2.0-or-later
# Clusters that need a plan of renewal: of every release and mode that plans differ for, with certificates that are due.
# It must not know what a plan says about them. Facts: who signs what by release (documents 116232, 118893, 118892).
from dataclasses import dataclass, field

from . import inventory, layout
from .certs import Maker, default_serial
from .cluster import DAY, PHONE_MAC, Cluster, Node, certificate_names
from .trustlist import SAST


@dataclass
class Planned(Cluster):
    """A cluster that states its release."""
    version: str = ""
    token: bool = False         # the CTL is signed by an eToken, and names two of them
    one_sast: bool = False      # the CTL names its signer as SAST and nobody else, as the genuine 10.5 file does
    shared: bool = False        # one CallManager certificate for all nodes (multi-server)

    def make_certificates(self):
        super().make_certificates()
        if self.shared:
            for node in self.nodes[1:]:
                self.certificates[f"callmanager-{node.name}"] = self.certificates["callmanager-pub"]
        for number in (1, 2) if self.token else ():
            name = f"token-{number}"
            self.certificates[name] = self.maker.make(
                name, f"CN=SAST-ADN{number:07x},OU=IPCBU,O=Cisco Systems", key_name=f"{self.name}-{name}",
                serial=default_serial(f"{self.name}/{name}"))

    def ctl_signer(self):
        return self.certificates["token-1"] if self.token else super().ctl_signer()

    def ctl_records(self):
        records = super().ctl_records()
        if self.token:
            records = [self._record(f"token-{number}", SAST, self.publisher) for number in (1, 2)] + \
                [record for record in records if record.role != SAST]
        if self.one_sast:
            recovery = self.certificates["itlrecovery"]
            records = [record for record in records if record.source is not recovery]
        return records


@dataclass
class Plan:
    """A cluster to make: `due` is {certificate: days from now}, None is every node."""
    version: str
    mixed: bool
    due: dict
    nodes: int = 3
    options: dict = field(default_factory=dict)
    about: str = ""


def per_node(service, *days):
    return {f"{service}-{name}": count for name, count in zip(("pub", "sub", "sub2"), days)}


CLUSTERS = {
    "brisbane": Plan("11.5", False, per_node("callmanager", 40, 45) | per_node("tvs", 30, 70) |
                     {"itlrecovery": 80, "capf": 50}, nodes=2, about="11.5, non-secure"),
    "perth": Plan("11.5", True, per_node("callmanager", 40, 45) | per_node("tvs", 41, 46) | {"capf": 50}, nodes=2,
                  options={"one_sast": True}, about="11.5, mixed without tokens; the CTL names one SAST"),
    "hobart": Plan("12.5", True, {"callmanager-pub": 60, "tvs-sub": 75, "itlrecovery": 33}, options={"token": True},
                   about="12.5, mixed with eTokens"),
    "sydney": Plan("14", False, per_node("callmanager", 20, 21, 22) | per_node("tvs", 20, 21, 22) | {"itlrecovery": 88},
                   about="14, non-secure"),
    "darwin": Plan("15", True, per_node("callmanager", 20, 21, 22) | per_node("tvs", 20, 21, 22) |
                   per_node("tomcat", 9, 9, 9) | per_node("ipsec", 60, 61, 62) | {"itlrecovery": 88, "capf": 70},
                   about="15, mixed"),
    "perugia": Plan("11.5", True, per_node("callmanager", 5, 6) | per_node("tvs", -2, -2), options={"one_sast": True},
                    about="11.5, mixed; TVS of two nodes has expired, and CallManager will"),
    "fremantle": Plan("14", False, {"itlrecovery": -2} | per_node("callmanager", 20, 21, 22),
                      about="14, non-secure; ITLRecovery has expired"),
    "geraldton": Plan("11.5", True, per_node("callmanager", -2, -2, -2) | per_node("tvs", -2, -2, -2), options={"one_sast": True},
                      about="11.5, mixed; CallManager and TVS have expired, and nothing else can sign"),
    "cairns": Plan("14", False, {}, about="14, non-secure, nothing is due"),
    "broome": Plan("12.5", True, {"tomcat-pub": 12, "tomcat-sub2": 85}, about="12.5, mixed, tomcat alone is due"),
    "albany": Plan("12.5", True, {"itlrecovery": 50, "capf": -3}, options={"one_sast": True},
                   about="12.5, mixed; ITLRecovery is the only SAST of the CTL, and due"),
}


def make(name, cache, now):
    plan = CLUSTERS[name]
    nodes = [Node(node, f"cucm-{node}.{name}.example", f"192.0.2.{number}")
             for number, node in enumerate(("pub", "sub", "sub2")[:plan.nodes], 11)]
    dates = {certificate: (now - 365 * DAY, now + days * DAY + DAY // 2) for certificate, days in plan.due.items()}
    cluster = Planned(name, nodes, float(plan.version) < 12, plan.mixed, Maker(cache, now, dates=dates), name.title(),
                      version=plan.version, **plan.options)
    known = set(certificate_names(nodes))
    if not set(plan.due) <= known:
        raise ValueError(f"{name}: no such certificates: {', '.join(sorted(set(plan.due) - known))}")
    cluster.make_certificates()
    if "one_sast" in plan.options and not cluster.old:
        manager = cluster.certificates["callmanager-pub"]
        whole = cluster.ctl_records
        cluster.ctl_records = lambda: [cluster._record("itlrecovery", SAST, cluster.publisher)] + \
            [record for record in whole() if record.role != SAST or record.source is not manager]
    return cluster


def _entry(cluster):
    """Files alone, so that nobody is asked."""
    def keys(node):
        files = f"{cluster.name}/nodes/{node.name}/tftp"
        found = {"itl": f"{files}/ITLFile.tlv"}
        if cluster.mixed:
            found["ctl"] = f"{files}/CTLFile.tlv"
        return found | {"tvs_certificate": f"{cluster.name}/certs/tvs-{node.name}.pem"}
    made = {"version": cluster.version, "mode": "mixed" if cluster.mixed else "non-secure"}
    return {"keys": made, "nodes": {node.name: keys(node) for node in cluster.nodes}}


def write(root, cache, now, names=None):
    """Every cluster under `root`, and plans.ini with all of them."""
    root.mkdir(parents=True, exist_ok=True)
    made = [make(name, cache, now) for name in names or CLUSTERS]
    for cluster in made:
        layout.write_cluster(root / cluster.name, cluster, root, PHONE_MAC)
    inventory.write(root / "plans.ini", {cluster.name: _entry(cluster) for cluster in made},
                    "Clusters with certificates that are due: for check_ucm_truststore --plan.")
    return made


def run(options):
    from pathlib import Path
    import os
    cache = os.environ.get("UCMTRUST_LAB_CACHE") or str(Path(options.dir) / "keys")
    for cluster in write(Path(options.dir), cache, options.now):
        print(f"{cluster.name:10} {CLUSTERS[cluster.name].about}")
    return 0
