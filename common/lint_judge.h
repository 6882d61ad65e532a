/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the files that judge one list share: lint.c (the file), lint_record.c (one record),
 * lint_list.c (the records together). For them alone; everybody else reads lint.h.
 */
#ifndef UCMTRUST_COMMON_LINT_JUDGE_H
#define UCMTRUST_COMMON_LINT_JUDGE_H

#include "lint.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One list being judged. */
struct ucm_judge {
    const struct ucm_lint_options *options;
    struct ucm_report *report;
    struct ucm_cert_cache *cache; /**< NULL: without memory for one */
    bool whole; /**< every record was read, so that what is missing really is missing */
    bool out_of_memory;
};

/** Room for one more item: doubles. Returns the array, NULL when memory ran out and items are as
 * they were. */
void *ucm_judge_grow(void *items, size_t item_size, uint32_t count);

/** Add a finding: as it is, about the file (its subject is the signer), about a record. */
void ucm_judge_add(struct ucm_judge *judge, struct ucm_finding finding);
void ucm_judge_add_file(struct ucm_judge *judge, enum ucm_finding_id id, uint32_t offset,
                        int64_t expected, int64_t found);
void ucm_judge_add_record(struct ucm_judge *judge, const struct ucm_record *record,
                          struct ucm_finding finding);

/** Read the certificate of a record and judge what the record says of itself. */
void ucm_judge_record(struct ucm_judge *judge, struct ucm_list_record *item);

/** Judge the records together and the certificate of the signer; after all of them were read. */
void ucm_judge_list(struct ucm_judge *judge);

/* Fact recovery-name (B; test_renewal:the_owner_of_itlrecovery_goes_by_release_and_name):
 * certificates of ITLRecovery are known by their subject only. */
/** Is this the subject of a certificate of ITLRecovery? It starts so in every listing (B). */
bool ucm_judge_is_recovery(const char *subject);

/** Can the text of this DER name be one? False only where it cannot; fast, to ask before making the
 * text. */
bool ucm_judge_may_be_recovery(const uint8_t *name, size_t size);

#ifdef __cplusplus
}
#endif

#endif
