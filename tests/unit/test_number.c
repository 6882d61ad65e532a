/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nagios/number.c, and every option that reads its value with it: the same oddities are refused.
 */
#include "nagios/address.h"
#include "nagios/number.h"
#include "nagios/range.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What strtol(), strtod() or GLib would take before or in a number. */
static const char *const ODD[] = {"\v8", "\f8", "\n8", "\r8", " 8",       "\t8",      "8\v",
                                  "8 ",  "8\n", "+8",  "--8", "-+8",      "- 8",      "-\v8",
                                  "0x8", "8e0", "8d0", "",    "\xa0\070", /* 8 */
                                  "+",   "-",   "8,0", "nan", "inf",      "infinity", "8_0"};

static void test_whole(void **state)
{
    int64_t number = -7;

    (void)state;
    assert_true(number_read("8", 1, 65535, &number) && number == 8);
    assert_true(number_read("008", 1, 65535, &number) && number == 8);
    assert_true(number_read("0", 0, 1, &number) && number == 0);
    assert_true(number_read("65535", 1, 65535, &number) && number == 65535);
    assert_true(number_read("9223372036854775807", 0, INT64_MAX, &number) && number == INT64_MAX);
    number = -7;
    assert_false(number_read("0", 1, 65535, &number));
    assert_false(number_read("65536", 1, 65535, &number));
    assert_false(number_read("9223372036854775808", 0, INT64_MAX, &number));
    assert_false(number_read("18446744073709551617", 0, INT64_MAX, &number));
    assert_false(number_read("-1", -5, 5, &number));
    assert_false(number_read("8.0", 0, 9, &number));
    for (size_t i = 0; i < COUNT(ODD); i++)
        assert_false(number_read(ODD[i], 0, INT64_MAX, &number));
    assert_int_equal(number, -7);
}

static bool decimal(const char *text, double *number)
{
    return number_read_decimal(text, strlen(text), number);
}

static bool is_decimal(const char *text, double expected)
{
    double number = 77;

    return decimal(text, &number) && number >= expected && number <= expected;
}

static void test_decimal(void **state)
{
    double number = 77;

    (void)state;
    assert_true(is_decimal("8", 8) && is_decimal("-8", -8));
    assert_true(is_decimal("0.5", 0.5) && is_decimal(".5", 0.5) && is_decimal("5.", 5));
    assert_true(is_decimal("1234567890123456789012345678901", 1234567890123456789012345678901.0));
    assert_true(number_read_decimal("8:9", 1, &number) && is_decimal("77", 77));
    number = 77;
    assert_false(decimal("12345678901234567890123456789012", &number));
    assert_false(decimal(".", &number) || decimal("1.2.3", &number) || decimal("1-", &number));
    assert_false(number_read_decimal("8\0", 2, &number) || number_read_decimal("8", 0, &number));
    for (size_t i = 0; i < COUNT(ODD); i++)
        assert_false(decimal(ODD[i], &number));
    assert_true(number >= 77 && number <= 77);
}

/* The texts around it keep nothing of what is refused. */
static void test_those_that_use_it(void **state)
{
    char text[64];
    struct range range;
    int days = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(ODD); i++) {
        assert_false(ODD[i][0] != '\0' && range_parse(ODD[i], &range));
        assert_false(range_parse_days(ODD[i], &days));
        (void)snprintf(text, sizeof text, "node:%s", ODD[i]);
        assert_false(address_valid(text));
        (void)snprintf(text, sizeof text, "%s:9", ODD[i]);
        assert_false(range_parse(text, &range) && ODD[i][0] != '\0');
        (void)snprintf(text, sizeof text, "@1:%s", ODD[i]);
        assert_false(range_parse(text, &range) && ODD[i][0] != '\0');
    }
    assert_true(range_parse("-5:8", &range) && range_parse("@~:-0.5", &range));
    assert_true(address_valid("node:8") && address_valid("[::1]:8"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_decimal),
        cmocka_unit_test(test_those_that_use_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
