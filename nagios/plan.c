/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a cluster of the inventory to a plan of renewal: see plan.h.
 */
#include "plan.h"

#include "judgement.h"
#include "plan_facts.h"

#include <string.h>

/* ---- what is known ---- */

static uint32_t publisher_of(const struct plan_settings *settings)
{
    const GPtrArray *nodes = settings->cluster->nodes;

    for (unsigned i = 0; i < nodes->len && settings->publisher != NULL; i++) {
        const struct inventory_node *node = g_ptr_array_index(nodes, i);

        if (strcmp(node->name, settings->publisher) == 0)
            return i;
    }
    if (settings->publisher != NULL)
        plugin_usage("--publisher: expected a node of cluster %s, got \"%s\"",
                     settings->cluster->name, settings->publisher);
    return 0;
}

/* Folders may name a node as the inventory does, or by its host. */
static uint32_t node_of(const struct inventory_cluster *cluster, const char *name)
{
    for (unsigned i = 0; i < cluster->nodes->len && name != NULL; i++) {
        const struct inventory_node *node = g_ptr_array_index(cluster->nodes, i);

        if (g_ascii_strcasecmp(node->name, name) == 0 ||
            (node->address != NULL && g_ascii_strcasecmp(node->address, name) == 0))
            return i;
    }
    return UCM_NODE_NONE;
}

static void add_stores(const struct plan_settings *settings, struct ucm_renewal *renewal)
{
    for (uint32_t i = 0; settings->stores != NULL && i < settings->stores->count; i++) {
        const struct ucm_stored *item = &settings->stores->item[i];
        const enum ucm_service service = ucm_service_of(item->store);

        if (service != UCM_SERVICE_COUNT && (item->certificate->known & UCM_KNOWN_NOT_AFTER) != 0)
            ucm_renewal_add(renewal, service, node_of(settings->cluster, item->node),
                            item->certificate->der, item->certificate->size,
                            &item->certificate->cert);
    }
}

/* Ask who the TVS nodes are and what they say, and judge the cluster as it is. */
static struct survey *look(const struct plan_settings *settings, GPtrArray *sites,
                           struct result *result)
{
    const struct survey_settings asking = {
        .now = settings->now,
        .report = {settings->site.unreachable, settings->site.timeout_state, false}};
    g_autoptr(GArray) moves = g_array_new(FALSE, FALSE, sizeof(struct judgement_move));
    struct survey *survey = NULL;

    sites_fetch(sites, settings->now);
    survey = survey_new(sites, &asking);
    judgement_make(&(struct judgement){sites, sites, moves, survey}, result);
    sites_report(sites, &settings->site, result);
    g_clear_pointer(&result->fleet, fleet_free); /* a plan shows no matrix */
    return survey;
}

/* ---- what it comes to ---- */

/* What is wrong already. That something has expired is what the plan is for. */
static GPtrArray *to_settle(const struct plan *plan, const struct result *result)
{
    GPtrArray *settle = g_ptr_array_new_with_free_func(g_free);
    const bool expired = plan_has_expired_signer(plan);

    for (unsigned i = 0; i < result->findings->len; i++) {
        const struct result_finding *finding = g_ptr_array_index(result->findings, i);

        if (finding->severity != UCM_NOTE && finding->id != UCM_TL_CERT_EXPIRED &&
            (finding->id != UCM_TL_SIGNER_DATES || !expired))
            g_ptr_array_add(settle, g_strdup_printf("%s %s: %s", ucm_rule(finding->id)->id,
                                                    finding->where, finding->text));
    }
    return settle;
}

static unsigned count_due(const struct ucm_renewal *renewal)
{
    unsigned due = 0;

    for (uint32_t i = 0; i < renewal->items; i++)
        due += renewal->item[i].due ? 1 : 0;
    return due;
}

static void add_finding(const struct plan *plan, struct result *result, enum ucm_finding_id id,
                        const char *detail)
{
    result_add_rule(result, id, STATE_UNSET, plan->site->from->name, detail);
}

static void add_obstacle(const struct plan *plan, struct result *result)
{
    uint32_t node = UCM_NODE_NONE;
    g_autofree char *why = NULL;
    const enum ucm_obstacle obstacle = ucm_renewal_obstacle(plan->renewal, &node);

    why = plan_obstacle_text(plan, obstacle, node);
    add_finding(plan, result, UCM_ST_PLAN_UNTRIED, why);
}

static void add_loss(const struct plan *plan, struct result *result)
{
    g_autofree char *why = plan_loss_text(plan);

    add_finding(plan, result, UCM_ST_PLAN_IMPASSE, why);
}

static void add_steps_findings(const struct plan *plan, struct result *result)
{
    const struct ucm_play *play = &plan->plan->play;
    const uint32_t no_return = plan_no_return(plan);
    g_autofree char *due = g_strdup_printf(
        "%u within %" G_GINT64_FORMAT " day%s, plan of %u step%s", count_due(plan->renewal),
        plan->renewal->horizon_days, plan->renewal->horizon_days == 1 ? "" : "s", plan->plan->steps,
        plan->plan->steps == 1 ? "" : "s");

    add_finding(plan, result, UCM_ST_PLAN_DUE, due);
    if (play->held[UCM_PHONE_USUAL] == UCM_VERDICT_UNKNOWN) {
        g_autofree char *where = g_strdup_printf("step %u", play->lost_at[UCM_PHONE_USUAL]);

        add_finding(plan, result, UCM_ST_PLAN_UNSURE, where);
    }
    if (plan_has_devices_without_tvs(plan)) {
        g_autofree char *where = g_strdup_printf("step %u", play->lost_at[UCM_PHONE_NO_TVS]);

        add_finding(plan, result, UCM_ST_PLAN_NO_TVS, where);
    }
    for (uint32_t i = 1; i <= plan->plan->steps; i++) {
        g_autofree char *mute = plan_mute_nodes(plan, i);
        g_autofree char *where = g_strdup_printf("step %u: %s", i, mute != NULL ? mute : "");

        if (mute != NULL && plan->plan->step[i - 1].action == UCM_ACT_WAIT)
            add_finding(plan, result, UCM_ST_PLAN_SOME_TVS, where);
    }
    if (no_return != 0) {
        g_autofree char *where = g_strdup_printf("step %u", no_return);

        add_finding(plan, result, UCM_ST_PLAN_NO_RETURN, where);
    }
    for (uint32_t i = 0; i < plan->plan->steps; i++)
        if (plan->plan->step[i].action == UCM_ACT_CTL_RESIGN ||
            plan->plan->step[i].action == UCM_ACT_ITL_RESIGN) {
            g_autofree char *where = g_strdup_printf("step %u", i + 1);

            add_finding(plan, result, UCM_ST_PLAN_BRIDGE, where);
        }
}

/* What the user gave no source for is said, and no more. CallManager is what phones hang on. */
static void add_not_seen(const struct plan *plan, struct result *result)
{
    g_autofree char *nodes = plan_managers_not_seen(plan);

    if (nodes != NULL)
        add_finding(plan, result, UCM_ST_PLAN_NOT_SEEN, nodes);
}

static void add_findings(const struct plan *plan, struct result *result)
{
    add_not_seen(plan, result);
    if (ucm_renewal_is_due(plan->renewal, UCM_SERVICE_TOKEN))
        add_finding(plan, result, UCM_ST_PLAN_TOKEN, NULL);
    if (plan->renewal->unread > 0) {
        g_autofree char *count = g_strdup_printf("%u", plan->renewal->unread);

        add_finding(plan, result, UCM_ST_PLAN_UNREAD, count);
    }
    switch (plan->plan->outcome) {
    case UCM_PLAN_NOTHING:
        /* Nothing is due in what was seen; what was not seen may be. */
        if (ucm_renewal_obstacle(plan->renewal, &(uint32_t){0}) != UCM_OBSTACLE_NONE)
            add_obstacle(plan, result);
        break;
    case UCM_PLAN_SAFE:
    case UCM_PLAN_UNSURE:
        add_steps_findings(plan, result);
        break;
    case UCM_PLAN_UNTRIED:
        add_obstacle(plan, result);
        break;
    case UCM_PLAN_IMPASSE:
        add_loss(plan, result);
        if (plan->plan->steps > 0)
            add_steps_findings(plan, result);
        break;
    }
}

static char *make_summary(const struct plan *plan, const struct result *result)
{
    GString *text = g_string_new(NULL);
    const struct ucm_renewable *first = plan_first_to_expire(plan);
    g_autofree char *not_seen = plan_not_seen(plan);

    if (!result_add_named(result, text))
        g_string_append_printf(
            text, "%s: nothing is due within %" G_GINT64_FORMAT " day%s, %u certificate%s seen",
            plan->site->from->name, plan->renewal->horizon_days,
            plan->renewal->horizon_days == 1 ? "" : "s", plan->renewal->items,
            plan->renewal->items == 1 ? "" : "s");
    if (first != NULL) {
        g_autofree char *line = plan_expiry_text(plan, first);

        g_string_append_printf(text, ", first: %s", line);
    }
    if (not_seen != NULL)
        g_string_append_printf(text, ", not seen: %s", not_seen);
    return g_string_free(text, FALSE);
}

static void finish(struct plan *plan, struct result *result)
{
    GString *text = g_string_new(NULL);
    GString *json = g_string_new(NULL);
    g_autoptr(GPtrArray) settle = to_settle(plan, result);

    plan->settle = settle;
    add_findings(plan, result);
    result_add_count(result, "due", "", count_due(plan->renewal));
    result_add_count(result, "steps", "", plan->plan->steps);
    result_conclude(result);
    result->summary = make_summary(plan, result);
    plan_text(text, plan);
    plan_json(json, plan);
    result->plan_text = g_string_free(text, FALSE);
    result->plan_json = g_string_free(json, FALSE);
}

void plan_make(const struct plan_settings *settings, struct result *result)
{
    g_autoptr(GPtrArray) clusters = g_ptr_array_new();
    g_autofree const char **address = g_new0(const char *, settings->cluster->nodes->len);
    struct ucm_renewal_options options = {.address = address,
                                          .publisher = publisher_of(settings),
                                          .now = settings->now,
                                          .horizon_days = settings->horizon_days};
    g_autofree struct ucm_plan *made = g_new0(struct ucm_plan, 1);
    struct ucm_renewal renewal = {.item = NULL};
    struct plan plan = {.renewal = &renewal,
                        .plan = made,
                        .publisher_given = settings->publisher != NULL,
                        .sources_given = settings->stores != NULL && settings->stores->count > 0};
    GPtrArray *sites = NULL;
    struct survey *survey = NULL;

    g_ptr_array_add(clusters, (gpointer)(uintptr_t)settings->cluster);
    for (unsigned i = 0; i < settings->cluster->nodes->len; i++)
        address[i] = ((const struct inventory_node *)g_ptr_array_index(settings->cluster->nodes, i))
                         ->address;
    sites = sites_new(clusters);
    survey = look(settings, sites, result);
    plugin_stage("make the plan");
    plan.site = g_ptr_array_index(sites, 0);
    options.cluster = &plan.site->cluster;
    if (ucm_renewal_make(&options, &renewal)) {
        add_stores(settings, &renewal);
        if (!ucm_plan_make(&renewal, made))
            made->outcome = UCM_PLAN_UNTRIED;
    } else {
        renewal = (struct ucm_renewal){.cluster = options.cluster, .unread = 1};
        made->outcome = UCM_PLAN_UNTRIED;
    }
    finish(&plan, result);
    ucm_renewal_free(&renewal);
    survey_free(survey);
    sites_free(sites);
}
