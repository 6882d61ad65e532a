/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A finding carries what it was given, and the severity of its rule; any number has a rule.
 *
 * enforces: ucm_finding_make
 * proves: ucm_rule
 * links: finding
 */
#include "proof.h"
#include "contracts/finding.h"

void proof(void)
{
    uint32_t number, offset;
    int64_t expected, found;
    struct ucm_finding finding;

    ASSUME(number < UCM_FINDING_COUNT);
    finding = ucm_finding_make((enum ucm_finding_id)number, offset, expected, found);
    REACHABLE(finding.severity == UCM_ERROR);
}
