/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One trust list at one point in time: everything that is in it, and every finding about it. Both
 * plugins show what stands here. Knows nothing of where the list came from.
 */
#ifndef UCMTRUST_COMMON_LINT_H
#define UCMTRUST_COMMON_LINT_H

#include "cert.h"
#include "cert_cache.h"
#include "signature.h"
#include "trustlist.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    UCM_WARNING_DAYS = 60, /**< default thresholds for what phones anchor on */
    UCM_CRITICAL_DAYS = 14,
    UCM_FINDINGS_MAX = 1024, /**< kept per list; those beyond are counted, and count in `worst` */
};

/** Under which circumstances a list is judged. */
struct ucm_lint_options {
    int64_t now;                        /**< Unix seconds */
    int64_t warning_days;               /**< expiring within: warning */
    int64_t critical_days;              /**< expiring within: error */
    enum ucm_list_kind expected;        /**< what was asked for; UCM_LIST_UNKNOWN: anything */
    uint32_t source;                    /**< number that its findings carry */
    const struct ucm_trustlist *anchor; /**< list to verify with; NULL: the list itself */
    uint16_t version; /**< of the cluster, major * 256 + minor; 0: not known, and rules that need
                           it are silent */
    struct ucm_cert_cache *cache; /**< certificates of other lists; NULL: of this one alone */
};

/** A record with its certificate, read. */
struct ucm_list_record {
    struct ucm_record record;
    const struct ucm_cert *cert; /**< NULL: none in the record, or it could not be read (then a
                                      finding says so) */
};

/** Findings, in the order in which they were met. */
struct ucm_findings {
    struct ucm_finding *item;
    uint32_t stored;
    uint32_t count;          /**< also those that were not stored */
    enum ucm_severity worst; /**< over all of them; UCM_NOTE when there is none */
};

/** A judged list. Free with ucm_report_free(). The data must outlive it. */
struct ucm_report {
    struct ucm_trustlist list;
    struct ucm_signature signature;
    struct ucm_list_record *record;
    uint32_t records;
    struct ucm_findings findings;
};

/** Options with default thresholds at a point in time. */
struct ucm_lint_options ucm_lint_defaults(int64_t now);

/** Decode and judge a list. Returns false only when memory ran out (then the report is empty); a
 * list that does not decode is reported by its findings. */
bool ucm_report_make(const uint8_t *data, size_t size, const struct ucm_lint_options *options,
                     struct ucm_report *report);
void ucm_report_free(struct ucm_report *report);

/** The record whose certificate expires first, NULL when no record has one. */
const struct ucm_list_record *ucm_report_first_to_expire(const struct ucm_report *report);

/** Add to findings; keeps at most UCM_FINDINGS_MAX. False when memory ran out. */
bool ucm_findings_add(struct ucm_findings *findings, const struct ucm_finding *finding);

/** Count those of a decoder that found no room in its array, so that none of them is lost. */
void ucm_findings_overflow(struct ucm_findings *findings, const struct ucm_anomalies *anomalies);
void ucm_findings_free(struct ucm_findings *findings);

#ifdef __cplusplus
}
#endif

#endif
