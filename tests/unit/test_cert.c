/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading certificates: the fields, odd ones, and what is no certificate.
 */
#include "maker.h"

#include "common/cert.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

static void fields_are_read(void **state)
{
    struct identity *identity = make_identity(
        &(struct identity_options){.cn = "CN=cucm-sub.example", .not_before = NOW, .bits = 1024});
    struct ucm_cert cert;

    (void)state;
    assert_true(ucm_cert_read(identity->der, identity->der_size, &cert));
    assert_string_equal(cert.subject, "CN=cucm-sub.example");
    assert_string_equal(cert.issuer, "CN=cucm-sub.example");
    assert_string_equal(cert.serial_hex, "245A5A5A5A5A5A5A5A5A5A5A5A5A5A5A");
    assert_int_equal(cert.serial_size, 16);
    assert_int_equal(cert.not_before, NOW);
    assert_int_equal(cert.not_after, (int64_t)NOW + 5LL * YEAR);
    assert_string_equal(cert.key, "RSA 1024");
    assert_int_equal(cert.key_bits, 1024);
    assert_true(cert.is_rsa);
    assert_int_equal(cert.key_size, 140); /* PKCS#1, as published lists hold it */
    free_identity(identity);
}

/* The digest is over the bytes that a record holds of the key. */
static void keys_are_told_apart_by_their_digest(void **state)
{
    struct identity *identity = make_identity(&(struct identity_options){0});
    uint8_t digest[UCM_SHA256_SIZE];
    unsigned char *der = NULL;
    int size = i2d_PublicKey(identity->key, &der);
    struct ucm_cert cert;

    (void)state;
    assert_true(ucm_cert_read(identity->der, identity->der_size, &cert));
    assert_int_equal(cert.key_size, size);
    assert_true(ucm_sha256(der, (size_t)size, digest));
    assert_memory_equal(cert.key_sha256, digest, sizeof digest);
    OPENSSL_free(der);
    free_identity(identity);
}

static void elliptic_curves_are_named(void **state)
{
    struct identity *identity = make_identity(&(struct identity_options){.ec = true});
    struct ucm_cert cert;

    (void)state;
    assert_true(ucm_cert_read(identity->der, identity->der_size, &cert));
    assert_string_equal(cert.key, "EC 256");
    assert_false(cert.is_rsa);
    assert_int_equal(cert.key_size, 65); /* the point, uncompressed */
    free_identity(identity);
}

/* CUCM makes none of these; what it cannot name is measured all the same. */
static void other_keys_are_measured(void **state)
{
    struct identity *identity = make_identity(&(struct identity_options){0});
    const unsigned char *p = identity->der;
    X509 *x509 = d2i_X509(NULL, &p, (long)identity->der_size);
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    unsigned char *der = NULL;
    struct ucm_cert cert;
    int size;

    (void)state;
    assert_int_equal(X509_set_pubkey(x509, key), 1);
    assert_true(X509_sign(x509, identity->key, EVP_sha256()) > 0);
    size = i2d_X509(x509, &der);
    assert_true(ucm_cert_read(der, (size_t)size, &cert));
    assert_string_equal(cert.key, "key 256");
    assert_false(cert.is_rsa);
    assert_int_equal(cert.key_size, 32);
    OPENSSL_free(der);
    EVP_PKEY_free(key);
    X509_free(x509);
    free_identity(identity);
}

/* What d2i_X509() would read, and no more; with the key that it would make. */
static void compare_with_openssl(const uint8_t *der, size_t size)
{
    const unsigned char *p = der;
    X509 *x509 = d2i_X509(NULL, &p, (long)size);
    const bool whole = x509 != NULL && p == der + size;
    const EVP_PKEY *wanted = whole ? X509_get0_pubkey(x509) : NULL;
    EVP_PKEY *key = NULL;
    struct ucm_cert cert = {.key_bits = 0};

    assert_int_equal(ucm_cert_read_with(der, size, NULL, &cert, &key), whole);
    assert_int_equal(key != NULL, wanted != NULL);
    assert_int_equal(cert.key_bits, wanted != NULL ? EVP_PKEY_get_bits(wanted) : 0);
    assert_int_equal(cert.is_rsa, wanted != NULL && EVP_PKEY_get_base_id(wanted) == EVP_PKEY_RSA);
    if (whole && wanted == NULL)
        assert_string_equal(cert.key, "key 0");
    if (wanted != NULL)
        assert_int_equal(EVP_PKEY_eq(key, wanted), 1);
    EVP_PKEY_free(key);
    X509_free(x509);
}

/* We leave the key alone that d2i_X509() makes: whatever is damaged, it must not show. */
static void damaged_certificates_read_as_openssl_reads_them(void **state)
{
    for (int ec = 0; ec < 2; ec++) {
        struct identity *identity = make_identity(&(struct identity_options){.ec = ec == 1});

        (void)state;
        compare_with_openssl(identity->der, identity->der_size);
        for (size_t at = 0; at < identity->der_size; at++) {
            uint8_t *changed = exact(identity->der, identity->der_size);

            changed[at] ^= (uint8_t)(1 << at % 8);
            compare_with_openssl(changed, identity->der_size);
            changed[at] ^= 0xff;
            compare_with_openssl(changed, identity->der_size);
            free(changed);
        }
        free_identity(identity);
    }
}

/* A leading zero byte of the serial number (high bit set) is not shown, as in CUCM traces. */
static void serial_has_no_leading_zero(void **state)
{
    struct identity *identity = make_identity(&(struct identity_options){.serial = 0xf4});
    struct ucm_cert cert;

    (void)state;
    assert_true(ucm_cert_read(identity->der, identity->der_size, &cert));
    assert_int_equal(cert.serial_size, 16);
    assert_int_equal(cert.serial[0], 0xf4);
    free_identity(identity);
}

static X509 *with_name(const struct identity *identity)
{
    static const char *const parts[][2] = {{"C", "AU"},       {"ST", "QLD"},  {"L", "Brisbane"},
                                           {"O", "Stormin"},  {"OU", "a"},    {"OU", "b"},
                                           {"CN", "ucm|pub"}, {"DC", "local"}};
    const unsigned char *p = identity->der;
    X509 *x509 = d2i_X509(NULL, &p, (long)identity->der_size);
    X509_NAME *name = X509_NAME_new();

    for (size_t i = 0; i < COUNT_OF(parts); i++)
        X509_NAME_add_entry_by_txt(name, parts[i][0], MBSTRING_UTF8,
                                   (const unsigned char *)parts[i][1], -1, -1, 0);
    X509_set_subject_name(x509, name);
    X509_NAME_free(name);
    X509_sign(x509, identity->key, EVP_sha256());
    return x509;
}

static void names_come_in_the_order_of_cucm(void **state)
{
    struct identity *identity = make_identity(&(struct identity_options){0});
    X509 *x509 = with_name(identity);
    unsigned char *der = NULL;
    int size = i2d_X509(x509, &der);
    struct ucm_cert cert;

    (void)state;
    assert_true(ucm_cert_read(der, (size_t)size, &cert));
    assert_string_equal(cert.subject,
                        "CN=ucm|pub;OU=a;OU=b;O=Stormin;L=Brisbane;ST=QLD;C=AU;DC=local");
    OPENSSL_free(der);
    X509_free(x509);
    free_identity(identity);
}

static void damaged_certificates_are_refused(void **state)
{
    struct identity *identity = make_identity(&(struct identity_options){0});
    struct ucm_cert cert = {.key_bits = 77};

    (void)state;
    for (size_t size = 0; size < identity->der_size; size++) {
        uint8_t *data = exact(identity->der, size);

        assert_false(ucm_cert_read(data, size, &cert));
        free(data);
    }
    assert_false(ucm_cert_read(identity->der, identity->der_size + 1, &cert)); /* trailing byte */
    assert_false(ucm_cert_read(identity->der, SIZE_MAX, &cert));
    assert_int_equal(cert.key_bits, 77);
    free_identity(identity);
}

static void der_and_pem_files_are_read(void **state)
{
    struct identity *identity = make_identity(&(struct identity_options){0});
    const unsigned char *p = identity->der;
    X509 *x509 = d2i_X509(NULL, &p, (long)identity->der_size);
    BIO *bio = BIO_new(BIO_s_mem());
    uint8_t out[4096];
    char *pem;
    long size;

    (void)state;
    BIO_puts(bio, "some text before\n");
    PEM_write_bio_X509(bio, x509);
    size = BIO_get_mem_data(bio, &pem);
    assert_int_equal(ucm_cert_der((const uint8_t *)pem, (size_t)size, out, sizeof out),
                     identity->der_size);
    assert_memory_equal(out, identity->der, identity->der_size);
    assert_int_equal(ucm_cert_der(identity->der, identity->der_size, out, sizeof out),
                     identity->der_size);
    assert_int_equal(ucm_cert_der(identity->der, identity->der_size, out, 10), 0);
    assert_int_equal(ucm_cert_der((const uint8_t *)"nothing", 7, out, sizeof out), 0);
    BIO_free(bio);
    X509_free(x509);
    free_identity(identity);
}

static void digests_are_those_of_show_itl(void **state)
{
    uint8_t sha1[UCM_SHA1_SIZE];
    uint8_t md5[16];
    char hex[41];

    (void)state;
    assert_true(ucm_sha1((const uint8_t *)"abc", 3, sha1));
    ucm_hex(sha1, sizeof sha1, hex);
    assert_string_equal(hex, "A9993E364706816ABA3E25717850C26C9CD0D89D");
    assert_true(ucm_md5((const uint8_t *)"abc", 3, md5));
    ucm_hex(md5, sizeof md5, hex);
    assert_string_equal(hex, "900150983CD24FB0D6963F7D28E17F72");
}

static void days_are_rounded_down(void **state)
{
    (void)state;
    assert_int_equal(ucm_days_until(NOW + DAY, NOW), 1);
    assert_int_equal(ucm_days_until(NOW + DAY - 1, NOW), 0);
    assert_int_equal(ucm_days_until(NOW, NOW), 0);
    assert_int_equal(ucm_days_until(NOW - 1, NOW), -1);
    assert_int_equal(ucm_days_until(NOW - DAY, NOW), -1);
    assert_int_equal(ucm_days_until(NOW - DAY - 1, NOW), -2);
}

/* A name alone reads as it does in its certificate; what is damaged, or goes on, is none. */
static void names_are_read_alone(void **state)
{
    struct identity *identity = make_identity(&(struct identity_options){.serial = 0x80});
    struct ucm_cert_key key;
    struct ucm_cert cert;
    char name[UCM_CERT_NAME_MAX] = "before";
    uint8_t *more;

    (void)state;
    assert_true(ucm_cert_read(identity->der, identity->der_size, &cert));
    assert_true(ucm_cert_key(identity->der, identity->der_size, &key));
    assert_true(ucm_cert_name(identity->der + key.issuer.off, key.issuer.len, name));
    assert_true(name[0] != '\0');
    assert_string_equal(name, cert.issuer);
    for (uint32_t size = 0; size < key.issuer.len; size++) {
        uint8_t *cut = exact(identity->der + key.issuer.off, size);

        assert_false(ucm_cert_name(cut, size, name));
        assert_string_equal(name, "");
        free(cut);
    }
    more = exact(identity->der + key.issuer.off, key.issuer.len + 1);
    assert_false(ucm_cert_name(more, key.issuer.len + 1, name));
    assert_string_equal(name, "");
    free(more);
    free_identity(identity);
}

/* The fast look finds what OpenSSL finds, in every certificate that is whole; nothing in others. */
static void issuer_and_serial_are_found(void **state)
{
    struct identity *identity = make_identity(&(struct identity_options){.serial = 0x80});
    const unsigned char *p = identity->der;
    X509 *x509 = d2i_X509(NULL, &p, (long)identity->der_size);
    unsigned char *name = NULL;
    int name_size = i2d_X509_NAME(X509_get_issuer_name(x509), &name);
    struct ucm_cert_key key = {{1, 2}, {3, 4}};
    struct ucm_cert cert;
    uint32_t end;

    (void)state;
    assert_true(ucm_cert_read(identity->der, identity->der_size, &cert));
    assert_true(ucm_cert_key(identity->der, identity->der_size, &key));
    assert_int_equal(key.serial.len, cert.serial_size); /* the DER has a zero byte before it */
    assert_memory_equal(identity->der + key.serial.off, cert.serial, cert.serial_size);
    assert_int_equal(key.issuer.len, name_size);
    assert_memory_equal(identity->der + key.issuer.off, name, (size_t)name_size);
    end = key.issuer.off + key.issuer.len;
    for (size_t size = 0; size < identity->der_size; size++) {
        uint8_t *cut = exact(identity->der, size);
        struct ucm_cert_key before = key;

        assert_false(ucm_cert_key(cut, size, &key)); /* the outermost length says more */
        assert_memory_equal(&before, &key, sizeof key);
        free(cut);
    }
    for (size_t at = 0; at < end; at++)
        for (int bit = 0; bit < 8; bit++) {
            uint8_t *changed = exact(identity->der, identity->der_size);
            struct ucm_cert_key other;

            changed[at] ^= (uint8_t)(1 << bit);
            if (ucm_cert_key(changed, identity->der_size, &other)) {
                assert_true(other.issuer.off + other.issuer.len <= identity->der_size);
                assert_true(other.serial.off + other.serial.len <= identity->der_size);
            }
            free(changed);
        }
    OPENSSL_free(name);
    X509_free(x509);
    free_identity(identity);
}

static bool subject_of(const uint8_t *der, size_t size, char name[UCM_CERT_NAME_MAX])
{
    struct ucm_view subject;

    name[0] = '\0';
    return ucm_cert_subject(der, size, &subject) &&
           ucm_cert_name(der + subject.off, subject.len, name);
}

/* The subject is found without the rest, in every certificate that goes as far. */
static void the_subject_is_found_alone(void **state)
{
    struct identity *identity = make_identity(&(struct identity_options){.cn = "CN=ITLRECOVERY_a"});
    char name[UCM_CERT_NAME_MAX] = "before";
    struct ucm_cert_key key;
    uint32_t dates;

    (void)state;
    assert_true(subject_of(identity->der, identity->der_size, name));
    assert_string_equal(name, "CN=ITLRECOVERY_a");
    assert_true(ucm_cert_key(identity->der, identity->der_size, &key));
    dates = key.issuer.off + key.issuer.len;
    for (size_t size = 0; size < identity->der_size; size++) {
        uint8_t *cut = exact(identity->der, size);

        assert_false(subject_of(cut, size, name));
        assert_string_equal(name, "");
        free(cut);
    }
    for (size_t i = 0; i < 3; i++) { /* the dates, the subject, and inside of it */
        const uint32_t subject = dates + 2 + identity->der[dates + 1];
        const uint32_t at[] = {dates, subject, subject + 2};
        uint8_t *changed = exact(identity->der, identity->der_size);

        changed[at[i]] = 0x04;
        assert_false(subject_of(changed, identity->der_size, name));
        assert_string_equal(name, "");
        free(changed);
    }
    free_identity(identity);
}

static void der_is_read_strictly(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        bool found;
        uint32_t serial;
    } rows[] = {
        {"\x30\x0b\x30\x09\x02\x01\x05\x30\x00\x30\x02\x05\x00", 13, true, 6},
        {"\x30\x0e\x30\x0c\xa0\x01\x02\x02\x01\x05\x30\x00\x30\x02\x05\x00", 16, true, 9},
        {"\x30\x81\x0b\x30\x09\x02\x01\x05\x30\x00\x30\x02\x05\x00", 14, true, 7},
        {"\x30\x84\x00\x00\x00\x0b\x30\x09\x02\x01\x05\x30\x00\x30\x02\x05\x00", 17, true, 10},
        {"\x30\x85\x00\x00\x00\x00\x0b\x30\x09\x02\x01\x05\x30\x00\x30\x02\x05\x00", 18, false, 0},
        {"\x30\x80\x30\x09\x02\x01\x05\x30\x00\x30\x02\x05\x00", 13, false, 0},
        {"\x30\x0b\x30\x09\x03\x01\x05\x30\x00\x30\x02\x05\x00", 13, false, 0},
        {"\x30\x0b\x30\x09\x02\x01\x05\x31\x00\x30\x02\x05\x00", 13, false, 0},
        {"\x30\x0b\x30\x09\x02\x01\x05\x30\x00\x31\x02\x05\x00", 13, false, 0},
        {"\x31\x0b\x30\x09\x02\x01\x05\x30\x00\x30\x02\x05\x00", 13, false, 0},
        {"\x30\x0b\x31\x09\x02\x01\x05\x30\x00\x30\x02\x05\x00", 13, false, 0},
        {"\x30\x02\x30\x00", 4, false, 0},
        {"\x30\x05\x30\x03\xa0\x01\x02", 7, false, 0},
        {"\x30\x82\x00", 3, false, 0},
        {"\x30", 1, false, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t *der = exact((const uint8_t *)rows[i].bytes, rows[i].size);
        struct ucm_cert_key key;

        assert_int_equal(ucm_cert_key(der, rows[i].size, &key), rows[i].found);
        if (rows[i].found) {
            assert_int_equal(key.serial.off, rows[i].serial);
            assert_int_equal(key.serial.len, 1);
            assert_int_equal(key.issuer.off, rows[i].serial + 3);
            assert_int_equal(key.issuer.len, 4);
        }
        free(der);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_read),
        cmocka_unit_test(keys_are_told_apart_by_their_digest),
        cmocka_unit_test(elliptic_curves_are_named),
        cmocka_unit_test(other_keys_are_measured),
        cmocka_unit_test(damaged_certificates_read_as_openssl_reads_them),
        cmocka_unit_test(serial_has_no_leading_zero),
        cmocka_unit_test(names_come_in_the_order_of_cucm),
        cmocka_unit_test(damaged_certificates_are_refused),
        cmocka_unit_test(der_and_pem_files_are_read),
        cmocka_unit_test(digests_are_those_of_show_itl),
        cmocka_unit_test(names_are_read_alone),
        cmocka_unit_test(issuer_and_serial_are_found),
        cmocka_unit_test(the_subject_is_found_alone),
        cmocka_unit_test(der_is_read_strictly),
        cmocka_unit_test(days_are_rounded_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
