/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writing metrics, line by line, in what Prometheus' text format and OpenMetrics 1.0 have in
 * common. Knows nothing of what is measured.
 */
#ifndef UCMTRUST_NAGIOS_OPENMETRICS_TEXT_H
#define UCMTRUST_NAGIOS_OPENMETRICS_TEXT_H

#include <glib.h>

/** A gauge: a value that goes up and down. All static; help is one sentence without '\' or '"'. */
struct metric {
    const char *name;
    const char *unit; /**< the end of the name, "" for none */
    const char *help;
};

/** What is being written. */
struct metrics {
    GString *text;
    char *common; /**< labels of every series */
    const struct metric *current;
};

/** Begin; check and service (any bytes) become labels of every series. */
void metrics_begin(struct metrics *metrics, const char *check, const char *service);

/** Add a series: names and values of labels (any bytes; made printable and escaped) up to a NULL.
 * All series of a metric must follow each other. */
void metrics_add(struct metrics *metrics, const struct metric *metric, double value,
                 ...) G_GNUC_NULL_TERMINATED;

/** The labels of a series as text, for comparing and for metrics_add_labelled(); to be freed. */
char *metrics_labels(const struct metrics *metrics, ...) G_GNUC_NULL_TERMINATED;
void metrics_add_labelled(struct metrics *metrics, const struct metric *metric, double value,
                          const char *labels);

/** End; the text, to be freed with g_string_free(). */
GString *metrics_end(struct metrics *metrics);

#endif
