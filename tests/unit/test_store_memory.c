/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory runs out while trust stores are judged: every allocation fails once.
 */
#include "failing_memory.h"
#include "store_lab.h"

enum check { DATES, ALONE, EXCHANGE, MODE, OWN };

static bool run(enum check check, const struct ucm_stores *stores, const struct ucm_stores *other,
                struct ucm_findings *findings)
{
    const struct ucm_store_options options = {.now = NOW, .warning_days = 60, .critical_days = 14};

    if (check == DATES)
        return ucm_stores_check_dates(stores, other, &options, findings);
    if (check == ALONE)
        return ucm_stores_check(stores, findings);
    if (check == EXCHANGE)
        return ucm_stores_check_exchange(stores, other, &options, findings);
    if (check == OWN)
        return ucm_stores_check_own(stores, findings);
    return ucm_stores_check_mode(stores, NULL, findings);
}

/* Fails the first allocation, then the second, until nothing fails. How many did. Room for findings
 * is made for 16 at once: those that are there already leave no room for the next. */
static int fail_each(enum check check, struct ucm_stores *stores, const struct ucm_stores *other,
                     uint32_t there)
{
    int count = 0;

    for (;; count++) {
        const struct ucm_finding finding = ucm_finding_make(UCM_ST_MODE, 0, -1, -1);
        struct ucm_findings findings = {0};
        bool ok;

        for (uint32_t i = 0; i < there; i++)
            assert_true(ucm_findings_add(&findings, &finding));
        failed = false;
        left = count;
        ok = run(check, stores, other, &findings);
        left = -1;
        ucm_findings_free(&findings);
        assert_true(ok != failed);
        if (ok)
            return count;
    }
}

/* As long as a finding is the first of 16, its room is allocated: each of them in its turn. */
static void fail_at_each_finding(enum check check, const char *text, const char *other_text,
                                 uint32_t complete)
{
    struct ucm_stores *stores = store_make(text, NULL);
    struct ucm_stores *other = store_make(other_text, NULL);

    stores->publisher = "p";
    stores->version = 14 << 8;
    stores->mode = UCM_MODE_MIXED;
    stores->complete = complete;
    other->complete = complete;
    for (uint32_t there = 0; there <= 16; there++)
        assert_true(fail_each(check, stores, other, there) > 0 || there != 0);
    store_free(stores);
    store_free(other);
}

static void memory_runs_out(void **state)
{
    const uint32_t all = UINT32_MAX;

    (void)state;
    store_certs_reset();
    store_dates('A', -900, -1);
    store_dates('B', -900, 5);
    fail_at_each_finding(DATES, "p/TVS=A q/TVS=B p/CAPF=A", "x/tomcat=C", all);
    fail_at_each_finding(MODE, "p/TVS=A", "", all);
    fail_at_each_finding(OWN, "p/TVS=A", "", all);
    store_issued('R', "CN=root", 'R', NULL);
    store_issued('S', "CN=server", 'R', NULL);
    store_issued('M', "CN=both", 'M', "DNS:p,DNS:q");
    store_letter('D')->cert.key_bits = 1024;
    store_name('O', "CN=P;O=X", NULL);
    fail_at_each_finding(ALONE,
                         "p/ipsec=P p/ipsec-trust=P q/ipsec-trust=Q r/ipsec-trust=O p/tomcat=S "
                         "p/tomcat-trust=AB q/tomcat-trust=AC r/tomcat-trust=A q/CAPF=F "
                         "p/CAPF-trust=AB q/CAPF-trust=AB r/CAPF-trust=A "
                         "p/ITLRecovery=D q/ITLRecovery=E p/CallManager=M q/CallManager=G "
                         "r/CallManager=S p/CallManager-trust=A q/CallManager-trust=A",
                         "", all);
    fail_at_each_finding(EXCHANGE, "p/CallManager=C q/CallManager=D p/CAPF=F p/tomcat=T q/tomcat=U",
                         "x/Phone-SAST-trust=C x/CallManager-trust=C x/tomcat-trust=T", all);
    fail_at_each_finding(EXCHANGE, "p/CallManager=C q/CallManager=D", "x/TVS=C", all);
    fail_at_each_finding(EXCHANGE, "p/CallManager=C", "x/TVS=C", 0);
}

static void too_many_certificates(void **state)
{
    static char text[32768] = "p/tomcat-trust=X q/tomcat-trust=X";

    (void)state;
    store_certs_reset();
    store_issued('S', "CN=server", 'S', NULL);
    store_name('S', "CN=server", "CN=root");
    for (int i = 0; i < 1025; i++)
        strcat(text, " p/tomcat=S");
    fail_at_each_finding(ALONE, text, "", UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_runs_out),
        cmocka_unit_test(too_many_certificates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
