/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The next element of a record is taken whole, or the cursor stays.
 *
 * enforces: ucm_record_element_next
 * replaces: ucm_take_tlv
 * links: bytes
 */
#include "proof.h"
#include "common/trustlist_record.c"
#include "contracts/record.h"

void proof(void)
{
    struct ucm_cursor cursor = any_cursor();
    struct ucm_element element;
    bool taken = ucm_record_element_next(&cursor, &element);

    REACHABLE(taken);
    REACHABLE(!taken);
}
