# SPDX-License-Identifier: GPL-2.0-or-later
# Which response belongs to which request, where a connection has many of both: in any order, in one frame or in many.
# What must come out is worked out here again, from the rule alone.
import random

from tshark import Tcp, rows
from trustlab import tvswire

PLAIN = ("-d", "tcp.port==2445,tvs")
SERVER = "192.0.2.11"


def query(session):
    return tvswire.query_request("CP-8861-SEP00005E005332", "CN=a;O=b", "CN=ca", b"\x24\x00\x17", session=session)


def answer(session, kind=tvswire.QUERY_RESPONSE):
    return tvswire.response(kind, session, 0, roles=(0, 3))


def expected(messages):
    """{index: index of the other half}: the latest request of the session, unless that has its answer; else the latest
    of all, unless that has it."""
    partner, requests = {}, []
    for index, (is_request, session) in enumerate(messages):
        if is_request:
            requests.append(index)
            continue
        same = [at for at in requests if messages[at][1] == session]
        for at in (same[-1:], requests[-1:]):
            if at and at[0] not in partner:
                partner[at[0]], partner[index] = index, at[0]
                break
    return partner


def test_any_order(capture):
    dice = random.Random(4)
    for sessions in (1, 3, 40):
        messages = [(dice.random() < 0.55, dice.randint(1, sessions)) for _ in range(120)]
        connection = Tcp(2445)
        for is_request, session in messages:
            connection = connection.client(query(session)) if is_request else connection.server(answer(session))
        found = rows(capture(connection.end()), "tvs", "frame.number", "tvs.response_in", "tvs.response_to", options=PLAIN)
        frames = [frame for frame, *_ in found]
        partner = expected(messages)
        assert len(frames) == len(messages)
        for index, (_, response_in, response_to) in enumerate(found):
            other = frames[partner[index]] if index in partner else ""
            assert (response_in, response_to) == ((other, "") if messages[index][0] else ("", other)), (sessions, index)


def test_many_in_a_frame(capture):
    sessions = list(range(1, 101))
    asked, answered = (random.Random(seed).sample(sessions, len(sessions)) for seed in (1, 2))
    connection = Tcp(2445)
    for half in (0, 50):
        connection = connection.client(b"".join(query(one) for one in asked[half:half + 50]))
    connection = connection.server(b"".join(answer(one) for one in answered))
    found = rows(capture(connection.end()), "tvs", "ip.src", "tvs.response_in", "tvs.response_to", "ucmtrust.finding",
                 options=PLAIN)
    first, second, last = found
    assert {first[0], second[0]} != {SERVER} and last[0] == SERVER
    frames = set(first[1].split(",") + second[1].split(","))
    assert len(first[1].split(",")) == len(second[1].split(",")) == 50 and len(frames) == 1
    assert len(last[2].split(",")) == 100 and len(set(last[2].split(","))) == 2
    assert "TVS-OTHER-SESSION" not in last[3] and "TVS-NO-ANSWER" not in first[3] + second[3]
