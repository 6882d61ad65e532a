/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * check_ucm_consistency: do the nodes of a cluster agree, and may phones move between clusters?
 * Must not judge: common/consistency does. Facts: Cisco documents 213407, 116232, 118893, 215539.
 */
#include "judgement.h"
#include "options.h"
#include "page.h"

#include <string.h>

static const char CHECK[] = "check_ucm_consistency";

static const char ABOUT[] =
    "Judges whether the nodes of a Cisco Unified CM cluster agree about trust, and\n"
    "whether phones of one cluster may move to another.\n"
    "\n"
    "Usage: check_ucm_consistency -i INVENTORY [--cluster NAME]...\n"
    "                             [--from NAME --to NAME | --all-pairs] [options]\n"
    "\n"
    "  -i, --inventory FILE     clusters and nodes, see below\n"
    "      --cluster NAME       only this cluster; may be repeated. Without it and\n"
    "                           what follows: every cluster by itself\n"
    "      --from NAME          may the phones of this cluster move\n"
    "      --to NAME            to this one, and back? Nodes of one cluster are held\n"
    "                           against each other only with --cluster beside it\n"
    "      --all-pairs          every cluster by itself, and from each to each other\n"
    "      --one-way            with --from and --to: leave out the way back\n"
    "      --html FILE          also write the result as a page for a wall\n"
    "      --client-cert PEM    certificate to show to TVS when it asks\n"
    "      --client-key PEM     its key (default: in the same file)\n"
    "      --tls-legacy         allow TLS 1.0 and 1.1 and weak ciphers\n"
    "\n"
    "All nodes are asked side by side; lists take at most half of the deadline, and\n"
    "15 s. Each signer in use is put to the TVS nodes that phones would ask; a node\n"
    "may take half of what is left, and 10 s. One that hangs costs its own line. Long\n"
    "output (-v) has the moves as a matrix.\n"
    "\n"
    "The inventory:\n"
    "  [cluster brisbane]\n"
    "  version = 11.5             optional, as are all keys; 14SU3 is a version, too\n"
    "  mode = mixed               expected: mixed or non-secure\n"
    "  cm_group = pub, sub        nodes whose TVS the phones ask (default: all)\n"
    "  emcc = yes                 users log in at other clusters that say yes as well\n"
    "  client_cert = FILE         and client_key: instead of --client-cert here\n"
    "\n"
    "  [node brisbane/pub]\n"
    "  address = 192.0.2.11       host name or address (default: the node's name)\n"
    "  services = tftp, tvs       or one of them, or none (default: both)\n"
    "  itl = FILE                 and ctl: files instead of asking the node; without\n"
    "                             an address nobody is asked there, TVS neither\n"
    "  tvs_certificate = FILE     that its TVS shows, where it cannot be asked\n"
    "  tomcat = FILE              its Tomcat certificate, where it cannot be asked\n"
    "\n"
    "  http_port, tftp_port, tvs_port, tomcat_port: of a node, or of all nodes of a\n"
    "  cluster. Files are relative to the inventory; # begins a comment line.\n"
    "\n"
    "Examples:\n"
    "  check_ucm_consistency -i clusters.ini --cluster brisbane\n"
    "  check_ucm_consistency -i clusters.ini --from brisbane --to sydney -v\n"
    "  check_ucm_consistency -i clusters.ini --all-pairs -t 60 --html /srv/trust.html\n"
    "\n"
    "Performance data: nodes, unseen (nodes that could not be looked at), moves,\n"
    "ready (moves that phones may make), findings.\n";

static struct {
    struct options common;
    char *inventory;
    char **cluster;
    char *from;
    char *to;
    gboolean all_pairs;
    gboolean one_way;
    char *html;
    char *client_cert;
    char *client_key;
    gboolean legacy;
} asked;

static const GOptionEntry OPTIONS[] = {
    {"inventory", 'i', 0, G_OPTION_ARG_FILENAME, &asked.inventory, NULL, NULL},
    {"cluster", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.cluster, NULL, NULL},
    {"from", 0, 0, G_OPTION_ARG_FILENAME, &asked.from, NULL, NULL},
    {"to", 0, 0, G_OPTION_ARG_FILENAME, &asked.to, NULL, NULL},
    {"all-pairs", 0, 0, G_OPTION_ARG_NONE, &asked.all_pairs, NULL, NULL},
    {"one-way", 0, 0, G_OPTION_ARG_NONE, &asked.one_way, NULL, NULL},
    {"html", 0, 0, G_OPTION_ARG_FILENAME, &asked.html, NULL, NULL},
    {"client-cert", 0, 0, G_OPTION_ARG_FILENAME, &asked.client_cert, NULL, NULL},
    {"client-key", 0, 0, G_OPTION_ARG_FILENAME, &asked.client_key, NULL, NULL},
    {"tls-legacy", 0, 0, G_OPTION_ARG_NONE, &asked.legacy, NULL, NULL},
    {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
};

/* ---- options ---- */

static void check_values(void)
{
    if (asked.inventory == NULL)
        plugin_usage("expected -i INVENTORY");
    if ((asked.from == NULL) != (asked.to == NULL))
        plugin_usage("expected --from and --to together");
    if (asked.from != NULL && strcmp(asked.from, asked.to) == 0)
        plugin_usage("--to: expected another cluster than --from, got \"%s\"", asked.to);
    if (asked.all_pairs && (asked.from != NULL || asked.cluster != NULL))
        plugin_usage("expected --all-pairs without --cluster, --from and --to");
    if (asked.one_way && asked.from == NULL)
        plugin_usage("--one-way: expected --from and --to beside it");
    if (asked.client_key != NULL && asked.client_cert == NULL)
        plugin_usage("--client-key: expected --client-cert beside it");
}

static void release_options(void)
{
    char *const single[] = {asked.inventory, asked.from,        asked.to,
                            asked.html,      asked.client_cert, asked.client_key};

    for (size_t i = 0; i < G_N_ELEMENTS(single); i++)
        g_free(single[i]);
    g_strfreev(asked.cluster);
}

/* ---- which clusters ---- */

static const struct inventory_cluster *find(const struct inventory *inventory, const char *name,
                                            const char *option)
{
    const struct inventory_cluster *cluster = inventory_find(inventory, name);

    if (cluster == NULL)
        plugin_usage("%s: expected a cluster of %s, got \"%s\"", option, asked.inventory, name);
    return cluster;
}

static void add_once(GPtrArray *clusters, const struct inventory_cluster *cluster)
{
    if (!g_ptr_array_find(clusters, cluster, NULL))
        g_ptr_array_add(clusters, (gpointer)(uintptr_t)cluster);
}

/* Those whose nodes are held against each other. */
static GPtrArray *choose_inside(const struct inventory *inventory)
{
    GPtrArray *chosen = g_ptr_array_new();

    for (char **name = asked.cluster; name != NULL && *name != NULL; name++)
        add_once(chosen, find(inventory, *name, "--cluster"));
    for (unsigned i = 0; i < inventory->clusters->len; i++)
        if (asked.all_pairs || (asked.cluster == NULL && asked.from == NULL))
            add_once(chosen, g_ptr_array_index(inventory->clusters, i));
    return chosen;
}

static struct site *site_of(const GPtrArray *sites, const struct inventory_cluster *cluster)
{
    for (unsigned i = 0; i < sites->len; i++) {
        struct site *site = g_ptr_array_index(sites, i);

        if (site->from == cluster)
            return site;
    }
    return NULL;
}

static void add_move(GArray *moves, struct site *from, struct site *to)
{
    const struct judgement_move move = {from, to};

    g_array_append_val(moves, move);
}

static GArray *choose_moves(const GPtrArray *sites, const struct inventory_cluster *from,
                            const struct inventory_cluster *to)
{
    GArray *moves = g_array_new(FALSE, FALSE, sizeof(struct judgement_move));

    for (unsigned i = 0; i < sites->len && asked.all_pairs; i++)
        for (unsigned k = 0; k < sites->len; k++)
            if (i != k)
                add_move(moves, g_ptr_array_index(sites, i), g_ptr_array_index(sites, k));
    if (from != NULL)
        add_move(moves, site_of(sites, from), site_of(sites, to));
    if (from != NULL && !asked.one_way)
        add_move(moves, site_of(sites, to), site_of(sites, from));
    return moves;
}

static GPtrArray *sites_of(const GPtrArray *all, const GPtrArray *clusters)
{
    GPtrArray *sites = g_ptr_array_new();

    for (unsigned i = 0; i < clusters->len; i++)
        g_ptr_array_add(sites, site_of(all, g_ptr_array_index(clusters, i)));
    return sites;
}

/* ---- the end ---- */

/** What stands in numbers. */
struct tally {
    unsigned clusters;
    unsigned nodes;
    unsigned unseen;
    unsigned moves;
    unsigned ready;
};

static struct tally count(const struct fleet *fleet)
{
    struct tally tally = {.clusters = fleet->clusters->len, .moves = fleet->moves->len};

    for (unsigned i = 0; i < fleet->clusters->len; i++) {
        const struct fleet_cluster *cluster = g_ptr_array_index(fleet->clusters, i);

        tally.nodes += cluster->nodes->len;
        for (unsigned k = 0; k < cluster->nodes->len; k++)
            tally.unseen +=
                ((const struct fleet_node *)g_ptr_array_index(cluster->nodes, k))->looked ? 0 : 1;
    }
    for (unsigned i = 0; i < fleet->moves->len; i++) {
        const struct fleet_move *move = g_ptr_array_index(fleet->moves, i);

        tally.ready += move->phones.state == STATE_OK ? 1 : 0;
    }
    return tally;
}

static void add_perf(struct result *result, const struct tally *tally)
{
    result_add_count(result, "nodes", "", tally->nodes);
    result_add_count(result, "unseen", "", tally->unseen);
    if (tally->moves == 0)
        return;
    result_add_count(result, "moves", "", tally->moves);
    result_add_count(result, "ready", "", tally->ready);
}

/* Were the nodes of each cluster held against each other? For moves alone they are not. */
static bool all_compared(const struct fleet *fleet)
{
    bool all = true;

    for (unsigned i = 0; i < fleet->clusters->len; i++)
        all = all && ((const struct fleet_cluster *)g_ptr_array_index(fleet->clusters, i))->judged;
    return all;
}

static char *make_summary(const struct result *result, const struct tally *tally, unsigned offline)
{
    const bool compared = all_compared(result->fleet);
    GString *text = g_string_new(NULL);

    (void)result_add_named(result, text);
    g_string_append_printf(text, "%s%u cluster%s, %u of %u nodes seen", text->len > 0 ? ", " : "",
                           tally->clusters, tally->clusters == 1 ? "" : "s",
                           tally->nodes - tally->unseen, tally->nodes);
    if (tally->moves > 0)
        g_string_append_printf(text, ", phones may make %u of %u moves", tally->ready,
                               tally->moves);
    if (!compared)
        g_string_append(text, ", nodes not compared with each other (give --cluster)");
    if (offline > 0)
        g_string_append_printf(text, ", %u TVS node%s not asked (offline)", offline,
                               offline == 1 ? "" : "s");
    return g_string_free(text, FALSE);
}

static void write_page(struct result *result)
{
    g_autofree char *why = asked.html != NULL ? page_write(result, asked.html) : NULL;

    result_not_written(result, "the page", why);
}

/* A list that expired or a TVS node that is silent counts for its cluster as well, though it is no
 * disagreement between nodes. Places of findings begin with the name of the cluster. */
static void settle_clusters(const struct result *result)
{
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);

    for (unsigned i = 0; i < result->fleet->clusters->len; i++) {
        struct fleet_cluster *cluster = g_ptr_array_index(result->fleet->clusters, i);

        g_hash_table_insert(by_name, cluster->name, cluster);
    }
    for (unsigned i = 0; i < result->findings->len; i++) {
        const struct result_finding *finding = g_ptr_array_index(result->findings, i);
        g_autofree char *name = g_strndup(finding->where, strcspn(finding->where, "/"));
        struct fleet_cluster *cluster = g_hash_table_lookup(by_name, name);

        if (cluster != NULL)
            cluster->state = plugin_worse(cluster->state, finding->state);
    }
}

static void finish(struct result *result, const struct survey *survey)
{
    const struct tally tally = count(result->fleet);

    add_perf(result, &tally);
    result_conclude(result);
    settle_clusters(result);
    result->summary = make_summary(result, &tally, survey_offline(survey));
    write_page(result);
}

/* ---- the whole ---- */

static void run(const struct inventory *inventory, struct result *result)
{
    const struct survey_settings settings = {
        .client_cert = asked.client_cert,
        .client_key = asked.client_key,
        .legacy = asked.legacy,
        .tomcat = asked.all_pairs || asked.from != NULL,
        .now = asked.common.now,
        .report = {asked.common.unreachable, asked.common.timeout_state, asked.legacy}};
    const struct site_settings site_settings = {asked.common.unreachable,
                                                asked.common.timeout_state};
    const struct inventory_cluster *from =
        asked.from != NULL ? find(inventory, asked.from, "--from") : NULL;
    const struct inventory_cluster *to =
        asked.to != NULL ? find(inventory, asked.to, "--to") : NULL;
    GPtrArray *inside = choose_inside(inventory);
    GPtrArray *wanted = g_ptr_array_copy(inside, NULL, NULL);
    GPtrArray *sites = NULL;
    GPtrArray *inside_sites = NULL;
    GArray *moves = NULL;
    struct survey *survey = NULL;

    if (from != NULL) {
        add_once(wanted, from);
        add_once(wanted, to);
    }
    sites = sites_new(wanted);
    inside_sites = sites_of(sites, inside);
    moves = choose_moves(sites, from, to);
    sites_fetch(sites, asked.common.now);
    survey = survey_new(sites, &settings);
    judgement_make(&(struct judgement){sites, inside_sites, moves, survey}, result);
    sites_report(sites, &site_settings, result);
    finish(result, survey);
    survey_free(survey);
    g_array_unref(moves);
    g_ptr_array_unref(inside_sites);
    sites_free(sites);
    g_ptr_array_unref(wanted);
    g_ptr_array_unref(inside);
}

int main(int argc, char **argv)
{
    struct inventory *inventory = NULL;
    struct result *result = NULL;
    char *why = NULL;

    plugin_begin(CHECK);
    options_parse(&asked.common, CHECK, argc, argv, OPTIONS, ABOUT);
    check_values();
    plugin_many_descriptors();
    inventory = inventory_read(asked.inventory, &why);
    if (inventory == NULL)
        plugin_usage("%s", why);
    result = options_result(&asked.common, CHECK);
    run(inventory, result);
    inventory_free(inventory);
    release_options();
    options_finish(&asked.common, result);
}
