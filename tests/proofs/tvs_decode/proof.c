/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A message of any content and length: all views lie in what belongs to it, and false comes with
 * an error.
 *
 * enforces: ucm_tvs_decode
 * replaces: decode_header decode_elements check_complete ucm_anomaly ucm_finding_make
 * links: bytes finding
 */
#include "proof.h"
#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"

void proof(void)
{
    size_t size = (size_t)any_length() + any_length();
    struct ucm_tvs message;
    bool ok = ucm_tvs_decode(any_bytes(size), size, &message);

    REACHABLE(ok);
    REACHABLE(!ok && message.size > 0);
    REACHABLE(!ok && message.size == 0);
}
