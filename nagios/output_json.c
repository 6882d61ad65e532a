/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The same facts as one JSON object on one line. Must not judge. Always valid UTF-8; control
 * characters and '|' are written as \u00XX, so that no engine cuts the object at them.
 */
#include "result.h"

#include <string.h>

static void add_string(GString *out, const char *bytes, gssize size)
{
    g_autofree char *text = g_utf8_make_valid(bytes, size);

    g_string_append_c(out, '"');
    for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
        const gunichar point = g_utf8_get_char(c);

        if (point < ' ' || (point >= 0x7f && point < 0xa0) || point == '|')
            g_string_append_printf(out, "\\u%04x", point);
        else if (point == '"' || point == '\\')
            g_string_append_printf(out, "\\%c", (char)point);
        else
            g_string_append_unichar(out, point);
    }
    g_string_append_c(out, '"');
}

static void add_text(GString *out, const char *text)
{
    if (text == NULL)
        g_string_append(out, "null");
    else
        add_string(out, text, -1);
}

static void add_key(GString *out, const char *key)
{
    const char last = out->str[out->len - 1];

    if (last != '{' && last != '[')
        g_string_append(out, ", ");
    add_text(out, key);
    g_string_append(out, ": ");
}

static void add_member(GString *out, const char *key, const char *value)
{
    add_key(out, key);
    add_text(out, value);
}

static void add_integer(GString *out, const char *key, int64_t value)
{
    add_key(out, key);
    g_string_append_printf(out, "%lld", (long long)value);
}

static void add_null(GString *out, const char *key)
{
    add_key(out, key);
    g_string_append(out, "null");
}

/* A number that is known only when the date could be read. */
static void add_time(GString *out, const char *key, int64_t date, int64_t value)
{
    if (date == UCM_TIME_NONE)
        add_null(out, key);
    else
        add_integer(out, key, value);
}

/* A finite number with a point whatever the locale. */
static void add_real(GString *out, double value, int decimals)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    char format[8];

    g_snprintf(format, sizeof format, "%%.%df", decimals);
    g_string_append(out, g_ascii_formatd(text, sizeof text, format, value));
}

static void next_item(GString *out)
{
    if (out->str[out->len - 1] != '[')
        g_string_append(out, ", ");
}

static void add_hex(GString *out, const char *key, const uint8_t *bytes, size_t size)
{
    g_autofree char *text = g_malloc(2 * size + 1);
    g_autofree char *lower = NULL;

    ucm_hex(bytes, size, text);
    lower = g_ascii_strdown(text, -1);
    add_member(out, key, lower);
}

/* What the record itself says, as `show itl` prints it; else what its certificate says. */
static void add_name(GString *out, const char *key, const uint8_t *data, struct ucm_view view,
                     const char *otherwise)
{
    if (view.len == 0) {
        add_member(out, key, otherwise);
        return;
    }
    add_key(out, key);
    add_string(out, (const char *)data + view.off, (gssize)view.len);
}

static void add_serial(GString *out, const struct result_source *source,
                       const struct ucm_list_record *one)
{
    const struct ucm_view raw = one->record.value[UCM_RECORD_SERIAL];
    const struct ucm_view serial = ucm_serial(source->data, raw);

    if (serial.len > 0 && serial.len <= UCM_CERT_SERIAL_MAX) {
        char text[2 * UCM_CERT_SERIAL_MAX + 1];

        ucm_hex(source->data + serial.off, serial.len, text);
        add_member(out, "serial", text);
    } else {
        add_member(out, "serial", one->has_cert ? one->cert.serial_hex : NULL);
    }
}

static void add_role(GString *out, const struct ucm_record *record)
{
    const char *name = ucm_role_name(record->role);
    char number[8];

    if (!ucm_record_has(record, UCM_RECORD_ROLE)) {
        add_null(out, "role");
        return;
    }
    g_snprintf(number, sizeof number, "%u", record->role);
    add_member(out, "role", name != NULL ? name : number);
}

static void add_record(GString *out, const struct result *result,
                       const struct result_source *source, const struct ucm_list_record *one)
{
    static const char *const MISSING[] = {"sha1",       "sha256",    "key",
                                          "not_before", "not_after", "days_left"};
    const struct ucm_cert *cert = &one->cert;

    next_item(out);
    g_string_append_c(out, '{');
    add_integer(out, "index", one->record.index);
    add_role(out, &one->record);
    add_name(out, "subject", source->data, one->record.value[UCM_RECORD_SUBJECT],
             one->has_cert ? cert->subject : NULL);
    add_name(out, "issuer", source->data, one->record.value[UCM_RECORD_ISSUER],
             one->has_cert ? cert->issuer : NULL);
    add_serial(out, source, one);
    if (one->has_cert) {
        add_hex(out, "sha1", cert->sha1, sizeof cert->sha1);
        add_hex(out, "sha256", cert->sha256, sizeof cert->sha256);
        add_member(out, "key", cert->key);
        add_time(out, "not_before", cert->not_before, cert->not_before);
        add_time(out, "not_after", cert->not_after, cert->not_after);
        add_time(out, "days_left", cert->not_after,
                 cert->not_after == UCM_TIME_NONE ? 0
                                                  : ucm_days_until(cert->not_after, result->now));
    } else {
        for (size_t i = 0; i < G_N_ELEMENTS(MISSING); i++)
            add_null(out, MISSING[i]);
    }
    g_string_append_c(out, '}');
}

static void add_signature(GString *out, const struct result_source *source)
{
    const struct ucm_report *report = &source->report;
    const struct ucm_trustlist *list = &report->list;
    const char *digest = ucm_digest_name(list->digest);
    char number[8];

    add_key(out, "signature");
    g_string_append_c(out, '{');
    add_member(out, "status", ucm_signature_status_name(report->signature.status));
    g_snprintf(number, sizeof number, "%u", list->digest);
    if (ucm_list_has(list, UCM_HEADER_DIGEST))
        add_member(out, "digest", digest != NULL ? digest : number);
    else
        add_null(out, "digest");
    add_name(out, "signer", source->data, list->value[UCM_HEADER_SIGNER_NAME], NULL);
    if (report->signature.record != 0)
        add_integer(out, "record", report->signature.record);
    else
        add_null(out, "record");
    g_string_append_c(out, '}');
}

static void add_source(GString *out, const struct result *result,
                       const struct result_source *source)
{
    static const char *const MISSING[] = {"kind", "filename", "sha1", "size", "signature"};

    next_item(out);
    g_string_append_c(out, '{');
    add_member(out, "source", source->name);
    if (source->judged) {
        const struct ucm_trustlist *list = &source->report.list;

        add_member(out, "kind", ucm_list_kind_name(list->kind));
        add_name(out, "filename", source->data, list->value[UCM_HEADER_FILENAME], NULL);
        add_member(out, "sha1", source->sha1[0] != '\0' ? source->sha1 : NULL);
        add_integer(out, "size", (int64_t)source->size);
        add_signature(out, source);
    } else {
        for (size_t i = 0; i < G_N_ELEMENTS(MISSING); i++)
            add_null(out, MISSING[i]);
    }
    add_key(out, "records");
    g_string_append_c(out, '[');
    for (uint32_t i = 0; source->judged && i < source->report.records; i++)
        add_record(out, result, source, &source->report.record[i]);
    g_string_append(out, "]}");
}

static void add_tvs(GString *out, const struct result_tvs *tvs)
{
    next_item(out);
    g_string_append_c(out, '{');
    add_member(out, "node", tvs->node);
    add_member(out, "stage", tvs->stage);
    add_member(out, "tls", tvs->tls);
    add_member(out, "cipher", tvs->cipher);
    add_member(out, "identity", tvs->identity);
    if (tvs->answered && tvs->status >= 0)
        add_integer(out, "status", tvs->status);
    else
        add_null(out, "status");
    add_key(out, "roles");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < tvs->roles->len; i++) {
        next_item(out);
        add_text(out, g_ptr_array_index(tvs->roles, i));
    }
    g_string_append_c(out, ']');
    if (tvs->answered && tvs->ttl >= 0)
        add_integer(out, "ttl", tvs->ttl);
    else
        add_null(out, "ttl");
    if (tvs->ms >= 0) {
        add_key(out, "ms");
        add_real(out, tvs->ms, 3);
    } else {
        add_null(out, "ms");
    }
    g_string_append_c(out, '}');
}

static void add_continuity(GString *out, const struct result *result)
{
    add_key(out, "continuity");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < result->continuity->len; i++) {
        const struct result_continuity *entry = g_ptr_array_index(result->continuity, i);

        next_item(out);
        g_string_append_c(out, '{');
        add_member(out, "source", entry->source);
        add_integer(out, "held_since", entry->held_since);
        add_member(out, "verdict", entry->verdict);
        add_member(out, "ctl", entry->ctl);
        add_member(out, "itl", entry->itl);
        add_member(out, "why", entry->why);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void add_finding(GString *out, const struct result_finding *finding)
{
    next_item(out);
    g_string_append_c(out, '{');
    add_member(out, "id", ucm_rule(finding->id)->id);
    add_member(out, "severity", ucm_severity_name(finding->severity));
    add_member(out, "where", finding->where);
    add_member(out, "text", finding->text);
    g_string_append_c(out, '}');
}

static void add_node(GString *out, const struct fleet_node *node)
{
    next_item(out);
    g_string_append_c(out, '{');
    add_member(out, "name", node->name);
    add_key(out, "looked");
    g_string_append(out, node->looked ? "true" : "false");
    add_member(out, "why", node->why);
    g_string_append_c(out, '}');
}

static void add_cluster(GString *out, const struct fleet_cluster *cluster)
{
    next_item(out);
    g_string_append_c(out, '{');
    add_member(out, "name", cluster->name);
    add_member(out, "mode", cluster->mode);
    add_member(out, "expected", cluster->expected);
    add_member(out, "version", cluster->version);
    add_key(out, "nodes");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < cluster->nodes->len; i++)
        add_node(out, g_ptr_array_index(cluster->nodes, i));
    g_string_append(out, "]}");
}

static void add_verdict(GString *out, const struct fleet_verdict *verdict)
{
    add_member(out, "ready", fleet_ready(verdict));
    add_key(out, "findings");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < verdict->ids->len; i++) {
        next_item(out);
        add_text(out, ucm_rule(g_array_index(verdict->ids, enum ucm_finding_id, i))->id);
    }
    g_string_append_c(out, ']');
    add_member(out, "why", verdict->why);
}

static void add_move(GString *out, const struct fleet_move *move)
{
    next_item(out);
    g_string_append_c(out, '{');
    add_member(out, "from", move->from);
    add_member(out, "to", move->to);
    add_verdict(out, &move->phones);
    if (move->emcc.asked) {
        add_key(out, "emcc");
        g_string_append_c(out, '{');
        add_verdict(out, &move->emcc);
        g_string_append_c(out, '}');
    } else {
        add_null(out, "emcc");
    }
    g_string_append_c(out, '}');
}

static void add_fleet(GString *out, const struct fleet *fleet)
{
    add_key(out, "clusters");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < fleet->clusters->len; i++)
        add_cluster(out, g_ptr_array_index(fleet->clusters, i));
    g_string_append_c(out, ']');
    add_key(out, "moves");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < fleet->moves->len; i++)
        add_move(out, g_ptr_array_index(fleet->moves, i));
    g_string_append_c(out, ']');
}

static void add_perfdata(GString *out, const struct result *result)
{
    add_key(out, "perfdata");
    g_string_append_c(out, '{');
    for (unsigned i = 0; i < result->perf->len; i++) {
        const struct result_perf *perf = g_ptr_array_index(result->perf, i);

        add_key(out, perf->label);
        if (perf->known)
            add_real(out, perf->value, perf->decimals);
        else
            g_string_append(out, "null");
    }
    g_string_append_c(out, '}');
}

GString *result_json(const struct result *result)
{
    g_autofree char *ignored = result_ignored_text(result);
    g_autofree char *summary = g_strconcat(result->summary, ignored, NULL);
    GString *out = g_string_new("{");

    add_member(out, "check", result->check);
    add_member(out, "state", plugin_state_name(result->state));
    add_member(out, "summary", summary);
    add_integer(out, "now", result->now);
    add_key(out, "sources");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < result->sources->len; i++)
        add_source(out, result, g_ptr_array_index(result->sources, i));
    g_string_append_c(out, ']');
    add_key(out, "tvs");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < result->tvs->len; i++)
        add_tvs(out, g_ptr_array_index(result->tvs, i));
    g_string_append_c(out, ']');
    if (result->continuity != NULL)
        add_continuity(out, result);
    if (result->fleet != NULL)
        add_fleet(out, result->fleet);
    add_key(out, "findings");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < result->findings->len; i++)
        add_finding(out, g_ptr_array_index(result->findings, i));
    g_string_append_c(out, ']');
    add_perfdata(out, result);
    g_string_append(out, "}\n");
    return out;
}
