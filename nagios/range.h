/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Threshold ranges of the Monitoring Plugins guidelines: `10`, `10:`, `~:10`, `10:20`, `@10:20`.
 * Knows nothing of what is measured.
 */
#ifndef UCMTRUST_NAGIOS_RANGE_H
#define UCMTRUST_NAGIOS_RANGE_H

#include <stdbool.h>

/** A range. Alerts outside of [start, end], with inside: within it; both ends belong to it. */
struct range {
    double start;
    double end;
    bool inside;
};

/** Read a range; false and untouched when text is none. */
bool range_parse(const char *text, struct range *range);

/** Does the value raise the alert? */
bool range_alerts(const struct range *range, double value);

/** Read a threshold in days below which a certificate alerts: `30:`, or the plain `30` that other
 * certificate plugins take. Whole days from 0 to 36500. False when text is none. */
bool range_parse_days(const char *text, int *days);

#endif
