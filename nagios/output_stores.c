/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust stores as text and as JSON: see output_stores.h.
 */
#include "output_stores.h"

#include "json.h"
#include "role.h"

#include "common/store.h"

#include <string.h>

enum { LISTED_MAX = 60 }; /* certificates that are all listed */

/* ---- JSON ---- */

static bool known(const struct ucm_stored *item, enum ucm_known what)
{
    return (item->certificate->known & what) != 0;
}

static void json_known(GString *out, const struct ucm_stored *item, enum ucm_known what,
                       const char *key, const char *value)
{
    json_member(out, key, known(item, what) ? value : NULL);
}

static void json_date(GString *out, const struct ucm_stored *item, enum ucm_known what,
                      const char *key, int64_t date)
{
    json_time(out, key, known(item, what) ? date : UCM_TIME_NONE, date);
}

static void json_digest(GString *out, const struct ucm_stored *item, enum ucm_known what,
                        const char *key, const uint8_t *digest, size_t size)
{
    if (known(item, what))
        json_hex(out, key, digest, size);
    else
        json_null(out, key);
}

static void json_certificate(GString *out, const struct ucm_stored *item)
{
    const struct ucm_cert *cert = &item->certificate->cert;

    json_item(out);
    g_string_append_c(out, '{');
    json_member(out, "node", item->node);
    json_member(out, "store", ucm_store_name(item->store));
    json_known(out, item, UCM_KNOWN_SUBJECT, "subject", cert->subject);
    json_known(out, item, UCM_KNOWN_ISSUER, "issuer", cert->issuer);
    json_known(out, item, UCM_KNOWN_SERIAL, "serial", cert->serial_hex);
    json_digest(out, item, UCM_KNOWN_SHA1, "sha1", cert->sha1, sizeof cert->sha1);
    json_digest(out, item, UCM_KNOWN_DER, "sha256", cert->sha256, sizeof cert->sha256);
    json_known(out, item, UCM_KNOWN_DER, "key", cert->key);
    json_date(out, item, UCM_KNOWN_NOT_BEFORE, "not_before", cert->not_before);
    json_date(out, item, UCM_KNOWN_NOT_AFTER, "not_after", cert->not_after);
    role_json(out, item->roles_known, item->roles);
    json_member(out, "origin", item->origin);
    g_string_append_c(out, '}');
}

/* NULL: it is not known. */
static const char *mode_name(enum ucm_mode mode)
{
    if (mode == UCM_MODE_UNKNOWN)
        return NULL;
    return mode == UCM_MODE_MIXED ? "mixed" : "non-secure";
}

static void json_stores(GString *out, const struct ucm_stores *stores)
{
    json_item(out);
    g_string_append_c(out, '{');
    json_member(out, "cluster", stores->name);
    json_member(out, "publisher", stores->publisher);
    json_member(out, "mode", mode_name(stores->mode));
    json_key(out, "nodes");
    g_string_append_c(out, '[');
    for (uint32_t i = 0; i < stores->nodes; i++) {
        json_item(out);
        json_text(out, stores->node[i]);
    }
    g_string_append_c(out, ']');
    json_key(out, "complete");
    g_string_append_c(out, '[');
    for (uint32_t number = 1; number < UCM_STORE_END; number++)
        if (ucm_store_name(number) != NULL &&
            ucm_store_is_complete(stores, (enum ucm_store)number)) {
            json_item(out);
            json_text(out, ucm_store_name(number));
        }
    g_string_append_c(out, ']');
    json_key(out, "certificates");
    g_string_append_c(out, '[');
    for (uint32_t i = 0; i < stores->count; i++)
        json_certificate(out, &stores->item[i]);
    g_string_append(out, "]}");
}

void output_stores_json(GString *out, const struct result *result)
{
    json_key(out, "stores");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < result->stores->len; i++)
        json_stores(out, g_ptr_array_index(result->stores, i));
    g_string_append_c(out, ']');
}

/* ---- text ---- */

static void text_certificate(GString *out, const struct ucm_stored *item, int64_t now)
{
    const struct ucm_cert *cert = &item->certificate->cert;
    /* Some sources know the file, but not what is in it. */
    g_autofree char *subject =
        printable_text(known(item, UCM_KNOWN_SUBJECT) ? cert->subject : item->origin);
    char date[32];

    g_string_append_printf(out, "  %s", subject);
    if (known(item, UCM_KNOWN_NOT_AFTER) && cert->not_after != UCM_TIME_NONE) {
        const int64_t days = ucm_days_until(cert->not_after, now);
        g_autofree char *span = result_days_text(days < 0 ? -days : days);

        ucm_date_text(cert->not_after, date, sizeof date);
        g_string_append_printf(out, days < 0 ? ", expired %s ago on %s" : ", %s left, until %s",
                               span, date);
    }
    g_string_append_c(out, '\n');
}

/* Does a new line begin: another node or another store than the one before? */
static bool begins(const struct ucm_stores *stores, uint32_t i)
{
    return i == 0 || stores->item[i].store != stores->item[i - 1].store ||
           g_strcmp0(stores->item[i].node, stores->item[i - 1].node) != 0;
}

static void text_store(GString *out, const struct ucm_stores *stores, uint32_t first)
{
    const struct ucm_stored *item = &stores->item[first];
    g_autofree char *node = printable_text(item->node);
    g_autofree char *cluster = printable_text(stores->name);
    const char *store = ucm_store_name(item->store);
    uint32_t count = 1;

    while (first + count < stores->count && !begins(stores, first + count))
        count++;
    g_string_append_printf(out, "%s%s%s %s: %u certificate%s\n", cluster, node != NULL ? "/" : "",
                           node != NULL ? node : "", store != NULL ? store : "(unknown store)",
                           count, count == 1 ? "" : "s");
}

void output_stores_text(GString *out, const struct result *result)
{
    for (unsigned i = 0; i < result->stores->len; i++) {
        const struct ucm_stores *stores = g_ptr_array_index(result->stores, i);

        for (uint32_t k = 0; k < stores->count; k++) {
            if (begins(stores, k))
                text_store(out, stores, k);
            if (stores->count <= LISTED_MAX)
                text_certificate(out, &stores->item[k], result->now);
        }
    }
}
