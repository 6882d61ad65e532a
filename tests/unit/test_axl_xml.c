/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Answers of AXL: rows and faults, in pieces of any size, cut at every byte, and what must not be
 * in them. Asserts that no answer that is cut is taken for a whole one.
 */
#include "nagios/axl_xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct axl_xml_functions ucmtrust_axl_xml;

#define BEGIN                                                                                      \
    "<soapenv:Envelope "                                                                           \
    "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Header/><soapenv:Body>"
#define END "</soapenv:Body></soapenv:Envelope>"
#define ROWS(rows)                                                                                 \
    BEGIN                                                                                          \
    "<ns:executeSQLQueryResponse xmlns:ns=\"http://www.cisco.com/AXL/API/12.5\"><return>" rows     \
    "</return></ns:executeSQLQueryResponse>" END
#define FAULT(string, code, message)                                                               \
    BEGIN                                                                                          \
    "<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>" string                     \
    "</faultstring><detail><axlError><axlcode>" code "</axlcode><axlmessage>" message              \
    "</axlmessage><request>executeSQLQuery</request></axlError></detail></soapenv:Fault>" END

static const char TWO[] = "<?xml version='1.0' encoding='UTF-8'?>" ROWS(
    "\n <row><PKID>a-1</PKID><name>x &lt;&amp;&#x41;\n y</name><none/></row>"
    "<row><pkid>b-2</pkid><name><![CDATA[<&]]></name></row>\n");

/** What was given. */
struct given {
    unsigned rows;
    unsigned most; /* rows that are wanted */
    char text[512];
};

static bool take_row(void *user, const struct axl_value *values, unsigned count)
{
    struct given *given = user;

    if (given->rows == given->most)
        return false;
    given->rows++;
    for (unsigned i = 0; i < count; i++) {
        const size_t at = strlen(given->text);

        assert_int_equal(strlen(values[i].text), values[i].size);
        snprintf(given->text + at, sizeof given->text - at, "%s=%s;", values[i].name,
                 values[i].text);
    }
    return true;
}

static struct axl_answer read_pieces(const char *text, size_t size, size_t piece,
                                     struct given *given)
{
    struct axl_xml *xml = ucmtrust_axl_xml.start(take_row, given);

    assert_non_null(xml);
    *given = (struct given){.most = given->most > 0 ? given->most : UINT32_MAX};
    for (size_t at = 0; at < size; at += piece)
        if (!ucmtrust_axl_xml.take(xml, (const uint8_t *)text + at,
                                   size - at < piece ? size - at : piece))
            break;
    return ucmtrust_axl_xml.finish(xml);
}

static struct axl_answer read_text(const char *text, struct given *given)
{
    return read_pieces(text, strlen(text), strlen(text) + 1, given);
}

static void assert_problem(const char *text, const char *says)
{
    struct given given = {0};

    for (size_t piece = 1; piece <= 1000000; piece *= 1000) {
        const struct axl_answer answer = read_pieces(text, strlen(text), piece, &given);

        assert_false(answer.is_rows);
        assert_false(answer.is_fault);
        if (strstr(answer.problem, says) == NULL)
            fail_msg("expected \"%s\" in \"%s\"", says, answer.problem);
    }
}

static void test_rows(void **state)
{
    struct given given = {0};

    (void)state;
    for (size_t piece = 1; piece < sizeof TWO; piece++) {
        const struct axl_answer answer = read_pieces(TWO, sizeof TWO - 1, piece, &given);

        assert_true(answer.is_rows);
        assert_false(answer.is_fault);
        assert_int_equal(answer.rows, 2);
        assert_string_equal(given.text, "pkid=a-1;name=x <&A\n y;none=;pkid=b-2;name=<&;");
    }
}

static void test_no_rows(void **state)
{
    struct given given = {0};

    (void)state;
    assert_true(read_text(ROWS(""), &given).is_rows);
    assert_int_equal(given.rows, 0);
    assert_true(
        read_text(BEGIN "<executeSQLQueryResponse><return/></executeSQLQueryResponse>" END, &given)
            .is_rows);
}

/* Rows that came are given; that the answer is whole is not said of any that is cut. */
static void test_cut_everywhere(void **state)
{
    static const char fault[] = FAULT("no", "-1", "no");
    struct given given = {0};

    (void)state;
    for (size_t size = 0; size < sizeof TWO - 1; size++) {
        const struct axl_answer answer = read_pieces(TWO, size, size + 1, &given);

        assert_false(answer.is_rows);
        assert_false(answer.is_fault);
        assert_true(answer.problem[0] != '\0');
        assert_true(answer.rows <= 2);
    }
    for (size_t size = 0; size < sizeof fault - 1; size++)
        assert_false(read_pieces(fault, size, 7, &given).is_fault);
}

static void test_faults(void **state)
{
    struct given given = {0};
    struct axl_answer answer = read_text(
        FAULT("short", "-206", "The specified table (x) is not in the database."), &given);

    (void)state;
    assert_true(answer.is_fault);
    assert_false(answer.is_rows);
    assert_string_equal(answer.code, "-206");
    assert_string_equal(answer.fault, "The specified table (x) is not in the database.");
    answer = read_text(
        BEGIN "<soapenv:Fault><faultstring>only this</faultstring></soapenv:Fault>" END, &given);
    assert_true(answer.is_fault);
    assert_string_equal(answer.fault, "only this");
    answer = read_text(BEGIN "<Fault><detail><axl:error xmlns:axl='x'><code>7</code><message>old"
                             "</message></axl:error></detail></Fault>" END,
                       &given);
    assert_string_equal(answer.fault, "old");
    assert_string_equal(answer.code, "7");
}

static void test_long_fault_is_cut(void **state)
{
    const size_t size = 100000;
    char *text = malloc(size + 1000);
    struct given given = {0};
    struct axl_answer answer;
    int used = sprintf(text, "%s<Fault><faultstring>", BEGIN);

    (void)state;
    memset(text + used, 'f', size);
    sprintf(text + used + size, "</faultstring></Fault>%s", END);
    answer = read_text(text, &given);
    free(text);
    assert_true(answer.is_fault);
    assert_int_equal(strlen(answer.fault), AXL_TEXT_MAX - 1);
}

static void test_what_is_no_answer(void **state)
{
    (void)state;
    assert_problem("", "ends too early");
    assert_problem("no XML", "no good XML");
    assert_problem("<html><body/></html>", "got element html");
    assert_problem(BEGIN "<ns:other xmlns:ns='x'/>" END, "got element other");
    assert_problem(BEGIN END, "nothing in the Body");
    assert_problem(BEGIN "<executeSQLQueryResponse/>" END, "no <return>");
    assert_problem(BEGIN "<executeSQLQueryResponse><other/></executeSQLQueryResponse>" END,
                   "got element other");
    assert_problem(ROWS("<column/>"), "got element column");
    assert_problem(ROWS("<row><a><b/></a></row>"), "inside of a value: b");
    assert_problem(ROWS("<row><a>1</b></row>"), "no good XML");
    assert_problem(ROWS("<row><a>&unknown;</a></row>"), "no good XML");
    assert_problem(ROWS("<row><a>\xff</a></row>"), "no good XML");
    /* What it says of its encoding counts for nothing. */
    assert_problem("<?xml version='1.0' encoding='ISO-8859-1'?>" ROWS("<row><a>\xff</a></row>"),
                   "no good XML");
    assert_problem(ROWS("") "<more/>", "no good XML");
    assert_problem(BEGIN "<Fault/><Fault/>" END, "more than one thing");
    assert_problem(BEGIN "<Fault/></soapenv:Body><soapenv:Body/></soapenv:Envelope>",
                   "after the Body");
}

static void test_document_type(void **state)
{
    (void)state;
    assert_problem("<!DOCTYPE a>" ROWS(""), "document type");
    assert_problem("<!DOCTYPE a [<!ENTITY b 'c'>]>" ROWS("<row><a>&b;</a></row>"), "document type");
    assert_problem("<!DOCTYPE a SYSTEM 'file:///etc/passwd'>" ROWS(""), "document type");
    assert_problem("<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://192.0.2.1/'> %b;]>" ROWS(""),
                   "document type");
}

/* One more of a thing than there may be. times: of `piece`. */
static void assert_too_much(const char *before, const char *piece, size_t times, const char *after,
                            const char *says)
{
    const size_t size = strlen(piece);
    char *text = malloc(strlen(before) + size * times + strlen(after) + 1);
    char *to = stpcpy(text, before);

    for (size_t i = 0; i < times; i++, to += size)
        memcpy(to, piece, size);
    strcpy(to, after);
    assert_problem(text, says);
    free(text);
}

#define HALF_ROWS                                                                                  \
    BEGIN "<ns:executeSQLQueryResponse xmlns:ns=\"http://www.cisco.com/AXL/API/12.5\"><return>"
#define OTHER_HALF "</return></ns:executeSQLQueryResponse>" END

static void test_bounds(void **state)
{
    struct given given = {0};
    char *text = malloc(AXL_VALUE_MAX + 1000);
    int used = sprintf(text, "%s<row><a>", HALF_ROWS);

    (void)state;
    assert_too_much(HALF_ROWS "<row><certificate>", "x", AXL_VALUE_MAX + 1,
                    "</certificate></row>" OTHER_HALF, "more than 64 KiB: certificate");
    assert_too_much(HALF_ROWS "<row>", "<a>1</a>", AXL_VALUES_MAX + 1, "</row>" OTHER_HALF,
                    "too many columns");
    assert_too_much(HALF_ROWS "<row><", "n", AXL_NAME_MAX, "/></row>" OTHER_HALF, "too long");
    assert_too_much(BEGIN "<Fault>", "<a>", 100, "", "too deeply");
    memset(text + used, 'x', AXL_VALUE_MAX);
    sprintf(text + used + AXL_VALUE_MAX, "</a></row>%s", OTHER_HALF);
    assert_true(read_text(text, &given).is_rows);
    free(text);
}

static void test_enough_rows(void **state)
{
    struct given given = {.most = 1};
    const struct axl_answer answer = read_text(TWO, &given);

    (void)state;
    assert_false(answer.is_rows);
    assert_int_equal(given.rows, 1);
    assert_non_null(strstr(answer.problem, "more rows"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_no_rows),
        cmocka_unit_test(test_cut_everywhere),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_long_fault_is_cut),
        cmocka_unit_test(test_what_is_no_answer),
        cmocka_unit_test(test_document_type),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_enough_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
