# SPDX-License-Identifier: GPL-2.0-or-later
# The real servers of a cluster in its namespace: nginx on 6970, 6971 and 8443, atftpd on 69, the TVS server on 2445.
# It must not know what the phone will do. Every process is stopped by its own id.
from pathlib import Path
import subprocess

from .network import listens, wait_until

NGINX = """user root; daemon off; master_process off; worker_processes 1;
pid {work}/nginx.pid; error_log {work}/nginx.log warn;
events {{ worker_connections 64; }}
http {{ access_log off; server_tokens off; sendfile off; keepalive_timeout 5; types {{ }} default_type "*/*";
 client_body_temp_path {work}/t1; proxy_temp_path {work}/t2; fastcgi_temp_path {work}/t3;
 uwsgi_temp_path {work}/t4; scgi_temp_path {work}/t5;
{servers}}}
"""
NGINX_NODE = """ server {{ listen {address}:6970; root {files};
  error_page 404 = @none; location @none {{ return 404 ""; }} }}
 server {{ listen {address}:6971 ssl; root {files}; ssl_certificate {tftp_pem}; ssl_certificate_key {tftp_key};
  ssl_session_tickets off; ssl_session_cache off; ssl_protocols TLSv1.2; ssl_ciphers ALL:@SECLEVEL=0; }}
 server {{ listen {address}:8443 ssl; ssl_certificate {pem}; ssl_certificate_key {key}; ssl_session_tickets off;
  ssl_session_cache off; ssl_protocols TLSv1.2; ssl_ciphers ALL:@SECLEVEL=0;
  location / {{ return 200 "<CiscoIPPhoneMenu><Title>Directory</Title></CiscoIPPhoneMenu>"; }}
  location /axl/ {{ proxy_pass https://127.0.0.1:{axl}; }} }}
"""
AXL_PORT = 8444     # behind nginx, on the loopback of the cluster's namespace


class Servers:
    """All servers of one cluster. scene: a situations.Scene, where nodes may differ from their cluster."""

    def __init__(self, cluster, inside, folder, work, tvs_server, tvs_options=(), scene=None):
        self.cluster, self.inside, self.folder, self.scene = cluster, inside, Path(folder), scene
        self.work = Path(work) / f"servers-{cluster.name}"
        self.work.mkdir(parents=True, exist_ok=True)
        self.processes = []
        self._start_nginx()
        for node in cluster.nodes:
            self._start_atftpd(node)
            self._start_tvs(node, tvs_server, tvs_options)

    def _files(self, node):
        return self.folder / "nodes" / node.name / "tftp"

    def _certificate(self, name, ending):
        return self.folder / "certs" / f"{name}.{ending}"

    def _start(self, *command, **options):
        process = self.inside.start(*command, **options)
        self.processes.append(process)
        return process

    def _start_nginx(self):
        nodes = "".join(NGINX_NODE.format(address=node.address, files=self._files(node),
                                          pem=self._certificate(f"tomcat-{node.name}", "pem"),
                                          key=self._certificate(f"tomcat-{node.name}", "key"),
                                          tftp_pem=self._certificate(f"callmanager-{node.name}", "pem"),
                                          tftp_key=self._certificate(f"callmanager-{node.name}", "key"),
                                          axl=AXL_PORT)
                        for node in self.cluster.nodes)
        path = self.work / "nginx.conf"
        path.write_text(NGINX.format(work=self.work, servers=nodes))
        log = open(self.work / "nginx.out", "w")
        process = self._start("nginx", "-c", path, "-p", self.work, "-e", self.work / "nginx.log", stderr=log)
        wait_until(lambda: all(listens(process, "tcp", port) for port in (6970, 6971, 8443)), "nginx")

    def _start_atftpd(self, node):
        log = open(self.work / f"atftpd-{node.name}.log", "w")
        process = self._start("atftpd", "--daemon", "--no-fork", "--user", "root", "--group", "root", "--port", "69",
                              "--bind-address", node.address, "--logfile", "-", self._files(node), stdout=log,
                              stderr=log)
        wait_until(lambda: listens(process, "udp", 69), "atftpd")

    def _start_tvs(self, node, server, options):
        """TVS answers from the database of the whole cluster, unless the scene says what it does not know."""
        here = self.cluster.name, node.name
        name = self.scene.identity_of(*here) if self.scene else f"tvs-{node.name}"
        if self.scene and here in self.scene.silent:
            options = (*options, "--fault", "silent-answer")
        secure = [] if "--plain" in options else ["--cert", self._certificate(name, "pem"), "--key",
                                                  self._certificate(name, "key")]
        known = self.folder / "knows" / node.name
        process = self._start(server, "--listen", f"{node.address}:2445", "--store",
                              known if known.exists() else self.folder / "stores", "--log",
                              self.work / f"tvs-{node.name}.log", *secure, *options, stdout=subprocess.PIPE, text=True)
        if not process.stdout.readline().startswith("listening"):
            raise RuntimeError(f"the TVS server of {node.host} did not start")

    def start_axl(self, password_file):
        """AXL of the publisher, at port 8443 as a real one; user axluser. The folder above is what `lab make` wrote."""
        lab = Path(__file__).resolve().parent.parent / "lab"
        process = self._start(lab, "axl", self.folder.parent, self.cluster.name, "--password-file", password_file,
                              "--port", AXL_PORT, stdout=subprocess.PIPE, text=True)
        if not process.stdout.readline().startswith("listening"):
            raise RuntimeError(f"the AXL server of {self.cluster.name} did not start")

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
