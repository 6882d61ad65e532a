/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Certificates of services that a CA issued, and those that are meant for several nodes: see
 * store_index.h. Facts: Cisco document 210541, Security Guide 12.5 (grade B).
 *
 * Fact multi-server (B; test_store_cluster:certificates_for_several_nodes): a multi-server
 * certificate is the same on all nodes, each with its chain.
 */
#include "store_index.h"

#include <stdlib.h>
#include <string.h>

enum {
    CERTIFICATES_MAX = 1024, /* that are looked at with OpenSSL; twenty nodes use 160 */
    DEPTH_MAX = 8,           /* of a chain */
    NAMES_OF_NODE = 3,       /* its own, and those of its ipsec and TVS certificates */
    CN_SIZE = 3,             /* "CN=" */
};

/** A link of a chain that ends too early. */
struct gap {
    const struct ucm_stored *item; /* whose issuer is missing */
    const char *node;              /* that of the service; NULL: not known */
    enum ucm_store store;          /* where it should be */
    uint32_t order;
    uint32_t more;
};

/** What the rules share. */
struct chains {
    const struct ucm_store_index *index;
    struct gap *gap; /* room for CERTIFICATES_MAX */
    uint32_t gaps;
    struct ucm_findings *findings;
};

/* ---- chains ---- */

static bool is_issued_by_ca(const struct ucm_stored *item)
{
    return ucm_store_of_trust(item->store) != UCM_STORE_NONE && ucm_stored_whole(item) &&
           !ucm_stored_self_issued(item);
}

/* The first certificate of a chain whose issuer is not in the trust store; NULL when it is whole.
 */
static const struct ucm_stored *first_gap(const struct ucm_store_index *index,
                                          const struct ucm_stored *item, enum ucm_store store,
                                          const char *node)
{
    for (int depth = 0; depth < DEPTH_MAX && !ucm_stored_self_issued(item); depth++) {
        const struct ucm_stored *issuer = ucm_store_issuer(index, item, store, node);

        if (issuer == NULL)
            return item;
        item = issuer;
    }
    return NULL;
}

static void follow(struct chains *chains, const struct ucm_stored *item)
{
    const struct ucm_stores *stores = chains->index->stores;
    const enum ucm_store store = ucm_store_of_trust(item->store);
    const struct ucm_stored *gap;

    if (!ucm_store_is_complete(stores, store) ||
        !ucm_store_is_seen(chains->index, store, item->node))
        return;
    gap = first_gap(chains->index, item, store, item->node);
    if (gap != NULL) {
        chains->gap[chains->gaps] = (struct gap){gap, item->node, store, chains->gaps, 0};
        chains->gaps++;
    }
}

/* The same issuer is missing in the same store. */
static int compare_gaps(const struct gap *a, const struct gap *b)
{
    const int order = (int)a->store - (int)b->store;

    return order != 0
               ? order
               : strcmp(a->item->certificate->cert.issuer, b->item->certificate->cert.issuer);
}

static int by_issuer(const void *a, const void *b)
{
    const struct gap *one = a;
    const struct gap *other = b;
    const int order = compare_gaps(one, other);

    return order != 0 ? order : (one->order > other->order) - (one->order < other->order);
}

static bool report_gaps(struct chains *chains)
{
    const struct ucm_stores *stores = chains->index->stores;

    qsort(chains->gap, chains->gaps, sizeof *chains->gap, by_issuer);
    for (uint32_t i = 0, next = 0; i < chains->gaps; i = next) {
        const struct gap *gap = &chains->gap[i];
        struct ucm_finding finding = ucm_store_finding(
            stores, UCM_ST_CHAIN_MISSING, gap->item, ucm_store_node(stores, gap->node), gap->store);

        for (next = i + 1; next < chains->gaps && compare_gaps(gap, &chains->gap[next]) == 0;)
            next++;
        finding.more = next - i - 1;
        if (!ucm_findings_add(chains->findings, &finding))
            return false;
    }
    return true;
}

/* ---- certificates for several nodes ---- */

/* What a node is called, as far as the stores tell: the certificates of TVS and ipsec are never
 * shared, so their common names are those of the host. */
static void names_of(const struct ucm_stores *stores, struct ucm_host *host)
{
    for (uint32_t i = 0; i < stores->count; i++) {
        const struct ucm_stored *item = &stores->item[i];
        const int64_t node = ucm_store_node(stores, item->node);
        const char *subject = item->certificate->cert.subject;
        const bool is_tvs = item->store == UCM_STORE_TVS;

        if (node >= 0 && (is_tvs || item->store == UCM_STORE_IPSEC) &&
            strncmp(subject, "CN=", CN_SIZE) == 0)
            host[NAMES_OF_NODE * node + 1 + is_tvs] =
                (struct ucm_host){subject + CN_SIZE, strcspn(subject + CN_SIZE, ";")};
    }
    for (uint32_t node = 0; node < stores->nodes; node++)
        host[(size_t)node * NAMES_OF_NODE] =
            (struct ucm_host){stores->node[node], strlen(stores->node[node])};
}

/* Does the node use another certificate where this one should be? */
static bool uses_another(const struct ucm_store_index *index, const struct ucm_stored *item,
                         const char *node)
{
    return ucm_store_is_seen(index, item->store, node) &&
           ucm_store_holds(index, item->certificate, item->store, node) == UCM_ABSENT;
}

/* The first place of a certificate of CallManager or Tomcat. */
static bool is_first_of_server(const struct ucm_store_index *index, const struct ucm_stored *item)
{
    const enum ucm_store trust = ucm_store_of_trust(item->store);

    return (trust == UCM_STORE_CALLMANAGER_TRUST || trust == UCM_STORE_TOMCAT_TRUST) &&
           ucm_stored_whole(item) && item->node != NULL && ucm_store_is_first(index, item);
}

static bool check_nodes_of(const struct chains *chains, const struct ucm_stored *item,
                           const struct ucm_host *host, bool *named)
{
    const struct ucm_stores *stores = chains->index->stores;
    struct ucm_finding finding = {0};

    memset(named, 0, (size_t)stores->nodes * NAMES_OF_NODE);
    if (ucm_cert_hosts(item->certificate->der, item->certificate->size, host,
                       stores->nodes * NAMES_OF_NODE, named) < 2)
        return true;
    for (uint32_t node = 0; node < stores->nodes; node++) {
        const bool *its = named + (size_t)node * NAMES_OF_NODE;

        if (!(its[0] || its[1] || its[2]) || !uses_another(chains->index, item, stores->node[node]))
            continue;
        if (finding.id != UCM_FINDING_NONE) {
            finding.more++;
            continue;
        }
        finding = ucm_store_finding(stores, UCM_ST_MULTI_SERVER, item, node, item->store);
        if (item->store == UCM_STORE_CALLMANAGER && stores->mode == UCM_MODE_MIXED)
            finding.severity = UCM_ERROR;
    }
    return finding.id == UCM_FINDING_NONE || ucm_findings_add(chains->findings, &finding);
}

/* ---- both ---- */

/* Room for what is known of the nodes. */
struct room {
    struct ucm_host *host;
    bool *named;
};

static bool judge(struct chains *chains, struct room room)
{
    const struct ucm_stores *stores = chains->index->stores;
    uint32_t looked = 0;

    names_of(stores, room.host);
    for (uint32_t i = 0; i < stores->count; i++) {
        const struct ucm_stored *item = &stores->item[i];
        const bool issued = is_issued_by_ca(item);
        const bool server = is_first_of_server(chains->index, item);

        if (!issued && !server)
            continue;
        if (looked++ == CERTIFICATES_MAX) {
            const struct ucm_finding finding =
                ucm_store_finding(stores, UCM_ST_TOO_MANY, item, -1, -1);

            return report_gaps(chains) && ucm_findings_add(chains->findings, &finding);
        }
        if (issued)
            follow(chains, item);
        if (server && !check_nodes_of(chains, item, room.host, room.named))
            return false;
    }
    return report_gaps(chains);
}

bool ucm_store_check_chains(const struct ucm_store_index *index, struct ucm_findings *findings)
{
    const size_t nodes = (size_t)index->stores->nodes + 1;
    struct chains chains = {.index = index, .findings = findings};
    const struct room room = {calloc(nodes * NAMES_OF_NODE, sizeof *room.host),
                              calloc(nodes * NAMES_OF_NODE, sizeof *room.named)};
    bool ok;

    chains.gap = calloc(CERTIFICATES_MAX, sizeof *chains.gap);
    ok = chains.gap != NULL && room.host != NULL && room.named != NULL && judge(&chains, room);
    free(chains.gap);
    free(room.host);
    free(room.named);
    return ok;
}
