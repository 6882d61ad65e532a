# SPDX-License-Identifier: GPL-2.0-or-later
# Certificates, lists, files and nodes whose names want to be something else: performance data, another status line, a
# terminal's command, a tag, an attribute, a series, a direction. Through every check and every format, and through
# tshark. What engines and their pages do with it is in test_nagios.py, test_icinga.py and watched.py. Must not know how
# names are escaped, only what must never come out.
import base64
from html.parser import HTMLParser
import json
import os
import re
import subprocess
import time
from xml.etree import ElementTree

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509.oid import NameOID
import pytest

from outcome import build, raw, run
from promtext import Metrics
from servers import tvs_server
import tshark
from trustlab import inventory, tvswire
from trustlab.axl import AxlServer, Database
from trustlab.certs import der_length, key_pem
from trustlab.crafted import HOST, Bench
from trustlab.trustlist import SAST, TVS, Record

DAY = 86400
NAMES = {
    "pipe": b"a|b=1;2;3 'c'=4",
    "line": b"a\nCRITICAL - all phones lost | x=1\n[2] y",
    "return": b"OK - a\rCRITICAL - b\x0b\x0c\x08\x08",
    "nul": b"good.example\0.evil.example",
    "escape": b"\x1b[2J\x1b]0;title\x07\x1b[31mred\x7f",
    "c1": "\u009b31mred\u0085next\u0090payload\u009c".encode(),
    "html": b"</td><script>alert(1)</script><img src=x onerror=\"alert('1')\">",
    "quotes": b"\" onload=\"alert(1)\" x='&lt;&amp;&#39;' title=\"",
    "series": b"\"} 1\nucmtrust_evil{x=\"\\",
    "right to left": "\u202egpj.exe\u2066\u2067x\u200f\u200ey\u061cz\u2069".encode(),
    "separators": "a\u2028CRITICAL - b\u2029c\ufeff\u200bd".encode(),
    "shell": b"x; id > /tmp/x `id` $(id) $USER1$ $HOSTADDRESS$ ${IFS} && ! # ~",
    "invalid": b"a\xff\xfe\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xe2\x80",
    "long": b"long" * 900,
    "blank": b" " * 12,
}
# Of the Unicode category "format", those that turn the direction of what stands beside them; and lines.
TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


# ---- making them ----

def tlv(tag, body):
    return bytes([tag]) + der_length(len(body)) + body


def split(der):
    """The parts of a sequence."""
    def head(at):
        size, count = der[at + 1], 0
        if size & 0x80:
            count = size & 0x7F
            size = int.from_bytes(der[at + 2:at + 2 + count], "big")
        return at + 2 + count, size
    at, size = head(0)
    end, parts = at + size, []
    while at < end:
        body, length = head(at)
        parts.append(der[at:body + length])
        at = body + length
    return parts


class Evil:
    """A certificate with these bytes as organisation and as DNS name, and where it fits as common name. Libraries
    refuse to make it: so it is made with other letters, which are replaced, and signed again."""

    def __init__(self, bench, key, name, not_after):
        self.key, self.name = key, name
        fits = len(name) <= 64
        number = list(NAMES.values()).index(name) if name in NAMES.values() else 99
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Q" * len(name) if fits else "a long one"),
                             x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Q" * len(name))])
        made = bench.maker.make("craft-tvs", subject, not_after=not_after, serial=0x5A00 + number,
                                san=["q" * len(name)])
        body, algorithm, _ = split(made.der)
        body = body.replace(b"Q" * len(name), name).replace(b"q" * len(name), name)
        signature = made.private_key.sign(body, padding.PKCS1v15(), hashes.SHA256())
        self.der = tlv(0x30, body + algorithm + tlv(3, b"\0" + signature))
        self.private_key, self.original, self.serial_bytes = made.private_key, made, made.serial_bytes
        first = name if fits else b"a long one"
        self.subject_text = self.issuer_text = (b"CN=" + first + b";O=" + name).decode("latin-1")

    @property
    def pem(self):
        text = base64.b64encode(self.der).decode()
        lines = "\n".join(text[at:at + 64] for at in range(0, len(text), 64))
        return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n".encode()

    def record(self, role=TVS):
        one = self.original
        return Record(role=role, dns=self.name.decode("latin-1"), subject=self.subject_text, issuer=self.issuer_text,
                      address="203.0.113.21", serial=one.serial_bytes, public_key=one.public_key_der,
                      signature=self.der[-256:], certificate=self.der)


class Bad:
    """For each name a certificate that expires in four days, so that its name is told, and a list that holds it."""

    def __init__(self, folder, cache):
        bench = Bench(cache, int(time.time()))
        self.folder, self.evil, self.lists, self.signed = folder, {}, {}, {}
        for key, name in {**NAMES, "plain": b"harmless name"}.items():
            one = self.evil[key] = Evil(bench, key, name, bench.now + 4 * DAY + 3600)
            self.lists[key] = self.write(bench, f"{key.replace(' ', '-')}.tlv", [one])
            made = bench.itl(signer=one)
            made.records[0] = one.record(SAST)
            self.signed[key] = folder / f"signed-{key.replace(' ', '-')}.tlv"
            self.signed[key].write_bytes(made.encode())
            (folder / f"{key.replace(' ', '-')}.pem").write_bytes(one.pem)
        self.all = self.write(bench, "all.tlv", [self.evil[key] for key in NAMES])
        for path in folder.iterdir():
            path.chmod(0o644)

    def write(self, bench, name, evil):
        made = bench.itl()
        made.records = [record for record in made.records if record.role != TVS] + [one.record() for one in evil]
        path = self.folder / name
        path.write_bytes(made.encode())
        return path

    def pem(self, key):
        return self.folder / f"{key.replace(' ', '-')}.pem"


@pytest.fixture(scope="module")
def bad(lab_cache, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bad")
    for path in (folder, *folder.parents[:3]):
        if path == folder or path.name.startswith(("pytest-", "popen-")):
            path.chmod(0o755)
    return Bad(folder, lab_cache)


# ---- what must hold for every output ----

def harmless(text):
    assert not CONTROLS.search(text), CONTROLS.search(text)
    assert not TURNS.search(text), TURNS.search(text)
    return text


def strings(value):
    if isinstance(value, dict):
        return [one for pair in value.items() for item in pair for one in strings(item)]
    if isinstance(value, list):
        return [one for item in value for one in strings(item)]
    return [value] if isinstance(value, str) else []


def look(folder, check, *arguments, states=("WARNING", "CRITICAL", "UNKNOWN"), **options):
    """All formats of one run; outcome.py asserts one status line, performance data and valid UTF-8 without controls."""
    out = {}
    metrics = folder / "out.prom"
    for name, words in (("short", []), ("long", ["-v"]), ("json", ["-v", "--output", "json"])):
        one = out[name] = run(check, *arguments, *words, "--openmetrics", metrics, **options)
        assert one.state in states, one.text
        harmless(one.text)
        if name != "json":
            assert not one.usage and ";" not in one.summary, one.summary
        series = Metrics(metrics.read_bytes())
        harmless(metrics.read_text("utf-8"))
        assert "ucmtrust_evil" not in series.names and series.get("ucmtrust_check_state") == one.code
    assert out["short"].long == "" and out["short"].code == out["long"].code == out["json"].code
    assert set(out["short"].perf) == set(out["json"].json["perfdata"]), "labels"
    for one in strings(out["json"].json):
        one.encode("utf-8")
    return out


def told(outcome, word):
    """The name was shown, so that its escaping was tried."""
    return word in outcome.text


MARK = {"pipe": "b=1", "line": "all phones lost", "return": "OK - a", "nul": "good.example", "escape": "title",
        "c1": "payload", "html": "alert(1)", "quotes": "onload", "series": "ucmtrust_evil", "right to left": "gpj.exe",
        "separators": "CRITICAL - b",
        "shell": "$USER1$", "invalid": "\\xFF\\xFE", "long": "longlong", "blank": "O=  "}


# ---- the checks ----

@pytest.mark.parametrize("key", NAMES)
def test_trust_lists(bad, tmp_path, key):
    out = look(tmp_path, "check_ucm_trustlist", "-f", bad.lists[key], states=("CRITICAL",))
    assert told(out["long"], MARK[key]), out["long"].text
    subjects = [record["subject"] for record in out["json"].json["sources"][0]["records"]]
    assert len(subjects) == 5 and any(told(out["json"], json.dumps(MARK[key])[1:-1]) for _ in subjects)


def test_all_in_one_list(bad, tmp_path):
    out = look(tmp_path, "check_ucm_trustlist", "-f", bad.all, "-f", bad.lists["plain"], states=("CRITICAL",))
    assert len(out["json"].json["sources"][0]["records"]) == len(NAMES) + 4


def names_of_files(folder, data):
    """A file for each name that the file system takes."""
    found = []
    for key, name in NAMES.items():
        path = os.path.join(os.fsencode(folder), name.replace(b"/", b"_").replace(b"\0", b"_")[:200] + b".tlv")
        with open(path, "wb") as out:
            out.write(data)
        found.append(os.fsdecode(path))
    return found


def test_names_of_files(bad, tmp_path):
    (tmp_path / "in").mkdir()
    paths = names_of_files(tmp_path / "in", bad.lists["plain"].read_bytes())
    for more in ("", ".none"):
        words = [word for path in paths for word in ("-f", path + more)]
        out = look(tmp_path, "check_ucm_trustlist", *words, states=("UNKNOWN",) if more else ("CRITICAL",))
        assert len(out["json"].json["sources"]) == len(paths)
        look(tmp_path, "check_ucm_trustlist", *words[-2:], states=("UNKNOWN",) if more else ("CRITICAL",))


@pytest.mark.parametrize("key", NAMES)
def test_tvs(bad, lab, tmp_path, key):
    """It vouches for nothing that it does not know, and the check says what that was."""
    with tvs_server(lab) as port:
        words = ("-H", "127.0.0.1", "-p", port, "--pin", lab / "source/certs/tvs-pub.pem")
        out = look(tmp_path, "check_ucm_tvs", *words, "--certificate", bad.pem(key), states=("CRITICAL", "UNKNOWN"))
        run("check_ucm_tvs", *words, "--certificate", bad.pem(key), "--query", "-v")
        # Its common name, as far as the first semicolon.
        asked = re.search(r"asked about (.*?) \|", out["short"].text)
        assert key == "invalid" or re.search("[a-z]", asked[1]) or key == "blank", out["short"].text


def test_tvs_whose_own_certificate_is_evil(bad, lab, tmp_path):
    """Its name stands in the sentence that says why it is not believed, and in JSON."""
    key_file = tmp_path / "key.pem"
    key_file.write_bytes(key_pem(bad.evil["plain"].private_key))
    for key in NAMES:
        if key != readable(key):
            continue
        server = subprocess.Popen([build() / "tests/lab/ucmtrust-tvs-server", "--listen", "127.0.0.1:0", "--store",
                                   lab / "source/stores/pub", "--cert", bad.pem(key), "--key", key_file],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            port = server.stdout.readline().strip().rpartition(":")[2]
            words = ("-H", "127.0.0.1", "-p", port, "--certificate", bad.pem("plain"))
            look(tmp_path, "check_ucm_tvs", *words, "--pin", lab / "source/certs/tvs-pub.pem", states=("CRITICAL",))
            harmless(run("check_ucm_tvs", *words, "--insecure", "-v").text)
        finally:
            server.terminate()
            server.wait()
            server.stdout.close()


def test_traces(tmp_path):
    """What phones and servers logged is copied into tickets, and may be anything."""
    for name in NAMES.values():
        path = tmp_path / "trace.txt"
        head = b"2026-11-25 08:00:00.000 |  debug tvsHandleQueryCertReq : "
        path.write_bytes(b"".join(head + line + b"\n" for line in (
            b"Certificate query for issuer: CN=" + name + b";O=" + name + b" and serial 0a0b", b"deviceName : " + name,
            b"issuerName : " + name, b"roles : " + name)))
        run("check_ucm_tvs", "--trace", path, "-v")
        harmless(run("check_ucm_tvs", "--trace", path, "-v", "--output", "json").text)


# ---- trust stores ----

def put_stores(folder, bad, names=True):
    """stores/NODE/STORE/*.pem with all certificates; a node for each name that a folder may have."""
    (folder / "pub/CallManager-trust").mkdir(parents=True)
    for key, one in bad.evil.items():
        (folder / "pub/CallManager-trust" / f"{key}.pem").write_bytes(one.pem)
    for name in NAMES.values() if names else ():
        part = os.fsdecode(name.replace(b"/", b"_").replace(b"\0", b"_")[:100].strip() or b"x")
        (folder / part / "tomcat").mkdir(parents=True)
        (folder / part / "tomcat" / (part + ".pem")).write_bytes(bad.evil["plain"].pem)
        (folder / part / part).mkdir()
        (folder / part / part / "junk.pem").write_bytes(b"junk")
    return folder


def test_stores_in_folders(bad, tmp_path):
    folder = put_stores(tmp_path / "stores", bad)
    out = look(tmp_path, "check_ucm_truststore", "--dir", folder, "-w", "30")
    assert told(out["json"], "alert(1)") and told(out["json"], "gpj.exe")
    for name in NAMES.values():
        if b"\0" not in name and name.strip():
            look(tmp_path, "check_ucm_truststore", "--dir", folder, "--name", os.fsdecode(name[:1000]))


def test_stores_compared(bad, tmp_path):
    """Certificates of the other cluster that are missing here are named."""
    (tmp_path / "here/pub/CallManager").mkdir(parents=True)
    (tmp_path / "here/pub/CallManager/x.pem").write_bytes(bad.evil["plain"].pem)
    other = put_stores(tmp_path / "other", bad, names=False)
    for key, one in bad.evil.items():
        (other / "pub" / "CallManager").mkdir(exist_ok=True)
        (other / "pub" / "CallManager" / f"{key}.pem").write_bytes(one.pem)
    look(tmp_path, "check_ucm_truststore", "--dir", tmp_path / "here", "--expect-from", f"dir:{other}", "--emcc")


def test_exports(bad, tmp_path):
    (tmp_path / "x").mkdir()
    for key in NAMES:
        both = tmp_path / "one.pem"
        both.write_bytes(bad.pem(key).read_bytes())
        label = NAMES[key].replace(b"\0", b"").replace(b"\n", b" ") or b"x"
        made = subprocess.run([b"openssl", b"pkcs12", b"-export", b"-nokeys", b"-in", os.fsencode(both), b"-passout",
                               b"pass:", b"-caname", label], capture_output=True, check=False)
        if made.returncode == 0:
            (tmp_path / "x" / f"CallManager_{key}.p12").write_bytes(made.stdout)
    assert len(list((tmp_path / "x").iterdir())) > 10
    look(tmp_path, "check_ucm_truststore", "--pkcs12", tmp_path / "x", "-w", "30")


def test_axl(bad, lab, tmp_path):
    """Rows of a database: names of nodes and certificates, in what XML can carry."""
    secret = tmp_path / "secret"
    secret.write_text("user:password")
    secret.chmod(0o600)
    certs = lab / "source/certs"
    for key in ("html", "right to left", "shell"):
        name = NAMES[key]
        text = re.sub("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]", "", name.decode("utf-8", "replace"))
        database = Database(lab / "source/stores", "mixed")
        database.change("update certificate set subjectname = ?, issuername = ?, servername = ?", f"CN={text}",
                        f"CN={text}", text)
        database.change("update processnode set name = ? where name = 'sub'", text)
        database.change("update processconfig set paramvalue = ?", text)
        database.change("update typecertificateservice set name = ? where name = 'TVS'", text)
        pem = bad.evil[key].pem.decode()
        database.change("update certificate set certificate = ? where rowid % 2 = 0", pem)
        database.change("update certificate set certificate = ? where rowid % 5 = 0", text)
        with AxlServer(database, certs / "tomcat-pub.pem", certs / "tomcat-pub.key", "user", "password") as server:
            look(tmp_path, "check_ucm_truststore", "--axl", f"https://127.0.0.1:{server.port}", "--axl-pin",
                 certs / "tomcat-pub.pem", "--axl-credentials", secret, states=("OK", "WARNING", "CRITICAL", "UNKNOWN"))


def test_saved_text(tmp_path):
    for name in NAMES.values():
        path = tmp_path / "text.txt"
        path.write_bytes(b"admin:show cert list own\n" + b"".join(
            b"%b/%b.pem: %b\n" % (one, name, name) for one in (b"tomcat", b"TVS", name)) + b"admin:\n")
        look(tmp_path, "check_ucm_truststore", "--text", path, "--text-node", "pub",
             states=("OK", "WARNING", "CRITICAL", "UNKNOWN"))


# ---- clusters, and the page ----

def clusters(folder, bad, keys):
    """Two clusters as files: one whose nodes have these lists, and a good one."""
    entries = {name: {"keys": {"mode": "mixed", "version": "14.0"}, "nodes": {
        f"n{at}": {"itl": str(bad.lists[key]), "tvs_certificate": str(bad.pem(readable(key))),
                   "tomcat": str(bad.pem(readable(key)))}
        for at, key in enumerate(chosen)}} for name, chosen in (("source", keys), ("destination", ["plain"]))}
    return inventory.write(folder / "site.ini", entries)


def asked(folder, bad, lab, port, key):
    """The lab's TVS is asked about the signer of another cluster's list: its name is told."""
    source = {"itl": lab / "source/nodes/pub/tftp/ITLFile.tlv", "tvs_certificate": lab / "source/certs/tvs-pub.pem",
              "address": "127.0.0.1", "tvs_port": port}
    entries = {"source": {"keys": {}, "nodes": {"pub": source}},
               "destination": {"keys": {}, "nodes": {"pub": {"itl": bad.signed[key],
                                                             "tvs_certificate": bad.pem("plain")}}}}
    return inventory.write(folder / "site.ini", entries)


def readable(key):
    """Such a name makes a certificate that is refused as none; in a list it is a finding."""
    return "plain" if key == "invalid" else key


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text between."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.text, self.open = set(), "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements |= {(tag, *one) for one in attrs} or {(tag,)}
        if tag not in ("meta", "link", "br", "img", "col"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}>"

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")


# What a page is made of, and the attributes that have no name in them.
TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "div", "table", "thead", "tbody", "tr",
        "th", "td", "dl",
        "dt", "dd", "b", "span"}
VALUES = {"lang": {"en"}, "charset": {"utf-8"}, "scope": {"row", "col"}, "name": {"viewport"}, "title": None,
          "http-equiv": {"refresh"},
          "content": {"60", "width=device-width"},
          "class": {"OK", "WARNING", "CRITICAL", "UNKNOWN", "none", "many", "few", "nodes", "scroll", "hint"}}


def holds_nothing_else(page):
    for tag, *attribute in page.elements:
        assert tag in TAGS, tag
        if attribute:
            name, value = attribute
            assert name in VALUES and (VALUES[name] is None or value in VALUES[name]), (tag, name, value)


def page_of(folder, site, *words):
    path = folder / "page.html"
    out = look(folder, "check_ucm_consistency", "-i", site, *words, "--html", path)
    page = Page(harmless(path.read_text("utf-8")))
    assert page.open == [], "elements are closed"
    holds_nothing_else(page)
    return out, page


def test_clusters(bad, tmp_path):
    for keys in (["plain", "plain"], list(NAMES), *([key, "plain"] for key in NAMES)):
        page_of(tmp_path, clusters(tmp_path, bad, keys), "--all-pairs")


# Of a name, what is shown where a signer is called by its first name alone: not what follows a semicolon.
FIRST = {"pipe": "b=1", "return": "OK - a", "escape": "[2J", "html": "alert(1)", "quotes": "onload",
         "series": "ucmtrust_evil",
         "right to left": "gpj.exe", "line": "all phones lost"}


def test_a_signer_that_is_not_known(bad, lab, tmp_path):
    """In a sentence, in the title of a cell, in JSON."""
    with tvs_server(lab) as port:
        for key in NAMES:
            out, page = page_of(tmp_path, asked(tmp_path, bad, lab, port, key), "--from", "source", "--to",
                                "destination", "--one-way")
            titles = " ".join(one[2] or "" for one in page.elements if one[1:2] == ("title",))
            for text in (page.text, titles, out["long"].text, " ".join(strings(out["json"].json))):
                assert FIRST.get(key, "") in text, text


def test_names_in_an_inventory(bad, tmp_path):
    """Clusters and nodes with such names: refused with a word, or harmless as all others."""
    for name in NAMES.values():
        path, page = tmp_path / "site.ini", tmp_path / "page.html"
        page.unlink(missing_ok=True)
        for word in {name, name[:40]}:
            path.write_bytes(b"[cluster " + word + b"]\nmode = mixed\n[node " + word + b"/" + word + b"]\nitl = " +
                             os.fsencode(bad.lists["plain"]) + b"\n")
            for more in ([], ["-v"], ["-v", "--output", "json"]):
                out = run("check_ucm_consistency", "-i", path, "--html", page, *more) if "json" not in more else None
                if out is None:
                    said = subprocess.run([build() / "nagios/check_ucm_consistency", "-i", path, *more],
                                          capture_output=True,
                                          check=False).stdout.decode("utf-8")
                    harmless(said)
                    assert said.startswith("UNKNOWN - usage") or json.loads(said)
                else:
                    harmless(out.text)
                    assert ";" not in out.summary
            if page.exists():
                found = Page(harmless(page.read_text("utf-8")))
                holds_nothing_else(found)


def test_plans(bad, tmp_path):
    for key in NAMES:
        path = clusters(tmp_path, bad, [key, "plain"])
        words = ["--plan", "-i", path, "--cluster", "source", "--openmetrics", tmp_path / "plan.prom"]
        for more in ([], ["-v"], ["--output", "json"]):
            done = raw("check_ucm_truststore", *words, *more)
            said = harmless(done.stdout.decode("utf-8"))
            assert re.match("(OK|WARNING|CRITICAL|UNKNOWN) - (?!usage)", said) or json.loads(said), said
            assert ";" not in said.partition("|")[0].partition("\n")[0] or "json" in more
        harmless((tmp_path / "plan.prom").read_text("utf-8"))
        Metrics((tmp_path / "plan.prom").read_bytes())


def test_arguments(tmp_path):
    """Whoever writes the command line is told what he wrote, and nothing of it is a command for a terminal."""
    for name in (os.fsdecode(name[:500]) for name in NAMES.values() if b"\0" not in name):
        for check, *words in (("check_ucm_tvs", "-H", name, "--pin", name, "--certificate", name),
                              ("check_ucm_trustlist", "-f", "x", "--ignore", name), ("check_ucm_trustlist", "-H",
                                                                                     name, "-t", "2"),
                              ("check_ucm_truststore", "--dir", name), ("check_ucm_consistency", "-i", name),
                              ("check_ucm_tvs", name),
                              ("check_ucm_tvs", "--" + name), ("check_ucm_truststore", "--axl", name)):
            out = run(check, *words)
            harmless(out.text)
            assert out.state in ("UNKNOWN", "CRITICAL") and ";" not in out.summary, out.text


# ---- the plugin ----

@pytest.fixture(scope="module")
def packets(bad):
    """Lists over TFTP and HTTP, and TVS in the clear."""
    made = []
    for at, (key, name) in enumerate(NAMES.items()):
        one = bad.evil[key]
        title = "CN=" + one.name.decode("latin-1")
        tcp = tshark.Tcp(2445, client_port=42000 + at)
        device = tvswire.element(tvswire.DEVICE, b"\x01" + name[:15])
        asked = b"".join(tvswire.element(tag, value) for tag, value in (
            (tvswire.SUBJECT, tvswire.name(title)), (4, tvswire.name(title)), (5, one.original.serial_bytes)))
        tcp.client(tvswire.message(tvswire.QUERY_REQUEST, 1001, device + asked))
        tcp.server(tvswire.response(tvswire.QUERY_RESPONSE, 1001, 0, [one.der], (0,)))
        asked = device + tvswire.element(tvswire.CERTIFICATE, one.der)
        tcp.client(tvswire.message(tvswire.VERIFY_REQUEST, 1002, asked))
        made += tcp.end()
        wanted = name.replace(b"\0", b"").replace(b"/", b"_")[:60].decode("latin-1")
        made += tshark.http("/" + re.sub(r"[\s\x00-\x1f]", "_", wanted) + ".tlv", bad.lists[key].read_bytes(),
                            port=6970,
                            client_port=43000 + at)
    return tshark.pcap(bad.folder / "evil.pcap", made)


def plain_text(text):
    """As a terminal gets it."""
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", text), re.search("[\x00-\x08\x0b-\x1f\x7f].{0,30}", text)
    assert not re.search("[\x80-\x9f]", text), "C1"
    # Lines of Unicode Wireshark shows as they are.
    turns = TURNS.search(re.sub("[\u2028\u2029]", "", text))
    assert not turns, turns
    return text


FORMATS = {"-V": ["-V"], "summary": [], "json": ["-T", "json"], "pdml": ["-T", "pdml"], "ek": ["-T", "ek"], "fields": [
    "-T", "fields", "-e", "frame.number", "-e", "_ws.col.Info", "-e", "ciscotl.record.subject", "-e",
    "ciscotl.record.dns", "-e",
    "tvs.subject", "-e", "tvs.issuer", "-e", "tvs.device", "-e", "tvs.certificate.subject", "-e", "ucmtrust.finding"]}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("source", ["list", "packets"])
def test_tshark(bad, packets, source, name):
    path = bad.all if source == "list" else packets
    text, said = tshark.run("-2", "-r", path, *FORMATS[name])
    assert "ciscotl" in text.lower() or name in ("summary", "fields", "-V"), text[:400]
    frames = int(tshark.run("-r", path, "-T", "fields", "-e", "frame.number")[0].split()[-1])
    if name == "json":
        assert len(json.loads(text)) == frames
    elif name == "pdml":
        assert len(ElementTree.fromstring(text.encode()).findall("packet")) == frames
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", text)
    elif name == "ek":
        assert all(isinstance(json.loads(line), dict) for line in text.split("\n") if line)
    else:
        if name != "fields":        # there Wireshark hands out values as they came, those of every protocol
            plain_text(text)
        if name != "-V":
            assert len(text.rstrip("\n").split("\n")) == frames, "a line a packet"
    plain_text(said)


@pytest.mark.parametrize("tap", ["ucmtrust,phones", "expert"])
def test_tables_of_tshark(packets, tap):
    plain_text(tshark.run("-q", "-z", tap, "-r", packets)[0])
