/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Clusters that agree and clusters that do not, and moves between them. The shorthand is in
 * phone_lab.h.
 */
#include "phone_lab.h"

#include "common/consistency.h"

#include <stdio.h>

enum { NODES_MAX = 3 };

/** One node in shorthand. */
struct node {
    const char *ctl;
    const char *itl;
    char tvs;         /* certificate that its TVS shows; 0: runs none; '?': not known */
    const char *says; /* what its TVS says about certificates: "RsOn"; others: not asked */
    bool unseen;
    bool outside; /* not in the phones' group */
    bool no_tftp;
    uint32_t newer; /* seconds after the others that its ITL was written */
};

/** A cluster with all that it is made of. */
struct cluster {
    struct ucm_cluster cluster;
    struct ucm_node node[NODES_MAX];
    struct lab_list *list[2 * NODES_MAX];
    const struct node *from;
};

static void vouch(void *context, const struct ucm_cluster *cluster, uint32_t node,
                  const uint8_t *der, size_t size, struct ucm_tvs_opinion *opinion)
{
    const struct cluster *made = context;
    const char *says = made->from[node].says;
    char letter = lab_letter(der, size);

    assert_ptr_equal(cluster, &made->cluster);
    for (; says != NULL && *says != '\0'; says += 2)
        if (says[0] == letter)
            lab_say(says[1], opinion);
}

static struct lab_list *itl_of(const struct node *from)
{
    struct lab_list *made = lab_list("ITLFile.tlv", from->itl);

    if (made != NULL)
        made->list.timestamp += from->newer;
    return made;
}

static void make_node(struct cluster *made, uint32_t i)
{
    static const char *const names[] = {"pub", "sub", "sub2"};
    const struct node *from = &made->from[i];
    struct ucm_node *node = &made->node[i];

    made->list[2 * i] = lab_list("CTLFile.tlv", from->ctl);
    made->list[2 * i + 1] = itl_of(from);
    node->name = names[i];
    node->looked = !from->unseen;
    node->serves = !from->no_tftp;
    node->lists = (struct ucm_list_pair){lab_of(made->list[2 * i]), lab_of(made->list[2 * i + 1])};
    if (node->lists.ctl != NULL)
        node->ctl_signature = ucm_signature_check(node->lists.ctl, node->lists.ctl);
    if (node->lists.itl != NULL)
        node->itl_signature = ucm_signature_check(node->lists.itl, node->lists.itl);
    node->runs_tvs = from->tvs != 0;
    node->in_group = !from->outside;
    if (from->tvs != 0 && from->tvs != '?') {
        node->identity = lab_identity(from->tvs)->der;
        node->identity_size = lab_identity(from->tvs)->der_size;
    }
}

static struct cluster *make_cluster(const struct node *from, uint16_t version, enum ucm_mode mode)
{
    struct cluster *made = calloc(1, sizeof *made);

    assert_non_null(made);
    made->from = from;
    made->cluster = (struct ucm_cluster){.name = "cluster",
                                         .node = made->node,
                                         .version = version,
                                         .expected = mode,
                                         .vouch = vouch,
                                         .context = made};
    while (made->cluster.nodes < NODES_MAX &&
           (from[made->cluster.nodes].itl != NULL || from[made->cluster.nodes].tvs != 0 ||
            from[made->cluster.nodes].unseen || from[made->cluster.nodes].ctl != NULL))
        make_node(made, made->cluster.nodes++);
    return made;
}

static void free_cluster(struct cluster *made)
{
    for (size_t i = 0; i < COUNT_OF(made->list); i++)
        lab_list_free(made->list[i]);
    free(made);
}

/* Findings as "ID@node", blank between; the text and the expectation are shown when they differ. */
static void assert_findings(const struct ucm_findings *findings, const char *expected)
{
    char text[512] = "";

    for (uint32_t i = 0; i < findings->stored; i++) {
        size_t at = strlen(text);

        snprintf(text + at, sizeof text - at, "%s%s@%u", at > 0 ? " " : "",
                 ucm_rule(findings->item[i].id)->id, (unsigned)findings->item[i].source);
    }
    assert_string_equal(text, expected);
}

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
};

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
    lab_list_free(mixed);
    lab_list_free(left);
}

/* ---- between clusters ---- */

struct case_of_move {
    const char *about;
    struct node from[NODES_MAX];
    struct node to[NODES_MAX];
    const char *findings;
};

/* The old cluster is like 11.5 (O signs, R stands by), the new one like 14 (Q signs). */
#define OLD_ITL "O/OsOcTtUtAa"
#define NEW_ITL "Q/NsNcQsXtBa"
#define NEW_CTL "Q/QsNcBa"
#define NEW_NODE                                                                                   \
    {                                                                                              \
        NULL, NEW_ITL, 'X', "As", .newer = 0                                                       \
    }

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
     "MIG-SOME-NODES@0"},
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
     "MIG-UNSURE@0"},
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
    {"what a node of the source serves that was not seen does not count",
     {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}, {NULL, "O/OsOcBa", 0, NULL, .unseen = true}},
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
};

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clusters_are_judged),
        cmocka_unit_test(a_cluster_of_which_nothing_was_seen_is_unsure),
        cmocka_unit_test(the_mode_is_read_from_the_ctl),
        cmocka_unit_test(moves_are_judged),
        cmocka_unit_test(a_move_nobody_can_judge_is_unsure),
    };

    return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
