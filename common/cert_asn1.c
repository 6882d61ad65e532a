/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A certificate without its key: see cert_asn1.h. d2i_X509() builds the key of each certificate
 * with the whole machinery of OpenSSL's decoders, which takes six times as long as all the rest; we
 * want the size of it, and of one certificate in a list the key itself. The templates are those of
 * RFC 5280, in the terms that OpenSSL has for them, and target_cert compares with d2i_X509().
 */
#include "cert_asn1.h"

#include <limits.h>
#include <stdbool.h>

#include <openssl/asn1t.h>
#include <openssl/bn.h>

/** RSAPublicKey (RFC 8017, A.1.1). */
struct rsa_key {
    BIGNUM *modulus;
    BIGNUM *exponent;
};

/* OpenSSL's macros. clang-format takes them for code that it would have to mend. */
/* clang-format off */
ASN1_SEQUENCE(RSA_KEY) = {
    ASN1_SIMPLE(struct rsa_key, modulus, BIGNUM),
    ASN1_SIMPLE(struct rsa_key, exponent, BIGNUM),
} static_ASN1_SEQUENCE_END_name(struct rsa_key, RSA_KEY)

ASN1_SEQUENCE(SPKI) = {
    ASN1_SIMPLE(struct ucm_asn1_spki, algorithm, X509_ALGOR),
    ASN1_SIMPLE(struct ucm_asn1_spki, bits, ASN1_BIT_STRING),
} static_ASN1_SEQUENCE_END_name(struct ucm_asn1_spki, SPKI)

ASN1_SEQUENCE(TBS) = {
    ASN1_EXP_OPT(struct ucm_asn1_tbs, version, ASN1_INTEGER, 0),
    ASN1_SIMPLE(struct ucm_asn1_tbs, serial, ASN1_INTEGER),
    ASN1_SIMPLE(struct ucm_asn1_tbs, signature, X509_ALGOR),
    ASN1_SIMPLE(struct ucm_asn1_tbs, issuer, X509_NAME),
    ASN1_SIMPLE(struct ucm_asn1_tbs, validity, X509_VAL),
    ASN1_SIMPLE(struct ucm_asn1_tbs, subject, X509_NAME),
    ASN1_SIMPLE(struct ucm_asn1_tbs, spki, SPKI),
    ASN1_IMP_OPT(struct ucm_asn1_tbs, issuer_id, ASN1_BIT_STRING, 1),
    ASN1_IMP_OPT(struct ucm_asn1_tbs, subject_id, ASN1_BIT_STRING, 2),
    ASN1_EXP_SEQUENCE_OF_OPT(struct ucm_asn1_tbs, extensions, X509_EXTENSION, 3),
} static_ASN1_SEQUENCE_END_name(struct ucm_asn1_tbs, TBS)

ASN1_SEQUENCE(CERT) = {
    ASN1_SIMPLE(struct ucm_asn1_cert, tbs, TBS),
    ASN1_SIMPLE(struct ucm_asn1_cert, algorithm, X509_ALGOR),
    ASN1_SIMPLE(struct ucm_asn1_cert, signature, ASN1_BIT_STRING),
} static_ASN1_SEQUENCE_END_name(struct ucm_asn1_cert, CERT)

static bool is_rsa(const struct ucm_asn1_spki *spki); /* its semicolon ends them for clang-format */
/* clang-format on */

struct ucm_asn1_cert *ucm_asn1_cert_read(const uint8_t **der, size_t size)
{
    if (size > LONG_MAX)
        return NULL;
    return (struct ucm_asn1_cert *)ASN1_item_d2i(NULL, der, (long)size, ASN1_ITEM_rptr(CERT));
}

void ucm_asn1_cert_free(struct ucm_asn1_cert *cert)
{
    ASN1_item_free((ASN1_VALUE *)cert, ASN1_ITEM_rptr(CERT));
}

/* By the name that PKCS#1 has for it, or by the older one of X.509 (2.5.8.1.1), as OpenSSL does. */
static bool is_rsa(const struct ucm_asn1_spki *spki)
{
    const ASN1_OBJECT *algorithm;
    int nid;

    X509_ALGOR_get0(&algorithm, NULL, NULL, spki->algorithm);
    nid = OBJ_obj2nid(algorithm);
    return nid == NID_rsaEncryption || nid == NID_rsa;
}

int ucm_asn1_rsa_bits(const struct ucm_asn1_spki *spki)
{
    const unsigned char *p = ASN1_STRING_get0_data(spki->bits);
    struct rsa_key *key = NULL;
    int bits = -1;

    if (is_rsa(spki))
        key = (struct rsa_key *)ASN1_item_d2i(NULL, &p, ASN1_STRING_length(spki->bits),
                                              ASN1_ITEM_rptr(RSA_KEY));
    if (key != NULL)
        bits = BN_num_bits(key->modulus);
    ASN1_item_free((ASN1_VALUE *)key, ASN1_ITEM_rptr(RSA_KEY));
    return bits;
}

/* OpenSSL's decoders want it encoded again; they are asked for what is not RSA only. */
static EVP_PKEY *decode_key(const struct ucm_asn1_spki *spki)
{
    unsigned char *der = NULL;
    const int size = ASN1_item_i2d((const ASN1_VALUE *)spki, &der, ASN1_ITEM_rptr(SPKI));
    const unsigned char *p = der;
    EVP_PKEY *key = size > 0 ? d2i_PUBKEY(NULL, &p, size) : NULL;

    OPENSSL_free(der);
    return key;
}

EVP_PKEY *ucm_asn1_key(const struct ucm_asn1_spki *spki)
{
    const unsigned char *p = ASN1_STRING_get0_data(spki->bits);

    return is_rsa(spki) ? d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, ASN1_STRING_length(spki->bits))
                        : decode_key(spki);
}
