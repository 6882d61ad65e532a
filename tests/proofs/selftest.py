#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Do the proofs find anything? Each fault is put into a copy of the sources, and a proof must fail for it.

usage: selftest.py --chroot CHROOT --work FOLDER-IN-CHROOT [--jobs N]
"""
import argparse
import concurrent.futures
import os
import shutil
import sys

import prove

# proof, file, what is there, what is put there, what must be said
FAULTS = (
    ("take", "common/bytes.h", "n > cursor->end - cursor->pos", "n > cursor->end - cursor->pos + 1", "taken == "),
    ("take", "common/bytes.h", "cursor->pos += n;", "cursor->pos += n + 1;", "after.pos == "),
    ("take_tlv", "common/bytes.h", "UCM_TLV_HEAD + (uint32_t)length", "UCM_TLV_HEAD - 1 + (uint32_t)length",
     "ensures clause"),
    ("take_tlv", "common/bytes.h", "    cursor->pos = probe.pos;\n", "", "ensures clause"),
    ("serial", "common/bytes.c", "while (view.len > 1 &&", "while (", "Check invariant"),
    ("put_tlv", "common/bytes.c", "room - UCM_TLV_HEAD < length", "room < length", "writeable"),
    ("put_number", "common/bytes.c", "value >>= 8;", "value >>= 7;", "ensures clause"),
    ("tlv_again", "common/bytes.c", "    out[0] = tag;\n", "    out[0] = 0;\n", "tlv.tag == tag"),
    ("tvs_verify_again", "common/tvs.c", "value[64] = {0x01}", "value[64] = {0x20}", "view.len == size"),
    ("tlv_twice", "common/bytes.h", "struct ucm_tlv tlv = {false, 0, cursor->pos, UCM_TLV_HEAD, {cursor->pos, 0}};",
     "struct ucm_tlv tlv;\n    tlv.ok = false;\n    tlv.at = cursor->pos;", "SAME_TLV"),
    ("list_signed_ranges", "common/trustlist.c", "list->size - after}", "list->size - after - 1}", "ensures clause"),
    ("record_end", "common/trustlist_record.c",
     "    walk->cursor.pos = walk->cursor.end;\n    return false;\n}\n\n/* Any",
     "    return false;\n}\n\n/* Any", "ensures clause"),
    # A proof that assumes what cannot be shows nothing: it must not pass.
    ("text", "proofs/text/proof.c", "    SHOW(IMPLIES(text.len < view.len,",
     "    ASSUME(text.len > view.len);\n    SHOW(IMPLIES(text.len < view.len,", "never reachable"),
)


def try_fault(tools, number, fault):
    """Why the fault was not found, or None."""
    name, file, old, new, said = fault
    folder = f"{tools.work}/faulty-{number}"
    faulty = prove.Tools(tools.chroot, folder)
    for one in ("common", "proofs"):
        shutil.copytree(tools.path(one), faulty.path(one))
    with open(faulty.path(file), encoding="utf-8") as source:
        text = source.read()
    if text.count(old) != 1:
        return f"{file} holds {old!r} {text.count(old)} times"
    with open(faulty.path(file), "w", encoding="utf-8") as source:
        source.write(text.replace(old, new))
    proof = prove.Proof(faulty.path("proofs"), name)
    prove.check_proof(faulty, proof)
    if proof.checked == 0 or not any(said in problem for problem in proof.problems):
        return f"nothing says {said!r}: {proof.problems}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--chroot", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    wanted = parser.parse_args()
    tools = prove.Tools(wanted.chroot, wanted.work)
    with concurrent.futures.ThreadPoolExecutor(wanted.jobs) as pool:
        results = list(pool.map(lambda one: try_fault(tools, *one), enumerate(FAULTS)))
    for fault, problem in zip(FAULTS, results):
        print(f"{fault[0]:22} {os.path.basename(fault[1]):18} {fault[3].strip()[:40]!r}: {problem or 'found'}")
    return 1 if any(results) else 0


if __name__ == "__main__":
    sys.exit(main())
