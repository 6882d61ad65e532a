# SPDX-License-Identifier: GPL-2.0-or-later
# The machine that the documents speak of: their names, files and programs, and what each of them is here. Used inside
# of `lab live`, that is, in namespaces of its own, where the phone would stand: 192.0.2.11 and .12 are the nodes of one
# cluster (brisbane in the examples), 198.51.100.11 to .13 those of another (sydney), on the ports that real ones have.
# What is installed, written and built is gone at the end: folders of the machine are covered by others in memory.
# It must not know what a command should say.
import contextlib
import os
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile
import time

from documents import TOP

sys.path[:0] = [str(TOP / "tests" / "integration"), str(TOP / "tests" / "lab")]
from servers import site, stop, wait_until                      # noqa: E402
from trustlab import exports, inventory, layout                 # noqa: E402
from trustlab.cluster import make_pair                          # noqa: E402
from trustlab.network import listens, root_is_mounted           # noqa: E402
from trustlab.situations import TABLE                           # noqa: E402

COVERED = ["/etc", "/usr", "/var", "/srv", "/run"]
BUILD = Path(os.environ.get("UCMTRUST_BUILD", TOP / "build"))
LAB = TOP / "tests/lab/lab"
AXL_PASSWORD = "for the lab alone"
BULK_PASSWORD = "bulk"

# Names of machines. backup is this machine: it has the SFTP server.
NAMES = {
    "192.0.2.11": "cucm-pub old-pub",
    "192.0.2.12": "cucm-sub",
    "198.51.100.11": "new-pub",
    "127.0.0.1": "backup localhost",
}

# Certificates that perth has and brisbane, which is otherwise the same cluster, has not.
PERTH = ("callmanager-pub", "callmanager-sub", "tvs-pub", "tvs-sub", "capf")

# Programs that this machine cannot have, and what is run instead. They say what they stand for.
PROGRAMS = {
    "sudo": 'exec "$@"',         # it is root who runs this
    # No display: tshark with the same profile and file.
    "wireshark": 'left=$#; for one; do [ $left -eq 1 ] || set -- "$@" "$one"; left=$((left - 1)); shift; done\n'
                 'exec tshark -r "$one" "$@"',
    "editor": 'test -w "$1"',       # the example stays as it is: its nodes are those of the lab
    # No systemd: the program of the service is there.
    "systemctl": 'command -v "$2" || command -v "${2}4"',
    # No network: packages of Debian are looked up. Files are installed, those of no folder from where they are built.
    "apt": """command=$1; shift
case "$*" in
*.deb) for one; do case $one in
       */build/*.deb) set -- "$@" "$one" ;;
       *.deb) set -- "$@" ./build/${one#./} ;;
       esac; shift; done
       exec apt-get "$command" -q -y --reinstall --no-install-recommends -o APT::Sandbox::User=root "$@" ;;
*)     ls /var/lib/apt/lists/*_Packages* >/dev/null || exec printf 'Package: %s\\n' "$@"
       exec apt-cache show --no-all-versions "$@" ;;
esac""",
}


def _run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, **options)


def _output(*command):
    return _run(*command, stdout=subprocess.PIPE).stdout


class World:
    """The machine, from enter() to leave()."""

    def __init__(self, lab, scratch):
        self.lab, self.scratch = Path(lab), Path(scratch)
        self.home = self.scratch / "home"
        self.stack = contextlib.ExitStack()

    def enter(self):
        self._cover()
        os.chdir(TOP)
        self.home.mkdir()
        Path("/var/lib/man-db/auto-update").unlink(missing_ok=True)     # an index of all pages takes long for nothing
        Path("/etc/hosts").write_text("".join(f"{address} {names}\n" for address, names in NAMES.items()))
        self._programs()
        self._files()
        self._region()
        self._sftp()

    def leave(self):
        self.stack.close()

    def _cover(self):
        """What is written below these folders from now on is in memory, and gone with this process."""
        layers = self.scratch / "layers"
        layers.mkdir()
        _run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", layers)
        folders = [str(TOP)] if not any(str(TOP).startswith(f"{one}/") for one in COVERED) else []
        for number, folder in enumerate(folders + COVERED):
            upper, work = layers / f"{number}.upper", layers / f"{number}.work"
            upper.mkdir()
            work.mkdir()
            options = f"lowerdir={folder},upperdir={upper},workdir={work}"
            _run("mount", "-t", "overlay", "overlay", "-o", options, folder)

    def _programs(self):
        folder = self.scratch / "bin"
        folder.mkdir()
        for name, script in PROGRAMS.items():
            (folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(0o755)

    def environment(self):
        path = [self.scratch / "bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
        return {"PATH": ":".join(map(str, path)), "HOME": str(self.home), "LC_ALL": "C.UTF-8", "TZ": "UTC",
                "MANPAGER": "cat", "MANWIDTH": "80", "UCMTRUST_BUILD": str(BUILD),
                "UCMTRUST_LAB_CACHE": os.environ["UCMTRUST_LAB_CACHE"], "LAB": str(self.lab),
                "SCRATCH": str(self.scratch)}

    def _files(self):
        """Files that the documents name, in the folder that a reader works in, and elsewhere."""
        source, destination = self.lab / "source", self.lab / "destination"
        list_of = "nodes/pub/tftp/{}File.tlv"
        copies = {
            "capture.pcapng": "pcaps/migration-fails.pcapng",
            "migration.pcapng": "pcaps/migration-fails.pcapng",
            "decrypted.pcapng": "pcaps/tvs-plain.pcapng",
            "ITLFile.tlv": source / list_of.format("ITL"),
            "CTLFile.tlv": source / list_of.format("CTL"),
            "tomcat.pem": source / "certs/tomcat-pub.pem",
            "tvs.pem": source / "certs/tvs-pub.pem",
            "ccm.pem": source / "certs/callmanager-pub.pem",
            "clusters.ini": "nagios/config/clusters.ini",
            "/srv/brisbane": source / "stores",
            "/srv/sydney": destination / "stores",
            "/srv/ucmtrust/brisbane": source / "stores",
            "/srv/ucmtrust/sydney": destination / "stores",
        }
        for name, origin in copies.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if Path(origin).is_dir() else shutil.copy)(origin, name)
        itl = _output(LAB, "show", self.lab, "source", "pub", "itl")
        certs = _output(LAB, "show", self.lab, "source", "pub", "certs")
        trace, console = _output(LAB, "trace", self.lab), _output(LAB, "trace", self.lab, "--console")
        texts = {"ticket-1234.txt": itl, "certs.txt": certs, "tvs_00000012.txt": trace, "SDL_tvs_00000012.txt": trace,
                 "console.log": console}
        secrets = {"axl.secret": f"axluser\n{AXL_PASSWORD}\n", "bulk.secret": f"{BULK_PASSWORD}\n"}
        secrets |= {"axl.password": secrets["axl.secret"], "bulk.password": secrets["bulk.secret"]}
        for name, text in texts.items():
            Path(name).write_bytes(text)
        for name, text in secrets.items():
            Path(name).touch(0o600)
            Path(name).write_text(text)
        for folder in ("/srv/www", "/var/lib/prometheus/node-exporter"):
            Path(folder).mkdir(parents=True, exist_ok=True)

    def _region(self):
        """Three clusters that are not in order, for a matrix of moves: sydney's signers have the wrong role at
        brisbane; perth is strange to both, and known by its lists alone."""
        cache, now = os.environ["UCMTRUST_LAB_CACHE"], int(time.time())
        made = self.stack.enter_context(site(TABLE["no-role"].scene(cache, now)))
        strange = make_pair(cache, now, renewed={f"source/{name}" for name in PERTH})
        layout.write_pair(self.scratch / "perth", strange, shapes=False)
        perth = inventory.offline(strange)["source"]
        for keys in perth["nodes"].values():
            keys.update({name: self.scratch / "perth" / value for name, value in keys.items()})
        inventory.write(Path("region.ini"), {"brisbane": made.entries["source"], "sydney": made.entries["destination"],
                                             "perth": perth})

    def _sftp(self):
        """The server of `backup`, which holds a bulk export and lets nagios in by key."""
        _run("usermod", "-p", "*", "nagios")        # Debian has it without a password, which sshd takes for locked
        exports.write(Path("/srv/bulk"), make_pair(os.environ["UCMTRUST_LAB_CACHE"], int(time.time())).source,
                      password=BULK_PASSWORD)
        keys = self.scratch / "ssh"
        keys.mkdir()
        for name in (keys / "host", Path("id_ed25519")):
            _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", name)
        shutil.copy("id_ed25519", "KEY")
        shutil.copy("id_ed25519.pub", keys / "authorized_keys")
        Path("known_hosts").write_text("backup " + " ".join((keys / "host.pub").read_text().split()[:2]) + "\n")
        (keys / "config").write_text(
            f"Port 22\nListenAddress 127.0.0.1\nHostKey {keys}/host\nPidFile none\nStrictModes no\nUsePAM no\n"
            f"AuthorizedKeysFile {keys}/authorized_keys\nPasswordAuthentication no\nChrootDirectory /srv\n"
            "Subsystem sftp internal-sftp\n")
        Path("/run/sshd").mkdir(exist_ok=True)
        log = self.stack.enter_context(open(keys / "log", "w"))
        process = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", keys / "config"], stderr=log)
        self.stack.callback(stop, process)
        wait_until(lambda: process.poll() is not None or listens(process, "tcp", 22), "sshd")
        assert process.poll() is None, (keys / "log").read_text()
