# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests share: the lab's clusters and its crafted lists, made once per run, and captures that are made by hand.
# Everything else is in servers.py (who answers) and outcome.py (what a check printed).
import json
import os
from pathlib import Path
import subprocess
import sys

import pytest

HERE = Path(__file__).resolve().parent
LAB = HERE.parent / "lab" / "lab"
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "lab"))


def pytest_configure(config):
    config.addinivalue_line("markers", "scale: many clusters; takes a minute, leave out with -m 'not scale'")


def _lab(*arguments):
    subprocess.run([sys.executable, LAB, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session", autouse=True)
def lab_cache(tmp_path_factory):
    """Keys are slow to make: they are kept between runs where the caller says where."""
    if not os.environ.get("UCMTRUST_LAB_CACHE"):
        os.environ["UCMTRUST_LAB_CACHE"] = str(tmp_path_factory.mktemp("keys"))
    return os.environ["UCMTRUST_LAB_CACHE"]


@pytest.fixture(scope="session")
def lab(lab_cache, tmp_path_factory):
    """Two clusters in mixed mode that imported each other's certificates."""
    folder = tmp_path_factory.mktemp("lab")
    _lab("make", folder)
    return folder


@pytest.fixture(scope="session")
def lab_stranger(lab_cache, tmp_path_factory):
    """The same, but neither cluster knows the other's certificates."""
    folder = tmp_path_factory.mktemp("stranger")
    _lab("make", folder, "--no-import")
    return folder


@pytest.fixture(scope="session")
def manifest(lab):
    return json.loads((lab / "manifest.json").read_text())


@pytest.fixture(scope="session")
def crafted(lab_cache, tmp_path_factory):
    """A folder with one list for each anomaly."""
    folder = tmp_path_factory.mktemp("crafted")
    _lab("craft", "all", folder)
    return folder


@pytest.fixture
def capture(tmp_path):
    """A function that writes packets to a capture that tshark, which is nobody, may read; and it may write beside it."""
    from tshark import pcap
    for path in tmp_path.parents[:3]:       # with several workers, one more
        if path.name.startswith(("pytest-", "popen-")):
            path.chmod(0o755)
    tmp_path.chmod(0o777)
    return lambda packets, name="x.pcap", **options: pcap(tmp_path / name, packets, **options)
