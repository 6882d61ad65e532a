/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a plan says of itself: see plan_facts.h.
 */
#include "plan_facts.h"

#include <string.h>

enum {
    DAY = 86400,
    VERSION_14 = 0x0e00,
};

static const char *node_name(const struct plan *plan, uint32_t node)
{
    return plan->renewal->cluster->node[node].name;
}

const char *plan_publisher(const struct plan *plan)
{
    return node_name(plan, plan->renewal->publisher);
}

const char *plan_mode_name(enum ucm_mode mode)
{
    return mode == UCM_MODE_MIXED ? "mixed" : mode == UCM_MODE_NONSECURE ? "non-secure" : "unknown";
}

bool plan_is_mixed(const struct plan *plan)
{
    return plan->renewal->mode == UCM_MODE_MIXED;
}

bool plan_is_from_14(const struct plan *plan)
{
    return plan->renewal->cluster->version >= VERSION_14;
}

/* ---- whose ---- */

char *plan_owner(const struct plan *plan, const struct ucm_renewable *item)
{
    if (item->shared)
        return g_strdup("every node (multi-server)");
    if (item->node != UCM_NODE_NONE)
        return g_strdup(node_name(plan, item->node));
    return result_common_name(item->cert.subject);
}

static bool is_mentioned(const GPtrArray *names, const char *name)
{
    for (unsigned i = 0; i < names->len; i++)
        if (strcmp(g_ptr_array_index(names, i), name) == 0)
            return true;
    return false;
}

/* One certificate for all nodes is renewed on the publisher. */
static char *place_of_work(const struct plan *plan, const struct ucm_renewable *item)
{
    return item->shared ? g_strdup(plan_publisher(plan)) : plan_owner(plan, item);
}

static GPtrArray *places_of_work(const struct plan *plan, enum ucm_service service)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (int others = 0; others < 2; others++)
        for (uint32_t node = 0; node <= plan->renewal->cluster->nodes; node++)
            for (uint32_t i = 0; i < plan->renewal->items; i++) {
                const struct ucm_renewable *item = &plan->renewal->item[i];
                const uint32_t at = item->shared                  ? plan->renewal->publisher
                                    : item->node == UCM_NODE_NONE ? plan->renewal->cluster->nodes
                                                                  : item->node;
                char *name = NULL;

                if (!item->due || item->service != service || at != node ||
                    (at == plan->renewal->publisher) != (others == 0))
                    continue;
                name = place_of_work(plan, item);
                if (is_mentioned(names, name))
                    g_free(name);
                else
                    g_ptr_array_add(names, name);
            }
    return names;
}

char *plan_owners(const struct plan *plan, enum ucm_service service, const char *between)
{
    g_autoptr(GPtrArray) names = places_of_work(plan, service);
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < names->len; i++)
        g_string_append_printf(text, "%s%s", i == 0 ? "" : between,
                               (const char *)g_ptr_array_index(names, i));
    return g_string_free(text, FALSE);
}

/* ---- expiry ---- */

const struct ucm_renewable *plan_first_to_expire(const struct plan *plan)
{
    const struct ucm_renewable *first = NULL;

    for (uint32_t i = 0; i < plan->renewal->items; i++) {
        const struct ucm_renewable *item = &plan->renewal->item[i];

        if (item->cert.not_after != UCM_TIME_NONE &&
            (first == NULL || item->cert.not_after < first->cert.not_after))
            first = item;
    }
    return first;
}

int64_t plan_days(const struct plan *plan, const struct ucm_renewable *item)
{
    const int64_t left = item->cert.not_after - plan->renewal->now;

    return left < 0 ? -(-left / DAY) : left / DAY;
}

bool plan_has_expired(const struct plan *plan, const struct ucm_renewable *item)
{
    return ucm_renewable_has_expired(plan->renewal, item);
}

bool plan_has_expired_signer(const struct plan *plan)
{
    const struct ucm_renewal *renewal = plan->renewal;

    for (uint32_t i = 0; i < renewal->items; i++)
        if ((renewal->item[i].service == renewal->itl_signer ||
             renewal->item[i].service == renewal->ctl_signer) &&
            ucm_renewable_has_expired(renewal, &renewal->item[i]))
            return true;
    return false;
}

char *plan_expiry_text(const struct plan *plan, const struct ucm_renewable *item)
{
    g_autofree char *owner = plan_owner(plan, item);
    char span[32];
    char date[32];

    ucm_span_text(item->cert.not_after, plan->renewal->now, span, sizeof span);
    ucm_date_text(item->cert.not_after, date, sizeof date);
    return g_strdup_printf(plan_has_expired(plan, item) ? "%s of %s expired %s ago on %s"
                                                        : "%s of %s in %s on %s",
                           ucm_service_name(item->service), owner, span, date);
}

/* ---- what was seen ---- */

/* Nodes of whose service nothing was seen, "pub, sub2". A certificate of a node that is not known
 * may be that of any: as many nodes as there are such certificates are given the benefit. */
static char *nodes_not_seen(const struct plan *plan, enum ucm_service service)
{
    const struct ucm_renewal *renewal = plan->renewal;
    GString *names = g_string_new(NULL);
    uint64_t seen = 0;
    uint32_t unowned = 0;
    uint32_t missing = 0;

    for (uint32_t i = 0; i < renewal->items; i++) {
        const struct ucm_renewable *item = &renewal->item[i];

        if (item->service != service)
            continue;
        if (item->shared)
            seen = UINT64_MAX;
        else if (item->node == UCM_NODE_NONE)
            unowned++;
        else
            seen |= UINT64_C(1) << item->node % 64;
    }
    for (uint32_t i = 0; i < renewal->cluster->nodes; i++) {
        if ((seen & UINT64_C(1) << i % 64) != 0 ||
            (service == UCM_SERVICE_TVS && !renewal->cluster->node[i].runs_tvs))
            continue;
        missing++;
        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                               renewal->cluster->node[i].name);
    }
    if (missing <= unowned)
        g_string_truncate(names, 0);
    return g_string_free(names, FALSE);
}

static bool any_seen(const struct plan *plan, enum ucm_service service)
{
    for (uint32_t i = 0; i < plan->renewal->items; i++)
        if (plan->renewal->item[i].service == service)
            return true;
    return false;
}

char *plan_managers_not_seen(const struct plan *plan)
{
    char *nodes = nodes_not_seen(plan, UCM_SERVICE_CALLMANAGER);

    return *nodes != '\0' ? nodes : (g_free(nodes), NULL);
}

/* Services that no list shows, then nodes that some do not show. */
char *plan_not_seen(const struct plan *plan)
{
    static const enum ucm_service STORED[] = {UCM_SERVICE_TOMCAT, UCM_SERVICE_IPSEC};
    static const enum ucm_service OF_NODES[] = {UCM_SERVICE_TOMCAT, UCM_SERVICE_IPSEC,
                                                UCM_SERVICE_CALLMANAGER, UCM_SERVICE_TVS};
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(STORED); i++)
        if (!any_seen(plan, STORED[i]))
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "",
                                   ucm_service_name(STORED[i]));
    if (text->len > 0)
        g_string_append(text,
                        plan->sources_given ? " (not in the sources given)" : " (no source given)");
    for (size_t i = 0; i < G_N_ELEMENTS(OF_NODES); i++) {
        g_autofree char *nodes = nodes_not_seen(plan, OF_NODES[i]);

        if (*nodes != '\0' && (i >= G_N_ELEMENTS(STORED) || any_seen(plan, OF_NODES[i])))
            g_string_append_printf(text, "%s%s of %s", text->len > 0 ? ", " : "",
                                   ucm_service_name(OF_NODES[i]), nodes);
    }
    return g_string_free(text, text->len == 0);
}

/* ---- what came of it ---- */

char *plan_obstacle_text(const struct plan *plan, enum ucm_obstacle obstacle, uint32_t node)
{
    static const char *const WHY[] = {
        [UCM_OBSTACLE_NONE] = "a list cannot be written anew with other certificates",
        [UCM_OBSTACLE_NO_LIST] = "no node of the cluster serves a list",
        [UCM_OBSTACLE_UNSEEN] = "the lists could not be looked at",
        [UCM_OBSTACLE_DAMAGED] = "there is no ITL, or a list cannot be read",
        [UCM_OBSTACLE_SIGNATURE] = "a list does not verify with itself",
        [UCM_OBSTACLE_MODE] = "the inventory gives another mode than the CTL shows that was seen",
        [UCM_OBSTACLE_NO_CTL] = "it serves no CTL, while other nodes do",
        [UCM_OBSTACLE_CTLS] = "its CTL is not the one that other nodes serve",
    };

    return node == UCM_NODE_NONE
               ? g_strdup(WHY[obstacle])
               : g_strdup_printf("%s: %s", plan->renewal->cluster->node[node].name, WHY[obstacle]);
}

char *plan_left_out(const struct plan *plan)
{
    GString *text = g_string_new(NULL);

    for (int service = 0; service < UCM_SERVICE_COUNT; service++)
        if ((plan->plan->left_out & UCM_SERVICE_BIT(service)) != 0)
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "",
                                   ucm_service_name((enum ucm_service)service));
    return g_string_free(text, FALSE);
}

char *plan_loss_text(const struct plan *plan)
{
    g_autofree char *services = plan_left_out(plan);
    GString *text = g_string_new(services);

    switch (plan->plan->left_why) {
    case UCM_LOCKED:
        g_string_append(text, ": no phone knows who would sign the lists then");
        break;
    case UCM_RE_SIGN:
        g_string_append(text, ": phones refuse the lists until they are signed anew");
        break;
    default:
        g_string_append(text, ": secure phones would not trust a service");
        break;
    }
    return g_string_free(text, FALSE);
}

uint32_t plan_no_return(const struct plan *plan)
{
    const struct ucm_play *play = &plan->plan->play;

    for (uint32_t step = 1; step <= play->steps; step++)
        if (!ucm_verdict_is_good(play->off[UCM_PHONE_USUAL][0][step]))
            return step;
    return 0;
}

/* A CTL whose SASTs are all tokens is signed by nobody but them. */
const char *plan_reset_command(const struct plan *plan)
{
    const struct ucm_renewal *renewal = plan->renewal;

    for (uint32_t i = 0; i < renewal->items; i++) {
        const struct ucm_renewable *item = &renewal->item[i];

        if (item->der == NULL ||
            (item->service != UCM_SERVICE_CALLMANAGER && item->service != UCM_SERVICE_ITLRECOVERY))
            continue;
        for (uint32_t node = 0; plan_is_mixed(plan) && node < renewal->cluster->nodes; node++) {
            const struct ucm_trustlist *ctl = ucm_cluster_list(renewal->cluster, 2 * node + 1);

            if (ctl != NULL &&
                ucm_list_holds(ctl, item->der, item->size, UCM_ROLE_BIT(UCM_ROLE_SAST)))
                return "utils ctl reset localkey";
        }
    }
    return "utils itl reset localkey";
}

char *plan_mute_nodes(const struct plan *plan, uint32_t step)
{
    GString *names = g_string_new(NULL);
    uint64_t mute = 0;

    for (uint32_t i = step; i > 0; i--) {
        if (i < step && plan->plan->step[i - 1].action == UCM_ACT_WAIT)
            break;
        mute |= plan->plan->play.mute[i];
    }
    for (uint32_t i = 0; i < plan->renewal->cluster->nodes; i++)
        if ((mute & UINT64_C(1) << i % UCM_RENEWABLES_NODES) != 0)
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                                   plan->renewal->cluster->node[i].name);
    return g_string_free(names, names->len == 0);
}

bool plan_has_devices_without_tvs(const struct plan *plan)
{
    return plan_is_mixed(plan) && !ucm_verdict_is_good(plan->plan->play.held[UCM_PHONE_NO_TVS]) &&
           ucm_verdict_is_good(plan->plan->play.held[UCM_PHONE_USUAL]);
}

bool plan_has_waits(const struct plan *plan)
{
    for (uint32_t i = 0; i < plan->plan->steps; i++)
        if (plan->plan->step[i].action == UCM_ACT_WAIT)
            return true;
    return false;
}
