# SPDX-License-Identifier: GPL-2.0-or-later
# check_ucm_consistency against real servers: every situation of the lab must be found as what it is, and nothing else.
# Then what the options, the JSON and the text promise. Inventories with mistakes are in test_inventory.py.
# Must not know why a situation is what it is: that stands in trustlab/situations.py.
import contextlib
import copy
import re
import shutil
import time

import pytest

from outcome import raw, run
from servers import site
from trustlab import inventory
from trustlab.situations import BACK, TABLE, THERE

CHECK = "check_ucm_consistency"
NOW = int(time.time())


@contextlib.contextmanager
def situation(name, lab_cache):
    with site(TABLE[name].scene(lab_cache, NOW)) as made:
        yield made


def check(made, *arguments, **options):
    return run(CHECK, "-i", made.inventory, *arguments, **options)


def look(made, *arguments, **options):
    return check(made, "--output", "json", *arguments, **options)


def nodes(out):
    return {f"{cluster['name']}/{node['name']}": node for cluster in out.json["clusters"] for node in cluster["nodes"]}


def moves(out):
    return {f"{move['from']} -> {move['to']}": move for move in out.json["moves"]}


@pytest.fixture(scope="module")
def good(lab_cache):
    """Two clusters that know each other and want extension mobility across them."""
    with situation("emcc", lab_cache) as made:
        yield made


@pytest.fixture
def changed(good):
    """Another inventory for the servers of `good`; the right one comes back."""
    entries = copy.deepcopy(good.entries)

    def write():
        good.write(entries)
        return good
    yield entries, write
    good.write()


# ---- situations ----

@pytest.mark.parametrize("name", TABLE)
def test_situation(name, lab_cache):
    row = TABLE[name]
    with situation(name, lab_cache) as made:
        out = look(made, *row.arguments)
    assert out.worse_than_notes == row.expects, out.text
    assert out.state == row.state
    assert set(moves(out)) == ({THERE, BACK} if "--all-pairs" in row.arguments else
                               {THERE} if "--one-way" in row.arguments else set())
    assert {name.partition("/")[0] for name in nodes(out)} == \
        ({row.arguments[1]} if "--cluster" in row.arguments else {"source", "destination"})
    for where, move in moves(out).items():
        expected = {id_ for place, id_ in row.expects if place == where}
        assert set(move["findings"]) == {id_ for id_ in expected if id_.startswith("MIG-")}
        assert (move["ready"] == "yes") == (not move["findings"]), move
        if "emcc" in name:      # a column of its own
            assert move["emcc"]["ready"] == ("no" if any(id_.startswith("EMCC-") for id_ in expected) else "yes")


def test_every_finding_of_clusters_and_moves_has_a_situation():
    from tshark import TOP
    text = (TOP / "common" / "finding_table_cluster.h").read_text()
    known = set(re.findall(r'X\(UCM_\w+, "((?:CL|MIG|EMCC)-[A-Z-]+)"', text))
    shown = {id_ for row in TABLE.values() for _, id_ in row.expects}
    elsewhere = {"EMCC-UNSURE", "CL-NO-LIST", "CL-RECOVERY"}       # in this file
    assert known == {one for one in shown if not one.startswith(("TL-", "TVS-"))} | elsewhere


# ---- what is asked for ----

def test_every_cluster_by_itself(good):
    out = look(good)
    assert out.state == "OK" and out.json["moves"] == []
    assert [one["name"] for one in out.json["clusters"]] == ["source", "destination"]
    assert all(one["mode"] == one["expected"] == "mixed" for one in out.json["clusters"])
    assert [one["version"] for one in out.json["clusters"]] == ["11.5", "14.0"]
    assert set(nodes(out)) == {"source/pub", "source/sub", "destination/pub", "destination/sub", "destination/sub2"}
    assert all(node["looked"] and node["why"] is None for node in nodes(out).values())


def test_one_cluster(good):
    out = look(good, "--cluster", "destination")
    assert out.state == "OK" and {name.partition("/")[0] for name in nodes(out)} == {"destination"}
    out = look(good, "--cluster", "destination", "--cluster", "source")
    assert len(out.json["clusters"]) == 2


def test_one_pair(good):
    out = look(good, "--from", "source", "--to", "destination")
    assert out.state == "OK" and {name: move["ready"] for name, move in moves(out).items()} == {THERE: "yes", BACK: "yes"}
    assert "nodes not compared with each other" in out.json["summary"], "what was not asked for is not called good"
    assert "not compared" not in look(good, "--all-pairs").json["summary"]
    out = look(good, "--from", "destination", "--to", "source", "--one-way")
    assert list(moves(out)) == [BACK]


def test_one_way_does_not_look_back(lab_cache):
    with situation("no-way-back", lab_cache) as made:
        out = look(made, "--from", "source", "--to", "destination", "--one-way")
        assert out.state == "OK" and list(moves(out)) == [THERE]
        out = look(made, "--from", "source", "--to", "destination")
        assert out.state == "CRITICAL" and out.worse_than_notes == {(BACK, "MIG-NOT-VOUCHED")}
        assert "CN=cucm-src" in moves(out)[BACK]["why"]
        assert [move["ready"] for move in moves(out).values()] == ["yes", "no"]


def test_tvs_that_nobody_had_to_ask(good):
    """One node of the destination knows the source's CAPF; the others only show their certificate, which is no fault."""
    out = check(good, "--from", "source", "--to", "destination", "--one-way", "-v")
    assert out.state == "OK" and "no answer" not in out.long
    assert re.search("^destination/sub2: runs, was not asked, server CN=", out.long, re.M), out.long


def test_clusters_that_are_not_asked_for_are_left_alone(changed):
    entries, write = changed
    for node in entries["source"]["nodes"].values():
        node["http_port"], node["tvs_port"], node["tftp_port"] = 1, 1, 1
    out = look(write(), "--cluster", "destination")
    assert out.state == "OK" and set(nodes(out)) == {"destination/pub", "destination/sub", "destination/sub2"}
    assert "source/" not in out.text


def test_ignore(lab_cache, tmp_path):
    """Nobody is woken; but phones still refuse, and no output calls the move ready."""
    page = tmp_path / "page.html"
    words = ("--all-pairs", "--ignore", "MIG-NO-ROLE", "--html", page)
    with situation("no-role", lab_cache) as made:
        out = look(made, *words)
        text = check(made, "-v", *words)
    assert out.state == "OK" and out.worse_than_notes == set()
    assert [move["ready"] for move in moves(out).values()] == ["no", "yes"]
    assert out.json["perfdata"]["ready"] == text.perf["ready"].value == 1
    for one in (out.json["summary"], text.summary, page.read_text()):
        assert "1 of 2 moves" in one and "ignored: MIG-NO-ROLE" in one, one
    assert "NO ROLE" in text.long and "NO ROLE" in page.read_text()


def test_usage(good, tmp_path):
    for words in ([], ["-i", good.inventory, "--from", "source"], ["-i", good.inventory, "--to", "source"],
                  ["-i", good.inventory, "--one-way"], ["-i", good.inventory, "stray"],
                  ["-i", good.inventory, "--client-key", "/dev/null"],
                  ["-i", good.inventory, "--from", "source", "--to", "source"],
                  ["-i", good.inventory, "--from", "source", "--to", "nowhere"],
                  ["-i", good.inventory, "--from", "nowhere", "--to", "source"],
                  ["-i", good.inventory, "--cluster", "nowhere"],
                  ["-i", good.inventory, "--all-pairs", "--from", "source", "--to", "destination"]):
        out = run(CHECK, *words)
        assert out.state == "UNKNOWN", words
        if words and "nowhere" in words:
            assert "nowhere" in out.text
    text = raw(CHECK, "--help").stdout.decode()
    for word in ("--inventory", "--cluster", "--from", "--to", "--all-pairs", "--one-way", "--html", "--client-cert",
                 "--client-key", "--tls-legacy", "--ignore", "cm_group"):
        assert word in text, word


# ---- text ----

def test_text(good):
    out = check(good, "-v", "--all-pairs")
    assert out.state == "OK" and out.findings == []
    for name in ("nodes", "unseen", "moves", "ready", "findings"):
        assert name in out.perf
    assert (out.perf["nodes"].value, out.perf["moves"].value, out.perf["ready"].value) == (5, 2, 2)
    assert "source" in out.long and "destination" in out.long


def test_text_of_what_is_wrong(lab_cache):
    with situation("no-role", lab_cache) as made:
        out = check(made, "-v", "--all-pairs")
    assert out.findings == ["MIG-NO-ROLE"] and THERE in out.summary
    assert "do: Import the signer into Phone-SAST-trust as well" in out.long
    assert "pub, sub, sub2" in out.text, "the nodes of the destination are named"
    assert "CN=ITLRECOVERY_cucm-dst-pub.example" in out.text, "the signer is named"
    assert out.perf["ready"].value == 1


def test_text_names_whose_lists_are_to_blame(lab_cache):
    with situation("blank-itl", lab_cache) as made:
        out = look(made, "--from", "source", "--to", "destination", "--one-way")
    assert moves(out)[THERE]["findings"] == ["MIG-CANNOT-ASK"]
    assert "phones with the lists of pub" in moves(out)[THERE]["why"]


def test_page(good, tmp_path):
    path = tmp_path / "page.html"
    out = check(good, "--all-pairs", "--html", path)
    assert out.state == "OK"
    text = path.read_text()
    assert text.lstrip().lower().startswith("<!doctype html") and "source" in text and "destination" in text
    assert check(good, "--all-pairs", "--html", tmp_path / "none" / "page.html").state in ("UNKNOWN", "WARNING", "CRITICAL")


def test_page_shows_a_cluster_whose_nodes_agree_but_fail(changed, tmp_path):
    """A TVS that is down contradicts nobody; its cluster must not be green for that."""
    entries, write = changed
    entries["destination"]["nodes"]["sub2"]["tvs_port"] = 1
    page = tmp_path / "page.html"
    out = look(write(), "--html", page)
    assert out.worse_than_notes == {("destination/sub2", "TVS-CLOSED")}
    for name, state in (("source", "OK"), ("destination", "CRITICAL")):
        assert f'<th scope="row">{name}</th><td class="{state}">{state}</td>' in page.read_text()


# ---- nodes that are not like the others ----

def test_silent_node_does_not_hide_the_rest(lab_cache):
    with situation("silent-node", lab_cache) as made:
        out = look(made, "--all-pairs", "-t", "4")
        assert out.seconds < 5
        text = check(made, "-v", "--all-pairs", "-t", "4")
    assert [name for name, node in nodes(out).items() if not node["looked"]] == ["destination/sub2"]
    assert nodes(out)["destination/sub2"]["why"]
    assert "destination/sub2" in text.text
    assert "sub2 could not be asked" in text.long, "why only some vouch"
    found = {id_ for where, id_ in out.worse_than_notes if where == THERE}
    assert found == {"MIG-UNSURE"}, "whether phones may move to a node that nobody saw is not known"
    back = {id_ for where, id_ in out.worse_than_notes if where == BACK}
    assert back == {"MIG-SOME-NODES", "MIG-HELD-UNSEEN"}, "its TVS does not vouch, and its phones hold nobody knows what"
    assert moves(out)[BACK]["ready"] == "unsure"
    assert "(sub2)" in moves(out)[BACK]["why"], "the node of the source is named"


def test_state_of_silence(lab_cache):
    with situation("silent-node", lab_cache) as made:
        out = look(made, "--cluster", "destination", "-t", "2", "--timeout-state", "WARNING")
        assert out.state in ("WARNING", "UNKNOWN")


def test_node_that_refuses(changed):
    entries, write = changed
    node = entries["destination"]["nodes"]["sub2"]
    node["http_port"], node["tvs_port"], node["tftp_port"] = 1, 1, 1
    out = look(write(), "--cluster", "destination")
    assert ("destination/sub2", "CL-NODE-UNSEEN") in out.worse_than_notes and out.state == "CRITICAL"


def test_node_without_services(changed):
    """A node of the cluster that neither serves nor verifies: a subscriber that only processes calls."""
    entries, write = changed
    entries["source"]["nodes"]["calls"] = {"address": "127.18.1.99", "services": "none"}
    out = look(write(), "--cluster", "source")
    assert out.state == "OK" and set(nodes(out)) == {"source/pub", "source/sub", "source/calls"}, out.text


def test_tftp_or_tvs_alone(changed):
    entries, write = changed
    sub = entries["destination"]["nodes"]["sub2"]
    sub.update(services="tvs", http_port=1, tftp_port=1)
    out = look(write(), "--all-pairs")
    assert out.state == "OK" and len(moves(out)) == 2 and len(nodes(out)) == 5, out.text
    sub.update(services="tftp", tvs_port=1)
    for port in ("http_port", "tftp_port"):
        del sub[port]
    entries["destination"]["keys"]["cm_group"] = "pub, sub"
    out = look(write(), "--all-pairs")
    assert out.state == "OK" and len(moves(out)) == 2 and len(nodes(out)) == 5, out.text


def test_no_list(good, changed):
    """Nothing is there where the lists should be."""
    entries, write = changed
    files = good.folder / "destination/nodes/sub2/tftp"
    kept = good.folder / "kept"
    shutil.copytree(files, kept)
    try:
        for path in files.glob("?TL*"):
            path.unlink()
        out = look(write(), "--cluster", "destination")
    finally:
        shutil.copytree(kept, files, dirs_exist_ok=True)
        shutil.rmtree(kept)
    found = {id_ for where, id_ in out.worse_than_notes if where.startswith("destination/sub2")}
    assert {"CL-NO-LIST", "CL-CTL-DIFFERS"} <= found, out.text
    assert out.state == "CRITICAL"


def test_recovery_differs(lab_cache):
    """From 12.5 there is one ITLRecovery for the cluster."""
    from trustlab.situations import Scene
    scene = Scene(lab_cache, NOW, mixed=False)
    before = scene.at_another_time(renewed=("destination/itlrecovery",)).destination
    scene.serve("destination", ["sub"], itl=before.itl)
    with site(scene) as made:
        out = look(made, "--cluster", "destination")
        assert ("destination/sub", "CL-RECOVERY") in out.worse_than_notes
        made.scene.entries["destination"]["keys"]["version"] = "12.0"
        made.write()
        assert "CL-RECOVERY" not in look(made, "--cluster", "destination").findings


def test_damaged_list(good):
    """A list that does not verify is worse than any disagreement, and says where."""
    path = good.folder / "destination/nodes/sub/tftp/ITLFile.tlv"
    data = path.read_bytes()
    try:
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        out = look(good, "--cluster", "destination")
        assert ("destination/sub/ITL", "TL-SIGNATURE-INVALID") in out.worse_than_notes and out.state == "CRITICAL"
        path.write_bytes(b"no list")
        out = look(good, "--cluster", "destination")
        assert ("destination/sub/ITL", "TL-NOT-A-LIST") in out.worse_than_notes and out.state == "CRITICAL"
    finally:
        path.write_bytes(data)


def test_dates(lab_cache):
    """Expired is a finding of the lists; what expires soon is for check_ucm_trustlist."""
    from trustlab.situations import Scene
    with site(Scene(lab_cache, NOW, dates={"source/tvs-sub": (NOW - 86400 * 700, NOW + 86400 * 3)})) as made:
        assert look(made, "--cluster", "source").state == "OK"
        out = look(made, "--cluster", "source", "--now", NOW + 86400 * 4)
        assert {id_ for _, id_ in out.worse_than_notes} == {"TL-CERT-EXPIRED"} and out.state == "CRITICAL"


# ---- files ----

def test_files_alone(good):
    """Nobody is asked, and that is said: what TVS decides is not known."""
    path = good.folder / "offline.ini"
    out = run(CHECK, "-i", path, "--output", "json")
    assert out.state == "OK" and out.json["tvs"] == [], out.text
    out = run(CHECK, "-i", path, "--all-pairs", "--output", "json")
    assert out.state == "UNKNOWN" and out.worse_than_notes == {(THERE, "MIG-UNSURE"), (BACK, "MIG-UNSURE")}
    assert {move["ready"] for move in moves(out).values()} == {"unsure"}


def test_lists_from_files_and_tvs_live(changed, good):
    entries, write = changed
    files = inventory.offline(good.scene.pair)
    for cluster, keys in entries.items():
        for name, node in keys["nodes"].items():
            node.update({key: files[cluster]["nodes"][name][key] for key in ("itl", "ctl")}, http_port=1, tftp_port=1)
    out = look(write(), "--all-pairs")
    assert out.state == "OK" and {move["ready"] for move in moves(out).values()} == {"yes"}, out.text


def test_other_identity_in_files(good):
    """The certificate in the inventory is in no ITL: known without asking."""
    entries = inventory.offline(good.scene.pair)
    entries["source"]["nodes"]["sub"]["tvs_certificate"] = "source/certs/tomcat-sub.pem"
    path = inventory.write(good.folder / "other.ini", entries)
    out = run(CHECK, "-i", path, "--cluster", "source", "--output", "json")
    assert out.worse_than_notes == {("source/pub", "CL-TVS-NOT-IN-ITL"), ("source/sub", "CL-TVS-NOT-IN-ITL")}


def test_der_and_pem(good):
    for ending in ("pem", "der"):
        entries = inventory.offline(good.scene.pair)
        for name, node in entries["source"]["nodes"].items():
            node["tvs_certificate"] = f"source/certs/tvs-{name}.{ending}"
            node["tomcat"] = f"source/certs/tomcat-{name}.{ending}"
        path = inventory.write(good.folder / "other.ini", entries)
        out = run(CHECK, "-i", path, "--cluster", "source", "--output", "json")
        assert out.state == "OK" and set(nodes(out)) == {"source/pub", "source/sub"}


@pytest.mark.parametrize("key", ["itl", "ctl", "tvs_certificate"])
def test_file_that_is_not_there(good, key):
    entries = inventory.offline(good.scene.pair)
    entries["source"]["nodes"]["sub"][key] = "no/such/file"
    path = inventory.write(good.folder / "other.ini", entries)
    out = run(CHECK, "-i", path, "--cluster", "source")
    assert out.state == "UNKNOWN" and "no/such/file" in out.text, out.text


# ---- extension mobility ----

def test_emcc_only_where_both_want_it(lab_cache):
    with situation("emcc-no-tomcat", lab_cache) as made:
        for says in ("no", None):
            made.entries["destination"]["keys"]["emcc"] = says
            made.write()
            out = look(made, "--all-pairs")
            assert out.state == "OK" and [move["emcc"] for move in out.json["moves"]] == [None, None]


def test_emcc_tomcat_that_cannot_be_asked(changed):
    entries, write = changed
    entries["source"]["nodes"]["sub"]["tomcat_port"] = 1
    out = look(write(), "--all-pairs")
    assert (THERE, "EMCC-UNSURE") in out.worse_than_notes and out.state == "UNKNOWN", out.text
    entries["source"]["nodes"]["sub"]["tomcat"] = "source/certs/tomcat-sub.pem"
    assert look(write(), "--all-pairs").state == "OK"


# ---- client certificates, old TLS ----

def test_client_certificate(lab_cache):
    from servers import tvs_server
    with situation("clean", lab_cache) as made, contextlib.ExitStack() as stack:
        wants = ("--client-cert", "required", "--client-ca", made.folder / "source/certs/capf.pem")
        for node in ("pub", "sub"):
            made.entries["source"]["nodes"][node]["tvs_port"] = stack.enter_context(tvs_server(
                made.folder, "--store", made.folder / "source/knows" / node, *wants, node=node,
                address=made.entries["source"]["nodes"][node]["address"]))
        made.write()
        out = look(made, "--from", "source", "--to", "destination", "--one-way")
        assert out.state == "UNKNOWN" and "TVS-CLIENT-CERT" in out.findings, out.text
        phone = made.folder / "phone"
        words = ("--from", "source", "--to", "destination", "--one-way")
        assert look(made, *words, "--client-cert", phone / "lsc.pem", "--client-key", phone / "lsc.key").state == "OK"
        assert look(made, *words, "--client-cert", phone / "lsc-with-key.pem").state == "OK"
        made.entries["source"]["keys"].update(client_cert="phone/lsc.pem", client_key="phone/lsc.key")
        made.write()
        assert look(made, *words).state == "OK"


def test_old_tls(lab_cache):
    from servers import tvs_server
    with situation("clean", lab_cache) as made, contextlib.ExitStack() as stack:
        for node in ("pub", "sub"):
            made.entries["source"]["nodes"][node]["tvs_port"] = stack.enter_context(tvs_server(
                made.folder, "--store", made.folder / "source/knows" / node, "--tls-max", "1.0", node=node,
                address=made.entries["source"]["nodes"][node]["address"]))
        made.write()
        assert look(made, "--all-pairs").state == "UNKNOWN"
        assert look(made, "--all-pairs", "--tls-legacy").state == "OK"
