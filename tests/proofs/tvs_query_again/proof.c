/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A query of a few bytes that was written decodes to what was put into it, under any of the pairs
 * of tags that are tried; its issuer has to look like a name and its serial number must not,
 * because nothing else tells them apart.
 *
 * proves: ucm_tvs_encode_query ucm_tvs_decode
 * unwinds: decode_elements.0:5 looks_like_name.0:6
 * checks: SHOW
 * links: finding names
 */
#define FEW 3 /* "a=b" */
#include "contracts/again.h"

#include "common/bytes.c"
#include "common/tvs.c"

/* Printable, and with a '='. */
static bool is_name(const char *text)
{
    const uint8_t *c = (const uint8_t *)text;
    bool equals = false;

    for (; *c != 0; c++) {
        if (*c < 0x20 || *c == 0x7f)
            return false;
        equals = equals || *c == '=';
    }
    return equals;
}

/* Ends in NUL, as a name does. */
static bool ends_in_nul(const uint8_t *serial, size_t size)
{
    return size > 0 && serial[size - 1] == 0;
}

static void show_request(const struct ucm_tvs *message, uint32_t session)
{
    SHOW(message->type == UCM_TVS_QUERY_REQUEST && message->session == session);
    SHOW(message->anomalies.count == 0 && message->error.id == UCM_FINDING_NONE);
    SHOW(message->has == (1u << UCM_TVS_DEVICE | 1u << UCM_TVS_SUBJECT | 1u << UCM_TVS_ISSUER |
                          1u << UCM_TVS_SERIAL));
}

void proof(void)
{
    uint8_t out[UCM_TVS_HEADER_SIZE + 4 * 3 + 3 + 4 * FEW], serial[FEW];
    char device[FEW + 1], subject[FEW + 1], issuer[FEW + 1];
    size_t size = few(), room, written;
    uint32_t session, pair;
    struct ucm_tvs message;

    ASSUME(device[FEW] == '\0' && subject[FEW] == '\0' && issuer[FEW] == '\0');
    ASSUME(room <= sizeof out && pair < UCM_TVS_QUERY_TAG_PAIRS);
    written = ucm_tvs_encode_query(out, room, session, device, subject, issuer, serial, size,
                                   ucm_tvs_query_tags[pair]);
    if (written == 0 || !is_name(issuer) || ends_in_nul(serial, size))
        return;
    ucm_tvs_decode(out, written, &message);
    SHOW(message.size == written);
    show_request(&message, session);
    show_text(out, message.value[UCM_TVS_DEVICE], device);
    show_text(out, message.value[UCM_TVS_SUBJECT], subject);
    show_text(out, message.value[UCM_TVS_ISSUER], issuer);
    show_bytes(out, message.value[UCM_TVS_SERIAL], serial, size);
    REACHABLE(written == sizeof out);
}
