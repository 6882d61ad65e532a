# SPDX-License-Identifier: GPL-2.0-or-later
# The Wireshark plugin in a real tshark: recorded captures with exact values, lists as files, and damage of every kind.
# Lists and messages come from tests/lab, which shares no code with the plugin.
import base64
import gzip
import json
import os
import random
import re
import shutil
import subprocess
import sys

import pytest

from tshark import EXPORTED_PDU, TOP, Tcp, details, exported, http, infos, rows, run, tftp

sys.path.insert(0, str(TOP / "tests" / "lab"))
from trustlab import listreader, tvswire        # noqa: E402

PCAPS = TOP / "pcaps"
PLAIN = ("-d", "tcp.port==2445,tvs")
DEVICE = "CP-8861-SEP00005E005332"
SIGNER = "CN=ITLRECOVERY_cucm-dst-pub.example;OU=Voice;O=Example Destination;L=Utrecht;ST=Utrecht;C=NL"


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Two clusters' files and one crafted list per anomaly."""
    folder = tmp_path_factory.mktemp("lab")
    environment = dict(os.environ)
    environment.setdefault("UCMTRUST_LAB_CACHE", str(folder / "keys"))
    for arguments in (["make", folder / "pair"], ["craft", "all", folder / "crafted"]):
        subprocess.run([TOP / "tests" / "lab" / "lab", *map(str, arguments)], check=True, env=environment,
                       stdout=subprocess.DEVNULL)
    for path in [folder, *folder.parents]:
        if path.owner() == folder.owner() and str(path).startswith(str(tmp_path_factory.getbasetemp().parent)):
            path.chmod(0o755)
    return folder


@pytest.fixture
def without_plugin(tmp_path):
    (tmp_path / "none" / "dissector" / "plugins").mkdir(parents=True)
    return tmp_path / "none"


def certificate(lab):
    """A certificate that nobody in a test asked for."""
    pems = sorted((lab / "pair").glob("*/stores/pub/ITLRecovery/*.pem"))
    text = pems[0].read_text()
    return base64.b64decode("".join(text.split("-----")[2].split()))


def signer_serial():
    """The destination's ITLRecovery, read by the lab's own reader: captures may be recorded anew."""
    serial = listreader.read((PCAPS / "itl-destination.tlv").read_bytes()).signer_serial
    return serial.hex().upper()


def lists_in(packets):
    """Frame number, status and findings of each list in a capture of exported PDUs."""
    out = {}
    for frame, status, findings, malformed in rows(packets, "frame", "frame.number", "ciscotl.signature.status",
                                                   "ucmtrust.finding", "_ws.malformed", two_passes=False):
        out[int(frame)] = (status, set(findings.split(",")) - {""}, malformed)
    return out


# ---- registration ----

def test_is_loaded():
    assert any(line.startswith("ucmtrust.so") for line in run("-G", "plugins")[0].splitlines())


def test_every_field_is_described():
    fields = [line.split("\t") for line in run("-G", "fields")[0].splitlines()]
    ours = [row for row in fields if row[0] == "F" and row[4] in ("tvs", "ciscotl", "ucmtrust")
            and row[2] != "_ws.expert"]
    assert len(ours) > 60
    silent = [row[2] for row in ours if not row[7].strip() and not re.match(r"ucmtrust\.finding\.[A-Z]", row[2])]
    assert silent == []


def test_contract_fields_exist():
    fields = {line.split("\t")[2] for line in run("-G", "fields")[0].splitlines() if line.startswith("F\t")}
    tvs = ("version type reserved session length element.tag element.length device device.model device.mac subject "
           "issuer serial status role ttl certificate.subject certificate.issuer certificate.serial certificate.sha1 "
           "certificate.not_before certificate.not_after response_in response_to time")
    lists = ("kind version header_length signer_version signer.name signer.issuer signer.serial digest modulus signature "
             "signature.status signature.record filename timestamp padding record.length record.dns record.subject "
             "record.issuer record.serial record.role record.ip record.certificate.sha1 record.not_before "
             "record.not_after sha1 md5")
    wanted = {f"tvs.{name}" for name in tvs.split()} | {f"ciscotl.{name}" for name in lists.split()}
    wanted |= {"ucmtrust.finding", "ucmtrust.finding.severity"}
    assert wanted - fields == set()


def test_every_finding_has_an_expert_info():
    """Every one that a capture can show: trust stores and saved text are in none."""
    tables = {path.name: path.read_text() for path in (TOP / "common").glob("finding_table*.h")}
    ids = {name: set(re.findall(r'X\(UCM_\w+, "([A-Z0-9-]+)"', text)) for name, text in tables.items()}
    elsewhere = {one for name in ids if "store" in name or "saved" in name for one in ids[name]}
    shown = set(re.findall(r"\tucmtrust\.finding\.([A-Z0-9-]+)\t", run("-G", "fields")[0]))
    assert len(shown) > 40 and len(elsewhere) > 40
    assert shown == set().union(*ids.values()) - elsewhere


# ---- recorded TVS ----

TVS_FIELDS = ("tvs.type", "tvs.session", "tvs.reserved", "tvs.length", "tvs.device", "tvs.device.model", "tvs.device.mac",
              "tvs.serial", "tvs.status", "tvs.role", "tvs.ttl")
REQUEST = ("1", "0x00", DEVICE, "8861", "00:00:5e:00:53:32")


@pytest.mark.parametrize("name, options", [("tvs-tls12", ()), ("tvs-tls13", ()), ("tvs-plain", PLAIN)])
def test_three_exchanges(name, options):
    found = rows(PCAPS / f"{name}.pcapng", "tvs", *TVS_FIELDS, options=options)
    serial = signer_serial()
    phone = [DEVICE, "8861", "00:00:5e:00:53:32"]
    assert [row[:3] + row[4:] for row in found] == [
        ["3", "1001", "0x00", *phone, serial, "", "", ""],
        ["4", "1001", "0xf7", "", "", "", "", "0", "0,3", "86400"],
        ["1", "1002", "0x00", *phone, "", "", "", ""],
        ["2", "1002", "0xf7", "", "", "", "", "0", "0,3", "86400"],
        ["3", "1003", "0x00", *phone, "0BAD0BAD", "", "", ""],
        ["4", "1003", "0xf7", "", "", "", "", "1", "", ""]]


@pytest.mark.parametrize("name, options", [("tvs-tls12", ()), ("tvs-tls13", ()), ("tvs-plain", PLAIN)])
def test_responses_are_matched(name, options):
    found = rows(PCAPS / f"{name}.pcapng", "tvs", "frame.number", "tvs.response_in", "tvs.response_to", "tvs.time",
                 "frame.time_epoch", options=options)
    assert len(found) == 6
    for request, response in zip(found[::2], found[1::2]):
        assert request[1:4] == [response[0], "", ""]
        assert response[1:3] == ["", request[0]]
        assert float(response[3]) == pytest.approx(float(response[4]) - float(request[4]), abs=1e-6)


def test_one_pass_knows_what_came_before():
    found = rows(PCAPS / "tvs-tls12.pcapng", "tvs", "frame.number", "tvs.response_in", "tvs.response_to",
                 two_passes=False)
    assert [row[1] for row in found] == [""] * 6
    assert [row[2] for row in found[1::2]] == [row[0] for row in found[::2]]


def test_column_tells_the_story():
    found = infos(PCAPS / "tvs-tls12.pcapng", "tvs")
    found = [re.sub(r"\d+\.\d ms", "N ms", line) for line in found]
    sha1 = rows(PCAPS / "tvs-tls12.pcapng", "tvs.type == 1", "tvs.certificate.sha1")[0][0]
    name = "CN=ITLRECOVERY_cucm-dst-pub.example"
    assert found == [
        f"Query request: does TVS know {name} serial {signer_serial()}? (SEP00005E005332)",
        "Query response: found, SAST+TFTP, TTL 86400 s, N ms",
        f"Verify request: does TVS vouch for the certificate with SHA-1 {sha1}? (SEP00005E005332)",
        "Verify response: vouched for, SAST+TFTP, TTL 86400 s, N ms",
        f"Query request: does TVS know {name} serial 0BAD0BAD? (SEP00005E005332)",
        "Query response: NOT FOUND (status 1), N ms"]


def test_certificate_in_a_response():
    found = rows(PCAPS / "tvs-tls12.pcapng", "tvs.type == 4 && tvs.status == 0", "tvs.certificate.subject",
                 "tvs.certificate.issuer", "tvs.certificate.serial", "x509sat.uTF8String")
    assert found[0][:3] == [SIGNER, SIGNER, signer_serial()]
    assert "ITLRECOVERY_cucm-dst-pub.example" in found[0][3]


@pytest.mark.parametrize("second, expected", [("58", []), ("59", [["4"], ["1"]])])
def test_validity_of_a_certificate_in_a_response(second, expected):
    """By a filter: each version of Wireshark prints a time in its own way."""
    validity = ('tvs.certificate.not_before == "2020-01-01 00:00:00" && '
                f'tvs.certificate.not_after == "2049-12-31 23:59:{second}"')
    assert rows(PCAPS / "tvs-tls12.pcapng", validity, "tvs.type") == expected


def test_refusal_is_a_finding():
    found = rows(PCAPS / "migration-fails.pcapng", 'ucmtrust.finding == "TVS-STATUS"', "tvs.status",
                 "ucmtrust.finding.severity", "_ws.expert.message")
    assert [row[:2] for row in found] == [["1", "error"]] * 2
    assert all("status 1" in row[2] and "old files" in row[2] for row in found)
    assert rows(PCAPS / "tvs-tls12.pcapng", "ucmtrust.finding && tvs.status == 0", "frame.number") == []


def test_refused_handshake_shows_no_message():
    assert rows(PCAPS / "tvs-refused.pcapng", "tvs", "frame.number") == []


def test_port_preference():
    assert rows(PCAPS / "tvs-tls12.pcapng", "tvs", "frame.number", options=("-o", "tvs.tls.port:0")) == []
    assert rows(PCAPS / "tvs-tls12.pcapng", "tvs", "frame.number", options=("-o", "tvs.tls.port:2446")) == []


# ---- recorded lists ----

def check_list(found, manifest):
    """One row of LIST_FIELDS against what the lab says that it wrote."""
    (kind, version, signer_version, header_length, digest, status, record, name, issuer, serial, filename, sha1, md5,
     roles, subjects, serials, addresses, fingerprints, lengths) = found
    records = manifest["records"]
    assert [kind, status, int(record)] == [manifest["kind"], manifest["signature"], manifest["signature_record"]]
    assert version == "{}.{}".format(*manifest["version"])
    assert signer_version == ("{}.{}".format(*manifest["signer_version"]) if manifest["signer_version"] else "")
    assert [int(header_length), int(digest)] == [manifest["header_length"], manifest["digest_number"]]
    assert [name, issuer, serial] == [manifest["signer"][key] for key in ("name", "issuer", "serial")]
    assert [filename, sha1, md5] == [manifest[key] for key in ("filename", "sha1", "md5")]
    assert roles.split(",") == [str(one["role_number"]) for one in records]
    assert lengths.split(",") == [str(one["length"]) for one in records]
    assert addresses.split(",") == [one["ip"] for one in records if one["ip"]]
    held = [one for one in records if one["has_certificate"]]
    assert fingerprints.lower().split(",") == [one["sha1"] for one in held]
    assert serials.split(",") == [one["serial"] for one in held]
    assert subjects.split(",") == [one["subject"] for one in held]


LIST_FIELDS = tuple("ciscotl." + name for name in (
    "kind version signer_version header_length digest signature.status signature.record signer.name signer.issuer "
    "signer.serial filename sha1 md5 record.role record.subject record.serial record.ip record.certificate.sha1 "
    "record.length").split())


def test_every_clean_list_as_a_file(lab):
    manifest = json.loads((lab / "pair" / "manifest.json").read_text())
    checked = set()
    for one in manifest["lists"]:
        if one["sha1"] in checked or one["kind"] not in ("ITL", "CTL") or one["signature"] != "valid":
            continue
        check_list(rows(lab / "pair" / one["path"], "ciscotl", *LIST_FIELDS)[0], one)
        checked.add(one["sha1"])
    assert len(checked) >= 8


def test_itl_over_tftp():
    found = rows(PCAPS / "itl-tftp.pcapng", "ciscotl", "ciscotl.kind", "ciscotl.digest", "ciscotl.signature.status",
                 "ciscotl.signature.record", "ciscotl.record.role", "ciscotl.fetched_as", "_ws.col.Info")
    assert found == [["ITL", "3", "valid", "7", "0,2,21,21,21,4,0", "ITLFile.tlv",
                      "ITL ITLFile.tlv, 7 records, signed by CN=ITLRECOVERY_cucm-dst-pub.example (SHA-512), "
                      "signature valid"]]


def test_explicit_setting_of_tftp_wins():
    assert rows(PCAPS / "itl-tftp.pcapng", "ciscotl", "frame.number", options=("-o", "tftp.defragment:FALSE")) == []


def test_ctl_over_http():
    found = rows(PCAPS / "ctl-http.pcapng", "ciscotl", "ciscotl.kind", "ciscotl.signature.status",
                 "ciscotl.signature.record", "ciscotl.fetched_as", "_ws.col.Info")
    assert found == [["CTL", "valid", "6", "/CTLSEP00005E005332.tlv",
                      "CTL /CTLSEP00005E005332.tlv, 6 records, signed by CN=ITLRECOVERY_cucm-dst-pub.example (SHA-512), "
                      "signature valid"]]
    assert rows(PCAPS / "ctl-http.pcapng", "ciscotl", "frame.number", options=("-o", "ciscotl.http:FALSE")) == []


@pytest.mark.parametrize("name, kinds, asked", [
    ("migration-nonsecure", ["ITL", "signed file"], ["3", "4", "1", "2"]),
    ("migration-secure", ["CTL", "ITL", "signed file"], ["3", "4", "1", "2"]),
    ("migration-fails", ["ITL", "signed file"], ["3", "4", "3", "4"])])
def test_migration(name, kinds, asked):
    path = PCAPS / f"{name}.pcapng"
    lists = rows(path, "ciscotl", "ciscotl.kind", "ciscotl.signature.status")
    assert lists == [[kind, "valid"] for kind in kinds]
    assert [row[0] for row in rows(path, "tvs", "tvs.type")] == asked


def test_signed_file_is_verified_with_an_earlier_list():
    list_frame = rows(PCAPS / "migration-nonsecure.pcapng", 'ciscotl.kind == "ITL"', "frame.number")[0][0]
    found = rows(PCAPS / "migration-nonsecure.pcapng", 'ciscotl.kind == "signed file"', "ciscotl.signature.status",
                 "ciscotl.signature.anchor", "ciscotl.filename", "xml.tag")
    assert found[0][:2] == ["valid", list_frame]
    assert found[0][2] == "SEP00005E005332.cnf.xml.sgn" and "<fullConfig>" in found[0][3]


def test_signed_file_alone_is_unverifiable(lab):
    path = next((lab / "pair").glob("source/nodes/pub/tftp/*.cnf.xml.sgn"))
    found = rows(path, "ciscotl", "ciscotl.kind", "ciscotl.signature.status", "ucmtrust.finding", "_ws.col.Info")
    assert found[0][:3] == ["signed file", "unverifiable", "TL-SIGNED-ELSEWHERE"] or \
        found[0][:2] == ["signed file", "unverifiable"] and "TL-SIGNED-ELSEWHERE" in found[0][2]
    assert "signature unverifiable" in found[0][3]


# ---- lists as files ----

def test_file_in_full():
    text, _ = run("-r", PCAPS / "itl-destination.tlv", "-V")
    for line in ("Trust list of Cisco Unified CM: ITL, 7 records", "[Signature: valid, SHA-512, by record 7]",
                 "Header, 528 bytes", "        Version: 1.2", "        Header length: 528", "        Signer version: 1.1",
                 f"            Signer name: {SIGNER}", f"            Signer serial number: {signer_serial()}",
                 "            Digest algorithm: SHA-512", "                    Modulus: 2048 bits (2)",
                 "        File name: ITLFile.tlv", "    Record 1: SAST, CN=cucm-dst-pub.example, expires 2049-12-31",
                 "    Record 3: TVS, CN=cucm-dst-pub.example", "    Record 7: SAST, CN=ITLRECOVERY_cucm-dst-pub.example",
                 "        Function: CCM+TFTP", "        IP address: 198.51.100.11",
                 "                Certificate (id-at-countryName=NL"):
        assert f"\n{line}" in f"\n{text}" or line in text, line
    assert text.count("signedCertificate") == 7


def test_certificates_can_be_switched_off():
    text, _ = run("-r", PCAPS / "itl-destination.tlv", "-V", "-o", "ucmtrust.x509:FALSE")
    assert "signedCertificate" not in text and "expires 2049-12-31" in text


def test_signature_check_can_be_switched_off():
    found = rows(PCAPS / "itl-destination.tlv", "ciscotl", "ciscotl.signature.status", "_ws.col.Info",
                 options=("-o", "ciscotl.check_signature:FALSE"))
    assert found[0][0] == "unverifiable" and "signature not checked" in found[0][1]


def test_compressed_file(tmp_path, capture):
    path = tmp_path / "ITLFile.tlv.gz"
    path.write_bytes(gzip.compress((PCAPS / "itl-destination.tlv").read_bytes()))
    path.chmod(0o644)
    assert rows(path, "ciscotl", "ciscotl.signature.status") == [["valid"]]


def test_too_large_file(tmp_path, capture):
    data = (PCAPS / "itl-destination.tlv").read_bytes()
    path = tmp_path / "big.tlv"
    path.write_bytes(data + bytes(2 * 1024 * 1024))
    path.chmod(0o644)
    _, said = run("-r", path, expect=None)
    assert "larger than a phone takes: more than 2048 KiB" in said


def test_saved_as_capture_and_opened_again(tmp_path, capture):
    out = tmp_path / "saved.pcapng"
    tmp_path.chmod(0o777)
    run("-r", PCAPS / "itl-destination.tlv", "-w", out)
    out.chmod(0o644)
    assert rows(out, "ciscotl", "ciscotl.signature.status", "ucmtrust.finding") == [["valid", ""]]


CRAFTED = {"unknown-header-tag": "TL-TAG-UNKNOWN", "unknown-record-tag": "TL-TAG-UNKNOWN",
           "newer-minor": "TL-VERSION-NEWER", "container-cut": "TL-CONTAINER-LENGTH", "modulus-code": "TL-MODULUS-CODE",
           "trailing-bytes": "TL-TRAILING-BYTES", "future-timestamp": "TL-TIMESTAMP-FUTURE",
           "invalid-signature": "TL-SIGNATURE-INVALID", "changed-record": "TL-SIGNATURE-INVALID",
           "signer-absent": "TL-SIGNER-ABSENT", "signer-no-sast": "TL-SIGNER-NOT-SAST",
           "unknown-digest": "TL-DIGEST-UNKNOWN", "sha1": "TL-DIGEST-SHA1", "expired": "TL-CERT-EXPIRED",
           "expiring": "TL-CERT-EXPIRING", "not-yet-valid": "TL-CERT-NOT-YET-VALID",
           "broken-certificate": "TL-CERT-UNREADABLE", "record-too-long": "TL-TRUNCATED", "truncated": "TL-TRUNCATED",
           "record-too-short": "TL-RECORD-LENGTH"}


@pytest.mark.parametrize("name", sorted(CRAFTED))
def test_crafted_list(lab, name):
    found = rows(lab / "crafted" / f"{name}.tlv", "ciscotl", "ucmtrust.finding", "_ws.malformed")
    assert CRAFTED[name] in found[0][0].split(","), found
    assert "CISCOTL" not in found[0][1]
    assert rows(lab / "crafted" / f"{name}.tlv", f"ucmtrust.finding.{CRAFTED[name]}", "frame.number") == [["1"]]


def test_clean_crafted_lists_are_silent(lab):
    for name in ("clean", "clean-ctl", "record-leading-zero", "ec-record"):
        assert rows(lab / "crafted" / f"{name}.tlv", "ciscotl", "ciscotl.signature.status", "ucmtrust.finding") == \
            [["valid", ""]], name


def test_finding_stands_in_its_record(lab):
    text, _ = run("-r", lab / "crafted" / "unknown-record-tag.tlv", "-V")
    record = text.split("\n    Record 2:")[1].split("\n    Record 3:")[0]
    assert "[TL-TAG-UNKNOWN (warning)" in record and text.count("[TL-TAG-UNKNOWN (warning)") == 1


def test_many_certificates(lab):
    text, said = run("-r", lab / "crafted" / "forty-records.tlv", "-V")
    assert text.count("signedCertificate") == 40 and "bug" not in said.lower()


# ---- damage ----

def small_list(lab):
    return (lab / "pair" / "shapes" / "ctl-nonsecure-10.0.1.tlv").read_bytes()


def test_no_flipped_byte_is_silent(lab, capture):
    data = small_list(lab)
    flipped = (data[:at] + bytes([data[at] ^ 0x01]) + data[at + 1:] for at in range(len(data)))
    path = capture((exported("ciscotl", one) for one in [data, *flipped]), link=EXPORTED_PDU)
    found = lists_in(path)
    status, usual, _ = found.pop(1)
    assert status == "valid" and len(found) == len(data)
    silent = [frame - 2 for frame, (status, findings, _) in found.items()
              if status == "valid" and findings <= usual]
    assert silent == []
    assert [frame - 2 for frame, row in found.items() if "CISCOTL" in row[2]] == []


def test_no_truncation_is_silent_or_malformed(lab, capture):
    data = small_list(lab)
    path = capture((exported("ciscotl", data[:size]) for size in range(1, len(data))), link=EXPORTED_PDU)
    found = lists_in(path)
    assert len(found) == len(data) - 1
    assert [frame for frame, (status, findings, _) in found.items()
            if status == "valid" or not findings & {"TL-TRUNCATED", "TL-NOT-A-LIST", "TL-HEADER-LENGTH",
                                                    "TL-SIGNATURE-INVALID", "TL-SIGNER-ABSENT"}] == []
    assert [frame for frame, row in found.items() if row[2]] == []


def test_damaged_files_open(lab, tmp_path, capture):
    data = small_list(lab)
    for number, damaged in enumerate((data[:40], data[:300], data[:-1], data[:20] + b"\xff" + data[21:],
                                      data[:1000] + b"\xff" + data[1001:])):
        path = tmp_path / f"damaged-{number}.tlv"
        path.write_bytes(damaged)
        path.chmod(0o644)
        found = rows(path, "ciscotl", "ciscotl.signature.status", "ucmtrust.finding")
        assert found[0][0] != "valid" and found[0][1] != "", number


def test_snap_length_is_no_finding(lab, capture):
    data = (lab / "crafted" / "clean.tlv").read_bytes()
    for snap in (20, 30, 100, 400, 600, 2000):
        path = capture([exported("ciscotl", data)], link=EXPORTED_PDU, snap=snap)
        found = rows(path, "ciscotl", "ciscotl.signature.status", "ucmtrust.finding", "_ws.malformed", "_ws.col.Info")
        assert found[0][:3] == ["unverifiable", "", ""] and "cut off in the capture" in found[0][3], snap


def test_random_damage_never_breaks(lab, capture):
    chance = random.Random(1)
    packets = []
    for path in sorted((lab / "crafted").glob("*.tlv")):
        data = bytearray(path.read_bytes())
        for _ in range(10):
            copy = bytearray(data)
            for _ in range(chance.randrange(1, 12)):
                copy[chance.randrange(len(copy) if chance.random() < 0.5 else 600)] = chance.randrange(256)
            packets.append(exported("ciscotl", bytes(copy[:chance.randrange(1, len(copy))])))
    for path in sorted((lab / "pair" / "tvs").glob("*.bin")):
        data = path.read_bytes()
        for _ in range(60):
            copy = bytearray(data)
            for _ in range(chance.randrange(1, 6)):
                copy[chance.randrange(len(copy))] = chance.randrange(256)
            packets.append(exported("tvs", bytes(copy)))
    output, said = run("-r", capture(packets, link=EXPORTED_PDU), "-V")
    assert output.count("\nFrame ") + 1 == len(packets)
    assert output.count("\nTrust list of Cisco Unified CM") == sum(b"ciscotl" in one[:20] for one in packets)
    assert [line for line in said.splitlines() if "root" not in line] == []


# ---- TVS: streams and findings ----

def query(session=1001, **changes):
    return tvswire.query_request(DEVICE, "CN=a;O=b", "CN=ca", b"\x24\x00\x17", session=session, **changes)


def answer(session=1001, status=0, roles=(0, 3), kind=tvswire.QUERY_RESPONSE, **changes):
    return tvswire.response(kind, session, status, roles=roles, **changes)


def test_any_segmentation(lab, capture):
    message = (lab / "pair" / "tvs" / "query-request.bin").read_bytes()
    for size in (1, 2, 9, 10, 11, 100):
        pieces = [message[at:at + size] for at in range(0, len(message), size)]
        path = capture(Tcp(2445).client(*pieces).end())
        found = rows(path, "tvs", "tvs.type", "tvs.device", "_ws.malformed", options=PLAIN)
        assert found == [["3", DEVICE, ""]], size


def test_several_messages_in_one_segment(capture):
    connection = Tcp(2445).client(query(1001) + query(1002)).server(answer(1001, 1, ()) + answer(1002))
    path = capture(connection.end())
    column = infos(path, "tvs", options=PLAIN)
    assert column[0].count("Query request") == 2 and " | " in column[0]
    assert "NOT FOUND (status 1)" in column[1] and "found, SAST+TFTP" in column[1]
    assert rows(path, "tvs.status", "tvs.session", "tvs.response_to", options=PLAIN) == [["1001,1002", "4,4"]]


def test_plain_text_is_found_on_any_port(capture):
    path = capture(Tcp(20445).client(query()).server(answer()).end())
    assert [row[0] for row in rows(path, "tvs", "tvs.type")] == ["3", "4"]


def test_garbage_after_a_message_is_shown(capture):
    path = capture(Tcp(2445).client(query() + b"GET / HTTP/1.0\r\n\r\n").end())
    assert "TVS-NOT-TVS" in rows(path, "tvs", "ucmtrust.finding", options=PLAIN)[0][0]


@pytest.mark.parametrize("finding, response", [
    ("TVS-STATUS", answer(status=1, roles=())),
    ("TVS-STATUS", answer(status=7, roles=())),
    ("TVS-ROLE", answer(roles=(7,))),
    ("TVS-OTHER-SESSION", answer(session=1002)),
    ("TVS-OTHER-TYPE", answer(kind=tvswire.VERIFY_RESPONSE)),
    ("TVS-TTL-LONG", answer(ttl=86401)),
    ("TVS-ELEMENT-MISSING", answer(ttl=None)),
    ("TVS-TAG-UNKNOWN", tvswire.message(4, 1001, b"\x07\0\1\0\x63\0\1x")),
    ("TVS-TRUNCATED", tvswire.message(4, 1001, b"\x07\0\1\0\x08\0\x09\0")),
    ("TVS-ELEMENT-LENGTH", tvswire.message(4, 1001, b"\x07\0\2\0\0")),
    ("TVS-VERSION-UNKNOWN", tvswire.message(4, 1001, b"\x07\0\1\0", version=2))])
def test_tvs_finding(capture, finding, response):
    path = capture(Tcp(2445).client(query()).server(response).end())
    found = rows(path, "ip.src == 192.0.2.11 && tvs", "ucmtrust.finding", "_ws.malformed", options=PLAIN)
    assert finding in found[0][0].split(",") and found[0][1] == ""


def test_other_certificate(lab, capture):
    der = certificate(lab)
    path = capture(Tcp(2445).client(query()).server(answer(certificates=[der])).end())
    found = rows(path, "tvs.status", "ucmtrust.finding", options=PLAIN)
    assert "TVS-OTHER-CERTIFICATE" in found[0][0]


def test_request_without_answer(capture):
    path = capture(Tcp(2445).client(query()).end())
    assert rows(path, "tvs", "ucmtrust.finding", options=PLAIN) == [["TVS-NO-ANSWER"]]
    assert rows(path, "tvs", "ucmtrust.finding", options=PLAIN, two_passes=False) == [[""]]


def test_sessions_of_two_connections_do_not_mix(capture):
    one = Tcp(2445, 40001).client(query()).server(answer(status=1, roles=())).end()
    two = Tcp(2445, 40002).client(query()).server(answer()).end()
    mixed = [packet for pair in zip(one, two) for packet in pair]
    found = rows(capture(mixed), "tvs", "frame.number", "tvs.response_in", "tvs.response_to", "tvs.status",
                 options=PLAIN)
    assert found == [["7", "9", "", ""], ["8", "10", "", ""], ["9", "", "7", "1"], ["10", "", "8", "0"]]


def test_cut_off_message(capture):
    long_answer = answer(certificates=[bytes(900)])
    path = capture(Tcp(2445).client(query()).server(long_answer).end(), snap=200)
    found = rows(path, "tvs.type == 4", "ucmtrust.finding", "_ws.malformed", "_ws.col.Info", options=PLAIN)
    assert found == [] or found[0][:2] == ["", ""]


def test_column_mode_agrees_with_details(capture, lab):
    connection = Tcp(2445).client(query()).server(answer(certificates=[certificate(lab)], roles=(7,)))
    path = capture(connection.end())
    plain, _ = run("-r", path, *PLAIN)
    verbose, _ = run("-r", path, *PLAIN, "-V", "-P")
    for line in plain.splitlines():
        assert line.strip() in verbose


# ---- carriers (more of them in test_carriers.py) and foreign traffic ----

def test_name_of_another_kind(capture):
    data = (PCAPS / "itl-destination.tlv").read_bytes()
    assert "TL-FILENAME" in rows(capture(tftp("CTLFile.tlv", data)), "ciscotl", "ucmtrust.finding")[0][0]
    assert rows(capture(tftp("ITLSEP00005E005332.tlv", data)), "ciscotl", "ucmtrust.finding") == [[""]]


def foreign_packets():
    chance = random.Random(7)
    noise = bytes(chance.randrange(256) for _ in range(3000))
    text = b"Plain words, nothing to see here.\n" * 60
    packets = []
    bodies = ((noise, "application/octet-stream"), (text, "text/plain"), (b"<a><b>c</b></a>", "application/xml"),
              (noise, None), (text, "*/*"), (b"\x01\x00\x02\x01", "application/octet-stream"), (b"", "text/plain"),
              (b"W", "text/plain"), (noise, "text/plain; charset=utf-8"))
    for number, (body, kind) in enumerate(bodies):
        packets += http(f"/{number}", body, kind, client_port=42000 + number)
    for number, body in enumerate((noise, text, b"\x01\x00\x02\x01\x02\x03", b"W" * 512)):
        packets += tftp(f"file{number}.bin", body, client_port=51000 + number)
    for number, start in enumerate((b"W", b"W\x01", b"W\x01\x03", b"W\x01\x03\0\0\0\0\1\0\5\x63\0\1x", b"WORDS and more",
                                    noise, text)):
        packets += Tcp(7000 + number, 43000 + number).client(start, noise[:100]).server(text[:200]).end()
    return packets


def test_foreign_traffic_is_dissected_as_before(capture, without_plugin):
    path = capture(foreign_packets())
    defragment = ("-o", "tftp.defragment:TRUE")
    with_plugin, _ = run("-r", path, "-V", *defragment)
    before, _ = run("-r", path, "-V", *defragment, build=without_plugin)
    assert "ucmtrust.so" not in run("-G", "plugins", build=without_plugin)[0]
    assert before and with_plugin == before
    assert run("-r", path, *defragment)[0] == run("-r", path, *defragment, build=without_plugin)[0]


def test_foreign_files_are_not_claimed(tmp_path, capture):
    chance = random.Random(3)
    for number, data in enumerate((b"\x01\x00\x02", b"\x01\x00\x02\x01\x02\x05" * 20, b"W\x01\x03" * 30, b"text\n" * 50,
                                   bytes(chance.randrange(256) for _ in range(500)))):
        path = tmp_path / f"foreign-{number}"
        path.write_bytes(data)
        path.chmod(0o644)
        output, _ = run("-r", path, "-T", "fields", "-e", "frame.protocols", expect=None)
        assert "ciscotl" not in output, number


def test_json_of_our_protocols_only():
    packets = details(PCAPS / "tvs-tls12.pcapng", "-Y", "tvs", "-j", "tvs ciscotl ucmtrust")
    assert [packet["_source"]["layers"]["tvs"]["tvs.type"] for packet in packets] == ["3", "4", "1", "2", "3", "4"]


@pytest.mark.skipif(shutil.which("editcap") is None, reason="editcap is not installed")
def test_mutated_captures(tmp_path, capture):
    tmp_path.chmod(0o777)
    for number, name in enumerate(("tvs-plain", "itl-tftp", "ctl-http")):
        out = tmp_path / f"mutated-{name}.pcapng"
        subprocess.run(["editcap", "-E", "0.02", "--seed", str(number), "-o", "54", PCAPS / f"{name}.pcapng", out],
                       check=True)
        out.chmod(0o644)
        output, _ = run("-2", "-r", out, "-V", *PLAIN)
        assert output
