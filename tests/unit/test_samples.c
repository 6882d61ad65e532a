/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The sample lists of pcaps/, cut at every byte and with every length changed: never silent, never
 * OK. What is judged with X.509 and signatures is sampled, since it is slow under the sanitizers.
 */
#include "maker.h"

#include "common/lint.h"

#include <stdio.h>

enum { SAMPLE_MAX = 1 << 16, JUDGED_EVERY = 64, ELEMENTS_MAX = 256 };

static const char *const SAMPLES[] = {UCMTRUST_PCAPS "/itl-destination.tlv",
                                      UCMTRUST_PCAPS "/ctl-source.tlv"};

static size_t read_sample(const char *path, uint8_t *out)
{
    FILE *file = fopen(path, "rb");
    size_t size;

    assert_non_null(file);
    size = fread(out, 1, SAMPLE_MAX, file);
    fclose(file);
    assert_in_range(size, 1000, SAMPLE_MAX - 1);
    return size;
}

/* The worst that the whole judgement says; the clock is inside the validity of the samples. */
static enum ucm_severity judge(const uint8_t *data, size_t size)
{
    struct ucm_lint_options options = ucm_lint_defaults((int64_t)NOW + YEAR);
    uint8_t *copy = exact(data, size);
    struct ucm_report report;
    enum ucm_severity worst;

    assert_true(ucm_report_make(copy, size, &options, &report));
    worst = report.findings.worst;
    ucm_report_free(&report);
    free(copy);
    return worst;
}

/* Is the list whole as far as its structure goes? */
static bool walks_through(const uint8_t *data, size_t size)
{
    uint8_t *copy = exact(data, size);
    struct ucm_trustlist list;
    struct ucm_record record;
    struct ucm_record_walk walk;
    bool whole = ucm_trustlist_decode(copy, size, &list);

    walk = ucm_record_walk(&list);
    while (ucm_record_next(&walk, &record))
        continue;
    whole = whole && walk.error.id == UCM_FINDING_NONE;
    free(copy);
    return whole;
}

static void every_truncation_is_noticed(void **state)
{
    static uint8_t data[SAMPLE_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(SAMPLES); i++) {
        size_t size = read_sample(SAMPLES[i], data);

        assert_int_not_equal(judge(data, size), UCM_ERROR);
        assert_true(walks_through(data, size));
        for (size_t cut = 0; cut < size; cut++)
            if (walks_through(data, cut) || cut % JUDGED_EVERY == 0)
                assert_int_equal(judge(data, cut), UCM_ERROR);
    }
}

/* Offsets of all elements, of the header and of every record. */
static size_t elements_of(const struct ucm_trustlist *list, uint32_t *at)
{
    struct ucm_header_walk header = ucm_header_walk(list);
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_element element;
    struct ucm_record record;
    size_t count = 0;

    while (ucm_header_next(&header, &element))
        if (element.tag != UCM_HEADER_PADDING && count < ELEMENTS_MAX)
            at[count++] = element.at;
    while (ucm_record_next(&walk, &record)) {
        struct ucm_cursor cursor = record.elements;

        while (ucm_record_element_next(&cursor, &element) && count < ELEMENTS_MAX)
            at[count++] = element.at;
    }
    return count;
}

static void every_length_may_lie(void **state)
{
    static const uint32_t lies[] = {0, 1, 0xffff};
    static uint8_t data[SAMPLE_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(SAMPLES); i++) {
        size_t size = read_sample(SAMPLES[i], data);
        uint32_t at[ELEMENTS_MAX];
        struct ucm_trustlist list;
        size_t count;

        assert_true(ucm_trustlist_decode(data, size, &list));
        count = elements_of(&list, at);
        assert_in_range(count, 50, ELEMENTS_MAX - 1);
        for (size_t k = 0; k < count * COUNT_OF(lies); k++) {
            uint8_t *length = data + at[k / COUNT_OF(lies)] + 1;
            uint32_t old = (uint32_t)length[0] << 8 | length[1];

            if (old == lies[k % COUNT_OF(lies)])
                continue;
            ucm_put_number(length, lies[k % COUNT_OF(lies)], 2);
            assert_in_range(judge(data, size), UCM_UNSURE,
                            UCM_ERROR); /* an unknown digest: unsure */
            ucm_put_number(length, old, 2);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_truncation_is_noticed),
        cmocka_unit_test(every_length_may_lie),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
