/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Building input for unit tests: see maker.h.
 */
#include "maker.h"

#include "common/trustlist.h"

#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* ---- bytes ---- */

void make_bytes(struct maker *maker, const void *bytes, size_t size)
{
    assert_true(size <= sizeof maker->data - maker->size);
    if (size > 0)
        memcpy(maker->data + maker->size, bytes, size);
    maker->size += size;
}

void make_tlv(struct maker *maker, uint8_t tag, const void *value, size_t size)
{
    uint8_t head[3] = {tag, (uint8_t)(size >> 8), (uint8_t)size};

    make_bytes(maker, head, sizeof head);
    make_bytes(maker, value, size);
}

void make_text(struct maker *maker, uint8_t tag, const char *text)
{
    make_tlv(maker, tag, text, strlen(text) + 1);
}

void make_number(struct maker *maker, uint8_t tag, uint32_t value, uint32_t bytes)
{
    uint8_t number[4];

    ucm_put_number(number, value, bytes);
    make_tlv(maker, tag, number, bytes);
}

void make_filler(struct maker *maker, uint8_t tag, size_t size)
{
    uint8_t *filler = test_malloc(size + 1);

    memset(filler, 'x', size);
    make_tlv(maker, tag, filler, size);
    test_free(filler);
}

size_t make_open(struct maker *maker, uint8_t tag)
{
    make_tlv(maker, tag, NULL, 0);
    return maker->size;
}

void make_close(struct maker *maker, size_t open)
{
    make_patch(maker, open - 2, (uint32_t)(maker->size - open), 2);
}

void make_patch(struct maker *maker, size_t at, uint32_t value, uint32_t bytes)
{
    assert_true(at + bytes <= maker->size);
    ucm_put_number(maker->data + at, value, bytes);
}

uint8_t *exact(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);

    assert_non_null(copy);
    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}

/* ---- certificates ---- */

static EVP_PKEY *shared_key(const struct identity_options *options)
{
    static struct {
        int bits;
        EVP_PKEY *key;
    } keys[8];
    int bits = options->ec ? -256 : options->bits != 0 ? options->bits : 2048;
    size_t i = 0;

    while (i < COUNT_OF(keys) && keys[i].key != NULL && keys[i].bits != bits)
        i++;
    assert_true(i < COUNT_OF(keys));
    if (keys[i].key == NULL) {
        keys[i].bits = bits;
        keys[i].key = options->ec ? EVP_EC_gen("P-256") : EVP_RSA_gen((unsigned)bits);
    }
    assert_non_null(keys[i].key);
    EVP_PKEY_up_ref(keys[i].key);
    return keys[i].key;
}

static void add_padding(X509 *x509, size_t size)
{
    char *value = test_malloc(size + 1);
    ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
    X509_EXTENSION *extension;

    memset(value, 'p', size);
    ASN1_OCTET_STRING_set(octets, (const unsigned char *)value, (int)size);
    extension = X509_EXTENSION_create_by_NID(NULL, NID_netscape_comment, 0, octets);
    assert_int_equal(X509_add_ext(x509, extension, -1), 1);
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(octets);
    test_free(value);
}

static void build(struct identity *identity, const struct identity_options *options, size_t padding)
{
    X509 *x509 = X509_new();
    X509_NAME *name = X509_get_subject_name(x509);
    BIGNUM *number = BN_bin2bn(identity->serial, sizeof identity->serial, NULL);
    unsigned char *p = identity->der;
    int size;

    X509_set_version(x509, X509_VERSION_3);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)identity->name + 3,
                               -1, -1, 0);
    if (options->organisation != NULL)
        X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
                                   (const unsigned char *)options->organisation, -1, -1, 0);
    X509_set_issuer_name(x509, name);
    ASN1_TIME_set(X509_getm_notBefore(x509),
                  (time_t)(options->not_before != 0 ? options->not_before : NOW - YEAR));
    ASN1_TIME_set(
        X509_getm_notAfter(x509),
        (time_t)(options->not_after != 0 ? options->not_after : (int64_t)NOW + 5LL * YEAR));
    X509_set_pubkey(x509, identity->key);
    if (padding > 0)
        add_padding(x509, padding);
    assert_true(X509_sign(x509, identity->key, EVP_sha256()) > 0);
    size = i2d_X509(x509, NULL);
    assert_true(size > 0 && (size_t)size <= sizeof identity->der);
    identity->der_size = (size_t)i2d_X509(x509, &p);
    BN_free(number);
    X509_free(x509);
}

struct identity *make_identity(const struct identity_options *options)
{
    struct identity *identity = calloc(1, sizeof *identity);
    size_t padding = 0;

    assert_non_null(identity);
    identity->name = options->cn != NULL ? options->cn : "CN=cucm-pub.example";
    identity->key = shared_key(options);
    memset(identity->serial, 0x5a, sizeof identity->serial);
    identity->serial[0] = options->serial != 0 ? options->serial : 0x24;
    build(identity, options, 0);
    for (int tries = 0; options->der_size != 0 && identity->der_size != options->der_size;
         tries++) { /* an ECDSA signature changes its length, and length octets appear */
        assert_true(tries < 16);
        padding += options->der_size - identity->der_size;
        build(identity, options, padding);
    }
    return identity;
}

void free_identity(struct identity *identity)
{
    EVP_PKEY_free(identity->key);
    free(identity);
}

/* ---- lists ---- */

static void make_public_key(struct maker *maker, const struct identity *identity)
{
    unsigned char *der = NULL;
    int size = i2d_PublicKey(identity->key, &der);

    assert_true(size > 0);
    make_tlv(maker, UCM_RECORD_PUBLIC_KEY, der, (size_t)size);
    OPENSSL_free(der);
}

void make_record(struct maker *maker, const struct record_options *options)
{
    static const uint8_t address[] = {10, 48, 47, 153};
    const struct identity *identity = options->identity;
    size_t start = maker->size;

    make_number(maker, UCM_RECORD_LENGTH, 0, 2);
    make_text(maker, UCM_RECORD_DNS_NAME, "10.48.47.153");
    if (identity != NULL)
        make_text(maker, UCM_RECORD_SUBJECT, identity->name);
    if (options->role != MAKER_NO_ROLE)
        make_number(maker, UCM_RECORD_ROLE, options->role, 2);
    if (identity != NULL) {
        make_text(maker, UCM_RECORD_ISSUER, identity->name);
        make_tlv(maker, UCM_RECORD_SERIAL, identity->serial, sizeof identity->serial);
        make_public_key(maker, identity);
        if (!options->key_only)
            make_tlv(maker, UCM_RECORD_CERTIFICATE, identity->der, identity->der_size);
    }
    make_tlv(maker, UCM_RECORD_IP_ADDRESS, address, sizeof address);
    make_patch(maker, start + 3, (uint32_t)(maker->size - start), 2);
}

static void make_signer(struct maker *maker, const struct identity *signer)
{
    size_t container = make_open(maker, UCM_HEADER_SIGNER_ID);

    make_text(maker, UCM_HEADER_SIGNER_NAME, signer->name);
    make_tlv(maker, UCM_HEADER_SIGNER_SERIAL, signer->serial, sizeof signer->serial);
    make_text(maker, UCM_HEADER_SIGNER_ISSUER, signer->name);
    make_close(maker, container);
}

static uint8_t modulus_code(int bytes)
{
    for (uint8_t code = UCM_MODULUS_512; code <= UCM_MODULUS_4096; code++)
        if (ucm_modulus_bytes(code) == (uint32_t)bytes)
            return code;
    return 9;
}

static void make_signature_element(struct maker *maker, const struct identity *signer,
                                   uint8_t digest)
{
    size_t info = make_open(maker, UCM_HEADER_SIGNATURE_INFO);
    size_t algorithm;

    make_number(maker, UCM_HEADER_DIGEST, digest, 1);
    algorithm = make_open(maker, UCM_HEADER_ALGORITHM_INFO);
    make_number(maker, UCM_HEADER_ALGORITHM, UCM_ALGORITHM_RSA, 1);
    make_number(maker, UCM_HEADER_MODULUS, modulus_code(EVP_PKEY_get_size(signer->key)), 1);
    make_close(maker, algorithm);
    make_close(maker, info);
    make_filler(maker, UCM_HEADER_SIGNATURE, (size_t)EVP_PKEY_get_size(signer->key));
}

void make_list(struct maker *maker, const struct list_options *options)
{
    uint8_t digest = options->digest != 0 ? options->digest : UCM_DIGEST_SHA512;

    maker->size = 0;
    make_number(maker, UCM_HEADER_VERSION, UCM_LIST_VERSION_KNOWN, 2);
    make_number(maker, UCM_HEADER_LENGTH, 0, 2);
    make_signer(maker, options->signer);
    if (!options->unsigned_list)
        make_signature_element(maker, options->signer, digest);
    make_text(maker, UCM_HEADER_FILENAME,
              options->filename != NULL ? options->filename : "ITLFile.tlv");
    make_number(maker, UCM_HEADER_TIMESTAMP, options->timestamp != 0 ? options->timestamp : NOW, 4);
    while (maker->size % 4 != 0)
        make_bytes(maker, "\x0d", 1);
    make_patch(maker, 8, (uint32_t)maker->size, 2);
    for (size_t i = 0; i < options->record_count; i++)
        make_record(maker, &options->records[i]);
    make_bytes(maker, options->body, options->body_size);
    if (!options->unsigned_list)
        make_signature(maker, options->signer);
}

static const EVP_MD *digest_of(uint8_t number)
{
    return number == UCM_DIGEST_SHA1     ? EVP_sha1()
           : number == UCM_DIGEST_SHA256 ? EVP_sha256()
                                         : EVP_sha512();
}

void make_signature(struct maker *maker, const struct identity *signer)
{
    struct ucm_trustlist list;
    struct ucm_view ranges[2];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t size;

    assert_true(ucm_trustlist_decode(maker->data, maker->size, &list));
    assert_true(ucm_signed_ranges(&list, ranges));
    size = list.value[UCM_HEADER_SIGNATURE].len;
    assert_int_equal(EVP_DigestSignInit(context, NULL, digest_of(list.digest), NULL, signer->key),
                     1);
    for (int i = 0; i < 2; i++)
        EVP_DigestSignUpdate(context, maker->data + ranges[i].off, ranges[i].len);
    assert_int_equal(
        EVP_DigestSignFinal(context, maker->data + list.value[UCM_HEADER_SIGNATURE].off, &size), 1);
    EVP_MD_CTX_free(context);
}
