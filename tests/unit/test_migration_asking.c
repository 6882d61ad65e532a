/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Moves between clusters: whom the judgement asks, and how often. Beside test_migration.c.
 */
#include "cluster_lab.h"

/* Nobody is asked what decides nothing. */
static void nobody_is_asked_in_vain(void **state)
{
    static const struct {
        struct node from[NODES_MAX];
        struct node to[NODES_MAX];
        unsigned questions;
    } rows[] = {
        {{{NULL, "O/OsOcTtQsAa", 'T', NULL, .newer = 0}}, {NEW_NODE}, 0},
        {{{NULL, OLD_ITL, 'T', "Qs", .newer = 0}, {NULL, OLD_ITL, 'U', "Qs", .outside = true}},
         {NEW_NODE},
         1},
        {{{"O/OsOcXsAa", OLD_ITL, 'T', "Qn", .newer = 0}},
         {{NEW_CTL, "X/XsNcXtBa", 'X', "As", .newer = 0}},
         1},
        {{{NULL, OLD_ITL, 'T', "Qs", .newer = 0}, {NULL, OLD_ITL, 'U', "Qs", .newer = 0}},
         {NEW_NODE},
         2},
        {{{NULL, OLD_ITL, 'T', "QsXs", .newer = 0}},
         {{NULL, "X/XsXcXt", 'X', "As", .newer = 0}, NEW_NODE, NEW_NODE},
         2},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct cluster *from = make_cluster(rows[i].from, 0, UCM_MODE_UNKNOWN);
        struct cluster *to = make_cluster(rows[i].to, 0, UCM_MODE_UNKNOWN);
        struct ucm_findings findings = {0};

        assert_true(ucm_migration_check(&from->cluster, &to->cluster, &findings));
        assert_int_equal(from->questions, rows[i].questions);
        ucm_findings_free(&findings);
        free_cluster(from);
        free_cluster(to);
    }
}

/* Nodes that phones take alike are asked about once, and each is named. */
static void nodes_that_are_alike_are_judged_once(void **state)
{
    const struct node old[NODES_MAX] = {{NULL, OLD_ITL, 'T', "Qn", .newer = 0},
                                        {NULL, "O/OsOcTtUtNs", 'U', "Qn", .newer = 0}};
    const struct node new[NODES_MAX] = {
        NEW_NODE, {NULL, "Q/OsOcQsXt", 0, NULL, .newer = 0}, NEW_NODE};
    struct cluster *from = make_cluster(old, 0, UCM_MODE_UNKNOWN);
    struct cluster *to = make_cluster(new, 0, UCM_MODE_UNKNOWN);
    struct ucm_findings findings = {0};

    (void)state;
    assert_true(ucm_migration_check(&from->cluster, &to->cluster, &findings));
    assert_findings(&findings, "MIG-NOT-VOUCHED@0 MIG-NOT-VOUCHED@1 MIG-NOT-VOUCHED@2");
    assert_int_equal(from->questions, 2);
    ucm_findings_free(&findings);
    free_cluster(from);
    free_cluster(to);
}

/* How often the only TVS node is asked by phones that move to two nodes: once where those are
 * alike. change: what is done to one of them. */
static unsigned asked_after(void (*change)(struct cluster *to))
{
    const struct node old[NODES_MAX] = {{NULL, OLD_ITL, 'T', "Qs", .newer = 0}};
    const struct node new[NODES_MAX] = {NEW_NODE, NEW_NODE};
    struct cluster *from = make_cluster(old, 0, UCM_MODE_UNKNOWN);
    struct cluster *to = make_cluster(new, 0, UCM_MODE_UNKNOWN);
    struct ucm_findings findings = {0};
    unsigned questions;

    if (change != NULL)
        change(to);
    assert_true(ucm_migration_check(&from->cluster, &to->cluster, &findings));
    questions = from->questions;
    ucm_findings_free(&findings);
    free_cluster(from);
    free_cluster(to);
    return questions;
}

static void first_unverifiable(struct cluster *to)
{
    to->node[0].itl_signature.status = UCM_SIGNATURE_UNVERIFIABLE;
}

static void second_unverifiable(struct cluster *to)
{
    to->node[1].itl_signature.status = UCM_SIGNATURE_UNVERIFIABLE;
}

static void other_digest(struct cluster *to)
{
    to->list[1]->list.digest = UCM_DIGEST_SHA1;
}

static void other_kind(struct cluster *to)
{
    to->list[1]->list.kind = UCM_LIST_CTL;
}

static void other_serial(struct cluster *to)
{
    to->list[1]->list.value[UCM_HEADER_SIGNER_SERIAL].len--;
}

static void other_issuer(struct cluster *to)
{
    to->list[1]->list.value[UCM_HEADER_SIGNER_ISSUER].len--;
}

static void nodes_are_alike_when_all_that_decides_is(void **state)
{
    static void (*const changes[])(struct cluster * to) = {
        first_unverifiable, second_unverifiable, other_digest,
        other_kind,         other_serial,        other_issuer,
    };

    (void)state;
    assert_int_equal(asked_after(NULL), 1);
    for (size_t i = 0; i < COUNT_OF(changes); i++)
        assert_int_equal(asked_after(changes[i]), 2);
}

static void vouch_for_all(void *context, const struct ucm_cluster *cluster, uint32_t node,
                          const uint8_t *der, size_t size, struct ucm_tvs_opinion *opinion)
{
    (void)context;
    (void)cluster;
    (void)node;
    (void)der;
    (void)size;
    lab_say('s', opinion);
}

/* A phone asks so many nodes and no more, inside and outside its group. */
static void the_number_of_nodes_that_are_asked_is_limited(void **state)
{
    enum { MANY = UCM_TVS_NODES_MAX + 2 };
    const struct node old[NODES_MAX] = {{NULL, OLD_ITL, 'T', NULL, .newer = 0}};
    const struct node new[NODES_MAX] = {NEW_NODE};
    struct cluster *from = make_cluster(old, 0, UCM_MODE_UNKNOWN);
    struct cluster *to = make_cluster(new, 0, UCM_MODE_UNKNOWN);
    static struct ucm_node nodes[MANY];
    struct ucm_cluster many = from->cluster;
    struct ucm_readiness readiness;

    (void)state;
    for (size_t i = 0; i < MANY; i++)
        nodes[i] = from->node[0];
    many.node = nodes;
    many.nodes = MANY;
    many.vouch = vouch_for_all;
    readiness = ucm_readiness_of(&many, &to->cluster, 0);
    assert_int_equal(readiness.verdict, UCM_VIA_TVS);
    assert_int_equal(readiness.decision.nodes, UCM_TVS_NODES_MAX);
    assert_int_equal(readiness.decision.vouching, UCM_TVS_NODES_MAX);
    for (size_t i = 0; i < MANY; i++)
        nodes[i].in_group = false;
    nodes[0].in_group = true;
    nodes[0].looked = false;
    nodes[1].serves = true;
    readiness = ucm_readiness_of(&many, &to->cluster, 0);
    assert_int_equal(readiness.verdict, UCM_VERDICT_UNKNOWN);
    assert_false(readiness.outside_group); /* it is not known whether that is so */
    free_cluster(from);
    free_cluster(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_asked_in_vain),
        cmocka_unit_test(nodes_that_are_alike_are_judged_once),
        cmocka_unit_test(nodes_are_alike_when_all_that_decides_is),
        cmocka_unit_test(the_number_of_nodes_that_are_asked_is_limited),
    };

    return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
