/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * In which order may the certificates of a cluster be renewed, so that no phone is lost? What there
 * is to renew, the steps of a plan, and the search for a safe one. Pure functions over what was
 * collected. Tries each plan by renewal_play.h; knows nothing of menus, commands or words.
 * Facts: Cisco documents 210541, 116232, 118893, 117598, field notice FN70613.
 * Fact plan-one-anchor (B; test_renewal:one_anchor_at_a_time,
 * test_renewal_play:waiting_is_what_makes_it_safe): one anchor is renewed at a time, and every
 * phone has the new list before the next.
 */
#ifndef UCMTRUST_COMMON_RENEWAL_H
#define UCMTRUST_COMMON_RENEWAL_H

#include "cert.h"
#include "cluster.h"
#include "renewal_play.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    UCM_RENEWABLES_MAX = 512, /**< certificates of one cluster that are looked at: 21 nodes have
                                   fewer than 150 */
};

/** What a plan is made from. Nothing in it is owned. */
struct ucm_renewal_options {
    const struct ucm_cluster *cluster;
    const char *const *address; /**< of each node, as records may name it; NULL: not known */
    uint32_t publisher;         /**< index of the node */
    int64_t now;                /**< Unix seconds */
    int64_t horizon_days;       /**< what expires within is due */
};

/** Collect what there is to renew: the certificates in the lists that nodes serve and those that
 * TVS shows, and what live answers say. False when memory ran out; then there is nothing to free.
 * Certificates beyond UCM_RENEWABLES_MAX are counted in `unread`. */
bool ucm_renewal_make(const struct ucm_renewal_options *options, struct ucm_renewal *renewal);
void ucm_renewal_free(struct ucm_renewal *renewal);

/** Add a certificate that a service uses, known from a store. node: UCM_NODE_NONE where that is not
 * known. der: NULL where only its names and dates are; then only cert counts. The same certificate
 * is there once. */
void ucm_renewal_add(struct ucm_renewal *renewal, enum ucm_service service, uint32_t node,
                     const uint8_t *der, uint32_t size, const struct ucm_cert *cert);

/** The service of a store that holds the node's own certificate; UCM_SERVICE_COUNT for others. */
enum ucm_service ucm_service_of(enum ucm_store store);

/** "CallManager", "TVS", … as the product names it. */
const char *ucm_service_name(enum ucm_service service);

/** Is a certificate of this service due? */
bool ucm_renewal_is_due(const struct ucm_renewal *renewal, enum ucm_service service);

/** Is a due certificate of this service in any list? Then phones notice. */
bool ucm_renewal_is_listed(const struct ucm_renewal *renewal, enum ucm_service service);

/** Why plans cannot be tried. */
enum ucm_obstacle {
    UCM_OBSTACLE_NONE,
    UCM_OBSTACLE_NO_LIST,   /**< no node serves a list that was seen */
    UCM_OBSTACLE_UNSEEN,    /**< a node that serves lists was not seen */
    UCM_OBSTACLE_DAMAGED,   /**< its list cannot be read, or it has none */
    UCM_OBSTACLE_SIGNATURE, /**< its list does not verify with itself */
    UCM_OBSTACLE_MODE,      /**< the CTL shows another mode than the administrator says */
    UCM_OBSTACLE_NO_CTL,    /**< it serves no CTL, and others do */
    UCM_OBSTACLE_CTLS,      /**< its CTL is not that of the others */
};

/** The first obstacle, and its node. */
enum ucm_obstacle ucm_renewal_obstacle(const struct ucm_renewal *renewal, uint32_t *node);

/** How good a plan is that was found. */
enum ucm_plan_outcome {
    UCM_PLAN_NOTHING, /**< nothing is due */
    UCM_PLAN_SAFE,    /**< no phone that is on all the time is lost */
    UCM_PLAN_UNSURE,  /**< some step hangs on a rule that is not known */
    UCM_PLAN_UNTRIED, /**< it could not be tried: see ucm_renewal_obstacle() */
    UCM_PLAN_IMPASSE, /**< what is in left_out loses phones that are on all the time, in every
                           order and way; the steps renew the rest, and lose none */
};

/** A plan; nothing to free. */
struct ucm_plan {
    enum ucm_plan_outcome outcome;
    struct ucm_renewal_step step[UCM_STEPS_MAX];
    uint32_t steps;
    struct ucm_play play;      /**< what trying them gave; empty where nothing was tried */
    uint32_t left_out;         /**< services that cannot be renewed safely (bits); with
                                    UCM_PLAN_UNSURE: before it is seen what phones did */
    enum ucm_verdict left_why; /**< what phones would meet; UCM_KEEP: secure phones would not trust
                                    a service, since the CTL lacks it */
    uint32_t tried;            /**< ways to renew a service that were played */
};

/** Find the best plan for what is due. False when memory ran out. */
bool ucm_plan_make(const struct ucm_renewal *renewal, struct ucm_plan *plan);

#ifdef __cplusplus
}
#endif

#endif
