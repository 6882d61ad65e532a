# SPDX-License-Identifier: GPL-2.0-or-later
# The checks need no privilege: as nobody, without capabilities, home or environment, each does its whole job and says
# the same as for root; what nobody may not read or write is said, and is never OK. Needs root, who alone can become
# another.
import contextlib
import os
from pathlib import Path
import re
import shutil
import signal
import subprocess
import time

import pytest

from outcome import run
from servers import LOOPBACK, NOBODY, Misbehaving, build, nginx, public_folder, silent, tvs_server
from trustlab.axl import AxlServer, Database

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
BARE = ["setpriv", f"--reuid={NOBODY.pw_uid}", f"--regid={NOBODY.pw_gid}", "--clear-groups", "--inh-caps=-all",
        "--no-new-privs", "env", "-i", "PATH=/nowhere"]
ROOT = ["env", "-i", "PATH=/nowhere"]


@pytest.fixture(scope="module")
def jobs(lab):
    """{name: words} of a normal job of each check, with its servers, on files that anybody may read."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(public_folder())
        for name in ("source", "destination"):
            shutil.copytree(lab / name, folder / name)
        shutil.copy(lab / "offline.ini", folder)
        for path in folder.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        secret = folder / "secret"
        secret.write_text("user:password")
        secret.chmod(0o600)
        os.chown(secret, NOBODY.pw_uid, NOBODY.pw_gid)
        http = stack.enter_context(nginx(folder / "source/nodes/pub/tftp"))
        tvs = stack.enter_context(tvs_server(lab))
        certs = folder / "source/certs"
        axl = stack.enter_context(AxlServer(Database(lab / "source/stores", "mixed"),
                                            lab / "source/certs/tomcat-pub.pem",
                                            lab / "source/certs/tomcat-pub.key", "user", "password"))
        itl = f"http://{LOOPBACK}:{http}/ITLFile.tlv"
        inventory = folder / "live.ini"
        inventory.write_text(f"[cluster one]\nmode = mixed\n[node one/pub]\naddress = {LOOPBACK}\nhttp_port = {http}\n"
                             f"tvs_port = {tvs}\ntomcat = {certs}/tomcat-pub.pem\n")
        inventory.chmod(0o644)
        stack.folder, stack.http = folder, http
        stack.words = {
            "lists": ["check_ucm_trustlist", "-H", LOOPBACK, "-p", http],
            "tvs": ["check_ucm_tvs", "-H", LOOPBACK, "-p", tvs, "--trustlist", itl],
            "cluster": ["check_ucm_consistency", "-i", inventory, "--cluster", "one"],
            "moves": ["check_ucm_consistency", "-i", folder / "offline.ini", "--all-pairs"],
            "stores": ["check_ucm_truststore", "--dir", folder / "source/stores"],
            "axl": ["check_ucm_truststore", "--axl", f"https://{LOOPBACK}:{axl.port}", "--axl-pin",
                    certs / "tomcat-pub.pem",
                    "--axl-credentials", secret],
            "plan": ["check_ucm_truststore", "--plan", "-i", folder / "offline.ini", "--cluster", "source"],
        }
        yield stack


def untimed(text):
    text = re.sub(r"_time=[\d.]+s|(answered in|total) [\d.]+ m?s", "", text)
    return re.sub(r"\d+(\.\d+)? m?s\b", "", text)


@pytest.mark.parametrize("name", ["lists", "tvs", "cluster", "moves", "stores", "axl", "plan"])
def test_nobody_is_told_the_same_as_root(jobs, name):
    words = [*jobs.words[name], "--now", str(int(time.time())), "-v"]
    here, there = run(*words, before=BARE), run(*words, before=ROOT)
    assert (here.code, untimed(here.text)) == (there.code, untimed(there.text))
    assert not here.usage and (here.state == "OK" or name in ("moves", "plan")), here.text


def test_what_it_writes_is_its_own(jobs, tmp_path):
    with public_folder() as folder:
        work = folder / "work"
        work.mkdir()
        os.chown(work, NOBODY.pw_uid, NOBODY.pw_gid)
        out = run(*jobs.words["lists"], "--state", work / "state", "--openmetrics", work / "x.prom", before=BARE)
        assert out.state == "OK", out.text
        run(*jobs.words["moves"], "--html", work / "x.html", before=BARE)
        names = {path.relative_to(work) for path in work.rglob("*")}
        assert {Path("state"), Path("x.prom"), Path("x.html"), Path("state/lock")} < names
        assert {path.stat().st_uid for path in work.rglob("*")} == {NOBODY.pw_uid}


def test_nothing_can_be_gained(jobs):
    """While it waits: no capability, and no program that it starts gets one either."""
    with Misbehaving(silent) as quiet:
        words = [build() / "nagios/check_ucm_trustlist", "-H", LOOPBACK, "-p", quiet.port, "-t", "30"]
        plain = ["setpriv", *BARE[1:4]]         # without --no-new-privs: it is the check that says so
        process = subprocess.Popen([*plain, *map(str, words)], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        try:
            end = time.monotonic() + 20
            while not quiet.connections and time.monotonic() < end:
                time.sleep(0.01)
            status = dict(line.split(":\t", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines()
                          if ":\t" in line)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate()
    assert status["NoNewPrivs"] == "1" and set(status["Uid"].split()) == {str(NOBODY.pw_uid)}
    assert {status[name] for name in ("CapEff", "CapPrm", "CapInh", "CapAmb")} == {"0" * 16}


# ---- what nobody may not ----

def not_ok(out, *words):
    assert out.state in ("UNKNOWN", "CRITICAL"), out.text
    for word in words:
        assert str(word) in out.text, (word, out.text)


def test_a_state_that_cannot_be_kept(jobs):
    """Without a memory the question of continuity has no answer, so it is never OK."""
    with public_folder() as folder:
        for name, owner, mode, says in (("root", 0, 0o700, "Permission denied"), ("open", 0, 0o755, "belongs to user"),
                                        ("readonly", NOBODY.pw_uid, 0o500, "Permission denied"),
                                        ("none/below", None, None, "cannot be made")):
            path = folder / name
            if owner is not None:
                path.mkdir()
                path.chmod(mode)
                os.chown(path, owner, owner)
            not_ok(run(*jobs.words["lists"], "--state", path, before=BARE), path, says)
        not_ok(run(*jobs.words["lists"], "--state", folder / "new", before=BARE), "cannot be made", "Permission denied")
        state = folder / "mine"
        state.mkdir(mode=0o700)
        os.chown(state, NOBODY.pw_uid, NOBODY.pw_gid)
        assert run(*jobs.words["lists"], "--state", state, before=BARE).state == "OK"
        for path in state.glob("*"):        # as after one run by root
            os.chown(path, 0, 0)
        not_ok(run(*jobs.words["lists"], "--state", state, before=BARE), "Permission denied")


def test_pages_and_metrics_that_cannot_be_written(jobs):
    with public_folder() as folder:
        for words in (jobs.words["lists"] + ["--openmetrics"], jobs.words["cluster"] + ["--html"]):
            assert run(*words[:-1], before=BARE).state == "OK"
            not_ok(run(*words, folder / "x", before=BARE), "could not be written", folder / "x", "Permission denied")
            not_ok(run(*words, "/root/x", before=BARE), "could not be written")
        assert list(folder.iterdir()) == []


def test_files_that_cannot_be_read(jobs, lab):
    with public_folder() as folder:
        closed = folder / "closed"
        shutil.copy(lab / "source/nodes/pub/tftp/ITLFile.tlv", closed)
        closed.chmod(0o600)
        tvs = jobs.words["tvs"][:-1]
        for words in (["check_ucm_trustlist", "-f", closed], [*tvs, closed], ["check_ucm_consistency", "-i", closed],
                      [*jobs.words["tvs"], "--client-cert", closed], [*jobs.words["axl"][:-1], closed],
                      ["check_ucm_truststore", "--pkcs12", closed], ["check_ucm_truststore", "--text", closed,
                                                                     "--text-node", "x"],
                      ["check_ucm_truststore", "--plan", "-i", closed], ["check_ucm_trustlist",
                                                                         f"--extra-opts=@{closed}"],
                      [*jobs.words["lists"], "--compare-with", closed], ["check_ucm_tvs", "--trace", closed]):
            not_ok(run(*words, before=BARE), *([] if "--client-cert" in words else ["Permission denied"]))


def test_stores_of_which_some_are_closed(jobs, lab):
    """What was not seen is not missed in silence."""
    with public_folder() as folder:
        stores = folder / "stores"
        shutil.copytree(lab / "source/stores", stores)
        words = ["check_ucm_truststore", "--dir", stores]
        assert run(*words, before=BARE).state == "OK"
        for path in (next(stores.glob("pub/TVS/*.pem")), stores / "pub/CallManager", stores / "sub", stores):
            path.chmod(0)
            not_ok(run(*words, before=BARE), "Permission denied")
            path.chmod(0o644 if path.is_file() else 0o755)
        assert run(*words, before=BARE).state == "OK"
