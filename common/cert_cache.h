/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Certificates that were read before. The lists of a cluster hold the same ones again and again,
 * and reading one costs twenty times what finding it here does.
 */
#ifndef UCMTRUST_COMMON_CERT_CACHE_H
#define UCMTRUST_COMMON_CERT_CACHE_H

#include "cert.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Most certificates that a cache holds, some 5 MB; those beyond are read each time. */
enum { UCM_CERT_CACHE_MAX = 4096 };

struct ucm_cert_cache;

/** An empty one; NULL without memory, which every function here takes for "keep nothing". */
struct ucm_cert_cache *ucm_cert_cache_new(void);
void ucm_cert_cache_free(struct ucm_cert_cache *cache);

/** As ucm_cert_read(), for who keeps it: whoever reads the same certificate shares it, and each
 * must let go of it with ucm_cert_release(), which may be after the cache is gone. cert becomes
 * NULL where ucm_cert_read() finds none. False when memory ran out; cert is NULL then as well. */
bool ucm_cert_cache_read(struct ucm_cert_cache *cache, const uint8_t *der, size_t size,
                         const struct ucm_cert **cert);

/** Let go of what ucm_cert_cache_read() gave; NULL is nothing. Of no other certificate. */
void ucm_cert_release(const struct ucm_cert *cert);

/** As ucm_cert_der(), but of a file whose certificate is kept only the PEM is read. Finds also a
 * block that does not begin a line. */
size_t ucm_cert_cache_der(struct ucm_cert_cache *cache, const uint8_t *data, size_t size,
                          uint8_t *out, size_t room);

/** The public key of a certificate; bytes may follow it. NULL when it has none that OpenSSL knows.
 * To be freed with EVP_PKEY_free(). */
struct evp_pkey_st *ucm_cert_cache_key(struct ucm_cert_cache *cache, const uint8_t *der,
                                       size_t size);

#ifdef __cplusplus
}
#endif

#endif
