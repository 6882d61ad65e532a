/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a plan of renewal says of itself, as names, numbers and phrases: what the words for its
 * steps (plan_steps.h), the notes (plan_notes.h) and the layouts ask it. All texts are printable
 * and to be freed, but those that are const.
 */
#ifndef UCMTRUST_NAGIOS_PLAN_FACTS_H
#define UCMTRUST_NAGIOS_PLAN_FACTS_H

#include "plan.h"

/** The name of the node where the work is done. */
const char *plan_publisher(const struct plan *plan);

/** Is the cluster in mixed mode, as far as that is known? */
bool plan_is_mixed(const struct plan *plan);

/** Is it version 14 or later, which has other procedures, and resets phones by itself? */
bool plan_is_from_14(const struct plan *plan);

/** "mixed", "non-secure" or "unknown". */
const char *plan_mode_name(enum ucm_mode mode);

/** Names of the nodes whose certificates of the service are due, publisher first: "pub, then sub".
 */
char *plan_owners(const struct plan *plan, enum ucm_service service, const char *between);

/** Whose certificate it is. */
char *plan_owner(const struct plan *plan, const struct ucm_renewable *item);

/** The certificate that expires first of those that a plan renews; NULL when none is known. */
const struct ucm_renewable *plan_first_to_expire(const struct plan *plan);

/** Whole days until it expires, or negative since it has; rounded towards now. */
int64_t plan_days(const struct plan *plan, const struct ucm_renewable *item);
bool plan_has_expired(const struct plan *plan, const struct ucm_renewable *item);

/** "CallManager of pub in 20 days on 2026-12-14". */
char *plan_expiry_text(const struct plan *plan, const struct ucm_renewable *item);

/** Certificates that nothing showed: "tomcat, ipsec (no source given)"; NULL for none. */
char *plan_not_seen(const struct plan *plan);

/** Those of it that phones may meet: nodes whose CallManager certificate was not seen; NULL for
 * none. */
char *plan_managers_not_seen(const struct plan *plan);

/** Has a certificate expired that signs lists? */
bool plan_has_expired_signer(const struct plan *plan);

/** Does it wait for phones, so that what they trust changes? */
bool plan_has_waits(const struct plan *plan);

/** Why a plan cannot be tried. */
char *plan_obstacle_text(const struct plan *plan, enum ucm_obstacle obstacle, uint32_t node);

/** What is left out of a plan: "TVS, ITLRecovery". */
char *plan_left_out(const struct plan *plan);

/** What is left out of a plan, and why: "ITLRecovery: no phone knows who would sign ...". */
char *plan_loss_text(const struct plan *plan);

/** The first step after which a phone that was off since before step 1 is not known to accept what
 * is served; 0 for none. */
uint32_t plan_no_return(const struct plan *plan);

/** "utils itl reset localkey", or the same of ctl where an anchor of the cluster is in its CTL. */
const char *plan_reset_command(const struct plan *plan);

/** TVS nodes that cannot vouch for what phones take between the wait before a step and the step,
 * while others can: "pub, sub"; NULL for none. */
char *plan_mute_nodes(const struct plan *plan, uint32_t step);

/** Will devices that use no TVS refuse a list on the way? Only in mixed mode is that known to
 * matter. */
bool plan_has_devices_without_tvs(const struct plan *plan);

#endif
