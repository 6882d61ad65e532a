# SPDX-License-Identifier: GPL-2.0-or-later
# Whole processes measured in turns, and the table that all sections of tests/bench/run fill. What one program costs is a
# median over the rounds, and a ratio is the median of the ratios of each round: a busy machine disturbs all alike. Each round
# has an order of its own. Where the rounds do not say whether a goal is met, the table says so.
# Must not know what is measured.
from dataclasses import dataclass, field
import math
import os
from pathlib import Path
import random
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
        for number in range(rounds):
            order = list(programs.items())
            random.Random(number).shuffle(order)    # always behind the same one, a program costs up to 7 % more or less
            for name, program in order:
                found[name].append(cost(program, folder, peaks))
    return found


def median(costs, which):
    return statistics.median(getattr(one, which) for one in costs)


def ratios(ours, other, which):
    """Of each round."""
    return [getattr(one, which) / getattr(two, which) for one, two in zip(ours, other)]


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


ENOUGH = 5                      # rounds; fewer could all lie on the wrong side by chance


def bounds(found):
    """Where the median of endless rounds lies, in nine of ten such ranges: the sign test. With fewer than ENOUGH, which
    cannot say that, the lowest and the highest."""
    count, left = len(found), 0
    while 2 * sum(math.comb(count, below) for below in range(left + 2)) <= 0.1 * 2 ** count:
        left += 1
    return sorted(found)[left], sorted(found)[count - 1 - left]


def verdict(goal, found, counted=False):
    """Of the ratios of all rounds: "" where the goal is met, MISSED where it is not, UNSURE where it lies within bounds(), or
    where there are not ENOUGH. counted: what any round would find again, such as instructions."""
    if goal is None:
        return ""
    met = {goal.met(value) for value in bounds(found)}
    if len(met) > 1 or not (counted or len(found) >= ENOUGH):
        return "UNSURE"
    return "" if met.pop() else "MISSED"


class Table:
    """Rows as they are found, and at the end the command lines behind them and the goals that were not met for sure."""

    def __init__(self):
        self.above, self.not_met, self.lines = "", {"MISSED": [], "UNSURE": []}, {}

    def head(self, title):
        print(f"\n{title:<56}{'ours':>12}{'other':>12}{'ratio':>9}{'bounds':>20}{'goal':>11}", flush=True)

    def row(self, name, ours, other, found, goal=None, counted=False):
        """found: the ratio of each round; see verdict(). A name that is indented belongs to the last one that is not."""
        if not name.startswith(" "):
            self.above = name
        said = verdict(goal, found, counted)
        if said:
            self.not_met[said].append(name if name == self.above else f"{self.above}; {name.strip()}")
        spread = "{:.3g} to {:.3g}".format(*bounds(found)) if len(found) > 1 else ""
        print(f"{name:<56}{ours:>12}{other:>12}{statistics.median(found):>9.3g}{spread:>20}"
              f"{'' if goal is None else str(goal):>11}  {said}".rstrip(), flush=True)

    def command(self, name, line):
        self.lines[name] = line

    def compare(self, name, found, ours, other, goals):
        """A row for each of the figures: goals is {"cpu": Goal or None, ...}."""
        for which, goal in goals.items():
            show = seconds if which != "peak" else (lambda value: f"{value / (1 << 20):.1f} MB")
            self.row(f"{name}, {'CPU' if which == 'cpu' else which}", show(median(found[ours], which)),
                     show(median(found[other], which)), ratios(found[ours], found[other], which), goal)

    def end(self):
        if self.lines:
            print("\nCommands")
            for name, line in self.lines.items():
                print(f"  {name}: {line}")
        print()
        for said, begins in (("MISSED", "Goals missed"), ("UNSURE", "Goals that these rounds do not decide")):
            if self.not_met[said]:
                print("\n  ".join([f"{begins}:", *self.not_met[said]]))
        if any(self.not_met.values()):
            return False
        print("All goals are met.")
        return True
