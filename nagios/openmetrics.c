/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Metrics: see openmetrics.h. Must not judge.
 * Facts: node_exporter takes *.prom without timestamps, and fails altogether when two files have
 * the same series or one metric with two texts of HELP: so every series has the label `service`,
 * and texts of HELP are constant. Times are gauges of Unix seconds, units are part of the name.
 */
#include "openmetrics.h"

#include "openmetrics_text.h"
#include "whole_file.h"

#include "common/store_rules.h"

#include <string.h>

enum { CERTIFICATES_MAX = 5000 }; /* series; those that expire last are left out */

/* ---- the run itself ---- */

static void add_run(struct metrics *out, const struct result *result)
{
    static const struct metric STATE = {"ucmtrust_check_state", "",
                                        "0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN."};
    static const struct metric MOMENT = {"ucmtrust_check_timestamp_seconds", "seconds",
                                         "When the check ran, Unix time."};
    static const struct metric DURATION = {"ucmtrust_check_duration_seconds", "seconds",
                                           "How long it took."};

    metrics_add(out, &STATE, result->state, NULL);
    metrics_add(out, &MOMENT, (double)result->now, NULL);
    metrics_add(out, &DURATION, plugin_seconds(), NULL);
}

/* ---- findings ---- */

static void add_finding_kinds(struct metrics *out, const struct result *result)
{
    static const struct metric KIND = {"ucmtrust_finding_places", "",
                                       "In how many places this was found; absent: in none."};
    enum { SEVERITIES = UCM_ERROR + 1 };
    unsigned count[UCM_FINDING_COUNT][SEVERITIES] = {{0}};

    for (unsigned i = 0; i < result->findings->len; i++) {
        const struct result_finding *finding = g_ptr_array_index(result->findings, i);

        count[finding->id][finding->severity]++;
    }
    for (unsigned id = 0; id < UCM_FINDING_COUNT; id++)
        for (unsigned severity = 0; severity < SEVERITIES; severity++)
            if (count[id][severity] > 0)
                metrics_add(out, &KIND, count[id][severity], "id",
                            ucm_rule((enum ucm_finding_id)id)->id, "severity",
                            ucm_severity_name((enum ucm_severity)severity), NULL);
}

static void add_findings(struct metrics *out, const struct result *result)
{
    static const struct metric ALL = {"ucmtrust_findings", "", "Findings by severity."};
    static const struct metric UNLISTED = {"ucmtrust_findings_unlisted", "",
                                           "More findings than are kept, of any severity."};
    static const struct metric IGNORED = {"ucmtrust_findings_ignored", "",
                                          "Findings that were dropped by name."};
    static const enum ucm_severity SEVERITIES[] = {UCM_NOTE, UCM_WARNING, UCM_UNSURE, UCM_ERROR};

    for (size_t k = 0; k < G_N_ELEMENTS(SEVERITIES); k++) {
        unsigned count = 0;

        for (unsigned i = 0; i < result->findings->len; i++)
            count +=
                ((const struct result_finding *)g_ptr_array_index(result->findings, i))->severity ==
                        SEVERITIES[k]
                    ? 1
                    : 0;
        metrics_add(out, &ALL, count, "severity", ucm_severity_name(SEVERITIES[k]), NULL);
    }
    metrics_add(out, &UNLISTED, result->unlisted, NULL);
    add_finding_kinds(out, result);
    for (unsigned id = 0; id < UCM_FINDING_COUNT; id++)
        if (result->ignored[id] > 0)
            metrics_add(out, &IGNORED, result->ignored[id], "id",
                        ucm_rule((enum ucm_finding_id)id)->id, NULL);
}

/* ---- trust lists ---- */

static void add_sources(struct metrics *out, const struct result *result)
{
    static const struct metric LOOKED = {"ucmtrust_source_looked_at", "",
                                         "1: the list was there and could be judged."};
    static const struct metric SIZE = {"ucmtrust_source_size_bytes", "bytes", "Size of the list."};
    static const struct metric VALID = {"ucmtrust_source_signature_valid", "",
                                        "1: the signature of the list is valid."};
    static const struct metric FIRST = {
        "ucmtrust_source_first_expiry_timestamp_seconds", "seconds",
        "When the first certificate of the list expires, Unix time."};
    const GPtrArray *sources = result->sources;
    const struct result_source *source = NULL;

    for (unsigned i = 0; i < sources->len; i++) {
        source = g_ptr_array_index(sources, i);
        metrics_add(out, &LOOKED, source->judged ? 1 : 0, "source", source->name, NULL);
    }
    for (unsigned i = 0; i < sources->len; i++) {
        source = g_ptr_array_index(sources, i);
        if (source->judged)
            metrics_add(out, &SIZE, (double)source->size, "source", source->name, NULL);
    }
    for (unsigned i = 0; i < sources->len; i++) {
        source = g_ptr_array_index(sources, i);
        if (source->judged)
            metrics_add(out, &VALID, source->report.signature.status == UCM_SIGNATURE_VALID ? 1 : 0,
                        "source", source->name, NULL);
    }
    for (unsigned i = 0; i < sources->len; i++) {
        const struct ucm_list_record *first = NULL;

        source = g_ptr_array_index(sources, i);
        if (source->judged)
            first = ucm_report_first_to_expire(&source->report);
        if (first != NULL)
            metrics_add(out, &FIRST, (double)first->cert->not_after, "source", source->name, NULL);
    }
}

static void add_continuity(struct metrics *out, const struct result *result)
{
    static const struct metric HELD = {
        "ucmtrust_continuity_lists", "",
        "Older pairs of lists that phones may hold, by what becomes of these phones."};

    for (unsigned i = 0; result->continuity != NULL && i < result->continuity->len; i++) {
        const struct result_continuity *entry = g_ptr_array_index(result->continuity, i);
        unsigned count = 0;
        bool said = false;

        for (unsigned k = 0; k < result->continuity->len; k++) {
            const struct result_continuity *other = g_ptr_array_index(result->continuity, k);
            const bool same = strcmp(entry->source, other->source) == 0 &&
                              strcmp(entry->verdict, other->verdict) == 0;

            count += same ? 1 : 0;
            said = said || (same && k < i);
        }
        if (!said)
            metrics_add(out, &HELD, count, "source", entry->source, "verdict", entry->verdict,
                        NULL);
    }
}

/* ---- certificates ---- */

/** A series; the labels are its key. */
struct expiry {
    char *labels;
    int64_t not_after;
    unsigned order;
};

static void expiry_free(gpointer item)
{
    struct expiry *expiry = item;

    g_free(expiry->labels);
    g_free(expiry);
}

/** All of them, each once: the same certificate on many nodes is one series. */
struct expiries {
    GPtrArray *all;      /**< of struct expiry */
    GHashTable *by_name; /**< labels to the same */
};

/* Two certificates that only differ in what is no label are one series: that which expires first.
 * Takes labels. */
static void add_expiry(struct expiries *expiries, char *labels, int64_t not_after)
{
    struct expiry *expiry = g_hash_table_lookup(expiries->by_name, labels);

    if (expiry != NULL) {
        expiry->not_after = MIN(expiry->not_after, not_after);
        g_free(labels);
        return;
    }
    expiry = g_new0(struct expiry, 1);
    expiry->labels = labels;
    expiry->not_after = not_after;
    expiry->order = expiries->all->len;
    g_ptr_array_add(expiries->all, expiry);
    g_hash_table_insert(expiries->by_name, labels, expiry);
}

/* As JSON has it: the record's own words, else those of its certificate. */
static char *subject_of(const struct result_source *source, const struct ucm_list_record *one)
{
    const struct ucm_view view = one->record.value[UCM_RECORD_SUBJECT];

    return view.len > 0 ? printable_bytes(source->data + view.off, view.len)
                        : printable_text(one->cert->subject);
}

static void collect_records(const struct metrics *out, const struct result_source *source,
                            struct expiries *expiries)
{
    for (uint32_t i = 0; source->judged && i < source->report.records; i++) {
        const struct ucm_list_record *one = &source->report.record[i];
        const char *name = ucm_role_name(one->record.role);
        g_autofree char *subject = NULL;
        char role[16] = "";
        char number[16];

        if (one->cert == NULL || one->cert->not_after == UCM_TIME_NONE)
            continue;
        subject = subject_of(source, one);
        if (ucm_record_has(&one->record, UCM_RECORD_ROLE))
            g_snprintf(role, sizeof role, "%u", one->record.role);
        g_snprintf(number, sizeof number, "%u", one->record.index);
        add_expiry(expiries,
                   metrics_labels(out, "source", source->name, "record", number, "role",
                                  *role != '\0' && name != NULL ? name : role, "subject", subject,
                                  "serial", one->cert->serial_hex, NULL),
                   one->cert->not_after);
    }
}

static bool has_date(const struct ucm_stored *item)
{
    return (item->certificate->known & UCM_KNOWN_NOT_AFTER) != 0 &&
           item->certificate->cert.not_after != UCM_TIME_NONE;
}

static void collect_stored(const struct metrics *out, const struct ucm_stores *stores,
                           struct expiries *expiries)
{
    for (uint32_t i = 0; i < stores->count; i++) {
        const struct ucm_stored *item = &stores->item[i];
        const struct ucm_stored_cert *certificate = item->certificate;
        const char *store = ucm_store_name(item->store);
        const bool named = (certificate->known & UCM_KNOWN_SUBJECT) != 0;
        const bool numbered = (certificate->known & UCM_KNOWN_SERIAL) != 0;

        if (has_date(item))
            add_expiry(expiries,
                       metrics_labels(out, "cluster", stores->name, "store",
                                      store != NULL ? store : "", "subject",
                                      named ? certificate->cert.subject : "", "serial",
                                      numbered ? certificate->cert.serial_hex : "", NULL),
                       certificate->cert.not_after);
    }
}

static int by_expiry(gconstpointer a, gconstpointer b)
{
    const struct expiry *const *one = a;
    const struct expiry *const *other = b;

    if ((*one)->not_after != (*other)->not_after)
        return (*one)->not_after < (*other)->not_after ? -1 : 1;
    return (*one)->order < (*other)->order ? -1 : 1;
}

static void add_certificates(struct metrics *out, const struct result *result)
{
    static const struct metric EXPIRY = {
        "ucmtrust_certificate_expiry_timestamp_seconds", "seconds",
        "When a certificate of a list or a store expires, Unix time."};
    static const struct metric LEFT_OUT = {
        "ucmtrust_certificates_left_out", "",
        "Certificates without a series of their own: there are too many, and they expire last."};
    struct expiries expiries = {g_ptr_array_new_with_free_func(expiry_free),
                                g_hash_table_new(g_str_hash, g_str_equal)};

    for (unsigned i = 0; i < result->sources->len; i++)
        collect_records(out, g_ptr_array_index(result->sources, i), &expiries);
    for (unsigned i = 0; result->stores != NULL && i < result->stores->len; i++)
        collect_stored(out, g_ptr_array_index(result->stores, i), &expiries);
    g_ptr_array_sort(expiries.all, by_expiry);
    for (unsigned i = 0; i < MIN(expiries.all->len, CERTIFICATES_MAX); i++) {
        const struct expiry *expiry = g_ptr_array_index(expiries.all, i);

        metrics_add_labelled(out, &EXPIRY, (double)expiry->not_after, expiry->labels);
    }
    metrics_add(out, &LEFT_OUT, expiries.all->len - MIN(expiries.all->len, CERTIFICATES_MAX), NULL);
    g_hash_table_unref(expiries.by_name);
    g_ptr_array_unref(expiries.all);
}

/* ---- trust stores ---- */

static void add_stores(struct metrics *out, const struct result *result)
{
    static const struct metric COUNT = {"ucmtrust_store_certificates", "",
                                        "Certificates in the stores of a cluster."};
    static const struct metric FIRST = {
        "ucmtrust_store_first_expiry_timestamp_seconds", "seconds",
        "When the first certificate that a service of the cluster uses expires, Unix time."};
    const unsigned clusters = result->stores != NULL ? result->stores->len : 0;

    for (unsigned i = 0; i < clusters; i++) {
        const struct ucm_stores *stores = g_ptr_array_index(result->stores, i);

        metrics_add(out, &COUNT, stores->count, "cluster", stores->name, NULL);
    }
    for (unsigned i = 0; i < clusters; i++) {
        const struct ucm_stores *stores = g_ptr_array_index(result->stores, i);
        const struct ucm_stored *first = ucm_stores_first_to_expire(stores);

        if (first != NULL)
            metrics_add(out, &FIRST, (double)first->certificate->cert.not_after, "cluster",
                        stores->name, NULL);
    }
}

/* ---- TVS ---- */

static void add_tvs(struct metrics *out, const struct result *result)
{
    static const struct metric ANSWERED = {"ucmtrust_tvs_answered", "",
                                           "1: the TVS node gave a whole answer in time."};
    static const struct metric SECONDS = {"ucmtrust_tvs_answer_seconds", "seconds",
                                          "From connecting to the answer of the TVS node."};
    static const struct metric STATUS = {"ucmtrust_tvs_status", "",
                                         "Status in the answer, 0: found and trusted."};
    const struct result_tvs *tvs = NULL;

    for (unsigned i = 0; i < result->tvs->len; i++) {
        tvs = g_ptr_array_index(result->tvs, i);
        metrics_add(out, &ANSWERED, tvs->ms >= 0 ? 1 : 0, "node", tvs->node, NULL);
    }
    for (unsigned i = 0; i < result->tvs->len; i++) {
        tvs = g_ptr_array_index(result->tvs, i);
        if (tvs->ms >= 0)
            metrics_add(out, &SECONDS, tvs->ms / 1000, "node", tvs->node, NULL);
    }
    for (unsigned i = 0; i < result->tvs->len; i++) {
        tvs = g_ptr_array_index(result->tvs, i);
        if (tvs->answered && tvs->status >= 0)
            metrics_add(out, &STATUS, tvs->status, "node", tvs->node, NULL);
    }
}

/* ---- clusters ---- */

static void add_clusters(struct metrics *out, const struct fleet *fleet)
{
    static const struct metric STATE = {"ucmtrust_cluster_state", "",
                                        "The worst that was found of a cluster, as a state."};
    static const struct metric SEEN = {"ucmtrust_node_seen", "", "1: the node could be looked at."};

    for (unsigned i = 0; i < fleet->clusters->len; i++) {
        const struct fleet_cluster *cluster = g_ptr_array_index(fleet->clusters, i);

        if (cluster->judged)
            metrics_add(out, &STATE, cluster->state, "cluster", cluster->name, NULL);
    }
    for (unsigned i = 0; i < fleet->clusters->len; i++) {
        const struct fleet_cluster *cluster = g_ptr_array_index(fleet->clusters, i);

        for (unsigned k = 0; k < cluster->nodes->len; k++) {
            const struct fleet_node *node = g_ptr_array_index(cluster->nodes, k);

            metrics_add(out, &SEEN, node->looked ? 1 : 0, "cluster", cluster->name, "node",
                        node->name, NULL);
        }
    }
}

static void add_verdicts(struct metrics *out, const struct metric *metric,
                         const struct fleet *fleet, bool emcc)
{
    for (unsigned i = 0; i < fleet->moves->len; i++) {
        const struct fleet_move *move = g_ptr_array_index(fleet->moves, i);
        const struct fleet_verdict *verdict = emcc ? &move->emcc : &move->phones;

        if (verdict->asked)
            metrics_add(out, metric, verdict->state, "from", move->from, "to", move->to, NULL);
    }
}

static void add_moves(struct metrics *out, const struct fleet *fleet)
{
    static const struct metric PHONES = {"ucmtrust_move_state", "",
                                         "May phones move? 0 yes, 1 some, 2 no, 3 not known."};
    static const struct metric USERS = {
        "ucmtrust_emcc_state", "",
        "May users log in at the other cluster? 0 yes, 1 some, 2 no, 3 not known."};

    add_verdicts(out, &PHONES, fleet, false);
    add_verdicts(out, &USERS, fleet, true);
}

/* ---- numbers that are only counted for performance data ---- */

static void add_numbers(struct metrics *out, const struct result *result)
{
    static const struct {
        const char *label;
        struct metric metric;
    } NUMBERS[] = {
        {"nodes", {"ucmtrust_nodes", "", "Nodes of the clusters that were looked at."}},
        {"unseen", {"ucmtrust_nodes_unseen", "", "Nodes that could not be looked at."}},
        {"moves", {"ucmtrust_moves", "", "Moves between clusters that were judged."}},
        {"ready", {"ucmtrust_moves_ready", "", "Moves that phones may make."}},
        {"requests", {"ucmtrust_trace_requests", "", "Requests that the traces tell of."}},
        {"not_found", {"ucmtrust_trace_requests_not_found", "", "Requests that found nothing."}},
        {"due", {"ucmtrust_plan_due", "", "Certificates whose renewal is due."}},
        {"steps", {"ucmtrust_plan_steps", "", "Steps of the plan of renewal."}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(NUMBERS); i++)
        for (unsigned k = 0; k < result->perf->len; k++) {
            const struct result_perf *perf = g_ptr_array_index(result->perf, k);

            if (perf->known && strcmp(perf->label, NUMBERS[i].label) == 0)
                metrics_add(out, &NUMBERS[i].metric, perf->value, NULL);
        }
}

/* ---- the whole ---- */

GString *openmetrics_make(const struct result *result, const char *service)
{
    struct metrics out = {0};

    metrics_begin(&out, result->check, service);
    add_run(&out, result);
    add_findings(&out, result);
    add_sources(&out, result);
    add_continuity(&out, result);
    add_certificates(&out, result);
    add_stores(&out, result);
    add_tvs(&out, result);
    if (result->fleet != NULL) {
        add_clusters(&out, result->fleet);
        add_moves(&out, result->fleet);
    }
    add_numbers(&out, result);
    return metrics_end(&out);
}

char *openmetrics_write(const struct result *result, const char *path)
{
    g_autofree char *service = g_path_get_basename(path);
    GString *text = NULL;
    char *why = NULL;

    if (g_str_has_suffix(service, ".prom"))
        service[strlen(service) - strlen(".prom")] = '\0';
    text = openmetrics_make(result, service);
    why = whole_file_write(path, text->str, text->len);
    g_string_free(text, TRUE);
    return why;
}
