# SPDX-License-Identifier: GPL-2.0-or-later
# Nagios 4 and Icinga 2 as an ordinary user, everything below one folder: starting them, telling them to check now, and
# reading what they stored. The configuration is that of nagios/config; a test adds its hosts.
# Checks run through a recorder that keeps what they printed, byte for byte, and finds /etc/ucmtrust and the state in the
# folder. Must not know what a check should say.
import contextlib
import json
import os
from pathlib import Path
import re
import shutil
import signal
import ssl
import subprocess
import time
import urllib.request

from servers import LOOPBACK, NOBODY, as_user, build, free_port, public_folder, stop, wait_until
from trustlab.certs import Maker, key_pem

TOP = Path(__file__).resolve().parents[2]
CONFIG = TOP / "nagios" / "config"
CHECKS = ("check_ucm_trustlist", "check_ucm_tvs", "check_ucm_consistency", "check_ucm_truststore")
STANDARD = Path("/usr/lib/nagios/plugins")
STATE_NAMES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")

RECORDER = """#!/usr/bin/python3 -IS
import json, os, subprocess, sys
folder = {folder!r}
here = {{"/etc/ucmtrust": folder + "/etc", "/var/lib/ucmtrust": folder + "/state"}}
words = sys.argv[1:]
for there, instead in here.items():
    words = [word.replace(there, instead) for word in words]
done = subprocess.run([{real!r}, *words], stdin=subprocess.DEVNULL, capture_output=True)
run = {{"argv": sys.argv, "words": words, "code": done.returncode, "host": os.environ.get("NAGIOS_HOSTNAME"),
       "service": os.environ.get("NAGIOS_SERVICEDESC"), "out": done.stdout.decode(), "err": done.stderr.decode()}}
path = "%s/runs/%d" % (folder, os.getpid())
with open(path + ".tmp", "w") as file:
    json.dump(run, file)
os.rename(path + ".tmp", path + ".json")
sys.stdout.buffer.write(done.stdout)
sys.stderr.buffer.write(done.stderr)
sys.stdout.flush()
sys.exit(done.returncode)
"""
# Whether a machine is there is for the test to say: a file with its address in the folder "down".
PING = """#!/bin/sh
for word; do [ ! -e {folder}/down/"$word" ] || {{ echo "PING CRITICAL - $word is down"; exit 2; }}; done
echo "PING OK - it is there"
"""


def give_away(*paths):
    """To the user that engines run as."""
    if os.geteuid() == 0:
        for path in paths:
            os.chown(path, NOBODY.pw_uid, NOBODY.pw_gid)


class Plant:
    """What the engines of a test share: the installed checks, the recorder in front of them, the shipped files."""

    def __init__(self, folder, recorded=True):
        self.folder = folder
        installed = folder / "installed"
        subprocess.run(["cmake", "--install", build(), "--component", "checks"], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "DESTDIR": str(installed)})
        self.real = next(installed.rglob(f"plugins/{CHECKS[0]}")).parent
        shutil.copytree(CONFIG, folder / "config")
        for name in ("plugins", "runs", "down", "state", "etc"):
            (folder / name).mkdir()
        (folder / "state").chmod(0o700)
        give_away(folder / "runs", folder / "state")
        for name in CHECKS:
            if recorded:
                self._program(name, RECORDER.format(folder=str(folder), real=str(self.real / name)))
            else:
                (folder / "plugins" / name).symlink_to(self.real / name)
        self._program("check_ping", PING.format(folder=folder))
        for name in ("check_tcp", "check_dummy"):
            (folder / "plugins" / name).symlink_to(STANDARD / name)

    def _program(self, name, text):
        path = self.folder / "plugins" / name
        path.write_text(text)
        path.chmod(0o755)

    def is_down(self, address, down=True):
        path = self.folder / "down" / address
        path.touch() if down else path.unlink(missing_ok=True)

    def runs(self):
        """What the recorder saw, oldest first."""
        paths = sorted((self.folder / "runs").glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        return [json.loads(path.read_text()) for path in paths]


@contextlib.contextmanager
def plant(recorded=True):
    """recorded: false where the recorder would cost too much time."""
    with public_folder() as folder:
        yield Plant(folder, recorded)


def example(path):
    """The configuration that the comment at the head of a file shows."""
    text = re.search(r"^ \* EXAMPLE\n(.*?)^ \* END$", path.read_text(), re.M | re.S)[1]
    return re.sub(r"^ \*(  )?", "", text, flags=re.M)


# ---- Icinga 2 ----

ICINGA = """const PluginDir = "{plugins}"
const NodeName = "{name}"
const ZoneName = "{zone}"
include <itl>
include <plugins>
include "{config}/commands.conf"
object CheckerComponent "checker" {{ concurrent_checks = 512 }}
object NotificationComponent "notification" {{ }}
object FileLogger "log" {{ severity = "information"; path = LogDir + "/icinga2.log" }}
object ApiListener "api" {{ bind_host = "127.0.0.1"; bind_port = {port}; accept_commands = {commands} }}
object ApiUser "root" {{ password = "{password}"; permissions = [ "*" ] }}
"""
PASSWORD = "for-the-test"


class Icinga:
    """One icinga2 with an API. main: what follows the head above in its configuration."""

    def __init__(self, plant, name, zone, main, commands=False):
        self.name, self.port = name, free_port()
        self.folder = plant.folder / name
        for part in ("conf", "data/certs", "log", "cache", "spool", "run"):
            (self.folder / part).mkdir(parents=True)
        give_away(self.folder, *self.folder.rglob("*"))
        (self.folder / "conf/icinga2.conf").write_text(ICINGA.format(
            plugins=plant.folder / "plugins", name=name, zone=zone, config=plant.folder / "config/icinga2", port=self.port,
            commands=str(commands).lower(), password=PASSWORD) + main)
        self.process = None
        self._certificate()

    def command(self, *words, environment=None):
        user = "nobody" if os.geteuid() == 0 else str(os.geteuid())
        group = "nogroup" if os.geteuid() == 0 else str(os.getegid())
        places = {"ConfigDir": "conf", "ZonesDir": "conf/zones.d", "DataDir": "data", "LogDir": "log", "CacheDir": "cache",
                  "SpoolDir": "spool", "InitRunDir": "run"}
        defines = [f"{key}={self.folder / value}" for key, value in places.items()]
        defines += [f"RunAsUser={user}", f"RunAsGroup={group}"]
        around = ["env", *(f"{key}={value}" for key, value in environment.items())] if environment else []
        return [*as_user(), *around, "icinga2", *map(str, words), *(word for one in defines for word in ("-D", one))]

    def _certificate(self):
        """As "icinga2 node setup" leaves them, with keys from the cache of the lab; valid since a year."""
        certs, maker = self.folder / "data/certs", Maker(os.environ["UCMTRUST_LAB_CACHE"], int(time.time()))
        authority = maker.make("icinga-ca", "CN=Icinga CA", ca=True)
        made = maker.make(f"icinga-{self.name}", f"CN={self.name}", issuer=authority)
        (certs / "ca.crt").write_bytes(authority.pem)
        (certs / f"{self.name}.crt").write_bytes(made.pem)
        (certs / f"{self.name}.key").write_bytes(key_pem(made.private_key))
        give_away(*certs.iterdir())

    def validate(self):
        """(whether it is valid, what was said)."""
        done = subprocess.run(self.command("daemon", "-C", "-c", self.folder / "conf/icinga2.conf"), capture_output=True,
                              text=True, check=False)
        return done.returncode == 0, done.stdout + done.stderr

    def start(self, environment=None):
        with open(self.folder / "log/console", "ab") as log:
            command = self.command("daemon", "-c", self.folder / "conf/icinga2.conf", environment=environment)
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        wait_until(lambda: self.process.poll() is not None or self._answers(), self.name, 60)
        assert self.process.poll() is None, (self.folder / "log/console").read_text()

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
            stop(self.process)
            self.process = None

    def _answers(self):
        with contextlib.suppress(OSError, ValueError):
            return bool(self.ask("status/IcingaApplication"))
        return False

    def ask(self, path, **body):
        """A question to the API; with a body that of an action or of a filter."""
        request = urllib.request.Request(f"https://{LOOPBACK}:{self.port}/v1/{path}", json.dumps(body).encode() or None,
                                         {"Accept": "application/json"})
        if not path.startswith(("actions/", "console/")):
            request.add_header("X-HTTP-Method-Override", "GET")
        password = urllib.request.HTTPPasswordMgrWithPriorAuth()
        password.add_password(None, request.full_url, "root", PASSWORD, is_authenticated=True)
        tls = ssl.create_default_context(cafile=self.folder / "data/certs/ca.crt")
        tls.check_hostname = False
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=tls),
                                             urllib.request.HTTPBasicAuthHandler(password))
        with opener.open(request, timeout=20) as answer:
            return json.load(answer)["results"]

    def clock(self):
        """What it takes for the time."""
        return self.ask("console/execute-script", command="get_time()")[0]["result"]

    def objects(self, kind):
        """{name: attributes}: hosts or services."""
        return {one["name"]: one["attrs"] for one in self.ask(f"objects/{kind}")}

    def check_now(self, kind, test="true", seconds=60):
        """Checks these hosts or services now, and waits for the results: {name: attributes}."""
        def done(one):
            return ((one["last_check_result"] or {}).get("execution_start") or 0) >= begin
        begin = time.time()
        names = {one["name"] for one in self.ask(f"objects/{kind}", filter=test, attrs=["name"])}
        assert names, f"no {kind}: {test}"
        self.ask("actions/reschedule-check", type=kind[:-1].capitalize(), filter=test, force=True)
        wait_until(lambda: all(done(one) for name, one in self.objects(kind).items() if name in names),
                   f"{self.name}: result of {test}", seconds)
        return {name: one for name, one in self.objects(kind).items() if name in names}


# ---- Nagios 4 ----

NAGIOS = """log_file={folder}/nagios.log
{objects}
resource_file={folder}/resource.cfg
object_cache_file={folder}/objects.cache
precached_object_file={folder}/objects.precache
status_file={folder}/status.dat
status_update_interval=1
check_result_path={folder}/spool
check_result_reaper_frequency=1
check_external_commands=1
command_file={folder}/rw/nagios.cmd
query_socket={folder}/rw/nagios.qh
lock_file={folder}/nagios.pid
temp_file={folder}/nagios.tmp
temp_path={folder}
state_retention_file={folder}/retention.dat
retain_state_information=0
log_archive_path={folder}/archives
use_syslog=0
check_for_updates=0
enable_environment_macros=1
host_inter_check_delay_method=n
service_inter_check_delay_method=n
max_service_check_spread=1
service_freshness_check_interval=1
additional_freshness_latency=0
date_format=iso8601
illegal_macro_output_chars=`~$&|'"<>
{more}
"""


class Nagios:
    """One nagios4. objects: text of further objects; files: what is included before them."""

    def __init__(self, plant, files, objects, more=""):
        self.plant, self.folder = plant, plant.folder / "nagios"
        for part in ("", "spool", "rw", "archives"):
            (self.folder / part).mkdir()
        give_away(self.folder, *self.folder.iterdir())
        (self.folder / "test.cfg").write_text(objects)
        names = [*files, self.folder / "test.cfg"]
        (self.folder / "resource.cfg").write_text(f"$USER1$={plant.folder / 'plugins'}\n")
        (self.folder / "nagios.cfg").write_text(NAGIOS.format(
            folder=self.folder, objects="\n".join(f"cfg_file={name}" for name in names), more=more))
        self.process = None

    def validate(self):
        done = subprocess.run([*as_user(), "nagios4", "-v", self.folder / "nagios.cfg"], capture_output=True, text=True,
                              check=False)
        return done.returncode == 0, done.stdout + done.stderr

    def start(self):
        with open(self.folder / "console", "ab") as log:
            self.process = subprocess.Popen([*as_user(), "nagios4", self.folder / "nagios.cfg"], stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL)
        # A command that comes before the pipe would make a file of its name, with which Nagios does not start.
        ready = [(self.folder / "status.dat").exists, (self.folder / "rw/nagios.cmd").is_fifo]
        wait_until(lambda: self.process.poll() is not None or all(one() for one in ready), "nagios4", 60)
        assert self.process.poll() is None, (self.folder / "console").read_text()

    def stop(self):
        if self.process:
            stop(self.process)
            self.process = None

    def command(self, *words):
        """An external command, such as SCHEDULE_FORCED_SVC_CHECK."""
        with open(os.open(self.folder / "rw/nagios.cmd", os.O_WRONLY), "w") as pipe:
            pipe.write(f"[{int(time.time())}] {';'.join(map(str, words))}\n")

    def blocks(self, kind):
        """The blocks of status.dat, as dictionaries of the text as stored."""
        text = (self.folder / "status.dat").read_text()
        return [dict(line.strip().partition("=")[::2] for line in block.splitlines() if "=" in line)
                for block in re.findall(rf"^{kind} {{\n(.*?)^\t}}$", text, re.M | re.S)]

    def services(self):
        """{(host, service): block}"""
        return {(one["host_name"], one["service_description"]): one for one in self.blocks("servicestatus")}

    def hosts(self):
        return {one["host_name"]: one for one in self.blocks("hoststatus")}

    def check_now(self, names, seconds=60):
        """Checks these services (host, service) or hosts (host,) now, and waits for the results."""
        def done(name):
            block = self.services()[name] if len(name) == 2 else self.hosts()[name[0]]
            return int(block["last_check"]) > before[name]
        # Times are stored in whole seconds: the next check shall not fall into that of the last one.
        blocks = {name: self.services()[name] if len(name) == 2 else self.hosts()[name[0]] for name in names}
        before = {name: int(block["last_check"]) for name, block in blocks.items()}
        wait_until(lambda: time.time() >= max(before.values()) + 1, "the next second")
        for name in names:
            self.command("SCHEDULE_FORCED_SVC_CHECK" if len(name) == 2 else "SCHEDULE_FORCED_HOST_CHECK", *name,
                         int(time.time()))
        wait_until(lambda: all(done(name) for name in names), f"results of {names}", seconds)
