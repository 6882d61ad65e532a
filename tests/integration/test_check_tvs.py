# SPDX-License-Identifier: GPL-2.0-or-later
# check_ucm_tvs against the lab's TVS server, with each of its faults, and against servers that are none.
# What must come out is the rule of the design: silent, refused or nonsense is CRITICAL with the stage named,
# and what we could not judge for a reason of our own is UNKNOWN.
import contextlib
from pathlib import Path
import re
import ssl
import subprocess
import threading
import time

import pytest

from outcome import run
from servers import (LOOPBACK, Misbehaving, build, close_at_once, free_port, full_backlog, nginx, public_folder, reset, sends,
                     silent, tls_server, tvs_server)

CHECK = "check_ucm_tvs"


def check(*arguments, **options):
    return run(CHECK, *arguments, **options)


@pytest.fixture(scope="module")
def itl(lab):
    return lab / "source/nodes/pub/tftp/ITLFile.tlv"


@pytest.fixture(scope="module")
def other_itl(lab):
    return lab / "destination/nodes/pub/tftp/ITLFile.tlv"


@pytest.fixture(scope="module")
def good(lab):
    with tvs_server(lab, "--tls-max", "1.2", "--ciphers", "AES256-SHA") as port:
        yield ["-H", LOOPBACK, "-p", port]


def ask(port, *arguments, **options):
    return check("-H", LOOPBACK, "-p", port, *arguments, **options)


# ---- the four states ----

def test_ok(good, itl):
    out = check(*good, "--trustlist", itl)
    assert out.state == "OK"
    assert re.fullmatch(r"1 TVS node vouches for CN=cucm-src-pub\.example as CCM\+TFTP\+SAST "
                        r"\(slowest 127\.0\.0\.1 \d+ ms, TLSv1\.2 AES256-SHA\)", out.summary), out.summary
    time_taken = out.perf[f"{LOOPBACK}_time"]
    assert time_taken.unit == "s" and 0 < time_taken.value < 5 and time_taken.min == "0"
    assert out.perf["findings"].value == 0 and out.long == ""


def test_ok_about_the_destination(good, itl, other_itl):
    out = check("-v", *good, "--trustlist", itl, "--signer-of", other_itl)
    assert out.state == "OK" and "CN=ITLRECOVERY_cucm-dst-pub.example as SAST+TFTP" in out.summary
    assert re.search(r"^127\.0\.0\.1: answered in \d+ ms, TLSv1\.2 AES256-SHA, server CN=cucm-src-pub\.example;.*, "
                     r"status 0 \(found and trusted\), roles SAST\+TFTP, TTL 86400 s$", out.long, re.M)


def test_critical_when_tvs_does_not_know_the_signer(lab_stranger):
    own = lab_stranger / "source/nodes/pub/tftp/ITLFile.tlv"
    other = lab_stranger / "destination/nodes/pub/tftp/ITLFile.tlv"
    with tvs_server(lab_stranger) as port:
        out = ask(port, "--trustlist", own, "--signer-of", other, "-v")
    assert out.state == "CRITICAL" and out.findings == ["TVS-STATUS"] and "status 1" in out.summary
    assert out.perf[f"{LOOPBACK}_time"].value > 0
    assert "  means: " in out.long and "  do: Import the certificate into Phone-SAST-trust" in out.long


def test_critical_when_the_role_is_missing(lab, good, itl):
    certificate = lab / "source/certs/tomcat-pub.der"
    out = check(*good, "--trustlist", itl, "--certificate", certificate)
    assert out.state == "CRITICAL" and out.findings == ["TVS-ROLE"] and "SAST is needed" in out.summary
    for role in ("application server", "7", "any"):
        assert check(*good, "--trustlist", itl, "--certificate", certificate, "--role", role).state == "OK"


def test_warning_and_critical_by_time(good, itl):
    out = check(*good, "--trustlist", itl, "-w", "0:0.000001", "-c", "9")
    assert out.state == "WARNING" and out.findings == ["TVS-SLOW"]
    assert (out.perf[f"{LOOPBACK}_time"].warn, out.perf[f"{LOOPBACK}_time"].crit) == ("0:0.000001", "9")
    assert check(*good, "--trustlist", itl, "-c", "@0:30").state == "CRITICAL"
    assert check(*good, "--trustlist", itl, "-w", "9", "-c", "10").state == "OK"


def test_unknown_for_reasons_of_our_own(good, itl, lab, crafted, tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    for arguments, why in (
            (("--trustlist", tmp_path / "none"), "No such file"), (("--trustlist", tmp_path / "empty"), "TL-"),
            (("--trustlist", crafted / "invalid-signature.tlv"), "TL-SIGNATURE-INVALID"),
            (("--trustlist", lab / "source/nodes/pub/tftp/CTLFile.tlv"), "no TVS record"),
            (("--trustlist", itl, "--signer-of", crafted / "signer-absent.tlv"), "TL-SIGNER-ABSENT"),
            (("--trustlist", itl, "--certificate", itl), "neither PEM nor DER"),
            (("--pin", "/dev/null", "--certificate", itl), "not a regular file"),
            (("--trustlist", itl, "--client-cert", itl), "client certificate"),
            (("--trustlist", itl, "--client-cert", lab / "phone/lsc.pem", "--client-key", lab / "phone/mic.key"), "key"),
            (("--trustlist", f"http://{LOOPBACK}:{free_port()}/ITLFile.tlv"), "refused")):
        out = check(*good, *arguments)
        assert out.state == "UNKNOWN" and out.findings[-1] == "TVS-UNREACHABLE-HERE", out.text
        assert why in out.summary and out.perf[f"{LOOPBACK}_time"].value is None
    out = check("-H", "no-such-host.invalid", "--trustlist", itl)
    assert out.state == "UNKNOWN" and "stage: resolve" in out.summary


# ---- who is trusted ----

def test_a_stranger_gets_nothing(lab, itl, other_itl):
    """The server's own certificate is not in the list: the handshake ends before a byte of the request."""
    certs = lab / "source/certs"
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        received = []

        def listen(one, closing):
            received.append(one.recv(100))

        with tls_server(certs / "tvs-pub.pem", certs / "tvs-pub.key", listen, version) as port:
            out = ask(port, "--trustlist", other_itl, "--signer-of", itl)
        assert out.state == "CRITICAL" and out.findings == ["TVS-IDENTITY"]
        assert "stage: identity" in out.summary and "CN=cucm-src-pub.example" in out.summary
        assert received in ([], [b""])


def test_pin_and_insecure(lab, good, itl, other_itl):
    certs = lab / "source/certs"
    about = ("--certificate", certs / "callmanager-pub.pem")
    assert check(*good, "--pin", certs / "tvs-pub.pem", *about).state == "OK"
    assert check(*good, "--pin", certs / "tvs-sub.der", "--pin", certs / "tvs-pub.der", *about).state == "OK"
    assert check(*good, "--pin", certs / "tvs-sub.pem", *about).findings == ["TVS-IDENTITY"]
    out = check("-v", *good, "--insecure", *about)
    assert out.state == "OK" and "note TVS-UNPINNED" in out.long
    assert check(*good, "--trustlist", other_itl, "--insecure", *about).state == "OK"


def test_lists_by_url(lab, good):
    folder = lab / "source/nodes/pub/tftp"
    with public_folder({path.name: path.read_bytes() for path in folder.iterdir()}) as files, nginx(files) as http:
        url = f"http://{LOOPBACK}:{http}"
        assert check(*good, "--trustlist", f"{url}/ITLFile.tlv").state == "OK"
        assert check(*good, "--trustlist", f"{url}/ITLFile.tlv", "--signer-of", f"{url}/CTLFile.tlv").state == "OK"


def test_signer_of_a_signed_file(lab, good, itl):
    signed = next((lab / "source/nodes/pub/tftp").glob("*.sgn"))
    assert check(*good, "--trustlist", itl, "--signer-of", signed, "--role", "CCM+TFTP").state == "OK"
    out = check(*good, "--pin", lab / "source/certs/tvs-pub.pem", "--signer-of", signed)
    assert out.state == "UNKNOWN"


# ---- TLS ----

def test_client_certificate(lab, itl):
    phone = lab / "phone"
    for version in ("1.2", "1.3"):
        with tvs_server(lab, "--client-cert", "required", "--client-ca", lab / "source/certs/capf.pem", "--tls-max",
                        version) as port:
            out = ask(port, "--trustlist", itl)
            assert out.state == "UNKNOWN" and out.findings == ["TVS-CLIENT-CERT"], out.text
            assert "--client-cert" in out.summary
            both = ("--client-cert", phone / "lsc.pem", "--client-key", phone / "lsc.key")
            assert ask(port, "--trustlist", itl, *both).state == "OK"
            assert ask(port, "--trustlist", itl, "--client-cert", phone / "lsc-with-key.pem").state == "OK"
            out = ask(port, "--trustlist", itl, "--client-cert", phone / "mic-with-key.pem")
            assert out.state == "UNKNOWN" and out.findings == ["TVS-CLIENT-CERT-REFUSED"], out.text
        with tvs_server(lab, "--client-cert", "optional", "--tls-max", version) as port:
            assert ask(port, "--trustlist", itl).state == "OK"


def test_close_after_certificate_request_is_unknown(lab, itl):
    """It asked, got none, and hung up without a word: that is about us, not about the service."""
    with tvs_server(lab, "--client-cert", "optional", "--fault", "close-before-answer") as port:
        out = ask(port, "--trustlist", itl)
    assert out.state == "UNKNOWN" and out.findings == ["TVS-CLIENT-CERT"], out.text


def test_old_tls(lab, itl):
    for options in (("--tls-max", "1.0"), ("--tls-max", "1.1"), ("--tls-max", "1.0", "--ciphers", "AES256-SHA")):
        with tvs_server(lab, *options) as port:
            out = ask(port, "--trustlist", itl)
            assert out.state == "UNKNOWN" and out.findings == ["TVS-TLS-VERSION"] and "--tls-legacy" in out.summary
            out = ask(port, "--trustlist", itl, "--tls-legacy", "-v")
            assert out.state == "OK" and "note TVS-TLS-LEGACY" in out.long and "TLSv1" in out.summary


def test_no_common_cipher(lab, itl):
    with tvs_server(lab, "--tls-max", "1.2", "--ciphers", "RSA-PSK-AES256-CBC-SHA") as port:
        out = ask(port, "--trustlist", itl)
    assert out.state == "UNKNOWN" and out.findings == ["TVS-TLS-VERSION"]


def test_system_policy_counts(good, itl, tmp_path):
    """AES256-SHA over TLS 1.2 is refused where the OpenSSL configuration refuses it."""
    policy = tmp_path / "openssl.cnf"
    policy.write_text("openssl_conf = main\n[main]\nssl_conf = ssl\n[ssl]\nsystem_default = policy\n"
                      "[policy]\nMinProtocol = TLSv1.3\n")
    out = check(*good, "--trustlist", itl, environment={"OPENSSL_CONF": str(policy)})
    assert out.state == "UNKNOWN" and out.findings == ["TVS-TLS-VERSION"]


# ---- faults ----

FAULTS = {
    "silent-accept": ("CRITICAL", "TVS-NO-ANSWER", "stage: handshake"),
    "silent-answer": ("CRITICAL", "TVS-NO-ANSWER", "stage: answer"),
    "drip": ("CRITICAL", "TVS-NO-ANSWER", "bytes came, stage: answer"),
    "reset-accept": ("CRITICAL", "TVS-CLOSED", "stage: handshake"),
    "reset-request": ("CRITICAL", "TVS-CLOSED", "stage: answer"),
    "close-before-answer": ("CRITICAL", "TVS-CLOSED", "closed the connection"),
    "garbage": ("CRITICAL", "TVS-NOT-TVS", ""),
    "bad-discriminator": ("CRITICAL", "TVS-NOT-TVS", "expected 87, found 88"),
    "huge": ("CRITICAL", "TVS-NO-ANSWER", "not complete in time"),
    "endless": ("WARNING", "TVS-TRAILING-BYTES", ""),
    "two-answers": ("WARNING", "TVS-TRAILING-BYTES", ""),
    "wrong-session": ("CRITICAL", "TVS-OTHER-SESSION", "expected 1001"),
    "wrong-type": ("CRITICAL", "TVS-OTHER-TYPE", ""),
    "short": ("CRITICAL", "TVS-TRUNCATED", ""),
    "other-certificate": ("CRITICAL", "TVS-ROLE", ""),
    "split": ("OK", None, ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults(lab, itl, fault):
    state, finding, text = FAULTS[fault]
    with tvs_server(lab, "--fault", fault) as port:
        out = ask(port, "-t", "1.5", "--trustlist", itl)
    assert out.state == state and text in out.summary, out.text
    assert out.findings == ([finding] if finding else [])
    assert out.seconds < 2.5
    assert out.perf["findings"].value >= (1 if finding else 0)


def test_query_of_another_certificate(lab, itl):
    with tvs_server(lab, "--fault", "other-certificate") as port:
        out = ask(port, "--query", "--trustlist", itl, "--output", "json")
    assert out.state == "CRITICAL" and "TVS-OTHER-CERTIFICATE" in out.findings


def test_states_to_choose(lab, itl):
    with tvs_server(lab, "--fault", "silent-answer") as port:
        assert ask(port, "-t", "1", "--timeout-state", "WARNING", "--trustlist", itl).state == "WARNING"
    with tvs_server(lab, "--fault", "reset-accept") as port:
        assert ask(port, "--unreachable", "unknown", "--trustlist", itl).state == "UNKNOWN"
        out = ask(port, "--ignore", "TVS-CLOSED", "--trustlist", itl)
        assert out.state == "OK" and "no TVS node answered" in out.summary and "ignored: TVS-CLOSED" in out.line


@pytest.mark.parametrize("behave, finding", [
    (silent, "TVS-NO-ANSWER"), (reset, "TVS-CLOSED"), (close_at_once, "TVS-CLOSED"),
    (sends(b"SSH-2.0-OpenSSH_9.2\r\n" * 20), "TVS-NOT-TVS"), (sends(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "TVS-NOT-TVS"),
    (sends(bytes([0x16, 3, 3, 0x40, 0]) + bytes(0x4000)), None), (sends(b"\x16\x03\x03\x00\x10", then_wait=True), "TVS-NO-ANSWER"),
], ids=["silent", "reset", "closed", "ssh", "http", "zeros", "stalled-record"])
def test_not_tls(itl, behave, finding):
    with Misbehaving(behave) as server:
        out = ask(server.port, "-t", "1", "--trustlist", itl)
    assert out.state == "CRITICAL" and "stage: handshake" in out.summary, out.text
    assert finding is None or out.findings == [finding]
    assert out.seconds < 2


def test_stages_of_connecting(itl):
    out = ask(free_port(), "--trustlist", itl)
    assert out.state == "CRITICAL" and out.findings == ["TVS-CLOSED"]
    assert "Connection refused, stage: connect" in out.summary
    with full_backlog() as port:
        out = ask(port, "-t", "1", "--trustlist", itl)
    assert out.state == "CRITICAL" and out.findings == ["TVS-NO-ANSWER"] and "stage: connect" in out.summary
    assert out.seconds < 2


def test_answer_is_bounded(lab, itl):
    """Gigabytes of TLS records after the handshake cost nobody anything."""
    certs = lab / "source/certs"

    def flood(one, closing):
        one.recv(5000)
        head = bytes([0x57, 1, 2, 0, 0, 0, 3, 0xe9, 0xff, 0xff])
        one.sendall(head + bytes(60000))
        while not closing.is_set():
            one.sendall(bytes(0x4000))

    with tls_server(certs / "tvs-pub.pem", certs / "tvs-pub.key", flood) as port:
        out = ask(port, "--trustlist", itl)
    assert out.state == "CRITICAL" and out.seconds < 3


# ---- several nodes ----

def test_one_hanging_node_among_good_ones(lab, itl, other_itl):
    good, bad = ("127.0.0.1", "127.0.0.3"), "127.0.0.2"
    port = free_port(addresses=(*good, bad))
    with contextlib.ExitStack() as stack:
        for address, node in zip(good, ("pub", "sub")):
            stack.enter_context(tvs_server(lab, address=address, port=port, node=node))
        stack.enter_context(Misbehaving(silent, bad, port))
        out = check("-v", "-t", "2", "-p", port, "--trustlist", itl, "--signer-of", other_itl,
                    *[word for address in (*good, bad) for word in ("-H", address)])
    assert out.state == "CRITICAL" and out.findings == ["TVS-NO-ANSWER"] and out.summary.startswith(f"{bad}: ")
    assert out.seconds < 3
    for address in good:
        assert 0 < out.perf[f"{address}_time"].value < 1
        assert re.search(rf"^{re.escape(address)}: answered in", out.long, re.M)
    assert out.perf[f"{bad}_time"].value is None


def test_side_by_side(itl):
    """Thirty silent nodes take one deadline, not thirty."""
    with contextlib.ExitStack() as stack:
        ports = stack.enter_context(Misbehaving(silent)).port
        out = check("-t", "1", "-p", ports, "--trustlist", itl, *["-H", LOOPBACK] * 30, "--output", "json")
    assert out.state == "CRITICAL" and len(out.json["findings"]) == 30 and out.seconds < 3


NAMED_TWICE = """
ip link set lo up && mount --bind "$1" /etc/hosts || exit 77
/usr/bin/python3 -c '
import time, servers
with servers.full_backlog("127.0.0.1", 2445):
    print("listening", flush=True)
    time.sleep(20)' > "$1.hole" &
hole=$!
until grep -qs listening "$1.hole"; do sleep 0.02; done
"$2" --listen 127.0.0.7:2445 --store "$3/stores/pub" --cert "$3/certs/tvs-pub.pem" --key "$3/certs/tvs-pub.key" \\
    > "$1.listening" &
server=$!
shift 3
until grep -qs listening "$0"; do sleep 0.02; done
"$@"
code=$?
kill $server $hole
exit $code
"""


def test_second_address_of_a_name(lab, itl):
    """A name with two addresses, of which one refuses or swallows all; whichever the resolver puts first."""
    if subprocess.run(["unshare", "-rmn", "true"], capture_output=True).returncode != 0:
        pytest.skip("no namespaces here")
    names = {"one-two": (1, 2), "two-one": (2, 1), "one-hole": (1, 9), "hole-one": (9, 1)}
    # The resolver prefers the address next to its own, 127.0.0.1: that is the one that swallows.
    addresses = {1: "127.0.0.7", 2: "127.0.0.2", 9: "127.0.0.1"}
    hosts = "".join(f"{addresses[one]} {name}\n" for name, both in names.items() for one in both).encode()
    for name in names:
        with public_folder({"hosts": hosts}) as folder:
            path = folder / "hosts"
            inside = ["unshare", "-rmn", "sh", "-c", NAMED_TWICE, f"{path}.listening", path,
                      build() / "tests/lab/ucmtrust-tvs-server", lab / "source"]
            out = check("-H", name, "-t", "2", "--trustlist", itl, before=inside,
                        environment={"PYTHONPATH": str(Path(__file__).parent), "PYTHONDONTWRITEBYTECODE": "1"})
        assert out.state == "OK", out.text


# ---- query ----

PAIRS = ("4,5", "5,6", "6,5", "4,6", "5,4", "6,4")


@pytest.mark.parametrize("tags", PAIRS)
def test_query_finds_each_numbering(lab, itl, tags):
    with tvs_server(lab, "--query-tags", tags) as port:
        out = ask(port, "--query", "--trustlist", itl)
        assert out.state == "OK", out.text
        assert ask(port, "--query-tags", tags, "--trustlist", itl).state == "OK"


def test_query_starts_with_the_tags_given(lab, itl, tmp_path):
    log = tmp_path / "log"
    with tvs_server(lab, "--query-tags", "6,4", "--log", log) as port:
        assert ask(port, "--query-tags", "6,4", "--trustlist", itl).state == "OK"
        wanted = len(log.read_text().splitlines())
        assert ask(port, "--query-tags", "4,5", "--trustlist", itl).state == "OK"
    assert len(log.read_text().splitlines()) > 2 * wanted


def test_query_tries_all_the_others(lab, itl):
    for served, given in (("4,5", "6,4"), ("6,4", "4,5"), ("6,5", "4,6"), ("5,4", "4,6")):
        with tvs_server(lab, "--query-tags", served) as port:
            assert ask(port, "--query-tags", given, "--trustlist", itl).state == "OK", (served, given)


def test_query_that_finds_nothing_is_unknown(lab, lab_stranger, itl):
    with tvs_server(lab, "--query-off") as port:
        out = ask(port, "--query", "--trustlist", itl)
    assert out.state == "UNKNOWN" and out.findings == ["TVS-QUERY-TAGS-UNSURE"], out.text
    own = lab_stranger / "source/nodes/pub/tftp/ITLFile.tlv"
    with tvs_server(lab_stranger) as port:
        out = ask(port, "--query", "--trustlist", own, "--signer-of",
                  lab_stranger / "destination/nodes/pub/tftp/ITLFile.tlv")
    assert out.state == "UNKNOWN" and out.findings == ["TVS-QUERY-TAGS-UNSURE"], out.text


# ---- output ----

def test_json(good, itl, other_itl):
    out = check(*good, "--trustlist", itl, "--signer-of", other_itl, "--output", "json")
    assert out.json["check"] == CHECK and out.json["sources"] == [] and out.json["findings"] == []
    (node,) = out.json["tvs"]
    assert list(node) == ["node", "stage", "tls", "cipher", "identity", "status", "roles", "ttl", "ms"]
    assert node["node"] == LOOPBACK and node["stage"] == "answer" and node["status"] == 0 and node["ttl"] == 86400
    assert (node["tls"], node["cipher"], node["roles"]) == ("TLSv1.2", "AES256-SHA", ["SAST", "TFTP"])
    assert node["identity"].startswith("CN=cucm-src-pub.example;")
    assert abs(out.json["perfdata"][f"{LOOPBACK}_time"] - node["ms"] / 1000) < 1e-6


def test_json_of_a_failure(itl):
    out = ask(free_port(), "--trustlist", itl, "--output", "json")
    assert out.state == "CRITICAL"
    assert out.json["tvs"] == [{"node": LOOPBACK, "stage": "connect", "tls": None, "cipher": None, "identity": None,
                                "status": None, "roles": [], "ttl": None, "ms": None}]
    assert out.json["findings"][0]["id"] == "TVS-CLOSED" and out.json["perfdata"][f"{LOOPBACK}_time"] is None


def test_hostile_server_certificate(lab, lab_cache, tmp_path):
    from trustlab.certs import Maker, key_pem
    from cryptography import x509
    from cryptography.x509.oid import NameOID
    evil = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "evil|x=1\x1b[31m\nOK - fine")])
    made = Maker(lab_cache, int(time.time())).make("hostile-server", evil)
    (tmp_path / "evil.pem").write_bytes(made.pem)
    (tmp_path / "evil.key").write_bytes(key_pem(made.private_key))
    about = ("--certificate", lab / "source/certs/callmanager-pub.pem")
    with tls_server(tmp_path / "evil.pem", tmp_path / "evil.key", silent) as port:
        for output in ((), ("--output", "json")):
            out = ask(port, "-v", "--pin", lab / "source/certs/tvs-pub.pem", *about, *output)
            assert out.state == "CRITICAL" and "TVS-IDENTITY" in out.findings
            assert "\x1b" not in out.text
        out = ask(port, "-v", "-t", "1", "--insecure", "--certificate", tmp_path / "evil.pem")
        assert out.state == "CRITICAL" and "\\x1B" in out.summary


@pytest.mark.parametrize("arguments, expected", [
    ((), "-H NODE"), (("-H", "x"), "--trustlist"), (("-H", "", "--insecure"), "empty"),
    (("-H", "x", "--insecure"), "what to ask"), (("-H", "x", "--insecure", "--pin", "y"), "either"),
    (("-H", "x", "--trustlist", "y", "--certificate", "a", "--signer-of", "b"), "either"),
    (("-H", "x", "--trustlist", "y", "-p", "70000"), "port"), (("-H", "x", "--trustlist", "y", "--role", "boss"), "SAST"),
    (("-H", "x", "--trustlist", "y", "--role", "256"), "SAST"),
    (("-H", "x", "--trustlist", "y", "--query-tags", "4,4"), "4, 5 and 6"),
    (("-H", "x", "--trustlist", "y", "--device", "SEP001122334455"), "CP-8861-SEP"),
    (("-H", "x", "--trustlist", "y", "-w", "fast"), "range"), (("-H", "x", "--trustlist", "y", "-c", "9:1"), "range"),
    (("-H", "x", "--trustlist", "y", "--client-key", "z"), "--client-cert"),
    (("-H", "x", "--trustlist", "ftp://y/z"), "http://"),
])
def test_usage(arguments, expected):
    out = check(*arguments)
    assert out.state == "UNKNOWN" and out.usage and expected in out.summary, out.text


def test_request_is_what_a_phone_sends(lab, itl):
    """Type 1: the device name after a byte 1, then the whole certificate; the session starts at 1001."""
    certs = lab / "source/certs"
    received, done = [], threading.Event()

    def listen(one, closing):
        received.append(one.recv(70000))
        done.set()

    with tls_server(certs / "tvs-pub.pem", certs / "tvs-pub.key", listen) as port:
        ask(port, "--trustlist", itl, "--device", "CP-7821-SEP00005E0053AF")
    assert done.wait(5)
    der = (certs / "callmanager-pub.der").read_bytes()
    device = b"\x01CP-7821-SEP00005E0053AF"
    payload = b"\x01" + len(device).to_bytes(2, "big") + device + b"\x02" + len(der).to_bytes(2, "big") + der
    assert received == [b"\x57\x01\x01\x00" + (1001).to_bytes(4, "big") + len(payload).to_bytes(2, "big") + payload]
