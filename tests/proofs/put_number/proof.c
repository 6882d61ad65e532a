/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A number is written into its bytes, the highest first, and nowhere else.
 *
 * enforces: ucm_put_number
 * unwinds: ucm_put_number.0:5
 * links: bytes
 */
#include "proof.h"
#include "contracts/bytes.h"

void proof(void)
{
    uint32_t value, bytes;
    uint8_t out[4];

    ucm_put_number(out, value, bytes);
    REACHABLE(bytes == 4 && out[0] == 1 && out[3] == 2);
}
