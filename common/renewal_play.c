/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Plays a renewal on phones: see renewal_play.h. What TVS says is simulated: it vouches for what
 * the stores of the cluster hold at that moment, and its nodes show the certificate that they have
 * had since they were restarted. What is not known stays so.
 */
#include "renewal_play.h"

#include "renewal_run.h"

#include <stdlib.h>
#include <string.h>

enum {
    PAIRS_MAX = 64, /* pairs of lists that phones of one node hold; more are only slower */
    FOR_SIGNERS = UCM_ROLE_BIT(UCM_ROLE_SAST) | UCM_ROLE_BIT(UCM_ROLE_CCM_TFTP),
};

/** What became of a phone that held a pair of lists and fetched after a step. */
struct cell {
    bool known;
    bool weighed; /* refusal is filled in */
    enum ucm_verdict verdict;
    enum ucm_verdict refusal; /* can it be mended? */
    uint64_t mute;            /* nodes that cannot vouch, where others do */
    struct offer after;
};

/** The same for all phones of one node. */
struct memo {
    struct offer pair[PAIRS_MAX];
    uint32_t pairs;
    struct cell cell[2][PAIRS_MAX][UCM_STEPS_MAX + 1]; /* with and without TVS */
};

/** A phone. */
struct phone {
    enum ucm_phone_kind kind;
    uint32_t node; /* whose lists it fetches */
    struct offer held;
};

/* ---- TVS ---- */

/** What a phone asks about, and when. */
struct asking {
    const struct run *run;
    const struct moment *moment;
    const struct phone *phone;
    uint64_t mute; /* nodes that cannot vouch for anything, filled in while asking */
};

/* The certificate that a node shows: the one that was seen, else the one that lists give it. */
static const struct ucm_renewable *identity_of(const struct ucm_renewal *renewal, uint32_t node)
{
    const struct ucm_node *from = &renewal->cluster->node[node];
    int item = from->identity == NULL
                   ? -1
                   : ucm_run_find_item(renewal, from->identity, (uint32_t)from->identity_size);

    for (uint32_t i = 0; item < 0 && i < renewal->items; i++)
        if (renewal->item[i].service == UCM_SERVICE_TVS && renewal->item[i].node == node &&
            renewal->item[i].der != NULL)
            item = (int)i;
    return item < 0 ? NULL : &renewal->item[item];
}

static void show_identity(const struct asking *asking, uint32_t node,
                          struct ucm_tvs_opinion *opinion)
{
    const struct ucm_renewable *item = identity_of(asking->run->renewal, node);

    opinion->answered = true;
    if (item == NULL)
        return;
    if (ucm_run_is_renewed(item, asking->moment->shown)) {
        opinion->identity = item->successor;
        opinion->identity_size = item->successor_size;
        return;
    }
    opinion->identity = item->der;
    opinion->identity_size = item->size;
    /* With an expired certificate it is as good as silent (grade B). */
    opinion->answered = !ucm_renewable_has_expired(asking->run->renewal, item);
}

/* Which roles ITLRecovery gets from TVS is known by live answers alone. For a CTL a field notice
 * (FN70613) says that phones refuse it from 12.0 on, and document 118893 (10.5) that TVS vouches:
 * without a live answer it is taken as refused, and with one it stays open. */
static void say_recovery(const struct asking *asking, const struct version *version,
                         struct ucm_tvs_opinion *opinion)
{
    const bool is_ctl = version->source % 2 == CTL;
    const enum ucm_knowledge knowledge = asking->run->renewal->recovery;

    opinion->asked = is_ctl ? knowledge != UCM_KNOWN : knowledge != UCM_NOT_ANSWERED;
    if (!is_ctl && knowledge == UCM_KNOWN)
        opinion->roles = FOR_SIGNERS;
}

static void say(const struct asking *asking, const struct version *version,
                struct ucm_tvs_opinion *opinion)
{
    const struct ucm_renewable *item =
        version->signer < 0 ? NULL : &asking->run->renewal->item[version->signer];

    opinion->asked = true;
    if (item == NULL || item->service == UCM_SERVICE_TOKEN)
        opinion->asked = false;
    else if (ucm_run_is_renewed(item, asking->moment->stores) != version->successor)
        opinion->roles = 0; /* the old one is left in CallManager-trust, which gives no role */
    else if (item->service == UCM_SERVICE_ITLRECOVERY)
        say_recovery(asking, version, opinion);
    else
        opinion->roles = FOR_SIGNERS;
}

/* Nobody is asked whose certificate the phone's ITL does not hold: that much is certain. */
static bool can_be_asked(const struct asking *asking, const struct ucm_tvs_opinion *opinion)
{
    const struct ucm_trustlist *itl = ucm_run_list(asking->run, asking->phone->held.list[ITL]);

    return itl == NULL || opinion->identity == NULL ||
           ucm_list_holds(itl, opinion->identity, opinion->identity_size,
                          UCM_ROLE_BIT(UCM_ROLE_TVS));
}

/* ucm_tvs_ask */
static bool ask(void *context, const struct ucm_trustlist *file, uint32_t index,
                struct ucm_tvs_opinion *opinion)
{
    struct asking *asking = context;
    const struct ucm_cluster *cluster = asking->run->renewal->cluster;
    const struct offer *offer = &asking->moment->offer[asking->phone->node];
    const int kind = file == ucm_run_list(asking->run, offer->list[CTL]) ? CTL : ITL;

    for (uint32_t i = 0; i < cluster->nodes; i++) {
        if (!cluster->node[i].runs_tvs || !cluster->node[i].in_group || index-- > 0)
            continue;
        opinion->node = cluster->node[i].name;
        show_identity(asking, i, opinion);
        say(asking, &asking->run->version[offer->list[kind]], opinion);
        if (!can_be_asked(asking, opinion))
            opinion->asked = true;
        if (!can_be_asked(asking, opinion) || opinion->identity == NULL || !opinion->answered)
            asking->mute |= UINT64_C(1) << i % UCM_RENEWABLES_NODES;
        return true;
    }
    return false;
}

/* ---- phones ---- */

static struct ucm_list_pair pair_of(const struct run *run, struct offer offer)
{
    return (struct ucm_list_pair){ucm_run_list(run, offer.list[CTL]),
                                  ucm_run_list(run, offer.list[ITL])};
}

/* A list that the phone has not got yet, signed with a certificate that has expired: no source says
 * that phones take it, and some say that they do not (document 214231). */
static bool is_signed_by_expired(const struct run *run, int held, int served)
{
    const struct version *version = served == NO_LIST ? NULL : &run->version[served];

    return version != NULL && served != held && version->signer >= 0 && !version->successor &&
           ucm_renewable_has_expired(run->renewal, &run->renewal->item[version->signer]);
}

/* Nobody knows what a phone that has lists does with what is served. */
static bool hangs_on_expired_signer(const struct run *run, const struct phone *phone,
                                    const struct offer *offer)
{
    const int *held = phone->held.list;

    return (held[CTL] != NO_LIST || held[ITL] != NO_LIST) &&
           (is_signed_by_expired(run, held[CTL], offer->list[CTL]) ||
            is_signed_by_expired(run, held[ITL], offer->list[ITL]));
}

/* Do some nodes vouch for it, and others not? */
static bool is_partly_vouched(const struct ucm_decision *decision)
{
    return decision->step == UCM_STEP_TVS && decision->vouching < decision->nodes;
}

/* The phone fetches what its node serves after a step; takes what it accepts. cluster: all that is
 * served then, to know whether signing anew would mend a refusal; that takes long. */
static enum ucm_verdict offer_lists(const struct run *run, struct phone *phone, uint32_t step,
                                    const struct ucm_list_pair *cluster, size_t cluster_size,
                                    uint64_t *mute)
{
    const struct moment *moment = &run->moment[step];
    const struct offer offer = moment->offer[phone->node];
    struct asking asking = {run, moment, phone, 0};
    const struct ucm_list_pair held = pair_of(run, phone->held);
    const struct ucm_list_pair served = pair_of(run, offer);
    const struct ucm_phone model = {.ctl = held.ctl,
                                    .itl = held.itl,
                                    .no_tvs = phone->kind == UCM_PHONE_NO_TVS,
                                    .now = run->renewal->now,
                                    .ask = ask,
                                    .context = &asking};
    const struct ucm_pair_signatures own = {
        served.ctl == NULL ? NULL : &run->version[offer.list[CTL]].served.own,
        served.itl == NULL ? NULL : &run->version[offer.list[ITL]].served.own};
    const struct ucm_change change =
        ucm_phone_change_signed(&model, served, own, cluster, cluster_size);

    if (ucm_verdict_is_good(change.verdict) && hangs_on_expired_signer(run, phone, &offer))
        return UCM_VERDICT_UNKNOWN;
    if (served.ctl != NULL && ucm_step_outcome(change.ctl_decision.step) == UCM_ACCEPTED)
        phone->held.list[CTL] = offer.list[CTL];
    if (served.itl != NULL && ucm_step_outcome(change.itl_decision.step) == UCM_ACCEPTED)
        phone->held.list[ITL] = offer.list[ITL];
    if (mute != NULL &&
        (is_partly_vouched(&change.ctl_decision) || is_partly_vouched(&change.itl_decision)))
        *mute |= asking.mute;
    return change.verdict;
}

/* Where it is written down what becomes of such a phone; NULL: nowhere. */
static struct cell *find_cell(const struct run *run, const struct phone *phone, uint32_t step)
{
    struct memo *memo = run->memo;
    uint32_t pair = 0;

    while (pair < memo->pairs && memcmp(&memo->pair[pair], &phone->held, sizeof phone->held) != 0)
        pair++;
    if (pair == PAIRS_MAX)
        return NULL;
    if (pair == memo->pairs)
        memo->pair[memo->pairs++] = phone->held;
    return &memo->cell[phone->kind == UCM_PHONE_NO_TVS][pair][run->like[step]];
}

/* The same without it, and what was found out once is known. */
static enum ucm_verdict fetch(const struct run *run, struct phone *phone, uint32_t step,
                              uint64_t *mute)
{
    struct cell *cell = find_cell(run, phone, step);
    uint64_t its_mute = 0;
    enum ucm_verdict verdict;

    if (cell != NULL && cell->known) {
        phone->held = cell->after;
        *mute |= cell->mute;
        return cell->verdict;
    }
    verdict = offer_lists(run, phone, step, NULL, 0, &its_mute);
    *mute |= its_mute;
    if (cell != NULL)
        *cell = (struct cell){true, false, verdict, verdict, its_mute, phone->held};
    return verdict;
}

/* Can a refusal be mended, by signing the lists anew at that moment? */
static enum ucm_verdict weigh(const struct run *run, struct phone phone, uint32_t step)
{
    struct cell *cell = find_cell(run, &phone, step);
    struct ucm_list_pair all[UCM_RENEWABLES_NODES] = {{0}};
    enum ucm_verdict verdict;
    size_t count = 0;

    if (cell != NULL && cell->weighed)
        return cell->refusal;
    for (uint32_t i = 0; i < run->renewal->cluster->nodes && i < UCM_RENEWABLES_NODES; i++)
        all[count++] = pair_of(run, run->moment[step].offer[i]);
    verdict = offer_lists(run, &phone, step, all, count, NULL);
    if (cell != NULL) {
        cell->weighed = true;
        cell->refusal = verdict;
    }
    return verdict;
}

static bool holds_what_is_served(const struct run *run, const struct phone *phone, uint32_t step)
{
    const struct offer *offer = &run->moment[step].offer[phone->node];

    return phone->held.list[CTL] == offer->list[CTL] && phone->held.list[ITL] == offer->list[ITL];
}

static void worsen(enum ucm_verdict *worst, enum ucm_verdict verdict)
{
    if (verdict > *worst)
        *worst = verdict;
}

static struct phone new_phone(const struct run *run, enum ucm_phone_kind kind, uint32_t node)
{
    struct phone phone = {kind, node, run->moment[run->options.begin].offer[node]};

    if (kind == UCM_PHONE_NEW)
        phone.held = (struct offer){{NO_LIST, NO_LIST}};
    return phone;
}

/* A phone that is on all the time; what it holds after each step goes to held. */
static void play_on(const struct run *run, struct phone phone, struct offer *held)
{
    struct ucm_play *play = run->play;
    const enum ucm_phone_kind kind = phone.kind;
    uint64_t others[UCM_STEPS_MAX + 1]; /* is about phones that hold no list yet */
    uint64_t *mute = kind == UCM_PHONE_NEW ? others : play->mute;

    memset(others, 0, sizeof others);
    held[0] = phone.held;
    if (kind == UCM_PHONE_NEW) /* it is on before the first step, too */
        fetch(run, &phone, run->options.begin, &mute[0]);
    for (uint32_t step = run->options.begin + 1; step <= play->steps; step++) {
        struct phone before = phone;
        enum ucm_verdict verdict = fetch(run, &phone, step, &mute[step]);

        worsen(&play->on[kind][step], verdict);
        held[step] = phone.held;
        if (run->step[step - 1].action != UCM_ACT_WAIT)
            continue;
        if (!holds_what_is_served(run, &phone, step)) {
            verdict = weigh(run, before, step);
            if (play->lost_at[kind] == 0 || step < play->lost_at[kind])
                play->lost_at[kind] = step;
        }
        worsen(&play->held[kind], verdict);
    }
    for (uint32_t step = 1; step <= play->steps; step++)
        if (ucm_verdict_is_good(play->on[kind][step]) && ucm_verdict_is_good(play->held[kind]))
            worsen(&play->held[kind], play->on[kind][step]);
}

/* A phone comes back after a step and stays until the end. When it has not got the lists by then,
 * what counts is whether signing them anew would have helped when it began to refuse. */
static enum ucm_verdict come_back(const struct run *run, struct phone phone, uint32_t step)
{
    const uint32_t last = run->play->steps;
    struct phone stuck = phone;
    uint32_t stuck_at = 0;
    enum ucm_verdict taken = UCM_KEEP;
    enum ucm_verdict verdict = UCM_KEEP;
    uint64_t mute = 0;

    for (uint32_t i = step; i <= last; i++) {
        const struct phone before = phone;

        verdict = fetch(run, &phone, i, &mute);
        if (ucm_verdict_is_good(verdict)) {
            worsen(&taken, verdict);
            stuck_at = 0;
        } else if (stuck_at == 0) {
            stuck = before;
            stuck_at = i;
        }
    }
    if (holds_what_is_served(run, &phone, last))
        return taken;
    return verdict == UCM_LOCKED ? weigh(run, stuck, stuck_at) : verdict;
}

/* Every stretch of steps. Steps that change nothing need no second look. */
static void play_off(const struct run *run, struct phone phone, const struct offer *held)
{
    struct ucm_play *play = run->play;
    enum ucm_verdict met[UCM_STEPS_MAX + 1][UCM_STEPS_MAX + 1];

    for (uint32_t i = 0; i < play->steps; i++)
        for (uint32_t j = i + 1; j <= play->steps; j++) {
            const bool like_before = i > 0 && memcmp(&held[i], &held[i - 1], sizeof held[i]) == 0;

            phone.held = held[i];
            if (like_before)
                met[i][j] = met[i - 1][j];
            else if (j > i + 1 && run->like[j] == run->like[j - 1])
                met[i][j] = met[i][j - 1];
            else
                met[i][j] = come_back(run, phone, j);
            worsen(&play->off[phone.kind][i][j], met[i][j]);
        }
}

/* ---- the whole ---- */

static void note_stale(const struct run *run, uint32_t node)
{
    struct ucm_play *play = run->play;
    const struct offer *first = &run->moment[0].offer[node];

    if (first->list[CTL] == NO_LIST || first->list[ITL] == NO_LIST ||
        ucm_ctl_is_stale(ucm_run_list(run, first->list[CTL]), ucm_run_list(run, first->list[ITL])))
        return;
    for (uint32_t i = 1; i <= play->steps; i++) {
        const struct offer *offer = &run->moment[i].offer[node];

        if (run->step[i - 1].action == UCM_ACT_WAIT &&
            (play->stale_at == 0 || i < play->stale_at) &&
            ucm_ctl_is_stale(ucm_run_list(run, offer->list[CTL]),
                             ucm_run_list(run, offer->list[ITL])))
            play->stale_at = i;
    }
}

static void play_node(const struct run *run, uint32_t node)
{
    memset(run->memo, 0, sizeof *run->memo);
    for (int kind = 0; kind < UCM_PHONE_KINDS; kind++) {
        const struct phone phone = new_phone(run, (enum ucm_phone_kind)kind, node);
        struct offer held[UCM_STEPS_MAX + 1];

        play_on(run, phone, held);
        if (!run->options.only_on)
            play_off(run, phone, held);
    }
    note_stale(run, node);
}

static bool play_once(struct run *run)
{
    const struct ucm_cluster *cluster = run->renewal->cluster;
    bool ok;

    run->memo = malloc(sizeof *run->memo);
    ok = run->memo != NULL && ucm_run_through(run, run->play->steps);
    for (uint32_t i = 0; ok && !run->impossible && i < cluster->nodes; i++)
        if (ucm_node_serves(&cluster->node[i]))
            play_node(run, i);
    ucm_run_release(run);
    free(run->memo);
    return ok;
}

bool ucm_play_steps(const struct ucm_renewal *renewal, const struct ucm_renewal_step *step,
                    uint32_t steps, struct ucm_play_options options, struct ucm_play *play,
                    bool *possible)
{
    memset(play, 0, sizeof *play);
    play->steps = steps > UCM_STEPS_MAX ? UCM_STEPS_MAX : steps;
    *possible = true;
    for (int eager = 0; eager < 2 && *possible; eager++) {
        struct run run = {.renewal = renewal,
                          .options = options,
                          .step = step,
                          .play = play,
                          .eager = eager != 0};

        if (!play_once(&run))
            return false;
        *possible = !run.impossible;
    }
    return true;
}
