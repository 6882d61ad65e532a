/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Numbers and names: known ones have a name, unknown ones none.
 */
#include "maker.h"

#include "common/names.h"

static void known_numbers_have_names(void **state)
{
    (void)state;
    assert_string_equal(ucm_role_name(UCM_ROLE_SAST), "SAST");
    assert_string_equal(ucm_role_name(21), "TVS");
    assert_string_equal(ucm_role_name(255), "Unknown role");
    assert_string_equal(ucm_tvs_type_name(4), "Certificate query response");
    assert_string_equal(ucm_tvs_tag_name(9), "Time to live");
    assert_string_equal(ucm_tvs_status_name(0), "found and trusted");
    assert_string_equal(ucm_header_tag_name(28), "Signer version");
    assert_string_equal(ucm_record_tag_name(9), "Certificate");
    assert_string_equal(ucm_digest_name(3), "SHA-512");
    assert_string_equal(ucm_algorithm_name(0), "RSA PKCS#1 v1.5");
}

static void unknown_numbers_have_none(void **state)
{
    static const char *(*const look_up[])(uint32_t) = {
        ucm_role_name,       ucm_tvs_type_name,   ucm_tvs_tag_name, ucm_tvs_status_name,
        ucm_header_tag_name, ucm_record_tag_name, ucm_digest_name,  ucm_algorithm_name};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(look_up); i++) {
        assert_null(look_up[i](100));
        assert_null(look_up[i](UINT32_MAX));
    }
    assert_null(ucm_record_tag_name(28)); /* a header tag only */
}

static void modulus_codes_give_lengths(void **state)
{
    (void)state;
    assert_int_equal(ucm_modulus_bytes(0), 64);
    assert_int_equal(ucm_modulus_bytes(1), 128);
    assert_int_equal(ucm_modulus_bytes(2), 256);
    assert_int_equal(ucm_modulus_bytes(3), 512);
    assert_int_equal(ucm_modulus_bytes(4), 0);
}

static void stores_have_names_and_roles(void **state)
{
    (void)state;
    assert_string_equal(ucm_store_name(14), "Phone-SAST-trust");
    assert_null(ucm_store_name(0));
    assert_null(ucm_store_name(99));
    for (uint32_t number = 1; number < 99; number++)
        if (ucm_store_name(number) != NULL)
            assert_int_equal(ucm_store_find(ucm_store_name(number)), number);
    assert_int_equal(ucm_store_find("callmanager-TRUST"), UCM_STORE_CALLMANAGER_TRUST);
    assert_int_equal(ucm_store_find("CallManager-trus"), UCM_STORE_NONE);
    assert_int_equal(ucm_store_find("CallManager-trust2"), UCM_STORE_NONE);
    assert_int_equal(ucm_store_find(""), UCM_STORE_NONE);
    assert_true(ucm_store_is_own(UCM_STORE_ITLRECOVERY));
    assert_false(ucm_store_is_own(UCM_STORE_PHONE_SAST_TRUST));
    assert_false(ucm_store_is_own(UCM_STORE_NONE));
    assert_int_equal(ucm_store_roles(UCM_STORE_PHONE_SAST_TRUST), 1u << 0 | 1u << 3);
    assert_int_equal(ucm_store_roles(UCM_STORE_CALLMANAGER_TRUST), 0);
    assert_int_equal(ucm_store_roles(UCM_STORE_NONE), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_numbers_have_names),
        cmocka_unit_test(unknown_numbers_have_none),
        cmocka_unit_test(modulus_codes_give_lengths),
        cmocka_unit_test(stores_have_names_and_roles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
