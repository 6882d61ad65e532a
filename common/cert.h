/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What we need to know of an X.509 certificate, read once by OpenSSL into plain data. Knows
 * nothing of trust lists or TVS.
 */
#ifndef UCMTRUST_COMMON_CERT_H
#define UCMTRUST_COMMON_CERT_H

#include "bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    UCM_CERT_NAME_MAX = 384,  /**< longer names are cut */
    UCM_CERT_SERIAL_MAX = 64, /**< bytes; RFC 5280 allows 20 */
    UCM_CERT_KEY_MAX = 24,
    UCM_SHA1_SIZE = 20,
    UCM_SHA256_SIZE = 32,
};

/** Seconds since 1970 that no certificate has: the date could not be read. */
#define UCM_TIME_NONE INT64_MIN

/** A certificate as plain data; nothing to free. */
struct ucm_cert {
    char subject[UCM_CERT_NAME_MAX]; /**< RDNs joined with ';', CUCM's order: CN;OU;O;L;ST;C */
    char issuer[UCM_CERT_NAME_MAX];
    uint8_t serial[UCM_CERT_SERIAL_MAX]; /**< without leading zero bytes */
    uint32_t serial_size;
    char serial_hex[2 * UCM_CERT_SERIAL_MAX + 1]; /**< upper case, as in CUCM traces */
    int64_t not_before;                           /**< Unix seconds */
    int64_t not_after;
    char key[UCM_CERT_KEY_MAX]; /**< such as "RSA 2048" or "EC 256" */
    int key_bits;
    bool is_rsa;
    uint32_t key_size;                   /**< bytes of the public key as records hold it */
    uint8_t key_sha256[UCM_SHA256_SIZE]; /**< over those: PKCS#1 for RSA, the point for EC */
    uint8_t sha1[UCM_SHA1_SIZE];         /**< over the DER, as `show itl` prints it */
    uint8_t sha256[UCM_SHA256_SIZE];
};

/** Read one DER certificate. False when it is not one, or when bytes follow it. Does not verify
 * anything. Untouched on failure. */
bool ucm_cert_read(const uint8_t *der, size_t size, struct ucm_cert *cert);

struct evp_pkey_st; /* EVP_PKEY of OpenSSL */

/** The same for who has its SHA-256 already (NULL: not known), and may want its public key, which
 * is NULL when OpenSSL knows none like it; to be freed with EVP_PKEY_free(). key may be NULL. */
bool ucm_cert_read_with(const uint8_t *der, size_t size, const uint8_t *sha256,
                        struct ucm_cert *cert, struct evp_pkey_st **key);

/** Read one DER name (RDNs) as the text that `subject` above holds, without the certificate around
 * it. False when it is not one, or when bytes follow it; then out is empty. */
bool ucm_cert_name(const uint8_t *der, size_t size, char out[UCM_CERT_NAME_MAX]);

/** What TVS looks certificates up by, as views into the DER. */
struct ucm_cert_key {
    struct ucm_view issuer; /**< the whole name */
    struct ucm_view serial; /**< without leading zero bytes */
};

/** Find the issuer and serial number in a DER certificate without reading the rest of it: fast, for
 * comparing many. False where the DER does not go that far. Untouched on failure. */
bool ucm_cert_key(const uint8_t *der, size_t size, struct ucm_cert_key *key);

/** Find the subject, the whole name, in the same way; ucm_cert_name() makes the text of it. */
bool ucm_cert_subject(const uint8_t *der, size_t size, struct ucm_view *subject);

/** Find the first certificate in a PEM or DER file and copy its DER, as it stands there, to out.
 * Returns its size, 0 when there is none or it does not fit in room. */
size_t ucm_cert_der(const uint8_t *data, size_t size, uint8_t *out, size_t room);

/** Digests of any bytes, for `show itl`-like checksums; false when the system's policy forbids
 * them. */
bool ucm_sha1(const uint8_t *data, size_t size, uint8_t out[UCM_SHA1_SIZE]);
bool ucm_sha256(const uint8_t *data, size_t size, uint8_t out[UCM_SHA256_SIZE]);
bool ucm_md5(const uint8_t *data, size_t size, uint8_t out[16]);

/** Whole days from now until a moment, rounded down; negative when it has passed; 0 for
 * UCM_TIME_NONE. */
int64_t ucm_days_until(int64_t moment, int64_t now);

/** Bytes as upper-case hex without separators; out has room for 2 * size + 1. */
void ucm_hex(const uint8_t *bytes, size_t size, char *out);

#ifdef __cplusplus
}
#endif

#endif
