/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From stores to a result: see store_judge.h.
 */
#include "store_judge.h"

#include "common/store_rules.h"

#include <string.h>

static bool has_dates(const struct ucm_stores *stores)
{
    for (uint32_t i = 0; i < stores->count; i++)
        if ((stores->item[i].certificate->known & UCM_KNOWN_NOT_AFTER) != 0)
            return true;
    return false;
}

/* ---- numbers ---- */

static void add_perf(const struct store_judgement *judgement, const struct ucm_stores *stores,
                     struct result *result)
{
    const struct ucm_stored *first = ucm_stores_first_to_expire(stores);
    struct result_perf *days =
        result_add_days(result, stores->name, judgement->warning_days, judgement->critical_days);

    days->known = first != NULL;
    if (first != NULL)
        days->value = (double)ucm_days_until(first->certificate->cert.not_after, result->now);
    result_add_count(result, stores->name, "_certificates", stores->count);
}

/* ---- places ---- */

/* CLUSTER/NODE/STORE, as far as they are known; to be freed. */
static char *place_text(const char *cluster, const char *node, enum ucm_store store)
{
    const char *name = ucm_store_name(store);
    g_autofree char *text =
        g_strdup_printf("%s%s%s%s%s", cluster, node != NULL ? "/" : "", node != NULL ? node : "",
                        name != NULL ? "/" : "", name != NULL ? name : "");

    return printable_text(text);
}

static char *where(const struct ucm_stores *stores, const struct ucm_stored *item)
{
    return place_text(stores->name, item->node, item->store);
}

/* ---- the status line ---- */

static void add_first_expiry(GString *text, const struct result *result)
{
    const struct ucm_stored *first = NULL;
    const struct ucm_stores *its = NULL;

    for (unsigned i = 0; i < result->stores->len; i++) {
        const struct ucm_stores *stores = g_ptr_array_index(result->stores, i);
        const struct ucm_stored *item = ucm_stores_first_to_expire(stores);

        if (item != NULL && (first == NULL || item->certificate->cert.not_after <
                                                  first->certificate->cert.not_after)) {
            first = item;
            its = stores;
        }
    }
    if (first != NULL) {
        const int64_t days = ucm_days_until(first->certificate->cert.not_after, result->now);
        g_autofree char *span = result_days_text(days < 0 ? -days : days);
        g_autofree char *name = result_common_name(first->certificate->cert.subject);
        g_autofree char *place = where(its, first);
        char date[32];

        ucm_date_text(first->certificate->cert.not_after, date, sizeof date);
        g_string_append_printf(text,
                               days < 0 ? ", first expiry %s ago on %s: %s (%s)"
                                        : ", first expiry in %s on %s: %s (%s)",
                               span, date, name, place);
    }
}

static char *make_summary(const struct result *result)
{
    GString *text = g_string_new(NULL);

    (void)result_add_named(result, text);
    for (unsigned i = 0; i < result->stores->len; i++) {
        const struct ucm_stores *stores = g_ptr_array_index(result->stores, i);
        g_autofree char *name = printable_text(stores->name);

        g_string_append_printf(text, "%s%s: %u certificate%s%s", text->len > 0 ? ", " : "", name,
                               stores->count, stores->count == 1 ? "" : "s",
                               stores->count == 0 || has_dates(stores) ? "" : " without dates");
        if (stores->nodes > 0)
            g_string_append_printf(text, " of %u node%s", stores->nodes,
                                   stores->nodes == 1 ? "" : "s");
    }
    add_first_expiry(text, result);
    return g_string_free(text, FALSE);
}

/* ---- findings ---- */

/** Findings, and what they are about. */
struct found {
    const struct ucm_stores *items;  /* whose items they name */
    const struct ucm_stores *places; /* where something is missing */
    struct ucm_findings findings;
};

static bool names_place(const struct ucm_finding *finding)
{
    const enum ucm_detail detail = ucm_rule(finding->id)->detail;

    return detail == UCM_DETAIL_PLACE || detail == UCM_DETAIL_ISSUER;
}

/* Where it is: where the item lies, or should lie, or the cluster. */
static char *where_of(const struct found *found, const struct ucm_finding *finding)
{
    /* Own certificates that are not known are those of the other cluster. */
    const struct ucm_stores *stores =
        finding->id == UCM_ST_IMPORT_UNSEEN ? found->items : found->places;

    if (names_place(finding))
        return place_text(stores->name,
                          finding->expected < 0 ? NULL : stores->node[finding->expected],
                          (enum ucm_store)finding->found);
    if (finding->source == UCM_STORE_NO_ITEM || found->items != found->places)
        return printable_text(stores->name);
    return where(stores, &stores->item[finding->source]);
}

static void add_finding(const struct found *found, const struct ucm_finding *finding,
                        struct result *result)
{
    const struct ucm_stored *item =
        finding->source == UCM_STORE_NO_ITEM ? NULL : &found->items->item[finding->source];
    const char *name = item == NULL ? "" : item->certificate->cert.subject;
    g_autofree char *place = where_of(found, finding);
    g_autofree char *from = NULL;
    g_autofree char *text = NULL;
    char plain[UCM_TEXT_MAX];

    if (item != NULL && ucm_rule(finding->id)->detail == UCM_DETAIL_ISSUER)
        name = item->certificate->cert.issuer;
    ucm_finding_text(finding, (const uint8_t *)name, plain, sizeof plain);
    if (item != NULL && (found->items != found->places || names_place(finding)))
        from = where(found->items, item);
    text = from == NULL ? g_strdup(plain) : g_strdup_printf("%s (%s)", plain, from);
    result_add_finding(result, finding->id, finding->severity, STATE_UNSET, place, text);
}

/* ok: false when memory ran out in common/. */
static void add_findings(struct found *found, bool ok, struct result *result)
{
    if (!ok)
        result_add_rule(result, UCM_ST_UNSEEN, STATE_UNSET, "memory",
                        "memory ran out while rules were judged");
    for (uint32_t i = 0; i < found->findings.stored; i++)
        add_finding(found, &found->findings.item[i], result);
    result_add_unstored(result, &found->findings);
    ucm_findings_free(&found->findings);
}

/* Drops one kind of findings. */
static void drop(struct ucm_findings *findings, enum ucm_finding_id id)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < findings->stored; i++)
        if (findings->item[i].id != id)
            findings->item[kept++] = findings->item[i];
    findings->count -= findings->stored - kept;
    findings->stored = kept;
}

/* Did a reader meet this, and is it shown? */
static bool is_shown(const struct store_set *set, const struct result *result,
                     enum ucm_finding_id id)
{
    return set != NULL && !result->ignore[id] && store_set_has_problem(set, id);
}

/* That nothing was seen of a store is no news where it was told why. */
static void judge_cluster(const struct store_set *set, const struct ucm_stores *stores,
                          const struct ucm_stores *other, const struct ucm_store_options *options,
                          struct result *result)
{
    struct found dates = {stores, stores, {0}};
    struct found rules = {stores, stores, {0}};
    bool ok;

    add_findings(&dates, ucm_stores_check_dates(stores, other, options, &dates.findings), result);
    ok = ucm_stores_check(stores, &rules.findings) && ucm_stores_check_own(stores, &rules.findings);
    if (is_shown(set, result, UCM_ST_FILE_UNREADABLE) || is_shown(set, result, UCM_ST_UNSEEN))
        drop(&rules.findings, UCM_ST_STORE_UNSEEN);
    add_findings(&rules, ok, result);
}

static void judge_exchange(const struct ucm_stores *from, const struct ucm_stores *to,
                           const struct ucm_store_options *options, struct result *result)
{
    struct found found = {from, to, {0}};

    add_findings(&found, ucm_stores_check_exchange(from, to, options, &found.findings), result);
}

static void judge_mode(const struct store_judgement *judgement, const struct ucm_stores *stores,
                       struct result *result)
{
    const struct ucm_trustlist *ctl = NULL;
    struct found found = {stores, stores, {0}};

    if (store_lists_ctl(judgement->lists, &ctl))
        add_findings(&found, ucm_stores_check_mode(stores, ctl, &found.findings), result);
}

/* Where nothing has dates, that nothing has expired must not look like good news. Rows that hold no
 * certificate were told as such. */
static void judge_dates_known(const struct store_judgement *judgement, struct result *result)
{
    const struct ucm_stores *own = g_ptr_array_index(result->stores, 0);
    g_autofree char *name = printable_text(own->name);
    bool any = false;

    for (unsigned i = 0; i < result->stores->len; i++) {
        const struct ucm_stores *stores = g_ptr_array_index(result->stores, i);

        if (has_dates(stores))
            return;
        any = any || stores->count > 0;
    }
    if (any && !is_shown(judgement->own, result, UCM_ST_AXL_ROW_UNREADABLE) &&
        !is_shown(judgement->other, result, UCM_ST_AXL_ROW_UNREADABLE))
        result_add_rule(result, UCM_ST_DATES_UNSEEN, STATE_UNSET, name,
                        "this kind of source has no dates");
}

static void judge_all(const struct store_judgement *judgement, struct result *result)
{
    const struct ucm_stores *own = g_ptr_array_index(result->stores, 0);
    const struct ucm_stores *other =
        result->stores->len > 1 ? g_ptr_array_index(result->stores, 1) : NULL;
    struct ucm_store_options options = {
        .now = result->now,
        .warning_days = judgement->warning_days,
        .critical_days = judgement->critical_days,
        .emcc = judgement->emcc,
    };

    options.list = store_lists_all(judgement->lists, &options.lists);
    judge_cluster(judgement->own, own, other, &options, result);
    judge_mode(judgement, own, result);
    if (other == NULL)
        return;
    judge_cluster(judgement->other, other, own, &options, result);
    judge_exchange(other, own, &options, result);
    options.known_only = !judgement->emcc;
    if (!judgement->one_way)
        judge_exchange(own, other, &options, result);
}

void store_judge(const struct store_judgement *judgement, struct result *result)
{
    struct store_set *const sets[] = {judgement->own, judgement->other};

    plugin_stage("judge");
    result->stores = g_ptr_array_new_with_free_func(store_set_free_stores);
    for (size_t i = 0; i < G_N_ELEMENTS(sets); i++) {
        if (sets[i] == NULL)
            continue;
        g_ptr_array_add(result->stores, (gpointer)(uintptr_t)store_set_finish(sets[i]));
        store_set_report(sets[i], result);
        add_perf(judgement, g_ptr_array_index(result->stores, i), result);
    }
    judge_all(judgement, result);
    judge_dates_known(judgement, result);
    if (judgement->tvs.node != NULL)
        store_tvs_ask(&judgement->tvs, g_ptr_array_index(result->stores, 0), result);
    result_conclude(result);
    result->summary = make_summary(result);
}
