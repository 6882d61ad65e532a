# SPDX-License-Identifier: GPL-2.0-or-later
# check_ucm_truststore --dir: what is read from folders and files, and what is said about all else that lies there.
import hashlib
import json
import os
import shutil
import ssl
import subprocess

import pytest

from outcome import run
from servers import as_user, build

CHECK = "check_ucm_truststore"


def read(*folders, options=()):
    words = [word for folder in folders for word in ("--dir", folder)]
    return run(CHECK, *words, "--output", "json", *options)


def findings(out):
    return sorted((one["id"], os.path.basename(one["where"])) for one in out.json["findings"])


def places(out):
    return sorted((one["node"] or "", one["store"] or "", one["sha256"]) for one in out.json["stores"][0]["certificates"])


@pytest.fixture
def stores(lab, tmp_path):
    return shutil.copytree(lab / "source/stores", tmp_path / "stores")


def test_each_certificate_has_its_place(stores):
    expected = sorted((path.parts[-3], path.parts[-2],
                       hashlib.sha256(ssl.PEM_cert_to_DER_cert(path.read_text())).hexdigest())
                      for path in stores.glob("*/*/*.pem"))
    out = read(stores)
    assert places(out) == expected and out.state == "OK" and findings(out) == []
    assert out.json["stores"][0]["nodes"] == ["pub", "sub"]


def test_without_nodes(stores):
    """One node's folder: its stores, and no node."""
    out = read(stores / "pub")
    assert out.json["stores"][0]["nodes"] == [] and {one[0] for one in places(out)} == {""}
    assert "CallManager" in out.json["stores"][0]["complete"]


def test_an_empty_store_is_known_to_be_empty(stores):
    shutil.rmtree(stores / "pub/Phone-SAST-trust")
    (stores / "pub/Phone-SAST-trust").mkdir()
    shutil.rmtree(stores / "pub/tomcat-trust")
    whole = read(stores / "pub").json["stores"][0]["complete"]
    assert "Phone-SAST-trust" in whole and "tomcat-trust" not in whole


def test_der_and_several_in_a_file(lab, stores, tmp_path):
    bundle = tmp_path / "bundle"
    (bundle / "CallManager-trust").mkdir(parents=True)
    files = sorted((stores / "pub/CallManager-trust").glob("*.pem"))
    text = b"Subject: of the first\r\n".join(path.read_bytes() for path in files).replace(b"\n", b"\r\n")
    (bundle / "CallManager-trust/all.txt").write_bytes(text)
    (bundle / "TVS").mkdir()
    shutil.copy(lab / "source/certs/tvs-pub.der", bundle / "TVS")
    out = read(bundle)
    assert len([one for one in places(out) if one[1] == "CallManager-trust"]) == len(files)
    assert len([one for one in places(out) if one[1] == "TVS"]) == 1 and findings(out) == []


def test_the_same_certificate_is_there_once(stores):
    shutil.copy(stores / "pub/TVS/tvs-pub.pem", stores / "pub/TVS/copy.pem")
    assert len([one for one in places(read(stores)) if one[:2] == ("pub", "TVS")]) == 1


def test_a_single_file(lab):
    out = read(lab / "source/certs/capf.pem")
    assert [one[:2] for one in places(out)] == [("", "")]


def spoil(folder, kind):
    """A file beside good ones; returns its name."""
    path = folder / ("notes.txt" if kind == "foreign" else "spoilt.pem")
    good = next(folder.glob("*.pem")).read_text()
    if kind in ("foreign", "no block"):
        path.write_text("certificates of 2023, see ticket\n")
    elif kind == "empty":
        path.write_text("")
    elif kind == "cut":
        path.write_text(good[:len(good) // 2])
    elif kind == "no base64":
        path.write_text(good.replace("M", "*"))
    elif kind == "not DER":
        path.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    elif kind == "nearly DER":
        path.write_bytes(b"\x30\x82\x01\x00" + b"\x00" * 300)
    elif kind == "huge":
        with open(path, "wb") as file:
            file.write(good.encode())
            file.truncate(500 << 20)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "nowhere":
        path.symlink_to("nowhere.pem")
    return path.name


@pytest.mark.parametrize("kind, expected", [
    ("foreign", "ST-FILE-FOREIGN"), ("no block", "ST-FILE-UNREADABLE"), ("empty", "ST-FILE-UNREADABLE"), ("cut", "ST-FILE-UNREADABLE"),
    ("no base64", "ST-FILE-UNREADABLE"), ("not DER", "ST-FILE-UNREADABLE"), ("nearly DER", "ST-FILE-UNREADABLE"),
    ("huge", "ST-FILE-UNREADABLE"), ("pipe", "ST-FILE-UNREADABLE"), ("nowhere", "ST-FILE-UNREADABLE")])
def test_a_spoilt_file_is_named_and_the_rest_is_read(stores, kind, expected):
    whole = places(read(stores))
    name = spoil(stores / "pub/TVS", kind)
    out = read(stores)
    assert findings(out) == [(expected, name)] and places(out) == whole
    assert out.state == ("OK" if expected == "ST-FILE-FOREIGN" else "UNKNOWN")
    assert ("TVS" in out.json["stores"][0]["complete"]) == (expected == "ST-FILE-FOREIGN")


@pytest.mark.parametrize("name", ["a.pem", "a.DER", "a.cer", "a.Crt", "a.p7b"])
def test_names_that_promise_a_certificate(stores, name):
    (stores / "pub/TVS" / name).write_bytes(b"PK\x03\x04")
    out = read(stores)
    assert findings(out) == [("ST-FILE-UNREADABLE", name)] and "no certificate in it" in out.text


def test_private_keys(lab, stores):
    shutil.copy(lab / "source/certs/tvs-pub.key", stores / "pub/TVS/tvs-pub.pem.txt")
    out = read(stores)
    assert findings(out) == [("ST-PRIVATE-KEY", "tvs-pub.pem.txt")] and out.state == "WARNING"
    assert "BEGIN" not in out.text


def test_a_broken_block_between_good_ones(stores):
    path = stores / "pub/TVS/tvs-pub.pem"
    good = path.read_text()
    path.write_text(good[:200] + "\n" + good)
    out = read(stores)
    assert findings(out) == [("ST-FILE-UNREADABLE", "tvs-pub.pem")]
    assert "at byte 0" in out.json["findings"][0]["text"]
    assert len([one for one in places(out) if one[:2] == ("pub", "TVS")]) == 1


def test_folders_that_are_no_stores(stores):
    (stores / "pub/Phone-Trusted").mkdir()
    (stores / "pub/TVS/old").mkdir()
    out = read(stores)
    assert findings(out) == [("ST-FILE-FOREIGN", "Phone-Trusted"), ("ST-FILE-FOREIGN", "old")]


def test_nothing_there(tmp_path):
    assert [one[0] for one in findings(read(tmp_path / "nowhere"))] == ["ST-UNSEEN"]
    assert [one[0] for one in findings(read(tmp_path))] == ["ST-NO-CERTIFICATE"]
    assert read(tmp_path).state == "UNKNOWN"


def test_a_folder_that_may_not_be_read(stores):
    """As an ordinary user, whom permissions stop."""
    if as_user():
        above = [path for path in stores.parents if any(word in path.name for word in ("pytest-", "popen-", "test_"))]
        for path in [*stores.rglob("*"), stores, *above]: # with several workers, one more
            path.chmod(0o755 if path.is_dir() else 0o644)
    (stores / "sub").chmod(0)
    process = subprocess.run([*as_user(), build() / "nagios" / CHECK, "--dir", stores, "--output", "json"],
                             stdout=subprocess.PIPE, check=False)
    (stores / "sub").chmod(0o755)
    answer = json.loads(process.stdout)
    assert process.returncode == 3 and [one["id"] for one in answer["findings"]] == ["ST-FILE-UNREADABLE"]


def test_hostile_names(stores):
    name = "a|b\x1b[31m\n\xff.pem".encode("latin-1")
    with open(os.path.join(os.fsencode(stores), b"pub/TVS", name), "wb") as file:
        file.write(b"junk")
    out = run(CHECK, "--dir", stores, "-v")
    assert "\\x7c" in out.long.lower() and "ST-FILE-UNREADABLE" in out.long
