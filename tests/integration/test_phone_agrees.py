# SPDX-License-Identifier: GPL-2.0-or-later
# Two phones must agree: that of common/phone, on which every verdict about continuity and moves rests, and the lab's,
# which decides by code of its own. Over every scenario that is walked through real servers, and over a table of states.
# Must not contain a decision itself: only what counts as agreement.
from concurrent.futures import ThreadPoolExecutor
import json
import os
from pathlib import Path
import subprocess
import sys
import time

import pytest

from servers import build
from trustlab import listreader, story
from trustlab.migrate import SCENARIOS
from trustlab.states import Materials, StatePhone

LAB = Path(__file__).resolve().parent.parent / "lab" / "lab"
NOW = int(time.time())
# Which of several nodes that cannot be asked is named is a matter of taste.
NOT_ASKED = {"SILENT", "IDENTITY"}
REFUSED = {"ROLE", "STATUS", "SILENT", "IDENTITY", "NO_TVS", "NO_TVS_RECORD"}
# What the rules leave open (grade C), or cannot be told without the certificate that TVS gives; a phone has to do
# something, and the lab's refuses.
OPEN = {"RULE", "UNVERIFIABLE"}


def judge(words):
    """(outcome, step, vouching, nodes) of the project's own judgement."""
    done = subprocess.run([build() / "tests/lab/ucmtrust-phone-judge", *words], stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0, words
    outcome, step, share = done.stdout.split()[:3]
    return outcome, step, *map(int, share.split("/"))


def same_step(step, other):
    """`other` is that of the lab's phone, which goes on looking for another signer when a signature does not fit."""
    return step == other or {step, other} <= NOT_ASKED or (step == "SIGNATURE" and other in REFUSED)


# ---- scenarios ----

def namespaces():
    command = ["unshare", "-n", "-m", "-p", "--fork", "--kill-child", "--mount-proc", "true"]
    if os.geteuid() != 0:
        command[1:1] = ["-U", "-r"]
    return subprocess.run(command, capture_output=True).returncode == 0


@pytest.mark.parametrize("name", [name for name, one in SCENARIOS.items() if "migrate" in one.actions])
def test_scenario(name, lab_cache, tmp_path):
    if not namespaces():
        pytest.skip("no namespaces here")
    done = subprocess.run([sys.executable, LAB, "migrate", name, "--dir", tmp_path, "--server",
                           build() / "tests/lab/ucmtrust-tvs-server"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    entries = json.loads((tmp_path / "story/story.json").read_text())
    assert entries[-1]["what"] == "configuration" and len(entries) >= 2
    for entry in entries:
        outcome, step, _, _ = judge(story.judge_arguments(tmp_path / "story", entry))
        wanted = entry["step"]
        if name == "other-certificate":     # what else may be believed of a node that says nonsense is not compared
            wanted = step
        assert (outcome == "accepted") == entry["accepted"] and same_step(step, wanted), (name, entry, outcome, step)


# ---- states ----

def signer_of(state, materials):
    """The certificate that TVS sends when it is asked about the signer of the file; None where there is no signer."""
    try:
        found = listreader.read(state.offered, state.kind == "configuration")
    except listreader.Unreadable:
        return None
    return materials.known.get((found.signer_issuer, found.signer_serial))


def with_every_node(entry, state, until, certificate):
    """The entry with what all nodes would have said, whom the phone asked or not."""
    from trustlab.states import SAYS
    found = {**entry, "nodes": []}
    if until is not None:
        found["nodes"].append({"node": "cache", "answered": True, "identity": None, "status": 0, "roles": [0, 3],
                               "certificate": certificate, "until": until})
    for at, node in enumerate(state.nodes):
        said = SAYS[node.says]
        found["nodes"].append({"node": f"node{at}", "answered": said is not None, "identity": f"node{at}.der"} |
                              ({"status": said[0], "roles": said[1], "certificate": certificate} if said else {}))
    return found


def compare(folder, state, materials):
    """What they say about one state: (both, problem). Each node is the first one that is asked once."""
    rotations = [state.nodes[at:] + state.nodes[:at] for at in range(len(state.nodes))]
    entries = []
    for at, group in enumerate(rotations):
        phone = StatePhone(folder / str(at), state, materials, group)
        if state.asked_before is not None:
            phone.remembers(state.asked_before)
        phone.offer()
        entries.append(phone.story.entries[-1])
    place = folder / "0" / "story"
    for at, node in enumerate(state.nodes):
        (place / f"node{at}.der").write_bytes(node.identity.der)
    signer, until = signer_of(state, materials), None
    if signer is not None:
        (place / "signer.der").write_bytes(signer.der)
    if state.asked_before is not None and phone.cache:
        until = max(one["until"] for one in phone.cache.values())
        until = until if materials.now < until else None
    outcome, step, vouching, nodes = judge(story.judge_arguments(place, with_every_node(
        entries[0], state, until, "signer.der" if signer else None)))
    accepted = [entry["accepted"] for entry in entries]
    said = f"{state.name}: {outcome} {step} {vouching}/{nodes}, the lab's phone: " + ", ".join(
        f"{'accepted' if entry['accepted'] else 'refused'} {entry['step']}" for entry in entries)
    if outcome == "undecided":
        good = step in OPEN and not any(accepted)
    else:
        # Vouched for by some nodes: accepted by the phones that meet those.
        good = (outcome == "accepted") == any(accepted) and any(same_step(step, entry["step"]) for entry in entries)
        if step == "TVS" and vouching == nodes:
            good = good and all(accepted)
    return outcome, step, None if good else said


@pytest.fixture(scope="module")
def results(lab_cache, tmp_path_factory):
    materials = Materials(lab_cache, NOW)
    top = tmp_path_factory.mktemp("states")
    states = list(materials.table())
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda one: compare(top / str(one[0]), one[1], materials), enumerate(states)))
    return states, found


def test_states(results):
    states, found = results
    assert len(states) >= 40
    problems = [said for _, _, said in found if said]
    assert not problems, f"{len(problems)} of {len(states)}:\n" + "\n".join(problems[:40])


def test_every_step_occurs(results):
    """The table would be worth little if it only ever met the same rule."""
    _, found = results
    assert {step for _, step, _ in found} >= {"SAME", "FIRST", "BLANK", "CTL", "ITL", "CACHE", "TVS", "UNREADABLE",
                                              "SIGNATURE", "NO_TVS", "NO_TVS_RECORD", "SILENT", "IDENTITY", "STATUS",
                                              "ROLE"}
    assert {outcome for outcome, _, _ in found} >= {"accepted", "refused"}
