/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Numbers: see number.h. GLib skips a vertical tab and takes a '+' before them, strtod() much more,
 * so what is read is looked at first.
 */
#include "number.h"

#include <glib.h>
#include <math.h>
#include <string.h>

enum { DECIMAL_MAX_BYTES = 31 };

static const char DIGITS[] = "0123456789";

bool number_read(const char *text, int64_t min, int64_t max, int64_t *number)
{
    gint64 value = 0;

    if (text[strspn(text, DIGITS)] != '\0' ||
        !g_ascii_string_to_signed(text, 10, min, max, &value, NULL))
        return false;
    *number = value;
    return true;
}

bool number_read_decimal(const char *text, size_t size, double *number)
{
    char copy[DECIMAL_MAX_BYTES + 1];
    const char *bare = copy;
    char *end = NULL;
    double value = 0;

    if (size == 0 || size > DECIMAL_MAX_BYTES || memchr(text, '\0', size) != NULL)
        return false;
    memcpy(copy, text, size);
    copy[size] = '\0';
    bare += *bare == '-' ? 1 : 0;
    if (strspn(bare, "0123456789.") < strlen(bare))
        return false;
    value = g_ascii_strtod(copy, &end);
    if (end != copy + size || !isfinite(value))
        return false;
    *number = value;
    return true;
}
