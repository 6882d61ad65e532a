/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Any text that ends in NUL may be asked about.
 *
 * proves: ucm_tvs_device_valid
 * replaces: strlen
 * links: bytes
 */
#include "proof.h"
#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"

void proof(void)
{
    REACHABLE(ucm_tvs_device_valid(any_text()));
}
