/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What there is to renew, and the search for a safe plan: on clusters in the shorthand of
 * cluster_lab.h. Plans are written as in test_renewal_play.c, with x for ipsec and y for tomcat.
 */
#include "renewal_lab.h"

#include <stdio.h>

enum { V11 = 0x0b05, V12 = 0x0c05 };

struct bed {
    struct cluster *cluster;
    struct ucm_renewal renewal;
    struct ucm_plan plan;
};

/* Only these letters are due: O R T A. */
static struct bed *make_bed_of(const struct node *node, uint16_t version, enum ucm_mode mode,
                               const char *due)
{
    struct bed *bed = calloc(1, sizeof *bed);
    struct ucm_renewal_options options = {.now = NOW, .horizon_days = FOREVER};

    assert_non_null(bed);
    bed->cluster = make_cluster(node, version, mode);
    options.cluster = &bed->cluster->cluster;
    assert_true(ucm_renewal_make(&options, &bed->renewal));
    for (uint32_t i = 0; i < bed->renewal.items; i++) {
        struct ucm_renewable *item = &bed->renewal.item[i];

        item->due = item->due && strchr(due, lab_letter(item->der, item->size)) != NULL;
    }
    return bed;
}

static struct bed *make_bed(const struct node *node, uint16_t version, const char *due)
{
    return make_bed_of(node, version, UCM_MODE_UNKNOWN, due);
}

static void free_bed(struct bed *bed)
{
    ucm_renewal_free(&bed->renewal);
    free_cluster(bed->cluster);
    free(bed);
}

static void make_plan(struct bed *bed)
{
    assert_true(ucm_plan_make(&bed->renewal, &bed->plan));
}

static void assert_steps(const struct ucm_plan *plan, const char *expected)
{
    static const char services[] = "xyAOTR";
    static const char actions[] = {
        [UCM_ACT_CTL_UPDATE] = 'u', [UCM_ACT_CTL_RESIGN] = 'c', [UCM_ACT_ITL_RESIGN] = 'i',
        [UCM_ACT_RESTART] = 'r',    [UCM_ACT_TFTP] = 't',       [UCM_ACT_WAIT] = 'w'};
    char text[UCM_STEPS_MAX + 1] = "";

    for (uint32_t i = 0; i < plan->steps; i++)
        text[i] = plan->step[i].action == UCM_ACT_RENEW ? services[plan->step[i].service]
                                                        : actions[plan->step[i].action];
    assert_string_equal(text, expected);
}

static void assert_plan(const struct node *node, uint16_t version, const char *due,
                        enum ucm_plan_outcome outcome, const char *expected)
{
    struct bed *bed = make_bed(node, version, due);

    make_plan(bed);
    assert_steps(&bed->plan, expected);
    assert_int_equal(bed->plan.outcome, outcome);
    free_bed(bed);
}

/* ---- what there is ---- */

static const struct ucm_renewable *item_of(const struct bed *bed, char letter)
{
    for (uint32_t i = 0; i < bed->renewal.items; i++)
        if (lab_letter(bed->renewal.item[i].der, bed->renewal.item[i].size) == letter)
            return &bed->renewal.item[i];
    fail_msg("no item '%c'", letter);
    return NULL;
}

static void certificates_are_told_by_their_place(void **state)
{
    struct bed *bed = make_bed(FROM_12_MIXED, V12, "");

    (void)state;
    assert_int_equal(bed->renewal.items, 4);
    assert_int_equal(item_of(bed, 'O')->service, UCM_SERVICE_CALLMANAGER);
    assert_int_equal(item_of(bed, 'T')->service, UCM_SERVICE_TVS);
    assert_int_equal(item_of(bed, 'A')->service, UCM_SERVICE_CAPF);
    assert_int_equal(item_of(bed, 'R')->service, UCM_SERVICE_ITLRECOVERY);
    for (uint32_t i = 0; i < bed->renewal.items; i++) {
        assert_int_equal(bed->renewal.item[i].node, 0);
        assert_false(bed->renewal.item[i].shared);
        assert_true(bed->renewal.item[i].listed);
        assert_non_null(bed->renewal.item[i].successor);
    }
    assert_int_equal(bed->renewal.itl_signer, UCM_SERVICE_ITLRECOVERY);
    assert_int_equal(bed->renewal.ctl_signer, UCM_SERVICE_ITLRECOVERY);
    assert_int_equal(bed->renewal.mode, UCM_MODE_MIXED);
    free_bed(bed);
}

static void owners_are_told_by_what_serves_them(void **state)
{
    static const struct node two[3] = {{NULL, "R/OsOcRsTtUtAa", 'T', "", .newer = 0},
                                       {NULL, "R/XsXcRsTtUtAa", 'U', "", .newer = 0}};
    static const struct node shared[3] = {{NULL, "O/OsOcRsTtUtAa", 'T', "", .newer = 0},
                                          {NULL, "O/OsOcQsTtUtAa", 'U', "", .newer = 0}};
    struct bed *bed = make_bed(two, V12, "");

    (void)state;
    assert_int_equal(item_of(bed, 'O')->node, 0);
    assert_int_equal(item_of(bed, 'X')->node, 1);
    assert_int_equal(item_of(bed, 'T')->node, 0);
    assert_int_equal(item_of(bed, 'U')->node, 1);
    assert_int_equal(item_of(bed, 'R')->node, 0); /* the publisher */
    free_bed(bed);
    bed = make_bed(shared, V11, "");
    assert_true(item_of(bed, 'O')->shared);
    assert_int_equal(item_of(bed, 'O')->node, UCM_NODE_NONE);
    assert_int_equal(item_of(bed, 'R')->node, 0); /* each node has its own */
    assert_int_equal(item_of(bed, 'Q')->node, 1);
    free_bed(bed);
}

/* What one node alone serves need not be its own. */
static void the_owner_of_itlrecovery_goes_by_release_and_name(void **state)
{
    static const struct node one_tftp[3] = {{NULL, NULL, 'T', "", .no_tftp = true},
                                            {NULL, "R/OsOcRsTtUtAa", 'U', "", .newer = 0}};
    static const char *const names[] = {"cucm.example", NULL};
    struct cluster *cluster = make_cluster(one_tftp, V12, UCM_MODE_UNKNOWN);

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct ucm_renewal_options options = {.cluster = &cluster->cluster,
                                              .now = NOW,
                                              .horizon_days = FOREVER,
                                              .address = i == 1 ? names : NULL};
        struct bed bed = {.cluster = cluster};

        cluster->cluster.version = i == 0 ? V12 : V11;
        assert_true(ucm_renewal_make(&options, &bed.renewal));
        /* the publisher's; then named ITLRECOVERY_cucm; then nothing but the ITL tells */
        assert_int_equal(item_of(&bed, 'R')->node, i == 2 ? 1 : 0);
        ucm_renewal_free(&bed.renewal);
    }
    free_cluster(cluster);
}

static void a_token_is_a_sast_and_nothing_else(void **state)
{
    static const struct node tokens[2] = {{"X/XsDsOcAa", "R/OsOcRsTtAa", 'T', "", .newer = 0}};
    struct bed *bed = make_bed(tokens, V12, "X");

    (void)state;
    assert_int_equal(item_of(bed, 'X')->service, UCM_SERVICE_TOKEN);
    assert_int_equal(item_of(bed, 'D')->service, UCM_SERVICE_TOKEN);
    assert_int_equal(bed->renewal.ctl_signer, UCM_SERVICE_TOKEN);
    assert_true(ucm_renewal_is_due(&bed->renewal, UCM_SERVICE_TOKEN));
    make_plan(bed);
    assert_int_equal(bed->plan.outcome, UCM_PLAN_NOTHING); /* no plan renews a token */
    free_bed(bed);
}

static void what_expires_within_the_horizon_is_due(void **state)
{
    struct cluster *cluster = make_cluster(FROM_12, V12, UCM_MODE_UNKNOWN);
    struct ucm_renewal_options options = {.cluster = &cluster->cluster, .now = NOW};
    struct ucm_renewal renewal;

    (void)state;
    for (int i = 0; i < 2; i++) {
        options.horizon_days = 5 * 365 + i;
        assert_true(ucm_renewal_make(&options, &renewal));
        assert_int_equal(ucm_renewal_is_due(&renewal, UCM_SERVICE_TVS), i == 1);
        ucm_renewal_free(&renewal);
    }
    options.now = NOW + 6 * (int64_t)YEAR; /* expired */
    options.horizon_days = 0;
    assert_true(ucm_renewal_make(&options, &renewal));
    assert_true(ucm_renewal_is_due(&renewal, UCM_SERVICE_TVS));
    ucm_renewal_free(&renewal);
    free_cluster(cluster);
}

static void stores_add_what_no_list_holds(void **state)
{
    struct bed *bed = make_bed(FROM_12, V12, "");
    const struct identity *stranger = lab_identity('X');
    const struct identity *manager = lab_identity('O');
    struct ucm_cert cert;

    (void)state;
    assert_true(ucm_cert_read(stranger->der, stranger->der_size, &cert));
    for (int i = 0; i < 2; i++)
        ucm_renewal_add(&bed->renewal, UCM_SERVICE_TOMCAT, 0, stranger->der,
                        (uint32_t)stranger->der_size, &cert);
    assert_int_equal(bed->renewal.items, 5);
    assert_int_equal(item_of(bed, 'X')->service, UCM_SERVICE_TOMCAT);
    assert_false(item_of(bed, 'X')->listed);
    assert_true(ucm_cert_read(manager->der, manager->der_size, &cert));
    ucm_renewal_add(&bed->renewal, UCM_SERVICE_TOMCAT, 0, manager->der, (uint32_t)manager->der_size,
                    &cert);
    assert_true(item_of(bed, 'O')->tomcat_too);
    ucm_renewal_add(&bed->renewal, UCM_SERVICE_IPSEC, UCM_NODE_NONE, NULL, 0, &cert);
    assert_int_equal(bed->renewal.items, 6);
    make_plan(bed);
    assert_steps(&bed->plan, "xryr");
    assert_int_equal(bed->plan.outcome, UCM_PLAN_SAFE);
    free_bed(bed);
}

/* ---- plans ---- */

static void nothing_due_needs_no_plan(void **state)
{
    (void)state;
    assert_plan(FROM_12, V12, "", UCM_PLAN_NOTHING, "");
}

static void one_anchor_at_a_time(void **state)
{
    (void)state;
    assert_plan(FROM_8, V11, "OTA", UCM_PLAN_SAFE, "ArwOrwTrw");
    assert_plan(FROM_10, V11, "ORTA", UCM_PLAN_SAFE, "ArwOrwTrwRrw");
    assert_plan(FROM_12, V12, "OTA", UCM_PLAN_SAFE, "ArwOrwTrw");
    assert_plan(FROM_10_MIXED, V11, "OTA", UCM_PLAN_SAFE, "AurwOurwTrw");
}

/* Where the successor would hang on a rule that is not known, or devices without TVS would refuse
 * it, the other anchor signs in between. */
static void the_other_anchor_signs_in_between(void **state)
{
    (void)state;
    assert_plan(FROM_12, V12, "R", UCM_PLAN_SAFE, "Rriwtw");
    assert_plan(FROM_12_MIXED, V12, "RT", UCM_PLAN_SAFE, "TrwRcrwutw");
    assert_plan(FROM_10_MIXED_TWO, V11, "O", UCM_PLAN_SAFE, "Ocrwutw");
}

static void a_live_answer_makes_a_bridge_needless(void **state)
{
    struct node node[2] = {FROM_12[0]};

    (void)state;
    node[0].says = "Rs";
    assert_plan(node, V12, "R", UCM_PLAN_SAFE, "Rrw");
}

/* No way is known to be safe: the plan says so. */
static void what_hangs_is_called_unsure(void **state)
{
    struct node node[2] = {FROM_12[0]};
    struct bed *bed;

    (void)state;
    node[0].itl = "R/OcRsTtAa"; /* CallManager is no SAST */
    bed = make_bed(node, V12, "R");
    make_plan(bed);
    assert_int_equal(bed->plan.outcome, UCM_PLAN_UNSURE);
    assert_steps(&bed->plan, "Rrw");
    assert_int_equal(bed->plan.play.held[UCM_PHONE_USUAL], UCM_VERDICT_UNKNOWN);
    free_bed(bed);
}

/* From 12 in mixed mode with one SAST, no order helps phones that are on: what is safe is planned,
 * and the rest is left out. */
static void an_impasse_is_no_plan(void **state)
{
    struct bed *bed = make_bed(FROM_12_MIXED_ONE, V12, "R");

    (void)state;
    make_plan(bed);
    assert_int_equal(bed->plan.outcome, UCM_PLAN_IMPASSE);
    assert_int_equal(bed->plan.left_out, UCM_SERVICE_BIT(UCM_SERVICE_ITLRECOVERY));
    assert_int_equal(bed->plan.left_why, UCM_LOCKED);
    assert_int_equal(bed->plan.steps, 0);
    free_bed(bed);
    bed = make_bed(FROM_12_MIXED_ONE, V12, "RTA");
    make_plan(bed);
    assert_int_equal(bed->plan.outcome, UCM_PLAN_IMPASSE);
    assert_int_equal(bed->plan.left_out, UCM_SERVICE_BIT(UCM_SERVICE_ITLRECOVERY));
    assert_steps(&bed->plan, "AurwTrw");
    assert_int_equal(bed->plan.play.held[UCM_PHONE_USUAL], UCM_LOCAL);
    free_bed(bed);
}

/* Certificates with these letters have expired. */
static void expire(struct bed *bed, const char *letters)
{
    for (uint32_t i = 0; i < bed->renewal.items; i++) {
        struct ucm_renewable *item = &bed->renewal.item[i];

        if (strchr(letters, lab_letter(item->der, item->size)) != NULL)
            item->cert.not_after = NOW - DAY;
    }
}

/* What has expired comes first; and TVS that shows an expired certificate cannot vouch. */
static void the_order_follows_what_can_still_be_asked(void **state)
{
    struct bed *bed = make_bed(FROM_8, V11, "OT");

    (void)state;
    expire(bed, "T");
    make_plan(bed);
    assert_int_equal(bed->plan.outcome, UCM_PLAN_SAFE);
    assert_steps(&bed->plan, "TrwOrw");
    expire(bed, "O"); /* both: nobody can vouch for a successor, and what O signs may be refused */
    make_plan(bed);
    assert_int_equal(bed->plan.outcome, UCM_PLAN_UNSURE);
    assert_steps(&bed->plan, "Trw"); /* who refuses would be lost by CallManager */
    assert_int_equal(bed->plan.left_out, UCM_SERVICE_BIT(UCM_SERVICE_CALLMANAGER));
    assert_true(bed->plan.tried > 2);
    free_bed(bed);
}

/* No list that an expired certificate signs is known to be taken: it is renewed before all else,
 * and an anchor that is still valid signs in the meantime. */
static void an_expired_signer_is_renewed_first(void **state)
{
    static const struct {
        const struct node *node;
        uint16_t version;
        const char *due;
        const char *expired;
        enum ucm_plan_outcome outcome;
        const char *steps;
    } rows[] = {
        {FROM_12, V12, "ORTA", "R", UCM_PLAN_SAFE, "RriwtwArwOrwTrw"},
        {FROM_12_MIXED, V12, "ORTA", "R", UCM_PLAN_SAFE, "RcrwutwAurwOurwTrw"},
        {FROM_10, V11, "ORTA", "O", UCM_PLAN_SAFE, "OrwArwTrwRrw"},
        {FROM_10, V11, "OT", "OT", UCM_PLAN_SAFE, "OriwtwTrw"}, /* TVS cannot vouch, R can sign */
        {FROM_12, V12, "RA", "RO", UCM_PLAN_UNSURE, "RrwArw"},  /* no anchor is valid */
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bed *bed = make_bed(rows[i].node, rows[i].version, rows[i].due);

        expire(bed, rows[i].expired);
        make_plan(bed);
        assert_steps(&bed->plan, rows[i].steps);
        assert_int_equal(bed->plan.outcome, rows[i].outcome);
        free_bed(bed);
    }
}

/* One TVS node of three that vouches is not enough: phones may ask the other two alone. */
static void every_tvs_node_should_be_able_to_vouch(void **state)
{
    static const struct node three[4] = {{"O/OsOcAa", "O/OsOcRsTtUtXtAa", 'T', "Os", .newer = 0},
                                         {"O/OsOcAa", "O/OsOcRsTtUtXtAa", 'U', "Os", .newer = 0},
                                         {"O/OsOcAa", "O/OsOcRsTtUtXtAa", 'X', "Os", .newer = 0}};
    struct node strange[4] = {three[0], three[1], three[2]};
    struct bed *bed = make_bed(three, V11, "OTU");

    (void)state;
    make_plan(bed);
    assert_steps(&bed->plan, "OurwTrw"); /* all of them can */
    assert_int_equal(bed->plan.play.mute[3], 0);
    for (uint32_t i = 0; i < bed->renewal.items; i++)
        if (strchr("TUO", lab_letter(bed->renewal.item[i].der, bed->renewal.item[i].size)) != NULL)
            bed->renewal.item[i].cert.not_after = NOW + DAY; /* all are urgent */
    expire(bed, "TU");
    make_plan(bed);
    assert_steps(&bed->plan, "TrwOurw");
    assert_int_equal(bed->plan.outcome, UCM_PLAN_SAFE);
    for (uint32_t step = 0; step <= bed->plan.steps; step++)
        assert_int_equal(bed->plan.play.mute[step], 0);
    free_bed(bed);
    strange[0].tvs = strange[1].tvs = 'D'; /* no ITL names what they show */
    bed = make_bed(strange, V11, "O");
    make_plan(bed);
    assert_steps(&bed->plan, "Ourw");
    assert_int_equal(bed->plan.play.held[UCM_PHONE_USUAL], UCM_VIA_TVS);
    assert_int_equal(bed->plan.play.mute[2], 3); /* the first and the second */
    free_bed(bed);
}

/* A plan is for phones that are on; each stretch that one may be off was played as well. */
static void the_point_of_no_return_is_known(void **state)
{
    struct bed *bed = make_bed(FROM_10, V11, "ORT");

    (void)state;
    make_plan(bed);
    assert_steps(&bed->plan, "OrwTrwRrw");
    assert_int_equal(bed->plan.play.held[UCM_PHONE_USUAL], UCM_VIA_TVS);
    assert_int_equal(bed->plan.play.off[UCM_PHONE_USUAL][0][3], UCM_VIA_TVS);
    assert_int_equal(bed->plan.play.off[UCM_PHONE_USUAL][0][9], UCM_LOCKED);
    assert_int_equal(bed->plan.play.off[UCM_PHONE_USUAL][3][9], UCM_LOCAL);
    free_bed(bed);
}

/* ---- what cannot be tried ---- */

static void lists_that_were_not_seen_are_no_ground(void **state)
{
    struct node node[3] = {FROM_12[0], FROM_12[0]};
    uint32_t at;

    (void)state;
    for (int i = 0; i < 5; i++) {
        struct bed *bed;
        static const enum ucm_obstacle expected[] = {UCM_OBSTACLE_UNSEEN, UCM_OBSTACLE_DAMAGED,
                                                     UCM_OBSTACLE_DAMAGED, UCM_OBSTACLE_SIGNATURE,
                                                     UCM_OBSTACLE_NONE};

        node[1] = FROM_12[0];
        node[1].unseen = i == 0;
        node[1].broken_itl = i == 1;
        node[1].itl = i == 2 ? NULL : FROM_12[0].itl;
        node[1].unverified = i == 3;
        node[1].no_tftp = i == 4;
        bed = make_bed(node, V12, "T");
        assert_int_equal(ucm_renewal_obstacle(&bed->renewal, &at), expected[i]);
        assert_int_equal(at, i < 4 ? 1 : UCM_NODE_NONE);
        make_plan(bed);
        assert_int_equal(bed->plan.outcome, i < 4 ? UCM_PLAN_UNTRIED : UCM_PLAN_SAFE);
        free_bed(bed);
    }
    node[0].no_tftp = true;
    node[1] = (struct node){NULL, NULL, 'T', "", .no_tftp = true};
    {
        struct bed *bed = make_bed(node, V12, "T");

        assert_int_equal(ucm_renewal_obstacle(&bed->renewal, &at), UCM_OBSTACLE_NO_LIST);
        free_bed(bed);
    }
}

/* What nodes serve must tell the mode: a plan without the CTL locks out every secure phone. */
static void a_mode_that_is_not_clear_is_no_ground(void **state)
{
    static const struct {
        enum ucm_mode expected;
        const char *ctl[2];
        enum ucm_obstacle obstacle;
        uint32_t at;
    } rows[] = {
        {UCM_MODE_MIXED, {NULL, NULL}, UCM_OBSTACLE_MODE, UCM_NODE_NONE},
        {UCM_MODE_NONSECURE, {"R/OsOcRsAa", "R/OsOcRsAa"}, UCM_OBSTACLE_MODE, UCM_NODE_NONE},
        {UCM_MODE_MIXED, {"R/OsOcRsAa", NULL}, UCM_OBSTACLE_NO_CTL, 1},
        {UCM_MODE_UNKNOWN, {NULL, "R/OsOcRsAa"}, UCM_OBSTACLE_NO_CTL, 0},
        {UCM_MODE_UNKNOWN, {"R/OsOcRsAa", "R/OsOcRsXcAa"}, UCM_OBSTACLE_CTLS, 1},
        {UCM_MODE_MIXED, {"R/OsOcRsAa", "R/OsOcRsAa"}, UCM_OBSTACLE_NONE, UCM_NODE_NONE},
        {UCM_MODE_UNKNOWN, {NULL, NULL}, UCM_OBSTACLE_NONE, UCM_NODE_NONE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct node nodes[3] = {{rows[i].ctl[0], FROM_12[0].itl, 'T', "", .newer = 0},
                                      {rows[i].ctl[1], FROM_12[0].itl, 'T', "", .newer = 0}};
        struct bed *bed = make_bed_of(nodes, V12, rows[i].expected, "T");
        uint32_t at;

        assert_int_equal(ucm_renewal_obstacle(&bed->renewal, &at), rows[i].obstacle);
        assert_int_equal(at, rows[i].at);
        make_plan(bed);
        assert_int_equal(bed->plan.outcome,
                         rows[i].obstacle == UCM_OBSTACLE_NONE ? UCM_PLAN_SAFE : UCM_PLAN_UNTRIED);
        assert_true(rows[i].obstacle == UCM_OBSTACLE_NONE || bed->plan.steps == 0);
        free_bed(bed);
    }
}

/* Nobody may call a cluster non-secure whose CTLs were not all seen. */
static void a_mode_that_was_not_seen_is_unknown(void **state)
{
    static const struct {
        struct node node[3];
        enum ucm_mode expected;
    } rows[] = {
        {{{NULL, "R/OsOcRsTtAa", 'T', "", .unseen = true}}, UCM_MODE_UNKNOWN},
        {{{NULL, "R/OsOcRsTtAa", 'T', "", .newer = 0},
          {NULL, "R/OsOcRsTtAa", 'T', "", .unseen = true}},
         UCM_MODE_UNKNOWN},
        {{{NULL, "R/OsOcRsTtAa", 'T', "", .unseen = true},
          {"R/OsOcRsAa", "R/OsOcRsTtAa", 'T', "", .newer = 0}},
         UCM_MODE_MIXED},
        {{{NULL, "R/OsOcRsTtAa", 'T', "", .newer = 0},
          {NULL, "R/OsOcRsTtAa", 'T', "", .no_tftp = true}},
         UCM_MODE_NONSECURE},
        {{{"R/OsOcRsAa", "R/OsOcRsTtAa", 'T', "", .broken_ctl = true},
          {NULL, "R/OsOcRsTtAa", 'T', "", .newer = 0}},
         UCM_MODE_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bed *bed = make_bed_of(rows[i].node, V12, UCM_MODE_UNKNOWN, "");

        assert_int_equal(bed->renewal.mode, rows[i].expected);
        free_bed(bed);
    }
}

/* A list may be anything that decodes, as long as somebody says that its signature is good. */
static void any_list_is_taken(void **state)
{
    struct bed *bed = make_bed(FROM_12_MIXED, V12, "");
    struct lab_list *list = bed->cluster->list[1];
    const size_t size = list->maker->size;
    uint8_t *whole = exact(list->maker->data, size);
    uint32_t seed = 1;
    unsigned planned = 0;

    (void)state;
    bed->cluster->cluster.vouch = NULL; /* the lab knows no certificates but its own */
    for (unsigned round = 0; round < 60; round++) {
        const struct ucm_renewal_options options = {
            .cluster = &bed->cluster->cluster, .now = NOW, .horizon_days = FOREVER};
        uint8_t *bytes = exact(whole, size);
        struct ucm_renewal renewal;

        for (int i = 0; i < 3; i++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[(seed >> 8) % size] = (uint8_t)(seed >> 3);
        }
        ucm_trustlist_decode(bytes, size - round % 3, &list->list);
        assert_true(ucm_renewal_make(&options, &renewal));
        assert_true(ucm_plan_make(&renewal, &bed->plan));
        planned += bed->plan.outcome == UCM_PLAN_SAFE;
        ucm_renewal_free(&renewal);
        free(bytes);
    }
    assert_in_range(planned, 1, 60); /* most of them are still lists */
    free(whole);
    ucm_trustlist_decode(list->maker->data, size, &list->list);
    free_bed(bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_are_told_by_their_place),
        cmocka_unit_test(owners_are_told_by_what_serves_them),
        cmocka_unit_test(the_owner_of_itlrecovery_goes_by_release_and_name),
        cmocka_unit_test(a_token_is_a_sast_and_nothing_else),
        cmocka_unit_test(what_expires_within_the_horizon_is_due),
        cmocka_unit_test(stores_add_what_no_list_holds),
        cmocka_unit_test(nothing_due_needs_no_plan),
        cmocka_unit_test(one_anchor_at_a_time),
        cmocka_unit_test(the_other_anchor_signs_in_between),
        cmocka_unit_test(a_live_answer_makes_a_bridge_needless),
        cmocka_unit_test(what_hangs_is_called_unsure),
        cmocka_unit_test(an_impasse_is_no_plan),
        cmocka_unit_test(the_order_follows_what_can_still_be_asked),
        cmocka_unit_test(an_expired_signer_is_renewed_first),
        cmocka_unit_test(every_tvs_node_should_be_able_to_vouch),
        cmocka_unit_test(the_point_of_no_return_is_known),
        cmocka_unit_test(lists_that_were_not_seen_are_no_ground),
        cmocka_unit_test(a_mode_that_is_not_clear_is_no_ground),
        cmocka_unit_test(any_list_is_taken),
        cmocka_unit_test(a_mode_that_was_not_seen_is_unknown),
    };

    return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
