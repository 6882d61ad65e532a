/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Metrics: what strangers may write into labels, what is left out when there is too much, and that
 * what is not known has no line.
 */
#include "nagios/openmetrics.h"

#include "common/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

enum { MOST = 5000, MORE = 6000, SOON = 1700000000 };

static char *metrics_of(const struct result *result, const char *service)
{
    return g_string_free(openmetrics_make(result, service), FALSE);
}

static struct result *new_result(void)
{
    struct result *result = result_new("check_ucm_test", 1700000000);

    result->summary = g_strdup("summary");
    return result;
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("%s is not in:\n%s", part, text);
}

static unsigned lines_with(const char *text, const char *begin)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    unsigned count = 0;

    for (char **line = lines; *line != NULL; line++)
        count += g_str_has_prefix(*line, begin) ? 1 : 0;
    return count;
}

static void test_hostile_labels(void **state)
{
    static const char HOSTILE[] = "a\"} 1\nucmtrust_evil{x=\"\\\r\x01|\xff\xc2\x85\xe2\x80\xae é";
    struct result *result = new_result();
    g_autofree char *text = NULL;

    (void)state;
    result_add_tvs(result, HOSTILE)->ms = 1500;
    result_add_source(result, HOSTILE);
    result_conclude(result);
    text = metrics_of(result, HOSTILE);
    assert_true(g_utf8_validate(text, -1, NULL));
    assert_null(strstr(text, "\nucmtrust_evil"));
    for (const char *c = text; *c != '\0'; c++)
        assert_true(*c == '\n' || (unsigned char)*c >= ' ');
    assert_has(text, "node=\"a\\\"} 1\\\\x0Aucmtrust_evil{x=\\\"\\\\\\\\x0D\\\\x01\\\\x7C\\\\xFF"
                     "\\\\xC2\\\\x85\\\\xE2\\\\x80\\\\xAE é\"} 1.500000\n");
    assert_has(text, "# EOF\n");
    result_free(result);
}

static void test_unknown_is_absent(void **state)
{
    struct result *result = new_result();
    g_autofree char *text = NULL;

    (void)state;
    result_add_tvs(result, "pub");
    result_add_source(result, "list");
    result_add_perf(result, "nodes", "", "", 0);
    result_conclude(result);
    text = metrics_of(result, "one");
    assert_has(text, "ucmtrust_tvs_answered{check=\"check_ucm_test\",service=\"one\","
                     "node=\"pub\"} 0\n");
    assert_has(text, "ucmtrust_source_looked_at{check=\"check_ucm_test\",service=\"one\","
                     "source=\"list\"} 0\n");
    assert_null(strstr(text, "ucmtrust_tvs_answer_seconds"));
    assert_null(strstr(text, "ucmtrust_source_size_bytes"));
    assert_null(strstr(text, "ucmtrust_nodes"));
    assert_null(strstr(text, "nan"));
    result_free(result);
}

static void test_findings(void **state)
{
    struct result *result = new_result();
    g_autofree char *text = NULL;

    (void)state;
    result->ignore[UCM_TVS_SLOW] = true;
    for (int i = 0; i < 3; i++)
        result_add_rule(result, UCM_TVS_STATUS, STATE_UNSET, "pub", NULL);
    result_add_rule(result, UCM_TVS_SLOW, STATE_UNSET, "pub", NULL);
    result->unlisted = 7;
    result_conclude(result);
    text = metrics_of(result, "one");
    assert_has(text, "ucmtrust_check_state{check=\"check_ucm_test\",service=\"one\"} 2\n");
    assert_has(text, "service=\"one\",severity=\"error\"} 3\n");
    assert_has(text, "service=\"one\",severity=\"warning\"} 0\n");
    assert_has(text, "service=\"one\",id=\"TVS-STATUS\",severity=\"error\"} 3\n");
    assert_has(text, "ucmtrust_findings_unlisted{check=\"check_ucm_test\",service=\"one\"} 7\n");
    assert_has(text, "ucmtrust_findings_ignored{check=\"check_ucm_test\",service=\"one\","
                     "id=\"TVS-SLOW\"} 1\n");
    result_free(result);
}

/** A store with certificates that expire one after the other. */
struct many {
    struct ucm_stores stores;
    struct ucm_stored item[MORE];
    struct ucm_stored_cert cert[MORE];
};

static struct many *make_many(unsigned count)
{
    struct many *many = g_new0(struct many, 1);

    for (unsigned i = 0; i < count; i++) {
        many->cert[i].known = UCM_KNOWN_ALL;
        many->cert[i].cert.not_after = SOON + count - i;
        g_snprintf(many->cert[i].cert.serial_hex, sizeof many->cert[i].cert.serial_hex, "%08X", i);
        many->item[i] = (struct ucm_stored){
            .certificate = &many->cert[i], .store = UCM_STORE_CALLMANAGER_TRUST, .node = "pub"};
    }
    many->stores = (struct ucm_stores){.name = "brisbane", .item = many->item, .count = count};
    return many;
}

static char *metrics_of_many(struct many *many)
{
    struct result *result = new_result();
    char *text = NULL;

    result->stores = g_ptr_array_new();
    g_ptr_array_add(result->stores, &many->stores);
    result_conclude(result);
    text = metrics_of(result, "one");
    result_free(result);
    return text;
}

static void test_too_many_certificates(void **state)
{
    struct many *many = make_many(MORE);
    g_autofree char *text = metrics_of_many(many);

    (void)state;
    assert_int_equal(lines_with(text, "ucmtrust_certificate_expiry_timestamp_seconds{"), MOST);
    assert_has(text, "ucmtrust_certificates_left_out{check=\"check_ucm_test\","
                     "service=\"one\"} 1000\n");
    assert_has(text, "ucmtrust_store_certificates{check=\"check_ucm_test\",service=\"one\","
                     "cluster=\"brisbane\"} 6000\n");
    assert_has(text,
               "serial=\"0000176F\"} 1700000001\n"); /* the last in the store, the first to go */
    assert_null(strstr(text, "serial=\"00000000\""));
    g_free(many);
}

/* On many nodes, or twice with one serial number: once, and what expires first counts. */
static void test_the_same_certificate_is_one_series(void **state)
{
    struct many *many = make_many(3);
    g_autofree char *text = NULL;

    (void)state;
    for (unsigned i = 1; i < 3; i++) {
        memcpy(many->cert[i].cert.serial_hex, many->cert[0].cert.serial_hex,
               sizeof many->cert[0].cert.serial_hex);
        many->item[i].node = "sub";
    }
    text = metrics_of_many(many);
    assert_int_equal(lines_with(text, "ucmtrust_certificate_expiry_timestamp_seconds{"), 1);
    assert_has(text, "serial=\"00000000\"} 1700000001\n");
    g_free(many);
}

/* What a source does not know of a certificate is an empty label; without a date it has no line. */
static void test_what_a_source_does_not_know(void **state)
{
    struct many *many = make_many(2);
    g_autofree char *text = NULL;

    (void)state;
    many->cert[0].known = UCM_KNOWN_NOT_AFTER;
    many->cert[1].known = UCM_KNOWN_SUBJECT;
    text = metrics_of_many(many);
    assert_int_equal(lines_with(text, "ucmtrust_certificate_expiry_timestamp_seconds{"), 1);
    assert_has(text, "subject=\"\",serial=\"\"} 1700000002\n");
    g_free(many);
}

/* A record without a certificate has no date, and the one behind it keeps its number. */
static void test_a_record_without_a_certificate(void **state)
{
    const struct ucm_cert cert = {.not_after = SOON, .subject = "CN=pub", .serial_hex = "0A"};
    struct ucm_list_record records[] = {{.record = {.index = 1}},
                                        {.record = {.index = 2}, .cert = &cert}};
    struct result *result = new_result();
    struct result_source *source = result_add_source(result, "list");
    g_autofree char *text = NULL;

    (void)state;
    source->judged = true;
    source->report.record = records;
    source->report.records = G_N_ELEMENTS(records);
    result_conclude(result);
    text = metrics_of(result, "one");
    source->report = (struct ucm_report){.record = NULL}; /* ours, and not the result's to free */
    assert_int_equal(lines_with(text, "ucmtrust_certificate_expiry_timestamp_seconds{"), 1);
    assert_has(text, "source=\"list\",record=\"2\",role=\"\",subject=\"CN=pub\",serial=\"0A\"} "
                     "1700000000\n");
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_labels),
        cmocka_unit_test(test_unknown_is_absent),
        cmocka_unit_test(test_findings),
        cmocka_unit_test(test_too_many_certificates),
        cmocka_unit_test(test_the_same_certificate_is_one_series),
        cmocka_unit_test(test_what_a_source_does_not_know),
        cmocka_unit_test(test_a_record_without_a_certificate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
