# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages of the checks: they say what the programs say, and render with both of Debian's formatters.
import os
from pathlib import Path
import re
import subprocess

import pytest

TOP = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("UCMTRUST_BUILD", TOP / "build"))
DOC = TOP / "nagios" / "doc"
CHECKS = ("check_ucm_consistency", "check_ucm_trustlist", "check_ucm_truststore", "check_ucm_tvs")
PAGES = [DOC / f"{check}.1" for check in CHECKS] + [DOC / "ucmtrust-findings.7"]
LONG = r"(?<![\w-])--[a-z][a-z0-9-]+"


def plain(text):
    """roff as it is read, without emphasis."""
    text = re.sub(r"\\f[BPRI]|\\[%&]", "", text)
    return text.replace(r"\-", "-").replace(r"\(dq", '"').replace(r"\(aq", "'")


def section(page, name):
    return re.search(rf"^\.SH {name}$(.*?)(?=^\.SH |\Z)", plain(page.read_text()), re.M | re.S)[1]


def heads(text):
    """What the tagged paragraphs are about."""
    return [re.sub(r"^\.BR? ", "", head) for head in re.findall(r"^\.TP\n(.+)$", text, re.M)]


def ran(check, *arguments):
    done = subprocess.run([BUILD / "nagios" / check, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True, env=dict(os.environ, LC_ALL="C.UTF-8"))
    return done.stdout


def formatted(page, *command):
    done = subprocess.run([*command, page], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=dict(os.environ, LC_ALL="C.UTF-8", MANPAGER="cat", MANWIDTH="80"))
    assert (done.returncode, done.stderr) == (0, "")
    return re.sub(".\b", "", done.stdout)


# ---- as pages ----

@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
@pytest.mark.parametrize("command", [("man", "--warnings", "-l"), ("mandoc", "-Tutf8")], ids=lambda command: command[0])
def test_renders_without_a_warning(page, command):
    lines = formatted(page, *command).splitlines()
    assert len(lines) > 100
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_lint_finds_nothing(page):
    assert formatted(page, "mandoc", "-Tlint", "-Wall") == ""


# ---- against the programs ----

def test_generated_parts_are_up_to_date():
    done = subprocess.run([DOC / "update-manual", "--check"], stderr=subprocess.PIPE, text=True,
                          env=dict(os.environ, UCMTRUST_BUILD=str(BUILD)))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("check", CHECKS)
def test_options(check):
    page = [option for head in heads(section(DOC / f"{check}.1", "OPTIONS")) for option in re.findall(LONG, head)]
    listed = re.findall(rf"^ {{2,6}}(?:-\w, )?({LONG}(?:, {LONG})*)", ran(check, "--help"), re.M)
    assert len(page) > 15
    assert sorted(page) == sorted(option for line in listed for option in line.split(", "))
    unknown = [option for option in page if "Unknown option" in ran(check, option, "--help")]
    assert unknown == []


@pytest.mark.parametrize("check", CHECKS)
def test_everything_that_help_says_is_in_the_page(check):
    """Word by word: a parser that drops a paragraph would be noticed."""
    def words(text):
        return set(re.findall(r"[A-Za-z][\w.-]*\w", text))
    told = ran(check, "--help").split("\n", 1)[1]
    assert words(told) - words(plain((DOC / f"{check}.1").read_text())) <= {"Usage", "Examples", "Performance"}


def test_verdicts_of_older_lists():
    page = {one for head in heads(section(DOC / "check_ucm_trustlist.1", "DESCRIPTION")) for one in head.split(", ")}
    names = re.search(r'names\[\] = \{("KEEP".*?)\}', (TOP / "common" / "phone.c").read_text(), re.S)[1]
    assert page == set(re.findall(r'"([A-Z-]+)"', names))


def test_findings():
    text = "".join(path.read_text() for path in (TOP / "common").glob("finding_table*.h"))
    catalogue = re.findall(r'X\(UCM_\w+, *(?:\\\n *)?"([A-Z0-9-]+)"', text)
    page = [head.split()[0] for head in heads(section(DOC / "ucmtrust-findings.7", "FINDINGS"))]
    assert len(page) > 200
    assert sorted(page) == sorted(catalogue)
    known = ran("check_ucm_trustlist", *(f"--ignore={name}" for name in page), "-f", "/nonexistent/list")
    assert "expected the name of a finding" not in known
