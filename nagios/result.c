/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Collects facts and makes the state from them. Must not print.
 * Facts: severities of common/finding.h; labels by the Monitoring Plugins guidelines.
 */
#include "result.h"

#include <string.h>

enum { COMMON_NAME_MAX = 80 }; /* characters */

static void finding_free(gpointer item)
{
    struct result_finding *finding = item;

    g_free(finding->where);
    g_free(finding->text);
    g_free(finding);
}

static void perf_free(gpointer item)
{
    struct result_perf *perf = item;

    g_free(perf->label);
    g_free(perf->warning);
    g_free(perf->critical);
    g_free(perf);
}

static void source_free(gpointer item)
{
    struct result_source *source = item;

    if (source->judged)
        ucm_report_free(&source->report);
    g_free(source->name);
    g_free(source->origin);
    g_free(source->data);
    g_free(source);
}

static void tvs_free(gpointer item)
{
    struct result_tvs *tvs = item;

    g_free(tvs->node);
    g_free(tvs->tls);
    g_free(tvs->cipher);
    g_free(tvs->identity);
    g_ptr_array_unref(tvs->roles);
    g_free(tvs);
}

static void request_free(gpointer item)
{
    struct result_request *request = item;

    g_free(request->where);
    g_free(request->time);
    g_free(request->address);
    g_free(request->device);
    g_free(request->server);
    g_free(request->subject);
    g_free(request->issuer);
    g_free(request->serial);
    g_free(request->cipher);
    g_free(request->request);
    g_free(request->answer);
    g_free(request);
}

struct result *result_new(const char *check, int64_t now)
{
    struct result *result = g_new0(struct result, 1);

    result->check = check;
    result->now = now;
    result->sources = g_ptr_array_new_with_free_func(source_free);
    result->tvs = g_ptr_array_new_with_free_func(tvs_free);
    result->findings = g_ptr_array_new_with_free_func(finding_free);
    result->perf = g_ptr_array_new_with_free_func(perf_free);
    return result;
}

void result_free(struct result *result)
{
    g_ptr_array_unref(result->sources);
    g_ptr_array_unref(result->tvs);
    if (result->continuity != NULL)
        g_ptr_array_unref(result->continuity);
    if (result->stores != NULL)
        g_ptr_array_unref(result->stores);
    if (result->requests != NULL)
        g_ptr_array_unref(result->requests);
    if (result->fleet != NULL)
        fleet_free(result->fleet);
    g_ptr_array_unref(result->findings);
    g_ptr_array_unref(result->perf);
    g_free(result->summary);
    g_free(result->plan_text);
    g_free(result->plan_json);
    g_free(result);
}

/* The name, or the name with a number when another source has it already. */
static char *distinct_name(const struct result *result, const char *name)
{
    g_autofree char *plain = printable_text(name);
    char *made = g_strdup(plain);

    for (unsigned number = 2;; number++) {
        bool taken = false;

        for (unsigned i = 0; i < result->sources->len && !taken; i++) {
            const struct result_source *other = g_ptr_array_index(result->sources, i);

            taken = strcmp(other->name, made) == 0;
        }
        for (unsigned i = 0; i < result->tvs->len && !taken; i++) {
            const struct result_tvs *other = g_ptr_array_index(result->tvs, i);

            taken = strcmp(other->node, made) == 0;
        }
        if (!taken)
            return made;
        g_free(made);
        made = g_strdup_printf("%s#%u", plain, number);
    }
}

struct result_source *result_add_source(struct result *result, const char *name)
{
    struct result_source *source = g_new0(struct result_source, 1);

    source->name = distinct_name(result, name);
    g_ptr_array_add(result->sources, source);
    return source;
}

struct result_tvs *result_add_tvs(struct result *result, const char *node)
{
    struct result_tvs *tvs = g_new0(struct result_tvs, 1);

    tvs->node = distinct_name(result, node);
    tvs->roles = g_ptr_array_new_with_free_func(g_free);
    tvs->stage = "start";
    tvs->status = -1;
    tvs->ttl = -1;
    tvs->ms = -1;
    g_ptr_array_add(result->tvs, tvs);
    return tvs;
}

void result_want_requests(struct result *result)
{
    if (result->requests == NULL)
        result->requests = g_ptr_array_new_with_free_func(request_free);
}

struct result_request *result_add_request(struct result *result)
{
    struct result_request *request = g_new0(struct result_request, 1);

    request->session = -1;
    request->found = -1;
    result_want_requests(result);
    g_ptr_array_add(result->requests, request);
    return request;
}

enum plugin_state result_state_of(enum ucm_severity severity)
{
    switch (severity) {
    case UCM_NOTE:
        return STATE_OK;
    case UCM_WARNING:
        return STATE_WARNING;
    case UCM_UNSURE:
        return STATE_UNKNOWN;
    case UCM_ERROR:
        break;
    }
    return STATE_CRITICAL;
}

bool result_add_finding(struct result *result, enum ucm_finding_id id, enum ucm_severity severity,
                        enum plugin_state state, const char *where, const char *text)
{
    struct result_finding *finding = NULL;

    if (result->ignore[id]) {
        result->ignored[id]++;
        return false;
    }
    finding = g_new0(struct result_finding, 1);
    finding->id = id;
    finding->severity = severity;
    finding->state = state == STATE_UNSET ? result_state_of(severity) : state;
    finding->where = g_strdup(where);
    finding->text = g_strdup(text);
    g_ptr_array_add(result->findings, finding);
    return true;
}

bool result_add_rule(struct result *result, enum ucm_finding_id id, enum plugin_state state,
                     const char *where, const char *detail)
{
    const struct ucm_rule *rule = ucm_rule(id);
    g_autofree char *printable = printable_text(detail);
    g_autofree char *text =
        detail == NULL ? g_strdup(rule->what) : g_strdup_printf("%s (%s)", rule->what, printable);

    return result_add_finding(result, id, rule->severity, state, where, text);
}

void result_add_findings(struct result *result, const struct ucm_findings *findings,
                         const uint8_t *data, const char *where)
{
    for (uint32_t i = 0; i < findings->stored; i++) {
        const struct ucm_finding *finding = &findings->item[i];
        char text[UCM_TEXT_MAX];

        ucm_finding_text(finding, data, text, sizeof text);
        result_add_finding(result, finding->id, finding->severity, STATE_UNSET, where, text);
    }
    result_add_unstored(result, findings);
}

void result_add_unstored(struct result *result, const struct ucm_findings *findings)
{
    if (findings->count == findings->stored)
        return;
    result->unlisted += findings->count - findings->stored;
    result->state = plugin_worse(result->state, result_state_of(findings->worst));
}

char *result_ignored_text(const struct result *result)
{
    GString *text = g_string_new(NULL);

    for (unsigned id = 0; id < UCM_FINDING_COUNT; id++)
        if (result->ignored[id] > 0)
            g_string_append_printf(text, ", ignored: %s", ucm_rule((enum ucm_finding_id)id)->id);
    return g_string_free(text, FALSE);
}

/* Engines read "::" as their own separator, and '=', '|' and quotes end a label. A name may be of a
 * command line, and hold ends of lines. */
static char *label_of(const char *name, const char *suffix)
{
    const size_t size = strlen(name);
    const size_t room = 4 * size + 4; /* never cut: it is distinct from other labels */
    g_autofree char *printable = g_malloc(room);
    GString *label = g_string_new(NULL);
    char last = '\0';

    ucm_escape((const uint8_t *)name, size, printable, room);
    for (const char *c = printable; *c != '\0'; c++) {
        const bool unfit =
            *c == '=' || *c == '\'' || *c == '"' || *c == '|' || (*c == ':' && last == ':');

        last = unfit ? '_' : *c;
        g_string_append_c(label, last);
    }
    g_string_append(label, suffix);
    return g_string_free(label, FALSE);
}

struct result_perf *result_add_perf(struct result *result, const char *name, const char *suffix,
                                    const char *unit, int decimals)
{
    struct result_perf *perf = g_new0(struct result_perf, 1);

    perf->label = label_of(name, suffix);
    perf->unit = unit;
    perf->decimals = decimals;
    perf->warning = g_strdup("");
    perf->critical = g_strdup("");
    perf->limits = "";
    g_ptr_array_add(result->perf, perf);
    return perf;
}

void result_add_count(struct result *result, const char *name, const char *suffix, size_t count)
{
    struct result_perf *perf = result_add_perf(result, name, suffix, "", 0);

    perf->known = true;
    perf->value = (double)count;
    perf->limits = "0;";
}

struct result_perf *result_add_days(struct result *result, const char *name, int warning,
                                    int critical)
{
    struct result_perf *perf = result_add_perf(result, name, "_min_days", "", 0);

    g_free(perf->warning);
    g_free(perf->critical);
    perf->warning = g_strdup_printf("%d:", warning);
    perf->critical = g_strdup_printf("%d:", critical);
    return perf;
}

/* Worst first; the order in which they were met stays (the sort is stable). */
static int compare(gconstpointer a, gconstpointer b)
{
    const struct result_finding *const *one = a;
    const struct result_finding *const *other = b;

    return plugin_rank((*other)->state) - plugin_rank((*one)->state);
}

void result_conclude(struct result *result)
{
    unsigned count = result->unlisted;

    g_ptr_array_sort(result->findings, compare);
    for (unsigned i = 0; i < result->findings->len; i++) {
        const struct result_finding *finding = g_ptr_array_index(result->findings, i);

        result->state = plugin_worse(result->state, finding->state);
        if (finding->severity != UCM_NOTE)
            count++;
    }
    result_add_count(result, "findings", "", count);
}

bool result_add_named(const struct result *result, GString *text)
{
    const struct result_finding *named = NULL;
    unsigned others = result->unlisted;

    for (unsigned i = 0; i < result->findings->len; i++) {
        const struct result_finding *finding = g_ptr_array_index(result->findings, i);

        if (finding->severity == UCM_NOTE)
            continue;
        if (named == NULL)
            named = finding;
        else
            others++;
    }
    if (named == NULL && others == 0)
        return false;
    if (named == NULL)
        g_string_append_printf(text, "%u findings, more than are kept", others);
    else
        g_string_append_printf(text, "%s: %s [%s]", named->where, named->text,
                               ucm_rule(named->id)->id);
    if (named != NULL && others > 0)
        g_string_append_printf(text, " and %u more", others);
    return true;
}

char *result_common_name(const char *subject)
{
    g_autofree char *printable = printable_bytes(subject, strcspn(subject, ";"));

    if (g_utf8_strlen(printable, -1) <= COMMON_NAME_MAX)
        return g_steal_pointer(&printable);
    g_utf8_offset_to_pointer(printable, COMMON_NAME_MAX)[0] = '\0';
    return g_strconcat(printable, "...", NULL);
}

char *result_days_text(int64_t days)
{
    return g_strdup_printf("%lld day%s", (long long)days, days == 1 || days == -1 ? "" : "s");
}

void result_not_written(struct result *result, const char *what, const char *why)
{
    g_autofree char *summary = NULL;

    if (why == NULL)
        return;
    result->state = plugin_worse(result->state, STATE_UNKNOWN);
    summary = result->summary;
    result->summary = g_strdup_printf("%s, %s could not be written: %s", summary, what, why);
}
