/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Judging a list: each finding by a list that has just this fault, and a clean one without any.
 */
#include "test_lint.h"

static void a_clean_list_has_no_finding(void **state)
{
    (void)state;
    make_clean();
    judge();
    assert_int_equal(report.findings.count, 0);
    assert_int_equal(report.findings.worst, UCM_NOTE);
    assert_int_equal(report.records, BASE_RECORDS);
    assert_non_null(report.record[0].cert);
    assert_string_equal(report.record[0].cert->subject, "CN=ITLRECOVERY_pub");
    assert_int_equal(report.signature.status, UCM_SIGNATURE_VALID);
    assert_ptr_equal(ucm_report_first_to_expire(&report), &report.record[0]);
    ucm_report_free(&report);
    assert_null(report.record);
}

static struct ucm_finding with_expiry(int64_t not_after)
{
    struct identity *dated = make_identity(
        &(struct identity_options){.cn = "CN=tvs-sub", .serial = 0x33, .not_after = not_after});
    const struct record_options records[] = {{dated, UCM_ROLE_TVS, false}};

    make(records, 1);
    free_identity(dated);
    judge();
    if (report.findings.count == 0) {
        ucm_report_free(&report);
        return ucm_finding_make(UCM_FINDING_NONE, 0, 0, 0);
    }
    assert_int_equal(ucm_report_first_to_expire(&report)->record.index, BASE_RECORDS + 1);
    assert_int_equal(report.findings.item[0].record, BASE_RECORDS + 1);
    assert_memory_equal(maker.data + report.findings.item[0].subject.off, "CN=tvs-sub", 10);
    return only();
}

static void expiry_goes_by_its_thresholds(void **state)
{
    static const struct {
        int64_t left;
        enum ucm_finding_id id;
        enum ucm_severity severity;
    } rows[] = {
        {60LL * DAY, UCM_FINDING_NONE, UCM_NOTE},
        {60LL * DAY - 1, UCM_TL_CERT_EXPIRING, UCM_WARNING},
        {14LL * DAY, UCM_TL_CERT_EXPIRING, UCM_WARNING},
        {14LL * DAY - 1, UCM_TL_CERT_EXPIRING, UCM_ERROR},
        {0, UCM_TL_CERT_EXPIRING, UCM_ERROR},
        {-1, UCM_TL_CERT_EXPIRED, UCM_ERROR},
        {-400LL * DAY, UCM_TL_CERT_EXPIRED, UCM_ERROR},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ucm_finding finding = with_expiry(NOW + rows[i].left);

        assert_int_equal(finding.id, rows[i].id);
        if (finding.id == UCM_FINDING_NONE)
            continue;
        assert_int_equal(finding.severity, rows[i].severity);
        assert_int_equal(finding.found, NOW + rows[i].left);
        assert_int_equal(finding.expected, NOW);
    }
}

static void not_yet_valid_is_an_error(void **state)
{
    struct identity *dated = make_identity(
        &(struct identity_options){.cn = "CN=tvs-sub", .serial = 0x33, .not_before = NOW + 1});
    const struct record_options records[] = {{dated, UCM_ROLE_TVS, false}};

    (void)state;
    make(records, 1);
    judge();
    assert_int_equal(only().id, UCM_TL_CERT_NOT_YET_VALID);
    free_identity(dated);
    dated = make_identity(
        &(struct identity_options){.cn = "CN=tvs-sub", .serial = 0x33, .not_before = NOW});
    make(&(struct record_options){dated, UCM_ROLE_TVS, false}, 1);
    judge();
    none();
    free_identity(dated);
}

/* A certificate with dates that are none: both must be there. */
static void dates_that_are_none_are_named(void **state)
{
    static const char date[] = "\x17\x0d";

    (void)state;
    for (int which = 0; which < 2; which++) {
        struct identity broken = *tvs;
        uint8_t *at = broken.der;

        broken.serial[0]++; /* not the other certificate, which is there too */
        for (int skip = -1; skip < which; skip++)
            for (at++; memcmp(at, date, 2) != 0; at++)
                assert_true(at < broken.der + broken.der_size - 2);
        at[5] = 'x';
        make(&(struct record_options){&broken, UCM_ROLE_CAPF, false}, 1);
        judge();
        assert_non_null(report.record[BASE_RECORDS].cert);
        EXACTLY(UCM_TL_CERT_UNREADABLE, UCM_TL_ISSUER_SERIAL_TWICE, UCM_TL_RECORD_SERIAL);
    }
}

static void a_certificate_that_is_none_is_named(void **state)
{
    struct identity broken = *signer;
    const struct record_options records[] = {{&broken, UCM_ROLE_TVS, false}};

    (void)state;
    memset(broken.der, 0, 16);
    broken.serial[0]++;
    make(records, 1);
    judge();
    assert_null(report.record[BASE_RECORDS].cert);
    assert_int_equal(only().id, UCM_TL_CERT_UNREADABLE);
}

static void signatures_are_judged(void **state)
{
    const struct record_options no_sast[] = {{signer, UCM_ROLE_CCM_TFTP, false},
                                             {manager, UCM_ROLE_SAST, false},
                                             {tvs, UCM_ROLE_SAST, false},
                                             {tvs, UCM_ROLE_TVS, false}};

    (void)state;
    make_exactly("ITLFile.tlv", signer, no_sast, COUNT_OF(no_sast));
    judge();
    assert_int_equal(only().id, UCM_TL_SIGNER_NOT_SAST);
    make_clean();
    maker.data[maker.size - 1] ^= 1; /* the IP address of the record */
    judge();
    assert_int_equal(only().id, UCM_TL_SIGNATURE_INVALID);
    make_exactly("ITLFile.tlv", signer, no_sast + 1, COUNT_OF(no_sast) - 1);
    judge();
    EXACTLY(UCM_TL_SIGNER_ABSENT, UCM_TL_ROLE_MISSING);
}

static void sha1_is_a_note(void **state)
{
    const struct record_options records[] = {{signer, UCM_ROLE_SAST, false},
                                             {manager, UCM_ROLE_CCM_TFTP, false}};
    struct ucm_finding finding;

    (void)state;
    make_list(&maker, &(struct list_options){.filename = "CTLFile.tlv",
                                             .signer = signer,
                                             .digest = UCM_DIGEST_SHA1,
                                             .records = records,
                                             .record_count = COUNT_OF(records)});
    judge();
    finding = only();
    assert_int_equal(finding.id, UCM_TL_DIGEST_SHA1);
    assert_int_equal(finding.severity, UCM_NOTE);
    assert_int_equal(finding.subject.len, strlen(signer->name));
    assert_memory_equal(maker.data + finding.subject.off, signer->name, finding.subject.len);
}

static void an_unknown_digest_is_told(void **state)
{
    struct ucm_finding finding;

    (void)state;
    make_clean();
    judge();
    maker.data[report.list.value[UCM_HEADER_DIGEST].off] = 9;
    none();
    judge();
    finding = only();
    assert_int_equal(finding.id, UCM_TL_DIGEST_UNKNOWN);
    assert_int_equal(finding.found, 9);
}

static void the_other_kind_of_list_is_named(void **state)
{
    struct ucm_lint_options options = ucm_lint_defaults(NOW);

    (void)state;
    make_clean();
    options.expected = UCM_LIST_CTL;
    options.source = 7;
    judge_with(&options);
    assert_int_equal(report.findings.item[0].source, 7);
    assert_int_equal(only().id, UCM_TL_FILENAME);
    options.expected = UCM_LIST_ITL;
    judge_with(&options);
    assert_int_equal(report.findings.count, 0);
    ucm_report_free(&report);
}

static void another_major_version_is_unsure(void **state)
{
    static const struct {
        uint16_t version;
        enum ucm_finding_id id;
    } rows[] = {
        {0x0100, UCM_FINDING_NONE},       {0x0102, UCM_FINDING_NONE},
        {0x0103, UCM_TL_VERSION_NEWER},   {0x0200, UCM_TL_VERSION_UNKNOWN},
        {0x0002, UCM_TL_VERSION_UNKNOWN}, {0xffff, UCM_TL_VERSION_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        make_clean();
        make_patch(&maker, 3, rows[i].version, 2);
        make_signature(&maker, signer);
        judge();
        if (rows[i].id == UCM_FINDING_NONE)
            none();
        else
            assert_int_equal(only().id, rows[i].id);
    }
}

static void a_name_of_no_list_is_a_note(void **state)
{
    const struct record_options records[] = {{signer, UCM_ROLE_SAST, false}};
    struct ucm_finding finding;

    (void)state;
    make_exactly("Other.tlv", signer, records, COUNT_OF(records));
    judge();
    finding = only();
    assert_int_equal(finding.id, UCM_TL_FILENAME_UNKNOWN);
    assert_int_equal(finding.severity, UCM_NOTE);
    assert_int_equal(finding.subject.len, strlen("Other.tlv"));
    assert_memory_equal(maker.data + finding.subject.off, "Other.tlv", finding.subject.len);
}

static void a_timestamp_in_the_future_is_named(void **state)
{
    struct ucm_lint_options options = ucm_lint_defaults(NOW - 2LL * 3600);

    (void)state;
    make_clean();
    judge_with(&options);
    assert_int_equal(only().id, UCM_TL_TIMESTAMP_FUTURE);
    options.now = NOW - 3600; /* clocks differ */
    judge_with(&options);
    none();
}

static void broken_lists_are_reported(void **state)
{
    (void)state;
    maker.size = 0;
    make_bytes(&maker, "<html>", 6);
    judge();
    assert_int_equal(report.signature.status, UCM_SIGNATURE_UNVERIFIABLE);
    assert_int_equal(only().id, UCM_TL_NOT_A_LIST);
}

static void no_truncation_looks_good(void **state)
{
    const struct record_options records[] = {{signer, UCM_ROLE_SAST, false}};
    struct ucm_lint_options options = ucm_lint_defaults(NOW);

    (void)state;
    make_exactly("ITLFile.tlv", signer, records, COUNT_OF(records));
    for (size_t size = 0; size < maker.size; size++) {
        uint8_t *data = exact(maker.data, size);

        assert_true(ucm_report_make(data, size, &options, &report));
        assert_int_equal(report.findings.worst, UCM_ERROR);
        ucm_report_free(&report);
        free(data);
    }
}

static void anomalies_without_room_still_count(void **state)
{
    (void)state;
    make_exactly("ITLFile.tlv", signer, NULL, 0);
    for (int i = 0; i < 40; i++)
        make_tlv(&maker, 200, "x", 1);
    make_patch(&maker, 8, (uint32_t)maker.size, 2);
    judge();
    assert_true(report.list.anomalies.count > UCM_ANOMALIES_MAX);
    assert_int_equal(report.findings.count,
                     report.findings.stored + report.list.anomalies.count - UCM_ANOMALIES_MAX);
    ucm_report_free(&report);
}

/* The worst one of a record found no room. */
static void anomalies_without_room_still_weigh(void **state)
{
    static const uint8_t record[] = {0x01, 0x00, 0x02, 0x00, 12, 0x04, 0x00, 0x02, 0x00, 0x04};

    (void)state;
    make_clean();
    make_bytes(&maker, record, sizeof record);
    make_patch(&maker, maker.size - 7, 10 + 10 * 4 + 2, 2);
    for (int i = 0; i < 10; i++)
        make_tlv(&maker, 200, "x", 1);
    make_bytes(&maker, "\x09\x00", 2); /* half an element: the length of the record is wrong */
    make_signature(&maker, signer);
    judge();
    assert_int_equal(report.findings.stored, UCM_ANOMALIES_MAX);
    assert_int_equal(report.findings.item[0].id, UCM_TL_TAG_UNKNOWN);
    assert_int_equal(report.findings.count, 11);
    assert_int_equal(report.findings.worst, UCM_ERROR);
    ucm_report_free(&report);
}

/* As many records as there is room for: nothing may look behind the last one. */
static void sixteen_records_are_sixteen(void **state)
{
    struct record_options records[16] = {{manager, UCM_ROLE_SAST, false},
                                         {manager, UCM_ROLE_CCM_TFTP, false}};

    (void)state;
    for (size_t i = 2; i < COUNT_OF(records); i++)
        records[i] = (struct record_options){tvs, UCM_ROLE_TVS, false};
    make_exactly("ITLFile.tlv", signer, records, COUNT_OF(records));
    judge_as_version(0x0e00);
    assert_ptr_equal(ucm_report_first_to_expire(&report), &report.record[0]);
    EXACTLY(UCM_TL_SIGNER_ABSENT, UCM_TL_ONE_ANCHOR);
    make_exactly("ITLFile.tlv", manager, records, COUNT_OF(records));
    judge_as_version(0x0e00);
    EXACTLY(UCM_TL_RESIGNED, UCM_TL_ONE_ANCHOR);
    for (size_t i = 1; i < COUNT_OF(records); i++)
        records[i] = (struct record_options){signer, UCM_ROLE_CCM_TFTP, false};
    make_exactly("CTLFile.tlv", manager, records, COUNT_OF(records));
    judge_as_version(0x0e00);
    none();
}

static void too_many_records_are_refused(void **state)
{
    static const uint8_t empty[] = {0x01, 0x00, 0x02, 0x00, 0x05};

    (void)state;
    make_clean();
    for (int i = 0; i < UCM_RECORDS_MAX + 3; i++)
        make_bytes(&maker, empty, sizeof empty);
    judge();
    assert_int_equal(report.records, UCM_RECORDS_MAX);
    assert_int_equal(report.findings.stored, UCM_FINDINGS_MAX);
    assert_true(report.findings.count > UCM_FINDINGS_MAX);
    assert_int_equal(report.findings.worst, UCM_ERROR);
    ucm_report_free(&report);
}

/* The cause leads: the signer of a list that was cut is absent, or its signature invalid, for that
 * alone. */
static void of_a_cut_list_the_cut_is_told_first(void **state)
{
    const struct record_options records[] = {{manager, UCM_ROLE_CCM_TFTP, false},
                                             {tvs, UCM_ROLE_TVS, false},
                                             {signer, UCM_ROLE_SAST, false}};

    (void)state;
    make_exactly("ITLFile.tlv", signer, records, COUNT_OF(records));
    maker.size -= 1200;
    judge();
    assert_int_equal(report.findings.item[0].id, UCM_TL_TRUNCATED);
    EXACTLY(UCM_TL_TRUNCATED, UCM_TL_SIGNER_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_list_has_no_finding),
        cmocka_unit_test(expiry_goes_by_its_thresholds),
        cmocka_unit_test(not_yet_valid_is_an_error),
        cmocka_unit_test(dates_that_are_none_are_named),
        cmocka_unit_test(a_certificate_that_is_none_is_named),
        cmocka_unit_test(signatures_are_judged),
        cmocka_unit_test(sha1_is_a_note),
        cmocka_unit_test(an_unknown_digest_is_told),
        cmocka_unit_test(the_other_kind_of_list_is_named),
        cmocka_unit_test(another_major_version_is_unsure),
        cmocka_unit_test(a_name_of_no_list_is_a_note),
        cmocka_unit_test(a_timestamp_in_the_future_is_named),
        cmocka_unit_test(broken_lists_are_reported),
        cmocka_unit_test(no_truncation_looks_good),
        cmocka_unit_test(anomalies_without_room_still_count),
        cmocka_unit_test(anomalies_without_room_still_weigh),
        cmocka_unit_test(sixteen_records_are_sixteen),
        cmocka_unit_test(too_many_records_are_refused),
        cmocka_unit_test(of_a_cut_list_the_cut_is_told_first),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
