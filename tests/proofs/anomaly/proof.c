/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Anomalies are stored in their room or counted; the count stops at its maximum.
 *
 * enforces: ucm_anomaly
 * proves: ucm_anomalies_stored ucm_severity_name
 * replaces: ucm_finding_make
 * links: finding
 */
#include "proof.h"
#include "contracts/finding.h"

void proof(void)
{
    struct ucm_anomalies anomalies;
    uint32_t number, offset;
    int64_t expected, found;

    ASSUME(number < UCM_FINDING_COUNT);
    ucm_anomaly(&anomalies, (enum ucm_finding_id)number, offset, expected, found);
    SHOW(ucm_anomalies_stored(&anomalies) <= UCM_ANOMALIES_MAX);
    SHOW(ucm_severity_name(anomalies.worst) != NULL);
    REACHABLE(anomalies.count > UCM_ANOMALIES_MAX);
    REACHABLE(anomalies.count == 1);
}
