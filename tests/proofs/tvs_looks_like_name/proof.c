/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The look at a name ends, and stays inside it.
 *
 * enforces: looks_like_name
 * replaces: ucm_text
 * links: bytes
 */
#include "proof.h"
#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"

void proof(void)
{
    struct ucm_cursor all = any_cursor();
    bool name = looks_like_name(all.base, any_view(all));

    REACHABLE(name);
    REACHABLE(!name);
}
