# SPDX-License-Identifier: GPL-2.0-or-later
# What was built is hardened: the checks, their modules and the Wireshark plugin, and every file that they were compiled
# from. tests/hardened looks at the results; tests/packages calls it for what is in the packages. Must not know CMake.
import importlib.machinery
import importlib.util
import json
from pathlib import Path
import platform
import re
import shlex
import shutil
import subprocess

import pytest

from servers import build

TOP = Path(__file__).resolve().parents[2]
CHECKS = ("check_ucm_consistency", "check_ucm_trustlist", "check_ucm_truststore", "check_ucm_tvs")
MODULES = ("ucmtrust-axl.so", "ucmtrust-fetch.so", "ucmtrust.so")
BRANCHES = {"x86_64": "-fcf-protection=full", "aarch64": "-mbranch-protection=standard"}
HERE = platform.machine()


def _load():
    loader = importlib.machinery.SourceFileLoader("hardened", str(TOP / "tests/hardened"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("hardened", loader))
    loader.exec_module(module)
    return module


hardened = _load()
x86 = pytest.mark.skipif(HERE != "x86_64", reason="says what compilers do on x86-64")


@pytest.fixture(scope="module", autouse=True)
def optimized():
    kind = re.search(r"^CMAKE_BUILD_TYPE:\w+=(.*)$", (build() / "CMakeCache.txt").read_text(), re.M)[1]
    if kind == "Debug":
        pytest.skip("a build for debugging is not hardened as others are")


def built():
    return hardened.files_of(build() / "nagios") + hardened.files_of(build() / "dissector")


# ---- what was built ----

def test_everything_that_is_installed_is_looked_at():
    assert sorted(path.name for path in built()) == sorted(CHECKS + MODULES)


@pytest.mark.parametrize("name", CHECKS + MODULES)
def test_is_hardened(name):
    path, = (one for one in built() if one.name == name)
    assert hardened.faults(path) == []


def test_is_hardened_when_it_is_stripped(tmp_path):
    """As cpack does it: a note of another name must survive. tests/packages looks at what was packed."""
    words = re.search(r"CPACK_UCMTRUST_STRIP} (--[^$]*)\$", (TOP / "common/package/stage.cmake").read_text())[1].split()
    for path in built():
        shutil.copy(path, tmp_path)
    files = hardened.files_of(tmp_path)
    assert sorted(path.name for path in files) == sorted(CHECKS + MODULES)
    for path in files:
        subprocess.run(["strip", *words, path], check=True)
        assert hardened.faults(path) == [], path


# ---- what it was built from ----

@pytest.fixture(scope="module")
def compiled():
    """{source of ours: (words of the compiler, object)}"""
    found = {}
    for one in json.loads((build() / "compile_commands.json").read_text()):
        source, words = Path(one["file"]).relative_to(TOP), shlex.split(one["command"])
        if source.parts[0] in ("common", "dissector", "nagios"):
            found.setdefault(source, []).append((words, Path(one["directory"]) / words[words.index("-o") + 1]))
    return found


def test_every_file_is_compiled_with_all_flags(compiled):
    sources = {path.relative_to(TOP) for part in ("common", "dissector", "nagios") for path in (TOP / part).glob("*.c")}
    assert sources <= set(compiled) and len(sources) > 100
    for source, ways in compiled.items():
        for words, _ in ways:
            assert {"-fstack-protector-strong", "-fstack-clash-protection", "-D_FORTIFY_SOURCE=2"} <= set(words), source
            assert BRANCHES.get(HERE) in (*words, None), source
            assert re.search(r"-O[123s]", " ".join(words)), "fortified functions need it"
            later = words[words.index("-fstack-protector-strong"):]
            assert not {"-fno-stack-protector", "-fcf-protection=none", "-no-pie", "-U_FORTIFY_SOURCE"} & \
                set(later[later.index("-D_FORTIFY_SOURCE=2"):]), source


@x86
def test_every_object_is_marked(compiled):
    """What the linker says of a program is what we told it; what an object says is the compiler's own word."""
    objects = [one for ways in compiled.values() for _, one in ways if "/tests/" not in str(one)]
    assert len(objects) > 100
    for one in objects:
        assert {"IBT", "SHSTK"} <= hardened.marks(one), one


@x86
def test_large_frames_are_probed():
    """65536 bytes on the stack: each page is touched, so that nothing jumps over the guard."""
    said = subprocess.run(["objdump", "-d", build() / "nagios/check_ucm_trustlist"], capture_output=True, text=True,
                          check=True)
    assert re.search(r"or[ql] +\$0x0,\(%rsp\)|or[ql] +\$0x0,0x[0-9a-f]+\(%rsp\)", said.stdout)


# ---- tests/hardened itself ----

PROGRAM = """#include <stdio.h>
#include <string.h>
int main(int count, char **words)
{
    char text[16];
    for (int i = 0; i < count; i++)
        snprintf(text, (size_t)count, "%s", words[i]);
    return printf("%s", text);
}
"""
GOOD = ["-O2", "-fPIE", "-fstack-protector-strong", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2", "-fcf-protection=full"]
LINK = ["-pie", "-Wl,-z,relro", "-Wl,-z,now", "-Wl,-z,noexecstack", "-Wl,-z,ibt", "-Wl,-z,shstk"]
LACKING = {
    "nothing": ([], []),
    "-pie": (["-fno-pie", "-no-pie"], ["at a fixed address", "not a PIE"]),
    "-Wl,-z,relro": (["-Wl,-z,norelro"], ["no RELRO"]),
    "-Wl,-z,now": (["-Wl,-z,lazy"], ["no BIND_NOW"]),
    "-Wl,-z,noexecstack": (["-Wl,-z,execstack"], ["an executable stack"]),
    "-fstack-protector-strong": (["-fno-stack-protector"], ["no stack protector"]),
    "-D_FORTIFY_SOURCE=2": ([], ["not fortified"]),
    "-Wl,-z,ibt": ([], ["no branch protection: IBT"]),
    "-Wl,-z,shstk": ([], ["no branch protection: SHSTK"]),
    "a path": (["-Wl,-rpath,/tmp"], ["a path of its own to libraries"]),
}


@x86
@pytest.mark.parametrize("without", LACKING)
def test_each_fault_is_seen(without, tmp_path):
    instead, faults = LACKING[without]
    source = tmp_path / "check_ucm_x.c"
    source.write_text(PROGRAM)
    words = [word for word in GOOD + LINK if word != without] + instead
    subprocess.run(["gcc", *words, source, "-o", tmp_path / "check_ucm_x"], check=True)
    assert hardened.faults(tmp_path / "check_ucm_x") == faults
    said = subprocess.run([TOP / "tests/hardened", tmp_path], capture_output=True, text=True, check=False)
    assert (said.returncode, len(said.stdout.splitlines())) == (1 if faults else 0, max(1, len(faults))), said
