/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Judging one record: each finding by a list in which one record has just this fault, and the
 * spellings that are none.
 */
#include "test_lint.h"

static struct identity *sub; /* what the record under test is made of */

static int set_up_record(void **state)
{
    set_up(state);
    sub = make_identity(&(struct identity_options){.cn = "CN=cucm sub.example", .serial = 0x33});
    return 0;
}

static int tear_down_record(void **state)
{
    free_identity(sub);
    return tear_down(state);
}

static void make_and_judge(const struct identity *identity, uint16_t role)
{
    const struct record_options records[] = {{identity, role, false}};

    make(records, COUNT_OF(records));
    judge();
}

/* The only finding: this one, about the last record. */
static void only_is(enum ucm_finding_id id, enum ucm_severity severity)
{
    struct ucm_finding finding = only();

    assert_int_equal(finding.id, id);
    assert_int_equal(finding.severity, severity);
    assert_int_equal(finding.record, BASE_RECORDS + 1);
    assert_true(finding.offset > 0);
}

static void roles_are_known_by_number(void **state)
{
    static const uint16_t known[] = {4, 5, 6, 7, 20, 22, 27, 255};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        make_and_judge(sub, known[i]);
        none();
    }
    make_and_judge(sub, 99);
    assert_int_equal(report.findings.item[0].found, 99);
    assert_int_equal(report.findings.item[0].expected, -1); /* no single one */
    only_is(UCM_TL_ROLE_UNKNOWN, UCM_WARNING);
    make_and_judge(NULL, 0xffff);
    only_is(UCM_TL_ROLE_UNKNOWN, UCM_WARNING);
}

static void the_serial_is_that_of_the_certificate(void **state)
{
    struct identity other = *sub;

    (void)state;
    other.serial[15] ^= 1;
    make_and_judge(&other, UCM_ROLE_TVS);
    only_is(UCM_TL_RECORD_SERIAL, UCM_WARNING);
}

/* A serial with a high first bit has a 00 in front of it in the certificate, and not always in the
 * record. */
static void a_leading_zero_is_no_other_serial(void **state)
{
    struct identity *high =
        make_identity(&(struct identity_options){.cn = "CN=high", .serial = 0xf4});

    (void)state;
    make_and_judge(high, UCM_ROLE_TVS);
    none();
    free_identity(high);
}

static void the_issuer_is_compared_by_its_common_name(void **state)
{
    static const struct {
        const char *name;
        bool other;
    } rows[] = {
        {"CN=cucm sub.example", false},
        {"cn=CUCM Sub.Example;ou=IPCBU", false},
        {"OU=Voice;CN=\"cucm sub.example  \"", false},
        {"C=NL, CN = cucm\\ sub.example", false},
        {"O=Example", false}, /* says nothing of the common name */
        {"", false},
        {"CN=cucm  sub.example", false},
        {"CN=cucm-sub.example", true},
        {"CN=another", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct identity other = *sub;

        other.name = rows[i].name;
        make_and_judge(&other, UCM_ROLE_TVS);
        if (rows[i].other)
            only_is(UCM_TL_RECORD_ISSUER, UCM_NOTE);
        else
            none();
    }
}

/* Letters at both ends of the alphabet, and a certificate whose issuer has more than a name. */
static void case_and_other_parts_do_not_matter(void **state)
{
    struct identity *whole = make_identity(
        &(struct identity_options){.cn = "CN=AZaz[@`{", .organisation = "Example", .serial = 0x36});

    (void)state;
    whole->name = "cn=azAZ[@`{";
    make_and_judge(whole, UCM_ROLE_TVS);
    none();
    whole->name = "CN=azAZ{@`{";
    make_and_judge(whole, UCM_ROLE_TVS);
    only_is(UCM_TL_RECORD_ISSUER, UCM_NOTE);
    free_identity(whole);
    whole = make_identity(/* no common name: there is nothing to compare */
                          &(struct identity_options){
                              .cn = "CN=", .organisation = "Example", .serial = 0x37});
    whole->name = "CN=anything";
    make_and_judge(whole, UCM_ROLE_TVS);
    none();
    free_identity(whole);
}

/* How CUCM writes other letters than ASCII is not known, and a name that was cut proves nothing. */
static void issuers_that_cannot_be_compared_are_left_alone(void **state)
{
    static const char accents[] = "CN=caf\xc3\xa9";
    struct identity *foreign =
        make_identity(&(struct identity_options){.cn = accents, .serial = 0x34});
    char much[500] = "CN=x";
    struct identity other = *sub;

    (void)state;
    foreign->name = "CN=cafe";
    make_and_judge(foreign, UCM_ROLE_TVS);
    none();
    free_identity(foreign);
    memset(much + 4, 'x', sizeof much - 5);
    other.name = much;
    make_and_judge(&other, UCM_ROLE_TVS);
    none();
}

static void the_key_is_that_of_the_certificate(void **state)
{
    struct identity *small = make_identity(&(struct identity_options){.bits = 1024});
    struct identity other = *sub;
    struct ucm_view key;

    (void)state;
    other.key = small->key;
    make_and_judge(&other, UCM_ROLE_TVS);
    only_is(UCM_TL_RECORD_KEY, UCM_WARNING);
    make_and_judge(sub, UCM_ROLE_TVS);
    key = report.record[BASE_RECORDS].record.value[UCM_RECORD_PUBLIC_KEY];
    none();
    maker.data[key.off + key.len / 2] ^= 1; /* the same length, another key */
    make_signature(&maker, signer);
    judge();
    only_is(UCM_TL_RECORD_KEY, UCM_WARNING);
    free_identity(small);
}

static void a_point_of_another_form_is_no_other_key(void **state)
{
    struct identity *curve =
        make_identity(&(struct identity_options){.cn = "CN=curve", .serial = 0x35, .ec = true});
    struct identity other = *curve;

    (void)state;
    make_and_judge(curve, UCM_ROLE_TVS);
    none();
    other.key = signer->key; /* another length, as a compressed point has */
    make_and_judge(&other, UCM_ROLE_TVS);
    none();
    free_identity(curve);
}

/* Where the record has no certificate there is nothing to compare. */
static void a_key_alone_is_left_alone(void **state)
{
    const struct record_options records[] = {{sub, UCM_ROLE_TVS, true}};

    (void)state;
    make(records, COUNT_OF(records));
    judge();
    none();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles_are_known_by_number),
        cmocka_unit_test(the_serial_is_that_of_the_certificate),
        cmocka_unit_test(a_leading_zero_is_no_other_serial),
        cmocka_unit_test(the_issuer_is_compared_by_its_common_name),
        cmocka_unit_test(case_and_other_parts_do_not_matter),
        cmocka_unit_test(issuers_that_cannot_be_compared_are_left_alone),
        cmocka_unit_test(the_key_is_that_of_the_certificate),
        cmocka_unit_test(a_point_of_another_form_is_no_other_key),
        cmocka_unit_test(a_key_alone_is_left_alone),
    };

    return cmocka_run_group_tests(tests, set_up_record, tear_down_record);
}
