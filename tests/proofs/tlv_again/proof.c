/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An element that was written is taken again as what it was: its tag, its length, and its byte at
 * any place; the cursor then stands where the next one would be written.
 *
 * proves: ucm_put_tlv ucm_take_tlv
 * links: bytes
 */
#include "proof.h"
#include "contracts/bytes.h"

void proof(void)
{
    uint8_t tag;
    size_t room = any_length(), length = any_length(), place;
    uint8_t *out = any_bytes(room);
    uint8_t *value = any_bytes(length);
    size_t written = ucm_put_tlv(out, room, tag, value, length);
    struct ucm_cursor cursor = ucm_cursor_over(out, room);
    struct ucm_tlv tlv;

    if (written == 0)
        return;
    tlv = ucm_take_tlv(&cursor);
    SHOW(tlv.ok && tlv.tag == tag && tlv.value.len == length);
    SHOW(cursor.pos == written && tlv.value.off + tlv.value.len == written);
    SHOW(IMPLIES(place < length, out[tlv.value.off + place] == value[place]));
    REACHABLE(length > 1000);
}
