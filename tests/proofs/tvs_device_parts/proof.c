/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Model and MAC address lie in the device name, however long it is.
 *
 * enforces: ucm_tvs_device_parts
 * replaces: has_text
 * links: bytes
 */
#include "proof.h"
#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"

void proof(void)
{
    struct ucm_cursor all = any_cursor();
    struct ucm_view device = any_view(all), model, mac;

    ucm_tvs_device_parts(all.base, device, &model, &mac);
    REACHABLE(mac.len == 12);
    REACHABLE(mac.len == 0);
}
