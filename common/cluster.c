/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The lists of a cluster in one row, and what its TVS knows: see cluster.h.
 */
#include "cluster.h"

#include "lint_judge.h"

#include <string.h>

/* ---- lists ---- */

const struct ucm_trustlist *ucm_cluster_list(const struct ucm_cluster *cluster, uint32_t index)
{
    const struct ucm_node *node = &cluster->node[index / 2];
    const struct ucm_trustlist *list = index % 2 == 0 ? node->lists.itl : node->lists.ctl;

    return ucm_node_serves(node) && ucm_list_usable(list) ? list : NULL;
}

const struct ucm_signature *ucm_cluster_signature(const struct ucm_cluster *cluster, uint32_t index)
{
    const struct ucm_node *node = &cluster->node[index / 2];

    return index % 2 == 0 ? &node->itl_signature : &node->ctl_signature;
}

struct ucm_listed_walk ucm_listed_walk(const struct ucm_cluster *cluster, uint32_t roles)
{
    struct ucm_listed_walk walk = {.cluster = cluster, .roles = roles};

    return walk;
}

/* The next certificate in the roles, met before or not. */
static bool next_certificate(struct ucm_listed_walk *walk, struct ucm_listed *listed)
{
    for (; walk->list < 2 * walk->cluster->nodes; walk->list++, walk->started = false) {
        const struct ucm_trustlist *list = ucm_cluster_list(walk->cluster, walk->list);
        struct ucm_record record;

        if (list == NULL)
            continue;
        if (!walk->started)
            walk->records = ucm_record_walk(list);
        walk->started = true;
        while (ucm_record_next(&walk->records, &record)) {
            struct ucm_view der = record.value[UCM_RECORD_CERTIFICATE];

            if (der.len == 0 || (ucm_role_bit(&record) & walk->roles) == 0)
                continue;
            *listed = (struct ucm_listed){walk->list, record.index, list->data + der.off, der.len};
            return true;
        }
    }
    return false;
}

/* Is it the first of its kind? Few certificates are of the roles that are walked over. */
static bool is_first(const struct ucm_listed_walk *walk, const struct ucm_listed *listed)
{
    struct ucm_listed_walk again = ucm_listed_walk(walk->cluster, walk->roles);
    struct ucm_listed first = *listed;

    while (next_certificate(&again, &first))
        if (first.size == listed->size && memcmp(first.der, listed->der, listed->size) == 0)
            break;
    return first.list == listed->list && first.record == listed->record;
}

bool ucm_listed_next(struct ucm_listed_walk *walk, struct ucm_listed *listed)
{
    while (next_certificate(walk, listed))
        if (is_first(walk, listed))
            return true;
    return false;
}

bool ucm_is_recovery(const uint8_t *der, size_t size)
{
    struct ucm_cert cert;

    return ucm_cert_read(der, size, &cert) && ucm_judge_is_recovery(&cert);
}

/* ---- answers ---- */

bool ucm_cluster_answer(const struct ucm_cluster *cluster, uint32_t node, const uint8_t *der,
                        size_t size, struct ucm_tvs_opinion *opinion)
{
    memset(opinion, 0, sizeof *opinion);
    if (!cluster->node[node].looked || !cluster->node[node].runs_tvs || cluster->vouch == NULL)
        return false;
    cluster->vouch(cluster->context, cluster, node, der, size, opinion);
    return opinion->asked && opinion->answered;
}

enum ucm_knowledge ucm_cluster_knows(const struct ucm_cluster *cluster, const uint8_t *der,
                                     size_t size, uint32_t roles)
{
    enum ucm_knowledge knowledge = UCM_NOT_ANSWERED;

    for (uint32_t i = 0; i < cluster->nodes && knowledge != UCM_KNOWN; i++) {
        struct ucm_tvs_opinion opinion;

        if (ucm_cluster_answer(cluster, i, der, size, &opinion))
            knowledge = opinion.status == 0 && (roles == 0 || (opinion.roles & roles) != 0)
                            ? UCM_KNOWN
                            : UCM_NOT_KNOWN;
    }
    return knowledge;
}
