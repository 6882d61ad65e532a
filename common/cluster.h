/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the files that judge clusters share: the lists of a cluster in one row, the certificates in
 * them, and what its TVS knows. For collision.c, consistency.c, migration.c and emcc.c alone;
 * everybody else reads consistency.h.
 */
#ifndef UCMTRUST_COMMON_CLUSTER_H
#define UCMTRUST_COMMON_CLUSTER_H

#include "consistency.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Was the node seen, and does it serve lists? */
static inline bool ucm_node_serves(const struct ucm_node *node)
{
    return node->looked && node->serves;
}

/** Is there a list that can be read? What is wrong with one that cannot is said elsewhere. */
static inline bool ucm_list_usable(const struct ucm_trustlist *list)
{
    return list != NULL && list->error.id == UCM_FINDING_NONE;
}

/** The lists that a cluster serves in one row: the ITL of node 0, its CTL, the ITL of node 1, …
 * NULL where there is none that can be read. Index is below 2 * nodes. */
const struct ucm_trustlist *ucm_cluster_list(const struct ucm_cluster *cluster, uint32_t index);

/** Its own signature, of the list at the same index. */
const struct ucm_signature *ucm_cluster_signature(const struct ucm_cluster *cluster,
                                                  uint32_t index);

/** Same bytes, or both are none? */
bool ucm_same_list(const struct ucm_trustlist *a, const struct ucm_trustlist *b);

/** Pulls the records of all lists of a cluster, in the order of ucm_cluster_list(). */
struct ucm_cluster_walk {
    const struct ucm_cluster *cluster;
    uint32_t next;                    /**< index of the list after this one */
    const struct ucm_trustlist *list; /**< that record stands in */
    struct ucm_record_walk records;
    struct ucm_record record;
};
struct ucm_cluster_walk ucm_cluster_walk(const struct ucm_cluster *cluster);
bool ucm_cluster_next(struct ucm_cluster_walk *walk);

/** Does the record hold this certificate (DER)? */
bool ucm_cluster_walk_is_at(const struct ucm_cluster_walk *walk, const uint8_t *der, size_t size);

/** A certificate of a cluster, and where it stands first. */
struct ucm_listed {
    uint32_t list;  /**< index of the list; its node is list / 2 */
    uint32_t order; /**< among all certificates */
    const uint8_t *der;
    uint32_t size;
};

/** Certificates, each once, in the order of lists and records. Free with free(item). */
struct ucm_listing {
    struct ucm_listed *item;
    uint32_t count;
};

/** The certificates that the lists of a cluster hold in one of the roles (bits; 0: in any role or
 * none). False when memory ran out; then there is nothing to free. */
bool ucm_listing_make(const struct ucm_cluster *cluster, uint32_t roles,
                      struct ucm_listing *listing);

/** Findings about certificates that TVS takes for one another, which it looks up by issuer and
 * serial: within the lists of a cluster; the signers of one cluster among the certificates of
 * another, where its phones ask. False when memory ran out. */
bool ucm_collisions_within(const struct ucm_cluster *cluster, struct ucm_findings *findings);
bool ucm_collisions_between(const struct ucm_cluster *from, const struct ucm_cluster *to,
                            struct ucm_findings *findings);

/** What the TVS nodes of a cluster know. They share one store, so one node that knows is enough:
 * nodes that disagree are a finding of their own. */
enum ucm_knowledge {
    UCM_KNOWN,        /**< by a node that answered */
    UCM_NOT_KNOWN,    /**< by none of those that answered */
    UCM_NOT_ANSWERED, /**< nobody was asked, or nobody answered */
};

/** Ask every TVS node about a certificate. roles: bits of which it must have one; 0: none. */
enum ucm_knowledge ucm_cluster_knows(const struct ucm_cluster *cluster, const uint8_t *der,
                                     size_t size, uint32_t roles);

/** What one TVS node says. False when it was not asked, or did not answer. */
bool ucm_cluster_answer(const struct ucm_cluster *cluster, uint32_t node, const uint8_t *der,
                        size_t size, struct ucm_tvs_opinion *opinion);

/** Is this the certificate of ITLRecovery? It is told by its name: it has no role of its own
 * (grade B). */
bool ucm_is_recovery(const uint8_t *der, size_t size);

#ifdef __cplusplus
}
#endif

#endif
