/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An element that is stored keeps all views of the record inside it.
 *
 * enforces: store_record_element
 * proves: ucm_record_has ucm_role_bit
 * replaces: ucm_text ucm_number ucm_anomaly ucm_record_tag_name
 * links: bytes finding names
 */
#include "proof.h"
#include "common/trustlist_record.c"
#include "contracts/record.h"

void proof(void)
{
    struct ucm_record record;
    struct ucm_tlv tlv;
    uint8_t *data;

    ASSUME(record.elements.end <= UCM_INPUT_MAX);
    data = any_bytes(record.elements.end);
    store_record_element(data, &record, &tlv);
    SHOW(record.role < 32 || ucm_role_bit(&record) == 0);
    REACHABLE(ucm_record_has(&record, UCM_RECORD_ROLE) && ucm_role_bit(&record) == 1);
}
