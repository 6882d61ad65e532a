/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each record lies where the one before ended, and its views in it; the walk ends at the end of
 * the file or at the limit.
 *
 * enforces: ucm_record_next
 * replaces: ucm_take_tlv ucm_number decode_record end_of_records ucm_finding_make
 * links: bytes finding
 */
#include "proof.h"
#include "common/trustlist_record.c"
#include "contracts/record.h"

void proof(void)
{
    struct ucm_record_walk walk;
    struct ucm_record record;
    bool taken;

    walk.cursor = any_cursor();
    taken = ucm_record_next(&walk, &record);
    REACHABLE(taken && record.index == UCM_RECORDS_MAX);
    REACHABLE(taken && record.at + record.length > walk.cursor.end);
    REACHABLE(!taken);
}
