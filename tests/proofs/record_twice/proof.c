/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each step of decoding a record, done twice from the same state, comes to the same state: it
 * depends on nothing else. So does what ends the walk over the records.
 *
 * proves: store_record_element end_of_records too_many
 * checks: SHOW
 * links: bytes finding names
 */
#include "proof.h"
#include "contracts/fold.h"

#include "common/trustlist_record.c"
#include "contracts/record.h"
#include "contracts/twice.h"

static void store_twice(const uint8_t *base, uint32_t size, const struct ucm_tlv *tlv)
{
    struct ucm_record a, b;

    a.elements.end = size;
    ASSUME(UCM_RECORD_OK(a) && a.anomalies.worst <= UCM_ERROR && UCM_VIEW_IN(tlv->value, size));
    b = a;
    store_record_element(base, &a, tlv);
    store_record_element(base, &b, tlv);
    SHOW(a.has == b.has && a.role == b.role);
    show_same_views(a.value, b.value, UCM_RECORD_TAG_COUNT);
    show_same_anomalies(&a.anomalies, &b.anomalies);
}

static void end_twice(struct ucm_cursor cursor, const struct ucm_tlv *tlv)
{
    struct ucm_record_walk a, b;
    bool many;

    a.cursor = cursor;
    ASSUME(a.anomalies.worst <= UCM_ERROR);
    b = a;
    many = too_many(&a);
    SHOW(too_many(&b) == many);
    if (!many)
        SHOW(end_of_records(&a, tlv) == end_of_records(&b, tlv));
    SHOW(SAME_CURSOR(a.cursor, b.cursor) && a.index == b.index && SAME_FINDING(a.error, b.error));
    show_same_anomalies(&a.anomalies, &b.anomalies);
    REACHABLE(many);
}

void proof(void)
{
    struct ucm_cursor cursor = any_cursor();
    struct ucm_tlv tlv;

    store_twice(cursor.base, cursor.end, &tlv);
    end_twice(cursor, &tlv);
}
