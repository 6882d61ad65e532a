/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Clusters that agree and clusters that do not. The shorthand is in phone_lab.h and cluster_lab.h.
 */
#include "cluster_lab.h"

#include "common/cluster.h"
#include "common/lint_judge.h"

#include <openssl/x509.h>

/* ---- within a cluster ---- */

static const char ITL[] = "R/OsOcRsTtUtAa";
static const char CTL[] = "R/RsOcAa";

struct case_of_cluster {
    const char *about;
    struct node node[NODES_MAX];
    uint16_t version;
    enum ucm_mode mode;
    const char *findings;
};

static const struct case_of_cluster CLUSTERS[] = {
    {"all is well",
     {{CTL, ITL, 'T', "Rs", .newer = 0}, {CTL, ITL, 'U', "Rs", .newer = 0}},
     0x0e00,
     UCM_MODE_MIXED,
     ""},
    {"all is well without a CTL",
     {{NULL, ITL, 'T', "Rs", .newer = 0}, {NULL, ITL, 'U', "Rs", .newer = 0}},
     0x0e00,
     UCM_MODE_NONSECURE,
     ""},
    {"a node that serves no lists is not asked for them",
     {{NULL, ITL, 'T', "Rs", .newer = 0}, {NULL, NULL, 'U', "Rs", .no_tftp = true}},
     0,
     UCM_MODE_UNKNOWN,
     ""},
    {"a node that was not seen",
     {{NULL, ITL, 'T', "Rs", .newer = 0}, {NULL, ITL, 'U', "Rn", .unseen = true}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-NODE-UNSEEN@1"},
    {"a node without an ITL",
     {{NULL, ITL, 'T', "Rs", .newer = 0}, {NULL, NULL, 'U', "Rs", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-NO-LIST@1"},
    {"another CTL",
     {{CTL, ITL, 'T', "Rs", .newer = 0}, {"R/RsOcAaBa", ITL, 'U', "Rs", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-CTL-DIFFERS@1"},
    {"a CTL on one node only, not the first",
     {{NULL, ITL, 'T', "Rs", .newer = 0}, {CTL, ITL, 'U', "Rs", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-CTL-DIFFERS@0"},
    {"one node serves an old ITL, which also lacks a live certificate",
     {{NULL, "R/OsOcRsTtAa", 'T', "Rs", .newer = 0}, {NULL, ITL, 'U', "Rs", .newer = 100}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-TVS-SET@0 CL-TVS-NOT-IN-ITL@0"},
    {"a TVS certificate that was renewed without restarting TFTP",
     {{NULL, "R/OsOcRsTtAa", 'U', "Rs", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-TVS-NOT-IN-ITL@0"},
    {"two ITLRecovery certificates from 12.5 on",
     {{NULL, ITL, 'T', NULL, .newer = 1}, {NULL, "Q/OsOcQsTtUtAa", 'U', NULL, .newer = 0}},
     12 * 256 + 5,
     UCM_MODE_UNKNOWN,
     "CL-RECOVERY@1"},
    {"before 12.5 each node has its own",
     {{NULL, ITL, 'T', NULL, .newer = 1}, {NULL, "Q/OsOcQsTtUtAa", 'U', NULL, .newer = 0}},
     12 * 256,
     UCM_MODE_UNKNOWN,
     ""},
    {"the CTL was not updated after CallManager",
     {{CTL, "R/NsNcRsTtAa", 'T', "Rs", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-CTL-STALE@0"},
    {"nor after the certificate of a server that is TFTP alone",
     {{CTL, "R/OsOcNfRsTtAa", 'T', "Rs", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-CTL-STALE@0"},
    {"the CTL was not updated after CAPF",
     {{CTL, "R/OsOcRsTtBa", 'T', "Rs", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-CTL-STALE@0"},
    {"the CTL was not updated after ITLRecovery",
     {{CTL, "Q/OsOcQsTtAa", 'T', NULL, .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-CTL-STALE@0"},
    {"a CTL without ITLRecovery and CAPF, as 10.5.1 writes it",
     {{"O/OsOc", "O/OsOcRsTtAa", 'T', "Os", .newer = 0}},
     0,
     UCM_MODE_MIXED,
     ""},
    {"back in non-secure mode: the CTL that stayed behind says nothing",
     {{"R/RsOkAa", "R/NsNcRsTtAa", 'T', "Rs", .newer = 0}},
     0,
     UCM_MODE_NONSECURE,
     ""},
    {"mixed mode was expected",
     {{NULL, ITL, 'T', "Rs", .newer = 0}},
     0,
     UCM_MODE_MIXED,
     "CL-MODE@0"},
    {"one TVS node answers differently",
     {{NULL, ITL, 'T', "Rs", .newer = 0},
      {NULL, ITL, 'U', "Rs", .newer = 0},
      {NULL, ITL, '?', "Rn", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-TVS-ANSWERS@2"},
    {"one TVS node gives other roles, one is silent, one was not asked",
     {{NULL, ITL, 'T', "R-", .newer = 0},
      {NULL, ITL, 'U', "Rs", .newer = 0},
      {NULL, ITL, '?', "Rr", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-TVS-ANSWERS@2"},
    {"each node signs by itself: both signers are asked about, once",
     {{NULL, "O/OsOcTtUt", 'T', "OsNs", .newer = 0}, {NULL, "N/NsNcTtUt", 'U', "OsNn", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-TVS-ANSWERS@1"},
    {"the one of three that differs is the first",
     {{NULL, ITL, 'T', "Rn", .newer = 0},
      {NULL, ITL, 'U', "Rs", .newer = 0},
      {NULL, ITL, '?', "Rs", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-TVS-ANSWERS@0"},
    {"most do not know the signer: the one that does is named",
     {{NULL, ITL, 'T', "Rs", .newer = 0},
      {NULL, ITL, 'U', "Rn", .newer = 0},
      {NULL, ITL, '?', "Rn", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-TVS-ANSWERS@0"},
    {"the same where the one that does comes last",
     {{NULL, ITL, 'T', "Rn", .newer = 0},
      {NULL, ITL, 'U', "Rn", .newer = 0},
      {NULL, ITL, '?', "Rs", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-TVS-ANSWERS@2"},
    {"mixed mode was expected of a cluster whose first node serves nothing",
     {{NULL, NULL, 'T', "Rs", .no_tftp = true}, {NULL, ITL, 'U', "Rs", .newer = 0}},
     0,
     UCM_MODE_MIXED,
     "CL-MODE@1"},
    {"of two, the one that does not know the signer is named",
     {{NULL, ITL, 'T', "Rn", .newer = 0}, {NULL, ITL, 'U', "Rs", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-TVS-ANSWERS@0"},
    {"of two that know it, the second is named",
     {{NULL, ITL, 'T', "Rs", .newer = 0}, {NULL, ITL, 'U', "Rf", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-TVS-ANSWERS@1"},
    {"all three differ: the first that knows it is believed",
     {{NULL, ITL, 'T', "Rn", .newer = 0},
      {NULL, ITL, 'U', "Rr", .newer = 0},
      {NULL, ITL, '?', "Rs", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-TVS-ANSWERS@0 CL-TVS-ANSWERS@2"},
    {"nodes that do not answer say nothing, nor does one that is asked and was not seen",
     {{NULL, ITL, 'T', "R-", .newer = 0},
      {NULL, ITL, 'U', "Rs", .newer = 0},
      {NULL, ITL, 'U', "Rn", .unseen = true}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-NODE-UNSEEN@2"},
    {"a node outside the phones' group that answers is fine",
     {{NULL, ITL, 'T', "Rs", .newer = 0}, {NULL, ITL, 'U', "Rs", .outside = true}},
     0,
     UCM_MODE_UNKNOWN,
     ""},
    {"multi-server certificates: the CTL names the publisher, whose certificate all have",
     {{CTL, ITL, 'T', "Rs", .newer = 0}, {CTL, "R/OsOfRsTtUt", 'U', "Rs", .newer = 0}},
     0x0e00,
     UCM_MODE_MIXED,
     ""},
    {"the CTL names the publisher alone, and the subscriber has a certificate of its own",
     {{CTL, ITL, 'T', "Rs", .newer = 0}, {CTL, "R/NsNcRsTtUt", 'U', "Rs", .newer = 0}},
     0x0e00,
     UCM_MODE_MIXED,
     "CL-CTL-STALE@1"},
    {"servers without certificates in the ITL contradict nothing",
     {{CTL, "R/OsOcXhRsTtUtAaXjTk", 'T', "Rs", .newer = 0}},
     0,
     UCM_MODE_MIXED,
     ""},
    {"the newest CTL is what the others should be",
     {{"R/RsOc", ITL, 'T', "Rs", .newer = 0},
      {CTL, ITL, 'U', "Rs", .newer_ctl = 10},
      {"R/RsOc", ITL, 'T', "Rs", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-CTL-DIFFERS@0 CL-CTL-DIFFERS@2"},
    {"of two that are as old, the first",
     {{CTL, ITL, 'T', "Rs", .newer = 0}, {"R/RsOcAaXs", ITL, 'U', "Rs", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-CTL-DIFFERS@1"},
    {"a CTL that was left behind on one node after mixed mode secures nobody",
     {{"R/RsOhAa", ITL, 'T', "Rs", .newer = 0}, {NULL, ITL, 'U', "Rs", .newer = 0}},
     0,
     UCM_MODE_NONSECURE,
     "CL-CTL-DIFFERS@1:warning"},
    {"a CTL that was left behind in mixed mode on one node does matter",
     {{CTL, ITL, 'T', "Rs", .newer = 0}, {"R/RsOhAa", ITL, 'U', "Rs", .newer_ctl = 5}},
     0,
     UCM_MODE_NONSECURE,
     "CL-CTL-DIFFERS@0"},
    {"a CTL that cannot be read shows no mode",
     {{CTL, ITL, 'T', "Rs", .broken_ctl = true}},
     0,
     UCM_MODE_MIXED,
     ""},
    {"a CTL that cannot be read is another one all the same",
     {{CTL, ITL, 'T', "Rs", .newer = 0}, {"R/Rs", ITL, 'U', "Rs", .broken_ctl = true}},
     0,
     UCM_MODE_MIXED,
     "CL-CTL-DIFFERS@1"},
    {"an ITL that cannot be read is not compared",
     {{NULL, "R/Rs", 'T', "Rs", .broken_itl = true, .newer = 9},
      {NULL, ITL, 'U', "Rs", .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     ""},
    {"nor is that of a node that serves none, or that was not seen",
     {{NULL, "R/Rs", 'T', "Rs", .no_tftp = true, .newer = 9},
      {NULL, ITL, 'U', "Rs", .newer = 0},
      {CTL, "R/Rs", 'U', "Rs", .unseen = true, .newer = 9}},
     0,
     UCM_MODE_NONSECURE,
     "CL-NODE-UNSEEN@2"},
    {"a blank ITL beside whole ones, and nothing that follows from it",
     {{NULL, "R/Aa", 'T', "Rs", .newer = 9}, {NULL, ITL, 'U', "Rs", .newer = 0}},
     0x0e00,
     UCM_MODE_UNKNOWN,
     "CL-BLANK@0:error"},
    {"all ITLs are blank",
     {{NULL, "R/Aa", 'T', "Rs", .newer = 0}, {NULL, "R/AaRs", 'U', "Rs", .newer = 0}},
     0x0e00,
     UCM_MODE_UNKNOWN,
     "CL-BLANK@0 CL-BLANK@1"},
    {"a blank ITL may still show that the CTL is stale",
     {{CTL, "R/Ba", 'T', "Rs", .newer = 0}},
     0,
     UCM_MODE_MIXED,
     "CL-BLANK@0 CL-CTL-STALE@0"},
    {"the rollback parameter was left on in mixed mode",
     {{CTL, "R/Aa", 'T', "Rs", .newer = 0}},
     0,
     UCM_MODE_MIXED,
     "CL-BLANK@0"},
    {"the newest ITL is not the first",
     {{NULL, "R/OsOcRsTtAa", 0, NULL, .newer = 3},
      {NULL, "R/OsOcRsUtAa", 0, NULL, .newer = 4},
      {NULL, "R/OsOcRsTtAa", 0, NULL, .newer = 4}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-TVS-SET@0 CL-TVS-SET@2"},
    {"fewer TVS certificates than the newest, and more",
     {{NULL, ITL, 0, NULL, .newer = 3},
      {NULL, "R/OsOcRsTtAa", 0, NULL, .newer = 4},
      {NULL, "R/OsOcRsAa", 0, NULL, .newer = 2}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-TVS-SET@0 CL-TVS-SET@2"},
    {"two ITLRecovery certificates, 12.4",
     {{NULL, ITL, 'T', NULL, .newer = 1}, {NULL, "Q/OsOcQsTtUtAa", 'U', NULL, .newer = 0}},
     12 * 256 + 4,
     UCM_MODE_UNKNOWN,
     ""},
    {"two certificates with one issuer and serial in one list",
     {{NULL, "R/OsOcRsTtDa", 0, NULL, .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-ISSUER-SERIAL@0"},
    {"in the lists of two nodes, named once; the serial alone is no collision",
     {{NULL, "R/OsOcEsRsTt", 0, NULL, .newer = 0},
      {NULL, "R/DsDcRsTt", 0, NULL, .newer = 0},
      {NULL, "R/DzOcRsTtJs", 0, NULL, .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-ISSUER-SERIAL@1"},
    {"there are certificates with smaller serial numbers",
     {{NULL, "R/OsOcAaRsTtDs", 0, NULL, .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-ISSUER-SERIAL@0"},
    {"certificates of one length",
     {{NULL, "R/OsOcRsTtGa", 0, NULL, .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-ISSUER-SERIAL@0"},
    {"three with one issuer and serial: two are named",
     {{NULL, "R/GsOcRsTtDa", 0, NULL, .newer = 0}, {NULL, "R/GsOcRsTtDa", 0, NULL, .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-ISSUER-SERIAL@0 CL-ISSUER-SERIAL@0"},
    {"in the CTL, in a role that nobody knows",
     {{"R/RsOcDz", "R/OsOcRsTt", 0, NULL, .newer = 0}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-ISSUER-SERIAL@0"},
    {"not in a list that is not served",
     {{NULL, "R/OsOcRsTt", 0, NULL, .newer = 0}, {NULL, "R/DsDc", 0, NULL, .no_tftp = true}},
     0,
     UCM_MODE_UNKNOWN,
     ""},
    {"TVS of a node that serves no lists shows a certificate that the ITL lacks",
     {{NULL, ITL, 'T', "Rs", .newer = 0}, {NULL, NULL, 'X', "Rs", .no_tftp = true}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-TVS-NOT-IN-ITL@0"},
    {"what a node shows that was not seen does not count",
     {{NULL, ITL, 'T', "Rs", .newer = 0}, {NULL, NULL, 'X', "Rs", .unseen = true}},
     0,
     UCM_MODE_UNKNOWN,
     "CL-NODE-UNSEEN@1"},
};

/* found is the node that the other was compared with. */
static void the_other_node_is_named(void **state)
{
    static const struct {
        struct node node[NODES_MAX];
        int64_t found;
    } rows[] = {
        {{{NULL, ITL, 'T', "Rs", .newer = 0}, {NULL, ITL, 'U', "Rn", .newer = 0}}, 0},
        {{{NULL, ITL, 'T', "Rn", .newer = 0}, {NULL, ITL, 'U', "Rs", .newer = 0}}, 1},
        {{{NULL, "R/Aa", 0, NULL, .newer = 0}, {NULL, ITL, 0, NULL, .newer = 0}}, 1},
        {{{NULL, "R/Aa", 0, NULL, .newer = 0}}, -1},
        {{{CTL, ITL, 0, NULL, .newer = 0}, {"R/RsOc", ITL, 0, NULL, .newer_ctl = 1}}, 1},
        {{{NULL, "R/OsOcRsTt", 0, NULL, .newer = 0}, {NULL, "R/DcRsTt", 0, NULL, .newer = 0}}, 0},
        {{{NULL, "R/RsTt", 0, NULL, .newer = 0},
          {NULL, "R/OsOcRsTt", 0, NULL, .newer = 0},
          {NULL, "R/DcRsTt", 0, NULL, .newer = 0}},
         1},
        {{{NULL, ITL, 'T', NULL, .newer = 0}, {NULL, NULL, 'X', NULL, .no_tftp = true}}, 1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct cluster *made = make_cluster(rows[i].node, 0, UCM_MODE_UNKNOWN);
        struct ucm_findings findings = {0};

        assert_true(ucm_cluster_check(&made->cluster, &findings));
        assert_int_equal(findings.stored, 1);
        assert_int_equal(findings.item[0].found, rows[i].found);
        assert_int_equal(findings.item[0].expected, -1);
        ucm_findings_free(&findings);
        free_cluster(made);
    }
}

/* As long as nobody answers, every node is asked about every signer, each once. */
static void every_question_is_put_to_every_node(void **state)
{
    const struct node nodes[NODES_MAX] = {{"R/RsOc", "O/OsOcRsTtUt", 'T', "OsRs", .newer = 0},
                                          {"R/RsOc", "N/NsOcRsTtUt", 'U', "OsRs", .outside = true},
                                          {NULL, NULL, 'T', NULL, .no_tftp = true}};
    struct cluster *made = make_cluster(nodes, 0, UCM_MODE_UNKNOWN);
    struct ucm_findings findings = {0};

    (void)state;
    made->mute = true;
    assert_true(ucm_cluster_check(&made->cluster, &findings));
    assert_int_equal(made->questions, 9);
    for (int i = 0; i < 3; i++)
        for (const char *c = "ORN"; *c != '\0'; c++)
            assert_true(made->asked[i][*c - 'A']);
    ucm_findings_free(&findings);
    free_cluster(made);
}

static void clusters_are_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CLUSTERS); i++) {
        struct cluster *made =
            make_cluster(CLUSTERS[i].node, CLUSTERS[i].version, CLUSTERS[i].mode);
        struct ucm_findings findings = {0};

        print_message("%s\n", CLUSTERS[i].about);
        assert_true(ucm_cluster_check(&made->cluster, &findings));
        assert_findings(&findings, CLUSTERS[i].findings);
        ucm_findings_free(&findings);
        free_cluster(made);
    }
}

static void a_cluster_of_which_nothing_was_seen_is_unsure(void **state)
{
    const struct node nodes[NODES_MAX] = {{NULL, ITL, 'T', NULL, .unseen = true}};
    struct cluster *made = make_cluster(nodes, 0, UCM_MODE_MIXED);
    struct ucm_findings findings = {0};

    (void)state;
    made->cluster.vouch = NULL;
    assert_true(ucm_cluster_check(&made->cluster, &findings));
    assert_findings(&findings, "CL-NODE-UNSEEN@0");
    assert_int_equal(findings.worst, UCM_UNSURE);
    ucm_findings_free(&findings);
    free_cluster(made);
}

static void the_mode_is_read_from_the_ctl(void **state)
{
    struct lab_list *mixed = lab_list("CTLFile.tlv", CTL);
    struct lab_list *left = lab_list("CTLFile.tlv", "R/RsO-Aa");
    struct ucm_trustlist broken = mixed->list;

    (void)state;
    broken.error = ucm_finding_make(UCM_TL_TRUNCATED, 0, 0, 0);
    assert_int_equal(ucm_mode_of(NULL), UCM_MODE_NONSECURE);
    assert_int_equal(ucm_mode_of(&mixed->list), UCM_MODE_MIXED);
    assert_int_equal(ucm_mode_of(&left->list), UCM_MODE_NONSECURE);
    assert_int_equal(ucm_mode_of(&broken), UCM_MODE_UNKNOWN);
    /* Records that cannot be walked, and none at all: then nothing says which mode it is. */
    broken = left->list;
    broken.size--;
    assert_int_equal(ucm_mode_of(&broken), UCM_MODE_UNKNOWN);
    broken.size = broken.body.off;
    assert_int_equal(ucm_mode_of(&broken), UCM_MODE_UNKNOWN);
    lab_list_free(mixed);
    lab_list_free(left);
}

/* A certificate with this common name, in a string of this kind. */
static bool is_recovery(const struct identity *like, int kind, const char *name, int size)
{
    const unsigned char *p = like->der;
    X509 *x509 = d2i_X509(NULL, &p, (long)like->der_size);
    X509_NAME *subject = X509_NAME_new();
    unsigned char *der = NULL;
    bool found;
    int length;

    assert_int_equal(
        X509_NAME_add_entry_by_txt(subject, "CN", kind, (const unsigned char *)name, size, -1, 0),
        1);
    assert_int_equal(X509_set_subject_name(x509, subject), 1);
    assert_true(i2d_re_X509_tbs(x509, NULL) > 0); /* not the bytes it was read from */
    length = i2d_X509(x509, &der);
    found = ucm_is_recovery(der, (size_t)length);
    OPENSSL_free(der);
    X509_NAME_free(subject);
    X509_free(x509);
    return found;
}

/* The letters are there, but it is no name. */
static void assert_no_name(void)
{
    static const uint8_t set[] = {0x31, 0x18, 0x30, 0x16}; /* of an entry with 15 characters */
    struct identity *broken = make_identity(&(struct identity_options){.cn = "CN=ITLRECOVERY_pub"});
    uint8_t *last = NULL;

    assert_true(ucm_is_recovery(broken->der, broken->der_size));
    for (uint8_t *at = broken->der; at < broken->der + broken->der_size - sizeof set; at++)
        if (memcmp(at, set, sizeof set) == 0)
            last = at; /* the subject stands behind the issuer */
    assert_non_null(last);
    *last = 0x04;
    assert_false(ucm_is_recovery(broken->der, broken->der_size));
    free_identity(broken);
}

/* Each byte is looked at, and none behind them. */
static void assert_letters(const char *letters, bool found)
{
    const size_t size = strlen(letters);
    uint8_t *exact = malloc(size);

    assert_non_null(exact);
    memcpy(exact, letters, size);
    assert_int_equal(ucm_judge_may_be_recovery(exact, size), found);
    free(exact);
}

static void itlrecovery_is_known_by_its_name(void **state)
{
    static const struct {
        const char *name;
        bool recovery;
    } rows[] = {
        {"ITLRECOVERY_pub", true},      {"itlrecovery", true}, {"ITL Recovery_x", true},
        {"xITLRECOVERY", false},        {"ITLRECOVER", false}, {"ITLRECOVERX_pub", false},
        {"I-T-L-RECOVERY", false},      {"pub", false},        {"yrevoceRLTI", false},
        {"I\xc3\xa9TLRECOVERY", false},
    };
    static const char wide[] = "\0I\0T\0L\0R\0E\0C\0O\0V\0E\0R\0Y\0_";
    struct identity *like = make_identity(&(struct identity_options){0});

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(is_recovery(like, MBSTRING_UTF8, rows[i].name, -1), rows[i].recovery);
    assert_true(is_recovery(like, V_ASN1_BMPSTRING, wide, sizeof wide - 1));
    assert_false(is_recovery(like, V_ASN1_BMPSTRING, wide + 2, sizeof wide - 3));
    assert_false(ucm_is_recovery(like->der, 20));
    assert_no_name();
    assert_letters("ItLrEcOvErY", true);
    assert_letters("itlrecover", false);
    free_identity(like);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clusters_are_judged),
        cmocka_unit_test(the_other_node_is_named),
        cmocka_unit_test(every_question_is_put_to_every_node),
        cmocka_unit_test(a_cluster_of_which_nothing_was_seen_is_unsure),
        cmocka_unit_test(the_mode_is_read_from_the_ctl),
        cmocka_unit_test(itlrecovery_is_known_by_its_name),
    };

    return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
