/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Saved output of `show itl` and `show ctl` held against the lists that a check has just looked at.
 * The comparing is in common/show_compare.h; this file reads the texts and words what differs.
 */
#ifndef UCMTRUST_NAGIOS_TRUSTLIST_COMPARE_H
#define UCMTRUST_NAGIOS_TRUSTLIST_COMPARE_H

#include "result.h"

/** Read each text and compare all outputs in it with the judged sources of the result. Each output
 * is held against the list of its kind that it fits best: nodes have their own ITL, and a text
 * rarely says from which node it is. */
void trustlist_compare(struct result *result, char *const *paths);

#endif
