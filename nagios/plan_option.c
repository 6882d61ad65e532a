/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * --plan of check_ucm_truststore: see plan_option.h.
 */
#include "plan_option.h"

#include "plan.h"
#include "range.h"

enum { HORIZON_DAYS = 90 };

static struct {
    gboolean plan;
    char *inventory;
    char *cluster;
    char *horizon_text;
    int horizon;
} asked;

const GOptionEntry PLAN_OPTIONS[] = {
    {"plan", 0, 0, G_OPTION_ARG_NONE, &asked.plan, NULL, NULL},
    {"inventory", 'i', 0, G_OPTION_ARG_FILENAME, &asked.inventory, NULL, NULL},
    {"cluster", 0, 0, G_OPTION_ARG_FILENAME, &asked.cluster, NULL, NULL},
    {"plan-horizon", 0, 0, G_OPTION_ARG_FILENAME, &asked.horizon_text, NULL, NULL},
    {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
};

const char PLAN_HELP[] =
    "\n"
    "A plan of renewal, instead of a judgement of stores:\n"
    "      --plan               what is due, in a safe order, step by step. It is\n"
    "                           tried before it is printed: on phones, with the lists\n"
    "                           that the cluster serves now. Sources that are given\n"
    "                           as well tell of certificates in no list (tomcat)\n"
    "  -i, --inventory FILE     clusters and nodes, as for check_ucm_consistency\n"
    "      --cluster NAME       which cluster, where there is more than one\n"
    "      --plan-horizon DAYS  what expires within is due (default 90)\n"
    "  OK: nothing is due of what was seen; the status line names what was not.\n"
    "  WARNING: something is, and a plan is printed. UNKNOWN: lists or CallManager\n"
    "  of a node could not be seen, or a step hangs on what nobody has published.\n"
    "  CRITICAL: no safe order exists, or phones are in trouble already. A plan is\n"
    "  never cut: run it by hand, and let the engine watch its state.\n";

bool plan_wanted(void)
{
    if (!asked.plan &&
        (asked.inventory != NULL || asked.cluster != NULL || asked.horizon_text != NULL))
        plugin_usage("-i, --cluster and --plan-horizon: expected --plan beside them");
    if (asked.plan && asked.inventory == NULL)
        plugin_usage("--plan: expected -i INVENTORY beside it");
    asked.horizon = HORIZON_DAYS;
    if (asked.horizon_text != NULL && !range_parse_days(asked.horizon_text, &asked.horizon))
        plugin_usage("--plan-horizon: expected days such as 90, got \"%s\"", asked.horizon_text);
    return asked.plan;
}

static const struct inventory_cluster *choose(const struct inventory *inventory)
{
    const struct inventory_cluster *cluster = NULL;

    if (asked.cluster == NULL && inventory->clusters->len != 1)
        plugin_usage("--plan: expected --cluster NAME: %s has %u of them", asked.inventory,
                     inventory->clusters->len);
    if (asked.cluster == NULL)
        return g_ptr_array_index(inventory->clusters, 0);
    cluster = inventory_find(inventory, asked.cluster);
    if (cluster == NULL)
        plugin_usage("--cluster: expected a cluster of %s, got \"%s\"", asked.inventory,
                     asked.cluster);
    return cluster;
}

void plan_run(const struct options *common, struct store_set *stores, const char *publisher,
              struct result *result)
{
    char *why = NULL;
    struct inventory *inventory = inventory_read(asked.inventory, &why);
    struct plan_settings settings = {.publisher = publisher,
                                     .horizon_days = asked.horizon,
                                     .now = common->now,
                                     .site = {common->unreachable, common->timeout_state}};

    if (inventory == NULL)
        plugin_usage("%s", why);
    plugin_many_descriptors();
    settings.cluster = choose(inventory);
    store_set_report(stores, result);
    settings.stores = store_set_finish(stores);
    plan_make(&settings, result);
    store_set_free(stores);
    inventory_free(inventory);
}

void plan_release(void)
{
    g_free(asked.inventory);
    g_free(asked.cluster);
    g_free(asked.horizon_text);
}
