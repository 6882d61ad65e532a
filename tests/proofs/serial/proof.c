/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A serial number without leading zero bytes ends where it ended, however many there were.
 *
 * enforces: ucm_serial
 * links: bytes
 */
#include "proof.h"
#include "contracts/bytes.h"

void proof(void)
{
    struct ucm_cursor all = any_cursor();
    struct ucm_view view = any_view(all);
    struct ucm_view serial = ucm_serial(all.base, view);

    SHOW(IMPLIES(serial.len > 1, all.base[serial.off] != 0));
    REACHABLE(serial.len == view.len);
    REACHABLE(serial.off > view.off);
}
