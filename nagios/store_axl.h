/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust stores from the database of a cluster, through AXL. Knows nothing of other sources.
 */
#ifndef UCMTRUST_NAGIOS_STORE_AXL_H
#define UCMTRUST_NAGIOS_STORE_AXL_H

#include "store_reader.h"

extern const struct store_reader STORE_AXL;

#endif
