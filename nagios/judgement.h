/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From what was collected to facts and findings of a result: clusters by themselves, and moves
 * between them. Asks what the judgement needs to know. The rules are in common/consistency.h.
 */
#ifndef UCMTRUST_NAGIOS_JUDGEMENT_H
#define UCMTRUST_NAGIOS_JUDGEMENT_H

#include "survey.h"

/** A move to be judged. */
struct judgement_move {
    struct site *from;
    struct site *to;
};

/** What is to be judged. */
struct judgement {
    const GPtrArray *sites;  /**< of struct site: all that were looked at */
    const GPtrArray *inside; /**< of those, the ones whose nodes are held against each other */
    const GArray *moves;     /**< of struct judgement_move */
    struct survey *survey;
};

/** Ask until nothing is left to ask, then judge. */
void judgement_make(const struct judgement *judgement, struct result *result);

#endif
