/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What an encryption or a MAC of PKCS#12 asks for, before any of it is done. Private to pkcs12.c.
 * Facts: RFC 8018 (PBES1, PBES2, PBKDF2), RFC 7914 (scrypt), RFC 7292 appendix C, RFC 9579
 * (PBMAC1).
 */
#ifndef UCMTRUST_COMMON_PKCS12_CIPHER_H
#define UCMTRUST_COMMON_PKCS12_CIPHER_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/x509.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { UCM_PKCS12_CIPHER_NAME_MAX = 64 };

/** How something is encrypted. */
struct ucm_pkcs12_cipher {
    char name[UCM_PKCS12_CIPHER_NAME_MAX]; /**< OpenSSL's, else the object identifier */
    uint64_t rounds; /**< of a hash, for one key; UINT64_MAX: more than a number holds, or none */
    bool known;      /**< this program can read its parameters, and OpenSSL knows the cipher */
    bool old;        /**< PBES1, PKCS#12's own, or triple DES: replaced by PBES2 with AES */
    bool legacy;     /**< only OpenSSL's legacy provider has it */
};

/** Read what an encryption says of itself. */
struct ucm_pkcs12_cipher ucm_pkcs12_cipher(const X509_ALGOR *algorithm);

/** The same of a MAC, given the count beside it (NULL: 1). */
struct ucm_pkcs12_cipher ucm_pkcs12_mac(const X509_ALGOR *algorithm, const ASN1_INTEGER *count);

#ifdef __cplusplus
}
#endif

#endif
