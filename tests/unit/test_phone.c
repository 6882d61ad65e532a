/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a phone does with a file: every step of the procedure, each row a phone, a file and what TVS
 * says. The shorthand is in phone_lab.h.
 */
#include "phone_lab.h"

static const char ITL_11_5[] = "O/OsOcRsTtAa";
static const char ITL_14[] = "R/OsOcTtRs";

/** One case: what the phone holds, what it is offered, what TVS says, what decides. */
struct row {
    const char *ctl; /* "?": nobody knows which one the phone holds */
    const char *itl;
    const char *file; /* "C:list", "I:list" or "F:signer" (a signed configuration) */
    const char *tvs;
    enum ucm_step step;
    uint32_t vouching;
    bool no_tvs;
};

static const struct row ROWS[] = {
    /* nothing held: the first file is believed, unless it refutes itself */
    {NULL, NULL, "I:R/RsTt", NULL, UCM_STEP_FIRST, 0, false},
    {NULL, NULL, "C:R/RsOc", NULL, UCM_STEP_FIRST, 0, false},
    {NULL, NULL, "F:X", NULL, UCM_STEP_FIRST, 0, false},
    /* the same file again */
    {NULL, ITL_11_5, "I:O/OsOcRsTtAa", NULL, UCM_STEP_SAME, 0, false},
    {"O/OsOc", ITL_11_5, "C:O/OsOc", NULL, UCM_STEP_SAME, 0, false},
    /* a new CTL: by the CTL, with none by the ITL, else by TVS */
    {"O/OsOc", ITL_11_5, "C:O/OsOcAa", NULL, UCM_STEP_CTL, 0, false},
    {"R/RsOc", ITL_11_5, "C:O/OsOcAa", "Ts", UCM_STEP_TVS, 1,
     false}, /* in the ITL, but a CTL is held */
    {NULL, ITL_11_5, "C:O/OsOcAa", NULL, UCM_STEP_ITL, 0, false},
    {NULL, ITL_11_5, "C:R/RsOcAa", NULL, UCM_STEP_ITL, 0, false},
    {NULL, ITL_11_5, "C:N/NsNc", "Ts", UCM_STEP_TVS, 1, false},
    {"O/OsOc", ITL_11_5, "C:N/NsNc", NULL, UCM_STEP_NOT_ASKED, 0, false},
    {"O/OsOc", NULL, "C:N/NsNc", "Ts", UCM_STEP_NO_TVS_RECORD, 0, false},
    {"O/OcAa", ITL_11_5, "C:O/OsOcAa", "Tn", UCM_STEP_STATUS, 0, false}, /* CCM+TFTP is no SAST */
    /* a new ITL: by the CTL, then by the ITL, then by TVS */
    {"N/NsNc", ITL_11_5, "I:N/NsNcUt", NULL, UCM_STEP_CTL, 0, false},
    {"X/Xs", ITL_11_5, "I:R/RsUt", NULL, UCM_STEP_ITL, 0, false},
    {NULL, ITL_14, "I:R/RsUt", NULL, UCM_STEP_ITL, 0, false},
    {NULL, ITL_11_5, "I:O/OsOcUt", NULL, UCM_STEP_ITL, 0, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Ts", UCM_STEP_TVS, 1, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Tc", UCM_STEP_CACHE, 1, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Uc", UCM_STEP_CACHE, 1, false}, /* no connection, no identity */
    {NULL, ITL_11_5, "I:N/NsNcTt", "?c", UCM_STEP_CACHE, 1, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Te", UCM_STEP_NOT_ASKED, 0, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Tn", UCM_STEP_STATUS, 0, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Tr", UCM_STEP_ROLE, 0, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Tf", UCM_STEP_ROLE, 0, false}, /* TFTP does not sign lists */
    {NULL, ITL_11_5, "I:N/NsNcTt", "T-", UCM_STEP_SILENT, 0, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "?-", UCM_STEP_SILENT, 0, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Us", UCM_STEP_IDENTITY, 0, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Os", UCM_STEP_IDENTITY, 0, false}, /* in the list, but no TVS */
    {NULL, ITL_11_5, "I:N/NsNcTt", "?s", UCM_STEP_NOT_ASKED, 0, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Tx", UCM_STEP_NOT_ASKED, 0, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "", UCM_STEP_NOT_ASKED, 0, false},
    /* several nodes: one that vouches is enough; else one that nobody asked leaves it open */
    {NULL, ITL_11_5, "I:N/NsNcTt", "Tn Ts", UCM_STEP_TVS, 1, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Ts Tn Ts", UCM_STEP_TVS, 2, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Ts ?s", UCM_STEP_TVS, 1, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Tn Tx", UCM_STEP_NOT_ASKED, 0, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Tx Tn", UCM_STEP_NOT_ASKED, 0, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "T- Us", UCM_STEP_IDENTITY, 0, false},
    {NULL, ITL_11_5, "I:N/NsNcTt", "Tr Tn", UCM_STEP_ROLE, 0, false},
    {NULL, ITL_11_5, "I:N/NsNcTt",
     "Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn Tn "
     "Tn "
     "Ts",
     UCM_STEP_STATUS, 0, false}, /* beyond the most that are asked */
    /* who cannot ask */
    {NULL, ITL_11_5, "I:N/NsNcTt", "Ts", UCM_STEP_NO_TVS, 0, true},
    {NULL, "O/OsOcRs", "I:N/NsNcTt", "Ts", UCM_STEP_NO_TVS_RECORD, 0, false},
    {"O/OsOc", "O/Aa", "I:N/NsNcTt", "Ts", UCM_STEP_NO_TVS_RECORD, 0, false}, /* blank, but a CTL */
    /* a blank ITL, as the rollback parameter makes it */
    {NULL, "O/Aa", "I:X/Xs", NULL, UCM_STEP_BLANK, 0, false},
    {NULL, "O/AaAz", "I:X/Xs", NULL, UCM_STEP_BLANK, 0, false},
    {NULL, "O/Tt", "I:X/Xs", NULL, UCM_STEP_NOT_ASKED, 0, false}, /* a server: not blank */
    {NULL, "O/Oc", "I:X/Xs", NULL, UCM_STEP_NO_TVS_RECORD, 0, false},
    /* records without role or certificate vouch for nobody */
    {NULL, "O/OsOcO-T-Tt", "I:N/NsNcTt", "Ts", UCM_STEP_TVS, 1, false},
    {NULL, "O/OsN-TtTk", "I:N/NsNcTt", "Tn", UCM_STEP_STATUS, 0, false},
    /* a signer that the lists hold as a TFTP server only */
    {NULL, "R/RsOcTt", "I:O/OsOcTt", NULL, UCM_STEP_RULE, 0, false},
    {NULL, "R/RsOcTt", "I:O/OsOcTt", "Tn", UCM_STEP_RULE, 0, false},
    {NULL, "R/RsOcTt", "I:O/OsOcTt", "Ts", UCM_STEP_TVS, 1, false},
    {NULL, "R/RsOaTt", "I:O/OsOcTt", "Tn", UCM_STEP_STATUS, 0, false},
    {"X/OcXs", "R/RsOcTt", "I:O/OsOcTt", "Tn", UCM_STEP_RULE, 0, false},
    /* a signed configuration: a TFTP server of CTL or ITL, or TVS */
    {NULL, ITL_11_5, "F:O", NULL, UCM_STEP_ITL, 0, false},
    {"O/OsOf", "R/RsTt", "F:O", NULL, UCM_STEP_CTL, 0, false},
    {NULL, ITL_11_5, "F:R", "Tf", UCM_STEP_TVS, 1, false}, /* a SAST is no TFTP server */
    {NULL, ITL_11_5, "F:N", "Tf", UCM_STEP_TVS, 1, false},
    {NULL, ITL_11_5, "F:N", "Tr", UCM_STEP_ROLE, 0, false},
    {NULL, ITL_11_5, "F:N", NULL, UCM_STEP_NOT_ASKED, 0, false},
    /* lists that nobody has seen: they may name the signer, unless the phone asked */
    {"?", "?", "I:R/RsTt", NULL, UCM_STEP_UNSEEN, 0, false},
    {"?", "?", "C:R/RsOc", NULL, UCM_STEP_UNSEEN, 0, false},
    {"?", "?", "F:R", NULL, UCM_STEP_UNSEEN, 0, false},
    {"?", "?", "F:R", NULL, UCM_STEP_UNSEEN, 0, true},
    {"?", "?", "I:R/RsTt", "Ts", UCM_STEP_TVS, 1, false},
    {"?", "?", "I:R/RsTt", "?s", UCM_STEP_UNSEEN, 0, false},
    {"?", "?", "I:R/RsTt", "Tn", UCM_STEP_STATUS, 0, false},
    {"?", "?", "I:R/RsTt", "T- Tr", UCM_STEP_ROLE, 0, false},
    {"?", "?", "C:R/RsOc", "Ts", UCM_STEP_TVS, 1, false},
    {"?", "?", "F:R", "Tn", UCM_STEP_STATUS, 0, false},
    {NULL, "?", "I:R/RsTt", NULL, UCM_STEP_UNSEEN, 0, false},
    {"?", NULL, "I:R/RsTt", NULL, UCM_STEP_UNSEEN, 0, false},
    {"R/RsOc", "?", "I:R/RsTt", NULL, UCM_STEP_CTL, 0, false},
    {"O/OsOc", "?", "I:R/RsTt", NULL, UCM_STEP_UNSEEN, 0, false},
    {"O/OsOc", "?", "I:R/RsTt", "Ts", UCM_STEP_TVS, 1, false},
    {"O/OsOc", "?", "C:R/RsOc", NULL, UCM_STEP_NOT_ASKED, 0, false}, /* a CTL hangs on the CTL */
    {NULL, "?", "C:R/RsOc", NULL, UCM_STEP_UNSEEN, 0, false},
    {"O/OsOc", "?", "F:R", NULL, UCM_STEP_UNSEEN, 0, false},
    {"?", ITL_14, "C:R/RsOc", NULL, UCM_STEP_UNSEEN, 0,
     false}, /* the ITL counts without CTL only */
    {"?", ITL_14, "I:R/RsUt", NULL, UCM_STEP_ITL, 0, false},
    {"?", "O/Aa", "I:X/Xs", NULL, UCM_STEP_UNSEEN, 0, false}, /* blank, but is there a CTL? */
    {"?", ITL_11_5, "I:N/NsNcTt", NULL, UCM_STEP_UNSEEN, 0, false},
    {"?", ITL_11_5, "I:N/NsNcTt", "Us", UCM_STEP_IDENTITY, 0, false},
    {"?", ITL_11_5, "F:O", NULL, UCM_STEP_ITL, 0, false},
    {"?", ITL_11_5, "F:N", NULL, UCM_STEP_UNSEEN, 0, false},
    {"?", "R/RsOcTt", "I:O/OsOcTt", NULL, UCM_STEP_RULE, 0, false},
    {NULL, "?", "I:R/RsTt", "T- Tx", UCM_STEP_UNSEEN, 0, false},
};

static bool is_unseen(const char *shorthand)
{
    return shorthand != NULL && shorthand[0] == '?';
}

static struct lab_list *file_of(const char *shorthand)
{
    if (shorthand[0] == 'F')
        return lab_configuration(shorthand[2]);
    return lab_list(shorthand[0] == 'C' ? "CTLFile.tlv" : "ITLFile.tlv", shorthand + 2);
}

static struct ucm_decision offer(const struct row *row, struct lab_list *file)
{
    struct lab_list *ctl = lab_list("CTLFile.tlv", is_unseen(row->ctl) ? NULL : row->ctl);
    struct lab_list *itl = lab_list("ITLFile.tlv", is_unseen(row->itl) ? NULL : row->itl);
    char nodes[128] = "";
    struct ucm_phone phone = {.ctl = lab_of(ctl),
                              .itl = lab_of(itl),
                              .ctl_unseen = is_unseen(row->ctl),
                              .itl_unseen = is_unseen(row->itl),
                              .no_tvs = row->no_tvs,
                              .now = NOW,
                              .ask = row->tvs == NULL ? NULL : lab_ask,
                              .context = nodes};
    struct ucm_decision decision;

    if (row->tvs != NULL)
        strncpy(nodes, row->tvs, sizeof nodes - 1);
    decision = ucm_phone_offer(&phone, &file->list);
    decision.node = NULL; /* it lies in nodes */
    lab_list_free(ctl);
    lab_list_free(itl);
    return decision;
}

static void every_step_decides(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        struct lab_list *file = file_of(ROWS[i].file);
        struct ucm_decision decision = offer(&ROWS[i], file);

        if (decision.step != ROWS[i].step || decision.vouching != ROWS[i].vouching)
            print_message("row %zu: CTL %s, ITL %s, %s, TVS %s\n", i,
                          ROWS[i].ctl != NULL ? ROWS[i].ctl : "-",
                          ROWS[i].itl != NULL ? ROWS[i].itl : "-", ROWS[i].file,
                          ROWS[i].tvs != NULL ? ROWS[i].tvs : "-");
        assert_int_equal(decision.step, ROWS[i].step);
        assert_int_equal(decision.vouching, ROWS[i].vouching);
        lab_list_free(file);
    }
}

static enum ucm_step offer_damaged_with(struct lab_list *file, const char *tvs)
{
    const struct row row = {NULL, ITL_11_5, NULL, tvs, UCM_STEP_TVS, 0, false};
    enum ucm_step step;

    ucm_trustlist_decode(file->maker->data, file->maker->size, &file->list);
    step = offer(&row, file).step;
    lab_list_free(file);
    return step;
}

static enum ucm_step offer_damaged(struct lab_list *file)
{
    return offer_damaged_with(file, "Ts");
}

static void damaged_files_are_refused(void **state)
{
    struct lab_list *file = lab_list("ITLFile.tlv", "O/OsOcUt");

    (void)state;
    file->maker->data[file->maker->size - 1] ^= 1;
    assert_int_equal(offer_damaged(file), UCM_STEP_SIGNATURE);
    file = lab_list("ITLFile.tlv", "N/NsNcUt"); /* TVS would vouch for the signer */
    file->maker->data[file->maker->size - 1] ^= 1;
    assert_int_equal(offer_damaged(file), UCM_STEP_SIGNATURE);
    file = lab_list("ITLFile.tlv", "O/OsOcUt");
    file->maker->size = 100;
    assert_int_equal(offer_damaged(file), UCM_STEP_UNREADABLE);
    file = lab_list("XTLFile.tlv", "O/OsOcUt"); /* neither ITL nor CTL */
    assert_int_equal(offer_damaged(file), UCM_STEP_UNREADABLE);
    file = lab_configuration('O');
    file->maker->data[file->maker->size - 1] ^= 1;
    assert_int_equal(offer_damaged(file), UCM_STEP_SIGNATURE);
    file = lab_list("ITLFile.tlv", "O/OsOcUt");
    file->maker->data[file->list.value[UCM_HEADER_DIGEST].off] = 9;
    assert_int_equal(offer_damaged(file), UCM_STEP_UNVERIFIABLE);
    file = lab_list("ITLFile.tlv", "O/OsOcUt"); /* the signer is there: nobody is asked */
    file->maker->data[file->list.value[UCM_HEADER_DIGEST].off] = 9;
    assert_int_equal(offer_damaged_with(file, NULL), UCM_STEP_UNVERIFIABLE);
}

/* ucm_tvs_ask: the first node vouches, with the certificate of a letter; none for 0. */
static bool send(void *context, const struct ucm_trustlist *file, uint32_t index,
                 struct ucm_tvs_opinion *opinion)
{
    const char *letter = context;

    (void)file;
    *opinion = (struct ucm_tvs_opinion){.node = "pub",
                                        .identity = lab_identity('T')->der,
                                        .identity_size = lab_identity('T')->der_size};
    lab_say('s', opinion);
    if (*letter != '\0') {
        opinion->certificate = lab_identity(*letter)->der;
        opinion->certificate_size = lab_identity(*letter)->der_size;
    }
    if (index == 1) /* and another is silent */
        lab_say('-', opinion);
    return index < 2;
}

static enum ucm_step offer_to_ask(struct lab_list *file, char certificate, bool damaged)
{
    struct lab_list *itl = lab_list("ITLFile.tlv", ITL_11_5);
    struct ucm_phone phone = {.itl = lab_of(itl), .now = NOW, .ask = send, .context = &certificate};
    enum ucm_step step;

    if (damaged)
        file->maker->data[file->maker->size - 1] ^= 1;
    step = ucm_phone_offer(&phone, &file->list).step;
    lab_list_free(itl);
    lab_list_free(file);
    return step;
}

static enum ucm_step offer_unknown(char certificate, bool damaged)
{
    return offer_to_ask(lab_configuration('N'), certificate, damaged);
}

/* A list that holds its signer: what it says of itself counts. */
static enum ucm_step offer_list(char certificate, bool damaged)
{
    return offer_to_ask(lab_list("ITLFile.tlv", "N/NsNcUt"), certificate, damaged);
}

static void what_tvs_vouches_for_must_have_signed(void **state)
{
    (void)state;
    assert_int_equal(offer_list('\0', false), UCM_STEP_TVS);
    assert_int_equal(offer_list('\0', true), UCM_STEP_SIGNATURE);
    assert_int_equal(offer_list('K', false), UCM_STEP_TVS);
    assert_int_equal(offer_unknown('N', false), UCM_STEP_TVS);
    assert_int_equal(offer_unknown('N', true), UCM_STEP_SIGNATURE);
    assert_int_equal(offer_unknown('K', false), UCM_STEP_SIGNATURE);
    assert_int_equal(offer_unknown('\0', false), UCM_STEP_UNVERIFIABLE);
}

/* ucm_tvs_ask: one node that vouches; whether the phone knows its certificate was seen. */
static bool seen(void *context, const struct ucm_trustlist *file, uint32_t index,
                 struct ucm_tvs_opinion *opinion)
{
    (void)file;
    lab_say('s', opinion);
    opinion->pin = *(const enum ucm_pin *)context;
    return index == 0;
}

static void what_the_phone_did_with_a_server_counts(void **state)
{
    struct lab_list *file = lab_list("ITLFile.tlv", "N/NsNcTt");
    struct lab_list *itl = lab_list("ITLFile.tlv", ITL_11_5);
    enum ucm_pin pin = UCM_PIN_HELD;
    struct ucm_phone phone = {
        .ctl_unseen = true, .itl_unseen = true, .now = NOW, .ask = seen, .context = &pin};

    (void)state;
    assert_int_equal(ucm_phone_offer(&phone, &file->list).step, UCM_STEP_TVS);
    pin = UCM_PIN_MISSING;
    assert_int_equal(ucm_phone_offer(&phone, &file->list).step, UCM_STEP_IDENTITY);
    pin = UCM_PIN_OPEN;
    assert_int_equal(ucm_phone_offer(&phone, &file->list).step, UCM_STEP_UNSEEN);
    phone = (struct ucm_phone){.itl = &itl->list, .now = NOW, .ask = seen, .context = &pin};
    pin = UCM_PIN_HELD;
    assert_int_equal(ucm_phone_offer(&phone, &file->list).step, UCM_STEP_TVS);
    lab_list_free(itl);
    lab_list_free(file);
}

static void nodes_are_counted_and_named(void **state)
{
    struct lab_list *itl = lab_list("ITLFile.tlv", ITL_11_5);
    struct lab_list *file = lab_list("ITLFile.tlv", "N/NsNcTt");
    char nodes[] = "Tn Tn Ts Ts";
    struct ucm_phone phone = {.itl = lab_of(itl), .now = NOW, .ask = lab_ask, .context = nodes};
    struct ucm_decision decision = ucm_phone_offer(&phone, &file->list);

    (void)state;
    assert_int_equal(decision.nodes, 4);
    assert_int_equal(decision.vouching, 2);
    assert_ptr_equal(decision.node, nodes + 6); /* the first that vouches */
    nodes[5] = '\0';
    decision = ucm_phone_offer(&phone, &file->list);
    assert_ptr_equal(decision.node, nodes); /* the first of those that refuse alike */
    lab_list_free(itl);
    lab_list_free(file);
}

static void steps_are_worded(void **state)
{
    struct ucm_decision decision = {.step = UCM_STEP_ITL, .record = 3};
    char out[200];

    (void)state;
    ucm_step_text(&decision, out, sizeof out);
    assert_string_equal(out, "the ITL that the phone holds names its signer (record 3)");
    decision = (struct ucm_decision){.step = UCM_STEP_STATUS, .node = "cucm-pub"};
    ucm_step_text(&decision, out, sizeof out);
    assert_string_equal(out, "TVS does not know its signer (cucm-pub)");
    decision = (struct ucm_decision){.step = UCM_STEP_FIRST};
    ucm_step_text(&decision, out, 10);
    assert_string_equal(out, "the phone");
    decision.step = UCM_STEP_COUNT;
    ucm_step_text(&decision, out, sizeof out);
    assert_string_equal(out, "");
    assert_int_equal(ucm_step_outcome(UCM_STEP_COUNT), UCM_UNDECIDED);
    for (int step = 0; step < UCM_STEP_COUNT; step++) {
        decision.step = (enum ucm_step)step;
        ucm_step_text(&decision, out, sizeof out);
        assert_true(strlen(out) > 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_decides),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(what_tvs_vouches_for_must_have_signed),
        cmocka_unit_test(what_the_phone_did_with_a_server_counts),
        cmocka_unit_test(nodes_are_counted_and_named),
        cmocka_unit_test(steps_are_worded),
    };

    return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
