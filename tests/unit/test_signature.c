/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * File signatures: valid ones, broken ones, and those that cannot be judged.
 */
#include "maker.h"

#include "common/signature.h"

static struct maker maker;
static struct identity *signer;
static struct identity *other;

static int set_up(void **state)
{
    (void)state;
    signer = make_identity(&(struct identity_options){.cn = "CN=ITLRECOVERY_pub"});
    other = make_identity(&(struct identity_options){.cn = "CN=tvs", .serial = 0x25, .bits = 1024});
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free_identity(signer);
    free_identity(other);
    return 0;
}

static struct ucm_signature check(void)
{
    struct ucm_trustlist list;

    ucm_trustlist_decode(maker.data, maker.size, &list);
    return ucm_signature_check(&list, &list);
}

static void make(uint8_t digest, const struct record_options *records, size_t count)
{
    make_list(&maker,
              &(struct list_options){
                  .signer = signer, .digest = digest, .records = records, .record_count = count});
}

static void every_digest_verifies(void **state)
{
    const struct record_options records[] = {{other, UCM_ROLE_TVS, false},
                                             {signer, UCM_ROLE_SAST, false}};

    (void)state;
    for (uint8_t digest = UCM_DIGEST_SHA1; digest <= UCM_DIGEST_SHA512; digest++) {
        struct ucm_signature signature;

        make(digest, records, 2);
        signature = check();
        assert_int_equal(signature.status, UCM_SIGNATURE_VALID);
        assert_int_equal(signature.reason, UCM_FINDING_NONE);
        assert_int_equal(signature.record, 2);
        assert_true(signature.sast);
        assert_int_equal(signature.certificate_size, signer->der_size);
        assert_memory_equal(maker.data + signature.certificate_at, signer->der, signer->der_size);
    }
}

/* One changed byte anywhere: not valid, whatever else it is. */
static void every_changed_byte_is_noticed(void **state)
{
    const struct record_options records[] = {{signer, UCM_ROLE_SAST, false}};

    (void)state;
    make(UCM_DIGEST_SHA512, records, 1);
    for (size_t at = 0; at < maker.size; at++) {
        maker.data[at] ^= 0x01;
        assert_int_not_equal(check().status, UCM_SIGNATURE_VALID);
        maker.data[at] ^= 0x01;
    }
    assert_int_equal(check().status, UCM_SIGNATURE_VALID);
}

static void the_sast_record_is_named(void **state)
{
    const struct record_options records[] = {{signer, UCM_ROLE_CCM_TFTP, false},
                                             {signer, UCM_ROLE_SAST, false}};
    struct ucm_signature signature;

    (void)state;
    make(UCM_DIGEST_SHA1, records, 2);
    signature = check();
    assert_int_equal(signature.record, 2);
    assert_true(signature.sast);
    make(UCM_DIGEST_SHA1, records, 1);
    signature = check();
    assert_int_equal(signature.status, UCM_SIGNATURE_VALID);
    assert_int_equal(signature.record, 1);
    assert_false(signature.sast);
}

static void a_public_key_is_enough(void **state)
{
    const struct record_options records[] = {{signer, UCM_ROLE_SAST, true}};

    (void)state;
    make(UCM_DIGEST_SHA512, records, 1);
    assert_int_equal(check().status, UCM_SIGNATURE_VALID);
    assert_int_equal(check().certificate_size, 0);
}

static void assert_unverifiable(enum ucm_finding_id reason)
{
    struct ucm_signature signature = check();

    assert_int_equal(signature.status, UCM_SIGNATURE_UNVERIFIABLE);
    assert_int_equal(signature.reason, reason);
}

static void what_cannot_be_judged_says_why(void **state)
{
    const struct record_options records[] = {{other, UCM_ROLE_SAST, false},
                                             {signer, UCM_ROLE_SAST, false}};
    struct ucm_trustlist list;

    (void)state;
    make(UCM_DIGEST_SHA512, records, 1);
    assert_unverifiable(UCM_TL_SIGNER_ABSENT);
    make(UCM_DIGEST_SHA512, records, 2);
    ucm_trustlist_decode(maker.data, maker.size, &list);
    maker.data[list.value[UCM_HEADER_DIGEST].off] = 9;
    assert_unverifiable(UCM_TL_DIGEST_UNKNOWN);
    maker.data[list.value[UCM_HEADER_DIGEST].off] = UCM_DIGEST_SHA512;
    maker.data[list.value[UCM_HEADER_ALGORITHM].off] = 9;
    assert_unverifiable(UCM_TL_DIGEST_UNKNOWN);
    make_list(&maker, &(struct list_options){.signer = signer, .unsigned_list = true});
    assert_unverifiable(UCM_TL_SIGNATURE_MISSING);
    maker.size = 20;
    assert_unverifiable(UCM_TL_TRUNCATED);
}

static void a_key_that_is_not_rsa_is_not_judged(void **state)
{
    struct identity *ec =
        make_identity(&(struct identity_options){.cn = "CN=ITLRECOVERY_pub", .ec = true});
    const struct record_options records[] = {{ec, UCM_ROLE_SAST, false}};

    (void)state;
    make(UCM_DIGEST_SHA512, records, 1); /* same serial, so it is taken for the signer */
    assert_unverifiable(UCM_TL_DIGEST_UNKNOWN);
    free_identity(ec);
}

/* Two certificates with one serial number: the right one is found behind the wrong one. */
static void collisions_are_tried_in_turn(void **state)
{
    struct identity *twin =
        make_identity(&(struct identity_options){.cn = "CN=ITLRECOVERY_pub", .bits = 1024});
    const struct record_options records[] = {{twin, UCM_ROLE_SAST, false},
                                             {signer, UCM_ROLE_SAST, false}};

    (void)state;
    make(UCM_DIGEST_SHA512, records, 2);
    assert_int_equal(check().status, UCM_SIGNATURE_VALID);
    assert_int_equal(check().record, 2);
    make(UCM_DIGEST_SHA512, records, 1);
    assert_int_equal(check().status, UCM_SIGNATURE_INVALID);
    assert_int_equal(check().reason, UCM_TL_SIGNATURE_INVALID);
    free_identity(twin);
}

static void a_signed_file_needs_a_list(void **state)
{
    static const char body[] = "<device/>";
    static struct maker file;
    const struct record_options records[] = {{signer, UCM_ROLE_SAST, false}};
    const struct record_options strangers[] = {{other, UCM_ROLE_SAST, false}};
    struct ucm_trustlist signed_file;
    struct ucm_trustlist list;

    (void)state;
    make_list(&file, &(struct list_options){.signer = signer,
                                            .filename = "SEPB000B4BA0AEE.cnf.xml",
                                            .body = body,
                                            .body_size = sizeof body - 1});
    assert_true(ucm_trustlist_decode(file.data, file.size, &signed_file));
    assert_int_equal(ucm_signature_check(&signed_file, &signed_file).reason,
                     UCM_TL_SIGNED_ELSEWHERE);
    make(UCM_DIGEST_SHA512, records, 1);
    ucm_trustlist_decode(maker.data, maker.size, &list);
    assert_int_equal(ucm_signature_check(&signed_file, &list).status, UCM_SIGNATURE_VALID);
    file.data[file.size - 1] ^= 1;
    assert_int_equal(ucm_signature_check(&signed_file, &list).status, UCM_SIGNATURE_INVALID);
    make(UCM_DIGEST_SHA512, strangers, 1);
    ucm_trustlist_decode(maker.data, maker.size, &list);
    assert_int_equal(ucm_signature_check(&signed_file, &list).reason, UCM_TL_SIGNER_ABSENT);
}

static void a_broken_certificate_verifies_nothing(void **state)
{
    const struct record_options records[] = {{signer, UCM_ROLE_SAST, false}};
    struct ucm_trustlist list;
    struct ucm_record_walk walk;
    struct ucm_record record;

    (void)state;
    make(UCM_DIGEST_SHA512, records, 1);
    ucm_trustlist_decode(maker.data, maker.size, &list);
    walk = ucm_record_walk(&list);
    assert_true(ucm_record_next(&walk, &record));
    memset(maker.data + record.value[UCM_RECORD_CERTIFICATE].off, 0, 8);
    assert_int_not_equal(check().status, UCM_SIGNATURE_VALID);
    assert_int_equal(check().record, 1);
}

/* Only a list that is known to be valid by a certificate spares the second look. */
static void a_known_signer_is_not_verified_again(void **state)
{
    const struct record_options records[] = {{signer, UCM_ROLE_SAST, false}};
    const struct record_options keys[] = {{signer, UCM_ROLE_SAST, true}};
    struct ucm_signature own;
    struct ucm_trustlist list;
    static struct maker second;
    struct ucm_trustlist anchor;

    (void)state;
    make(UCM_DIGEST_SHA512, records, 1);
    assert_true(ucm_trustlist_decode(maker.data, maker.size, &list));
    own = ucm_signature_check(&list, &list);
    make_list(&second,
              &(struct list_options){.signer = signer, .records = records, .record_count = 1});
    assert_true(ucm_trustlist_decode(second.data, second.size, &anchor));
    maker.data[list.value[UCM_HEADER_SIGNATURE].off] ^= 1;
    assert_int_equal(ucm_signature_find(&list, NULL, &anchor).status, UCM_SIGNATURE_INVALID);
    assert_int_equal(ucm_signature_find(&list, &own, &anchor).status, UCM_SIGNATURE_VALID);
    assert_int_equal(ucm_signature_find(&list, &own, &anchor).record, 1);
    assert_int_equal(ucm_signature_find(&list, &own, &anchor).roles, 1);
    own.status = UCM_SIGNATURE_UNVERIFIABLE;
    assert_int_equal(ucm_signature_find(&list, &own, &anchor).status, UCM_SIGNATURE_INVALID);
    own.status = UCM_SIGNATURE_VALID;
    own.certificate_size = 0;
    make_list(&second,
              &(struct list_options){.signer = signer, .records = keys, .record_count = 1});
    assert_true(ucm_trustlist_decode(second.data, second.size, &anchor));
    assert_int_equal(ucm_signature_find(&list, &own, &anchor).status, UCM_SIGNATURE_INVALID);
}

static void statuses_have_names(void **state)
{
    (void)state;
    assert_string_equal(ucm_signature_status_name(UCM_SIGNATURE_VALID), "valid");
    assert_string_equal(ucm_signature_status_name(UCM_SIGNATURE_INVALID), "invalid");
    assert_string_equal(ucm_signature_status_name(UCM_SIGNATURE_UNVERIFIABLE), "unverifiable");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_digest_verifies),
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(the_sast_record_is_named),
        cmocka_unit_test(a_public_key_is_enough),
        cmocka_unit_test(what_cannot_be_judged_says_why),
        cmocka_unit_test(a_key_that_is_not_rsa_is_not_judged),
        cmocka_unit_test(collisions_are_tried_in_turn),
        cmocka_unit_test(a_signed_file_needs_a_list),
        cmocka_unit_test(a_broken_certificate_verifies_nothing),
        cmocka_unit_test(a_known_signer_is_not_verified_again),
        cmocka_unit_test(statuses_have_names),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
