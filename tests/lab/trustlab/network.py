# SPDX-License-Identifier: GPL-2.0-or-later
# A private network for one run: phone and source cluster on one bridge, the destination behind a router.
# Everything lives in namespaces of the calling process and dies with it. It must not know what is spoken on the wires.
# Works as root, and as an ordinary user through a user namespace (enter() starts either).
import ctypes
import fcntl
import os
from pathlib import Path
import socket
import struct
import subprocess
import sys
import time

from .cluster import PHONE_ADDRESS

ROUTER_LAN, ROUTER_FAR = "192.0.2.1", "198.51.100.1"
# linux/ethtool.h: transmit and receive checksums, scatter/gather, TSO, GSO, GRO
OFFLOADS = (0x17, 0x15, 0x19, 0x1F, 0x24, 0x2C)
SIOCETHTOOL = 0x8946


def enter(arguments):
    """Replaces this process by one in fresh namespaces, whose death ends everything started in them."""
    command = ["unshare", "-n", "-m", "-p", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid() != 0:
        command[1:1] = ["-U", "-r"]
    if not root_is_mounted():
        command += ["--propagation", "unchanged"]       # but for that of /proc, which is private in any case
    os.execvp("unshare", command + [sys.executable] + arguments)


def root_is_mounted():
    """Not in a chroot that is a mere folder: there, nobody can say that mounts are not to be seen outside."""
    return any(line.split()[4] == "/" for line in Path("/proc/self/mountinfo").read_text().splitlines())


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, **options)


def without_offloads(name):
    """Turns off what makes captured frames differ from those on a real wire: joined segments, missing checksums."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for command in OFFLOADS:
            value = ctypes.create_string_buffer(struct.pack("II", command, 0))
            request = struct.pack("16sP16x", name.encode(), ctypes.addressof(value))
            try:
                fcntl.ioctl(control, SIOCETHTOOL, request)
            except OSError:
                pass        # not every kind of interface knows each of them


class Namespace:
    """A network namespace held open by a sleeping process."""

    def __init__(self, name):
        self.name = name
        self.holder = subprocess.Popen(["unshare", "-n", "sleep", "infinity"])
        own = os.readlink("/proc/self/ns/net")
        wait_until(lambda: os.readlink(f"/proc/{self.holder.pid}/ns/net") != own, f"namespace {name}")

    def command(self, *command):
        return ["nsenter", "-t", str(self.holder.pid), "-n"] + [str(part) for part in command]

    def run(self, *command, **options):
        return run(*self.command(*command), **options)

    def start(self, *command, **options):
        return subprocess.Popen(self.command(*command), **options)


def wait_until(true, what, seconds=5):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.01)
    raise TimeoutError(f"{what}: not ready after {seconds} s")


def listens(process, protocol, port):
    """Whether a socket is bound to the port in the network namespace of the process."""
    try:
        lines = Path(f"/proc/{process.pid}/net/{protocol}").read_text().splitlines()[1:]
    except OSError:
        return False
    return any(line.split()[1].endswith(f":{port:04X}") for line in lines)


def _quiet():
    for name in ("all", "default"):
        Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6").write_text("1")


class Network:
    """phone ── bridge lan (192.0.2.1) ── source;  bridge's router ── far (198.51.100.1) ── destination."""

    def __init__(self, pair):
        _quiet()
        self.phone, self.source, self.destination = (Namespace(name) for name in ("phone", "source", "destination"))
        mac = ":".join(pair.mac[at:at + 2] for at in range(0, 12, 2)).lower()
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "name", "lan", "address", "00:00:5e:00:53:01", "type", "bridge", "mcast_snooping", "0")
        run("ip", "addr", "add", f"{ROUTER_LAN}/24", "dev", "lan")
        without_offloads("lan")
        run("ip", "link", "set", "lan", "up")
        self._cable(self.phone, "phone", mac, master="lan")
        self._cable(self.source, "source", "00:00:5e:00:53:11", master="lan")
        self._cable(self.destination, "far", "00:00:5e:00:53:21")
        run("ip", "addr", "add", f"{ROUTER_FAR}/24", "dev", "far")
        Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
        self._addresses(self.source, [node.address for node in pair.source.nodes], ROUTER_LAN)
        self._addresses(self.destination, [node.address for node in pair.destination.nodes], ROUTER_FAR)

    @staticmethod
    def _cable(inside, name, mac, master=None):
        """A veth pair: `name` out here, eth0 in the namespace."""
        far_end = ("name", "eth0", "address", mac, "netns", str(inside.holder.pid))
        run("ip", "link", "add", "name", name, "type", "veth", "peer", *far_end)
        if master:
            run("ip", "link", "set", name, "master", master)
        without_offloads(name)
        inside.run(sys.executable, "-c", f"import sys; sys.path.insert(0, {str(Path(__file__).parent.parent)!r}); "
                   "sys.dont_write_bytecode = True; from trustlab import network as n; n._quiet(); "
                   "n.without_offloads('eth0')")
        inside.run("ip", "link", "set", "lo", "up")
        inside.run("ip", "link", "set", "eth0", "up")
        run("ip", "link", "set", name, "up")

    @staticmethod
    def _addresses(inside, addresses, router):
        for address in addresses:
            inside.run("ip", "addr", "add", f"{address}/24", "dev", "eth0")
        inside.run("ip", "route", "add", "default", "via", router)

    def phone_address(self):
        """Configures the phone as DHCP would, for exchanges that are not about DHCP."""
        self._addresses(self.phone, [PHONE_ADDRESS], ROUTER_LAN)


class Capture:
    """What passes the phone's interface, as pcapng with the TLS secrets inside."""

    def __init__(self, inside, out, scratch, leave_out="(arp or igmp)"):
        self.out, self.raw = Path(out), Path(scratch) / "raw.pcap"
        self.log = open(Path(scratch) / "capture.log", "w+")
        # dumpcap, because tcpdump wants to give up root and cannot in a user namespace.
        self.process = inside.start("dumpcap", "-q", "-P", "-i", "eth0", "-f", f"not {leave_out}", "-w", self.raw,
                                    stderr=self.log)
        wait_until(lambda: "File:" in Path(self.log.name).read_text(), "dumpcap")

    def finish(self, keylog):
        time.sleep(0.3)
        self.process.terminate()
        self.process.wait(5)
        secrets = ["--inject-secrets", f"tls,{keylog}"] if Path(keylog).exists() and keylog.stat().st_size else []
        self.out.parent.mkdir(parents=True, exist_ok=True)
        run("editcap", "-F", "pcapng", *secrets, self.raw, self.out, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.log.close()
