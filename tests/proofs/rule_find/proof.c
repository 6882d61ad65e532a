/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A rule is looked for under any text that ends in NUL.
 *
 * proves: ucm_rule_find
 * replaces: strcmp
 * links: finding
 */
#include "proof.h"
#include "contracts/finding.h"
#include "contracts/libc.h"

void proof(void)
{
    enum ucm_finding_id id = ucm_rule_find(any_text());

    SHOW(id < UCM_FINDING_COUNT);
    REACHABLE(id == UCM_FINDING_COUNT - 1);
    REACHABLE(id == UCM_FINDING_NONE);
}
