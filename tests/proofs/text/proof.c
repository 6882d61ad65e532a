/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A text without its final NUL: the same place, at most one byte shorter.
 *
 * enforces: ucm_text
 * links: bytes
 */
#include "proof.h"
#include "contracts/bytes.h"

void proof(void)
{
    struct ucm_cursor all = any_cursor();
    struct ucm_view view = any_view(all);
    struct ucm_view text = ucm_text(all.base, view);

    SHOW(IMPLIES(text.len < view.len, all.base[view.off + text.len] == 0));
    SHOW(IMPLIES(text.len == view.len && text.len > 0, all.base[view.off + text.len - 1] != 0));
    REACHABLE(text.len == view.len && text.len > 0);
    REACHABLE(text.len < view.len);
}
