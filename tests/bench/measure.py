# SPDX-License-Identifier: GPL-2.0-or-later
# Whole processes measured in turns, and the table that all sections of tests/bench/run fill. What one program costs is a
# median over the rounds, and a ratio is the median of the ratios of each round: a busy machine disturbs all alike.
# Must not know what is measured.
from dataclasses import dataclass, field
import os
from pathlib import Path
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

TOP = Path(__file__).resolve().parents[2]
FIELDS = ("cpu", "wall", "peak")


@dataclass
class Cost:
    cpu: float      # seconds, those of its children included
    wall: float     # seconds
    peak: int       # bytes, of its largest process; 0 where nobody asked


@dataclass
class Program:
    """A command line, and what proves that it did its work: what fails early is cheap, and no measure of anything."""
    words: list
    begins: str = ""
    codes: tuple = (0,)
    environment: dict = field(default_factory=dict)

    @property
    def line(self):
        return shlex.join(str(word).replace(f"{TOP}/", "") for word in self.words)


def _once(program, words, folder):
    with open(folder / "said", "wb+") as said:
        began = time.monotonic()
        child = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=said,
                                 stderr=subprocess.STDOUT, env=dict(os.environ, **program.environment))
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read(4096).decode(errors="replace")
    if child.returncode not in program.codes or not text.startswith(program.begins):
        sys.exit(f"{program.line}: {child.returncode}: {text[:2000]}")
    return usage.ru_utime + usage.ru_stime, wall


def peak(program, folder):
    # Until it is another program, a process counts the peak of whoever started it: so something small does.
    _once(program, ["/usr/bin/time", "-q", "-f", "%M", "-o", folder / "peak", *program.words], folder)
    return int((folder / "peak").read_text().split()[-1]) << 10


def cost(program, folder, peaks):
    cpu, wall = _once(program, program.words, folder)
    return Cost(cpu, wall, peak(program, folder) if peaks else 0)


def turns(programs, rounds, peaks=True, warm=False):
    """{name: Program} to {name: [Cost of each round]}. The peaks take another run of each; warm: they were run before."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for program in () if warm else programs.values():
            cost(program, folder, False)        # once for nothing: its files are read, its pages are there
        found = {name: [] for name in programs}
        for _ in range(rounds):
            for name, program in programs.items():
                found[name].append(cost(program, folder, peaks))
    return found


def median(costs, which):
    return statistics.median(getattr(one, which) for one in costs)


def ratio(ours, other, which):
    return statistics.median(getattr(one, which) / getattr(two, which) for one, two in zip(ours, other))


def seconds(value):
    """A time as a person reads it."""
    for unit, factor in (("s", 1), ("ms", 1e3), ("us", 1e6)):
        if value * factor >= 1:
            return f"{value * factor:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


@dataclass
class Goal:
    limit: float
    at_least: bool = False

    def met(self, value):
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self):
        return f"{'>=' if self.at_least else '<='} {self.limit:.4g}"


class Table:
    """Rows as they are found, and at the end the command lines behind them and the goals that were missed."""
    WIDTHS = (56, 12, 12, 9, 9)

    def __init__(self):
        self.missed, self.lines = [], {}

    def head(self, title):
        print(f"\n{title:<{self.WIDTHS[0]}}{'ours':>12}{'other':>12}{'ratio':>9}{'goal':>9}", flush=True)

    def row(self, name, ours, other, value, goal=None):
        good = goal is None or goal.met(value)
        if not good:
            self.missed.append(name)
        print(f"{name:<56}{ours:>12}{other:>12}{value:>9.3g}{'' if goal is None else str(goal):>9}"
              f"{'' if good else '  MISSED'}", flush=True)

    def command(self, name, line):
        self.lines[name] = line

    def compare(self, name, found, ours, other, goals):
        """A row for each of the figures: goals is {"cpu": Goal or None, ...}."""
        for which, goal in goals.items():
            show = seconds if which != "peak" else (lambda value: f"{value / (1 << 20):.1f} MB")
            self.row(f"{name}, {'CPU' if which == 'cpu' else which}", show(median(found[ours], which)),
                     show(median(found[other], which)), ratio(found[ours], found[other], which), goal)

    def end(self):
        if self.lines:
            print("\nCommands")
            for name, line in self.lines.items():
                print(f"  {name}: {line}")
        print(f"\nGoals missed: {'; '.join(self.missed)}" if self.missed else "\nAll goals are met.")
        return not self.missed
