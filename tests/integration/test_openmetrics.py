# SPDX-License-Identifier: GPL-2.0-or-later
# --openmetrics of all four checks: valid in both formats, by a parser of ours, by Prometheus' own library and by the real
# node_exporter; the same facts as JSON; whole or not at all, whatever is at that name and whatever happens meanwhile.
import contextlib
import os
from pathlib import Path
import re
import signal
import subprocess
import threading
import time
import urllib.request

from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_prometheus
import pytest

from outcome import STATES, Outcome, run
from promtext import Metrics
from servers import LOOPBACK, Misbehaving, build, free_port, silent, stop, tvs_server, wait_until
from trustlab import tracetext, tvswire
from trustlab.crafted import Bench
from trustlab.store_situations import TABLE

CHECKS = ("check_ucm_consistency", "check_ucm_trustlist", "check_ucm_truststore", "check_ucm_tvs")
DAY = 86400


@pytest.fixture(scope="module")
def stores(lab_cache, tmp_path_factory):
    """A folder of stores with something to complain about."""
    folder = tmp_path_factory.mktemp("stores")
    TABLE["tvs-expiring-soon"].scene(lab_cache, int(time.time())).write(folder)
    return [str(word) for word in TABLE["tvs-expiring-soon"].words(folder)]


@pytest.fixture(scope="module")
def tvs(lab):
    with tvs_server(lab) as port:
        yield port


@pytest.fixture(scope="module")
def console(lab, tmp_path_factory):
    path = tmp_path_factory.mktemp("trace") / "trace.txt"
    subprocess.run([str(Path(__file__).parents[1] / "lab" / "lab"), "trace", lab], check=True, stdout=path.open("w"))
    return path


@pytest.fixture(scope="module")
def runs(lab, lab_stranger, crafted, stores, tvs, console):
    """{name: (check, arguments, state)}: every check in several states."""
    itl = lab / "source/nodes/pub/tftp/ITLFile.tlv"
    other = lab_stranger / "destination/nodes/pub/tftp/ITLFile.tlv"
    node = ("-H", LOOPBACK, "-p", tvs)
    emcc = lab / "offline-emcc.ini"
    emcc.write_text(re.sub(r"^(\[cluster .*\])$", r"\1\nemcc = yes", (lab / "offline.ini").read_text(), flags=re.M))
    return {
        "lists": ("check_ucm_trustlist", ["-f", itl, "-f", lab / "source/nodes/pub/tftp/CTLFile.tlv",
                                          "--ignore", "TL-DIGEST-SHA1"], "OK"),
        "lists-soon": ("check_ucm_trustlist", ["-f", crafted / "expiring.tlv"], "WARNING"),
        "lists-bad": ("check_ucm_trustlist", ["-f", crafted / "expired.tlv", "-f", crafted / "invalid-signature.tlv"],
                      "CRITICAL"),
        "lists-none": ("check_ucm_trustlist", ["-f", lab / "none"], "UNKNOWN"),
        "tvs": ("check_ucm_tvs", [*node, "--trustlist", itl], "OK"),
        "tvs-slow": ("check_ucm_tvs", [*node, "--trustlist", itl, "-w", "0:0"], "WARNING"),
        "tvs-refused": ("check_ucm_tvs", [*node, "-H", "127.0.0.2", "--trustlist", itl, "--signer-of", other], "CRITICAL"),
        "tvs-no-list": ("check_ucm_tvs", [*node, "--trustlist", lab / "none"], "UNKNOWN"),
        "trace": ("check_ucm_tvs", ["--trace", console], None),
        "moves": ("check_ucm_consistency", ["-i", lab / "offline.ini", "--all-pairs"], "UNKNOWN"),
        "emcc": ("check_ucm_consistency", ["-i", emcc, "--all-pairs"], None),
        "clusters": ("check_ucm_consistency", ["-i", lab / "offline.ini"], None),
        "stores": ("check_ucm_truststore", stores, None),
        "stores-two": ("check_ucm_truststore", ["--dir", lab / "source/stores", "--expect-from",
                                                f"dir:{lab / 'destination/stores'}"], None),
        "stores-none": ("check_ucm_truststore", ["--dir", lab / "none"], "UNKNOWN"),
        "plan": ("check_ucm_truststore", ["--plan", "-i", lab / "offline.ini", "--cluster", "source"], None),
    }


def go(runs, name, path, *more, **options):
    check, arguments, _ = runs[name]
    return run(check, *arguments, "--openmetrics", path, *more, **options)


NAMES = ("lists", "lists-soon", "lists-bad", "lists-none", "tvs", "tvs-slow", "tvs-refused", "tvs-no-list", "trace", "moves",
         "emcc", "clusters", "stores", "stores-two", "stores-none", "plan")


def state_of(data):
    return int(Metrics(data).get("ucmtrust_check_state"))


# ---- the same facts ----

def same_run(metrics, out):
    json = out.json
    assert {(dict(labels)["check"], dict(labels)["service"]) for _, labels in metrics.series} == {(json["check"], "one")}
    assert metrics.get("ucmtrust_check_state") == STATES[json["state"]]
    assert metrics.get("ucmtrust_check_timestamp_seconds") == json["now"]
    assert 0 < metrics.get("ucmtrust_check_duration_seconds") < 60


def same_findings(metrics, json):
    count, places = {}, {}
    for finding in json["findings"]:
        count[finding["severity"]] = count.get(finding["severity"], 0) + 1
        key = finding["id"], finding["severity"]
        places[key] = places.get(key, 0) + 1
    for severity in ("note", "warning", "unknown", "error"):
        assert metrics.get("ucmtrust_findings", severity=severity) == count.pop(severity, 0)
    assert not count
    assert {(labels["id"], labels["severity"]): value for labels, value in metrics.all("ucmtrust_finding_places")} == places
    more = metrics.get("ucmtrust_findings_unlisted")
    assert json["perfdata"]["findings"] == more + sum(
        value for (_, severity), value in places.items() if severity != "note")
    ignored = set(re.findall(r"ignored: ([A-Z0-9-]+)", json["summary"]))
    assert {labels["id"] for labels, _ in metrics.all("ucmtrust_findings_ignored")} == ignored


def same_lists(metrics, json):
    expiry = {(labels["source"], labels["record"]): (labels, value) for labels, value
              in metrics.all("ucmtrust_certificate_expiry_timestamp_seconds") if "record" in labels}
    for source in json["sources"]:
        name = source["source"]
        looked = source["size"] is not None
        assert metrics.get("ucmtrust_source_looked_at", source=name) == looked
        assert metrics.get("ucmtrust_source_size_bytes", source=name) == source["size"]
        valid = source["signature"]["status"] == "valid" if looked else None
        assert metrics.get("ucmtrust_source_signature_valid", source=name) == valid
        dates = []
        for record in source["records"]:
            if record["not_after"] is None:
                continue
            labels, value = expiry.pop((name, str(record["index"])))
            assert value == record["not_after"]
            assert (labels["role"], labels["subject"], labels["serial"]) == \
                (record["role"], record["subject"], record["serial"])
            dates.append(value)
        assert metrics.get("ucmtrust_source_first_expiry_timestamp_seconds", source=name) == min(dates, default=None)
    assert not expiry


def same_nodes(metrics, json):
    for node in json["tvs"]:
        name = node["node"]
        assert metrics.get("ucmtrust_tvs_answered", node=name) == (node["ms"] is not None)
        seconds = metrics.get("ucmtrust_tvs_answer_seconds", node=name)
        assert seconds is None if node["ms"] is None else abs(seconds - node["ms"] / 1000) < 2e-6
        assert metrics.get("ucmtrust_tvs_status", node=name) == node["status"]
    assert len(metrics.all("ucmtrust_tvs_answered")) == len(json["tvs"])


READY = {"yes": 0, "partly": 1, "no": 2, "unsure": 3}


def same_clusters(metrics, json):
    clusters, moves = json.get("clusters", []), json.get("moves", [])
    seen = {(labels["cluster"], labels["node"]): value for labels, value in metrics.all("ucmtrust_node_seen")}
    assert seen == {(one["name"], node["name"]): node["looked"] for one in clusters for node in one["nodes"]}
    state = {(labels["from"], labels["to"]): value for labels, value in metrics.all("ucmtrust_move_state")}
    assert state == {(move["from"], move["to"]): READY[move["ready"]] for move in moves}
    users = {(labels["from"], labels["to"]): value for labels, value in metrics.all("ucmtrust_emcc_state")}
    assert users == {(move["from"], move["to"]): READY[move["emcc"]["ready"]] for move in moves if move["emcc"]}


def same_stores(metrics, json):
    expected = {}
    for stores in json.get("stores", []):
        assert metrics.get("ucmtrust_store_certificates", cluster=stores["cluster"]) == len(stores["certificates"])
        for one in stores["certificates"]:
            if one["not_after"] is not None:
                key = stores["cluster"], one["store"] or "", one["subject"] or "", one["serial"] or ""
                expected[key] = min(expected.get(key, one["not_after"]), one["not_after"])
    found = {(labels["cluster"], labels["store"], labels["subject"], labels["serial"]): value for labels, value
             in metrics.all("ucmtrust_certificate_expiry_timestamp_seconds") if "store" in labels}
    assert found == expected
    assert metrics.get("ucmtrust_certificates_left_out") == 0


# What each number of performance data is in the metrics; the label of the series is what stands before the ending.
NUMBERS = {"nodes": "ucmtrust_nodes", "unseen": "ucmtrust_nodes_unseen", "moves": "ucmtrust_moves",
           "ready": "ucmtrust_moves_ready", "requests": "ucmtrust_trace_requests",
           "not_found": "ucmtrust_trace_requests_not_found", "due": "ucmtrust_plan_due", "steps": "ucmtrust_plan_steps"}


def same_numbers(metrics, json):
    stores = {one["cluster"] for one in json.get("stores", [])}
    for label, value in json["perfdata"].items():
        name, _, ending = label.rpartition("_")
        if label == "findings":
            continue
        if label in NUMBERS:
            assert metrics.get(NUMBERS[label]) == value
        elif label.endswith("_min_days"):
            name = label.removesuffix("_min_days")
            first = metrics.get("ucmtrust_store_first_expiry_timestamp_seconds", cluster=name) if name in stores else \
                metrics.get("ucmtrust_source_first_expiry_timestamp_seconds", source=name)
            assert value is None if first is None else value == (first - json["now"]) // DAY
        elif ending == "size":
            assert metrics.get("ucmtrust_source_size_bytes", source=name) == value
        elif ending == "time":
            assert metrics.get("ucmtrust_tvs_answer_seconds", node=name) == value
        elif ending == "certificates":
            assert metrics.get("ucmtrust_store_certificates", cluster=name) == value
        else:
            pytest.fail(f"no metric for {label}")


@pytest.mark.parametrize("name", NAMES)
def test_same_as_json(runs, name, tmp_path):
    path = tmp_path / "one.prom"
    if name == "plan":      # its JSON has an object more than outcome.py knows
        out = go(runs, name, path)
        json = None
    else:
        out = go(runs, name, path, "--output", "json")
        json = out.json
    assert runs[name][2] in (None, out.state), out.text
    data = path.read_bytes()
    metrics = Metrics(data)
    text = data.decode()
    ours = {(found, labels): value for (found, labels), value in metrics.series.items()}
    for read in (read_prometheus, read_openmetrics):
        theirs = {(one.name, frozenset(one.labels.items())): one.value for family in read(text) for one in family.samples}
        assert theirs == ours
    if json is None:
        for label in ("due", "steps"):
            assert metrics.get(NUMBERS[label]) == out.perf[label].value
        return
    same_run(metrics, out)
    same_findings(metrics, json)
    same_lists(metrics, json)
    same_nodes(metrics, json)
    same_clusters(metrics, json)
    same_stores(metrics, json)
    same_numbers(metrics, json)


def test_every_state_of_every_check_is_there(runs):
    assert {check for check, _, _ in runs.values()} == set(CHECKS) and set(runs) == set(NAMES)
    assert {state for _, _, state in runs.values()} >= set(STATES)


def test_continuity(lab, tmp_path):
    from servers import nginx, public_folder
    files = {path.name: path.read_bytes() for path in (lab / "source/nodes/pub/tftp").iterdir()}
    with public_folder(files) as folder, nginx(folder) as port:
        for _ in range(2):
            out = run("check_ucm_trustlist", "-H", LOOPBACK, "-p", port, "--tftp-port", 1, "--state", tmp_path / "state",
                      "--openmetrics", tmp_path / "one.prom", "--output", "json")
    metrics = Metrics((tmp_path / "one.prom").read_bytes())
    assert out.json["continuity"]
    for entry in out.json["continuity"]:
        assert metrics.get("ucmtrust_continuity_lists", source=entry["source"], verdict=entry["verdict"]) == 1


# ---- what the README promises ----

README = Path(__file__).parents[2] / "README.md"


def readme_rows(header):
    """The cells of the table with this first cell."""
    lines = README.read_text().split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith(f"| {header} |"))
    rows = []
    for line in lines[at + 2:]:
        if not line.startswith("|"):
            return rows
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def row_of(label, check, rows):
    """The one row that this label belongs to."""
    found = [row for row in rows if row[3] in ("all", check) and
             re.fullmatch(re.sub(r"[A-Z]+", ".+", row[0].strip("`")), label)]
    assert len(found) == 1, label
    return found[0]


def test_performance_data_is_as_documented(runs, tmp_path):
    rows = readme_rows("performance data")
    seen = set()
    for name, (check, arguments, _) in runs.items():
        out = run(check, *arguments, "--openmetrics", tmp_path / "one.prom")
        kind = check.removeprefix("check_ucm_") + (f" --{name}" if name in ("trace", "plan") else "")
        for label, perf in out.perf.items():
            row = row_of(label, kind, rows)
            seen.add(row[0])
            assert perf.unit == row[1] or perf.value is None
            assert (perf.warn != "" and perf.crit != "") <= (row[2] != "")
            if row[2] and "time" not in row[0]:
                assert perf.warn == "60:" and perf.crit == "14:"
            if not row[2] or perf.unit == "s":
                assert perf.min == "0"
    assert seen == {row[0] for row in rows}


def test_metrics_are_as_documented(runs, tmp_path):
    documented = {}
    for row in readme_rows("performance data"):
        for name in re.findall(r"`(ucmtrust_\w+)`", row[4]):
            documented[name] = None
    names = []
    for row in readme_rows("metric"):
        names = re.findall(r"`(ucmtrust_\w+)`", row[0]) or names       # an empty cell: the one above
        kinds = [{label.strip() for label in kind.split(",") if label.strip()} for kind in row[1].split(";")]
        for number, name in enumerate(names):
            documented.setdefault(name, []).append(kinds[min(number, len(kinds) - 1)])
    found = {}
    for name in runs:
        go(runs, name, tmp_path / "one.prom")
        metrics = Metrics((tmp_path / "one.prom").read_bytes())
        for metric in metrics.names:
            found.setdefault(metric, []).extend(set(labels) for labels, _ in metrics.all(metric))
    assert set(documented) - set(found) == {"ucmtrust_continuity_lists"}, "which has a test of its own"
    for metric, kinds in found.items():
        assert metric in documented, metric
        for labels in kinds:
            assert documented[metric] is None or labels in documented[metric], (metric, labels)


# ---- who reads it ----

@contextlib.contextmanager
def node_exporter(folder):
    """What it serves of the files in this folder, as a function."""
    port = free_port()
    process = subprocess.Popen(
        ["/usr/bin/prometheus-node-exporter", "--collector.disable-defaults", "--collector.textfile",
         f"--collector.textfile.directory={folder}", f"--web.listen-address={LOOPBACK}:{port}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def scrape():
        with opener.open(f"http://{LOOPBACK}:{port}/metrics", timeout=20) as answer:
            return answer.read().decode()

    def answers():
        with contextlib.suppress(OSError):
            return bool(scrape())
        return False
    try:
        wait_until(answers, "node_exporter", 30)
        yield scrape
    finally:
        stop(process)


def test_node_exporter(runs, tmp_path):
    """Files of all checks, several of some, in one folder; and a name with everything that must be escaped."""
    for name in NAMES:
        go(runs, name, tmp_path / f"{name}.prom")
    go(runs, "lists", tmp_path / "hostile\"\\name é.prom")
    go(runs, "tvs", tmp_path / "left-out.txt")
    with node_exporter(tmp_path) as scrape:
        served = {(one.name, frozenset(one.labels.items())): one.value
                  for family in read_prometheus(scrape()) for one in family.samples}
    assert served[("node_textfile_scrape_error", frozenset())] == 0
    files = sorted(tmp_path.glob("*.prom"))
    assert len(files) == len(NAMES) + 1
    wanted = {}
    for path in files:
        wanted |= Metrics(path.read_bytes()).series
    assert not [key for key, value in wanted.items() if abs(served[_padded(key, served)] - value) > 1e-6]
    assert len([key for key in served if key[0].startswith("ucmtrust_")]) == len(wanted)


def _padded(key, served):
    """node_exporter gives all series of one metric the same labels, empty where there is none."""
    if key in served:
        return key
    name, labels = key
    return next(found for found in served if found[0] == name and {one for one in found[1] if one[1]} ==
                {one for one in labels if one[1]})


# ---- strangers' words ----

def test_hostile_names(lab_cache, tmp_path):
    """In a list, in a file's name, on the command line: printable, escaped, and never a series of their own."""
    bench = Bench(lab_cache, int(time.time()))
    made = bench.itl()
    evil = b'CN="\\} 1\nucmtrust_evil{x="\xff|\xe2\x80\xae'
    made.records[3].subject = "E" * len(evil)
    path = tmp_path / "a\"b\\c\nd|e.tlv"
    path.write_bytes(made.encode().replace(b"E" * len(evil), evil))
    name = b"a\"} 2\nb\\\xff|"
    run("check_ucm_trustlist", "-f", path, "--openmetrics", tmp_path / "one.prom")
    metrics = Metrics((tmp_path / "one.prom").read_bytes())
    assert "ucmtrust_evil" not in metrics.names
    labels = [labels for labels, _ in metrics.all("ucmtrust_certificate_expiry_timestamp_seconds") if labels["record"] == "4"]
    assert [one["subject"] for one in labels] == ['CN="\\} 1\\x0Aucmtrust_evil{x="\\xFF\\x7C\\xE2\\x80\\xAE']
    assert labels[0]["source"] == f"{tmp_path}/a\"b\\c\\x0Ad\\x7Ce.tlv"
    process = subprocess.run([build() / "nagios/check_ucm_truststore", "--dir", lab_cache, "--name", name, "--openmetrics",
                              tmp_path / "two.prom"], capture_output=True, timeout=30)
    metrics = Metrics((tmp_path / "two.prom").read_bytes())
    assert process.returncode == metrics.get("ucmtrust_check_state")
    assert metrics.get("ucmtrust_store_certificates", cluster='a"} 2\\x0Ab\\\\xFF\\x7C') is not None


# ---- whole or not at all ----

def left_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_reader_never_sees_half(crafted, tmp_path):
    """Big files, again and again, and somebody who reads all the time."""
    path = tmp_path / "one.prom"
    arguments = [word for _ in range(40) for word in ("-f", crafted / "clean.tlv")]
    run("check_ucm_trustlist", *arguments, "--openmetrics", path)
    done, seen, wrong = threading.Event(), set(), []

    def read():
        while not done.is_set():
            data = path.read_bytes()
            if not data.endswith(b"\n# EOF\n") or data.count(b"ucmtrust_source_looked_at{") != 40:
                wrong.append(data)
            seen.add(path.stat().st_ino)
    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(25):
            run("check_ucm_trustlist", *arguments, "--openmetrics", path)
    finally:
        done.set()
        reader.join()
    assert not wrong and len(seen) > 1
    assert left_in(tmp_path) == ["one.prom"]


@pytest.mark.parametrize("mask", ["000", "022", "777"])
def test_everybody_may_read_it(runs, mask, tmp_path):
    out = go(runs, "lists", tmp_path / "one.prom", before=["sh", "-c", f'umask {mask}; exec "$@"', "sh"])
    assert out.state == "OK" and (tmp_path / "one.prom").stat().st_mode & 0o7777 == 0o644


def test_a_link_is_replaced(runs, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    path = tmp_path / "one.prom"
    for target in (victim, tmp_path / "nowhere"):
        path.unlink(missing_ok=True)
        path.symlink_to(target)
        assert go(runs, "lists", path).state == "OK"
        assert not path.is_symlink() and state_of(path.read_bytes()) == 0
    assert victim.read_text() == "mine" and left_in(tmp_path) == ["one.prom", "victim"]


def not_written(out, state, path=None):
    assert out.state == state and "the metrics could not be written: " in out.summary, out.text
    assert path is None or str(path) in out.summary


def test_what_cannot_be_written_is_said(runs, lab, tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "none/one.prom", fifo, tmp_path / "folder", "/dev/null", tmp_path / ("n" * 255)):
        not_written(go(runs, "lists", path), "UNKNOWN", path)
        assert "the metrics could not be written" in go(runs, "lists", path, "--output", "json").json["summary"]
    not_written(go(runs, "lists-bad", fifo), "CRITICAL")
    not_written(go(runs, "lists-soon", fifo), "UNKNOWN")
    for name in ("tvs", "moves", "stores"):
        not_written(go(runs, name, fifo), "CRITICAL" if go(runs, name, tmp_path / "x").state == "CRITICAL" else "UNKNOWN")
    assert fifo.is_fifo() and Path("/dev/null").is_char_device()
    assert left_in(tmp_path) == ["fifo", "folder", "x"] and left_in(tmp_path / "folder") == []


def in_small_folder(runs, tmp_path, options, before=""):
    """The run on a file system of its own; (outcome, what is left there, as text)."""
    check, arguments, _ = runs["lists"]
    script = (f'mount -t tmpfs -o size=64k,mode=755 none "$0" || exit 99; echo old >"$0/one.prom"; {before} '
              f'mount -o remount,{options} "$0" || exit 99; "$@" --openmetrics "$0/one.prom"; code=$?; '
              'ls "$0" >&2; cat "$0/one.prom" >&2; exit $code')
    begin = time.monotonic()
    process = subprocess.run(["unshare", "-Urm", "sh", "-c", script, tmp_path, build() / "nagios" / check,
                              *map(str, arguments)], capture_output=True, timeout=30)
    assert process.returncode != 99, process.stderr
    left, process.stderr = process.stderr.decode(), b""
    return Outcome(process, time.monotonic() - begin, False), left


def test_a_full_disk(runs, tmp_path):
    out, left = in_small_folder(runs, tmp_path, "rw", 'dd if=/dev/zero of="$0/rest" bs=4k count=15 2>/dev/null;')
    not_written(out, "UNKNOWN")
    assert "No space left" in out.summary and left == "one.prom\nrest\nold\n"


def test_a_file_system_that_is_read_only(runs, tmp_path):
    out, left = in_small_folder(runs, tmp_path, "ro")
    not_written(out, "UNKNOWN")
    assert "Read-only" in out.summary and left == "one.prom\nold\n"


def test_a_limit_on_the_size_of_files(runs, tmp_path):
    path = tmp_path / "one.prom"
    path.write_text("old")
    out = go(runs, "lists", path, before=["prlimit", "--fsize=1000"])
    not_written(out, "UNKNOWN")
    assert path.read_text() == "old" and left_in(tmp_path) == ["one.prom"]


# ---- when there is nothing to say ----

@pytest.mark.parametrize("check", CHECKS)
def test_a_mistake_touches_nothing(check, tmp_path):
    path = tmp_path / "one.prom"
    path.write_text("old")
    for words in ([], ["--no-such-option"], ["-t", "never"], ["--extra-opts=x@/none"], ["--help"], ["--version"]):
        process = subprocess.run([build() / "nagios" / check, "--openmetrics", path, *words], capture_output=True, timeout=30)
        assert process.returncode == 3 and path.read_text() == "old"
    for bad in ("", f"{tmp_path}/"):
        out = run(check, "--openmetrics", bad)
        assert out.usage and "--openmetrics" in out.summary
    assert left_in(tmp_path) == ["one.prom"]


@pytest.mark.parametrize("number", [signal.SIGALRM, signal.SIGABRT, signal.SIGTERM])
def test_who_breaks_off_leaves_the_old_numbers(lab, number, tmp_path):
    """They say themselves how old they are."""
    path = tmp_path / "one.prom"
    path.write_text("old")
    with Misbehaving(silent) as server:
        process = subprocess.Popen([build() / "nagios/check_ucm_tvs", "-H", LOOPBACK, "-p", str(server.port), "--trustlist",
                                    lab / "source/nodes/pub/tftp/ITLFile.tlv", "--openmetrics", path],
                                   stdout=subprocess.PIPE)
        wait_until(lambda: server.connections, "the check")
        process.send_signal(number)
        process.communicate(timeout=10)
    assert path.read_text() == "old" and left_in(tmp_path) == ["one.prom"]


def test_silence_is_written_at_the_deadline(lab, tmp_path):
    path = tmp_path / "one.prom"
    with Misbehaving(silent) as server:
        out = run("check_ucm_tvs", "-H", LOOPBACK, "-p", server.port, "-t", 1, "--trustlist",
                  lab / "source/nodes/pub/tftp/ITLFile.tlv", "--openmetrics", path)
    metrics = Metrics(path.read_bytes())
    assert out.state == "CRITICAL" and metrics.get("ucmtrust_check_state") == 2
    assert metrics.get("ucmtrust_tvs_answered", node=LOOPBACK) == 0
    assert metrics.get("ucmtrust_tvs_answer_seconds", node=LOOPBACK) is None
    assert metrics.get("ucmtrust_check_duration_seconds") >= 1


def test_no_stale_numbers(runs, tmp_path):
    """Where nothing could be looked at, the state is there and the numbers of the last time are not."""
    path = tmp_path / "one.prom"
    go(runs, "tvs", path)
    assert Metrics(path.read_bytes()).all("ucmtrust_tvs_answer_seconds")
    assert go(runs, "tvs-no-list", path).state == "UNKNOWN"
    metrics = Metrics(path.read_bytes())
    assert metrics.get("ucmtrust_check_state") == 3
    assert not metrics.all("ucmtrust_tvs_answer_seconds") and not metrics.all("ucmtrust_tvs_status")
