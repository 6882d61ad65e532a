#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the proofs and prints a table; the second half of tests/proofs/run, which makes the chroot.

usage: prove.py --chroot CHROOT --work FOLDER-IN-CHROOT [--jobs N] [NAME...]
FOLDER-IN-CHROOT holds common/ and proofs/ and takes what the tools write.
"""
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys

# What each step of a proof is checked for. Unwinding assertions: a loop without a contract ends within UNWIND turns.
CHECKS = """--no-standard-checks --pointer-check --bounds-check --signed-overflow-check --unsigned-overflow-check
    --conversion-check --pointer-overflow-check --div-by-zero-check --undefined-shift-check --pointer-primitive-check
    --unwinding-assertions""".split()
# A proof with "checks: SHOW" is checked for what it shows and for the end of its loops: what it runs needs another one.
UNWIND = 48
SECONDS = 600  # of a CPU, for one proof: the slowest takes a fifth of it

# Every function of these files must have a proof.
FILES = ("bytes", "tvs", "trustlist", "trustlist_record", "names", "finding")
# Contracts that nothing proves: the C standard gives them.
GIVEN = {"memcmp", "strlen", "strcmp"}

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/root"}


class Proof:
    """One folder: what it proves, what it rests on."""

    def __init__(self, top, name):
        self.name = name
        with open(os.path.join(top, name, "proof.c"), encoding="utf-8") as file:
            self.text = file.read()
        self.enforces = self.words("enforces")
        self.proves = self.words("proves") + self.enforces
        self.replaces = self.words("replaces")
        self.unwinds = self.words("unwinds")
        self.links = self.words("links")
        self.checks = ["--no-standard-checks", "--unwinding-assertions"] if "SHOW" in self.words("checks") else CHECKS
        self.sources = set(self.links + re.findall(r'^#include "common/(\w+)\.c"$', self.text, re.M))
        self.bodies = set()
        self.checked = 0
        self.problems = []
        self.seconds = 0.0

    def words(self, key):
        return " ".join(re.findall(rf"^ \* {key}: (.*)$", self.text, re.M)).split()


class Tools:
    """The model checker, in its chroot."""

    def __init__(self, chroot, work):
        self.chroot = chroot
        self.work = work

    def path(self, *parts):
        return os.path.join(self.chroot, self.work.lstrip("/"), *parts)

    def run(self, command, log):
        """The exit code and the seconds of a CPU, of which there are SECONDS; what it prints goes to the log."""
        inner = ["chroot", self.chroot, "env", "-i", *[f"{key}={value}" for key, value in ENVIRONMENT.items()],
                 "sh", "-c", f'cd "$0" && ulimit -t {SECONDS} && exec "$@"', self.work, *command]
        with open(log, "wb") as out, open(log + ".err", "wb") as err:
            child = subprocess.Popen(inner, stdout=out, stderr=err)  # pylint: disable=consider-using-with
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        return child.returncode, used.ru_utime + used.ru_stime

    def must(self, command, log):
        """The seconds of a CPU that it took."""
        code, seconds = self.run(command, log)
        if code != 0:
            raise RuntimeError(tail(log) + tail(log + ".err"))
        return seconds


def tail(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return "".join(file.readlines()[-12:])


COMPILE = "goto-cc -std=c11 -DUCMTRUST_PROOF -I .".split()


def compile_proof(tools, proof):
    """From the harness and the sources to a program in which contracts are checked or stand for their functions."""
    folder = f"out/{proof.name}"
    os.makedirs(tools.path(folder), exist_ok=True)

    def must(name, *command):
        proof.seconds += tools.must(command, tools.path(folder, f"{name}.log"))

    must("compile", *COMPILE, "-I", "proofs", "--function", "proof", "-o", f"{folder}/plain",
         f"proofs/{proof.name}/proof.c", *[f"common/{one}.c" for one in proof.links])
    ready = "plain"
    if proof.unwinds:  # loops that have no contract in a function that has one
        must("unwind", "goto-instrument", "--unwindset", ",".join(proof.unwinds), "--unwinding-assertions",
             f"{folder}/plain", f"{folder}/unwound")
        ready = "unwound"
    options = []
    for one in proof.enforces:
        options += ["--enforce-contract", one]
    for one in proof.replaces:
        options += ["--replace-call-with-contract", one]
    must("instrument", "goto-instrument", "--dfcc", "proof", *options, "--apply-loop-contracts",
         f"{folder}/{ready}", f"{folder}/ready")


def bodies(tools, program, log):
    """Functions that a program has the code of."""
    tools.must(["goto-instrument", "--list-goto-functions", program], log)
    with open(log, encoding="utf-8") as file:
        return set(re.findall(r"^(\S+) /\* \S+ \*/$", file.read(), re.M))


def note_bodies(tools, proof):
    """What is checked in a proof: all code in it that no contract stands for."""
    found = bodies(tools, f"out/{proof.name}/ready", tools.path("out", proof.name, "bodies.log"))
    inner = "_wrapped_for_contract_checking"
    runs = {one.removesuffix(inner) for one in found} - set(proof.replaces)
    proof.bodies = runs if proof.checks == CHECKS else set()  # else what it runs is not checked for all
    missing = set(proof.proves) - runs
    if missing:
        proof.problems.append(f"does not run {' '.join(sorted(missing))}")


def unproved(tools, proofs):
    """Functions of the decoders that no proof runs, and contracts that are used and never proved."""
    headers = ""
    for one in FILES:
        header = tools.path("common", f"{one}.h")
        if os.path.exists(header):
            with open(header, encoding="utf-8") as file:
                headers += file.read()
    anywhere = set().union(*(proof.bodies for proof in proofs))
    total, missing = set(), []
    for one in FILES:
        tools.must([*COMPILE, "-c", "-o", f"out/{one}.o", f"common/{one}.c"], tools.path("out", "compile.log"))
        here = set().union(*(proof.bodies for proof in proofs if one in proof.sources))
        for name in bodies(tools, f"out/{one}.o", tools.path("out", "bodies.log")):
            if name.startswith("__CPROVER"):
                continue
            inline = re.search(rf"\binline [^;{{}}]*\b{name}\(", headers) is not None
            total.add(name if inline else f"{one}.c: {name}")
            if name not in (anywhere if inline else here):
                missing.append(f"{one}.c: {name} has no proof")
    proved = {name for proof in proofs for name in proof.enforces}
    missing += [f"{proof.name}: nothing proves the contract of {name}" for proof in proofs
                for name in proof.replaces if name not in proved | GIVEN]
    return total, missing


def judge(proof, properties):
    """Everything holds but the marks of reach, which must all fail."""
    marks = 0
    for one in properties:
        reach = one["description"].startswith("reachable: ")
        marks += reach
        if (one["status"] == "FAILURE") != reach:
            where = one.get("sourceLocation", {})
            proof.problems.append(f'{"never " if reach else ""}{one["description"]} '
                                  f'({where.get("file", "?")}:{where.get("line", "?")}, {one["status"]})')
    proof.checked = len(properties) - marks
    if marks == 0:
        proof.problems.append("no REACHABLE() in it")


def check_proof(tools, proof):
    """Fills in how many checks it took, how long, and what does not hold."""
    log = tools.path("out", proof.name, "check.json")
    try:
        compile_proof(tools, proof)
        note_bodies(tools, proof)
        code, seconds = tools.run(["cbmc", f"out/{proof.name}/ready", *proof.checks, "--unwind", str(UNWIND),
                                   "--object-bits", "12", "--external-sat-solver", "cadical", "--json-ui"], log)
        proof.seconds += seconds
        if code not in (0, 10):
            proof.problems.append(tail(log))
        else:
            with open(log, encoding="utf-8") as file:
                messages = json.load(file)
            results = [one["result"] for one in messages if "result" in one]
            judge(proof, results[0])
    except RuntimeError as error:
        proof.problems.append(str(error))


def show(proof):
    state = "FAILED" if proof.problems else "proved"
    print(f"{proof.name:22} {proof.checked:6} {proof.seconds:8.1f}  {state}  {' '.join(proof.proves)}", flush=True)
    for problem in proof.problems[:8]:
        print(f"    {problem}", flush=True)


def all_names(tools):
    top = tools.path("proofs")
    return sorted(one for one in os.listdir(top) if os.path.exists(os.path.join(top, one, "proof.c")))


def run_all(tools, names, jobs):
    """The proofs, each run and shown."""
    proofs = [Proof(tools.path("proofs"), name) for name in names]
    print(f"{'proof':22} {'checks':>6} {'CPU s':>8}  result  functions", flush=True)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(check_proof, tools, proof): proof for proof in proofs}
        for done in concurrent.futures.as_completed(running):
            done.result()
            show(running[done])
    return proofs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--chroot", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("names", nargs="*")
    wanted = parser.parse_args()
    tools = Tools(wanted.chroot, wanted.work)
    proofs = run_all(tools, wanted.names or all_names(tools), wanted.jobs)
    missing = []
    if not wanted.names:
        functions, missing = unproved(tools, proofs)
        print(f"{len(functions)} functions, {sum(proof.checked for proof in proofs)} checks, "
              f"{sum(proof.seconds for proof in proofs):.0f} s of a CPU")
    failed = [proof.name for proof in proofs if proof.problems]
    for one in missing + [f"{name} FAILED" for name in failed]:
        print(one)
    return 1 if missing or failed else 0


if __name__ == "__main__":
    sys.exit(main())
