# SPDX-License-Identifier: GPL-2.0-or-later
# What decoding costs in a process: bench_decode against memcpy and SHA-512 of the same bytes, bench_judge against
# what OpenSSL alone takes for a list. Warm, and cold: from memory that no cache holds, or the first time in a process.
from statistics import median
import subprocess

from measure import Goal, seconds

# (name begins with, state, other): goal
DECODE = {("TVS query request", "warm", "memcpy"): Goal(8),
          ("TVS query response", "warm", "memcpy"): Goal(1),
          ("trust list", "warm", "memcpy"): Goal(3),
          ("trust list", "cold", "memcpy"): Goal(5),
          ("trust list", "warm", "SHA-512"): Goal(1 / 20)}
JUDGE = {("judgement", "warm", "floor"): Goal(1.15), ("judgement", "first", "floor"): Goal(1.15)}
GROWTH = Goal(11)


ROUNDS = 5


def once(program, *words):
    """[((name, state, other), (our seconds, its seconds))]"""
    done = subprocess.run([program, *words], stdout=subprocess.PIPE, check=True, text=True)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    return [((name, state, other), (float(ours) / 1e9, float(its) / 1e9)) for name, state, _, ours, other, its in lines]


def measured(commands, rounds):
    """{(name, state, other): [(our seconds, its seconds) of each round]}. What is compared is of the same round: the machine
    may be slower in the next."""
    found = {}
    for _ in range(rounds):
        for command in commands:
            for what, times in once(*command):
                found.setdefault(what, []).append(times)
    return found


def show(table, found, goals):
    for (name, state, other), times in found.items():
        goal = next((goal for (begins, when, beside), goal in goals.items()
                     if name.startswith(begins) and (state, other) == (when, beside)), None)
        ours, its = (median(column) for column in zip(*times))
        table.row(f"{name}, {state}, to {other}", seconds(ours), seconds(its), [one / two for one, two in times], goal)


def growth(table, found, small, large):
    for state in sorted({state for _, state, _ in found}):
        one, ten = (next([ours for ours, _ in times] for (name, when, other), times in found.items()
                         if f"{size} records" in name and when == state and other != "SHA-512") for size in (small, large))
        table.row(f"  {large} records to {small}, {state}", seconds(median(ten)), seconds(median(one)),
                  [more / less for less, more in zip(one, ten)], GROWTH)


def run(table, bench):
    rounds, programs = min(bench.rounds, ROUNDS), bench.build / "tests/bench"
    for title, name, goals, commands in (
            ("Decoding, CPU", "decoding", DECODE, [(programs / "bench_decode",)]),
            ("Judging a list, CPU", "judging", JUDGE,
             [(programs / "bench_judge", bench.lists.path(size)) for size in bench.lists.SIZES])):
        table.head(title)
        found = measured(commands, rounds)
        show(table, found, goals)
        growth(table, found, " 100", " 1000")
        table.command(name, f"{commands[0][0].name}{' ITL' if len(commands) > 1 else ''}")
