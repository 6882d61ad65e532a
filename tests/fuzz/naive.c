/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A second reader of trust lists: see naive.h. Numbers of elements are written out on purpose.
 */
#include "naive.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

static long two(const uint8_t *p)
{
    return p[0] * 256 + p[1];
}

/* ---- records ---- */

static void read_elements(const uint8_t *data, struct naive_record *record)
{
    const long end = record->at + record->length;
    long at = record->at;

    while (at + 3 <= end && at + 3 + two(data + at + 1) <= end) {
        const long size = two(data + at + 1);

        if (data[at] == 4 && size == 2 && record->role == NAIVE_NOWHERE)
            record->role = two(data + at + 3);
        if (data[at] == 9 && record->certificate == NAIVE_NOWHERE) {
            record->certificate = at + 3;
            record->certificate_size = size;
        }
        if (data[at] == 7 && record->key == NAIVE_NOWHERE) {
            record->key = at + 3;
            record->key_size = size;
        }
        at += 3 + size;
    }
    record->full = at == end;
}

static void begin_record(struct naive_record *record, long at, long length)
{
    *record = (struct naive_record){.at = at,
                                    .length = length,
                                    .role = NAIVE_NOWHERE,
                                    .certificate = NAIVE_NOWHERE,
                                    .key = NAIVE_NOWHERE};
}

static void read_records(const uint8_t *data, long size, struct naive_list *list)
{
    long at = list->header_end;

    while (list->count < NAIVE_RECORDS_MAX && at + 5 <= size && data[at] == 1 &&
           two(data + at + 1) == 2 && two(data + at + 3) >= 5 && at + two(data + at + 3) <= size) {
        struct naive_record *record = &list->record[list->count++];

        begin_record(record, at, two(data + at + 3));
        read_elements(data, record);
        at += record->length;
    }
    list->is_cut = at + 5 <= size && data[at] == 1 && two(data + at + 1) == 2 &&
                   two(data + at + 3) > size - at;
    if (list->is_cut) {
        begin_record(&list->cut, at, size - at);
        read_elements(data, &list->cut);
    }
}

/* ---- header ---- */

/* Containers are entered, and must end where an element ends. */
static bool header_is_regular(const uint8_t *data, long size, struct naive_list *list)
{
    long inside[3] = {NAIVE_NOWHERE, NAIVE_NOWHERE, NAIVE_NOWHERE}; /* ends of 3, 7 and 9 */
    long at = 0;

    if (size < 10 || data[0] != 1 || two(data + 1) != 2 || data[5] != 2 || two(data + 6) != 2)
        return false;
    list->header_end = two(data + 8);
    if (list->header_end < 10) /* before its own length ends */
        return false;
    while (at < list->header_end && list->header_end <= size) {
        const int tag = data[at];
        const long value = at + 3;

        for (int i = 0; i < 3; i++)
            if (inside[i] == at)
                inside[i] = NAIVE_NOWHERE;
        if (tag == 13) {
            at++;
            continue;
        }
        if (value > list->header_end || value + two(data + at + 1) > list->header_end)
            return false;
        for (int i = 0; i < 3; i++) /* an element that leads out of a container */
            if (inside[i] != NAIVE_NOWHERE && value + two(data + at + 1) > inside[i])
                return false;
        if (tag == 12 && list->signature_at == NAIVE_NOWHERE) {
            list->signature_at = at;
            list->signature_size = two(data + at + 1);
        }
        if (tag == 8 && two(data + at + 1) == 1 && list->digest == NAIVE_NOWHERE)
            list->digest = data[value];
        if (tag == 3 || tag == 7 || tag == 9)
            inside[tag == 3 ? 0 : tag == 7 ? 1 : 2] = value + two(data + at + 1);
        at = tag == 3 || tag == 7 || tag == 9 ? value : value + two(data + at + 1);
    }
    return at == list->header_end && at > 0;
}

void naive_read(const uint8_t *data, size_t size, struct naive_list *list)
{
    memset(list, 0, sizeof *list);
    list->signature_at = NAIVE_NOWHERE;
    list->digest = NAIVE_NOWHERE;
    list->regular = header_is_regular(data, (long)size, list);
    if (list->regular)
        read_records(data, (long)size, list);
}

/* ---- signatures ---- */

static const EVP_MD *digest_of(const struct naive_list *list)
{
    return list->digest == 1 ? EVP_sha1() : list->digest == 2 ? EVP_sha256() : EVP_sha512();
}

/* Everything but the signature element, with a key. */
static bool verifies_with(const uint8_t *data, size_t size, const struct naive_list *list,
                          EVP_PKEY *key)
{
    const long after = list->signature_at + 3 + list->signature_size;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = context != NULL && key != NULL && list->signature_at != NAIVE_NOWHERE &&
              EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
              EVP_DigestVerifyInit(context, NULL, digest_of(list), NULL, key) == 1 &&
              EVP_DigestVerifyUpdate(context, data, (size_t)list->signature_at) == 1 &&
              EVP_DigestVerifyUpdate(context, data + after, size - (size_t)after) == 1 &&
              EVP_DigestVerifyFinal(context, data + list->signature_at + 3,
                                    (size_t)list->signature_size) == 1;

    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return ok;
}

bool naive_verifies_by(const uint8_t *data, size_t size, const struct naive_list *list,
                       const uint8_t *der, size_t der_size)
{
    const unsigned char *p = der;
    X509 *x509 = d2i_X509(NULL, &p, (long)der_size);
    const bool ok = x509 != NULL && verifies_with(data, size, list, X509_get0_pubkey(x509));

    X509_free(x509);
    ERR_clear_error();
    return ok;
}

bool naive_verifies(const uint8_t *data, size_t size, const struct naive_list *list)
{
    bool ok = false;

    for (unsigned i = 0; i < list->count + list->is_cut && !ok; i++) {
        const struct naive_record *record = i < list->count ? &list->record[i] : &list->cut;
        const unsigned char *p = data + record->key;
        EVP_PKEY *key = record->key == NAIVE_NOWHERE
                            ? NULL
                            : d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, record->key_size);

        ok = verifies_with(data, size, list, key) ||
             (record->certificate != NAIVE_NOWHERE &&
              naive_verifies_by(data, size, list, data + record->certificate,
                                (size_t)record->certificate_size));
        EVP_PKEY_free(key);
    }
    ERR_clear_error();
    return ok;
}

void naive_sign(uint8_t *data, size_t size, const uint8_t *key, size_t key_size)
{
    static struct naive_list list;
    uint8_t signature[256];
    size_t written = sizeof signature;
    const unsigned char *p = key;
    EVP_PKEY *pkey = d2i_AutoPrivateKey(NULL, &p, (long)key_size);
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    naive_read(data, size, &list);
    if (list.signature_at != NAIVE_NOWHERE && list.regular && context != NULL && pkey != NULL &&
        EVP_PKEY_get_base_id(pkey) == EVP_PKEY_RSA &&
        EVP_PKEY_get_size(pkey) == (int)list.signature_size &&
        list.signature_size <= (long)sizeof signature &&
        EVP_DigestSignInit(context, NULL, digest_of(&list), NULL, pkey) == 1) {
        const size_t after = (size_t)(list.signature_at + 3 + list.signature_size);

        if (EVP_DigestSignUpdate(context, data, (size_t)list.signature_at) == 1 &&
            EVP_DigestSignUpdate(context, data + after, size - after) == 1 &&
            EVP_DigestSignFinal(context, signature, &written) == 1 &&
            written == (size_t)list.signature_size)
            memcpy(data + list.signature_at + 3, signature, written);
    }
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pkey);
    ERR_clear_error();
}
