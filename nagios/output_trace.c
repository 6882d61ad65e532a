/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Requests of a trace as text and as JSON: see output_trace.h.
 */
#include "output_trace.h"

#include "json.h"
#include "role.h"

#include "common/trustlist.h"

enum { ROLES = 32 };

/* ---- text ---- */

static void add_found(GString *out, const struct result_request *one)
{
    unsigned count = 0;

    if (one->refused) {
        g_string_append(out, "TLS handshake failed");
        return;
    }
    g_string_append(out, one->found < 0    ? "outcome not in the trace"
                         : one->found == 0 ? "not found"
                                           : "found");
    if (one->found != 1 || !one->roles_known)
        return;
    g_string_append(out, ", roles ");
    for (uint32_t role = 0; role < ROLES; role++)
        if ((one->roles & UCM_ROLE_BIT(role)) != 0) {
            g_autofree char *name = role_word(role);

            g_string_append_printf(out, "%s%s", count++ == 0 ? "" : "+", name);
        }
    if (count == 0)
        g_string_append(out, "none");
}

static void add_words(GString *out, const char *before, const char *text)
{
    if (text != NULL)
        g_string_append_printf(out, "%s%s", before, text);
}

static void text_request(GString *out, const struct result_request *one)
{
    g_string_append_printf(out, "%s", one->time != NULL ? one->time : one->where);
    add_words(out, " ", one->device);
    add_words(out, one->device != NULL ? " at " : " phone ", one->address);
    add_words(out, " to TVS ", one->server);
    add_words(out, ", ", one->cipher);
    add_words(out, ", ", one->type);
    g_string_append(out, ": ");
    if (one->subject != NULL || one->serial != NULL)
        g_string_append_printf(out, "%s", one->subject != NULL ? one->subject : "certificate");
    add_words(out, " serial ", one->serial);
    add_words(out, " by ", one->issuer);
    if (one->subject != NULL || one->serial != NULL)
        g_string_append(out, ": ");
    add_found(out, one);
    g_string_append_c(out, '\n');
    if (one->request != NULL)
        g_string_append_printf(out, "  bytes of the request: %s\n", one->request);
    if (one->answer != NULL)
        g_string_append_printf(out, "  bytes of the answer: %s\n", one->answer);
}

void output_trace_text(GString *out, const struct result *result)
{
    for (unsigned i = 0; i < result->requests->len; i++)
        text_request(out, g_ptr_array_index(result->requests, i));
}

/* ---- JSON ---- */

static void json_request(GString *out, const struct result_request *one)
{
    json_item(out);
    g_string_append_c(out, '{');
    json_member(out, "where", one->where);
    json_member(out, "written", one->written);
    json_member(out, "time", one->time);
    json_member(out, "address", one->address);
    json_member(out, "device", one->device);
    json_member(out, "server", one->server);
    json_member(out, "cipher", one->cipher);
    json_member(out, "type", one->type);
    json_member(out, "subject", one->subject);
    json_member(out, "issuer", one->issuer);
    json_member(out, "serial", one->serial);
    if (one->found >= 0) {
        json_key(out, "found");
        g_string_append(out, one->found == 1 ? "true" : "false");
    } else {
        json_null(out, "found");
    }
    role_json(out, one->roles_known, one->roles);
    if (one->session >= 0)
        json_integer(out, "session", one->session);
    else
        json_null(out, "session");
    json_member(out, "request", one->request);
    json_member(out, "answer", one->answer);
    g_string_append_c(out, '}');
}

void output_trace_json(GString *out, const struct result *result)
{
    json_key(out, "requests");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < result->requests->len; i++)
        json_request(out, g_ptr_array_index(result->requests, i));
    g_string_append_c(out, ']');
}
