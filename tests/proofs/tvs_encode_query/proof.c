/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The same of a query, with any pair of tags.
 *
 * proves: ucm_tvs_encode_query
 * replaces: strlen ucm_put_tlv ucm_put_number
 * links: bytes
 */
#include "proof.h"
#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"

void proof(void)
{
    size_t room = any_length(), size = any_length();
    uint8_t *out = any_bytes(room);
    uint8_t *serial = any_bytes(size);
    uint32_t session;
    struct ucm_tvs_query_tags tags;
    size_t written = ucm_tvs_encode_query(out, room, session, any_text(), any_text(), any_text(),
                                          serial, size, tags);

    SHOW(written <= room && written <= UCM_TVS_SIZE_MAX);
    REACHABLE(written > 0);
    REACHABLE(written == 0);
}
