/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An element of the header lies in it, two containers deep at most.
 *
 * enforces: ucm_header_next
 * replaces: take_header_element
 * unwinds: depth_of.0:4
 * links: bytes
 */
#include "proof.h"
#include "common/trustlist.c"
#include "contracts/trustlist.h"

void proof(void)
{
    struct ucm_header_walk walk;
    struct ucm_element element;

    walk.cursor = any_cursor();
    REACHABLE(ucm_header_next(&walk, &element));
}
