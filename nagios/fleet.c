/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Holds clusters and moves. Must not judge or print.
 */
#include "fleet.h"

static void node_free(gpointer item)
{
    struct fleet_node *node = item;

    g_free(node->name);
    g_free(node->why);
    g_free(node);
}

static void cluster_free(gpointer item)
{
    struct fleet_cluster *cluster = item;

    g_ptr_array_unref(cluster->nodes);
    g_free(cluster->name);
    g_free(cluster->version);
    g_free(cluster);
}

static void move_free(gpointer item)
{
    struct fleet_move *move = item;

    g_array_unref(move->phones.ids);
    g_array_unref(move->emcc.ids);
    g_free(move->phones.why);
    g_free(move->emcc.why);
    g_free(move->from);
    g_free(move->to);
    g_free(move);
}

struct fleet *fleet_new(void)
{
    struct fleet *fleet = g_new0(struct fleet, 1);

    fleet->clusters = g_ptr_array_new_with_free_func(cluster_free);
    fleet->moves = g_ptr_array_new_with_free_func(move_free);
    fleet->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return fleet;
}

void fleet_free(struct fleet *fleet)
{
    g_ptr_array_unref(fleet->clusters);
    g_ptr_array_unref(fleet->moves);
    g_hash_table_unref(fleet->by_name);
    g_free(fleet);
}

struct fleet_cluster *fleet_add_cluster(struct fleet *fleet, const char *name)
{
    struct fleet_cluster *cluster = g_new0(struct fleet_cluster, 1);

    cluster->name = g_strdup(name);
    cluster->nodes = g_ptr_array_new_with_free_func(node_free);
    g_ptr_array_add(fleet->clusters, cluster);
    return cluster;
}

struct fleet_node *fleet_add_node(struct fleet_cluster *cluster, const char *name)
{
    struct fleet_node *node = g_new0(struct fleet_node, 1);

    node->name = g_strdup(name);
    g_ptr_array_add(cluster->nodes, node);
    return node;
}

struct fleet_move *fleet_add_move(struct fleet *fleet, const char *from, const char *to)
{
    struct fleet_move *move = g_new0(struct fleet_move, 1);

    move->from = g_strdup(from);
    move->to = g_strdup(to);
    move->phones.ids = g_array_new(FALSE, FALSE, sizeof(enum ucm_finding_id));
    move->emcc.ids = g_array_new(FALSE, FALSE, sizeof(enum ucm_finding_id));
    g_ptr_array_add(fleet->moves, move);
    g_hash_table_insert(fleet->by_name, g_strdup_printf("%s/%s", from, to), move);
    return move;
}

void fleet_add_reason(struct fleet_verdict *verdict, enum ucm_finding_id id,
                      enum plugin_state state, const char *text)
{
    g_array_append_val(verdict->ids, id);
    if (plugin_rank(state) <= plugin_rank(verdict->state))
        return;
    verdict->state = state;
    verdict->decides = id;
    g_free(verdict->why);
    verdict->why = g_strdup(text);
}

const struct fleet_move *fleet_find(const struct fleet *fleet, const char *from, const char *to)
{
    g_autofree char *key = g_strdup_printf("%s/%s", from, to);

    return g_hash_table_lookup(fleet->by_name, key);
}

const char *fleet_ready(const struct fleet_verdict *verdict)
{
    switch (verdict->state) {
    case STATE_OK:
        return "yes";
    case STATE_WARNING:
        return "partly";
    case STATE_CRITICAL:
        return "no";
    case STATE_UNKNOWN:
    case STATE_UNSET:
        break;
    }
    return "unsure";
}

const char *fleet_word(const struct fleet_verdict *verdict)
{
    switch (verdict->decides) {
    case UCM_FINDING_NONE:
        return "ready";
    case UCM_MIG_SOME_NODES:
        return "some";
    case UCM_MIG_NOT_VOUCHED:
        return "NOT KNOWN";
    case UCM_MIG_NO_ROLE:
        return "NO ROLE";
    case UCM_MIG_OUTSIDE_GROUP:
        return "GROUP";
    case UCM_MIG_CANNOT_ASK:
        return "NO TVS";
    case UCM_MIG_CAPF:
        return "CAPF";
    case UCM_MIG_ISSUER_SERIAL:
        return "SERIAL";
    case UCM_EMCC_RECOVERY:
    case UCM_EMCC_TOMCAT:
        return "EMCC";
    default:
        return verdict->state == STATE_CRITICAL ? "NO" : "?";
    }
}

GPtrArray *fleet_travellers(const struct fleet *fleet)
{
    GHashTable *named = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *names = g_ptr_array_new();

    for (unsigned i = 0; i < fleet->moves->len; i++) {
        const struct fleet_move *move = g_ptr_array_index(fleet->moves, i);

        g_hash_table_add(named, move->from);
        g_hash_table_add(named, move->to);
    }
    for (unsigned i = 0; i < fleet->clusters->len; i++) {
        const struct fleet_cluster *cluster = g_ptr_array_index(fleet->clusters, i);

        if (g_hash_table_contains(named, cluster->name))
            g_ptr_array_add(names, cluster->name);
    }
    g_hash_table_unref(named);
    return names;
}
