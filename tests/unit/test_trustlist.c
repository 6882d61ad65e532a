/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust lists: the published shapes (Cisco documents 118893 and 118892) and everything that can be
 * odd about a list.
 */
#include "shapes.h"

static void assert_records(const struct ucm_trustlist *list, const uint32_t *lengths, size_t count)
{
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_record record;

    for (size_t i = 0; i < count; i++) {
        assert_true(ucm_record_next(&walk, &record));
        assert_int_equal(record.index, i + 1);
        assert_int_equal(record.length, lengths[i]);
        assert_int_equal(record.anomalies.count, 0);
    }
    assert_false(ucm_record_next(&walk, &record));
    assert_int_equal(walk.error.id, UCM_FINDING_NONE);
    assert_int_equal(walk.anomalies.count, 0);
}

static void published_tokenless_ctl(void **state)
{
    static const uint32_t lengths[] = {1156, 1156, 1138, 1161};
    static struct maker maker;
    struct ucm_trustlist list;

    (void)state;
    shape_header(&maker, 149, 128, 3);
    assert_int_equal(maker.size, 336);
    shape_record(&maker, UCM_ROLE_SAST, 140, 128, 694, 1156);
    shape_record(&maker, UCM_ROLE_CCM_TFTP, 140, 128, 694, 1156);
    shape_record(&maker, UCM_ROLE_CAPF, 140, 128, 680, 1138);
    shape_record(&maker, UCM_ROLE_CCM_TFTP, 140, 128, 696, 1161);
    assert_int_equal(maker.size, 4947);

    assert_true(ucm_trustlist_magic(maker.data, maker.size));
    assert_true(ucm_trustlist_decode(maker.data, maker.size, &list));
    assert_int_equal(list.kind, UCM_LIST_CTL);
    assert_int_equal(list.header_length, 336);
    assert_int_equal(list.padding, 3);
    assert_int_equal(list.version, 0x0102);
    assert_int_equal(list.digest, UCM_DIGEST_SHA1);
    assert_int_equal(list.value[UCM_HEADER_SIGNER_ID].len, 149);
    assert_int_equal(list.value[UCM_HEADER_SIGNATURE_INFO].len, 15);
    assert_int_equal(list.value[UCM_HEADER_ALGORITHM_INFO].len, 8);
    assert_int_equal(list.value[UCM_HEADER_SIGNATURE].len, 128);
    assert_int_equal(list.anomalies.count, 0);
    assert_records(&list, lengths, COUNT_OF(lengths));
}

static void published_non_secure_ctl(void **state)
{
    static const uint32_t lengths[] = {1186, 1186, 33, 1004, 33};
    static struct maker maker;
    struct ucm_trustlist list;

    (void)state;
    shape_header(&maker, 117, 128, 3);
    assert_int_equal(maker.size, 304);
    shape_record(&maker, UCM_ROLE_SAST, 140, 0, 900, 1186);
    shape_record(&maker, UCM_ROLE_SAST, 140, 0, 900, 1186);
    make_bytes(&maker, shape_record_33, SHAPE_RECORD_33);
    shape_record(&maker, UCM_ROLE_CAPF, 140, 128, 600, 1004);
    make_bytes(&maker, shape_record_33, SHAPE_RECORD_33);
    assert_int_equal(maker.size, 3746);

    assert_true(ucm_trustlist_decode(maker.data, maker.size, &list));
    assert_int_equal(list.header_length, 304);
    assert_int_equal(list.anomalies.count, 0);
    assert_records(&list, lengths, COUNT_OF(lengths));
}

static void record_without_certificate(void **state)
{
    static struct maker maker;
    struct ucm_trustlist list;
    struct ucm_record_walk walk;
    struct ucm_record record;

    (void)state;
    shape_header(&maker, 117, 128, 3);
    make_bytes(&maker, shape_record_33, SHAPE_RECORD_33);
    assert_true(ucm_trustlist_decode(maker.data, maker.size, &list));
    walk = ucm_record_walk(&list);
    assert_true(ucm_record_next(&walk, &record));
    assert_int_equal(record.role, UCM_ROLE_CCM_TFTP);
    assert_false(ucm_record_has(&record, UCM_RECORD_CERTIFICATE));
    assert_int_equal(record.value[UCM_RECORD_DNS_NAME].len, 12);
    assert_int_equal(ucm_number(maker.data, record.value[UCM_RECORD_IP_ADDRESS]), 0x0a302f99);
}

/* ---- header ---- */

static void header_elements_are_nested(void **state)
{
    static const struct {
        uint8_t tag;
        uint8_t depth;
    } expected[] = {{1, 0},  {2, 0},  {3, 0},  {4, 1},  {5, 1},  {6, 1},  {7, 0},  {8, 1}, {9, 1},
                    {10, 2}, {11, 2}, {12, 0}, {14, 0}, {15, 0}, {13, 0}, {13, 0}, {13, 0}};
    struct ucm_trustlist list;
    struct ucm_header_walk walk;
    struct ucm_element element;

    (void)state;
    shape_make_small();
    shape_decode_small(&list);
    walk = ucm_header_walk(&list);
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_true(ucm_header_next(&walk, &element));
        assert_int_equal(element.tag, expected[i].tag);
        assert_int_equal(element.depth, expected[i].depth);
    }
    assert_false(ucm_header_next(&walk, &element));
}

static void containers_may_lie_and_decoding_goes_on(void **state)
{
    static const size_t containers[] = {10, 130, 137}; /* offsets of tags 3, 7 and 9 */
    static const uint32_t lies[] = {0, 1, 7, 0xffff};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(containers) * COUNT_OF(lies); i++) {
        size_t at = containers[i / COUNT_OF(lies)];
        struct ucm_trustlist list;

        shape_make_small();
        assert_true(shape_small.data[at] == 3 || shape_small.data[at] == 7 ||
                    shape_small.data[at] == 9);
        make_patch(&shape_small, at + 1, lies[i % COUNT_OF(lies)], 2);
        shape_decode_small(&list);
        assert_int_equal(list.error.id, UCM_FINDING_NONE);
        assert_int_equal(list.anomalies.count, 1);
        assert_int_equal(list.anomalies.item[0].id, UCM_TL_CONTAINER_LENGTH);
        assert_int_equal(list.anomalies.item[0].offset, at);
        assert_int_equal(list.value[UCM_HEADER_SIGNATURE].len, 128);
    }
}

/* Tags 10 and 11 are in 9, which is in 7. */
static void what_belongs_two_containers_deep_is_read_beyond_the_end(void **state)
{
    static const uint32_t lies[] = {9, 13}; /* into tag 10, into tag 11 */

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        struct ucm_trustlist list;

        shape_make_small();
        assert_int_equal(shape_small.data[130], UCM_HEADER_SIGNATURE_INFO);
        make_patch(&shape_small, 131, lies[i], 2);
        shape_decode_small(&list);
        assert_int_equal(list.error.id, UCM_FINDING_NONE);
        assert_int_equal(list.anomalies.count, 1);
        assert_int_equal(list.anomalies.item[0].id, UCM_TL_CONTAINER_LENGTH);
        assert_int_equal(list.anomalies.item[0].offset, 130);
        assert_int_equal(list.value[UCM_HEADER_SIGNATURE].len, 128);
    }
}

/* After the content of containers, which begin at these offsets and have this length. */
struct slack {
    size_t at;
    size_t container[2];
    uint32_t length[2];
};

static void insert_slack(const struct slack *where, const void *bytes, size_t size)
{
    uint8_t *at = shape_small.data + where->at;

    memmove(at + size, at, shape_small.size - where->at);
    memcpy(at, bytes, size);
    shape_small.size += size;
    make_patch(&shape_small, 8, (uint32_t)(304 + size), 2);
    for (size_t i = 0; i < COUNT_OF(where->container); i++)
        if (where->container[i] != 0)
            make_patch(&shape_small, where->container[i] + 1, (uint32_t)(where->length[i] + size),
                       2);
}

static void check_slack(const struct slack *where, const char *bytes)
{
    const uint32_t anomalies = where->container[1] == 0 ? 1 : 2;
    struct ucm_trustlist list;
    struct ucm_header_walk walk;
    struct ucm_element element;
    unsigned elements = 0;

    shape_make_small();
    insert_slack(where, bytes, strlen(bytes));
    shape_decode_small(&list);
    assert_int_equal(list.error.id, UCM_FINDING_NONE);
    assert_int_equal(list.anomalies.count, anomalies);
    for (uint32_t i = 0; i < anomalies; i++) {
        assert_int_equal(list.anomalies.item[i].id, UCM_TL_CONTAINER_LENGTH);
        assert_int_equal(list.anomalies.item[i].expected, where->length[i]);
    }
    assert_int_equal(list.value[UCM_HEADER_SIGNATURE].len, 128);
    for (walk = ucm_header_walk(&list); ucm_header_next(&walk, &element);)
        elements++;
    assert_int_equal(elements, 17);
}

/* Bytes after the last element inside a container, counted by its length. */
static void slack_in_a_container_is_passed_over(void **state)
{
    static const struct slack where[] = {{130, {10, 0}, {117, 0}},
                                         {148, {130, 0}, {15, 0}},
                                         {148, {130, 137}, {15, 8}},
                                         {148, {137, 0}, {8, 0}}};
    static const char *const any[] = {"\xff", "\xff\xff", "\xff\xff\xff\xff"};
    static const char *const of_others[] = {"\x08", "\x0a\xff\xff"}; /* tags of SIGNATURE_INFO */

    (void)state;
    for (size_t i = 0; i < COUNT_OF(any) * COUNT_OF(where); i++)
        check_slack(&where[i / COUNT_OF(any)], any[i % COUNT_OF(any)]);
    for (size_t i = 0; i < COUNT_OF(of_others); i++)
        check_slack(&where[0], of_others[i]);
}

static enum ucm_finding_id only_header_anomaly(void)
{
    struct ucm_trustlist list;

    make_patch(&shape_small, 8, (uint32_t)shape_small.size, 2);
    shape_decode_small(&list);
    assert_int_equal(list.error.id, UCM_FINDING_NONE);
    assert_int_equal(list.anomalies.count, 1);
    return list.anomalies.item[0].id;
}

static void each_header_anomaly_is_named(void **state)
{
    (void)state;
    shape_header(&shape_small, 117, 128, 0);
    make_tlv(&shape_small, 99, "x", 1);
    assert_int_equal(only_header_anomaly(), UCM_TL_TAG_UNKNOWN);
    shape_header(&shape_small, 117, 128, 0);
    make_tlv(&shape_small, 0, "", 0);
    assert_int_equal(only_header_anomaly(), UCM_TL_TAG_UNKNOWN);
    shape_header(&shape_small, 117, 128, 0);
    make_number(&shape_small, UCM_HEADER_TIMESTAMP, 1, 4);
    assert_int_equal(only_header_anomaly(), UCM_TL_ELEMENT_REPEATED);
    shape_header(&shape_small, 117, 128, 0);
    make_tlv(&shape_small, UCM_HEADER_SIGNER_VERSION, "x", 1);
    assert_int_equal(only_header_anomaly(), UCM_TL_ELEMENT_LENGTH);
    shape_header(&shape_small, 117, 256, 0);
    assert_int_equal(only_header_anomaly(), UCM_TL_MODULUS_CODE);
    shape_header(&shape_small, 117, 128, 0);
    make_patch(&shape_small, 3, 0x0103, 2);
    assert_int_equal(only_header_anomaly(), UCM_TL_VERSION_NEWER);
    shape_header(&shape_small, 117, 128, 0);
    shape_small.data[10 + 3 + 3 + 117 - (3 + 10) - (3 + 23) - 3 - 1] =
        'x'; /* the NUL of the name */
    assert_int_equal(only_header_anomaly(), UCM_TL_TEXT_NUL);
    shape_header(&shape_small, 117, 128, 0);
    shape_small.data[shape_small.size - 7 - 15] = 99; /* the file name */
    make_tlv(&shape_small, UCM_HEADER_SIGNER_VERSION, "\x01\x01", 2);
    make_patch(&shape_small, 8, (uint32_t)shape_small.size, 2);
    {
        struct ucm_trustlist list;

        shape_decode_small(&list);
        assert_int_equal(list.anomalies.count, 2);
        assert_int_equal(list.anomalies.item[1].id, UCM_TL_ELEMENT_MISSING);
        assert_int_equal(list.signer_version, 0x0101);
    }
}

static void header_length_must_be_possible(void **state)
{
    struct ucm_trustlist list;

    (void)state;
    shape_make_small();
    make_patch(&shape_small, 8, 4, 2);
    shape_decode_small(&list);
    assert_int_equal(list.error.id, UCM_TL_HEADER_LENGTH);
    assert_int_equal(list.error.expected, 10);
    assert_int_equal(list.error.found, 4);
    make_patch(&shape_small, 8, 100, 2); /* in the middle of the signer */
    shape_decode_small(&list);
    assert_int_equal(list.error.id, UCM_TL_HEADER_LENGTH);
    make_patch(&shape_small, 8, 0xffff, 2);
    shape_decode_small(&list);
    assert_int_equal(list.error.id, UCM_TL_TRUNCATED);
    shape_small.data[5] = 99; /* no header length at all */
    shape_decode_small(&list);
    assert_int_equal(list.error.id, UCM_TL_HEADER_LENGTH);
}

static void foreign_content_is_refused(void **state)
{
    static const char *const foreign[] = {"<?xml version=\"1.0\"?><device/>", "HTTP/1.1 404",
                                          "\x30\x82\x05\xa7\x30\x82", "\r\n", "-----BEGIN"};
    struct ucm_trustlist list;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(foreign); i++) {
        const uint8_t *data = (const uint8_t *)foreign[i];

        assert_false(ucm_trustlist_magic(data, strlen(foreign[i])));
        assert_false(ucm_trustlist_decode(data, strlen(foreign[i]), &list));
        assert_int_equal(list.error.id, UCM_TL_NOT_A_LIST);
    }
    assert_false(ucm_trustlist_decode(NULL, 0, &list));
    assert_int_equal(list.error.id, UCM_TL_NOT_A_LIST);
}

static void eight_bytes_tell_a_list(void **state)
{
    uint8_t *data;

    (void)state;
    shape_make_small();
    for (size_t size = 0; size <= 8; size++) {
        data = exact(shape_small.data, size);
        assert_int_equal(ucm_trustlist_magic(data, size), size == 8);
        free(data);
    }
}

static void too_large_is_refused_at_entry(void **state)
{
    uint8_t *data = calloc(1, UCM_INPUT_MAX + 1u);
    struct ucm_trustlist list;

    (void)state;
    assert_non_null(data);
    assert_false(ucm_trustlist_decode(data, UCM_INPUT_MAX + 1u, &list));
    assert_int_equal(list.error.id, UCM_TL_TOO_LARGE);
    assert_int_equal(list.error.offset, 0);
    assert_int_equal(list.error.expected, UCM_INPUT_MAX);
    assert_int_equal(list.error.found, UCM_INPUT_MAX + 1u);
    assert_false(ucm_trustlist_decode(data, UCM_INPUT_MAX, &list)); /* read: these are zeros */
    assert_int_equal(list.error.id, UCM_TL_NOT_A_LIST);
    free(data);
}

static enum ucm_list_kind kind_of(const char *filename, const char *body)
{
    struct ucm_trustlist list;

    shape_small.size = 0;
    make_number(&shape_small, UCM_HEADER_VERSION, 0x0100, 2);
    make_number(&shape_small, UCM_HEADER_LENGTH, 0, 2);
    make_text(&shape_small, UCM_HEADER_FILENAME, filename);
    make_patch(&shape_small, 8, (uint32_t)shape_small.size, 2);
    make_bytes(&shape_small, body, body[0] == 1 ? 5 : strlen(body));
    shape_decode_small(&list);
    return list.kind;
}

static void kind_is_told_by_name_and_content(void **state)
{
    (void)state;
    assert_int_equal(kind_of("ITLFile.tlv", ""), UCM_LIST_ITL);
    assert_int_equal(kind_of("CTLFile.tlv", "\x01\x00\x02\x00\x05"), UCM_LIST_CTL);
    assert_int_equal(kind_of("ctlfile.tlv", ""), UCM_LIST_CTL);
    assert_int_equal(kind_of("XTLFile.tlv", "\x01\x00\x02\x00\x05"), UCM_LIST_UNKNOWN);
    assert_int_equal(kind_of("", ""), UCM_LIST_UNKNOWN);
    assert_int_equal(kind_of("IT", ""), UCM_LIST_UNKNOWN);
    assert_int_equal(kind_of("SEPB000B4BA0AEE.cnf.xml", "<device/>"), UCM_LIST_SIGNED_FILE);
    assert_string_equal(ucm_list_kind_name(UCM_LIST_ITL), "ITL");
    assert_string_equal(ucm_list_kind_name(UCM_LIST_SIGNED_FILE), "signed file");
}

/* ---- what is signed ---- */

static void signed_ranges_cover_all_but_the_signature(void **state)
{
    struct ucm_trustlist list;
    struct ucm_view ranges[2];

    (void)state;
    shape_make_small();
    shape_decode_small(&list);
    assert_true(ucm_signed_ranges(&list, ranges));
    assert_int_equal(ranges[0].off, 0);
    assert_int_equal(shape_small.data[ranges[0].len], UCM_HEADER_SIGNATURE);
    assert_int_equal(ranges[1].off, ranges[0].len + 3 + 128);
    assert_int_equal(ranges[1].off + ranges[1].len, shape_small.size);
    kind_of("ITLFile.tlv", "");
    shape_decode_small(&list);
    assert_false(ucm_signed_ranges(&list, ranges));
}

/* ---- hostile input ---- */

static bool is_silent(const uint8_t *data, size_t size)
{
    struct ucm_trustlist list;
    struct ucm_record_walk walk;
    struct ucm_record record;
    uint32_t anomalies;

    if (!ucm_trustlist_decode(data, size, &list))
        return false;
    walk = ucm_record_walk(&list);
    anomalies = list.anomalies.count;
    while (ucm_record_next(&walk, &record))
        anomalies += record.anomalies.count;
    return walk.error.id == UCM_FINDING_NONE && anomalies + walk.anomalies.count == 0;
}

static void every_truncation_is_noticed(void **state)
{
    (void)state;
    shape_make_small();
    assert_true(is_silent(shape_small.data, shape_small.size));
    for (size_t size = 0; size < shape_small.size; size++) {
        uint8_t *data = exact(shape_small.data, size);

        if (size != 304) /* without its only record it is a whole list still */
            assert_false(is_silent(data, size));
        free(data);
    }
}

/* Any two bytes may be a length: set each pair to 0, 1 and the most. */
static void every_length_may_lie(void **state)
{
    static const uint32_t lies[] = {0, 1, 0xffff};

    (void)state;
    shape_make_small();
    for (size_t at = 0; at + 2 <= shape_small.size; at++)
        for (size_t i = 0; i < COUNT_OF(lies); i++) {
            uint8_t *data = exact(shape_small.data, shape_small.size);

            ucm_put_number(data + at, lies[i], 2);
            is_silent(data, shape_small.size); /* must come back, reading nothing outside */
            free(data);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_tokenless_ctl),
        cmocka_unit_test(published_non_secure_ctl),
        cmocka_unit_test(record_without_certificate),
        cmocka_unit_test(header_elements_are_nested),
        cmocka_unit_test(containers_may_lie_and_decoding_goes_on),
        cmocka_unit_test(slack_in_a_container_is_passed_over),
        cmocka_unit_test(what_belongs_two_containers_deep_is_read_beyond_the_end),
        cmocka_unit_test(eight_bytes_tell_a_list),
        cmocka_unit_test(each_header_anomaly_is_named),
        cmocka_unit_test(header_length_must_be_possible),
        cmocka_unit_test(foreign_content_is_refused),
        cmocka_unit_test(too_large_is_refused_at_entry),
        cmocka_unit_test(kind_is_told_by_name_and_content),
        cmocka_unit_test(signed_ranges_cover_all_but_the_signature),
        cmocka_unit_test(every_truncation_is_noticed),
        cmocka_unit_test(every_length_may_lie),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
