/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A certificate as OpenSSL's ASN.1 reader takes it apart, but for its public key, which stays as it
 * is encoded until somebody wants it. Only for cert.c and cert_cache.c.
 */
#ifndef UCMTRUST_COMMON_CERT_ASN1_H
#define UCMTRUST_COMMON_CERT_ASN1_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>

#ifdef __cplusplus
extern "C" {
#endif

/** SubjectPublicKeyInfo (RFC 5280, 4.1). */
struct ucm_asn1_spki {
    X509_ALGOR *algorithm;
    ASN1_BIT_STRING *bits;
};

/** TBSCertificate, with the names of the RFC; what is optional may be NULL. */
struct ucm_asn1_tbs {
    ASN1_INTEGER *version;
    ASN1_INTEGER *serial;
    X509_ALGOR *signature;
    X509_NAME *issuer;
    X509_VAL *validity;
    X509_NAME *subject;
    struct ucm_asn1_spki *spki;
    ASN1_BIT_STRING *issuer_id;
    ASN1_BIT_STRING *subject_id;
    STACK_OF(X509_EXTENSION) * extensions;
};

struct ucm_asn1_cert {
    struct ucm_asn1_tbs *tbs;
    X509_ALGOR *algorithm;
    ASN1_BIT_STRING *signature;
};

/** Read the certificate that begins at *der, and move *der behind it. NULL when d2i_X509() would
 * read none there; to be freed with ucm_asn1_cert_free(). May leave errors in OpenSSL's queue, as
 * the others here. */
struct ucm_asn1_cert *ucm_asn1_cert_read(const uint8_t **der, size_t size);

void ucm_asn1_cert_free(struct ucm_asn1_cert *cert); /**< NULL: nothing */

/** Bits of the modulus of an RSA key, -1 when it is none. */
int ucm_asn1_rsa_bits(const struct ucm_asn1_spki *spki);

/** The key for use, to be freed with EVP_PKEY_free(); NULL when OpenSSL knows none like it. */
EVP_PKEY *ucm_asn1_key(const struct ucm_asn1_spki *spki);

#ifdef __cplusplus
}
#endif

#endif
