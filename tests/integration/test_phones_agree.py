# SPDX-License-Identifier: GPL-2.0-or-later
# The table of phones on every migration of the lab, where the phone itself tells what it accepted and why. The table
# knows only what is in the capture: it may say "unknown" where the phone's own lists decided, and must never say the
# contrary.
import json
from pathlib import Path
import subprocess
import sys

import pytest

from servers import build, public_folder
from test_phone_agrees import LAB, namespaces
from test_phones import tables
from trustlab.migrate import SCENARIOS

ROWS_OF = {"CTL": "CTL", "ITL": "ITL", "configuration": "signed file"}
# Steps that show in a capture, in the words of the table.
SEEN = {"TVS": "TVS vouches", "STATUS": "TVS does not know", "ROLE": "gives it no role", "IDENTITY": "breaks off with TVS"}


def agrees(row, entry):
    verdict, details = row[2], row[3]
    if verdict == "unknown":
        return entry["step"] not in SEEN
    words = SEEN.get(entry["step"], "")
    return (verdict == "accepted") == entry["accepted"] and words in details


@pytest.mark.parametrize("name", [name for name, one in SCENARIOS.items() if "migrate" in one.actions])
def test_the_phone_of_the_lab_says_the_same(name):
    if not namespaces():
        pytest.skip("no namespaces here")
    with public_folder() as folder:
        capture_file = Path(folder) / "move.pcapng"
        done = subprocess.run([sys.executable, LAB, "migrate", name, "--dir", folder, "--server",
                               build() / "tests/lab/ucmtrust-tvs-server", "--capture", capture_file],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        capture_file.chmod(0o644)
        found = tables(capture_file)
        entries = json.loads((Path(folder) / "story/story.json").read_text())
    rows = [row for row in list(found.values())[1] if row[0] in ROWS_OF.values()]
    assert [row[0] for row in rows] == [ROWS_OF[entry["what"]] for entry in entries], found
    problems = [(row, entry["step"], entry["accepted"]) for row, entry in zip(rows, entries) if not agrees(row, entry)]
    assert not problems, problems
