/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * When two certificates in stores are the same, stores as sets, and which of them expires first.
 * The shorthand is in store_lab.h.
 */
#include "store_lab.h"

static int reset(void **state)
{
    (void)state;
    store_certs_reset();
    return 0;
}

static bool same(char a, char b)
{
    const bool found = ucm_stored_same(store_letter(a), store_letter(b));

    assert_int_equal(found, ucm_stored_same(store_letter(b), store_letter(a)));
    return found;
}

static void the_bytes_decide(void **state)
{
    static const uint8_t longer[] = {'A', 'A'};

    (void)state;
    assert_true(same('A', 'A'));
    assert_false(same('A', 'B'));
    *store_letter('B') = *store_letter('A');
    assert_true(same('A', 'B'));
    store_letter('B')->der = longer;
    store_letter('B')->size = sizeof longer;
    assert_false(same('A', 'B')); /* though the digest claims to be the same */
}

static void then_the_digest(void **state)
{
    (void)state;
    store_letter('A')->known = UCM_KNOWN_SHA1 | UCM_KNOWN_ISSUER | UCM_KNOWN_SERIAL;
    assert_false(same('A', 'B'));
    memcpy(store_letter('B')->cert.sha1, store_letter('A')->cert.sha1, UCM_SHA1_SIZE);
    assert_true(same('A', 'B')); /* though names and serial numbers differ */
}

static void then_issuer_and_serial_number(void **state)
{
    (void)state;
    store_letter('A')->known = UCM_KNOWN_ISSUER | UCM_KNOWN_SERIAL;
    store_letter('B')->cert = store_letter('A')->cert;
    assert_true(same('A', 'B'));
    store_name('B', "CN=A;O=X", "CN=Z");
    assert_false(same('A', 'B'));
    store_name('B', "CN=A;O=X", "CN=A;O=X");
    store_letter('B')->cert.serial[0]++;
    assert_false(same('A', 'B'));
    store_letter('B')->cert.serial_size++;
    assert_false(same('A', 'B'));
}

/* Names alone never make two certificates the same. */
static void less_is_nothing(void **state)
{
    static const uint32_t known[] = {UCM_KNOWN_SUBJECT | UCM_KNOWN_ISSUER, UCM_KNOWN_SERIAL,
                                     UCM_KNOWN_ISSUER, UCM_KNOWN_SUBJECT | UCM_KNOWN_NOT_AFTER, 0};

    (void)state;
    store_letter('B')->cert = store_letter('A')->cert;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        store_letter('A')->known = known[i];
        assert_false(same('A', 'B'));
    }
    store_letter('A')->known = UCM_KNOWN_SHA1;
    store_letter('B')->known = UCM_KNOWN_ISSUER | UCM_KNOWN_SERIAL;
    assert_false(same('A', 'B'));
}

static void stores_are_bits(void **state)
{
    struct ucm_stores stores = {0};
    uint32_t bits = 0;
    unsigned count = 0;

    (void)state;
    for (uint32_t number = 1; number < UCM_STORE_END; number++) {
        if (ucm_store_name(number) == NULL)
            continue;
        assert_int_equal(bits & ucm_store_bit((enum ucm_store)number), 0);
        bits |= ucm_store_bit((enum ucm_store)number);
        count++;
    }
    assert_int_equal(count, 18);
    assert_int_equal(ucm_store_bit(UCM_STORE_NONE), 0);
    stores.complete = ucm_store_bit(UCM_STORE_ITLRECOVERY);
    assert_true(ucm_store_is_complete(&stores, UCM_STORE_ITLRECOVERY));
    assert_false(ucm_store_is_complete(&stores, UCM_STORE_TVS));
    assert_false(ucm_store_is_complete(&stores, UCM_STORE_NONE));
}

static void assert_first(const char *text, const char *expected)
{
    struct ucm_stores *stores = store_make(text, NULL);
    const struct ucm_stored *first = ucm_stores_first_to_expire(stores);
    const struct ucm_stored_cert *wanted = expected != NULL ? store_letter(*expected) : NULL;

    assert_ptr_equal(first != NULL ? first->certificate : NULL, wanted);
    store_free(stores);
}

static void one_of_those_in_use_expires_first(void **state)
{
    (void)state;
    store_dates('B', -400, 10);
    store_dates('C', -400, 5);
    assert_first("a/TVS=A a/CAPF=B", "B");
    assert_first("a/TVS=B a/CAPF=A", "B");        /* stores are in the order of their numbers */
    assert_first("a/CAPF=B a/CAPF-trust=C", "B"); /* nothing breaks with what is only trusted */
    assert_first("a/CAPF-trust=C", NULL);
    store_letter('B')->known &= ~(uint32_t)UCM_KNOWN_NOT_AFTER;
    assert_first("a/TVS=A a/CAPF=B", "A");
    store_letter('A')->cert.not_after = UCM_TIME_NONE;
    assert_first("a/TVS=A a/CAPF=B", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_bytes_decide, reset),
        cmocka_unit_test_setup(then_the_digest, reset),
        cmocka_unit_test_setup(then_issuer_and_serial_number, reset),
        cmocka_unit_test_setup(less_is_nothing, reset),
        cmocka_unit_test_setup(stores_are_bits, reset),
        cmocka_unit_test_setup(one_of_those_in_use_expires_first, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
