/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a phone does with a file: see phone.h. The order of the steps is of grade B, the principle
 * of grade A.
 */
#include "phone.h"

#include "cert.h"

#include <stdio.h>

enum {
    FOR_LIST = UCM_ROLE_BIT(UCM_ROLE_SAST),
    FOR_CONFIGURATION = UCM_ROLE_BIT(UCM_ROLE_TFTP) | UCM_ROLE_BIT(UCM_ROLE_CCM_TFTP),
    SMALL_KEY = 1024,
};

/* ---- steps ---- */

struct step {
    enum ucm_outcome outcome;
    const char *words;
};

#define STEP_ROW(constant, outcome, words) [constant] = {outcome, words},
static const struct step STEPS[UCM_STEP_COUNT] = {UCM_STEPS(STEP_ROW)};

enum ucm_outcome ucm_step_outcome(enum ucm_step step)
{
    return (unsigned)step < UCM_STEP_COUNT ? STEPS[step].outcome : UCM_UNDECIDED;
}

void ucm_step_text(const struct ucm_decision *decision, char *out, size_t room)
{
    const char *words =
        (unsigned)decision->step < UCM_STEP_COUNT ? STEPS[decision->step].words : "";

    if (decision->record != 0)
        snprintf(out, room, "%s (record %u)", words, (unsigned)decision->record);
    else if (decision->node != NULL)
        snprintf(out, room, "%s (%s)", words, decision->node);
    else
        snprintf(out, room, "%s", words);
}

static struct ucm_decision decide(enum ucm_step step)
{
    struct ucm_decision decision = {.step = step};

    return decision;
}

/* ---- what a list says ---- */

static bool same_file(const struct ucm_trustlist *a, const struct ucm_trustlist *b)
{
    struct ucm_view whole_a = {0, a->size};
    struct ucm_view whole_b = {0, b->size};

    return ucm_same(a->data, whole_a, b->data, whole_b);
}

/* Bits of all roles below 32 that occur in a list. */
static uint32_t roles_in(const struct ucm_trustlist *list)
{
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_record record;
    uint32_t roles = 0;

    while (ucm_record_next(&walk, &record))
        roles |= ucm_role_bit(&record);
    return roles;
}

/* Fact phone-blank (B; test_phone:every_step_decides, test_lint_list:a_blank_itl_is_a_warning):
 * an ITL for the rollback has neither TVS nor TFTP, and a phone with it and no CTL accepts any
 * ITL. */
bool ucm_list_is_blank(const struct ucm_trustlist *list)
{
    return (roles_in(list) & (FOR_CONFIGURATION | UCM_ROLE_BIT(UCM_ROLE_TVS))) == 0;
}

/* ---- the lists that the phone holds ---- */

/** What looking for the signer in the lists gave. */
struct search {
    bool decided;
    bool role_unclear; /* a list names the signer, but not as what is wanted */
    struct ucm_decision decision;
};

/** A file on offer, and what verifying it with itself gave. */
struct offer {
    const struct ucm_trustlist *file;
    const struct ucm_signature *own;
};

/* An absent signer leaves the search open; everything else about the signature ends it. */
static void search_in(struct search *search, const struct offer *offer,
                      const struct ucm_trustlist *anchor, uint32_t wanted, enum ucm_step found)
{
    struct ucm_signature signature;

    if (anchor == NULL || search->decided)
        return;
    signature = ucm_signature_find(offer->file, offer->own, anchor);
    if (signature.status == UCM_SIGNATURE_UNVERIFIABLE && signature.reason == UCM_TL_SIGNER_ABSENT)
        return;
    search->decided = true;
    if (signature.status == UCM_SIGNATURE_INVALID)
        search->decision = decide(UCM_STEP_SIGNATURE);
    else if (signature.status == UCM_SIGNATURE_UNVERIFIABLE)
        search->decision = decide(UCM_STEP_UNVERIFIABLE);
    else if ((signature.roles & wanted) != 0) {
        search->decision = decide(found);
        search->decision.record = signature.record;
    } else {
        search->decided = false;
        search->role_unclear = search->role_unclear || (signature.roles & FOR_CONFIGURATION) != 0;
    }
}

/* ---- TVS ---- */

/* Fact phone-identity (A; test_phone:what_the_phone_did_with_a_server_counts,
 * test_check_tvs:test_a_stranger_gets_nothing): TVS must show a certificate that the ITL has in
 * role 21. */
/* Without an identity there is nothing to find missing, nor in a list that nobody has seen. */
static bool is_stranger(const struct ucm_phone *phone, const struct ucm_tvs_opinion *opinion)
{
    if (opinion->pin != UCM_PIN_OPEN || opinion->identity == NULL || phone->itl == NULL)
        return opinion->pin == UCM_PIN_MISSING;
    return !ucm_list_holds(phone->itl, opinion->identity, opinion->identity_size,
                           UCM_ROLE_BIT(UCM_ROLE_TVS));
}

/* TVS vouches for a certificate, not for a file: that must have been signed with it. */
static enum ucm_step step_vouched(const struct offer *offer, const struct ucm_tvs_opinion *opinion,
                                  bool cached)
{
    enum ucm_signature_status status = offer->own->status;

    if (status != UCM_SIGNATURE_VALID && opinion->certificate != NULL)
        status =
            ucm_signature_check_by(offer->file, opinion->certificate, opinion->certificate_size);
    if (status == UCM_SIGNATURE_INVALID)
        return UCM_STEP_SIGNATURE;
    if (status == UCM_SIGNATURE_UNVERIFIABLE)
        return UCM_STEP_UNVERIFIABLE;
    return cached ? UCM_STEP_CACHE : UCM_STEP_TVS;
}

/* How far the phone gets with one node, as a step. */
static enum ucm_step step_with(const struct ucm_phone *phone, const struct offer *offer,
                               const struct ucm_tvs_opinion *opinion, uint32_t wanted)
{
    bool cached = opinion->cached_until > phone->now;

    if (!opinion->asked || (opinion->cached_until != 0 && !cached))
        return UCM_STEP_NOT_ASKED;
    if (!cached && is_stranger(phone, opinion))
        return UCM_STEP_IDENTITY;
    if (!opinion->answered)
        return UCM_STEP_SILENT;
    if (!cached && opinion->identity == NULL && opinion->pin != UCM_PIN_HELD)
        return UCM_STEP_NOT_ASKED;
    if (opinion->status != 0)
        return UCM_STEP_STATUS;
    if ((opinion->roles & wanted) == 0)
        return UCM_STEP_ROLE;
    return step_vouched(offer, opinion, cached);
}

/* Steps with TVS stand in the order in which a phone gets to them, but for the last: it verifies
 * the file when it has the certificate. */
static int how_far(enum ucm_step step)
{
    return step == UCM_STEP_SIGNATURE ? UCM_STEP_COUNT : (int)step;
}

/* Of two nodes' steps the one that decides: one that vouches, else one that nobody asked, else the
 * one where the phone got furthest. */
static bool decides_over(enum ucm_step step, enum ucm_step other)
{
    enum ucm_outcome mine = ucm_step_outcome(step);
    enum ucm_outcome its = ucm_step_outcome(other);

    return mine < its || (mine == its && mine == UCM_REFUSED && how_far(step) > how_far(other));
}

/* Fact phone-no-tvs-record (A; test_phone:every_step_decides): a phone without a TVS record
 * cannot ask. */
/* Has the phone a TVS server to ask, as far as one can know? */
static bool names_tvs(const struct ucm_phone *phone)
{
    return phone->itl == NULL ? phone->itl_unseen
                              : (roles_in(phone->itl) & UCM_ROLE_BIT(UCM_ROLE_TVS)) != 0;
}

static struct ucm_decision ask_tvs(const struct ucm_phone *phone, const struct offer *offer,
                                   uint32_t wanted)
{
    struct ucm_decision decision = decide(UCM_STEP_NOT_ASKED);
    struct ucm_tvs_opinion opinion = {0};

    if (phone->no_tvs)
        return decide(UCM_STEP_NO_TVS);
    if (!names_tvs(phone))
        return decide(UCM_STEP_NO_TVS_RECORD);
    for (uint32_t i = 0; phone->ask != NULL && i < UCM_TVS_NODES_MAX &&
                         phone->ask(phone->context, offer->file, i, &opinion);
         i++) {
        enum ucm_step step = step_with(phone, offer, &opinion, wanted);

        decision.nodes++;
        if (ucm_step_outcome(step) == UCM_ACCEPTED)
            decision.vouching++;
        if (i == 0 || decides_over(step, decision.step)) {
            decision.step = step;
            decision.node = opinion.node;
        }
        opinion = (struct ucm_tvs_opinion){0};
    }
    return decision;
}

/* ---- offers ---- */

/* Decides where no list that is known does. unseen: the phone may hold another that names the
 * signer, unless it was seen to ask. */
static struct ucm_decision by_tvs(const struct ucm_phone *phone, const struct offer *offer,
                                  uint32_t wanted, bool unseen)
{
    struct ucm_decision decision = ask_tvs(phone, offer, wanted);

    switch (decision.step) {
    case UCM_STEP_NOT_ASKED:
    case UCM_STEP_NO_TVS:
    case UCM_STEP_NO_TVS_RECORD:
        return unseen ? decide(UCM_STEP_UNSEEN) : decision;
    default:
        return decision;
    }
}

/* Fact phone-ctl-order (B; test_phone:every_step_decides,
 * test_change:a_first_ctl_is_anchored_in_the_itl): a CTL: the SASTs of the CTL, without one
 * those of the ITL, then TVS. */
static struct ucm_decision offer_ctl(const struct ucm_phone *phone, const struct offer *offer)
{
    struct search search = {0};

    if (phone->ctl != NULL || phone->ctl_unseen)
        search_in(&search, offer, phone->ctl, FOR_LIST, UCM_STEP_CTL);
    else
        search_in(&search, offer, phone->itl, FOR_LIST, UCM_STEP_ITL);
    return search.decided ? search.decision
                          : by_tvs(phone, offer, FOR_LIST,
                                   phone->ctl_unseen || (phone->ctl == NULL && phone->itl_unseen));
}

/* Fact phone-itl-order (B; test_phone:every_step_decides,
 * test_change:each_list_has_its_own_anchors): an ITL: the CTL, then the SASTs of the ITL, then
 * TVS. */
/* Whether a TFTP server of the lists may sign an ITL is not known, so it is only said where nothing
 * else accepts the file. */
static struct ucm_decision offer_itl(const struct ucm_phone *phone, const struct offer *offer)
{
    struct search search = {0};
    struct ucm_decision decision;

    if (phone->ctl == NULL && !phone->ctl_unseen && phone->itl != NULL &&
        ucm_list_is_blank(phone->itl))
        return decide(UCM_STEP_BLANK);
    search_in(&search, offer, phone->ctl, FOR_LIST, UCM_STEP_CTL);
    search_in(&search, offer, phone->itl, FOR_LIST, UCM_STEP_ITL);
    if (search.decided)
        return search.decision;
    /* Fact phone-tftp-signs (C; test_phone:every_step_decides): whether the signer of an ITL may
     * be a CCM+TFTP record that is no SAST. */
    decision = by_tvs(phone, offer, FOR_LIST, phone->ctl_unseen || phone->itl_unseen);
    return search.role_unclear && ucm_step_outcome(decision.step) != UCM_ACCEPTED
               ? decide(UCM_STEP_RULE)
               : decision;
}

/* Fact phone-configuration (C; test_phone:every_step_decides): which roles may sign a
 * configuration: we take 2 and 3. */
static struct ucm_decision offer_configuration(const struct ucm_phone *phone,
                                               const struct offer *offer)
{
    struct search search = {0};

    search_in(&search, offer, phone->ctl, FOR_CONFIGURATION, UCM_STEP_CTL);
    search_in(&search, offer, phone->itl, FOR_CONFIGURATION, UCM_STEP_ITL);
    return search.decided
               ? search.decision
               : by_tvs(phone, offer, FOR_CONFIGURATION, phone->ctl_unseen || phone->itl_unseen);
}

/* A list that its own signer's record refutes is refused whoever would vouch for the signer. */
static struct ucm_decision offer_new(const struct ucm_phone *phone, const struct offer *offer)
{
    if (offer->own->status == UCM_SIGNATURE_INVALID)
        return decide(UCM_STEP_SIGNATURE);
    if (phone->ctl == NULL && phone->itl == NULL && !phone->ctl_unseen && !phone->itl_unseen)
        return decide(UCM_STEP_FIRST);
    if (offer->file->kind == UCM_LIST_CTL)
        return offer_ctl(phone, offer);
    if (offer->file->kind == UCM_LIST_ITL)
        return offer_itl(phone, offer);
    return offer_configuration(phone, offer);
}

struct ucm_decision ucm_phone_offer_signed(const struct ucm_phone *phone,
                                           const struct ucm_trustlist *file,
                                           const struct ucm_signature *own)
{
    const struct ucm_trustlist *held = file->kind == UCM_LIST_CTL ? phone->ctl : phone->itl;
    bool is_list = file->kind == UCM_LIST_CTL || file->kind == UCM_LIST_ITL;
    struct ucm_signature computed;

    if (file->error.id != UCM_FINDING_NONE || (!is_list && file->kind != UCM_LIST_SIGNED_FILE))
        return decide(UCM_STEP_UNREADABLE);
    if (is_list && held != NULL && same_file(held, file))
        return decide(UCM_STEP_SAME);
    if (own == NULL) {
        computed = ucm_signature_check(file, file);
        own = &computed;
    }
    return offer_new(phone, &(struct offer){file, own});
}

struct ucm_decision ucm_phone_offer(const struct ucm_phone *phone, const struct ucm_trustlist *file)
{
    return ucm_phone_offer_signed(phone, file, NULL);
}

/* ---- a change of lists ---- */

static bool serves_itl(const struct ucm_list_pair *cluster, size_t cluster_size)
{
    for (size_t i = 0; i < cluster_size; i++)
        if (cluster[i].itl != NULL)
            return true;
    return false;
}

/* The longest key in a list, bits; 0 for no list. */
static int largest_key_in(const struct ucm_trustlist *list)
{
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_record record;
    int largest = 0;

    while (ucm_record_next(&walk, &record)) {
        struct ucm_view der = record.value[UCM_RECORD_CERTIFICATE];
        struct ucm_cert cert;

        if (ucm_cert_read(list->data + der.off, der.len, &cert) && cert.key_bits > largest)
            largest = cert.key_bits;
    }
    return largest;
}

/* Is it still one of the cluster's own? ITLs are built from the certificates that the cluster has;
 * a CTL that was not updated names those that it had. */
static bool is_own(const struct ucm_list_pair *cluster, size_t cluster_size, const uint8_t *der,
                   size_t size)
{
    const uint32_t own = FOR_LIST | FOR_CONFIGURATION;
    bool by_itl = serves_itl(cluster, cluster_size);

    for (size_t i = 0; i < cluster_size; i++) {
        const struct ucm_trustlist *list = by_itl ? cluster[i].itl : cluster[i].ctl;

        if (list != NULL && ucm_list_holds(list, der, size, own))
            return true;
    }
    return false;
}

/* Fact re-sign-short-key (B; test_change:a_short_recovery_key_does_not_help): reset localkey
 * fails with a key of 1024 bits among longer ones. */
/* Can the cluster sign the list with this anchor? It must still be its own, and `reset localkey`
 * fails with a 1024-bit key where the others are longer (formats: grade B). Reading certificates
 * takes longest, so it comes last. */
static bool can_sign(const struct ucm_list_pair *cluster, size_t cluster_size, const uint8_t *der,
                     size_t size, const struct ucm_trustlist *served)
{
    struct ucm_cert cert;

    return is_own(cluster, cluster_size, der, size) && ucm_cert_read(der, size, &cert) &&
           (cert.key_bits > SMALL_KEY || largest_key_in(served) <= SMALL_KEY);
}

static bool keeps_anchor(const struct ucm_trustlist *held, const struct ucm_trustlist *served,
                         const struct ucm_list_pair *cluster, size_t cluster_size)
{
    struct ucm_record_walk walk;
    struct ucm_record record;

    if (held == NULL)
        return false;
    walk = ucm_record_walk(held);
    while (ucm_record_next(&walk, &record)) {
        struct ucm_view der = record.value[UCM_RECORD_CERTIFICATE];

        if (ucm_record_has(&record, UCM_RECORD_CERTIFICATE) && ucm_role_bit(&record) == FOR_LIST &&
            can_sign(cluster, cluster_size, held->data + der.off, der.len, served))
            return true;
    }
    return false;
}

/* A CTL is anchored in the CTL alone, an ITL in both. */
static bool can_be_mended(const struct ucm_phone *phone, const struct ucm_trustlist *served,
                          const struct ucm_list_pair *cluster, size_t cluster_size)
{
    if (cluster_size == 0)
        return false;
    if (keeps_anchor(phone->ctl, served, cluster, cluster_size))
        return true;
    return (served->kind == UCM_LIST_ITL || phone->ctl == NULL) &&
           keeps_anchor(phone->itl, served, cluster, cluster_size);
}

static enum ucm_verdict verdict_of(const struct ucm_phone *phone,
                                   const struct ucm_trustlist *served,
                                   const struct ucm_decision *decision,
                                   const struct ucm_list_pair *cluster, size_t cluster_size)
{
    switch (decision->step) {
    case UCM_STEP_SAME:
        return UCM_KEEP;
    case UCM_STEP_FIRST:
    case UCM_STEP_BLANK:
    case UCM_STEP_CTL:
    case UCM_STEP_ITL:
        return UCM_LOCAL;
    case UCM_STEP_CACHE:
    case UCM_STEP_TVS:
        return UCM_VIA_TVS;
    case UCM_STEP_UNREADABLE: /* the file is to blame, and other findings say so */
    case UCM_STEP_SIGNATURE:
        return UCM_VERDICT_UNKNOWN;
    default:
        break;
    }
    if (ucm_step_outcome(decision->step) == UCM_UNDECIDED)
        return UCM_VERDICT_UNKNOWN;
    return can_be_mended(phone, served, cluster, cluster_size) ? UCM_RE_SIGN : UCM_LOCKED;
}

struct ucm_change ucm_phone_change_signed(const struct ucm_phone *phone,
                                          struct ucm_list_pair served,
                                          struct ucm_pair_signatures own,
                                          const struct ucm_list_pair *cluster, size_t cluster_size)
{
    struct ucm_change change = {UCM_KEEP, UCM_KEEP, UCM_KEEP, {0}, {0}};
    struct ucm_phone after = *phone;

    if (served.ctl != NULL) {
        change.ctl_decision = ucm_phone_offer_signed(phone, served.ctl, own.ctl);
        change.ctl = verdict_of(phone, served.ctl, &change.ctl_decision, cluster, cluster_size);
        if (ucm_step_outcome(change.ctl_decision.step) == UCM_ACCEPTED)
            after.ctl = served.ctl;
    }
    if (served.itl != NULL) {
        change.itl_decision = ucm_phone_offer_signed(&after, served.itl, own.itl);
        change.itl = verdict_of(&after, served.itl, &change.itl_decision, cluster, cluster_size);
    }
    change.verdict = change.ctl > change.itl ? change.ctl : change.itl;
    return change;
}

struct ucm_change ucm_phone_change(const struct ucm_phone *phone, struct ucm_list_pair served,
                                   const struct ucm_list_pair *cluster, size_t cluster_size)
{
    const struct ucm_pair_signatures unknown = {NULL, NULL};

    return ucm_phone_change_signed(phone, served, unknown, cluster, cluster_size);
}

const char *ucm_verdict_name(enum ucm_verdict verdict)
{
    static const char *const names[] = {"KEEP", "LOCAL", "VIA-TVS", "UNKNOWN", "RE-SIGN", "LOCKED"};

    return names[verdict];
}
