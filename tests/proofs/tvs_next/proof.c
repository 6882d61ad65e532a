/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The next element is taken whole, or the cursor stays.
 *
 * enforces: ucm_tvs_next
 * replaces: ucm_take_tlv kind_of
 * links: bytes
 */
#include "proof.h"
#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"

void proof(void)
{
    struct ucm_cursor cursor = any_cursor();
    struct ucm_tvs_element element;
    bool taken = ucm_tvs_next(&cursor, &element);

    REACHABLE(taken);
    REACHABLE(!taken);
}
