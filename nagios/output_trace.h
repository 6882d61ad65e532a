/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The requests of a trace as the text and as the JSON output show them. Must not judge.
 */
#ifndef UCMTRUST_NAGIOS_OUTPUT_TRACE_H
#define UCMTRUST_NAGIOS_OUTPUT_TRACE_H

#include "result.h"

/** One line each, and one for what its bytes say. */
void output_trace_text(GString *out, const struct result *result);

/** The member "requests". */
void output_trace_json(GString *out, const struct result *result);

#endif
