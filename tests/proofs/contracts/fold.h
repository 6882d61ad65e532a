/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Stands for ucm_anomaly() in what is done twice: all that it is given goes into one place, so that
 * another value anywhere is another result. Included before the source. That ucm_anomaly() itself
 * comes to the same twice is shown in anomaly_twice.
 */
#ifndef UCMTRUST_CONTRACTS_FOLD_H
#define UCMTRUST_CONTRACTS_FOLD_H

#include "common/finding.h"

static void fold_anomaly(struct ucm_anomalies *anomalies, enum ucm_finding_id id, uint32_t offset,
                         int64_t expected, int64_t found)
{
    anomalies->item[0].more ^= (uint32_t)id;
    anomalies->item[0].offset ^= offset;
    anomalies->item[0].expected ^= expected;
    anomalies->item[0].found ^= found;
    anomalies->count++;
}
#define ucm_anomaly fold_anomaly

#endif
