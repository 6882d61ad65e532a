# SPDX-License-Identifier: GPL-2.0-or-later
# check_ucm_consistency with a hundred clusters of five nodes, one node in ten silent: from files, and from loopback
# servers. What counts is that it ends in time, stays small and names what it did not see; how fast it is, is for the
# benchmarks. Must not depend on how quick the machine is: what was not reached must be said, and that is checked.
import contextlib
import os
import re
import socket
import subprocess
import tempfile
import time
from types import SimpleNamespace

import pytest

from outcome import Outcome
from servers import LOOPBACK, build, free_port, nginx_of, public_folder, stop
from trustlab import inventory
from trustlab.fleet import Fleet

pytestmark = pytest.mark.scale
CHECK = "check_ucm_consistency"
CLUSTERS, NODES = 100, 5
PAIRS = CLUSTERS * (CLUSTERS - 1)
MEMORY = 256 << 10      # KiB, as the kernel counts
# Seconds for everything from servers. CI has a minute, which is too little for some machines to ask all 45,000
# questions; then what is left must be unsure. 150 and more must be enough for every question.
DEADLINE = int(os.environ.get("UCMTRUST_SCALE_SECONDS", 60))


def peak_of(process):
    """KiB that a running process had at most. What wait4() says of it counts the memory of whoever started it, too."""
    try:
        with open(f"/proc/{process.pid}/status") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)
    except OSError:
        return 0


def measured(*arguments, limit, last_resort=False):
    """The outcome with its peak memory. Output goes to files: it may be larger than a pipe, and the process must be
    waited for by its own id to know what time it alone took."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begin = time.monotonic()
        process = subprocess.Popen([build() / "nagios" / CHECK, *map(str, arguments)], stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=err)
        ended, memory = None, 0
        while ended is None and time.monotonic() < begin + limit + 20:
            memory = max(memory, peak_of(process))
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            ended = (os.waitstatus_to_exitcode(status), usage) if pid else time.sleep(0.02)
        seconds = time.monotonic() - begin
        if ended is None:
            process.kill()
            process.wait()
            pytest.fail(f"still running after {seconds:.0f} s")
        process.returncode = ended[0]
        out.seek(0)
        err.seek(0)
        done = SimpleNamespace(returncode=ended[0], stdout=out.read(), stderr=err.read())
    print(f"\n{seconds:.1f} s, {ended[1].ru_utime + ended[1].ru_stime:.1f} s of CPU, {memory >> 10} MB, "
          f"{len(done.stdout)} bytes: {done.stdout[:300]}")
    assert seconds <= limit + 1
    assert 0 < memory < MEMORY
    if last_resort and b'"no result within' in done.stdout[:200]:
        assert ended[0] == 3
        return None
    return Outcome(done, seconds, "json" in arguments)


@pytest.fixture(scope="module")
def fleet(lab_cache):
    with public_folder() as folder:
        made = Fleet(lab_cache, int(time.time()), CLUSTERS, NODES)
        made.write(folder)
        made.folder = folder
        yield made


@pytest.fixture(scope="module")
def files(fleet):
    """From files alone; those of the silent nodes are not there."""
    def keys_of(place):
        folder = "none" if place.silent else place.address
        return {"itl": f"{folder}/ITLFile.tlv", "ctl": f"{folder}/CTLFile.tlv",
                "tvs_certificate": f"certs/fleet-tvs-{place.node}.pem"}
    return inventory.write(fleet.folder / "files.ini", fleet.inventory(keys_of))


def nodes(out):
    return {f"{cluster['name']}/{node['name']}": node for cluster in out.json["clusters"] for node in cluster["nodes"]}


def unseen(fleet):
    return {place.name for place in fleet.places if place.silent}


def test_files(fleet, files):
    out = measured("-i", files, "--all-pairs", "-t", 30, "--output", "json", limit=30)
    assert out.state == "UNKNOWN" and len(out.json["moves"]) == PAIRS
    assert len({(move["from"], move["to"]) for move in out.json["moves"]}) == PAIRS
    assert {move["ready"] for move in out.json["moves"]} == {"unsure"}
    assert {name for name, node in nodes(out).items() if not node["looked"]} == unseen(fleet)
    assert {where for where, id_ in out.worse_than_notes if id_ == "CL-NODE-UNSEEN"} == unseen(fleet)
    assert {id_ for _, id_ in out.worse_than_notes} == {"CL-NODE-UNSEEN", "TL-UNREADABLE-HERE", "MIG-UNSURE",
                                                        "MIG-HELD-UNSEEN"}


def test_text(fleet, files):
    out = measured("-i", files, "--all-pairs", "-t", 30, "-v", limit=30)
    assert out.state == "UNKNOWN" and len(out.text) <= 8192
    assert "100 clusters" in out.summary and "450 of 500 nodes seen" in out.summary, out.summary
    assert len(out.line) < 1000, out.line
    assert (out.perf["nodes"].value, out.perf["unseen"].value, out.perf["moves"].value) == (500, 50, PAIRS)
    assert re.search(r"\bmore\b", out.long), "what was left out is said"
    begin = out.long.index("Moves of phones")
    matrix = out.long[begin:].split("\n")
    matrix = [line for line in matrix[1:] if line.startswith(" ") or ": ready for" in line]
    assert len(matrix) > 10
    for line in matrix:
        assert len(line) <= 80, line


# ---- from servers ----

@contextlib.contextmanager
def mute():
    """A port where the kernel takes connections and datagrams, and nobody ever looks at them."""
    with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        tcp.bind(("0.0.0.0", 0))
        tcp.listen(4096)
        udp.bind(("0.0.0.0", 0))
        yield {"http_port": tcp.getsockname()[1], "tvs_port": tcp.getsockname()[1], "tftp_port": udp.getsockname()[1]}


@contextlib.contextmanager
def verifiers(folder):
    """One TVS server for the nodes of one number in all clusters; their ports."""
    with contextlib.ExitStack() as stack:
        ports = []
        for node in range(NODES):
            certificate = folder / "certs" / f"fleet-tvs-{node}"
            process = subprocess.Popen([build() / "tests/lab/ucmtrust-tvs-server", "--listen", "0.0.0.0:0", "--store",
                                        folder / "knows", "--cert", f"{certificate}.pem", "--key",
                                        f"{certificate}.key", "--tls-max", "1.2", "--ciphers", "AES256-SHA"], stdout=subprocess.PIPE, text=True)
            stack.callback(stop, process)
            stack.callback(process.stdout.close)
            line = process.stdout.readline()
            assert line.startswith("listening"), line
            ports.append(int(line.rpartition(":")[2]))
        yield ports


@pytest.fixture(scope="module")
def servers(fleet):
    with mute() as nowhere, verifiers(fleet.folder) as ports:
        http = free_port()
        with nginx_of([f"listen 0.0.0.0:{http}; root {fleet.folder}/$server_addr;"], (LOOPBACK, http)):
            def keys_of(place):
                there = {"http_port": http, "tvs_port": ports[place.node], "tftp_port": nowhere["tftp_port"]}
                return {"address": place.address} | (nowhere if place.silent else there)
            yield inventory.write(fleet.folder / "servers.ini", fleet.inventory(keys_of))


def test_servers(fleet, servers):
    out = measured("-i", servers, "--all-pairs", "-t", DEADLINE, "--output", "json", limit=DEADLINE)
    silent = unseen(fleet)
    assert len(out.json["moves"]) == PAIRS and out.state == "CRITICAL"
    assert {name for name, node in nodes(out).items() if not node["looked"]} == silent
    assert {where for where, id_ in out.worse_than_notes if id_ == "TVS-NO-ANSWER"} == silent
    whole = {place.name[:4] for place in fleet.places} - {name[:4] for name in silent}
    assert len(whole) == CLUSTERS // 2
    reached = 0
    for move in out.json["moves"]:
        if move["to"] not in whole:
            assert move["ready"] == "unsure" and "MIG-UNSURE" in move["findings"], move
            continue
        wanted = [] if move["from"] in whole else ["MIG-SOME-NODES", "MIG-HELD-UNSEEN"]
        reached += move["findings"] == wanted
        assert move["findings"] == wanted or "MIG-UNSURE" in move["findings"], move
        assert move["ready"] == ("unsure" if move["findings"] else "yes"), move
    assert reached > 0
    assert reached == PAIRS // 2 or DEADLINE < 150, f"{reached} of {PAIRS // 2} were judged"


def test_too_little_time(fleet, servers):
    """Whatever was not reached is not called good. The line that is written when there was no time at all will do."""
    out = measured("-i", servers, "--all-pairs", "-t", 4, "--output", "json", limit=4, last_resort=True)
    if out is not None:
        assert out.state in ("CRITICAL", "UNKNOWN") and len(out.json["moves"]) == PAIRS
        silent = {name[:4] for name in unseen(fleet)}
        for move in out.json["moves"]:
            assert move["to"] not in silent or move["ready"] == "unsure", move
