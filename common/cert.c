/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Certificates as plain data: see cert.h.
 */
#define _DEFAULT_SOURCE /* timegm */
#include "cert.h"
#include "cert_asn1.h"

#include <limits.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

enum { SECONDS_PER_DAY = 86400 };

/* ---- text ---- */

/** A text that is built up and cut when it is full. */
struct text {
    char *out;
    size_t room;
    size_t at;
};

static void append(struct text *text, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size && text->at + 1 < text->room; i++)
        text->out[text->at++] = bytes[i] == '\0' ? '?' : bytes[i]; /* a NUL must not end it */
    text->out[text->at] = '\0';
}

static void append_string(struct text *text, const char *string)
{
    append(text, string, strlen(string));
}

static void append_entry(struct text *text, const X509_NAME_ENTRY *entry)
{
    int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
    unsigned char *utf8 = NULL;
    int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));

    if (text->at > 0)
        append_string(text, ";");
    append_string(text, nid == NID_undef ? "OID" : OBJ_nid2sn(nid));
    append_string(text, "=");
    if (size >= 0)
        append(text, (const char *)utf8, (size_t)size);
    OPENSSL_free(utf8);
}

/* Fact name-order (A; test_cert:names_come_in_the_order_of_cucm,
 * test_check_tvs:test_request_is_what_a_phone_sends): names are written CN;OU;O;L;ST;C. */
/* CUCM's order (Cisco document 213407), then whatever else there is, as it stands. */
static void name_text(const X509_NAME *name, char *out, size_t room)
{
    static const int order[] = {NID_commonName,   NID_organizationalUnitName, NID_organizationName,
                                NID_localityName, NID_stateOrProvinceName,    NID_countryName};
    enum { KNOWN = sizeof order / sizeof order[0] };
    struct text text = {out, room, 0};
    int entries = X509_NAME_entry_count(name);

    out[0] = '\0';
    for (int rank = 0; rank <= KNOWN; rank++) {
        for (int i = 0; i < entries && text.at + 1 < room; i++) {
            const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
            int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
            int mine = 0;

            while (mine < KNOWN && order[mine] != nid)
                mine++;
            if (mine == rank)
                append_entry(&text, entry);
        }
    }
}

void ucm_hex(const uint8_t *bytes, size_t size, char *out)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < size; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

/* ---- fields ---- */

static int64_t seconds(const ASN1_TIME *when)
{
    struct tm tm;

    if (when == NULL || ASN1_TIME_to_tm(when, &tm) != 1)
        return UCM_TIME_NONE;
    return (int64_t)timegm(&tm);
}

int64_t ucm_days_until(int64_t moment, int64_t now)
{
    int64_t span = moment == UCM_TIME_NONE ? 0 : moment - now;
    int64_t days = span / SECONDS_PER_DAY;

    return span % SECONDS_PER_DAY < 0 ? days - 1 : days;
}

static void read_serial(const ASN1_INTEGER *serial, struct ucm_cert *cert)
{
    const uint8_t *bytes = ASN1_STRING_get0_data(serial);
    size_t size = (size_t)ASN1_STRING_length(serial);

    while (size > 1 && bytes[0] == 0) {
        bytes++;
        size--;
    }
    if (size > UCM_CERT_SERIAL_MAX)
        size = UCM_CERT_SERIAL_MAX;
    if (size > 0)
        memcpy(cert->serial, bytes, size);
    cert->serial_size = (uint32_t)size;
    ucm_hex(cert->serial, size, cert->serial_hex);
}

static void write_key(const char *kind, int bits, struct ucm_cert *cert)
{
    struct text text = {cert->key, sizeof cert->key, 0};
    char digits[12];
    size_t at = sizeof digits;

    cert->key_bits = bits;
    append_string(&text, kind);
    do {
        digits[--at] = (char)('0' + bits % 10);
        bits /= 10;
    } while (bits > 0);
    append(&text, digits + at, sizeof digits - at);
}

/* Of RSA keys, which nearly all are, the size is read without making a key. */
static void read_key(const struct ucm_asn1_spki *spki, struct ucm_cert *cert)
{
    const int bits = ucm_asn1_rsa_bits(spki);
    EVP_PKEY *key = bits < 0 ? ucm_asn1_key(spki) : NULL;

    cert->is_rsa = bits >= 0;
    if (bits >= 0)
        write_key("RSA ", bits, cert);
    else if (key != NULL)
        write_key(EVP_PKEY_get_base_id(key) == EVP_PKEY_EC ? "EC " : "key ", EVP_PKEY_get_bits(key),
                  cert);
    else
        write_key("key ", 0, cert);
    EVP_PKEY_free(key);
}

/* An algorithm is fetched once, and kept: with EVP_sha256() OpenSSL would do it in every call,
 * which costs more than hashing a certificate. */
static bool digest(EVP_MD **md, const char *name, const uint8_t *data, size_t size, uint8_t *out)
{
    bool ok;

    if (*md == NULL)
        *md = EVP_MD_fetch(NULL, name, NULL);
    ok = *md != NULL && EVP_Digest(data, size, out, NULL, *md, NULL) == 1;
    if (!ok)
        ERR_clear_error();
    return ok;
}

bool ucm_sha1(const uint8_t *data, size_t size, uint8_t out[UCM_SHA1_SIZE])
{
    static EVP_MD *md;

    return digest(&md, "SHA1", data, size, out);
}

bool ucm_sha256(const uint8_t *data, size_t size, uint8_t out[UCM_SHA256_SIZE])
{
    static EVP_MD *md;

    return digest(&md, "SHA256", data, size, out);
}

bool ucm_md5(const uint8_t *data, size_t size, uint8_t out[16])
{
    static EVP_MD *md;

    return digest(&md, "MD5", data, size, out);
}

/* A certificate holds its key as a bit string around the bytes that records hold. */
static void hash_key(const ASN1_BIT_STRING *bits, struct ucm_cert *cert)
{
    const int size = ASN1_STRING_length(bits);

    if (size > 0 && ucm_sha256(ASN1_STRING_get0_data(bits), (size_t)size, cert->key_sha256))
        cert->key_size = (uint32_t)size;
}

static void read_fields(const struct ucm_asn1_tbs *tbs, struct ucm_cert *cert)
{
    name_text(tbs->subject, cert->subject, sizeof cert->subject);
    name_text(tbs->issuer, cert->issuer, sizeof cert->issuer);
    read_serial(tbs->serial, cert);
    cert->not_before = seconds(tbs->validity->notBefore);
    cert->not_after = seconds(tbs->validity->notAfter);
    read_key(tbs->spki, cert);
    hash_key(tbs->spki->bits, cert);
}

static void hash_whole(const uint8_t *der, size_t size, const uint8_t *sha256,
                       struct ucm_cert *cert)
{
    if (!ucm_sha1(der, size, cert->sha1))
        memset(cert->sha1, 0, sizeof cert->sha1);
    if (sha256 != NULL)
        memcpy(cert->sha256, sha256, sizeof cert->sha256);
    else if (!ucm_sha256(der, size, cert->sha256))
        memset(cert->sha256, 0, sizeof cert->sha256);
}

bool ucm_cert_read_with(const uint8_t *der, size_t size, const uint8_t *sha256,
                        struct ucm_cert *cert, EVP_PKEY **key)
{
    const uint8_t *p = der;
    struct ucm_asn1_cert *read = ucm_asn1_cert_read(&p, size);

    if (read == NULL || p != der + size) {
        ucm_asn1_cert_free(read);
        ERR_clear_error();
        return false;
    }
    memset(cert, 0, sizeof *cert);
    read_fields(read->tbs, cert);
    if (key != NULL)
        *key = ucm_asn1_key(read->tbs->spki);
    ucm_asn1_cert_free(read);
    hash_whole(der, size, sha256, cert);
    ERR_clear_error();
    return true;
}

bool ucm_cert_read(const uint8_t *der, size_t size, struct ucm_cert *cert)
{
    return ucm_cert_read_with(der, size, NULL, cert, NULL);
}

bool ucm_cert_name(const uint8_t *der, size_t size, char out[UCM_CERT_NAME_MAX])
{
    const unsigned char *p = der;
    X509_NAME *name = size <= LONG_MAX ? d2i_X509_NAME(NULL, &p, (long)size) : NULL;
    bool ok = name != NULL && p == der + size;

    out[0] = '\0';
    if (ok)
        name_text(name, out, UCM_CERT_NAME_MAX);
    X509_NAME_free(name);
    ERR_clear_error();
    return ok;
}

/* ---- issuer and serial ---- */

enum { DER_SEQUENCE = 0x30, DER_INTEGER = 0x02, DER_VERSION = 0xa0, DER_LONG = 0x80 };

/** One element of DER. */
struct der {
    uint8_t tag;
    struct ucm_view whole;
    struct ucm_view content;
};

static bool take_length(struct ucm_cursor *cursor, uint32_t *length)
{
    uint8_t first;

    if (!ucm_take_u8(cursor, &first))
        return false;
    *length = first;
    if (first < DER_LONG)
        return true;
    *length = 0;
    if (first == DER_LONG || first > DER_LONG + sizeof *length)
        return false;
    for (uint8_t byte; first > DER_LONG; first--) {
        if (!ucm_take_u8(cursor, &byte))
            return false;
        *length = *length << 8 | byte;
    }
    return true;
}

static bool take_der(struct ucm_cursor *cursor, struct der *der)
{
    uint32_t length;

    der->whole.off = cursor->pos;
    if (!ucm_take_u8(cursor, &der->tag) || !take_length(cursor, &length) ||
        !ucm_take(cursor, length, &der->content))
        return false;
    der->whole.len = cursor->pos - der->whole.off;
    return true;
}

static bool take_kind(struct ucm_cursor *cursor, uint8_t tag, struct der *der)
{
    return take_der(cursor, der) && der->tag == tag;
}

/* Move into the certificate, behind its issuer. */
static bool take_key(struct ucm_cursor *cursor, struct ucm_cert_key *key)
{
    struct der element;

    for (int depth = 0; depth < 2; depth++) { /* Certificate, TBSCertificate */
        if (!take_kind(cursor, DER_SEQUENCE, &element))
            return false;
        *cursor = ucm_inside(*cursor, element.content);
    }
    if (!take_der(cursor, &element) ||
        (element.tag == DER_VERSION && !take_der(cursor, &element)) || element.tag != DER_INTEGER)
        return false;
    key->serial = ucm_serial(cursor->base, element.content);
    if (!take_kind(cursor, DER_SEQUENCE, &element) || /* algorithm */
        !take_kind(cursor, DER_SEQUENCE, &element))
        return false;
    key->issuer = element.whole;
    return true;
}

bool ucm_cert_key(const uint8_t *der, size_t size, struct ucm_cert_key *key)
{
    struct ucm_cursor cursor = ucm_cursor_over(der, size);
    struct ucm_cert_key found;

    if (!take_key(&cursor, &found))
        return false;
    *key = found;
    return true;
}

bool ucm_cert_subject(const uint8_t *der, size_t size, struct ucm_view *subject)
{
    struct ucm_cursor cursor = ucm_cursor_over(der, size);
    struct ucm_cert_key key;
    struct der element;

    if (!take_key(&cursor, &key) || !take_kind(&cursor, DER_SEQUENCE, &element) || /* validity */
        !take_kind(&cursor, DER_SEQUENCE, &element))
        return false;
    *subject = element.whole;
    return true;
}

/* ---- files ---- */

/* An encrypted PEM block must not make us ask at the terminal. */
static int no_password(char *buffer, int size, int writing, void *data)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)data;
    return 0;
}

/* Size of the certificate that the bytes begin with, 0 when they begin with none. */
static size_t size_of_first(const uint8_t *data, size_t size)
{
    const uint8_t *p = data;
    struct ucm_asn1_cert *cert = ucm_asn1_cert_read(&p, size);
    const size_t used = cert == NULL ? 0 : (size_t)(p - data);

    ucm_asn1_cert_free(cert);
    return used;
}

static size_t copy(const uint8_t *der, size_t size, uint8_t *out, size_t room)
{
    if (size == 0 || size > room)
        return 0;
    memcpy(out, der, size);
    return size;
}

static size_t copy_from_pem(const uint8_t *data, int size, uint8_t *out, size_t room)
{
    BIO *bio = BIO_new_mem_buf(data, size);
    unsigned char *der = NULL;
    long der_size = 0;
    size_t copied = 0;

    if (bio != NULL &&
        PEM_bytes_read_bio(&der, &der_size, NULL, PEM_STRING_X509, bio, no_password, NULL) == 1)
        copied = copy(der, size_of_first(der, (size_t)der_size), out, room);
    OPENSSL_free(der);
    BIO_free(bio);
    return copied;
}

size_t ucm_cert_der(const uint8_t *data, size_t size, uint8_t *out, size_t room)
{
    size_t first;
    size_t copied;

    if (size > INT_MAX)
        return 0;
    first = size_of_first(data, size);
    copied = first > 0 ? copy(data, first, out, room) : copy_from_pem(data, (int)size, out, room);
    ERR_clear_error();
    return copied;
}
