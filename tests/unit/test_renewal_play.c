/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Renewals played on phones: the published table of verdicts comes out, cell by cell, and the ways
 * that fail are seen to fail. Clusters in the shorthand of cluster_lab.h; steps are letters:
 *   O R T A  renew CallManager, ITLRecovery, TVS, CAPF     u  utils ctl update CTLFile
 *   c i      utils ctl, itl reset localkey                 r  restart services   t  restart TFTP
 *   w        wait until every phone holds what is served
 */
#include "renewal_lab.h"

#include <time.h>

static const struct node TOKENS[2] = {{"X/XsDsOcAa", "R/OsOcRsTtAa", 'T', "", .newer = 0}};

/** A cluster with what can be renewed in it. */
struct bed {
    struct cluster *cluster;
    struct ucm_renewal renewal;
    struct ucm_renewal_step step[UCM_STEPS_MAX];
    struct ucm_play play;
    bool possible;
};

static struct bed *make_bed(const struct node *node)
{
    struct bed *bed = calloc(1, sizeof *bed);
    struct ucm_renewal_options options = {.now = NOW, .horizon_days = FOREVER};

    assert_non_null(bed);
    bed->cluster = make_cluster(node, 0, UCM_MODE_UNKNOWN);
    options.cluster = &bed->cluster->cluster;
    assert_true(ucm_renewal_make(&options, &bed->renewal));
    return bed;
}

static void free_bed(struct bed *bed)
{
    ucm_renewal_free(&bed->renewal);
    free_cluster(bed->cluster);
    free(bed);
}

static struct ucm_renewal_step step_of(char letter)
{
    static const struct {
        char letter;
        struct ucm_renewal_step step;
    } STEPS[] = {{'O', {UCM_ACT_RENEW, UCM_SERVICE_CALLMANAGER}},
                 {'R', {UCM_ACT_RENEW, UCM_SERVICE_ITLRECOVERY}},
                 {'T', {UCM_ACT_RENEW, UCM_SERVICE_TVS}},
                 {'A', {UCM_ACT_RENEW, UCM_SERVICE_CAPF}},
                 {'u', {UCM_ACT_CTL_UPDATE, UCM_SERVICE_CALLMANAGER}},
                 {'c', {UCM_ACT_CTL_RESIGN, UCM_SERVICE_CALLMANAGER}},
                 {'i', {UCM_ACT_ITL_RESIGN, UCM_SERVICE_CALLMANAGER}},
                 {'r', {UCM_ACT_RESTART, UCM_SERVICE_CALLMANAGER}},
                 {'t', {UCM_ACT_TFTP, UCM_SERVICE_CALLMANAGER}},
                 {'w', {UCM_ACT_WAIT, UCM_SERVICE_CALLMANAGER}}};

    for (size_t i = 0; i < COUNT_OF(STEPS); i++)
        if (STEPS[i].letter == letter)
            return STEPS[i].step;
    fail_msg("no step '%c'", letter);
    return STEPS[0].step;
}

static void play(struct bed *bed, const char *steps)
{
    for (size_t i = 0; steps[i] != '\0'; i++)
        bed->step[i] = step_of(steps[i]);
    assert_true(ucm_play_steps(&bed->renewal, bed->step, (uint32_t)strlen(steps),
                               (struct ucm_play_options){false, 0}, &bed->play, &bed->possible));
}

/* What phones meet that were off during all of the steps. */
static enum ucm_verdict off(const struct bed *bed, enum ucm_phone_kind kind)
{
    return bed->play.off[kind][0][bed->play.steps];
}

static enum ucm_verdict after(const struct node *node, const char *steps, enum ucm_phone_kind kind)
{
    struct bed *bed = make_bed(node);
    enum ucm_verdict verdict;

    play(bed, steps);
    assert_true(bed->possible);
    verdict = off(bed, kind);
    free_bed(bed);
    return verdict;
}

/* ---- the table ---- */

/* "Together" means: this phone fetched nothing in between. Mixed columns: the CTL was updated. */
static const struct {
    const struct node *node;
    const char *steps;
    enum ucm_verdict expected;
} PUBLISHED[] = {
    {FROM_8, "Orw", UCM_VIA_TVS},
    {FROM_10, "Orw", UCM_VIA_TVS},
    {FROM_10_MIXED, "Ourw", UCM_VIA_TVS},
    {FROM_12, "Orw", UCM_LOCAL},
    {FROM_12_MIXED, "Ourw", UCM_LOCAL},

    {FROM_8, "Trw", UCM_LOCAL},
    {FROM_10, "Trw", UCM_LOCAL},
    {FROM_10_MIXED, "Trw", UCM_LOCAL},
    {FROM_12, "Trw", UCM_LOCAL},
    {FROM_12_MIXED, "Trw", UCM_LOCAL},

    {FROM_10, "Rrw", UCM_LOCAL},
    {FROM_10_MIXED, "Rurw", UCM_LOCAL},
    {FROM_12, "Rrw", UCM_VERDICT_UNKNOWN}, /* U */
    {FROM_12_MIXED, "Rurw", UCM_RE_SIGN},  /* critical: FN70613 */

    {FROM_8, "Arw", UCM_LOCAL},
    {FROM_10, "Arw", UCM_LOCAL},
    {FROM_10_MIXED, "Aurw", UCM_LOCAL},
    {FROM_12, "Arw", UCM_LOCAL},
    {FROM_12_MIXED, "Aurw", UCM_LOCAL},

    {FROM_8, "OTrw", UCM_LOCKED},
    {FROM_10, "OTrw", UCM_RE_SIGN},
    {FROM_10_MIXED, "OTurw", UCM_LOCKED},
    {FROM_10_MIXED_TWO, "OTurw", UCM_RE_SIGN},
    {FROM_12, "OTrw", UCM_LOCAL},
    {FROM_12_MIXED, "OTurw", UCM_LOCAL},

    {FROM_10, "ORrw", UCM_VIA_TVS},
    {FROM_10_MIXED, "ORurw", UCM_VIA_TVS},
    {FROM_12, "ORrw", UCM_VERDICT_UNKNOWN}, /* U */
    {FROM_12_MIXED, "ORurw", UCM_LOCKED},

    {FROM_10, "RTrw", UCM_LOCAL},
    {FROM_10_MIXED, "RTurw", UCM_LOCAL},
    {FROM_12, "RTrw", UCM_RE_SIGN},
    {FROM_12_MIXED, "RTurw", UCM_RE_SIGN},

    {FROM_10, "ORTrw", UCM_LOCKED},
    {FROM_10_MIXED, "ORTurw", UCM_LOCKED},
    {FROM_12, "ORTrw", UCM_LOCKED},
    {FROM_12_MIXED, "ORTurw", UCM_LOCKED},
};

static void the_published_table_comes_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(PUBLISHED); i++) {
        enum ucm_verdict verdict = after(PUBLISHED[i].node, PUBLISHED[i].steps, UCM_PHONE_USUAL);

        if (verdict != PUBLISHED[i].expected)
            print_message("row %zu: ITL %s, %s: %s\n", i, PUBLISHED[i].node->itl,
                          PUBLISHED[i].steps, ucm_verdict_name(verdict));
        assert_int_equal(verdict, PUBLISHED[i].expected);
        assert_int_equal(after(PUBLISHED[i].node, PUBLISHED[i].steps, UCM_PHONE_NEW), UCM_LOCAL);
    }
    assert_int_equal(after(FROM_10_MIXED, "Ourw", UCM_PHONE_NO_TVS), UCM_LOCKED);
    assert_int_equal(after(FROM_12_MIXED, "Ourw", UCM_PHONE_NO_TVS), UCM_LOCAL);
}

/* What is open stays so until TVS was asked about the certificate that there is now. */
static void a_live_answer_settles_what_is_unknown(void **state)
{
    struct node node[2] = {FROM_12[0]};

    (void)state;
    node[0].says = "Rs";
    assert_int_equal(after(node, "Rrw", UCM_PHONE_USUAL), UCM_VIA_TVS);
    assert_int_equal(after(node, "ORrw", UCM_PHONE_USUAL), UCM_VIA_TVS);
    assert_int_equal(after(node, "RTrw", UCM_PHONE_USUAL), UCM_RE_SIGN); /* it cannot ask */
    node[0].says = "Rr";
    assert_int_equal(after(node, "Rrw", UCM_PHONE_USUAL), UCM_RE_SIGN);
    assert_int_equal(after(node, "ORrw", UCM_PHONE_USUAL), UCM_LOCKED);
    node[0].says = "R-"; /* silent: nobody knows */
    assert_int_equal(after(node, "Rrw", UCM_PHONE_USUAL), UCM_VERDICT_UNKNOWN);
    node[0] = FROM_12_MIXED[0];
    node[0].says = "Rs"; /* of a CTL the sources disagree */
    assert_int_equal(after(node, "Rurw", UCM_PHONE_USUAL), UCM_VERDICT_UNKNOWN);
    assert_int_equal(after(node, "ORurw", UCM_PHONE_USUAL), UCM_VERDICT_UNKNOWN);
}

/* ---- the ways that fail ---- */

/* A phone that is on all the time meets the same when there is no waiting in between. */
static void both_at_once_locks_out_phones_that_are_on(void **state)
{
    struct bed *bed = make_bed(FROM_8);

    (void)state;
    play(bed, "OTrw");
    assert_int_equal(bed->play.held[UCM_PHONE_USUAL], UCM_LOCKED);
    assert_int_equal(bed->play.lost_at[UCM_PHONE_USUAL], 4);
    free_bed(bed);
    bed = make_bed(FROM_12_MIXED);
    play(bed, "ORurw");
    assert_int_equal(bed->play.held[UCM_PHONE_USUAL], UCM_LOCKED);
    free_bed(bed);
    bed = make_bed(FROM_10);
    play(bed, "ORTrw");
    assert_int_equal(bed->play.held[UCM_PHONE_USUAL], UCM_LOCKED);
    free_bed(bed);
}

/* One after the other is safe for phones that are on; for one that was off in between it is not,
 * whatever the clock says. */
static void waiting_is_what_makes_it_safe(void **state)
{
    struct bed *bed = make_bed(FROM_8);

    (void)state;
    play(bed, "OrwTrw");
    assert_int_equal(bed->play.held[UCM_PHONE_USUAL], UCM_VIA_TVS);
    assert_int_equal(bed->play.lost_at[UCM_PHONE_USUAL], 0);
    assert_int_equal(bed->play.off[UCM_PHONE_USUAL][0][3], UCM_VIA_TVS); /* back before TVS */
    assert_int_equal(bed->play.off[UCM_PHONE_USUAL][0][4], UCM_VIA_TVS); /* not restarted yet */
    assert_int_equal(bed->play.off[UCM_PHONE_USUAL][0][5], UCM_LOCKED);
    assert_int_equal(bed->play.off[UCM_PHONE_USUAL][0][6], UCM_LOCKED);
    assert_int_equal(bed->play.off[UCM_PHONE_USUAL][3][6], UCM_LOCAL); /* it had the first */
    assert_int_equal(bed->play.off[UCM_PHONE_NEW][0][6], UCM_LOCAL);
    free_bed(bed);
    bed = make_bed(FROM_8);
    play(bed, "OrTrw"); /* nobody waited: a phone may have missed what was between */
    assert_int_equal(bed->play.off[UCM_PHONE_USUAL][0][5], UCM_LOCKED);
    free_bed(bed);
}

static void a_ctl_that_is_not_updated_is_seen(void **state)
{
    static const char *const services[] = {"Orw", "Arw", "Rrw"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(services); i++) {
        struct bed *bed = make_bed(FROM_12_MIXED);

        play(bed, services[i]);
        assert_int_equal(bed->play.stale_at, 3);
        free_bed(bed);
    }
    for (int i = 0; i < 2; i++) {
        struct bed *bed = make_bed(i == 0 ? FROM_12_MIXED : FROM_10);

        play(bed, i == 0 ? "Trw" : "Orw");
        assert_int_equal(bed->play.stale_at, 0);
        free_bed(bed);
    }
}

/* ---- bridges ---- */

/* While CallManager signs, phones get to know the new ITLRecovery; after that it may sign. */
static void the_other_anchor_bridges(void **state)
{
    struct bed *bed = make_bed(FROM_12);

    (void)state;
    play(bed, "Rriwtw");
    assert_true(bed->possible);
    assert_int_equal(bed->play.held[UCM_PHONE_USUAL], UCM_LOCAL);
    assert_int_equal(bed->play.held[UCM_PHONE_NO_TVS], UCM_LOCAL);
    free_bed(bed);
    bed = make_bed(FROM_12_MIXED);
    play(bed, "Rcrwutw");
    assert_int_equal(bed->play.held[UCM_PHONE_USUAL], UCM_LOCAL);
    assert_int_equal(bed->play.stale_at, 0);
    free_bed(bed);
    bed = make_bed(FROM_10_MIXED_TWO);
    play(bed, "Ocrwutw");
    assert_int_equal(bed->play.held[UCM_PHONE_NO_TVS], UCM_LOCAL);
    free_bed(bed);
}

/* An ITL that was not rebuilt before it was signed anew does not tell phones of the successor. */
static void a_bridge_needs_a_rebuilt_list(void **state)
{
    struct bed *bed = make_bed(FROM_12);

    (void)state;
    play(bed, "Riwrw");
    assert_int_equal(bed->play.held[UCM_PHONE_USUAL], UCM_VERDICT_UNKNOWN);
    assert_int_equal(bed->play.lost_at[UCM_PHONE_USUAL], 5);
    free_bed(bed);
}

static void a_bridge_needs_another_sast(void **state)
{
    struct bed *bed = make_bed(FROM_10_MIXED);

    (void)state;
    play(bed, "Ocrw");
    assert_false(bed->possible);
    free_bed(bed);
    bed = make_bed(FROM_12_MIXED_ONE);
    play(bed, "Rcrw");
    assert_false(bed->possible);
    free_bed(bed);
    bed = make_bed(FROM_8);
    play(bed, "Oriw");
    assert_false(bed->possible);
    free_bed(bed);
}

/* ---- TVS ---- */

/* What a token signs phones know by the token; only the ITL hangs on ITLRecovery. */
static void tokens_sign_whatever_is_renewed(void **state)
{
    struct bed *bed = make_bed(TOKENS);

    (void)state;
    assert_int_equal(bed->renewal.ctl_signer, UCM_SERVICE_TOKEN);
    play(bed, "Ourw");
    assert_int_equal(bed->play.held[UCM_PHONE_USUAL], UCM_LOCAL);
    play(bed, "Rurw");
    assert_int_equal(bed->play.held[UCM_PHONE_USUAL], UCM_VERDICT_UNKNOWN);
    play(bed, "Rriwtw");
    assert_int_equal(bed->play.held[UCM_PHONE_USUAL], UCM_LOCAL);
    free_bed(bed);
}

/* Nobody in the group can be asked: what would be asked of TVS is refused. */
static void phones_ask_their_group_alone(void **state)
{
    struct node node[2] = {FROM_8[0]};

    (void)state;
    node[0].outside = true;
    assert_int_equal(after(node, "Orw", UCM_PHONE_USUAL), UCM_VERDICT_UNKNOWN);
    node[0].outside = false;
    node[0].tvs = 'U'; /* no ITL names what it shows */
    assert_int_equal(after(node, "Orw", UCM_PHONE_USUAL), UCM_LOCKED);
    node[0].tvs = '?'; /* then it is what the lists name for it, if they tell */
    assert_int_equal(after(node, "Orw", UCM_PHONE_USUAL), UCM_VERDICT_UNKNOWN);
}

/* Each node signs with its own certificate, and TVS of each knows all of them. */
static void phones_of_every_node_are_played(void **state)
{
    static const struct node two[3] = {{NULL, "O/OsOcTtUtAa", 'T', "", .newer = 0},
                                       {NULL, "X/XsXcTtUtAa", 'U', "", .newer = 0}};
    struct bed *bed = make_bed(two);

    (void)state;
    play(bed, "Orw");
    assert_int_equal(bed->play.held[UCM_PHONE_USUAL], UCM_VIA_TVS);
    play(bed, "OrwTrw");
    assert_int_equal(bed->play.held[UCM_PHONE_USUAL], UCM_VIA_TVS);
    assert_int_equal(off(bed, UCM_PHONE_USUAL), UCM_LOCKED);
    free_bed(bed);
}

/* Between a renewal and the CTL, a node may serve an ITL that the CTL does not vouch for yet. */
static void a_new_phone_should_come_before_or_after(void **state)
{
    struct bed *bed = make_bed(FROM_10_MIXED);

    (void)state;
    play(bed, "Ourw");
    assert_int_equal(bed->play.held[UCM_PHONE_NEW], UCM_VIA_TVS);
    assert_int_equal(bed->play.off[UCM_PHONE_NEW][0][1], UCM_LOCKED);
    assert_int_equal(bed->play.off[UCM_PHONE_NEW][0][4], UCM_LOCAL);
    free_bed(bed);
}

/* ---- size ---- */

enum { MANY = 21 };

/** Many nodes that all serve lists, each with its own certificates. */
struct many {
    struct identity *manager[MANY];
    struct identity *tvs[MANY];
    struct maker maker[MANY];
    struct ucm_trustlist list[MANY];
    struct ucm_node node[MANY];
    struct ucm_cluster cluster;
};

static void make_many_list(struct many *many, uint32_t index)
{
    struct record_options records[MANY + 4] = {{many->manager[index], UCM_ROLE_SAST, false},
                                               {many->manager[index], UCM_ROLE_CCM_TFTP, false},
                                               {lab_identity('R'), UCM_ROLE_SAST, false},
                                               {lab_identity('A'), UCM_ROLE_CAPF, false}};

    for (uint32_t i = 0; i < MANY; i++)
        records[4 + i] = (struct record_options){many->tvs[i], UCM_ROLE_TVS, false};
    make_list(&many->maker[index], &(struct list_options){.filename = "ITLFile.tlv",
                                                          .signer = many->manager[index],
                                                          .records = records,
                                                          .record_count = COUNT_OF(records)});
    assert_true(
        ucm_trustlist_decode(many->maker[index].data, many->maker[index].size, &many->list[index]));
    many->node[index] = (struct ucm_node){
        .name = "node",
        .looked = true,
        .serves = true,
        .lists = {NULL, &many->list[index]},
        .itl_signature = ucm_signature_check(&many->list[index], &many->list[index]),
        .runs_tvs = true,
        .in_group = true,
        .identity = many->tvs[index]->der,
        .identity_size = many->tvs[index]->der_size};
}

static struct many *make_many(void)
{
    struct many *many = calloc(1, sizeof *many);

    assert_non_null(many);
    for (uint32_t i = 0; i < MANY; i++) {
        many->manager[i] = make_identity(&(struct identity_options){.serial = (uint8_t)(1 + i)});
        many->tvs[i] = make_identity(&(struct identity_options){.serial = (uint8_t)(128 + i)});
    }
    for (uint32_t i = 0; i < MANY; i++)
        make_many_list(many, i);
    many->cluster = (struct ucm_cluster){.name = "many", .node = many->node, .nodes = MANY};
    return many;
}

static void free_many(struct many *many)
{
    for (uint32_t i = 0; i < MANY; i++) {
        free_identity(many->manager[i]);
        free_identity(many->tvs[i]);
    }
    free(many);
}

/* The largest cluster that there can be, with everything due. Its time is printed, not judged. */
static void the_largest_cluster_is_planned(void **state)
{
    struct many *many = make_many();
    const struct ucm_renewal_options options = {
        .cluster = &many->cluster, .now = NOW, .horizon_days = FOREVER};
    struct ucm_renewal renewal;
    struct ucm_plan *plan = calloc(1, sizeof *plan);
    clock_t begin = clock();

    (void)state;
    assert_non_null(plan);
    assert_true(ucm_renewal_make(&options, &renewal));
    assert_int_equal(renewal.items, 2 * MANY + 2);
    assert_true(ucm_plan_make(&renewal, plan));
    print_message("planned and played in %.2f s of CPU\n",
                  (double)(clock() - begin) / CLOCKS_PER_SEC);
    assert_int_equal(plan->outcome, UCM_PLAN_SAFE);
    assert_int_equal(plan->steps, 12);
    assert_int_equal(plan->play.off[UCM_PHONE_USUAL][0][12], UCM_LOCKED);
    ucm_renewal_free(&renewal);
    free(plan);
    free_many(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_table_comes_out),
        cmocka_unit_test(a_live_answer_settles_what_is_unknown),
        cmocka_unit_test(both_at_once_locks_out_phones_that_are_on),
        cmocka_unit_test(waiting_is_what_makes_it_safe),
        cmocka_unit_test(a_ctl_that_is_not_updated_is_seen),
        cmocka_unit_test(the_other_anchor_bridges),
        cmocka_unit_test(a_bridge_needs_a_rebuilt_list),
        cmocka_unit_test(a_bridge_needs_another_sast),
        cmocka_unit_test(tokens_sign_whatever_is_renewed),
        cmocka_unit_test(phones_ask_their_group_alone),
        cmocka_unit_test(phones_of_every_node_are_played),
        cmocka_unit_test(a_new_phone_should_come_before_or_after),
        cmocka_unit_test(the_largest_cluster_is_planned),
    };

    return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
