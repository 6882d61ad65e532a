# SPDX-License-Identifier: GPL-2.0-or-later
# States that a phone may be in, as a table: lists held × file offered × what TVS nodes would say; and the phone in them.
# No network: questions to TVS are answered here, byte for byte as on the wire. It must not know how a phone decides.
from dataclasses import dataclass, field
import itertools

from . import tvsclient, tvswire
from .cluster import make_pair
from .phone import Phone
from .story import Untold
from .trustlist import CAPF, SAST, SHA1, TrustList

# What a node says about any certificate: (status, roles); None: nothing.
SAYS = {"vouches": (0, (0, 3)), "file": (0, (3,)), "server": (0, (7,)), "no-role": (0, ()), "unknown": (1, ()),
        "silent": None}


@dataclass
class Verifier:
    says: str
    identity: object            # Certificate that it shows


@dataclass
class State:
    name: str
    held: dict                  # {"CTLFile.tlv": bytes, "ITLFile.tlv": bytes}
    kind: str                   # CTL, ITL, configuration
    offered: bytes
    nodes: list = field(default_factory=list)       # of Verifier, in the order of the phone's group
    no_tvs: bool = False
    asked_before: int = None    # so many seconds ago the first node, which vouched then, was asked the same


class Materials:
    """Lists of two clusters before and after renewals, and everything that can be wrong with one."""

    def __init__(self, cache, now):
        self.now = now
        self.pair = make_pair(cache, now)
        after = make_pair(cache, now, renewed=("source/callmanager-pub", "destination/itlrecovery"))
        self.stranger = self.pair.source.maker.make("stranger", "CN=stranger.example,O=Elsewhere")
        self.known = {}
        for pair in (self.pair, after):
            for cluster in pair.clusters:
                for made in cluster.certificates.values():
                    self.known[made.issuer_text, made.serial_bytes] = made
        self.known[self.stranger.issuer_text, self.stranger.serial_bytes] = self.stranger
        self.source, self.destination = self.pair.source, self.pair.destination
        self.after = after

    def blank(self, cluster):
        found = cluster.itl(cluster.publisher)
        found.records = [one for one in found.records if one.role in (SAST, CAPF)]
        return found.encode()

    def held(self):
        """{name: (files, cluster whose TVS nodes the phone asks)}."""
        found = {}
        for cluster in (self.source, self.destination):
            itl, ctl = cluster.itl(cluster.publisher).encode(), cluster.ctl().encode()
            found[f"{cluster.name}"] = ({"ITLFile.tlv": itl}, cluster)
            found[f"{cluster.name}-mixed"] = ({"ITLFile.tlv": itl, "CTLFile.tlv": ctl}, cluster)
            found[f"{cluster.name}-blank"] = ({"ITLFile.tlv": self.blank(cluster)}, cluster)
            found[f"{cluster.name}-blank-mixed"] = ({"ITLFile.tlv": self.blank(cluster), "CTLFile.tlv": ctl}, cluster)
        found["nothing"] = ({}, self.source)
        return found

    def _by_stranger(self, name, cluster):
        records = cluster.itl(cluster.publisher).records
        return TrustList(signer=self.stranger, records=records, filename=name, timestamp=self.now, digest=SHA1).encode()

    def offers(self):
        """{name: (kind, bytes)}."""
        found = {}
        for cluster in (self.source, self.destination):
            node, other = cluster.publisher, cluster.nodes[1]
            found |= {f"{cluster.name}-ctl": ("CTL", cluster.ctl().encode()),
                      f"{cluster.name}-itl": ("ITL", cluster.itl(node).encode()),
                      f"{cluster.name}-itl-of-sub": ("ITL", cluster.itl(other).encode()),
                      f"{cluster.name}-configuration": ("configuration", cluster.configuration(node).encode()),
                      f"{cluster.name}-configuration-of-sub": ("configuration", cluster.configuration(other).encode()),
                      f"{cluster.name}-blank": ("ITL", self.blank(cluster)),
                      f"{cluster.name}-by-stranger": ("ITL", self._by_stranger("ITLFile.tlv", cluster))}
        for cluster in self.after.clusters:
            node = cluster.publisher
            found |= {f"{cluster.name}-itl-renewed": ("ITL", cluster.itl(node).encode()),
                      f"{cluster.name}-ctl-renewed": ("CTL", cluster.ctl().encode()),
                      f"{cluster.name}-configuration-renewed": ("configuration", cluster.configuration(node).encode())}
        for name in ("destination-ctl", "destination-itl", "source-itl", "destination-configuration"):
            kind, data = found[name]
            found[f"{name}-tampered"] = (kind, data[:-1] + bytes([data[-1] ^ 1]))
            found[f"{name}-cut"] = (kind, data[:200])
        found["no-list"] = ("ITL", b"<html>not found</html>")
        return found

    def groups(self, cluster):
        """{name: [Verifier]}; `strange` nodes show a certificate that is in no list."""
        own = [cluster.certificates["tvs-pub"], cluster.certificates["tvs-sub"]]
        words = [[one] for one in SAYS] + [["strange"]] + [
            ["vouches", "vouches"], ["unknown", "vouches"], ["silent", "vouches"], ["strange", "vouches"],
            ["no-role", "unknown"], ["silent", "unknown"], ["strange", "silent"], ["silent", "silent"]]
        return {"+".join(group): [Verifier("vouches", self.stranger) if word == "strange" else Verifier(word, own[at])
                                  for at, word in enumerate(group)] for group in words}

    def table(self):
        """Every state; what makes no difference where TVS is not asked is kept short by one group."""
        offers = self.offers()
        for (held, (files, cluster)), (offer, (kind, data)) in itertools.product(self.held().items(), offers.items()):
            if kind == "configuration" and not files:
                continue        # a phone without lists asks for none that is signed
            for group, nodes in self.groups(cluster).items():
                yield State(f"{held}/{offer}/{group}", files, kind, data, nodes)
            yield State(f"{held}/{offer}/no-tvs", files, kind, data, self.groups(cluster)["vouches"], no_tvs=True)
            for seconds, name in ((3600, "cached"), (90000, "cached-too-long-ago")):
                if kind != "configuration":
                    yield State(f"{held}/{offer}/{name}", files, kind, data, self.groups(cluster)["silent"],
                                asked_before=seconds)


class StatePhone(Phone):
    """The lab's phone in a state; it decides as ever, only its network is a table."""

    def __init__(self, folder, state, materials, group=None):
        super().__init__({"mac": materials.pair.mac, "model": "8861", "state": folder / "state", "no_tvs": state.no_tvs,
                          "story": folder / "story"})
        self.table, self.materials = state, materials
        self.group = state.nodes if group is None else group
        self.clock, self.ask_tvs = (lambda: materials.now), self._from_table
        self.hold(state.held)

    def say(self, text):
        pass

    def tvs_group(self):
        return [(f"node{at}", 2445) for at in range(len(self.group))]

    def _context(self, trusted):
        return trusted

    def _from_table(self, address, request, context, trusted, timeout):
        node = self.group[int(address[0][4:])]
        if node.identity.der not in trusted:
            raise tvsclient.TvsFailure("identity", "not a TVS record of the held ITL")
        if SAYS[node.says] is None:
            raise tvsclient.TvsFailure("answer", "nothing in time")
        return self._answer(tvswire.parse(request), *SAYS[node.says])

    def _answer(self, question, status, roles):
        found = self.materials.known[question.issuer_and_serial] if status == 0 else None
        return tvswire.response(tvswire.QUERY_RESPONSE, question.session, status, (found.der,) if found else (), roles,
                                86400 if found else None)

    def remembers(self, seconds):
        """It asked the same so long ago, and its nodes vouched then; only the answer is left of that."""
        story, nodes = self.story, self.group
        self.story, self.clock = Untold(), lambda: self.materials.now - seconds
        self.group = [Verifier("vouches", node.identity) for node in nodes]
        self.offer()
        self.story, self.group, self.clock = story, nodes, lambda: self.materials.now
        for path in self.state.glob("*.tlv"):
            path.unlink()
        self.hold(self.table.held)

    def hold(self, files):
        for name, data in files.items():
            self._keep(name, data)

    def offer(self):
        """The table's file meets the phone."""
        self.fetch = lambda name: self.table.offered
        if self.table.kind == "configuration":
            self.update_configuration()
        elif self.table.kind == "CTL":
            self.update_list(["CTL"], "CTLFile.tlv", self._accept_ctl)
        else:
            self.update_list(["ITL"], "ITLFile.tlv", self._accept_itl)
