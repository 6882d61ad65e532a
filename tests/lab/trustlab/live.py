# SPDX-License-Identifier: GPL-2.0-or-later
# Both clusters on real servers and standard ports, and one command run where the phone would stand.
# For demonstrations and for trying a check by hand. It must not know what the command does.
import os
from pathlib import Path
import subprocess
import sys
import tempfile

from . import layout, network
from .cluster import make_pair
from .migrate import INSIDE, LIKE_11_5, LIKE_14, absolute, build_server
from .servers import Servers


def run(options):
    if not options.line:
        print("usage: lab live [OPTIONS] COMMAND...; it finds the files in $UCMTRUST_LAB", file=sys.stderr)
        return 2
    if os.environ.get(INSIDE) != "1":
        os.environ[INSIDE] = "1"
        network.enter([os.path.abspath(sys.argv[0])] + absolute(sys.argv[1:]))
    with tempfile.TemporaryDirectory(prefix="ucmtrust-lab-") as scratch:
        return serve(options, Path(options.dir or scratch), Path(scratch))


def serve(options, folder, scratch):
    folder.mkdir(parents=True, exist_ok=True)
    cache = os.environ.get("UCMTRUST_LAB_CACHE") or folder / "keys"
    pair = make_pair(cache, options.now, dates=options.dated(options), renewed=options.renew)
    layout.write_pair(folder, pair, shapes=False)
    net = network.Network(pair)
    net.phone_address()
    server = options.server or build_server(scratch)
    servers = []
    try:
        servers.append(Servers(pair.source, net.source, folder / "source", scratch, server, LIKE_11_5[:-2]))
        servers.append(Servers(pair.destination, net.destination, folder / "destination", scratch, server, LIKE_14[:-2]))
        for one in servers if options.axl_password_file else []:
            one.start_axl(options.axl_password_file)
        return subprocess.run(net.phone.command(*options.line), env=os.environ | {"UCMTRUST_LAB": str(folder)}).returncode
    finally:
        for one in servers:
            one.stop()
