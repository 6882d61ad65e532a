/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The check for missing elements changes the anomalies and nothing else.
 *
 * enforces: check_complete
 * replaces: ucm_anomaly
 * links: finding
 */
#include "proof.h"
#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"

void proof(void)
{
    struct ucm_tvs message;

    check_complete(&message);
    REACHABLE(message.type == UCM_TVS_QUERY_RESPONSE && message.anomalies.count == 2);
}
