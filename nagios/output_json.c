/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The same facts as one JSON object on one line. Must not judge.
 */
#include "json.h"
#include "output_stores.h"
#include "output_trace.h"
#include "result.h"

#include <string.h>

/* What the record itself says, as `show itl` prints it; else what its certificate says. */
static void add_name(GString *out, const char *key, const uint8_t *data, struct ucm_view view,
                     const char *otherwise)
{
    if (view.len == 0) {
        json_member(out, key, otherwise);
        return;
    }
    json_key(out, key);
    json_bytes(out, (const char *)data + view.off, (gssize)view.len);
}

static void add_serial(GString *out, const struct result_source *source,
                       const struct ucm_list_record *one)
{
    const struct ucm_view raw = one->record.value[UCM_RECORD_SERIAL];
    const struct ucm_view serial = ucm_serial(source->data, raw);

    if (serial.len > 0 && serial.len <= UCM_CERT_SERIAL_MAX) {
        char text[2 * UCM_CERT_SERIAL_MAX + 1];

        ucm_hex(source->data + serial.off, serial.len, text);
        json_member(out, "serial", text);
    } else {
        json_member(out, "serial", one->cert != NULL ? one->cert->serial_hex : NULL);
    }
}

static void add_role(GString *out, const struct ucm_record *record)
{
    const char *name = ucm_role_name(record->role);
    char number[8];

    if (!ucm_record_has(record, UCM_RECORD_ROLE)) {
        json_null(out, "role");
        return;
    }
    g_snprintf(number, sizeof number, "%u", record->role);
    json_member(out, "role", name != NULL ? name : number);
}

static void add_record(GString *out, const struct result *result,
                       const struct result_source *source, const struct ucm_list_record *one)
{
    static const char *const MISSING[] = {"sha1",       "sha256",    "key",
                                          "not_before", "not_after", "days_left"};
    const struct ucm_cert *cert = one->cert;

    json_item(out);
    g_string_append_c(out, '{');
    json_integer(out, "index", one->record.index);
    add_role(out, &one->record);
    add_name(out, "subject", source->data, one->record.value[UCM_RECORD_SUBJECT],
             cert != NULL ? cert->subject : NULL);
    add_name(out, "issuer", source->data, one->record.value[UCM_RECORD_ISSUER],
             cert != NULL ? cert->issuer : NULL);
    add_serial(out, source, one);
    if (cert != NULL) {
        json_hex(out, "sha1", cert->sha1, sizeof cert->sha1);
        json_hex(out, "sha256", cert->sha256, sizeof cert->sha256);
        json_member(out, "key", cert->key);
        json_time(out, "not_before", cert->not_before, cert->not_before);
        json_time(out, "not_after", cert->not_after, cert->not_after);
        json_time(out, "days_left", cert->not_after,
                  cert->not_after == UCM_TIME_NONE ? 0
                                                   : ucm_days_until(cert->not_after, result->now));
    } else {
        for (size_t i = 0; i < G_N_ELEMENTS(MISSING); i++)
            json_null(out, MISSING[i]);
    }
    g_string_append_c(out, '}');
}

static void add_signature(GString *out, const struct result_source *source)
{
    const struct ucm_report *report = &source->report;
    const struct ucm_trustlist *list = &report->list;
    const char *digest = ucm_digest_name(list->digest);
    char number[8];

    json_key(out, "signature");
    g_string_append_c(out, '{');
    json_member(out, "status", ucm_signature_status_name(report->signature.status));
    g_snprintf(number, sizeof number, "%u", list->digest);
    if (ucm_list_has(list, UCM_HEADER_DIGEST))
        json_member(out, "digest", digest != NULL ? digest : number);
    else
        json_null(out, "digest");
    add_name(out, "signer", source->data, list->value[UCM_HEADER_SIGNER_NAME], NULL);
    if (report->signature.record != 0)
        json_integer(out, "record", report->signature.record);
    else
        json_null(out, "record");
    g_string_append_c(out, '}');
}

static void add_source(GString *out, const struct result *result,
                       const struct result_source *source)
{
    static const char *const MISSING[] = {"kind", "filename", "sha1", "size", "signature"};

    json_item(out);
    g_string_append_c(out, '{');
    json_member(out, "source", source->name);
    if (source->judged) {
        const struct ucm_trustlist *list = &source->report.list;

        json_member(out, "kind", ucm_list_kind_name(list->kind));
        add_name(out, "filename", source->data, list->value[UCM_HEADER_FILENAME], NULL);
        json_member(out, "sha1", source->sha1[0] != '\0' ? source->sha1 : NULL);
        json_integer(out, "size", (int64_t)source->size);
        add_signature(out, source);
    } else {
        for (size_t i = 0; i < G_N_ELEMENTS(MISSING); i++)
            json_null(out, MISSING[i]);
    }
    json_key(out, "records");
    g_string_append_c(out, '[');
    for (uint32_t i = 0; source->judged && i < source->report.records; i++)
        add_record(out, result, source, &source->report.record[i]);
    g_string_append(out, "]}");
}

static void add_tvs(GString *out, const struct result_tvs *tvs)
{
    json_item(out);
    g_string_append_c(out, '{');
    json_member(out, "node", tvs->node);
    json_member(out, "stage", tvs->stage);
    json_member(out, "tls", tvs->tls);
    json_member(out, "cipher", tvs->cipher);
    json_member(out, "identity", tvs->identity);
    if (tvs->answered && tvs->status >= 0)
        json_integer(out, "status", tvs->status);
    else
        json_null(out, "status");
    json_key(out, "roles");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < tvs->roles->len; i++) {
        json_item(out);
        json_text(out, g_ptr_array_index(tvs->roles, i));
    }
    g_string_append_c(out, ']');
    if (tvs->answered && tvs->ttl >= 0)
        json_integer(out, "ttl", tvs->ttl);
    else
        json_null(out, "ttl");
    if (tvs->ms >= 0) {
        json_key(out, "ms");
        json_real(out, tvs->ms, 3);
    } else {
        json_null(out, "ms");
    }
    g_string_append_c(out, '}');
}

static void add_continuity(GString *out, const struct result *result)
{
    json_key(out, "continuity");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < result->continuity->len; i++) {
        const struct result_continuity *entry = g_ptr_array_index(result->continuity, i);

        json_item(out);
        g_string_append_c(out, '{');
        json_member(out, "source", entry->source);
        json_integer(out, "held_since", entry->held_since);
        json_member(out, "verdict", entry->verdict);
        json_member(out, "ctl", entry->ctl);
        json_member(out, "itl", entry->itl);
        json_member(out, "why", entry->why);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void add_finding(GString *out, const struct result_finding *finding)
{
    json_item(out);
    g_string_append_c(out, '{');
    json_member(out, "id", ucm_rule(finding->id)->id);
    json_member(out, "severity", ucm_severity_name(finding->severity));
    json_member(out, "where", finding->where);
    json_member(out, "text", finding->text);
    g_string_append_c(out, '}');
}

static void add_node(GString *out, const struct fleet_node *node)
{
    json_item(out);
    g_string_append_c(out, '{');
    json_member(out, "name", node->name);
    json_key(out, "looked");
    g_string_append(out, node->looked ? "true" : "false");
    json_member(out, "why", node->why);
    g_string_append_c(out, '}');
}

static void add_cluster(GString *out, const struct fleet_cluster *cluster)
{
    json_item(out);
    g_string_append_c(out, '{');
    json_member(out, "name", cluster->name);
    json_member(out, "mode", cluster->mode);
    json_member(out, "expected", cluster->expected);
    json_member(out, "version", cluster->version);
    json_key(out, "nodes");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < cluster->nodes->len; i++)
        add_node(out, g_ptr_array_index(cluster->nodes, i));
    g_string_append(out, "]}");
}

static void add_verdict(GString *out, const struct fleet_verdict *verdict)
{
    json_member(out, "ready", fleet_ready(verdict));
    json_key(out, "findings");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < verdict->ids->len; i++) {
        json_item(out);
        json_text(out, ucm_rule(g_array_index(verdict->ids, enum ucm_finding_id, i))->id);
    }
    g_string_append_c(out, ']');
    json_member(out, "why", verdict->why);
}

static void add_move(GString *out, const struct fleet_move *move)
{
    json_item(out);
    g_string_append_c(out, '{');
    json_member(out, "from", move->from);
    json_member(out, "to", move->to);
    add_verdict(out, &move->phones);
    if (move->emcc.asked) {
        json_key(out, "emcc");
        g_string_append_c(out, '{');
        add_verdict(out, &move->emcc);
        g_string_append_c(out, '}');
    } else {
        json_null(out, "emcc");
    }
    g_string_append_c(out, '}');
}

static void add_fleet(GString *out, const struct fleet *fleet)
{
    json_key(out, "clusters");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < fleet->clusters->len; i++)
        add_cluster(out, g_ptr_array_index(fleet->clusters, i));
    g_string_append_c(out, ']');
    json_key(out, "moves");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < fleet->moves->len; i++)
        add_move(out, g_ptr_array_index(fleet->moves, i));
    g_string_append_c(out, ']');
}

static void add_perfdata(GString *out, const struct result *result)
{
    json_key(out, "perfdata");
    g_string_append_c(out, '{');
    for (unsigned i = 0; i < result->perf->len; i++) {
        const struct result_perf *perf = g_ptr_array_index(result->perf, i);

        json_key(out, perf->label);
        if (perf->known)
            json_real(out, perf->value, perf->decimals);
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

    json_member(out, "check", result->check);
    json_member(out, "state", plugin_state_name(result->state));
    json_member(out, "summary", summary);
    json_integer(out, "now", result->now);
    json_key(out, "sources");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < result->sources->len; i++)
        add_source(out, result, g_ptr_array_index(result->sources, i));
    g_string_append_c(out, ']');
    json_key(out, "tvs");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < result->tvs->len; i++)
        add_tvs(out, g_ptr_array_index(result->tvs, i));
    g_string_append_c(out, ']');
    if (result->continuity != NULL)
        add_continuity(out, result);
    if (result->fleet != NULL)
        add_fleet(out, result->fleet);
    if (result->stores != NULL)
        output_stores_json(out, result);
    if (result->requests != NULL)
        output_trace_json(out, result);
    if (result->plan_json != NULL) {
        json_key(out, "plan");
        g_string_append(out, result->plan_json);
    }
    json_key(out, "findings");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < result->findings->len; i++)
        add_finding(out, g_ptr_array_index(result->findings, i));
    g_string_append_c(out, ']');
    add_perfdata(out, result);
    g_string_append(out, "}\n");
    return out;
}
