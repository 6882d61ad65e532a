# SPDX-License-Identifier: GPL-2.0-or-later
# check_ucm_truststore over folders: every situation of the lab must be found as what it is, and nothing else; then what
# the options, the JSON and the text promise. Must not know why a situation is what it is: see store_situations.py.
import re
import time

import pytest

from outcome import raw, run
from servers import free_port, nginx, public_folder
from trustlab.store_situations import TABLE

CHECK = "check_ucm_truststore"
NOW = int(time.time())


def made(name, lab_cache, folder):
    TABLE[name].scene(lab_cache, NOW).write(folder)
    return TABLE[name].words(folder)


def check(words, *more):
    return run(CHECK, *words, "--now", NOW, *more)


def look(words, *more):
    return check(words, "--output", "json", *more)


def found(out):
    return {(finding["where"], finding["id"]) for finding in out.json["findings"]}


@pytest.mark.parametrize("name", TABLE)
def test_situation(name, lab_cache, tmp_path):
    out = look(made(name, lab_cache, tmp_path))
    assert found(out) == {(where.format(dir=tmp_path), id_) for where, id_ in TABLE[name].expects}, out.text
    assert out.state == TABLE[name].state


def test_every_rule_has_a_situation():
    from tshark import TOP
    text = (TOP / "common" / "finding_table_store_rules.h").read_text()
    groups = re.findall(r"#define UCM_FINDINGS_STORE_(?:EXPIRY|CLUSTER|IMPORT)\(X\)(.*?)(?=\n\n)", text, re.S)
    known = set(re.findall(r'X\(UCM_\w+, "(ST-[A-Z-]+)"', "".join(groups)))
    elsewhere = {"ST-DATE-UNREADABLE", "ST-TOO-MANY",       # tests/unit
                 "ST-DATES-UNSEEN", "ST-IMPORT-ROLE-MISSING",   # test_store_text.py, test_store_axl.py
                 "ST-OWN-UNSEEN", "ST-PUBLISHER-UNSEEN"}    # below
    assert known == {id_ for row in TABLE.values() for _, id_ in row.expects} | elsewhere


# ---- what is promised ----

def test_texts_name_places_and_certificates(lab_cache, tmp_path):
    out = check(made("trust-missing", lab_cache, tmp_path), "-v")
    assert out.state == "WARNING" and out.findings == ["ST-TRUST-MISSING"]
    assert re.search(r"^warning ST-TRUST-MISSING destination/sub2/CallManager-trust: The trust store of a node lacks .*: "
                     r"CN=\S+ and 1 more \(destination/pub/CallManager-trust\)$", out.long, re.M), out.long
    assert "  means: What is accepted by one node" in out.long and "  do: " in out.long


def test_a_missing_ca_is_named(lab_cache, tmp_path):
    out = check(made("chain-missing", lab_cache, tmp_path))
    assert "source/pub/tomcat-trust: The trust store of a node lacks the CA" in out.summary
    assert "CN=Example Root CA and 1 more (source/pub/tomcat-trust)" in out.summary, "the issuing CA is there"


def test_both_clusters_are_named(lab_cache, tmp_path):
    out = check(made("import-no-capf", lab_cache, tmp_path))
    assert re.match(r"destination: A CAPF certificate of the other cluster is not in CallManager-trust: CN=CAPF-\w+ "
                    r"\(source/pub/CAPF\) \[ST-IMPORT-CAPF\]", out.summary), out.summary


def test_days_are_told(lab_cache, tmp_path):
    out = check(made("tvs-expiring-soon", lab_cache, tmp_path))
    assert re.search(r"TVS certificate of a node expires soon: on \d{4}-\d\d-\d\d, in 5 days: CN=cucm-src-sub.example", out.summary)
    assert out.perf["source_min_days"].value == 5
    assert check(made("tvs-expiring-soon", lab_cache, tmp_path), "-w", "5", "-c", "2").state == "OK"
    assert check(made("tvs-expiring", lab_cache, tmp_path), "-c", "31").state == "CRITICAL"


def test_what_is_only_trusted_never_turns_critical(lab_cache, tmp_path):
    assert check(made("trust-expiring", lab_cache, tmp_path), "-w", "100", "-c", "50").state == "WARNING"


def test_ignore(lab_cache, tmp_path):
    out = check(made("import-no-capf", lab_cache, tmp_path), "--ignore", "ST-IMPORT-CAPF")
    assert out.state == "OK" and "ignored: ST-IMPORT-CAPF" in out.summary


def test_many_findings_are_counted(lab_cache, tmp_path):
    out = look(made("recovery-key", lab_cache, tmp_path))
    assert out.json["findings"][0]["text"] == ("The key of ITLRecovery is smaller than those of CallManager (bits): expected 2048, "
                                               "found 1024: CN=ITLRECOVERY_cucm-src-pub.example and 1 more")


# ---- what was not seen is never good ----

def emptied(folder, *stores):
    """These stores were read, and hold nothing."""
    for store in stores:
        for path in folder.glob(f"{store}/*.pem"):
            path.unlink()


@pytest.fixture
def clean(lab_cache, tmp_path):
    """A function: stores of both clusters without any fault, and the words that judge one or both."""
    words = made("clean-pair", lab_cache, tmp_path)
    assert check(words).state == "OK" and not look(words).json["findings"]
    return tmp_path, words


def own(folder, *more):
    return look(("--dir", folder / "source", "--name", "source"), *more)


@pytest.mark.parametrize("store", ["CallManager", "ITLRecovery", "CAPF", "tomcat"])
def test_signers_of_the_other_cluster_that_were_not_seen(clean, store):
    folder, words = clean
    emptied(folder / "destination", f"*/{store}")
    out = look(words)
    assert (f"destination/{store}", "ST-IMPORT-UNSEEN") in found(out) and out.state == "UNKNOWN", out.text


@pytest.mark.parametrize("store", ["CallManager", "tomcat", "ipsec", "TVS"])
def test_a_node_without_its_own_certificate(clean, store):
    folder, _ = clean
    emptied(folder / "source", f"sub/{store}")
    out = own(folder)
    assert found(out) == {(f"source/sub/{store}", "ST-STORE-UNSEEN")} and out.state == "UNKNOWN"


@pytest.mark.parametrize("store", ["CallManager", "tomcat"])
def test_no_node_with_its_own_certificate(clean, store):
    folder, _ = clean
    emptied(folder / "source", f"*/{store}")
    out = own(folder)
    assert (f"source/{store}", "ST-OWN-UNSEEN") in found(out) and out.state == "UNKNOWN"


def test_an_unreadable_file_that_is_ignored_hides_nothing_else(clean):
    folder, _ = clean
    emptied(folder / "source", "sub/TVS")
    (folder / "source/sub/TVS/tvs.pem").write_text("cut")
    assert {id_ for _, id_ in found(own(folder))} == {"ST-FILE-UNREADABLE"}
    out = own(folder, "--ignore", "ST-FILE-UNREADABLE")
    assert found(out) == {("source/sub/TVS", "ST-STORE-UNSEEN")} and out.state == "UNKNOWN"


def test_what_lies_beside_an_unreadable_file_is_not_missing(clean):
    """It may be what the file holds."""
    folder, words = clean
    for path in (folder / "source").glob("*/Phone-SAST-trust/*.pem"):
        path.write_text("cut")
    out = look(words)
    assert {id_ for _, id_ in found(out)} == {"ST-FILE-UNREADABLE", "ST-IMPORT-UNSURE"} and out.state == "UNKNOWN", out.text


def test_ipsec_trust_that_is_empty_on_every_node(clean):
    folder, _ = clean
    emptied(folder / "source", "*/ipsec-trust")
    out = own(folder, "--publisher", "pub")
    assert found(out) == {("source/sub/ipsec-trust", "ST-IPSEC-MISSING")} and out.state == "WARNING", out.text


def test_the_publisher_by_name(clean):
    folder, _ = clean
    out = own(folder, "--publisher", "PUB")
    assert out.state == "OK" and out.json["stores"][0]["nodes"] == ["pub", "sub"]
    assert out.json["stores"][0]["publisher"] == "pub"
    out = own(folder, "--publisher", "pbu")
    assert found(out) == {("pbu", "ST-PUBLISHER-UNSEEN")} and out.state == "UNKNOWN"
    assert out.json["stores"][0]["nodes"] == ["pub", "sub"]


def test_one_node_in_other_letters(clean):
    """Sources write names of hosts as they like; the node is one."""
    folder, _ = clean
    (folder / "more/SUB").mkdir(parents=True)
    (folder / "source/sub/TVS").rename(folder / "more/SUB/TVS")
    out = own(folder, "--dir", folder / "more")
    assert out.state == "OK" and [name.lower() for name in out.json["stores"][0]["nodes"]] == ["pub", "sub"], out.text


def test_a_source_that_adds_nothing_new(clean):
    folder, _ = clean
    out = own(folder, "--dir", folder / "source")
    assert out.state == "OK" and not out.json["findings"]


# ---- lists beside the stores ----

@pytest.fixture
def served(lab_cache):
    """A TFTP node's files, over HTTP."""
    with public_folder() as folder:
        TABLE["mode"].scene(lab_cache, NOW).write(folder)
        with nginx(folder) as port:
            yield folder, f"http://127.0.0.1:{port}"


def test_a_ctl_from_a_server(served):
    folder, url = served
    words = ("--dir", folder / "source", "--name", "source")
    out = look(words, "--ctl", f"{url}/CTLFile.tlv", "--mode", "non-secure")
    assert found(out) == {("source", "ST-MODE")} and out.state == "WARNING"
    assert look(words, "--ctl", f"{url}/CTLFile.tlv", "--mode", "mixed").state == "OK"
    # A server without a CTL is that of a cluster in non-secure mode.
    assert look(words, "--ctl", f"{url}/none.tlv", "--mode", "non-secure").state == "OK"
    assert found(look(words, "--ctl", f"{url}/none.tlv", "--mode", "mixed")) == {("source", "ST-MODE")}


def test_lists_that_cannot_be_read(served, tmp_path):
    folder, url = served
    words = ("--dir", folder / "source", "--mode", "non-secure")
    junk = tmp_path / "junk"
    junk.write_bytes(b"no list at all")
    cut = tmp_path / "cut"
    cut.write_bytes((folder / "CTLFile.tlv").read_bytes()[:200])
    closed = f"http://127.0.0.1:{free_port()}/CTLFile.tlv"
    for option in ("--ctl", "--list"):
        for where in (tmp_path / "none", tmp_path, junk, cut, closed):
            out = look(words, option, where)
            assert found(out) == {(str(where), "ST-LIST-UNSEEN")}, where
            assert out.state == "UNKNOWN"
    changed = tmp_path / "changed"
    data = bytearray((folder / "CTLFile.tlv").read_bytes())
    data[-40] ^= 1
    changed.write_bytes(data)
    shorter = tmp_path / "shorter"              # between two bytes of its last record
    shorter.write_bytes((folder / "CTLFile.tlv").read_bytes()[:-300])
    for option in ("--ctl", "--list"):
        for where in (changed, shorter):
            out = look(words, option, where)
            assert found(out) == {(str(where), "ST-LIST-UNSEEN")} and out.state == "UNKNOWN", (option, where)
    assert found(look(words, "--list", f"{url}/none.tlv")) == {(f"{url}/none.tlv", "ST-LIST-UNSEEN")}
    assert look(words, "--list", f"{url}/ITLFile.tlv").state == "OK"


def test_usage(tmp_path):
    (tmp_path / "tomcat").mkdir()
    for words in (["--emcc"], ["--ctl", "ftp://127.0.0.1/CTLFile.tlv"], ["--list", "gopher://x"], ["--one-way"],
                  ["--expect-name", "x"], ["--expect-from", "sydney"], ["--expect-from", "nothing:/x"], ["--mode", "open"],
                  ["--cluster-version", "new"]):
        out = check(["--dir", tmp_path, *words])
        assert out.state == "UNKNOWN" and out.usage, words
        assert words[0] in out.summary
    both = ["--dir", tmp_path, "--expect-from", f"dir:{tmp_path}"]
    for names in (["--name", "a", "--expect-name", "A"], ["--name", "other"], ["--expect-name", "cluster"],
                  ["--name", "a=b", "--expect-name", "a_b"]):
        out = check([*both, *names])
        assert out.state == "UNKNOWN" and out.usage and "another name" in out.summary, names
    text = raw(CHECK, "--help").stdout.decode()
    for word in ("--emcc", "--ctl", "--list", "--expect-from", "--one-way", "--publisher", "--mode"):
        assert word in text, word


def test_the_lab_writes_them(lab_cache, tmp_path):
    """As a person would: the lab's command, and the line that it prints."""
    import subprocess
    import sys
    from conftest import LAB
    done = subprocess.run([sys.executable, LAB, "stores", "import-none", tmp_path / "x"], check=True, capture_output=True)
    name, *words = done.stdout.decode().split()
    assert name == CHECK
    out = run(CHECK, *words)
    assert out.state == "CRITICAL" and out.findings == ["ST-IMPORT-NONE"]
    listed = subprocess.run([sys.executable, LAB, "stores", "--list"], check=True, capture_output=True).stdout.decode()
    assert {line.split()[0] for line in listed.splitlines()} == set(TABLE)
