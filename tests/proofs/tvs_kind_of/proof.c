/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every tag and content has a kind.
 *
 * enforces: kind_of
 * replaces: looks_like_name
 * links: bytes
 */
#include "proof.h"
#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"

void proof(void)
{
    struct ucm_cursor all = any_cursor();
    uint8_t tag;
    enum ucm_tvs_kind kind = kind_of(all.base, tag, any_view(all));

    REACHABLE(kind == UCM_TVS_OTHER);
    REACHABLE(kind == UCM_TVS_ISSUER);
}
