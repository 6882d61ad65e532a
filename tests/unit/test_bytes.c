/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The cursor: it moves by exactly what was taken, or not at all.
 */
#include "maker.h"

#include "common/bytes.h"

static const uint8_t BYTES[] = {0x01, 0x02, 0x03, 0x04, 0x05};

static void take_moves_by_what_it_took(void **state)
{
    struct ucm_cursor cursor = ucm_cursor_over(BYTES, sizeof BYTES);
    struct ucm_view view;

    (void)state;
    assert_true(ucm_take(&cursor, 2, &view));
    assert_int_equal(view.off, 0);
    assert_int_equal(view.len, 2);
    assert_int_equal(cursor.pos, 2);
    assert_true(ucm_take(&cursor, 3, &view));
    assert_int_equal(ucm_left(cursor), 0);
    assert_true(ucm_take(&cursor, 0, &view));
    assert_int_equal(view.len, 0);
}

static void take_beyond_the_end_does_nothing(void **state)
{
    static const uint32_t lengths[] = {6, 7, 0x7fffffff, 0xfffffffe, 0xffffffff};
    struct ucm_cursor cursor = ucm_cursor_over(BYTES, sizeof BYTES);
    struct ucm_view view = {77, 88};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        assert_false(ucm_take(&cursor, lengths[i], &view));
        assert_int_equal(cursor.pos, 0);
        assert_int_equal(view.off, 77);
        assert_int_equal(view.len, 88);
    }
}

static void numbers_are_big_endian(void **state)
{
    struct ucm_cursor cursor = ucm_cursor_over(BYTES, sizeof BYTES);
    struct ucm_cursor again = cursor;
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;

    (void)state;
    assert_true(ucm_take_u8(&cursor, &u8));
    assert_int_equal(u8, 0x01);
    assert_true(ucm_take_u16(&cursor, &u16));
    assert_int_equal(u16, 0x0203);
    assert_true(ucm_take_u32(&again, &u32));
    assert_int_equal(u32, 0x01020304);
    assert_false(ucm_take_u32(&cursor, &u32));
    assert_int_equal(cursor.pos, 3);
    assert_true(ucm_take_u16(&cursor, &u16));
    assert_false(ucm_take_u8(&cursor, &u8));
    assert_false(ucm_take_u16(&cursor, &u16));
    assert_int_equal(cursor.pos, 5);
}

static void number_takes_one_two_or_four(void **state)
{
    (void)state;
    assert_int_equal(ucm_number(BYTES, (struct ucm_view){0, 1}), 0x01);
    assert_int_equal(ucm_number(BYTES, (struct ucm_view){1, 2}), 0x0203);
    assert_int_equal(ucm_number(BYTES, (struct ucm_view){1, 4}), 0x02030405);
    assert_int_equal(ucm_number(BYTES, (struct ucm_view){0, 3}), 0);
    assert_int_equal(ucm_number(BYTES, (struct ucm_view){0, 0}), 0);
}

static void element_is_whole_or_nothing(void **state)
{
    static const uint8_t element[] = {0x09, 0x00, 0x02, 0xaa, 0xbb};

    (void)state;
    for (size_t size = 0; size <= sizeof element; size++) {
        uint8_t *data = exact(element, size);
        struct ucm_cursor cursor = ucm_cursor_over(data, size);
        struct ucm_tlv tlv = ucm_take_tlv(&cursor);

        assert_int_equal(tlv.ok, size == sizeof element);
        assert_int_equal(cursor.pos, size == sizeof element ? 5 : 0);
        assert_int_equal(tlv.wanted, size < 3 ? 3 : 5);
        assert_int_equal(tlv.tag, size == 0 ? 0 : 9);
        assert_int_equal(tlv.value.off, size == sizeof element ? 3 : 0);
        assert_int_equal(tlv.value.len, size == sizeof element ? 2 : 0);
        free(data);
    }
}

static void input_is_cut_at_the_limit(void **state)
{
    (void)state;
    assert_int_equal(ucm_cursor_over(BYTES, UCM_INPUT_MAX).end, UCM_INPUT_MAX);
    assert_int_equal(ucm_cursor_over(BYTES, UCM_INPUT_MAX + 1u).end, UCM_INPUT_MAX);
    assert_int_equal(ucm_cursor_over(BYTES, SIZE_MAX).end, UCM_INPUT_MAX);
}

static void text_and_serial_are_trimmed(void **state)
{
    static const uint8_t data[] = {'a', 'b', 0, 0, 0, 0x24, 0};
    struct ucm_view view;

    (void)state;
    view = ucm_text(data, (struct ucm_view){0, 3});
    assert_int_equal(view.len, 2);
    assert_int_equal(ucm_text(data, (struct ucm_view){0, 2}).len, 2);
    assert_int_equal(ucm_text(data, (struct ucm_view){0, 0}).len, 0);
    view = ucm_serial(data, (struct ucm_view){3, 3});
    assert_int_equal(view.off, 5);
    assert_int_equal(view.len, 1);
    assert_int_equal(ucm_serial(data, (struct ucm_view){3, 2}).len, 1); /* zero stays one byte */
    assert_int_equal(ucm_serial(data, (struct ucm_view){3, 0}).len, 0);
}

static void same_compares_length_and_bytes(void **state)
{
    static const uint8_t other[] = {9, 0x02, 0x03};

    (void)state;
    assert_true(ucm_same(BYTES, (struct ucm_view){1, 2}, other, (struct ucm_view){1, 2}));
    assert_false(ucm_same(BYTES, (struct ucm_view){0, 2}, other, (struct ucm_view){0, 2}));
    assert_false(ucm_same(BYTES, (struct ucm_view){1, 1}, other, (struct ucm_view){1, 2}));
    assert_false(ucm_same(BYTES, (struct ucm_view){0, 1}, other, (struct ucm_view){0, 1}));
    assert_true(ucm_same(NULL, (struct ucm_view){0, 0}, other, (struct ucm_view){1, 0}));
}

static void put_fits_or_writes_nothing(void **state)
{
    uint8_t out[8] = {0};
    uint8_t big[0x10002];
    static const uint8_t most[0x10000];

    (void)state;
    assert_int_equal(ucm_put_tlv(out, 8, 7, BYTES, 5), 8);
    assert_memory_equal(out, "\x07\x00\x05\x01\x02\x03\x04\x05", 8);
    assert_int_equal(ucm_put_tlv(out, 7, 7, BYTES, 5), 0);
    assert_int_equal(ucm_put_tlv(out, 2, 7, BYTES, 0), 0);
    assert_int_equal(ucm_put_tlv(out, 3, 7, NULL, 0), 3);
    assert_int_equal(ucm_put_tlv(out, 4, 7, BYTES + 4, 1), 4);
    assert_memory_equal(out, "\x07\x00\x01\x05", 4);
    assert_int_equal(ucm_put_tlv(big, sizeof big, 7, most, 0xffff), sizeof big);
    assert_int_equal(ucm_put_tlv(big, sizeof big, 7, most, 0x10000), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(take_moves_by_what_it_took),
        cmocka_unit_test(take_beyond_the_end_does_nothing),
        cmocka_unit_test(numbers_are_big_endian),
        cmocka_unit_test(number_takes_one_two_or_four),
        cmocka_unit_test(element_is_whole_or_nothing),
        cmocka_unit_test(input_is_cut_at_the_limit),
        cmocka_unit_test(text_and_serial_are_trimmed),
        cmocka_unit_test(same_compares_length_and_bytes),
        cmocka_unit_test(put_fits_or_writes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
