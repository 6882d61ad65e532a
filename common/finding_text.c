/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Findings and bytes as text: see finding_text.h.
 */
#define _DEFAULT_SOURCE /* gmtime_r */
#include "finding_text.h"

#include "cert.h"
#include "names.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

/* ---- UTF-8 ---- */

/* Length of the valid UTF-8 sequence at bytes, 0 when there is none. */
static size_t utf8_length(const uint8_t *bytes, size_t left)
{
    size_t length = bytes[0] < 0x80   ? 1
                    : bytes[0] < 0xc2 ? 0
                    : bytes[0] < 0xe0 ? 2
                    : bytes[0] < 0xf0 ? 3
                    : bytes[0] < 0xf5 ? 4
                                      : 0;

    if (length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    if (length == 3 && ((bytes[0] == 0xe0 && bytes[1] < 0xa0) || /* overlong */
                        (bytes[0] == 0xed && bytes[1] >= 0xa0))) /* surrogates */
        return 0;
    if (length == 4 &&
        ((bytes[0] == 0xf0 && bytes[1] < 0x90) || (bytes[0] == 0xf4 && bytes[1] >= 0x90)))
        return 0;
    return length;
}

/* How much of a text that was cut is whole characters; before the cut it was valid. */
static size_t whole_characters(const char *text, size_t size)
{
    size_t last = size;

    while (last > 0 && ((uint8_t)text[last - 1] & 0xc0) == 0x80)
        last--;
    if (last > 0 && utf8_length((const uint8_t *)text + last - 1, size - last + 1) == 0)
        return last - 1;
    return size;
}

/* ---- text that is built up and cut when it is full ---- */

struct text {
    char *out;
    size_t room;
    size_t at;
};

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
    va_list arguments;
    int written;

    va_start(arguments, format);
    written = vsnprintf(text->out + text->at, text->room - text->at, format, arguments);
    va_end(arguments);
    if (written > 0 && (size_t)written < text->room - text->at) {
        text->at += (size_t)written;
    } else if (written > 0) {
        text->at = whole_characters(text->out, text->room - 1);
        text->out[text->at] = '\0';
    }
}

/* ---- time ---- */

/* Broken down in UTC; false when the calendar does not reach that far. */
static bool broken_down(int64_t seconds, struct tm *tm)
{
    time_t when = (time_t)seconds;

    return seconds != UCM_TIME_NONE && gmtime_r(&when, tm) != NULL;
}

void ucm_time_text(int64_t seconds, char *out, size_t room)
{
    struct tm tm;

    if (!broken_down(seconds, &tm) || strftime(out, room, "%Y-%m-%d %H:%M:%S UTC", &tm) == 0)
        snprintf(out, room, "unreadable date");
}

void ucm_date_text(int64_t seconds, char *out, size_t room)
{
    struct tm tm;

    if (!broken_down(seconds, &tm) || strftime(out, room, "%Y-%m-%d", &tm) == 0)
        snprintf(out, room, "unreadable date");
}

void ucm_span_text(int64_t one, int64_t other, char *out, size_t room)
{
    enum { SECONDS_PER_DAY = 86400 };
    const int64_t days = (one < other ? other - one : one - other) / SECONDS_PER_DAY;

    if (days == 0)
        snprintf(out, room, "less than a day");
    else
        snprintf(out, room, "%" PRId64 " day%s", days, days == 1 ? "" : "s");
}

/* ---- bytes from strangers ---- */

/* Does it steer a terminal, or turn the direction of the text (the characters that Unicode calls
 * Bidi_Control), or end a line, or part the fields of a status line? */
static bool is_dangerous(const uint8_t *bytes, size_t length)
{
    if (length == 1)
        return bytes[0] < 0x20 || bytes[0] == 0x7f || bytes[0] == '|';
    if (length == 2)
        return (bytes[0] == 0xc2 && bytes[1] < 0xa0) || (bytes[0] == 0xd8 && bytes[1] == 0x9c);
    return length == 3 && bytes[0] == 0xe2 &&
           ((bytes[1] == 0x80 && (bytes[2] == 0x8e || bytes[2] == 0x8f)) ||
            (bytes[1] == 0x80 && bytes[2] >= 0xa8 && bytes[2] <= 0xae) ||
            (bytes[1] == 0x81 && bytes[2] >= 0xa6 && bytes[2] <= 0xa9));
}

enum { ESCAPE = 4, DOTS = 3 };

/* Bytes at the start that stand for themselves, as nearly all of a name do, and for which there is
 * room. */
static size_t plain_run(const uint8_t *bytes, size_t size, const struct text *text)
{
    size_t run = 0;

    while (run < size && text->at + run + DOTS + 1 < text->room && bytes[run] < 0x80 &&
           !is_dangerous(bytes + run, 1))
        run++;
    return run;
}

size_t ucm_escape(const uint8_t *bytes, size_t size, char *out, size_t room)
{
    struct text text = {out, room, 0};

    if (room == 0)
        return 0;
    out[0] = '\0';
    for (size_t i = 0; i < size;) {
        size_t run = plain_run(bytes + i, size - i, &text);
        size_t length = run > 0 ? run : utf8_length(bytes + i, size - i);
        bool raw = run > 0 || (length > 0 && !is_dangerous(bytes + i, length));
        size_t used = length > 0 ? length : 1;
        size_t needed = raw ? used : used * ESCAPE;

        if (text.at + needed + DOTS + 1 > room) {
            add(&text, "...");
            break;
        }
        if (raw) {
            memcpy(out + text.at, bytes + i, used);
            text.at += used;
            out[text.at] = '\0';
        }
        for (size_t k = 0; !raw && k < used; k++)
            add(&text, "\\x%02X", (unsigned)bytes[i + k]);
        i += used;
    }
    return text.at;
}

const char *ucm_role_text(uint32_t role, char *out, size_t room)
{
    const char *name = ucm_role_name(role);

    if (name != NULL)
        return name;
    snprintf(out, room, "role %" PRIu32, role);
    return out;
}

const char *ucm_digest_text(uint32_t digest)
{
    const char *name = ucm_digest_name(digest);

    return name != NULL ? name : "unknown digest";
}

/* ---- findings ---- */

static const char *tag_name(const struct ucm_finding *finding)
{
    uint32_t tag = (uint32_t)finding->found;
    const char *name;

    if (strncmp(ucm_rule(finding->id)->id, "TVS", 3) == 0)
        name = ucm_tvs_tag_name(tag);
    else
        name = finding->record != 0 ? ucm_record_tag_name(tag) : ucm_header_tag_name(tag);
    return name;
}

static void add_tag(struct text *text, const struct ucm_finding *finding)
{
    const char *name = tag_name(finding);

    add(text, ": tag %" PRId64, finding->found);
    if (name != NULL)
        add(text, " (%s)", name);
}

static void add_pair(struct text *text, const struct ucm_finding *finding, const char *unit)
{
    if (finding->expected >= 0)
        add(text, ": expected %" PRId64 "%s", finding->expected, unit);
    if (finding->found >= 0)
        add(text, "%s found %" PRId64 "%s", finding->expected >= 0 ? "," : ":", finding->found,
            unit);
}

static void add_time(struct text *text, const struct ucm_finding *finding)
{
    char date[32];
    char span[32];

    if (finding->found == UCM_TIME_NONE) {
        add(text, ": its date cannot be read");
        return;
    }
    ucm_date_text(finding->found, date, sizeof date);
    ucm_span_text(finding->found, finding->expected, span, sizeof span);
    add(text, finding->found < finding->expected ? ": on %s, %s ago" : ": on %s, in %s", date,
        span);
}

static void add_role(struct text *text, const struct ucm_finding *finding)
{
    char role[16];

    if (finding->expected >= 0)
        add(text, ": %s is needed", ucm_role_text((uint32_t)finding->expected, role, sizeof role));
}

static void add_status(struct text *text, const struct ucm_finding *finding)
{
    const char *name =
        finding->found < 0 ? "missing" : ucm_tvs_status_name((uint32_t)finding->found);

    add(text, ": status ");
    if (finding->found >= 0)
        add(text, "%" PRId64 " ", finding->found);
    add(text, "(%s)", name != NULL ? name : "unknown status");
}

static void add_detail(struct text *text, const struct ucm_finding *finding)
{
    switch (ucm_rule(finding->id)->detail) {
    case UCM_DETAIL_TAG:
        add_tag(text, finding);
        break;
    case UCM_DETAIL_BYTES:
        add_pair(text, finding, " bytes");
        break;
    case UCM_DETAIL_NUMBER:
        add_pair(text, finding, "");
        break;
    case UCM_DETAIL_TIME:
        add_time(text, finding);
        break;
    case UCM_DETAIL_ROLE:
        add_role(text, finding);
        break;
    case UCM_DETAIL_STATUS:
        add_status(text, finding);
        break;
    case UCM_DETAIL_VERSION:
        add(text, ": version %" PRId64 ".%" PRId64, finding->found >> 8, finding->found & 0xff);
        break;
    case UCM_DETAIL_RECORD:
        add(text, ": record %" PRId64, finding->found);
        break;
    case UCM_DETAIL_PLACE: /* told by whoever knows the names of nodes */
    case UCM_DETAIL_ISSUER:
    case UCM_DETAIL_NONE:
        break;
    }
}

void ucm_finding_text(const struct ucm_finding *finding, const uint8_t *data, char *out,
                      size_t room)
{
    struct text text = {out, room, 0};
    char subject[160];

    if (room == 0)
        return;
    out[0] = '\0';
    if (finding->record != 0)
        add(&text, UCM_TEXT_RECORD ": ", finding->record);
    add(&text, "%s", ucm_rule(finding->id)->what);
    add_detail(&text, finding);
    if (data != NULL && finding->subject.len > 0) {
        ucm_escape(data + finding->subject.off, finding->subject.len, subject, sizeof subject);
        add(&text, ": %s", subject);
    }
    if (finding->more > 0)
        add(&text, " and %" PRIu32 " more", finding->more);
    if (finding->offset != 0)
        add(&text, " (byte %" PRIu32 ")", finding->offset);
}
