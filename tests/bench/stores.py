# SPDX-License-Identifier: GPL-2.0-or-later
# check_ucm_truststore with very many certificates in one store, above reading the same files with OpenSSL alone.
import subprocess

from measure import ENOUGH, Goal, Program, turns

PACKAGES = ("time",)
SIZES = (2000, 20000)
MEMORY = 128 << 20


def run(table, bench):
    programs = {}
    for size in SIZES:
        folder = bench.work / f"store-{size}"
        folder.mkdir()
        subprocess.run([bench.build / "tests/bench/bench_stores", folder, str(size)], check=True)
        files = sorted(folder.glob("pub/*/*.pem"))
        programs[f"check {size}"] = Program([bench.build / "nagios/check_ucm_truststore", "--dir", folder, "-t", 600], "OK - ")
        programs[f"floor {size}"] = Program([bench.build / "tests/bench/bench_floor", "pem", *files])
    found = turns(programs, min(bench.rounds, ENOUGH))
    table.head("check_ucm_truststore --dir, certificates in one store")
    for size in SIZES:
        table.compare(f"{size}, to reading them with OpenSSL", found, f"check {size}", f"floor {size}",
                      {"cpu": Goal(1.5), "wall": None, "peak": None})
    table.compare("  ten times the certificates", found, "check 20000", "check 2000", {"cpu": Goal(11), "peak": Goal(11)})
    peak = max(cost.peak for cost in found["check 20000"])
    table.row("  memory with 20000, to 128 MB", f"{peak >> 20} MB", f"{MEMORY >> 20} MB", [peak / MEMORY],
              Goal(1), True)
    table.command("check_ucm_truststore", programs["check 20000"].line)
