/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The search for a role ends, and stays inside the message.
 *
 * proves: ucm_tvs_has_role
 * links: bytes
 */
#include "proof.h"
#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"

void proof(void)
{
    struct ucm_tvs message;
    uint32_t role;
    uint8_t *data;

    ASSUME(message.size <= UCM_INPUT_MAX && UCM_TVS_OK(message));
    data = any_bytes(message.size);
    REACHABLE(ucm_tvs_has_role(data, &message, role));
}
