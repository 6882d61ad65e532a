/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The words for the steps of a plan of renewal: menus, commands and services of Unified CM, and
 * what phones do at each. Version and mode decide here, and here alone, what an administrator
 * types. Knows nothing of layout. All texts are printable and to be freed.
 * Facts: Cisco documents 210541, 118893, 117598, 214231, Security Guides 12.5 and 15 (grade B).
 * Fact plan-services (B; test_plan:test_commands_and_advice, test_plan:test_golden): which
 * services are restarted where after each renewal, and when the CTL is updated.
 */
#ifndef UCMTRUST_NAGIOS_PLAN_STEPS_H
#define UCMTRUST_NAGIOS_PLAN_STEPS_H

#include "plan.h"

/** What step number i (from 1) is, as one sentence. */
char *plan_step_title(const struct plan *plan, uint32_t step);

/** More about it, of char *: how, and what to look at. */
GPtrArray *plan_step_details(const struct plan *plan, uint32_t step);

#endif
