/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Statistics -> Cisco UCM trust, and `tshark -z tvs,tree` and `-z ciscotl,tree`.
 */
#ifndef UCMTRUST_DISSECTOR_TAP_STATS_H
#define UCMTRUST_DISSECTOR_TAP_STATS_H

void tap_stats_register(void);

#endif
