/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Records of trust lists: everything that can be odd about one, and about the end of them.
 */
#include "shapes.h"

static void each_record_anomaly_is_named(void **state)
{
    static const struct {
        uint8_t tag;
        const char *value;
        size_t size;
        enum ucm_finding_id expected;
    } rows[] = {
        {99, "x", 1, UCM_TL_TAG_UNKNOWN},
        {28, "x", 1, UCM_TL_TAG_UNKNOWN}, /* a header tag only */
        {UCM_RECORD_IP_ADDRESS, "0123456789abcdef", 16, UCM_TL_ELEMENT_LENGTH},
        {UCM_RECORD_DNS_NAME, "abc", 3, UCM_TL_ELEMENT_REPEATED},
        {UCM_RECORD_SUBJECT, "abc", 3, UCM_TL_TEXT_NUL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ucm_trustlist list;
        struct ucm_record_walk walk;
        struct ucm_record record;
        size_t start;

        shape_header(&shape_small, 117, 128, 0);
        start = shape_small.size;
        make_bytes(&shape_small, shape_record_33, SHAPE_RECORD_33);
        make_tlv(&shape_small, rows[i].tag, rows[i].value, rows[i].size);
        make_patch(&shape_small, start + 3, (uint32_t)(shape_small.size - start), 2);
        shape_decode_small(&list);
        walk = ucm_record_walk(&list);
        assert_true(ucm_record_next(&walk, &record));
        assert_int_equal(record.anomalies.count, 1);
        assert_int_equal(record.anomalies.item[0].id, rows[i].expected);
    }
}

/* No role must not read as role 0, which is the one that phones trust most. */
static void a_record_without_role_is_no_sast(void **state)
{
    struct ucm_trustlist list;
    struct ucm_record_walk walk;
    struct ucm_record record;

    (void)state;
    shape_header(&shape_small, 117, 128, 0);
    make_number(&shape_small, UCM_RECORD_LENGTH, 12, 2);
    make_number(&shape_small, UCM_RECORD_IP_ADDRESS, 1, 4);
    shape_decode_small(&list);
    walk = ucm_record_walk(&list);
    assert_true(ucm_record_next(&walk, &record));
    assert_int_equal(record.role, UCM_ROLE_NONE);
    assert_int_equal(record.anomalies.item[0].id, UCM_TL_ELEMENT_MISSING);
}

static enum ucm_finding_id end_of(struct ucm_record *record, uint32_t expected_records)
{
    struct ucm_trustlist list;
    struct ucm_record_walk walk;

    shape_decode_small(&list);
    walk = ucm_record_walk(&list);
    while (ucm_record_next(&walk, record))
        continue;
    assert_int_equal(walk.index, expected_records);
    assert_false(ucm_record_next(&walk, record));
    return walk.error.id != UCM_FINDING_NONE ? walk.error.id
           : walk.anomalies.count > 0        ? walk.anomalies.item[0].id
                                             : UCM_FINDING_NONE;
}

static void the_end_of_records_is_judged(void **state)
{
    struct ucm_record record;

    (void)state;
    shape_make_small();
    assert_int_equal(end_of(&record, 1), UCM_FINDING_NONE);
    make_bytes(&shape_small, "\xff\xff\xff\xff", 4);
    assert_int_equal(end_of(&record, 1), UCM_TL_TRAILING_BYTES);
    shape_make_small();
    make_bytes(&shape_small, shape_record_33, 4);
    assert_int_equal(end_of(&record, 1), UCM_TL_TRUNCATED);
    shape_make_small();
    make_bytes(&shape_small, shape_record_33, 20);
    assert_int_equal(end_of(&record, 2), UCM_TL_TRUNCATED); /* the last one as far as it goes */
    assert_int_equal(record.length, 33);
    assert_int_equal(record.elements.end - record.at, 20);
    shape_make_small();
    make_patch(&shape_small, shape_small.size - SHAPE_RECORD_33 + 3, 4, 2);
    assert_int_equal(end_of(&record, 0), UCM_TL_RECORD_LENGTH);
    shape_header(&shape_small, 117, 128, 0);
    make_bytes(&shape_small, "no record", 9);
    assert_int_equal(end_of(&record, 0), UCM_TL_RECORD_LENGTH);
}

static void elements_must_fill_the_record(void **state)
{
    struct ucm_trustlist list;
    struct ucm_record_walk walk;
    struct ucm_record record;

    (void)state;
    shape_make_small();
    make_bytes(&shape_small, shape_record_33, SHAPE_RECORD_33);
    make_patch(&shape_small, shape_small.size - 4 - 2, 5,
               2); /* the address leads out of the last record */
    shape_decode_small(&list);
    walk = ucm_record_walk(&list);
    assert_true(ucm_record_next(&walk, &record));
    assert_true(ucm_record_next(&walk, &record));
    assert_int_equal(record.anomalies.count, 1);
    assert_int_equal(record.anomalies.item[0].id, UCM_TL_RECORD_LENGTH);
    assert_int_equal(record.anomalies.worst, UCM_ERROR);
}

static void records_beyond_the_limit_are_not_pulled(void **state)
{
    static const uint8_t empty[] = {0x01, 0x00, 0x02, 0x00, 0x05};
    struct ucm_trustlist list;
    struct ucm_record_walk walk;
    struct ucm_record record;

    (void)state;
    shape_header(&shape_small, 117, 128, 0);
    for (int i = 0; i < UCM_RECORDS_MAX; i++)
        make_bytes(&shape_small, empty, sizeof empty);
    assert_int_equal(end_of(&record, UCM_RECORDS_MAX), UCM_FINDING_NONE);
    make_bytes(&shape_small, empty, sizeof empty);
    assert_int_equal(end_of(&record, UCM_RECORDS_MAX), UCM_TL_TOO_MANY_RECORDS);
    shape_decode_small(&list);
    walk = ucm_record_walk(&list);
    while (ucm_record_next(&walk, &record))
        continue;
    assert_int_equal(walk.error.expected, UCM_RECORDS_MAX);
    assert_int_equal(walk.error.found, -1);
    assert_int_equal(walk.cursor.pos, walk.cursor.end);
}

static void signed_files_have_no_records(void **state)
{
    static const char body[] = "<device/>";
    struct ucm_trustlist list;
    struct ucm_record_walk walk;
    struct ucm_record record;

    (void)state;
    shape_small.size = 0;
    make_number(&shape_small, UCM_HEADER_VERSION, 0x0100, 2);
    make_number(&shape_small, UCM_HEADER_LENGTH, 0, 2);
    make_text(&shape_small, UCM_HEADER_FILENAME, "SEPB000B4BA0AEE.cnf.xml");
    make_patch(&shape_small, 8, (uint32_t)shape_small.size, 2);
    make_bytes(&shape_small, body, sizeof body - 1);
    shape_decode_small(&list);
    assert_int_equal(list.kind, UCM_LIST_SIGNED_FILE);
    walk = ucm_record_walk(&list);
    assert_false(ucm_record_next(&walk, &record));
    assert_int_equal(walk.error.id, UCM_FINDING_NONE);
    assert_int_equal(list.body.len, sizeof body - 1);
}

/* Is the version of a file with this first byte of its body a finding? */
static bool version_is_newer(uint32_t version, const char *filename, const char *body)
{
    struct ucm_trustlist list;
    bool found = false;

    shape_small.size = 0;
    make_number(&shape_small, UCM_HEADER_VERSION, version, 2);
    make_number(&shape_small, UCM_HEADER_LENGTH, 0, 2);
    make_text(&shape_small, UCM_HEADER_FILENAME, filename);
    make_patch(&shape_small, 8, (uint32_t)shape_small.size, 2);
    make_bytes(&shape_small, body, strlen(body));
    shape_decode_small(&list);
    for (uint32_t i = 0; i < ucm_anomalies_stored(&list.anomalies); i++)
        found = found || list.anomalies.item[i].id == UCM_TL_VERSION_NEWER;
    return found;
}

static void encrypted_files_have_a_version_of_their_own(void **state)
{
    (void)state;
    assert_false(version_is_newer(0x0200, "SEPB000B4BA0AEE.cnf.xml", "\xff\xfe"));
    assert_true(version_is_newer(0x0201, "SEPB000B4BA0AEE.cnf.xml", "\xff\xfe"));
    assert_true(version_is_newer(0x0200, "ITLFile.tlv", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_record_anomaly_is_named),
        cmocka_unit_test(a_record_without_role_is_no_sast),
        cmocka_unit_test(the_end_of_records_is_judged),
        cmocka_unit_test(elements_must_fill_the_record),
        cmocka_unit_test(records_beyond_the_limit_are_not_pulled),
        cmocka_unit_test(signed_files_have_no_records),
        cmocka_unit_test(encrypted_files_have_a_version_of_their_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
