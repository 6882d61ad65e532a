/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The lists of a cluster in one row, and what its TVS knows: see cluster.h.
 */
#include "cluster.h"

#include "lint_judge.h"

#include <stdlib.h>
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

bool ucm_same_list(const struct ucm_trustlist *a, const struct ucm_trustlist *b)
{
    struct ucm_view whole_a;
    struct ucm_view whole_b;

    if (a == NULL || b == NULL)
        return a == b;
    if (a->data == b->data) /* a list that many nodes serve is kept once */
        return a->size == b->size;
    whole_a = (struct ucm_view){0, a->size};
    whole_b = (struct ucm_view){0, b->size};
    return ucm_same(a->data, whole_a, b->data, whole_b);
}

/* ---- records ---- */

struct ucm_cluster_walk ucm_cluster_walk(const struct ucm_cluster *cluster)
{
    return (struct ucm_cluster_walk){.cluster = cluster};
}

bool ucm_cluster_next(struct ucm_cluster_walk *walk)
{
    while (walk->list == NULL || !ucm_record_next(&walk->records, &walk->record)) {
        if (walk->next == 2 * walk->cluster->nodes)
            return false;
        walk->list = ucm_cluster_list(walk->cluster, walk->next++);
        if (walk->list != NULL)
            walk->records = ucm_record_walk(walk->list);
    }
    return true;
}

bool ucm_cluster_walk_is_at(const struct ucm_cluster_walk *walk, const uint8_t *der, size_t size)
{
    const struct ucm_view found = walk->record.value[UCM_RECORD_CERTIFICATE];

    return found.len == size && memcmp(walk->list->data + found.off, der, size) == 0;
}

/* ---- certificates ---- */

/* Write the certificates of all lists, each as often as it stands there, to item, unless that is
 * NULL; returns how many. */
static uint32_t gather(const struct ucm_cluster *cluster, uint32_t roles, struct ucm_listed *item)
{
    struct ucm_cluster_walk walk = ucm_cluster_walk(cluster);
    uint32_t count = 0;

    while (ucm_cluster_next(&walk)) {
        const struct ucm_view der = walk.record.value[UCM_RECORD_CERTIFICATE];

        if (der.len == 0 || (roles != 0 && (ucm_role_bit(&walk.record) & roles) == 0))
            continue;
        if (item != NULL)
            item[count] =
                (struct ucm_listed){walk.next - 1, count, walk.list->data + der.off, der.len};
        count++;
    }
    return count;
}

static int by_bytes(const struct ucm_listed *a, const struct ucm_listed *b)
{
    if (a->size != b->size)
        return a->size < b->size ? -1 : 1;
    return memcmp(a->der, b->der, a->size);
}

static int by_order(const void *a, const void *b)
{
    const struct ucm_listed *one = a;
    const struct ucm_listed *other = b;

    return (one->order > other->order) - (one->order < other->order);
}

static int by_bytes_and_order(const void *a, const void *b)
{
    int order = by_bytes(a, b);

    return order != 0 ? order : by_order(a, b);
}

/* Sorted twice, since a hostile list has thousands of records. */
static uint32_t drop_repeated(struct ucm_listed *item, uint32_t count)
{
    uint32_t kept = 0;

    qsort(item, count, sizeof *item, by_bytes_and_order);
    for (uint32_t i = 0; i < count; i++)
        if (kept == 0 || by_bytes(&item[kept - 1], &item[i]) != 0)
            item[kept++] = item[i];
    qsort(item, kept, sizeof *item, by_order);
    return kept;
}

bool ucm_listing_make(const struct ucm_cluster *cluster, uint32_t roles,
                      struct ucm_listing *listing)
{
    uint32_t count = gather(cluster, roles, NULL);

    listing->item = malloc((count + (size_t)1) * sizeof *listing->item);
    if (listing->item == NULL)
        return false;
    listing->count = drop_repeated(listing->item, gather(cluster, roles, listing->item));
    return true;
}

bool ucm_is_recovery(const uint8_t *der, size_t size)
{
    char subject[UCM_CERT_NAME_MAX];
    struct ucm_view name;

    return ucm_cert_subject(der, size, &name) &&
           ucm_judge_may_be_recovery(der + name.off, name.len) &&
           ucm_cert_name(der + name.off, name.len, subject) && ucm_judge_is_recovery(subject);
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
        else if (opinion.noted && knowledge == UCM_NOT_ANSWERED)
            break; /* this one first: if it knows, nobody else need be asked */
    }
    return knowledge;
}
