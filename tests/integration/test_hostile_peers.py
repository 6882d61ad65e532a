# SPDX-License-Identifier: GPL-2.0-or-later
# Every hostile peer (hostile_*.py) meets every check that may talk to one like it; what must come out is in
# hostile_table.py. Beside that, for all: in time, in little memory, no word that does harm, never OK but for what is
# true after all, and the place and a remedy are said. tests/hostile-peers prints the table of what came out.
import shutil
import tempfile
from pathlib import Path

import pytest

from hostile_meetings import CHECKS, PEERS, WAIT, all_of, meet
from hostile_peers import PASSWORD
from hostile_table import ENDS, ROWS
from outcome import STATES
from servers import build

SANITIZED = "sanitize" in str(build())
# What a process has anyway is 8 to 16 MiB. AXL takes a million rows, of which something is kept.
MEMORY = {"AXL": 128 << 20}
MEMORY_ELSE = 64 << 20
# After the deadline: half a second until the last resort, and this machine, where sixteen wait at a time.
LATE = 0.5 + 1.5 + 4 * SANITIZED
SHORT = {"OK": "ok", "WARNING": "warn", "CRITICAL": "CRIT", "UNKNOWN": "unkn"}
# These say why in words of their own: what TVS does not answer decides whether phones accept a list.
OWN_WORDS = {("TVS", "trustlist --tvs")}
LAST = " at the last question"


def expected_of():
    """{(protocol, peer): (how it ends, words)}; a peer in two rows fails."""
    found = {}
    for protocol, rows in ROWS.items():
        for row, peers in rows.items():
            for peer in peers:
                assert (protocol, peer) not in found, f"twice: {peer}"
                found[protocol, peer] = row
        for peer in PEERS[protocol]:
            if peer.endswith(LAST) and (protocol, peer) not in found:
                found[protocol, peer] = found[protocol, peer.removesuffix(LAST)]
    return found


EXPECTED = expected_of()


def test_every_peer_is_in_the_table():
    assert set(EXPECTED) == {(protocol, peer) for protocol in PEERS for peer in PEERS[protocol]}
    for protocol, ends in ENDS.items():
        assert {row[0] for row in ROWS[protocol]} == set(ends)
        assert {len(end) for end in ends.values()} == {len(CHECKS[protocol])}


# ---- the meetings, all before the first test ----

def by_last_resort(meeting):
    return "no result within" in meeting.text.partition("\n")[0]


def seems_late(meeting):
    return meeting.seconds > meeting.limit + LATE or by_last_resort(meeting)


@pytest.fixture(scope="module")
def met(lab_cache):
    folder = Path(tempfile.mkdtemp(prefix="ucmtrust-hostile-"))
    folder.chmod(0o755)
    try:
        found = meet(folder, all_of(), seems_late)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    (build() / "hostile-peers.txt").write_text(table(found))
    return found


def one_cell(meeting):
    state = {code: name for name, code in STATES.items()}.get(meeting.process.returncode, "?")
    return f"{meeting.process.returncode} {SHORT.get(state, '????')}"


def table(found):
    """Peers and checks, with exit codes."""
    lines = []
    for protocol, checks in CHECKS.items():
        of_it = {key: meeting for key, meeting in found.items() if key[0] == protocol}
        peak = max(meeting.peak for meeting in of_it.values()) >> 20
        late = max(meeting.seconds - meeting.limit for meeting in of_it.values() if meeting.peer.waits)
        lines += [f"{protocol}: {len(PEERS[protocol])} peers, {len(of_it)} meetings, at most {peak} MiB, and "
                  f"{late:.1f} s after the deadline", ""]
        lines += [" " * 48 + "  ".join(f"{check:20}" for check in checks)]
        for peer in PEERS[protocol]:
            cells = [f"{one_cell(found[protocol, peer, check]):20}" for check in checks]
            lines += [f"{peer[:46]:48}" + "  ".join(cells).rstrip()]
        lines += [""]
    return "\n".join(line.rstrip() for line in lines) + "\n"


# ---- what came out ----

def may_be_ok(peer, how):
    """What is true after all, or is where the library takes it; or a right answer, and more behind it, which not every
    check looks at."""
    return peer.harmless or peer.either or how == "too much"


def has_place(meeting, out):
    """Where it is that something is wrong: the port of the peer, the URL, or the node."""
    return any(place in out.text for place in (f":{meeting.port}", "127.0.0.1", "source/pub", "cluster"))


@pytest.mark.parametrize("protocol,peer,check", all_of(), ids=["-".join(one).replace(" ", "_") for one in all_of()])
def test_peer(met, protocol, peer, check):
    meeting = met[protocol, peer, check]
    out = meeting.outcome       # which is strict about what a check may print
    how, words = EXPECTED[protocol, peer]
    wanted = ENDS[protocol][how][list(CHECKS[protocol]).index(check)]
    state, _, finding = wanted.partition(" ")

    assert meeting.seconds <= meeting.limit + LATE, f"{meeting.seconds} s"
    assert SANITIZED or meeting.peak <= MEMORY.get(protocol, MEMORY_ELSE), f"{meeting.peak >> 20} MiB"
    assert not by_last_resort(meeting), "only the last resort ended it"
    assert PASSWORD not in out.text and "root:" not in out.text and "\x1b" not in out.text
    assert out.state != "OK" or may_be_ok(meeting.peer, how), "never OK"
    if meeting.peer.either and out.state == "OK":
        return
    assert out.state == state, out.text
    if finding:
        assert finding in out.text and has_place(meeting, out), out.text
        assert "\n  do: " in out.text, "what to do is said"
    if words and (protocol, check) not in OWN_WORDS and finding != "TVS-QUERY-TAGS-UNSURE":
        assert words in out.text, out.text


def test_waiting_is_needed(met):
    """Peers that are said to wait keep a check until its deadline at least once; otherwise the table would be slow for
    nothing."""
    for protocol, peers in PEERS.items():
        assert any(met[one].seconds >= WAIT / 2 for one in met if one[0] == protocol and peers[one[1]].waits)


def test_the_others_are_seen(met):
    """A peer costs its own line, not what the rest of the cluster says."""
    for (protocol, peer, check), meeting in met.items():
        if protocol == "TVS" and check == "consistency":
            assert "source/sub: answered in" in meeting.outcome.long, (peer, meeting.text)
