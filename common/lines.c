/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Saved text, line by line: see lines.h.
 */
#include "lines.h"

#include <string.h>

enum {
    DIGITS_MAX = 9,
    CRS_MAX = 8, /* before one LF; a look ahead without an end would be quadratic */
};

static bool is_blank(uint8_t c)
{
    return c <= ' ' || c == 0x7f;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

/* ---- plain bytes ---- */

/* The low byte of each unit of UTF-16; '?' for what is not Latin. */
static size_t narrow(uint8_t *data, size_t size, size_t low)
{
    size_t units = 0;

    for (size_t at = 2; at + 1 < size; at += 2)
        data[units++] = data[at + 1 - low] == 0 ? data[at + low] : (uint8_t)'?';
    return units;
}

/* "ESC [ 0 ; 1 m": bytes of the sequence that starts here, 0 when none does. */
static size_t escape_length(const uint8_t *data, size_t left)
{
    enum { ESC = 0x1b, LONGEST = 16 };

    if (left < 3 || data[0] != ESC || data[1] != '[')
        return 0;
    for (size_t i = 2; i < left && i < LONGEST; i++) {
        if (data[i] < ' ')
            return 0; /* a line ends before the sequence does */
        if (data[i] >= '@' && data[i] <= '~')
            return i + 1;
    }
    return 0;
}

/* How many of the bytes that start here stand for nothing but space. */
static size_t space_length(const uint8_t *data, size_t left, bool line_begins)
{
    const size_t escape = escape_length(data, left);

    if (escape > 0)
        return escape;
    if (left >= 3 && data[0] == 0xef && data[1] == 0xbb && data[2] == 0xbf)
        return 3;
    if (left >= 2 && data[0] == 0xc2 && data[1] == 0xa0)
        return 2;
    return line_begins && data[0] == '>' ? 1 : 0;
}

size_t ucm_text_plain(uint8_t *data, size_t size)
{
    bool line_begins = true;

    if (size >= 2 && data[0] == 0xff && data[1] == 0xfe)
        size = narrow(data, size, 0);
    else if (size >= 2 && data[0] == 0xfe && data[1] == 0xff)
        size = narrow(data, size, 1);
    for (size_t at = 0; at < size;) {
        const size_t spaces = space_length(data + at, size - at, line_begins);

        if (spaces > 0) {
            memset(data + at, ' ', spaces);
            at += spaces;
            continue;
        }
        line_begins = data[at] == '\n' || data[at] == '\r' || (line_begins && is_blank(data[at]));
        at++;
    }
    return size;
}

/* ---- lines ---- */

struct ucm_lines ucm_lines_over(const uint8_t *data, size_t size)
{
    struct ucm_lines lines = {
        {data, 0, size > UCM_SAVED_MAX ? (uint32_t)UCM_SAVED_MAX : (uint32_t)size}, 0};

    return lines;
}

struct ucm_view ucm_trim(const uint8_t *base, struct ucm_view view)
{
    while (view.len > 0 && is_blank(ucm_byte(base, view, 0))) {
        view.off++;
        view.len--;
    }
    while (view.len > 0 && is_blank(ucm_byte(base, view, view.len - 1)))
        view.len--;
    return view;
}

/* Bytes up to the end of the line, without it. */
static uint32_t line_length(struct ucm_cursor cursor)
{
    const struct ucm_view left = {cursor.pos, ucm_left(cursor)};
    uint32_t length = 0;

    while (length < left.len && ucm_byte(cursor.base, left, length) != '\n' &&
           ucm_byte(cursor.base, left, length) != '\r')
        length++;
    return length;
}

/* One LF with any number of CRs before it, or one CR. Some programs write CR CR LF. */
static void skip_end(struct ucm_cursor *cursor)
{
    const struct ucm_view left = {cursor->pos, ucm_left(*cursor)};
    struct ucm_view end;
    uint32_t crs = 0;

    while (crs < left.len && crs < CRS_MAX && ucm_byte(cursor->base, left, crs) == '\r')
        crs++;
    if (crs < left.len && ucm_byte(cursor->base, left, crs) == '\n')
        (void)ucm_take(cursor, crs + 1, &end);
    else
        (void)ucm_take(cursor, crs > 0 ? 1 : 0, &end);
}

bool ucm_line_next(struct ucm_lines *lines, struct ucm_view *line)
{
    if (ucm_left(lines->cursor) == 0)
        return false;
    if (!ucm_take(&lines->cursor, line_length(lines->cursor), line))
        return false;
    skip_end(&lines->cursor);
    if (line->len > UCM_LINE_MAX)
        line->len = UCM_LINE_MAX;
    *line = ucm_trim(lines->cursor.base, *line);
    if (lines->number < UINT32_MAX)
        lines->number++;
    return true;
}

/* ---- texts in a line ---- */

static bool has_at(const uint8_t *base, struct ucm_view view, uint32_t at, const char *text,
                   uint32_t length)
{
    if (length > view.len || at > view.len - length)
        return false;
    for (uint32_t i = 0; i < length; i++)
        if (lower(ucm_byte(base, view, at + i)) != lower((uint8_t)text[i]))
            return false;
    return true;
}

static struct ucm_view after(const uint8_t *base, struct ucm_view view, uint32_t skip)
{
    const struct ucm_view rest = {view.off + skip, view.len - skip};

    return ucm_trim(base, rest);
}

bool ucm_begins(const uint8_t *base, struct ucm_view view, const char *text, struct ucm_view *rest)
{
    const uint32_t length = (uint32_t)strlen(text);

    if (!has_at(base, view, 0, text, length))
        return false;
    if (rest != NULL)
        *rest = after(base, view, length);
    return true;
}

/* Where the text is; view.len when it is not there. */
static uint32_t place_of(const uint8_t *base, struct ucm_view view, const char *text)
{
    const uint32_t length = (uint32_t)strlen(text);

    for (uint32_t at = 0; at + length <= view.len; at++)
        if (has_at(base, view, at, text, length))
            return at;
    return view.len;
}

bool ucm_contains(const uint8_t *base, struct ucm_view view, const char *text,
                  struct ucm_view *rest)
{
    const uint32_t at = place_of(base, view, text);

    if (at == view.len)
        return false;
    if (rest != NULL)
        *rest = after(base, view, at + (uint32_t)strlen(text));
    return true;
}

bool ucm_is_text(const uint8_t *base, struct ucm_view view, const char *text)
{
    return view.len == strlen(text) && has_at(base, view, 0, text, view.len);
}

struct ucm_view ucm_before(const uint8_t *base, struct ucm_view view, const char *text)
{
    view.len = place_of(base, view, text);
    return ucm_trim(base, view);
}

bool ucm_take_word(const uint8_t *base, struct ucm_view *view, struct ucm_view *word)
{
    const struct ucm_view left = ucm_trim(base, *view);
    uint32_t length = 0;

    while (length < left.len && !is_blank(ucm_byte(base, left, length)))
        length++;
    if (length == 0)
        return false;
    *word = (struct ucm_view){left.off, length};
    *view = after(base, left, length);
    return true;
}

bool ucm_take_decimal(const uint8_t *base, struct ucm_view *view, uint32_t *number)
{
    uint32_t length = 0;
    uint32_t value = 0;

    while (length < view->len && length <= DIGITS_MAX) {
        const uint8_t c = ucm_byte(base, *view, length);

        if (c < '0' || c > '9')
            break;
        if (length < DIGITS_MAX)
            value = value * 10 + (uint32_t)(c - '0');
        length++;
    }
    if (length == 0 || length > DIGITS_MAX)
        return false;
    *number = value;
    *view = after(base, *view, length);
    return true;
}

/* ---- bytes and names ---- */

int ucm_hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (lower(c) >= 'a' && lower(c) <= 'f')
        return lower(c) - 'a' + 10;
    return -1;
}

size_t ucm_hex_read(const uint8_t *base, struct ucm_view view, uint8_t *out, size_t room)
{
    size_t written = 0;
    uint32_t at = 0;

    while (at < view.len && written < room) {
        const uint8_t c = ucm_byte(base, view, at);
        const int high = ucm_hex_digit(c);
        const int low = at + 1 < view.len ? ucm_hex_digit(ucm_byte(base, view, at + 1)) : -1;

        if (is_blank(c) || c == ':') {
            at++;
            continue;
        }
        if (high < 0 || low < 0)
            break;
        out[written++] = (uint8_t)(high * 16 + low);
        at += 2;
    }
    return written;
}

static uint32_t skip_blanks(const uint8_t *base, struct ucm_view view, uint32_t at)
{
    while (at < view.len && is_blank(ucm_byte(base, view, at)))
        at++;
    return at;
}

enum ucm_squeezed ucm_compare_squeezed(const uint8_t *a_base, struct ucm_view a,
                                       const uint8_t *b_base, struct ucm_view b)
{
    uint32_t i = skip_blanks(a_base, a, 0);
    uint32_t k = skip_blanks(b_base, b, 0);

    while (i < a.len && k < b.len) {
        if (ucm_byte(a_base, a, i) != ucm_byte(b_base, b, k))
            return UCM_SQUEEZED_OTHER;
        i = skip_blanks(a_base, a, i + 1);
        k = skip_blanks(b_base, b, k + 1);
    }
    if (i < a.len)
        return UCM_SQUEEZED_OTHER;
    return k < b.len ? UCM_SQUEEZED_CUT : UCM_SQUEEZED_SAME;
}
