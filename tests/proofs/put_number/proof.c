/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A number is written into its bytes and nowhere else.
 *
 * enforces: ucm_put_number
 * links: bytes
 */
#include "proof.h"
#include "contracts/bytes.h"

void proof(void)
{
    uint32_t value, bytes;
    uint8_t out[4];

    ucm_put_number(out, value, bytes);
    REACHABLE(bytes == 4);
}
