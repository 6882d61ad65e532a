# SPDX-License-Identifier: GPL-2.0-or-later
# What both engines are given to watch: the lab's clusters on real servers, and for each check services in every state
# that it can reach. Must not know how an engine is told so.
import contextlib
from dataclasses import dataclass
from pathlib import Path
import re
import shutil
import socket
import subprocess
import sys
import time

from servers import Misbehaving, atftpd, free_port, nginx, public_folder, silent, site, tvs_server
from trustlab import inventory
from trustlab.crafted import SUBJECT, Bench
from trustlab.situations import TABLE
from trustlab.trustlist import TVS

# The name of a certificate, from whoever wishes a NOC no good.
EVIL = "<script>alert(1)</script>|\nOK - $(id) `id` \\n &lt;b; <b>x</b>"
LAB = Path(__file__).resolve().parent.parent / "lab" / "lab"


@dataclass
class Case:
    name: str
    check: str              # trustlist, tvs, consistency, truststore
    state: str
    options: dict           # long names to a word, a list of words, or True

    @property
    def words(self):
        """As on a command line."""
        words = []
        for name, value in self.options.items():
            for one in value if isinstance(value, list) else [value]:
                words += [f"--{name}"] if one is True else [f"--{name}", str(one)]
        return words


class Watched:
    """Servers of a scene, and the files of both clusters where the user of the engine may read them."""

    def __init__(self, stack, plant, lab_cache):
        self.plant, self.stack = plant, stack
        # Phones of the destination may move, but one TVS node of it does not know the source.
        scene = TABLE["imported-on-some"].scene(lab_cache, int(time.time()))
        self.site = stack.enter_context(site(scene))
        self.files = self.site.folder
        self.nodes = {f"{cluster}-{node}": keys["address"] for cluster, entry in scene.entries.items()
                      for node, keys in entry["nodes"].items()}
        self.ports = scene.entries["source"]["keys"]
        self.inventory = plant.folder / "etc/clusters.ini"
        shutil.copy(self.site.inventory, self.inventory)
        for name in ("other-mode", "gone"):
            entries = {cluster: {"keys": dict(entry["keys"]), "nodes": dict(entry["nodes"])}
                       for cluster, entry in scene.entries.items()}
            entries["source"]["keys"].update({"mode": "non-secure"} if name == "other-mode" else
                                             {"http_port": free_port(), "tftp_port": free_port()})
            inventory.write(plant.folder / f"etc/{name}.ini", entries)
        self.crafted = plant.folder / "crafted"
        self.crafted.mkdir()
        for name in ("hostile-text", "forty-small-records"):
            subprocess.run([sys.executable, LAB, "craft", name, self.crafted / f"{name}.tlv"], check=True)
        self.write_evil(lab_cache)
        self.silent_port = stack.enter_context(Misbehaving(silent)).port
        (plant.folder / "note.txt").write_text("admin:show itl\nThe ITL file was not found\n")

    def write_evil(self, lab_cache):
        """A list with a certificate that expires, so that its name is told."""
        bench = Bench(lab_cache, int(time.time()))
        made, name = bench.itl(), SUBJECT.format(EVIL)
        evil = bench.maker.make("craft-tvs", name, not_after=bench.now + 4 * 86400 + 43200)
        made.records = [bench.record(evil, TVS) if record.role == TVS else record for record in made.records]
        (self.crafted / "evil.tlv").write_bytes(made.encode())

    def itl(self, cluster, node="pub"):
        return self.files / cluster / "nodes" / node / "tftp" / "ITLFile.tlv"

    def cases(self):
        """Services on a host whose address is that of the source's publisher."""
        return self.of_trustlist() + self.of_tvs() + self.of_consistency() + self.of_truststore()

    def of_trustlist(self):
        ports = {"port": self.ports["http_port"], "tftp-port": self.ports["tftp_port"], "verbose": True}
        closed = {"port": free_port(), "tftp-port": free_port(), "timeout": 5}
        return [
            Case("lists", "trustlist", "OK", ports),
            Case("lists soon", "trustlist", "WARNING", {**ports, "warning": "9000:", "ignore": ["TL-DIGEST-SHA1"]}),
            Case("lists now", "trustlist", "CRITICAL", {**ports, "critical": "9000:", "mixed-mode": True}),
            Case("lists gone", "trustlist", "CRITICAL", {**closed, "verbose": True}),
            Case("lists of other names", "trustlist", "OK",
                 {**ports, "file": [self.crafted / "hostile-text.tlv", self.itl("destination")]}),
            Case("lists of a villain", "trustlist", "CRITICAL", {**ports, "file": [self.crafted / "evil.tlv"]}),
            Case("lists that are long", "trustlist", "WARNING",
                 {**ports, "warning": "9000:", "file": [self.crafted / "forty-small-records.tlv"]}),
            Case("lists and a text", "trustlist", "UNKNOWN", {**ports, "compare-with": [self.plant.folder / "note.txt"]}),
        ]

    def of_tvs(self):
        ports, certs = {"port": self.ports["tvs_port"], "verbose": True}, self.files / "source/certs"
        own = {**ports, "trustlist": self.itl("source")}
        return [
            Case("tvs", "tvs", "OK", {**own, "signer-of": self.itl("destination")}),
            Case("tvs slow", "tvs", "WARNING", {**own, "warning": "0:0.000001", "critical": 9}),
            Case("tvs without a role", "tvs", "CRITICAL", {**own, "certificate": certs / "tomcat-pub.pem"}),
            Case("tvs silent", "tvs", "CRITICAL", {**own, "port": self.silent_port, "timeout": 1}),
            Case("tvs of another", "tvs", "CRITICAL", {**ports, "trustlist": self.itl("destination")}),
            Case("tvs without a list", "tvs", "UNKNOWN", {**ports, "trustlist": self.files / "none.tlv"}),
        ]

    def of_consistency(self):
        here, etc = {"inventory": self.inventory, "verbose": True, "timeout": 30}, self.plant.folder / "etc"
        return [
            Case("nodes", "consistency", "OK", {**here, "cluster": ["source"]}),
            Case("move", "consistency", "WARNING", {**here, "from": "destination", "to": "source", "one-way": True}),
            Case("nodes of another mode", "consistency", "WARNING",
                 {**here, "cluster": ["source"], "inventory": etc / "other-mode.ini"}),
            Case("nodes gone", "consistency", "CRITICAL",
                 {**here, "cluster": ["source"], "inventory": etc / "gone.ini", "timeout": 6}),
            Case("move on paper", "consistency", "UNKNOWN",
                 {**here, "from": "source", "to": "destination", "inventory": self.files / "offline.ini"}),
        ]

    def of_truststore(self):
        stores = {"dir": [self.files / "source/stores"], "verbose": True}
        return [
            Case("stores", "truststore", "OK", {**stores, "name": "source"}),
            Case("stores with a blank", "truststore", "WARNING", {**stores, "name": "south east", "warning": 9000}),
            Case("stores now", "truststore", "CRITICAL", {**stores, "name": "source", "critical": 9000}),
            Case("stores gone", "truststore", "UNKNOWN", {**stores, "name": "source", "dir": [self.files / "none"]}),
        ]


# ---- nodes that can be stopped ----

CLUSTERS = {"brisbane": "source", "sydney": "destination"}       # as the shipped examples name them, and the lab
NODES = {"brisbane-pub": "127.18.3.11", "brisbane-sub": "127.18.3.12", "sydney-pub": "127.18.4.11"}


class Fleet:
    """The nodes of the shipped examples, each with servers of its own."""

    def __init__(self, stack, plant, lab):
        self.plant, self.files = plant, stack.enter_context(public_folder())
        for cluster in CLUSTERS.values():
            shutil.copytree(lab / cluster, self.files / cluster)
        addresses = list(NODES.values())
        self.http, self.tvs = (free_port(addresses=addresses) for _ in range(2))
        self.tftp = free_port(socket.SOCK_DGRAM, addresses)
        self.running = {}
        stack.callback(self.stop, *NODES)
        self.start(*NODES)
        self.write_inventory()

    def write_inventory(self, mode="mixed"):
        """/etc/ucmtrust/clusters.ini for the ports of this run. mode: what is expected of brisbane."""
        keys = {"http_port": self.http, "tftp_port": self.tftp, "tvs_port": self.tvs}
        entries = {cluster: {"keys": {"mode": mode if cluster == "brisbane" else "mixed", **keys},
                             "nodes": {name.partition("-")[2]: {"address": address, "services": "tftp, tvs"}
                                       for name, address in NODES.items() if name.startswith(cluster)}}
                   for cluster in CLUSTERS}
        inventory.write(self.plant.folder / "etc/clusters.ini", entries)

    def as_hosts(self, text):
        """The example of services.conf with the addresses, ports and stores of this run."""
        for name, address in NODES.items():
            ports = (f"vars.ucm_trustlist_port = {self.http}; vars.ucm_tvs_port = {self.tvs}; "
                     f"vars.ucm_trustlist_tftp_port = {self.tftp}; vars.ucm_timeout = 5")
            text = re.sub(rf'(Host "{name}" {{.*?address = )"[^"]+"', rf'\1"{address}"; {ports}', text, flags=re.S)
        text = text.replace('import "ucm-cluster"', 'import "ucm-cluster"; vars.ucm_timeout = 6')
        for cluster, name in CLUSTERS.items():
            text = text.replace(f"/srv/ucmtrust/{cluster}", str(self.files / name / "stores"))
        return text

    def start(self, *names):
        for name in names:
            self.running[name] = {"tftp": contextlib.ExitStack(), "tvs": contextlib.ExitStack()}
            address, (cluster, _, node) = NODES[name], name.partition("-")
            files = self.files / CLUSTERS[cluster] / "nodes" / node / "tftp"
            self.running[name]["tftp"].enter_context(atftpd(files, address, self.tftp))
            self.running[name]["tftp"].enter_context(nginx(files, address, self.http))
            self.start_tvs(name)
            self.plant.is_down(address, False)

    def start_tvs(self, name):
        cluster, _, node = name.partition("-")
        database = self.files / CLUSTERS[cluster] / "stores"        # a node answers from that of its cluster
        self.running[name]["tvs"].enter_context(
            tvs_server(self.files, "--store", database, node=node, cluster=CLUSTERS[cluster], address=NODES[name],
                       port=self.tvs))

    def stop_tvs(self, name):
        self.running[name]["tvs"].close()

    def stop(self, *names):
        """The machine is gone."""
        for name in names:
            for servers in self.running.pop(name, {}).values():
                servers.close()
            self.plant.is_down(NODES[name])
