/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The words for a plan of renewal: menus, commands and services of Unified CM, step by step, and
 * what phones do. Version and mode decide here, and here alone, what an administrator types. Knows
 * nothing of layout. All texts are printable and to be freed.
 * Facts: Cisco documents 210541, 118893, 117598, 214231, Security Guides 12.5 and 15 (grade B).
 * Fact plan-services (B; test_plan:test_commands_and_advice, test_plan:test_golden): which
 * services are restarted where after each renewal, and when the CTL is updated.
 */
#ifndef UCMTRUST_NAGIOS_PLAN_WORDS_H
#define UCMTRUST_NAGIOS_PLAN_WORDS_H

#include "plan.h"

/** What step number i (from 1) is, as one sentence. */
char *plan_step_title(const struct plan *plan, uint32_t step);

/** More about it, of char *: how, and what to look at. */
GPtrArray *plan_step_details(const struct plan *plan, uint32_t step);

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

/** What is left out of a plan, and why: "ITLRecovery: phones would be locked out". */
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

/** Things to know, of char *: before the first step, at every wait, never together, where sources
 * disagree. */
GPtrArray *plan_before(const struct plan *plan);
GPtrArray *plan_at_waits(const struct plan *plan);
GPtrArray *plan_never(const struct plan *plan);
GPtrArray *plan_sources(const struct plan *plan);

/** Questions that are open, of char *, with the check that settles each. */
GPtrArray *plan_questions(const struct plan *plan);

/** "mixed", "non-secure" or "unknown". */
const char *plan_mode_name(enum ucm_mode mode);

#endif
