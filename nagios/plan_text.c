/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A plan of renewal as a page that a tired person follows step by step. Only layout: the words are
 * in plan_steps.h and plan_notes.h.
 */
#include "plan_facts.h"
#include "plan_notes.h"
#include "plan_steps.h"

#include <string.h>

enum {
    WIDTH = 96,
    DATE_SIZE = 32,
};

/* ---- layout ---- */

/* Text after a mark, wrapped; later lines begin where the text did. */
static void add_wrapped(GString *out, const char *mark, const char *text)
{
    const size_t indent = strlen(mark);
    size_t column = indent;
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    g_string_append(out, mark);
    for (char **word = words; *word != NULL; word++) {
        const size_t size = strlen(*word);

        if (column > indent && column + 1 + size > WIDTH) {
            g_string_append_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            g_string_append_c(out, ' ');
            column++;
        }
        g_string_append(out, *word);
        column += size;
    }
    g_string_append_c(out, '\n');
}

static void add_notes(GString *out, const char *head, GPtrArray *notes)
{
    if (notes->len > 0)
        g_string_append_printf(out, "\n%s\n", head);
    for (unsigned i = 0; i < notes->len; i++)
        add_wrapped(out, "  - ", g_ptr_array_index(notes, i));
    g_ptr_array_unref(notes);
}

/* ---- the head ---- */

static void add_signers(GString *out, const struct ucm_renewal *renewal)
{
    if (renewal->itl_signer != UCM_SERVICE_COUNT)
        g_string_append_printf(out, ", ITLs signed by %s", ucm_service_name(renewal->itl_signer));
    if (renewal->mode == UCM_MODE_MIXED && renewal->ctl_signer != UCM_SERVICE_COUNT)
        g_string_append_printf(out, ", CTL signed by %s%s",
                               renewal->ctl_signer == UCM_SERVICE_TOKEN ? "an " : "",
                               ucm_service_name(renewal->ctl_signer));
}

static void add_head(GString *out, const struct plan *plan)
{
    const struct ucm_renewal *renewal = plan->renewal;
    const char *version = plan->site->from->version_text;
    g_autofree char *not_seen = plan_not_seen(plan);
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text, "Plan of renewal for %s: %s, %s, %u node%s",
                           plan->site->from->name, version != NULL ? version : "release not given",
                           renewal->mode == UCM_MODE_UNKNOWN ? "mode not seen"
                                                             : plan_mode_name(renewal->mode),
                           renewal->cluster->nodes, renewal->cluster->nodes == 1 ? "" : "s");
    add_signers(text, renewal);
    add_wrapped(out, "", text->str);
    g_string_printf(text, "Publisher: %s%s", renewal->cluster->node[renewal->publisher].name,
                    plan->publisher_given
                        ? ""
                        : " (the first node of the inventory; if it is another, say --publisher "
                          "NODE)");
    add_wrapped(out, "", text->str);
    if (not_seen != NULL)
        add_wrapped(out, "Not seen: ", not_seen);
}

static int by_expiry(gconstpointer a, gconstpointer b)
{
    const struct ucm_renewable *one = *(const struct ucm_renewable *const *)a;
    const struct ucm_renewable *other = *(const struct ucm_renewable *const *)b;

    if (one->service != other->service)
        return (int)one->service - (int)other->service;
    return (one->node > other->node) - (one->node < other->node);
}

static void add_due_line(GString *out, const struct plan *plan, const struct ucm_renewable *item)
{
    g_autofree char *owner = plan_owner(plan, item);
    g_autofree char *when = NULL;
    char span[32];
    char date[DATE_SIZE];

    ucm_span_text(item->cert.not_after, plan->renewal->now, span, sizeof span);
    ucm_date_text(item->cert.not_after, date, sizeof date);
    when = g_strdup_printf(plan_has_expired(plan, item) ? "%s, EXPIRED %s ago" : "%s, %s left",
                           date, span);
    g_string_append_printf(out, "  %-12s %-26s %s%s\n", ucm_service_name(item->service), owner,
                           when, item->tomcat_too ? " (tomcat uses it, too)" : "");
}

static void add_due(GString *out, const struct plan *plan)
{
    g_autoptr(GPtrArray) due = g_ptr_array_new();
    char date[DATE_SIZE];

    for (uint32_t i = 0; i < plan->renewal->items; i++)
        if (plan->renewal->item[i].due)
            g_ptr_array_add(due, &plan->renewal->item[i]);
    ucm_date_text(plan->renewal->now, date, sizeof date);
    if (due->len == 0)
        return;
    g_ptr_array_sort(due, by_expiry);
    g_string_append_printf(out, "\nDue within %" G_GINT64_FORMAT " day%s of %s\n",
                           plan->renewal->horizon_days, plan->renewal->horizon_days == 1 ? "" : "s",
                           date);
    for (unsigned i = 0; i < due->len; i++)
        add_due_line(out, plan, g_ptr_array_index(due, i));
}

/* ---- steps ---- */

static void add_step(GString *out, const struct plan *plan, uint32_t step)
{
    g_autoptr(GPtrArray) details = plan_step_details(plan, step);
    g_autofree char *title = plan_step_title(plan, step);
    g_autofree char *mark = g_strdup_printf("%4u. ", step);

    add_wrapped(out, mark, title);
    for (unsigned i = 0; i < details->len; i++)
        add_wrapped(out, "        - ", g_ptr_array_index(details, i));
}

static unsigned count_stages(const struct plan *plan, uint32_t until)
{
    unsigned stages = 0;

    for (uint32_t i = 0; i < until; i++)
        stages += plan->plan->step[i].action == UCM_ACT_RENEW ? 1 : 0;
    return stages;
}

static void add_steps(GString *out, const struct plan *plan)
{
    const struct ucm_plan *made = plan->plan;

    g_string_append(out, "\nSteps\n");
    for (uint32_t i = 0; i < made->steps; i++) {
        if (made->step[i].action == UCM_ACT_RENEW)
            g_string_append_printf(out, "\n  Stage %u of %u: %s\n", count_stages(plan, i + 1),
                                   count_stages(plan, made->steps),
                                   ucm_service_name(made->step[i].service));
        add_step(out, plan, i + 1);
    }
    g_string_append(out, "\n  Then run check_ucm_consistency, and this check again\n");
}

/* ---- phones ---- */

static bool is_partly_vouched(const struct ucm_play *play)
{
    for (uint32_t i = 1; i <= play->steps; i++)
        if (play->mute[i] != 0)
            return true;
    return false;
}

static void add_survivor(GString *out, const char *who, enum ucm_verdict verdict, uint32_t at,
                         bool partly)
{
    g_autoptr(GString) text = g_string_new(who);

    switch (verdict) {
    case UCM_KEEP:
    case UCM_LOCAL:
        g_string_append(text, ": survive, by what they hold");
        break;
    case UCM_VIA_TVS:
        g_string_append(text, ": survive, as long as TVS answers them at the steps that say so");
        if (partly)
            g_string_append(text, ", but TVS of some nodes cannot: there it is said of which");
        break;
    case UCM_VERDICT_UNKNOWN:
        g_string_append_printf(text, ": UNKNOWN at step %u", at);
        break;
    case UCM_RE_SIGN:
        g_string_append_printf(text,
                               ": refuse the lists at step %u; the lists can be signed anew "
                               "for them (`reset localkey`)",
                               at);
        break;
    case UCM_LOCKED:
        g_string_append_printf(text,
                               ": refuse the lists at step %u, which must then be deleted "
                               "on each by hand",
                               at);
        break;
    }
    add_wrapped(out, "  - ", text->str);
}

/* The first step from which a phone that fetched last after step `last` meets at least this. */
static uint32_t first_with(const struct ucm_play *play, uint32_t last, enum ucm_verdict verdict)
{
    for (uint32_t step = last + 1; step <= play->steps; step++)
        if (play->off[UCM_PHONE_USUAL][last][step] >= verdict)
            return step;
    return 0;
}

/* Does it count on TVS, before the step from which on it is not safe (0: never)? */
static bool counts_on_tvs(const struct ucm_play *play, uint32_t last, uint32_t until)
{
    for (uint32_t step = last + 1; step <= play->steps && step != until; step++)
        if (play->off[UCM_PHONE_USUAL][last][step] == UCM_VIA_TVS)
            return true;
    return false;
}

static bool same_fate(const struct ucm_play *play, uint32_t a, uint32_t b)
{
    const uint32_t until = first_with(play, a, UCM_VERDICT_UNKNOWN);

    return until == first_with(play, b, UCM_VERDICT_UNKNOWN) &&
           counts_on_tvs(play, a, until) == counts_on_tvs(play, b, until) &&
           first_with(play, a, UCM_RE_SIGN) == first_with(play, b, UCM_RE_SIGN) &&
           first_with(play, a, UCM_LOCKED) == first_with(play, b, UCM_LOCKED);
}

/* From which step on something else happens to it: the next worse, or none. */
static void add_from(GString *text, uint32_t from, uint32_t until, const char *what)
{
    if (from == 0 || from == until)
        return;
    g_string_append_printf(text, "; from step %u on %s", from, what);
}

static void add_absent(GString *out, const struct plan *plan, uint32_t first, uint32_t last)
{
    const struct ucm_play *play = &plan->plan->play;
    const uint32_t unknown = first_with(play, first, UCM_VERDICT_UNKNOWN);
    const uint32_t resign = first_with(play, first, UCM_RE_SIGN);
    const uint32_t locked = first_with(play, first, UCM_LOCKED);
    const bool mixed = plan->renewal->mode == UCM_MODE_MIXED;
    g_autofree char *refuses = g_strdup_printf(
        "it refuses the lists until they are signed anew (`%s`)", plan_reset_command(plan));
    g_autoptr(GString) text = g_string_new("Last fetched ");

    if (first == 0 && last == 0)
        g_string_append(text, "before step 1");
    else if (first == 0)
        g_string_append_printf(text, "before step %u", last + 1);
    else if (first == last)
        g_string_append_printf(text, "after step %u", first);
    else
        g_string_append_printf(text, "after step %u to %u", first, last);
    if (unknown == 0)
        g_string_append(text, ": may come back at any time");
    else if (unknown == first + 1)
        g_string_append(text, ": it depends on when it comes back");
    else
        g_string_append_printf(text, ": safe if back before step %u is done", unknown);
    if (counts_on_tvs(play, first, unknown))
        g_string_append(text, ", as long as TVS answers it");
    add_from(text, unknown, resign,
             "UNKNOWN (see Open questions): be ready to delete its lists by hand");
    add_from(text, resign, locked, refuses);
    add_from(text, locked, 0,
             mixed ? "LOCKED OUT: its CTL and ITL must be deleted by hand"
                   : "LOCKED OUT: its ITL must be deleted by hand");
    add_wrapped(out, "  - ", text->str);
}

/* A phone that was off since before step 1: what becomes of it, from the first step on that is not
 * good. */
static void add_no_return(GString *out, const struct plan *plan)
{
    const struct ucm_play *play = &plan->plan->play;
    const uint32_t first = plan_no_return(plan);
    const uint32_t resign = first_with(play, 0, UCM_RE_SIGN);
    const uint32_t locked = first_with(play, 0, UCM_LOCKED);
    g_autoptr(GString) text = g_string_new(NULL);

    if (first == 0) {
        add_wrapped(out, "  ",
                    "No step was found after which a phone that was off all the time is lost");
        return;
    }
    g_string_append_printf(text,
                           "POINT OF NO RETURN: step %u. A phone that was off since before step 1 "
                           "must be back before step %u is done",
                           first, first);
    if (first != resign && first != locked)
        g_string_append_printf(text, "; it may be lost from step %u on", first);
    if (resign != 0 && resign != locked) {
        g_string_append_printf(text, "; from step %u on only `%s`", resign,
                               plan_reset_command(plan));
        if (locked != 0)
            g_string_append_printf(text, ", run before step %u,", locked);
        g_string_append(text, " brings it back");
    }
    if (locked != 0)
        g_string_append_printf(text, "; from step %u on somebody must go there", locked);
    add_wrapped(out, "  ", text->str);
}

static void add_phones(GString *out, const struct plan *plan)
{
    const struct ucm_play *play = &plan->plan->play;
    uint32_t first = 0;

    g_string_append(out, "\nWho survives (tried for phones with the lists of each TFTP node)\n");
    add_survivor(out, "Phones that are on all the time", play->held[UCM_PHONE_USUAL],
                 play->lost_at[UCM_PHONE_USUAL], is_partly_vouched(play));
    if (plan->renewal->mode == UCM_MODE_MIXED)
        add_survivor(out, "Devices that use no TVS", play->held[UCM_PHONE_NO_TVS],
                     play->lost_at[UCM_PHONE_NO_TVS], false);
    add_wrapped(out, "  - ",
                "New phones without lists: take what they are given first; start none "
                "between a renewal and the WAIT after it");
    g_string_append(out, "\nPhones that are switched off (or out of reach) during some steps\n");
    add_no_return(out, plan);
    for (uint32_t i = 1; i <= play->steps; i++)
        if (i == play->steps || !same_fate(play, first, i)) {
            add_absent(out, plan, first, i - 1);
            first = i;
        }
}

/* ---- the whole ---- */

/* What waits until it is known what phones did. */
static void add_later(GString *out, const struct plan *plan)
{
    g_autofree char *services = plan_left_out(plan);

    if (plan->plan->outcome != UCM_PLAN_UNSURE || plan->plan->left_out == 0)
        return;
    g_string_append(out, "\nNot in this plan\n");
    add_wrapped(out, "  - ", services);
    add_wrapped(out, "  - ",
                "Phones that refuse the lists of this plan would be lost by the next renewal. "
                "See that all of them took these lists, then run this check again for the rest");
}

static void add_plan(GString *out, const struct plan *plan)
{
    add_later(out, plan);
    add_notes(out, "Before you begin", plan_before(plan));
    if (plan_has_waits(plan)) {
        add_notes(out, "Never together", plan_never(plan));
        add_notes(out, "At every WAIT", plan_at_waits(plan));
    }
    add_steps(out, plan);
    if (!plan_has_waits(plan)) {
        g_string_append(out, "\nPhones\n");
        add_wrapped(out, "  - ", "No trust list changes, and no phone is touched");
        return;
    }
    add_phones(out, plan);
    add_notes(out, "Open questions", plan_questions(plan));
    add_notes(out, "Where sources disagree", plan_sources(plan));
}

static void add_impasse(GString *out, const struct plan *plan)
{
    g_autofree char *why = plan_loss_text(plan);

    g_string_append(out, "\nNO SAFE WAY: DO NOT RENEW\n");
    add_wrapped(out, "  - ", why);
    add_wrapped(out, "  - ",
                "Every order was tried, and every way to sign: phones that are on all "
                "the time would refuse the new lists. Ask Cisco TAC before the "
                "certificate expires");
    if (plan->plan->steps > 0)
        add_wrapped(out, "  - ", "What follows renews the rest, and was tried without it");
}

static void add_nothing(GString *out, const struct plan *plan)
{
    g_autofree char *not_seen = plan_not_seen(plan);

    g_string_append(out, not_seen == NULL
                             ? "\nNo step is necessary\n"
                             : "\nNo step is necessary for what was seen; for the rest, nobody "
                               "looked\n");
}

void plan_text(GString *out, const struct plan *plan)
{
    add_head(out, plan);
    add_due(out, plan);
    switch (plan->plan->outcome) {
    case UCM_PLAN_NOTHING:
        add_nothing(out, plan);
        break;
    case UCM_PLAN_SAFE:
    case UCM_PLAN_UNSURE:
        add_plan(out, plan);
        break;
    case UCM_PLAN_UNTRIED:
        g_string_append_c(out, '\n');
        add_wrapped(out, "",
                    "No plan is printed, because it could not be tried: renew nothing "
                    "before the finding above is settled");
        break;
    case UCM_PLAN_IMPASSE:
        add_impasse(out, plan);
        if (plan->plan->steps > 0)
            add_plan(out, plan);
        break;
    }
}
