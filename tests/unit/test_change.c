/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Changes of certificates, judged by anchors: the published order of things comes out of the model.
 * Each era is a cluster as that release builds its lists; renewing a certificate swaps its letter.
 * The shorthand is in phone_lab.h.
 */
#include "phone_lab.h"

/** What the nodes of a cluster serve, in shorthand. */
struct era {
    const char *ctl;
    const char *itl;
};

static const struct era FROM_8 = {NULL, "O/OsOcTtAa"};
static const struct era FROM_10 = {NULL, "O/OsOcRsTtAa"};
static const struct era FROM_10_MIXED = {"O/OsOcAa", "O/OsOcRsTtAa"};
static const struct era FROM_12 = {NULL, "R/OsOcRsTtAa"};
static const struct era FROM_12_MIXED = {"R/OsOcRsAa", "R/OsOcRsTtAa"};
static const struct era FROM_12_MIXED_ONE_SAST = {"R/RsOcAa", "R/OsOcRsTtAa"};
static const struct era FROM_10_MIXED_TWO_SASTS = {"O/OsOcRsAa", "O/OsOcRsTtAa"};

static const char RENEWED[][2] = {{'O', 'N'}, {'R', 'Q'}, {'T', 'U'}, {'A', 'B'}};

/* The shorthand after the letters in what were renewed. */
static const char *renew(const char *shorthand, const char *what, char *out, size_t room)
{
    if (shorthand == NULL)
        return NULL;
    assert_true(strlen(shorthand) < room);
    for (size_t at = 0; at <= strlen(shorthand); at++) {
        out[at] = shorthand[at];
        for (size_t i = 0; i < COUNT_OF(RENEWED); i++)
            if (shorthand[at] == RENEWED[i][0] && strchr(what, RENEWED[i][0]) != NULL)
                out[at] = RENEWED[i][1];
    }
    return out;
}

/** A phone that holds one era's lists and meets another's. */
struct meeting {
    struct era held;
    struct era served;
    const char *tvs; /* what its TVS nodes say; NULL: nobody was asked */
    bool no_tvs;
};

static struct ucm_change meet(const struct meeting *meeting)
{
    struct lab_list *held_ctl = lab_list("CTLFile.tlv", meeting->held.ctl);
    struct lab_list *held_itl = lab_list("ITLFile.tlv", meeting->held.itl);
    struct lab_list *ctl = lab_list("CTLFile.tlv", meeting->served.ctl);
    struct lab_list *itl = lab_list("ITLFile.tlv", meeting->served.itl);
    char nodes[16] = "";
    struct ucm_phone phone = {.ctl = lab_of(held_ctl),
                              .itl = lab_of(held_itl),
                              .no_tvs = meeting->no_tvs,
                              .now = NOW,
                              .ask = meeting->tvs == NULL ? NULL : lab_ask,
                              .context = nodes};
    struct ucm_list_pair served = {lab_of(ctl), lab_of(itl)};
    struct ucm_change change;

    if (meeting->tvs != NULL)
        strncpy(nodes, meeting->tvs, sizeof nodes - 1);
    change = ucm_phone_change(&phone, served, &served, 1);
    assert_true(ctl != NULL ||
                change.ctl_decision.step == 0); /* what is not served decides nothing */
    assert_true(itl != NULL || change.itl_decision.step == 0);
    lab_list_free(held_ctl);
    lab_list_free(held_itl);
    lab_list_free(ctl);
    lab_list_free(itl);
    return change;
}

static enum ucm_verdict renewing(struct era era, const char *what, const char *tvs, bool no_tvs)
{
    char ctl[64];
    char itl[64];
    struct meeting meeting = {era, {NULL, NULL}, tvs, no_tvs};

    meeting.served.ctl = renew(era.ctl, what, ctl, sizeof ctl);
    meeting.served.itl = renew(era.itl, what, itl, sizeof itl);
    return meet(&meeting).verdict;
}

/* The table of verdicts: same TFTP node, lists rebuilt after the change, CTL updated. TVS shows the
 * certificate that it has now, and knows the cluster's own CallManager certificate. */
static void the_published_table_comes_out(void **state)
{
    const struct {
        struct era era;
        const char *renewed;
        const char *tvs;
        enum ucm_verdict expected;
    } rows[] = {
        {FROM_8, "O", "Ts", UCM_VIA_TVS},        {FROM_10, "O", "Ts", UCM_VIA_TVS},
        {FROM_10_MIXED, "O", "Ts", UCM_VIA_TVS}, {FROM_12, "O", NULL, UCM_LOCAL},
        {FROM_12_MIXED, "O", NULL, UCM_LOCAL},

        {FROM_8, "T", NULL, UCM_LOCAL},          {FROM_10, "T", NULL, UCM_LOCAL},
        {FROM_10_MIXED, "T", NULL, UCM_LOCAL},   {FROM_12, "T", NULL, UCM_LOCAL},
        {FROM_12_MIXED, "T", NULL, UCM_LOCAL},

        {FROM_10, "R", NULL, UCM_LOCAL},         {FROM_10_MIXED, "R", NULL, UCM_LOCAL},

        {FROM_8, "A", NULL, UCM_LOCAL},          {FROM_10, "A", NULL, UCM_LOCAL},
        {FROM_10_MIXED, "A", NULL, UCM_LOCAL},   {FROM_12, "A", NULL, UCM_LOCAL},
        {FROM_12_MIXED, "A", NULL, UCM_LOCAL},

        {FROM_8, "OT", "Us", UCM_LOCKED},        {FROM_10, "OT", "Us", UCM_RE_SIGN},
        {FROM_10_MIXED, "OT", "Us", UCM_LOCKED}, {FROM_12, "OT", "Us", UCM_LOCAL},
        {FROM_12_MIXED, "OT", "Us", UCM_LOCAL},

        {FROM_10, "OR", "Ts", UCM_VIA_TVS},      {FROM_10_MIXED, "OR", "Ts", UCM_VIA_TVS},
        {FROM_12_MIXED, "OR", "Tn", UCM_LOCKED}, /* TVS does not vouch for a CTL: FN70613 */

        {FROM_10, "RT", NULL, UCM_LOCAL},        {FROM_10_MIXED, "RT", NULL, UCM_LOCAL},
        {FROM_12, "RT", "Us", UCM_RE_SIGN},      {FROM_12_MIXED, "RT", "Us", UCM_RE_SIGN},

        {FROM_10, "ORT", "Us", UCM_LOCKED},      {FROM_10_MIXED, "ORT", "Us", UCM_LOCKED},
        {FROM_12, "ORT", "Us", UCM_LOCKED},      {FROM_12_MIXED, "ORT", "Us", UCM_LOCKED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        enum ucm_verdict verdict = renewing(rows[i].era, rows[i].renewed, rows[i].tvs, false);

        if (verdict != rows[i].expected)
            print_message("row %zu: ITL %s, renewed %s: %s\n", i, rows[i].era.itl, rows[i].renewed,
                          ucm_verdict_name(verdict));
        assert_int_equal(verdict, rows[i].expected);
    }
}

/* What the sources leave open is open without a live answer, and as the answer says with one. */
static void what_is_unknown_needs_an_answer(void **state)
{
    const struct {
        struct era era;
        const char *renewed;
        enum ucm_verdict refused;
    } rows[] = {
        {FROM_12, "R", UCM_RE_SIGN},
        {FROM_12, "OR", UCM_LOCKED},
        {FROM_12_MIXED, "R", UCM_RE_SIGN},
        {FROM_12_MIXED, "OR", UCM_LOCKED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(renewing(rows[i].era, rows[i].renewed, NULL, false), UCM_VERDICT_UNKNOWN);
        assert_int_equal(renewing(rows[i].era, rows[i].renewed, "Ts", false), UCM_VIA_TVS);
        assert_int_equal(renewing(rows[i].era, rows[i].renewed, "Tn", false), rows[i].refused);
    }
    assert_int_equal(renewing(FROM_10_MIXED_TWO_SASTS, "OT", NULL, false), UCM_VERDICT_UNKNOWN);
    assert_int_equal(renewing(FROM_10_MIXED_TWO_SASTS, "OT", "Us", false), UCM_RE_SIGN);
    assert_int_equal(renewing(FROM_12_MIXED_ONE_SAST, "RT", "Us", false), UCM_LOCKED);
}

static void devices_without_tvs_are_locked(void **state)
{
    (void)state;
    assert_int_equal(renewing(FROM_10_MIXED, "O", "Ts", true), UCM_LOCKED);
    assert_int_equal(renewing(FROM_10, "O", "Ts", true), UCM_RE_SIGN);
    assert_int_equal(renewing(FROM_12, "O", "Ts", true), UCM_LOCAL);
}

static void upgrades_go_by_anchors_too(void **state)
{
    (void)state;
    assert_int_equal(meet(&(struct meeting){FROM_8, FROM_12, "Ts", false}).verdict, UCM_VIA_TVS);
    assert_int_equal(meet(&(struct meeting){FROM_10, FROM_12, NULL, false}).verdict, UCM_LOCAL);
    assert_int_equal(
        meet(&(struct meeting){FROM_10_MIXED_TWO_SASTS, FROM_12_MIXED, NULL, false}).verdict,
        UCM_LOCAL);
    assert_int_equal(meet(&(struct meeting){FROM_10_MIXED, FROM_12_MIXED, NULL, false}).verdict,
                     UCM_VERDICT_UNKNOWN);
}

/* FN70613: from 12 on nothing is well until the CTL was updated after ITLRecovery. */
static void a_ctl_that_was_not_updated_names_an_old_signer(void **state)
{
    struct meeting meeting = {FROM_12_MIXED, {FROM_12_MIXED.ctl, "Q/OsOcQsTtAa"}, "Tn", false};
    struct ucm_change change = meet(&meeting);

    (void)state;
    assert_int_equal(change.ctl, UCM_KEEP);
    assert_int_equal(change.itl, UCM_RE_SIGN);
    meeting.tvs = NULL;
    assert_int_equal(meet(&meeting).itl, UCM_VERDICT_UNKNOWN);
    meeting = (struct meeting){
        FROM_12_MIXED_ONE_SAST, {FROM_12_MIXED_ONE_SAST.ctl, "Q/NsNcQsUtAa"}, "Us", false};
    /* R is renewed: that the old CTL still names it does not bring its key back. */
    assert_int_equal(meet(&meeting).itl, UCM_LOCKED);
}

/* In mixed mode 10 to 11.5, it is the CTL that TVS vouches for; the ITL follows from it. */
static void tvs_vouches_for_the_ctl(void **state)
{
    static const char *const renewed[] = {"N/NsNcAa", "N/NsNcRsTtAa", "N/NsNcQsTtAa"};
    struct meeting meeting = {FROM_10_MIXED, {renewed[0], renewed[1]}, "Ts", false};

    (void)state;
    for (int i = 1; i <= 2; i++) {
        meeting.served.itl = renewed[i];
        assert_int_equal(meet(&meeting).ctl, UCM_VIA_TVS);
        assert_int_equal(meet(&meeting).itl, UCM_LOCAL);
    }
}

/* What is known of a list's own signature is believed, and not computed again. */
static void a_known_signature_is_believed(void **state)
{
    struct lab_list *held = lab_list("ITLFile.tlv", "R/OsOcTtRs");
    struct lab_list *file = lab_list("ITLFile.tlv", "R/NsNcTtRs");
    struct ucm_phone phone = {.itl = lab_of(held), .now = NOW};
    struct ucm_signature own = ucm_signature_check(&file->list, &file->list);
    struct ucm_pair_signatures known = {NULL, &own};
    struct ucm_list_pair served = {NULL, &file->list};

    (void)state;
    assert_int_equal(ucm_phone_offer(&phone, &file->list).step, UCM_STEP_ITL);
    assert_int_equal(ucm_phone_offer_signed(&phone, &file->list, &own).step, UCM_STEP_ITL);
    assert_int_equal(ucm_phone_change_signed(&phone, served, known, NULL, 0).verdict, UCM_LOCAL);
    file->maker->data[file->maker->size - 1] ^= 1;
    assert_int_equal(ucm_phone_offer(&phone, &file->list).step, UCM_STEP_SIGNATURE);
    assert_int_equal(ucm_phone_offer_signed(&phone, &file->list, &own).step, UCM_STEP_ITL);
    own.status = UCM_SIGNATURE_INVALID;
    assert_int_equal(ucm_phone_offer_signed(&phone, &file->list, &own).step, UCM_STEP_SIGNATURE);
    assert_int_equal(ucm_phone_change_signed(&phone, served, known, NULL, 0).itl_decision.step,
                     UCM_STEP_SIGNATURE);
    known.ctl = &own;
    file->list.kind = UCM_LIST_CTL;
    served = (struct ucm_list_pair){&file->list, NULL};
    assert_int_equal(ucm_phone_change_signed(&phone, served, known, NULL, 0).ctl_decision.step,
                     UCM_STEP_SIGNATURE);
    lab_list_free(held);
    lab_list_free(file);
}

/* The CTL is anchored in the CTL alone; the ITL in both, and first in the CTL that was just
 * accepted. */
static void each_list_has_its_own_anchors(void **state)
{
    struct meeting meeting = {FROM_10_MIXED, {"N/NsNcAa", "N/NsNcRsUtAa"}, "Us", false};
    struct ucm_change change = meet(&meeting);

    (void)state;
    assert_int_equal(change.ctl, UCM_LOCKED);
    assert_int_equal(change.itl, UCM_RE_SIGN);
    meeting.served.ctl = FROM_10_MIXED.ctl; /* the CTL was not updated */
    change = meet(&meeting);
    assert_int_equal(change.ctl, UCM_KEEP);
    assert_int_equal(change.itl, UCM_RE_SIGN);
    meeting = (struct meeting){FROM_10_MIXED, {"N/NsNcAa", "N/NsNcRsTtAa"}, "Ts", false};
    change = meet(&meeting);
    assert_int_equal(change.ctl_decision.step, UCM_STEP_TVS);
    assert_int_equal(change.itl_decision.step, UCM_STEP_CTL);
    assert_int_equal(change.itl_decision.record, 1);
}

/* Only where nobody serves an ITL, the CTL must tell which anchors are left. */
static void without_any_itl_the_ctl_counts(void **state)
{
    struct meeting meeting = {{"O/OsOcRs", NULL}, {"N/NsNcRs", NULL}, "Tn", true};

    (void)state;
    assert_int_equal(meet(&meeting).verdict, UCM_RE_SIGN);
    meeting.served.ctl = "N/NsNcQs";
    assert_int_equal(meet(&meeting).verdict, UCM_LOCKED);
}

/* ITLRecovery of 1024 bits among longer keys cannot sign again. */
static void a_short_recovery_key_does_not_help(void **state)
{
    struct meeting meeting = {{NULL, "O/OsOcKsTt"}, {NULL, "N/NsNcKsUt"}, "Us", false};

    (void)state;
    assert_int_equal(meet(&meeting).verdict, UCM_LOCKED);
    meeting.served.itl = "N/NsNcUtKs"; /* wherever it stands */
    assert_int_equal(meet(&meeting).verdict, UCM_LOCKED);
    meeting.served.itl = "N/XyNsNcKsUt"; /* and whatever else has no key to compare with */
    assert_int_equal(meet(&meeting).verdict, UCM_LOCKED);
    meeting.held.itl = "O/OsOcRsTt";
    meeting.served.itl = "N/NsNcRsUt";
    assert_int_equal(meet(&meeting).verdict, UCM_RE_SIGN);
}

/* Where all keys are short, a short one signs as well as any; and an anchor is the cluster's own
 * whichever node's ITL has it. */
static void any_node_of_the_cluster_may_keep_the_anchor(void **state)
{
    struct lab_list *held = lab_list("ITLFile.tlv", "K/KsTtXk");
    struct lab_list *served = lab_list("ITLFile.tlv", "X/XsXc");
    struct lab_list *with_anchor[] = {lab_list("ITLFile.tlv", "K/Kc"),
                                      lab_list("CTLFile.tlv", "K/Ks"),
                                      lab_list("ITLFile.tlv", "K/KaKtK-")};
    const struct {
        struct ucm_list_pair other;
        enum ucm_verdict expected;
    } rows[] = {
        {{NULL, lab_of(with_anchor[0])}, UCM_RE_SIGN},
        {{lab_of(with_anchor[1]), NULL}, UCM_LOCKED}, /* the CTL may be older than the ITLs */
        {{lab_of(with_anchor[1]), lab_of(served)}, UCM_LOCKED},
        {{NULL, lab_of(with_anchor[2])}, UCM_LOCKED}, /* there it is no signer */
        {{lab_of(with_anchor[2]), NULL}, UCM_LOCKED},
        {{NULL, NULL}, UCM_LOCKED},
    };
    char nodes[] = "Us";
    struct ucm_phone phone = {.itl = lab_of(held), .now = NOW, .ask = lab_ask, .context = nodes};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ucm_list_pair cluster[] = {{NULL, lab_of(served)}, rows[i].other};

        assert_int_equal(ucm_phone_change(&phone, cluster[0], cluster, 2).verdict,
                         rows[i].expected);
        assert_int_equal(ucm_phone_change(&phone, cluster[0], NULL, 0).verdict, UCM_LOCKED);
    }
    lab_list_free(held);
    lab_list_free(served);
    for (size_t i = 0; i < COUNT_OF(with_anchor); i++)
        lab_list_free(with_anchor[i]);
}

/* A cluster enters mixed mode after its certificates changed: the phone has no CTL yet, so the
 * anchors of its ITL count for the CTL as well. */
static void a_first_ctl_is_anchored_in_the_itl(void **state)
{
    struct meeting meeting = {FROM_10, {"N/NsNcAa", "N/NsNcRsUtAa"}, "Us", false};

    (void)state;
    assert_int_equal(meet(&meeting).verdict, UCM_RE_SIGN);
    meeting.held = FROM_8;
    assert_int_equal(meet(&meeting).verdict, UCM_LOCKED);
}

static void nothing_changed_is_kept(void **state)
{
    struct ucm_change change;

    (void)state;
    change = meet(&(struct meeting){FROM_12_MIXED, FROM_12_MIXED, NULL, false});
    assert_int_equal(change.verdict, UCM_KEEP);
    assert_int_equal(change.ctl_decision.step, UCM_STEP_SAME);
    assert_int_equal(change.itl_decision.step, UCM_STEP_SAME);
    change = meet(&(struct meeting){FROM_12, {NULL, NULL}, NULL, false});
    assert_int_equal(change.verdict, UCM_KEEP);
}

/* Each of two renewals is harmless; a phone that was off during both is locked out. */
static void two_harmless_renewals_lock_out_a_phone_that_was_off(void **state)
{
    (void)state;
    assert_int_equal(renewing(FROM_8, "O", "Ts", false), UCM_VIA_TVS);
    assert_int_equal(renewing((struct era){NULL, "N/NsNcTtAa"}, "T", NULL, false), UCM_LOCAL);
    assert_int_equal(renewing(FROM_8, "OT", "Us", false), UCM_LOCKED);
}

static void a_broken_list_is_not_held_against_anchors(void **state)
{
    struct lab_list *held = lab_list("ITLFile.tlv", FROM_12.itl);
    struct lab_list *itl = lab_list("ITLFile.tlv", "R/OsOcRsUtAa");
    struct ucm_phone phone = {.itl = lab_of(held), .now = NOW};
    struct ucm_list_pair served = {NULL, lab_of(itl)};

    (void)state;
    itl->maker->data[itl->maker->size - 1] ^= 1;
    assert_int_equal(ucm_phone_change(&phone, served, &served, 1).verdict, UCM_VERDICT_UNKNOWN);
    lab_list_free(held);
    lab_list_free(itl);
}

/* It may be an anchor by its place in the lists, but nobody can sign with it. */
static void a_certificate_that_cannot_be_read_is_no_anchor(void **state)
{
    struct meeting meeting = {{NULL, "O/JsTt"}, {NULL, "N/NsNcJsUt"}, "Us", false};

    (void)state;
    assert_int_equal(meet(&meeting).verdict, UCM_LOCKED);
}

static void what_tvs_said_before_counts_as_tvs(void **state)
{
    (void)state;
    assert_int_equal(renewing(FROM_10, "O", "Tc", false), UCM_VIA_TVS);
    assert_int_equal(renewing(FROM_10, "O", "Te", false), UCM_VERDICT_UNKNOWN);
}

static void a_phone_without_lists_takes_what_it_gets(void **state)
{
    const struct era nothing = {NULL, NULL};
    struct meeting meeting = {nothing, FROM_12_MIXED, NULL, false};

    (void)state;
    assert_int_equal(meet(&meeting).verdict, UCM_LOCAL);
    meeting.held.itl = "O/Aa"; /* blank */
    meeting.served = FROM_12;
    assert_int_equal(meet(&meeting).verdict, UCM_LOCAL);
}

static void verdicts_have_names(void **state)
{
    (void)state;
    assert_string_equal(ucm_verdict_name(UCM_KEEP), "KEEP");
    assert_string_equal(ucm_verdict_name(UCM_VERDICT_UNKNOWN), "UNKNOWN");
    assert_string_equal(ucm_verdict_name(UCM_LOCKED), "LOCKED");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_table_comes_out),
        cmocka_unit_test(what_is_unknown_needs_an_answer),
        cmocka_unit_test(devices_without_tvs_are_locked),
        cmocka_unit_test(upgrades_go_by_anchors_too),
        cmocka_unit_test(a_ctl_that_was_not_updated_names_an_old_signer),
        cmocka_unit_test(tvs_vouches_for_the_ctl),
        cmocka_unit_test(a_known_signature_is_believed),
        cmocka_unit_test(each_list_has_its_own_anchors),
        cmocka_unit_test(without_any_itl_the_ctl_counts),
        cmocka_unit_test(a_short_recovery_key_does_not_help),
        cmocka_unit_test(any_node_of_the_cluster_may_keep_the_anchor),
        cmocka_unit_test(a_first_ctl_is_anchored_in_the_itl),
        cmocka_unit_test(a_certificate_that_cannot_be_read_is_no_anchor),
        cmocka_unit_test(what_tvs_said_before_counts_as_tvs),
        cmocka_unit_test(nothing_changed_is_kept),
        cmocka_unit_test(two_harmless_renewals_lock_out_a_phone_that_was_off),
        cmocka_unit_test(a_broken_list_is_not_held_against_anchors),
        cmocka_unit_test(a_phone_without_lists_takes_what_it_gets),
        cmocka_unit_test(verdicts_have_names),
    };

    return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
