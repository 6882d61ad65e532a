/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An element is written whole and inside the room, or nothing is.
 *
 * enforces: ucm_put_tlv
 * replaces: ucm_put_number
 * links: bytes
 */
#include "proof.h"
#include "contracts/bytes.h"

void proof(void)
{
    uint8_t tag;
    size_t room = any_length(), length = any_length();
    uint8_t *out = any_bytes(room);
    uint8_t *value = any_bytes(length);
    size_t written = ucm_put_tlv(out, room, tag, value, length);

    REACHABLE(written > 1000);
    REACHABLE(written == 0);
}
