# SPDX-License-Identifier: GPL-2.0-or-later
# The manual page of the plugin against the program: it may neither lag behind nor promise what is not there.
import os
import re
import subprocess

import pytest

from tshark import BUILD, TOP, run

PAGE = TOP / "dissector" / "doc" / "ucmtrust.7"
OURS = r"(?:tvs|ciscotl|ucmtrust)"


@pytest.fixture(scope="module")
def page():
    """The page as it is read, one paragraph a line, without emphasis."""
    text = PAGE.read_text()
    return re.sub(r"\\f[BPRI]", "", text).replace(r"\-", "-").replace(r"\(dq", '"').replace(r"\(aq", "'").replace("\\ ", " ")


def section(page, name, macro="SH"):
    return re.search(rf'^\.{macro} {name}$(.*?)(?=^\.{macro} |\Z)', page, re.M | re.S)[1]


def heads(text):
    """What the tagged paragraphs are about."""
    return re.findall(r'^\.TP\n\.BR? (\S+)', text, re.M)


# ---- against the program ----

def test_fields(page):
    fields = {line.split("\t")[2] for line in run("-G", "fields")[0].splitlines() if line.startswith("F\t")}
    wanted = {name for name in fields if re.match(rf"{OURS}\.", name) and not re.match(r"ucmtrust\.finding\.[A-Z]", name)}
    found = heads(section(page, "FIELDS"))
    assert len(found) > 60
    assert sorted(found) == sorted(wanted)


def test_preferences(page):
    program = re.findall(rf"^#?({OURS}\.[\w.]+): ", run("-G", "currentprefs")[0], re.M)
    assert len(program) >= 4
    assert sorted(heads(section(page, "PREFERENCES"))) == sorted(program)


def test_findings(page):
    expert = re.findall(r"\tucmtrust\.finding\.([A-Z]\S*)\t", run("-G", "fields")[0])
    found = [head for head in heads(section(page, "FINDINGS")) if head.isupper()]
    assert len(found) > 100
    assert sorted(found) == sorted(expert)


def test_statistics(page):
    listed = run("-z", "help", expect=None)
    program = set(re.findall(rf"^\s+({OURS},\w+)", "".join(listed), re.M))
    assert set(re.findall(r"^\.B -z (\S+)$", section(page, "STATISTICS"), re.M)) == program


def test_exports(page):
    listed = run("--export-objects", "help", expect=None)
    program = set(re.findall(rf"^\s+({OURS})$", "".join(listed), re.M))
    assert set(re.findall(r"--export-objects (\w+),", section(page, "EXPORTING"))) == program


def test_generated_parts_are_up_to_date():
    done = subprocess.run([TOP / "dissector" / "doc" / "update-manual", "--check"], stderr=subprocess.PIPE, text=True,
                          env=dict(os.environ, UCMTRUST_BUILD=str(BUILD)))
    assert done.returncode == 0, done.stderr
