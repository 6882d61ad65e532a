# SPDX-License-Identifier: GPL-2.0-or-later
# The inventory of check_ucm_consistency: every mistake that can be made in one is named by file and line, with what was
# expected, and ends in UNKNOWN before anybody is asked. Must not know what a check says about clusters.
import os
import re

import pytest

from outcome import raw, run
from servers import NOBODY, as_user, public_folder

CHECK = "check_ucm_consistency"
GOOD = """# two clusters
[cluster brisbane]
version = 11.5
mode = mixed
cm_group = pub, sub
emcc = yes
http_port = 6970

; the nodes
[node brisbane/pub]
address = 192.0.2.11
services = tftp, tvs
itl = pub.tlv
[node brisbane/sub]
services = tvs
itl = pub.tlv

[cluster sydney]
[node sydney/pub]
itl = pub.tlv
"""
C, N = "[cluster a]\n", "[cluster a]\n[node a/b]\n"

# name: (text, line, words of what was expected, what was got)
MISTAKES = {
    "empty": ("", None, "[cluster NAME]", None),
    "only comments": ("# nothing\n; here\n", None, "[cluster NAME]", None),
    "no node": (C, None, "[node a/NAME]", None),
    "key before any section": ("mode = mixed\n" + N, 1, "[cluster NAME]", "mode"),
    "unknown section": (N + "[trunk x]\n", 3, "[node CLUSTER/NAME]", "trunk x"),
    "section without its end": ("[cluster a\n", 1, "]", "[cluster a"),
    "cluster without a name": ("[cluster ]\n", 1, "[cluster NAME]", "cluster"),
    "cluster with a bad name": ("[cluster a b]\n", 1, "name", "a b"),
    "cluster with a slash": ("[cluster a/b]\n", 1, "name", "a/b"),
    "name of 65 bytes": (f"[cluster {'x' * 65}]\n", 1, "64", "x" * 65),
    "name that is not ASCII": ("[cluster zürich]\n", 1, "name", None),
    "cluster twice": (N + "[cluster a]\n", 3, "once", "a"),
    "node twice": (N + "[node a/b]\n", 3, "once", "a/b"),
    "node before its cluster": ("[node a/b]\n" + C, 1, "cluster", "a/b"),
    "node without a cluster": (C + "[node b]\n", 2, "[node CLUSTER/NAME]", "b"),
    "node without a name": (C + "[node a/]\n", 2, "[node CLUSTER/NAME]", "a/"),
    "unknown key of a cluster": (C + "color = red\n[node a/b]\n", 2, "version", "color"),
    "unknown key of a node": (N + "color = red\n", 3, "address", "color"),
    "key of a node in a cluster": (C + "address = 192.0.2.1\n", 2, "version", "address"),
    "key of a cluster in a node": (N + "mode = mixed\n", 3, "address", "mode"),
    "key in capitals": (C + "Mode = mixed\n", 2, "mode", "Mode"),
    "key twice": (C + "emcc = yes\nemcc = no\n[node a/b]\n", 3, "once", "emcc"),
    "key without a value": (C + "emcc =\n[node a/b]\n", 2, "value", None),
    "node without TFTP in the whole cluster": (N + "services = tvs\n", 1, "services = tftp", "a"),
    "key without its certificate": (C + "client_key = key.pem\n[node a/b]\n", 1, "client_cert", "a"),
    "CTL without an ITL": (N + "ctl = x.tlv\n", 2, "itl", "b"),
    "more than 500 clusters": ("".join(f"[cluster c{at}]\n" for at in range(501)), 501, "500", "c500"),
    "more than 64 nodes": (C + "".join(f"[node a/n{at}]\n" for at in range(65)), 66, "64", "a/n64"),
    "more than 32 nodes that phones ask":
        (C + "".join(f"[node a/n{at}]\n" for at in range(33)), 1, "at most 32", "a"),
    "more than 32 nodes in a group":
        (C + "cm_group = " + ", ".join(f"n{at}" for at in range(33)) + "\n" +
         "".join(f"[node a/n{at}]\n" for at in range(40)), 2, "at most 32", "a"),
    "one address for two nodes":
        (C + "[node a/b]\naddress = cucm.example\n[node a/c]\naddress = CUCM.example\n", 4, "no other", "CUCM.example"),
    "an address that is the name of another node": (C + "[node a/b]\n[node a/c]\naddress = b\n", 3, "no other", "b"),
    "no equals sign": (C + "emcc yes\n", 2, "=", "emcc yes"),
    "version of words": (C + "version = new\n", 2, "11.5", "new"),
    "version zero": (C + "version = 0\n", 2, "11.5", "0"),
    "version too long": (C + "version = 1234.5\n", 2, "11.5", "1234.5"),
    "version with a space": (C + "version = 14 SU3\n", 2, "11.5", "14 SU3"),
    "mode": (C + "mode = secure\n", 2, "mixed or non-secure", "secure"),
    "emcc": (C + "emcc = 1\n", 2, "yes or no", "1"),
    "group with an unknown node": (C + "cm_group = b, c\n[node a/b]\n", 2, "cm_group", "c"),
    "group with a node twice": (C + "cm_group = b, b\n[node a/b]\n", 2, "once", "b"),
    "group with nothing between commas": (C + "cm_group = b,,b\n[node a/b]\n", 2, "comma", "b,,b"),
    "group with a node without TVS": (C + "cm_group = b\n[node a/b]\nservices = tftp\n", 2, "tvs", "b"),
    "group with a node of another cluster": (C + "cm_group = c\n[node a/b]\n[cluster d]\n[node d/c]\n", 2, "cm_group", "c"),
    "services": (N + "services = ftp\n", 3, "tftp", "ftp"),
    "services twice": (N + "services = tvs, tvs\n", 3, "tftp", "tvs, tvs"),
    "services none and more": (N + "services = none, tvs\n", 3, "none", "none, tvs"),
    "port zero": (N + "tvs_port = 0\n", 3, "65535", "0"),
    "port too large": (C + "http_port = 65536\n", 2, "65535", "65536"),
    "port with more": (N + "tftp_port = 69x\n", 3, "65535", "69x"),
    "port negative": (N + "tomcat_port = -1\n", 3, "65535", "-1"),
    "address that is a URL": (N + "address = http://x/\n", 3, "address", "http://x/"),
    "address with a space": (N + "address = 192.0.2.1 192.0.2.2\n", 3, "address", "192.0.2.1 192.0.2.2"),
    "client key alone": (C + "client_key = x.pem\n[node a/b]\n", None, "client_cert", None),
}


def write(folder, text):
    path = folder / "clusters.ini"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(path, *arguments):
    out = run(CHECK, "-i", path, *arguments)
    assert out.state == "UNKNOWN" and out.usage, out.text
    return out.summary


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake(name, tmp_path):
    text, line, expected, got = MISTAKES[name]
    path = write(tmp_path, text)
    said = refused(path)
    match = re.search(re.escape(str(path)) + r":(\d+): expected (.*), got \"(.*?)\"(?: \(see --help\))?$", said)
    assert match, said
    assert line is None or int(match[1]) == line, said
    assert expected in match[2], said
    assert got is None or match[3] == got, said


def test_good_one(lab, tmp_path):
    (tmp_path / "pub.tlv").write_bytes((lab / "source/nodes/pub/tftp/ITLFile.tlv").read_bytes())
    out = run(CHECK, "-i", write(tmp_path, GOOD), "--cluster", "sydney", "--output", "json")
    assert out.state == "OK" and out.json["clusters"][0]["nodes"] == [{"name": "pub", "looked": True, "why": None}]
    windows = GOOD.replace("\n", "\r\n")
    assert run(CHECK, "-i", write(tmp_path, windows), "--cluster", "sydney").state == "OK"
    assert run(CHECK, "-i", write(tmp_path, GOOD.rstrip("\n")), "--cluster", "sydney").state == "OK"


@pytest.mark.parametrize("version, shown", [("11.5", "11.5"), ("14", "14.0"), ("14SU3", "14.0"), ("12.5(1)SU2", "12.5"),
                                            ("8.6", "8.6"), ("15.0.1.10000-32", "15.0")])
def test_versions(version, shown, lab, tmp_path):
    (tmp_path / "pub.tlv").write_bytes((lab / "source/nodes/pub/tftp/ITLFile.tlv").read_bytes())
    out = run(CHECK, "-i", write(tmp_path, GOOD.replace("11.5", version)), "--cluster", "brisbane", "--output", "json")
    assert out.json["clusters"][0]["version"].startswith(shown.partition(".")[0]), out.text
    assert out.json["clusters"][0]["version"] in (shown, version)


def test_version_that_is_not_given(lab, tmp_path):
    (tmp_path / "pub.tlv").write_bytes((lab / "source/nodes/pub/tftp/ITLFile.tlv").read_bytes())
    out = run(CHECK, "-i", write(tmp_path, GOOD), "--cluster", "sydney", "--output", "json")
    cluster = out.json["clusters"][0]
    assert cluster["version"] is None and cluster["expected"] is None and cluster["mode"] == "non-secure"


def test_bytes_that_are_no_text(tmp_path):
    for data in (b"\0" * 40, GOOD.encode() + b"\0", b"[cluster a\xff]\n", b"[cluster \x1b[31ma]\n", b"\xff\xfe[\0"):
        refused(write(tmp_path, data))


def test_line_of_a_nul(tmp_path):
    assert ":3: expected a text file" in refused(write(tmp_path, b"[cluster a]\n[node a/b]\nservices = tftp\0\n"))


def test_byte_order_mark(tmp_path):
    """An editor's mark before the first section: taken, or refused with its line."""
    out = run(CHECK, "-i", write(tmp_path, "\ufeff" + GOOD), "--cluster", "nowhere")
    assert out.usage and ("nowhere" in out.summary or ":1: expected" in out.summary or ":2: expected" in out.summary)


def test_each_line_left_out_or_cut(lab, tmp_path):
    """Whatever is left: a result or a mistake with its line, never anything else."""
    (tmp_path / "pub.tlv").write_bytes((lab / "source/nodes/pub/tftp/ITLFile.tlv").read_bytes())
    lines, mistakes = GOOD.splitlines(keepends=True), 0
    for at in range(len(lines)):
        for left in (lines[:at] + lines[at + 1:], lines[:at] + [lines[at][:len(lines[at]) // 2] + "\n"] + lines[at + 1:]):
            out = run(CHECK, "-i", write(tmp_path, "".join(left)), "--cluster", "sydney", "-t", "2")
            assert out.state in ("OK", "UNKNOWN", "CRITICAL", "WARNING")
            mistakes += out.usage
            assert not out.usage or re.search(r":\d+: expected |no cluster|sydney", out.summary), out.text
    assert mistakes > 15


def test_files_that_cannot_be_read(tmp_path):
    for path in (tmp_path / "none.ini", tmp_path, "/dev/null"):
        assert refused(path)
    assert str(tmp_path / "none.ini") in refused(tmp_path / "none.ini")
    large = tmp_path / "large.ini"
    large.write_bytes(b"#" * (2 << 20) + b"\n" + GOOD.encode())
    assert "2 MiB" in refused(large)
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    out = run(CHECK, "-i", fifo, "-t", "1", limit=5)
    assert out.state == "UNKNOWN" and out.seconds < 2


def test_permission():
    with public_folder({"clusters.ini": GOOD.encode()}) as folder:
        path = folder / "clusters.ini"
        path.chmod(0o000)
        out = run(CHECK, "-i", path, before=as_user())
        assert out.usage and out.state == "UNKNOWN" and "ermission" in out.summary, (NOBODY, out.text)


def test_no_inventory():
    assert run(CHECK).usage
    assert run(CHECK, "-i", "").usage
    assert "-i" in run(CHECK).summary


def test_names_on_the_command_line(lab):
    path = lab / "offline.ini"
    for words in (["--cluster", "nowhere"], ["--from", "nowhere", "--to", "source"], ["--from", "source", "--to", "nowhere"],
                  ["--cluster", "Source"], ["--cluster", ""]):
        said = refused(path, *words)
        assert "nowhere" in said or "Source" in said or words[-1] == "", said
    refused(path, "--from", "source", "--to", "source")
    refused(path, "--from", "source")


def test_what_was_written_is_escaped(tmp_path):
    said = refused(write(tmp_path, "[cluster a|b\x07]\n"))
    assert "|" not in said and "\x07" not in said


def test_lab_writes_both(lab):
    """The lab's own inventories are good, and the offline one asks nobody."""
    out = run(CHECK, "-i", lab / "offline.ini", "--output", "json")
    assert out.state == "OK" and out.json["tvs"] == [] and len(out.json["clusters"]) == 2
    text = (lab / "inventory.ini").read_text()
    assert re.findall(r"^address = (.*)$", text, re.M) == ["192.0.2.11", "192.0.2.12", "198.51.100.11", "198.51.100.12",
                                                           "198.51.100.13"]
    assert "itl" not in text


def test_files_are_relative_to_the_inventory(lab, tmp_path):
    linked = tmp_path / "linked"
    linked.symlink_to(lab)
    for path in (linked / "offline.ini", os.path.relpath(lab / "offline.ini")):
        assert run(CHECK, "-i", path).state == "OK"
    assert raw(CHECK, "-i", tmp_path / "offline.ini").returncode == 3
