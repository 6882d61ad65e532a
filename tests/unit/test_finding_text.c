/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The words: findings in one line, hostile bytes made harmless, dates.
 */
#include "maker.h"

#include "common/cert.h"
#include "common/finding_text.h"
#include "common/names.h"

static void assert_text(struct ucm_finding finding, const char *expected)
{
    char out[UCM_TEXT_MAX];

    ucm_finding_text(&finding, (const uint8_t *)"CN=a|b", out, sizeof out);
    assert_string_equal(out, expected);
}

static void every_detail_is_worded(void **state)
{
    struct ucm_finding expiring =
        ucm_finding_make(UCM_TL_CERT_EXPIRING, 1872, NOW, NOW + 12LL * DAY);
    struct ucm_finding tag = ucm_finding_make(UCM_TL_TAG_UNKNOWN, 40, -1, 99);
    struct ucm_finding several =
        ucm_finding_make(UCM_ST_TRUST_MISSING, 0, 1, UCM_STORE_TOMCAT_TRUST);

    (void)state;
    expiring.record = 3;
    expiring.subject = (struct ucm_view){0, 6};
    assert_text(expiring, "Record 3: A certificate of the list expires soon: on 2023-11-26, in 12 "
                          "days: CN=a\\x7Cb (byte 1872)");
    assert_text(ucm_finding_make(UCM_TL_CERT_EXPIRED, 0, NOW, NOW - 1),
                "A certificate of the list has expired: on 2023-11-14, less than a day "
                "ago");
    assert_text(ucm_finding_make(UCM_TL_CERT_EXPIRED, 0, NOW, NOW - DAY - 1),
                "A certificate of the list has expired: on 2023-11-13, 1 day ago");
    assert_text(ucm_finding_make(UCM_TL_CERT_EXPIRED, 0, NOW, UCM_TIME_NONE),
                "A certificate of the list has expired: its date cannot be read");
    assert_text(tag, "An element with an unknown tag was skipped: tag 99 (byte 40)");
    assert_text(ucm_finding_make(UCM_TL_ELEMENT_MISSING, 0, -1, UCM_HEADER_FILENAME),
                "An element that CUCM always writes is missing: tag 14 (File name)");
    assert_text(ucm_finding_make(UCM_TVS_ELEMENT_MISSING, 0, -1, 9),
                "An element that this message needs is missing: tag 9 (Time to live)");
    assert_text(ucm_finding_make(UCM_TL_TRUNCATED, 5, 336, 100),
                "The file ends in the middle of an element: expected 336 bytes, found 100 bytes "
                "(byte 5)");
    assert_text(ucm_finding_make(UCM_TL_DIGEST_UNKNOWN, 0, -1, 9),
                "The signature uses an unknown digest or algorithm and was not verified: found 9");
    assert_text(ucm_finding_make(UCM_TL_VERSION_NEWER, 0, 0x0102, 0x0203),
                "The file has a newer version than any that was described: version 2.3");
    assert_text(ucm_finding_make(UCM_TVS_STATUS, 0, 0, 1),
                "TVS does not vouch for the certificate: status 1 (not found)");
    assert_text(ucm_finding_make(UCM_TVS_STATUS, 0, 0, -1),
                "TVS does not vouch for the certificate: status (missing)");
    assert_text(ucm_finding_make(UCM_TL_SIGNER_NOT_SAST, 0, UCM_ROLE_SAST, -1),
                "The signer is in the list, but no record gives it the SAST role: SAST is needed");
    several.more = 3;
    several.subject = (struct ucm_view){0, 4};
    assert_text(several, "The trust store of a node lacks certificates that other nodes have: CN=a "
                         "and 3 more");
    assert_text(ucm_finding_make(UCM_TL_ISSUER_SERIAL_TWICE, 0, -1, 4),
                "Another certificate of the list has the same issuer and serial number: record 4");
}

static void short_room_cuts_and_terminates(void **state)
{
    struct ucm_finding finding = ucm_finding_make(UCM_TL_TRUNCATED, 5, 336, 100);

    (void)state;
    for (size_t room = 1; room < 100; room++) {
        char *out = test_malloc(room);

        ucm_finding_text(&finding, NULL, out, room);
        assert_true(strlen(out) < room);
        ucm_escape((const uint8_t *)"a\nb\xc3\xa9|\xff", 7, out, room);
        assert_true(strlen(out) < room);
        test_free(out);
    }
}

static void assert_escaped(const char *in, size_t size, const char *expected)
{
    char out[64];

    assert_int_equal(ucm_escape((const uint8_t *)in, size, out, sizeof out), strlen(expected));
    assert_string_equal(out, expected);
}

static void hostile_bytes_are_made_harmless(void **state)
{
    (void)state;
    assert_escaped("CN=B\xc3\xbcro \xe2\x82\xac \xf0\x9f\x93\x9e", 17,
                   "CN=B\xc3\xbcro \xe2\x82\xac \xf0\x9f\x93\x9e");
    assert_escaped("a|b\nc\x1b[31m\x7f", 11, "a\\x7Cb\\x0Ac\\x1B[31m\\x7F");
    assert_escaped("\0x", 2, "\\x00x");
    assert_escaped("\xff\xc0\x80", 3, "\\xFF\\xC0\\x80");
    assert_escaped("\xed\xa0\x80", 3, "\\xED\\xA0\\x80");          /* a surrogate */
    assert_escaped("\xe0\x80\x80", 3, "\\xE0\\x80\\x80");          /* overlong */
    assert_escaped("\xf0\x80\x80\x80", 4, "\\xF0\\x80\\x80\\x80"); /* overlong */
    assert_escaped("\xf4\x90\x80\x80", 4, "\\xF4\\x90\\x80\\x80"); /* beyond Unicode */
    assert_escaped("\xe2\x82", 2, "\\xE2\\x82");                   /* cut */
    assert_escaped("\xc2\x9b", 2, "\\xC2\\x9B");                   /* a control of ISO 6429 */
    assert_escaped("\xe2\x80\xae", 3, "\\xE2\\x80\\xAE");          /* turns the text round */
    assert_escaped("\xe2\x81\xa6", 3, "\\xE2\\x81\\xA6");
    assert_escaped("\xe2\x80\x8e\xe2\x80\x8f", 6, "\\xE2\\x80\\x8E\\xE2\\x80\\x8F");
    assert_escaped("\xd8\x9c", 2, "\\xD8\\x9C");
    assert_escaped("\xe2\x80\x90\xd8\x9b\xe2\x80\x8d", 8, "\xe2\x80\x90\xd8\x9b\xe2\x80\x8d");
    assert_escaped("", 0, "");
    assert_escaped("0123456789012345678901234567890123456789012345678901234567890123456789", 70,
                   "012345678901234567890123456789012345678901234567890123456789...");
}

static void dates_are_utc(void **state)
{
    char out[32];

    (void)state;
    ucm_time_text(NOW, out, sizeof out);
    assert_string_equal(out, "2023-11-14 22:13:20 UTC");
    ucm_date_text(NOW, out, sizeof out);
    assert_string_equal(out, "2023-11-14");
    ucm_date_text(INT64_MIN, out, sizeof out);
    assert_string_equal(out, "unreadable date");
    ucm_time_text(INT64_MAX, out, sizeof out);
    assert_string_equal(out, "unreadable date");
}

/* Whole days that have passed, or will: both plugins count alike, before and after. */
static void spans_are_counted(void **state)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } SPANS[] = {{0, "less than a day"}, {DAY - 1, "less than a day"}, {DAY, "1 day"},
                 {2 * DAY - 1, "1 day"}, {2 * DAY, "2 days"},          {812 * DAY, "812 days"}};
    char out[32];

    (void)state;
    for (size_t i = 0; i < sizeof SPANS / sizeof *SPANS; i++) {
        ucm_span_text(NOW, NOW + SPANS[i].seconds, out, sizeof out);
        assert_string_equal(out, SPANS[i].text);
        ucm_span_text(NOW, NOW - SPANS[i].seconds, out, sizeof out);
        assert_string_equal(out, SPANS[i].text);
    }
}

/* One word for a number, named or not. */
static void numbers_are_named(void **state)
{
    char room[16];

    (void)state;
    assert_string_equal(ucm_role_text(UCM_ROLE_SAST, room, sizeof room), "SAST");
    assert_string_equal(ucm_role_text(UINT32_MAX, room, sizeof room), "role 4294967295");
    assert_string_equal(ucm_digest_text(UCM_DIGEST_SHA1), "SHA-1");
    assert_string_equal(ucm_digest_text(9), "unknown digest");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_detail_is_worded),
        cmocka_unit_test(short_room_cuts_and_terminates),
        cmocka_unit_test(hostile_bytes_are_made_harmless),
        cmocka_unit_test(dates_are_utc),
        cmocka_unit_test(spans_are_counted),
        cmocka_unit_test(numbers_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
