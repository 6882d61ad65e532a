# SPDX-License-Identifier: GPL-2.0-or-later
# What the plugin counts and exports: statistics as trees, response times, objects, and the filter of the menu.
# Outputs are compared as structure, exported files byte by byte with what the lab's own reader finds.
import gzip
import hashlib
import json
from pathlib import Path
import re
import shlex
import shutil
import subprocess

import pytest

from sharkd import Sharkd
from trustlab import listreader, tvswire
import tshark
from tshark import EXPORTED_PDU, TOP, Tcp, exported, http, rows, run, tftp, udp

HERE = Path(__file__).parent
PCAPS = TOP / "pcaps"
PLAIN = ("-d", "tcp.port==2445,tvs")
PASSES = pytest.mark.parametrize("passes", [(), ("-2",)], ids=["one-pass", "two-passes"])
DEVICE = "CP-8861-SEP00005E005332"
RECOVERY = "CN=ITLRECOVERY_cucm-dst-pub.example;OU=Voice;O=Example Destination;L=Utrecht;ST=Utrecht;C=NL"


def open_to_all(folder):
    """tshark runs as nobody."""
    for path in (folder, *folder.parents[:2]):
        path.chmod(0o755)


@pytest.fixture
def export(tmp_path):
    """A function that exports all objects: their bytes by file name."""
    open_to_all(tmp_path)

    def into(path, *options, folder="out"):
        out = tmp_path / folder
        out.mkdir()
        out.chmod(0o777)
        run("-r", path, "-q", *options, "--export-objects", f"ciscotl,{out}")
        return {one.name: one.read_bytes() for one in out.iterdir()}
    return into


def tree(path, abbreviation, *options):
    """A statistics tree as {top: (count, {row: count})}."""
    output, _ = run("-r", path, "-q", *options, "-z", f"{abbreviation},tree")
    lines = output.splitlines()
    head = next(number for number, line in enumerate(lines) if line.startswith("Topic / Item"))
    column = lines[head].index("Count")
    found, top = {}, None
    for line in lines[head + 2:]:
        if line == "" or line.startswith("---"):
            break
        name, count = line[:column].rstrip(), int(line[column:].split()[0])
        if not name.startswith(" "):
            top = name
            found[top] = (count, {})
        else:
            found[top][1][name[1:]] = count
    return found


def response_times(path, *options):
    """{row: (calls, sum of seconds)}"""
    output, _ = run("-r", path, "-q", *options, "-z", "tvs,srt")
    head, table = output.split("Index  Request ", 1)
    assert "TVS SRT Statistics:" in head and head.endswith("Filter: tvs.type\n")
    found = {}
    for line in table[:table.index("====")].splitlines()[1:]:
        number, name, calls_, _, _, _, total = line.split()
        found[f"{number} {name}"] = (int(calls_), float(total))
    return found


def query(session=1001, device=DEVICE):
    return tvswire.query_request(device, "CN=a;O=b", "CN=ca", b"\x24\x00\x17", session=session)


def answer(session=1001, status=0, roles=(0, 3), kind=tvswire.QUERY_RESPONSE, **changes):
    return tvswire.response(kind, session, status, roles=roles, **changes)


def conversation(capture, client, server, **options):
    return capture(Tcp(2445).client(*client).server(*server).end(), **options)


def certificate():
    """One that no other recording holds."""
    return certificates_in((PCAPS / "ctl-source.tlv").read_bytes())[0]


def sha1_of(data):
    return hashlib.sha1(data).hexdigest()


def certificates_in(data):
    return [one.certificate for one in listreader.read(data).records if one.certificate is not None]


# ---- registration ----

def test_tshark_lists_them():
    # With a file to read, so that Wireshark does not look for its capture programs.
    said = run("-r", PCAPS / "tvs-plain.pcapng", "-z", "help")
    statistics = {line.strip() for text in said for line in text.splitlines()}
    assert {"tvs,tree", "ciscotl,tree", "tvs,srt"} <= statistics
    said = run("-r", PCAPS / "tvs-plain.pcapng", "--export-objects", "nothing,here", expect=None)
    assert re.search(r"^ *ciscotl$", said[1], re.M)


needs_sharkd = pytest.mark.skipif(shutil.which("sharkd") is None, reason="sharkd is not installed")


@needs_sharkd
def test_menus_name_them():
    with Sharkd() as sharkd:
        found = sharkd.result("info")
    names = {one["tap"]: one["name"] for kind in ("stats", "srt", "eo") for one in found[kind]}
    assert re.fullmatch("Cisco UCM trust( / |/)TVS messages", names["stat:tvs"])
    assert re.fullmatch("Cisco UCM trust( / |/)Trust lists", names["stat:ciscotl"])
    assert names["srt:tvs"].endswith("/TVS") and names["eo:ciscotl"].endswith("/CISCOTL")


@needs_sharkd
def test_objects_have_their_columns_each_time(tmp_path):
    path = tmp_path / "x.pcapng"
    open_to_all(tmp_path)
    shutil.copy(PCAPS / "migration-secure.pcapng", path)
    path.chmod(0o644)
    with Sharkd() as sharkd:
        assert sharkd.opens(path)
        answers = [sharkd.result("tap", tap0="eo:ciscotl") for _ in range(2)]
    first, again = ([{key: one[key] for key in ("pkt", "hostname", "type", "filename", "len")}
                     for one in answer["taps"][0]["objects"]] for answer in answers)
    assert first == again
    lists = [one for one in first if one["type"] != "certificate"]
    frames = [int(row[0]) for row in rows(path, "ciscotl", "frame.number")]
    assert [(one["type"], one["filename"], one["pkt"]) for one in lists] == [
        ("CTL", "CTLSEP00005E005332.tlv", frames[0]), ("ITL", "ITLSEP00005E005332.tlv", frames[1]),
        ("signed file", "SEP00005E005332.cnf.xml.sgn", frames[2])]
    servers = {row[0] for row in rows(path, "ciscotl", "ip.src")}
    assert {one["hostname"] for one in lists} == servers and len(first) == 12


# ---- counts ----

@PASSES
@pytest.mark.parametrize("name, options", [("tvs-tls12", ()), ("tvs-tls13", ()), ("tvs-plain", PLAIN)])
def test_tvs_tree_of_a_recording(name, options, passes):
    assert tree(PCAPS / f"{name}.pcapng", "tvs", *options, *passes) == {
        "Messages by type": (6, {"Certificate query request": 2, "Certificate query response": 2,
                                 "Certificate verification request": 1, "Certificate verification response": 1}),
        "Answers by status": (3, {"found and trusted": 2, "not found": 1}),
        "Answers by role": (3, {"SAST": 2, "TFTP": 2, "no role": 1}),
        "Requests by device model": (3, {"8861": 3})}


@PASSES
def test_list_tree_of_a_recording(passes):
    found = tree(PCAPS / "migration-secure.pcapng", "ciscotl", *passes)
    assert found["Files by kind"] == (3, {"CTL": 1, "ITL": 1, "signed file": 1})
    assert found["Files by signature"] == (3, {"valid": 3})
    assert found["Files by signer"] == (3, {RECOVERY: 2, RECOVERY.replace("ITLRECOVERY_", ""): 1})


def test_nothing_of_ours():
    assert {top: count for top, (count, _) in tree(PCAPS / "itl-tftp.pcapng", "tvs").items()} == dict.fromkeys(
        ("Messages by type", "Answers by status", "Answers by role", "Requests by device model"), 0)
    assert response_times(PCAPS / "itl-tftp.pcapng") == {}


def test_filter_limits_the_tree():
    output, _ = run("-r", PCAPS / "tvs-tls12.pcapng", "-q", "-z", "tvs,tree,tvs.type==2")
    assert re.search(r"^Messages by type +1 ", output, re.M)


@PASSES
def test_numbers_without_a_name(capture, passes):
    unknown = tvswire.message(9, 1005, b"\x07\0\1\0")
    path = conversation(capture, [query(), query(1002), query(1003), query(1004), unknown],
                        [answer(1001, status=7, roles=(0, 0, 99, 99, 0)), answer(1002, status=1, roles=()),
                         tvswire.message(4, 1003, b""), answer(1004, kind=tvswire.VERIFY_RESPONSE, roles=(255,))])
    assert tree(path, "tvs", *PLAIN, *passes) == {
        "Messages by type": (9, {"Certificate query request": 4, "Certificate query response": 3,
                                 "Certificate verification response": 1, "type 9": 1}),
        "Answers by status": (4, {"status 7": 1, "not found": 1, "no status": 1, "found and trusted": 1}),
        "Answers by role": (4, {"SAST": 1, "role 99": 1, "no role": 2, "Unknown role": 1}),
        "Requests by device model": (4, {"8861": 4})}


def test_what_is_no_message(capture):
    path = conversation(capture, [query() + b"GET / HTTP/1.0\r\n\r\n"], [])
    assert tree(path, "tvs", *PLAIN)["Messages by type"] == (
        2, {"Certificate query request": 1, "not a TVS message": 1})


def test_device_names(capture):
    names = ["CP-8861-SEP00005E005332", "CP-7841-SEP00005E005333", "CP-8861-SEP00005E005334", "CSFUSER",
             "CP-8861-SEPnothing", "CP-\x01\x02-SEP00005E005332"]
    requests = [query(1001 + number, name) for number, name in enumerate(names)]
    requests.append(tvswire.message(3, 1100, b"\x03\0\2a\0"))
    found = tree(conversation(capture, requests, []), "tvs", *PLAIN)["Requests by device model"]
    assert found == (7, {"8861": 2, "7841": 1, "names of another form": 2, "\\x01\\x02": 1, "no device name": 1})


@PASSES
def test_models_are_bounded(capture, passes):
    requests = [query(1001 + number, f"CP-{number:05}-SEP00005E005332") for number in range(300)] * 2
    total, models = tree(conversation(capture, requests, []), "tvs", *PLAIN, *passes)["Requests by device model"]
    assert total == 600 and len(models) == 101
    assert models.pop("others (after 100 names)") == 400 and set(models.values()) == {2}


def test_signers_are_bounded(capture, crafted):
    data = (crafted / "clean.tlv").read_bytes()
    signer = listreader.read(data).signer_name.encode()
    at = data.index(signer)
    lists = [data[:at + 3] + f"{number:03}".encode() + data[at + 6:] for number in range(150)]
    path = capture([exported("ciscotl", one) for one in lists], link=EXPORTED_PDU)
    total, signers = tree(path, "ciscotl")["Files by signer"]
    assert total == 150 and len(signers) == 101 and signers["others (after 100 names)"] == 50


def test_signatures(capture, crafted):
    names = ("clean", "clean-ctl", "invalid-signature", "signer-absent", "unknown-digest")
    path = capture([exported("ciscotl", (crafted / f"{name}.tlv").read_bytes()) for name in names], link=EXPORTED_PDU)
    found = tree(path, "ciscotl")
    assert found["Files by signature"] == (5, {"valid": 2, "invalid": 1, "unverifiable": 2})
    assert found["Files by kind"] == (5, {"ITL": 4, "CTL": 1})
    off = ("-o", "ciscotl.check_signature:FALSE")
    assert tree(path, "ciscotl", *off)["Files by signature"] == (5, {"not checked": 5})


def test_what_was_cut_off(capture, crafted):
    data = (crafted / "clean.tlv").read_bytes()
    path = capture([exported("ciscotl", data)], link=EXPORTED_PDU, snap=60)
    found = tree(path, "ciscotl")
    assert found["Files by signature"] == (1, {"not captured": 1})
    assert found["Files by signer"] == (1, {"not captured": 1})
    messages = [exported("tvs", query()), exported("tvs", answer())]
    found = tree(capture(messages, link=EXPORTED_PDU, snap=23), "tvs")
    assert found["Messages by type"] == (2, {"Certificate query request": 1, "Certificate query response": 1})
    assert found["Answers by status"] == found["Answers by role"] == (1, {"not captured": 1})
    assert found["Requests by device model"] == (1, {"not captured": 1})


# ---- response times ----

@PASSES
@pytest.mark.parametrize("name, options", [("tvs-tls12", ()), ("tvs-tls13", ()), ("tvs-plain", PLAIN)])
def test_response_times_of_a_recording(name, options, passes):
    path = PCAPS / f"{name}.pcapng"
    times = {kind: [float(row[0]) for row in rows(path, f"tvs.type == {kind}", "tvs.time", options=options)]
             for kind in (2, 4)}
    found = response_times(path, *options, *passes)
    assert {row: calls for row, (calls, _) in found.items()} == {"2 Verification": 1, "4 Query": 2}
    assert found["2 Verification"][1] == pytest.approx(sum(times[2]), abs=2e-6)
    assert found["4 Query"][1] == pytest.approx(sum(times[4]), abs=2e-6)


def calls(found):
    return {row: number for row, (number, _) in found.items()}


@PASSES
def test_an_exchange_counts_once(capture, passes):
    repeated = answer(1001)
    path = conversation(capture, [query(), query(1002)],
                        [repeated + answer(1002) + repeated + repeated, repeated, answer(1002)])
    assert tree(path, "tvs", *PLAIN, *passes)["Messages by type"][1]["Certificate query response"] == 6
    assert calls(response_times(path, *PLAIN, *passes)) == {"4 Query": 2}


def test_two_listeners_count_the_same(capture):
    path = conversation(capture, [query()], [answer(), answer()])
    output, _ = run("-r", path, "-q", *PLAIN, "-z", "tvs,srt", "-z", "tvs,srt,tvs.session==1001")
    assert re.findall(r"^ +4  Query +(\d+)", output, re.M) == ["1", "1"]


def test_an_answer_without_its_request_takes_no_time(capture):
    assert response_times(conversation(capture, [], [answer()]), *PLAIN) == {}
    assert response_times(conversation(capture, [query()], []), *PLAIN) == {}


# ---- objects ----

@PASSES
def test_objects_of_a_recording(export, passes):
    found = export(PCAPS / "migration-secure.pcapng", *passes)
    lists = {name: data for name, data in found.items() if not name.endswith(".cer")}
    assert sorted(lists) == ["CTLSEP00005E005332.tlv", "ITLSEP00005E005332.tlv", "SEP00005E005332.cnf.xml.sgn"]
    for name, sha1 in rows(PCAPS / "migration-secure.pcapng", "ciscotl", "ciscotl.fetched_as", "ciscotl.sha1"):
        assert sha1_of(lists[name.split("/")[-1]]) == sha1
    certificates = [data for name, data in found.items() if name.endswith(".cer")]
    wanted = certificates_in(lists["CTLSEP00005E005332.tlv"]) + certificates_in(lists["ITLSEP00005E005332.tlv"])
    asked = {row[0] for row in rows(PCAPS / "migration-secure.pcapng", "tvs.certificate", "tvs.certificate.sha1")}
    assert set(wanted) <= set(certificates) and len(set(certificates)) == len(certificates) and len(asked) == 2
    assert {sha1_of(data).upper() for data in certificates} == asked | {sha1_of(data).upper() for data in wanted}
    recovery = next(name for name in found if name.startswith("ITLRECOVERY_cucm-dst-pub.example-"))
    assert recovery == f"ITLRECOVERY_cucm-dst-pub.example-{sha1_of(found[recovery]).upper()}.cer"


@pytest.mark.parametrize("name, list_", [("itl-tftp", "itl-destination"), ("ctl-http", None)])
def test_lists_keep_the_name_under_which_they_were_fetched(export, name, list_):
    fetched = rows(PCAPS / f"{name}.pcapng", "ciscotl", "ciscotl.fetched_as")[0][0].lstrip("/")
    found = export(PCAPS / f"{name}.pcapng")
    assert listreader.read(found[fetched]).records
    if list_ is not None:
        assert found[fetched] == (PCAPS / f"{list_}.tlv").read_bytes()


@pytest.mark.parametrize("name, options", [("tvs-tls12", ()), ("tvs-tls13", ()), ("tvs-plain", PLAIN)])
def test_certificates_of_answers(export, name, options):
    found = export(PCAPS / f"{name}.pcapng", *options)
    known = certificates_in((PCAPS / "itl-destination.tlv").read_bytes())
    assert len(found) == 1 and set(found.values()) <= set(known)


def test_an_opened_file(export, tmp_path):
    data = (PCAPS / "ctl-source.tlv").read_bytes()
    path = tmp_path / "anything.gz"
    path.write_bytes(gzip.compress(data))
    path.chmod(0o644)
    found = export(path)
    assert found["CTLFile.tlv"] == data and set(found.values()) == {data, *certificates_in(data)}


def test_same_content_once(capture, export):
    data = (PCAPS / "itl-destination.tlv").read_bytes()
    der = certificate()
    packets = []
    for number in range(20):
        packets += tftp(f"ITLSEP00005E0053{number:02}.tlv", data, client_port=50000 + number)
        packets += Tcp(2445, 40000 + number).client(query()).server(answer(certificates=[der, der])).end()
    found = export(capture(packets), *PLAIN)
    assert sorted(found.values()) == sorted({data, der, *certificates_in(data)})
    assert [name for name in found if not name.endswith(".cer")] == ["ITLSEP00005E005300.tlv"]


def test_same_name_twice(capture, export, crafted):
    lists = [(crafted / f"{name}.tlv").read_bytes() for name in ("clean", "sha1", "expired")]
    names = ("ITLFile.tlv", "itlfile.tlv", "ITLFile.tlv")
    packets = []
    for number, (name, data) in enumerate(zip(names, lists)):
        packets += tftp(name, data, client_port=50000 + number)
    found = export(capture(packets))
    assert [found[name] for name in ("ITLFile.tlv", "itlfile-2.tlv", "ITLFile-3.tlv")] == lists


HOSTILE = {"../../../etc/passwd": "passwd", "/etc/cron.d/x": "x", "..": "_._", ".": "__", ".bashrc": "_.bashrc",
           "-rf": "_-rf", "a\\b\\..\\c.tlv": "a_b_.._c.tlv",
           "CON": "_CON", "nul.tlv": "_nul.tlv", "Com1.tlv": "_Com1.tlv", "COM.tlv": "COM.tlv", "ends.": "ends_",
           "con%2e%2e%2ftlv": "con_2e_2e_2ftlv", "a:b|c<d>e*.tlv": "a_b_x7Cc_d_e_.tlv",
           "a b;$(id)`id`.tlv": "a_b___id__id_.tlv", "/dir/": None, "x" * 300 + ".tlv": "x" * 100 + ".tlv",
           "y." + "z" * 30: "y." + "z" * 30}


def test_hostile_names(capture, export, crafted):
    data = (crafted / "clean.tlv").read_bytes()
    packets = []
    lists = {}
    for number, name in enumerate(HOSTILE):
        changed = data[:-1] + bytes([number])      # each another file
        lists[name] = changed
        packets += tftp(name, changed, client_port=50000 + number)
    found = export(capture(packets))
    for name, safe in HOSTILE.items():
        assert found.get(safe or "ITLFile.tlv") == lists[name], (name, sorted(found))
    for name in found:
        assert re.fullmatch(r"[A-Za-z0-9_+=@][A-Za-z0-9._+=@-]*", name) and len(name) <= 128 and name[-1] != "."


@pytest.mark.parametrize("path, name", [
    ("/a/../ITLFile.tlv?x=/etc/passwd", "ITLFile.tlv"), ("/a%2F..%2Fb.tlv", "a_2F.._2Fb.tlv"), ("/", "ITLFile.tlv"),
    ("/a\x01\x1b[31mb.tlv", "a_x01_x1B_31mb.tlv"), ("/\u00fc.tlv", "_+.tlv")])
def test_names_in_urls(capture, export, crafted, path, name):
    data = (crafted / "clean.tlv").read_bytes()
    found = export(capture(http(path, data, port=6970)))
    (safe,) = (one for one in found if not one.endswith(".cer"))
    assert re.fullmatch(name, safe) and found[safe] == data


def test_damaged_and_strange_objects(capture, export, crafted):
    data = (crafted / "truncated.tlv").read_bytes()
    broken = b"\x30\x03\x02\x01"
    messages = conversation(capture, [tvswire.verify_request(DEVICE, broken)],
                            [answer(kind=2, certificates=[certificate(), b"", broken + b"x"])])
    found = export(messages, *PLAIN)
    assert found.pop("unreadable-certificate.cer") == broken
    assert found.pop("unreadable-certificate-2.cer") == broken + b"x"
    assert list(found.values()) == [certificate()]
    found = export(capture(tftp("ITLFile.tlv", data), name="y.pcap"), folder="lists")
    assert found["ITLFile.tlv"] == data


def test_only_whole_objects(capture, export, crafted):
    data = (crafted / "clean.tlv").read_bytes()
    certificates = certificates_in(data)
    end = data.index(certificates[1]) + len(certificates[1]) - 1
    snap = end + len(exported("ciscotl", b""))
    found = export(capture([exported("ciscotl", data)], link=EXPORTED_PDU, snap=snap))
    assert list(found.values()) == certificates[:1]


def test_exports_are_bounded(capture, export):
    """And it is said that something is missing."""
    distinct = [b"\x30" + number.to_bytes(3, "big") for number in range(11000)]
    messages = [exported("tvs", answer(certificates=distinct[start:start + 1000])) for start in range(0, 11000, 1000)]
    found = export(capture(messages, link=EXPORTED_PDU))
    note = found.pop("not-everything-was-exported.txt").decode()
    assert "more than 10000" in note and len(found) == 10000
    assert set(distinct[:10000]) == set(found.values())


@pytest.mark.skipif(shutil.which("editcap") is None, reason="editcap is not installed")
@pytest.mark.parametrize("name", ["tvs-plain", "itl-tftp", "ctl-http"])
def test_mutated_captures(tmp_path, export, name):
    tmp_path.chmod(0o777)
    out = tmp_path / "mutated.pcapng"
    for seed in range(3):
        subprocess.run(["editcap", "-E", "0.02", "--seed", str(seed), "-o", "54", PCAPS / f"{name}.pcapng", out],
                       check=True)
        out.chmod(0o644)
        export(out, *PLAIN, "-z", "tvs,tree", "-z", "ciscotl,tree", "-z", "tvs,srt", folder=f"out{seed}")


# ---- the filter of the menu ----

def compile_probe(out):
    """probe.c, as the build compiles its own plugin: the same Wireshark, the same options."""
    commands = json.loads((tshark.BUILD / "compile_commands.json").read_text())
    ours = next(one for one in commands if one["file"].endswith("/dissector/plugin.c"))
    options = shlex.split(ours["command"])
    options = options[:options.index("-o")]
    subprocess.run([*options, "-shared", "-o", out, HERE / "probe.c"], cwd=ours["directory"], check=True)


@pytest.fixture(scope="session")
def with_probe(tmp_path_factory):
    """A build with the plugin and the one that shows the menu's filters as a field."""
    build = tmp_path_factory.mktemp("probe")
    open_to_all(build)
    ours = next((tshark.BUILD / "dissector" / "plugins").glob("*/epan/ucmtrust.so"))
    folder = build / "dissector" / "plugins" / ours.parents[1].name / "epan"
    folder.mkdir(parents=True)
    shutil.copy(ours, folder)
    compile_probe(folder / "probe.so")
    return build


def offered(path, build, *options):
    """The filter that is offered for each frame, "" for none."""
    output, _ = run("-r", path, *options, "-T", "fields", "-e", "frame.number", "-e", "probe.filter", build=build)
    return {int(line.split("\t")[0]): line.split("\t")[1] for line in output.splitlines()}


def frames(path, filter_, *options):
    return [int(row[0]) for row in rows(path, filter_, "frame.number", options=options)]


def test_filter_shows_one_connection(capture, with_probe):
    one = Tcp(2445, 40001).client(query()).server(answer()).end()
    two = Tcp(2445, 40002).client(query()).server(answer()).end()
    foreign = Tcp(80, 40003).client(b"x").end()
    path = capture([packet for group in zip(one, two) for packet in group] + foreign)
    found = offered(path, with_probe, "-2", *PLAIN)
    first, second = list(range(1, 15, 2)), list(range(2, 15, 2))
    assert {found[frame] for frame in first} == {"tcp.stream eq 0"} and frames(path, found[1]) == first
    assert {found[frame] for frame in second} == {"tcp.stream eq 1"} and frames(path, found[2]) == second
    assert {found[frame] for frame in found if frame > 14} == {""}


def test_filter_of_any_port(capture, with_probe):
    path = capture(Tcp(20445).client(query()).server(answer()).end())
    assert set(offered(path, with_probe, "-2").values()) == {"tcp.stream eq 0"}


def test_filter_of_a_refused_handshake(with_probe):
    path = PCAPS / "tvs-refused.pcapng"
    found = offered(path, with_probe)
    tvs = [frame for frame, text in found.items() if text]
    assert tvs == frames(path, "tcp.port == 2445") and tvs
    assert not any(offered(path, with_probe, "-o", "tvs.tls.port:0").values())


def test_no_filter_without_tcp(capture, with_probe):
    path = capture([exported("tvs", query())], link=EXPORTED_PDU)
    assert set(offered(path, with_probe).values()) == {""}
    assert set(offered(capture([udp("192.0.2.1", 2445, "192.0.2.2", 2445, b"x")]), with_probe).values()) == {""}
