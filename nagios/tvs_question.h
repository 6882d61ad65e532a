/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One question to many TVS nodes: as a verify, or as a query in each of its numberings until one
 * finds something; and what the answers are worth. Knows nothing of options and of status lines.
 */
#ifndef UCMTRUST_NAGIOS_TVS_QUESTION_H
#define UCMTRUST_NAGIOS_TVS_QUESTION_H

#include "tvs_material.h"
#include "tvs_report.h"

/** How to ask, and what is enough. */
struct tvs_question_settings {
    const char *device;  /**< who asks; a valid name of a device */
    bool query;          /**< by names and serial number, not by the certificate */
    unsigned first_pair; /**< of ucm_tvs_query_tags: what a query tries first */
    int role;            /**< that the answer must give, or UCM_ROLE_ANY */
    int64_t now;
    struct tvs_report_settings report;
};

struct tvs_questions;

/** A question to each node, ended by NULL. All that is given must outlive it. Free with
 * tvs_questions_free(). */
struct tvs_questions *tvs_questions_new(const struct tvs_question_settings *settings,
                                        const struct tvs_material *material, char *const *node);
void tvs_questions_free(struct tvs_questions *questions);

/** Ask all nodes until the deadline. NULL, or why nobody could be asked; it may use room. */
const char *tvs_questions_ask(struct tvs_questions *questions, const struct tvs_settings *settings,
                              char room[TVS_DETAIL_MAX]);

/** Judge the answer of node number i: facts into tvs, findings into the result. */
void tvs_questions_judge(const struct tvs_questions *questions, size_t i, struct result_tvs *tvs,
                         struct result *result);

#endif
