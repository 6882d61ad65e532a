/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Certificates that were read before: what is found is what reading gives, and nothing else.
 */
#include "maker.h"

#include "common/cert_cache.h"

#include <openssl/x509.h>

static struct identity *rsa;
static struct identity *ec;

static int set_up(void **state)
{
    (void)state;
    rsa = make_identity(&(struct identity_options){.cn = "CN=one"});
    ec = make_identity(&(struct identity_options){.cn = "CN=other", .ec = true});
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free_identity(rsa);
    free_identity(ec);
    return 0;
}

static void assert_read(struct ucm_cert_cache *cache, const uint8_t *der, size_t size)
{
    struct ucm_cert expected;
    struct ucm_cert found;

    assert_true(ucm_cert_read(der, size, &expected));
    assert_true(ucm_cert_cache_read(cache, der, size, &found));
    assert_memory_equal(&found, &expected, sizeof found);
}

static void assert_key(struct ucm_cert_cache *cache, const uint8_t *der, size_t size,
                       const struct identity *identity)
{
    EVP_PKEY *key = ucm_cert_cache_key(cache, der, size);

    assert_non_null(key);
    assert_int_equal(EVP_PKEY_eq(key, identity->key), 1);
    EVP_PKEY_free(key);
}

/* In whatever order: read and found, with and without its key. */
static void what_is_found_is_what_was_read(void **state)
{
    struct ucm_cert_cache *cache = ucm_cert_cache_new();

    (void)state;
    for (int turn = 0; turn < 3; turn++) {
        assert_read(cache, rsa->der, rsa->der_size);
        assert_key(cache, ec->der, ec->der_size, ec);
        assert_key(cache, rsa->der, rsa->der_size, rsa);
        assert_read(cache, ec->der, ec->der_size);
    }
    ucm_cert_cache_free(cache);
}

static void no_cache_is_none_that_finds(void **state)
{
    (void)state;
    assert_read(NULL, rsa->der, rsa->der_size);
    assert_key(NULL, rsa->der, rsa->der_size, rsa);
    ucm_cert_cache_free(NULL);
}

static void what_is_no_certificate_is_not_kept(void **state)
{
    struct ucm_cert_cache *cache = ucm_cert_cache_new();
    uint8_t *longer = malloc(rsa->der_size + 1);
    struct ucm_cert cert;

    (void)state;
    assert_non_null(longer);
    memcpy(longer, rsa->der, rsa->der_size);
    longer[rsa->der_size] = 0;
    for (int turn = 0; turn < 2; turn++) {
        assert_false(ucm_cert_cache_read(cache, longer, rsa->der_size + 1, &cert));
        assert_false(ucm_cert_cache_read(cache, longer, 3, &cert));
        assert_null(ucm_cert_cache_key(cache, longer, 3));
        assert_key(cache, longer, rsa->der_size + 1, rsa); /* a key may have bytes behind it */
    }
    free(longer);
    ucm_cert_cache_free(cache);
}

/* A certificate by its number: nobody looks at the signature here. */
static void number(uint8_t *der, size_t size, uint32_t value)
{
    struct ucm_cert_key key;

    assert_true(ucm_cert_key(der, size, &key));
    ucm_put_number(der + key.serial.off + key.serial.len - 4, value, 4);
}

/* Beyond what is kept, everything is still read: twice, so that what is there is found as well. */
static void many_are_told_apart(void **state)
{
    struct ucm_cert_cache *cache = ucm_cert_cache_new();
    struct ucm_cert cert;

    (void)state;
    for (int turn = 0; turn < 2; turn++)
        for (uint32_t i = 0; i < UCM_CERT_CACHE_MAX + 2; i++) {
            number(ec->der, ec->der_size, i);
            assert_true(ucm_cert_cache_read(cache, ec->der, ec->der_size, &cert));
            assert_int_equal(ucm_number(cert.serial, (struct ucm_view){12, 4}), i);
            assert_string_equal(cert.subject, "CN=other");
        }
    assert_key(cache, ec->der, ec->der_size, ec); /* one of those that found no room */
    ucm_cert_cache_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_found_is_what_was_read),
        cmocka_unit_test(no_cache_is_none_that_finds),
        cmocka_unit_test(what_is_no_certificate_is_not_kept),
        cmocka_unit_test(many_are_told_apart),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
