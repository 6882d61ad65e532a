/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Requests and answers for generated captures: see exchanges.h.
 */
#include "exchanges.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CERTIFICATES = 16, KEY_BITS = 2048, SERIAL_SIZE = 19, YEAR = 365 * 86400 };

/** A certificate that phones ask about. */
struct subject {
    char name[128];
    uint8_t serial[SERIAL_SIZE];
    uint8_t *der;
    size_t der_size;
};

static struct subject subjects[CERTIFICATES];
static const char ISSUER[] = "CN=stormin-WIN2012-CA";

static void need(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "generate: %s failed\n", what);
    exit(2);
}

/* ---- certificates ---- */

static void add_name(X509_NAME *name, const char *field, const char *value)
{
    need(X509_NAME_add_entry_by_txt(name, field, MBSTRING_ASC, (const unsigned char *)value, -1, -1,
                                    0) == 1,
         "X509_NAME_add_entry_by_txt");
}

static X509 *make_certificate(const char *common_name, const uint8_t serial[SERIAL_SIZE],
                              EVP_PKEY *key)
{
    X509 *x509 = X509_new();
    X509_NAME *subject = X509_NAME_new();
    X509_NAME *issuer = X509_NAME_new();
    BIGNUM *number = BN_bin2bn(serial, SERIAL_SIZE, NULL);

    need(x509 != NULL && subject != NULL && issuer != NULL && number != NULL, "X509_new");
    add_name(subject, "CN", common_name);
    add_name(subject, "OU", "IST");
    add_name(subject, "O", "Stormin");
    add_name(subject, "L", "Brisbane");
    add_name(subject, "ST", "QLD");
    add_name(subject, "C", "AU");
    add_name(issuer, "CN", ISSUER + 3);
    X509_set_version(x509, 2);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
    X509_gmtime_adj(X509_getm_notBefore(x509), -YEAR);
    X509_gmtime_adj(X509_getm_notAfter(x509), 5L * YEAR);
    X509_set_subject_name(x509, subject);
    X509_set_issuer_name(x509, issuer);
    X509_set_pubkey(x509, key);
    need(X509_sign(x509, key, EVP_sha256()) > 0, "X509_sign");
    X509_NAME_free(subject);
    X509_NAME_free(issuer);
    BN_free(number);
    return x509;
}

void exchanges_begin(void)
{
    EVP_PKEY *key = EVP_RSA_gen(KEY_BITS); /* one for all: names and serials differ */

    need(key != NULL, "EVP_RSA_gen");
    for (int i = 0; i < CERTIFICATES; i++) {
        struct subject *subject = &subjects[i];
        char common_name[40];
        X509 *x509;

        snprintf(common_name, sizeof common_name, "ucm%02dpub.stormin.local", i);
        snprintf(subject->name, sizeof subject->name,
                 "CN=%s;OU=IST;O=Stormin;L=Brisbane;ST=QLD;C=AU", common_name);
        memset(subject->serial, 0x24 + i, sizeof subject->serial);
        x509 = make_certificate(common_name, subject->serial, key);
        subject->der_size = (size_t)i2d_X509(x509, &subject->der);
        X509_free(x509);
    }
    EVP_PKEY_free(key);
}

X509 *exchanges_certificate(EVP_PKEY **key)
{
    static const uint8_t serial[SERIAL_SIZE] = {0x11};

    *key = EVP_RSA_gen(KEY_BITS);
    need(*key != NULL, "EVP_RSA_gen");
    return make_certificate("tvs.stormin.local", serial, *key);
}

/* ---- messages ---- */

static void put(struct exchange_bytes *exchange, uint8_t tag, const void *value, size_t size)
{
    exchange->answer_size +=
        ucm_put_tlv(exchange->answer + exchange->answer_size,
                    sizeof exchange->answer - exchange->answer_size, tag, value, size);
}

static void put_answer(uint8_t type, uint32_t session, bool found, const struct subject *subject,
                       struct exchange_bytes *exchange)
{
    static const uint8_t day[] = {0x00, 0x01, 0x51, 0x80};
    const uint8_t head[] = {UCM_TVS_DISCRIMINATOR, UCM_TVS_VERSION, type, 0xf7};

    memcpy(exchange->answer, head, sizeof head);
    ucm_put_number(exchange->answer + 4, session, 4);
    exchange->answer_size = UCM_TVS_HEADER_SIZE;
    put(exchange, UCM_TVS_TAG_STATUS, found ? "\0" : "\1", 1);
    if (found && type == UCM_TVS_QUERY_RESPONSE)
        put(exchange, UCM_TVS_TAG_CERTIFICATE, subject->der, subject->der_size);
    if (found) {
        put(exchange, UCM_TVS_TAG_ROLES, "\0\3", 2);
        put(exchange, UCM_TVS_TAG_TTL, day, sizeof day);
    }
    ucm_put_number(exchange->answer + 8, (uint32_t)(exchange->answer_size - UCM_TVS_HEADER_SIZE),
                   2);
}

void exchange_make(uint32_t number, uint32_t phone, struct exchange_bytes *exchange)
{
    const struct subject *subject = &subjects[number % CERTIFICATES];
    uint32_t session = UCM_TVS_FIRST_SESSION + number % 1000; /* distinct in a connection */
    bool verify = number % 4 == 3;
    char device[32];

    snprintf(device, sizeof device, "CP-8861-SEP00005E%06X", (unsigned)phone & 0xffffff);
    if (verify)
        exchange->request_size =
            ucm_tvs_encode_verify(exchange->request, sizeof exchange->request, session, device,
                                  subject->der, subject->der_size);
    else
        exchange->request_size = ucm_tvs_encode_query(
            exchange->request, sizeof exchange->request, session, device, subject->name, ISSUER,
            subject->serial, sizeof subject->serial, ucm_tvs_query_tags[0]);
    put_answer(verify ? UCM_TVS_VERIFY_RESPONSE : UCM_TVS_QUERY_RESPONSE, session, number % 8 != 5,
               subject, exchange);
}
