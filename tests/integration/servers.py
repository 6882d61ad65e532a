# SPDX-License-Identifier: GPL-2.0-or-later
# Servers for the tests of the checks: real ones (atftpd, nginx, the lab's TVS server) and ones that
# misbehave on purpose. All on loopback, on ports that were free, as an ordinary user, and stopped by
# their own process id. Must not know what a check should say about them.
import contextlib
import grp
import itertools
import os
from pathlib import Path
import pwd
import random
import re
import shutil
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time

LOOPBACK = "127.0.0.1"
NOBODY = pwd.getpwnam("nobody")


def build():
    return Path(os.environ["UCMTRUST_BUILD"])


def _ports():
    """Never one that the kernel gives to a client meanwhile, nor one of another worker's, nor the same soon again."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    own = range(10000 + 2000 * (worker % 10), 12000 + 2000 * (worker % 10))
    return itertools.cycle(random.sample(own, len(own)))


PORTS = _ports()


def free_port(kind=socket.SOCK_STREAM, addresses=(LOOPBACK,)):
    """A port that is free on all the addresses."""
    for port in itertools.islice(PORTS, 100):
        with contextlib.ExitStack() as stack:
            try:
                for address in addresses:
                    stack.enter_context(socket.socket(socket.AF_INET, kind)).bind((address, port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


def wait_until(test, what, seconds=60):
    """What is waited for comes at once, on a machine with nothing else to do."""
    end = time.monotonic() + seconds
    while not test():
        if time.monotonic() > end:
            raise RuntimeError(f"{what} did not start")
        time.sleep(0.02)


def stop(process):
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def as_user():
    """Root lets go of itself: servers run as they would for anyone."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={NOBODY.pw_uid}", f"--regid={NOBODY.pw_gid}", "--clear-groups"]


@contextlib.contextmanager
def public_folder(files=None):
    """A folder that everyone may read, with these files ({name: bytes})."""
    folder = Path(tempfile.mkdtemp(prefix="ucmtrust-"))
    folder.chmod(0o755)
    try:
        for name, data in (files or {}).items():
            (folder / name).write_bytes(data)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# ---- real servers ----

def _tftp_answers(port, address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(0.1)
        one.sendto(b"\0\1none\0octet\0", (address, port))
        try:
            return len(one.recv(600)) > 0
        except OSError:
            return False


@contextlib.contextmanager
def atftpd(folder, address=LOOPBACK, port=None):
    port = port or free_port(socket.SOCK_DGRAM)
    user = pwd.getpwuid(os.geteuid()) if os.geteuid() != 0 else NOBODY
    process = subprocess.Popen(
        ["/usr/sbin/atftpd", "--daemon", "--no-fork", "--user", user.pw_name,
         "--group", grp.getgrgid(user.pw_gid).gr_name, "--port", str(port),
         "--bind-address", address, "--logfile", "-", str(folder)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: process.poll() is not None or _tftp_answers(port, address), "atftpd")
        assert process.poll() is None, "atftpd ended"
        yield port
    finally:
        stop(process)


NGINX = """daemon off; master_process off; worker_processes 1; pid {work}/pid; error_log {work}/log;
events {{ worker_connections 4096; }}
http {{ access_log off; types {{ }} default_type "*/*";
 client_body_temp_path {work}/t1; proxy_temp_path {work}/t2; fastcgi_temp_path {work}/t3;
 uwsgi_temp_path {work}/t4; scgi_temp_path {work}/t5;
 {servers} }}
"""


@contextlib.contextmanager
def nginx(folder, address=LOOPBACK, port=None, locations="", tls=None):
    """tls: (certificate, key)."""
    port = port or free_port()
    listen = f"{address}:{port}"
    locations = locations.replace("PORT", str(port))
    with nginx_of([f"listen {listen}{tls_words(*tls) if tls else ''}; root {folder}; {locations}"], (address, port)):
        yield port


def tls_words(certificate, key):
    """What follows the address in a listen directive; nginx finds the files in its own folder."""
    return f" ssl; ssl_certificate {certificate}; ssl_certificate_key {key}"


@contextlib.contextmanager
def nginx_of(servers, ready):
    """One nginx for several server blocks. ready: (address, port) that answers when it runs."""
    with public_folder() as work:
        for number, path in enumerate(re.findall(r"ssl_certificate(?:_key)? ([^;]+)", " ".join(servers))):
            # Readable for whoever nginx runs as, unlike the lab's private keys.
            shutil.copy(path, work / f"tls{number}")
            servers = [one.replace(f" {path};", f" {work}/tls{number};") for one in servers]
        blocks = "\n ".join(f"server {{ {one} }}" for one in servers)
        (work / "conf").write_text(NGINX.format(work=work, servers=blocks))
        if os.geteuid() == 0:
            for path in (work, *work.iterdir()):
                os.chown(path, NOBODY.pw_uid, NOBODY.pw_gid)
        process = subprocess.Popen([*as_user(), "/usr/sbin/nginx", "-c", work / "conf", "-p", work, "-e", work / "log"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: process.poll() is not None or tcp_answers(*ready), "nginx")
            assert process.poll() is None, (work / "log").read_text()
            yield
        finally:
            stop(process)


def tcp_answers(address, port):
    with socket.socket() as one:
        return one.connect_ex((address, port)) == 0


@contextlib.contextmanager
def tvs_server(lab, *options, node="pub", cluster="source", address=LOOPBACK, port=0, identity=None):
    """The lab's TVS server with the stores of one node."""
    certs = Path(lab) / cluster / "certs"
    name = identity or f"tvs-{node}"
    process = subprocess.Popen(
        [build() / "tests/lab/ucmtrust-tvs-server", "--listen", f"{address}:{port}", "--store",
         Path(lab) / cluster / "stores" / node, "--cert", certs / f"{name}.pem", "--key", certs / f"{name}.key",
         *map(str, options)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        line = process.stdout.readline()
        assert line.startswith("listening"), line
        yield int(line.rpartition(":")[2])
    finally:
        stop(process)
        process.stdout.close()


# ---- a scene of the lab: all nodes of both clusters ----

SUBNET = {"source": "127.18.1", "destination": "127.18.2"}


class Site:
    """A scene's files and the inventory that names its servers. JSON of the check: look()."""

    def __init__(self, folder, scene):
        self.folder, self.scene = folder, scene
        self.inventory = folder / "site.ini"
        self.write()

    def write(self, entries=None):
        """Another inventory for the same servers."""
        from trustlab import inventory
        return inventory.write(self.inventory, entries or self.scene.entries)

    @property
    def entries(self):
        return self.scene.entries


def _silence(stack, address, ports):
    """Everything is taken, and nothing ever said."""
    for port in (ports["http_port"], ports["tvs_port"], ports["tomcat_port"]):
        stack.enter_context(Misbehaving(silent, address, port))
    stack.enter_context(BadTftp(tftp_silent, address, ports["tftp_port"]))


def _node_servers(stack, folder, scene, cluster, node, address, ports):
    """TFTP and TVS of one node; what nginx must do for it."""
    certs, files = folder / cluster / "certs", folder / cluster / "nodes" / node / "tftp"
    stack.enter_context(atftpd(files, address, ports["tftp_port"]))
    stack.enter_context(tvs_server(folder, "--store", folder / cluster / "knows" / node, node=node, cluster=cluster,
                                   address=address, port=ports["tvs_port"], identity=scene.identity_of(cluster, node)))
    tls = tls_words(certs / f"tomcat-{node}.pem", certs / f"tomcat-{node}.key")
    return [f"listen {address}:{ports['http_port']}; root {files};",
            f"listen {address}:{ports['tomcat_port']}{tls}; location / {{ return 200 \"\"; }}"]


@contextlib.contextmanager
def site(scene):
    """All servers of a scene's clusters, each node with an address of its own and the ports of all."""
    nodes = [(cluster.name, node.name) for cluster in scene.pair.clusters for node in cluster.nodes]
    address = {(cluster, node): f"{SUBNET[cluster]}.{11 + at}" for at, (cluster, node) in enumerate(nodes)}
    ports = {name: free_port(addresses=list(address.values())) for name in ("http_port", "tvs_port", "tomcat_port")}
    ports["tftp_port"] = free_port(socket.SOCK_DGRAM, list(address.values()))
    for cluster, node in nodes:
        scene.entries[cluster]["keys"].update(ports)
        scene.entries[cluster]["nodes"][node]["address"] = address[cluster, node]
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(public_folder())
        scene.write(folder)
        servers = []
        for one in nodes:
            if one in scene.silent:
                _silence(stack, address[one], ports)
            else:
                servers += _node_servers(stack, folder, scene, *one, address[one], ports)
                last = address[one], ports["http_port"]
        stack.enter_context(nginx_of(servers, last))
        yield Site(folder, scene)


# ---- servers that misbehave ----

class Misbehaving:
    """Runs a function for each connection in a thread; closes everything at the end."""

    def __init__(self, behave, address=LOOPBACK, port=0):
        self.behave = behave
        self.closing = threading.Event()
        self.socket = socket.create_server((address, port), backlog=64)
        self.port = self.socket.getsockname()[1]
        self.connections = []
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self):
        while not self.closing.is_set():
            try:
                one, _ = self.socket.accept()
            except OSError:
                return
            self.connections.append(one)
            threading.Thread(target=self._serve, args=(one,), daemon=True).start()

    def _serve(self, one):
        with contextlib.suppress(OSError):
            self.behave(one, self.closing)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closing.set()
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for one in self.connections:
            one.close()


def silent(one, closing):
    closing.wait(60)


def reset(one, closing):
    one.recv(4096)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    one.close()


def close_at_once(one, closing):
    one.recv(4096)
    one.close()


def sends(*pieces, pause=0, then_wait=False):
    """Answers whatever is asked with these bytes."""
    def behave(one, closing):
        one.recv(4096)
        for piece in pieces:
            one.sendall(piece)
            if closing.wait(pause):
                return
        if then_wait:
            closing.wait(60)
        one.close()
    return behave


def endless_http(one, closing):
    """Three gigabytes, if anyone takes them."""
    one.recv(4096)
    one.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(3 * 1024 * 16):
        one.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")


def endless_header(one, closing):
    one.recv(4096)
    one.sendall(b"HTTP/1.1 200 OK\r\n")
    while not closing.is_set():
        one.sendall(b"X-More: " + b"h" * 1000 + b"\r\n")


def drip(one, closing):
    one.recv(4096)
    one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not closing.wait(0.05):
        one.sendall(b"x")


@contextlib.contextmanager
def full_backlog(address=LOOPBACK, port=0):
    """A port where the handshake of TCP never ends, as behind a firewall that drops."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind((address, port))
        listener.listen(0)
        for _ in range(4):
            one = stack.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@contextlib.contextmanager
def tls_server(certificate, key, behave, version=None):
    """A TLS server that then does as it is told."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if version:
        context.maximum_version = version

    def shake_and_behave(one, closing):
        with context.wrap_socket(one, server_side=True) as secure:
            behave(secure, closing)

    with Misbehaving(shake_and_behave) as server:
        yield server.port


class BadTftp:
    """A TFTP server in one thread. behave(socket, client, closing) is called for each request; with `named`, it is
    behave(name)."""

    def __init__(self, behave, address=LOOPBACK, port=0, named=False):
        self.behave, self.named = behave, named
        self.address = address
        self.closing = threading.Event()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        self.port = self.socket.getsockname()[1]
        self.requests = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while not self.closing.is_set():
            try:
                request, client = self.socket.recvfrom(600)
            except OSError:
                return
            if self.closing.is_set():
                return
            self.requests += 1
            name = request[2:].split(b"\0")[0].decode("latin-1")
            threading.Thread(target=self._answer, args=(name, client), daemon=True).start()

    def _answer(self, name, client):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, contextlib.suppress(OSError):
            one.bind((self.address, 0))
            one.settimeout(5)
            (self.behave(name) if self.named else self.behave)(one, client, self.closing)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closing.set()
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(b"end", (self.address, self.port))
        self.socket.close()


def tftp_error(code):
    def behave(one, client, closing):
        one.sendto(struct.pack("!HH", 5, code) + b"no\0", client)
    return behave


def tftp_silent(one, client, closing):
    pass


def tftp_nonsense(one, client, closing):
    one.sendto(b"\0\x09nonsense", client)


def tftp_endless(one, client, closing):
    number = 1
    while not closing.is_set():
        one.sendto(struct.pack("!HH", 3, number & 0xffff) + b"z" * 512, client)
        one.recv(600)
        number += 1


def tftp_stall(one, client, closing):
    """The first block, and then nothing."""
    one.sendto(struct.pack("!HH", 3, 1) + b"z" * 512, client)
    closing.wait(30)
