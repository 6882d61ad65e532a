/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From stores to a result: see store_judge.h.
 */
#include "store_judge.h"

/* The certificate that a service uses and that expires first; NULL when none is known. */
static const struct ucm_stored *first_to_expire(const struct ucm_stores *stores)
{
    const struct ucm_stored *first = NULL;

    for (uint32_t i = 0; i < stores->count; i++) {
        const struct ucm_stored *item = &stores->item[i];

        if (ucm_store_is_own(item->store) &&
            (item->certificate->known & UCM_KNOWN_NOT_AFTER) != 0 &&
            item->certificate->cert.not_after != UCM_TIME_NONE &&
            (first == NULL ||
             item->certificate->cert.not_after < first->certificate->cert.not_after))
            first = item;
    }
    return first;
}

/* ---- numbers ---- */

static void add_perf(const struct store_judgement *judgement, const struct ucm_stores *stores,
                     struct result *result)
{
    const struct ucm_stored *first = first_to_expire(stores);
    struct result_perf *days = result_add_perf(result, stores->name, "_min_days", "", 0);
    struct result_perf *count = result_add_perf(result, stores->name, "_certificates", "", 0);

    g_free(days->warning);
    g_free(days->critical);
    days->warning = g_strdup_printf("%d:", judgement->warning_days);
    days->critical = g_strdup_printf("%d:", judgement->critical_days);
    days->known = first != NULL;
    if (first != NULL)
        days->value = (double)ucm_days_until(first->certificate->cert.not_after, result->now);
    count->known = true;
    count->value = stores->count;
    count->limits = "0;";
}

/* ---- the status line ---- */

/* CLUSTER/NODE/STORE, as far as they are known; to be freed. */
static char *where(const struct ucm_stores *stores, const struct ucm_stored *item)
{
    const char *store = ucm_store_name(item->store);
    g_autofree char *text = g_strdup_printf(
        "%s%s%s%s%s", stores->name, item->node != NULL ? "/" : "",
        item->node != NULL ? item->node : "", store != NULL ? "/" : "", store != NULL ? store : "");

    return result_printable_text(text);
}

static void add_first_expiry(GString *text, const struct result *result)
{
    const struct ucm_stored *first = NULL;
    const struct ucm_stores *its = NULL;

    for (unsigned i = 0; i < result->stores->len; i++) {
        const struct ucm_stores *stores = g_ptr_array_index(result->stores, i);
        const struct ucm_stored *item = first_to_expire(stores);

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
    unsigned others = 0;
    const struct result_finding *named = result_named(result, &others);

    if (named != NULL)
        g_string_append_printf(text, "%s: %s [%s]", named->where, named->text,
                               ucm_rule(named->id)->id);
    if (others > 0)
        g_string_append_printf(text, " and %u more", others);
    for (unsigned i = 0; i < result->stores->len; i++) {
        const struct ucm_stores *stores = g_ptr_array_index(result->stores, i);
        g_autofree char *name = result_printable_text(stores->name);

        g_string_append_printf(text, "%s%s: %u certificate%s", text->len > 0 ? ", " : "", name,
                               stores->count, stores->count == 1 ? "" : "s");
        if (stores->nodes > 0)
            g_string_append_printf(text, " of %u node%s", stores->nodes,
                                   stores->nodes == 1 ? "" : "s");
    }
    add_first_expiry(text, result);
    return g_string_free(text, FALSE);
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
    if (judgement->tvs.node != NULL)
        store_tvs_ask(&judgement->tvs, g_ptr_array_index(result->stores, 0), result);
    result_conclude(result);
    result->summary = make_summary(result);
}
