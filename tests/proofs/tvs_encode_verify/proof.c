/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A request is written inside its room or refused, whatever is put into it.
 *
 * proves: ucm_tvs_encode_verify
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
    uint8_t *certificate = any_bytes(size);
    uint32_t session;
    size_t written = ucm_tvs_encode_verify(out, room, session, any_text(), certificate, size);

    SHOW(written <= room && written <= UCM_TVS_SIZE_MAX);
    REACHABLE(written > 0);
    REACHABLE(written == 0);
}
