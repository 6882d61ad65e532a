/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The header is taken whole or there is an error.
 *
 * enforces: decode_header
 * replaces: ucm_number ucm_anomaly ucm_finding_make
 * links: bytes finding names
 */
#include "proof.h"
#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"

void proof(void)
{
    struct ucm_cursor cursor = any_cursor();
    struct ucm_tvs message;
    bool ok = decode_header(&cursor, &message);

    REACHABLE(ok);
    REACHABLE(!ok);
}
