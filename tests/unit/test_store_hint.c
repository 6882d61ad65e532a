/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Stores and nodes from names: what they say clearly, and that nothing is guessed from the rest.
 */
#include "maker.h"

#include "nagios/store_hint.h"

static void subjects_of_the_product(void **state)
{
    static const struct {
        const char *subject;
        enum ucm_store store;
    } cases[] = {
        {"CN=ITLRECOVERY_cucm-pub.example;OU=Voice", UCM_STORE_ITLRECOVERY},
        {"CN=itlrecovery_cucm-pub", UCM_STORE_ITLRECOVERY},
        {"CN=CAPF-1a2B3c4d;O=x", UCM_STORE_CAPF},
        {"CN=CAPF-", UCM_STORE_NONE},
        {"CN=CAPF-server.example", UCM_STORE_NONE},
        {"CN=cucm-pub.example", UCM_STORE_NONE},
        {"OU=CAPF-12345678", UCM_STORE_NONE},
        {"", UCM_STORE_NONE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(store_hint_subject(cases[i].subject), cases[i].store);
}

static void stores_in_texts(void **state)
{
    static const struct {
        const char *text;
        enum ucm_store store;
    } cases[] = {
        {"CallManager", UCM_STORE_CALLMANAGER},
        {"callmanager-TRUST.p12", UCM_STORE_CALLMANAGER_TRUST},
        {"pub_CallManager-ECDSA.pfx", UCM_STORE_CALLMANAGER_ECDSA},
        {"Tomcat.p12", UCM_STORE_TOMCAT},
        {"tomcat-tomcat.p12", UCM_STORE_TOMCAT},
        {"tomcat-CallManager.p12", UCM_STORE_NONE}, /* which one? */
        {"TFTP_pub.p12", UCM_STORE_CALLMANAGER},
        {"TFTP-tomcat.p12", UCM_STORE_NONE},
        {"tvs.p12", UCM_STORE_TVS},
        {"tvshow.p12", UCM_STORE_NONE},
        {"mytvs.p12", UCM_STORE_NONE},
        {"my ipsec", UCM_STORE_IPSEC},
        {"export.p12", UCM_STORE_NONE},
        {"", UCM_STORE_NONE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(store_hint_text(cases[i].text), cases[i].store);
}

static void nodes_in_subjects(void **state)
{
    static const struct {
        const char *subject;
        const char *node;
        const char *strict;
    } cases[] = {
        {"CN=cucm-pub.example.com;OU=x", "cucm-pub", "cucm-pub"},
        {"CN=cucm-pub", "cucm-pub", NULL},
        {"CN=192.0.2.11", "192.0.2.11", "192.0.2.11"},
        {"CN=2001:db8::1", "2001:db8::1", "2001:db8::1"},
        {"CN=ITLRECOVERY_cucm-pub.example", "cucm-pub", "cucm-pub"},
        {"CN=ITLRECOVERY_cucm-pub", "cucm-pub", "cucm-pub"},
        {"CN=cucm-pub-ms.example", NULL, NULL}, /* all nodes share it */
        {"CN=CAPF-1a2b3c4d", NULL, NULL},
        {"CN=Example Root CA", NULL, NULL},
        {"CN=12345", NULL, NULL},
        {"CN=-a.example", NULL, NULL},
        {"CN=a..example", NULL, NULL},
        {"CN=a.example.", NULL, NULL},
        {"CN=", NULL, NULL},
        {"O=cucm-pub.example", NULL, NULL},
        {"CN=a1234567890123456789012345678901234567890123456789012345678901234567890.b", NULL,
         NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        g_autofree char *node = store_hint_node(cases[i].subject, false);
        g_autofree char *strict = store_hint_node(cases[i].subject, true);

        assert_int_equal(g_strcmp0(node, cases[i].node), 0);
        assert_int_equal(g_strcmp0(strict, cases[i].strict), 0);
    }
}

static void nodes_in_texts(void **state)
{
    (void)state;
    assert_true(store_hint_has_node("CAPF_cucm-pub.example.p12", "cucm-pub"));
    assert_true(store_hint_has_node("CUCM-PUB.p12", "cucm-pub"));
    assert_false(store_hint_has_node("cucm-pub2.p12", "cucm-pub"));
    assert_false(store_hint_has_node("cucm-pub.p12", "cucm")); /* a hyphen is part of a name */
    assert_false(store_hint_has_node("CAPF-pub.p12", "pub"));
    assert_false(store_hint_has_node("anything", ""));
    assert_false(store_hint_has_node("", "pub"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subjects_of_the_product),
        cmocka_unit_test(stores_in_texts),
        cmocka_unit_test(nodes_in_subjects),
        cmocka_unit_test(nodes_in_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
