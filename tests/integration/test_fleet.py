# SPDX-License-Identifier: GPL-2.0-or-later
# Five hundred nodes in one run of a check: side by side, within 64 MB, and every tenth silent. The nodes are loopback
# addresses of one server. How quick the machine is must not matter: the server answers nobody before all have asked, and
# what is held against a clock is the check's own work, not that of the server; tests/bench/checks prints the rest.
import contextlib
import shutil
import time

import pytest

from outcome import Outcome, run, run_measured
from servers import nginx, public_folder, tvs_server

NODES = 500
MEMORY = 64 << 20
OWN_WORK = 1.5      # seconds beyond the slowest node


@pytest.fixture(scope="module")
def itl(lab):
    return lab / "source/nodes/pub/tftp/ITLFile.tlv"


def addresses(count=NODES):
    return [f"127.19.{number // 250}.{1 + number % 250}" for number in range(count)]


@contextlib.contextmanager
def nodes(lab, *options, count=NODES):
    """The words that name the nodes, after -H for each."""
    with tvs_server(lab, "--clients", NODES + 100, *options, address="0.0.0.0") as port:
        yield [word for address in addresses(count) for word in ("-H", address)] + ["-p", port]


def measured(check, *arguments):
    begin = time.monotonic()
    process, peak = run_measured(check, *arguments)
    out = Outcome(process, time.monotonic() - begin, "json" in arguments)
    print(f"\n{check}: {out.seconds:.2f} s, {peak / (1 << 20):.1f} MB, {out.state}")
    assert peak <= MEMORY
    return out


def test_all_are_asked_side_by_side(lab, itl):
    with nodes(lab, "--together", NODES) as words:
        out = measured("check_ucm_tvs", *words, "--trustlist", itl, "-t", 50)
    assert out.state == "OK" and out.summary.startswith(f"{NODES} TVS nodes vouch for ")
    assert all(out.perf[f"{address}_time"].value > 0 for address in addresses()) and len(out.perf) == NODES + 1


def test_the_check_itself_takes_little_time(lab, itl):
    with nodes(lab, "--delay", 200) as words:
        out = measured("check_ucm_tvs", *words, "--trustlist", itl, "-t", 50)
    times = [out.perf[f"{address}_time"].value for address in addresses()]
    assert out.state == "OK" and min(times) >= 0.2
    assert out.seconds - max(times) <= OWN_WORK


def test_one_silent_node_in_ten(lab, itl):
    deadline = 10
    silent = {address for address in addresses() if int(address.rpartition(".")[2]) % 10 == 0}
    assert len(silent) == NODES // 10
    with nodes(lab, "--silent", 10, "--together", NODES - len(silent)) as words:
        out = measured("check_ucm_tvs", *words, "--trustlist", itl, "-t", deadline, "--output", "json")
    assert out.state == "CRITICAL" and deadline <= out.seconds + 0.1
    assert out.worse_than_notes == {(address, "TVS-NO-ANSWER") for address in silent}
    assert {node["node"] for node in out.json["tvs"] if node["ms"] is not None} == set(addresses()) - silent
    assert all(node["status"] == 0 for node in out.json["tvs"] if node["node"] not in silent)


def test_a_low_limit_of_open_files_is_raised(lab, itl):
    with nodes(lab, "--together", NODES) as words:
        out = run("check_ucm_tvs", *words, "--trustlist", itl, "-t", 50, limit=60, before=["prlimit", "--nofile=256:4096"])
    assert out.state == "OK"


def test_who_cannot_be_asked_is_named(lab, itl):
    """With fewer files than nodes, the rest is UNKNOWN, each by name; and those that were asked are not."""
    count = 100
    with nodes(lab, count=count) as words:
        out = run("check_ucm_tvs", *words, "--trustlist", itl, "-t", 20, "--output", "json",
                  before=["prlimit", "--nofile=80:80"])
    asked = {node["node"] for node in out.json["tvs"] if node["ms"] is not None}
    assert out.state == "UNKNOWN" and 0 < len(asked) < count
    assert out.worse_than_notes == {(address, "TVS-UNREACHABLE-HERE") for address in set(addresses(count)) - asked}


def test_lists_of_all(lab, tmp_path):
    """Both lists of each node by HTTP, from one nginx."""
    with public_folder() as folder:
        for name in ("ITLFile.tlv", "CTLFile.tlv"):
            shutil.copy(lab / "source/nodes/pub/tftp" / name, folder / name)
        with nginx(folder, address="0.0.0.0") as port:
            words = [word for address in addresses() for word in ("-H", address)]
            out = measured("check_ucm_trustlist", *words, "-p", port, "-t", 50, "--openmetrics", tmp_path / "one.prom")
    assert out.state == "OK" and out.summary.startswith(f"{2 * NODES} lists valid")
    assert len(out.perf) == 4 * NODES + 1
