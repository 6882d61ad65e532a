/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What follows the last record ends the walk.
 *
 * enforces: end_of_records
 * replaces: ucm_anomaly ucm_finding_make
 * links: bytes finding
 */
#include "proof.h"
#include "common/trustlist_record.c"
#include "contracts/record.h"

void proof(void)
{
    struct ucm_record_walk walk;
    struct ucm_tlv tlv;

    end_of_records(&walk, &tlv);
    REACHABLE(walk.error.id == UCM_TL_TRUNCATED);
}
