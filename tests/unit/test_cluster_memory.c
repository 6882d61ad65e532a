/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory runs out while clusters are judged: every allocation fails once.
 */
#include "cluster_lab.h"
#include "failing_memory.h"

enum check { WITHIN, MOVE, EMCC };

static bool run(enum check check, const struct node *a, const struct node *b)
{
    struct cluster *from = make_cluster(a, 0, UCM_MODE_UNKNOWN);
    struct cluster *to = make_cluster(b, 0, UCM_MODE_UNKNOWN);
    struct ucm_findings findings = {0};
    static int countdown;
    bool ok;

    countdown = failed ? countdown + 1 : 0;
    failed = false;
    left = countdown;
    if (check == WITHIN)
        ok = ucm_cluster_check(&from->cluster, &findings);
    else if (check == MOVE)
        ok = ucm_migration_check(&from->cluster, &to->cluster, &findings);
    else
        ok = ucm_emcc_check(&from->cluster, &to->cluster, &findings);
    left = -1;
    assert_int_equal(ok, !failed);
    ucm_findings_free(&findings);
    free_cluster(from);
    free_cluster(to);
    return ok;
}

/* Each case has one finding at most, of another kind each, so that each way to fail is met. */
static void every_allocation_may_fail(void **state)
{
    static const struct {
        enum check check;
        struct node a[NODES_MAX];
        struct node b[NODES_MAX];
        unsigned allocations;
    } rows[] = {
        {WITHIN, {{NULL, "R/OsOcRsTt", 'T', "Rs", .newer = 0}}, {{0}}, 3},
        {WITHIN, {{NULL, "R/OsOcRsTt", 'U', "Rs", .newer = 0}}, {{0}}, 4},
        {WITHIN, {{NULL, "R/OsOcRsDs", 0, "Rs", .newer = 0}}, {{0}}, 4},
        {WITHIN, {{NULL, "R/RsAa", 0, NULL, .newer = 0}}, {{0}}, 4},
        {MOVE,
         {{NULL, "O/OsOcTt", 'T', "Qs", .newer = 0}},
         {{NULL, "Q/QsNc", 'X', NULL, .newer = 0}},
         5},
        {MOVE,
         {{NULL, "O/OsOcTt", 'T', "Qs", .newer = 0}, {NULL, NULL, 0, NULL, .unseen = true}},
         {{NULL, "Q/QsNc", 'X', NULL, .newer = 0}},
         6},
        {MOVE,
         {{NULL, "O/OsOcTt", 'T', "Qn", .newer = 0}},
         {{NULL, "Q/QsNc", 'X', NULL, .newer = 0}},
         6},
        {MOVE,
         {{NULL, "O/OsOcTt", 'T', "Ds", .newer = 0}},
         {{NULL, "D/DsNc", 'X', NULL, .newer = 0}},
         6},
        {MOVE,
         {{NULL, "O/OsOcTt", 'T', NULL, .newer = 0}},
         {{NULL, "G/GsNc", 'X', NULL, .newer = 0}},
         6},
        {MOVE,
         {{NULL, "O/OsOcTtAa", 'T', "Qs", .newer = 0}},
         {{NULL, "Q/QsNc", 'X', "An", .newer = 0}},
         6},
        {EMCC,
         {{NULL, "O/OsOcTt", 'T', NULL, .tomcat = 'X'}},
         {{NULL, "Q/QsNc", 'X', "Xs", .newer = 0}},
         1},
        {EMCC,
         {{NULL, "O/OsOcTt", 'T', NULL, .newer = 0}},
         {{NULL, "Q/QsNc", 'X', NULL, .newer = 0}},
         2},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        unsigned failures = 0;

        failed = false;
        while (!run(rows[i].check, rows[i].a, rows[i].b))
            failures++;
        print_message("case %zu: %u\n", i, failures);
        assert_int_equal(failures, rows[i].allocations);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
