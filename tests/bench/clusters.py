# SPDX-License-Identifier: GPL-2.0-or-later
# check_ucm_consistency over a hundred clusters of five nodes from files, beside what it takes with OpenSSL alone: reading
# and hashing each file, and parsing each certificate once; and beside that with the signatures. And how it grows with the
# clusters, and with the nodes of each.
from measure import Goal, Program, turns
from trustlab import inventory
from trustlab.fleet import Fleet

GROWTH = Goal(11)
SIZES = ((100, 5), (10, 5), (10, 50))      # clusters, nodes of each


def written(bench, clusters, nodes):
    """(inventory, file that names the files, file that names each different list once, file that names the others, file
    of the certificates, that of a signer first)"""
    folder = bench.work / f"fleet-{clusters}-{nodes}"
    folder.mkdir()
    # Lists of the same size, however many nodes there are: what grows is the number of nodes alone.
    fleet = Fleet(bench.cache, bench.now, clusters, nodes, verifiers=5)
    fleet.write(folder)
    keys = {place.name: {"itl": f"{place.address}/ITLFile.tlv", "ctl": f"{place.address}/CTLFile.tlv",
                         "tvs_certificate": f"certs/fleet-tvs-{place.node}.pem"} for place in fleet.places}
    ini = inventory.write(folder / "files.ini", fleet.inventory(lambda place: keys[place.name]))
    lists, others = [], []
    for place in fleet.places:
        lists.append(f"{place.address}/ITLFile.tlv")
        (others if place.node else lists).append(f"{place.address}/CTLFile.tlv")    # the same on all nodes of a cluster
        others.append(f"certs/fleet-tvs-{place.node}.pem")
    for name, paths in (("paths", lists + others), ("lists", lists), ("others", others)):
        (folder / name).write_text("".join(f"{folder / path}\n" for path in paths))
    (folder / "all.der").write_bytes(b"".join(one.der for one in (*fleet.recovery, *fleet.shared.values(), fleet.capf)))
    return ini, *(folder / name for name in ("paths", "lists", "others", "all.der"))


def run(table, bench):
    programs = {}
    for clusters, nodes in SIZES:
        ini, paths, lists, others, certificates = written(bench, clusters, nodes)
        name = f"{clusters} x {nodes}"
        # From files alone nobody can be asked what it trusts: that is said of every pair, and is a warning.
        programs[name] = Program([bench.build / "nagios/check_ucm_consistency", "-i", ini, "-t", 600], codes=(0, 1, 2, 3))
        floor = bench.build / "tests/bench/bench_floor"
        programs[f"floor {name}"] = Program([floor, "files", paths, certificates])
        programs[f"signed {name}"] = Program([floor, "signed", lists, others, certificates])
    found = turns(programs, min(bench.rounds, 5))
    table.head("check_ucm_consistency, clusters x nodes, from files")
    table.compare("100 x 5, to reading, hashing and parsing", found, "100 x 5", "floor 100 x 5",
                  {"cpu": Goal(1.3), "wall": None, "peak": None})
    table.compare("  and verifying each different list", found, "100 x 5", "signed 100 x 5", {"cpu": None})
    table.compare("10 x 5, to reading, hashing and parsing", found, "10 x 5", "floor 10 x 5", {"cpu": None, "peak": None})
    table.compare("  ten times the clusters", found, "100 x 5", "10 x 5", {"cpu": GROWTH, "peak": GROWTH})
    table.compare("  ten times the nodes", found, "10 x 50", "10 x 5", {"cpu": GROWTH, "peak": GROWTH})
    for name in ("100 x 5", "floor 100 x 5", "signed 100 x 5"):
        table.command(name, programs[name].line)
