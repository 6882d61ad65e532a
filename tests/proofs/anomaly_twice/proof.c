/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The same anomaly added twice to the same ones makes the same.
 *
 * proves: ucm_anomaly
 * checks: SHOW
 * links: finding
 */
#include "proof.h"
#include "contracts/twice.h"

void proof(void)
{
    struct ucm_anomalies a, b = a;
    uint32_t number, offset;
    int64_t expected, found;

    ASSUME(number < UCM_FINDING_COUNT);
    ucm_anomaly(&a, (enum ucm_finding_id)number, offset, expected, found);
    ucm_anomaly(&b, (enum ucm_finding_id)number, offset, expected, found);
    show_same_anomalies(&a, &b);
    REACHABLE(a.count == 1);
}
