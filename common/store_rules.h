/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is wrong with trust stores: dates, the nodes of a cluster against each other, one cluster
 * against another. Pure functions over store.h; they read nothing. Rules: Cisco documents 210541,
 * 213407, 214535, 215539 and the Security Guides.
 *
 * In every finding `source` is the index of the item that it is about, and `subject` lies in the
 * text of that item's subject (of its issuer, where the detail is UCM_DETAIL_ISSUER).
 * Where the detail names a place, that is where the certificate is missing. A rule that needs what
 * a source cannot know is silent, unless it was asked for: then it says that it is unsure.
 */
#ifndef UCMTRUST_COMMON_STORE_RULES_H
#define UCMTRUST_COMMON_STORE_RULES_H

#include "store.h"

#ifdef __cplusplus
extern "C" {
#endif

/** `source` of a finding that is about no item. */
#define UCM_STORE_NO_ITEM UINT32_MAX

/** Under which circumstances stores are judged. */
struct ucm_store_options {
    int64_t now;           /**< Unix seconds */
    int64_t warning_days;  /**< expiring within: warning */
    int64_t critical_days; /**< expiring within: error, of what services use */
    bool emcc;             /**< extension mobility across the clusters is wanted */
    bool known_only;       /**< of an exchange, say nothing of what could not be judged */
    const struct ucm_trustlist *list; /**< lists that phones hold: who signed them is needed */
    uint32_t lists;
};

/** Dates of every certificate, and those that nobody seems to need any more. What is a service's
 * own certificate here or in `other` (may be NULL) is judged there alone, not wherever it is
 * trusted. False when memory ran out. */
bool ucm_stores_check_dates(const struct ucm_stores *stores, const struct ucm_stores *other,
                            const struct ucm_store_options *options, struct ucm_findings *findings);

/** The nodes of a cluster against each other, and what depends on its release. False when memory
 * ran out. */
bool ucm_stores_check(const struct ucm_stores *stores, struct ucm_findings *findings);

/** Has any node what each node has of its own? Of a store that was read as a whole. False when
 * memory ran out. */
bool ucm_stores_check_own(const struct ucm_stores *stores, struct ucm_findings *findings);

/** Does the security mode in the database fit a CTL? ctl: NULL: there is none. False when memory
 * ran out. */
bool ucm_stores_check_mode(const struct ucm_stores *stores, const struct ucm_trustlist *ctl,
                           struct ucm_findings *findings);

/** Does `to` hold what it should of `from`? Items are those of `from`, places are in `to`. False
 * when memory ran out. */
bool ucm_stores_check_exchange(const struct ucm_stores *from, const struct ucm_stores *to,
                               const struct ucm_store_options *options,
                               struct ucm_findings *findings);

#ifdef __cplusplus
}
#endif

#endif
