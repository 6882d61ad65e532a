/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A text is looked for inside the view.
 *
 * enforces: has_text
 * replaces: memcmp
 * links: bytes
 */
#include "proof.h"
#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"

void proof(void)
{
    struct ucm_cursor all = any_cursor();
    uint32_t at, length;
    char text[4];
    bool has = has_text(all.base, any_view(all), at, text, length);

    REACHABLE(has);
    REACHABLE(!has);
}
