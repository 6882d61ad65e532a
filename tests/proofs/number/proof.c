/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A number of 1, 2 or 4 bytes is what its bytes say; of other lengths it is 0.
 *
 * enforces: ucm_number
 * links: bytes
 */
#include "proof.h"
#include "contracts/bytes.h"

void proof(void)
{
    struct ucm_cursor all = any_cursor();
    struct ucm_view view = any_view(all);
    uint32_t number = ucm_number(all.base, view);

    SHOW(IMPLIES(view.len == 1, number == all.base[view.off]));
    SHOW(IMPLIES(view.len == 2, number == all.base[view.off] * 256u + all.base[view.off + 1]));
    SHOW(IMPLIES(view.len == 4, number >> 24 == all.base[view.off]));
    SHOW(IMPLIES(view.len == 4, (number & 0xff) == all.base[view.off + 3]));
    SHOW(IMPLIES(view.len != 1 && view.len != 2 && view.len != 4, number == 0));
    REACHABLE(view.len == 4 && number > 0xffff);
    REACHABLE(view.len == 3);
}
