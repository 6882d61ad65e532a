/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Are two results the same? For proofs that a step of a decoder, done twice from the same state,
 * comes to the same: it depends on nothing else, and not on memory that nobody has set.
 */
#ifndef UCMTRUST_CONTRACTS_TWICE_H
#define UCMTRUST_CONTRACTS_TWICE_H

#include "proof.h"

#include "common/finding.h"

#define SAME_VIEW(a, b)   ((a).off == (b).off && (a).len == (b).len)
#define SAME_CURSOR(a, b) ((a).base == (b).base && (a).pos == (b).pos && (a).end == (b).end)
#define SAME_TLV(a, b)                                                                             \
    ((a).ok == (b).ok && (a).tag == (b).tag && (a).at == (b).at && (a).wanted == (b).wanted &&     \
     SAME_VIEW((a).value, (b).value))
#define SAME_FINDING(a, b)                                                                         \
    ((a).id == (b).id && (a).severity == (b).severity && (a).source == (b).source &&               \
     (a).offset == (b).offset && (a).record == (b).record &&                                       \
     SAME_VIEW((a).subject, (b).subject) && (a).expected == (b).expected &&                        \
     (a).found == (b).found && (a).more == (b).more)

/* Any of the places of an array. */
static uint32_t any_below(uint32_t limit)
{
    uint32_t any;

    ASSUME(any < limit);
    return any;
}

static void show_same_anomalies(const struct ucm_anomalies *a, const struct ucm_anomalies *b)
{
    const uint32_t i = any_below(UCM_ANOMALIES_MAX);

    SHOW(a->count == b->count && a->worst == b->worst);
    SHOW(SAME_FINDING(a->item[i], b->item[i]));
}

static void show_same_views(const struct ucm_view *a, const struct ucm_view *b, uint32_t count)
{
    const uint32_t i = any_below(count);

    SHOW(SAME_VIEW(a[i], b[i]));
}

#endif
