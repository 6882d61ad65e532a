/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Threshold ranges. Facts: Monitoring Plugins development guidelines, "Threshold and Ranges".
 */
#include "range.h"

#include "number.h"

#include <glib.h>
#include <math.h>
#include <string.h>

enum { DAYS_MAX = 36500 };

bool range_parse(const char *text, struct range *range)
{
    struct range made = {0, INFINITY, *text == '@'};
    const char *begin = text + (made.inside ? 1 : 0);
    const char *colon = strchr(begin, ':');

    if (colon == NULL) {
        if (!number_read_decimal(begin, strlen(begin), &made.end))
            return false;
    } else {
        const size_t size = (size_t)(colon - begin);

        if (size == 1 && *begin == '~')
            made.start = -INFINITY;
        else if (!number_read_decimal(begin, size, &made.start))
            return false;
        if (colon[1] != '\0' && !number_read_decimal(colon + 1, strlen(colon + 1), &made.end))
            return false;
    }
    if (made.start > made.end)
        return false;
    *range = made;
    return true;
}

bool range_alerts(const struct range *range, double value)
{
    return (value >= range->start && value <= range->end) == range->inside;
}

bool range_parse_days(const char *text, int *days)
{
    size_t digits = strspn(text, "0123456789");
    guint64 value = 0;

    if (digits == 0 || digits > 5 || (text[digits] != '\0' && strcmp(text + digits, ":") != 0))
        return false;
    value = g_ascii_strtoull(text, NULL, 10);
    if (value > DAYS_MAX)
        return false;
    *days = (int)value;
    return true;
}
