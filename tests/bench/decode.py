# SPDX-License-Identifier: GPL-2.0-or-later
# What decoding costs in a process: bench_decode against memcpy and SHA-512 of the same bytes, bench_judge against the
# least that judging a list takes. Warm, and cold: from memory that no cache holds, or the first time in a process.
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


def measured(program, *words):
    """[(name, state, other, our seconds, its seconds)]"""
    done = subprocess.run([program, *words], stdout=subprocess.PIPE, check=True, text=True)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    return [(name, state, other, float(ours) / 1e9, float(its) / 1e9) for name, state, _, ours, other, its in lines]


def show(table, rows, goals):
    for name, state, other, ours, its in rows:
        goal = next((goal for (begins, when, beside), goal in goals.items()
                     if name.startswith(begins) and (state, other) == (when, beside)), None)
        table.row(f"{name}, {state}, to {other}", seconds(ours), seconds(its), ours / its, goal)


def growth(table, rows, small, large):
    for state in sorted({row[1] for row in rows}):
        found = {row[0]: row[3] for row in rows if row[1] == state and row[2] != "SHA-512"}
        one, ten = (next(value for name, value in found.items() if f"{size} records" in name)
                    for size in (small, large))
        table.row(f"  {large} records to {small}, {state}", seconds(ten), seconds(one), ten / one, GROWTH)


def run(table, bench):
    table.head("Decoding, CPU")
    rows = measured(bench.build / "tests/bench/bench_decode")
    show(table, rows, DECODE)
    growth(table, rows, " 100", " 1000")
    table.command("decoding", "bench_decode")
    table.head("Judging a list, CPU")
    rows = [row for size in bench.lists.SIZES
            for row in measured(bench.build / "tests/bench/bench_judge", bench.lists.path(size))]
    show(table, rows, JUDGE)
    growth(table, rows, " 100", " 1000")
    table.command("judging", "bench_judge ITL")
