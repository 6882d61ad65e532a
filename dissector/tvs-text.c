/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TVS messages in words: see tvs-text.h.
 */
#include "tvs-text.h"

#include "show.h"

#include "common/finding_text.h"

#include <stdio.h>

const char *tvs_device_text(const struct tvs_shown *shown)
{
    struct ucm_view device = shown->message.value[UCM_TVS_DEVICE];
    struct ucm_view model, mac;
    wmem_strbuf_t *text;

    if (!ucm_tvs_has(&shown->message, UCM_TVS_DEVICE))
        return "unnamed device";
    ucm_tvs_device_parts(shown->data, device, &model, &mac);
    if (mac.len == 0)
        return show_text(shown->pinfo->pool, shown->data, device);
    text = wmem_strbuf_new(shown->pinfo->pool, "SEP");
    wmem_strbuf_append(text, show_text(shown->pinfo->pool, shown->data, mac));
    return wmem_strbuf_get_str(text);
}

static const char *query_text(const struct tvs_shown *shown)
{
    wmem_allocator_t *pool = shown->pinfo->pool;
    const struct ucm_view *value = shown->message.value;
    enum ucm_tvs_kind name =
        ucm_tvs_has(&shown->message, UCM_TVS_SUBJECT) ? UCM_TVS_SUBJECT : UCM_TVS_ISSUER;

    return wmem_strdup_printf(pool, "Query request: does TVS know %s serial %s? (%s)",
                              show_first_name(pool, shown->data, value[name]),
                              show_serial(pool, shown->data, value[UCM_TVS_SERIAL]),
                              tvs_device_text(shown));
}

/* The fingerprint costs a microsecond, the names in the certificate twenty times that. */
static const char *verify_text(const struct tvs_shown *shown)
{
    wmem_allocator_t *pool = shown->pinfo->pool;
    struct ucm_view der = shown->message.value[UCM_TVS_CERTIFICATE];
    uint8_t sha1[UCM_SHA1_SIZE];
    const char *fingerprint = "";

    if (ucm_sha1(shown->data + der.off, der.len, sha1))
        fingerprint = wmem_strdup_printf(pool, " with SHA-1 %s",
                                         show_hex(pool, sha1, (struct ucm_view){0, sizeof sha1}));
    return wmem_strdup_printf(pool, "Verify request: does TVS vouch for the certificate%s? (%s)",
                              fingerprint, tvs_device_text(shown));
}

const char *tvs_roles_text(const struct tvs_shown *shown)
{
    struct ucm_view roles = shown->message.value[UCM_TVS_ROLES];
    wmem_strbuf_t *text = wmem_strbuf_new(shown->pinfo->pool, NULL);

    for (uint32_t i = 0; i < roles.len && i < TVS_SHOWN_MAX; i++) {
        char room[16];

        if (i > 0)
            wmem_strbuf_append_c(text, '+');
        wmem_strbuf_append(text, ucm_role_text(ucm_byte(shown->data, roles, i), room, sizeof room));
    }
    return roles.len == 0 ? UCM_TEXT_NO_ROLE : wmem_strbuf_get_str(text);
}

/* Formatted on the stack: wmem's own printf takes and frees memory for each piece. */
static void append_number(wmem_strbuf_t *text, const char *before, uint32_t number,
                          const char *after)
{
    char words[48];

    snprintf(words, sizeof words, "%s%u%s", before, number, after);
    wmem_strbuf_append(text, words);
}

static void append_outcome(wmem_strbuf_t *text, const struct tvs_shown *shown, bool query)
{
    const struct ucm_tvs *message = &shown->message;

    if (!ucm_tvs_has(message, UCM_TVS_STATUS_ELEMENT)) {
        wmem_strbuf_append(text, "no status");
        return;
    }
    if (message->status != UCM_TVS_FOUND) {
        append_number(text, query ? "NOT FOUND (status " : "NOT VOUCHED FOR (status ",
                      message->status, ")");
        return;
    }
    wmem_strbuf_append(text, query ? "found" : "vouched for");
    if (!shown->cut || ucm_tvs_has(message, UCM_TVS_ROLES)) {
        wmem_strbuf_append(text, ", ");
        wmem_strbuf_append(text, tvs_roles_text(shown));
    }
    if (ucm_tvs_has(message, UCM_TVS_TTL))
        append_number(text, ", TTL ", message->ttl, " s");
}

static void append_time(wmem_strbuf_t *text, const struct tvs_exchange *exchange)
{
    char words[48];
    nstime_t took = tvs_exchange_took(exchange);

    snprintf(words, sizeof words, ", %.1f ms", nstime_to_msec(&took));
    wmem_strbuf_append(text, words);
}

static const char *response_text(const struct tvs_shown *shown)
{
    bool query = shown->message.type == UCM_TVS_QUERY_RESPONSE;
    const struct tvs_exchange *exchange = shown->exchange;
    wmem_strbuf_t *text =
        wmem_strbuf_new(shown->pinfo->pool, query ? "Query response: " : "Verify response: ");

    append_outcome(text, shown, query);
    if (exchange != NULL && exchange->request_frame != 0)
        append_time(text, exchange);
    return wmem_strbuf_get_str(text);
}

/* Those that need a certificate to be read are left out: a column must not depend on whether the
 * tree is shown. What the text says anyway is left out too. */
bool tvs_named_in_column(const struct ucm_finding *finding)
{
    return finding->severity == UCM_ERROR && finding->id != UCM_TVS_CERT_DATES &&
           finding->id != UCM_TVS_CERT_UNREADABLE && finding->id != UCM_TVS_OTHER_CERTIFICATE &&
           finding->id != UCM_TVS_STATUS;
}

const char *tvs_info_text(const struct tvs_shown *shown)
{
    switch (shown->message.error.id == UCM_TVS_NOT_TVS ? 0 : shown->message.type) {
    case UCM_TVS_QUERY_REQUEST:
        return query_text(shown);
    case UCM_TVS_VERIFY_REQUEST:
        return verify_text(shown);
    case UCM_TVS_QUERY_RESPONSE:
    case UCM_TVS_VERIFY_RESPONSE:
        return response_text(shown);
    default:
        return "Not a TVS message of a known type";
    }
}
