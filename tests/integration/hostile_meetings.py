# SPDX-License-Identifier: GPL-2.0-or-later
# Every hostile peer meets every check that may talk to one like it; many wait at a time, and few work at a time. What a
# check made of its peer is kept, for the table. Must not know what a check should say.
import contextlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import time

import hostile_axl
import hostile_http
import hostile_sftp
import hostile_tftp
import hostile_tvs
from hostile_peers import World
from hostile_way import Way
from outcome import Outcome, run_measured
from servers import LOOPBACK

WAIT = 3        # seconds: the deadline where it is the end
ENOUGH = 30     # where something else is
WAITERS, WORKERS = 16, 4
# Who seems late on a busy machine meets its peer once more, alone, with so many times the deadline. A check that does
# not end by itself would miss that one as well. More of them than this many are not the machine's doing.
PATIENCE, AGAIN = 4, 8
# libssh2 1.10 forgets a packet when a server answers a read with more, or with less, than it says.
NO_REPORT = {"LSAN_OPTIONS": f"suppressions={Path(__file__).parent / 'hostile_sftp.supp'}:print_suppressions=0"}
PEERS = {"TVS": hostile_tvs.PEERS, "HTTP": hostile_http.PEERS, "HTTPS": hostile_http.TLS_PEERS,
         "TFTP": hostile_tftp.PEERS, "SFTP": hostile_sftp.PEERS, "AXL": hostile_axl.PEERS}


def _stores(world):
    return ["check_ucm_truststore", "--dir", world.after / "source/stores"]


def _consistency(world, **keys):
    return ["check_ucm_consistency", "-i", world.inventory(**keys)]


def _list_from(scheme, port):
    return f"{scheme}://{LOOPBACK}:{port}/ITLFile.tlv"


def _tvs(port):
    return ["check_ucm_tvs", "-H", LOOPBACK, "-p", port]


def _trustlist(scheme):
    return lambda world, port: ["check_ucm_trustlist", "-u", _list_from(scheme, port)]


def _tvs_by_list(scheme):
    return lambda world, port: [*_tvs(world.tvs), "--trustlist", _list_from(scheme, port)]


def _stores_by_list(scheme):
    return lambda world, port: [*_stores(world), "--list", _list_from(scheme, port)]


def _node(world, http=None, tftp=None):
    """The ports of a node that is asked for its lists by HTTP and TFTP; one of both ways is closed."""
    return http or world.no_http, tftp or world.no_tftp


def _lists_of_node(way):
    def words(world, port):
        http, tftp = _node(world, **{way: port})
        return ["check_ucm_trustlist", "-H", LOOPBACK, "--itl", "-p", http, "--tftp-port", tftp]
    return words


def _node_by(way):
    def words(world, port):
        http, tftp = _node(world, **{way: port})
        return _consistency(world, services="tftp", itl=None, ctl=None, http_port=http, tftp_port=tftp)
    return words


# {protocol: {check: words(world, port)}}
CHECKS = {
    "TVS": {
        "tvs": lambda world, port: [*_tvs(port), "--trustlist", world.itl],
        "tvs --query": lambda world, port: [*_tvs(port), "--trustlist", world.itl, "--query"],
        "consistency": lambda world, port: _consistency(world, services="tvs", tvs_port=port, tvs_certificate=None),
        "trustlist --tvs": lambda world, port: [
            "check_ucm_trustlist", *world.node_with_state(world.state(), 60), "--tvs", f"{LOOPBACK}:{port}"],
        "truststore --tvs": lambda world, port: [*_stores(world), "--tvs", f"{LOOPBACK}:{port}"],
    },
    "HTTP": {
        "trustlist -u": _trustlist("http"),
        "trustlist -H": _lists_of_node("http"),
        "tvs --trustlist": _tvs_by_list("http"), "truststore --list": _stores_by_list("http"),
        "consistency": _node_by("http"),
    },
    "HTTPS": {"trustlist -u": _trustlist("https"), "tvs --trustlist": _tvs_by_list("https")},
    "TFTP": {
        "trustlist -u": _trustlist("tftp"),
        "trustlist -H": _lists_of_node("tftp"),
        "tvs --trustlist": _tvs_by_list("tftp"), "consistency": _node_by("tftp"),
    },
    "SFTP": {"truststore --pkcs12": lambda world, port: [
        "check_ucm_truststore", "--pkcs12", world.ssh.url(f"{world.export}/", port), "--ssh-key", world.ssh.key,
        "--ssh-fingerprint", world.ssh.fingerprint]},
    "AXL": {"truststore --axl": lambda world, port: [
        "check_ucm_truststore", "--axl", f"https://{LOOPBACK}:{port}", "--axl-credentials", world.credentials,
        "--axl-pin", world.tomcat[0]]},
}
# How many bytes before the end of all that a good server sends, the middle of its answer is.
BEFORE_THE_END = {"TVS": (hostile_tvs.good, "tvs", 40), "HTTP": (hostile_http.good, "trustlist -u", 2000),
                  "HTTPS": (hostile_http.good_tls, "trustlist -u", 2000),
                  "SFTP": (hostile_sftp.good, "truststore --pkcs12", 4000),
                  "AXL": (hostile_axl.good, "truststore --axl", 3000)}


class Meeting:
    """One check and one peer: the outcome, the seconds that it took, and the peak of its memory in bytes."""

    def __init__(self, world, protocol, peer, check, patience=1):
        self.protocol, self.peer_name, self.check = protocol, peer, check
        self.peer = PEERS[protocol][peer]
        self.limit = WAIT * patience if self.peer.waits else ENOUGH
        with self.peer.start(world) as port:
            self.port = port
            words = CHECKS[protocol][check](world, port)
            begin = time.monotonic()
            self.process, self.peak = run_measured(*words, "-v", "-t", self.limit, limit=self.limit + 20,
                                                   environment=NO_REPORT if protocol == "SFTP" else None)
            self.seconds = time.monotonic() - begin

    @property
    def outcome(self):
        return Outcome(self.process, self.seconds, False)

    @property
    def text(self):
        return self.process.stdout.decode(errors="replace")


def measure_middles(world):
    """Where the answer is half-way, on one good run for each protocol; and that a good run is one."""
    for protocol, (good, check, before) in BEFORE_THE_END.items():
        with good(world) as port, Way(port) as way:
            words = CHECKS[protocol][check](world, way.port)
            process, _ = run_measured(*words, "-v", "-t", ENOUGH)
            assert process.returncode == 0, process.stdout.decode()
            world.middle[good] = way.passed - before


def all_of(protocols=tuple(PEERS)):
    return [(protocol, peer, check) for protocol in protocols for peer in PEERS[protocol] for check in CHECKS[protocol]]


def meet(folder, wanted, seems_late):
    """{(protocol, peer, check): Meeting}"""
    with contextlib.ExitStack() as stack:
        world = World(folder, stack)
        measure_middles(world)
        met = {}
        waiting = [one for one in wanted if PEERS[one[0]][one[1]].waits]
        working = [one for one in wanted if one not in waiting]
        for group, workers in ((waiting, WAITERS), (working, WORKERS)):
            with ThreadPoolExecutor(workers) as pool:
                met |= zip(group, pool.map(lambda one: Meeting(world, *one), group))
        for one in [key for key, meeting in met.items() if seems_late(meeting)][:AGAIN]:
            met[one] = Meeting(world, *one, patience=PATIENCE)
        return met
