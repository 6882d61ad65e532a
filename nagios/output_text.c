/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The facts as Monitoring Plugins print them: one line with all performance data, then details.
 * Must not judge. Engines keep 8 KB, so long output is cut at a whole line and says so.
 */
#include "output_stores.h"
#include "output_trace.h"
#include "result.h"

#include <string.h>

enum {
    OUTPUT_MAX = 8000,
    MATRIX_FIRST = 2500, /* a matrix up to this size stands before the findings */
    FINDINGS_ALL = 40,   /* findings that are all printed; of more, a few of each kind */
    FINDINGS_EACH = 4,
};

static void add_label(GString *out, const char *label)
{
    const bool plain = strpbrk(label, " \t") == NULL;

    g_string_append_printf(out, plain ? "%s=" : "'%s'=", label);
}

static void add_perf(GString *out, const struct result_perf *perf)
{
    char value[G_ASCII_DTOSTR_BUF_SIZE];
    char format[8];
    gsize end = 0;
    const gsize start = out->len;

    add_label(out, perf->label);
    if (perf->known) {
        g_snprintf(format, sizeof format, "%%.%df", perf->decimals);
        g_string_append(out, g_ascii_formatd(value, sizeof value, format, perf->value));
        g_string_append(out, perf->unit);
    } else {
        g_string_append_c(out, 'U');
    }
    g_string_append_printf(out, ";%s;%s;%s", perf->warning, perf->critical, perf->limits);
    /* Trailing empty fields may be left out. */
    for (end = out->len; end > start && out->str[end - 1] == ';'; end--)
        continue;
    g_string_truncate(out, end);
}

static const char *role_text(const struct ucm_record *record, char *room, size_t size)
{
    return ucm_record_has(record, UCM_RECORD_ROLE) ? ucm_role_text(record->role, room, size)
                                                   : UCM_TEXT_NO_ROLE;
}

static void add_record(GString *out, const struct result *result,
                       const struct result_source *source, const struct ucm_list_record *one)
{
    const struct ucm_view subject = one->record.value[UCM_RECORD_SUBJECT];
    const struct ucm_view dns = one->record.value[UCM_RECORD_DNS_NAME];
    const struct ucm_view named = subject.len > 0 ? subject : dns;
    g_autofree char *name = one->cert != NULL
                                ? printable_text(one->cert->subject)
                                : printable_bytes(source->data + named.off, named.len);
    char room[24];

    g_string_append_printf(out, "  %u %s: %s", one->record.index,
                           role_text(&one->record, room, sizeof room), name);
    if (one->cert != NULL && one->cert->not_after == UCM_TIME_NONE) {
        g_string_append_printf(out, ", %s, until an unreadable date", one->cert->key);
    } else if (one->cert != NULL) {
        char span[32];
        char date[32];

        ucm_span_text(one->cert->not_after, result->now, span, sizeof span);
        ucm_date_text(one->cert->not_after, date, sizeof date);
        g_string_append_printf(out,
                               one->cert->not_after < result->now ? ", %s, expired %s ago on %s"
                                                                  : ", %s, %s left, until %s",
                               one->cert->key, span, date);
    } else {
        g_string_append(out, ", " UCM_TEXT_NO_CERTIFICATE);
    }
    g_string_append_c(out, '\n');
}

static void add_source(GString *out, const struct result *result,
                       const struct result_source *source)
{
    const struct ucm_report *report = &source->report;
    const struct ucm_trustlist *list = &report->list;
    char signed_at[32] = "without a date";

    g_string_append_printf(out, "%s", source->name);
    if (source->origin != NULL && strcmp(source->origin, source->name) != 0)
        g_string_append_printf(out, " from %s", source->origin);
    if (!source->judged) {
        g_string_append(out, ": nothing came that could be judged\n");
        return;
    }
    if (ucm_list_has(list, UCM_HEADER_TIMESTAMP))
        ucm_time_text(list->timestamp, signed_at, sizeof signed_at);
    g_string_append_printf(out, ": %s version %d.%d, %zu bytes, %u record%s, written %s",
                           ucm_list_kind_name(list->kind), list->version >> 8, list->version & 0xff,
                           source->size, report->records, report->records == 1 ? "" : "s",
                           signed_at);
    g_string_append_printf(out, source->sha1[0] != '\0' ? ", SHA-1 %s\n" : "%s\n", source->sha1);
    {
        const struct ucm_view name = list->value[UCM_HEADER_SIGNER_NAME];
        g_autofree char *signer = printable_bytes(source->data + name.off, name.len);

        g_string_append_printf(out, "  signature %s (%s) by %s",
                               ucm_signature_status_name(report->signature.status),
                               ucm_digest_text(list->digest), signer);
    }
    if (report->signature.record != 0)
        g_string_append_printf(out, ", record %u", report->signature.record);
    g_string_append_c(out, '\n');
    for (uint32_t i = 0; i < report->records; i++)
        add_record(out, result, source, &report->record[i]);
}

static void add_tvs(GString *out, const struct result_tvs *tvs)
{
    g_string_append_printf(out, "%s: ", tvs->node);
    if (tvs->ms >= 0)
        g_string_append_printf(out, "answered in %.0f ms", tvs->ms);
    else if (tvs->only_seen)
        g_string_append(out, "runs, was not asked");
    else
        g_string_append_printf(out, "no answer, stage: %s", tvs->stage);
    if (tvs->tls != NULL)
        g_string_append_printf(out, ", %s %s", tvs->tls, tvs->cipher);
    if (tvs->identity != NULL)
        g_string_append_printf(out, ", server %s", tvs->identity);
    if (tvs->answered && tvs->status >= 0) {
        const char *name = ucm_tvs_status_name((uint32_t)tvs->status);

        g_string_append_printf(out, ", status %d (%s), ", tvs->status,
                               name != NULL ? name : "unknown status");
        if (tvs->roles->len == 0)
            g_string_append(out, UCM_TEXT_NO_ROLE);
        for (unsigned i = 0; i < tvs->roles->len; i++)
            g_string_append_printf(out, "%s%s", i == 0 ? "roles " : "+",
                                   (const char *)g_ptr_array_index(tvs->roles, i));
        if (tvs->ttl >= 0)
            g_string_append_printf(out, ", TTL %lld s", (long long)tvs->ttl);
    }
    g_string_append_c(out, '\n');
}

static void add_continuity(GString *out, const struct result_continuity *entry)
{
    char date[32];

    ucm_date_text(entry->held_since, date, sizeof date);
    g_string_append_printf(out, "%s: a phone with its lists of %s: %s (%s)\n", entry->source, date,
                           entry->verdict, entry->why);
}

/* What a rule means and what to do is said where it is met first. */
static void add_finding(GString *out, const struct result_finding *finding, bool explain)
{
    const struct ucm_rule *rule = ucm_rule(finding->id);

    g_string_append_printf(out, "%s %s %s: %s\n", ucm_severity_name(finding->severity), rule->id,
                           finding->where, finding->text);
    if (finding->severity != UCM_NOTE && explain)
        g_string_append_printf(out, "  means: %s\n  do: %s\n", rule->meaning, rule->remedy);
}

static void add_findings(GString *out, const struct result *result)
{
    const unsigned most = result->findings->len > FINDINGS_ALL ? FINDINGS_EACH : G_MAXUINT;
    unsigned met[UCM_FINDING_COUNT] = {0};

    for (unsigned i = 0; i < result->findings->len; i++) {
        const struct result_finding *finding = g_ptr_array_index(result->findings, i);

        if (met[finding->id]++ < most)
            add_finding(out, finding, met[finding->id] == 1);
    }
    for (unsigned id = 0; id < UCM_FINDING_COUNT; id++)
        if (met[id] > most)
            g_string_append_printf(out, "and %u more of %s\n", met[id] - most,
                                   ucm_rule((enum ucm_finding_id)id)->id);
    if (result->unlisted > 0)
        g_string_append_printf(out, "and %u more finding%s, beyond what is kept\n",
                               result->unlisted, result->unlisted == 1 ? "" : "s");
}

/* Findings first, after a matrix that is short: when the engine cuts, they are what must stay. */
static GString *long_output(const struct result *result)
{
    GString *out = g_string_new(NULL);
    GString *matrix = g_string_new(NULL);

    if (result->fleet != NULL)
        fleet_matrix(matrix, result->fleet);
    if (matrix->len <= MATRIX_FIRST)
        g_string_append_len(out, matrix->str, (gssize)matrix->len);
    add_findings(out, result);
    if (matrix->len > MATRIX_FIRST)
        g_string_append_len(out, matrix->str, (gssize)matrix->len);
    g_string_free(matrix, TRUE);
    for (unsigned i = 0; result->continuity != NULL && i < result->continuity->len; i++)
        add_continuity(out, g_ptr_array_index(result->continuity, i));
    for (unsigned i = 0; i < result->tvs->len; i++)
        add_tvs(out, g_ptr_array_index(result->tvs, i));
    for (unsigned i = 0; i < result->sources->len; i++)
        add_source(out, result, g_ptr_array_index(result->sources, i));
    if (result->stores != NULL)
        output_stores_text(out, result);
    if (result->requests != NULL)
        output_trace_text(out, result);
    return out;
}

static void cut(GString *out, gsize room)
{
    unsigned lines = 0;
    gsize end = MIN(out->len, room);

    if (out->len <= room)
        return;
    while (end > 0 && out->str[end - 1] != '\n')
        end--;
    for (gsize i = end; i < out->len; i++)
        lines += out->str[i] == '\n' ? 1 : 0;
    g_string_truncate(out, end);
    g_string_append_printf(out, "\xe2\x80\xa6 %u more line%s\n", lines, lines == 1 ? "" : "s");
}

GString *result_text(const struct result *result)
{
    g_autofree char *ignored = result_ignored_text(result);
    GString *out = g_string_new(plugin_state_name(result->state));

    g_string_append_printf(out, " - %s%s |", result->summary, ignored);
    /* Nagios stores a colon for each semicolon of a status line: it shall keep what was printed. */
    g_strdelimit(out->str, ";", ',');
    for (unsigned i = 0; i < result->perf->len; i++) {
        g_string_append_c(out, ' ');
        add_perf(out, g_ptr_array_index(result->perf, i));
    }
    g_string_append_c(out, '\n');
    if (result->verbose) {
        GString *details = long_output(result);

        cut(details, out->len < OUTPUT_MAX ? OUTPUT_MAX - out->len : 0);
        if (result->plan_text != NULL)
            g_string_append_c(details, '\n');
        g_string_append_len(out, details->str, (gssize)details->len);
        g_string_free(details, TRUE);
    }
    if (result->plan_text != NULL) /* never cut: whoever asks for a plan needs all of it */
        g_string_append(out, result->plan_text);
    return out;
}
