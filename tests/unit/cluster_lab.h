/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Clusters in shorthand, over the lists and certificates of phone_lab.h; what was asked about which
 * certificate is written down.
 */
#ifndef UCMTRUST_TESTS_UNIT_CLUSTER_LAB_H
#define UCMTRUST_TESTS_UNIT_CLUSTER_LAB_H

#include "phone_lab.h"

#include "common/consistency.h"

enum { NODES_MAX = 3, LETTERS_MAX = 26 };

/** One node in shorthand. */
struct node {
    const char *ctl;
    const char *itl;
    char tvs;         /**< certificate that its TVS shows; 0: runs none; '?': not known */
    const char *says; /**< what its TVS says about certificates: "RsOn"; others: not asked */
    bool unseen;
    bool outside; /**< not in the phones' group */
    bool no_tftp;
    bool broken_ctl; /**< cannot be read */
    bool broken_itl;
    bool unverified;    /**< its ITL could not be verified with itself */
    uint32_t newer;     /**< seconds after the others that its ITL was written */
    uint32_t newer_ctl; /**< the same of its CTL */
    char shows;         /**< certificate that came with the answers; 0: none did */
    char tomcat;        /**< its Tomcat certificate; 0: not known */
};

/** A cluster with all that it is made of. */
struct cluster {
    struct ucm_cluster cluster;
    struct ucm_node *node; /**< exactly as many as there are */
    struct lab_list *list[2 * NODES_MAX];
    const struct node *from;
    bool mute;  /**< nobody is asked yet */
    bool notes; /**< nodes that were not asked will be */
    bool asked[NODES_MAX][LETTERS_MAX];
    unsigned questions;
};

/** Make a cluster of the nodes up to the first empty one. Free with free_cluster(). */
struct cluster *make_cluster(const struct node *from, uint16_t version, enum ucm_mode mode);
void free_cluster(struct cluster *made);

/** Findings as "ID@node", blank between; severity after a colon where it is not the rule's. */
void assert_findings(const struct ucm_findings *findings, const char *expected);

/* The old cluster is like 11.5 (O signs, R stands by), the new one like 14 (Q signs). */
#define OLD_ITL "O/OsOcTtUtAa"
#define NEW_ITL "Q/NsNcQsXtBa"
#define NEW_CTL "Q/QsNcBa"
#define NEW_NODE                                                                                   \
    {                                                                                              \
        NULL, NEW_ITL, 'X', "As", .newer = 0                                                       \
    }

#endif
