# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for bash: what it offers is what --help lists and what the checks take, no more and no less; nothing that a file
# holds is run. bash is asked without a terminal, and once with one, as a person would.
import os
from pathlib import Path
import pty
import re
import select
import subprocess
import time

import pytest

from outcome import run
from servers import build

TOP = Path(__file__).parents[2]
SCRIPT = TOP / "nagios/config/bash-completion/check_ucm"
CHECKS = ("check_ucm_consistency", "check_ucm_trustlist", "check_ucm_truststore", "check_ucm_tvs")
# As bash itself parts a line where no line editor told it otherwise.
BREAKS = re.compile(r"""([^\s=:@]+|[=:@]+)""")

ASK = r"""
set -u
. "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_check_ucm "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""


def offered(line, **options):
    """What is offered at the end of the line; a blank there begins a word."""
    words = [word for part in line.split() for word in BREAKS.findall(part)] + ([""] if line.endswith(" ") else [])
    process = subprocess.run(["bash", "--norc", "--noprofile", "-c", ASK, "bash", SCRIPT, *words], capture_output=True, text=True,
                             timeout=30, check=True, **options)
    assert process.stderr == "", process.stderr
    return sorted(word for word in process.stdout.split("\n") if word)


def help_of(check):
    return subprocess.run([build() / "nagios" / check, "--help"], capture_output=True, text=True, check=False).stdout


def options_of(check):
    """Those that begin a line of --help, and those beside them."""
    found = set()
    for line in help_of(check).split("\n"):
        match = re.match(r" {2,6}(-\w|--[a-z0-9-]+)((?:, --[a-z0-9-]+)*)(?=[ \[]|$)", line)
        if match:
            found |= {match[1], *match[2].split(", ")} - {""}
    return found


# ---- options ----

@pytest.mark.parametrize("check", CHECKS)
def test_options_are_those_of_help(check):
    assert set(offered(f"{check} ")) == options_of(check)
    assert len(offered(f"{check} ")) == len(options_of(check)), "none twice"
    assert offered(f"{check} --time") == ["--timeout", "--timeout-state"]
    assert offered(f"{check} --no-such") == []
    assert set(offered(f"/usr/lib/nagios/plugins/{check} --")) == {one for one in options_of(check) if one.startswith("--")}
    assert set(offered(f"./{check} --exit-ok ")) == options_of(check), "after a switch"


def takes_value(check, option):
    """Does the check miss something after it? Its own word about that is asked."""
    out = subprocess.run([build() / "nagios" / check, option], capture_output=True, text=True, check=False).stdout
    return f"Missing argument for {option}" in out


@pytest.mark.parametrize("check", CHECKS)
def test_after_an_option_comes_its_value(check):
    """Where one is wanted no option is offered, and where none is, all are."""
    everything = sorted(options_of(check))
    for option in everything:
        wanted = takes_value(check, option)
        assert (offered(f"{check} {option} ") != everything) == wanted or option == "--extra-opts", option


# ---- values ----

def values(check, option):
    assert offered(f"{check} {option} ") == offered(f"{check} {option}="), option
    return offered(f"{check} {option} ")


def test_states_and_formats(crafted):
    for check in CHECKS:
        for option in ("--timeout-state", "--unreachable"):
            assert values(check, option) == ["CRITICAL", "OK", "UNKNOWN", "WARNING"]
        assert values(check, "--output") == ["json", "text"]
    assert offered("check_ucm_tvs --output=j") == offered("check_ucm_tvs --output j") == ["json"]


def test_findings():
    known = {id_ for path in (TOP / "common").glob("finding_table*.h")
             for id_ in re.findall(r'X\(\s*UCM_\w+,\s*"([A-Z0-9-]+)"', path.read_text())}
    assert len(known) > 200
    for check in CHECKS:
        assert set(values(check, "--ignore")) == known
    assert offered("check_ucm_tvs --ignore TVS-QUERY") == ["TVS-QUERY-TAGS-UNSURE"]


def table(name, column):
    text = (TOP / "common/names.h").read_text()
    rows = re.search(rf"#define {name}\(X\)(.*?)(?<!\\)\n", text, re.S)[1]
    return {row[column] for row in re.findall(r'X\((\d+), \w+, "([^"]+)"', rows)}


def test_roles_stores_modes_and_tags():
    assert set(values("check_ucm_tvs", "--role")) == {"any"} | {name for name in table("UCM_ROLES", 1) if " " not in name}
    assert set(values("check_ucm_truststore", "--type")) == table("UCM_STORES", 1)
    assert values("check_ucm_truststore", "--mode") == ["mixed", "non-secure"]
    tags = values("check_ucm_tvs", "--query-tags")
    assert len(tags) == 6
    for tag in [*tags, "5,5", "6,7"]:
        out = run("check_ucm_tvs", "-H", "127.0.0.1", "-p", 1, "--trustlist", "/none", "--query-tags", tag)
        assert out.usage == (tag not in tags)
    readers = set(re.findall(r'^ +"? +--(dir|axl|pkcs12|text) ', help_of("check_ucm_truststore"), re.M))
    assert set(values("check_ucm_truststore", "--expect-from")) == {f"{kind}:" for kind in readers}


# ---- files ----

@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("one.tlv", "two words.tlv", "-option"):
        (tmp_path / name).write_text("")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


FILES = {"check_ucm_trustlist": ["-f", "--file", "--client-cert", "--client-key", "--compare-with", "--openmetrics"],
         "check_ucm_tvs": ["--trustlist", "--pin", "--certificate", "--signer-of", "--trace", "--openmetrics"],
         "check_ucm_consistency": ["-i", "--inventory", "--html"],
         "check_ucm_truststore": ["--pkcs12", "--text", "--password-file", "--ssh-key", "--known-hosts", "--axl-credentials",
                                  "--axl-pin", "--axl-ca", "--ctl", "--list", "-i"]}


def test_files_and_folders(folder):
    everything = sorted(path.name for path in folder.iterdir())
    for check, options in FILES.items():
        for option in options:
            assert values(check, option) == everything, option
    assert offered("check_ucm_tvs --trustlist tw") == ["two words.tlv"]
    assert offered("check_ucm_tvs --trustlist=./o") == ["./one.tlv"]
    assert offered(f"check_ucm_tvs --trustlist {folder}/o") == [f"{folder}/one.tlv"]
    for check, option in (("check_ucm_trustlist", "--state"), ("check_ucm_truststore", "--dir")):
        assert values(check, option) == ["folder"]
    assert "--itl" in offered("check_ucm_trustlist --ctl "), "a switch here"


def test_files_behind_a_mark(folder):
    for line in ("check_ucm_truststore --expect-from dir:o", "check_ucm_truststore --expect-from=dir:o"):
        assert offered(line) == ["one.tlv"], line
        assert offered(line[:-1]) == sorted(path.name for path in folder.iterdir()), line
    for line in ("check_ucm_tvs --extra-opts=@o", "check_ucm_tvs --extra-opts=section@o", "check_ucm_tvs --extra-opts x@o"):
        assert offered(line) == ["@one.tlv"], line
        assert offered(line[:-1]) == ["@-option", "@folder/", "@one.tlv", r"@two\ words.tlv"], line
    for line in ("check_ucm_truststore --tvs node:o", "check_ucm_trustlist -u http:o"):
        assert offered(line) == []


# ---- clusters ----

def test_clusters_of_the_inventory(lab):
    for line in (f"check_ucm_consistency -i {lab}/inventory.ini --from ", f"check_ucm_consistency --inventory={lab}/inventory.ini --to ",
                 f"check_ucm_truststore --plan -i {lab}/inventory.ini --cluster "):
        assert offered(line) == ["destination", "source"]
        assert offered(line + "s") == ["source"]
    assert offered("check_ucm_consistency --from ") == offered("check_ucm_consistency -i /none --from ") == []


def test_nothing_in_an_inventory_is_run(tmp_path):
    ini = tmp_path / "evil.ini"
    ini.write_text(f"[cluster $(touch {tmp_path}/ran)]\n[cluster `touch {tmp_path}/ran`]\n[ cluster  two words ]\n[node x/y]\n"
                   "[cluster *]\n[cluster ;reboot]\n")
    found = offered(f"check_ucm_consistency -i {ini} --cluster ", cwd=tmp_path)
    assert not (tmp_path / "ran").exists() and len(found) == 5
    assert r"two\ words" in found and r"\*" in found and r"\;reboot" in found


# ---- bash itself ----

def test_shellcheck():
    subprocess.run(["shellcheck", "--version"], check=True, capture_output=True)
    process = subprocess.run(["shellcheck", SCRIPT], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout


def rendered(text):
    """What stands on the terminal when it has gone back and written over."""
    line, at = [], 0
    for char in text:
        if char == "\b":
            at -= 1
        else:
            line[at:at + 1] = [char]
            at += 1
    return "".join(line)


def typed(keys, until, cwd):
    """What a terminal shows when these keys are typed to a shell with the completion."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(cwd)
        os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], {"PATH": os.environ["PATH"], "TERM": "dumb", "PS1": "> "})
    seen, end, sent = "", time.monotonic() + 30, False
    os.write(fd, f". {SCRIPT}; echo re''ady\n".encode())
    try:
        while time.monotonic() < end and until not in rendered(seen):
            if "ready" in seen and not sent:
                os.write(fd, keys.encode())
                sent = True
            if select.select([fd], [], [], 0.2)[0]:
                seen += os.read(fd, 4096).decode(errors="replace")
        return rendered(seen)
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(fd)


@pytest.mark.parametrize("keys,until", [
    ("check_ucm_tvs --output=j\t", "--output=json "), ("/x/check_ucm_tvs --output j\t", "--output json "),
    ("check_ucm_tvs --trustlist tw\t", r"--trustlist two\ words.tlv "), ("check_ucm_tvs --trustlist \"tw\t", "\"two words.tlv\" "),
    ("check_ucm_truststore --expect-from dir:fol\t", "--expect-from dir:folder/"),
    ("check_ucm_tvs --extra-opts=x@on\t", "--extra-opts=x@one.tlv "), ("check_ucm_tvs --timeout-s\t", "--timeout-state ")],
    ids=range(7))
def test_as_a_person_types(keys, until, folder):
    seen = typed(keys, until, folder)
    assert until in seen, seen


def test_where_it_is_installed(tmp_path):
    subprocess.run(["cmake", "--install", build(), "--component", "checks", "--prefix", tmp_path], check=True, capture_output=True)
    found = sorted((tmp_path / "share/bash-completion/completions").iterdir())
    assert [path.name for path in found] == sorted(CHECKS)
    assert {path.read_bytes() for path in found} == {SCRIPT.read_bytes()}
