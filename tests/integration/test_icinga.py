# SPDX-License-Identifier: GPL-2.0-or-later
# Icinga 2 with the shipped nagios/config/icinga2: commands know every option, rules validate, every check reaches every
# state and is stored as it was printed, and a node that falls silent is one alarm. Must not know what findings mean.
import contextlib
import json
import re
import subprocess

import pytest

from engines import CHECKS, CONFIG, STATE_NAMES, Icinga, example, plant
from outcome import ITEM
from servers import build, wait_until
from watched import Watched

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
    kinds_of_stores = {"dir", "axl", "pkcs12", "text"}      # named by each reader
    return set(re.findall(r'\{"([a-z0-9-]+)", [^}]*FILENAME_ARRAY', text)) | {"extra-opts"} | kinds_of_stores


@pytest.mark.parametrize("check", CHECKS)
def test_lists_are_where_an_option_may_be_repeated(check):
    repeated = {name for name, (_, _, lines) in command_of(check).items() if "repeat_key = true" in lines}
    assert repeated == repeated_by(check) & set(command_of(check))


# ---- validation ----

HERE = """object Endpoint "here.test" { }
object Zone "here" { endpoints = [ "here.test" ] }
"""


def include(plant, *names):
    return "".join(f'include "{plant.folder / "config/icinga2" / name}"\n' for name in names)


def test_validates_without_a_host_and_with_the_example():
    with plant() as made:
        icinga = Icinga(made, "here.test", "here", HERE + include(made, "services.conf") + 'include "hosts.conf"\n')
        hosts = icinga.folder / "conf/hosts.conf"
        for text in ("", 'object Host "other" { check_command = "hostalive" }', example(SHIPPED / "services.conf")):
            hosts.write_text(text)
            valid, said = icinga.validate()
            assert valid and "critical/" not in said, said
        assert "13 Services" in said and "18 Dependencies" in said, said


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
