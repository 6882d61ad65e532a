/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What check_ucm_trustlist says in one line: the worst finding, else how many lists are valid; and
 * the certificate that expires first.
 */
#ifndef UCMTRUST_NAGIOS_TRUSTLIST_SUMMARY_H
#define UCMTRUST_NAGIOS_TRUSTLIST_SUMMARY_H

#include "result.h"

/** The line without state and performance data, after result_conclude(); to be freed. */
char *trustlist_summary(const struct result *result);

#endif
