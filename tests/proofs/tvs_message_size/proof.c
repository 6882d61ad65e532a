/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The size of a message from its first bytes, of which there may be too few.
 *
 * proves: ucm_tvs_message_size
 * replaces: ucm_number
 * links: bytes
 */
#include "proof.h"
#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"

void proof(void)
{
    size_t size = any_length() + any_bool();
    uint32_t said = ucm_tvs_message_size(any_bytes(size), size);

    SHOW(said == 0 ||
         (said >= UCM_TVS_HEADER_SIZE && said <= UCM_TVS_SIZE_MAX && size >= UCM_TVS_HEADER_SIZE));
    REACHABLE(said == UCM_TVS_SIZE_MAX);
}
