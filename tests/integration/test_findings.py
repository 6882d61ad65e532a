# SPDX-License-Identifier: GPL-2.0-or-later
# Every finding about one list, by a crafted list that has just this fault: the check and the Wireshark plugin must
# name the same ids, and exactly those that the row of the lab expects. What is no row here stands in ELSEWHERE with
# the reason. Must not import anything of the product; the catalogue is read as text.
from concurrent.futures import ThreadPoolExecutor
import json
import os
import re
import subprocess

import pytest

from outcome import run
from tshark import EXPORTED_PDU, TOP, exported, pcap, rows

# Ids that no single file without options can have, and where they are tested instead.
ELSEWHERE = {
    "TL-FILENAME": "needs to know what was asked for: test_check_trustlist.py, test_dissector.py, test_lint.c",
    "TL-TOO-LARGE": "Wireshark's file reader refuses 2 MiB before any finding: test_check_trustlist.py",
    "TL-DIGEST-BLOCKED": "is about the crypto policy of the machine: test_signature.c",
    "TL-RESIGNED": "needs the version of the cluster: below", "TL-ETOKEN": "needs the version of the cluster: below",
    "TL-FETCH-FAILED": "is about fetching", "TL-FETCH-SILENT": "is about fetching", "TL-MISSING": "is about fetching",
    "TL-CTL-ABSENT": "is about fetching", "TL-UNREADABLE-HERE": "is about fetching",
}


def catalogue():
    text = (TOP / "common" / "finding_table.h").read_text()
    return dict(re.findall(r'X\(UCM_TL_\w+, "(TL-[A-Z0-9-]+)", UCM_([A-Z]+),', text))


@pytest.fixture(scope="module")
def lists(crafted):
    """The manifest's entries by the name of the row; tshark may read the files."""
    for path in (crafted, *crafted.parents[:2], *crafted.glob("*.tlv")):
        path.chmod(0o755)
    found = json.loads((crafted / "manifest.json").read_text())
    return found["now"], {entry["crafted"]: entry for entry in found["lists"]}


@pytest.fixture(scope="module")
def in_wireshark(crafted, lists, tmp_path_factory):
    """{row: ids}. One capture a row, since the plugin verifies signed files with lists that it saw before; taken at
    the lab's time. Side by side: starting tshark is what costs."""
    now, entries = lists
    folder = tmp_path_factory.mktemp("captures")
    for path in (folder, *folder.parents[:2]):
        path.chmod(0o755)

    def look(name):
        data = (crafted / entries[name]["path"]).read_bytes()
        path = pcap(folder / f"{name}.pcap", [(now, exported("ciscotl", data))], link=EXPORTED_PDU)
        found = rows(path, "ciscotl", "ucmtrust.finding", two_passes=False)
        assert len(found) == 1, name
        return name, sorted(set(filter(None, found[0][0].split(","))))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(pool.map(look, entries))


def table():
    """The names of all rows, without making the lists."""
    text = subprocess.run([TOP / "tests" / "lab" / "lab", "craft", "--list"], check=True, capture_output=True, text=True)
    return [line.split()[0] for line in text.stdout.splitlines()]


@pytest.mark.parametrize("name", table())
def test_both_plugins_find_exactly_what_is_wrong(crafted, lists, in_wireshark, name):
    now, entries = lists
    out = run("check_ucm_trustlist", "--output", "json", "-f", crafted / entries[name]["path"])
    assert sorted(set(out.findings)) == entries[name]["expects"], out.text
    assert in_wireshark[name] == entries[name]["expects"]


@pytest.mark.parametrize("name, version, finding", [
    ("signed-by-callmanager", "14", "TL-RESIGNED"), ("signed-by-callmanager", "11.5", None),
    ("etoken", "14SU3", "TL-ETOKEN"), ("etoken", "12.5(1)SU2", None), ("clean", "14", None)])
def test_some_rules_hang_on_the_version_of_the_cluster(crafted, lists, name, version, finding):
    path = crafted / lists[1][name]["path"]
    out = run("check_ucm_trustlist", "--output", "json", "-f", path, "--ucm-version", version)
    assert sorted(set(out.findings)) == sorted({*lists[1][name]["expects"], *([finding] if finding else [])})


def test_severities_come_out_as_in_the_catalogue(crafted, lists):
    """A list with notes alone is OK, with warnings WARNING, with errors CRITICAL."""
    states = {"NOTE": "OK", "WARNING": "WARNING", "UNSURE": "UNKNOWN", "ERROR": "CRITICAL"}
    rank, known = list(states), catalogue()
    raised = {"expiring-soon": "CRITICAL", "signed-file": "UNKNOWN"}   # by a threshold; by the check
    for name, entry in lists[1].items():
        worst = max((known[id_] for id_ in entry["expects"]), key=rank.index, default="NOTE")
        out = run("check_ucm_trustlist", "--output", "json", "-f", crafted / entry["path"])
        assert out.state == raised.get(name, states[worst]), name


def test_every_finding_of_one_list_has_a_row(lists):
    covered = {id_ for entry in lists[1].values() for id_ in entry["expects"]}
    assert covered | set(ELSEWHERE) == set(catalogue())
    assert covered & set(ELSEWHERE) == set()


def test_clusters_and_published_shapes(lab, manifest):
    """Nothing but what a shape is about; two clusters without fault have no warning at all."""
    about = {"ctl-tokenless-10.5.1.tlv": {"TL-DIGEST-SHA1"}, "ctl-etoken.tlv": {"TL-DIGEST-SHA1"},
             "ctl-nonsecure-10.0.1.tlv": {"TL-DIGEST-SHA1", "TL-CTL-NONSECURE"}, "blank-itl.tlv": {"TL-BLANK"},
             "itl-expired.tlv": {"TL-CERT-EXPIRED", "TL-SIGNER-DATES"},
             "itl-invalid-signature.tlv": {"TL-SIGNATURE-INVALID"}, "itl-signer-absent.tlv": {"TL-SIGNER-ABSENT"},
             "itl-sha256-465.tlv": set(), "itl-4096-ec.tlv": set()}
    for entry in manifest["lists"]:
        found = set(run("check_ucm_trustlist", "--output", "json", "-f", lab / entry["path"]).findings)
        if "shape" in entry:
            assert found == about.pop(entry["shape"]), entry["path"]
        elif entry["kind"] in ("ITL", "CTL"):
            assert found <= {"TL-DIGEST-SHA1"}, entry["path"]
    assert about == {}
