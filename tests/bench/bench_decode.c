/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What decoding costs, as a ratio to memcpy of the same bytes, in one run. Both sides are timed in
 * turns and the median of the turns is taken, so that a busy machine disturbs both alike.
 */
#define _POSIX_C_SOURCE 200809L
#include "maker.h"

#include "common/trustlist.h"
#include "common/tvs.h"

#include <stdio.h>
#include <time.h>

enum { TURNS = 21, TURN_NS = 4000000 };

/** Something to time: bytes, and what to do with them. */
struct subject {
    const char *name;
    uint8_t *data;
    size_t size;
    uint64_t (*work)(const uint8_t *data, size_t size);
};

static volatile uint64_t sink; /* so that no work is thought away */

static uint64_t now_ns(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

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

/* ---- timing ---- */

static double once(uint64_t (*work)(const uint8_t *, size_t), const struct subject *subject,
                   uint64_t rounds)
{
    uint64_t start = now_ns();

    for (uint64_t i = 0; i < rounds; i++)
        sink += work(subject->data, subject->size);
    return (double)(now_ns() - start) / (double)rounds;
}

static uint64_t rounds_for(uint64_t (*work)(const uint8_t *, size_t), const struct subject *subject)
{
    double each = once(work, subject, 64);

    return each < 1 ? TURN_NS : (uint64_t)(TURN_NS / each) + 1;
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;

    return (left > right) - (left < right);
}

static void measure(const struct subject *subject)
{
    double ours[TURNS];
    double copies[TURNS];
    uint64_t our_rounds = rounds_for(subject->work, subject);
    uint64_t copy_rounds = rounds_for(copy, subject);

    for (int i = 0; i < TURNS; i++) {
        ours[i] = once(subject->work, subject, our_rounds);
        copies[i] = once(copy, subject, copy_rounds);
    }
    qsort(ours, TURNS, sizeof ours[0], by_size);
    qsort(copies, TURNS, sizeof copies[0], by_size);
    printf("%-36s %8zu %10.1f %10.0f %10.1f %8.2f\n", subject->name, subject->size, ours[TURNS / 2],
           (double)subject->size * 1000 / ours[TURNS / 2], copies[TURNS / 2],
           ours[TURNS / 2] / copies[TURNS / 2]);
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

static void run(void **state)
{
    struct identity *identity = make_identity(&(struct identity_options){.der_size = 1200});
    struct subject subjects[] = {
        {"TVS query request", NULL, 0, decode_message},
        {"TVS query response, 1 certificate", NULL, 0, decode_message},
        {"trust list, 5 records", NULL, 0, walk_list},
        {"trust list, 39 records", NULL, 0, walk_list},
        {"trust list, 1000 records", NULL, 0, walk_list},
    };

    (void)state;
    make_request(&subjects[0], identity);
    make_response(&subjects[1], identity);
    make_records(&subjects[2], identity, 5);
    make_records(&subjects[3], identity, 39);
    make_records(&subjects[4], identity, 1000);
    printf("%-36s %8s %10s %10s %10s %8s\n", "decode, warm, median of turns", "bytes", "ns each",
           "MB/s", "memcpy ns", "ratio");
    for (size_t i = 0; i < COUNT_OF(subjects); i++) {
        measure(&subjects[i]);
        free(subjects[i].data);
    }
    free_identity(identity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(run)};

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
