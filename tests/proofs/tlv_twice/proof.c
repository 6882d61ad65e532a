/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An element that is taken twice at the same place of any input is the same, also where it does not
 * fit.
 *
 * proves: ucm_take_tlv
 * checks: SHOW
 * links: bytes
 */
#include "proof.h"
#include "contracts/twice.h"

void proof(void)
{
    struct ucm_cursor one = any_cursor(), two = one;
    struct ucm_tlv first = ucm_take_tlv(&one), second = ucm_take_tlv(&two);

    SHOW(SAME_TLV(first, second) && SAME_CURSOR(one, two));
    REACHABLE(first.ok);
}
