/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Do the nodes of a cluster agree, and may phones move from one cluster to another? Pure functions
 * over what was collected; they fetch nothing. Rules: Cisco documents 213407, 116232, 118893,
 * 215539 and field notice FN70613.
 */
#ifndef UCMTRUST_COMMON_CONSISTENCY_H
#define UCMTRUST_COMMON_CONSISTENCY_H

#include "lint.h"
#include "phone.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How the phones of a cluster are secured. */
enum ucm_mode {
    UCM_MODE_UNKNOWN,
    UCM_MODE_NONSECURE, /**< no CTL, or one without certificates of TFTP servers */
    UCM_MODE_MIXED,
};

/** What was collected from one node. Nothing in it is owned. */
struct ucm_node {
    const char *name;
    bool looked;                /**< false: it could not be looked at, and nothing below counts */
    bool serves;                /**< a TFTP node: it should serve lists */
    struct ucm_list_pair lists; /**< what it serves; NULL where it has none */
    struct ucm_signature ctl_signature; /**< each list verified with itself, as in its report; of */
    struct ucm_signature itl_signature; /**< no meaning where there is no list */
    bool runs_tvs;
    bool in_group;           /**< the phones' CallManager group names it */
    const uint8_t *identity; /**< certificate that its TVS shows (DER); NULL: not known */
    size_t identity_size;
    const uint8_t *tomcat; /**< its Tomcat certificate (DER); NULL: not known */
    size_t tomcat_size;
};

struct ucm_cluster;

/** What the TVS of a node says about a certificate (DER). Fills opinion, which is zeroed before;
 * asked stays false where nobody knows. */
typedef void (*ucm_vouch)(void *context, const struct ucm_cluster *cluster, uint32_t node,
                          const uint8_t *der, size_t size, struct ucm_tvs_opinion *opinion);

/** A cluster as it was collected. */
struct ucm_cluster {
    const char *name;
    const struct ucm_node *node;
    uint32_t nodes;
    uint16_t version;       /**< major * 256 + minor; 0: not known */
    enum ucm_mode expected; /**< what the administrator says */
    ucm_vouch vouch;        /**< NULL: nobody was asked */
    void *context;
};

/* Fact mode-by-ctl (A; test_consistency:the_mode_is_read_from_the_ctl): servers with
 * certificates in the CTL mean mixed mode, without them non-secure again. */
/** The mode that a CTL shows; NULL is no CTL. */
enum ucm_mode ucm_mode_of(const struct ucm_trustlist *ctl);

/** Does a CTL of a cluster in mixed mode lack what the ITL beside it holds? Then secure phones do
 * not trust that service, though they may accept both lists (FN70613). */
bool ucm_ctl_is_stale(const struct ucm_trustlist *ctl, const struct ucm_trustlist *itl);

/** Findings within a cluster (CL-…). In each, source is the index of the node that it is about, and
 * found that of the node that it was compared with, where there is one. False when memory ran out.
 */
bool ucm_cluster_check(const struct ucm_cluster *cluster, struct ucm_findings *findings);

/** The part of it that is about answers, for one more certificate, such as that of another cluster:
 * do all TVS nodes that answer say the same? */
bool ucm_cluster_check_answers(const struct ucm_cluster *cluster, const uint8_t *der, size_t size,
                               struct ucm_findings *findings);

/** May the phones of one cluster move to one node of another? */
struct ucm_readiness {
    bool looked;              /**< false: the node, or every node they come from, was not seen */
    enum ucm_verdict verdict; /**< the worst over all lists that the phones may hold */
    struct ucm_decision decision; /**< what decided it */
    uint32_t held;      /**< node of the source whose lists the phone holds that decided it */
    bool outside_group; /**< refused, although a node outside the phones' group would vouch */
};
struct ucm_readiness ucm_readiness_of(const struct ucm_cluster *from, const struct ucm_cluster *to,
                                      uint32_t to_node);

/** Findings about a move in one direction (MIG-…): every node of the destination that serves lists,
 * what phones of the source hold, and its CAPF certificates. source of a finding is the index of
 * the destination's node; of UCM_MIG_HELD_UNSEEN, that of the source's. expected of
 * UCM_MIG_CANNOT_ASK is the source's node whose lists such phones hold. False when memory ran out.
 */
bool ucm_migration_check(const struct ucm_cluster *from, const struct ucm_cluster *to,
                         struct ucm_findings *findings);

/** Findings about extension mobility across clusters in one direction (EMCC-…): what `to`, where
 * users of `from` log in, must know of `from`. source of a finding is the index of the node of
 * `from` whose certificate it is about. False when memory ran out. */
bool ucm_emcc_check(const struct ucm_cluster *from, const struct ucm_cluster *to,
                    struct ucm_findings *findings);

#ifdef __cplusplus
}
#endif

#endif
