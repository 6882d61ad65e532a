# SPDX-License-Identifier: GPL-2.0-or-later
# check_ucm_trustlist against real servers (atftpd, nginx), misbehaving ones, and every kind of file.
# Expectations come from the lab's manifest, which knows what was written. Must not read lists itself
# except to find where to damage them.
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import time

import pytest

from outcome import raw, run
from servers import (BadTftp, LOOPBACK, Misbehaving, atftpd, build, close_at_once, drip, endless_header, endless_http,
                     free_port, full_backlog, nginx, public_folder, reset, sends, silent, tftp_endless, tftp_error,
                     tftp_nonsense, tftp_silent, tftp_stall, tls_server, wait_until)

CHECK = "check_ucm_trustlist"
DAY = 86400
LISTS = ("ITLFile.tlv", "CTLFile.tlv")


def check(*arguments, **options):
    return run(CHECK, *arguments, **options)


def tftp_files(lab, cluster="destination", node="pub"):
    return {path.name: path.read_bytes() for path in (lab / cluster / "nodes" / node / "tftp").iterdir()}


@pytest.fixture(scope="module")
def served(lab):
    """A TFTP node as it should be: both lists by HTTP and by TFTP."""
    with public_folder(tftp_files(lab)) as folder, nginx(folder) as http, atftpd(folder) as tftp:
        yield ["-H", LOOPBACK, "-p", http, "--tftp-port", tftp]


@pytest.fixture(scope="module")
def closed():
    return free_port()


def first_expiry(entry):
    return min((one for one in entry["records"] if one["has_certificate"]), key=lambda one: one["not_after"])


def listed(manifest, path):
    return next(one for one in manifest["lists"] if one["path"] == path)


# ---- the four states, each by a real cause ----

def test_ok_names_days_date_and_certificate(served, manifest):
    now = int(time.time())
    out = check(*served, "--now", now)
    soonest = first_expiry(listed(manifest, "destination/nodes/pub/tftp/ITLFile.tlv"))
    days = (soonest["not_after"] - now) // DAY
    date = time.strftime("%Y-%m-%d", time.gmtime(soonest["not_after"]))
    assert out.state == "OK"
    assert out.summary.startswith(f"2 lists valid, first expiry in {days} days on {date}: CN=")
    assert re.search(r"\(127\.0\.0\.1/[IC]TL record \d+, [A-Z+]+\)$", out.summary)
    for kind in ("ITL", "CTL"):
        perf = out.perf[f"{LOOPBACK}/{kind}_min_days"]
        assert (perf.value, perf.unit, perf.warn, perf.crit) == (days, "", "60:", "14:")
        size = out.perf[f"{LOOPBACK}/{kind}_size"]
        assert size.unit == "B" and size.value > 1000 and size.max == "2097152"
    assert out.perf["findings"].value == 0
    assert out.long == ""


def test_warning_and_critical_by_expiry(crafted):
    path = crafted / "expiring.tlv"
    out = check("-f", path)
    assert out.state == "WARNING" and out.findings == ["TL-CERT-EXPIRING"]
    assert re.search(r"first expiry in (29|30) days on 20\d\d-\d\d-\d\d: CN=cucm-craft\.example", out.summary)
    assert out.perf["findings"].value == 1
    assert check("-f", path, "-w", "20:", "-c", "10").state == "OK"
    out = check("-f", path, "-w", "90", "-c", "45:")
    assert out.state == "CRITICAL"
    assert (out.perf[f"{path}_min_days"].warn, out.perf[f"{path}_min_days"].crit) == ("90:", "45:")
    assert check("-f", crafted / "expiring-soon.tlv").state == "CRITICAL"


def test_critical_when_expired_says_when(crafted):
    out = check("-f", crafted / "expired.tlv")
    assert out.state == "CRITICAL" and "TL-CERT-EXPIRED" in out.findings
    assert re.search(r"first expiry 1[01] days ago on 20\d\d-", out.summary)
    assert out.perf[f"{crafted / 'expired.tlv'}_min_days"].value in (-10, -11)


def test_boundary_of_days_is_exact(lab, manifest):
    """A range of 60: alerts below 60 whole days, to the second."""
    path = "destination/nodes/pub/tftp/ITLFile.tlv"
    end = first_expiry(listed(manifest, path))["not_after"]
    for seconds, state in ((60 * DAY, "OK"), (60 * DAY - 1, "WARNING"), (14 * DAY, "WARNING"),
                           (14 * DAY - 1, "CRITICAL"), (-1, "CRITICAL")):
        assert check("-f", lab / path, "--now", end - seconds).state == state, seconds


def test_unknown_for_reasons_of_our_own(lab, tmp_path):
    missing = check("-f", tmp_path / "none")
    assert missing.state == "UNKNOWN" and missing.findings == ["TL-UNREADABLE-HERE"]
    assert missing.perf[f"{tmp_path / 'none'}_min_days"].value is None
    assert check("-f", tmp_path).state == "UNKNOWN"
    os.mkfifo(tmp_path / "fifo")
    out = check("-f", tmp_path / "fifo", limit=5)
    assert out.state == "UNKNOWN" and "not a regular file" in out.summary
    assert check("-f", "/dev/zero", limit=5).state == "UNKNOWN"
    out = check("-H", "no-such-host.invalid")
    assert out.state == "UNKNOWN" and "stage: resolve" in out.summary


def test_states_merge(crafted, tmp_path):
    """OK < WARNING < UNKNOWN < CRITICAL, and the worst is named."""
    files = {"OK": crafted / "clean.tlv", "WARNING": crafted / "expiring.tlv", "UNKNOWN": tmp_path / "none",
             "CRITICAL": crafted / "expired.tlv"}
    order = list(files)
    for low in range(4):
        for high in range(low, 4):
            for pair in ((low, high), (high, low)):
                out = check(*[word for state in pair for word in ("-f", files[order[state]])])
                assert out.state == order[high]
                assert high == 0 or out.summary.startswith(f"{files[order[high]]}: ")


def test_unknown_digest_is_unknown(crafted):
    out = check("-f", crafted / "unknown-digest.tlv")
    assert out.state == "UNKNOWN" and out.findings == ["TL-DIGEST-UNKNOWN"]


CRAFTED = {
    "invalid-signature": ("CRITICAL", "TL-SIGNATURE-INVALID"), "changed-record": ("CRITICAL", "TL-SIGNATURE-INVALID"),
    "trailing-unsigned": ("CRITICAL", "TL-SIGNATURE-INVALID"), "signer-absent": ("CRITICAL", "TL-SIGNER-ABSENT"),
    "no-sast": ("CRITICAL", "TL-SIGNER-ABSENT"), "signer-no-sast": ("CRITICAL", "TL-SIGNER-NOT-SAST"),
    "broken-certificate": ("CRITICAL", "TL-CERT-UNREADABLE"), "not-yet-valid": ("CRITICAL", "TL-CERT-NOT-YET-VALID"),
    "record-too-long": ("CRITICAL", None), "record-too-short": ("CRITICAL", None), "truncated": ("CRITICAL", None),
    "future-timestamp": ("WARNING", "TL-TIMESTAMP-FUTURE"), "unknown-header-tag": ("WARNING", "TL-TAG-UNKNOWN"),
    "unknown-record-tag": ("WARNING", "TL-TAG-UNKNOWN"), "newer-minor": ("WARNING", "TL-VERSION-NEWER"),
    "modulus-code": ("WARNING", "TL-MODULUS-CODE"), "trailing-bytes": ("WARNING", "TL-TRAILING-BYTES"),
    "clean": ("OK", None), "clean-ctl": ("OK", None), "record-leading-zero": ("OK", None), "ec-record": ("OK", None),
    "no-certificates": ("OK", None), "sha1": ("OK", None), "hostile-text": ("OK", None),
}


@pytest.mark.parametrize("name", CRAFTED)
def test_each_anomaly(crafted, name):
    state, finding = CRAFTED[name]
    out = check("-v", "-f", crafted / f"{name}.tlv")
    assert out.state == state, out.text
    assert finding is None or finding in out.findings
    rule = f"{'error' if state == 'CRITICAL' else 'warning'} {finding} "
    if finding:
        assert rule in out.long and "  means: " in out.long and "  do: " in out.long


def test_ctl_in_the_place_of_the_itl(lab, tmp_path):
    files = tftp_files(lab)
    with public_folder({"ITLFile.tlv": files["CTLFile.tlv"], "CTLFile.tlv": files["CTLFile.tlv"]}) as folder, \
            nginx(folder) as http:
        out = check("-H", LOOPBACK, "-p", http)
    assert out.state == "WARNING" and out.findings == ["TL-FILENAME"]
    assert check("-f", lab / "destination/nodes/pub/tftp/CTLFile.tlv", "--itl").findings == ["TL-FILENAME"]


# ---- long output, JSON ----

def test_long_output(served):
    out = check("-v", *served)
    assert re.search(r"^127\.0\.0\.1/ITL from http://127\.0\.0\.1:\d+/ITLFile\.tlv: ITL version 1\.2, \d+ bytes, "
                     r"\d+ records, written 20\d\d-.*, SHA-1 [0-9a-f]{40}$", out.long, re.M)
    assert re.search(r"^  signature valid \(SHA-512\) by CN=ITLRECOVERY_.*, record \d+$", out.long, re.M)
    assert re.search(r"^  \d+ TVS: CN=\S+;.*, RSA 2048, \d+ days left, until 20\d\d-\d\d-\d\d$", out.long, re.M)


def test_long_output_is_cut_at_a_line(crafted):
    out = check("-v", *[word for name in ("forty-records", "over-64k") for word in ("-f", crafted / f"{name}.tlv")])
    assert re.search(r"\n\N{HORIZONTAL ELLIPSIS} \d+ more lines\n$", out.text)


@pytest.mark.parametrize("cluster, node", [("source", "sub"), ("destination", "pub"), ("destination", "sub2")])
def test_json_agrees_with_the_manifest(lab, manifest, cluster, node):
    paths = [f"{cluster}/nodes/{node}/tftp/{name}" for name in LISTS]
    out = check("--output", "json", *[word for path in paths for word in ("-f", lab / path)])
    assert out.state == "OK" and out.json["check"] == CHECK and out.json["tvs"] == []
    for path, found in zip(paths, out.json["sources"]):
        entry = listed(manifest, path)
        assert list(found) == ["source", "kind", "filename", "sha1", "size", "signature", "records"]
        assert found["source"] == str(lab / path)
        assert {key: found[key] for key in ("kind", "filename", "sha1", "size")} == \
            {key: entry[key] for key in ("kind", "filename", "sha1", "size")}
        assert found["signature"] == {"status": "valid", "digest": entry["digest"], "signer": entry["signer"]["name"],
                                      "record": entry["signature_record"]}
        assert len(found["records"]) == len(entry["records"])
        for record, written in zip(found["records"], entry["records"]):
            assert list(record) == ["index", "role", "subject", "issuer", "serial", "sha1", "sha256", "key",
                                    "not_before", "not_after", "days_left"]
            for key in ("index", "role", "subject", "issuer", "serial", "sha1", "sha256", "key", "not_before",
                        "not_after"):
                assert record[key] == written[key], (key, record, written)
            assert record["days_left"] == (written["not_after"] - out.json["now"]) // DAY
        soonest = min(record["days_left"] for record in found["records"])
        assert out.json["perfdata"][f"{lab / path}_min_days"] == soonest
        assert out.json["perfdata"][f"{lab / path}_size"] == entry["size"]


def test_json_and_text_say_the_same(crafted):
    path = crafted / "invalid-signature.tlv"
    text, found = check("-f", path), check("-f", path, "--output", "json")
    assert (text.state, text.code) == (found.state, found.code) == ("CRITICAL", 2)
    assert ";" in found.json["summary"]         # of a name; a status line has none, see output_text.c
    assert text.summary == found.json["summary"].replace(";", ",")
    assert found.json["findings"][0]["id"] == "TL-SIGNATURE-INVALID"
    assert found.json["findings"][0]["severity"] == "error" and found.json["findings"][0]["where"] == str(path)
    assert set(found.json["perfdata"]) == set(text.perf)


def test_exit_ok(crafted):
    out = run(CHECK, "--exit-ok", "--output", "json", "-f", crafted / "expired.tlv", exit_ok=True)
    assert out.state == "CRITICAL"


def test_blank_and_published_shapes(lab, manifest):
    for entry in manifest["lists"]:
        out = check("--output", "json", "-f", lab / entry["path"])
        if entry["kind"] in ("ITL", "CTL"):
            assert out.json["sources"][0]["signature"]["status"] == entry["signature"], entry["path"]
            assert len(out.json["sources"][0]["records"]) == len(entry["records"])


# ---- hostile content ----

def test_hostile_names_are_escaped(lab_cache, tmp_path):
    from trustlab import crafted as rows
    bench = rows.Bench(lab_cache, int(time.time()))
    made = bench.itl()
    evil = "CN=evil|x=1;;;\x1b[31m\nCRITICAL\x7f"
    made.records[3].subject = evil
    dated = bench.make("craft-evil", "e|vil\x1b[1m\nx", not_after=bench.now + 5 * DAY)
    made.records.append(bench.record(dated, 21))
    made.records[-1].subject = evil
    (tmp_path / "evil.tlv").write_bytes(made.encode())
    for output in ((), ("--output", "json")):
        out = check("-v", "-f", tmp_path / "evil.tlv", *output)
        assert out.state == "CRITICAL"
        assert "\x1b" not in out.text
    assert out.json["sources"][0]["records"][3]["subject"] == evil


def test_hostile_file_names(crafted, tmp_path):
    for name in ("a|b=c", "it's", "a::b", "n\nl", "\x1b[31m", b"\xff\xfe".decode("utf-8", "surrogateescape"), "a b"):
        path = tmp_path / name
        shutil.copy(crafted / "clean.tlv", path)
        assert check("-f", path).state == "OK"
        assert check("-f", path, "--output", "json").state == "OK"


def test_same_file_twice_has_two_labels(crafted):
    out = check("-f", crafted / "clean.tlv", "-f", crafted / "clean.tlv")
    assert out.state == "OK" and len(out.perf) == 5


def _small_list(cache):
    from trustlab import crafted as rows
    bench = rows.Bench(cache, int(time.time()))
    signer = bench.make("small-signer", "small.example", key="1024")
    made = bench.ctl(signer=signer)
    made.records = [bench.record(signer, 0), bench.record(bench.make("small-server", "small.example", key="1024"), 2)]
    return made.encode()


def _none_is_ok(files):
    """Every one of them is refused, and none of them disturbs the check."""
    out = check("--output", "json", "-t", "60", *[word for path in files for word in ("-f", path)], limit=90)
    blamed = {finding["where"] for finding in out.json["findings"] if finding["severity"] in ("error", "unknown")}
    assert out.state == "CRITICAL"
    assert [str(path) for path in files if str(path) not in blamed] == []


def test_truncated_at_every_byte(lab_cache, tmp_path):
    data = _small_list(lab_cache)
    files = []
    for size in range(len(data)):
        path = tmp_path / f"{size}.tlv"
        path.write_bytes(data[:size])
        files.append(path)
    whole = tmp_path / "whole.tlv"
    whole.write_bytes(data)
    assert check("-f", whole).state == "OK"
    for at in range(0, len(files), 400):
        _none_is_ok(files[at:at + 400])


def _length_fields(data):
    """Offsets of all 16-bit lengths, those inside containers too; tag 13 of the header is a bare byte."""
    header_end = struct.unpack_from(">H", data, data.index(b"\x02\x00\x02") + 3)[0]
    at, found = 0, []
    while at < header_end:
        if data[at] == 13:
            at += 1
            continue
        found.append(at + 1)
        at += 3 if data[at] in (3, 7, 9) else 3 + struct.unpack_from(">H", data, at + 1)[0]
    while at < len(data):
        found.append(at + 1)
        at += 3 + struct.unpack_from(">H", data, at + 1)[0]
    return found


def test_every_length_field_at_its_limits(lab_cache, tmp_path):
    data = _small_list(lab_cache)
    fields = _length_fields(data)
    files = []
    assert len(fields) > 30
    for at in fields:
        for value in (0, 1, 0x7fff, 0xffff):
            if struct.unpack_from(">H", data, at)[0] == value:
                continue
            path = tmp_path / f"{at}-{value}.tlv"
            path.write_bytes(data[:at] + struct.pack(">H", value) + data[at + 2:])
            files.append(path)
    for start in range(0, len(files), 400):
        _none_is_ok(files[start:start + 400])


def test_nonsense_files(tmp_path):
    for name, data in (("empty", b""), ("zero", bytes(5000)), ("text", b"hello\n" * 100), ("ff", b"\xff" * 3000)):
        (tmp_path / name).write_bytes(data)
        out = check("-f", tmp_path / name)
        assert out.state == "CRITICAL" and out.findings, out.text


def test_file_over_the_limit(tmp_path, crafted):
    with open(tmp_path / "big", "wb") as big:
        big.write((crafted / "clean.tlv").read_bytes())
        big.truncate(3 * 1024 ** 3)
    out = check("-f", tmp_path / "big", limit=5)
    assert out.state == "CRITICAL" and out.findings == ["TL-TOO-LARGE"]


def test_stdin(crafted):
    assert check("-f", "-", stdin=(crafted / "clean.tlv").read_bytes()).state == "OK"
    assert check("-f", "-").state == "CRITICAL"     # empty
    out = check("-f", "-", stdin=bytes(5 * 1024 * 1024))
    assert out.findings == ["TL-TOO-LARGE"]


def test_stdin_that_never_comes():
    read, write = os.pipe()
    try:
        begin = time.monotonic()
        process = subprocess.run([build() / "nagios" / CHECK, "-f", "-", "-t", "0.5"], stdin=read,
                                 capture_output=True, timeout=10)
        assert process.returncode == 3 and time.monotonic() - begin < 3
        assert b"TL-UNREADABLE-HERE" in process.stdout      # the orderly end, not the last resort
    finally:
        os.close(read)
        os.close(write)


# ---- signed files ----

def test_signed_file(lab):
    folder = lab / "source/nodes/pub/tftp"
    signed = next(folder.glob("*.sgn"))
    alone = check("-f", signed)
    assert alone.state == "UNKNOWN" and alone.findings == ["TL-SIGNED-ELSEWHERE"]
    assert check("-f", signed, "-f", folder / "ITLFile.tlv").state == "OK"
    stranger = check("-f", signed, "-f", lab / "destination/nodes/pub/tftp/ITLFile.tlv")
    assert stranger.state == "UNKNOWN"


# ---- transports ----

def test_http_404_falls_back_to_tftp(lab, closed):
    with public_folder(tftp_files(lab)) as folder, public_folder() as empty, nginx(empty) as http, \
            atftpd(folder) as tftp:
        out = check("-v", "-H", LOOPBACK, "-p", http, "--tftp-port", tftp)
        assert out.state == "OK" and f"from tftp://127.0.0.1:{tftp}/CTLFile.tlv" in out.long
        out = check("-H", LOOPBACK, "-p", closed, "--tftp-port", tftp)
        assert out.state == "OK"


def test_http_503_falls_back_to_tftp(lab):
    with public_folder(tftp_files(lab)) as folder, atftpd(folder) as tftp, \
            nginx(folder, locations="location / { return 503; }") as http:
        assert check("-H", LOOPBACK, "-p", http, "--tftp-port", tftp).state == "OK"


@pytest.mark.parametrize("ways", ["both", "http", "tftp"])
def test_missing_ctl(lab, closed, ways):
    """Normal, unless the cluster is said to be in mixed mode."""
    files = tftp_files(lab)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(public_folder({"ITLFile.tlv": files["ITLFile.tlv"]}))
        http = stack.enter_context(nginx(folder)) if ways != "tftp" else closed
        tftp = stack.enter_context(atftpd(folder)) if ways != "http" else free_port(socket.SOCK_DGRAM)
        where = ["-H", LOOPBACK, "-p", http, "--tftp-port", tftp]
        out = check("-v", *where)
        assert out.state == "OK" and "no CTL" in out.summary and "note TL-CTL-ABSENT" in out.long
        assert out.perf["findings"].value == 0 and out.perf[f"{LOOPBACK}/CTL_size"].value is None
        assert out.seconds < 6
        out = check("--mixed-mode", *where)
        assert out.state == "CRITICAL" and out.findings == ["TL-MISSING"]
        assert check("--itl", "--mixed-mode", *where).state == "OK"


def test_missing_itl(lab):
    files = tftp_files(lab)
    with public_folder({"CTLFile.tlv": files["CTLFile.tlv"]}) as folder, nginx(folder) as http, atftpd(folder) as tftp:
        out = check("-H", LOOPBACK, "-p", http, "--tftp-port", tftp)
        assert out.state == "CRITICAL" and out.findings == ["TL-MISSING"]
        assert "HTTP status 404" in out.summary and "TFTP error 1" in out.summary
        assert out.perf[f"{LOOPBACK}/CTL_min_days"].value > 100


def test_nobody_listens(closed):
    out = check("-t", "3", "-H", LOOPBACK, "-p", closed, "--tftp-port", free_port(socket.SOCK_DGRAM))
    assert out.state == "CRITICAL" and out.findings == ["TL-FETCH-FAILED"]
    assert "HTTP: Connection refused, stage: connect" in out.summary and out.seconds < 4
    out = check("-u", f"http://{LOOPBACK}:{closed}/ITLFile.tlv", "--unreachable", "WARNING")
    assert out.state == "WARNING" and out.findings == ["TL-FETCH-FAILED"]


def test_urls(lab, served):
    http, tftp = served[3], served[5]
    for url in (f"http://{LOOPBACK}:{http}/ITLFile.tlv", f"tftp://{LOOPBACK}:{tftp}/CTLFile.tlv"):
        out = check("-u", url)
        assert out.state == "OK" and f"{url}_min_days" in out.perf
    out = check("-u", f"tftp://{LOOPBACK}:{tftp}/nothing.tlv")
    assert out.state == "CRITICAL" and out.findings == ["TL-MISSING"]


def test_https_with_a_certificate_that_nobody_signed(lab):
    certs = lab / "source/certs"
    with public_folder(tftp_files(lab)) as folder, \
            nginx(folder, tls=(certs / "tomcat-pub.pem", certs / "tomcat-pub.key")) as port:
        assert check("-u", f"https://{LOOPBACK}:{port}/ITLFile.tlv").state == "OK"
        out = check("-u", f"http://{LOOPBACK}:{port}/ITLFile.tlv")
        assert out.state == "CRITICAL" and "HTTP status 400" in out.summary


def test_https_that_is_reset_is_the_fault_of_the_server(lab):
    """Its number in the texts of OpenSSL, 104, begins as that of EPERM, an error of this machine."""
    certs = lab / "source/certs"
    with tls_server(certs / "tomcat-pub.pem", certs / "tomcat-pub.key", reset) as port:
        out = check("-u", f"https://{LOOPBACK}:{port}/ITLFile.tlv")
    assert out.state == "CRITICAL" and out.findings == ["TL-FETCH-FAILED"] and "reset" in out.summary, out.text


@pytest.mark.parametrize("behave, why", [
    (close_at_once, "the connection was closed or reset"), (reset, "the connection was closed or reset"),
    (sends(b"HTTP/1.0 400 Bad Request\r\n\r\n"), "wrong version number"),
    (sends(bytes.fromhex("15030100020228")), "alert handshake failure"),  # OpenSSL names a version before it
], ids=["closed", "reset", "plain", "alert"])
def test_a_tls_handshake_that_fails_says_why_and_where(behave, why):
    with Misbehaving(behave) as server:
        out = check("-t", "3", "-u", f"https://{LOOPBACK}:{server.port}/ITLFile.tlv")
    assert out.state == "CRITICAL" and out.findings == ["TL-FETCH-FAILED"], out.text
    assert re.search(rf"\(the TLS handshake failed: ([\w/]+ )?{why}, stage: handshake\)", out.summary), out.text


def test_redirects(lab, served):
    target = f"http://{LOOPBACK}:{served[3]}/ITLFile.tlv"
    places = (f"location = /good {{ return 302 {target}; }} location = /file {{ return 302 file:///etc/passwd; }} "
              f"location = /tftp {{ return 302 tftp://{LOOPBACK}/x; }} location = /loop {{ return 302 /loop; }} "
              "location = /denied { return 403; }")
    with public_folder() as folder, nginx(folder, locations=places) as port:
        base = f"http://{LOOPBACK}:{port}"
        assert check("-u", f"{base}/good").state == "OK"
        for path, why in (("file", "not allowed"), ("tftp", "not allowed"), ("loop", "too often"), ("denied", "403")):
            out = check("-u", f"{base}/{path}")
            assert out.state == "CRITICAL" and why in out.summary, out.text


@pytest.mark.parametrize("behave, finding, text", [
    (reset, "TL-FETCH-FAILED", "reset"), (close_at_once, "TL-FETCH-FAILED", "without an answer"),
    (sends(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nshort"), "TL-FETCH-FAILED", "in the middle"),
    (sends(b"SSH-2.0-OpenSSH\r\n"), "TL-FETCH-FAILED", "not HTTP"), (sends(b"\0" * 100), "TL-FETCH-FAILED", "not HTTP"),
    (sends(b"HTTP/1.1 200 OK\r\n\r\nthis is no list"), "TL-NOT-A-LIST", ""),
    (endless_header, "TL-FETCH-FAILED", "header does not end"), (silent, "TL-FETCH-SILENT", "stage: answer"),
    (drip, "TL-FETCH-SILENT", "bytes came"),
], ids=["reset", "closed", "short", "ssh", "zeros", "text", "endless-header", "silent", "drip"])
def test_bad_http_servers(behave, finding, text):
    with Misbehaving(behave) as server:
        out = check("-t", "1.5", "-u", f"http://{LOOPBACK}:{server.port}/ITLFile.tlv")
    assert out.state == "CRITICAL" and out.findings == [finding] and text in out.summary, out.text
    assert out.seconds < 3
    assert out.perf["findings"].value == 1


@pytest.mark.parametrize("behave, finding, text", [
    (tftp_error(2), "TL-FETCH-FAILED", "access violation"), (tftp_error(4), "TL-FETCH-FAILED", "illegal"),
    (tftp_error(1), "TL-MISSING", "not found"), (tftp_silent, "TL-FETCH-SILENT", "no answer in time"),
    (tftp_stall, "TL-FETCH-SILENT", "512 bytes came"), (tftp_nonsense, None, ""),
], ids=["access", "illegal", "missing", "silent", "stall", "nonsense"])
def test_bad_tftp_servers(behave, finding, text):
    with BadTftp(behave) as server:
        out = check("-t", "1.5", "-u", f"tftp://{LOOPBACK}:{server.port}/ITLFile.tlv")
    assert out.state == "CRITICAL" and text in out.summary, out.text
    assert finding is None or out.findings == [finding]
    assert out.seconds < 3


def test_endless_http_ends_at_the_limit():
    with Misbehaving(endless_http) as server:
        out = check("-u", f"http://{LOOPBACK}:{server.port}/ITLFile.tlv")
    assert out.state == "CRITICAL" and out.findings == ["TL-TOO-LARGE"] and out.seconds < 3


def test_endless_tftp_ends_at_the_limit():
    with BadTftp(tftp_endless) as server:
        out = check("-u", f"tftp://{LOOPBACK}:{server.port}/ITLFile.tlv")
    assert out.state == "CRITICAL" and out.findings == ["TL-TOO-LARGE"] and out.seconds < 8


def test_dropped_packets_name_the_stage():
    with full_backlog() as port:
        out = check("-t", "1", "-u", f"http://{LOOPBACK}:{port}/ITLFile.tlv")
    assert out.state == "CRITICAL" and out.findings == ["TL-FETCH-SILENT"] and "stage: connect" in out.summary
    with full_backlog() as port:
        assert check("-t", "1", "--timeout-state", "unknown", "-u", f"http://{LOOPBACK}:{port}/x").state == "UNKNOWN"


def test_one_hanging_node_among_good_ones(lab):
    good, bad = ("127.0.0.1", "127.0.0.3"), "127.0.0.2"
    http = free_port(addresses=(*good, bad))
    tftp = free_port(socket.SOCK_DGRAM, addresses=(*good, bad))
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(public_folder(tftp_files(lab)))
        for address in good:
            stack.enter_context(nginx(folder, address, http))
        stack.enter_context(Misbehaving(silent, bad, http))
        stack.enter_context(BadTftp(tftp_silent, bad, tftp))
        out = check("-v", "-t", "3", "-p", http, "--tftp-port", tftp,
                    *[word for address in (*good, bad) for word in ("-H", address)])
    assert out.state == "CRITICAL" and out.seconds < 4
    assert set(re.findall(r"^error (\S+) (\S+):", out.long, re.M)) == {
        ("TL-FETCH-SILENT", f"{bad}/ITL"), ("TL-FETCH-SILENT", f"{bad}/CTL")}
    for address in good:
        assert out.perf[f"{address}/ITL_min_days"].value > 100
    assert out.perf[f"{bad}/ITL_min_days"].value is None


def test_http_hangs_and_tftp_helps(lab):
    with public_folder(tftp_files(lab)) as folder, Misbehaving(silent) as http, atftpd(folder) as tftp:
        out = check("-t", "4", "-H", LOOPBACK, "-p", http.port, "--tftp-port", tftp)
    assert out.state == "OK" and out.seconds < 4


SILENT_RESOLVER = """
ip link set lo up && mount --bind "$1" /etc/resolv.conf || exit 77
shift
/usr/bin/python3 -c '
import socket, time
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one.bind(("127.0.0.1", 53))
time.sleep(20)' > /dev/null &
server=$!
sleep 0.5
"$@"
code=$?
kill $server
exit $code
"""


def test_silent_resolver():
    """In a network of its own, where the only name server says nothing."""
    if subprocess.run(["unshare", "-rmn", "true"], capture_output=True).returncode != 0:
        pytest.skip("no namespaces here")
    with public_folder({"resolv.conf": b"nameserver 127.0.0.1\n"}) as folder:
        inside = ["unshare", "-rmn", "sh", "-c", SILENT_RESOLVER, "sh", folder / "resolv.conf"]
        for program, more in ((CHECK, ()), ("check_ucm_tvs", ("--insecure", "--certificate", _a_certificate(folder)))):
            out = run(program, "-t", "1", "-H", "cucm.example", *more, before=inside)
            assert out.state == "UNKNOWN" and "stage: resolve" in out.summary, out.text
            assert out.seconds < 4


def _a_certificate(folder):
    from trustlab.certs import Maker
    path = folder / "some.der"
    path.write_bytes(Maker(os.environ["UCMTRUST_LAB_CACHE"], int(time.time())).make("some", "CN=some").der)
    return path


# ---- options ----

def test_ignore(crafted):
    path = crafted / "expired.tlv"
    out = check("-f", path, "--ignore", "tl-cert-expired")
    assert out.state == "OK" and "ignored: TL-CERT-EXPIRED" in out.line
    assert check("-f", crafted / "invalid-signature.tlv", "--ignore", "TL-CERT-EXPIRED").state == "CRITICAL"


@pytest.mark.parametrize("arguments, expected", [
    ((), "at least one"), (("-H",), "-H"), (("-H", ""), "host name"), (("-H", "a/b"), "host name"),
    (("-H", "a b"), "host name"), (("-u", "ftp://x/y"), "http://"), (("-u", "x"), "http://"), (("-f", ""), "file"),
    (("-f", "x", "-w", "abc"), "60:"), (("-f", "x", "-w", "-5"), "60:"), (("-f", "x", "-c", "10:20"), "60:"),
    (("-f", "x", "-p", "0"), "port"), (("-f", "x", "--tftp-port", "99999"), "port"), (("-f", "x", "-t", "0"), "seconds"),
    (("-f", "x", "-t", "nan"), "seconds"), (("-f", "x", "--output", "xml"), "text or json"),
    (("-f", "x", "--ignore", "NOPE"), "name of a finding"), (("-f", "x", "--unreachable", "BAD"), "OK, WARNING"),
    (("-f", "x", "--timeout-state", "9"), "OK, WARNING"), (("-f", "x", "stray"), "options only"),
    (("--no-such-option",), "no-such-option"), (("-f", "x", "--now", "soon"), "Unix seconds"),
    (("-f", "x", "a|b\n"), "options only"),
])
def test_usage(arguments, expected):
    out = check(*arguments)
    assert out.state == "UNKNOWN" and out.usage and expected in out.summary, out.text


@pytest.mark.parametrize("program", [CHECK, "check_ucm_tvs"])
def test_help_and_version(program):
    for flag in ("-h", "--help"):
        process = raw(program, flag)
        text = process.stdout.decode()
        assert process.returncode == 3 and process.stderr == b""
        assert max(map(len, text.splitlines())) <= 80
        for word in ("--timeout-state", "--ignore", "--extra-opts", "Examples:", "--output"):
            assert word in text
    process = raw(program, "-V")
    assert process.returncode == 3 and re.fullmatch(rf"{program} v\d+\.\d+\.\d+ \(ucmtrust\)\n", process.stdout.decode())


def test_extra_opts(crafted, tmp_path):
    ini = tmp_path / "plugins.ini"
    ini.write_text(f"# comment\n[{CHECK}]\nfile = {crafted / 'expiring.tlv'}\nfile={crafted / 'clean.tlv'}\nverbose\n"
                   f"[strict]\nf={crafted / 'expiring.tlv'}\nc = 45:\nwarning=90:\n")
    out = check(f"--extra-opts=@{ini}")
    assert out.state == "WARNING" and out.long and len(out.perf) == 5
    assert check(f"--extra-opts=strict@{ini}").state == "CRITICAL"
    assert check("--extra-opts", f"strict@{ini}").state == "CRITICAL"
    assert check(f"--extra-opts=strict@{ini}", "-c", "5:", "-w", "6:").state == "OK"     # the command line counts
    assert check("--extra-opts", "-w", "5:", "-c", "1:", environment={"MP_CONFIG_FILE": str(ini)}).state == "OK"
    for bad in (f"--extra-opts=nothing@{ini}", "--extra-opts=@/no/such/file"):
        out = check(bad)
        assert out.state == "UNKNOWN" and out.usage and "--extra-opts" in out.summary


@pytest.mark.parametrize("number", [signal.SIGALRM, signal.SIGABRT, signal.SIGTRAP])
@pytest.mark.parametrize("output", ["text", "json"])
def test_last_resort(number, output):
    """What is left when a library hangs or gives up: a whole line that is no result."""
    with Misbehaving(silent) as server:
        process = subprocess.Popen([build() / "nagios" / CHECK, "-u", f"http://{LOOPBACK}:{server.port}/x", "--output", output],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        wait_until(lambda: server.connections, "the check")
        process.send_signal(number)
        text, errors = process.communicate(timeout=5)
    assert process.returncode == 3 and errors == b"" and text.endswith(b"\n")
    if output == "json":
        assert json.loads(text)["state"] == "UNKNOWN"
    else:
        assert re.match(rb"UNKNOWN - .+ \| findings=U\n$", text)
        assert number != signal.SIGALRM or b"stage: fetch" in text


def test_installed(crafted, tmp_path):
    """An installation that was moved still finds its module."""
    subprocess.run(["cmake", "--install", build(), "--component", "checks", "--prefix", tmp_path / "first"], check=True,
                   capture_output=True)
    (tmp_path / "first").rename(tmp_path / "second")
    (program,) = (tmp_path / "second").rglob(f"plugins/{CHECK}")        # its completion for bash has the same name
    with public_folder({"ITLFile.tlv": (crafted / "clean.tlv").read_bytes()}) as folder, nginx(folder) as port:
        process = subprocess.run([program, "-u", f"http://{LOOPBACK}:{port}/ITLFile.tlv"], capture_output=True, timeout=20)
    assert process.returncode == 0 and process.stdout.startswith(b"OK - 1 list valid"), process.stdout
    linked = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    assert "libcurl" not in linked and "libcrypto" in linked


def test_attached_values(crafted):
    path = crafted / "expiring.tlv"
    assert check(f"-f{path}", "-w90:", "-c45").state == "CRITICAL"
    out = check("-t5", "-vf", path)
    assert out.state == "WARNING" and out.long


def test_no_file_descriptors_to_speak_of(crafted):
    """A caller that closed its standard files gets no list written into a socket, and no crash."""
    script = f"exec 0<&- 2>&-; exec {build()}/nagios/{CHECK} -f {crafted / 'clean.tlv'}"
    process = subprocess.run(["sh", "-c", script], capture_output=True, timeout=10)
    assert process.returncode == 0 and process.stdout.startswith(b"OK - ")


def test_output_that_cannot_be_written_is_not_ok(crafted):
    with open("/dev/full", "wb") as full:
        process = subprocess.run([build() / "nagios" / CHECK, "-f", crafted / "clean.tlv"],
                                 stdout=full, stderr=subprocess.PIPE, timeout=10)
    assert process.returncode == 3


def test_many_lists_at_once(lab, manifest):
    lists = [lab / one["path"] for one in manifest["lists"] if "/nodes/" in one["path"]] * 5
    out = check("--output", "json", *[word for path in lists for word in ("-f", path)], limit=60)
    assert len(out.json["sources"]) == len(lists)
    assert json.dumps(out.json)

