/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The cursor: the one place where a length is compared with what is left. Everything that decodes
 * reads through it, and it is here for the compiler to see: as calls it would cost half of all.
 * Knows nothing of trust lists, TVS, OpenSSL, GLib or allocation.
 */
#ifndef UCMTRUST_COMMON_BYTES_H
#define UCMTRUST_COMMON_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fact download-limit (B; test_trustlist:too_large_is_refused_at_entry): phones stop a download
 * at 2048 KB. */
/** Most bytes that any decoder takes. Phones stop a download at 2048 KB (formats: grade B). */
#define UCM_INPUT_MAX 0x200000u

/** A piece of the input: where it starts and how long it is. Never a pointer, so that the same
 * view serves a packet buffer, a file and an error message. Always inside the input. */
struct ucm_view {
    uint32_t off;
    uint32_t len;
};

/** A reading position. Invariant: pos <= end <= size of the input at base. Passed by value into a
 * nested structure, so that a child cannot move its parent nor read past it. */
struct ucm_cursor {
    const uint8_t *base;
    uint32_t pos;
    uint32_t end;
};

/* Fact element-shape (A; test_bytes:element_is_whole_or_nothing): an element is a tag (1 byte),
 * a length (2, big-endian) and a value. */
/** One tag-length-value element (1 + 2 + length bytes, big-endian). */
struct ucm_tlv {
    bool ok;               /**< false: nothing was taken, the cursor did not move */
    uint8_t tag;           /**< valid when at least one byte was left */
    uint32_t at;           /**< offset of the tag */
    uint32_t wanted;       /**< bytes that the element needs, 3 when its length was cut off */
    struct ucm_view value; /**< without tag and length */
};

/** A cursor over size bytes, cut to UCM_INPUT_MAX: callers refuse larger input before. */
static inline struct ucm_cursor ucm_cursor_over(const uint8_t *data, size_t size)
{
    struct ucm_cursor cursor = {data, 0, size > UCM_INPUT_MAX ? UCM_INPUT_MAX : (uint32_t)size};
    return cursor;
}

/** Bytes between the position and the end. */
static inline uint32_t ucm_left(struct ucm_cursor cursor)
{
    return cursor.end - cursor.pos;
}

/** Take n bytes as a view. Moves by n and returns true, or does nothing at all. */
static inline bool ucm_take(struct ucm_cursor *cursor, uint32_t n, struct ucm_view *view)
{
    if (n > cursor->end - cursor->pos)
        return false;
    view->off = cursor->pos;
    view->len = n;
    cursor->pos += n;
    return true;
}

/** A cursor over one view of the same input. */
static inline struct ucm_cursor ucm_inside(struct ucm_cursor cursor, struct ucm_view view)
{
    struct ucm_cursor child = {cursor.base, view.off, view.off + view.len};
    return child;
}

/** The byte at an index of a view; the caller has compared the index with view.len. */
static inline uint8_t ucm_byte(const uint8_t *base, struct ucm_view view, uint32_t index)
{
    return base[view.off + index];
}

/** The number that a view of 1, 2 or 4 bytes holds, big-endian; other lengths give 0. */
static inline uint32_t ucm_number(const uint8_t *base, struct ucm_view view)
{
    const uint8_t *p = base + view.off;

    switch (view.len) {
    case 1:
        return p[0];
    case 2:
        return (uint32_t)p[0] << 8 | p[1];
    case 4:
        return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    default:
        return 0;
    }
}

/** Take one big-endian number. Moves by its size and returns true, or does nothing at all. */
static inline bool ucm_take_u8(struct ucm_cursor *cursor, uint8_t *value)
{
    struct ucm_view view;

    if (!ucm_take(cursor, 1, &view))
        return false;
    *value = cursor->base[view.off];
    return true;
}

static inline bool ucm_take_u16(struct ucm_cursor *cursor, uint16_t *value)
{
    struct ucm_view view;

    if (!ucm_take(cursor, 2, &view))
        return false;
    *value = (uint16_t)ucm_number(cursor->base, view);
    return true;
}

static inline bool ucm_take_u32(struct ucm_cursor *cursor, uint32_t *value)
{
    struct ucm_view view;

    if (!ucm_take(cursor, 4, &view))
        return false;
    *value = ucm_number(cursor->base, view);
    return true;
}

/** Bytes of an element before its value: the tag and the length. */
enum { UCM_TLV_HEAD = 3 };

/** Take one element. See struct ucm_tlv for what is set when it does not fit. */
static inline struct ucm_tlv ucm_take_tlv(struct ucm_cursor *cursor)
{
    struct ucm_tlv tlv = {false, 0, cursor->pos, UCM_TLV_HEAD, {cursor->pos, 0}};
    struct ucm_cursor probe = *cursor;
    uint16_t length;

    if (!ucm_take_u8(&probe, &tlv.tag) || !ucm_take_u16(&probe, &length))
        return tlv;
    tlv.wanted = UCM_TLV_HEAD + (uint32_t)length;
    if (!ucm_take(&probe, length, &tlv.value))
        return tlv;
    cursor->pos = probe.pos;
    tlv.ok = true;
    return tlv;
}

/* Fact text-nul (A; test_bytes:text_and_serial_are_trimmed): texts end in a NUL that their
 * length counts. */
/** A text without the final NUL that files and messages count in its length. */
struct ucm_view ucm_text(const uint8_t *base, struct ucm_view view);

/* Fact record-serial (A; test_lint_record:a_leading_zero_is_no_other_serial): serial numbers
 * stand with or without a leading zero. */
/** A serial number without leading zero bytes; files hold it with or without one. */
struct ucm_view ucm_serial(const uint8_t *base, struct ucm_view view);

/** Same length, same bytes. */
bool ucm_same(const uint8_t *a_base, struct ucm_view a, const uint8_t *b_base, struct ucm_view b);

/** Write one element. Returns the bytes written, 0 when they do not fit in room or in 16 bits. */
size_t ucm_put_tlv(uint8_t *out, size_t room, uint8_t tag, const uint8_t *value, size_t length);

/** Write a number of 1 to 4 bytes, big-endian; out has room for them. */
void ucm_put_number(uint8_t *out, uint32_t value, uint32_t bytes);

#ifdef __cplusplus
}
#endif

#endif
