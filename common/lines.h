/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Saved text, line by line: what people paste into tickets, in any encoding, with any line ends.
 * Bytes in, views out; no allocation, no I/O. Knows nothing of what the lines say.
 */
#ifndef UCMTRUST_COMMON_LINES_H
#define UCMTRUST_COMMON_LINES_H

#include "bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    UCM_SAVED_MAX = 0x4000000, /**< most bytes of a text: 64 MiB, more than a night of traces */
    UCM_LINE_MAX = 4096,       /**< bytes of a line that are looked at; the rest is skipped */
};

/** Make plain bytes, in place, of what mail programs, browsers, terminals and Windows make of text:
 * UTF-16 with its mark, a byte order mark, no-break spaces, escape sequences of terminals, and the
 * "> " of quoted mail. Keeps the lines as they are. Returns the new size, which is never greater.
 */
size_t ucm_text_plain(uint8_t *data, size_t size);

/** Pulls lines. */
struct ucm_lines {
    struct ucm_cursor cursor;
    uint32_t number; /**< of the line that was pulled last, from 1 */
};

/** All lines of a text, cut to UCM_SAVED_MAX. */
struct ucm_lines ucm_lines_over(const uint8_t *data, size_t size);

/** Pull the next line: without its end (LF, CR, CR LF), without spaces, NULs and other control
 * bytes at both of its ends, and at most UCM_LINE_MAX bytes. May be empty. False at the end. */
bool ucm_line_next(struct ucm_lines *lines, struct ucm_view *line);

/** A view without spaces and control bytes at both ends. */
struct ucm_view ucm_trim(const uint8_t *base, struct ucm_view view);

/** Does it begin with this text, in any case of its letters? Then rest (may be NULL) is what
 * follows, trimmed. */
bool ucm_begins(const uint8_t *base, struct ucm_view view, const char *text, struct ucm_view *rest);

/** The same, for a text anywhere in it; the first place counts. */
bool ucm_contains(const uint8_t *base, struct ucm_view view, const char *text,
                  struct ucm_view *rest);

/** Is it this text, in any case of its letters? */
bool ucm_is_text(const uint8_t *base, struct ucm_view view, const char *text);

/** What stands before the first place of a text, trimmed; the whole view where it is not there. */
struct ucm_view ucm_before(const uint8_t *base, struct ucm_view view, const char *text);

/** Take the next word off the front of a view. False where there is none. */
bool ucm_take_word(const uint8_t *base, struct ucm_view *view, struct ucm_view *word);

/** Take the decimal number off the front of a view. False where it starts with none, or with one of
 * more than nine digits. */
bool ucm_take_decimal(const uint8_t *base, struct ucm_view *view, uint32_t *number);

/** The value of a hex digit, -1 for any other byte. */
int ucm_hex_digit(uint8_t c);

/** Read hex digits in pairs, with colons and white space between them, until another byte comes.
 * Returns how many bytes were written; what finds no room is left out. */
size_t ucm_hex_read(const uint8_t *base, struct ucm_view view, uint8_t *out, size_t room);

/** How two texts compare when white space does not count: terminals break lines where they like. */
enum ucm_squeezed {
    UCM_SQUEEZED_OTHER,
    UCM_SQUEEZED_SAME,
    UCM_SQUEEZED_CUT, /**< the first one is the beginning of the second one */
};
enum ucm_squeezed ucm_compare_squeezed(const uint8_t *a_base, struct ucm_view a,
                                       const uint8_t *b_base, struct ucm_view b);

#ifdef __cplusplus
}
#endif

#endif
