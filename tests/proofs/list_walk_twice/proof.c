/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A step of the walk over a header, done twice from the same state in an input of any length, comes
 * to the same state: it depends on nothing else.
 *
 * proves: take_header_element note_container
 * checks: SHOW
 * links: bytes finding names
 */
#include "proof.h"
#include "common/trustlist.c"
#include "contracts/twice.h"

static void walk_twice(struct ucm_cursor cursor)
{
    struct ucm_header_walk a, b;
    struct ucm_tlv one, two;
    uint32_t i = any_below(CONTAINER_COUNT);

    a.cursor = cursor;
    b = a;
    one = take_header_element(&a);
    two = take_header_element(&b);
    SHOW(SAME_TLV(one, two) && SAME_CURSOR(a.cursor, b.cursor));
    SHOW(a.seen == b.seen && a.end[i] == b.end[i]);
    REACHABLE(one.ok && one.tag == UCM_HEADER_SIGNER_ID);
}

static void note_twice(struct ucm_tlv tlv, uint32_t end)
{
    struct containers a, b = a;
    uint32_t i = any_below(UCM_HEADER_ALGORITHM_INFO + 1);

    note_container(&a, &tlv, end);
    note_container(&b, &tlv, end);
    SHOW(a.of[i].start == b.of[i].start && a.of[i].said == b.of[i].said);
    SHOW(a.of[i].end == b.of[i].end);
}

void proof(void)
{
    struct ucm_tlv tlv;
    uint32_t end;

    walk_twice(any_cursor());
    note_twice(tlv, end);
}
