/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An element is taken whole, or the cursor stays; its value lies where its length says and before
 * the end.
 *
 * enforces: ucm_take_tlv
 * replaces: ucm_number
 * links: bytes
 */
#include "proof.h"
#include "contracts/bytes.h"

void proof(void)
{
    struct ucm_cursor cursor = any_cursor();
    struct ucm_tlv tlv = ucm_take_tlv(&cursor);

    SHOW(IMPLIES(tlv.at < cursor.end, tlv.tag == cursor.base[tlv.at]));
    REACHABLE(tlv.ok);
    REACHABLE(!tlv.ok);
}
