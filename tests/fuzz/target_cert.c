/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Certificates: what common/cert reads is what OpenSSL prints, and issuer and serial number are
 * found at the same place without it.
 */
#include "fuzz.h"

#include "common/cert_cache.h"
#include "common/cluster.h"
#include "common/finding_text.h"
#include "common/lint_judge.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

/* OpenSSL prints a serial number as hex with a sign; ours is the magnitude. */
static void same_serial(const X509 *x509, const struct ucm_cert *cert)
{
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x509), NULL);
    char *hex = number != NULL ? BN_bn2hex(number) : NULL;
    const char *digits = hex != NULL && *hex == '-' ? hex + 1 : hex;

    MUST(strlen(cert->serial_hex) == 2 * cert->serial_size);
    if (hex != NULL && strlen(digits) <= (size_t)2 * UCM_CERT_SERIAL_MAX)
        MUST(strcmp(digits, cert->serial_hex) == 0 ||
             (strcmp(digits, "0") == 0 && strtoul(cert->serial_hex, NULL, 16) == 0));
    OPENSSL_free(hex);
    BN_free(number);
}

/* "Nov 22 08:30:00 2026 GMT", against our own text of the same moment. */
static void same_time(const ASN1_TIME *when, int64_t ours)
{
    static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    BIO *bio = BIO_new(BIO_s_mem());
    char month[4] = "";
    char printed[64] = "";
    char wanted[64] = "";
    char text[64];
    int day = 0;
    int year = 0;
    char clock[16] = "";

    MUST(bio != NULL);
    if (ASN1_TIME_print(bio, when) == 1 && BIO_gets(bio, printed, sizeof printed - 1) > 0 &&
        sscanf(printed, "%3s %d %8s", month, &day, clock) == 3 &&
        sscanf(strrchr(printed, ':'), ":%*d%*[.0-9] %d", &year) != 1)
        sscanf(strrchr(printed, ':'), ":%*d %d", &year);
    BIO_free(bio);
    if (ours == UCM_TIME_NONE) {
        MUST(year == 0 || strstr(printed, "GMT") == NULL);
        return;
    }
    MUST(year != 0 && strstr(MONTHS, month) != NULL);
    snprintf(wanted, sizeof wanted, "%04d-%02d-%02d %s UTC", year,
             (int)(strstr(MONTHS, month) - MONTHS) / 3 + 1, day, clock);
    ucm_time_text(ours, text, sizeof text);
    MUST(strcmp(text, wanted) == 0);
}

/* The one name that certificates of CUCM always have. */
static void same_name(const X509_NAME *name, const char *ours)
{
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    unsigned char *utf8 = NULL;
    int size = -1;

    MUST(strlen(ours) < UCM_CERT_NAME_MAX);
    if (at < 0) {
        MUST(strncmp(ours, "CN=", 3) != 0);
        return;
    }
    MUST(strncmp(ours, "CN=", 3) == 0);
    size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    for (int i = 0; i < size && i + 4 < UCM_CERT_NAME_MAX; i++)
        MUST(ours[3 + i] == (utf8[i] == 0 ? '?' : (char)utf8[i]));
    OPENSSL_free(utf8);
}

/* What is found without OpenSSL is what OpenSSL finds, where the DER is canonical. */
static void same_key(const uint8_t *der, size_t size, X509 *x509, const struct ucm_cert *cert)
{
    struct ucm_cert_key key;
    const uint8_t *issuer = NULL;
    size_t issuer_size = 0;

    if (!ucm_cert_key(der, size, &key))
        return;
    MUST(key.issuer.off <= size && key.issuer.len <= size - key.issuer.off);
    MUST(key.serial.off <= size && key.serial.len <= size - key.serial.off);
    if (x509 == NULL)
        return;
    MUST(X509_NAME_get0_der(X509_get_issuer_name(x509), &issuer, &issuer_size) == 1);
    MUST(key.issuer.len == issuer_size && memcmp(der + key.issuer.off, issuer, issuer_size) == 0);
    if (ASN1_STRING_type(X509_get0_serialNumber(x509)) == V_ASN1_INTEGER &&
        key.serial.len <= UCM_CERT_SERIAL_MAX)
        MUST(key.serial.len == cert->serial_size &&
             memcmp(der + key.serial.off, cert->serial, cert->serial_size) == 0);
}

static bool subject_of(const uint8_t *der, size_t size, char text[UCM_CERT_NAME_MAX])
{
    struct ucm_view subject;

    text[0] = '\0';
    if (!ucm_cert_subject(der, size, &subject))
        return false;
    MUST(subject.off <= size && subject.len <= size - subject.off);
    return ucm_cert_name(der + subject.off, subject.len, text);
}

/* The subject that is found without reading the rest is that of the whole certificate. */
static void same_subject(const uint8_t *der, size_t size, bool whole, const struct ucm_cert *cert)
{
    char text[UCM_CERT_NAME_MAX] = "before";
    const bool found = subject_of(der, size, text);

    MUST(found || text[0] == '\0');
    MUST(!found || !whole || strcmp(text, cert->subject) == 0);
}

/* The key, and what is told of it without making one, are those of d2i_X509(). */
static void same_public_key(const uint8_t *der, size_t size, X509 *x509)
{
    const EVP_PKEY *wanted = X509_get0_pubkey(x509);
    const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr(x509);
    EVP_PKEY *key = NULL;
    struct ucm_cert cert;
    uint8_t digest[UCM_SHA256_SIZE] = {0};

    MUST(ucm_cert_read_with(der, size, NULL, &cert, &key));
    MUST((key == NULL) == (wanted == NULL));
    MUST(key == NULL || EVP_PKEY_eq(key, wanted) == 1);
    MUST(cert.is_rsa == (wanted != NULL && EVP_PKEY_get_base_id(wanted) == EVP_PKEY_RSA));
    MUST(cert.key_bits == (wanted != NULL ? EVP_PKEY_get_bits(wanted) : 0));
    MUST(cert.key_size == (uint32_t)ASN1_STRING_length(bits));
    if (cert.key_size > 0)
        MUST(EVP_Q_digest(NULL, "SHA2-256", NULL, ASN1_STRING_get0_data(bits), cert.key_size,
                          digest, NULL) == 1);
    MUST(memcmp(cert.key_sha256, digest, sizeof digest) == 0);
    EVP_PKEY_free(key);
}

static bool same(const struct ucm_cert *one, const struct ucm_cert *two)
{
    return strcmp(one->subject, two->subject) == 0 && strcmp(one->issuer, two->issuer) == 0 &&
           one->serial_size == two->serial_size &&
           memcmp(one->serial, two->serial, one->serial_size) == 0 &&
           strcmp(one->serial_hex, two->serial_hex) == 0 && one->not_before == two->not_before &&
           one->not_after == two->not_after && strcmp(one->key, two->key) == 0 &&
           one->key_bits == two->key_bits && one->is_rsa == two->is_rsa &&
           one->key_size == two->key_size &&
           memcmp(one->key_sha256, two->key_sha256, sizeof one->key_sha256) == 0 &&
           memcmp(one->sha1, two->sha1, sizeof one->sha1) == 0 &&
           memcmp(one->sha256, two->sha256, sizeof one->sha256) == 0;
}

/* Digests by OpenSSL's own names for them. */
static void same_digests(const uint8_t *data, size_t size, const struct ucm_cert *cert)
{
    unsigned char wanted[64];
    uint8_t ours[16];

    MUST(EVP_Q_digest(NULL, "SHA1", NULL, data, size, wanted, NULL) == 1);
    MUST(memcmp(wanted, cert->sha1, sizeof cert->sha1) == 0);
    MUST(EVP_Q_digest(NULL, "SHA2-256", NULL, data, size, wanted, NULL) == 1);
    MUST(memcmp(wanted, cert->sha256, sizeof cert->sha256) == 0);
    MUST(EVP_Q_digest(NULL, "MD5", NULL, data, size, wanted, NULL) == 1);
    MUST(ucm_md5(data, size, ours) && memcmp(wanted, ours, sizeof ours) == 0);
}

/* A name alone reads as it does in its certificate, and only alone. */
static void same_alone(const X509_NAME *name, const char *ours)
{
    static uint8_t longer[1 << 16];
    char text[UCM_CERT_NAME_MAX];
    const uint8_t *der = NULL;
    size_t size = 0;

    MUST(X509_NAME_get0_der(name, &der, &size) == 1);
    MUST(ucm_cert_name(der, size, text) && strcmp(text, ours) == 0);
    if (size >= sizeof longer)
        return;
    memcpy(longer, der, size);
    MUST(!ucm_cert_name(longer, size + 1, text) && text[0] == '\0');
}

/* The quick way to tell a certificate of ITLRecovery leaves none out. */
static void same_recovery(const uint8_t *data, size_t size)
{
    char subject[UCM_CERT_NAME_MAX];
    const bool wanted = subject_of(data, size, subject) && ucm_judge_is_recovery(subject);

    MUST(ucm_is_recovery(data, size) == wanted);
}

/* A file whose certificate is kept gives what it gave before; with a cache none gives less. */
static void same_from_file(const uint8_t *data, size_t size, bool found)
{
    static uint8_t first[1 << 16];
    static uint8_t second[1 << 16];
    struct ucm_cert_cache *cache = ucm_cert_cache_new();
    const size_t copied = ucm_cert_cache_der(cache, data, size, first, sizeof first);
    struct ucm_cert cert;

    MUST(copied > 0 || !found);
    MUST(ucm_cert_cache_der(cache, data, size, second, sizeof second) == copied);
    MUST(memcmp(first, second, copied) == 0);
    MUST(copied == 0 || ucm_cert_read(first, copied, &cert));
    ucm_cert_cache_free(cache);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t out[1 << 16];
    const unsigned char *p = data;
    X509 *x509 = d2i_X509(NULL, &p, (long)size);
    struct ucm_cert cert;
    struct ucm_cert again;
    char text[UCM_CERT_NAME_MAX];
    const bool ok = ucm_cert_read(data, size, &cert);
    const size_t copied = ucm_cert_der(data, size, out, sizeof out);

    MUST(ok == (x509 != NULL && p == data + size));
    MUST(ucm_cert_name(data, size, text) || text[0] == '\0');
    MUST(!ucm_cert_name(data, SIZE_MAX, text));
    if (ok) {
        same_alone(X509_get_subject_name(x509), cert.subject);
        same_serial(x509, &cert);
        same_time(X509_get0_notBefore(x509), cert.not_before);
        same_time(X509_get0_notAfter(x509), cert.not_after);
        same_name(X509_get_subject_name(x509), cert.subject);
        same_name(X509_get_issuer_name(x509), cert.issuer);
        same_digests(data, size, &cert);
        memset(&again, 0xff, sizeof again);
        MUST(ucm_cert_read(data, size, &again) && same(&cert, &again));
        same_public_key(data, size, x509);
        MUST(cert.key_bits >= 0 && strlen(cert.key) < UCM_CERT_KEY_MAX);
    }
    same_key(data, size, ok ? x509 : NULL, &cert);
    same_subject(data, size, ok, &cert);
    same_recovery(data, size);
    same_from_file(data, size, copied > 0);
    MUST(copied <= sizeof out);
    MUST(copied == 0 || ucm_cert_der(data, size, out, copied - 1) == 0);
    MUST(!ucm_cert_read(data, SIZE_MAX, &again)); /* refused before a byte is read */
    MUST(ucm_cert_der(data, (size_t)INT_MAX + 1, out, sizeof out) == 0);
    if (copied > 0) /* what was copied is a certificate, and the first one */
        MUST(ucm_cert_read(out, copied, &again));
    X509_free(x509);
    ERR_clear_error();
    return 0;
}
