# SPDX-License-Identifier: GPL-2.0-or-later
# check_ucm_truststore --pkcs12 from a real SFTP server: folders and files, whom it logs in to and how, servers that are
# none or fall silent. Not shown: a login by password that succeeds, which OpenSSH grants only to root or with PAM.
from concurrent.futures import ThreadPoolExecutor
import shutil
import subprocess
import time

import pytest

from outcome import build, raw, run
from servers import Misbehaving, close_at_once, free_port, full_backlog, public_folder, reset, sends, silent
import sshserver
from test_store_pkcs12 import (CHECK, JUNK, LOGIN, PASSWORD, assert_small, from_dir,  # noqa: F401 (fixtures)
                               identities, look, now, one, pair, peak_memory, secret, texts, write_junk)
from trustlab import exports


# ---- SFTP ----

@pytest.fixture(scope="module")
def server():
    with sshserver.sshd(passwords=True) as one:
        yield one


@pytest.fixture(scope="module")
def shared(pair):
    """A folder that the server may read, with an export in it."""
    with public_folder() as folder:
        exports.write(folder / "export", pair.source, password=PASSWORD)
        yield folder


@pytest.fixture
def sesame(secret):
    return ["--password-file", secret(PASSWORD, "sesame")]


def test_folder_over_sftp(lab, pair, now, server, shared, sesame):
    outcome = look("--pkcs12", server.url(f"{shared}/export/"), *server.options(), *sesame, now=now)
    assert outcome.state == "OK" and outcome.findings == []
    assert identities(outcome) == from_dir(lab, now, pair.source)
    origins = {item["origin"] for item in outcome.json["stores"][0]["certificates"]}
    assert server.url(f"{shared}/export/CallManager_cucm-src-pub.example.p12") in origins


def test_file_over_sftp(one, now, server, shared, sesame):
    url = server.url(f"{shared}/export/CallManager_cucm-src-pub.example.p12")
    outcome = look("--pkcs12", url, *server.options(), *sesame, now=now)
    assert outcome.state == "OK"
    assert identities(outcome) == {("CallManager", "cucm-src-pub", one.sha256)}


def test_pinned_by_fingerprint(now, server, shared, sesame):
    pin = {"--known-hosts": None, "--ssh-fingerprint": server.fingerprint}
    assert look("--pkcs12", server.url(f"{shared}/export/"), *server.options(**pin), *sesame, now=now).state == "OK"


def test_wrong_host_key(now, server, shared, tmp_path, sesame):
    other = sshserver.make_key(tmp_path / "other")
    cases = [({"--known-hosts": server.known(tmp_path / "other-key", key=other)}, "another one"),
             ({"--known-hosts": server.known(tmp_path / "other-port", port=1)}, "has no key"),
             ({"--known-hosts": None, "--ssh-fingerprint": sshserver.fingerprint(other)}, "another one")]
    for change, words in cases:
        outcome = look("--pkcs12", server.url(f"{shared}/export/"), *server.options(**change), *sesame, now=now)
        assert outcome.state == "UNKNOWN" and outcome.findings == ["ST-HOST-KEY"]
        assert words in texts(outcome) and "stage: identity" in texts(outcome)
        assert outcome.json["stores"][0]["certificates"] == []


def test_host_key_of_another_kind(now, server, shared, tmp_path):
    """Known by a kind of key that the server has not: never accepted, and the text names the kind as the cause."""
    other = sshserver.make_key(tmp_path / "other", kind="ecdsa")
    outcome = look("--pkcs12", server.url(f"{shared}/export/"),
                   *server.options(**{"--known-hosts": server.known(tmp_path / "known", key=other)}), now=now)
    assert outcome.state == "UNKNOWN" and outcome.json["stores"][0]["certificates"] == []


@pytest.mark.parametrize("change, words", [
    ({"--known-hosts": None}, "--known-hosts"), ({"--ssh-key": None}, "--ssh-key"),
    ({"--known-hosts": "/nonexistent"}, "--known-hosts: expected a file"),
    ({"--ssh-fingerprint": "SHA256:" + "A" * 43}, "not both"),
    ({"--known-hosts": None, "--ssh-fingerprint": "MD5:aa"}, "SHA256:"),
    ({"--known-hosts": None, "--ssh-fingerprint": "SHA256:short"}, "SHA256:")])
def test_nothing_is_accepted_blindly(server, shared, change, words):
    outcome = run(CHECK, "--pkcs12", server.url(f"{shared}/export/"), *server.options(**change))
    assert outcome.usage and outcome.state == "UNKNOWN" and words in outcome.text


@pytest.mark.parametrize("url, words", [
    (f"sftp://user:{LOGIN}@127.0.0.1/x/", "--ssh-password-file"), ("sftp://127.0.0.1/x/", "who logs in"),
    ("sftp://user@/x/", "expected sftp"), ("sftp://user@127.0.0.1", "expected sftp"), ("http://127.0.0.1/", "expected a file"),
    (f"sftp://user:{LOGIN}@[bad/x/", "expected sftp")])
def test_urls_that_are_none(server, url, words):
    outcome = run(CHECK, "--pkcs12", url, *server.options())
    assert outcome.usage and words in outcome.text and LOGIN not in outcome.text


def test_wrong_key(now, server, shared, tmp_path):
    other = sshserver.make_key(tmp_path / "other")
    outcome = look("--pkcs12", server.url(f"{shared}/export/"), *server.options(**{"--ssh-key": other}), now=now)
    assert outcome.state == "UNKNOWN" and outcome.findings == ["ST-UNSEEN"]
    assert "login failed" in texts(outcome) and "stage: login" in texts(outcome)


def test_key_with_a_passphrase(now, server, shared, tmp_path, secret, sesame):
    locked = sshserver.make_key(tmp_path / "locked", passphrase=LOGIN)
    keys = server.work / "authorized_keys"
    before, refused = keys.read_text(), (server.work / "log").read_text().count("Failed password")
    keys.write_text(before + (tmp_path / "locked.pub").read_text())
    try:
        url, options = server.url(f"{shared}/export/"), server.options(**{"--ssh-key": locked})
        assert look("--pkcs12", url, *options, "--ssh-password-file", secret(LOGIN), *sesame, now=now).state == "OK"
        for more in ([], ["--ssh-password-file", secret("wrong", "wrong")]):
            outcome = look("--pkcs12", url, *options, *more, *sesame, now=now)
            assert outcome.state == "UNKNOWN" and "login failed" in texts(outcome)
        # What opens a key is never offered to a server as a password.
        assert (server.work / "log").read_text().count("Failed password") == refused
    finally:
        keys.write_text(before)


def test_wrong_password(now, server, shared, secret):
    change = {"--ssh-key": None, "--ssh-password-file": secret(LOGIN)}
    before = (server.work / "log").read_text().count("Failed password")
    outcome = look("--pkcs12", server.url(f"{shared}/export/"), *server.options(**change), now=now)
    assert outcome.state == "UNKNOWN" and "does not take this password" in texts(outcome)
    # It came as far as the server's test of it; and the passphrase of a key never does.
    assert (server.work / "log").read_text().count("Failed password") == before + 1


def test_secrets_are_in_no_argv(server, shared, secret, sesame, now):
    """While it waits for a server, /proc shows what any user may see; test_secrets.py looks further."""
    with Misbehaving(silent) as quiet:
        process = subprocess.Popen([build() / "nagios" / CHECK, "--pkcs12", server.url("/x/", quiet.port), *sesame,
                                    "--known-hosts", server.known_hosts, "--ssh-password-file", secret(LOGIN), "-t", "3"],
                                   stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        while not quiet.connections:
            time.sleep(0.01)
        shown = open(f"/proc/{process.pid}/cmdline", "rb").read()
        children = open(f"/proc/{process.pid}/task/{process.pid}/children").read()
        limits = open(f"/proc/{process.pid}/limits").read()
        text = process.communicate(timeout=30)[0]
    for word in (PASSWORD.encode(), LOGIN.encode()):
        assert word not in shown and word not in text
    assert children == "" and text.startswith(b"UNKNOWN")
    assert any(line.split()[:5] == ["Max", "core", "file", "size", "0"] for line in limits.splitlines())


def test_missing_on_the_server(now, server, shared):
    for path, words in ((f"{shared}/none/", "no such file or folder"), (f"{shared}/export/none", "no such file or folder"),
                        (f"{shared}/export", "must end in /")):
        outcome = look("--pkcs12", server.url(path), *server.options(), now=now)
        assert outcome.state == "UNKNOWN" and outcome.findings == ["ST-UNSEEN"] and words in texts(outcome)


def test_folder_of_junk_over_sftp(one, now, server):
    with public_folder() as folder:
        junk = write_junk(folder / "junk", one)
        closed = junk / "closed.p12"
        closed.write_bytes(b"?")
        with open(junk / "huge.p12", "wb") as out:
            out.truncate(500 << 20)
        (junk / "a#b?c%20d.p12").write_bytes(exports.seal([one], password=""))
        outcome = look("--pkcs12", server.url(f"{junk}/"), *server.options(), now=now)
        found = sorted((finding["id"], finding["where"].rpartition("/")[2]) for finding in outcome.json["findings"])
        expected = [(rule, name) for name, (_, rule) in JUNK.items() if "\n" not in name]
        # A newline in a name cuts it in the listing, and neither half is there.
        expected += [("ST-FILE-UNREADABLE", "a?b"), ("ST-FILE-UNREADABLE", "c.p12")]
        expected += [("ST-FILE-UNREADABLE", "closed.p12"), ("ST-FILE-UNREADABLE", "huge.p12"), ("ST-FILE-FOREIGN", "deeper")]
        assert [rule for rule, _ in found] == sorted(rule for rule, _ in expected)
        assert {name for _, name in found} >= {"closed.p12", "huge.p12", "deeper", "readme.txt"}
        assert len(outcome.json["stores"][0]["certificates"]) == 1
        text, peak = peak_memory("--pkcs12", server.url(f"{junk}/"), *server.options())
        assert text.startswith("UNKNOWN")
        assert_small(peak)


def test_no_connection(now, server):
    outcome = look("--pkcs12", server.url("/x/", free_port()), *server.options(), now=now)
    assert outcome.state == "UNKNOWN" and "Connection refused" in texts(outcome) and "stage: connect" in texts(outcome)
    outcome = look("--pkcs12", "sftp://u@name.invalid/x/", *server.options(), now=now)
    assert outcome.state == "UNKNOWN" and "stage: resolve" in texts(outcome)
    with full_backlog() as port:
        outcome = look("--pkcs12", server.url("/x/", port), *server.options(), "-t", "2", now=now)
    assert outcome.state == "UNKNOWN" and "no answer in time, stage: connect" in texts(outcome)


def endless_banner(one, closing):
    while not closing.is_set():
        one.sendall(b"Welcome to this server\r\n" * 100)


HOSTILE = {"silent": silent, "reset": reset, "close": close_at_once, "http": sends(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
           "banner": endless_banner, "garbage": sends(b"SSH-2.0-x\r\n", b"\xff" * 40000, then_wait=True),
           "zeros": sends(b"SSH-2.0-x\r\n", bytes(40000), then_wait=True), "old": sends(b"SSH-1.5-x\r\n", then_wait=True)}


@pytest.mark.parametrize("name", HOSTILE)
def test_servers_that_are_none(server, name):
    with Misbehaving(HOSTILE[name]) as bad:
        outcome = run(CHECK, "--pkcs12", server.url("/x/", bad.port), *server.options(), "-t", "3")
    assert outcome.state == "UNKNOWN"
    # A banner without end keeps libssh2 busy: on a machine under load the last resort may come first.
    assert "[ST-UNSEEN]" in outcome.line and "stage: handshake" in outcome.line or "no result within 3 s" in outcome.line


def test_silence_at_every_point(now, server, shared, tmp_path, sesame):
    """Between the check and a real server: nothing more comes back after so many bytes."""
    def go(after, seconds):
        with sshserver.falls_silent(server, after) as between:
            known = server.known(tmp_path / f"known{after}", port=between.port)
            return look("--pkcs12", server.url(f"{shared}/export/", between.port), "-t", seconds, *sesame,
                        *server.options(**{"--known-hosts": known}), now=now, limit=seconds + 30), \
                between.passed["bytes"]

    whole, total = go(1 << 40, 60)
    assert whole.state == "OK"
    enough = 2 + round(4 * whole.seconds)       # on this machine, with its load of now
    with ThreadPoolExecutor(4) as pool:
        early = list(pool.map(lambda part: go(total * part // 8, enough)[0], range(8)))
        # Where libcurl waits for the end of a file or of the connection: what came counts.
        late = list(pool.map(lambda missing: go(total - missing, enough)[0], (250, 200, 100, 1)))
    for outcome in early:
        assert outcome.state == "UNKNOWN" and outcome.findings == ["ST-UNSEEN"]
        assert "no answer in time" in texts(outcome) or "not complete in time" in texts(outcome)
    assert {"handshake", "answer"} <= {word for outcome in early for word in ("handshake", "answer")
                                       if f"stage: {word}" in texts(outcome)}
    for outcome in late:
        assert outcome.findings in ([], ["ST-UNSEEN"])
        assert len(outcome.json["stores"][0]["certificates"]) >= 9


def test_without_the_module(server, shared, tmp_path, now):
    """Where the module for URLs is missing, that is said."""
    shutil.copy(build() / "nagios" / CHECK, tmp_path / CHECK)
    process = subprocess.run([tmp_path / CHECK, "--pkcs12", server.url("/x/"), *map(str, server.options())],
                             capture_output=True, timeout=30, stdin=subprocess.DEVNULL)
    assert process.returncode == 3 and b"module for URLs cannot be opened" in process.stdout and process.stderr == b""


def test_help_names_the_options():
    text = raw(CHECK, "--help").stdout.decode()
    for option in ("--pkcs12", "--password-file", "--known-hosts", "--ssh-fingerprint", "--ssh-key", "--ssh-password-file",
                   "--type", "--node"):
        assert option in text
