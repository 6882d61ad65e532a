# SPDX-License-Identifier: GPL-2.0-or-later
# What the hostile peers share: how one is described, and the place where they and the checks meet (the lab's clusters,
# good servers, state folders). Must not know what a check should say.
import contextlib
from dataclasses import dataclass
import os
from pathlib import Path
import shutil
import subprocess
import sys
import threading
import time
from typing import Callable

import sshserver
from hostile_way import Way
from servers import (LOOPBACK, BadTftp, Misbehaving, atftpd, build, free_port, nginx, public_folder, tftp_error,
                     tvs_server)

LAB = Path(__file__).resolve().parent.parent / "lab" / "lab"
USER, PASSWORD = "axluser", "quite-S3cret|word"
# Text that would do harm in a terminal, an engine, a page or a status line, and tell a lie.
EVIL = "\x1b[2J\x07<script>alert(1)</script>\r\nOK - all is well | x=1\n$(id) `id` %s%n \x9b31m "


@dataclass
class Peer:
    """start(world): a context that yields the port. waits: only the deadline ends a check that meets it. harmless: what
    it says is true after all. either: that depends on the library, or on who is first; so it may be refused as well."""
    start: Callable
    waits: bool = False
    harmless: bool = False
    either: bool = False


def stream(behave, **how):
    """A peer that does this with each connection: behave(socket, closing)."""
    @contextlib.contextmanager
    def start(world):
        with Misbehaving(behave) as server:
            yield server.port
    return Peer(start, **how)


# ---- the faults of any stream, at each stage ----

def ways(good, shaken=True, waits=()):
    """good(world): a context that yields the port of a server that does no harm. shaken: TLS or SSH, which begin with a
    handshake. waits: besides what is silent or drips, those that only the deadline ends."""
    def at(name, end, after):
        @contextlib.contextmanager
        def start(world):
            with good(world) as port, Way(port, end, after(world)) as way:
                yield way.port
        return Peer(start, waits=end in ("silent", "drip") or name in waits)

    @contextlib.contextmanager
    def in_pieces(world):
        with good(world) as port, Way(port, segments=1) as way:
            yield way.port

    stages = {"accept": lambda world: 0, "middle": lambda world: world.middle[good]}
    if shaken:
        stages["handshake"] = lambda world: 90
    peers = {f"{end} at {stage}": at(f"{end} at {stage}", end, after) for stage, after in stages.items()
             for end in ("silent", "reset", "close", "drip", "garbage", "flood")}
    return peers | {"one byte a segment": Peer(in_pieces, harmless=True)}


# ---- where they meet the checks ----

class World:
    """Files and good servers, made once. middle[good]: bytes after which a good server is half-way through its
    answer."""

    def __init__(self, folder, stack):
        self.folder, self.lock, self.number, self.middle = folder, threading.Lock(), 0, {}
        self.now = int(time.time())
        self.before, self.after = folder / "before", folder / "after"
        for place, more in ((self.before, []), (self.after, ["--renew", "source/callmanager-pub"])):
            subprocess.run([sys.executable, LAB, "make", place, "--now", str(self.now), *more], check=True,
                           stdout=subprocess.DEVNULL)
        self.certs = self.after / "source/certs"
        self.tomcat = (self.certs / "tomcat-pub.pem", self.certs / "tomcat-pub.key")
        self.itl = self._lists(self.after) / "ITLFile.tlv"
        self.lists = {path.name: path.read_bytes() for path in self._lists(self.after).iterdir()}
        self.files = stack.enter_context(public_folder())
        self.http = stack.enter_context(nginx(self.files))
        self.held = folder / "held"
        self._serve(self.before)
        subprocess.run([build() / "nagios/check_ucm_trustlist", *self.node_with_state(self.held)], check=True,
                       stdout=subprocess.DEVNULL)
        self._serve(self.after)
        self.no_http = free_port()
        self.no_tftp = stack.enter_context(BadTftp(tftp_error(2))).port
        self.https = stack.enter_context(nginx(self.files, tls=self.tomcat))
        self.tftp = stack.enter_context(atftpd(self.files))
        self.tvs = stack.enter_context(self.tvs_server())
        self.tvs_sub = stack.enter_context(self.tvs_server(node="sub"))
        self.credentials = folder / "axl"
        self.credentials.write_text(f"{USER}\n{PASSWORD}\n")
        self.credentials.chmod(0o600)
        self.ssh = stack.enter_context(sshserver.sshd())
        from hostile_axl import server
        self.axl = stack.enter_context(server(self))
        self._export()
    def _export(self):
        from trustlab import exports
        from trustlab.cluster import make_pair
        self.export = self.files / "export"
        exports.write(self.export, make_pair(os.environ["UCMTRUST_LAB_CACHE"], self.now).source)
        for path in (self.export, *self.export.iterdir()):
            path.chmod(0o755)

    def _serve(self, lab):
        shutil.copytree(self._lists(lab), self.files, dirs_exist_ok=True)

    def node_with_state(self, state, later=0):
        """The words for a check of the node's lists that holds them against those that it keeps there."""
        return ["-H", LOOPBACK, "-p", str(self.http), "--state", state, "--now", str(self.now + later)]

    @staticmethod
    def _lists(lab):
        return lab / "source/nodes/pub/tftp"

    def tvs_server(self, *options, **where):
        return tvs_server(self.after, "--store", self.after / "source/stores", *options, **where)

    def fresh(self, name):
        """A path that nothing else has."""
        with self.lock:
            self.number += 1
            return self.folder / f"{name}-{self.number}"

    def state(self):
        """A state folder that holds the lists of before a renewal."""
        return shutil.copytree(self.held, self.fresh("state"))

    def inventory(self, **keys):
        """The source cluster; what no key says about its publisher is known from files, and its other node is good."""
        from trustlab import inventory
        nodes = {name: {"itl": self.after / f"source/nodes/{name}/tftp/ITLFile.tlv",
                        "ctl": self.after / f"source/nodes/{name}/tftp/CTLFile.tlv",
                        "tvs_certificate": self.certs / f"tvs-{name}.pem"} for name in ("pub", "sub")}
        nodes["pub"] |= {"address": LOOPBACK} | keys
        nodes["sub"] |= {"address": LOOPBACK, "tvs_port": self.tvs_sub, "tvs_certificate": None}
        return inventory.write(self.fresh("inventory"), {"source": {"keys": {"version": "11.5"}, "nodes": nodes}})
