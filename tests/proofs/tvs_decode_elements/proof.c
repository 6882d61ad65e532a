/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The elements of a message of any length are read to their end, or to the first that does not
 * fit; it ends, and all views lie inside.
 *
 * enforces: decode_elements
 * replaces: ucm_take_tlv kind_of store ucm_finding_make
 * links: bytes finding
 */
#include "proof.h"
#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"

void proof(void)
{
    struct ucm_cursor cursor = any_cursor();
    struct ucm_tvs message;
    bool ok;

    message.size = cursor.end;
    ok = decode_elements(cursor, &message);
    REACHABLE(ok && cursor.end - cursor.pos > 1000);
    REACHABLE(!ok);
}
