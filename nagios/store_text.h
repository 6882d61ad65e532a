/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust stores from saved output of `show cert list own` and `show cert list trust`. Knows nothing
 * of other sources.
 *
 * The output names store and file, and for some the issuer; it has no serial numbers, no subjects
 * and no dates (B: no public document prints a whole one). So it can never say that a certificate
 * is missing, and marks no store as complete.
 */
#ifndef UCMTRUST_NAGIOS_STORE_TEXT_H
#define UCMTRUST_NAGIOS_STORE_TEXT_H

#include "store_reader.h"

extern const struct store_reader STORE_TEXT;

#endif
