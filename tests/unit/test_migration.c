/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Moves between clusters. The shorthand is in phone_lab.h and cluster_lab.h.
 */
#include "cluster_lab.h"

/* ---- between clusters ---- */

struct case_of_move {
    const char *about;
    struct node from[NODES_MAX];
    struct node to[NODES_MAX];
    const char *findings;
};

static const struct case_of_move MOVES[] = {
    {"ready", {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}}, {NEW_NODE}, ""},
    {"ready on every node, and by every node",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}, {NULL, OLD_ITL, 'U', "Qs", .newer = 0}},
     {NEW_NODE, NEW_NODE},
     ""},
    {"ready without TVS: the old lists name the new signer",
     {{NULL, "O/OsOcTtQsAa", 'T', NULL, .newer = 0}},
     {NEW_NODE},
     ""},
    {"mixed: the CTL by TVS, the ITL by the new CTL",
     {{"O/OsOcAa", OLD_ITL, 'T', "Qs", .newer = 0}},
     {{NEW_CTL, NEW_ITL, 'X', "As", .newer = 0}},
     ""},
    {"the signer was never imported",
     {{NULL, OLD_ITL, 'T', "Qn", .newer = 0}},
     {NEW_NODE},
     "MIG-NOT-VOUCHED@0"},
    {"the signer was imported into CallManager-trust only",
     {{NULL, OLD_ITL, 'T', "Qr", .newer = 0}},
     {NEW_NODE},
     "MIG-NO-ROLE@0"},
    {"one of two nodes does not vouch",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}, {NULL, OLD_ITL, 'U', "Qn", .newer = 0}},
     {NEW_NODE},
     "MIG-SOME-NODES@0"},
    {"one of two nodes was not seen",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}, {NULL, OLD_ITL, 'U', "Qs", .unseen = true}},
     {NEW_NODE},
     "MIG-SOME-NODES@0 MIG-HELD-UNSEEN@1"},
    {"only a node outside the phones' group vouches",
     {{NULL, OLD_ITL, 'T', "Qn", .newer = 0}, {NULL, OLD_ITL, 'U', "Qs", .outside = true}},
     {NEW_NODE},
     "MIG-OUTSIDE-GROUP@0"},
    {"the TVS certificate is not in the ITL of the phones",
     {{NULL, "O/OsOcUtAa", 'T', "Qs", .newer = 0}},
     {NEW_NODE},
     "MIG-CANNOT-ASK@0"},
    {"no TVS node answers",
     {{NULL, OLD_ITL, 'T', "Q-", .newer = 0}},
     {NEW_NODE},
     "MIG-CANNOT-ASK@0"},
    {"nobody was asked", {{NULL, OLD_ITL, 'T', NULL, .newer = 0}}, {NEW_NODE}, "MIG-UNSURE@0"},
    {"phones of one node of two are locked out",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}, {NULL, "O/OsOcAa", 0, NULL, .newer = 0}},
     {NEW_NODE},
     "MIG-CANNOT-ASK@0"},
    {"one node of the destination was not seen",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}},
     {NEW_NODE, {NULL, NEW_ITL, 'X', "As", .unseen = true}},
     "MIG-UNSURE@1"},
    {"the source was not seen",
     {{NULL, OLD_ITL, 'T', "Qs", .unseen = true}},
     {NEW_NODE},
     "MIG-UNSURE@0 MIG-HELD-UNSEEN@0"},
    {"a node of the destination without TFTP does not count",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}},
     {NEW_NODE, {NULL, NULL, 'X', "As", .no_tftp = true}},
     ""},
    {"phones of one node may ask fewer TVS nodes",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}, {NULL, "O/OsOcTtAa", 'U', "Qs", .newer = 0}},
     {NEW_NODE},
     "MIG-SOME-NODES@0"},
    {"the same the other way round",
     {{NULL, "O/OsOcTtAa", 'U', "Qs", .newer = 0}, {NULL, OLD_ITL, 'T', "Qs", .newer = 0}},
     {NEW_NODE},
     "MIG-SOME-NODES@0"},
    {"what phones of a node hold that was not seen is not known",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}, {NULL, "O/OsOcBa", 0, NULL, .unseen = true}},
     {NEW_NODE},
     "MIG-HELD-UNSEEN@1"},
    {"nor what those of a node hold that serves no ITL",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}, {"O/OsOcAa", NULL, 0, NULL, .newer = 0}},
     {NEW_NODE},
     "MIG-HELD-UNSEEN@1"},
    {"a node that was not seen does not hide that phones of the others refuse",
     {{NULL, OLD_ITL, 'T', "Qn", .newer = 0}, {NULL, OLD_ITL, 0, NULL, .unseen = true}},
     {NEW_NODE},
     "MIG-NOT-VOUCHED@0 MIG-HELD-UNSEEN@1"},
    {"a node that was not seen and serves no lists is none to miss",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0},
      {NULL, NULL, 0, NULL, .unseen = true, .no_tftp = true}},
     {NEW_NODE},
     ""},
    {"nor what a node has that is no TFTP server",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}, {NULL, "O/OsOcAa", 0, NULL, .no_tftp = true}},
     {NEW_NODE},
     ""},
    {"the CTL is refused for its role, the ITL is not refused",
     {{"O/OsOcAa", OLD_ITL, 'T', "QrNs", .newer = 0}},
     {{NEW_CTL, "N/NsNcXtBa", 'X', "As", .newer = 0}},
     "MIG-NO-ROLE@0"},
    {"the CTL is vouched for, the signer of the ITL is neither in it nor known",
     {{"O/OsOcAa", OLD_ITL, 'T', "QsXn", .newer = 0}},
     {{NEW_CTL, "X/XsXtBa", 'X', "As", .newer = 0}},
     "MIG-NOT-VOUCHED@0"},
    {"CAPF of the source is not known there",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}},
     {{NULL, NEW_ITL, 'X', "An", .newer = 0}},
     "MIG-CAPF@0"},
    {"CAPF of the source is known without a role, which is enough",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}},
     {{NULL, NEW_ITL, 'X', "Ar", .newer = 0}},
     ""},
    {"one of two nodes knows CAPF, which is enough",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}},
     {{NULL, NEW_ITL, 'X', "An", .newer = 0}, {NULL, NEW_ITL, 'X', "As", .newer = 0}},
     ""},
    {"nobody was asked about CAPF",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}},
     {{NULL, NEW_ITL, 'X', "A-", .newer = 0}},
     "MIG-UNSURE@0"},
    {"of two CAPF certificates one is unknown",
     {{NULL, "O/OsOcTtBaAaBa", 'T', "Qs", .newer = 0}},
     {{NULL, NEW_ITL, 'X', "AnBs", .newer = 0}},
     "MIG-CAPF@0"},
    {"the rollback parameter was left on: a blank ITL in mixed mode",
     {{"O/OsOcAa", "O/Aa", 'T', "Qs", .newer = 0}},
     {{NEW_CTL, NEW_ITL, 'X', "As", .newer = 0}},
     "MIG-CANNOT-ASK@0"},
    {"non-secure to mixed: the CTL by TVS, the ITL by the new CTL, which alone names its signer",
     {{NULL, OLD_ITL, 'T', "QsXn", .newer = 0}},
     {{"Q/QsNcXsBa", "X/XsNcXtBa", 'X', "As", .newer = 0}},
     ""},
    {"non-secure to mixed: the signer of the ITL is not in the CTL, but TVS vouches",
     {{NULL, OLD_ITL, 'T', "QsXs", .newer = 0}},
     {{NEW_CTL, "X/XsNcXtBa", 'X', "As", .newer = 0}},
     ""},
    {"non-secure to mixed: it does not",
     {{NULL, OLD_ITL, 'T', "QsXn", .newer = 0}},
     {{NEW_CTL, "X/XsNcXtBa", 'X', "As", .newer = 0}},
     "MIG-NOT-VOUCHED@0"},
    {"non-secure to mixed: nobody said anything about the signer of the ITL",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}},
     {{NEW_CTL, "X/XsNcXtBa", 'X', "As", .newer = 0}},
     "MIG-UNSURE@0"},
    {"non-secure to mixed: the ITL is fine, the CTL is refused",
     {{NULL, "O/OsOcTtXsAa", 'T', "Qn", .newer = 0}},
     {{NEW_CTL, "X/XsNcXtBa", 'X', "As", .newer = 0}},
     "MIG-NOT-VOUCHED@0"},
    {"mixed to mixed: the signer of the ITL is not in the CTL, but TVS vouches",
     {{"O/OsOcAa", OLD_ITL, 'T', "QsXs", .newer = 0}},
     {{NEW_CTL, "X/XsNcXtBa", 'X', "As", .newer = 0}},
     ""},
    {"mixed to mixed: only the CTL that phones give up names the signer of the ITL",
     {{"O/OsOcXsAa", OLD_ITL, 'T', "QsXn", .newer = 0}},
     {{NEW_CTL, "X/XsNcXtBa", 'X', "As", .newer = 0}},
     "MIG-NOT-VOUCHED@0"},
    {"mixed to mixed: the ITL that they hold names it, whatever the CTL says",
     {{"O/OsOcAa", "O/OsOcTtXsAa", 'T', "QsXn", .newer = 0}},
     {{NEW_CTL, "X/XsNcXtBa", 'X', "As", .newer = 0}},
     ""},
    {"mixed to non-secure: the CTL stays, TVS vouches for the ITL",
     {{"O/OsOcAa", OLD_ITL, 'T', "Qs", .newer = 0}},
     {NEW_NODE},
     ""},
    {"mixed to non-secure: it does not",
     {{"O/OsOcAa", OLD_ITL, 'T', "Qn", .newer = 0}},
     {NEW_NODE},
     "MIG-NOT-VOUCHED@0"},
    {"mixed to non-secure: the CTL that stays names the signer",
     {{"O/OsOcQsAa", OLD_ITL, 'T', "Qn", .newer = 0}},
     {NEW_NODE},
     ""},
    {"to a cluster that is back in non-secure mode, with its CTL still there",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}},
     {{"Q/QsNhBa", NEW_ITL, 'X', "As", .newer = 0}},
     ""},
    {"every node signs for itself: each is asked about",
     {{NULL, OLD_ITL, 'T', "QsXn", .newer = 0}},
     {NEW_NODE, {NULL, "X/XsXcXt", 'X', "As", .newer = 0}, NEW_NODE},
     "MIG-NOT-VOUCHED@1"},
    {"one signer, but one node serves a CTL that nobody vouches for",
     {{NULL, OLD_ITL, 'T', "QsXn", .newer = 0}},
     {NEW_NODE, {"X/XsNc", NEW_ITL, 'X', "As", .newer = 0}, NEW_NODE},
     "MIG-NOT-VOUCHED@1"},
    {"both lists are refused, for different reasons: the CTL comes first",
     {{"O/OsOcAa", OLD_ITL, 'T', "QrXn", .newer = 0}},
     {{NEW_CTL, "X/XsNcXtBa", 'X', "As", .newer = 0}},
     "MIG-NO-ROLE@0"},
    {"both nodes vouch for the CTL, one for the ITL",
     {{NULL, OLD_ITL, 'T', "QsXs", .newer = 0}, {NULL, OLD_ITL, 'U', "QsXn", .newer = 0}},
     {{NEW_CTL, "X/XsNcXtBa", 'X', "As", .newer = 0}},
     "MIG-SOME-NODES@0"},
    {"one vouches for the CTL, both for the ITL",
     {{NULL, OLD_ITL, 'T', "QsXs", .newer = 0}, {NULL, OLD_ITL, 'U', "QnXs", .newer = 0}},
     {{NEW_CTL, "X/XsNcXtBa", 'X', "As", .newer = 0}},
     "MIG-SOME-NODES@0"},
    {"each node's phones have an ITL of their own, and some cannot ask the node that vouches",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}, {NULL, "O/OsOcUtAa", 'U', "Qn", .newer = 0}},
     {NEW_NODE},
     "MIG-NOT-VOUCHED@0"},
    {"phones of the second node hold one of two lists that are alike",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}, {NULL, "Q/QaNsXtBa", 'X', "Qn", .newer = 0}},
     {{NULL, "Q/QaNsXtBa", 'X', "AsBsQs", .newer = 0}, {NULL, "Q/QsNcXtBa", 0, NULL, .newer = 0}},
     "MIG-SOME-NODES@0 MIG-NOT-VOUCHED@1"},
    {"a node of the destination that serves no ITL",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}},
     {{NULL, NULL, 'X', "As", .newer = 0}, NEW_NODE},
     "MIG-UNSURE@0"},
    {"an ITL of the destination that cannot be read",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}},
     {NEW_NODE, {NULL, NEW_ITL, 'X', "As", .broken_itl = true}},
     "MIG-UNSURE@1"},
    {"an ITL of the source that cannot be read is not what phones hold",
     {{NULL, OLD_ITL, 'T', "Qn", .broken_itl = true}},
     {NEW_NODE},
     "MIG-UNSURE@0 MIG-HELD-UNSEEN@0"},
    {"a list that holds no certificate of its signer: TVS cannot be asked",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}},
     {{NULL, "Q/NsNcXtBa", 'X', "As", .newer = 0}},
     "MIG-UNSURE@0"},
    {"a node outside the group vouches as well, which nobody needs",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}, {NULL, OLD_ITL, 'U', "Qs", .outside = true}},
     {NEW_NODE},
     ""},
    {"a node outside the group vouches, but nobody knows what the group says",
     {{NULL, OLD_ITL, 'T', NULL, .newer = 0}, {NULL, OLD_ITL, 'U', "Qs", .outside = true}},
     {NEW_NODE},
     "MIG-UNSURE@0"},
    {"neither a node of the group vouches nor one outside",
     {{NULL, OLD_ITL, 'T', "Qr", .newer = 0}, {NULL, OLD_ITL, 'U', "Qn", .outside = true}},
     {NEW_NODE},
     "MIG-NO-ROLE@0"},
    {"what the node outside the group says is not known",
     {{NULL, OLD_ITL, 'T', "Qn", .newer = 0}, {NULL, OLD_ITL, 'U', NULL, .outside = true}},
     {NEW_NODE},
     "MIG-NOT-VOUCHED@0"},
    {"phones that hold the lists of the destination already keep them",
     {{NULL, OLD_ITL, 'T', "Qn", .newer = 0}, {NULL, NEW_ITL, 'U', "Qn", .newer = 0}},
     {NEW_NODE},
     "MIG-NOT-VOUCHED@0 MIG-UNSURE@0"},
    {"they keep the list of one node, the other is like it but for its role of the signer",
     {{NULL, "Q/QaNsXtBa", 'X', "Qn", .newer = 0}},
     {{NULL, "Q/QaNsXtBa", 'X', "BsQs", .newer = 0}, {NULL, "Q/QsNcXtBa", 'X', NULL, .newer = 0}},
     "MIG-NOT-VOUCHED@1"},
    {"the same in the other order",
     {{NULL, "Q/QaNsXtBa", 'X', "Qn", .newer = 0}},
     {{NULL, "Q/QsNcXtBa", 'X', "BsQs", .newer = 0}, {NULL, "Q/QaNsXtBa", 'X', NULL, .newer = 0}},
     "MIG-NOT-VOUCHED@0"},
    {"CAPF in the CTL alone counts as well; one answer of two is one",
     {{"O/OsOcBa", OLD_ITL, 'T', "Qs", .newer = 0}},
     {{NULL, NEW_ITL, 'X', "AsBn", .newer = 0}, {NULL, NULL, 'X', "B-", .no_tftp = true}},
     "MIG-CAPF@0"},
    {"of two CAPF certificates one is unknown, about the other nobody answers",
     {{NULL, "O/OsOcTtAaBa", 'T', "Qs", .newer = 0}},
     {{NULL, NEW_ITL, 'X', "An", .newer = 0}},
     "MIG-CAPF@0"},
    {"the same the other way round",
     {{NULL, "O/OsOcTtAaBa", 'T', "Qs", .newer = 0}},
     {{NULL, NEW_ITL, 'X', "Bn", .newer = 0}},
     "MIG-CAPF@0"},
    {"the new signer has issuer and serial of another certificate of the source",
     {{NULL, OLD_ITL, 'T', "Ds", .newer = 0}},
     {{NULL, "D/DsNcXtBa", 'X', "As", .newer = 0}},
     "MIG-UNSURE@0 MIG-ISSUER-SERIAL@0"},
    {"the signer of the CTL has, and the node is named once",
     {{NULL, "O/OsOcTtNsAa", 'T', "QsDs", .newer = 0}},
     {NEW_NODE, {"D/DsNsBa", "D/DsNcXtBa", 'X', "As", .newer = 0}},
     "MIG-UNSURE@1 MIG-ISSUER-SERIAL@1"},
    {"the same certificate is no collision, nor is the serial alone, nor one that signs nothing",
     {{NULL, "O/OsOcTtEsAaJsQs", 'T', "Ds", .newer = 0}},
     {{NULL, "Q/QsNcXtBaDs", 'X', "As", .newer = 0}, {NULL, "O/OsNcXtBaDs", 'X', "As", .newer = 0}},
     ""},
    {"a certificate of the same length",
     {{NULL, OLD_ITL, 'T', NULL, .newer = 0}},
     {{NULL, "G/GsNcXtBa", 'X', "As", .newer = 0}},
     "MIG-ISSUER-SERIAL@0"},
    {"a certificate that does not stand first",
     {{NULL, "X/XsXcTtGsAa", 'T', NULL, .newer = 0}},
     {{NULL, "O/OsNcXtBa", 'X', "As", .newer = 0}},
     "MIG-ISSUER-SERIAL@0"},
    {"only the node that serves a CTL asks more of TVS",
     {{NULL, OLD_ITL, 'T', "QsXn", .newer = 0}},
     {{"X/XsNc", NEW_ITL, 'X', "As", .newer = 0}, NEW_NODE},
     "MIG-NOT-VOUCHED@0"},
    {"what TVS shows is not known",
     {{NULL, OLD_ITL, '?', "Qs", .newer = 0}},
     {NEW_NODE},
     "MIG-UNSURE@0"},
    {"what TVS showed when it answered counts: not in the ITL",
     {{NULL, OLD_ITL, 'T', "Qs", .shows = 'X'}},
     {NEW_NODE},
     "MIG-CANNOT-ASK@0"},
    {"what TVS showed when it answered counts: in the ITL",
     {{NULL, OLD_ITL, 'X', "Qs", .shows = 'T'}},
     {NEW_NODE},
     ""},
    {"a signer by its key alone: TVS cannot be asked by certificate",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}},
     {{NULL, "Q/QyNcXtBa", 'X', "As", .newer = 0}, {NULL, "Q/QyNcXtBa", 'X', "As", .newer = 0}},
     "MIG-UNSURE@0 MIG-UNSURE@1"},
    {"nodes that do not count are nobody's like",
     {{NULL, OLD_ITL, 'T', "Qn", .newer = 0}},
     {{NULL, NEW_ITL, 'X', "As", .no_tftp = true}, NEW_NODE},
     "MIG-NOT-VOUCHED@1"},
    {"nor are those that were not seen",
     {{NULL, OLD_ITL, 'T', "Qn", .newer = 0}},
     {{NULL, NEW_ITL, 'X', "As", .unseen = true}, NEW_NODE},
     "MIG-UNSURE@0 MIG-NOT-VOUCHED@1"},
    {"nor one without an ITL",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}},
     {{NEW_CTL, NULL, 'X', "As", .newer = 0}, {NEW_CTL, NEW_ITL, 'X', "As", .newer = 0}},
     "MIG-UNSURE@0"},
    {"nor one whose signature could not be verified",
     {{NULL, OLD_ITL, 'T', "Ds", .newer = 0}},
     {{NULL, "D/DsNcXtBa", 'X', "As", .unverified = true}},
     "MIG-UNSURE@0"},
};

/* Whatever is answered later, the question was put when nobody had answered yet; but nodes outside
 * the group are asked only when the group does not vouch. */
static void every_question_is_put_before_it_is_answered(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(MOVES); i++) {
        struct cluster *from = make_cluster(MOVES[i].from, 0, UCM_MODE_UNKNOWN);
        struct cluster *to = make_cluster(MOVES[i].to, 0, UCM_MODE_UNKNOWN);
        struct ucm_findings findings = {0};
        bool before[2][NODES_MAX][LETTERS_MAX];

        from->mute = true;
        to->mute = true;
        assert_true(ucm_migration_check(&from->cluster, &to->cluster, &findings));
        memcpy(before[0], from->asked, sizeof before[0]);
        memcpy(before[1], to->asked, sizeof before[1]);
        from->mute = false;
        to->mute = false;
        assert_true(ucm_migration_check(&from->cluster, &to->cluster, &findings));
        print_message("%s\n", MOVES[i].about);
        for (int k = 0; k < NODES_MAX; k++)
            if (!MOVES[i].from[k].outside)
                assert_memory_equal(before[0][k], from->asked[k], sizeof before[0][k]);
        assert_memory_equal(before[1], to->asked, sizeof before[1]);
        ucm_findings_free(&findings);
        free_cluster(from);
        free_cluster(to);
    }
}

static void readiness_says_what_decided(void **state)
{
    const struct node old[NODES_MAX] = {{NULL, OLD_ITL, 'T', "QsXr", .newer = 0},
                                        {NULL, OLD_ITL, 'U', "QnXr", .newer = 0}};
    const struct node new[NODES_MAX] = {NEW_NODE, {"X/XsNc", NEW_ITL, 'X', NULL, .newer = 0}};
    struct cluster *from = make_cluster(old, 0, UCM_MODE_UNKNOWN);
    struct cluster *to = make_cluster(new, 0, UCM_MODE_UNKNOWN);
    struct ucm_readiness readiness = ucm_readiness_of(&from->cluster, &to->cluster, 0);
    struct ucm_findings findings = {0};

    (void)state;
    assert_true(readiness.looked);
    assert_int_equal(readiness.verdict, UCM_VIA_TVS);
    assert_int_equal(readiness.decision.nodes, 2);
    assert_int_equal(readiness.decision.vouching, 1);
    assert_string_equal(readiness.decision.node, "pub");
    assert_int_equal(ucm_readiness_of(&from->cluster, &to->cluster, 1).decision.step,
                     UCM_STEP_ROLE);
    assert_true(ucm_migration_check(&from->cluster, &to->cluster, &findings));
    assert_int_equal(findings.item[0].id, UCM_MIG_SOME_NODES);
    assert_int_equal(findings.item[0].expected, 2);
    assert_int_equal(findings.item[0].found, 1);
    ucm_findings_free(&findings);
    free_cluster(from);
    free_cluster(to);
}

static void moves_are_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(MOVES); i++) {
        struct cluster *from = make_cluster(MOVES[i].from, 0, UCM_MODE_UNKNOWN);
        struct cluster *to = make_cluster(MOVES[i].to, 0, UCM_MODE_UNKNOWN);
        struct ucm_findings findings = {0};

        print_message("%s\n", MOVES[i].about);
        assert_true(ucm_migration_check(&from->cluster, &to->cluster, &findings));
        assert_findings(&findings, MOVES[i].findings);
        ucm_findings_free(&findings);
        free_cluster(from);
        free_cluster(to);
    }
}

static void a_move_nobody_can_judge_is_unsure(void **state)
{
    const struct node old[NODES_MAX] = {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}};
    const struct node new[NODES_MAX] = {NEW_NODE};
    struct cluster *from = make_cluster(old, 0, UCM_MODE_UNKNOWN);
    struct cluster *to = make_cluster(new, 0, UCM_MODE_UNKNOWN);
    struct ucm_findings findings = {0};

    (void)state;
    from->cluster.vouch = NULL;
    to->cluster.vouch = NULL;
    assert_true(ucm_migration_check(&from->cluster, &to->cluster, &findings));
    assert_findings(&findings, "MIG-UNSURE@0 MIG-UNSURE@0");
    ucm_findings_free(&findings);
    free_cluster(from);
    free_cluster(to);
}

static void a_refusal_says_whose_lists_are_to_blame(void **state)
{
    const struct node old[NODES_MAX] = {{NULL, OLD_ITL, 'T', "Qs", .newer = 0},
                                        {NULL, "O/OsOcAa", 0, NULL, .newer = 0}};
    const struct node new[NODES_MAX] = {NEW_NODE};
    struct cluster *from = make_cluster(old, 0, UCM_MODE_UNKNOWN);
    struct cluster *to = make_cluster(new, 0, UCM_MODE_UNKNOWN);
    struct ucm_findings findings = {0};

    (void)state;
    assert_true(ucm_migration_check(&from->cluster, &to->cluster, &findings));
    assert_findings(&findings, "MIG-CANNOT-ASK@0");
    assert_int_equal(findings.item[0].expected, 1);
    ucm_findings_free(&findings);
    free_cluster(from);
    free_cluster(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_are_judged),
        cmocka_unit_test(every_question_is_put_before_it_is_answered),
        cmocka_unit_test(readiness_says_what_decided),
        cmocka_unit_test(a_move_nobody_can_judge_is_unsure),
        cmocka_unit_test(a_refusal_says_whose_lists_are_to_blame),
    };

    return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
