# SPDX-License-Identifier: GPL-2.0-or-later
# Nagios 4 with the shipped nagios/config/nagios: every check reaches every state and is stored as it was printed, a node
# that falls silent is one alarm, stale results show, and its pages do not believe what comes from the network.
# Must not know what findings mean.
import contextlib
import os
import re
import shlex
import subprocess

import pytest

from engines import CHECKS, STATE_NAMES, Nagios, plant
from servers import as_user, wait_until
from watched import CLUSTERS, NODES, Fleet, Watched

# What Debian's nagios4 brings: the generic templates, the time period and the group that the shipped file refers to.
OBJECTS = "/etc/nagios4/objects"
DEBIAN = [f"{OBJECTS}/templates.cfg", f"{OBJECTS}/timeperiods.cfg"]
AROUND = """define command {
    command_name    check-host-alive
    command_line    $USER1$/check_ping $HOSTADDRESS$
}
define command {
    command_name    none
    command_line    /bin/true
}
define contact {
    contact_name                    noc
    use                             generic-contact
    host_notification_commands      none
    service_notification_commands   none
}
define contactgroup {
    contactgroup_name   admins
    members             noc
}
"""


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

def page(nagios, program, query):
    """What the program of nagios4-cgi makes of the stored results, as a browser would get it."""
    (nagios.folder / "cgi.cfg").write_text(
        f"main_config_file={nagios.folder}/nagios.cfg\nphysical_html_path=/usr/share/nagios4/htdocs\n"
        "url_html_path=/nagios4\nuse_authentication=1\nauthorized_for_all_hosts=noc\nauthorized_for_all_services=noc\n"
        "escape_html_tags=1\n")
    done = subprocess.run([*as_user(), f"/usr/lib/cgi-bin/nagios4/{program}"], capture_output=True, check=True,
                          env={**os.environ, "REMOTE_USER": "noc", "NAGIOS_CGI_CONFIG": f"{nagios.folder}/cgi.cfg",
                               "REQUEST_METHOD": "GET", "QUERY_STRING": query})
    return done.stdout.decode()


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
    freshness_threshold     3
    notifications_enabled   0
}
"""


class Noc:
    """The shipped example with the addresses, ports and times of this run, and whoever is notified."""

    def __init__(self, stack, lab):
        self.plant = stack.enter_context(plant())
        self.fleet = Fleet(stack, self.plant, lab)
        config = self.plant.folder / "config"
        text = (config / "nagios/services.cfg").read_text()
        for name, address in NODES.items():
            shipped = re.search(rf"host_name +{name}\n +address +(\S+)", text)[1]
            text = text.replace(f"address                 {shipped}", f"address                 {address}")
            text = text.replace(f"--tvs {shipped}", f"--tvs {address}:{self.fleet.tvs}")
        text = text.replace("192.0.2.12", NODES["brisbane-sub"])
        for name, port in (("HTTP", self.fleet.http), ("TVS", self.fleet.tvs)):
            text = re.sub(rf"(_UCM_{name}_PORT +)\d+", rf"\g<1>{port}", text)
        text = re.sub(r"-t \d+", "-t 6", text)
        (config / "nagios/services.cfg").write_text(text)
        stores = (config / "ucmtrust.ini").read_text()
        for cluster, name in CLUSTERS.items():
            stores = stores.replace(f"/srv/ucmtrust/{cluster}", str(self.fleet.files / name / "stores"))
        (self.plant.folder / "etc/ucmtrust.ini").write_text(stores)
        files = [config / "nagios" / name for name in ("commands.cfg", "services.cfg")]
        self.nagios = Nagios(self.plant, [*DEBIAN, *files], AROUND + REPORTED, "log_notifications=1")
        stack.callback(self.nagios.stop)
        self.nagios.start()
        self.read = 0

    def blocks(self):
        """{(host,) or (host, service): block} of all that is checked."""
        hosts = {(name,): block for name, block in self.nagios.hosts().items() if block["active_checks_enabled"] == "1"}
        services = self.nagios.services()
        del services["brisbane", "reported"]
        return {**hosts, **services}

    def is_told(self, *expected):
        """The NOC was told this since the last time, and nothing else: "brisbane-sub;UCM TVS;CRITICAL"."""
        def told():
            text = (self.nagios.folder / "nagios.log").read_text()[self.read:]
            return sorted(re.findall(r"(?:HOST|SERVICE) NOTIFICATION: noc;(.*?);none;", text))
        wait_until(lambda: set(expected) <= set(told()), f"{expected}, told {told()}", 30)
        self.nagios.check_now([("sydney-pub", "UCM TFTP")])      # what would be told beside it was told before
        assert told() == sorted(expected)
        self.read = len((self.nagios.folder / "nagios.log").read_text())

    def settle(self):
        for _ in range(4):
            self.nagios.check_now(list(self.blocks()))
            bad = {name: one["plugin_output"] for name, one in self.blocks().items() if one["current_state"] != "0"}
            if not bad:
                return
        raise AssertionError(bad)

    def play(self, minutes):
        """The shipped schedule, at the worst: clusters are checked at once, nodes when their interval is over."""
        due = {name: 0 if name[0] in CLUSTERS else float(block["check_interval"]) for name, block in self.blocks().items()}
        while (now := min(due.values())) <= minutes:
            names = [name for name, at in due.items() if at == now]
            self.nagios.check_now(names)
            for name in names:
                block = self.blocks()[name]
                soft = block["current_state"] != "0" and block["state_type"] == "0"
                due[name] = now + float(block["retry_interval" if soft else "check_interval"])
        return self.blocks()


def test_one_cause_is_one_alarm_and_silence_is_told(lab):
    with contextlib.ExitStack() as stack:
        noc = Noc(stack, lab)
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
        reported = noc.nagios.services()["brisbane", "reported"]
        assert reported["current_state"] == "3" and "no result" in reported["plugin_output"]
