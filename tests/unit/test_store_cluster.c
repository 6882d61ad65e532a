/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The trust stores of the nodes of one cluster, chains, and what single services need. The
 * shorthand is in store_lab.h.
 */
#include "store_lab.h"

#include <stdio.h>

static int reset(void **state)
{
    (void)state;
    store_certs_reset();
    return 0;
}

/* Judges what was made, and frees it. */
static void assert_made(struct ucm_stores *stores, const char *expected)
{
    struct ucm_findings findings = {0};

    assert_true(ucm_stores_check(stores, &findings));
    assert_store_findings(&findings, stores, stores, expected);
    store_free(stores);
}

static void assert_cluster(const char *text, const char *expected)
{
    print_message("%s\n", text);
    assert_made(store_make(text, NULL), expected);
}

static void assert_release(const char *text, uint16_t version, const char *publisher,
                           const char *expected)
{
    struct ucm_stores *stores = store_make(text, NULL);

    print_message("%s\n", text);
    stores->version = version;
    stores->publisher = publisher;
    assert_made(stores, expected);
}

/* ---- nodes ---- */

static void nodes_that_agree(void **state)
{
    (void)state;
    assert_cluster("", "");
    assert_cluster("a/CallManager-trust=AB b/CallManager-trust=AB", "");
    assert_cluster("a/CallManager=A b/CallManager=B", "");
    assert_cluster("a/?=A b/CAPF=B", "");
}

static void most_nodes_are_right(void **state)
{
    (void)state;
    assert_cluster("a/CallManager-trust=ABC b/CallManager-trust=ABC c/CallManager-trust=A",
                   "ST-TRUST-MISSING@c/CallManager-trust=B+1");
    assert_cluster("a/tomcat-trust=A b/tomcat-trust=ABC c/tomcat-trust=A",
                   "ST-TRUST-EXTRA@b/tomcat-trust=B+1");
    assert_cluster("a/tomcat-trust=AC b/tomcat-trust=AC c/tomcat-trust=AB d/CAPF=D",
                   "ST-STORE-UNSEEN@d/tomcat-trust ST-TRUST-MISSING@c/tomcat-trust=C "
                   "ST-TRUST-EXTRA@c/tomcat-trust=B");
    /* Where half of them do, it is missing at the others. */
    assert_cluster("a/tomcat-trust=AB b/tomcat-trust=A", "ST-TRUST-MISSING@b/tomcat-trust=B");
}

static void differences_that_say_nothing(void **state)
{
    struct ucm_stores *stores = store_make("a/tomcat-trust=AB b/tomcat-trust=A c/CAPF=C", NULL);

    (void)state;
    stores->complete = 0;
    assert_made(stores, "");
    assert_cluster("a/ipsec-trust=AB b/ipsec-trust=A", "");
    assert_cluster("a/tomcat-trust=AB b/tomcat-trust=A -/tomcat-trust=C c/CAPF=D", "");
    store_letter('B')->known = UCM_KNOWN_SUBJECT;
    assert_cluster("a/tomcat-trust=AB b/tomcat-trust=A", "");
}

static void nothing_seen_is_told_once_a_node(void **state)
{
    (void)state;
    assert_cluster(
        "a/tomcat-trust=A a/ipsec-trust=B a/CallManager-trust=C b/CAPF=D c/tomcat-trust=A",
        "ST-STORE-UNSEEN@b/CallManager-trust+2 ST-STORE-UNSEEN@c/CallManager-trust+1");
}

/* Every node has a certificate of its own in these four, and in no other. */
static void what_each_node_has_of_its_own(void **state)
{
    static const char *const stores[] = {"CallManager", "tomcat", "ipsec", "TVS"};
    struct ucm_stores *read;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(stores); i++) {
        char text[64];
        char expected[64];

        snprintf(text, sizeof text, "a/%s=A a/CAPF=B b/CAPF=C", stores[i]);
        snprintf(expected, sizeof expected, "ST-STORE-UNSEEN@b/%s", stores[i]);
        assert_cluster(text, expected);
    }
    assert_cluster("a/CAPF=A a/ITLRecovery=B a/tomcat-ECDSA=C b/tomcat-ECDSA=D", "");
    /* Not all of the store could be read: nothing was seen there all the same. */
    read = store_make("a/TVS=A b/CAPF=B", NULL);
    read->complete = 0;
    assert_made(read, "");
    read = store_make("a/TVS=A b/CAPF=B", NULL);
    read->complete = 0;
    read->partly = ucm_store_bit(UCM_STORE_TVS);
    assert_made(read, "ST-STORE-UNSEEN@b/TVS");
    /* One for several nodes may be on the other as well; one that is not known as a whole not. */
    store_issued('M', "CN=both", 'M', "DNS:x,DNS:y");
    store_issued('O', "CN=one", 'O', "DNS:x");
    assert_cluster("x/tomcat=M x/CallManager=M y/CAPF=A", "");
    assert_cluster("x/tomcat=O x/CallManager=M y/CAPF=A", "ST-STORE-UNSEEN@y/tomcat");
    assert_cluster("x/TVS=M y/CAPF=A", "ST-STORE-UNSEEN@y/TVS");
    store_letter('M')->known = UCM_KNOWN_SUBJECT;
    assert_cluster("x/tomcat=M y/CAPF=A", "ST-STORE-UNSEEN@y/tomcat");
}

/* IM and Presence: a Tomcat, and neither CallManager nor TVS. */
static void a_node_of_presence_holds_what_it_likes(void **state)
{
    (void)state;
    assert_cluster("a/CallManager=A a/TVS=B a/tomcat=C a/ipsec=D i/tomcat=E", "");
    assert_cluster("a/CallManager=A a/TVS=B a/tomcat=C b/tomcat=E b/TVS=F",
                   "ST-STORE-UNSEEN@b/CallManager");
    assert_cluster("a/CallManager=A a/TVS=B a/tomcat=C b/tomcat=E b/CallManager=F",
                   "ST-STORE-UNSEEN@b/TVS");
    assert_cluster("a/CallManager=A a/TVS=B a/tomcat=C b/CAPF=E",
                   "ST-STORE-UNSEEN@b/CallManager+2");
}

static void assert_own(const char *text, uint32_t complete, const char *expected)
{
    struct ucm_stores *stores = store_make(text, NULL);
    struct ucm_findings findings = {0};

    stores->complete = complete;
    assert_true(ucm_stores_check_own(stores, &findings));
    assert_store_findings(&findings, stores, stores, expected);
    store_free(stores);
}

static void what_no_node_has_of_its_own(void **state)
{
    (void)state;
    assert_own("a/CallManager=A a/tomcat=B", UINT32_MAX, "");
    assert_own("a/CallManager=A", UINT32_MAX, "ST-OWN-UNSEEN@-/tomcat");
    assert_own("a/tomcat=A", UINT32_MAX, "ST-OWN-UNSEEN@-/CallManager");
    assert_own("-/TVS=A", UINT32_MAX, "ST-OWN-UNSEEN@-/CallManager ST-OWN-UNSEEN@-/tomcat");
    assert_own("-/TVS=A", ucm_store_bit(UCM_STORE_TVS), "");
    assert_own("", UINT32_MAX, ""); /* the source said so */
}

/* ---- chains ---- */

/* R issued I, I issued S and T; N has the name of R and another key. */
static void make_chain(void)
{
    store_issued('R', "CN=root", 'R', NULL);
    store_issued('I', "CN=issuing", 'R', NULL);
    store_issued('S', "CN=server", 'I', NULL);
    store_issued('T', "CN=other server", 'I', NULL);
    store_issued('N', "CN=root", 'N', NULL);
}

static void whole_chains(void **state)
{
    static const char *const pairs[][2] = {{"CallManager", "CallManager-trust"},
                                           {"CallManager-ECDSA", "CallManager-trust"},
                                           {"tomcat", "tomcat-trust"},
                                           {"tomcat-ECDSA", "tomcat-trust"},
                                           {"ipsec", "ipsec-trust"},
                                           {"CAPF", "CAPF-trust"},
                                           {"TVS", "TVS-trust"}};

    (void)state;
    make_chain();
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        char text[128];
        char expected[128];

        snprintf(text, sizeof text, "a/%s=S a/%s=IR", pairs[i][0], pairs[i][1]);
        assert_cluster(text, "");
        snprintf(text, sizeof text, "a/%s=S a/%s=I", pairs[i][0], pairs[i][1]);
        snprintf(expected, sizeof expected, "ST-CHAIN-MISSING@a/%s=I", pairs[i][1]);
        assert_cluster(text, expected);
        snprintf(text, sizeof text, "a/%s=S a/%s=R", pairs[i][0], pairs[i][1]);
        snprintf(expected, sizeof expected, "ST-CHAIN-MISSING@a/%s=S", pairs[i][1]);
        assert_cluster(text, expected);
    }
    assert_cluster("a/ITLRecovery=S a/CallManager-trust=A", "");
}

static void chains_are_told_by_their_keys(void **state)
{
    (void)state;
    make_chain();
    assert_cluster("a/tomcat=S a/tomcat-trust=IN", "ST-CHAIN-MISSING@a/tomcat-trust=I");
    assert_cluster("a/tomcat=S a/tomcat-trust=INR", "");
    assert_cluster("-/tomcat=S -/tomcat-trust=I", "ST-CHAIN-MISSING@-/tomcat-trust=I");
    assert_cluster("a/tomcat=S -/tomcat-trust=IR", "");
}

static void chains_of_several_nodes(void **state)
{
    (void)state;
    make_chain();
    assert_cluster("a/tomcat=S b/tomcat=S a/tomcat-trust=AI b/tomcat-trust=AI",
                   "ST-CHAIN-MISSING@a/tomcat-trust=I+1");
    assert_cluster(
        "a/tomcat=S b/tomcat=T a/tomcat-trust=A b/tomcat-trust=A a/ipsec=S a/ipsec-trust=A "
        "b/ipsec-trust=A",
        "ST-CHAIN-MISSING@a/tomcat-trust=S+1 "
        "ST-CHAIN-MISSING@a/ipsec-trust=S");
    store_issued('U', "CN=third server", 'N', NULL);
    assert_cluster("a/tomcat=S b/tomcat=U a/tomcat-trust=A b/tomcat-trust=A",
                   "ST-CHAIN-MISSING@a/tomcat-trust=S ST-CHAIN-MISSING@b/tomcat-trust=U");
}

static void chains_that_cannot_be_judged(void **state)
{
    struct ucm_stores *stores;

    (void)state;
    make_chain();
    stores = store_make("a/tomcat=S a/tomcat-trust=A", NULL);
    stores->complete = 0;
    assert_made(stores, "");
    assert_cluster("a/tomcat=S", "");
    store_letter('S')->known = UCM_KNOWN_SUBJECT | UCM_KNOWN_ISSUER;
    assert_cluster("a/tomcat=S a/tomcat-trust=A", "");
}

/* A chain without an end is no reason to go on without end. */
static void a_chain_has_an_end(void **state)
{
    (void)state;
    store_issued('L', "CN=left", 'L', NULL);
    store_issued('M', "CN=right", 'L', NULL);
    store_issued('L', "CN=left", 'M', NULL);
    store_issued('M', "CN=right", 'L', NULL);
    assert_cluster("a/tomcat=M a/tomcat-trust=LM", "");
}

static void certificates_beyond_any_cluster(void **state)
{
    static char text[32768] = "a/tomcat-trust=IR";

    (void)state;
    make_chain();
    for (int i = 0; i < 1025; i++)
        strcat(text, " a/TVS=S");
    assert_made(store_make(text, NULL), "ST-TOO-MANY@a/TVS=S");
}

/* ---- certificates for several nodes ---- */

static void certificates_for_several_nodes(void **state)
{
    (void)state;
    store_name('V', "CN=host-v.example;O=X", NULL);
    store_name('W', "CN=host-w.example;O=X", NULL);
    store_issued('M', "CN=both", 'M',
                 "DNS:example,DNS:HOST-V.example,DNS:host-w.example,IP:10.0.0.1");
    assert_cluster("v/tomcat=M w/tomcat=M v/TVS=V w/TVS=W", "");
    assert_cluster("v/tomcat=M w/tomcat=A v/TVS=V w/TVS=W", "ST-MULTI-SERVER@w/tomcat=M");
    assert_cluster("v/tomcat=M w/tomcat=A v/ipsec=V w/ipsec=W", "ST-MULTI-SERVER@w/tomcat=M");
    assert_cluster("v/CallManager=B w/CallManager=A x/CallManager=M v/ipsec=V w/ipsec=W x/ipsec=X",
                   "ST-MULTI-SERVER@v/CallManager=M+1");
    /* The node uses none, or is not known by that name. */
    assert_cluster("v/tomcat=M v/TVS=V w/TVS=W", "");
    assert_cluster("v/tomcat=M w/tomcat=A", "");
    assert_cluster("host-v.example/tomcat=M host-w.example/tomcat=A",
                   "ST-MULTI-SERVER@host-w.example/tomcat=M");
    /* Other services have none for several nodes. */
    assert_cluster("host-v.example/ipsec=M host-w.example/ipsec=A", "");
    assert_cluster("-/tomcat=M host-w.example/tomcat=A", "");
    /* Names that are not common names, or of a node that is not known, tell nothing. */
    store_name('W', "O=host-w.example", NULL);
    assert_cluster("v/tomcat=M w/tomcat=A v/TVS=V w/TVS=W -/TVS=W", "");
    /* One name is that of the node itself. */
    store_issued('M', "CN=alone", 'M', "DNS:host-w.example");
    assert_cluster("host-v.example/tomcat=M host-w.example/tomcat=A", "");
}

static void in_mixed_mode_phones_refuse(void **state)
{
    static const char *const texts[][2] = {
        {"x/CallManager=M y/CallManager=A", "ST-MULTI-SERVER@y/CallManager=M:error"},
        {"x/tomcat=M y/tomcat=A", "ST-MULTI-SERVER@y/tomcat=M"}};

    (void)state;
    store_issued('M', "CN=both", 'M', "DNS:x,DNS:y");
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct ucm_stores *stores = store_make(texts[i][0], NULL);

        stores->mode = UCM_MODE_MIXED;
        assert_made(stores, texts[i][1]);
    }
}

/* ---- services ---- */

static void ipsec_of_the_publisher(void **state)
{
    static const char good[] = "p/ipsec=P s/ipsec=S p/ipsec-trust=P s/ipsec-trust=PS";
    static const char missing[] = "p/ipsec=P s/ipsec=S t/ipsec=T p/ipsec-trust=P "
                                  "s/ipsec-trust=S t/ipsec-trust=T";

    (void)state;
    store_name('O', "CN=P;O=X", NULL);
    assert_release(good, 0, "p", "");
    assert_release(missing, 0, NULL, "");
    assert_release(missing, 0, "x", ""); /* has no ipsec certificate itself */
    assert_release(missing, 0, "p", "ST-IPSEC-MISSING@s/ipsec-trust=P+1");
    assert_release(missing, 13 << 8, "p", "ST-IPSEC-MISSING@s/ipsec-trust=P+1");
    assert_release(missing, 14 << 8, "p", "ST-IPSEC-MISSING@s/ipsec-trust=P+1:note");
    assert_release("p/ipsec=P s/ipsec=S p/ipsec-trust=P s/ipsec-trust=O -/ipsec=A", 0, "p",
                   "ST-IPSEC-OLD@s/ipsec-trust=P");
    assert_release("p/ipsec=P s/ipsec=S t/ipsec=T p/ipsec-trust=P s/ipsec-trust=S t/ipsec-trust=O",
                   0, "p", "ST-IPSEC-MISSING@s/ipsec-trust=P ST-IPSEC-OLD@t/ipsec-trust=P");
    assert_release("p/ipsec=P s/ipsec=S p/ipsec-trust=P", 0, "p", "ST-STORE-UNSEEN@s/ipsec-trust");
    /* Read, and empty on every node: then it is not there. */
    assert_release("p/ipsec=P s/ipsec=S t/ipsec=T", 0, "p", "ST-IPSEC-MISSING@s/ipsec-trust=P+1");
    store_letter('S')->known = UCM_KNOWN_SUBJECT;
    assert_release("p/ipsec=P s/ipsec=S p/ipsec-trust=P s/ipsec-trust=S", 0, "p", "");
}

static void one_recovery_from_12_5(void **state)
{
    (void)state;
    store_dates('B', -900, 400);
    assert_release("a/ITLRecovery=A b/ITLRecovery=B c/ITLRecovery=B", (12 << 8) + 5, NULL,
                   "ST-RECOVERY-SEVERAL@b/ITLRecovery=B+1");
    assert_release("a/ITLRecovery=B b/ITLRecovery=A", 14 << 8, NULL,
                   "ST-RECOVERY-SEVERAL@a/ITLRecovery=B");
    assert_release("a/ITLRecovery=A b/ITLRecovery=A", 14 << 8, NULL, "");
    assert_release("a/ITLRecovery=A b/ITLRecovery=B", 12 << 8, NULL, "");
    assert_release("a/ITLRecovery=A b/ITLRecovery=B", 0, NULL, "");
    store_letter('B')->known = UCM_KNOWN_SUBJECT;
    assert_release("a/ITLRecovery=A b/ITLRecovery=B", 14 << 8, NULL, "");
}

static void the_key_of_recovery(void **state)
{
    (void)state;
    store_letter('A')->cert.key_bits = 1024;
    assert_cluster("a/ITLRecovery=A b/ITLRecovery=A a/CallManager=AB b/CallManager=B",
                   "ST-RECOVERY-KEY@a/ITLRecovery=A+1");
    assert_cluster("a/ITLRecovery=A a/CallManager=A a/tomcat=B", "");
    assert_cluster("a/ITLRecovery=B a/CallManager=A", "");
    store_letter('B')->cert.is_rsa = false; /* 2048 bits of another kind say nothing */
    assert_cluster("a/ITLRecovery=A a/CallManager=B", "");
    store_letter('A')->cert.is_rsa = false;
    assert_cluster("a/ITLRecovery=A a/CallManager=C", "");
    store_letter('C')->known = UCM_KNOWN_SUBJECT;
    store_letter('A')->cert.is_rsa = true;
    assert_cluster("a/ITLRecovery=A a/CallManager=C", "");
}

static void capf_on_the_publisher(void **state)
{
    (void)state;
    assert_release("p/CAPF=A s/CAPF=B t/CAPF=C -/CAPF=D", 14 << 8, "p",
                   "ST-CAPF-SUBSCRIBER@s/CAPF=B+1");
    assert_release("p/CAPF=A s/CAPF=B", (12 << 8) + 5, "p", "");
    assert_release("p/CAPF=A s/CAPF=B", 14 << 8, NULL, "");
    assert_release("p/CAPF=A s/tomcat-ECDSA=B", 14 << 8, "p", "");
}

/* ---- the mode ---- */

static void assert_mode(enum ucm_mode mode, const struct ucm_trustlist *ctl, const char *expected)
{
    struct ucm_stores *stores = store_make("", NULL);
    struct ucm_findings findings = {0};

    stores->mode = mode;
    assert_true(ucm_stores_check_mode(stores, ctl, &findings));
    assert_store_findings(&findings, stores, stores, expected);
    store_free(stores);
}

static void the_mode_against_a_ctl(void **state)
{
    const struct identity_options how = {.cn = "CN=signer"};
    struct identity *identity = make_identity(&how);
    const struct record_options record = {identity, UCM_ROLE_CCM_TFTP, false};
    const struct list_options list_of = {
        .filename = "CTLFile.tlv", .signer = identity, .records = &record, .record_count = 1};
    static struct maker maker;
    struct ucm_trustlist ctl;

    (void)state;
    make_list(&maker, &list_of);
    assert_true(ucm_trustlist_decode(maker.data, maker.size, &ctl));
    assert_mode(UCM_MODE_MIXED, &ctl, "");
    assert_mode(UCM_MODE_NONSECURE, &ctl, "ST-MODE");
    assert_mode(UCM_MODE_UNKNOWN, &ctl, "ST-MODE-UNSURE");
    assert_mode(UCM_MODE_NONSECURE, NULL, "");
    assert_mode(UCM_MODE_MIXED, NULL, "ST-MODE");
    ctl.error.id = UCM_TL_TRUNCATED;
    assert_mode(UCM_MODE_MIXED, &ctl, "ST-MODE-UNSURE");
    free_identity(identity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nodes_that_agree, reset),
        cmocka_unit_test_setup(most_nodes_are_right, reset),
        cmocka_unit_test_setup(differences_that_say_nothing, reset),
        cmocka_unit_test_setup(nothing_seen_is_told_once_a_node, reset),
        cmocka_unit_test_setup(what_each_node_has_of_its_own, reset),
        cmocka_unit_test_setup(a_node_of_presence_holds_what_it_likes, reset),
        cmocka_unit_test_setup(what_no_node_has_of_its_own, reset),
        cmocka_unit_test_setup(whole_chains, reset),
        cmocka_unit_test_setup(chains_are_told_by_their_keys, reset),
        cmocka_unit_test_setup(chains_of_several_nodes, reset),
        cmocka_unit_test_setup(chains_that_cannot_be_judged, reset),
        cmocka_unit_test_setup(a_chain_has_an_end, reset),
        cmocka_unit_test_setup(certificates_beyond_any_cluster, reset),
        cmocka_unit_test_setup(certificates_for_several_nodes, reset),
        cmocka_unit_test_setup(in_mixed_mode_phones_refuse, reset),
        cmocka_unit_test_setup(ipsec_of_the_publisher, reset),
        cmocka_unit_test_setup(one_recovery_from_12_5, reset),
        cmocka_unit_test_setup(the_key_of_recovery, reset),
        cmocka_unit_test_setup(capf_on_the_publisher, reset),
        cmocka_unit_test_setup(the_mode_against_a_ctl, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
