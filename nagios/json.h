/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writing JSON, piece by piece. Always valid UTF-8; control characters and '|' are written as
 * \u00XX, so that no engine cuts the object at them. Knows nothing of what is written.
 */
#ifndef UCMTRUST_NAGIOS_JSON_H
#define UCMTRUST_NAGIOS_JSON_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/** A string of any bytes, in quotes. */
void json_bytes(GString *out, const char *bytes, gssize size);
/** The same of a text; NULL becomes null. */
void json_text(GString *out, const char *text);

/** A key, after a comma where there is something before it. Its value follows. */
void json_key(GString *out, const char *key);

/** Key and value. */
void json_member(GString *out, const char *key, const char *value);
void json_integer(GString *out, const char *key, int64_t value);
void json_null(GString *out, const char *key);
/** A number that is known only when the date (Unix seconds) could be read; else null. */
void json_time(GString *out, const char *key, int64_t date, int64_t value);
/** Bytes as lower-case hex. */
void json_hex(GString *out, const char *key, const uint8_t *bytes, size_t size);

/** A finite number with a point whatever the locale. */
void json_real(GString *out, double value, int decimals);

/** Before each item of an array: a comma where there is one before it. */
void json_item(GString *out);

#endif
