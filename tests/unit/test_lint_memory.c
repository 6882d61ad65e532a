/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory runs out while a list or an exchange is judged: every allocation fails once. What was made
 * until then is given back.
 */
#include "failing_memory.h"
#include "test_lint.h"

#include "common/exchange.h"

/* How many allocations a report takes: fails the first one, then the second, until none fails. Its
 * certificates are known already, so that the cache of them takes none. */
static int fail_each(void)
{
    struct ucm_lint_options options = ucm_lint_defaults(NOW);

    options.cache = ucm_cert_cache_new();
    judge_with(&options);
    ucm_report_free(&report);
    for (int count = 0;; count++) {
        bool ok;

        failed = false;
        left = count;
        ok = ucm_report_make(maker.data, maker.size, &options, &report);
        left = -1;
        assert_true(ok != failed);
        if (ok) {
            ucm_report_free(&report);
            ucm_cert_cache_free(options.cache);
            return count;
        }
        assert_null(report.record);
        assert_null(report.findings.item);
    }
}

static void a_report_fails_as_a_whole(void **state)
{
    struct record_options records[40];

    (void)state;
    make_clean();
    assert_true(fail_each() >= 2); /* the records, and what is sorted */
    for (size_t i = 0; i < COUNT_OF(records); i++)
        records[i] = (struct record_options){tvs, 99, false};
    make(records, COUNT_OF(records));
    assert_true(fail_each() >= 6); /* both grow twice */
    maker.size = 0;
    make_bytes(&maker, "<html>", 6);
    assert_true(fail_each() >= 1); /* what is said of it */
}

/* Without memory for the cache, certificates are read all the same: never half of a report. */
static void a_report_needs_no_cache(void **state)
{
    struct ucm_lint_options options = ucm_lint_defaults(NOW);
    int whole = 0;

    (void)state;
    make_clean();
    for (left = 0, failed = true; failed; left++) {
        const int count = left;

        failed = false;
        if (ucm_report_make(maker.data, maker.size, &options, &report)) {
            assert_int_equal(report.signature.status, UCM_SIGNATURE_VALID);
            assert_int_equal(report.records, BASE_RECORDS);
            for (uint32_t i = 0; i < report.records; i++)
                assert_non_null(report.record[i].cert);
            whole += failed;
        }
        ucm_report_free(&report);
        left = count;
    }
    left = -1;
    assert_true(whole >= 2); /* the cache, and what it keeps */
}

static void an_exchange_fails_as_a_whole(void **state)
{
    static const uint8_t odd[] = {UCM_TVS_DISCRIMINATOR, 9, 9, 0, 0, 0, 0, 1, 0, 0};
    struct ucm_findings findings = {0};
    struct ucm_tvs message;

    (void)state;
    assert_true(ucm_tvs_decode(odd, sizeof odd, &message));
    left = 0;
    assert_false(ucm_exchange_lint_message(&message, 0, &findings));
    left = 0;
    assert_false(ucm_exchange_lint(NULL, (struct ucm_tvs_input){odd, &message}, UCM_ROLE_ANY, true,
                                   NOW, 0, &findings));
    left = -1;
    assert_true(ucm_exchange_lint_message(&message, 0, &findings));
    assert_int_equal(findings.count, 2);
    ucm_findings_free(&findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_fails_as_a_whole),
        cmocka_unit_test(a_report_needs_no_cache),
        cmocka_unit_test(an_exchange_fails_as_a_whole),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
