/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The cursor: see bytes.h.
 */
#include "bytes.h"
#include "contract.h"

#include <string.h>

enum { TLV_HEAD = 3, LENGTH_MAX = 0xffff };

inline bool ucm_take_u8(struct ucm_cursor *cursor, uint8_t *value)
{
    struct ucm_view view;

    if (!ucm_take(cursor, 1, &view))
        return false;
    *value = cursor->base[view.off];
    return true;
}

inline bool ucm_take_u16(struct ucm_cursor *cursor, uint16_t *value)
{
    struct ucm_view view;

    if (!ucm_take(cursor, 2, &view))
        return false;
    *value = (uint16_t)ucm_number(cursor->base, view);
    return true;
}

inline bool ucm_take_u32(struct ucm_cursor *cursor, uint32_t *value)
{
    struct ucm_view view;

    if (!ucm_take(cursor, 4, &view))
        return false;
    *value = ucm_number(cursor->base, view);
    return true;
}

inline struct ucm_tlv ucm_take_tlv(struct ucm_cursor *cursor)
{
    struct ucm_tlv tlv = {false, 0, cursor->pos, TLV_HEAD, {cursor->pos, 0}};
    struct ucm_cursor probe = *cursor;
    uint16_t length;

    if (!ucm_take_u8(&probe, &tlv.tag) || !ucm_take_u16(&probe, &length))
        return tlv;
    tlv.wanted = TLV_HEAD + (uint32_t)length;
    if (!ucm_take(&probe, length, &tlv.value))
        return tlv;
    cursor->pos = probe.pos;
    tlv.ok = true;
    return tlv;
}

inline uint32_t ucm_number(const uint8_t *base, struct ucm_view view)
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

struct ucm_view ucm_text(const uint8_t *base, struct ucm_view view)
{
    if (view.len > 0 && ucm_byte(base, view, view.len - 1) == 0)
        view.len--;
    return view;
}

struct ucm_view ucm_serial(const uint8_t *base, struct ucm_view view)
{
    while (view.len > 1 && ucm_byte(base, view, 0) == 0)
        UCM_LOOP((view),
                 view.len >= 1 && view.off >= UCM_AT_ENTRY(view.off) &&
                     (uint64_t)view.off + view.len ==
                         (uint64_t)UCM_AT_ENTRY(view.off) + UCM_AT_ENTRY(view.len),
                 view.len)
        {
            view.off++;
            view.len--;
        }
    return view;
}

bool ucm_same(const uint8_t *a_base, struct ucm_view a, const uint8_t *b_base, struct ucm_view b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a_base + a.off, b_base + b.off, a.len) == 0);
}

size_t ucm_put_tlv(uint8_t *out, size_t room, uint8_t tag, const uint8_t *value, size_t length)
{
    if (length > LENGTH_MAX || room < TLV_HEAD || room - TLV_HEAD < length)
        return 0;
    out[0] = tag;
    ucm_put_number(out + 1, (uint32_t)length, 2);
    if (length > 0)
        memcpy(out + TLV_HEAD, value, length);
    return TLV_HEAD + length;
}

void ucm_put_number(uint8_t *out, uint32_t value, uint32_t bytes)
{
    while (bytes > 0) {
        out[--bytes] = (uint8_t)(value & 0xff);
        value >>= 8;
    }
}
