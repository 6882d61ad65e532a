/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Certificates that were read before: what is found is what reading gives, and nothing else.
 */
#include "maker.h"

#include "common/cert_cache.h"

#include <openssl/pem.h>
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
    const struct ucm_cert *found;

    assert_true(ucm_cert_read(der, size, &expected));
    assert_true(ucm_cert_cache_read(cache, der, size, &found));
    assert_memory_equal(found, &expected, sizeof expected);
    ucm_cert_release(found);
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

/* Whoever reads it again holds the same one, which stays where it is as long as somebody does. */
static void who_holds_one_shares_it(void **state)
{
    struct ucm_cert_cache *cache = ucm_cert_cache_new();
    const struct ucm_cert *first;
    const struct ucm_cert *second;
    const struct ucm_cert *alone;

    (void)state;
    assert_true(ucm_cert_cache_read(cache, rsa->der, rsa->der_size, &first));
    assert_true(ucm_cert_cache_read(cache, rsa->der, rsa->der_size, &second));
    assert_ptr_equal(first, second);
    assert_true(ucm_cert_cache_read(NULL, rsa->der, rsa->der_size, &alone));
    assert_ptr_not_equal(first, alone);
    ucm_cert_release(first);
    assert_key(cache, rsa->der, rsa->der_size, rsa);
    ucm_cert_cache_free(cache);
    assert_string_equal(second->subject, alone->subject);
    ucm_cert_release(second);
    ucm_cert_release(alone);
    ucm_cert_release(NULL);
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
    const struct ucm_cert *cert;

    (void)state;
    assert_non_null(longer);
    memcpy(longer, rsa->der, rsa->der_size);
    longer[rsa->der_size] = 0;
    for (int turn = 0; turn < 2; turn++) {
        assert_true(ucm_cert_cache_read(cache, longer, rsa->der_size + 1, &cert));
        assert_null(cert);
        assert_true(ucm_cert_cache_read(cache, longer, 3, &cert));
        assert_null(cert);
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
    const struct ucm_cert *cert;

    (void)state;
    for (int turn = 0; turn < 2; turn++)
        for (uint32_t i = 0; i < UCM_CERT_CACHE_MAX + 2; i++) {
            number(ec->der, ec->der_size, i);
            assert_true(ucm_cert_cache_read(cache, ec->der, ec->der_size, &cert));
            assert_int_equal(ucm_number(cert->serial, (struct ucm_view){12, 4}), i);
            assert_string_equal(cert->subject, "CN=other");
            ucm_cert_release(cert);
        }
    assert_key(cache, ec->der, ec->der_size, ec); /* one of those that found no room */
    ucm_cert_cache_free(cache);
}

/* ---- files ---- */

static size_t pem_of(const struct identity *identity, const char *before, char *pem, size_t room)
{
    const unsigned char *p = identity->der;
    X509 *x509 = d2i_X509(NULL, &p, (long)identity->der_size);
    BIO *bio = BIO_new(BIO_s_mem());
    int size;

    BIO_puts(bio, before);
    PEM_write_bio_X509(bio, x509);
    size = BIO_read(bio, pem, (int)room);
    BIO_free(bio);
    X509_free(x509);
    assert_true(size > 0 && (size_t)size < room);
    return (size_t)size;
}

static void assert_file(struct ucm_cert_cache *cache, const void *file, size_t size,
                        const struct identity *identity)
{
    uint8_t out[4096];

    memset(out, 0xa5, sizeof out);
    assert_int_equal(ucm_cert_cache_der(cache, file, size, out, sizeof out), identity->der_size);
    assert_memory_equal(out, identity->der, identity->der_size);
    assert_int_equal(out[identity->der_size], 0xa5);
    assert_int_equal(ucm_cert_cache_der(cache, file, size, out, identity->der_size),
                     identity->der_size);
    assert_int_equal(ucm_cert_cache_der(cache, file, size, out, identity->der_size - 1), 0);
}

/* Read or kept, PEM or DER: the same certificate; and what only the slow way reads is read too. */
static void files_give_their_first_certificate(void **state)
{
    struct ucm_cert_cache *caches[] = {NULL, ucm_cert_cache_new()};
    uint8_t longer[4096];
    uint8_t out[4096];
    char pem[8192];
    size_t size;

    (void)state;
    memcpy(longer, rsa->der, rsa->der_size);
    longer[rsa->der_size] = 0;
    for (int turn = 0; turn < 4; turn++) {
        struct ucm_cert_cache *cache = caches[turn % 2];

        assert_file(cache, rsa->der, rsa->der_size, rsa);
        size = pem_of(rsa, "some text before\n", pem, sizeof pem);
        assert_file(cache, pem, size, rsa);
        size += pem_of(ec, "", pem + size, sizeof pem - size);
        assert_file(cache, pem, size, rsa);
        size = pem_of(ec, "", pem, sizeof pem);
        assert_file(cache, pem, size, ec);
        size =
            pem_of(ec, "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", pem, sizeof pem);
        assert_file(cache, pem, size, ec);
        assert_file(cache, longer, rsa->der_size + 1, rsa); /* bytes behind DER do not matter */
        assert_int_equal(ucm_cert_cache_der(cache, (const uint8_t *)"nothing", 7, out, 7), 0);
        size = pem_of(ec, "", pem, sizeof pem);
        pem[40] = '!';
        assert_int_equal(ucm_cert_cache_der(cache, (const uint8_t *)pem, size, out, sizeof out), 0);
    }
    ucm_cert_cache_free(caches[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_found_is_what_was_read),
        cmocka_unit_test(who_holds_one_shares_it),
        cmocka_unit_test(no_cache_is_none_that_finds),
        cmocka_unit_test(what_is_no_certificate_is_not_kept),
        cmocka_unit_test(many_are_told_apart),
        cmocka_unit_test(files_give_their_first_certificate),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
