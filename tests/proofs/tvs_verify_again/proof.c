/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A verify request that was written decodes to what was put into it; for a name and a certificate
 * of a few bytes, in a room that may be too small for them.
 *
 * proves: ucm_tvs_encode_verify ucm_tvs_decode
 * unwinds: decode_elements.0:3 looks_like_name.0:12
 * checks: SHOW
 * links: finding names
 */
#define FEW 8
#include "contracts/again.h"

#include "common/bytes.c"
#include "common/tvs.c"

void proof(void)
{
    uint8_t out[UCM_TVS_HEADER_SIZE + 2 * 3 + 1 + 2 * FEW], certificate[FEW];
    char device[FEW + 1];
    size_t size = few(), room, written;
    uint32_t session;
    struct ucm_tvs message;
    bool whole;

    ASSUME(device[FEW] == '\0' && room <= sizeof out);
    written = ucm_tvs_encode_verify(out, room, session, device, certificate, size);
    SHOW(written == 0 || written == UCM_TVS_HEADER_SIZE + 2 * 3 + 1 + strlen(device) + size);
    if (written == 0)
        return;
    whole = ucm_tvs_decode(out, written, &message);
    SHOW(whole && message.anomalies.count == 0 && message.size == written);
    SHOW(message.type == UCM_TVS_VERIFY_REQUEST && message.session == session);
    SHOW(message.has == (1u << UCM_TVS_DEVICE | 1u << UCM_TVS_CERTIFICATE));
    show_text(out, message.value[UCM_TVS_DEVICE], device);
    show_bytes(out, message.value[UCM_TVS_CERTIFICATE], certificate, size);
    REACHABLE(written == sizeof out);
}
