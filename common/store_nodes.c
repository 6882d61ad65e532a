/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The trust stores of the nodes of a cluster against each other: see store_index.h. Facts: they are
 * replicated, but for ipsec-trust (Cisco documents 210541, 215539; grade B).
 */
#include "store_index.h"

#include <stdlib.h>
#include <string.h>

enum { STORE_BITS = 32 };

/** One trust store of one node. */
struct cell {
    bool seen; /* something lies in it */
    uint32_t missing;
    const struct ucm_stored *first_missing;
    uint32_t extra;
    const struct ucm_stored *first_extra;
};

/** What the rules share. */
struct nodes {
    const struct ucm_stores *stores;
    struct cell *cell;         /* STORE_BITS for each node */
    uint32_t partial;          /* stores with certificates that are not known as a whole */
    uint32_t everywhere;       /* stores with certificates that may be on every node */
    uint32_t shared;           /* stores with a certificate that is for several nodes */
    uint32_t seen[STORE_BITS]; /* on how many nodes something lies in them */
};

static uint32_t bit_number(enum ucm_store store)
{
    uint32_t number = 0;

    while (ucm_store_bit(store) >> number > 1)
        number++;
    return number;
}

static struct cell *cell_of(const struct nodes *nodes, int64_t node, enum ucm_store store)
{
    return &nodes->cell[node * STORE_BITS + bit_number(store)];
}

/* Is it one of the table, and a store of what others are trusted for? */
static bool is_trust(enum ucm_store store)
{
    return ucm_store_name(store) != NULL && !ucm_store_is_own(store);
}

/* Is it one for several nodes? A database may name one of them alone. */
static bool is_shared(const struct ucm_stored *item)
{
    return (item->store == UCM_STORE_CALLMANAGER || item->store == UCM_STORE_TOMCAT) &&
           ucm_stored_whole(item) &&
           ucm_cert_hosts(item->certificate->der, item->certificate->size, NULL, 0, NULL) > 1;
}

static void count_seen(struct nodes *nodes)
{
    for (uint32_t i = 0; i < nodes->stores->count; i++) {
        const struct ucm_stored *item = &nodes->stores->item[i];
        const int64_t node = ucm_store_node(nodes->stores, item->node);
        struct cell *cell;

        if (!ucm_stored_whole(item))
            nodes->partial |= ucm_store_bit(item->store);
        if (is_shared(item))
            nodes->shared |= ucm_store_bit(item->store);
        if (node < 0) {
            nodes->everywhere |= ucm_store_bit(item->store);
            continue;
        }
        cell = cell_of(nodes, node, item->store);
        nodes->seen[bit_number(item->store)] += !cell->seen;
        cell->seen = true;
    }
}

/* ---- stores that nobody saw ---- */

/* Fact store-each-node (B; test_store_cluster:what_each_node_has_of_its_own): each node has
 * CallManager, tomcat, ipsec and TVS certificates of its own. */
/* Every node has a certificate of its own in these, also one that does not run the service: they
 * come with the installation (Cisco document 210541, grade B). */
static bool is_of_each_node(enum ucm_store store)
{
    return store == UCM_STORE_CALLMANAGER || store == UCM_STORE_TOMCAT ||
           store == UCM_STORE_IPSEC || store == UCM_STORE_TVS;
}

/* Fact store-presence (C; test_store_cluster:a_node_of_presence_holds_what_it_likes): what a
 * node of IM and Presence holds. */
/* A database also lists nodes of IM and Presence: they have a Tomcat and no CallManager, and what
 * they should hold is not known. (grade B) */
static bool is_presence(const struct nodes *nodes, uint32_t node)
{
    return cell_of(nodes, node, UCM_STORE_TOMCAT)->seen &&
           !cell_of(nodes, node, UCM_STORE_CALLMANAGER)->seen &&
           !cell_of(nodes, node, UCM_STORE_TVS)->seen;
}

/* Something lies in it elsewhere, and nothing here. */
static bool is_unseen(const struct nodes *nodes, uint32_t node, enum ucm_store store)
{
    const uint32_t read = nodes->stores->complete | nodes->stores->partly;

    return (is_trust(store) || is_of_each_node(store)) && nodes->seen[bit_number(store)] > 0 &&
           ((nodes->everywhere | nodes->shared) & ucm_store_bit(store)) == 0 &&
           (read & ucm_store_bit(store)) != 0 && !cell_of(nodes, node, store)->seen;
}

static bool check_unseen(const struct nodes *nodes, struct ucm_findings *findings)
{
    for (uint32_t node = 0; node < nodes->stores->nodes; node++) {
        struct ucm_finding finding = {0};

        for (uint32_t number = 1; number < UCM_STORE_END && !is_presence(nodes, node); number++) {
            if (!is_unseen(nodes, node, (enum ucm_store)number))
                continue;
            if (finding.id == UCM_FINDING_NONE)
                finding = ucm_store_finding(nodes->stores, UCM_ST_STORE_UNSEEN, NULL, node, number);
            else
                finding.more++;
        }
        if (finding.id != UCM_FINDING_NONE && !ucm_findings_add(findings, &finding))
            return false;
    }
    return true;
}

bool ucm_stores_check_own(const struct ucm_stores *stores, struct ucm_findings *findings)
{
    static const enum ucm_store kinds[] = {UCM_STORE_CALLMANAGER, UCM_STORE_TOMCAT};
    uint32_t held = 0;

    for (uint32_t i = 0; i < stores->count; i++)
        held |= ucm_store_bit(stores->item[i].store);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct ucm_finding finding =
            ucm_store_finding(stores, UCM_ST_OWN_UNSEEN, NULL, -1, kinds[i]);

        if (held != 0 && ucm_store_is_complete(stores, kinds[i]) &&
            (held & ucm_store_bit(kinds[i])) == 0 && !ucm_findings_add(findings, &finding))
            return false;
    }
    return true;
}

/* ---- stores that differ ---- */

static int compare_certificates(const struct ucm_stored *a, const struct ucm_stored *b)
{
    const int order = (int)a->store - (int)b->store;

    return order != 0
               ? order
               : memcmp(a->certificate->cert.sha256, b->certificate->cert.sha256, UCM_SHA256_SIZE);
}

static int by_certificate(const void *a, const void *b)
{
    const struct ucm_stored *const *one = a;
    const struct ucm_stored *const *other = b;
    const int order = compare_certificates(*one, *other);

    return order != 0 ? order : (*one > *other) - (*one < *other);
}

/* Does it say something where such a store has a certificate and where not? */
static bool is_comparable(const struct nodes *nodes, const struct ucm_stored *item)
{
    const uint32_t unknown = nodes->partial | nodes->everywhere;

    return is_trust(item->store) && item->store != UCM_STORE_IPSEC_TRUST &&
           (unknown & ucm_store_bit(item->store)) == 0 &&
           ucm_store_is_complete(nodes->stores, item->store);
}

/* One certificate in one store, on these nodes: what most of them do is right. */
static void compare_nodes(const struct nodes *nodes, const struct ucm_stored **item, uint32_t count)
{
    const uint32_t all = nodes->seen[bit_number(item[0]->store)];
    uint32_t at = 0;

    for (uint32_t node = 0; count < all && node < nodes->stores->nodes; node++) {
        struct cell *cell = cell_of(nodes, node, item[0]->store);
        const bool has = at < count && ucm_store_node(nodes->stores, item[at]->node) == node;

        at += has;
        if (!has && cell->seen && 2 * count >= all) {
            cell->first_missing = cell->missing++ == 0 ? item[0] : cell->first_missing;
        } else if (has && 2 * count < all) {
            cell->first_extra = cell->extra++ == 0 ? item[0] : cell->first_extra;
        }
    }
}

static bool find_differences(const struct nodes *nodes)
{
    const struct ucm_stores *stores = nodes->stores;
    const struct ucm_stored **row =
        malloc(((size_t)stores->count + 1) * sizeof(const struct ucm_stored *));
    uint32_t count = 0;

    if (row == NULL)
        return false;
    for (uint32_t i = 0; i < stores->count; i++)
        if (is_comparable(nodes, &stores->item[i]))
            row[count++] = &stores->item[i];
    qsort(row, count, sizeof(const struct ucm_stored *), by_certificate);
    for (uint32_t i = 0, next = 0; i < count; i = next) {
        for (next = i + 1; next < count && compare_certificates(row[i], row[next]) == 0;)
            next++;
        compare_nodes(nodes, row + i, next - i);
    }
    free((void *)row);
    return true;
}

static bool report(const struct nodes *nodes, enum ucm_finding_id id, const struct ucm_stored *item,
                   uint32_t node, uint32_t count, struct ucm_findings *findings)
{
    struct ucm_finding finding;

    if (count == 0)
        return true;
    finding = ucm_store_finding(nodes->stores, id, item, node, item->store);
    finding.more = count - 1;
    return ucm_findings_add(findings, &finding);
}

static bool check_differences(const struct nodes *nodes, struct ucm_findings *findings)
{
    bool ok = find_differences(nodes);

    for (uint32_t node = 0; node < nodes->stores->nodes; node++)
        for (uint32_t number = 0; ok && number < STORE_BITS; number++) {
            const struct cell *cell = &nodes->cell[(size_t)node * STORE_BITS + number];

            ok = report(nodes, UCM_ST_TRUST_MISSING, cell->first_missing, node, cell->missing,
                        findings) &&
                 report(nodes, UCM_ST_TRUST_EXTRA, cell->first_extra, node, cell->extra, findings);
        }
    return ok;
}

bool ucm_store_check_nodes(const struct ucm_stores *stores, struct ucm_findings *findings)
{
    struct nodes nodes = {.stores = stores};
    bool ok;

    nodes.cell = calloc(((size_t)stores->nodes + 1) * STORE_BITS, sizeof *nodes.cell);
    if (nodes.cell == NULL)
        return false;
    count_seen(&nodes);
    ok = check_unseen(&nodes, findings) && check_differences(&nodes, findings);
    free(nodes.cell);
    return ok;
}
