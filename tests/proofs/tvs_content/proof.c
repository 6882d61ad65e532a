/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What means something of a value lies in the value.
 *
 * enforces: content
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
    struct ucm_tvs_element element;
    struct ucm_view view;

    element.value = any_view(all);
    ASSUME(KIND(element.kind));
    view = content(all.base, &element);
    REACHABLE(view.off > element.value.off);
}
