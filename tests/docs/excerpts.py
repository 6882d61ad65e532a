# SPDX-License-Identifier: GPL-2.0-or-later
# Blocks of the documents that are no commands: what a reader writes into a file, or sees. Each is known by the
# beginning of its first line, and has a function that holds it against the real thing; it gets the runner
# (tests/docs/run) and the text, and may return what it saw. A block without one is taken for commands.
from pathlib import Path
import re

from documents import TOP


def _run(runner, command, sees, code=0):
    done = runner.shell(command)
    said = f"{command}\n{done.stdout}{done.stderr}"
    assert done.returncode == code, f"exit code {done.returncode} instead of {code}: {said}"
    assert re.search(sees, done.stdout, re.M), f"nothing like {sees!r} in the output of {said}"
    return done.stdout


def inventory(runner, text):
    """Works as it stands: it is the lab's source cluster."""
    path = runner.world.scratch / "example.ini"
    path.write_text(text + "\n")
    return _run(runner, f"check_ucm_consistency -i {path}", "^OK - 1 cluster, 2 of 2 nodes seen")


def crontab(runner, text):
    command = re.sub(r"^(\S+ ){5}", "", re.sub(r"\\\n *", "", text).strip().replace("  ", " "))
    _run(runner, command, "")
    metrics = Path("/var/lib/prometheus/node-exporter/tvs-brisbane.prom").read_text()
    assert re.search(r'^ucmtrust_check_state\{.*service="tvs-brisbane".*\} 0$', metrics, re.M), metrics
    return metrics


def alerts(runner, text):
    """Expressions for Prometheus: each metric in them is written by a check."""
    path = runner.world.scratch / "alerts.prom"
    _run(runner, f"check_ucm_trustlist -H cucm-pub --openmetrics {path}", "^OK")
    written = path.read_text()
    names = set(re.findall(r"\bucmtrust_\w+", text))
    assert names, "no metric in it"
    for name in names:
        assert re.search(rf"^{name}\b", written, re.M), f"no check writes {name}"


def icinga(runner, text):
    """The command below it in the README reads this file."""
    Path("/etc/icinga2/conf.d/ucmtrust.conf").write_text(text + "\n")


def lab_files(runner, text):
    """What `lab make DIR` wrote, name by name."""
    lab = runner.world.scratch / "whole"
    _run(runner, f"tests/lab/lab make {lab}", "lists")
    node = lab / "source/nodes/pub/tftp"
    found = {path.name for path in lab.rglob("*")}
    for pattern in re.findall(r"\b([\w-]+(?:<MAC>)?\.(?:tlv|json|ini|cnf\.xml\.sgn|pem))\b", text):
        expression = re.compile(re.escape(pattern).replace("<MAC>", "[0-9A-F]{12}"))
        assert any(expression.fullmatch(name) for name in found), f"no {pattern} in {lab}"
    for name in re.findall(r"^DIR/(\w+)/ ", text, re.M) + ["source/certs", "destination/stores/sub2/Phone-SAST-trust"]:
        assert (lab / name).is_dir(), f"no folder {name}"
    assert (node / "ITLFile.tlv").exists()


EXCERPTS = {
    "[cluster brisbane]": inventory,
    "*/15 * * * *  check_ucm_tvs": crontab,
    "ucmtrust_check_state == 2": alerts,
    'include "/etc/ucmtrust/icinga2.conf"': icinga,
    "DIR/manifest.json": lab_files,
}
