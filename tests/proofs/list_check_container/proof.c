/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A container whose length is wrong is a finding.
 *
 * enforces: check_container
 * replaces: ucm_anomaly
 * links: finding
 */
#include "proof.h"
#include "common/trustlist.c"
#include "contracts/containers.h"
#include "contracts/trustlist.h"

void proof(void)
{
    struct ucm_trustlist list;
    struct containers containers;
    uint8_t tag;

    check_container(&list, &containers, tag);
    REACHABLE(list.anomalies.count == 1);
}
