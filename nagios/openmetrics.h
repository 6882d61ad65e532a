/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The facts of a result as metrics for Prometheus: valid in its text format, which the textfile
 * collector of node_exporter reads, and in OpenMetrics 1.0.
 */
#ifndef UCMTRUST_NAGIOS_OPENMETRICS_H
#define UCMTRUST_NAGIOS_OPENMETRICS_H

#include "result.h"

/** The metrics, after result_conclude(). service: what tells this run from others whose metrics are
 * collected with it, any bytes. What is not known has no line. */
GString *openmetrics_make(const struct result *result, const char *service);

/** Put them in the place of old ones, whole or not at all. The name of the file, without folder and
 * ending, is the service. Returns NULL, or why it failed; to be freed. */
char *openmetrics_write(const struct result *result, const char *path);

#endif
