/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The two signed ranges and the signature element are the whole file, each byte once; the walks
 * over header and body start inside it.
 *
 * enforces: ucm_signed_ranges
 * proves: ucm_header_walk
 * links: bytes
 */
#include "proof.h"
#include "common/trustlist.c"
#include "contracts/trustlist.h"

void proof(void)
{
    struct ucm_trustlist list;
    struct ucm_view ranges[2];
    struct ucm_header_walk walk;

    ASSUME(list.size <= UCM_INPUT_MAX);
    list.data = any_bytes(list.size);
    ASSUME(UCM_VIEW_IN(list.body, list.size));
    walk = ucm_header_walk(&list);
    SHOW(walk.cursor.base == list.data && walk.cursor.pos == 0 && walk.cursor.end <= list.size);
    REACHABLE(ucm_signed_ranges(&list, ranges));
}
