# SPDX-License-Identifier: GPL-2.0-or-later
# check_ucm_truststore --plan: the plan of each of the lab's clusters as a golden text, which somebody has read as the
# one who must follow it; then what options, JSON and live answers change. Must not know why a plan is safe: the unit
# tests play that. To write the texts anew: UCMTRUST_WRITE_GOLDEN=1.
import os
from pathlib import Path
import re
import subprocess
import time

import pytest

from outcome import STATES, raw, run
from servers import build, site
from trustlab import plans
from trustlab.situations import Scene

CHECK = "check_ucm_truststore"
NOW = 1800000000
DAY = 86400
GOLDEN = Path(__file__).resolve().parent / "golden"
STATE = {name: "WARNING" for name in plans.CLUSTERS} | {"cairns": "OK", "albany": "CRITICAL", "perugia": "CRITICAL", "fremantle": "CRITICAL", "geraldton": "CRITICAL"}


@pytest.fixture(scope="module")
def folder(lab_cache, tmp_path_factory):
    root = tmp_path_factory.mktemp("plans")
    plans.write(root, lab_cache, NOW)
    return root


def arguments(folder, cluster, *more, stores=True):
    return ["--plan", "-i", folder / "plans.ini", "--cluster", cluster, "--now", NOW,
            *(("--dir", folder / cluster / "stores") if stores else ()), *more]


def text_of(folder, cluster, *more, **options):
    process = raw(CHECK, *arguments(folder, cluster, *more, **options))
    assert process.stderr == b""
    return process.returncode, process.stdout.decode()


def look(folder, cluster, *more, **options):
    """The JSON, as a dict."""
    return run_json(*arguments(folder, cluster, *more, **options))


def run_json(*more):
    import json
    process = raw(CHECK, *more, "--output", "json")
    assert process.stderr == b"" and process.stdout.count(b"\n") == 1
    found = json.loads(process.stdout)
    assert STATES[found["state"]] == process.returncode
    return found


def actions(found):
    """'capf:renew,…' as words, stage by stage."""
    stages = []
    for step in found["plan"]["steps"]:
        if step["action"] == "renew":
            stages.append(step["service"])
        else:
            stages[-1] += " " + step["action"]
    return stages


# ---- texts ----

@pytest.mark.parametrize("cluster", plans.CLUSTERS)
def test_golden(folder, cluster):
    code, text = text_of(folder, cluster)
    text = re.sub(r" \(byte \d+\)", "", text)
    path = GOLDEN / f"plan-{cluster}.txt"
    if os.environ.get("UCMTRUST_WRITE_GOLDEN"):
        path.write_text(text)
    assert text == path.read_text()
    assert code == STATES[STATE[cluster]]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text), "control characters"
    assert all(len(line) <= 96 for line in text.split("\n")[1:]), "a line is too wide"


def test_every_text_belongs_to_a_cluster():
    assert {path.stem for path in GOLDEN.glob("plan-*.txt")} == {f"plan-{name}" for name in plans.CLUSTERS}


def test_the_clusters_are_those_that_plans_differ_for():
    modes = {(plan.version, plan.mixed) for plan in plans.CLUSTERS.values()}
    assert {("11.5", False), ("11.5", True), ("12.5", True), ("14", False), ("15", True)} <= modes


@pytest.mark.parametrize("cluster", [name for name in plans.CLUSTERS if name not in ("cairns", "broome")])
def test_no_two_anchors_without_a_wait(folder, cluster):
    """Whatever the order: between two renewals that phones notice stands a wait."""
    steps = look(folder, cluster)["plan"]["steps"]
    pending = False
    for step in steps:
        if step["action"] == "renew" and step["service"] not in ("tomcat", "ipsec"):
            assert not pending, step
            pending = True
        pending = pending and step["action"] != "wait"
    assert not pending


# ---- what is found ----

def test_the_ways(folder):
    assert actions(look(folder, "brisbane")) == [f"{name} restart wait"
                                                 for name in ("CAPF", "CallManager", "TVS", "ITLRecovery")]
    assert actions(look(folder, "perth")) == ["CAPF ctl-update restart wait", "CallManager ctl-update restart wait",
                                              "TVS restart wait"]
    assert actions(look(folder, "perugia")) == ["TVS restart wait", "CallManager ctl-update restart wait"]
    assert actions(look(folder, "fremantle")) == ["ITLRecovery restart itl-resign wait restart-tftp wait",
                                                  "CallManager restart wait"]
    assert actions(look(folder, "geraldton")) == ["TVS restart wait"]
    assert look(folder, "geraldton")["plan"]["left_out"] == ["CallManager"]
    assert actions(look(folder, "hobart")) == ["CallManager ctl-update restart wait", "TVS restart wait",
                                               "ITLRecovery restart itl-resign wait restart-tftp wait"]
    assert actions(look(folder, "darwin"))[-1] == "ITLRecovery ctl-resign restart wait ctl-update restart-tftp wait"


def ids(found):
    return {finding["id"] for finding in found["findings"]}


def test_findings(folder):
    assert ids(look(folder, "brisbane")) == {"ST-PLAN-DUE", "ST-PLAN-NO-RETURN"}
    assert ids(look(folder, "perth")) == {"ST-PLAN-DUE", "ST-PLAN-NO-RETURN", "ST-PLAN-NO-TVS"}
    assert ids(look(folder, "hobart")) == {"ST-PLAN-DUE", "ST-PLAN-BRIDGE", "ST-PLAN-NO-RETURN"}
    assert ids(look(folder, "cairns")) == set()
    assert ids(look(folder, "broome")) == {"ST-PLAN-DUE"}
    assert ids(look(folder, "albany")) == {"ST-PLAN-DUE", "ST-PLAN-IMPASSE", "TL-CERT-EXPIRED"}
    assert look(folder, "albany")["plan"]["left_out"] == ["ITLRecovery"]


def test_stores_tell_of_what_no_list_holds(folder):
    found = look(folder, "broome", stores=False)
    assert found["state"] == "OK" and found["plan"]["due"] == []
    assert found["plan"]["not_seen"] == "tomcat, ipsec (no source given)"
    assert "not seen: tomcat, ipsec (no source given)" in found["summary"]
    _, text = text_of(folder, "broome", stores=False)
    assert "Not seen: tomcat, ipsec (no source given)\n" in text
    assert "No step is necessary for what was seen; for the rest, nobody looked\n" in text
    found = look(folder, "broome")
    assert [(one["service"], one["node"]) for one in found["plan"]["due"]] == [("tomcat", "pub"), ("tomcat", "sub2")]
    assert found["plan"]["outcome"] == "safe" and found["plan"]["absent"] == [["KEEP", "KEEP"], ["KEEP"]]


def test_tvs_nodes_that_cannot_vouch_are_named(folder, tmp_path):
    path = changed(folder, tmp_path, f"tvs_certificate = {folder}/perth/certs/tvs-sub.pem",
                   f"tvs_certificate = {folder}/broome/certs/tvs-sub.pem")
    line = ("--plan", "-i", path, "--cluster", "perth", "--now", NOW, "--plan-horizon", 41)
    found = run_json(*line)
    assert actions(found) == ["CallManager ctl-update restart wait"]
    some = [finding["text"] for finding in found["findings"] if finding["id"] == "ST-PLAN-SOME-TVS"]
    assert len(some) == 1 and "step 4: sub" in some[0]
    assert b"TVS of sub cannot vouch" in raw(CHECK, *line).stdout


def test_what_was_not_seen_is_not_called_fine(folder, tmp_path):
    """Only a node that serves lists shows its CallManager certificate; the other two may be due."""
    path = changed(folder, tmp_path, "[", "[")
    path.write_text(re.sub(r"itl = (\S+/cairns/nodes/(pub|sub2)/tftp/.*\n)", r"services = none\n", path.read_text()))
    line = ("--plan", "-i", path, "--cluster", "cairns", "--now", NOW)
    found = run_json(*line)
    assert found["state"] == "UNKNOWN" and ids(found) == {"ST-PLAN-NOT-SEEN"}
    assert found["plan"]["not_seen"] == "tomcat, ipsec (no source given), CallManager of pub, sub2"
    found = run_json(*line, "--dir", folder / "cairns" / "stores")
    assert found["state"] == "OK" and found["plan"]["not_seen"] is None


def test_owners_are_nodes_even_where_one_node_alone_serves_lists(folder, tmp_path):
    path = changed(folder, tmp_path, "[", "[")
    path.write_text(re.sub(r"itl = (\S+/darwin/nodes/(pub|sub2)/tftp/.*\n)ctl = .*\n", r"services = none\n",
                           path.read_text()))
    found = run_json("--plan", "-i", path, "--cluster", "darwin", "--now", NOW, "--dir", folder / "darwin" / "stores")
    owners = {(one["service"], one["node"]) for one in found["plan"]["due"]}
    assert {node for _, node in owners} == {"pub", "sub", "sub2"}
    assert {node for service, node in owners if service == "CallManager"} == {"pub", "sub", "sub2"}
    assert ("ITLRecovery", "pub") in owners and ("ITLRecovery", "sub") not in owners


def test_the_horizon(folder):
    assert look(folder, "brisbane", "--plan-horizon", 10)["state"] == "OK"
    found = look(folder, "brisbane", "--plan-horizon", 35)
    assert [one["service"] for one in found["plan"]["due"]] == ["TVS"]
    assert actions(found) == ["TVS restart wait"] and found["plan"]["no_return"] is None


@pytest.mark.parametrize("cluster, words, number", [
    ("brisbane", "must be back before step 8 is done; from step 8 on only `utils itl reset localkey`, run before step 10, "
                 "brings it back; from step 10 on somebody must go there", 8),
    ("hobart", "must be back before step 12 is done; it may be lost from step 12 on\n", 12),
    ("sydney", "must be back before step 7 is done; from step 7 on somebody must go there", 7),
])
def test_the_point_of_no_return_is_the_first_step_that_is_not_safe(folder, cluster, words, number):
    """The headline says what the lines below it say."""
    _, text = text_of(folder, cluster)
    flat = re.sub(r"\n  +(?!-)", " ", text)
    assert f"POINT OF NO RETURN: step {number}. A phone that was off since before step 1 {words}" in flat
    assert f"before step {number} is done" in flat[flat.index("Last fetched before"):].split("\n")[0]
    assert look(folder, cluster)["plan"]["no_return"] == number


def test_commands_and_advice(folder):
    """What no source covers is asked, not told; and nobody is told to reset gateways with the phones."""
    texts = {cluster: " ".join(text_of(folder, cluster)[1].split()) for cluster in ("hobart", "darwin", "sydney")}
    assert "Does `utils itl reset localkey` do in mixed mode" in texts["hobart"]
    assert "utils ctl reset localkey`, run" not in texts["hobart"] and "(`utils ctl reset" not in texts["hobart"]
    assert "Does `utils itl reset localkey`" not in texts["sydney"] + texts["darwin"]
    assert "reset the encrypted and authenticated phones, before any service is restarted" in texts["darwin"]
    for text in texts.values():
        assert "Device Name begins with SEP" in text and "Enterprise Parameters > Reset is not the same" in text
        assert "our conclusion" not in text and "Security Guide (12.5(1)SU3" in text


def test_a_day_is_not_counted_as_none(folder):
    for now, words in (("TVS of pub in less than a day", 30), ("TVS of pub expired less than a day ago", 30.6)):
        line = ["--plan", "-i", folder / "plans.ini", "--cluster", "brisbane", "--now", int(NOW + words * DAY)]
        summary = run_json(*line)["summary"]
        assert now in summary and " 0 days" not in summary.partition("first:")[2]


def test_the_publisher(folder):
    found = look(folder, "darwin", "--publisher", "sub")
    assert found["plan"]["publisher"] == "sub"
    texts = [step["text"] for step in found["plan"]["steps"]]
    assert "Renew CallManager on sub, then pub, then sub2" in texts
    assert "Update the CTL: `utils ctl update CTLFile` on sub" in texts


def test_an_impasse_can_be_ignored_by_name_and_is_still_not_planned(folder):
    code, text = text_of(folder, "albany", "--ignore", "ST-PLAN-IMPASSE", "--ignore", "TL-CERT-EXPIRED")
    assert code == STATES["WARNING"] and "NO SAFE WAY" in text and "ignored: ST-PLAN-IMPASSE" in text


# ---- what cannot be seen ----

def changed(folder, tmp_path, old, new):
    """Another inventory, with absolute paths."""
    text = re.sub(r"= (\w+/)", rf"= {folder}/\1", (folder / "plans.ini").read_text())
    assert old in text
    path = tmp_path / "changed.ini"
    path.write_text(text.replace(old, new))
    return path


def test_a_list_that_cannot_be_seen_gives_no_plan(folder, tmp_path):
    path = changed(folder, tmp_path, f"itl = {folder}/sydney/nodes/sub/tftp/ITLFile.tlv",
                   f"itl = {folder}/sydney/nowhere.tlv")
    found = run_json("--plan", "-i", path, "--cluster", "sydney", "--now", NOW)
    assert found["state"] == "UNKNOWN" and "ST-PLAN-UNTRIED" in ids(found)
    assert found["plan"]["outcome"] == "untried" and found["plan"]["steps"] == []


@pytest.mark.parametrize("node, where", [(r"\w+", "darwin"), ("sub", "sub")])
def test_a_mixed_cluster_without_its_ctl_gives_no_plan(folder, tmp_path, node, where):
    """A plan for a cluster in non-secure mode would leave the CTL behind."""
    path = changed(folder, tmp_path, "[", "[")
    path.write_text(re.sub(rf"ctl = \S+/darwin/nodes/{node}/tftp/.*\n", "", path.read_text()))
    found = run_json("--plan", "-i", path, "--cluster", "darwin", "--now", NOW)
    assert found["plan"]["outcome"] == "untried" and found["plan"]["steps"] == []
    assert STATES[found["state"]] >= STATES["CRITICAL"]
    untried = next(finding for finding in found["findings"] if finding["id"] == "ST-PLAN-UNTRIED")
    assert where in untried["text"] + untried["where"] and "CTL" in untried["text"]


@pytest.mark.parametrize("damage", ["cut", "signature", "empty", "noise"])
def test_a_damaged_list_gives_no_plan(folder, tmp_path, damage):
    data = bytearray((folder / "darwin/nodes/sub/tftp/ITLFile.tlv").read_bytes())
    if damage == "signature":
        data[-3] ^= 1
    broken = tmp_path / "ITLFile.tlv"
    broken.write_bytes({"cut": data[:400], "empty": b"", "noise": os.urandom(5000), "signature": bytes(data)}[damage])
    path = changed(folder, tmp_path, f"itl = {folder}/darwin/nodes/sub/tftp/ITLFile.tlv", f"itl = {broken}")
    found = run_json("--plan", "-i", path, "--cluster", "darwin", "--now", NOW)
    assert found["state"] == "CRITICAL" and "ST-PLAN-UNTRIED" in ids(found)
    assert found["plan"]["steps"] == []


def test_nodes_that_disagree_are_named_before_the_first_step(folder, tmp_path):
    path = changed(folder, tmp_path, f"tvs_certificate = {folder}/sydney/certs/tvs-sub.pem",
                   f"tvs_certificate = {folder}/darwin/certs/tvs-sub.pem")
    process = raw(CHECK, "--plan", "-i", path, "--cluster", "sydney", "--now", NOW)
    assert b"SETTLE FIRST (-v explains it): CL-TVS-NOT-IN-ITL" in process.stdout


# ---- live answers ----

def plan_live(lab_cache, cluster="destination", **options):
    now = int(time.time())
    scene = Scene(lab_cache, now, dates={"destination/itlrecovery": (now - 400 * DAY, now + 30 * DAY)}, **options)
    with site(scene) as made:
        return run_json("--plan", "-i", made.inventory, "--cluster", cluster, "-t", 30)


def test_tvs_that_vouches_makes_a_bridge_needless(lab_cache):
    """The signer in use is asked about, and TVS of the lab gives ITLRecovery a SAST role."""
    found = plan_live(lab_cache, mixed=False)
    assert {node["node"].partition(":")[0] for node in found["tvs"]} >= {"destination/pub"}, "TVS was asked"
    assert actions(found) == ["ITLRecovery restart wait"]
    assert found["plan"]["phones"]["usual"]["verdict"] == "VIA-TVS" and ids(found) == {"ST-PLAN-DUE"}


def test_but_not_for_a_ctl(lab_cache):
    found = plan_live(lab_cache)
    assert actions(found) == ["ITLRecovery ctl-resign restart wait ctl-update restart-tftp wait"]


# ---- options ----

@pytest.mark.parametrize("line, words", [
    (["--plan"], "expected -i INVENTORY"),
    (["-i", "x.ini"], "expected --plan"),
    (["--plan-horizon", "5"], "expected --plan"),
    (["--plan", "-i", "/nowhere.ini"], "/nowhere.ini"),
    (["--plan", "-i", "PLANS"], "expected --cluster NAME"),
    (["--plan", "-i", "PLANS", "--cluster", "paris"], "paris"),
    (["--plan", "-i", "PLANS", "--cluster", "perth", "--publisher", "sub9"], "sub9"),
    (["--plan", "-i", "PLANS", "--cluster", "perth", "--plan-horizon", "soon"], "soon"),
    (["--plan", "-i", "PLANS", "--cluster", "perth", "--expect-from", "dir:/tmp"], "expect-from"),
])
def test_mistakes(folder, line, words):
    out = run(CHECK, *[folder / "plans.ini" if word == "PLANS" else word for word in line])
    assert out.state == "UNKNOWN" and out.usage and words in out.summary


def test_help_says_what_the_states_mean():
    text = subprocess.run([build() / "nagios" / CHECK, "--help"], capture_output=True, text=True).stdout
    for words in ("--plan", "--plan-horizon", "OK: nothing is due", "CRITICAL: no"):
        assert words in text
