/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The cursor: see bytes.h.
 */
#include "bytes.h"
#include "contract.h"

#include <string.h>

enum { LENGTH_MAX = 0xffff };

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
    if (length > LENGTH_MAX || room < UCM_TLV_HEAD || room - UCM_TLV_HEAD < length)
        return 0;
    out[0] = tag;
    ucm_put_number(out + 1, (uint32_t)length, 2);
    if (length > 0)
        memcpy(out + UCM_TLV_HEAD, value, length);
    return UCM_TLV_HEAD + length;
}

void ucm_put_number(uint8_t *out, uint32_t value, uint32_t bytes)
{
    while (bytes > 0) {
        out[--bytes] = (uint8_t)(value & 0xff);
        value >>= 8;
    }
}
