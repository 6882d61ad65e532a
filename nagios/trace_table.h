/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From traces of TVS and console logs of phones to a table of requests and to findings. Takes no
 * line apart: common/trace does, and common/tvs reads the bytes that traces print.
 */
#ifndef UCMTRUST_NAGIOS_TRACE_TABLE_H
#define UCMTRUST_NAGIOS_TRACE_TABLE_H

#include "result.h"

/** Read each file, add its requests to the result and judge them, add the numbers. */
void trace_table_read(struct result *result, char *const *paths);

/** The status line, after result_conclude(); to be freed. */
char *trace_table_summary(const struct result *result);

#endif
