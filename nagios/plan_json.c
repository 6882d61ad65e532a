/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A plan of renewal as JSON. The words are those of plan_steps.h and plan_notes.h.
 */
#include "json.h"
#include "plan_facts.h"
#include "plan_notes.h"
#include "plan_steps.h"

static const char *const OUTCOMES[] = {
    [UCM_PLAN_NOTHING] = "nothing", [UCM_PLAN_SAFE] = "safe",       [UCM_PLAN_UNSURE] = "unsure",
    [UCM_PLAN_UNTRIED] = "untried", [UCM_PLAN_IMPASSE] = "impasse",
};

static const char *const ACTIONS[] = {
    [UCM_ACT_RENEW] = "renew",
    [UCM_ACT_CTL_UPDATE] = "ctl-update",
    [UCM_ACT_CTL_RESIGN] = "ctl-resign",
    [UCM_ACT_ITL_RESIGN] = "itl-resign",
    [UCM_ACT_RESTART] = "restart",
    [UCM_ACT_TFTP] = "restart-tftp",
    [UCM_ACT_WAIT] = "wait",
};

static const char *const KINDS[] = {
    [UCM_PHONE_USUAL] = "usual",
    [UCM_PHONE_NO_TVS] = "without_tvs",
    [UCM_PHONE_NEW] = "new",
};

static const char *service(enum ucm_service one)
{
    return one == UCM_SERVICE_COUNT ? NULL : ucm_service_name(one);
}

static void add_due(GString *out, const struct plan *plan)
{
    json_key(out, "due");
    g_string_append_c(out, '[');
    for (uint32_t i = 0; i < plan->renewal->items; i++) {
        const struct ucm_renewable *item = &plan->renewal->item[i];
        g_autofree char *owner = plan_owner(plan, item);

        if (!item->due)
            continue;
        json_item(out);
        g_string_append_c(out, '{');
        json_member(out, "service", ucm_service_name(item->service));
        json_member(out, "node", owner);
        json_member(out, "subject", item->cert.subject);
        json_member(out, "serial", item->cert.serial_hex);
        json_integer(out, "not_after", item->cert.not_after);
        json_integer(out, "days_left", plan_days(plan, item));
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void add_strings(GString *out, const char *key, GPtrArray *strings)
{
    json_key(out, key);
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < strings->len; i++) {
        json_item(out);
        json_text(out, g_ptr_array_index(strings, i));
    }
    g_string_append_c(out, ']');
    g_ptr_array_unref(strings);
}

static void add_step(GString *out, const struct plan *plan, uint32_t step)
{
    const struct ucm_renewal_step *one = &plan->plan->step[step - 1];
    g_autofree char *title = plan_step_title(plan, step);

    json_item(out);
    g_string_append_c(out, '{');
    json_integer(out, "number", step);
    json_member(out, "action", ACTIONS[one->action]);
    json_member(out, "service", ucm_service_name(one->service));
    json_member(out, "text", title);
    add_strings(out, "details", plan_step_details(plan, step));
    g_string_append_c(out, '}');
}

static void add_left_out(GString *out, const struct plan *plan)
{
    json_key(out, "left_out");
    g_string_append_c(out, '[');
    for (int one = 0; one < UCM_SERVICE_COUNT; one++)
        if ((plan->plan->left_out & UCM_SERVICE_BIT(one)) != 0) {
            json_item(out);
            json_text(out, ucm_service_name((enum ucm_service)one));
        }
    g_string_append_c(out, ']');
}

static void add_number(GString *out, const char *key, uint32_t number)
{
    if (number == 0)
        json_null(out, key);
    else
        json_integer(out, key, number);
}

static void add_phones(GString *out, const struct plan *plan)
{
    const struct ucm_play *play = &plan->plan->play;

    json_key(out, "phones");
    g_string_append_c(out, '{');
    for (int kind = 0; kind < UCM_PHONE_KINDS; kind++) {
        json_key(out, KINDS[kind]);
        g_string_append_c(out, '{');
        json_member(out, "verdict", ucm_verdict_name(play->held[kind]));
        add_number(out, "step", play->lost_at[kind]);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, '}');
}

/* [i][j - i - 1]: a phone that fetched after step i and comes back after step j. */
static void add_absent(GString *out, const struct plan *plan)
{
    const struct ucm_play *play = &plan->plan->play;

    json_key(out, "absent");
    g_string_append_c(out, '[');
    for (uint32_t i = 0; i < play->steps; i++) {
        json_item(out);
        g_string_append_c(out, '[');
        for (uint32_t j = i + 1; j <= play->steps; j++) {
            json_item(out);
            json_text(out, ucm_verdict_name(play->off[UCM_PHONE_USUAL][i][j]));
        }
        g_string_append_c(out, ']');
    }
    g_string_append_c(out, ']');
}

void plan_json(GString *out, const struct plan *plan)
{
    const struct ucm_renewal *renewal = plan->renewal;
    g_autofree char *not_seen = plan_not_seen(plan);

    g_string_append_c(out, '{');
    json_member(out, "cluster", plan->site->from->name);
    json_member(out, "outcome", OUTCOMES[plan->plan->outcome]);
    json_member(out, "version", plan->site->from->version_text);
    json_member(out, "mode", plan_mode_name(renewal->mode));
    json_member(out, "publisher", renewal->cluster->node[renewal->publisher].name);
    json_member(out, "itl_signer", service(renewal->itl_signer));
    json_member(out, "ctl_signer", service(renewal->ctl_signer));
    json_integer(out, "horizon_days", renewal->horizon_days);
    add_due(out, plan);
    json_member(out, "not_seen", not_seen);
    add_left_out(out, plan);
    json_key(out, "steps");
    g_string_append_c(out, '[');
    for (uint32_t i = 0; i < plan->plan->steps; i++)
        add_step(out, plan, i + 1);
    g_string_append_c(out, ']');
    add_phones(out, plan);
    add_number(out, "no_return", plan_no_return(plan));
    add_absent(out, plan);
    add_strings(out, "questions", plan_questions(plan));
    g_string_append_c(out, '}');
}
