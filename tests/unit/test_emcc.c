/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Extension mobility across clusters. The shorthand is in phone_lab.h and cluster_lab.h.
 */
#include "cluster_lab.h"

struct case_of_emcc {
    const char *about;
    struct node from[NODES_MAX];
    struct node to[NODES_MAX];
    const char *findings;
};

#define HOME_ITL "R/OsOcRsTtAa"
#define HOME                                                                                       \
    {                                                                                              \
        NULL, HOME_ITL, 'T', NULL, .tomcat = 'X'                                                   \
    }

static const struct case_of_emcc CASES[] = {
    {"all is known", {HOME}, {{NULL, "Q/QsNc", 'U', "RsXr", .newer = 0}}, ""},
    {"ITLRecovery is not known",
     {HOME},
     {{NULL, "Q/QsNc", 'U', "RnXr", .newer = 0}},
     "EMCC-RECOVERY@0"},
    {"ITLRecovery is known without the role of a SAST",
     {HOME},
     {{NULL, "Q/QsNc", 'U', "RfXr", .newer = 0}},
     "EMCC-RECOVERY@0"},
    {"Tomcat is not known", {HOME}, {{NULL, "Q/QsNc", 'U', "RsXn", .newer = 0}}, "EMCC-TOMCAT@0"},
    {"one node that knows is enough, whatever the first says",
     {HOME},
     {{NULL, "Q/QsNc", 'U', "RnXn", .newer = 0}, {NULL, NULL, 'U', "RsXr", .no_tftp = true}},
     ""},
    {"one node that answers is enough",
     {HOME},
     {{NULL, "Q/QsNc", 'U', "RnXn", .newer = 0}, {NULL, NULL, 'U', "R-", .no_tftp = true}},
     "EMCC-RECOVERY@0 EMCC-TOMCAT@0"},
    {"nobody answers",
     {HOME},
     {{NULL, "Q/QsNc", 'U', "R-X-", .newer = 0}, {NULL, NULL, 'U', "RsXs", .unseen = true}},
     "EMCC-UNSURE@0 EMCC-UNSURE@0"},
    {"a node without TVS cannot be asked",
     {HOME},
     {{NULL, "Q/QsNc", 0, "RsXs", .newer = 0}},
     "EMCC-UNSURE@0 EMCC-UNSURE@0"},
    {"the Tomcat certificate of one node is not there",
     {HOME, {NULL, HOME_ITL, 'U', NULL, .newer = 0}},
     {{NULL, "Q/QsNc", 'U', "RsXr", .newer = 0}},
     "EMCC-UNSURE@1"},
    {"a node was not seen, so what is there does not count",
     {HOME, {NULL, "Q/Qs", 'U', NULL, .unseen = true, .tomcat = 'X'}},
     {{NULL, "Q/QsNc", 'U', "RsXr", .newer = 0}},
     "EMCC-UNSURE@1"},
    {"a node serves no ITL, and may have an ITLRecovery of its own",
     {HOME, {"O/OsOcAa", NULL, 'U', NULL, .tomcat = 'X'}},
     {{NULL, "Q/QsNc", 'U', "RsXr", .newer = 0}},
     "EMCC-UNSURE@1"},
    {"a node that is no TFTP server needs none",
     {HOME, {NULL, NULL, 'U', NULL, .no_tftp = true, .tomcat = 'X'}},
     {{NULL, "Q/QsNc", 'U', "RsXr", .newer = 0}},
     ""},
    {"that one has the same certificate does not count either",
     {{NULL, "Q/Qs", 'U', NULL, .unseen = true, .tomcat = 'X'}, HOME},
     {{NULL, "Q/QsNc", 'U', "RsXn", .newer = 0}},
     "EMCC-UNSURE@0 EMCC-TOMCAT@1"},
    {"one Tomcat certificate of several nodes is named once, another by itself",
     {HOME, HOME, {NULL, HOME_ITL, 'T', NULL, .tomcat = 'E'}},
     {{NULL, "Q/QsNc", 'U', "RsXnEn", .newer = 0}},
     "EMCC-TOMCAT@0 EMCC-TOMCAT@2"},
    {"the second and the third node have the same one",
     {{NULL, HOME_ITL, 'T', NULL, .tomcat = 'E'}, HOME, HOME},
     {{NULL, "Q/QsNc", 'U', "RsXnEn", .newer = 0}},
     "EMCC-TOMCAT@0 EMCC-TOMCAT@1"},
    {"two Tomcat certificates of the same length are two",
     {{NULL, HOME_ITL, 'T', NULL, .tomcat = 'O'}, {NULL, HOME_ITL, 'T', NULL, .tomcat = 'N'}},
     {{NULL, "Q/QsNc", 'U', "RsOnNn", .newer = 0}},
     "EMCC-TOMCAT@0 EMCC-TOMCAT@1"},
    {"one that is not there is none that was met before",
     {{NULL, HOME_ITL, 'U', NULL, .newer = 0}, HOME},
     {{NULL, "Q/QsNc", 'U', "RsXn", .newer = 0}},
     "EMCC-UNSURE@0 EMCC-TOMCAT@1"},
    {"each node has its own ITLRecovery, and both lists count",
     {HOME, {"K/KsOc", "Q/OsOcQsRs", 'T', NULL, .tomcat = 'X'}},
     {{NULL, "Q/QsNc", 'U', "RsQnKnXr", .newer = 0}},
     "EMCC-RECOVERY@1 EMCC-RECOVERY@1"},
    {"certificates come in the order of their nodes",
     {HOME, {NULL, "K/KsOc", 'T', NULL, .tomcat = 'X'}},
     {{NULL, "Q/QsNc", 'U', "RnKnXr", .newer = 0}},
     "EMCC-RECOVERY@0 EMCC-RECOVERY@1"},
    {"before 10.0 there is no ITLRecovery; one that is no SAST does not count",
     {{NULL, "O/OsOcTtRtJs", 'T', NULL, .tomcat = 'X'}},
     {{NULL, "Q/QsNc", 'U', "Xr", .newer = 0}},
     ""},
};

static void extension_mobility_is_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct cluster *from = make_cluster(CASES[i].from, 0, UCM_MODE_UNKNOWN);
        struct cluster *to = make_cluster(CASES[i].to, 0, UCM_MODE_UNKNOWN);
        struct ucm_findings findings = {0};

        print_message("%s\n", CASES[i].about);
        assert_true(ucm_emcc_check(&from->cluster, &to->cluster, &findings));
        assert_findings(&findings, CASES[i].findings);
        ucm_findings_free(&findings);
        free_cluster(from);
        free_cluster(to);
    }
}

/* What is known at once about a certificate is asked of every node, as long as nobody answers. */
static void every_question_is_put_to_every_node(void **state)
{
    const struct node home[NODES_MAX] = {HOME};
    const struct node visited[NODES_MAX] = {{NULL, "Q/QsNc", 'U', "RsXr", .newer = 0},
                                            {NULL, NULL, 'U', "RsXr", .no_tftp = true}};
    struct cluster *from = make_cluster(home, 0, UCM_MODE_UNKNOWN);
    struct cluster *to = make_cluster(visited, 0, UCM_MODE_UNKNOWN);
    struct ucm_findings findings = {0};

    (void)state;
    to->mute = true;
    assert_true(ucm_emcc_check(&from->cluster, &to->cluster, &findings));
    assert_int_equal(to->questions, 4);
    assert_int_equal(from->questions, 0);
    for (int i = 0; i < 2; i++)
        assert_true(to->asked[i]['R' - 'A'] && to->asked[i]['X' - 'A']);
    ucm_findings_free(&findings);
    free_cluster(from);
    free_cluster(to);
}

/* Where any node may know, one is asked first; the others, when it does not know. */
static void one_node_is_asked_first(void **state)
{
    static const struct {
        const char *first;
        unsigned questions;
        const char *findings;
    } cases[] = {{NULL, 2, "EMCC-UNSURE@0 EMCC-UNSURE@0"},
                 {"RsXs", 2, ""},
                 {"R-X-", 4, "EMCC-UNSURE@0 EMCC-UNSURE@0"},
                 {"RnXn", 4, "EMCC-RECOVERY@0 EMCC-TOMCAT@0"}};
    const struct node home[NODES_MAX] = {HOME};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct node visited[NODES_MAX] = {{NULL, "Q/QsNc", 'U', cases[i].first, .newer = 0},
                                                {NULL, NULL, 'U', NULL, .no_tftp = true}};
        struct cluster *from = make_cluster(home, 0, UCM_MODE_UNKNOWN);
        struct cluster *to = make_cluster(visited, 0, UCM_MODE_UNKNOWN);
        struct ucm_findings findings = {0};

        to->notes = true;
        assert_true(ucm_emcc_check(&from->cluster, &to->cluster, &findings));
        assert_int_equal(to->questions, cases[i].questions);
        assert_findings(&findings, cases[i].findings);
        ucm_findings_free(&findings);
        free_cluster(from);
        free_cluster(to);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extension_mobility_is_judged),
        cmocka_unit_test(every_question_is_put_to_every_node),
        cmocka_unit_test(one_node_is_asked_first),
    };

    return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
