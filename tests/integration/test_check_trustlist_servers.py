# SPDX-License-Identifier: GPL-2.0-or-later
# How check_ucm_trustlist fetches lists: HTTP, HTTPS and TFTP of real servers, and of such as refuse, hang, drip,
# send nonsense or never end. Which finding it must be, and whose fault.
import contextlib
import os
import re
import socket
import subprocess
import time

import pytest

from outcome import run
from servers import (BadTftp, LOOPBACK, Misbehaving, atftpd, close_at_once, drip, endless_header, endless_http,
                     free_port, full_backlog, nginx, public_folder, reset, sends, silent, tftp_endless, tftp_error,
                     tftp_nonsense, tftp_silent, tftp_stall, tls_server)
from test_check_trustlist import CHECK, check, closed, served, tftp_files  # noqa: F401 (fixtures)


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
