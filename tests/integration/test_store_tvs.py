# SPDX-License-Identifier: GPL-2.0-or-later
# check_ucm_truststore --tvs: the stores that were read against what the lab's TVS server answers from its own.
import shutil

import pytest

from outcome import run
from servers import LOOPBACK, free_port, tvs_server

CHECK = "check_ucm_truststore"


@pytest.fixture
def stores(lab, tmp_path):
    """A copy that may be changed."""
    return shutil.copytree(lab / "source/stores", tmp_path / "stores")


def all_nodes(lab, *options, identity="tvs-pub", **where):
    """TVS as a cluster has it: it answers from the stores of all nodes."""
    return tvs_server(lab, *options, node="", identity=identity, **where)


def ask(stores, *ports, options=(), **keywords):
    nodes = [word for port in ports for word in ("--tvs", f"{LOOPBACK}:{port}")]
    return run(CHECK, "--dir", stores, "-v", *nodes, *options, **keywords)


def tvs_findings(out):
    return [line.split(" ")[1] for line in out.long.splitlines() if " ST-TVS-" in line]


def test_stores_and_answers_agree(lab, stores):
    with all_nodes(lab) as port:
        out = ask(stores, port)
    assert out.state == "OK" and tvs_findings(out) == [] and "answered in" in out.long


def test_a_node_that_knows_less(lab, stores, tmp_path):
    """One node answers from the stores that were read, the other from some that a bulk import never reached."""
    less = shutil.copytree(lab / "source", tmp_path / "less/source")
    for node in (less / "stores").iterdir():
        shutil.rmtree(node / "Phone-SAST-trust")
    with all_nodes(lab) as good, all_nodes(tmp_path / "less") as bad:
        out = ask(stores, good, bad)
    assert out.state == "CRITICAL" and tvs_findings(out) == ["ST-TVS-LESS"]
    line = next(line for line in out.long.splitlines() if "ST-TVS-LESS" in line)
    assert f"{LOOPBACK}:{bad}" in line and "cucm-dst" in line and line.endswith(" and 1 more)")


def test_a_signer_in_callmanager_trust_only_is_no_signer(lab, stores):
    for node in stores.iterdir():
        shutil.rmtree(node / "Phone-SAST-trust")
    with all_nodes(lab) as port:
        out = ask(stores, port)
    assert tvs_findings(out) == ["ST-TVS-MORE"] and "cucm-dst" in out.long


def test_a_server_that_no_store_names_gets_no_question(lab, stores):
    with all_nodes(lab, identity="tomcat-pub") as port:
        out = ask(stores, port)
    assert out.state == "CRITICAL" and "[TVS-IDENTITY]" in out.summary


@pytest.mark.parametrize("fault, finding", [("reset-request", "TVS-CLOSED"), ("garbage", "TVS-NOT-TVS"),
                                            ("silent-answer", "TVS-NO-ANSWER")])
def test_a_failing_node_is_said_once(lab, stores, fault, finding):
    with all_nodes(lab, "--fault", fault) as port:
        out = ask(stores, port, options=("-t", "2"))
    assert out.state == "CRITICAL" and f"[{finding}]" in out.summary
    assert len([line for line in out.long.splitlines() if f" {LOOPBACK}:{port}: " in line]) == 1


def test_refused(stores):
    out = ask(stores, free_port())
    assert out.state == "CRITICAL" and "[TVS-CLOSED]" in out.summary


def test_without_a_certificate_to_know_it_by(lab, stores):
    for node in stores.iterdir():
        shutil.rmtree(node / "TVS")
    with all_nodes(lab) as port:
        out = ask(stores, port)
    assert out.state == "UNKNOWN" and "[ST-TVS-UNASKED]" in out.summary


def test_without_a_signer_to_ask_about(lab, stores):
    for node in stores.iterdir():
        for store in ("CallManager", "CallManager-trust", "Phone-SAST-trust"):
            shutil.rmtree(node / store)
    with all_nodes(lab) as port:
        out = ask(stores, port)
    assert "ST-TVS-UNASKED" in tvs_findings(out)


@pytest.mark.parametrize("arguments, expected", [
    (("--tvs", "[::1"), "--tvs: expected NODE or NODE:PORT"),
    (("--tvs", "a:0"), "--tvs: expected NODE or NODE:PORT"),
    (("--tls-legacy",), "expected --tvs beside them"),
    (("--tvs", "a", "--client-key", "k"), "expected --client-cert beside it")])
def test_usage(stores, arguments, expected):
    out = run(CHECK, "--dir", stores, *arguments)
    assert out.code == 3 and expected in out.text
