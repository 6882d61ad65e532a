/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Continuity: what is kept, every kept pair against what is served, and the findings. Must not
 * decide what a phone does: common/phone does.
 * Facts: a phone that was off may hold any list of the last weeks, so all of them are kept.
 */
#include "continuity.h"

#include "history.h"
#include "number.h"
#include "state.h"

#include <string.h>

enum {
    ROUNDS_MAX = 4,    /* of questions to TVS: an answer can raise one more */
    RECORDS_MAX = 512, /* of a list that is kept; phones take about 39 */
    DAYS_MAX = 36500,
    DAY = 86400,
};

/** A pair that phones may hold. */
struct held {
    GBytes *keep[2]; /**< what the lists point into */
    struct ucm_trustlist ctl;
    struct ucm_trustlist itl;
    bool has_ctl;
    int64_t first;
    int64_t last;
    struct ucm_change change; /**< against what the same node serves */
};

/** One node at work. */
struct work {
    const struct continuity_node *node;
    char *where; /**< printable */
    struct history *history;
    GArray *held; /**< of struct held: the history before this run */
    bool fresh;   /**< no file was there */
    bool judged;  /**< served can be compared, and kept */
    struct ucm_list_pair served;
    /* A phone of another node that comes to this one, the worst of them. */
    struct ucm_change other;
    const struct work *other_node;
};

/** Everything of one run. */
struct run {
    struct result *result;
    const struct continuity_settings *settings;
    struct state state;
    struct work *work;
    size_t count;
    struct ucm_list_pair *cluster; /**< what is served by all that can be judged */
    size_t cluster_size;
    struct panel *panel;
};

bool continuity_read_horizon(const char *text, int64_t *seconds)
{
    g_autofree char *number = g_strdup(text);
    const size_t size = strlen(number);
    int64_t days = 0;

    if (size > 1 && number[size - 1] == 'd')
        number[size - 1] = '\0';
    if (!number_read(number, 1, DAYS_MAX, &days))
        return false;
    *seconds = days * DAY;
    return true;
}

/* ---- what was served before ---- */

static void held_clear(gpointer item)
{
    struct held *held = item;

    for (size_t i = 0; i < G_N_ELEMENTS(held->keep); i++)
        if (held->keep[i] != NULL)
            g_bytes_unref(held->keep[i]);
}

static bool decode(GBytes *bytes, enum ucm_list_kind kind, struct ucm_trustlist *list)
{
    gsize size = 0;
    const uint8_t *data = g_bytes_get_data(bytes, &size);

    return size > 0 && size <= UCM_INPUT_MAX && ucm_trustlist_decode(data, size, list) &&
           list->kind == kind;
}

static bool hold(struct held *held, const struct history_pair *pair, GBytes *ctl)
{
    held->keep[0] = g_bytes_ref(pair->itl);
    held->keep[1] = ctl != NULL ? g_bytes_ref(ctl) : NULL;
    held->has_ctl = ctl != NULL;
    held->first = pair->first;
    held->last = pair->last;
    return decode(pair->itl, UCM_LIST_ITL, &held->itl) &&
           (ctl == NULL || decode(ctl, UCM_LIST_CTL, &held->ctl));
}

/* The CTL that phones still hold when a pair without one was served: they keep theirs when the file
 * is gone (formats: grade B), and took the ITL of the pair beside it. NULL: none. */
static GBytes *ctl_left_over(const GPtrArray *pairs, unsigned index)
{
    for (unsigned i = index; i > 0; i--) {
        const struct history_pair *before = g_ptr_array_index(pairs, i - 1);

        if (before->ctl != NULL)
            return before->ctl;
    }
    return NULL;
}

static bool hold_all(struct work *work)
{
    const GPtrArray *pairs = work->history->pairs;
    unsigned extra = 0;
    unsigned next = 0;

    for (unsigned i = 0; i < pairs->len; i++)
        extra += ((const struct history_pair *)g_ptr_array_index(pairs, i))->ctl == NULL &&
                         ctl_left_over(pairs, i) != NULL
                     ? 1
                     : 0;
    /* At once, so that no list that something points to is ever moved. */
    g_array_set_size(work->held, pairs->len + extra);
    for (unsigned i = 0; i < pairs->len; i++) {
        const struct history_pair *pair = g_ptr_array_index(pairs, i);
        GBytes *left = pair->ctl == NULL ? ctl_left_over(pairs, i) : NULL;

        if (!hold(&g_array_index(work->held, struct held, next++), pair, pair->ctl) ||
            (left != NULL && !hold(&g_array_index(work->held, struct held, next++), pair, left)))
            return false;
    }
    return true;
}

static void complain(const struct run *run, const char *where, const char *why)
{
    g_autofree char *text = g_strdup_printf("%s: %s", run->settings->folder, why);

    result_add_rule(run->result, UCM_PHONE_STATE_UNUSABLE, STATE_UNSET, where, text);
}

static void forget(struct work *work)
{
    history_free(work->history);
    work->history = NULL;
    g_array_set_size(work->held, 0);
}

/* Read the history of a node. Without one that can be used, work->history stays NULL. */
static void load(const struct run *run, struct work *work)
{
    g_autofree char *name = state_file_name(work->node->name);
    g_autofree char *text = NULL;
    gsize size = 0;
    const char *damage = "it holds something else than trust lists";
    char why[STATE_WHY_MAX];

    switch (state_read(&run->state, name, HISTORY_TEXT_MAX, &text, &size, why)) {
    case STATE_UNUSABLE:
        complain(run, work->where, why);
        return;
    case STATE_NONE:
        work->fresh = true;
        work->history = history_new();
        return;
    case STATE_READ:
        break;
    }
    work->history = history_read(text, size, work->node->name, &damage);
    if (work->history != NULL) {
        history_expire(work->history, run->settings->now - run->settings->horizon);
        if (!hold_all(work))
            forget(work);
    }
    if (work->history == NULL && run->settings->accept) {
        work->history = history_new();
    } else if (work->history == NULL) {
        g_snprintf(why, sizeof why, "file %s: %s; delete it, or accept what is served now", name,
                   damage);
        complain(run, work->where, why);
    }
    if (run->settings->accept)
        g_array_set_size(work->held, 0);
}

/* ---- what is served now ---- */

/* The certificate that signed it, from the list itself or from one that was kept: only a list that
 * verifies is compared and kept. */
static bool find_signer(const struct run *run, const struct work *work,
                        const struct ucm_trustlist *list)
{
    const struct ucm_trustlist *anchor = list;
    struct ucm_signature signature = ucm_signature_check(list, list);

    for (unsigned i = 0; i < 2 * work->held->len && signature.status != UCM_SIGNATURE_VALID &&
                         signature.reason == UCM_TL_SIGNER_ABSENT;
         i++) {
        const struct held *held = &g_array_index(work->held, struct held, i / 2);

        if (i % 2 == 1 && !held->has_ctl)
            continue;
        anchor = i % 2 == 0 ? &held->itl : &held->ctl;
        signature = ucm_signature_check(list, anchor);
    }
    if (signature.status != UCM_SIGNATURE_VALID)
        return false;
    if (signature.certificate_size > 0)
        panel_set_signer(run->panel, list, anchor->data + signature.certificate_at,
                         signature.certificate_size);
    return true;
}

static bool is_fit(const struct run *run, const struct work *work,
                   const struct result_source *source, enum ucm_list_kind kind)
{
    return source != NULL && source->judged && source->size <= UCM_INPUT_MAX &&
           source->report.list.kind == kind && source->report.list.error.id == UCM_FINDING_NONE &&
           source->report.records <= RECORDS_MAX && find_signer(run, work, &source->report.list);
}

static void look_at_served(struct run *run, struct work *work)
{
    const struct continuity_node *node = work->node;
    const char *why = NULL;

    if (!is_fit(run, work, node->itl, UCM_LIST_ITL))
        why = "ITL";
    else if (!node->no_ctl && !is_fit(run, work, node->ctl, UCM_LIST_CTL))
        why = "CTL";
    if (why != NULL) {
        result_add_rule(run->result, UCM_PHONE_NOT_JUDGED, STATE_UNSET, work->where, why);
        return;
    }
    work->served.itl = &node->itl->report.list;
    work->served.ctl = node->no_ctl ? NULL : &node->ctl->report.list;
    work->judged = true;
    run->cluster[run->cluster_size++] = work->served;
}

static void store(const struct run *run, struct work *work)
{
    const struct continuity_node *node = work->node;
    g_autoptr(GBytes) itl = g_bytes_new_static(node->itl->data, node->itl->size);
    g_autoptr(GBytes) ctl =
        node->no_ctl ? NULL : g_bytes_new_static(node->ctl->data, node->ctl->size);
    g_autofree char *name = state_file_name(node->name);
    g_autofree char *text = NULL;
    gsize size = 0;
    char why[STATE_WHY_MAX];

    if (run->settings->accept) {
        history_accept(work->history, ctl, itl);
        result_add_rule(run->result, UCM_PHONE_ACCEPTED, STATE_UNSET, work->where, NULL);
    } else if (work->held->len == 0) {
        result_add_rule(run->result, UCM_PHONE_NO_HISTORY, STATE_UNSET, work->where,
                        work->fresh ? "first run" : "what was kept is older than --history");
    }
    history_add(work->history, ctl, itl, run->settings->now);
    if (work->history->evicted != 0)
        result_add_rule(run->result, UCM_PHONE_HISTORY_FULL, STATE_UNSET, work->where, NULL);
    text = history_write(work->history, node->name, &size);
    if (!state_write(&run->state, name, text, size, why))
        complain(run, work->where, why);
}

/* Read all histories, look at what is served, and keep it. */
static void load_and_store(struct run *run)
{
    char why[STATE_WHY_MAX];
    bool locked = false;

    plugin_stage("state");
    if (!state_open(&run->state, run->settings->folder, why)) {
        complain(run, run->settings->folder, why);
        return;
    }
    locked = state_lock(&run->state, why);
    if (!locked)
        complain(run, run->settings->folder, why);
    for (size_t i = 0; i < run->count; i++) {
        struct work *work = &run->work[i];

        load(run, work);
        if (work->history == NULL)
            continue;
        look_at_served(run, work);
        if (work->judged && locked)
            store(run, work);
    }
    state_close(&run->state);
}

/* ---- verdicts ---- */

static struct ucm_change change_of(const struct run *run, const struct held *held,
                                   const struct work *work)
{
    const struct ucm_phone phone = {.ctl = held->has_ctl ? &held->ctl : NULL,
                                    .itl = &held->itl,
                                    .now = run->settings->now,
                                    .ask = panel_opinion,
                                    .context = run->panel};

    return ucm_phone_change(&phone, work->served, run->cluster, run->cluster_size);
}

static void judge_node(const struct run *run, struct work *work)
{
    work->other_node = NULL;
    for (unsigned i = 0; i < work->held->len; i++) {
        struct held *held = &g_array_index(work->held, struct held, i);

        held->change = change_of(run, held, work);
    }
    for (size_t k = 0; k < run->count; k++) {
        const struct work *from = &run->work[k];

        for (unsigned i = 0; from != work && i < from->held->len; i++) {
            const struct ucm_change change =
                change_of(run, &g_array_index(from->held, struct held, i), work);

            if (work->other_node == NULL || change.verdict > work->other.verdict) {
                work->other = change;
                work->other_node = from;
            }
        }
    }
}

static void judge_all(struct run *run)
{
    unsigned round = 0;

    for (size_t i = 0; i < run->count; i++)
        for (unsigned k = 0; k < run->work[i].held->len; k++) {
            const struct held *held = &g_array_index(run->work[i].held, struct held, k);

            panel_trust(run->panel, &held->itl);
            if (held->has_ctl)
                panel_trust(run->panel, &held->ctl);
        }
    do {
        plugin_stage("compare with what phones hold");
        for (size_t i = 0; i < run->count; i++)
            if (run->work[i].judged)
                judge_node(run, &run->work[i]);
    } while (++round < ROUNDS_MAX && panel_ask(run->panel, run->result));
}

/* ---- findings ---- */

/* How many nodes vouch, of how many, where it is worst. */
static void count_vouching(const struct ucm_change *change, uint32_t *vouching, uint32_t *nodes)
{
    const struct ucm_decision *worst = &change->itl_decision;

    if (change->ctl == UCM_VIA_TVS &&
        (change->itl != UCM_VIA_TVS ||
         change->ctl_decision.vouching < change->itl_decision.vouching))
        worst = &change->ctl_decision;
    *vouching = worst->vouching;
    *nodes = worst->nodes;
}

/* The list that decides, as "CTL" or "ITL", and why. */
static const struct ucm_decision *decision_of(const struct ucm_change *change, const char **list)
{
    const bool is_ctl = change->ctl == change->verdict && change->verdict != UCM_KEEP;

    *list = is_ctl ? "CTL" : "ITL";
    return is_ctl ? &change->ctl_decision : &change->itl_decision;
}

static enum ucm_finding_id finding_of(const struct ucm_change *change)
{
    const char *list = NULL;
    uint32_t vouching = 0;
    uint32_t nodes = 0;

    switch (change->verdict) {
    case UCM_KEEP:
    case UCM_LOCAL:
        break;
    case UCM_VIA_TVS:
        count_vouching(change, &vouching, &nodes);
        return vouching < nodes ? UCM_PHONE_VIA_SOME_NODES
               : nodes < 2      ? UCM_PHONE_VIA_ONE_NODE
                                : UCM_PHONE_VIA_TVS;
    case UCM_VERDICT_UNKNOWN:
        return decision_of(change, &list)->step == UCM_STEP_NOT_ASKED ? UCM_PHONE_TVS_NOT_ASKED
                                                                      : UCM_PHONE_UNDECIDED;
    case UCM_RE_SIGN:
        return UCM_PHONE_RE_SIGN;
    case UCM_LOCKED:
        return UCM_PHONE_LOCKED;
    }
    return UCM_FINDING_NONE;
}

static char *why_text(const struct ucm_change *change)
{
    const char *list = NULL;
    const struct ucm_decision *decision = decision_of(change, &list);
    char words[UCM_TEXT_MAX];

    ucm_step_text(decision, words, sizeof words);
    return g_strdup_printf("%s: %s", list, words);
}

/* One finding for all pairs of a node with the same fate. */
static void add_fate(const struct run *run, const struct work *work, enum ucm_finding_id id)
{
    const struct held *newest = NULL;
    unsigned number = 0;
    uint32_t vouching = 0;
    uint32_t nodes = 0;
    GString *text = NULL;
    g_autofree char *why = NULL;
    g_autofree char *complaints = panel_complaints(run->panel);
    char date[32];

    for (unsigned i = 0; i < work->held->len; i++) {
        const struct held *held = &g_array_index(work->held, struct held, i);

        if (finding_of(&held->change) != id)
            continue;
        number++;
        if (newest == NULL || held->last >= newest->last)
            newest = held;
    }
    if (newest == NULL)
        return;
    ucm_date_text(newest->last, date, sizeof date);
    why = why_text(&newest->change);
    text = g_string_new(NULL);
    g_string_append_printf(text, "%u of %u kept, last served %s; %s", number, work->held->len, date,
                           why);
    if (newest->change.verdict == UCM_VIA_TVS) {
        count_vouching(&newest->change, &vouching, &nodes);
        g_string_append_printf(text, "; %u of %u TVS nodes vouch", vouching, nodes);
    }
    if (complaints != NULL && id != UCM_PHONE_VIA_TVS)
        g_string_append_printf(text, "; %s", complaints);
    result_add_rule(run->result, id, STATE_UNSET, work->where, text->str);
    g_string_free(text, TRUE);
}

static void add_entry(const struct run *run, const struct work *work, const struct held *held)
{
    struct result_continuity *entry = g_new0(struct result_continuity, 1);

    entry->source = g_strdup(work->where);
    entry->held_since = held->first;
    entry->verdict = ucm_verdict_name(held->change.verdict);
    entry->ctl = work->served.ctl != NULL ? ucm_verdict_name(held->change.ctl) : NULL;
    entry->itl = ucm_verdict_name(held->change.itl);
    entry->why = why_text(&held->change);
    g_ptr_array_add(run->result->continuity, entry);
}

static bool is_other(const struct held *held, const struct work *work)
{
    const struct ucm_change *change = &held->change;

    return change->itl_decision.step != UCM_STEP_SAME ||
           (work->served.ctl != NULL && change->ctl_decision.step != UCM_STEP_SAME);
}

static void name_changes(const struct run *run, const struct work *work)
{
    const struct held *before = NULL;

    for (unsigned i = 0; i < work->held->len; i++) {
        const struct held *held = &g_array_index(work->held, struct held, i);

        if (is_other(held, work) && (before == NULL || held->last >= before->last))
            before = held;
    }
    if (before == NULL)
        return;
    if (before->has_ctl && work->served.ctl != NULL)
        continuity_name_changes(run->result, work->where, &before->ctl, work->served.ctl,
                                before->last);
    continuity_name_changes(run->result, work->where, &before->itl, work->served.itl, before->last);
}

/* That a CTL is missing is normal, unless there was one: it does not go by itself, not even when a
 * cluster leaves mixed mode. */
static void add_ctl_gone(const struct run *run, const struct work *work)
{
    int64_t last = 0;
    g_autofree char *text = NULL;
    char date[32];

    for (unsigned i = 0; i < work->history->pairs->len && work->held->len > 0; i++) {
        const struct history_pair *pair = g_ptr_array_index(work->history->pairs, i);

        if (pair->ctl != NULL)
            last = MAX(last, pair->last);
    }
    if (last == 0 || work->served.ctl != NULL)
        return;
    ucm_date_text(last, date, sizeof date);
    text = g_strdup_printf("last served %s", date);
    result_add_rule(run->result, UCM_PHONE_CTL_GONE, STATE_UNSET, work->where, text);
}

static void report(const struct run *run, const struct work *work)
{
    static const enum ucm_finding_id FATES[] = {UCM_PHONE_LOCKED,         UCM_PHONE_RE_SIGN,
                                                UCM_PHONE_TVS_NOT_ASKED,  UCM_PHONE_UNDECIDED,
                                                UCM_PHONE_VIA_SOME_NODES, UCM_PHONE_VIA_ONE_NODE,
                                                UCM_PHONE_VIA_TVS};
    enum ucm_verdict worst = UCM_KEEP;

    for (size_t i = 0; i < G_N_ELEMENTS(FATES); i++)
        add_fate(run, work, FATES[i]);
    for (unsigned i = 0; i < work->held->len; i++) {
        const struct held *held = &g_array_index(work->held, struct held, i);

        worst = MAX(worst, held->change.verdict);
        add_entry(run, work, held);
    }
    if (work->other_node != NULL && work->other.verdict >= UCM_RE_SIGN &&
        work->other.verdict > worst) {
        g_autofree char *why = why_text(&work->other);
        g_autofree char *text = g_strdup_printf("from %s, %s; %s", work->other_node->where,
                                                ucm_verdict_name(work->other.verdict), why);

        result_add_rule(run->result, UCM_PHONE_OTHER_NODE, STATE_UNSET, work->where, text);
    }
    name_changes(run, work);
    add_ctl_gone(run, work);
}

/* ---- the whole ---- */

static void continuity_free(gpointer item)
{
    struct result_continuity *entry = item;

    g_free(entry->source);
    g_free(entry->why);
    g_free(entry);
}

void continuity_judge(struct result *result, const struct continuity_settings *settings,
                      const struct continuity_node *nodes, size_t count)
{
    struct run run = {.result = result, .settings = settings, .count = count};

    result->continuity = g_ptr_array_new_with_free_func(continuity_free);
    run.panel = panel_new(&settings->tvs);
    run.work = g_new0(struct work, count);
    run.cluster = g_new0(struct ucm_list_pair, count);
    for (size_t i = 0; i < count; i++) {
        run.work[i].node = &nodes[i];
        run.work[i].where = printable_text(nodes[i].name);
        run.work[i].held = g_array_new(FALSE, TRUE, sizeof(struct held));
        g_array_set_clear_func(run.work[i].held, held_clear);
    }
    load_and_store(&run);
    judge_all(&run);
    for (size_t i = 0; i < count; i++)
        if (run.work[i].judged)
            report(&run, &run.work[i]);
    for (size_t i = 0; i < count; i++) {
        history_free(run.work[i].history);
        g_array_unref(run.work[i].held);
        g_free(run.work[i].where);
    }
    panel_free(run.panel);
    g_free(run.cluster);
    g_free(run.work);
}
