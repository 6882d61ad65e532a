/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * --plan of check_ucm_truststore: its options, and running it. Knows nothing of what a plan is.
 */
#ifndef UCMTRUST_NAGIOS_PLAN_OPTION_H
#define UCMTRUST_NAGIOS_PLAN_OPTION_H

#include "options.h"
#include "store_set.h"

/** Options, ended by an empty one; and their part of --help. */
extern const GOptionEntry PLAN_OPTIONS[];
extern const char PLAN_HELP[];

/** Was a plan asked for? Ends the process for mistakes. */
bool plan_wanted(void);

/** Make the plan. stores: what other sources hold, taken; publisher: NULL where the user gave none.
 * Ends the process for a mistake in the inventory. */
void plan_run(const struct options *common, struct store_set *stores, const char *publisher,
              struct result *result);

/** Free what the options hold. */
void plan_release(void);

#endif
