# SPDX-License-Identifier: GPL-2.0-or-later
# Icinga 2 with the shipped nagios/config/icinga2: commands know every option, rules validate, every check reaches every
# state and is stored as it was printed, and a node that falls silent is one alarm. Must not know what findings mean.
import contextlib
import json
import re
import subprocess
import time

import pytest

from engines import CHECKS, CONFIG, STATE_NAMES, Icinga, example, plant
from outcome import ITEM
from servers import build, wait_until
from watched import CLUSTERS, Fleet, Watched

SHIPPED = CONFIG / "icinga2"
COMMANDS = (SHIPPED / "commands.conf").read_text()
# What is no variable, and why.
LEFT_OUT = {"help": "prints a page and judges nothing", "version": "the same",
            "now": "a service with a clock that stands still never alerts"}


# ---- commands ----

def options_of(check):
    """{long name: whether it takes a value} of --help."""
    text = subprocess.run([build() / "nagios" / check, "--help"], capture_output=True, text=True, check=False).stdout
    found = {}
    for line in text.splitlines():
        if re.match(r"  (?:-\w, |    )--|  -\w, --", line):
            for name, value in re.findall(r"--([a-z0-9-]+)((?:\[?=\S+| [A-Z]\S*| https://\S+)?)", line[:27]):
                found[name] = bool(value)
    return found


def command_of(check):
    """{long name: (keyword, variable, lines)} of the CheckCommand."""
    body = re.search(rf'^object CheckCommand "{check.removeprefix("check_")}" {{\n(.*?)^}}', COMMANDS, re.M | re.S)[1]
    return {name: (lines.split()[0], re.search(r'= "\$(\w+)\$"', lines)[1], lines)
            for name, lines in re.findall(r'^    "--([a-z0-9-]+)" = {\n(.*?)^    }', body, re.M | re.S)}


@pytest.mark.parametrize("check", CHECKS)
def test_commands_have_every_option_and_no_other(check):
    options, command = options_of(check), command_of(check)
    assert len(options) > 15 and len(command) > 15
    assert set(options) - set(LEFT_OUT) == set(command)
    for name, (keyword, variable, lines) in command.items():
        assert keyword == ("value" if options[name] else "set_if"), name
        shared = all(name in options_of(other) and command_of(other)[name][1] == variable for other in CHECKS)
        prefix = "ucm" if shared else check.removeprefix("check_")
        assert variable == f"{prefix}_{name.replace('-', '_')}"
        assert re.search(r'description = "[^"]{10,}"', lines), name


def repeated_by(check):
    """Options whose values are all kept when they are repeated, from the tables of the check."""
    names = [f"{check}.c", "options.c"]
    if check == "check_ucm_truststore":
        names += [path.name for pattern in ("store_*.c", "axl_*.c") for path in CONFIG.parent.glob(pattern)]
    text = "".join((CONFIG.parent / name).read_text() for name in names)
    kinds_of_stores = set(re.findall(r'^    \.kind = "(\w+)"', text, re.M))    # named by each reader
    return set(re.findall(r'\{"([a-z0-9-]+)", [^}]*FILENAME_ARRAY', text)) | {"extra-opts"} | kinds_of_stores


@pytest.mark.parametrize("check", CHECKS)
def test_lists_are_where_an_option_may_be_repeated(check):
    repeated = {name for name, (_, _, lines) in command_of(check).items() if "repeat_key = true" in lines}
    assert repeated == repeated_by(check) & set(command_of(check))


# ---- validation ----

HERE = """object Endpoint "here.test" { }
object Zone "here" { endpoints = [ "here.test" ] }
"""


def include(plant, name):
    return f'include "{plant.folder / "config/icinga2" / name}"\n'


def test_validates_without_a_host_and_with_the_example():
    with plant() as made:
        icinga = Icinga(made, "here.test", "here", HERE + include(made, "services.conf") + 'include "hosts.conf"\n')
        hosts = icinga.folder / "conf/hosts.conf"
        for text in ("", 'object Host "other" { check_command = "hostalive" }', example(SHIPPED / "services.conf")):
            hosts.write_text(text)
            valid, said = icinga.validate()
            assert valid and "critical/" not in said, said
        assert "16 Services" in said and "9 Dependencies" in said, said


# ---- what is stored ----

@pytest.fixture(scope="module")
def stack():
    with contextlib.ExitStack() as made:
        yield made


def quoted(value):
    if isinstance(value, list):
        return "[ " + ", ".join(map(quoted, value)) + " ]"
    return "true" if value is True else json.dumps(str(value))


def service_of(case):
    """A service by hand: the command and its variables."""
    shared = ("timeout", "ignore", "verbose", "extra-opts")
    lines = [f"vars.ucm_{'' if name in shared else case.check + '_'}{name.replace('-', '_')} = {quoted(value)}"
             for name, value in case.options.items()]
    return (f'object Service "{case.name}" {{\n host_name = "watched"\n check_command = "ucm_{case.check}"\n '
            "check_interval = 1d\n max_check_attempts = 1\n " + "\n ".join(lines) + "\n}\n")


@pytest.fixture(scope="module")
def stored(stack, lab_cache):
    """(case, the service as Icinga has it, what the recorder saw) of every case."""
    made = stack.enter_context(plant())
    watched = Watched(stack, made, lab_cache)
    cases = watched.cases()
    host = f'object Host "watched" {{ check_command = "dummy"; address = "{watched.nodes["source-pub"]}" }}\n'
    icinga = Icinga(made, "here.test", "here", HERE + host + "".join(map(service_of, cases)))
    stack.callback(icinga.stop)
    icinga.start()
    services = icinga.check_now("services")
    icinga.stop()
    return [(case, services[f"watched!{case.name}"], run_of(made, services[f"watched!{case.name}"])) for case in cases]


def run_of(made, service):
    """The last run with the command line of the result."""
    command = service["last_check_result"]["command"]
    return [run for run in made.runs() if run["argv"] == command][-1]


def test_every_check_reaches_every_state(stored):
    reached = {(case.check, case.state) for case, _, _ in stored}
    assert reached == {(check.removeprefix("check_ucm_"), state) for check in CHECKS for state in STATE_NAMES}
    states = {case.name: STATE_NAMES[int(service["last_check_result"]["state"])] for case, service, _ in stored}
    assert states == {case.name: case.state for case, _, _ in stored}, "\n".join(run["out"] for _, _, run in stored)
    for _, service, run in stored:
        assert run["code"] == int(service["last_check_result"]["exit_status"]) and run["err"] == ""


def test_variables_become_the_options(stored):
    """The command line is the one that the case was made of; the address came from the host."""
    for case, service, run in stored:
        given = run["argv"][1:]
        if case.check in ("trustlist", "tvs"):
            at = given.index("--hostname")
            assert given[at + 1] == "127.18.1.11"
            del given[at:at + 2]
        assert sorted(given) == sorted(case.words), case.name


def test_output_is_stored_as_it_was_printed(stored):
    longest = 0
    for case, service, run in stored:
        line, _, rest = run["out"].partition("\n")
        text, _, perf = line.partition("|")
        result = service["last_check_result"]
        assert result["output"] == f"{text}\n{rest}".strip(), case.name
        assert " ".join(result["performance_data"]) == perf.strip(), case.name
        assert result["performance_data"] == [one[0].strip() for one in ITEM.finditer(perf.strip())], case.name
        longest = max(longest, len(run["out"]))
    assert longest > 7500, "one of them fills what engines keep"


# ---- one cause, one alarm ----

NOTE = """object User "noc" {{ }}
object NotificationCommand "note-host" {{ command = [ "{note}", "$host.name$", "$notification.type$", "$host.state$" ] }}
object NotificationCommand "note-service" {{
  command = [ "{note}", "$host.name$!$service.name$", "$notification.type$", "$service.state$" ]
}}
apply Notification "host" to Host {{ command = "note-host"; users = [ "noc" ]; interval = 0; assign where true }}
apply Notification "service" to Service {{ command = "note-service"; users = [ "noc" ]; interval = 0; assign where true }}
"""


class Noc:
    """The shipped rules and example on a fleet, and whoever is notified."""

    def __init__(self, stack, lab):
        self.plant = stack.enter_context(plant())
        self.fleet = Fleet(stack, self.plant, lab)
        self.notes = self.plant.folder / "runs/notes"
        note = self.plant.folder / "note"
        note.write_text(f'#!/bin/sh\necho "$*" >>{self.notes}\n')
        note.chmod(0o755)
        self.icinga = Icinga(self.plant, "here.test", "here",
                             HERE + include(self.plant, "services.conf") + NOTE.format(note=note) +
                             self.fleet.as_hosts(example(SHIPPED / "services.conf")))
        stack.callback(self.icinga.stop)
        self.icinga.start()

    def is_told(self, *expected):
        """The NOC was told this since the last time, and nothing else: "brisbane-sub!ucm-tvs PROBLEM CRITICAL"."""
        def told():
            return sorted(self.notes.read_text().splitlines()) if self.notes.exists() else []
        wait_until(lambda: set(expected) <= set(told()), f"{expected}, told {told()}", 30)
        time.sleep(0.5)     # for what would be told beside it
        assert told() == sorted(expected)
        self.notes.unlink(missing_ok=True)

    def settle(self):
        """Everything is checked until it is in a hard state."""
        for _ in range(4):
            found = {**self.icinga.check_now("hosts"), **self.icinga.check_now("services")}
            if all(one["state"] == 0 and one["state_type"] == 1 for one in found.values()):
                return
        raise AssertionError({name: one["last_check_result"]["output"] for name, one in found.items() if one["state"]})

    def play(self, minutes):
        """The shipped schedule, at the worst: clusters are checked at once, nodes when their interval is over."""
        services, hosts = self.icinga.objects("services"), self.icinga.objects("hosts")
        due = {name: one["check_interval"] * (one["vars"] or {}).get("ucm_kind", "") .startswith("node")
               for name, one in hosts.items()}
        due.update({name: 0 if name.split("!")[0] in CLUSTERS else one["check_interval"] for name, one in services.items()})
        while (now := min(due.values())) <= minutes * 60:
            names = [name for name, at in due.items() if at == now]
            for kind, some in (("services", [name for name in names if "!" in name]),
                               ("hosts", [name for name in names if "!" not in name])):
                found = self.icinga.check_now(kind, f"{kind[:-1]}.__name in {json.dumps(some)}") if some else {}
                for name, one in found.items():
                    soft = one["state"] != 0 and one["state_type"] == 0
                    due[name] = now + one["retry_interval" if soft else "check_interval"]
        return self.icinga.objects("services")


def test_one_cause_is_one_alarm(lab):
    with contextlib.ExitStack() as stack:
        noc = Noc(stack, lab)
        noc.settle()
        noc.is_told()
        noc.fleet.stop_tvs("brisbane-sub")
        services = noc.play(6)
        for name in ("brisbane!ucm-consistency", "brisbane!ucm-move-to-sydney"):
            assert (services[name]["state"], services[name]["state_type"]) == (2, 1), "it shows, and is hard"
            assert services[name]["last_reachable"] is False
        noc.is_told("brisbane-sub!ucm-tvs PROBLEM CRITICAL")
        noc.fleet.start_tvs("brisbane-sub")
        noc.settle()
        noc.is_told("brisbane-sub!ucm-tvs RECOVERY OK")
        noc.fleet.stop("brisbane-sub")
        services = noc.play(6)
        assert sum(one["state"] == 2 for one in services.values()) >= 4
        noc.is_told("brisbane-sub PROBLEM DOWN")
        noc.fleet.start("brisbane-sub")
        noc.settle()
        noc.is_told("brisbane-sub RECOVERY UP")
        noc.fleet.write_inventory(mode="non-secure")        # a cause of its own is told
        for _ in range(3):
            noc.icinga.check_now("services", 'service.name == "ucm-consistency"')
        noc.is_told("brisbane!ucm-consistency PROBLEM WARNING")
