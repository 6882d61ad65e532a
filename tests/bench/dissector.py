# SPDX-License-Identifier: GPL-2.0-or-later
# What the Wireshark plugin costs in whole runs of tshark: against the same dissection in Lua, against a plugin that claims
# the same bytes and does nothing with them, in memory, and at the start. As phones do (one exchange in a connection), and
# with many exchanges in each, where it is the messages that cost and not Wireshark's own TCP and TLS.
import os
import shutil
import statistics
import subprocess

from measure import ENOUGH, TOP, Goal, Program, median, ratios, seconds, turns

PACKAGES = ("time", "valgrind")
LUA = ("-X", f"lua_script:{TOP / 'tests/bench/tvs.lua'}")
PLAIN = ("-d", "tcp.port==2445,tvs")
NO_X509 = ("-o", "ucmtrust.x509:FALSE")
FILTER = ("-Y", "tvs.status == 0 && tvs.role == 3")
MANY = 100                      # exchanges in a connection
OWN = Goal(3e-6)                # seconds, of a message
SMALL, LARGE = 10 ** 5, 10 ** 6
MORE = 4                        # times the rounds: for a small difference of two runs that are a tenth of one with Lua


class Captures:
    def __init__(self, bench):
        self.bench = bench
        self.plugins = {"C": bench.build, "null": bench.build / "tests/bench/null", "Lua": bench.work / "none",
                        "none": bench.work / "none"}
        (bench.work / "none/dissector/plugins").mkdir(parents=True)

    def made(self, messages, tls, each):
        path = self.bench.work / f"{'tls' if tls else 'plain'}-{messages}-{each}.pcap"
        keys = [path.with_suffix(".keys")] if tls else []
        if not path.exists():
            subprocess.run([self.bench.build / "tests/bench/bench_generate", str(messages), str(each), path, *keys], check=True)
        return path, (("-o", f"tls.keylog_file:{keys[0]}") if tls else PLAIN)

    def tshark(self, which, *options):
        extra = {"C": NO_X509, "Lua": LUA}.get(which, ())
        return Program([TOP / "tests/tshark", *extra, *options],
                       environment={"UCMTRUST_BUILD": str(self.plugins[which]), "TZ": "UTC"})


def same_lines(captures, kinds, options):
    """What is compared must show the same; how many packets it shows."""
    counts = set()
    for kind in kinds:
        program = captures.tshark(kind, *options)
        done = subprocess.run([str(word) for word in program.words], env=dict(os.environ, **program.environment),
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
        counts.add(done.stdout.count(b"\n"))
    if len(counts) != 1 or counts == {0}:
        raise SystemExit(f"{options}: not the same was shown: {counts}")


def above(found, kind, messages):
    """CPU of a message above the plugin that does nothing, seconds: of each round, so that a slow one is slow for both."""
    return [(one.cpu - other.cpu) / messages for one, other in zip(found[kind], found["null"])]


def own_cost(table, found, messages):
    own, its = above(found, "C", messages), above(found, "Lua", messages)
    ours, lua = statistics.median(own), statistics.median(its)
    if min(ours, lua) <= 0:     # then nothing was measured: one ratio, which decides nothing
        table.row("  above a plugin that does nothing: lost in the noise", "", "", [ours / lua], Goal(1 / 30))
        return
    table.row("  above a plugin that does nothing, a message", seconds(ours), seconds(lua), [one / lua for one in own],
              Goal(1 / 30))
    table.row("  the same, to 3 us", seconds(ours), seconds(OWN.limit), [one / OWN.limit for one in own], Goal(1))


def against_lua(table, captures, rounds):
    for each, messages, name, tls, options, goal in (
            (MANY, SMALL, "columns, TLS", True, (), Goal(5, True)),
            (MANY, SMALL, "columns, in the clear", False, (), Goal(8, True)),
            (MANY, LARGE, "columns, in the clear, 10^6 messages", False, (), Goal(8, True)),
            (MANY, SMALL, "-Y on TVS fields, TLS", True, FILTER, Goal(4, True)),
            (MANY, SMALL, "-Y on TVS fields, in the clear", False, FILTER, Goal(4, True)),
            (1, SMALL, "as phones do, columns, TLS", True, (), None),
            (1, SMALL, "as phones do, columns, in the clear", False, (), None)):
        path, told = captures.made(messages, tls, each)
        kinds = ("C", "null", "Lua") if not options else ("C", "Lua")
        words = ("-r", path, *told, *options)
        same_lines(captures, kinds, words)
        programs = {kind: captures.tshark(kind, *words) for kind in kinds}
        lua = {} if messages < LARGE else {"Lua": programs.pop("Lua")}      # minutes: it decides nothing
        found = {**turns(programs, rounds, peaks=False, warm=True), **turns(lua, 1, peaks=False, warm=True)}
        own = {kind: programs[kind] for kind in ("C", "null")} if messages < LARGE and not options else {}
        more = turns(own, MORE * rounds, peaks=False, warm=True)
        table.row(f"{name}: Lua to C", seconds(median(found["Lua"], "cpu")), seconds(median(found["C"], "cpu")),
                  ratios(found["Lua"], found["C"], "cpu"), goal)
        table.command(name, captures.tshark("C", *words).line)
        if not options:
            own_cost(table, {kind: costs + more.get(kind, []) for kind, costs in found.items()}, messages)
            table.row("  at most: Lua to the plugin that does nothing", "", "", ratios(found["Lua"], found["null"], "cpu"))


def memory_and_growth(table, captures):
    words = {messages: ("-r", captures.made(messages, False, MANY)[0], *PLAIN) for messages in (SMALL, LARGE)}
    found = turns({f"{kind} {messages}": captures.tshark(kind, *words[messages])
                   for kind in ("C", "null") for messages in words}, ENOUGH)
    held = (median(found[f"C {LARGE}"], "peak") - median(found[f"null {LARGE}"], "peak")) / LARGE
    table.row("memory held for a message, to 64 bytes", f"{held:.0f} bytes", "64 bytes", [held / 64], Goal(1), True)
    table.compare("  ten times the messages", found, f"C {LARGE}", f"C {SMALL}", {"cpu": Goal(11), "peak": Goal(11)})


def instructions(captures, which, path):
    """Of a whole tshark that opens a capture without packets."""
    log, home = captures.bench.work / "callgrind.log", captures.bench.work / "home"
    home.mkdir(exist_ok=True)
    home.chmod(0o777)
    environment = dict(os.environ, WIRESHARK_PLUGIN_DIR=str(captures.plugins[which] / "dissector/plugins"), LC_ALL="C.UTF-8",
                       HOME=str(home), XDG_CONFIG_HOME=str(home))
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override"] if os.geteuid() == 0 else []
    with open(log, "wb") as said:
        subprocess.run([*user, "valgrind", "--tool=callgrind", f"--callgrind-out-file={home / 'out'}", "tshark", "-r",
                        path], env=environment, stdout=subprocess.DEVNULL, stderr=said, check=True)
    return int(log.read_text(errors="replace").split("Collected :")[1].split()[0])


def start(table, captures):
    if shutil.which("valgrind") is None:
        raise SystemExit("valgrind is missing")
    empty = captures.bench.work / "empty.pcap"
    empty.write_bytes(captures.made(2, False, 1)[0].read_bytes()[:24])
    empty.chmod(0o644)
    counts = {which: instructions(captures, which, empty) for which in ("C", "none")}
    table.row("instructions of a start, to one without the plugin", f"{counts['C'] / 1e6:.0f} M", f"{counts['none'] / 1e6:.0f} M",
              [counts["C"] / counts["none"]], Goal(1.02), True)


def run(table, bench):
    captures = Captures(bench)
    table.head("tshark, CPU")
    start(table, captures)
    against_lua(table, captures, min(bench.rounds, ENOUGH))
    memory_and_growth(table, captures)
