/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes trust lists with certificates replaced: see renewal_list.h. The format is that of
 * trustlist.h; what a decoder tolerates in the list that is copied is not copied.
 */
#include "renewal_list.h"

#include "cert.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <stdlib.h>
#include <string.h>

enum {
    SERIAL_SIZE = 16,
    VALID_DAYS = 5 * 365, /* what CUCM gives its own certificates */
    TLV_MAX = 0xffff,
    RECORD_ALIGN = 4,
};

/* ---- certificates ---- */

/* The first bytes are a mark that no list was seen to use, so that no real serial number is met. */
static bool renew(X509 *x509, uint32_t number, int64_t now)
{
    uint8_t serial[SERIAL_SIZE] = {0x7f, 'u', 'c', 'm', 't', 'r', 'u', 's', 't'};
    BIGNUM *value;
    bool ok;

    ucm_put_number(serial + SERIAL_SIZE - sizeof number, number, sizeof number);
    value = BN_bin2bn(serial, sizeof serial, NULL);
    ok = value != NULL && BN_to_ASN1_INTEGER(value, X509_get_serialNumber(x509)) != NULL &&
         ASN1_TIME_set(X509_getm_notBefore(x509), (time_t)now) != NULL &&
         ASN1_TIME_adj(X509_getm_notAfter(x509), (time_t)now, VALID_DAYS, 0) != NULL;
    BN_free(value);
    return ok;
}

uint8_t *ucm_successor_make(const uint8_t *der, size_t size, uint32_t number, int64_t now,
                            uint32_t *successor_size)
{
    const unsigned char *p = der;
    X509 *x509 = size > UCM_INPUT_MAX ? NULL : d2i_X509(NULL, &p, (long)size);
    uint8_t *successor;
    unsigned char *end;
    int length = 0;

    if (x509 != NULL && renew(x509, number, now) && i2d_re_X509_tbs(x509, NULL) > 0)
        length = i2d_X509(x509, NULL);
    successor = length > 0 ? malloc((size_t)length) : NULL;
    end = successor;
    if (successor != NULL)
        *successor_size = (uint32_t)i2d_X509(x509, &end);
    X509_free(x509);
    ERR_clear_error();
    return successor;
}

/* ---- bytes ---- */

/** A file that grows. */
struct writer {
    uint8_t *bytes;
    size_t size;
    size_t room;
    bool failed;
};

static uint8_t *reserve(struct writer *writer, size_t size)
{
    size_t room = writer->room;
    uint8_t *bytes;

    while (room - writer->size < size)
        room *= 2;
    if (!writer->failed && room > writer->room) {
        bytes = realloc(writer->bytes, room);
        writer->failed = bytes == NULL;
        if (bytes != NULL) {
            writer->bytes = bytes;
            writer->room = room;
        }
    }
    return writer->failed ? NULL : writer->bytes + writer->size;
}

static void put(struct writer *writer, uint8_t tag, const uint8_t *value, size_t size)
{
    uint8_t *at = reserve(writer, size + 3);

    if (at == NULL)
        return;
    writer->failed = size > TLV_MAX;
    at[0] = tag;
    ucm_put_number(at + 1, (uint32_t)(size & TLV_MAX), 2);
    if (size > 0 && value != NULL)
        memcpy(at + 3, value, size);
    else if (size > 0)
        memset(at + 3, 0, size);
    writer->size += size + 3;
}

static void put_number(struct writer *writer, uint8_t tag, uint32_t value, uint32_t bytes)
{
    uint8_t number[4];

    ucm_put_number(number, value, bytes);
    put(writer, tag, number, bytes);
}

static void put_text(struct writer *writer, uint8_t tag, const char *text)
{
    put(writer, tag, (const uint8_t *)text, strlen(text) + 1);
}

/* The length of what was written since, into the two bytes at an offset. */
static void patch(struct writer *writer, size_t at, size_t since)
{
    if (writer->failed)
        return;
    writer->failed = writer->size - since > TLV_MAX;
    ucm_put_number(writer->bytes + at, (uint32_t)((writer->size - since) & TLV_MAX), 2);
}

static size_t open_container(struct writer *writer, uint8_t tag)
{
    put(writer, tag, NULL, 0);
    return writer->size;
}

static void close_container(struct writer *writer, size_t start)
{
    patch(writer, start - 2, start);
}

/* ---- header ---- */

static void put_signer(struct writer *writer, const struct ucm_cert *signer)
{
    size_t start = open_container(writer, UCM_HEADER_SIGNER_ID);

    put_text(writer, UCM_HEADER_SIGNER_NAME, signer->subject);
    put(writer, UCM_HEADER_SIGNER_SERIAL, signer->serial, signer->serial_size);
    put_text(writer, UCM_HEADER_SIGNER_ISSUER, signer->issuer);
    close_container(writer, start);
}

static void put_signature(struct writer *writer, const struct ucm_trustlist *list)
{
    size_t info = open_container(writer, UCM_HEADER_SIGNATURE_INFO);
    size_t algorithm;

    put_number(writer, UCM_HEADER_DIGEST, list->digest, 1);
    algorithm = open_container(writer, UCM_HEADER_ALGORITHM_INFO);
    put_number(writer, UCM_HEADER_ALGORITHM, list->algorithm, 1);
    put_number(writer, UCM_HEADER_MODULUS, list->modulus, 1);
    close_container(writer, algorithm);
    close_container(writer, info);
    put(writer, UCM_HEADER_SIGNATURE, NULL, list->value[UCM_HEADER_SIGNATURE].len);
}

static void put_header(struct writer *writer, const struct ucm_trustlist *list,
                       const struct ucm_cert *signer)
{
    size_t length;

    put_number(writer, UCM_HEADER_VERSION, list->version, 2);
    put_number(writer, UCM_HEADER_LENGTH, 0, 2);
    length = writer->size - 2;
    if (ucm_list_has(list, UCM_HEADER_SIGNER_VERSION))
        put_number(writer, UCM_HEADER_SIGNER_VERSION, list->signer_version, 2);
    put_signer(writer, signer);
    put_signature(writer, list);
    put_text(writer, UCM_HEADER_FILENAME,
             list->kind == UCM_LIST_CTL ? "CTLFile.tlv" : "ITLFile.tlv");
    put_number(writer, UCM_HEADER_TIMESTAMP, list->timestamp, 4);
    while (!writer->failed && writer->size % RECORD_ALIGN != 0) {
        uint8_t *at = reserve(writer, 1);

        if (at != NULL) {
            *at = UCM_HEADER_PADDING;
            writer->size++;
        }
    }
    patch(writer, length, 0);
}

/* ---- records ---- */

/* What takes the place of a certificate; NULL: it stays. */
static const struct ucm_swap *find_swap(const struct ucm_swap *swap, uint32_t swaps,
                                        const uint8_t *der, uint32_t size)
{
    for (uint32_t i = 0; i < swaps; i++)
        if (swap[i].from_size == size && memcmp(swap[i].from, der, size) == 0)
            return &swap[i];
    return NULL;
}

static void put_record(struct writer *writer, const uint8_t *data, const struct ucm_record *record,
                       const struct ucm_swap *swap)
{
    struct ucm_cursor elements = record->elements;
    struct ucm_element element;
    struct ucm_cert_key key = {{0, 0}, {0, 0}};
    size_t start = writer->size;

    if (swap != NULL)
        (void)ucm_cert_key(swap->to, swap->to_size, &key);
    put_number(writer, UCM_RECORD_LENGTH, 0, 2);
    while (ucm_record_element_next(&elements, &element)) {
        if (element.tag == UCM_RECORD_LENGTH ||
            (swap != NULL && element.tag == UCM_RECORD_CERTIFICATE_HASH))
            continue;
        if (swap != NULL && element.tag == UCM_RECORD_CERTIFICATE)
            put(writer, element.tag, swap->to, swap->to_size);
        else if (swap != NULL && element.tag == UCM_RECORD_SERIAL)
            put(writer, element.tag, swap->to + key.serial.off, key.serial.len);
        else
            put(writer, element.tag, data + element.value.off, element.value.len);
    }
    patch(writer, start + 3, start);
}

static void put_records(struct writer *writer, const struct ucm_trustlist *list,
                        const struct ucm_swap *swap, uint32_t swaps)
{
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_record record;

    while (ucm_record_next(&walk, &record)) {
        struct ucm_view der = record.value[UCM_RECORD_CERTIFICATE];

        put_record(writer, list->data, &record,
                   der.len == 0 ? NULL : find_swap(swap, swaps, list->data + der.off, der.len));
    }
}

/* ---- what verifying it would give ---- */

static bool find_signer(struct ucm_served *served, const uint8_t *signer, uint32_t size)
{
    struct ucm_signature *own = &served->own;
    struct ucm_record_walk walk = ucm_record_walk(&served->list);
    struct ucm_record record;

    *own = (struct ucm_signature){.status = UCM_SIGNATURE_VALID};
    while (ucm_record_next(&walk, &record)) {
        struct ucm_view der = record.value[UCM_RECORD_CERTIFICATE];

        if (der.len != size || memcmp(served->list.data + der.off, signer, size) != 0)
            continue;
        if (own->record == 0 ||
            (ucm_role_bit(&record) == UCM_ROLE_BIT(UCM_ROLE_SAST) && !own->sast))
            own->record = record.index;
        own->sast = own->sast || ucm_role_bit(&record) == UCM_ROLE_BIT(UCM_ROLE_SAST);
        own->roles |= ucm_role_bit(&record);
        own->certificate_at = der.off;
        own->certificate_size = der.len;
    }
    return own->record != 0;
}

bool ucm_list_rebuild(const struct ucm_trustlist *list, const struct ucm_swap *swap, uint32_t swaps,
                      const uint8_t *signer, uint32_t signer_size, struct ucm_served *served)
{
    struct writer writer = {.room = (size_t)list->size + RECORD_ALIGN};
    struct ucm_cert cert;

    *served = (struct ucm_served){.bytes = NULL};
    if (!ucm_cert_read(signer, signer_size, &cert))
        return false;
    writer.bytes = malloc(writer.room);
    writer.failed = writer.bytes == NULL;
    put_header(&writer, list, &cert);
    put_records(&writer, list, swap, swaps);
    served->bytes = writer.bytes;
    if (!writer.failed && ucm_trustlist_decode(writer.bytes, writer.size, &served->list) &&
        find_signer(served, signer, signer_size))
        return true;
    ucm_served_free(served);
    return false;
}

void ucm_served_free(struct ucm_served *served)
{
    free(served->bytes);
    served->bytes = NULL;
}
