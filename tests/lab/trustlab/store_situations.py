# SPDX-License-Identifier: GPL-2.0-or-later
# Trust stores that administrators meet: what the nodes of two clusters hold, and what a check of them must find.
# To add one: a function that changes a Scene, and a row in TABLE. It must not know what a check prints.
# Facts: documents 210541, 213407, 214535, 215539, 118892.
from dataclasses import dataclass, field
import shutil

from .certs import default_serial
from .cluster import DAY, make_pair

NODES = {"source": ("pub", "sub"), "destination": ("pub", "sub", "sub2")}
OTHER = {"source": "destination", "destination": "source"}
# On every node, also where nothing lies in them.
TRUST_STORES = ("CallManager-trust", "CAPF-trust", "Phone-SAST-trust", "tomcat-trust", "ipsec-trust")


class Scene:
    """What each node holds: stores[cluster][node][store] = {file stem: Certificate}."""

    def __init__(self, cache, now, **options):
        self.now = now
        self.pair = make_pair(cache, now, **options)
        self.maker = self.pair.source.maker
        self.lists = {}         # {file name: TrustList}
        self.stores = {}
        for cluster in self.pair.clusters:
            self.stores[cluster.name] = {
                node.name: {**{store: {} for store in TRUST_STORES}, **cluster.stores(node)} for node in cluster.nodes}

    def certificate(self, cluster, name):
        return getattr(self.pair, cluster).certificates[name]

    def make(self, name, subject, **options):
        return self.maker.make(name, subject, **{"key_name": "store-situation", "serial": default_serial(name), **options})

    def older(self, cluster, name, **options):
        """The certificate that came before: the same subject, another serial number."""
        own = self.certificate(cluster, name)
        return self.make(f"old-{cluster}-{name}", own.x509.subject,
                         **{"not_before": self.now - 700 * DAY, "not_after": self.now + 900 * DAY, **options})

    def places(self, cluster, store, nodes=None):
        for node in nodes or NODES[cluster]:
            yield self.stores[cluster][node].setdefault(store, {})

    def put(self, cluster, store, *certificates, nodes=None):
        for place in self.places(cluster, store, nodes):
            place.update({made.name: made for made in certificates})

    def use(self, cluster, store, certificate, nodes=None):
        """The service has this certificate instead."""
        for place in self.places(cluster, store, nodes):
            place.clear()
            place[certificate.name] = certificate

    def drop(self, cluster, store, *certificates, nodes=None):
        gone = {made.der for made in certificates}
        for place in self.places(cluster, store, nodes):
            for stem in [stem for stem, made in place.items() if made.der in gone]:
                del place[stem]

    def unread(self, cluster, store, nodes=None):
        """Nobody exported it: there is no such folder."""
        for node in nodes or NODES[cluster]:
            self.stores[cluster][node].pop(store, None)

    def write(self, root):
        for cluster, nodes in self.stores.items():
            shutil.rmtree(root / cluster, ignore_errors=True)
            for node, stores in nodes.items():
                for store, certificates in stores.items():
                    folder = root / cluster / node / store
                    folder.mkdir(parents=True)
                    for stem, made in certificates.items():
                        (folder / f"{stem}.pem").write_bytes(made.pem)
        for name, made in self.lists.items():
            (root / name).write_bytes(made.encode())


def clean(scene):
    pass


# ---- dates ----

def vendor_expired(scene):
    vendor = scene.make("vendor", "O=Cisco Systems,CN=Cisco Manufacturing CA", ca=True, not_before=scene.now - 700 * DAY,
                        not_after=scene.now - 3 * DAY)
    for store in ("CallManager-trust", "CAPF-trust"):
        scene.put("source", store, vendor)


def stale_expired(scene):
    scene.put("source", "tomcat-trust", scene.make("directory", "CN=directory.example", not_before=scene.now - 700 * DAY,
                                                   not_after=scene.now - 3 * DAY))


def stale_replaced(scene):
    scene.put("source", "CallManager-trust", scene.older("source", "callmanager-pub"))


def needed(scene):
    """Old ones, each needed for another reason: live LSCs, lists that phones hold (twice), what a CA issued."""
    signer = scene.older("source", "callmanager-sub")
    authority = scene.make("old-ca", "CN=Example CA", ca=True, not_before=scene.now - 700 * DAY)
    newer = scene.make("new-ca", "CN=Example CA", ca=True)
    scene.put("source", "CallManager-trust", scene.older("source", "capf"), signer, authority, newer,
              scene.make("issued", "CN=gateway.example", issuer=authority))
    scene.put("source", "Phone-SAST-trust", scene.older("destination", "itlrecovery"))
    scene.lists["old-itl.tlv"] = scene.pair.source.itl(scene.pair.source.nodes[1])
    scene.lists["old-itl.tlv"].signer = signer


# ---- the nodes of a cluster ----

def store_unseen(scene):
    scene.unread("source", "CallManager-trust", ["sub"])
    scene.unread("source", "tomcat-trust", ["sub"])


def trust_missing(scene):
    foreign = scene.pair.source.certificates
    scene.drop("destination", "CallManager-trust", foreign["callmanager-pub"], foreign["itlrecovery"], nodes=["sub2"])


def trust_extra(scene):
    scene.put("destination", "tomcat-trust", scene.make("stray", "CN=stray.example"), nodes=["sub"])


def authorities(scene):
    root = scene.make("root", "CN=Example Root CA", ca=True, key_name="store-root")
    return root, scene.make("issuing", "CN=Example Issuing CA", issuer=root, ca=True, key_name="store-issuing")


def chain(scene):
    """Tomcat of every node and CallManager-ECDSA of the publisher come from a CA, and the chain is everywhere."""
    root, issuing = authorities(scene)
    for node in scene.pair.source.nodes:
        scene.use("source", "tomcat", scene.make(f"tomcat-{node.name}-issued", f"CN={node.host}", issuer=issuing),
                  [node.name])
    scene.put("source", "CallManager-ECDSA", scene.make("ecdsa", "CN=cucm-src-pub-EC.example", issuer=root, key="ec256"),
              nodes=["pub"])
    scene.put("source", "tomcat-trust", root, issuing)
    scene.put("source", "CallManager-trust", root)
    return root


def chain_missing(scene):
    root = chain(scene)
    for node in NODES["source"]:
        scene.drop("source", "tomcat-trust", root)


def chain_of_a_namesake(scene):
    """Another key under the name of the CA has issued nothing."""
    root = chain(scene)
    scene.drop("source", "CallManager-trust", root)
    scene.put("source", "CallManager-trust", scene.make("namesake", "CN=Example Root CA", ca=True))


def several_hosts(scene, service, names):
    source = scene.pair.destination
    return scene.make(f"{service}-ms", "CN=cucm-ms.example", san=["example", *(node.host for node in source.nodes
                                                                              if node.name in names)])


def multi_server(scene, nodes=("pub", "sub", "sub2")):
    for service, store in (("tomcat", "tomcat"), ("callmanager", "CallManager")):
        scene.use("destination", store, several_hosts(scene, service, NODES["destination"]), list(nodes))


def multi_server_missing(scene):
    multi_server(scene, ("pub", "sub"))
    scene.use("destination", "CallManager", several_hosts(scene, "callmanager", NODES["destination"]))


def multi_server_callmanager(scene):
    multi_server(scene, ("pub", "sub"))
    scene.use("destination", "tomcat", several_hosts(scene, "tomcat", NODES["destination"]))


def ipsec_missing(scene):
    scene.drop("destination", "ipsec-trust", scene.certificate("destination", "ipsec-pub"), nodes=["sub", "sub2"])
    for node in ("sub", "sub2"):
        scene.put("destination", "ipsec-trust", scene.certificate("destination", f"ipsec-{node}"), nodes=[node])


def ipsec_old(scene):
    scene.drop("source", "ipsec-trust", scene.certificate("source", "ipsec-pub"), nodes=["sub"])
    scene.put("source", "ipsec-trust", scene.older("source", "ipsec-pub"), nodes=["sub"])


def recovery_several(scene):
    scene.use("destination", "ITLRecovery", scene.older("destination", "itlrecovery"), ["sub2"])


def recovery_key(scene):
    small = scene.make("small", "CN=ITLRECOVERY_cucm-src-pub.example", key="1024")
    scene.use("source", "ITLRecovery", small)


def capf_subscriber(scene):
    scene.put("destination", "CAPF", scene.make("capf-sub", "CN=CAPF-5eed5eed", ca=True), nodes=["sub"])


def ctl(scene):
    scene.lists["CTLFile.tlv"] = scene.pair.source.ctl()
    scene.lists["ITLFile.tlv"] = scene.pair.source.itl(scene.pair.source.publisher)


# ---- one cluster and another ----

def foreign(scene, to, *names):
    return [scene.certificate(OTHER[to], name) for name in names]


def not_imported(scene, to, *names, stores=("CallManager-trust", "tomcat-trust", "Phone-SAST-trust")):
    for store in stores:
        scene.drop(to, store, *foreign(scene, to, *names))


def nothing_there(scene):
    not_imported(scene, "destination", *scene.pair.source.certificates)


def one_node(scene):
    not_imported(scene, "destination", "callmanager-sub", "tomcat-sub")


def signer(scene):
    not_imported(scene, "source", "callmanager-sub2")


def no_role(scene):
    not_imported(scene, "source", *scene.pair.destination.certificates, stores=["Phone-SAST-trust"])


def no_role_of_one(scene):
    not_imported(scene, "source", "callmanager-sub", stores=["Phone-SAST-trust"])


def tftp_only(scene):
    not_imported(scene, "destination", "itlrecovery")


def by_hand(scene):
    not_imported(scene, "destination", "itlrecovery", stores=["CallManager-trust"])


def sast_only(scene):
    not_imported(scene, "destination", "callmanager-pub", stores=["CallManager-trust"])


def no_capf(scene):
    not_imported(scene, "destination", "capf")


def no_tomcat(scene):
    not_imported(scene, "destination", "tomcat-pub", "tomcat-sub")


def no_tomcat_of_one(scene):
    not_imported(scene, "destination", "tomcat-sub")


def tomcat_by_its_ca(scene):
    root, _ = authorities(scene)
    for node in NODES["source"]:
        scene.use("source", "tomcat", scene.make(f"tomcat-{node}-issued", f"CN=cucm-src-{node}.example", issuer=root), [node])
    not_imported(scene, "destination", "tomcat-pub", "tomcat-sub")
    for cluster in NODES:
        scene.put(cluster, "tomcat-trust", root)


def ecdsa(scene):
    scene.put("source", "CallManager-ECDSA", scene.make("ecdsa", "CN=cucm-src-pub-EC.example", key="ec256"), nodes=["pub"])


def ecdsa_imported(scene):
    ecdsa(scene)
    scene.put("destination", "CallManager-trust", *scene.stores["source"]["pub"]["CallManager-ECDSA"].values())


def role_unread(scene):
    scene.unread("destination", "Phone-SAST-trust")


def identities_alone(scene):
    for store in TRUST_STORES:
        scene.unread("destination", store)


def only_callmanager(scene):
    """The other side is an export of type TFTP: no more than its CallManager certificates."""
    for store in ("CAPF", "tomcat", "ITLRecovery", *TRUST_STORES):
        scene.unread("source", store)


def expired_elsewhere(scene):
    pass


@dataclass
class Situation:
    about: str
    change: object
    expects: set = field(default_factory=set)   # {(where, id)}: every finding, notes too
    state: str = "OK"
    cluster: str = "source"         # whose stores are judged
    other: bool = False             # with --expect-from the other one
    arguments: tuple = ()           # "{dir}" is where the scene was written
    options: dict = field(default_factory=dict)     # of make_pair()
    dates: dict = field(default_factory=dict)       # {certificate: (begin, end)} in days from now

    def scene(self, cache, now):
        dates = {name: (now + begin * DAY, now + end * DAY) for name, (begin, end) in self.dates.items()}
        made = Scene(cache, now, dates=dates, **self.options)
        self.change(made)
        return made

    def words(self, folder):
        """The command line, without the name of the check."""
        found = ["--dir", f"{folder}/{self.cluster}", "--name", self.cluster]
        if self.other:
            other = OTHER[self.cluster]
            found += ["--expect-from", f"dir:{folder}/{other}", "--expect-name", other]
        return found + [word.format(dir=folder) for word in self.arguments]


def one(where, id_):
    return {(where, id_)}


def dated(kind, name, place, id_):
    """Expired, expiring, and expiring within days."""
    return {
        f"{kind}-expired": Situation(f"{name} has expired", clean, one(place, f"ST-{id_}-EXPIRED"), "CRITICAL",
                                     dates={name: (-400, -3)}),
        f"{kind}-expiring": Situation(f"{name} has 30 days left", clean, one(place, f"ST-{id_}-EXPIRING"), "WARNING",
                                      dates={name: (-400, 30)}),
        f"{kind}-expiring-soon": Situation(f"{name} has 5 days left", clean, one(place, f"ST-{id_}-EXPIRING"), "CRITICAL",
                                           dates={name: (-400, 5)})}


PUBLISHER = ("--publisher", "pub")
LIKE_14 = (*PUBLISHER, "--cluster-version", "14")
CTL = ("--ctl", "{dir}/CTLFile.tlv")
TABLE = {
    "clean": Situation("one cluster in order", clean, arguments=(*PUBLISHER, "--cluster-version", "11.5")),
    "clean-14": Situation("the other one", clean, cluster="destination", arguments=LIKE_14),
    "clean-pair": Situation("both know each other", clean, other=True),
    "clean-emcc": Situation("and want extension mobility", clean, cluster="destination", other=True,
                            arguments=(*LIKE_14, "--emcc")),
    **dated("callmanager", "source/callmanager-pub", "source/pub/CallManager", "CALLMANAGER"),
    **dated("tomcat", "source/tomcat-sub", "source/sub/tomcat", "TOMCAT"),
    **dated("capf", "source/capf", "source/pub/CAPF", "CAPF"),
    **dated("ipsec", "source/ipsec-pub", "source/pub/ipsec", "IPSEC"),
    **dated("tvs", "source/tvs-sub", "source/sub/TVS", "TVS"),
    **dated("recovery", "source/itlrecovery", "source/pub/ITLRecovery", "RECOVERY"),
    "not-yet-valid": Situation("TVS begins tomorrow", clean, one("source/pub/TVS", "ST-NOT-YET-VALID"), "CRITICAL",
                               dates={"source/tvs-pub": (1, 400)}),
    "trusted-not-yet-valid": Situation("a CA begins tomorrow", clean, one("source/pub/CallManager-trust", "ST-NOT-YET-VALID"),
                                       "WARNING", dates={"phone/manufacturing-ca": (1, 400)}),
    "expired-elsewhere": Situation("an expired certificate is said once, where it is used", expired_elsewhere,
                                   one("source/pub/CallManager", "ST-CALLMANAGER-EXPIRED"), "CRITICAL", "destination", True,
                                   dates={"source/callmanager-pub": (-400, -3)}),
    "trust-expired": Situation("a CA in CAPF-trust has expired", clean, one("source/pub/CallManager-trust", "ST-TRUST-EXPIRED"),
                               "WARNING", dates={"phone/manufacturing-ca": (-400, -3)}),
    "trust-expiring": Situation("a CA has 5 days left, and is only trusted", clean,
                                one("source/pub/CallManager-trust", "ST-TRUST-EXPIRING"), "WARNING",
                                dates={"phone/manufacturing-ca": (-400, 5)}),
    "vendor-expired": Situation("a CA that came with the product has expired", vendor_expired,
                                one("source/pub/CallManager-trust", "ST-VENDOR-EXPIRED")),
    "stale-expired": Situation("nobody needs it any more, and it has expired", stale_expired,
                               one("source/pub/tomcat-trust", "ST-STALE-EXPIRED"), "WARNING"),
    "stale-replaced": Situation("the CallManager certificate from before the renewal", stale_replaced,
                                one("source/pub/CallManager-trust", "ST-STALE-REPLACED")),
    "needed": Situation("old ones that must not be deleted", needed, arguments=("--list", "{dir}/old-itl.tlv")),
    "store-unseen": Situation("two stores of a node were not exported", store_unseen, one(
        "source/sub/CallManager-trust", "ST-STORE-UNSEEN"), "UNKNOWN"),
    "trust-missing": Situation("an import did not reach one node", trust_missing,
                               one("destination/sub2/CallManager-trust", "ST-TRUST-MISSING"), "WARNING", "destination"),
    "trust-extra": Situation("a certificate is left on one node", trust_extra,
                             one("destination/sub/tomcat-trust", "ST-TRUST-EXTRA"), "WARNING", "destination"),
    "chain": Situation("certificates of a CA, with all of the chain", chain),
    "chain-missing": Situation("the root is missing on every node", chain_missing,
                               one("source/pub/tomcat-trust", "ST-CHAIN-MISSING"), "WARNING"),
    "chain-of-a-namesake": Situation("the CA is there by name alone", chain_of_a_namesake,
                                     one("source/pub/CallManager-trust", "ST-CHAIN-MISSING"), "WARNING"),
    "multi-server": Situation("one certificate for all nodes, on all nodes", multi_server, cluster="destination"),
    "multi-server-missing": Situation("Tomcat's did not reach one node", multi_server_missing,
                                      one("destination/sub2/tomcat", "ST-MULTI-SERVER"), "WARNING", "destination",
                                      arguments=("--mode", "mixed")),
    "multi-server-callmanager": Situation("CallManager's did not reach one node of a secure cluster", multi_server_callmanager,
                                          one("destination/sub2/CallManager", "ST-MULTI-SERVER"), "CRITICAL", "destination",
                                          arguments=("--mode", "mixed")),
    "ipsec-missing": Situation("two subscribers do not know the publisher", ipsec_missing,
                               one("destination/sub/ipsec-trust", "ST-IPSEC-MISSING"), "WARNING", "destination",
                               arguments=PUBLISHER),
    "ipsec-missing-14": Situation("the same from 14 on", ipsec_missing, one("destination/sub/ipsec-trust", "ST-IPSEC-MISSING"),
                                  "OK", "destination", arguments=LIKE_14),
    "ipsec-old": Situation("a subscriber has that of before", ipsec_old, one("source/sub/ipsec-trust", "ST-IPSEC-OLD"), "WARNING",
                           arguments=PUBLISHER),
    "recovery-several": Situation("one node has another ITLRecovery on 14", recovery_several,
                                  one("destination/sub2/ITLRecovery", "ST-RECOVERY-SEVERAL"), "WARNING", "destination",
                                  arguments=LIKE_14),
    "recovery-several-11.5": Situation("the same, where each node has its own", recovery_several, cluster="destination",
                                       arguments=("--cluster-version", "11.5")),
    "recovery-key": Situation("ITLRecovery has 1024 bits", recovery_key, one("source/pub/ITLRecovery", "ST-RECOVERY-KEY"),
                              "WARNING"),
    "capf-subscriber": Situation("a subscriber has CAPF on 14", capf_subscriber,
                                 one("destination/sub/CAPF", "ST-CAPF-SUBSCRIBER"), cluster="destination", arguments=LIKE_14),
    "mode": Situation("the database says non-secure, the CTL mixed", ctl, one("source", "ST-MODE"), "WARNING",
                      arguments=(*CTL, "--mode", "non-secure")),
    "mode-fits": Situation("both say mixed", ctl, arguments=(*CTL, "--mode", "mixed")),
    "mode-unsure": Situation("the database was not asked", ctl, one("source", "ST-MODE-UNSURE"), "UNKNOWN", arguments=CTL),
    "ctl-unseen": Situation("an ITL is no CTL", ctl, one("{dir}/ITLFile.tlv", "ST-LIST-UNSEEN"), "UNKNOWN",
                            arguments=("--ctl", "{dir}/ITLFile.tlv", "--mode", "mixed")),
    "import-none": Situation("neither knows the other", clean,
                             one("source", "ST-IMPORT-NONE") | one("destination", "ST-IMPORT-NONE"), "CRITICAL", other=True,
                             options={"imported": False}),
    "import-none-one-way": Situation("the same, and only the way there counts", clean, one("source", "ST-IMPORT-NONE"),
                                     "CRITICAL", other=True, arguments=("--one-way",), options={"imported": False}),
    "import-one-side": Situation("only one side imported", nothing_there, one("destination", "ST-IMPORT-NONE"), "CRITICAL",
                                 other=True),
    "import-node": Situation("one node was not exported", one_node, one("destination", "ST-IMPORT-NODE"), "CRITICAL",
                             "destination", True),
    "import-signer": Situation("CallManager of one node is missing", signer, one("source", "ST-IMPORT-SIGNER"), "CRITICAL",
                               other=True),
    "import-no-role": Situation("everything is in CallManager-trust only", no_role, one("source", "ST-IMPORT-NO-ROLE"),
                                "CRITICAL", other=True),
    "import-no-role-of-one": Situation("CallManager of one node is in CallManager-trust only", no_role_of_one,
                                       one("source", "ST-IMPORT-NO-ROLE"), "CRITICAL", other=True),
    "import-tftp-only": Situation("ITLRecovery was not exported", tftp_only, one("destination", "ST-IMPORT-RECOVERY"), "CRITICAL",
                                  "destination", True),
    "import-by-hand": Situation("ITLRecovery is where the procedure by hand puts it", by_hand, other=True),
    "import-sast-only": Situation("CallManager is in Phone-SAST-trust only", sast_only,
                                  one("destination", "ST-IMPORT-CALLMANAGER"), "WARNING", "destination", True),
    "import-no-capf": Situation("phones will come with LSCs that nobody knows", no_capf, one("destination", "ST-IMPORT-CAPF"),
                                "CRITICAL", other=True),
    "import-no-tomcat": Situation("Tomcat was not exported", no_tomcat, one("destination", "ST-IMPORT-TOMCAT"), "WARNING",
                                  "destination", True),
    "import-no-tomcat-of-one": Situation("on one node", no_tomcat_of_one, one("destination", "ST-IMPORT-TOMCAT"), "WARNING",
                                         "destination", True),
    "import-tomcat-by-its-ca": Situation("its CA is trusted instead", tomcat_by_its_ca, cluster="destination", other=True),
    "import-ecdsa": Situation("CallManager-ECDSA is not known", ecdsa, one("destination", "ST-IMPORT-ECDSA"), "WARNING",
                              "destination", True),
    "import-ecdsa-there": Situation("it is in CallManager-trust", ecdsa_imported, cluster="destination", other=True),
    "import-unsure": Situation("the store with the roles was not read", role_unread,
                               one("destination/Phone-SAST-trust", "ST-IMPORT-UNSURE"), "UNKNOWN", "destination", True),
    "import-unsure-back": Situation("the same on the side that nobody asked about", role_unread, other=True),
    "import-not-read": Situation("no trust store was read at all", identities_alone,
                                 {(f"destination/{store}", "ST-IMPORT-UNSURE") for store in
                                  ("CallManager-trust", "tomcat-trust", "Phone-SAST-trust")}, "UNKNOWN", "destination", True),
    "import-unseen": Situation("the other side is an export of type TFTP", only_callmanager,
                               one("source/ITLRecovery", "ST-IMPORT-UNSEEN"), "UNKNOWN", "destination", True),
    "emcc-recovery": Situation("extension mobility without ITLRecovery", tftp_only, one("destination", "ST-EMCC-RECOVERY"),
                               "CRITICAL", "destination", True, ("--emcc",)),
    "emcc-tomcat": Situation("extension mobility without Tomcat", no_tomcat, one("destination", "ST-EMCC-TOMCAT"), "CRITICAL",
                             "source", True, ("--emcc",)),
}
