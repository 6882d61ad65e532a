# SPDX-License-Identifier: GPL-2.0-or-later
# Scenarios: clusters, servers, a network and a phone put together, run, and their result compared with what is expected.
# To add one: a row in SCENARIOS. It must not contain decisions of the phone (phone.py) nor formats.
from dataclasses import dataclass
import json
import os
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile

from . import network, situations
from .cluster import PHONE_ADDRESS, PHONE_MODEL
from .dhcp import Responder
from .servers import Servers

LAB = Path(__file__).resolve().parent.parent
INSIDE = "UCMTRUST_LAB_INSIDE"
LIKE_11_5 = ("--tls-min", "1.0", "--tls-max", "1.2", "--ciphers", "AES256-SHA", "--client-cert", "optional")
LIKE_14 = ("--tls-min", "1.2", "--tls-max", "1.2", "--ciphers", "ECDHE-RSA-AES256-GCM-SHA384",
           "--client-cert", "optional")


@dataclass
class Scenario:
    about: str
    actions: tuple = ("boot", "migrate", "directory")
    expect: str = "new"             # new: the phone ends with the destination's ITL and configuration; old: with its own
    mixed: bool = False
    imported: str = "all"           # all, none, no-role (the signers only in CallManager-trust)
    unserved: str = None            # files with this beginning are not served by the destination
    tvs: tuple = LIKE_11_5          # options of the source's TVS servers
    tvs_identity: str = "tvs"
    tls: str = "1.2"
    plain: bool = False
    change: object = situations.clean       # what else is different: a function of situations.py


ASK = ("ask",)
SCENARIOS = {
    "migration-nonsecure": Scenario("no CTL; the destination's ITL is believed because the source's TVS vouches for "
                                    "its signer", unserved="ITLSEP"),
    "migration-secure": Scenario("mixed mode: the CTL first, by TVS; then the ITL by the new CTL", mixed=True),
    "migration-fails-no-signer": Scenario("the source does not know the destination's signer: status 1, nothing "
                                          "changes", expect="old", imported="none"),
    "migration-fails-no-role": Scenario("the signer is only in CallManager-trust: found, without a role", expect="old",
                                        imported="no-role"),
    "tvs-refused": Scenario("TVS certificates were renewed and this phone's ITL is older: the handshake is refused",
                            expect="old", tvs_identity="tvs-renewed"),
    "other-certificate": Scenario("TVS gives the phone another certificate than it asked for", expect="old",
                                  tvs=(*LIKE_11_5, "--fault", "other-certificate")),
    "silent-tvs": Scenario("the first TVS node says nothing, the second one vouches", change=situations.silent_tvs),
    "strange-tvs": Scenario("TVS of the source's subscriber shows a certificate that is in no list",
                            change=situations.strange_tvs),
    "blank-itl": Scenario("the destination serves a blank ITL", change=situations.blank_destination, mixed=True),
    "collision": Scenario("two servers in the destination's lists have one issuer and serial",
                          change=situations.collision_in_list, mixed=True),
    "tvs-tls12": Scenario("query, verify, and a query that finds nothing; TLS 1.2, AES256-SHA", ASK, "old"),
    "tvs-tls13": Scenario("the same over TLS 1.3", ASK, "old", tls="1.3",
                          tvs=("--tls-min", "1.3", "--client-cert", "optional")),
    "tvs-plain": Scenario("the same without TLS", ASK, "old", tvs=("--plain",), plain=True),
    "itl-tftp": Scenario("ITLFile.tlv by TFTP", ("fetch_tftp",), "new"),
    "ctl-http": Scenario("CTLSEP<MAC>.tlv by HTTP on 6970", ("fetch_http",), "old", mixed=True),
    "config-https": Scenario("ITLFile.tlv by HTTP, then the signed configuration by HTTPS on 6971", ("fetch_https",),
                             "new"),
}


def run(options):
    if options.scenario not in SCENARIOS:
        for name, scenario in SCENARIOS.items():
            print(f"{name:28}{scenario.about}")
        return 0 if options.scenario is None else 2
    if os.environ.get(INSIDE) != "1":
        if options.server is None and options.dir is None and not shutil.which("gcc"):
            print("no --server, and no gcc to build one", file=sys.stderr)
            return 2
        os.environ[INSIDE] = "1"
        network.enter([os.path.abspath(sys.argv[0])] + absolute(sys.argv[1:]))
    with tempfile.TemporaryDirectory(prefix="ucmtrust-lab-") as scratch:
        return Run(options, SCENARIOS[options.scenario], Path(options.dir or scratch), Path(scratch)).run()


def absolute(arguments):
    """The new process may not start in this folder."""
    return [os.path.abspath(value) if before in ("--dir", "--server", "--capture", "--axl-password-file") else value
            for before, value in zip([""] + arguments, arguments)]


def build_server(folder):
    """For whoever has no build tree: the server from its sources."""
    out = folder / "ucmtrust-tvs-server"
    sources = sorted(str(one) for one in (LAB / "tvs_server").glob("*.c"))
    subprocess.run(["gcc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-D_DEFAULT_SOURCE", "-O1", "-o", str(out),
                    *sources, "-lssl", "-lcrypto", "-lpthread"], check=True)
    return out


class Run:
    def __init__(self, options, scenario, folder, scratch):
        self.options, self.scenario, self.folder, self.scratch = options, scenario, folder, scratch
        folder.mkdir(parents=True, exist_ok=True)
        self.state = folder / "phone-state"
        self.keylog = folder / "tls-secrets.txt"
        self.keylog.unlink(missing_ok=True)

    def run(self):
        self.make_clusters()
        net = network.Network(self.pair)
        server = self.options.server or build_server(self.scratch)
        source_options = self.scenario.tvs
        if "--client-cert" in source_options:
            source_options += ("--client-ca", self.folder / "phone/accepted-cas.pem")
        servers = [Servers(self.pair.source, net.source, self.folder / "source", self.folder, server, source_options,
                           self.scene),
                   Servers(self.pair.destination, net.destination, self.folder / "destination", self.folder, server,
                           LIKE_14, self.scene)]
        capture = network.Capture(net.phone, self.options.capture, self.scratch) if self.options.capture else None
        try:
            failed = self.run_phone(net)
        finally:
            if capture:
                capture.finish(self.keylog)
            for one in servers:
                one.stop()
        return failed or self.compare()

    def make_clusters(self):
        scenario, options = self.scenario, self.options
        cache = os.environ.get("UCMTRUST_LAB_CACHE") or self.folder / "keys"
        self.scene = situations.Scene(cache, options.now, mixed=scenario.mixed, imported=scenario.imported != "none",
                                      not_before=options.not_before, not_after=options.not_after)
        self.pair = self.scene.pair
        source = self.pair.source
        if scenario.imported == "no-role":
            source.imported.pop("Phone-SAST-trust")
        if scenario.tvs_identity != "tvs":
            for node in source.nodes:
                name = f"{scenario.tvs_identity}-{node.name}"
                source.make(name, node.host)
                self.scene.identities["source", node.name] = source.certificates[name]
        scenario.change(self.scene)
        self.scene.write(self.folder)
        self.write_accepted_cas()
        if scenario.unserved:
            for path in self.folder.glob(f"destination/nodes/*/tftp/{scenario.unserved}*"):
                path.unlink()
        self.give_phone_its_past()

    def write_accepted_cas(self):
        """Who issues certificates that phones show: CAPF (LSC) and the manufacturer (MIC)."""
        issuers = self.pair.source.certificates["capf"].pem + self.pair.manufacturing.pem
        (self.folder / "phone/accepted-cas.pem").write_bytes(issuers)

    def give_phone_its_past(self):
        """The phone comes from the source's publisher: it holds that node's lists and runs on its configuration."""
        shutil.rmtree(self.state, ignore_errors=True)
        self.state.mkdir(parents=True)
        source = self.pair.source
        files = source.tftp_files(source.publisher)
        for name in ("ITLFile.tlv", "CTLFile.tlv"):
            if name in files:
                (self.state / name).write_bytes(files[name].encode())
        (self.state / "config.xml").write_bytes(source.configuration(source.publisher).body)

    def run_phone(self, net):
        destination = self.pair.destination
        tftp = [node.address for node in destination.nodes[:2]]
        settings = {"mac": self.pair.mac, "model": PHONE_MODEL, "state": str(self.state), "tftp": tftp,
                    "actions": self.scenario.actions, "client": str(self.folder / "phone/lsc-with-key.pem"),
                    "keylog": str(self.keylog), "tls": self.scenario.tls, "plain": self.scenario.plain,
                    "story": str(self.folder / "story"),
                    "about": str(self.folder / "destination/nodes/pub/tftp/ITLFile.tlv")}
        path = self.folder / "phone.json"
        path.write_text(json.dumps(settings, indent=1) + "\n")
        if "boot" in self.scenario.actions:
            Responder("lan", network.ROUTER_LAN, PHONE_ADDRESS, tftp).start()
        else:
            net.phone_address()
        done = subprocess.run(net.phone.command(sys.executable, "-B", "-m", "trustlab.phone", path), cwd=LAB,
                              timeout=90)
        self.name_identities()
        return done.returncode

    def name_identities(self):
        """Puts into the phone's story which certificate each TVS node shows: a phone that breaks off cannot say."""
        path = self.folder / "story" / "story.json"
        if not path.exists():
            return
        entries = json.loads(path.read_text())
        shown = {node.address: f"../{cluster.name}/certs/{self.scene.identity_of(cluster.name, node.name)}.der"
                 for cluster in self.pair.clusters for node in cluster.nodes}
        for node in (node for entry in entries for node in entry["nodes"]):
            node["identity"] = shown.get(node["node"])
        path.write_text(json.dumps(entries, indent=1) + "\n")

    def compare(self):
        """0 when the phone ended as expected."""
        cluster = self.pair.destination if self.scenario.expect == "new" else self.pair.source
        itl = (self.folder / cluster.name / "nodes" / cluster.publisher.name / "tftp" / "ITLFile.tlv").read_bytes()
        configured = cluster.configuration(cluster.publisher).body
        good = (self.state / "ITLFile.tlv").read_bytes() == itl
        if "migrate" in self.scenario.actions:
            good = good and (self.state / "config.xml").read_bytes() == configured
        print(f"{self.options.scenario}: {'as expected' if good else 'NOT AS EXPECTED'}, "
              f"the phone holds the {cluster.name if good else 'wrong'} cluster's files", flush=True)
        return 0 if good else 1
