# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests share: the lab's clusters and its crafted lists, made once per run, and captures that are made by hand.
# Everything else is in servers.py (who answers) and outcome.py (what a check printed).
import json
import os
from pathlib import Path
import re
import subprocess
import sys

import pytest

HERE = Path(__file__).resolve().parent
LAB = HERE.parent / "lab" / "lab"
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "lab"))


# Tests that take long, and what looks at the same when they are left out, in less time or in fewer cases: tests/run
# does so with -m 'not long', unless CI=true. Expressions for what follows tests/integration/.
LONG = {
    r"test_hostile_peers\.py::test_(peer|waiting|the_others)": "each check's own tests of servers that do harm",
    r"test_links\.py::test_reading_ends\[(?!fifo)": "the case fifo",
    r"test_situations\.py::test_capture_and_checks_agree\[(?!migration-secure|migration-fails-no-signer)":
        "two situations, and test_findings.py",
    r"test_phones_agree\.py::.*\[(?!migration-secure)": "one migration, and test_phones.py",
    r"test_phone_agrees\.py::test_(states|every_step_occurs)": "the scenarios, and the unit tests of phone.c",
    r"test_phone_agrees\.py::test_scenario\[(?!migration-secure|migration-fails-no-signer)": "two scenarios",
    r"test_nagios\.py::test_one_cause_is_one_alarm": "the states and the configuration in that file",
    r"test_icinga\.py::test_one_cause_is_one_alarm": "the states and the configuration in that file",
    r"test_icinga_zones\.py::test_(a_satellite_that_is_gone|checks_run_at)": "that zones are valid, in that file",
    r"test_scale\.py::test_(servers|text|too_little_time)": "the same clusters from files, in that file",
    r"test_foreign\.py::test_dissected_as_without_the_plugin\[(?!-V-False)": "one form, and test_dissector.py",
    r"test_hostile_names\.py::test_tshark\[\w+-(?!-V)": "one form of output",
    r"test_mutations\.py::test_captures\[(?!migration-fails)": "one capture, and the fuzzers' regressions",
    r"test_mutations\.py::test_what_was_inside_tls\[(?!tvs-tls13)": "one capture, and the fuzzers' regressions",
    r"test_sharkd\.py::test_memory_is_flat": "tests/bench/run dissector, by hand",
}


def pytest_configure(config):
    config.addinivalue_line("markers", "scale: many clusters; takes a minute, leave out with -m 'not scale'")
    config.addinivalue_line("markers", "long: of the table LONG; leave out with -m 'not long'")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Marks what is in LONG; a row that matches nothing is a mistake."""
    whole_files = not any("::" in one for one in config.args)
    collected = {Path(item.path).name for item in items}
    for expression in LONG:
        found = [item for item in items if re.search(rf"\b{expression}", item.nodeid)]
        for item in found:
            item.add_marker(pytest.mark.long)
        if whole_files and not found and expression.partition("::")[0].replace("\\", "") in collected:
            raise pytest.UsageError(f"LONG in conftest.py: no test is like {expression}")


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
