# SPDX-License-Identifier: GPL-2.0-or-later
# The manual page as a page: it renders with both of Debian's formatters, without a warning.
import os
from pathlib import Path
import re
import subprocess

import pytest

PAGE = Path(__file__).resolve().parents[2] / "dissector" / "doc" / "ucmtrust.7"


def formatted(*command):
    done = subprocess.run([*command, PAGE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=dict(os.environ, LC_ALL="C.UTF-8", MANPAGER="cat", MANWIDTH="80"))
    assert (done.returncode, done.stderr) == (0, "")
    return re.sub(".\b", "", done.stdout).replace("\u2010", "-")


@pytest.mark.parametrize("command", [("man", "--warnings", "-l"), ("mandoc", "-Tutf8")])
def test_renders_without_a_warning(command):
    text = formatted(*command)
    assert all(name in text for name in ("ucmtrust.finding.severity", "TL-SIGNATURE-INVALID", "tvs.tls.port"))


def test_lint_finds_nothing():
    assert formatted("mandoc", "-Tlint", "-Wall") == ""
