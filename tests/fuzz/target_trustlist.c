/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust lists and signed files: header, records, signed ranges; held against the naive reader.
 */
#include "fuzz.h"
#include "naive.h"

#include "common/trustlist.h"

#include <string.h>

static bool inside(struct ucm_view view, size_t size)
{
    return view.off <= size && view.len <= size - view.off;
}

static void anomalies_inside(const struct ucm_anomalies *anomalies, size_t size)
{
    for (uint32_t i = 0; i < ucm_anomalies_stored(anomalies); i++)
        MUST(anomalies->item[i].offset <= size && anomalies->item[i].id > UCM_FINDING_NONE &&
             anomalies->item[i].id < UCM_FINDING_COUNT &&
             anomalies->item[i].severity <= anomalies->worst);
}

/* Elements of the header follow each other; the walk finds all that was stored. */
static void walk_header(const struct ucm_trustlist *list)
{
    struct ucm_header_walk walk = ucm_header_walk(list);
    struct ucm_element element;
    uint32_t seen = 0;
    uint32_t at = 0;

    while (ucm_header_next(&walk, &element)) {
        MUST(element.at >= at && element.at < list->body.off && element.depth <= 2);
        MUST(inside(element.value, list->size));
        MUST(walk.cursor.pos > element.at && walk.cursor.pos <= list->body.off);
        at = walk.cursor.pos;
        seen |= element.tag < 32 ? 1u << element.tag : 0;
    }
    MUST((list->has & ~seen) == 0);
    /* Not where the last element ends: a container at the end may have bytes to spare. */
    MUST(list->error.id != UCM_FINDING_NONE || walk.cursor.pos == list->body.off);
}

static void check_record(const struct ucm_trustlist *list, const struct ucm_record *record)
{
    struct ucm_cursor cursor = record->elements;
    struct ucm_element element;
    uint32_t seen = 0;

    anomalies_inside(&record->anomalies, list->size);
    for (int tag = 0; tag < UCM_RECORD_TAG_COUNT; tag++)
        MUST(inside(record->value[tag], record->elements.end));
    MUST(record->elements.end <= list->size && record->at == record->elements.pos);
    while (ucm_record_element_next(&cursor, &element)) {
        MUST(inside(element.value, record->elements.end));
        seen |= element.tag < 32 ? 1u << element.tag : 0;
    }
    MUST((record->has & ~seen) == 0);
    MUST(ucm_record_has(record, UCM_RECORD_ROLE) || record->role == UCM_ROLE_NONE);
}

static void same_as_naive(const struct ucm_trustlist *list, const struct ucm_record *record,
                          const struct naive_list *naive)
{
    const struct naive_record *its = NULL;
    struct ucm_view der = record->value[UCM_RECORD_CERTIFICATE];

    if (!naive->regular || record->index > naive->count)
        return;
    its = &naive->record[record->index - 1];
    MUST(its->at == (long)record->at && its->length == (long)record->length);
    MUST(its->role == (record->role == UCM_ROLE_NONE && !ucm_record_has(record, UCM_RECORD_ROLE)
                           ? NAIVE_NOWHERE
                           : (long)record->role));
    MUST(ucm_record_has(record, UCM_RECORD_CERTIFICATE) == (its->certificate != NAIVE_NOWHERE));
    if (its->certificate != NAIVE_NOWHERE) {
        MUST(its->certificate == (long)der.off && its->certificate_size == (long)der.len);
        MUST(ucm_list_holds(list, list->data + der.off, der.len, ucm_role_bit(record)) ==
             (ucm_role_bit(record) != 0));
    }
    for (uint32_t i = 0; i < ucm_anomalies_stored(&record->anomalies); i++)
        MUST(!its->full || record->anomalies.item[i].id != UCM_TL_RECORD_LENGTH);
}

static void walk_records(const struct ucm_trustlist *list, const struct naive_list *naive)
{
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_record record;
    uint32_t count = 0;
    uint32_t at = list->body.off;

    while (ucm_record_next(&walk, &record)) {
        MUST(record.index == ++count && record.at == at && count <= UCM_RECORDS_MAX);
        at = record.elements.end;
        check_record(list, &record);
        same_as_naive(list, &record, naive);
    }
    anomalies_inside(&walk.anomalies, list->size);
    MUST(walk.error.offset <= list->size);
    if (list->error.id != UCM_FINDING_NONE || list->kind == UCM_LIST_SIGNED_FILE)
        MUST(count == 0);
    else
        MUST(at == list->size || walk.error.id != UCM_FINDING_NONE || walk.anomalies.count > 0);
    if (naive->regular && list->kind != UCM_LIST_SIGNED_FILE)
        MUST(count >= naive->count);
}

/* The file once, without the signature element. */
static void signed_ranges(const struct ucm_trustlist *list, const struct naive_list *naive)
{
    struct ucm_view ranges[2] = {{0, 0}, {0, 0}};
    const bool is_signed = ucm_signed_ranges(list, ranges);
    const struct ucm_view signature = list->value[UCM_HEADER_SIGNATURE];

    MUST(is_signed == ucm_list_has(list, UCM_HEADER_SIGNATURE));
    if (is_signed) {
        MUST(ranges[0].off == 0 && ranges[0].len == list->signature_at);
        MUST(list->data[list->signature_at] == UCM_HEADER_SIGNATURE);
        MUST(ranges[1].off == list->signature_at + 3 + signature.len);
        MUST((size_t)ranges[1].off + ranges[1].len == list->size);
    }
    if (naive->regular && list->error.id == UCM_FINDING_NONE) {
        MUST(is_signed == (naive->signature_at != NAIVE_NOWHERE));
        MUST(!is_signed || (naive->signature_at == (long)list->signature_at &&
                            naive->signature_size == (long)signature.len));
    }
}

/* Sizes that no file has are refused before a byte is read. */
static void refuse_sizes(const struct ucm_trustlist *list)
{
    static struct ucm_trustlist big;

    MUST(!ucm_trustlist_decode(list->data, (size_t)UCM_INPUT_MAX + 1, &big) &&
         big.error.id == UCM_TL_TOO_LARGE && big.error.found == (int64_t)UCM_INPUT_MAX + 1);
    MUST(!ucm_trustlist_decode(list->data, SIZE_MAX, &big) && big.error.id == UCM_TL_TOO_LARGE &&
         big.error.found == UINT32_MAX);
    MUST(!ucm_list_holds(list, list->data, SIZE_MAX, UINT32_MAX));
}

static bool same(const struct ucm_trustlist *one, const struct ucm_trustlist *two)
{
    return one->data == two->data && one->size == two->size && one->kind == two->kind &&
           one->has == two->has && one->version == two->version &&
           one->signer_version == two->signer_version && one->header_length == two->header_length &&
           one->digest == two->digest && one->algorithm == two->algorithm &&
           one->modulus == two->modulus && one->timestamp == two->timestamp &&
           one->padding == two->padding && one->signature_at == two->signature_at &&
           memcmp(one->value, two->value, sizeof one->value) == 0 &&
           one->body.off == two->body.off && one->body.len == two->body.len &&
           fuzz_same_anomalies(&one->anomalies, &two->anomalies) &&
           fuzz_same_finding(&one->error, &two->error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ucm_trustlist one;
    static struct ucm_trustlist two;
    static struct naive_list naive;
    const bool magic = ucm_trustlist_magic(data, size);
    const bool whole = ucm_trustlist_decode(data, size, &one);

    memset(&two, 0xff, sizeof two);
    MUST(ucm_trustlist_decode(data, size, &two) == whole && same(&one, &two));
    MUST(whole == (one.error.id == UCM_FINDING_NONE));
    MUST(one.error.offset <= size && inside(one.body, size));
    MUST(ucm_list_kind_name(one.kind) != NULL);
    MUST(!whole || one.body.off + one.body.len == size);
    MUST(!magic || one.error.id != UCM_TL_NOT_A_LIST);
    anomalies_inside(&one.anomalies, size);
    for (int tag = 0; tag < UCM_HEADER_TAG_COUNT; tag++)
        MUST(inside(one.value[tag], size));
    naive_read(data, size, &naive);
    if (naive.regular) /* what the second reader takes for a list is one */
        MUST(whole && magic && (long)one.body.off == naive.header_end);
    walk_header(&one);
    walk_records(&one, &naive);
    signed_ranges(&one, &naive);
    refuse_sizes(&one);
    fuzz_tables();
    return 0;
}
