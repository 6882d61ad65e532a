# SPDX-License-Identifier: GPL-2.0-or-later
# The Wireshark profile "UCM trust": Wireshark drops a line that it does not understand, often without a word, so each
# filter and column is tried by itself, and each rule must find what it is there for in a recorded capture.
import re

import pytest

from tshark import TOP, rows, run

PROFILE = TOP / "dissector" / "profile" / "UCM trust"
PCAPS = TOP / "pcaps"
CAPTURES = ("migration-fails", "migration-secure", "migration-nonsecure", "tvs-refused")
USE = ("-C", PROFILE.name)


def lines(name):
    return [line for line in (PROFILE / name).read_text().splitlines() if line and not line.startswith("#")]


def unquoted(text):
    return re.sub(r"\\x([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), text)


def buttons():
    """(label, filter, comment) of each filter button."""
    found = [re.fullmatch(r'"TRUE","(.*?)","(.*?)","(.*?)"', line) for line in lines("dfilter_buttons")]
    assert all(found)
    return [tuple(map(unquoted, button.groups())) for button in found]


def rules():
    """(name, filter) of each colouring rule."""
    found = [re.fullmatch(r"@([^@]+)@([^@]+)@((?:\[\d+,\d+,\d+\]){2})", line) for line in lines("colorfilters")]
    assert all(found)
    assert all(int(value) <= 65535 for rule in found for value in re.findall(r"\d+", rule[3]))
    return [(rule[1], rule[2]) for rule in found]


def columns():
    """(title, format) of each column."""
    return re.findall(r'^\t"(.+?)", "(.+?)",?$', (PROFILE / "preferences").read_text(), re.M)


def settings():
    return {name: value for name, value in re.findall(r"^([\w.]+): (\S.*)$", (PROFILE / "preferences").read_text(), re.M)}


# ---- form ----

def compile_all(filters):
    """What tshark says about them, all in one run: a statistic may have a filter."""
    statistics = [part for filter_ in filters for part in ("-z", f"io,phs,{filter_}")]
    return run("-q", "-r", PCAPS / "tvs-plain.pcapng", *statistics, expect=None)[1]


def test_every_filter_compiles():
    filters = [filter_ for _, filter_ in rules()] + [filter_ for _, filter_, _ in buttons()]
    assert len(filters) > 25
    assert compile_all(filters) == ""
    assert "tvs.nothing" in compile_all([*filters, "tvs.nothing == 1"])


def test_every_column_names_fields_that_exist():
    fields = {line.split("\t")[2] for line in run("-G", "fields")[0].splitlines() if line.startswith("F\t")}
    custom = [form for _, form in columns() if form.startswith("%Cus:")]
    assert len(custom) >= 3
    for form in custom:
        names, occurrence, resolved = form[len("%Cus:"):].split(":")
        assert set(names.split(" or ")) <= fields
        assert occurrence in "01" and resolved in "RU"


def test_every_setting_exists_and_is_taken():
    """Wireshark says nothing about a preference that it does not know."""
    taken = run("-G", "currentprefs", *USE)[0]
    for name, value in settings().items():
        assert re.search(rf"^#?{re.escape(name)}: {value}$", taken, re.M), name
    titles = [title for title, _ in columns()]
    shown = taken.split("gui.column.format:")[1].split("\n\n")[0]
    assert re.findall(r'^#?\s*"(.+?)",', shown, re.M) == titles


def test_loading_it_says_nothing():
    output, said = run(*USE, "--color", "-2", "-r", PCAPS / "migration-fails.pcapng")
    assert said == ""
    assert len(output.splitlines()) > 50


# ---- use ----

def shown(capture, filter_):
    """The lines that the profile's columns show for the packets that match."""
    return run(*USE, "-2", "-r", PCAPS / capture, "-Y", filter_)[0].splitlines()


def test_columns_tell_the_story():
    request, response, *_ = shown("migration-fails.pcapng", "tvs")
    assert "00:00:5e:00:53:32" in request and "192.0.2.50" in request and "192.0.2.11" in request
    assert " error TVS-STATUS " in response
    assert "00:00:5e:00:53:32" in shown("migration-fails.pcapng", "dhcp")[0]


@pytest.fixture(scope="module")
def coloured():
    """Names of the rules that coloured a packet, per capture."""
    return {name: {row[0] for row in rows(PCAPS / f"{name}.pcapng", "frame", "frame.coloring_rule.name",
                                          options=(*USE, "--color"))} for name in CAPTURES}


@pytest.mark.parametrize("rule, capture", [
    ("Phone refuses the TVS server", "tvs-refused"),
    ("Finding: error", "migration-fails"),
    ("Trust list or signed file", "migration-secure"),
    ("TVS answer", "migration-secure"),
    ("TVS request", "migration-secure"),
    ("DHCP names TFTP servers", "migration-secure"),
    ("File is missing", "migration-fails"),
    ("File is asked for", "migration-fails")])
def test_rule_colours(coloured, rule, capture):
    assert rule in coloured[capture]


def test_a_good_migration_has_nothing_red(coloured):
    names = coloured["migration-secure"] | coloured["migration-nonsecure"]
    assert names & {"Phone refuses the TVS server", "Finding: error", "TVS does not vouch", "List with a bad signature",
                    "TVS connection reset"} == set()


def numbers(capture, label):
    filter_ = {name: text for name, text, _ in buttons()}[label]
    return [int(row[0]) for row in rows(PCAPS / f"{capture}.pcapng", filter_, "frame.number")]


def test_buttons_find():
    assert numbers("migration-fails", "Errors") == numbers("migration-fails", "Refused//By TVS: not vouched for")
    assert len(numbers("migration-fails", "Errors")) == 2
    assert len(numbers("tvs-refused", "Refused//The TVS server itself")) >= 4
    assert numbers("migration-secure", "Refused//The TVS server itself") == []
    assert len(numbers("migration-secure", "Traffic//DHCP option 150")) == 2
    assert numbers("tvs-tls12", "Refused//Requests without an answer") == []


def test_story_is_short_and_whole():
    story = numbers("migration-secure", "Story")
    assert set(numbers("migration-secure", "Traffic//TVS")) < set(story)
    assert set(numbers("migration-secure", "Traffic//Lists and signed files")) < set(story)
    assert len(story) < 20
