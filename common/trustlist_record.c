/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Records of trust lists: see trustlist.h for the format and its sources.
 */
#include "contract.h"
#include "trustlist.h"

#include <string.h>

UCM_ANOMALIES_LAST(struct ucm_record);
UCM_ANOMALIES_LAST(struct ucm_record_walk);

/* Fact record-ip (A; test_trustlist_record:each_record_anomaly_is_named): an IPv4 address has 4
 * bytes. */
static uint32_t record_fixed_length(uint8_t tag)
{
    switch (tag) {
    case UCM_RECORD_LENGTH:
    case UCM_RECORD_ROLE:
        return 2;
    case UCM_RECORD_IP_ADDRESS:
        /* Fact record-ipv6 (C; test_trustlist_record:each_record_anomaly_is_named): how an IPv6
         * address is written. */
        return 4; /* IPv6 was never seen (C) */
    default:
        return 0;
    }
}

static bool record_is_text(uint8_t tag)
{
    return tag == UCM_RECORD_DNS_NAME || tag == UCM_RECORD_SUBJECT || tag == UCM_RECORD_ISSUER;
}

bool ucm_record_element_next(struct ucm_cursor *cursor, struct ucm_element *element)
{
    struct ucm_tlv tlv = ucm_take_tlv(cursor);

    if (!tlv.ok)
        return false;
    element->tag = tlv.tag;
    element->depth = 0;
    element->at = tlv.at;
    element->value = tlv.value;
    return true;
}

struct ucm_record_walk ucm_record_walk(const struct ucm_trustlist *list)
{
    struct ucm_record_walk walk;
    bool records = list->error.id == UCM_FINDING_NONE && list->kind != UCM_LIST_SIGNED_FILE;

    memset(&walk, 0, offsetof(struct ucm_record_walk, anomalies.item));
    walk.cursor.base = list->data;
    walk.cursor.pos = list->body.off;
    walk.cursor.end = records ? list->size : list->body.off;
    return walk;
}

/* Fact skip-unknown (B; test_trustlist_record:each_record_anomaly_is_named,
 * test_trustlist:each_header_anomaly_is_named): phones skip unknown tags, newer minor versions
 * and bytes at the end. */
static bool record_well_formed(const uint8_t *base, struct ucm_record *record,
                               const struct ucm_tlv *tlv)
{
    uint32_t fixed = record_fixed_length(tlv->tag);

    if (ucm_record_tag_name(tlv->tag) == NULL) {
        ucm_anomaly(&record->anomalies, UCM_TL_TAG_UNKNOWN, tlv->at, -1, tlv->tag);
        return false;
    }
    if (fixed != 0 && tlv->value.len != fixed) {
        ucm_anomaly(&record->anomalies, UCM_TL_ELEMENT_LENGTH, tlv->at, fixed, tlv->value.len);
        return false;
    }
    if ((record->has >> tlv->tag & 1u) != 0) {
        ucm_anomaly(&record->anomalies, UCM_TL_ELEMENT_REPEATED, tlv->at, -1, tlv->tag);
        return false;
    }
    if (record_is_text(tlv->tag) && ucm_text(base, tlv->value).len == tlv->value.len)
        ucm_anomaly(&record->anomalies, UCM_TL_TEXT_NUL, tlv->at, -1, tlv->tag);
    return true;
}

static void store_record_element(const uint8_t *base, struct ucm_record *record,
                                 const struct ucm_tlv *tlv)
{
    if (!record_well_formed(base, record, tlv))
        return;
    record->has |= 1u << tlv->tag;
    record->value[tlv->tag] = record_is_text(tlv->tag) ? ucm_text(base, tlv->value) : tlv->value;
    if (tlv->tag == UCM_RECORD_ROLE)
        record->role = (uint16_t)ucm_number(base, tlv->value);
}

/* A record whose elements do not fill it is an error of that record; the next one is found by the
 * record length all the same. */
#define UCM_RECORD_STORED(record)                                                                  \
    (record)->has, (record)->role, (record)->value, (record)->anomalies

static void decode_record(struct ucm_record *record, bool cut)
{
    struct ucm_cursor cursor = record->elements;

    while (ucm_left(cursor) > 0)
        UCM_LOOP((cursor.pos, UCM_RECORD_STORED(record)),
                 UCM_CURSOR_OK(cursor) && UCM_RECORD_OK(*record) &&
                     record->anomalies.worst <= UCM_ERROR,
                 cursor.end - cursor.pos)
        {
            struct ucm_tlv tlv = ucm_take_tlv(&cursor);

            if (!tlv.ok) {
                if (!cut)
                    ucm_anomaly(&record->anomalies, UCM_TL_RECORD_LENGTH, tlv.at, tlv.wanted,
                                ucm_left(cursor));
                return;
            }
            store_record_element(cursor.base, record, &tlv);
        }
    if (!cut && !ucm_record_has(record, UCM_RECORD_ROLE))
        ucm_anomaly(&record->anomalies, UCM_TL_ELEMENT_MISSING, record->at, -1, UCM_RECORD_ROLE);
}

/* No record starts here: bytes after the last one, the start of one that was cut off, or a body
 * that holds no records at all. */
static bool end_of_records(struct ucm_record_walk *walk, const struct ucm_tlv *tlv)
{
    uint32_t left = ucm_left(walk->cursor);

    if (left == 0)
        return false;
    if (tlv->tag == UCM_RECORD_LENGTH && left < UCM_RECORD_HEAD_SIZE)
        walk->error = ucm_finding_make(UCM_TL_TRUNCATED, tlv->at, UCM_RECORD_HEAD_SIZE, left);
    else if (walk->index == 0)
        walk->error = ucm_finding_make(UCM_TL_RECORD_LENGTH, tlv->at, UCM_RECORD_HEAD_SIZE, -1);
    else
        ucm_anomaly(&walk->anomalies, UCM_TL_TRAILING_BYTES, tlv->at, 0, left);
    walk->cursor.pos = walk->cursor.end;
    return false;
}

/* Any record past the limit ends the walk, so that no caller has to count. */
static bool too_many(struct ucm_record_walk *walk)
{
    if (walk->index < UCM_RECORDS_MAX || ucm_left(walk->cursor) == 0)
        return false;
    walk->error = ucm_finding_make(UCM_TL_TOO_MANY_RECORDS, walk->cursor.pos, UCM_RECORDS_MAX, -1);
    walk->cursor.pos = walk->cursor.end;
    return true;
}

bool ucm_record_next(struct ucm_record_walk *walk, struct ucm_record *record)
{
    struct ucm_cursor cursor = walk->cursor;
    struct ucm_tlv head = ucm_take_tlv(&cursor);
    uint32_t left = ucm_left(walk->cursor);
    uint32_t length;
    bool cut;

    if (too_many(walk))
        return false;
    if (!head.ok || head.tag != UCM_RECORD_LENGTH || head.value.len != 2)
        return end_of_records(walk, &head);
    length = ucm_number(cursor.base, head.value);
    if (length < UCM_RECORD_HEAD_SIZE) {
        walk->error = ucm_finding_make(UCM_TL_RECORD_LENGTH, head.at, UCM_RECORD_HEAD_SIZE, length);
        walk->cursor.pos = walk->cursor.end;
        return false;
    }
    cut = length > left;
    if (cut)
        walk->error = ucm_finding_make(UCM_TL_TRUNCATED, head.at, length, left);

    memset(record, 0, offsetof(struct ucm_record, anomalies.item));
    record->index = ++walk->index;
    record->role = UCM_ROLE_NONE;
    record->at = head.at;
    record->length = length;
    record->elements = (struct ucm_cursor){cursor.base, head.at, head.at + (cut ? left : length)};
    walk->cursor.pos = record->elements.end;
    decode_record(record, cut);
    return true;
}

bool ucm_list_holds(const struct ucm_trustlist *list, const uint8_t *der, size_t size,
                    uint32_t roles)
{
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_view wanted = {0, (uint32_t)size};
    struct ucm_record record;

    while (size <= UCM_INPUT_MAX && ucm_record_next(&walk, &record))
        UCM_LOOP((walk.cursor.pos, walk.index, walk.anomalies, walk.error, record),
                 UCM_CURSOR_OK(walk.cursor) && walk.anomalies.worst <= UCM_ERROR,
                 walk.cursor.end - walk.cursor.pos)
        {
            if (ucm_record_has(&record, UCM_RECORD_CERTIFICATE) &&
                (ucm_role_bit(&record) & roles) != 0 &&
                ucm_same(list->data, record.value[UCM_RECORD_CERTIFICATE], der, wanted))
                return true;
        }
    return false;
}
