# SPDX-License-Identifier: GPL-2.0-or-later
# Runs a check and reads what it printed as strictly as the Monitoring Plugins guidelines are written.
# Every run asserts what must hold for all of them. Must not import anything of the product.
import json
import os
import re
import subprocess
import tempfile
import time

from servers import build

STATES = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}
NUMBER = r"-?\d+(?:\.\d+)?"
RANGE = rf"@?(?:(?:{NUMBER}|~)?:)?(?:{NUMBER})?"
ITEM = re.compile(
    rf"(?:'(?P<quoted>(?:[^'=]|'')+)'|(?P<bare>[^\s'=]+))="
    rf"(?P<value>U|{NUMBER})(?P<unit>s|us|ms|%|B|KB|MB|TB|c)?"
    rf"(?:;(?P<warn>{RANGE})(?:;(?P<crit>{RANGE})(?:;(?P<min>{NUMBER})?(?:;(?P<max>{NUMBER})?)?)?)?)?(?: |$)")
OUTPUT_MAX = 8192


class Perf:
    def __init__(self, match):
        self.value = None if match["value"] == "U" else float(match["value"])
        self.unit = match["unit"] or ""
        self.warn, self.crit = match["warn"] or "", match["crit"] or ""
        self.min, self.max = match["min"], match["max"]


def parse_perf(text):
    """{label: Perf}; fails on anything the guidelines do not allow."""
    found, at = {}, 0
    while at < len(text):
        match = ITEM.match(text, at)
        assert match, f"not performance data: {text[at:]!r}"
        label = (match["quoted"] or match["bare"]).replace("''", "'")
        assert "::" not in label and "|" not in label and "=" not in label and "'" not in label, label
        assert label not in found, f"twice: {label}"
        assert match["value"] != "U" or not match["unit"]
        found[label] = Perf(match)
        at = match.end()
    return found


class Outcome:
    def __init__(self, process, seconds, is_json):
        self.code, self.seconds = process.returncode, seconds
        assert process.stderr == b"", process.stderr.decode(errors="replace")
        assert self.code in STATES.values(), f"exit {self.code}"
        self.text = process.stdout.decode("utf-8")     # strictly: invalid UTF-8 fails
        assert self.text.endswith("\n")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\x80-\x9f]", self.text), "control characters"
        if is_json:
            self._read_json()
        else:
            self._read_text()

    def _read_json(self):
        assert "|" not in self.text and self.text.count("\n") == 1
        self.json = json.loads(self.text)
        keys = ["check", "state", "summary", "now", "sources", "tvs", "findings", "perfdata"]
        if "continuity" in self.json:
            keys.insert(6, "continuity")
        if self.json["check"] == "check_ucm_consistency":
            keys[6:6] = ["clusters", "moves"]
        if self.json["check"] == "check_ucm_truststore":
            keys.insert(6, "stores")
        if "requests" in self.json:
            keys.insert(6, "requests")
        assert list(self.json) == keys
        self.state = self.json["state"]
        self.findings = [finding["id"] for finding in self.json["findings"]]
        self.worse_than_notes = {(finding["where"], finding["id"]) for finding in self.json["findings"]
                                 if finding["severity"] != "note"}

    def _read_text(self):
        lines = self.text.split("\n")
        self.line, self.long = lines[0], "\n".join(lines[1:])
        match = re.match(r"(OK|WARNING|CRITICAL|UNKNOWN) - (.+?)(?: \|(.*))?$", self.line)
        assert match, self.line
        self.state, self.summary = match[1], match[2]
        assert STATES[self.state] == self.code, f"{self.state} but exit {self.code}"
        self.usage = self.summary.startswith("usage: ")
        assert "|" not in self.summary and "|" not in self.long
        if not self.usage:
            assert match[3] is not None, "no performance data"
            self.perf = parse_perf(match[3].strip())
            assert "findings" in self.perf
            self.findings = re.findall(r"\[([A-Z0-9]+(?:-[A-Z0-9]+)+)\]", self.summary)
        if len(self.line) < 4000:
            assert len(self.text) <= OUTPUT_MAX


def run(check, *arguments, limit=30, stdin=None, environment=None, exit_ok=False, before=()):
    """Run a check; the process must end within limit seconds."""
    begin = time.monotonic()
    process = subprocess.run([*map(str, before), build() / "nagios" / check, *map(str, arguments)], input=stdin,
                             stdin=subprocess.DEVNULL if stdin is None else None, capture_output=True, timeout=limit,
                             env={**os.environ, **(environment or {})})
    is_json = "json" in arguments
    if exit_ok:
        assert process.returncode == 0
        assert is_json
    return Outcome(process, time.monotonic() - begin, is_json)


# A process inherits the peak of whoever started it until it is another program, and pytest grows large: so the check is
# started by something small.
PEAK = ("import os, sys; child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ); "
        "_, status, usage = os.wait4(child, 0); open(sys.argv[1], 'w').write(str(usage.ru_maxrss)); "
        "sys.exit(os.waitstatus_to_exitcode(status))")


def run_measured(check, *arguments, limit=120, environment=None):
    """(the process when it has ended, its peak memory in bytes). It is killed after `limit` seconds."""
    with tempfile.NamedTemporaryFile() as peak:
        process = subprocess.run(["/usr/bin/python3", "-ISc", PEAK, peak.name, "/usr/bin/timeout", "-s", "KILL",
                                  str(limit), build() / "nagios" / check, *map(str, arguments)],
                                 stdin=subprocess.DEVNULL, capture_output=True, check=False,
                                 env={**os.environ, **(environment or {})})
        return process, int(peak.read()) << 10


def raw(check, *arguments):
    return subprocess.run([build() / "nagios" / check, *map(str, arguments)], capture_output=True, timeout=30)
