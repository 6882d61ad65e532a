# SPDX-License-Identifier: GPL-2.0-or-later
# check_ucm_truststore over folders: every situation of the lab must be found as what it is, and nothing else; then what
# the options, the JSON and the text promise. Must not know why a situation is what it is: see store_situations.py.
import re
import time

import pytest

from outcome import raw, run
from trustlab.store_situations import TABLE

CHECK = "check_ucm_truststore"
NOW = int(time.time())


def made(name, lab_cache, folder):
    TABLE[name].scene(lab_cache, NOW).write(folder)
    return TABLE[name].words(folder)


def check(words, *more):
    return run(CHECK, *words, "--now", NOW, *more)


def look(words, *more):
    return check(words, "--output", "json", *more)


def found(out):
    return {(finding["where"], finding["id"]) for finding in out.json["findings"]}


@pytest.mark.parametrize("name", TABLE)
def test_situation(name, lab_cache, tmp_path):
    out = look(made(name, lab_cache, tmp_path))
    assert found(out) == {(where.format(dir=tmp_path), id_) for where, id_ in TABLE[name].expects}, out.text
    assert out.state == TABLE[name].state


def test_every_rule_has_a_situation():
    from tshark import TOP
    text = (TOP / "common" / "finding_table_store_rules.h").read_text()
    groups = re.findall(r"#define UCM_FINDINGS_STORE_(?:EXPIRY|CLUSTER|IMPORT)\(X\)(.*?)(?=\n\n)", text, re.S)
    known = set(re.findall(r'X\(UCM_\w+, "(ST-[A-Z-]+)"', "".join(groups)))
    elsewhere = {"ST-DATE-UNREADABLE", "ST-TOO-MANY"}       # tests/unit
    assert known == {id_ for row in TABLE.values() for _, id_ in row.expects} | elsewhere
