# SPDX-License-Identifier: GPL-2.0-or-later
# An Icinga 2 master with two satellites, by the shipped nagios/config/icinga2/zones.conf: results come from the satellite
# of the site, as it printed them; a satellite that is gone shows, and the other site goes on.
# Must not know what findings mean.
import contextlib
from pathlib import Path
import re
import time

import pytest

from engines import CONFIG, Icinga, example, plant
from servers import wait_until
from watched import NODES, Fleet

SHIPPED = CONFIG / "icinga2"
MASTER = "master.example.net"
SATELLITES = {cluster: f"satellite-{cluster}.example.net" for cluster in ("brisbane", "sydney")}
# Icinga waits 5 minutes after its start before it calls a satellite missing: the clock of the master leaps over them.
LEAP = 310


class Clock:
    """What libfaketime shows a process: so many seconds behind, until leap()."""

    def __init__(self, folder):
        self.file = folder / "clock"
        self.file.write_text(f"-{LEAP}s\n")
        library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        self.environment = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(self.file),
                            "FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DISABLE_SHM": "1"}

    def leap(self):
        self.file.write_text("+0s\n")


def hosts_of(fleet):
    """The examples of both files; every host is checked from the satellite of its site."""
    text = fleet.as_hosts(example(SHIPPED / "services.conf"))
    for cluster, satellite in SATELLITES.items():
        text = text.replace(f'vars.ucm_cluster = "{cluster}"',
                            f'vars.ucm_cluster = "{cluster}"; command_endpoint = "{satellite}"')
    return text + example(SHIPPED / "zones.conf")


@pytest.fixture(scope="module")
def net(lab):
    """(master, {cluster: satellite}, the plant, when the master was started, its clock)."""
    with contextlib.ExitStack() as stack:
        made = stack.enter_context(plant())
        fleet, here = Fleet(stack, made, lab), 'include "zones.conf"\n'
        satellites = {cluster: Icinga(made, name, cluster, here, commands=True) for cluster, name in SATELLITES.items()}
        master = Icinga(made, MASTER, "master", here)
        zones = (SHIPPED / "zones.conf").read_text()
        for satellite in satellites.values():
            zones = re.sub(rf'(Endpoint "{satellite.name}" {{\n  host = )"\S+"(\n  port = )"\d+"',
                           rf'\1"127.0.0.1"\2"{satellite.port}"', zones)
        for one in (master, *satellites.values()):
            (one.folder / "conf/zones.conf").write_text(zones)
        own = master.folder / "conf/zones.d/master"
        own.mkdir(parents=True)
        services = made.folder / "config/icinga2/services.conf"
        (own / "ucmtrust.conf").write_text(f'include "{services}"\n' + hosts_of(fleet))
        for one in satellites.values():
            stack.callback(one.stop)
            one.start()
        clock, begin = Clock(made.folder), time.monotonic()
        stack.callback(master.stop)
        master.start(clock.environment)
        yield master, satellites, made, begin, clock


@pytest.fixture(scope="module")
def later(net):
    """The same, when Icinga has waited long enough: (master, satellites, the plant)."""
    master, satellites, made, _, clock = net
    # A connection that is older than the leap would look as if it had been silent since, and be closed some time.
    for one in satellites.values():
        one.stop()
    wait_until(lambda: connected(master) == set(), "satellites that are gone", 60)
    clock.leap()
    wait_until(lambda: master.clock() > time.time() - 5, "the present")
    for one in satellites.values():
        one.start()
    wait_until(lambda: connected(master) == set(SATELLITES.values()), "satellites that are back", 60)
    return master, satellites, made


def connected(master):
    """Names of the satellites that the master talks to."""
    return {name for name, one in master.objects("endpoints").items() if one["connected"]} & set(SATELLITES.values())


def of_cluster(cluster, services):
    return {name: one for name, one in services.items()
            if name.startswith(cluster) and not name.split("!")[1].startswith("ucm-nodes")}


def all_well(master, *clusters):
    """The services, when all of these clusters are OK."""
    found = {}

    def well():
        found.update(master.check_now("services"))
        return all(one["state"] == 0 for cluster in clusters for one in of_cluster(cluster, found).values())
    wait_until(well, f"services of {clusters}", 120)
    return found


def test_first_result_within_30_seconds(net):
    master, _, _, begin, _ = net

    def arrived():
        results = [one["last_check_result"] for one in master.objects("services").values()]
        return any(one["check_source"] in SATELLITES.values() and one["state"] == 0 for one in results if one)
    wait_until(arrived, "a result of a satellite", begin + 30 - time.monotonic())

def test_checks_run_at_the_satellite_of_their_site(later):
    master, _, made = later
    services = all_well(master, *SATELLITES)
    hosts = master.check_now("hosts")
    for cluster, satellite in SATELLITES.items():
        some = of_cluster(cluster, services)
        assert len(some) == {"brisbane": 9, "sydney": 4}[cluster]
        for name, one in some.items():
            result = one["last_check_result"]
            assert (result["check_source"], one["state"]) == (satellite, 0), f"{name}: {result['output']}"
        assert hosts[satellite]["state"] == 0 and f"Zone '{cluster}' is connected" in \
            hosts[satellite]["last_check_result"]["output"]
    printed = {run["out"].replace("\n", "").replace("| ", "|") for run in made.runs()}
    ours = [one["last_check_result"] for name, one in services.items() if one["check_command"].startswith("ucm_")]
    assert len(ours) == 10
    for result in ours:
        line, _, rest = result["output"].partition("\n")
        assert line + "|" + " ".join(result["performance_data"]) + rest.replace("\n", "") in printed, result["output"]


def test_a_satellite_that_is_gone(later):
    master, satellites, _ = later
    satellites["brisbane"].stop()
    wait_until(lambda: master.objects("hosts")[SATELLITES["brisbane"]]["state"] == 1, "the host of the satellite", 60)
    for _ in range(3):      # a service is unreachable when its host is down for good
        hosts = master.check_now("hosts")
    for name, one in of_cluster("brisbane", master.check_now("services")).items():
        assert one["state"] == 3 and one["last_reachable"] is False, name
        assert one["last_check_result"]["output"] == \
            f"Remote Icinga instance '{SATELLITES['brisbane']}' is not connected to '{MASTER}'"
    for name in ("brisbane", "brisbane-pub", "brisbane-sub"):
        assert hosts[name]["state"] == 1 and hosts[name]["last_reachable"] is False
    for name, one in of_cluster("sydney", all_well(master, "sydney")).items():
        assert one["last_check_result"]["check_source"] == SATELLITES["sydney"], name
        assert one["last_reachable"] is True
    satellites["brisbane"].start()
    wait_until(lambda: master.objects("hosts")[SATELLITES["brisbane"]]["state"] == 0, "the satellite again", 60)
    all_well(master, "brisbane")
