# SPDX-License-Identifier: GPL-2.0-or-later
# Situations that administrators meet: a pair of clusters brought into one, and what a check of both must find.
# To add one: a function that changes a Scene, and a row in TABLE. It must not know how servers run (site() in
# tests/integration/servers.py, servers.py here) nor what a check prints.
# Facts: documents 213407, 116232, 118893, 215539.
from dataclasses import dataclass, field
import shutil

from . import inventory, layout
from .certs import default_serial
from .cluster import DAY, make_pair
from .trustlist import CAPF, SAST

THERE, BACK = "source -> destination", "destination -> source"


class Scene:
    """Two clusters, and where a node differs from what its cluster should be."""

    def __init__(self, cache, now, **options):
        self.cache, self.now, self.options = cache, now, options
        self.pair = make_pair(cache, now, **options)
        self.entries = inventory.live(self.pair)
        self.served = {}            # {(cluster, node): {file name: TrustList}} instead of the cluster's own
        self.forgotten = {}         # {(cluster, node): test(store, certificate)} what its TVS does not know
        self.identities = {}        # {(cluster, node): Certificate} that its TVS shows instead of the one in the lists
        self.missing = set()        # {(cluster, node, file name)}: the server has no such file
        self.silent = set()         # {(cluster, node)}: connections are taken, and nothing is ever said

    def at_another_time(self, **changes):
        """The same clusters, before or after something."""
        return make_pair(self.cache, self.now, **{**self.options, **changes})

    def clusters(self):
        return {cluster.name: cluster for cluster in self.pair.clusters}

    def serve(self, cluster, nodes, itl=None, ctl=None):
        """These nodes serve other lists; itl: function of the node."""
        for node in self.clusters()[cluster].nodes:
            if node.name in nodes:
                files = self.served.setdefault((cluster, node.name), {})
                if itl is not None:
                    files["ITL"] = itl(node)
                if ctl is not None:
                    files["CTL"] = ctl

    def forget(self, cluster, nodes, test):
        self.forgotten.update({(cluster, node): test for node in nodes})

    def write(self, root):
        layout.write_pair(root, self.pair, shapes=False)
        for (cluster, node), files in self.served.items():
            for path in (root / cluster / "nodes" / node / "tftp").glob("?TL*.tlv"):
                if path.name[:3] in files:
                    path.write_bytes(files[path.name[:3]].encode())
        for cluster, node, name in self.missing:
            (root / cluster / "nodes" / node / "tftp" / name).unlink()
        for cluster in self.pair.clusters:
            for node in cluster.nodes:
                self._write_knowledge(root / cluster.name, cluster, node.name)
        for (cluster, _), certificate in self.identities.items():
            certificate.write(root / cluster / "certs")

    def _write_knowledge(self, folder, cluster, name):
        """knows/NODE: what the TVS of this node knows, which is what the database of the cluster holds."""
        knows = folder / "knows" / name
        shutil.rmtree(knows, ignore_errors=True)
        test = self.forgotten.get((cluster.name, name), lambda store, certificate: False)
        for node in cluster.nodes:
            for store, found in cluster.stores(node).items():
                for stem, certificate in found.items():
                    if not test(store, certificate):
                        (knows / node.name / store).mkdir(parents=True, exist_ok=True)
                        (knows / node.name / store / f"{stem}.pem").write_bytes(certificate.pem)

    def identity_of(self, cluster, node):
        """Name of the certificate that the TVS of a node shows."""
        changed = self.identities.get((cluster, node))
        return changed.name if changed else f"tvs-{node}"


def everything(cluster, service):
    """renewed=…: a service's certificate on every node."""
    names = {"source": ("pub", "sub"), "destination": ("pub", "sub", "sub2")}[cluster]
    return tuple(f"{cluster}/{service}-{name}" for name in names)


# ---- what other clusters know ----

def clean(scene):
    pass


def no_role(scene):
    scene.pair.source.imported.pop("Phone-SAST-trust")


def imported_on_some(scene):
    """TVS of sub2 was not restarted after the import."""
    foreign = {made.der for made in scene.pair.source.certificates.values()}
    scene.forget("destination", ["sub2"], lambda store, made: made.der in foreign)


def behind(scene):
    """TVS of sub2 does not even know the new ITLRecovery certificate of its own cluster."""
    recovery = scene.pair.destination.certificates["itlrecovery"].der
    scene.forget("destination", ["sub2"], lambda store, made: made.der == recovery)


def outside_group(scene):
    foreign = {made.der for made in scene.pair.destination.certificates.values()}
    scene.forget("source", ["sub"], lambda store, made: made.der in foreign)
    scene.entries["source"]["keys"]["cm_group"] = "sub"


def no_way_back(scene):
    capf = scene.pair.source.certificates["capf"]
    scene.pair.destination.imported["Phone-SAST-trust"] = []
    scene.pair.destination.imported["CallManager-trust"] = [capf]


def no_capf(scene):
    imported, capf = scene.pair.destination.imported, scene.pair.source.certificates["capf"]
    imported["CallManager-trust"] = [made for made in imported["CallManager-trust"] if made.der != capf.der]


# ---- what nodes serve ----

def ctl_of_before(scene, cluster, nodes):
    before = scene.at_another_time(renewed=())
    scene.serve(cluster, nodes, ctl=getattr(before, cluster).ctl())


def stale_ctl_11_5(scene):
    ctl_of_before(scene, "source", ["pub", "sub"])


def stale_ctl_14(scene):
    ctl_of_before(scene, "destination", ["pub", "sub", "sub2"])


def old_ctl(scene):
    ctl_of_before(scene, "destination", ["sub2"])


def old_itl(scene):
    before = scene.at_another_time(renewed=()).destination

    def itl(node):
        found = before.itl(node)
        found.timestamp -= 60 * DAY
        return found
    scene.serve("destination", ["sub"], itl=itl)


def _blank(cluster):
    def itl(node):
        found = cluster.itl(node)
        found.records = [record for record in found.records if record.role in (SAST, CAPF)]
        return found
    return itl


def blank_itl(scene):
    scene.serve("source", ["pub", "sub"], itl=_blank(scene.pair.source))


def blank_destination(scene):
    scene.serve("destination", ["pub", "sub", "sub2"], itl=_blank(scene.pair.destination))


def no_itl(scene):
    scene.missing.add(("source", "sub", "ITLFile.tlv"))


def no_itl_at_all(scene):
    scene.missing.update({("source", "pub", "ITLFile.tlv"), ("source", "sub", "ITLFile.tlv")})


def ctl_as_itl(scene):
    """Somebody copied one over the other; phones that come with a CTL have accepted these very bytes already."""
    scene.serve("destination", ["sub"], itl=lambda node: scene.pair.destination.ctl())


def other_mode(scene):
    scene.entries["source"]["keys"]["mode"] = "non-secure"


def silent_node(scene):
    scene.silent.add(("destination", "sub2"))


def silent_tvs(scene):
    """Only for the phone: its TVS nodes wait for the request and then say nothing."""
    scene.silent.add(("source", "pub"))


def strange_tvs(scene):
    """TVS of sub was renewed, and no list was built since."""
    source = scene.pair.source
    host = source.nodes[1].host
    scene.identities["source", "sub"] = source.maker.make(
        "tvs-sub-new", source._subject(host), key_name="source-tvs-sub-renewed", serial=default_serial("tvs-sub-new"),
        digest="sha1")


# ---- one issuer and serial ----

def issued_alike(scene, *names):
    """These certificates come from one CA, which gave them one serial; the names are CLUSTER/CERTIFICATE."""
    maker = scene.pair.source.maker
    authority = maker.make("enterprise-ca", "CN=Example Enterprise CA,O=Example", ca=True)
    for name in names:
        cluster, _, which = name.partition("/")
        owner = scene.clusters()[cluster]
        subject = owner.certificates[which].x509.subject
        owner.certificates[which] = owner.maker.make(which, subject, key_name=f"{cluster}-{which}", issuer=authority,
                                                     serial=0x5A0BAD)


def collision_in_cluster(scene):
    issued_alike(scene, "source/callmanager-pub", "source/callmanager-sub")


def collision_in_list(scene):
    issued_alike(scene, "destination/callmanager-pub", "destination/callmanager-sub")


def collision_between(scene):
    """Imported again afterwards: what the clusters know of each other is what they have now."""
    issued_alike(scene, "source/callmanager-sub", "destination/itlrecovery")
    known = {f"{cluster.name}-{name}": made for cluster in scene.pair.clusters
             for name, made in cluster.certificates.items()}
    for cluster in scene.pair.clusters:
        for store, certificates in cluster.imported.items():
            other = "destination" if cluster.name == "source" else "source"
            cluster.imported[store] = [known.get(f"{other}-{made.name}", made) for made in certificates]


# ---- extension mobility across clusters ----

def emcc(scene):
    for cluster in scene.entries.values():
        cluster["keys"]["emcc"] = "yes"


def emcc_without(scene, *names):
    emcc(scene)
    gone = {scene.pair.source.certificates[name].der for name in names}
    imported = scene.pair.destination.imported
    for store, certificates in imported.items():
        imported[store] = [made for made in certificates if made.der not in gone]


def no_tomcat(scene):
    emcc_without(scene, "tomcat-pub", "tomcat-sub")


def no_recovery(scene):
    emcc_without(scene, "itlrecovery")


def on(where, *ids):
    return {(where, one) for one in ids}


@dataclass
class Situation:
    about: str
    change: object
    expects: set = field(default_factory=set)   # {(where, id)}: every finding worse than a note, and no other
    state: str = "CRITICAL"
    options: dict = field(default_factory=dict)     # of make_pair()
    arguments: tuple = ("--all-pairs",)

    def scene(self, cache, now):
        made = Scene(cache, now, **self.options)
        self.change(made)
        return made


SOURCE, DESTINATION = ("--cluster", "source"), ("--cluster", "destination")
TABLE = {
    "clean": Situation("both clusters know each other", clean, state="OK"),
    "clean-nonsecure": Situation("the same without CTL", clean, state="OK", options={"mixed": False}),
    "no-role": Situation("the signer was imported into CallManager-trust only", no_role, on(THERE, "MIG-NO-ROLE")),
    "nothing-imported": Situation(
        "neither cluster knows the other", clean,
        on(THERE, "MIG-NOT-VOUCHED", "MIG-CAPF") | on(BACK, "MIG-NOT-VOUCHED", "MIG-CAPF"),
        options={"imported": False}),
    "imported-on-some": Situation(
        "one TVS node of three answers differently after an import", imported_on_some,
        on(BACK, "MIG-SOME-NODES") | on("destination/sub2", "CL-TVS-ANSWERS")),
    "behind": Situation("one TVS node of three does not know its own cluster's signer", behind,
                        on("destination/sub2", "CL-TVS-ANSWERS"), arguments=DESTINATION),
    "outside-group": Situation(
        "only a node outside the phones' group vouches", outside_group,
        on(THERE, "MIG-OUTSIDE-GROUP") | on("source/sub", "CL-TVS-ANSWERS")),
    "no-way-back": Situation("phones may go, but not return", no_way_back, on(BACK, "MIG-NOT-VOUCHED")),
    "no-capf": Situation("the source's CAPF is not known at the destination", no_capf, on(THERE, "MIG-CAPF")),
    "stale-ctl-11.5": Situation(
        "CTL not updated after a CallManager renewal", stale_ctl_11_5, on("source/pub", "CL-CTL-STALE"),
        options={"renewed": ("source/callmanager-pub",)}, arguments=SOURCE),
    "stale-ctl-14": Situation(
        "CTL not updated after a renewal of ITLRecovery", stale_ctl_14,
        on("destination/pub", "CL-CTL-STALE") | on("destination/sub", "CL-CTL-STALE") |
        on("destination/sub2", "CL-CTL-STALE"),
        options={"renewed": ("destination/itlrecovery",)}, arguments=DESTINATION),
    "blank-itl": Situation(
        "the rollback parameter was left on in the source", blank_itl,
        on(THERE, "MIG-CANNOT-ASK") | on("source/pub/ITL", "TL-BLANK") | on("source/sub/ITL", "TL-BLANK") |
        on("source/pub", "CL-BLANK", "TVS-IDENTITY") | on("source/sub", "CL-BLANK", "TVS-IDENTITY") |
        on(BACK, "MIG-UNSURE")),        # the destination's CAPF: nobody of the source may be asked about it
    "no-itl": Situation(
        "a TFTP node serves no ITL: nobody knows what its phones hold", no_itl,
        on("source/sub", "CL-NO-LIST") | on(THERE, "MIG-HELD-UNSEEN") | on(BACK, "MIG-UNSURE")),
    "no-itl-one-way": Situation(
        "the same, where only the way there is asked for", no_itl, on(THERE, "MIG-HELD-UNSEEN"), "UNKNOWN",
        arguments=("--from", "source", "--to", "destination", "--one-way")),
    "no-itl-at-all": Situation(
        "no node of the source serves an ITL: its TVS nodes cannot be strangers to it", no_itl_at_all,
        on("source/pub", "CL-NO-LIST") | on("source/sub", "CL-NO-LIST") |
        on(THERE, "MIG-HELD-UNSEEN", "MIG-UNSURE") | on(BACK, "MIG-UNSURE")),
    "ctl-as-itl": Situation(
        "one node serves its CTL under the name of the ITL", ctl_as_itl,
        on(THERE, "MIG-UNSURE") | on("destination/sub/ITL", "TL-FILENAME"), "UNKNOWN",
        arguments=("--from", "source", "--to", "destination", "--one-way")),
    "old-itl": Situation(
        "one TFTP node serves an old ITL after a TVS renewal", old_itl,
        on("destination/sub", "CL-TVS-SET", "CL-TVS-NOT-IN-ITL") | on(BACK, "MIG-SOME-NODES"),
        options={"renewed": ("destination/tvs-sub2",)}),
    "old-ctl": Situation(
        "one node serves an old CTL", old_ctl, on("destination/sub2", "CL-CTL-DIFFERS"),
        options={"renewed": ("destination/callmanager-sub",)}, arguments=DESTINATION),
    "collision": Situation(
        "two certificates of one cluster with one issuer and serial", collision_in_cluster,
        on("source/sub", "CL-ISSUER-SERIAL"), options={"mixed": False}, arguments=SOURCE),
    "collision-between": Situation(
        "a certificate of the source has issuer and serial of the destination's signer", collision_between,
        # A phone that holds the other certificate finds the signer in its own list, and the signature does not fit.
        on(THERE, "MIG-ISSUER-SERIAL", "MIG-UNSURE") | on(BACK, "MIG-ISSUER-SERIAL", "MIG-UNSURE"),
        options={"mixed": False}),
    "other-mode": Situation("the cluster is mixed, the inventory says otherwise", other_mode,
                            on("source/pub", "CL-MODE"), "WARNING", arguments=SOURCE),
    "silent-node": Situation(
        "one node takes connections and says nothing", silent_node,
        on("destination/sub2", "CL-NODE-UNSEEN", "TL-FETCH-SILENT", "TVS-NO-ANSWER"), arguments=(*DESTINATION, "-t", "3")),
    "strange-tvs": Situation(
        "a TVS node shows a certificate that is in no ITL", strange_tvs,
        on("source/pub", "CL-TVS-NOT-IN-ITL") | on("source/sub", "CL-TVS-NOT-IN-ITL", "TVS-IDENTITY") |
        on(THERE, "MIG-SOME-NODES")),
    "emcc": Situation("extension mobility across the clusters, everything exchanged", emcc, state="OK"),
    "emcc-no-tomcat": Situation("the destination does not know the source's Tomcat", no_tomcat,
                                on(THERE, "EMCC-TOMCAT")),
    "emcc-no-recovery": Situation("the destination does not know the source's ITLRecovery", no_recovery,
                                  on(THERE, "EMCC-RECOVERY")),
}

# Renewals that check_ucm_trustlist --state judges: {name: (cluster, mixed, renewed step by step, ids with TVS asked)}.
# A phone holds the lists from before the first step; --state saw every step.
RENEWALS = {
    "callmanager-and-tvs-11.5": ("source", True, [("source/callmanager-pub", *everything("source", "tvs"))],
                                 {"PHONE-RE-SIGN"}),
    "itlrecovery-and-tvs-14": ("destination", True, [("destination/itlrecovery", *everything("destination", "tvs"))],
                               {"PHONE-RE-SIGN"}),
    "callmanager-11.5": ("source", True, [("source/callmanager-pub",)], {"PHONE-VIA-TVS"}),
    "callmanager-14": ("destination", True, [("destination/callmanager-pub",)], set()),
    "itlrecovery-14-old-ctl": ("destination", True, [("destination/itlrecovery",)],
                               {"PHONE-VIA-TVS", "CL-CTL-STALE"}),
    "two-harmless": ("source", False, [everything("source", "tvs"),
                                       (*everything("source", "tvs"), "source/callmanager-pub")],
                     {"PHONE-RE-SIGN", "PHONE-VIA-TVS"}),       # the latter: phones that were on in between
}
