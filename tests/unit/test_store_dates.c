/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Dates of what lies in trust stores, and candidates for deletion. The shorthand is in store_lab.h.
 */
#include "store_lab.h"

#include <stdio.h>

static struct ucm_store_options options = {
    .now = NOW, .warning_days = UCM_WARNING_DAYS, .critical_days = UCM_CRITICAL_DAYS};

static void assert_dates_beside(const char *text, const char *other_text, const char *expected)
{
    struct ucm_stores *stores = store_make(text, NULL);
    struct ucm_stores *other = other_text == NULL ? NULL : store_make(other_text, NULL);
    struct ucm_findings findings = {0};

    print_message("%s\n", text);
    assert_true(ucm_stores_check_dates(stores, other, &options, &findings));
    assert_store_findings(&findings, stores, stores, expected);
    if (other != NULL)
        store_free(other);
    store_free(stores);
}

static void assert_dates(const char *text, const char *expected)
{
    assert_dates_beside(text, NULL, expected);
}

static int reset(void **state)
{
    (void)state;
    store_certs_reset();
    options.list = NULL;
    options.lists = 0;
    return 0;
}

static void every_service_has_its_own(void **state)
{
    static const struct {
        const char *store;
        const char *name;
    } services[] = {{"CallManager", "CALLMANAGER"},
                    {"CallManager-ECDSA", "CALLMANAGER"},
                    {"tomcat", "TOMCAT"},
                    {"tomcat-ECDSA", "TOMCAT"},
                    {"CAPF", "CAPF"},
                    {"ipsec", "IPSEC"},
                    {"TVS", "TVS"},
                    {"ITLRecovery", "RECOVERY"}};

    (void)state;
    store_dates('A', -400, -1);
    store_dates('B', -400, 13);
    store_dates('C', -400, 59);
    store_dates('D', -400, 60);
    for (size_t i = 0; i < COUNT_OF(services); i++) {
        char text[64];
        char expected[256];

        snprintf(text, sizeof text, "pub/%s=ABCD", services[i].store);
        snprintf(expected, sizeof expected,
                 "ST-%s-EXPIRED@pub/%s=A ST-%s-EXPIRING@pub/%s=B:error ST-%s-EXPIRING@pub/%s=C",
                 services[i].name, services[i].store, services[i].name, services[i].store,
                 services[i].name, services[i].store);
        assert_dates(text, expected);
    }
}

/* To the second: at its end it is still valid. */
static void the_end_is_the_last_second(void **state)
{
    (void)state;
    store_dates('A', -400, 0);
    assert_dates("a/TVS=A a/tomcat-trust=B", "ST-TVS-EXPIRING@a/TVS=A:error");
    assert_dates("a/tomcat-trust=A", "ST-TRUST-EXPIRING@a/tomcat-trust=A");
    store_letter('A')->cert.not_after--;
    assert_dates("a/TVS=A", "ST-TVS-EXPIRED@a/TVS=A");
    assert_dates("a/tomcat-trust=A", "ST-STALE-EXPIRED@a/tomcat-trust=A");
}

static void thresholds_are_as_asked(void **state)
{
    const struct ucm_store_options before = options;

    (void)state;
    store_dates('A', -400, 20);
    options.warning_days = 10;
    assert_dates("pub/TVS=A pub/TVS-trust=B", "");
    options.critical_days = 30; /* more than of the warning */
    assert_dates("pub/TVS=A", "ST-TVS-EXPIRING@pub/TVS=A:error");
    options = before;
}

static void the_same_is_said_once(void **state)
{
    (void)state;
    store_dates('A', -400, -1);
    store_dates('B', -400, -1);
    store_name('B', "CN=A;O=X", NULL); /* another serial number */
    assert_dates("a/ITLRecovery=A b/ITLRecovery=A c/ITLRecovery=B",
                 "ST-RECOVERY-EXPIRED@a/ITLRecovery=A+1 ST-RECOVERY-EXPIRED@c/ITLRecovery=B");
    store_name('B', "CN=B", NULL);
    store_dates('B', -400, -2);
    assert_dates("a/TVS=A b/TVS=B c/TVS=A d/CAPF=A",
                 "ST-TVS-EXPIRED@a/TVS=A+1 ST-TVS-EXPIRED@b/TVS=B ST-CAPF-EXPIRED@d/CAPF=A");
    store_dates('B', -400, -1);
    assert_dates("a/TVS=B b/TVS=A", "ST-TVS-EXPIRED@a/TVS=B ST-TVS-EXPIRED@b/TVS=A");
}

static void what_a_service_uses_is_judged_there(void **state)
{
    (void)state;
    store_dates('A', -400, -1);
    assert_dates("a/CAPF=A a/CAPF-trust=A b/CallManager-trust=A", "ST-CAPF-EXPIRED@a/CAPF=A");
    assert_dates_beside("a/CallManager-trust=A", "x/CallManager=A", "");
    assert_dates_beside("a/CallManager-trust=A", "x/CallManager-trust=A",
                        "ST-STALE-EXPIRED@a/CallManager-trust=A");
    store_dates('B', 1, 400);
    assert_dates("a/CAPF=B a/CAPF-trust=B", "ST-NOT-YET-VALID@a/CAPF=B:error");
}

static void beginnings_and_broken_dates(void **state)
{
    (void)state;
    store_dates('A', 1, 400);
    assert_dates("a/TVS=A b/TVS=A", "ST-NOT-YET-VALID@a/TVS=A+1:error");
    assert_dates("a/tomcat-trust=A", "ST-NOT-YET-VALID@a/tomcat-trust=A");
    store_letter('A')->known &= ~(uint32_t)UCM_KNOWN_NOT_BEFORE;
    assert_dates("a/TVS=A", "");
    store_letter('B')->cert.not_after = UCM_TIME_NONE;
    assert_dates("a/TVS=B", "ST-DATE-UNREADABLE@a/TVS=B");
    store_letter('B')->known = UCM_KNOWN_SUBJECT;
    assert_dates("a/TVS=B", "");
}

static void what_is_only_trusted(void **state)
{
    (void)state;
    store_dates('A', -400, -1);
    store_dates('B', -400, 5);
    assert_dates("a/tomcat-trust=AB b/tomcat-trust=A",
                 "ST-STALE-EXPIRED@a/tomcat-trust=A+1 ST-TRUST-EXPIRING@a/tomcat-trust=B");
    /* Which store is not known: it may be one that a service uses. */
    assert_dates("-/?=AB", "ST-TRUST-EXPIRED@-/?=A ST-TRUST-EXPIRING@-/?=B");
    /* Not the whole certificate: what it is needed for cannot be seen. */
    store_letter('A')->known = UCM_KNOWN_SUBJECT | UCM_KNOWN_NOT_AFTER;
    assert_dates("a/tomcat-trust=A", "ST-TRUST-EXPIRED@a/tomcat-trust=A");
}

static void vendors_come_with_the_product(void **state)
{
    (void)state;
    store_dates('A', -400, -1);
    store_name('A', "CN=Cisco Manufacturing CA;O=Cisco Systems",
               "CN=Cisco Root CA 2048;O=Cisco Systems");
    store_dates('B', -400, 5);
    store_name('B', "CN=CAP-RTP-001;O=Cisco Systems", NULL);
    store_dates('C', -400, -1);
    store_name('C', "CN=Cisco Manufacturing CA;O=Other", NULL);
    store_dates('D', -400, -1);
    store_name('D', "CN=gateway.example;O=Cisco Systems", NULL);
    assert_dates("a/CallManager-trust=ABCD b/CallManager-trust=A",
                 "ST-VENDOR-EXPIRED@a/CallManager-trust=A+1 "
                 "ST-STALE-EXPIRED@a/CallManager-trust=C "
                 "ST-STALE-EXPIRED@a/CallManager-trust=D");
}

/* Every reason for which an expired certificate may not be deleted. */
static void some_must_stay(void **state)
{
    (void)state;
    store_dates('A', -400, -1);
    assert_dates("a/CAPF-trust=A", "ST-TRUST-EXPIRED@a/CAPF-trust=A");
    assert_dates("a/CallManager-trust=A b/CAPF-trust=A",
                 "ST-TRUST-EXPIRED@a/CallManager-trust=A+1");
    assert_dates("a/Phone-SAST-trust=A", "ST-TRUST-EXPIRED@a/Phone-SAST-trust=A");
    store_name('A', "CN=CAPF-12345678", NULL);
    assert_dates("a/CallManager-trust=A", "ST-TRUST-EXPIRED@a/CallManager-trust=A");
    store_name('A', "CN=A;O=X", NULL);
    store_name('B', "CN=B", "CN=A;O=X"); /* it issued this one */
    assert_dates("a/tomcat-trust=A b/tomcat=B", "ST-TRUST-EXPIRED@a/tomcat-trust=A");
    assert_dates_beside("a/tomcat-trust=A", "x/tomcat=B", "ST-TRUST-EXPIRED@a/tomcat-trust=A");
    assert_dates_beside("a/tomcat-trust=A", "x/tomcat=C", "ST-STALE-EXPIRED@a/tomcat-trust=A");
}

static void signers_of_lists_stay(void **state)
{
    const struct identity_options how = {.cn = "CN=signer"};
    struct identity *identity = make_identity(&how);
    const struct list_options list_of = {.signer = identity};
    static struct maker maker;
    struct ucm_trustlist list;

    (void)state;
    make_list(&maker, &list_of);
    assert_true(ucm_trustlist_decode(maker.data, maker.size, &list));
    store_real('A', identity);
    store_dates('A', -400, -1);
    store_dates('B', -400, -1);
    store_letter('C')->cert = store_letter('A')->cert; /* as long, and another */
    memset(store_letter('C')->cert.sha1, 'C', UCM_SHA1_SIZE);
    store_letter('C')->cert.serial[15]++;
    store_name('C', "CN=other", NULL);
    assert_dates("a/CallManager-trust=AB",
                 "ST-STALE-EXPIRED@a/CallManager-trust=A ST-STALE-EXPIRED@a/CallManager-trust=B");
    options.list = &list;
    options.lists = 1;
    assert_dates("a/CallManager-trust=ABC", "ST-TRUST-EXPIRED@a/CallManager-trust=A "
                                            "ST-STALE-EXPIRED@a/CallManager-trust=B "
                                            "ST-STALE-EXPIRED@a/CallManager-trust=C");
    free_identity(identity);
}

static void newer_ones_replace_older_ones(void **state)
{
    (void)state;
    store_dates('A', -900, 400);
    store_name('B', "CN=A;O=X", NULL);
    assert_dates("a/tomcat-trust=AB", "ST-STALE-REPLACED@a/tomcat-trust=A");
    assert_dates("a/tomcat-trust=A b/tomcat-trust=AB", "ST-STALE-REPLACED@b/tomcat-trust=A");
    assert_dates("a/tomcat-trust=A -/tomcat-trust=B", "ST-STALE-REPLACED@a/tomcat-trust=A");
    assert_dates("a/tomcat-trust=A b/CallManager-trust=B", "");
    assert_dates("a/tomcat-trust=A b/tomcat=B", "ST-STALE-REPLACED@a/tomcat-trust=A");
    assert_dates("a/CallManager-trust=A b/CallManager-ECDSA=B",
                 "ST-STALE-REPLACED@a/CallManager-trust=A");
    assert_dates("a/ipsec-trust=A b/ipsec=B", "");
    assert_dates("a/CAPF-trust=AB", "");
    store_dates('A', -900, 5); /* soon, and replaced: the latter matters */
    assert_dates("a/tomcat-trust=AB", "ST-STALE-REPLACED@a/tomcat-trust=A");
    store_dates('B', -900, 400);
    assert_dates("a/tomcat-trust=AB", "ST-TRUST-EXPIRING@a/tomcat-trust=A");
}

static void many_places_are_not_searched_forever(void **state)
{
    char text[8192] = "zz/tomcat-trust=A";

    (void)state;
    store_dates('A', -900, 400);
    store_name('B', "CN=A;O=X", NULL);
    for (int i = 0; i < 300; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), " a/tomcat-trust=B");
    assert_dates(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_service_has_its_own, reset),
        cmocka_unit_test_setup(the_end_is_the_last_second, reset),
        cmocka_unit_test_setup(thresholds_are_as_asked, reset),
        cmocka_unit_test_setup(the_same_is_said_once, reset),
        cmocka_unit_test_setup(what_a_service_uses_is_judged_there, reset),
        cmocka_unit_test_setup(beginnings_and_broken_dates, reset),
        cmocka_unit_test_setup(what_is_only_trusted, reset),
        cmocka_unit_test_setup(vendors_come_with_the_product, reset),
        cmocka_unit_test_setup(some_must_stay, reset),
        cmocka_unit_test_setup(signers_of_lists_stay, reset),
        cmocka_unit_test_setup(newer_ones_replace_older_ones, reset),
        cmocka_unit_test_setup(many_places_are_not_searched_forever, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
