/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The elements of a record of any length are read to its end, or to the first that does not fit;
 * it ends.
 *
 * enforces: decode_record
 * replaces: ucm_take_tlv store_record_element ucm_anomaly
 * links: bytes finding
 */
#include "proof.h"
#include "common/trustlist_record.c"
#include "contracts/record.h"

void proof(void)
{
    struct ucm_record record;
    bool cut;

    record.elements = any_cursor();
    decode_record(&record, cut);
    REACHABLE(record.has != 0);
}
