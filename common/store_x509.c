/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What OpenSSL says of two certificates in stores: see store_index.h. Knows nothing of stores.
 */
#include "store_index.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

enum { NAMES_MAX = 512 }; /* more than any cluster has nodes */

static X509 *read(const uint8_t *der, uint32_t size)
{
    return d2i_X509(NULL, &der, (long)size);
}

static bool is_issued(X509 *one, X509 *issuer)
{
    EVP_PKEY *key = X509_get0_pubkey(issuer);

    return key != NULL && X509_check_issued(issuer, one) == X509_V_OK && X509_verify(one, key) == 1;
}

bool ucm_cert_is_issued(const uint8_t *der, uint32_t size, const uint8_t *issuer,
                        uint32_t issuer_size)
{
    X509 *one = read(der, size);
    X509 *other = read(issuer, issuer_size);
    const bool issued = one != NULL && other != NULL && is_issued(one, other);

    X509_free(one);
    X509_free(other);
    ERR_clear_error();
    return issued;
}

static bool is_host(const GENERAL_NAME *name, const struct ucm_host *host)
{
    const ASN1_STRING *text = name->d.ia5;

    return host->text != NULL && (size_t)ASN1_STRING_length(text) == host->size &&
           OPENSSL_strncasecmp((const char *)ASN1_STRING_get0_data(text), host->text, host->size) ==
               0;
}

uint32_t ucm_cert_hosts(const uint8_t *der, uint32_t size, const struct ucm_host *host,
                        uint32_t hosts, bool *named)
{
    X509 *x509 = read(der, size);
    GENERAL_NAMES *names =
        x509 == NULL ? NULL : X509_get_ext_d2i(x509, NID_subject_alt_name, NULL, NULL);
    const int count = names == NULL ? 0 : sk_GENERAL_NAME_num(names);
    uint32_t found = 0;

    for (int i = 0; i < count && i < NAMES_MAX; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

        if (name->type != GEN_DNS)
            continue;
        found++;
        for (uint32_t k = 0; k < hosts; k++)
            named[k] = named[k] || is_host(name, &host[k]);
    }
    GENERAL_NAMES_free(names);
    X509_free(x509);
    ERR_clear_error();
    return found;
}
