/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust stores as the text and the JSON output show them. Must not judge.
 */
#ifndef UCMTRUST_NAGIOS_OUTPUT_STORES_H
#define UCMTRUST_NAGIOS_OUTPUT_STORES_H

#include "result.h"

/** What each store of each cluster holds, as a member "stores" of an object. What a source cannot
 * know is null. */
void output_stores_json(GString *out, const struct result *result);

/** For each cluster, a line for each store, and each of its certificates where they are few. */
void output_stores_text(GString *out, const struct result *result);

#endif
