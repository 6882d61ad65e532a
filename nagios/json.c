/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * JSON: see json.h.
 */
#include "json.h"

#include "common/cert.h"

#include <stdbool.h>

/* What a terminal or a reader would obey: controls, ends of lines, and what turns the direction of
 * the text. And '|', after which Nagios would look for performance data. */
static bool is_dangerous(gunichar point)
{
    return point < ' ' || (point >= 0x7f && point < 0xa0) || point == '|' || point == 0x061c ||
           point == 0x200e || point == 0x200f || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069);
}

void json_bytes(GString *out, const char *bytes, gssize size)
{
    g_autofree char *text = g_utf8_make_valid(bytes, size);

    g_string_append_c(out, '"');
    for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
        const gunichar point = g_utf8_get_char(c);

        if (is_dangerous(point))
            g_string_append_printf(out, "\\u%04x", point);
        else if (point == '"' || point == '\\')
            g_string_append_printf(out, "\\%c", (char)point);
        else
            g_string_append_unichar(out, point);
    }
    g_string_append_c(out, '"');
}

void json_text(GString *out, const char *text)
{
    if (text == NULL)
        g_string_append(out, "null");
    else
        json_bytes(out, text, -1);
}

void json_key(GString *out, const char *key)
{
    const char last = out->str[out->len - 1];

    if (last != '{' && last != '[')
        g_string_append(out, ", ");
    json_text(out, key);
    g_string_append(out, ": ");
}

void json_member(GString *out, const char *key, const char *value)
{
    json_key(out, key);
    json_text(out, value);
}

void json_integer(GString *out, const char *key, int64_t value)
{
    json_key(out, key);
    g_string_append_printf(out, "%lld", (long long)value);
}

void json_null(GString *out, const char *key)
{
    json_key(out, key);
    g_string_append(out, "null");
}

/* A number that is known only when the date could be read. */
void json_time(GString *out, const char *key, int64_t date, int64_t value)
{
    if (date == UCM_TIME_NONE)
        json_null(out, key);
    else
        json_integer(out, key, value);
}

/* A finite number with a point whatever the locale. */
void json_real(GString *out, double value, int decimals)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    char format[8];

    g_snprintf(format, sizeof format, "%%.%df", decimals);
    g_string_append(out, g_ascii_formatd(text, sizeof text, format, value));
}

void json_item(GString *out)
{
    if (out->str[out->len - 1] != '[')
        g_string_append(out, ", ");
}

void json_hex(GString *out, const char *key, const uint8_t *bytes, size_t size)
{
    g_autofree char *text = g_malloc(2 * size + 1);
    g_autofree char *lower = NULL;

    ucm_hex(bytes, size, text);
    lower = g_ascii_strdown(text, -1);
    json_member(out, key, lower);
}
