# SPDX-License-Identifier: GPL-2.0-or-later
# Nagios 4 with the shipped nagios/config/nagios: every check reaches every state and is stored as it was printed, a node
# that falls silent is one alarm, stale results show, and its pages do not believe what comes from the network.
# Must not know what findings mean.
import contextlib
import re
import shlex

import pytest

from engines import CHECKS, STATE_NAMES, Nagios, plant
from noc import AROUND, DEBIAN, Noc, page
from servers import wait_until
from watched import Watched


@pytest.fixture(scope="module")
def stack():
    with contextlib.ExitStack() as made:
        yield made


# ---- what is stored ----

def command_of(case):
    """The shipped command with its arguments."""
    options = {name: value[0] if name in ("cluster",) else value for name, value in case.options.items()}
    first = {"trustlist": [], "tvs": ["trustlist"], "truststore": ["name"],
             "consistency": ["inventory", "from", "to"] if "from" in options else ["inventory", "cluster"]}[case.check]
    arguments = [str(options.pop(name)) for name in first]
    rest = " ".join(map(shlex.quote, type(case)(case.name, case.check, case.state, options).words))
    return "!".join(["check_ucm_move" if "from" in first else f"check_ucm_{case.check}", *arguments, rest])


def service_of(name, command, use="generic-service"):
    return (f"define service {{\n use {use}\n host_name watched\n service_description {name}\n check_command {command}\n"
            " check_interval 1440\n max_check_attempts 1\n}\n")


@pytest.fixture(scope="module")
def watching(stack, lab_cache):
    """A Nagios that has checked every case, and the cases."""
    made = stack.enter_context(plant())
    watched = Watched(stack, made, lab_cache)
    cases = watched.cases()
    host = ("define host {\n use generic-host\n host_name watched\n address " + watched.nodes["source-pub"] +
            "\n check_period 24x7\n max_check_attempts 1\n contact_groups admins\n}\n")
    services = "".join(service_of(case.name, command_of(case)) for case in cases)
    nagios = Nagios(made, [*DEBIAN, made.folder / "config/nagios/commands.cfg"], AROUND + host + services)
    stack.callback(nagios.stop)
    nagios.start()
    wait_until(lambda: all(one["has_been_checked"] == "1" for one in nagios.services().values()), "results", 60)
    return nagios, cases


@pytest.fixture(scope="module")
def stored(watching):
    """(case, the block of status.dat, what the recorder saw) of every case."""
    nagios, cases = watching
    blocks, runs = nagios.services(), {run["service"]: run for run in nagios.plant.runs()}
    return [(case, blocks["watched", case.name], runs[case.name]) for case in cases]


def test_every_check_reaches_every_state(stored):
    assert {(case.check, case.state) for case, _, _ in stored} == \
        {(check.removeprefix("check_ucm_"), state) for check in CHECKS for state in STATE_NAMES}
    states = {case.name: STATE_NAMES[int(block["current_state"])] for case, block, _ in stored}
    assert states == {case.name: case.state for case, _, _ in stored}, "\n".join(run["out"] for _, _, run in stored)
    for _, block, run in stored:
        assert run["code"] == int(block["current_state"]) and run["err"] == ""


def test_output_is_stored_as_it_was_printed(stored):
    longest = 0
    for case, block, run in stored:
        line, _, rest = run["out"].partition("\n")
        text, _, perf = line.partition("|")
        assert block["plugin_output"] == text.strip(), case.name
        assert block["performance_data"] == perf.strip(), case.name
        unescaped = re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], block["long_plugin_output"])
        assert unescaped == rest.removesuffix("\n"), case.name
        longest = max(longest, len(run["out"]))
    assert longest > 7500, "one of them fills what engines keep"


# ---- its pages ----

def test_pages_do_not_believe_the_network(watching):
    nagios, _ = watching
    for program, query in (("status.cgi", "host=all"),
                           ("extinfo.cgi", "type=2&host=watched&service=lists+of+a+villain")):
        text = page(nagios, program, query)
        assert "first expiry in 4 days" in text, program
        assert "<script>alert" not in text and "<b>x</b>" not in text
        assert "&lt;script&gt;alert" in text.replace("&#40;", "(")


# ---- the shipped example ----

def test_the_example_validates():
    """Copied to /etc/nagios4/conf.d/ as it is, beside what Debian brings; and commands.cfg alone."""
    with plant() as made:
        files = [f"{made.folder}/config/nagios/{name}" for name in ("commands.cfg", "services.cfg")]
        nagios = Nagios(made, [*DEBIAN, "/etc/nagios-plugins/config/ping.cfg", *files],
                        AROUND.replace("check-host-alive", "another"))
        valid, said = nagios.validate()
        assert valid and re.search(r"Total Warnings: 0\s+Total Errors: +0", said), said
        assert "Checked 18 service dependencies" in said


REPORTED = """define service {
    use                     ucm-elsewhere
    host_name               brisbane
    service_description     reported
    freshness_threshold     20
    notifications_enabled   0
}
"""


def test_one_cause_is_one_alarm_and_silence_is_told(lab):
    with contextlib.ExitStack() as stack:
        noc = Noc(stack, lab, REPORTED)
        noc.nagios.command("PROCESS_SERVICE_CHECK_RESULT", "brisbane", "reported", 0, "all well")
        wait_until(lambda: noc.nagios.services()["brisbane", "reported"]["plugin_output"] == "all well", "a report")
        noc.settle()
        noc.is_told()
        noc.fleet.stop_tvs("brisbane-sub")
        blocks = noc.play(6)
        for name in ("UCM consistency", "UCM move to sydney"):
            assert (blocks["brisbane", name]["current_state"], blocks["brisbane", name]["state_type"]) == ("2", "1")
        noc.is_told("brisbane-sub;UCM TVS;CRITICAL")
        noc.fleet.start_tvs("brisbane-sub")
        noc.settle()
        noc.is_told("brisbane-sub;UCM TVS;OK")
        noc.fleet.stop("brisbane-sub")
        blocks = noc.play(6)
        assert sum(one["current_state"] != "0" for one in blocks.values()) >= 5
        noc.is_told("brisbane-sub;DOWN")
        noc.fleet.start("brisbane-sub")
        noc.settle()
        noc.is_told("brisbane-sub;UP")
        noc.fleet.write_inventory(mode="non-secure")        # a cause of its own is told
        for _ in range(3):
            noc.nagios.check_now([("brisbane", "UCM consistency")])
        noc.is_told("brisbane;UCM consistency;WARNING")

        def reported():
            return noc.nagios.services()["brisbane", "reported"]
        wait_until(lambda: "no result" in reported()["plugin_output"], "silence that is told")
        assert reported()["current_state"] == "3"
