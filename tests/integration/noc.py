# SPDX-License-Identifier: GPL-2.0-or-later
# A Nagios with the shipped example, over servers that can be stopped: what Debian brings around it, who is told what, and
# the pages that a browser gets. Must not know what findings mean.
import os
import re
import subprocess

from engines import Nagios, plant
from servers import as_user, wait_until
from watched import CLUSTERS, NODES, Fleet

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


class Noc:
    """The shipped example with the addresses, ports and times of this run, and whoever is notified. more: further
    objects."""

    def __init__(self, stack, lab, more=""):
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
        self.nagios = Nagios(self.plant, [*DEBIAN, *files], AROUND + more, "log_notifications=1")
        stack.callback(self.nagios.stop)
        self.nagios.start()
        self.read = 0

    def blocks(self):
        """{(host,) or (host, service): block} of all that is checked."""
        hosts = {(name,): block for name, block in self.nagios.hosts().items() if block["active_checks_enabled"] == "1"}
        services = self.nagios.services()
        services.pop(("brisbane", "reported"), None)
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
