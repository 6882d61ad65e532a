/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Counts of TVS messages and of trust lists as trees: see tap-stats.h. Must not know fields, nor
 * how a number is spelled (common/names.h).
 */
#include "compat.h"

#include "tap-stats.h"

#include "show.h"
#include "taps.h"
#include "tl-tree.h"
#include "tvs-text.h"

#include "common/finding_text.h"

#include <epan/stats_tree.h>

/* Most names from the wire that one tree shows: device models, or signers. CUCM knows some sixty
 * models; more come from somebody who wants to fill the memory. */
enum { NAMES_MAX = 100 };

static const char OTHERS[] = "others (after 100 names)";

/* The same numbers in every tree of a kind: nodes are made in the same order. */
static int node_types, node_statuses, node_roles, node_models;
static int node_kinds, node_signatures, node_signers;

/* ---- names from the wire ---- */

/** Tree -> the set of names from the wire that it shows. A tree itself can not be asked. */
static GHashTable *names_of_tree;

static void no_names(stats_tree *tree)
{
    g_hash_table_insert(names_of_tree, tree,
                        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL));
}

static void forget_names(stats_tree *tree)
{
    g_hash_table_remove(names_of_tree, tree);
}

/* The name itself, or the row of all that came after too many. */
static const char *bounded(stats_tree *tree, const char *name)
{
    GHashTable *names = g_hash_table_lookup(names_of_tree, tree);

    if (g_hash_table_contains(names, name))
        return name;
    if (g_hash_table_size(names) >= NAMES_MAX)
        return OTHERS;
    g_hash_table_add(names, g_strdup(name));
    return name;
}

/* ---- counting ---- */

static void count(stats_tree *tree, int node, const char *name)
{
    tick_stat_node(tree, name, node, FALSE);
}

static void count_whole(stats_tree *tree, int node, const char *name)
{
    stats_tree_tick_pivot(tree, node, name);
}

/* The name of a number, or the number where it has none: "status 7". */
static const char *name_or_number(const struct tvs_shown *shown, const char *name, const char *what,
                                  uint32_t number)
{
    return name != NULL ? name : wmem_strdup_printf(shown->pinfo->pool, "%s %u", what, number);
}

/* ---- TVS ---- */

static void make_tvs_nodes(stats_tree *tree)
{
    no_names(tree);
    node_types = stats_tree_create_pivot(tree, "Messages by type", 0);
    node_statuses = stats_tree_create_pivot(tree, "Answers by status", 0);
    node_roles = stats_tree_create_pivot(tree, "Answers by role", 0);
    node_models = stats_tree_create_pivot(tree, "Requests by device model", 0);
}

static void count_status(stats_tree *tree, const struct tvs_shown *shown)
{
    uint8_t status = shown->message.status;

    if (ucm_tvs_has(&shown->message, UCM_TVS_STATUS_ELEMENT))
        count_whole(tree, node_statuses,
                    name_or_number(shown, ucm_tvs_status_name(status), "status", status));
    else
        count_whole(tree, node_statuses, shown->cut ? "not captured" : "no status");
}

/* An answer counts once in all and once for each of its roles, so the rows may exceed their sum. */
static void count_roles(stats_tree *tree, const struct tvs_shown *shown)
{
    struct ucm_view roles = shown->message.value[UCM_TVS_ROLES];
    bool seen[UINT8_MAX + 1] = {false};

    if (!ucm_tvs_has(&shown->message, UCM_TVS_ROLES) || roles.len == 0) {
        count_whole(tree, node_roles, shown->cut ? "not captured" : UCM_TEXT_NO_ROLE);
        return;
    }
    count(tree, 0, "Answers by role");
    for (uint32_t i = 0; i < roles.len; i++) {
        uint8_t role = ucm_byte(shown->data, roles, i);
        char room[16];

        if (!seen[role])
            count(tree, node_roles, ucm_role_text(role, room, sizeof room));
        seen[role] = true;
    }
}

static void count_model(stats_tree *tree, const struct tvs_shown *shown)
{
    struct ucm_view model, mac;

    if (!ucm_tvs_has(&shown->message, UCM_TVS_DEVICE)) {
        count_whole(tree, node_models, shown->cut ? "not captured" : "no device name");
        return;
    }
    ucm_tvs_device_parts(shown->data, shown->message.value[UCM_TVS_DEVICE], &model, &mac);
    if (model.len == 0)
        count_whole(tree, node_models, "names of another form");
    else
        count_whole(tree, node_models,
                    bounded(tree, show_text(shown->pinfo->pool, shown->data, model)));
}

static tap_packet_status count_message(stats_tree *tree, packet_info *pinfo _U_,
                                       epan_dissect_t *edt _U_, const void *data,
                                       tap_flags_t flags _U_)
{
    const struct tvs_shown *shown = data;
    uint8_t type = shown->message.type;

    if (shown->message.error.id == UCM_TVS_NOT_TVS) {
        count_whole(tree, node_types, "not a TVS message");
        return TAP_PACKET_REDRAW;
    }
    count_whole(tree, node_types, name_or_number(shown, ucm_tvs_type_name(type), "type", type));
    if (tvs_is_request(&shown->message)) {
        count_model(tree, shown);
    } else if (tvs_is_response(&shown->message)) {
        count_status(tree, shown);
        count_roles(tree, shown);
    }
    return TAP_PACKET_REDRAW;
}

/* ---- lists ---- */

static void make_list_nodes(stats_tree *tree)
{
    no_names(tree);
    node_kinds = stats_tree_create_pivot(tree, "Files by kind", 0);
    node_signatures = stats_tree_create_pivot(tree, "Files by signature", 0);
    node_signers = stats_tree_create_pivot(tree, "Files by signer", 0);
}

static const char *signature(const struct tl_shown *shown)
{
    if (shown->cut)
        return "not captured";
    return shown->verdict->checked ? ucm_signature_status_name(shown->verdict->signature.status)
                                   : "not checked";
}

static const char *signer(stats_tree *tree, const struct tl_shown *shown)
{
    struct ucm_view name = shown->list->value[UCM_HEADER_SIGNER_NAME];

    if (ucm_list_has(shown->list, UCM_HEADER_SIGNER_NAME))
        return bounded(tree, show_text(shown->pinfo->pool, shown->data, name));
    return shown->cut ? "not captured" : "no signer";
}

static tap_packet_status count_list(stats_tree *tree, packet_info *pinfo _U_,
                                    epan_dissect_t *edt _U_, const void *data,
                                    tap_flags_t flags _U_)
{
    const struct tl_shown *shown = data;

    count_whole(tree, node_kinds, ucm_list_kind_name(shown->list->kind));
    count_whole(tree, node_signatures, signature(shown));
    count_whole(tree, node_signers, signer(tree, shown));
    return TAP_PACKET_REDRAW;
}

/* ---- registration ---- */

void tap_stats_register(void)
{
    names_of_tree = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_hash_table_destroy);
    stats_tree_register_plugin(TVS_TAP, "tvs", COMPAT_MENU("Cisco UCM trust", "TVS messages"), 0,
                               count_message, make_tvs_nodes, forget_names);
    stats_tree_register_plugin(TRUSTLIST_TAP, "ciscotl",
                               COMPAT_MENU("Cisco UCM trust", "Trust lists"), 0, count_list,
                               make_list_nodes, forget_names);
}
