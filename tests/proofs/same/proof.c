/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two views are compared without leaving either; none is the same as one of another length.
 *
 * enforces: ucm_same
 * replaces: memcmp
 * links: bytes
 */
#include "proof.h"
#include "contracts/bytes.h"
#include "contracts/libc.h"

void proof(void)
{
    struct ucm_cursor a = any_cursor();
    struct ucm_cursor b = any_cursor();
    bool same = ucm_same(a.base, any_view(a), b.base, any_view(b));

    REACHABLE(same);
    REACHABLE(!same);
}
