/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Contracts of common/bytes.c.
 */
#ifndef UCMTRUST_CONTRACTS_BYTES_H
#define UCMTRUST_CONTRACTS_BYTES_H

#include "contracts/words.h"

uint32_t ucm_number(const uint8_t *base, struct ucm_view view)
    // clang-format off
REQUIRES(VIEW(base, view) && view.len > 0)
ASSIGNS()
ENSURES(view.len != 1 || RESULT <= 0xff)
ENSURES(view.len != 2 || RESULT <= 0xffff);
// clang-format on

/* The cursor moves by exactly the element, or not at all. */
struct ucm_tlv ucm_take_tlv(struct ucm_cursor *cursor)
    // clang-format off
REQUIRES(CURSOR(*cursor))
ASSIGNS(cursor->pos)
ENSURES(RESULT.wanted >= 3 && RESULT.wanted <= 3 + 0xffff)
ENSURES(cursor->pos == OLD(cursor->pos) + (uint64_t)(RESULT.ok ? RESULT.wanted : 0))
ENSURES(cursor->pos <= cursor->end)
ENSURES(RESULT.at == OLD(cursor->pos))
ENSURES(!RESULT.ok || (RESULT.value.off == RESULT.at + 3 && RESULT.value.len == RESULT.wanted - 3))
ENSURES(RESULT.ok || RESULT.wanted > cursor->end - cursor->pos)
ENSURES(UCM_VIEW_IN(RESULT.value, cursor->end));
// clang-format on

/* What is left of a text or serial number lies in it. */
struct ucm_view ucm_text(const uint8_t *base, struct ucm_view view)
    // clang-format off
REQUIRES(VIEW(base, view))
ASSIGNS()
ENSURES(RESULT.off == view.off)
ENSURES(RESULT.len <= view.len && view.len - RESULT.len <= 1);
// clang-format on

struct ucm_view ucm_serial(const uint8_t *base, struct ucm_view view)
    // clang-format off
REQUIRES(VIEW(base, view))
ASSIGNS()
ENSURES(RESULT.off >= view.off && SAME_END(RESULT, view))
ENSURES((RESULT.len > 0) == (view.len > 0));
// clang-format on

bool ucm_same(const uint8_t *a_base, struct ucm_view a, const uint8_t *b_base, struct ucm_view b)
    // clang-format off
REQUIRES(VIEW(a_base, a) && VIEW(b_base, b))
ASSIGNS()
ENSURES(!RESULT || a.len == b.len)
ENSURES(RESULT || a.len != 0 || b.len != 0);
// clang-format on

/* An element is written whole, or nothing is. The proof gives it no byte beyond the room. */
size_t ucm_put_tlv(uint8_t *out, size_t room, uint8_t tag, const uint8_t *value, size_t length)
    // clang-format off
REQUIRES(WRITABLE(out, room) && READABLE(value, length))
ASSIGNS(room > 0: __CPROVER_object_whole(out))
ENSURES(RESULT == (length > 0xffff || room < 3 || room - 3 < length ? 0 : 3 + length));
// clang-format on

/* The lowest byte last, and so on. */
void ucm_put_number(uint8_t *out, uint32_t value, uint32_t bytes)
    // clang-format off
REQUIRES(bytes > 0 && bytes <= 4 && __CPROVER_w_ok(out, bytes))
ASSIGNS(__CPROVER_object_whole(out))
ENSURES(out[bytes - 1] == (value & 0xff))
ENSURES(bytes < 2 || out[bytes - 2] == (value >> 8 & 0xff))
ENSURES(bytes < 3 || out[bytes - 3] == (value >> 16 & 0xff))
ENSURES(bytes < 4 || out[bytes - 4] == value >> 24);
// clang-format on

#endif
