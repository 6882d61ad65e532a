# SPDX-License-Identifier: GPL-2.0-or-later
# What one run of each check costs: beside the tools that people have (check_tcp --ssl -D, which looks at the expiry of the
# same certificate, check_ssl_cert, openssl x509), and beside what OpenSSL alone takes for it (bench_floor).
import contextlib
from pathlib import Path
import subprocess

from measure import Goal, Program, turns
from servers import LOOPBACK, atftpd, nginx, public_folder, tvs_server

PACKAGES = ("monitoring-plugins-basic", "monitoring-plugins-contrib", "openssl", "bc", "curl", "file", "time",
            "nginx-light", "atftpd", "bind9-host", "python3-cryptography")
PLUGINS = Path("/usr/lib/nagios/plugins")
OLD = ("--ignore", "TL-DIGEST-SHA1")        # the lab's older cluster signs as 11.5 does


def on_servers(stack, bench):
    """{name: Program}; all against one node, none of them complains."""
    files = stack.enter_context(public_folder())
    subprocess.run(["cp", "-r", bench.lab / "source", files], check=True)
    folder = files / "source/nodes/pub/tftp"
    itl, stores = folder / "ITLFile.tlv", files / "source/stores"
    tvs = stack.enter_context(tvs_server(files, "--store", stores))
    http, tftp = stack.enter_context(nginx(folder)), stack.enter_context(atftpd(folder))
    checks = bench.build / "nagios"
    return {
        "check_tcp": Program([PLUGINS / "check_tcp", "-H", LOOPBACK, "-p", tvs, "--ssl", "-D", 1], "OK - Certificate "),
        "check_ssl_cert": Program(
            [PLUGINS / "check_ssl_cert", "-H", LOOPBACK, "-p", tvs, "--selfsigned", "--noauth", "--ignore-ocsp",
             "--ignore-sct", "--ignore-maximum-validity", "--allow-empty-san", "--ignore-host-cn"], "SSL_CERT OK"),
        "floor": Program([bench.build / "tests/bench/bench_floor", "handshake", LOOPBACK, tvs]),
        "check_ucm_tvs": Program([checks / "check_ucm_tvs", "-H", LOOPBACK, "-p", tvs, "--trustlist", itl], "OK - "),
        "check_ucm_tvs, list by HTTP": Program(
            [checks / "check_ucm_tvs", "-H", LOOPBACK, "-p", tvs, "--trustlist",
             f"http://{LOOPBACK}:{http}/ITLFile.tlv"], "OK - "),
        "check_ucm_trustlist, HTTP": Program(
            [checks / "check_ucm_trustlist", "-H", LOOPBACK, "-p", http, *OLD], "OK - "),
        "check_ucm_trustlist, TFTP": Program(
            [checks / "check_ucm_trustlist", "-u", f"tftp://{LOOPBACK}:{tftp}/ITLFile.tlv", *OLD], "OK - "),
        "check_ucm_consistency, files": Program([checks / "check_ucm_consistency", "-i", bench.lab / "offline.ini"], "OK - "),
        "check_ucm_truststore, a folder": Program([checks / "check_ucm_truststore", "--dir", stores], "OK - "),
    }


def live(table, bench):
    with contextlib.ExitStack() as stack:
        programs = on_servers(stack, bench)
        found = turns(programs, bench.rounds)
    table.head("A check of one node, beside check_tcp --ssl -D")
    table.compare("check_ucm_tvs", found, "check_ucm_tvs", "check_tcp", {"cpu": Goal(1.1), "wall": None, "peak": Goal(1.2)})
    table.compare("check_ucm_tvs to a bare handshake", found, "check_ucm_tvs", "floor", {"cpu": Goal(1.15), "peak": None})
    table.compare("check_ucm_tvs to check_ssl_cert", found, "check_ucm_tvs", "check_ssl_cert",
                  {"cpu": Goal(1 / 100), "wall": None})
    for name in programs:
        if name.startswith("check_ucm") and name != "check_ucm_tvs":
            table.compare(name, found, name, "check_tcp", {"cpu": None, "peak": None})
    for name, program in programs.items():
        table.command(name, program.line)


def from_file(table, bench):
    floor, check = bench.build / "tests/bench/bench_floor", bench.build / "nagios/check_ucm_trustlist"
    programs = {"openssl x509": Program(["openssl", "x509", "-noout", "-enddate", "-in", bench.lists.one], "notAfter=")}
    for size in bench.lists.SIZES:
        large = ("--ignore", "TL-OVER-64K", "--ignore", "TL-MANY-CERTIFICATES") if size > 39 else ()
        programs[f"check {size}"] = Program([check, "-f", bench.lists.path(size), *large], "OK - ")
        programs[f"floor {size}"] = Program([floor, "certificates", bench.lists.certificates(size)])
    found = turns(programs, bench.rounds)
    table.head("check_ucm_trustlist -f, a process each")
    table.compare("5 records, to openssl x509 of one certificate", found, "check 5", "openssl x509",
                  {"cpu": Goal(0.2), "wall": None, "peak": None})
    for size in bench.lists.SIZES:
        table.compare(f"{size} records, to parsing its certificates", found, f"check {size}", f"floor {size}",
                      {"cpu": Goal(1.3), "peak": None})
    table.compare("  1000 records to 100", found, "check 1000", "check 100", {"cpu": Goal(11), "peak": Goal(11)})
    for name, program in programs.items():
        if not name.split()[-1].isdigit() or name.endswith(" 5"):
            table.command(name, program.line)


def run(table, bench):
    from_file(table, bench)
    live(table, bench)
