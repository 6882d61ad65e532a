/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The check of a header changes its anomalies and nothing else.
 *
 * enforces: check_header
 * replaces: ucm_anomaly
 * links: finding names
 */
#include "proof.h"
#include "common/trustlist.c"
#include "contracts/trustlist.h"

void proof(void)
{
    struct ucm_trustlist list;

    ASSUME(list.size <= UCM_INPUT_MAX);
    list.data = any_bytes(list.size);
    check_header(&list);
    REACHABLE(list.anomalies.count == 7);
}
