/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The elements of a header of any length are read to its end, or to the first that does not fit;
 * it ends, and all views lie in the file.
 *
 * enforces: decode_elements
 * replaces: take_header_element note_container store_header_element check_container
 * replaces: ucm_finding_make
 * unwinds: decode_elements.1:4
 * links: bytes finding
 */
#include "proof.h"
#include "common/trustlist.c"
#include "contracts/containers.h"
#include "contracts/trustlist.h"

void proof(void)
{
    struct ucm_trustlist list;
    struct ucm_cursor cursor = any_cursor();
    bool ok;

    list.data = cursor.base;
    ok = decode_elements(&list, &cursor);
    REACHABLE(ok && cursor.pos > 1000);
    REACHABLE(!ok);
}
