/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TVS messages. The published exchange is that of Cisco document 213407 (CUCM 10.5.2, phone 8861):
 * only its first 50 bytes a message, its element lengths and its totals are known, so only these
 * are asserted.
 */
#include "maker.h"

#include "common/tvs.h"

static const char DEVICE[] = "CP-8861-SEPB000B4BA0AEE";
static const char SUBJECT[] = "CN=ucm11pub.stormin.local;OU=IST;O=Stormin;L=Brisbane;ST=QLD;C=AU";
static const char ISSUER[] = "CN=stormin-WIN2012-CA";
static const uint8_t SERIAL[] = {0x24, 0x00, 0x00, 0x00, 0x17, 0x94, 0x79, 0xb8, 0xf1, 0x24,
                                 0xac, 0x3f, 0x3b, 0x00, 0x00, 0x00, 0x00, 0x00, 0x17};

static const uint8_t PUBLISHED_REQUEST[] = {
    0x57, 0x01, 0x03, 0x00, 0x00, 0x00, 0x03, 0xe9, 0x00, 0x8f, 0x01, 0x00, 0x18,
    0x01, 0x43, 0x50, 0x2d, 0x38, 0x38, 0x36, 0x31, 0x2d, 0x53, 0x45, 0x50, 0x42,
    0x30, 0x30, 0x30, 0x42, 0x34, 0x42, 0x41, 0x30, 0x41, 0x45, 0x45, 0x03, 0x00,
    0x42, 0x43, 0x4e, 0x3d, 0x75, 0x63, 0x6d, 0x31, 0x31, 0x70, 0x75};
static const uint8_t PUBLISHED_RESPONSE[] = {
    0x57, 0x01, 0x04, 0xf7, 0x00, 0x00, 0x03, 0xe9, 0x05, 0xbe, 0x07, 0x00, 0x01,
    0x00, 0x02, 0x05, 0xab, 0x30, 0x82, 0x05, 0xa7, 0x30, 0x82, 0x04, 0x8f, 0xa0,
    0x03, 0x02, 0x01, 0x02, 0x02, 0x13, 0x24, 0x00, 0x00, 0x00, 0x17, 0x94, 0x79,
    0xb8, 0xf1, 0x24, 0xac, 0x3f, 0x3b, 0x00, 0x00, 0x00, 0x00, 0x00, 0x17};

/* ---- the published exchange ---- */

static size_t published_request(uint8_t *out, size_t room, struct ucm_tvs_query_tags tags)
{
    return ucm_tvs_encode_query(out, room, UCM_TVS_FIRST_SESSION, DEVICE, SUBJECT, ISSUER, SERIAL,
                                sizeof SERIAL, tags);
}

static void assert_text(const uint8_t *base, struct ucm_view view, const char *text)
{
    assert_int_equal(view.len, strlen(text));
    assert_memory_equal(base + view.off, text, view.len);
}

static void published_request_is_rebuilt_in_every_numbering(void **state)
{
    (void)state;
    for (int i = 0; i < UCM_TVS_QUERY_TAG_PAIRS; i++) {
        uint8_t out[153];
        struct ucm_tvs tvs;

        assert_int_equal(published_request(out, sizeof out, ucm_tvs_query_tags[i]), 153);
        assert_memory_equal(out, PUBLISHED_REQUEST, sizeof PUBLISHED_REQUEST);
        assert_true(ucm_tvs_decode(out, sizeof out, &tvs));
        assert_int_equal(tvs.type, UCM_TVS_QUERY_REQUEST);
        assert_int_equal(tvs.session, 1001);
        assert_int_equal(tvs.length, 143);
        assert_int_equal(tvs.size, 153);
        assert_int_equal(tvs.anomalies.count, 0);
        assert_text(out, tvs.value[UCM_TVS_DEVICE], DEVICE);
        assert_text(out, tvs.value[UCM_TVS_SUBJECT], SUBJECT);
        assert_text(out, tvs.value[UCM_TVS_ISSUER], ISSUER);
        assert_int_equal(tvs.value[UCM_TVS_SERIAL].len, sizeof SERIAL);
        assert_memory_equal(out + tvs.value[UCM_TVS_SERIAL].off, SERIAL, sizeof SERIAL);
    }
}

static void published_request_has_the_published_lengths(void **state)
{
    static const uint32_t lengths[] = {24, 66, 22, 19};
    uint8_t out[153];
    struct ucm_tvs tvs;
    struct ucm_tvs_element element;
    struct ucm_cursor cursor;

    (void)state;
    published_request(out, sizeof out, ucm_tvs_query_tags[0]);
    assert_true(ucm_tvs_decode(out, sizeof out, &tvs));
    cursor = tvs.elements;
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        assert_true(ucm_tvs_next(&cursor, &element));
        assert_int_equal(element.value.len, lengths[i]);
    }
    assert_false(ucm_tvs_next(&cursor, &element));
}

static void make_header(struct maker *maker, uint8_t type, uint8_t reserved, uint32_t session)
{
    uint8_t head[10] = {UCM_TVS_DISCRIMINATOR, UCM_TVS_VERSION, type, reserved};

    maker->size = 0;
    ucm_put_number(head + 4, session, 4);
    make_bytes(maker, head, sizeof head);
}

static void make_length(struct maker *maker)
{
    make_patch(maker, 8, (uint32_t)(maker->size - UCM_TVS_HEADER_SIZE), 2);
}

/* The response, with a certificate of the published length. */
static void make_published_response(struct maker *maker)
{
    static const uint8_t status[] = {0};
    static const uint8_t roles[] = {UCM_ROLE_SAST, UCM_ROLE_TFTP};
    struct identity *identity = make_identity(&(struct identity_options){.der_size = 1451});

    make_header(maker, UCM_TVS_QUERY_RESPONSE, 0xf7, 1001);
    make_tlv(maker, UCM_TVS_TAG_STATUS, status, sizeof status);
    make_tlv(maker, UCM_TVS_TAG_CERTIFICATE, identity->der, identity->der_size);
    make_tlv(maker, UCM_TVS_TAG_ROLES, roles, sizeof roles);
    make_number(maker, UCM_TVS_TAG_TTL, 86400, 4);
    make_length(maker);
    free_identity(identity);
}

static void published_response_is_rebuilt(void **state)
{
    struct maker maker;
    struct ucm_tvs tvs;

    (void)state;
    make_published_response(&maker);

    assert_int_equal(maker.size, 1480);
    assert_memory_equal(maker.data, PUBLISHED_RESPONSE, 21); /* up to the certificate's length */
    assert_memory_equal(maker.data + maker.size - 4, "\x00\x01\x51\x80", 4);
    assert_true(ucm_tvs_decode(maker.data, maker.size, &tvs));
    assert_int_equal(tvs.length, 1470);
    assert_int_equal(tvs.reserved, 0xf7);
    assert_int_equal(tvs.anomalies.count, 0);
    assert_int_equal(tvs.certificates, 1);
    assert_int_equal(tvs.value[UCM_TVS_CERTIFICATE].len, 1451);
    assert_true(ucm_tvs_has(&tvs, UCM_TVS_STATUS_ELEMENT));
    assert_int_equal(tvs.status, 0);
    assert_int_equal(tvs.ttl, 86400);
    assert_true(ucm_tvs_has_role(maker.data, &tvs, UCM_ROLE_SAST));
    assert_true(ucm_tvs_has_role(maker.data, &tvs, UCM_ROLE_TFTP));
    assert_false(ucm_tvs_has_role(maker.data, &tvs, UCM_ROLE_TVS));
}

static void published_beginnings_decode_as_far_as_they_go(void **state)
{
    struct ucm_tvs tvs;

    (void)state;
    assert_false(ucm_tvs_decode(PUBLISHED_REQUEST, sizeof PUBLISHED_REQUEST, &tvs));
    assert_int_equal(tvs.error.id, UCM_TVS_TRUNCATED);
    assert_int_equal(tvs.error.offset, 37); /* the subject */
    assert_text(PUBLISHED_REQUEST, tvs.value[UCM_TVS_DEVICE], DEVICE);
    assert_false(ucm_tvs_decode(PUBLISHED_RESPONSE, sizeof PUBLISHED_RESPONSE, &tvs));
    assert_int_equal(tvs.error.id, UCM_TVS_TRUNCATED);
    assert_int_equal(tvs.error.offset, 14); /* the certificate */
    assert_int_equal(tvs.error.expected, 3 + 1451);
    assert_true(ucm_tvs_has(&tvs, UCM_TVS_STATUS_ELEMENT));
}

/* ---- elements ---- */

static void elements_come_in_any_order_and_number(void **state)
{
    struct maker maker;
    struct ucm_tvs tvs;

    (void)state;
    make_header(&maker, UCM_TVS_QUERY_RESPONSE, 0xf5, 7);
    make_number(&maker, UCM_TVS_TAG_TTL, 60, 4);
    make_tlv(&maker, UCM_TVS_TAG_CERTIFICATE, "first", 5);
    make_tlv(&maker, UCM_TVS_TAG_ROLES, "\x02", 1);
    make_tlv(&maker, UCM_TVS_TAG_CERTIFICATE, "second", 6);
    make_tlv(&maker, UCM_TVS_TAG_STATUS, "\x00", 1);
    make_length(&maker);
    assert_true(ucm_tvs_decode(maker.data, maker.size, &tvs));
    assert_int_equal(tvs.certificates, 2);
    assert_text(maker.data, tvs.value[UCM_TVS_CERTIFICATE], "first");
    assert_int_equal(tvs.ttl, 60);
    assert_int_equal(tvs.anomalies.count, 0);
}

static enum ucm_tvs_kind kind_of(const void *value, size_t size)
{
    struct maker maker;
    struct ucm_tvs tvs;
    struct ucm_tvs_element element;
    struct ucm_cursor cursor;

    make_header(&maker, UCM_TVS_QUERY_REQUEST, 0, 1);
    make_tlv(&maker, 5, value, size);
    make_length(&maker);
    ucm_tvs_decode(maker.data, maker.size, &tvs);
    cursor = tvs.elements;
    assert_true(ucm_tvs_next(&cursor, &element));
    return element.kind;
}

static void issuer_and_serial_are_told_by_content(void **state)
{
    (void)state;
    assert_int_equal(kind_of("CN=a", 5), UCM_TVS_ISSUER);
    assert_int_equal(kind_of("O=B\xc3\xbcro", 8), UCM_TVS_ISSUER);
    assert_int_equal(kind_of("CN=a", 4), UCM_TVS_SERIAL);    /* no NUL */
    assert_int_equal(kind_of("CNa", 4), UCM_TVS_SERIAL);     /* no '=' */
    assert_int_equal(kind_of("C\x01=a", 5), UCM_TVS_SERIAL); /* not printable */
    assert_int_equal(kind_of("C=\x7f"
                             "a",
                             5),
                     UCM_TVS_SERIAL);
    assert_int_equal(kind_of("", 0), UCM_TVS_SERIAL);
    assert_int_equal(kind_of(SERIAL, sizeof SERIAL), UCM_TVS_SERIAL);
}

static enum ucm_finding_id only_anomaly(struct maker *maker)
{
    struct ucm_tvs tvs;

    make_length(maker);
    assert_true(ucm_tvs_decode(maker->data, maker->size, &tvs));
    assert_int_equal(tvs.anomalies.count, 1);
    return tvs.anomalies.item[0].id;
}

static void make_refusal(struct maker *maker)
{
    make_header(maker, UCM_TVS_QUERY_RESPONSE, 0xf7, 1001);
    make_tlv(maker, UCM_TVS_TAG_STATUS, "\x01", 1);
}

static void each_anomaly_is_named(void **state)
{
    struct maker maker;

    (void)state;
    make_refusal(&maker);
    make_tlv(&maker, 77, "x", 1);
    assert_int_equal(only_anomaly(&maker), UCM_TVS_TAG_UNKNOWN);
    make_refusal(&maker);
    make_tlv(&maker, UCM_TVS_TAG_STATUS, "\x00", 1);
    assert_int_equal(only_anomaly(&maker), UCM_TVS_ELEMENT_REPEATED);
    make_refusal(&maker);
    make_tlv(&maker, UCM_TVS_TAG_TTL, "\x00\x01", 2);
    assert_int_equal(only_anomaly(&maker), UCM_TVS_ELEMENT_LENGTH);
    make_refusal(&maker);
    make_tlv(&maker, UCM_TVS_TAG_SUBJECT, "CN=a", 4);
    assert_int_equal(only_anomaly(&maker), UCM_TVS_TEXT_NUL);
    make_refusal(&maker);
    maker.data[1] = 2;
    assert_int_equal(only_anomaly(&maker), UCM_TVS_VERSION_UNKNOWN);
    make_refusal(&maker);
    maker.data[2] = 9;
    assert_int_equal(only_anomaly(&maker), UCM_TVS_TYPE_UNKNOWN);
    make_header(&maker, UCM_TVS_VERIFY_RESPONSE, 0, 1);
    assert_int_equal(only_anomaly(&maker), UCM_TVS_ELEMENT_MISSING);
}

static void missing_elements_are_named(void **state)
{
    static const struct {
        uint8_t type;
        uint32_t missing;
    } empty[] = {{UCM_TVS_VERIFY_REQUEST, 2}, {UCM_TVS_QUERY_REQUEST, 3}};
    struct maker maker;
    struct ucm_tvs tvs;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(empty); i++) {
        make_header(&maker, empty[i].type, 0, 1);
        assert_true(ucm_tvs_decode(maker.data, maker.size, &tvs));
        assert_int_equal(tvs.anomalies.count, empty[i].missing);
        assert_int_equal(tvs.anomalies.item[0].id, UCM_TVS_ELEMENT_MISSING);
    }
    make_header(&maker, UCM_TVS_QUERY_RESPONSE, 0, 1);
    make_tlv(&maker, UCM_TVS_TAG_STATUS, "\x00", 1);
    make_length(&maker);
    assert_true(ucm_tvs_decode(maker.data, maker.size, &tvs));
    assert_int_equal(tvs.anomalies.count, 3); /* certificate, roles, time to live */
}

static void a_role_is_looked_for_in_the_roles_only(void **state)
{
    struct maker maker;
    struct ucm_tvs tvs;
    uint8_t *data;

    (void)state;
    make_refusal(&maker);
    make_tlv(&maker, UCM_TVS_TAG_ROLES, "\x02\x05", 2);
    make_length(&maker);
    data = exact(maker.data, maker.size);
    assert_true(ucm_tvs_decode(data, maker.size, &tvs));
    assert_true(ucm_tvs_has_role(data, &tvs, 5));
    assert_false(ucm_tvs_has_role(data, &tvs, UCM_ROLE_TVS));
    free(data);
}

/* A status of the wrong length must not read as 0, which means "trusted". */
static void malformed_status_is_no_status(void **state)
{
    struct maker maker;
    struct ucm_tvs tvs;

    (void)state;
    make_header(&maker, UCM_TVS_VERIFY_RESPONSE, 0, 1);
    make_tlv(&maker, UCM_TVS_TAG_STATUS, "\x00\x01", 2);
    make_length(&maker);
    assert_true(ucm_tvs_decode(maker.data, maker.size, &tvs));
    assert_false(ucm_tvs_has(&tvs, UCM_TVS_STATUS_ELEMENT));
}

/* ---- framing ---- */

static void message_size_needs_the_whole_header(void **state)
{
    (void)state;
    for (size_t size = 0; size < UCM_TVS_HEADER_SIZE; size++)
        assert_int_equal(ucm_tvs_message_size(PUBLISHED_REQUEST, size), 0);
    assert_int_equal(ucm_tvs_message_size(PUBLISHED_REQUEST, 10), 153);
    assert_int_equal(ucm_tvs_message_size(PUBLISHED_REQUEST + 1, 20), 0);
}

static void other_protocols_are_refused(void **state)
{
    static const uint8_t http[] = "HTTP/1.1 200 OK";
    struct ucm_tvs tvs;

    (void)state;
    assert_false(ucm_tvs_decode(http, sizeof http - 1, &tvs));
    assert_int_equal(tvs.error.id, UCM_TVS_NOT_TVS);
    assert_int_equal(ucm_left(tvs.elements), 0);
    assert_ptr_equal(tvs.elements.base, http);
    assert_false(ucm_tvs_decode(NULL, 0, &tvs));
    assert_int_equal(tvs.error.id, UCM_TVS_TRUNCATED);
}

static void trailing_bytes_are_named(void **state)
{
    struct maker maker;
    struct ucm_tvs tvs;

    (void)state;
    make_refusal(&maker);
    make_length(&maker);
    make_bytes(&maker, "more", 4);
    assert_true(ucm_tvs_decode(maker.data, maker.size, &tvs));
    assert_int_equal(tvs.anomalies.item[0].id, UCM_TVS_TRAILING_BYTES);
    assert_int_equal(tvs.anomalies.item[0].found, 4);
    assert_int_equal(tvs.size, maker.size - 4);
}

static void assert_truncations_are_errors(const uint8_t *message, size_t whole)
{
    for (size_t size = 0; size < whole; size++) {
        uint8_t *data = exact(message, size);
        struct ucm_tvs tvs;

        assert_false(ucm_tvs_decode(data, size, &tvs));
        assert_int_equal(tvs.error.id, UCM_TVS_TRUNCATED);
        assert_true(tvs.error.offset <= size);
        free(data);
    }
}

static void every_truncation_is_an_error(void **state)
{
    uint8_t request[153];
    struct maker response;

    (void)state;
    published_request(request, sizeof request, ucm_tvs_query_tags[1]);
    assert_truncations_are_errors(request, sizeof request);
    make_published_response(&response);
    assert_truncations_are_errors(response.data, response.size);
}

static void every_length_may_lie(void **state)
{
    static const uint16_t lies[] = {0, 1, 0xffff};
    static const size_t fields[] = {8, 11, 38, 107, 132};
    uint8_t out[153];

    (void)state;
    published_request(out, sizeof out, ucm_tvs_query_tags[0]);
    for (size_t i = 0; i < COUNT_OF(fields) * COUNT_OF(lies); i++) {
        uint8_t *data = exact(out, sizeof out);
        struct ucm_tvs tvs;
        bool ok;

        ucm_put_number(data + fields[i / COUNT_OF(lies)], lies[i % COUNT_OF(lies)], 2);
        ok = ucm_tvs_decode(data, sizeof out, &tvs);
        assert_true(!ok || tvs.anomalies.count > 0);
        free(data);
    }
}

/* ---- device names ---- */

/* The name is not the first of its message, and nothing follows it. */
static void check_device(const char *name, const char *model, const char *mac)
{
    char before[64] = {0x01};
    struct ucm_view device = {1, (uint32_t)strlen(name)};
    struct ucm_view got_model;
    struct ucm_view got_mac;
    uint8_t *data;

    memcpy(before + device.off, name, device.len);
    data = exact((const uint8_t *)before, device.off + device.len);
    ucm_tvs_device_parts(data, device, &got_model, &got_mac);
    assert_text(data, got_model, model);
    assert_text(data, got_mac, mac);
    free(data);
}

static void device_names_are_split(void **state)
{
    (void)state;
    check_device(DEVICE, "8861", "B000B4BA0AEE");
    check_device("CP-7960G-SEPa000b4ba0aff", "7960G", "a000b4ba0aff");
    check_device("CP-8861-SEPB000B4BA0AE", "", "");
    check_device("CP-8861-SEPB000B4BA0AEEF", "", "");
    check_device("CP-8861-SEPB000B4BA0AEX", "", "");
    check_device("CP--SEPB000B4BA0AEE", "", "");
    check_device("XX-8861-SEPB000B4BA0AEE", "", "");
    check_device("CP-8861", "", "");
    check_device("CP", "", "");
    check_device("", "", "");
}

static void only_the_known_form_is_sent(void **state)
{
    (void)state;
    assert_true(ucm_tvs_device_valid(DEVICE));
    assert_true(ucm_tvs_device_valid("CP-0909-SEPAF0123456789"));
    assert_false(ucm_tvs_device_valid("DP-8861-SEPB000B4BA0AEE"));
    assert_false(ucm_tvs_device_valid("CP-8861-SEPB000B4BA0AEG"));
    assert_false(ucm_tvs_device_valid("CP-8861-SEPB000B4BA0AE@"));
    assert_false(ucm_tvs_device_valid("CP-886:-SEPB000B4BA0AEE"));
    assert_false(ucm_tvs_device_valid("CP-886/-SEPB000B4BA0AEE"));
    assert_false(ucm_tvs_device_valid("CP-8861-SEPb000b4ba0aee"));
    assert_false(ucm_tvs_device_valid("CP-886G-SEPB000B4BA0AEE"));
    assert_false(ucm_tvs_device_valid("CP-8861-SEPB000B4BA0AE"));
    assert_false(ucm_tvs_device_valid("CP-8861-SEPB000B4BA0AEEE"));
    assert_false(ucm_tvs_device_valid(""));
}

/* ---- encode ---- */

static void requests_come_back(void **state)
{
    uint8_t out[UCM_TVS_SIZE_MAX];
    uint8_t certificate[2000];
    struct ucm_tvs tvs;
    size_t size;

    (void)state;
    memset(certificate, 0x30, sizeof certificate);
    size = ucm_tvs_encode_verify(out, sizeof out, 42, DEVICE, certificate, sizeof certificate);
    assert_int_equal(size, 10 + 3 + 24 + 3 + 2000);
    assert_true(ucm_tvs_decode(out, size, &tvs));
    assert_int_equal(tvs.type, UCM_TVS_VERIFY_REQUEST);
    assert_int_equal(tvs.session, 42);
    assert_int_equal(tvs.anomalies.count, 0);
    assert_int_equal(tvs.value[UCM_TVS_CERTIFICATE].len, 2000);
}

static void requests_that_do_not_fit_are_not_written(void **state)
{
    static uint8_t out[2 * UCM_TVS_SIZE_MAX];
    static uint8_t certificate[0x10000];
    char device[100];

    (void)state;
    memset(device, 'x', sizeof device);
    device[sizeof device - 1] = '\0';
    for (size_t room = 0; room < 153; room++)
        assert_int_equal(published_request(out, room, ucm_tvs_query_tags[0]), 0);
    assert_int_equal(ucm_tvs_encode_verify(out, sizeof out, 1, device, certificate, 10), 0);
    assert_int_equal(ucm_tvs_encode_verify(out, sizeof out, 1, DEVICE, certificate, 0x10000), 0);
    assert_int_equal(ucm_tvs_encode_verify(out, sizeof out, 1, DEVICE, certificate, 0xffff), 0);
    assert_int_equal(
        ucm_tvs_encode_verify(out, sizeof out, 1, DEVICE, certificate, 0xffff - 27 - 3),
        UCM_TVS_SIZE_MAX);
}

/* Not even when what comes after it would fit. */
static void an_element_that_does_not_fit_leaves_no_request(void **state)
{
    const struct ucm_tvs_query_tags tags = ucm_tvs_query_tags[0];
    char subject[200];
    uint8_t out[153];

    (void)state;
    memset(subject, 'x', sizeof subject);
    subject[sizeof subject - 1] = '\0';
    assert_int_equal(ucm_tvs_encode_query(out, sizeof out, 1, DEVICE, subject, ISSUER, SERIAL,
                                          sizeof SERIAL, tags),
                     0);
}

static void a_device_name_has_at_most_63_bytes(void **state)
{
    char device[66] = {0};
    uint8_t out[200];

    (void)state;
    memset(device, 'x', 63);
    assert_int_equal(ucm_tvs_encode_verify(out, sizeof out, 1, device, SERIAL, sizeof SERIAL),
                     UCM_TVS_HEADER_SIZE + 3 + 64 + 3 + sizeof SERIAL);
    device[63] = 'x';
    assert_int_equal(ucm_tvs_encode_verify(out, sizeof out, 1, device, SERIAL, sizeof SERIAL), 0);
    device[64] = 'x';
    assert_int_equal(ucm_tvs_encode_verify(out, sizeof out, 1, device, SERIAL, sizeof SERIAL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_role_is_looked_for_in_the_roles_only),
        cmocka_unit_test(an_element_that_does_not_fit_leaves_no_request),
        cmocka_unit_test(a_device_name_has_at_most_63_bytes),
        cmocka_unit_test(published_request_is_rebuilt_in_every_numbering),
        cmocka_unit_test(published_request_has_the_published_lengths),
        cmocka_unit_test(published_response_is_rebuilt),
        cmocka_unit_test(published_beginnings_decode_as_far_as_they_go),
        cmocka_unit_test(elements_come_in_any_order_and_number),
        cmocka_unit_test(issuer_and_serial_are_told_by_content),
        cmocka_unit_test(each_anomaly_is_named),
        cmocka_unit_test(missing_elements_are_named),
        cmocka_unit_test(malformed_status_is_no_status),
        cmocka_unit_test(message_size_needs_the_whole_header),
        cmocka_unit_test(other_protocols_are_refused),
        cmocka_unit_test(trailing_bytes_are_named),
        cmocka_unit_test(every_truncation_is_an_error),
        cmocka_unit_test(every_length_may_lie),
        cmocka_unit_test(device_names_are_split),
        cmocka_unit_test(only_the_known_form_is_sent),
        cmocka_unit_test(requests_come_back),
        cmocka_unit_test(requests_that_do_not_fit_are_not_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
