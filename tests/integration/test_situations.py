# SPDX-License-Identifier: GPL-2.0-or-later
# The lab's situations seen twice. Renewals within a cluster by check_ucm_trustlist --state, as a table; and moves that
# the lab's phone walks through while its traffic is captured: Wireshark must name what the checks name for the same
# files and the same answers. Captures are made here and thrown away. Must not know how findings come about.
import contextlib
import json
import os
import subprocess
import sys
import time

import pytest

from outcome import run
from servers import LOOPBACK, atftpd, build, nginx, public_folder, tvs_server
from test_phone_agrees import LAB, namespaces
from trustlab.migrate import SCENARIOS
from trustlab.situations import RENEWALS, Scene
from tshark import rows

NOW = int(time.time())


# ---- renewals: what becomes of phones ----

def steps_of(lab_cache, name, folder):
    """The scenes before the renewals and after each of them, each in a folder of its own."""
    cluster, mixed, renewals, _ = RENEWALS[name]
    found = []
    for number, renewed in enumerate([(), *renewals]):
        scene = Scene(lab_cache, NOW, mixed=mixed, renewed=renewed)
        if name.endswith("old-ctl") and renewed:
            nodes = [node.name for node in scene.clusters()[cluster].nodes]
            scene.serve(cluster, nodes, ctl=getattr(scene.at_another_time(renewed=()), cluster).ctl())
        place = folder / str(number)
        place.mkdir()
        scene.write(place)
        found.append((scene, place))
    return cluster, found


@contextlib.contextmanager
def asked(scene, place, cluster):
    """The cluster's TVS nodes as words for the command line."""
    with contextlib.ExitStack() as stack:
        words = []
        for node in scene.clusters()[cluster].nodes:
            port = stack.enter_context(tvs_server(place, "--store", place / cluster / "knows" / node.name,
                                                  node=node.name, cluster=cluster))
            words += ["--tvs", f"{LOOPBACK}:{port}"]
        yield words


@pytest.mark.parametrize("name", RENEWALS)
def test_renewal(name, lab_cache, tmp_path):
    cluster, steps = steps_of(lab_cache, name, tmp_path)
    expected = RENEWALS[name][3]
    with public_folder() as files, nginx(files) as http, atftpd(files) as tftp:
        node = ["-H", LOOPBACK, "-p", http, "--tftp-port", tftp, "--state", tmp_path / "state", "--output", "json"]
        for number, (scene, place) in enumerate(steps):
            for path in (place / cluster / "nodes/pub/tftp").iterdir():
                (files / path.name).write_bytes(path.read_bytes())
            with asked(scene, place, cluster) as words:
                out = run("check_ucm_trustlist", *node, *words, "--now", NOW + number * 86400)
            if number + 1 < len(steps):
                assert out.state == "OK", "each step by itself is harmless: " + out.text
    about = {id_ for id_ in out.findings if id_ in
             {"PHONE-LOCKED", "PHONE-RE-SIGN", "PHONE-VIA-TVS", "PHONE-TVS-NOT-ASKED", "PHONE-UNDECIDED",
              "CL-CTL-STALE"}}
    assert about == expected, out.text
    assert out.state == ("CRITICAL" if expected & {"PHONE-RE-SIGN", "CL-CTL-STALE"} else "OK"), out.text


# ---- moves, captured ----

# What only one of the two can say, and why.
ALONE = {
    "TL-SIGNED-ELSEWHERE": "a signed file alone; the capture has the lists that its signer is in",
    "TL-CTL-ABSENT": "is about fetching", "TVS-UNPINNED": "is about options", "TVS-TLS-LEGACY": "is about options",
}
# scenario: ids that it is about, in the capture and by the checks
CAPTURED = {
    "migration-nonsecure": set(),
    "migration-secure": set(),
    "migration-fails-no-signer": {"TVS-STATUS"},
    "migration-fails-no-role": {"TVS-ROLE"},
    "other-certificate": {"TVS-OTHER-CERTIFICATE"},
    "tvs-refused": {"TVS-IDENTITY"},
    "silent-tvs": {"TVS-NO-ANSWER"},
    "strange-tvs": set(),        # its phone has its answer from the other node
    "blank-itl": {"TL-BLANK"},
    "collision": {"TL-ISSUER-SERIAL-TWICE"},
}


def in_capture(path):
    found = {id_ for row in rows(path, "ucmtrust.finding", "ucmtrust.finding") for id_ in row[0].split(",")}
    return found - set(ALONE)


def by_checks(folder, name):
    """Ids that the checks report for the files that the phone was given and the answers of the nodes it asked."""
    entries = json.loads((folder / "story/story.json").read_text())
    found = set()
    for entry in entries:
        out = run("check_ucm_trustlist", "--output", "json", "-f", folder / "story" / entry["offered"])
        found |= set(out.findings)
        for node in entry["nodes"]:
            found |= ids_of_question(folder, name, entry, node)
    return found - set(ALONE)


def ids_of_question(folder, name, entry, node):
    """The same question to the same node on loopback. A node's last part of the address names it."""
    at = int(node["node"].rpartition(".")[2]) - 11
    which = ("pub", "sub", "sub2")[at]
    identity = os.path.basename(node["identity"]).removesuffix(".der")
    fault = [word for word in SCENARIOS[name].tvs if word in ("--fault", "other-certificate")]
    if not node["answered"] and name == "silent-tvs":
        fault = ["--fault", "silent-answer"]
    with tvs_server(folder, "--store", folder / "source/knows" / which, *fault, node=which, identity=identity) as port:
        about = folder / "story" / entry["offered"]
        if entry["what"] == "configuration":    # its signer is in the list that came before it
            about = ["--certificate", folder / "destination/certs/callmanager-pub.pem", "--role", "tftp"]
        else:
            about = ["--signer-of", about]
        # The phone asks by name, which for a check is a guess that it must not judge by; only there is a certificate
        # in the answer.
        about += ["--query"] if name == "other-certificate" else []
        return set(run("check_ucm_tvs", "-H", LOOPBACK, "-p", port, "-t", 3, "--trustlist",
                       folder / "story" / entry["itl"], *about, "--output", "json").findings)


@pytest.mark.parametrize("name", CAPTURED)
def test_capture_and_checks_agree(name, lab_cache):
    if not namespaces():
        pytest.skip("no namespaces here")
    with public_folder() as folder:
        capture = folder / "move.pcapng"
        done = subprocess.run([sys.executable, LAB, "migrate", name, "--dir", folder, "--server",
                               build() / "tests/lab/ucmtrust-tvs-server", "--capture", capture],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        capture.chmod(0o644)
        seen, told = in_capture(capture), by_checks(folder, name)
    assert CAPTURED[name] <= seen, (seen, told)
    assert seen == told, (sorted(seen), sorted(told))
