# SPDX-License-Identifier: GPL-2.0-or-later
# AXL servers that do harm: the lab's own with its faults, and the faults of any stream in front of a good one. Must not
# know what a check should say.
import contextlib

from hostile_peers import PASSWORD, USER, Peer, ways
from trustlab.axl import FAULTS, AxlServer, Database

WAITS = {"silent-accept", "silent-answer", "silent-middle", "drip", "retry-after", "pieces-endless"}
HARMLESS = {"wrong-type"}


def server(world, **options):
    database = Database(world.after / "source/stores", "mixed")
    return AxlServer(database, *options.pop("identity", world.tomcat), USER, PASSWORD, **options)


def peer(name, at=None):
    @contextlib.contextmanager
    def start(world):
        with server(world, fault=name, at=at) as one:
            yield one.port
    return Peer(start, waits=name in WAITS, harmless=name in HARMLESS)


def other(**how):
    waits = how.pop("waits", False)

    @contextlib.contextmanager
    def start(world):
        with server(world, **how) as one:
            yield one.port
    return Peer(start, waits=waits)


@contextlib.contextmanager
def stranger(world):
    with server(world, identity=(world.certs / "tomcat-sub.pem", world.certs / "tomcat-sub.key")) as one:
        yield one.port


@contextlib.contextmanager
def good(world):
    yield world.axl.port


PEERS = {f"fault {name}": peer(name) for name in FAULTS}
PEERS |= {f"fault {name} at the last question": peer(name, "certificate") for name in FAULTS
          if name != "silent-accept"}
PEERS |= {"another certificate": Peer(stranger), "takes no version": other(supported="none"),
          "busy for ever": other(unavailable=1000, waits=True),
          "out of memory for ever": other(memory=1000, waits=True),
          "too large for ever": other(answer_max=600)}
PEERS |= ways(good)
