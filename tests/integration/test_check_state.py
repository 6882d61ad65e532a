# SPDX-License-Identifier: GPL-2.0-or-later
# The folder of check_ucm_trustlist --state: what is kept in it and for how long, and one that is attacked, damaged,
# full or shared. Must not read state files, except to damage them.
import fcntl
import os
from pathlib import Path
import re
import shutil
import subprocess
import tempfile

import pytest

from outcome import run
from servers import LOOPBACK, NOBODY, Misbehaving, as_user, atftpd, build, public_folder
from test_check_continuity import (CHECK, DAY, NOW, Site, before_and_after, ids, made, node,  # noqa: F401 (fixtures)
                                   phone_notes, site, verdicts)


# ---- what is kept ----

def test_accept(site, made):
    before_and_after(site, made(), made("source/callmanager-pub"))
    assert site.check().state == "WARNING"
    out = site.json("--accept")
    assert out.state == "OK" and phone_notes(out) == ["PHONE-ACCEPTED"] and out.json["continuity"] == []
    out = site.json(now=NOW + DAY)
    assert out.state == "OK" and verdicts(out) == ["KEEP"] and out.json["continuity"][0]["held_since"] == NOW


def test_history_expires(site, made):
    before_and_after(site, made(), made("source/callmanager-pub"))
    assert site.check("--history", "10d", now=NOW + 10 * DAY).state == "WARNING"
    out = site.json("--history", "10", now=NOW + 10 * DAY + 1)
    assert out.state == "OK" and verdicts(out) == ["KEEP"]
    out = site.json("--history", "10", now=NOW + 30 * DAY)
    assert out.state == "OK" and phone_notes(out) == ["PHONE-NO-HISTORY"]


def test_only_what_verifies_is_kept(site, made, crafted):
    site.serve(made())
    site.check()
    kept = site.state_file().read_bytes()
    good = {path.name: path.read_bytes() for path in site.files.iterdir()}
    damaged = bytearray(good["ITLFile.tlv"])
    damaged[-1] ^= 1
    for files in ({**good, "ITLFile.tlv": bytes(damaged)}, {**good, "CTLFile.tlv": b"no list"},
                  {**good, "ITLFile.tlv": good["CTLFile.tlv"]}, {"CTLFile.tlv": good["CTLFile.tlv"]}):
        site.put(files)
        out = site.json(now=NOW + 5, limit=30)
        assert ids(out, "unknown") == ["PHONE-NOT-JUDGED"] and out.json["continuity"] == []
        assert site.state_file().read_bytes() == kept
        words = [word for one in out.json["findings"] for word in ("--ignore", one["id"])
                 if one["id"] != "PHONE-NOT-JUDGED"]
        assert site.check(*words, now=NOW + 5).state == "UNKNOWN"


def lists_of(lab_cache, count):
    """Valid lists that differ in their time only."""
    from trustlab import crafted as rows
    bench = rows.Bench(lab_cache, NOW)
    for number in range(count):
        made_list = bench.itl()
        made_list.timestamp = NOW - 1000 + number
        yield made_list.encode()


def test_too_many_lists(site, lab_cache):
    for number, data in enumerate(lists_of(lab_cache, 35)):
        site.put({"ITLFile.tlv": data})
        out = site.json(now=NOW + number)
        assert ("PHONE-HISTORY-FULL" in ids(out)) == (number >= 32), number
    out = site.json(now=NOW + 40)
    assert out.state == "WARNING" and len(out.json["continuity"]) == 32
    assert site.json("--accept", now=NOW + 41).state == "OK"
    assert site.json(now=NOW + 42).state == "OK"


# ---- the folder under attack ----

def unusable(out, *words):
    assert out.state == "UNKNOWN" and ids(out, "unknown") == ["PHONE-STATE-UNUSABLE"], out.text
    for word in words:
        assert str(word) in out.json["summary"]


def test_folder_that_is_a_link(site, made, tmp_path):
    site.serve(made())
    target = tmp_path / "target"
    target.mkdir(mode=0o700)
    site.state.symlink_to(target)
    unusable(site.json(), site.state, "link")
    site.state = Path(f"{site.state}/")
    unusable(run(CHECK, *site.arguments[:-1], f"{site.state}//", "--now", NOW, "--output", "json"), "link")
    assert list(target.iterdir()) == []


def test_folder_that_others_can_use(site, made, tmp_path):
    site.serve(made())
    site.state.mkdir()
    for mode in (0o755, 0o770, 0o701):
        site.state.chmod(mode)
        unusable(site.json(), "open to others")
    site.state.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(site.state, NOBODY.pw_uid, NOBODY.pw_gid)
        unusable(site.json(), "belongs to user")
        os.chown(site.state, 0, 0)
    assert site.json().state == "OK"
    site.state = tmp_path / "none" / "state"
    unusable(site.json(), "cannot be made", "No such file")
    (tmp_path / "file").write_text("")
    site.state = tmp_path / "file"
    unusable(site.json())


@pytest.mark.parametrize("which", ["state", "lock"])
def test_file_that_is_a_link(site, made, tmp_path, which):
    site.serve(made())
    site.check()
    path = site.state_file() if which == "state" else site.state / "lock"
    victim = tmp_path / "victim"
    shutil.move(path, victim)
    path.symlink_to(victim)
    kept = victim.read_bytes()
    unusable(site.json(now=NOW + 5), "link")
    assert path.is_symlink() and victim.read_bytes() == kept


def test_temporary_file_that_is_a_link(site, made, tmp_path):
    site.serve(made())
    site.check()
    victim = tmp_path / "victim"
    victim.write_text("mine")
    Path(f"{site.state_file()}.new").symlink_to(victim)
    assert site.json(now=NOW + 5).state == "OK" and victim.read_text() == "mine"
    assert sorted(path.name for path in site.state.iterdir()) == sorted(["lock", site.state_file().name])


def test_other_kinds_of_file(site, made):
    site.serve(made())
    site.check()
    path = site.state_file()
    data = path.read_bytes()
    path.chmod(0o640)
    unusable(site.json(), "open to others")
    path.unlink()
    os.mkfifo(path, 0o600)
    unusable(site.json(limit=5), "not a regular file")
    path.unlink()
    path.mkdir(0o700)
    unusable(site.json(), "not a regular file")
    path.rmdir()
    with open(path, "wb") as out:
        out.truncate(1 << 30)
    path.chmod(0o600)
    unusable(site.json(limit=10), "larger than")
    path.write_bytes(data)
    assert site.json().state == "OK"


def test_damaged_file(site, made):
    site.serve(made())
    site.check()
    path = site.state_file()
    data = path.read_bytes()
    kinds = [b"", b"\0" * 300, data[:-1], data + b"x", data[:100] + bytes([data[100] ^ 1]) + data[101:], data[84:],
             data.replace(b"state 1", b"state 2"), data[:60]]
    for at in range(0, len(data), len(data) // 40):
        kinds.append(data[:at])
        kinds.append(data[:at] + b"\xff" + data[at + 1:])
    for damaged in kinds:
        path.write_bytes(damaged)
        unusable(site.json(), path.name, "delete it")
        assert path.read_bytes() == damaged
    out = site.json("--accept")
    assert out.state == "OK" and phone_notes(out) == ["PHONE-ACCEPTED"]
    assert verdicts(site.json()) == ["KEEP"]


def test_hostile_content_with_a_right_digest(site, made):
    """Who can write the file can also count: nothing that stands in it is believed."""
    import hashlib
    site.serve(made())
    site.check()
    path = site.state_file()
    head, _, body = path.read_bytes().partition(b"\n")
    text = body.decode()
    first = re.search(r"^first=\d+$", text, re.M)[0]
    inside = re.search(r"^[0-9a-f]{64}=.{4000}(.)", text, re.M)
    for hostile in (text.replace(first, "first=-1"), text.replace(first, "first=99999999999999999999"),
                    text.replace(first, ""), text.replace("itl=", "itl=0"), text.replace("source=", "source=x"),
                    text[:inside.start(1)] + ("A" if inside[1] != "A" else "B") + text[inside.end(1):],
                    text.replace("[pair-1]", "[pair-1]\n[pair-2]"), text.replace("evicted=0", "evicted=x"),
                    "", "[", "\xff", text.replace("itl=", "itx="),
                    re.sub("ctl=(.*)\nitl=.*|itl=.*\nctl=(.*)", r"itl=\1\2\nctl=\1\2", text)):
        data = hostile.encode("latin-1")
        path.write_bytes(b"ucmtrust-state 1 " + hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
        unusable(site.json(), path.name)


# ---- writing fails ----

def test_no_room_left(site, made):
    before_and_after(site, made(), made("source/callmanager-pub"))
    kept = site.state_file().read_bytes()
    out = site.json(before=("prlimit", "--fsize=1000"))
    assert out.state == "UNKNOWN" and set(ids(out)) == {"PHONE-STATE-UNUSABLE", "PHONE-TVS-NOT-ASKED"}
    assert "File too large" in out.json["summary"]
    assert site.state_file().read_bytes() == kept and len(list(site.state.iterdir())) == 2
    assert ids(site.json()) == ["PHONE-TVS-NOT-ASKED"]


def test_read_only_folder(node, made):
    """As an ordinary user, whom permissions stop."""
    with tempfile.TemporaryDirectory() as top:
        os.chmod(top, 0o777)
        site = Site(*node, Path(top) / "state")
        site.serve(made())
        assert site.check(before=as_user()).state == "OK"
        kept = site.state_file().read_bytes()
        site.state.chmod(0o500)
        site.serve(made("source/callmanager-pub"))
        out = site.json(before=as_user())
        assert out.state == "UNKNOWN" and set(ids(out)) == {"PHONE-STATE-UNUSABLE", "PHONE-TVS-NOT-ASKED"}
        assert site.state_file().read_bytes() == kept
        site.state.chmod(0o700)


# ---- two runs at once ----

def test_lock_that_is_not_given_back(site, made):
    site.serve(made())
    site.check()
    kept = site.state_file().read_bytes()
    with open(site.state / "lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        out = site.json("-t", "1", now=NOW + 5)
    unusable(out, "another run held the lock")
    assert out.seconds < 1.5 and site.state_file().read_bytes() == kept


def test_runs_at_once_lose_nothing(tmp_path, lab_cache):
    """Each of them is served another list by the same node: all must have been kept."""
    count = 8
    lists = iter(list(lists_of(lab_cache, count)))

    def answer(one, closing):
        request = one.recv(4096)
        if b"ITLFile" in request:
            data = next(lists)
            one.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(data) + data)
        else:
            one.sendall(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        one.close()

    with Misbehaving(answer) as http, public_folder() as empty, atftpd(empty) as tftp:
        words = ["-H", LOOPBACK, "-p", str(http.port), "--tftp-port", str(tftp), "--state", str(tmp_path / "state"),
                 "--now", str(NOW), "-t", "20"]
        all_of_them = [subprocess.Popen([build() / "nagios" / CHECK, *words], stdout=subprocess.PIPE)
                       for _ in range(count)]
        outputs = [one.communicate(timeout=30)[0].decode() for one in all_of_them]
        assert all(text.startswith("OK - ") for text in outputs), outputs
        lists = iter(list(lists_of(lab_cache, 1)))
        out = run(CHECK, *words, "--output", "json")
    assert len(out.json["continuity"]) == count, out.text
    assert sorted(path.name for path in (tmp_path / "state").iterdir())[-1] == "lock"
