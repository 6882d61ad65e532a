# SPDX-License-Identifier: GPL-2.0-or-later
# The table of phones (tshark -z ucmtrust,phones): on the recorded captures with exact rows, and on made ones.
import pytest

from tshark import TOP, Tcp, http, run, tftp, without_secrets

PCAPS = TOP / "pcaps"
PHONE = "SEP00005E005332 (8861) at 192.0.2.50"


def tables(capture, *options, filter_=""):
    """{title: [(event, node, accepted, details)]} in the order of the output."""
    text, _ = run("-q", "-r", capture, *options, "-z", "ucmtrust,phones" + filter_)
    found, title = {}, None
    for line in text.splitlines()[5:-1]:
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) < 6:
            title = line.strip()
            found[title] = []
        else:
            found[title].append((cells[2], cells[3], cells[4], "|".join(cells[5:-1]).strip()))
    return found


def frames(capture):
    text, _ = run("-q", "-r", capture, "-z", "ucmtrust,phones")
    return [int(line.split("|")[1]) for line in text.splitlines()[6:] if line.count("|") >= 6]


def summary(capture, *options):
    return [(row[1], row[2], row[3]) for row in tables(capture, *options)["All phones"]]


# ---- recorded captures ----

def test_a_migration_in_time_order():
    rows = tables(PCAPS / "migration-secure.pcapng")[PHONE]
    assert [row[:3] for row in rows] == [
        ("DHCP", "192.0.2.1", ""), ("CTL", "198.51.100.11", "accepted"), ("asks TVS", "192.0.2.11", ""),
        ("TVS answers", "192.0.2.11", ""), ("ITL", "198.51.100.11", "accepted"),
        ("signed file", "198.51.100.11", "accepted"), ("asks TVS", "198.51.100.11", ""),
        ("TVS answers", "198.51.100.11", "")]
    assert rows[0][3] == "Option 150 names TFTP 198.51.100.11, 198.51.100.12"
    assert rows[1][3].startswith("TVS vouches for its signer (192.0.2.11); CTL /CTLSEP00005E005332.tlv, 6 records")
    assert rows[4][3].startswith("the CTL that the phone holds names its signer (record 6); ITL ")
    assert rows[5][3].endswith("names TVS 198.51.100.11, 198.51.100.12, 198.51.100.13")
    order = frames(PCAPS / "migration-secure.pcapng")[1:]
    assert order == sorted(order)


@pytest.mark.parametrize("name, verdict, words", [
    ("migration-nonsecure", "accepted", "accepts what it was given"),
    ("migration-secure", "accepted", "accepts what it was given"),
    ("migration-fails", "REFUSED", "refuses the ITL and keeps what it had: TVS does not know its signer (192.0.2.11)"),
    ("itl-tftp", "unknown", "ITL: the lists that the phone holds are not known here, and it did not ask TVS: they may name "
                            "its signer"),
    ("tvs-plain", "", "was given no trust list and no signed file")])
def test_what_becomes_of_the_phone(name, verdict, words):
    assert [row[1:] for row in summary(PCAPS / f"{name}.pcapng")] == [(verdict, words)]
    assert [row[1:] for row in summary(PCAPS / f"{name}.pcapng", "-2")] == [(verdict, words)], "in two passes"


def test_a_refused_server():
    rows = tables(PCAPS / "tvs-refused.pcapng")["SEP00005E005332 at 192.0.2.50"]
    assert [row[:2] for row in rows if row[0] == "TVS refused"] == [
        ("TVS refused", f"192.0.2.{node}") for node in (11, 12, 11, 12)]
    assert "Unknown CA [TVS-IDENTITY]" in next(row[3] for row in rows if row[0] == "TVS refused")
    assert all(row[2] == "REFUSED" and "its ITL does not hold the certificate of the server" in row[3]
               for row in rows if row[0] in ("ITL", "signed file"))


def test_files_that_are_not_there():
    rows = tables(PCAPS / "migration-nonsecure.pcapng")[PHONE]
    assert [row[3] for row in rows if row[0] == "no such file"] == [
        "CTLSEP00005E005332.tlv: HTTP 404", "CTLSEP00005E005332.tlv: TFTP error 1",
        "ITLSEP00005E005332.tlv: HTTP 404", "ITLSEP00005E005332.tlv: TFTP error 1"]


def test_without_keys_nothing_is_guessed(tmp_path):
    tmp_path.chmod(0o755)
    bare = without_secrets(PCAPS / "migration-nonsecure.pcapng", tmp_path / "bare.pcapng")
    rows = tables(bare)["SEP00005E005332 at 192.0.2.50"]
    itl = next(row for row in rows if row[0] == "ITL")
    assert itl[2] == "unknown"
    assert "it asked TVS (192.0.2.11), and the answer cannot be read: the session keys are missing" in itl[3]
    assert not [row for row in rows if row[0] in ("asks TVS", "TVS answers")]


def test_a_filter_restricts_it():
    assert tables(PCAPS / "migration-secure.pcapng", filter_=",ip.addr==192.0.2.99") == {
        "All phones": [("phone", PHONE.replace(" (8861)", ""), "", "was given no trust list and no signed file")],
        PHONE.replace(" (8861)", ""): [("DHCP", "192.0.2.1", "", "Option 150 names TFTP 198.51.100.11, 198.51.100.12")]}


# ---- made captures ----

ITL = (PCAPS / "itl-destination.tlv").read_bytes()
CTL = (PCAPS / "ctl-source.tlv").read_bytes()


def test_the_same_list_again(capture):
    """Whether the first was accepted is not known, so neither is what the second meets."""
    packets = tftp("ITLFile.tlv", ITL) + tftp("ITLFile.tlv", ITL, client_port=50001)
    rows = [row for table in tables(capture(packets)).values() for row in table if row[0] == "ITL"]
    assert [row[2] for row in rows] == ["unknown", "unknown"]


def test_two_phones_do_not_mix(capture):
    packets = tftp("ITLSEP000000000001.tlv", ITL, client="192.0.2.60") + tftp(
        "CTLSEP000000000002.tlv", CTL, client="192.0.2.61", client_port=50001)
    found = tables(capture(packets))
    assert list(found)[1:] == ["SEP000000000001 at 192.0.2.60", "SEP000000000002 at 192.0.2.61"]
    assert [[row[0] for row in rows] for rows in list(found.values())[1:]] == [["ITL"], ["CTL"]]


def test_a_damaged_list_is_refused(capture):
    damaged = ITL[:-1] + bytes([ITL[-1] ^ 1])
    rows = tables(capture(http("/ITLFile.tlv", damaged, port=6970)))
    itl = next(row for table in rows.values() for row in table if row[0] == "ITL")
    assert itl[2] == "REFUSED" and itl[3].startswith("its signature does not verify; ITL ")


def test_a_list_that_was_not_captured_as_a_whole(capture):
    rows = tables(capture(tftp("ITLFile.tlv", ITL)[:-4]))
    assert [row for table in rows.values() for row in table if row[0] == "ITL"] == []


def test_a_chatty_phone_ends_somewhere(capture):
    request = bytes.fromhex("5701030000000001000e") + b"\x03\x00\x04A=B\0" + b"\x04\x00\x04C=D\0"
    connection = Tcp(2445)
    connection.client(*[request] * 400)
    rows = tables(capture(connection.end()))
    assert len(list(rows.values())[1]) == 256
    assert list(rows.values())[1][-1][3] == "what follows is not kept: filter for fewer phones"


def test_a_file_has_no_phone():
    assert tables(PCAPS / "itl-destination.tlv") == {"All phones": []}
