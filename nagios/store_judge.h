/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From what was read of trust stores to a result: calls the rules of common/store, says where each
 * finding is, and makes the status line. Knows no source.
 */
#ifndef UCMTRUST_NAGIOS_STORE_JUDGE_H
#define UCMTRUST_NAGIOS_STORE_JUDGE_H

#include "store_lists.h"
#include "store_set.h"
#include "store_tvs.h"

/** What is to be judged, and how. */
struct store_judgement {
    struct store_set *own;
    struct store_set *other;         /**< NULL: nobody asked for another cluster */
    bool one_way;                    /**< only whether `own` holds what it should of `other` */
    bool emcc;                       /**< extension mobility across them is wanted */
    const struct store_lists *lists; /**< beside the stores of `own` */
    int warning_days;                /**< of certificates that services use, and that are trusted */
    int critical_days;               /**< of certificates that services use */
    struct store_tvs_settings tvs;
};

/** Judge, and give the result its findings, its numbers and its summary. Takes both sets. */
void store_judge(const struct store_judgement *judgement, struct result *result);

#endif
