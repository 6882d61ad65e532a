# SPDX-License-Identifier: GPL-2.0-or-later
# Connections to the port of TVS in which no TVS message is ever sent: handshakes that one side breaks off, servers that
# say nothing, messages that never end. The handshakes are real ones, by Python's TLS, put into captures by hand.
import ssl
import struct

import pytest

from test_dissector import lab                      # noqa: F401 (a fixture)
from tshark import TOP, Tcp, infos, rows, run

PCAPS = TOP / "pcaps"
REQUEST = bytes.fromhex("5701030000000001000e") + b"\x03\x00\x04A=B\0" + b"\x04\x00\x04C=D\0"
ANSWER = bytes.fromhex("570104f7000000010004") + b"\x07\x00\x01\x01"


class Peers:
    """A TLS client and server in memory, and what they say to each other, flight by flight."""

    def __init__(self, lab, trusted, version=ssl.TLSVersion.TLSv1_2, node="pub"):
        certs = lab / "pair/source/certs"
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(certs / f"tvs-{node}.pem", certs / f"tvs-{node}.key")
        client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client.check_hostname = False
        client.maximum_version = version
        client.load_verify_locations(certs / f"{trusted}.pem")
        self.bios = [(ssl.MemoryBIO(), ssl.MemoryBIO()) for _ in range(2)]
        self.ends = [client.wrap_bio(*self.bios[0]), server.wrap_bio(*self.bios[1], server_side=True)]

    def flights(self, most=8):
        """(from_client, bytes) until nobody has anything left to say."""
        for turn in range(most):
            side = turn % 2
            try:
                self.ends[side].do_handshake()
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError:
                most = turn + 2
            said = self.bios[side][1].read()
            if said:
                yield side == 0, said
                self.bios[1 - side][0].write(said)


def connection(flights, port=2445, count=None):
    made = Tcp(port)
    for from_client, data in list(flights)[:count]:
        (made.client if from_client else made.server)(*(data[at:at + 1400] for at in range(0, len(data), 1400)))
    return made


def findings(path, *, two_passes=True):
    found = rows(path, "ucmtrust.finding", "frame.number", "ucmtrust.finding", two_passes=two_passes)
    return [(int(frame), id_) for frame, id_ in found]


def frame_of(path, filter_):
    return [int(row[0]) for row in rows(path, filter_, "frame.number")]


# ---- the phone breaks off ----

def test_an_unknown_certificate(lab, capture):          # noqa: F811
    path = capture(connection(Peers(lab, "callmanager-pub").flights()).end())
    assert findings(path) == [(frame_of(path, "tls.alert_message")[0], "TVS-IDENTITY")]
    assert findings(path, two_passes=False) == findings(path)
    subject, frame = rows(path, "tvs.server && tls.alert_message", "tvs.server.subject", "tvs.server.list")[0]
    assert subject.startswith("CN=cucm-src-pub") and frame == ""
    text, _ = run("-r", path, "-Y", "tvs.server", "-V")
    assert "no trust list was seen before" in text


def test_an_alert_about_something_else(lab, capture):       # noqa: F811
    flights = list(Peers(lab, "tvs-pub").flights(2)) + [(True, bytes.fromhex("15030300020228"))]
    path = capture(connection(flights).end())
    assert [id_ for _, id_ in findings(path)] == ["TVS-BROKEN-OFF"]


@pytest.mark.parametrize("alert, expected", [(40, "TVS-CLOSED"), (70, "TVS-CLOSED"), (42, "TVS-CLIENT-CERT-REFUSED"),
                                             (0, None)])
def test_the_server_breaks_off(lab, capture, alert, expected):     # noqa: F811
    flights = list(Peers(lab, "tvs-pub").flights(2)) + [(False, bytes.fromhex("1503030002") + bytes([2, alert])),
                                                        (True, bytes.fromhex("150303000201") + b"\0")]
    assert [id_ for _, id_ in findings(capture(connection(flights).end()))] == ([expected] if expected else [])


def test_nothing_follows_the_certificate(lab, capture):      # noqa: F811
    flights = list(Peers(lab, "tvs-pub").flights(2))
    path = capture(connection(flights).end())
    assert [id_ for _, id_ in findings(path)] == ["TVS-BROKEN-OFF"]
    assert findings(path)[0][0] in frame_of(path, "tls.handshake.certificate")
    assert findings(path, two_passes=False) == [], "only who has seen the end knows that nothing came"
    open_end = connection(flights)
    assert findings(capture(open_end.packets, "open.pcap")) == [], "the capture may end too early"


def test_a_good_handshake_is_no_finding(lab, capture):       # noqa: F811
    path = capture(connection(Peers(lab, "tvs-pub").flights()).end())
    assert findings(path) == []
    assert frame_of(path, "tvs.server") == frame_of(path, "tls.handshake.certificate")


def test_close_notify_is_no_refusal():
    for name in ("tvs-tls12", "tvs-tls13", "migration-secure"):
        assert [row[0] for row in rows(PCAPS / f"{name}.pcapng", "tls.alert_message", "ucmtrust.finding") if row[0]] == []


def test_in_tls_13_the_alert_is_read_with_the_keys():
    """And the certificate, which TLS 1.3 encrypts: two in the handshakes of this capture would be none without keys."""
    assert len(rows(PCAPS / "tvs-tls13.pcapng", "tvs.server", "tvs.server.serial")) == 3


def test_the_list_that_names_the_server():
    found = rows(PCAPS / "migration-secure.pcapng", "tvs.server", "frame.number", "tvs.server.list", "tvs.server.subject")
    lists = rows(PCAPS / "migration-secure.pcapng", 'ciscotl.kind == "ITL"', "frame.number")
    assert [row[1] for row in found] == ["", lists[0][0]]


# ---- silence and what never ends ----

def test_a_server_that_says_nothing(lab, capture):       # noqa: F811
    path = capture(connection(Peers(lab, "tvs-pub").flights(1)).end())
    assert findings(path) == [(4, "TVS-NO-ANSWER")]
    assert findings(path, two_passes=False) == []


def test_a_record_that_never_ends(lab, capture):     # noqa: F811
    (_, hello), (_, answer) = list(Peers(lab, "tvs-pub").flights(2))
    path = capture(connection([(True, hello), (False, answer[:-100])]).end())
    assert "TVS-INCOMPLETE" in [id_ for _, id_ in findings(path)]
    path = capture(connection([(True, hello), (False, answer[:-100]), (False, answer[-100:])]).packets, "whole.pcap")
    assert "TVS-INCOMPLETE" not in [id_ for _, id_ in findings(path)]


def test_records_over_segments_are_put_together(lab, capture):   # noqa: F811
    """A pass-through that forgets to let TLS ask for more would break every long handshake."""
    made = Tcp(2445)
    for from_client, data in Peers(lab, "tvs-pub").flights():
        (made.client if from_client else made.server)(*(data[at:at + 300] for at in range(0, len(data), 300)))
    path = capture(made.end())
    assert rows(path, "tls.handshake.certificate", "tls.handshake.type")[0][0].startswith(("2,11", "11"))


def test_packets_that_were_cut_off_are_no_silence(lab, capture):     # noqa: F811
    packets = connection(Peers(lab, "tvs-pub").flights()).end()
    for snap in (60, 100, 200, 600):
        assert findings(capture(packets, f"{snap}.pcap", snap=snap)) == []


# ---- TVS in the clear ----

def test_plain_tvs_needs_no_decode_as(capture):
    path = capture(Tcp(2445).client(REQUEST).server(ANSWER).end())
    assert [row[0] for row in rows(path, "tvs", "tvs.type")] == ["3", "4"]
    assert rows(PCAPS / "tvs-plain.pcapng", "tvs", "frame.number") == \
        rows(PCAPS / "tvs-plain.pcapng", "tvs", "frame.number", options=("-d", "tcp.port==2445,tvs"))


def test_plain_tvs_over_segments(capture):
    message = bytes.fromhex("570104f7000000010404") + b"\x02\x04\x01" + bytes(1025)
    path = capture(Tcp(2445).client(REQUEST).server(message[:500], message[500:]).end())
    assert [row[0] for row in rows(path, "tvs", "tvs.type")] == ["3", "4"]


def test_several_requests_are_a_note(capture):
    path = capture(Tcp(2445).client(REQUEST).server(ANSWER).client(REQUEST).server(ANSWER).end())
    found = rows(path, 'ucmtrust.finding.TVS-SEVERAL-REQUESTS', "frame.number")
    assert found == [[str(frame_of(path, "tvs.type == 3")[1])]]


def test_other_content_is_left_to_tls(capture):
    path = capture(Tcp(2445).client(b"\x57\x02" + bytes(30)).server(struct.pack(">B", 0x57) + bytes(3)).end())
    assert rows(path, "tvs", "frame.number") == []
    assert all("TVS" not in info for info in infos(path, "tcp"))


def test_port_preference(lab, capture):      # noqa: F811
    path = capture(connection(Peers(lab, "callmanager-pub").flights(), port=2446).end())
    assert findings(path) == []
    found = rows(path, "ucmtrust.finding", "ucmtrust.finding", options=("-o", "tvs.tls.port:2446"))
    assert found == [["TVS-IDENTITY"]]
