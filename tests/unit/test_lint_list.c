/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Judging the records of a list together: each finding by a list that has just this fault, and the
 * lists next to it that have not.
 */
#include "test_lint.h"

#include <stdio.h>

#define ITL "ITLFile.tlv"
#define CTL "CTLFile.tlv"
#define MAKE(filename, by, ...)                                                                    \
    make_exactly(filename, by, (const struct record_options[]){__VA_ARGS__},                       \
                 COUNT_OF(((const struct record_options[]){__VA_ARGS__})))

static void only_is(enum ucm_finding_id id, enum ucm_severity severity)
{
    struct ucm_finding finding = only();

    assert_int_equal(finding.id, id);
    assert_int_equal(finding.severity, severity);
}

/* ---- size ---- */

static void make_of_size(const char *filename, size_t size)
{
    static const uint8_t filler[0x20000];
    const struct record_options records[] = {{signer, UCM_ROLE_SAST, false},
                                             {manager, UCM_ROLE_CCM_TFTP, false}};
    struct list_options options = {
        .filename = filename, .signer = signer, .records = records, .record_count = 2};

    make_list(&maker, &options);
    options.body = filler;
    options.body_size = size - maker.size;
    make_list(&maker, &options);
    assert_int_equal(maker.size, size);
}

static void lists_end_at_64_kilobytes(void **state)
{
    (void)state;
    make_of_size(CTL, 0x10000);
    judge();
    only_is(UCM_TL_TRAILING_BYTES, UCM_WARNING);
    make_of_size(CTL, 0x10001);
    judge();
    assert_int_equal(report.findings.worst, UCM_ERROR);
    EXACTLY(UCM_TL_TRAILING_BYTES, UCM_TL_OVER_64K);
}

/* A configuration file is no list. */
static void signed_files_may_be_large(void **state)
{
    static const uint8_t body[0x11000] = {'<'};

    (void)state;
    make_list(&maker, &(struct list_options){.filename = "SEP00005E005332.cnf.xml.sgn",
                                             .signer = manager,
                                             .body = body,
                                             .body_size = sizeof body});
    judge();
    only_is(UCM_TL_SIGNED_ELSEWHERE, UCM_NOTE);
}

static void more_than_39_certificates_are_many(void **state)
{
    struct record_options records[37];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(records); i++)
        records[i] = (struct record_options){tvs, UCM_ROLE_TVS, false};
    records[0].identity = NULL; /* a record without a certificate does not count */
    make(records, 36);
    judge();
    none();
    make(records, 37);
    judge();
    assert_int_equal(report.findings.item[0].found, 40);
    only_is(UCM_TL_MANY_CERTIFICATES, UCM_WARNING);
}

/* ---- keys ---- */

static void a_key_may_not_be_smaller_than_the_others(void **state)
{
    struct identity *small =
        make_identity(&(struct identity_options){.cn = "CN=ITLReco", .serial = 0x36, .bits = 1024});
    struct identity *recovery = make_identity(
        &(struct identity_options){.cn = "CN=itlrecovery_x", .serial = 0x37, .bits = 1024});
    struct identity *large =
        make_identity(&(struct identity_options){.cn = "CN=large", .serial = 0x38, .bits = 4096});
    const struct record_options capf[] = {{small, UCM_ROLE_CAPF, false}};
    const struct record_options sast[] = {{recovery, UCM_ROLE_SAST, false}};
    const struct record_options above[] = {{large, UCM_ROLE_CAPF, false}};

    (void)state;
    make(capf, 1);
    judge();
    assert_int_equal(report.findings.item[0].expected, 2048);
    assert_int_equal(report.findings.item[0].found, 1024);
    only_is(UCM_TL_KEY_SMALL, UCM_NOTE);
    make(sast, 1);
    judge();
    only_is(UCM_TL_RECOVERY_KEY_SMALL, UCM_WARNING);
    make(above, 1); /* 2048 beside 4096 is as it should be */
    judge();
    none();
    MAKE(CTL, small, {small, UCM_ROLE_SAST, false}, {small, UCM_ROLE_CCM_TFTP, false},
         {recovery, UCM_ROLE_SAST, false}); /* all alike: the published list of 10.5.1 */
    judge();
    none();
    MAKE(CTL, signer, {small, UCM_ROLE_CCM_TFTP, false}, {signer, UCM_ROLE_SAST, false});
    judge();
    assert_int_equal(report.findings.item[0].record, 1);
    only_is(UCM_TL_KEY_SMALL, UCM_NOTE);
    free_identity(small);
    free_identity(recovery);
    free_identity(large);
}

static void elliptic_keys_are_not_small(void **state)
{
    struct identity *curve =
        make_identity(&(struct identity_options){.cn = "CN=curve", .serial = 0x39, .ec = true});
    const struct record_options records[] = {{curve, UCM_ROLE_CCM_TFTP, false}};

    (void)state;
    make(records, 1);
    judge();
    none();
    free_identity(curve);
}

/* ---- collisions ---- */

static struct identity *twin_of_tvs(const char *name, int64_t later)
{
    return make_identity(&(struct identity_options){
        .cn = name, .serial = 0x32, .not_after = NOW + 4LL * YEAR + later});
}

static void issuer_and_serial_name_one_certificate(void **state)
{
    struct identity *second = twin_of_tvs("CN=tvs", 0);
    struct identity *third = twin_of_tvs("CN=tvs", DAY);
    const struct record_options one[] = {{second, UCM_ROLE_CAPF, false}};
    const struct record_options same[] = {{tvs, UCM_ROLE_CAPF, false}};
    const struct record_options more[] = {
        {third, UCM_ROLE_TVS, false}, {second, UCM_ROLE_TVS, false}, {third, UCM_ROLE_CAPF, false}};

    (void)state;
    make(same, 1);
    judge();
    none();
    make(one, 1); /* whatever their roles are */
    judge();
    assert_int_equal(report.findings.item[0].record, BASE_RECORDS + 1);
    assert_int_equal(report.findings.item[0].found, BASE_RECORDS);
    only_is(UCM_TL_ISSUER_SERIAL_TWICE, UCM_WARNING);
    make(more, COUNT_OF(more)); /* each certificate once */
    judge();
    for (uint32_t i = 0; i < report.findings.stored; i++)
        assert_in_range(report.findings.item[i].record, BASE_RECORDS + 1, BASE_RECORDS + 2);
    EXACTLY(UCM_TL_ISSUER_SERIAL_TWICE, UCM_TL_ISSUER_SERIAL_TWICE);
    free_identity(second);
    free_identity(third);
}

static void one_serial_in_one_role_is_a_note(void **state)
{
    struct identity *other = twin_of_tvs("CN=tvs-sub", 0);
    const struct record_options same_role[] = {{other, UCM_ROLE_TVS, false}};
    const struct record_options other_role[] = {{other, UCM_ROLE_CAPF, false}};

    (void)state;
    make(same_role, 1);
    judge();
    assert_int_equal(report.findings.item[0].found, BASE_RECORDS);
    only_is(UCM_TL_SERIAL_TWICE, UCM_NOTE);
    make(other_role, 1);
    judge();
    none();
    free_identity(other);
}

/* Whichever of them is sorted first: the one that stands first in the list is not named, the other
 * is, once, and the first record of all counts as well. */
static void the_later_certificate_is_named_once(void **state)
{
    struct identity *twin = twin_of_tvs("CN=tvs", 0);
    struct identity *namesake = twin_of_tvs("CN=tvs-sub", 0);
    const struct identity *const pairs[][2] = {
        {tvs, twin}, {twin, tvs}, {tvs, namesake}, {namesake, tvs}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        const struct identity *one = pairs[i][0];
        const struct identity *other = pairs[i][1];

        MAKE(CTL, signer, {one, UCM_ROLE_CAPF, false}, {other, UCM_ROLE_CAPF, false},
             {other, UCM_ROLE_CAPF, false}, {manager, UCM_ROLE_CCM_TFTP, false},
             {signer, UCM_ROLE_SAST, false});
        judge();
        assert_int_equal(report.findings.item[0].found, 1);
        assert_in_range(report.findings.item[0].record, 2, 3);
        only_is(i < 2 ? UCM_TL_ISSUER_SERIAL_TWICE : UCM_TL_SERIAL_TWICE,
                i < 2 ? UCM_WARNING : UCM_NOTE);
        MAKE(CTL, signer, {one, UCM_ROLE_CAPF, false}, {other, UCM_ROLE_CAPF, false},
             {manager, UCM_ROLE_CCM_TFTP, false}, {signer, UCM_ROLE_SAST, false});
        judge();
        assert_int_equal(report.findings.item[0].found, 1);
        assert_int_equal(report.findings.item[0].record, 2);
        only_is(i < 2 ? UCM_TL_ISSUER_SERIAL_TWICE : UCM_TL_SERIAL_TWICE,
                i < 2 ? UCM_WARNING : UCM_NOTE);
    }
    free_identity(twin);
    free_identity(namesake);
}

/* Two groups of namesakes, mixed, that differ in the serial number or in the role: each certificate
 * but the first of its group is named. */
static void compare_groups(const uint8_t serials[2], const uint16_t roles[2])
{
    enum { EACH = 6 };
    struct identity *other[2 * EACH];
    struct record_options records[2 * EACH + 2];
    char cn[2 * EACH][sizeof "CN=a"]; /* an identity keeps the pointer */

    for (int i = 0; i < 2 * EACH; i++) {
        snprintf(cn[i], sizeof cn[i], "CN=%c", 'a' + i);
        other[i] = make_identity(&(struct identity_options){.cn = cn[i], .serial = serials[i % 2]});
        records[i] = (struct record_options){other[i], roles[i % 2], false};
    }
    records[2 * EACH] = (struct record_options){manager, UCM_ROLE_CCM_TFTP, false};
    records[2 * EACH + 1] = (struct record_options){signer, UCM_ROLE_SAST, false};
    make_exactly(CTL, signer, records, COUNT_OF(records));
    judge();
    assert_int_equal(report.findings.stored, 2 * (EACH - 1));
    for (uint32_t i = 0; i < report.findings.stored; i++) {
        assert_int_equal(report.findings.item[i].id, UCM_TL_SERIAL_TWICE);
        assert_int_equal(report.findings.item[i].found,
                         (report.findings.item[i].record - 1) % 2 + 1);
    }
    ucm_report_free(&report);
    for (int i = 0; i < 2 * EACH; i++)
        free_identity(other[i]);
}

static void serials_are_compared_in_groups(void **state)
{
    (void)state;
    compare_groups((const uint8_t[]){0x61, 0x62}, (const uint16_t[]){UCM_ROLE_CAPF, UCM_ROLE_CAPF});
    compare_groups((const uint8_t[]){0x61, 0x61},
                   (const uint16_t[]){UCM_ROLE_CAPF, UCM_ROLE_TFTP}); /* numbers 4 and 3 */
}

/* ---- the signer ---- */

/* Dates hold until their last second and from their first. */
static void a_signer_is_valid_at_its_limits(void **state)
{
    struct identity *until = make_identity(
        &(struct identity_options){.cn = "CN=ITLRECOVERY_until", .serial = 0x3e, .not_after = NOW});
    struct identity *from = make_identity(
        &(struct identity_options){.cn = "CN=ITLRECOVERY_from", .serial = 0x3f, .not_before = NOW});

    (void)state;
    MAKE(CTL, from, {from, UCM_ROLE_SAST, false}, {manager, UCM_ROLE_CCM_TFTP, false});
    judge();
    none();
    MAKE(CTL, until, {until, UCM_ROLE_SAST, false}, {manager, UCM_ROLE_CCM_TFTP, false});
    judge(); /* it is about to, which is another finding */
    only_is(UCM_TL_CERT_EXPIRING, UCM_ERROR);
    free_identity(until);
    free_identity(from);
}

/* The last record may be that of the signer. One that did not sign has no dates that count, nor has
 * one whose certificate cannot be read. */
static void only_the_signer_is_judged_as_one(void **state)
{
    struct identity *past = make_identity(&(struct identity_options){
        .cn = "CN=ITLRECOVERY_past", .serial = 0x3a, .not_after = NOW - 1});

    (void)state;
    MAKE(CTL, past, {manager, UCM_ROLE_CCM_TFTP, false}, {past, UCM_ROLE_SAST, false});
    judge();
    EXACTLY(UCM_TL_CERT_EXPIRED, UCM_TL_SIGNER_DATES);
    maker.data[maker.size - 1] ^= 1; /* no longer what was signed */
    judge();
    for (uint32_t i = 0; i < report.findings.stored; i++)
        assert_int_not_equal(report.findings.item[i].id, UCM_TL_SIGNER_DATES);
    assert_int_equal(report.signature.status, UCM_SIGNATURE_INVALID);
    ucm_report_free(&report);
    past->der[past->der_size++] = 0; /* no certificate, but its key is one */
    MAKE(CTL, past, {manager, UCM_ROLE_CCM_TFTP, false}, {past, UCM_ROLE_SAST, false});
    judge_as_version(0x0f00);
    assert_int_equal(report.signature.status, UCM_SIGNATURE_VALID);
    only_is(UCM_TL_CERT_UNREADABLE, UCM_ERROR);
    free_identity(past);
}

/* The room for records is full: nobody looks behind the last one. */
static void re_signing_is_looked_for_in_all_records(void **state)
{
    struct record_options records[16];

    (void)state;
    records[0] = (struct record_options){manager, UCM_ROLE_CCM_TFTP, false};
    for (size_t i = 1; i < COUNT_OF(records); i++)
        records[i] = (struct record_options){tvs, UCM_ROLE_TVS, false};
    records[15] = (struct record_options){manager, UCM_ROLE_SAST, false};
    make_exactly(ITL, manager, records, COUNT_OF(records));
    judge_as_version(0x0c00);
    assert_int_equal(report.findings.item[0].id, UCM_TL_RESIGNED);
    ucm_report_free(&report);
    records[0].identity = tvs;
    make_exactly(ITL, manager, records, COUNT_OF(records));
    judge_as_version(0x0c00);
    for (uint32_t i = 0; i < report.findings.stored; i++)
        assert_int_not_equal(report.findings.item[i].id, UCM_TL_RESIGNED);
    ucm_report_free(&report);
}

static void an_expired_signer_is_worse_than_an_expired_record(void **state)
{
    struct identity *past = make_identity(&(struct identity_options){
        .cn = "CN=ITLRECOVERY_past", .serial = 0x3a, .not_after = NOW - 1});
    struct identity *future = make_identity(&(struct identity_options){
        .cn = "CN=ITLRECOVERY_future", .serial = 0x3b, .not_before = NOW + 1});

    (void)state;
    MAKE(CTL, past, {past, UCM_ROLE_SAST, false}, {manager, UCM_ROLE_CCM_TFTP, false});
    judge();
    EXACTLY(UCM_TL_CERT_EXPIRED, UCM_TL_SIGNER_DATES);
    MAKE(CTL, future, {future, UCM_ROLE_SAST, false}, {manager, UCM_ROLE_CCM_TFTP, false});
    judge();
    EXACTLY(UCM_TL_CERT_NOT_YET_VALID, UCM_TL_SIGNER_DATES);
    MAKE(CTL, past, {past, UCM_ROLE_SAST, true}, {manager, UCM_ROLE_CCM_TFTP, false});
    judge(); /* a key without certificate has no dates */
    none();
    free_identity(past);
    free_identity(future);
}

/* The signer is in another list: a configuration file, verified with the ITL. */
static void the_signer_may_be_in_an_anchor(void **state)
{
    struct identity *past = make_identity(
        &(struct identity_options){.cn = "CN=past", .serial = 0x3c, .not_after = NOW - 1});
    struct ucm_lint_options options = ucm_lint_defaults(NOW);
    struct ucm_trustlist anchor;
    uint8_t *data;

    (void)state;
    MAKE(ITL, past, {past, UCM_ROLE_SAST, false}, {past, UCM_ROLE_CCM_TFTP, false});
    data = exact(maker.data, maker.size);
    assert_true(ucm_trustlist_decode(data, maker.size, &anchor));
    make_list(&maker, &(struct list_options){
                          .filename = "x.sgn", .signer = past, .body = "<x/>", .body_size = 4});
    options.anchor = &anchor;
    judge_with(&options);
    only_is(UCM_TL_SIGNER_DATES, UCM_ERROR);
    free(data);
    free_identity(past);
}

static void an_itl_signed_by_callmanager_is_re_signed_from_12(void **state)
{
    static const struct {
        uint16_t version;
        bool resigned;
    } rows[] = {{0, false}, {0x0a05, false}, {0x0b05, false}, {0x0c00, true}, {0x0f00, true}};
    const struct record_options records[] = {{manager, UCM_ROLE_SAST, false},
                                             {signer, UCM_ROLE_SAST, false},
                                             {manager, UCM_ROLE_CCM_TFTP, false},
                                             {tvs, UCM_ROLE_TVS, false}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        make_exactly(ITL, manager, records, COUNT_OF(records));
        judge_as_version(rows[i].version);
        if (rows[i].resigned)
            only_is(UCM_TL_RESIGNED, UCM_WARNING);
        else
            none();
    }
    make_clean(); /* signed by ITLRecovery */
    judge_as_version(0x0c00);
    none();
    make_exactly(CTL, manager, records, COUNT_OF(records) - 1);
    judge_as_version(0x0c00);
    none();
    MAKE(ITL, manager, {manager, UCM_ROLE_SAST, false}, {signer, UCM_ROLE_SAST, false},
         {tvs, UCM_ROLE_TFTP, false}, {tvs, UCM_ROLE_TVS, false});
    judge_as_version(0x0c00); /* the signer is no server of this list */
    none();
    MAKE(ITL, signer, {signer, UCM_ROLE_SAST, false}, {manager, UCM_ROLE_SAST, false},
         {signer, UCM_ROLE_TFTP, false}, {tvs, UCM_ROLE_TVS, false});
    judge_as_version(0x0c00); /* a server, but ITLRecovery all the same */
    none();
}

/* ---- content of an ITL ---- */

static void a_blank_itl_is_a_warning(void **state)
{
    struct identity *capf =
        make_identity(&(struct identity_options){.cn = "CN=CAPF-1", .serial = 0x3d});

    (void)state;
    MAKE(ITL, signer, {signer, UCM_ROLE_SAST, false}, {capf, UCM_ROLE_CAPF, false});
    judge();
    only_is(UCM_TL_BLANK, UCM_WARNING);
    MAKE(ITL, signer, {capf, UCM_ROLE_CAPF, false}); /* which records stay is not known */
    judge();
    EXACTLY(UCM_TL_BLANK, UCM_TL_SIGNER_ABSENT);
    make_exactly(ITL, signer, NULL, 0);
    judge();
    EXACTLY(UCM_TL_BLANK, UCM_TL_SIGNER_ABSENT);
    free_identity(capf);
}

static void an_itl_needs_tvs_and_a_server(void **state)
{
    (void)state;
    MAKE(ITL, signer, {signer, UCM_ROLE_SAST, false}, {manager, UCM_ROLE_SAST, false},
         {manager, UCM_ROLE_TFTP, false});
    judge();
    only_is(UCM_TL_NO_TVS, UCM_WARNING);
    MAKE(ITL, signer, {signer, UCM_ROLE_SAST, false}, {manager, UCM_ROLE_SAST, false},
         {tvs, UCM_ROLE_TVS, false});
    judge();
    assert_int_equal(report.findings.item[0].expected, UCM_ROLE_CCM_TFTP);
    only_is(UCM_TL_ROLE_MISSING, UCM_WARNING);
    MAKE(ITL, signer, {signer, UCM_ROLE_SAST, false}, {manager, UCM_ROLE_SAST, false},
         {manager, UCM_ROLE_CCM, false}, {tvs, UCM_ROLE_TVS, false});
    judge(); /* CCM alone signs no configuration file */
    only_is(UCM_TL_ROLE_MISSING, UCM_WARNING);
}

static void one_anchor_is_a_note_and_a_warning_from_10(void **state)
{
    const struct record_options records[] = {{manager, UCM_ROLE_SAST, false},
                                             {manager, UCM_ROLE_SAST, false}, /* the same again */
                                             {manager, UCM_ROLE_CCM_TFTP, false},
                                             {tvs, UCM_ROLE_TVS, false}};

    (void)state;
    make_exactly(ITL, manager, records, COUNT_OF(records));
    judge();
    only_is(UCM_TL_ONE_ANCHOR, UCM_NOTE);
    judge_as_version(0x0901);
    only_is(UCM_TL_ONE_ANCHOR, UCM_NOTE);
    judge_as_version(0x0a00);
    only_is(UCM_TL_ONE_ANCHOR, UCM_WARNING);
    make_exactly(CTL, manager, records, COUNT_OF(records) - 1);
    judge_as_version(0x0a05); /* the genuine CTL of 10.5.1 has one */
    none();
    MAKE(ITL, manager, {manager, UCM_ROLE_SAST, false}, {signer, UCM_ROLE_SAST, true},
         {manager, UCM_ROLE_CCM_TFTP, false}, {tvs, UCM_ROLE_TVS, false});
    judge();
    none();
}

/* ---- content of a CTL ---- */

static void tvs_does_not_belong_into_a_ctl(void **state)
{
    const struct record_options records[] = {{signer, UCM_ROLE_SAST, false},
                                             {manager, UCM_ROLE_CCM_TFTP, false},
                                             {tvs, UCM_ROLE_TVS, false},
                                             {tvs, UCM_ROLE_TVS, false}};

    (void)state;
    make_exactly(CTL, signer, records, COUNT_OF(records));
    judge();
    assert_int_equal(report.findings.item[0].record, 3);
    only_is(UCM_TL_TVS_IN_CTL, UCM_WARNING);
    make_exactly(CTL, signer, records, 2);
    judge();
    none();
    MAKE(CTL, signer, {tvs, UCM_ROLE_TVS, false}, {manager, UCM_ROLE_CCM_TFTP, false},
         {signer, UCM_ROLE_SAST, false});
    judge();
    assert_int_equal(report.findings.item[0].record, 1);
    only_is(UCM_TL_TVS_IN_CTL, UCM_WARNING);
}

static void servers_without_certificate_mean_non_secure_again(void **state)
{
    (void)state;
    MAKE(CTL, signer, {signer, UCM_ROLE_SAST, false}, {NULL, UCM_ROLE_CCM_TFTP, false},
         {NULL, UCM_ROLE_CCM_TFTP, false});
    judge();
    only_is(UCM_TL_CTL_NONSECURE, UCM_NOTE);
    MAKE(CTL, signer, {signer, UCM_ROLE_SAST, false}, {NULL, UCM_ROLE_CCM_TFTP, false});
    judge();
    only_is(UCM_TL_CTL_NONSECURE, UCM_NOTE);
    MAKE(CTL, signer, {signer, UCM_ROLE_SAST, false}, {NULL, UCM_ROLE_CCM_TFTP, false},
         {manager, UCM_ROLE_CCM_TFTP, false});
    judge();
    none();
    MAKE(CTL, signer, {signer, UCM_ROLE_SAST, false});
    judge();
    only_is(UCM_TL_ROLE_MISSING, UCM_WARNING);
}

static void etokens_are_dropped_from_14(void **state)
{
    struct identity *token = make_identity(&(struct identity_options){
        .cn = "CN=\"SAST-ADN008580ef        \"", .serial = 0x3e, .bits = 1024});
    struct identity *plain =
        make_identity(&(struct identity_options){.cn = "CN=sast-box", .serial = 0x3f});
    struct identity spelled = *token;
    const struct record_options records[] = {{token, UCM_ROLE_SAST, false},
                                             {&spelled, UCM_ROLE_SAST, true},
                                             {manager, UCM_ROLE_CCM_TFTP, false},
                                             {plain, UCM_ROLE_SAST, false}};

    (void)state;
    spelled.name = "cn=\"SAST-ADN0054f509        \";ou=IPCBU;o=\"Cisco Systems";
    make_exactly(CTL, token, records, COUNT_OF(records));
    judge();
    none(); /* not even for its small key: a token has no other */
    judge_as_version(0x0c05);
    none();
    judge_as_version(0x0e00);
    EXACTLY(UCM_TL_ETOKEN, UCM_TL_ETOKEN);
    MAKE(CTL, plain, {plain, UCM_ROLE_SAST, false}, {&spelled, UCM_ROLE_SAST, true},
         {manager, UCM_ROLE_CCM_TFTP, false});
    judge_as_version(0x0e00);
    assert_int_equal(report.findings.item[0].expected, -1);
    assert_int_equal(report.findings.item[0].found, 0x0e00);
    only_is(UCM_TL_ETOKEN, UCM_WARNING);
    spelled.name = "cn\x1dSAST-ADN0054f509"; /* 0x20 below '=': only letters have a case */
    MAKE(CTL, plain, {plain, UCM_ROLE_SAST, false}, {&spelled, UCM_ROLE_SAST, true},
         {manager, UCM_ROLE_CCM_TFTP, false});
    judge_as_version(0x0e00);
    none();
    free_identity(token);
    free_identity(plain);
}

/* ---- damage ---- */

/* What is missing from a file that was cut is not missing from the list. */
static void nothing_is_missed_in_a_cut_list(void **state)
{
    const struct record_options records[] = {{signer, UCM_ROLE_SAST, false},
                                             {manager, UCM_ROLE_CCM_TFTP, false},
                                             {tvs, UCM_ROLE_TVS, false}};

    (void)state;
    make_exactly(ITL, signer, records, COUNT_OF(records));
    maker.size -= 100;
    judge();
    EXACTLY(UCM_TL_SIGNATURE_INVALID, UCM_TL_TRUNCATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_end_at_64_kilobytes),
        cmocka_unit_test(signed_files_may_be_large),
        cmocka_unit_test(more_than_39_certificates_are_many),
        cmocka_unit_test(a_key_may_not_be_smaller_than_the_others),
        cmocka_unit_test(elliptic_keys_are_not_small),
        cmocka_unit_test(issuer_and_serial_name_one_certificate),
        cmocka_unit_test(one_serial_in_one_role_is_a_note),
        cmocka_unit_test(the_later_certificate_is_named_once),
        cmocka_unit_test(serials_are_compared_in_groups),
        cmocka_unit_test(a_signer_is_valid_at_its_limits),
        cmocka_unit_test(only_the_signer_is_judged_as_one),
        cmocka_unit_test(re_signing_is_looked_for_in_all_records),
        cmocka_unit_test(an_expired_signer_is_worse_than_an_expired_record),
        cmocka_unit_test(the_signer_may_be_in_an_anchor),
        cmocka_unit_test(an_itl_signed_by_callmanager_is_re_signed_from_12),
        cmocka_unit_test(a_blank_itl_is_a_warning),
        cmocka_unit_test(an_itl_needs_tvs_and_a_server),
        cmocka_unit_test(one_anchor_is_a_note_and_a_warning_from_10),
        cmocka_unit_test(tvs_does_not_belong_into_a_ctl),
        cmocka_unit_test(servers_without_certificate_mean_non_secure_again),
        cmocka_unit_test(etokens_are_dropped_from_14),
        cmocka_unit_test(nothing_is_missed_in_a_cut_list),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
