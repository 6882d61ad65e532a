/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What decoding costs beside memcpy of the same bytes, and beside SHA-512 of them, which every
 * signature needs anyway. For tests/bench/run.
 */
#define _POSIX_C_SOURCE 200809L
#include "maker.h"
#include "turns.h"

#include "common/trustlist.h"
#include "common/tvs.h"

/** Something to time: bytes, and what to do with them. */
struct subject {
    const char *name;
    uint8_t *data;
    size_t size;
    turns_work *work;
    size_t records; /* of a list */
};

/* ---- the work ---- */

static uint64_t decode_message(const uint8_t *data, size_t size)
{
    struct ucm_tvs message;

    ucm_tvs_decode(data, size, &message);
    return message.has;
}

static uint64_t walk_list(const uint8_t *data, size_t size)
{
    struct ucm_trustlist list;
    struct ucm_record record;
    struct ucm_record_walk walk;
    uint64_t sum = 0;

    ucm_trustlist_decode(data, size, &list);
    walk = ucm_record_walk(&list);
    while (ucm_record_next(&walk, &record))
        sum += record.has;
    return sum;
}

static uint64_t copy(const uint8_t *data, size_t size)
{
    static uint8_t target[UCM_INPUT_MAX];

    memcpy(target, data, size);
    __asm__ volatile("" : : "r"(target) : "memory");
    return target[size - 1];
}

static uint64_t sha512(const uint8_t *data, size_t size)
{
    uint8_t digest[64];

    if (EVP_Digest(data, size, digest, NULL, EVP_sha512(), NULL) != 1)
        abort();
    return digest[0];
}

static void measure(const struct subject *subject)
{
    const uint8_t *data = subject->data;
    const size_t size = subject->size;

    turns_print(subject->name, "warm", size, "memcpy", turns_warm(subject->work, copy, data, size));
    turns_print(subject->name, "cold", size, "memcpy", turns_cold(subject->work, copy, data, size));
    if (subject->records > 0)
        turns_print(subject->name, "warm", size, "SHA-512",
                    turns_warm(subject->work, sha512, data, size));
}

/* ---- what is timed ---- */

static struct maker maker;

static void keep(struct subject *subject)
{
    subject->data = exact(maker.data, maker.size);
    subject->size = maker.size;
}

static void make_request(struct subject *subject, const struct identity *identity)
{
    maker.size = ucm_tvs_encode_query(
        maker.data, sizeof maker.data, 1001, "CP-8861-SEPB000B4BA0AEE", identity->name,
        identity->name, identity->serial, sizeof identity->serial, ucm_tvs_query_tags[0]);
    keep(subject);
}

static void make_response(struct subject *subject, const struct identity *identity)
{
    static const uint8_t head[10] = {0x57, 1, 4, 0xf7, 0, 0, 3, 0xe9};

    maker.size = 0;
    make_bytes(&maker, head, sizeof head);
    make_tlv(&maker, UCM_TVS_TAG_STATUS, "\0", 1);
    make_tlv(&maker, UCM_TVS_TAG_CERTIFICATE, identity->der, identity->der_size);
    make_tlv(&maker, UCM_TVS_TAG_ROLES, "\0\3", 2);
    make_number(&maker, UCM_TVS_TAG_TTL, 86400, 4);
    make_patch(&maker, 8, (uint32_t)(maker.size - sizeof head), 2);
    keep(subject);
}

/* A list of any number of records: the signed header, then the same record again and again. */
static void make_records(struct subject *subject, const struct identity *identity, size_t count)
{
    struct record_options record = {identity, UCM_ROLE_TVS, false};
    size_t header;
    size_t length;

    make_list(&maker,
              &(struct list_options){.signer = identity, .records = &record, .record_count = 1});
    header = ucm_number(maker.data, (struct ucm_view){8, 2});
    length = maker.size - header;
    subject->size = header + count * length;
    subject->data = malloc(subject->size);
    if (subject->data == NULL)
        abort();
    memcpy(subject->data, maker.data, header);
    for (size_t i = 0; i < count; i++)
        memcpy(subject->data + header + i * length, maker.data + header, length);
}

int main(void)
{
    struct identity *identity = make_identity(&(struct identity_options){.der_size = 1200});
    struct subject subjects[] = {
        {"TVS query request", NULL, 0, decode_message, 0},
        {"TVS query response, 1 certificate", NULL, 0, decode_message, 0},
        {"trust list, 5 records", NULL, 0, walk_list, 5},
        {"trust list, 39 records", NULL, 0, walk_list, 39},
        {"trust list, 100 records", NULL, 0, walk_list, 100},
        {"trust list, 1000 records", NULL, 0, walk_list, 1000},
    };

    make_request(&subjects[0], identity);
    make_response(&subjects[1], identity);
    for (size_t i = 0; i < COUNT_OF(subjects); i++) {
        if (subjects[i].records > 0)
            make_records(&subjects[i], identity, subjects[i].records);
        measure(&subjects[i]);
        free(subjects[i].data);
    }
    free_identity(identity);
    return 0;
}
