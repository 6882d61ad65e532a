# SPDX-License-Identifier: GPL-2.0-or-later
# check_ucm_trustlist --state: the lab's clusters before and after renewals, on real servers. What must come
# out is the table of verdicts that the documents 116232, 118893 and 213407 come to. The state folder itself is in
# test_check_state.py.
import contextlib
from pathlib import Path
import re
import shutil
import ssl
import stat
import subprocess
import sys
import time

import pytest

from outcome import raw, run
from servers import LOOPBACK, Misbehaving, atftpd, free_port, nginx, public_folder, silent, tls_server, tvs_server

CHECK = "check_ucm_trustlist"
LAB = Path(__file__).resolve().parent.parent / "lab" / "lab"
NOW = int(time.time())
DAY = 86400
OTHER = "127.0.0.2"


# ---- clusters before and after ----

@pytest.fixture(scope="session")
def made(lab_cache, tmp_path_factory):
    """Folders of the lab with these certificates renewed, each made once."""
    known = {}

    def make(*renewed, nonsecure=False):
        key = (nonsecure, *sorted(renewed))
        if key not in known:
            folder = tmp_path_factory.mktemp("cluster")
            options = [word for name in renewed for word in ("--renew", name)] + ["--nonsecure"] * nonsecure
            subprocess.run([sys.executable, LAB, "make", folder, "--now", str(NOW), *options], check=True,
                           stdout=subprocess.DEVNULL)
            known[key] = folder
        return known[key]
    return make


@pytest.fixture(scope="session")
def without_recovery(lab_cache, tmp_path_factory):
    """As `made`, in mixed mode, but with a CTL that has no ITLRecovery, as CUCM 10.5.1 was seen to write it."""
    from trustlab import layout
    from trustlab.cluster import make_pair

    def make(*renewed):
        pair = make_pair(lab_cache, NOW, renewed=renewed)
        records = pair.source.ctl_records()[:-1]
        pair.source.ctl_records = lambda: records
        folder = tmp_path_factory.mktemp("cluster")
        layout.write_pair(folder, pair, shapes=False)
        return folder
    return make


class Site:
    """A TFTP node on loopback that serves what it is told, and a state folder of its own."""

    def __init__(self, files, ports, state, address=LOOPBACK):
        self.files, self.ports, self.state, self.address = files, ports, state, address

    def serve(self, lab, cluster="source", node="pub"):
        self.put({path.name: path.read_bytes() for path in (lab / cluster / "nodes" / node / "tftp").iterdir()})

    def put(self, files):
        for path in self.files.iterdir():
            path.unlink()
        for name, data in files.items():
            (self.files / name).write_bytes(data)

    @property
    def arguments(self):
        return ["-H", self.address, "-p", self.ports[0], "--tftp-port", self.ports[1], "--state", self.state]

    def check(self, *arguments, now=NOW, **options):
        return run(CHECK, *self.arguments, "--now", now, *arguments, **options)

    def json(self, *arguments, **options):
        return self.check("--output", "json", *arguments, **options)

    def state_file(self):
        found = list(self.state.glob("*.state"))
        assert len(found) == 1
        return found[0]


@pytest.fixture(scope="module")
def node():
    with public_folder() as files, nginx(files) as http, atftpd(files) as tftp:
        yield files, (http, tftp)


@pytest.fixture
def site(node, tmp_path):
    return Site(*node, tmp_path / "state")


@contextlib.contextmanager
def tvs_nodes(lab, cluster="source", names=("pub", "sub"), options=()):
    """TVS on every node, which all answer from the stores of the whole cluster, as words for the command line."""
    with contextlib.ExitStack() as stack:
        words = []
        for name in names:
            port = stack.enter_context(tvs_server(lab, "--store", lab / cluster / "stores", *options, node=name,
                                                  cluster=cluster))
            words += ["--tvs", f"{LOOPBACK}:{port}"]
        yield words


def verdicts(out):
    return [entry["verdict"] for entry in out.json["continuity"]]


def ids(out, *severities):
    severities = severities or ("warning", "error", "unknown")
    return [one["id"] for one in out.json["findings"]
            if one["severity"] in severities and one["id"].startswith("PHONE-")]


def phone_notes(out):
    return ids(out, "note")


def before_and_after(site, before, after, cluster="source"):
    site.serve(before, cluster)
    assert site.check().state == "OK"
    site.serve(after, cluster)


# ---- the first run, and nothing new ----

def test_first_run_and_second(site, made):
    site.serve(made())
    out = site.json()
    assert out.state == "OK" and phone_notes(out) == ["PHONE-NO-HISTORY"] and out.json["continuity"] == []
    assert out.json["findings"][-1]["where"] == f"{LOOPBACK}:{site.ports[0]}"
    assert stat.S_IMODE(site.state.stat().st_mode) == 0o700
    for path in site.state.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    out = site.json(now=NOW + 300)
    assert out.state == "OK" and phone_notes(out) == []
    assert out.json["continuity"] == [{"source": f"{LOOPBACK}:{site.ports[0]}", "held_since": NOW, "verdict": "KEEP",
                                       "ctl": "KEEP", "itl": "KEEP", "why": "ITL: it is the file that the phone holds"}]


def test_status_line_says_when_nothing_was_compared(site, made):
    """Somebody who sees OK every day must see that the folder with the history was lost."""
    site.serve(made())
    said = "no older lists of 1 node kept yet to compare with"
    assert said in site.check().summary
    assert said not in site.check(now=NOW + 300).summary
    assert "older lists of 1 node dropped (--accept)" in site.check("--accept", now=NOW + 300).summary
    site.state_file().unlink()
    assert said in site.check(now=NOW + 600).summary


def test_without_state_nothing_changes(site, made, tmp_path):
    site.serve(made())
    out = run(CHECK, *site.arguments[:-2], "--output", "json")
    assert "continuity" not in out.json and list(tmp_path.iterdir()) == []


def test_usage(site, tmp_path, crafted):
    state = ["--state", tmp_path / "s"]
    for words in (["--accept"], ["--tvs", "a"], ["--history", "9"], [*state, "--itl"], [*state, "--tvs", "a:b"],
                  [*state, "--history", "0"], [*state, "--history", "9w"], [*state, "--tvs", ""],
                  [*state, "--client-key", "/dev/null"], [*state, "--client-cert", tmp_path / "none"], ["--state", ""]):
        out = run(CHECK, "-H", LOOPBACK, *words)
        assert out.usage and out.state == "UNKNOWN", words
    assert run(CHECK, "-f", crafted / "clean.tlv", *state).usage
    text = raw(CHECK, "--help").stdout.decode()
    for word in ("--state", "--history", "--tvs", "--client-cert", "--tls-legacy", "--accept"):
        assert word in text


# ---- one renewal ----

@pytest.mark.parametrize("nonsecure", [False, True], ids=["mixed", "non-secure"])
def test_callmanager_on_11_5(site, made, nonsecure):
    after = made("source/callmanager-pub", nonsecure=nonsecure)
    before_and_after(site, made(nonsecure=nonsecure), after)
    out = site.json()
    assert out.state == "WARNING" and ids(out) == ["PHONE-TVS-NOT-ASKED"] and verdicts(out) == ["UNKNOWN"]
    with tvs_nodes(after) as nodes:
        out = site.json(*nodes)
        assert out.state == "OK" and "PHONE-VIA-TVS" in phone_notes(out), out.text
        assert verdicts(out) == ["VIA-TVS", "KEEP"] and len(out.json["tvs"]) == 2
        text = site.check("-v", *nodes)
        assert re.search(r"^127\.0\.0\.1:\d+: a phone with its lists of \d{4}-\d\d-\d\d: VIA-TVS "
                         r"\([CI]TL: TVS vouches for its signer \(127\.0\.0\.1:\d+\)\)$", text.long, re.M), text.long
        assert "phones with any of the 2 kept before accept them" in text.summary
        out = site.json(*nodes[:2])
        assert out.state == "WARNING" and ids(out) == ["PHONE-VIA-ONE-NODE"]
    assert "PHONE-SIGNER-CHANGED" in phone_notes(out)
    renewed = [one["text"] for one in out.json["findings"] if one["id"] == "PHONE-CERT-RENEWED"]
    assert any("CN=cucm-src-pub.example" in text and "as SAST+CCM+TFTP, ITL until" in text for text in renewed), renewed
    assert "PHONE-CERT-GONE" not in phone_notes(out)


def test_one_node_answers_differently(site, made):
    before, after = made(), made("source/callmanager-pub")
    before_and_after(site, before, after)
    with tvs_nodes(after, names=("pub",)) as good, tvs_nodes(before, names=("sub",)) as stale:
        out = site.json(*good, *stale)
        assert out.state == "WARNING" and ids(out) == ["PHONE-VIA-SOME-NODES"]
        assert "1 of 2 TVS nodes vouch" in out.json["summary"]
        assert f"{stale[1]}: it does not know the signer" in out.json["summary"]
        out = site.json(*stale)
        assert out.state == "CRITICAL" and ids(out) == ["PHONE-RE-SIGN"]
        assert "TVS does not know its signer" in out.json["summary"]
    with tvs_nodes(after, names=("pub",)) as good, Misbehaving(silent) as mute:
        out = site.json("-t", "2", *good, "--tvs", f"{LOOPBACK}:{mute.port}")
        assert out.state == "WARNING" and ids(out) == ["PHONE-VIA-SOME-NODES"] and out.seconds < 3
    with Misbehaving(silent) as mute:
        out = site.json("-t", "1", "--tvs", f"{LOOPBACK}:{mute.port}")
        assert out.state == "CRITICAL" and "no TVS server answers about its signer" in out.json["summary"]


@pytest.mark.parametrize("store", ["CallManager-trust", "tomcat-trust"])
def test_signer_in_a_store_without_the_role(site, made, tmp_path, store):
    """TVS finds it there, but gives it no role, or not the one."""
    after = made("source/callmanager-pub")
    before_and_after(site, made(), after)
    stores = tmp_path / "stores"
    shutil.copytree(after / "source/stores/pub", stores)
    shutil.move(stores / "CallManager/callmanager-pub.pem", stores / store / "new.pem")
    with tvs_nodes(after, names=("pub",), options=("--store", stores)) as nodes:
        out = site.json(*nodes)
    assert out.state == "CRITICAL" and ids(out) == ["PHONE-RE-SIGN"]
    assert "TVS knows its signer, but gives it no role that suffices" in out.json["summary"], out.text
    assert f"{nodes[1]}: it gives the signer no SAST role" in out.json["summary"]


@pytest.mark.parametrize("fault", ["garbage", "wrong-session", "wrong-type", "short", "reset-request"])
def test_nonsense_is_no_answer(site, made, fault):
    after = made("source/callmanager-pub")
    before_and_after(site, made(), after)
    with tvs_nodes(after, names=("pub",), options=("--fault", fault)) as nodes:
        out = site.json("-t", "3", *nodes)
    assert out.state == "CRITICAL" and ids(out) == ["PHONE-RE-SIGN"]
    assert "no TVS server answers about its signer" in out.json["summary"]


def test_what_keeps_us_from_asking_is_a_warning(site, made):
    after = made("source/callmanager-pub")
    before_and_after(site, made(), after)
    wants = ("--client-cert", "required", "--client-ca", after / "source/certs/capf.pem")
    with tvs_nodes(after, options=wants) as nodes:
        out = site.json(*nodes)
        assert out.state == "WARNING" and ids(out) == ["PHONE-TVS-NOT-ASKED"]
        assert "it wants a client certificate; give --client-cert" in out.json["summary"]
        out = site.json(*nodes, "--client-cert", after / "phone/lsc.pem", "--client-key", after / "phone/lsc.key")
        assert out.state == "OK" and "PHONE-VIA-TVS" in phone_notes(out)
    with tvs_nodes(after, options=("--tls-max", "1.0")) as nodes:
        assert ids(site.json(*nodes)) == ["PHONE-TVS-NOT-ASKED"]
        assert site.json(*nodes, "--tls-legacy").state == "OK"
    out = site.json("--tvs", "no-such-host.invalid")
    assert out.state == "WARNING" and ids(out) == ["PHONE-TVS-NOT-ASKED"]


def test_callmanager_on_14(site, made):
    before_and_after(site, made(), made("destination/callmanager-pub"), "destination")
    out = site.json()
    assert out.state == "OK" and verdicts(out) == ["LOCAL"] and out.json["tvs"] == []
    assert phone_notes(out) == ["PHONE-CERT-RENEWED"] * 2
    assert re.fullmatch(r"CTL: the CTL that the phone holds names its signer \(record \d\)",
                        out.json["continuity"][0]["why"])


# ---- two at once ----

@pytest.mark.parametrize("nonsecure", [False, True], ids=["mixed", "non-secure"])
def test_callmanager_and_tvs_together(site, made, nonsecure):
    """The lab's CTL has ITLRecovery, so something to sign with is left in either mode."""
    after = made("source/callmanager-pub", "source/tvs-pub", "source/tvs-sub", nonsecure=nonsecure)
    before_and_after(site, made(nonsecure=nonsecure), after)
    with tvs_nodes(after) as nodes:
        out = site.json(*nodes)
        assert out.state == "CRITICAL" and ids(out) == ["PHONE-RE-SIGN"] and verdicts(out) == ["RE-SIGN"]
        assert "the phone breaks off with TVS" in out.json["summary"]
        text = site.check("-v", *nodes)
    assert "do: Before anything else is renewed: `utils itl reset localkey` (mixed mode: `utils ctl reset localkey`" \
        in text.long
    assert ids(site.json()) == ["PHONE-TVS-NOT-ASKED"]


def test_locked_in_mixed_mode(site, without_recovery):
    after = without_recovery("source/callmanager-pub", "source/tvs-pub", "source/tvs-sub")
    before_and_after(site, without_recovery(), after)
    with tvs_nodes(after) as nodes:
        out = site.json(*nodes)
        text = site.check("-v", *nodes)
    assert out.state == "CRITICAL" and ids(out) == ["PHONE-LOCKED"]
    assert out.json["continuity"][0]["ctl"] == "LOCKED" and "DRS backup" in text.long


def test_all_three_lock(site, made):
    after = made("source/callmanager-pub", "source/tvs-pub", "source/tvs-sub", "source/itlrecovery", nonsecure=True)
    before_and_after(site, made(nonsecure=True), after)
    with tvs_nodes(after) as nodes:
        out = site.json(*nodes)
    assert out.state == "CRITICAL" and ids(out) == ["PHONE-LOCKED"] and out.json["continuity"][0]["ctl"] is None


def test_itlrecovery_and_tvs_on_14(site, made):
    names = ("pub", "sub", "sub2")
    after = made("destination/itlrecovery", *(f"destination/tvs-{name}" for name in names))
    before_and_after(site, made(), after, "destination")
    with tvs_nodes(after, "destination", names) as nodes:
        out = site.json(*nodes)
    assert out.state == "CRITICAL" and ids(out) == ["PHONE-RE-SIGN"]


def test_what_no_rule_decides_is_not_called_good(site, lab_cache):
    """An ITL signed by CallManager meets phones that hold CallManager as a TFTP server only, and nobody vouches:
    whether that record is enough is not known (grade C)."""
    from trustlab.cluster import make_pair
    from trustlab.trustlist import SAST
    cluster = make_pair(lab_cache, NOW, mixed=False).destination
    manager = cluster.certificates["callmanager-pub"]
    before, after = (cluster.itl(cluster.publisher) for _ in range(2))
    before.records = [one for one in before.records if (one.role, one.subject) != (SAST, manager.subject_text)]
    assert len(before.records) == len(after.records) - 1
    after.signer = manager
    site.put({"ITLFile.tlv": before.encode()})
    assert site.check().state == "OK"
    site.put({"ITLFile.tlv": after.encode()})
    out = site.json()
    assert out.state == "WARNING" and ids(out) == ["PHONE-UNDECIDED"], out.text


def test_two_harmless_renewals_lock_out_a_phone_that_was_off(site, made):
    tvs = ("source/tvs-pub", "source/tvs-sub")
    first, second = made(*tvs, nonsecure=True), made(*tvs, "source/callmanager-pub", nonsecure=True)
    site.serve(made(nonsecure=True))
    site.check()
    site.serve(first)
    out = site.json(now=NOW + 30 * DAY)
    assert out.state == "OK" and verdicts(out) == ["LOCAL"]
    site.serve(second)
    with tvs_nodes(second) as nodes:
        out = site.json(*nodes, now=NOW + 60 * DAY)
        assert out.state == "CRITICAL" and verdicts(out) == ["RE-SIGN", "VIA-TVS"], out.text
        assert "1 of 2 kept pairs of lists, last served " + time.strftime("%Y-%m-%d", time.gmtime(NOW)) in out.json["summary"]
        out = site.json(*nodes, now=NOW + 91 * DAY)
        assert out.state == "OK" and verdicts(out) == ["VIA-TVS", "KEEP"]


def test_phones_keep_a_ctl_that_is_no_longer_served(site, made):
    """The CTL is deleted, then CallManager and ITLRecovery are renewed one after the other: a phone that never held a
    CTL goes along with its ITL, one that held the CTL trusts its signers before all others, and both are judged."""
    def without_ctl(lab):
        folder = lab / "source" / "nodes" / "pub" / "tftp"
        site.put({path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith("CTL")})

    site.serve(made())
    assert site.check().state == "OK"
    without_ctl(made("source/tvs-pub"))
    site.json(now=NOW + DAY)
    without_ctl(made("source/tvs-pub", "source/itlrecovery"))
    out = site.json(now=NOW + 2 * DAY)
    assert "PHONE-CTL-GONE" in ids(out, "warning")
    held = [entry["held_since"] for entry in out.json["continuity"]]
    assert held == [NOW, NOW + DAY, NOW + DAY], out.text
    assert "CTL" in out.json["continuity"][2]["why"] and "CTL" not in out.json["continuity"][1]["why"]


def test_ctl_that_is_gone(site, made):
    """Without a CTL a cluster looks like any non-secure one; only what was kept tells that it had one."""
    lab = made()
    site.serve(lab)
    site.check()
    (site.files / "CTLFile.tlv").unlink()
    for day in (1, 2):
        out = site.json(now=NOW + day * DAY)
        assert out.state == "WARNING" and ids(out) == ["PHONE-CTL-GONE"]
        assert time.strftime("%Y-%m-%d", time.gmtime(NOW)) in out.json["summary"], "when it was there last"
    assert site.json("--accept", now=NOW + 3 * DAY).state == "OK"
    out = site.json(now=NOW + 4 * DAY)
    assert out.state == "OK" and ids(out) == []


def test_vanished_certificate_is_named(site, made, without_recovery):
    before_and_after(site, made(), without_recovery())
    out = site.json()
    gone = [one["text"] for one in out.json["findings"] if one["id"] == "PHONE-CERT-GONE"]
    assert out.state == "OK" and len(gone) == 1 and "CN=ITLRECOVERY_cucm-src-pub.example" in gone[0]
    assert "as SAST, CTL until" in gone[0]


# ---- another node ----

@pytest.fixture
def two_sites(tmp_path):
    """Two nodes on the same ports of two addresses, one state; and the words that ask for both."""
    addresses = (LOOPBACK, OTHER)
    with contextlib.ExitStack() as stack:
        folders = [stack.enter_context(public_folder()) for _ in addresses]
        port, tftp = free_port(addresses=addresses), free_port(addresses=addresses)
        for folder, address in zip(folders, addresses):
            stack.enter_context(nginx(folder, address, port))
            stack.enter_context(atftpd(folder, address, tftp))
        yield [Site(folder, (port, tftp), tmp_path / "state", address) for folder, address in zip(folders, addresses)]


def test_refused_only_at_another_node(made, two_sites):
    """The publisher's list was rebuilt after a renewal of everything, the subscriber's was not."""
    names = ("itlrecovery", "tvs-pub", "tvs-sub", "tvs-sub2", "callmanager-pub")
    after = made(*(f"destination/{name}" for name in names), nonsecure=True)
    first, second = two_sites
    first.serve(after, "destination", "pub")
    second.serve(made(nonsecure=True), "destination", "sub")
    assert phone_notes(first.json("-H", OTHER)) == ["PHONE-NO-HISTORY"] * 2
    with tvs_nodes(after, "destination", ("pub",)) as nodes:
        out = first.json("-H", OTHER, *nodes)
    assert out.state == "WARNING" and set(ids(out)) == {"PHONE-OTHER-NODE"}, out.text
    assert verdicts(out) == ["KEEP", "KEEP"]
    found = {one["where"]: one["text"] for one in out.json["findings"] if one["id"] == "PHONE-OTHER-NODE"}
    port = first.ports[0]
    assert f"from {OTHER}:{port}, RE-SIGN; ITL: " in found[f"{LOOPBACK}:{port}"]


def test_nodes_of_11_5_do_not_warn_about_each_other(made, two_sites):
    """Each signs its own list, and phones that move ask TVS: that is how it always was."""
    for site, name in zip(two_sites, ("pub", "sub")):
        site.serve(made(nonsecure=True), node=name)
    for _ in range(2):
        out = two_sites[0].json("-H", OTHER)
        assert out.state == "OK" and ids(out) == []
    assert [entry["source"].partition(":")[0] for entry in out.json["continuity"]] == [LOOPBACK, OTHER]
    assert len(list(two_sites[0].state.glob("*.state"))) == 2
    with tvs_nodes(made(nonsecure=True)) as nodes:
        assert two_sites[0].json("-H", OTHER, *nodes).state == "OK"


def test_same_node_twice(made, site):
    site.serve(made())
    site.json("-H", LOOPBACK)
    out = site.json("-H", LOOPBACK)
    assert out.state == "OK" and len(out.json["continuity"]) == 1


# ---- who is told what ----

def test_a_stranger_gets_nothing(site, made):
    before, after = made(), made("source/callmanager-pub")
    before_and_after(site, before, after)
    received = []

    def listen(one, closing):
        received.append(one.recv(100))

    certs = after / "source/certs"
    with tls_server(certs / "tomcat-pub.pem", certs / "tomcat-pub.key", listen, ssl.TLSVersion.TLSv1_2) as port:
        out = site.json("--tvs", f"{LOOPBACK}:{port}")
    assert out.state == "CRITICAL" and received in ([], [b""])
    assert "the phone breaks off with TVS" in out.json["summary"]
    assert out.json["tvs"][0]["stage"] == "identity"
