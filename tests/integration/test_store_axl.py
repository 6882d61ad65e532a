# SPDX-License-Identifier: GPL-2.0-or-later
# Trust stores through AXL: the lab's server must be read to the same model as the folders that it answers from, and
# what it refuses, withholds or makes up must be said, in time and in little memory. The server is ours, not CUCM's.
# Must not know why a certificate lies where it lies.
import contextlib
import os
from pathlib import Path
import subprocess
import time

import pytest

from hostile_axl import PEERS
from outcome import Outcome, run, run_measured
from servers import build, full_backlog, sends, tls_server
from trustlab.axl import FAULTS, AxlServer, Database

CHECK = "check_ucm_truststore"
USER, PASSWORD = "axluser", "quite-S3cret|word"
MEMORY = 128 << 20      # bytes; sanitizers take more
SANITIZED = "sanitize" in os.environ.get("UCMTRUST_BUILD", "")


@pytest.fixture(scope="module")
def credentials(tmp_path_factory):
    path = tmp_path_factory.mktemp("secrets") / "axl"
    path.write_text(f"{USER}\n{PASSWORD}\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def served(lab, credentials):
    """A function: an AXL server of the source's stores, and the words that read it."""
    with contextlib.ExitStack() as stack:
        def serve(without=(), mode="mixed", cluster="source", change=(), **options):
            certs = lab / cluster / "certs"
            database = Database(lab / cluster / "stores", mode, without)
            for statement in change:
                database.change(*statement)
            server = stack.enter_context(AxlServer(database, certs / "tomcat-pub.pem", certs / "tomcat-pub.key", USER,
                                                   PASSWORD, **options))
            server.url = f"https://127.0.0.1:{server.port}"
            server.words = ["--axl", server.url, "--axl-credentials", credentials, "--axl-pin", certs / "tomcat-pub.pem"]
            return server
        yield serve


def look(server, *arguments, **options):
    return run(CHECK, *server.words, "--output", "json", *arguments, **options)


def model(out):
    return out.json["stores"][0]


def certificates(out, *without):
    return [{key: value for key, value in one.items() if key not in ("origin", *without)}
            for one in model(out)["certificates"]]


def unsure(out, id_, *words):
    """Nothing but this finding, UNKNOWN, and these words."""
    assert out.state == "UNKNOWN" and out.code == 3, out.text
    assert {found for _, found in out.worse_than_notes} == {id_}, out.text
    text = " ".join(finding["text"] for finding in out.json["findings"])
    for word in words:
        assert word in text, (word, text)
    assert PASSWORD not in out.text


# ---- the model ----

@pytest.mark.parametrize("cluster", ["source", "destination"])
def test_reads_what_the_folders_hold(lab, served, cluster):
    """What both can know is equal; what only one can know is null in the other."""
    folders = run(CHECK, "--dir", lab / cluster / "stores", "--output", "json")
    out = look(served(cluster=cluster))
    assert out.state == "OK" and out.findings == [], out.text
    assert certificates(out, "roles") == certificates(folders, "roles")
    assert model(out)["nodes"] == model(folders)["nodes"]
    assert set(model(folders)["complete"]) <= set(model(out)["complete"])
    assert {one["roles"] and tuple(one["roles"]) for one in model(folders)["certificates"]} == {None}
    assert (model(folders)["publisher"], model(folders)["mode"]) == (None, None)
    assert (model(out)["publisher"], model(out)["mode"]) == ("pub", "mixed")
    assert {one["origin"].partition("127")[0] for one in model(out)["certificates"]} == {"https://"}
    assert out.json["perfdata"]["cluster_certificates"] == len(certificates(folders))


def test_roles(served):
    out = look(served())
    found = {(one["node"], one["store"]): one["roles"] for one in model(out)["certificates"]
             if one["store"] in ("CallManager", "TVS", "Phone-SAST-trust", "ipsec")}
    assert found["pub", "CallManager"] == ["SAST", "CCM+TFTP"]
    assert found["sub", "TVS"] == ["TVS"]
    assert found["pub", "Phone-SAST-trust"] == ["SAST", "TFTP"]
    assert found["sub", "ipsec"] == ["Application server"]


@pytest.mark.parametrize("mode,says", [("mixed", "mixed"), ("nonsecure", "non-secure"), ("7", None), (None, None)])
def test_mode(served, mode, says):
    assert model(look(served(mode=mode)))["mode"] == says


def test_other_cluster_through_axl(lab, served):
    """Each host gets its own password and pin: nothing of one cluster goes to the other."""
    one, other = served(), served(cluster="destination")
    pin = lab / "destination/certs/tomcat-pub.pem"
    out = look(one, "--expect-from", f"axl:https://localhost:{other.port}/axl/", "--axl-pin", f"localhost={pin}")
    assert [store["cluster"] for store in out.json["stores"]] == ["cluster", "other"], out.text
    assert out.json["stores"][1]["nodes"] == ["pub", "sub", "sub2"]


def test_one_connection(served):
    server = served()
    assert look(server).state == "OK"
    assert server.connections == 1 and len(server.requests) == 7


# ---- who the server is, and who we are ----

def test_other_certificate(lab, served):
    server = served()
    server.words[-1] = lab / "source/certs/tomcat-sub.pem"
    unsure(look(server), "ST-AXL-IDENTITY", "not the certificate that is pinned", "SHA-256")
    assert server.requests == [], "nothing was asked"


def test_digest_as_pin(lab, served, manifest):
    server = served()
    digest = manifest["certificates"]["source"]["tomcat-pub"]["sha256"]
    for pin in (digest, ":".join(digest[at:at + 2] for at in range(0, 64, 2)).upper()):
        server.words[-1] = pin
        assert look(server).state == "OK"
    server.words[-1] = digest[:-1] + ("0" if digest[-1] != "0" else "1")
    unsure(look(server), "ST-AXL-IDENTITY", digest.upper())


def test_nobody_is_believed_blindly(served):
    server = served()
    server.words = server.words[:-2]
    unsure(look(server), "ST-AXL-IDENTITY", "self-signed")
    assert server.requests == []


def test_verified_by_a_ca(lab, served, lab_cache):
    """The chain must lead to the file, and the name of the host must be in the certificate."""
    from trustlab.certs import Maker
    maker = Maker(lab_cache, int(time.time()))
    ca = maker.make("axl-ca", "CN=AXL CA,O=Example", key_name="craft-capf", ca=True)
    folder = lab / "axl-ca"
    ca.write(folder)
    for name, good in (("localhost", True), ("elsewhere.example", False)):
        made = maker.make(f"axl-{name}", f"CN={name},O=Example", key_name="craft-callmanager", issuer=ca, san=[name])
        made.write(folder)
        server = served()
        server.context.load_cert_chain(folder / f"axl-{name}.pem", folder / f"axl-{name}.key")
        server.words = ["--axl", f"https://localhost:{server.port}", "--axl-credentials", server.words[3],
                        "--axl-ca", folder / "axl-ca.pem"]
        out = look(server)
        if good:
            assert out.state == "OK", out.text
        else:
            unsure(out, "ST-AXL-IDENTITY", "another host name")
            assert server.requests == []


def test_wrong_password(served, tmp_path):
    server = served()
    path = tmp_path / "wrong"
    path.write_text(f"{USER}:no{PASSWORD}\n")
    path.chmod(0o640)
    server.words[3] = path
    out = look(server)
    unsure(out, "ST-AXL-LOGIN", "401")
    assert f"no{PASSWORD}" not in out.text
    assert server.requests == []


def test_user_and_password_in_one_line(served, tmp_path):
    server = served()
    path = tmp_path / "one-line"
    path.write_text(f"{USER}:{PASSWORD}\r\n")
    path.chmod(0o600)
    server.words[3] = path
    assert look(server).state == "OK"


def test_extra_opts(served, tmp_path):
    server = served()
    path = tmp_path / "plugins.ini"
    path.write_text(f"[stores]\naxl = {server.url}\naxl-user = {USER}\naxl-password = {PASSWORD}\n"
                    f"axl-pin = {server.words[-1]}\n")
    for mode in (0o600, 0o640):
        path.chmod(mode)
        assert run(CHECK, f"--extra-opts=stores@{path}", "--output", "json").state == "OK"
    for mode in (0o644, 0o602, 0o601):
        path.chmod(mode)
        out = run(CHECK, f"--extra-opts=stores@{path}")
        assert out.usage and "every user of this machine may use" in out.text and PASSWORD not in out.text


@pytest.mark.parametrize("words", [["--axl-password", "secret"], ["--axl-password=secret"],
                                   ["--axl-user", "u", "--axl-password", "secret"]])
def test_no_password_on_the_command_line(words):
    out = run(CHECK, "--axl", "https://127.0.0.1:1", *words)
    assert out.state == "UNKNOWN" and out.usage and "command line" in out.text and "secret" not in out.text


@pytest.mark.parametrize("text,mode,says", [
    (f"{USER}\n{PASSWORD}\n", 0o644, "every user of this machine"), (f"{USER}\n{PASSWORD}\n", 0o602, "every user of this machine"),
    ("", 0o600, "expected a line"), ("alone\n", 0o600, "expected a line"), ("u:\n", 0o600, "expected a line"),
    ("a:b\nc\n", 0o600, "expected a line"), ("a\nb\nc\n", 0o600, "expected a line"), ("a\0b\nc\n", 0o600, "expected"),
    ("u:" + "p" * 2000, 0o600, "expected a line")])
def test_credentials_that_will_not_do(tmp_path, text, mode, says):
    path = tmp_path / "secret"
    path.write_text(text)
    path.chmod(mode)
    out = run(CHECK, "--axl", "https://127.0.0.1:1", "--axl-credentials", path)
    assert out.state == "UNKNOWN" and out.usage and says in out.text and PASSWORD not in out.text, out.text


@pytest.mark.parametrize("words,says", [
    (["--axl", "http://127.0.0.1"], "https"), (["--axl", "https://u:geheim@host"], "without user"),
    (["--axl", "host"], "https"), (["--axl", "https://"], "https"), (["--axl", "https://h/axl?x=y"], "https"),
    (["--axl", "https://h"], "--axl-credentials"), (["--axl", "https://h", "--axl-credentials", "/none"], "/none"),
    (["--axl", "https://h", "--axl-version", "x"], "version"), (["--axl", "https://h", "--axl-version", "12"], "version"),
    (["--axl", "https://h", "--axl-credentials", "GOOD", "--axl-pin", "abcd"], "abcd"),
    (["--axl", "https://h", "--axl-credentials", "GOOD", "--axl-pin", "/etc/passwd"], "neither PEM nor DER"),
    (["--axl", "https://h", "--axl-credentials", "GOOD", "--axl-ca", "/none"], "/none"),
    (["--axl", "https://h", "--axl-credentials", "/"], "expected a regular file")])
def test_words_that_will_not_do(credentials, words, says):
    out = run(CHECK, *[credentials if word == "GOOD" else word for word in words])
    assert out.state == "UNKNOWN" and out.usage and says in out.text and "geheim" not in out.text, out.text


def test_secret_is_nowhere(served, credentials):
    """Not among the arguments, and no core may be written; test_secrets.py looks further."""
    server = served(fault="silent-answer")
    process = subprocess.Popen([build() / "nagios" / CHECK, *map(str, server.words), "-t", "5"], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + 20
        while not server.requests and time.monotonic() < end:
            time.sleep(0.02)
        assert server.requests, "it asks, so it knows the password now"
        proc = Path("/proc") / str(process.pid)
        assert PASSWORD.encode() not in (proc / "cmdline").read_bytes()
        limits = (proc / "limits").read_text()
        assert [line.split()[4:6] for line in limits.splitlines() if line.startswith("Max core file")] == [["0", "0"]]
    finally:
        out, _ = process.communicate(timeout=30)
    assert PASSWORD.encode() not in out


# ---- releases ----

@pytest.mark.parametrize("supported,version", [
    ("12.x, 14.0 and 15.0", "12.5"), ("8.0, 8.5, 9.0, 9.1, 10.0 and 10.5", "10.5"), ("14.0, 15.0, 16.x", "16.0")])
def test_version_of_the_api(served, supported, version):
    server = served(supported=supported)
    assert look(server).state == "OK"
    assert server.requests[-1][0] == version
    assert len(server.requests) == 7 + (version != "12.5")


def test_version_that_is_asked_for(served):
    server = served()
    assert look(server, "--axl-version", "14.0").state == "OK"
    assert {version for version, _ in server.requests} == {"14.0"}


def test_no_version_fits(served):
    unsure(look(served(supported="none")), "ST-AXL-FAULT", "no version of the API")


@pytest.mark.parametrize("without", [["certificate.servername"], ["certificate.serialnumber", "certificate.issuername"],
                                     ["processnode.tknodeusage", "processnode.tkprocessnoderole"],
                                     ["certificateprocessnodemap.servername"], ["certificatetrustrolemap"],
                                     ["processconfig"]])
def test_columns_and_tables_of_other_releases(served, without):
    """A smaller question is asked, and what is missing is absent and named; everything else is there."""
    whole, out = look(served()), look(served(without=without))
    assert out.state == "OK", out.text
    left_out = [finding for finding in out.json["findings"] if finding["id"] == "ST-AXL-LEFT-OUT"]
    assert len(left_out) == len(without)
    for name in without:
        assert any(name.rpartition(".")[2] in finding["text"] for finding in left_out), out.text
    if without == ["certificatetrustrolemap"]:
        assert {str(one["roles"]) for one in model(out)["certificates"]} == {"None"}
    if without[0].startswith("processnode"):
        assert model(out)["publisher"] is None and model(out)["nodes"] == ["pub", "sub"]
    if without != ["certificate.servername"]:
        assert certificates(out, "roles") == certificates(whole, "roles")


def test_no_nodes(served):
    """Which node holds what is not known where nothing says so; certificates of a service name their server."""
    out = look(served(without=["certificateprocessnodemap"]))
    assert out.state == "OK"
    assert {one["node"] for one in model(out)["certificates"] if one["store"].endswith("-trust")} == {None}
    assert {one["node"] for one in model(out)["certificates"] if one["store"] == "TVS"} == {"pub", "sub"}
    out = look(served(without=["processnode"]))
    assert out.state == "OK" and model(out)["nodes"] == ["pub", "sub"]


def test_stores_without_names(served):
    """Numbers that nobody has published stay unknown, and that is said once."""
    out = look(served(without=["typecertificateservice"]))
    assert out.state == "OK"
    unknown = [finding["text"] for finding in out.json["findings"] if finding["id"] == "ST-AXL-STORE-UNKNOWN"]
    assert len(unknown) == 1 and "20" in unknown[0]
    assert {one["subject"].partition(";")[0] for one in model(out)["certificates"] if one["store"] is None} == \
        {"CN=ITLRECOVERY_cucm-src-pub.example"}
    assert "ITLRecovery" not in model(out)["complete"]


def test_names_of_stores_count_more_than_numbers(served):
    change = [("update typecertificateservice set enum = 40 where enum = 4",),
              ("update certificateservicecertificatemap set tkcertificateservice = 40 where tkcertificateservice = 4",),
              ("insert into typecertificateservice values (4, 'new-trust', 'NEW')",)]
    assert certificates(look(served(change=change))) == certificates(look(served()))
    change += [("update certificateservicecertificatemap set tkcertificateservice = 4 where tkcertificateservice = 6",)]
    out = look(served(change=change))
    assert any("4 (new-trust)" in finding["text"] for finding in out.json["findings"]), out.text


@pytest.mark.parametrize("without", ["certificate", "certificate.certificate", "certificate.pkid",
                                     "certificateservicecertificatemap",
                                     "certificateservicecertificatemap.tkcertificateservice"])
def test_what_cannot_be_done_without(served, without):
    out = look(served(without=[without]))
    assert out.state == "UNKNOWN" and {id_ for _, id_ in out.worse_than_notes} == {"ST-AXL-SCHEMA"}, out.text
    assert without.rpartition(".")[2] in out.text
    assert model(out)["complete"] == []


# ---- rows ----

def test_rows_that_do_not_agree(served):
    change = [("update certificate set serialnumber = 'abc' where servername = 'sub' and subjectname like '%sub%' and "
               "pkid = (select min(pkid) from certificate where servername = 'sub')",)]
    out = look(served(change=change))
    assert out.state == "WARNING" and {id_ for _, id_ in out.worse_than_notes} == {"ST-AXL-ROW-DIFFERS"}, out.text
    assert "abc" in out.text
    for column in ("issuername", "subjectname"):
        out = look(served(change=[(f"update certificate set {column} = 'CN=other' where pkid = (select min(pkid) from "
                                   "certificate)",)]))
        assert out.findings == ["ST-AXL-ROW-DIFFERS"] and "CN=other" in out.text
    same = [("update certificate set serialnumber = '00' || upper(serialnumber), subjectname = lower(subjectname)",),
            ("update certificate set issuername = replace(issuername, ',', ', ')",)]
    assert look(served(change=same)).state == "OK"


@pytest.mark.parametrize("value", [None, "", "no certificate", "-----BEGIN CERTIFICATE-----\nQUJD\n-----END "
                                   "CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nMIIB", "-----BEGIN RSA PUBLIC "
                                   "KEY-----\nQUJD\n-----END RSA PUBLIC KEY-----\n"])
def test_rows_that_hold_no_certificate(served, value):
    whole = look(served())
    out = look(served(change=[("update certificate set certificate = ? where pkid = (select min(pkid) from certificate)",
                               value)]))
    unsure(out, "ST-AXL-ROW-UNREADABLE")
    assert model(out)["complete"] == []
    assert len(certificates(out)) == len(certificates(whole)), "what its columns say is kept"
    assert [one for one in certificates(out) if one["sha256"] is None and one["serial"] and one["not_after"] is None]


def test_many_rows_that_hold_no_certificate(served):
    out = look(served(change=[("update certificate set certificate = 'x'",)]))
    assert out.state == "UNKNOWN" and out.findings.count("ST-AXL-ROW-UNREADABLE") <= 21, out.text
    text = run(CHECK, *served(change=[("update certificate set certificate = 'x'",)]).words, "-v")
    assert text.state == "UNKNOWN"


def test_private_key(served, lab):
    key = (lab / "source/certs/capf.key").read_text()
    out = look(served(change=[("update certificate set certificate = ? where pkid = (select min(pkid) from certificate)",
                               key)]))
    assert {"ST-PRIVATE-KEY", "ST-AXL-ROW-UNREADABLE"} == {id_ for _, id_ in out.worse_than_notes}
    assert key.split("\n")[1] not in out.text


def test_certificate_in_no_store(served):
    out = look(served(change=[("delete from certificateservicecertificatemap where fkcertificate = (select min(fkcertificate) "
                               "from certificateservicecertificatemap where tkcertificateservice = 14)",)]))
    assert out.state == "OK" and any("1 in no store" in finding["text"] for finding in out.json["findings"])


def test_not_one_certificate_in_a_store(served):
    """The map of stores was withheld, or is of another database: then nothing was judged."""
    out = look(served(change=[("update certificateservicecertificatemap set fkcertificate = 'x' || fkcertificate",)]))
    unsure(out, "ST-AXL-WITHHELD", "not one certificate lies in a store")


def test_no_tomcat_at_all(served):
    """No node can be without: whoever answered did not give all rows."""
    out = look(served(change=[("delete from certificateservicecertificatemap where tkcertificateservice = 5",)]))
    assert out.state == "UNKNOWN" and ("cluster/tomcat", "ST-OWN-UNSEEN") in out.worse_than_notes, out.text


def test_roles_of_an_import(lab, served):
    """Imported, and the database gives it other roles: TVS goes by those."""
    server = served(cluster="destination", change=[("delete from certificatetrustrolemap where tktrustrole = 0",)])
    out = look(server, "--expect-from", f"dir:{lab / 'source/stores'}", "--one-way")
    assert out.state == "WARNING" and {id_ for _, id_ in out.worse_than_notes} == {"ST-IMPORT-ROLE-MISSING"}, out.text


def test_empty_database(served):
    tables = ("certificate", "certificateservicecertificatemap", "certificateprocessnodemap")
    out = look(served(change=[(f"delete from {table}",) for table in tables]))
    unsure(out, "ST-NO-CERTIFICATE")


# ---- a busy server, and one that wants pieces ----

def test_busy_and_then_not(served):
    for refusals in ({"unavailable": 2, "retry_after": 1}, {"memory": 1}, {"unavailable": 1}):
        server = served(**refusals)
        out = look(server, "-t", "30")
        assert out.state == "OK", out.text
        assert len(server.requests) == 7 + sum(refusals.get(name, 0) for name in ("unavailable", "memory"))


def test_busy_for_too_long(served):
    for refusals in ({"unavailable": 99}, {"memory": 99}, {"unavailable": 99, "retry_after": 3600}):
        out = look(served(**refusals), "-t", "3")
        unsure(out, "ST-AXL-BUSY", "asked")
        assert out.seconds < 3.5 + 2 * SANITIZED


@pytest.mark.parametrize("answer_max", [30_000, 12_000, 3_000])
def test_pieces(served, answer_max):
    """The server refuses what is too large and says how many rows are not."""
    server = served(answer_max=answer_max)
    whole, out = look(served()), look(server, "-t", "60")
    assert out.state == "OK", out.text
    assert certificates(out) == certificates(whole)
    asked = [sql for _, sql in server.requests if " from certificate " in sql]
    assert len(asked) > 1 and all("order by pkid" in sql for sql in asked)
    assert any("skip" in sql and "first" in sql for sql in asked)


def test_rows_that_fit_in_no_piece(served):
    out = look(served(answer_max=600), "-t", "30")
    assert out.state == "UNKNOWN" and "too large" in out.text


def test_fewer_rows_than_promised(served):
    out = look(served(fault="more-rows", at="certificate"))
    unsure(out, "ST-AXL-WITHHELD", "certificate")
    assert model(out)["complete"] == []


# ---- faults ----

SAYS = {"bomb": ("ST-AXL-ANSWER", "document type"), "outside": ("ST-AXL-ANSWER", "document type"),
        "html": ("ST-AXL-ANSWER", "html"), "nonsense": ("ST-AXL-ANSWER", "no good XML"),
        "empty": ("ST-AXL-ANSWER", "ends too early"), "deep": ("ST-AXL-ANSWER", "inside of a value"),
        "wide": ("ST-AXL-ANSWER", "too many columns"), "nested": ("ST-AXL-ANSWER", "inside of a value"),
        "truncated": ("ST-AXL-ANSWER", "ends too early"), "cut": ("ST-UNSEEN", "closed the connection in the middle"),
        "reset": ("ST-UNSEEN", "stage: answer"), "denied": ("ST-AXL-FAULT", "No SELECT permission"),
        "redirect": ("ST-AXL-ANSWER", "302"), "huge-header": ("ST-UNSEEN", "header does not end"),
        "error-page": ("ST-AXL-ANSWER", "500"), "missing-page": ("ST-AXL-ANSWER", "404"),
        "silent-accept": ("ST-UNSEEN", "stage: handshake"), "silent-answer": ("ST-UNSEEN", "stage: answer"),
        "silent-middle": ("ST-UNSEEN", "not complete in time"), "drip": ("ST-UNSEEN", "not complete in time"),
        "endless-rows": ("ST-AXL-ANSWER", "more rows"), "endless-text": ("ST-UNSEEN", "more than 64 MiB"),
        "endless-tag": ("ST-AXL-ANSWER", "XML"), "endless-comment": ("ST-AXL-ANSWER", "XML"),
        "huge-certificate": ("ST-AXL-ANSWER", "more than 64 KiB: certificate")}
SLOW = {"silent-accept", "silent-answer", "silent-middle", "drip"}


def test_every_fault_has_a_test():
    """Here or in the table of test_hostile_peers.py, where all of them are."""
    assert set(SAYS) <= set(FAULTS) - {"more-rows"}
    assert {f"fault {name}" for name in FAULTS} <= set(PEERS)


def measured(words, limit):
    """The outcome, when its own peak memory is small."""
    begin = time.monotonic()
    process, peak = run_measured(CHECK, *words)
    seconds = time.monotonic() - begin
    assert seconds <= limit + 0.5 + 1 + 3 * SANITIZED, "the deadline holds"
    if not SANITIZED:
        assert peak < MEMORY
    return Outcome(process, seconds, "json" in words)


@pytest.mark.parametrize("at", [None, "certificate"])
@pytest.mark.parametrize("fault", sorted(SAYS))
def test_fault(served, fault, at):
    """At the first question, and at the last one, when everything else was read."""
    if fault == "silent-accept" and at:
        pytest.skip("a connection is accepted once")
    limit = 3 if fault in SLOW else 40
    server = served(fault=fault, at=at)
    out = measured([*server.words, "--output", "json", "-t", str(limit)], limit)
    id_, says = SAYS[fault]
    assert {found for _, found in out.worse_than_notes} <= {id_, "ST-AXL-ROW-UNREADABLE"}, out.text
    assert id_ in out.findings and out.state == "UNKNOWN"
    assert says in " ".join(finding["text"] for finding in out.json["findings"]), out.text
    assert "complete" in model(out) and model(out)["complete"] == []
    assert PASSWORD not in out.text and "root:" not in out.text


def test_no_connection(credentials, lab):
    words = ["--axl-credentials", credentials, "--axl-pin", lab / "source/certs/tomcat-pub.pem"]
    with full_backlog() as port:
        out = run(CHECK, "--axl", f"https://127.0.0.1:{port}", *words, "--output", "json", "-t", "2")
    unsure(out, "ST-UNSEEN", "stage: connect")
    unsure(run(CHECK, "--axl", "https://127.0.0.1:1", *words, "--output", "json"), "ST-UNSEEN", "refused")
    unsure(run(CHECK, "--axl", "https://no.such.host.invalid", *words, "--output", "json"), "ST-UNSEEN", "resolve")
    # Some servers speak HTTP where TLS is wanted, or TLS and then no HTTP.
    certs = lab / "source/certs"
    with tls_server(certs / "tomcat-pub.pem", certs / "tomcat-pub.key", sends(b"SSH-2.0-x\r\n")) as port:
        out = run(CHECK, "--axl", f"https://127.0.0.1:{port}", *words, "--output", "json")
    unsure(out, "ST-UNSEEN", "not HTTP")


def test_silent_at_the_second_question(served):
    """A connection that is used again tells the right stage."""
    out = look(served(fault="silent-answer", at="processnode"), "-t", "3")
    unsure(out, "ST-UNSEEN", "stage: answer", "processnode")


def test_text_output(served):
    out = run(CHECK, *served().words, "-v")
    assert out.state == "OK" and "cluster/pub CallManager: 1 certificate" in out.long
    out = run(CHECK, *served(without=["processconfig"]).words, "-v")
    assert out.state == "OK" and "note ST-AXL-LEFT-OUT" in out.long and "processconfig" in out.long


def test_the_labs_command(lab, credentials, tmp_path):
    import sys
    from conftest import LAB
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n")
    process = subprocess.Popen([sys.executable, LAB, "axl", lab, "destination", "--password-file", secret],
                               stdout=subprocess.PIPE, text=True)
    try:
        url = "https://" + process.stdout.readline().split()[1]
        out = run(CHECK, "--axl", url, "--axl-credentials", credentials, "--axl-pin",
                  lab / "destination/certs/tomcat-pub.pem", "--output", "json")
        assert out.state == "OK" and model(out)["nodes"] == ["pub", "sub", "sub2"]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
