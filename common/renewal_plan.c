/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The search for a safe order of renewal: see renewal.h. One anchor at a time, and every phone
 * holds the new lists before the next; which anchor comes first, and by which way its lists are
 * signed, is decided by playing it.
 */
#include "renewal.h"

#include <stdlib.h>
#include <string.h>

enum {
    DAY = 86400,
    ROOM_FOR_STAGE = 8, /* steps of the longest stage */
};

/** The ways to renew what signs lists. */
enum way {
    DIRECT, /* the successor signs at once: phones ask TVS, or know it already */
    BRIDGE, /* the other anchor signs until every phone knows the successor */
    WAYS
};

/** A plan in the making. */
struct search {
    const struct ucm_renewal *renewal;
    struct ucm_plan *plan;
    uint32_t left;            /* services that are not in it yet (bits) */
    bool impossible;          /* nothing that is left can be played */
    enum ucm_verdict refusal; /* what phones met that were lost last */
    bool unsure;
    uint32_t unsure_steps; /* as many as there were after the first stage that hangs */
    uint32_t unsure_left;  /* and what was left then */
    bool out_of_memory;
};

/* ---- stages ---- */

static void add(struct ucm_plan *plan, enum ucm_renewal_action action, enum ucm_service service)
{
    if (plan->steps < UCM_STEPS_MAX)
        plan->step[plan->steps++] = (struct ucm_renewal_step){action, service};
}

/* Is a due certificate of the service in some CTL? */
static bool is_in_ctl(const struct ucm_renewal *renewal, enum ucm_service service)
{
    for (uint32_t i = 1; i < 2 * renewal->cluster->nodes; i += 2)
        if ((renewal->changed_by[i] & UCM_SERVICE_BIT(service)) != 0)
            return true;
    return false;
}

/* In mixed mode it is the CTL that the other anchor signs, since the ITL is anchored in it. */
static void add_bridge(struct ucm_plan *plan, const struct ucm_renewal *renewal,
                       enum ucm_service service)
{
    const bool by_ctl = renewal->mode == UCM_MODE_MIXED && renewal->ctl_signer == service;

    if (by_ctl)
        add(plan, UCM_ACT_CTL_RESIGN, service);
    else if (renewal->mode == UCM_MODE_MIXED && is_in_ctl(renewal, service))
        add(plan, UCM_ACT_CTL_UPDATE, service);
    add(plan, UCM_ACT_RESTART, service);
    if (!by_ctl)
        add(plan, UCM_ACT_ITL_RESIGN, service);
    add(plan, UCM_ACT_WAIT, service);
    if (by_ctl)
        add(plan, UCM_ACT_CTL_UPDATE, service);
    add(plan, UCM_ACT_TFTP, service);
    add(plan, UCM_ACT_WAIT, service);
}

static void add_stage(struct ucm_plan *plan, const struct ucm_renewal *renewal,
                      enum ucm_service service, enum way way)
{
    add(plan, UCM_ACT_RENEW, service);
    if (way == BRIDGE) {
        add_bridge(plan, renewal, service);
        return;
    }
    if (renewal->mode == UCM_MODE_MIXED && is_in_ctl(renewal, service))
        add(plan, UCM_ACT_CTL_UPDATE, service);
    add(plan, UCM_ACT_RESTART, service);
    if (ucm_renewal_is_listed(renewal, service))
        add(plan, UCM_ACT_WAIT, service);
}

static bool signs(const struct ucm_renewal *renewal, enum ucm_service service)
{
    return renewal->itl_signer == service || renewal->ctl_signer == service;
}

/* ---- how good is it? ---- */

/** From best to worst. */
enum grade {
    FINE,
    WITHOUT_TVS_LOST, /* devices that ask nobody refuse a list */
    PARTLY,           /* not every TVS node can vouch: phones of some groups are lost */
    HANGS,            /* on a rule that is not known */
    LOST,             /* phones that are on all the time refuse */
    IMPOSSIBLE,       /* it cannot be played */
};

static enum grade grade_of(const struct ucm_renewal *renewal, const struct ucm_play *play)
{
    const enum ucm_verdict usual = play->held[UCM_PHONE_USUAL];
    const enum ucm_verdict others = play->held[UCM_PHONE_NO_TVS];

    if (usual > UCM_VERDICT_UNKNOWN || play->stale_at != 0)
        return LOST;
    if (usual == UCM_VERDICT_UNKNOWN)
        return HANGS;
    for (uint32_t step = 1; step <= play->steps; step++)
        if (play->mute[step] != 0)
            return PARTLY;
    return renewal->mode == UCM_MODE_MIXED && !ucm_verdict_is_good(others) ? WITHOUT_TVS_LOST
                                                                           : FINE;
}

/* Play the plan with one more stage, for phones that hold what is served before it. */
static enum grade try_stage(struct search *search, enum ucm_service service, enum way way)
{
    struct ucm_plan *plan = search->plan;
    const struct ucm_play_options options = {true, plan->steps};
    const uint32_t steps = plan->steps;
    struct ucm_play *play = &plan->play;
    enum grade grade;
    bool possible = false;

    add_stage(plan, search->renewal, service, way);
    search->out_of_memory =
        !ucm_play_steps(search->renewal, plan->step, plan->steps, options, play, &possible);
    plan->steps = steps;
    plan->tried++;
    if (!possible)
        return IMPOSSIBLE;
    grade = grade_of(search->renewal, play);
    if (grade == LOST)
        search->refusal = play->held[UCM_PHONE_USUAL] > UCM_VERDICT_UNKNOWN
                              ? play->held[UCM_PHONE_USUAL]
                              : UCM_KEEP;
    return grade;
}

/* ---- the order ---- */

/* What has expired, or will soon, comes first. */
static bool is_urgent(const struct ucm_renewal *renewal, enum ucm_service service)
{
    for (uint32_t i = 0; i < renewal->items; i++) {
        const struct ucm_renewable *item = &renewal->item[i];

        if (item->due && item->service == service &&
            item->cert.not_after - renewal->now < UCM_CRITICAL_DAYS * (int64_t)DAY)
            return true;
    }
    return false;
}

/* What signs lists and has expired comes before all else: no list that it signs is known to be
 * taken. */
static bool is_expired_signer(const struct ucm_renewal *renewal, enum ucm_service service)
{
    for (uint32_t i = 0; i < renewal->items && signs(renewal, service); i++)
        if (renewal->item[i].service == service &&
            ucm_renewable_has_expired(renewal, &renewal->item[i]))
            return true;
    return false;
}

static int urgency(const struct ucm_renewal *renewal, enum ucm_service service)
{
    return is_expired_signer(renewal, service) ? 2 : is_urgent(renewal, service) ? 1 : 0;
}

/* The services that are left, in the order in which they would be taken if phones did not care. */
static uint32_t in_order(const struct search *search, enum ucm_service *order)
{
    uint32_t count = 0;

    for (int urgent = 2; urgent >= 0; urgent--)
        for (int service = 0; service < UCM_SERVICE_COUNT; service++)
            if ((search->left & UCM_SERVICE_BIT(service)) != 0 &&
                urgency(search->renewal, (enum ucm_service)service) == urgent)
                order[count++] = (enum ucm_service)service;
    return count;
}

/* The better of the ways to renew a service, and how good it is. */
static enum grade try_ways(struct search *search, enum ucm_service service, enum way *way)
{
    const enum grade direct = try_stage(search, service, DIRECT);
    enum grade bridge = IMPOSSIBLE;

    *way = DIRECT;
    if (direct == FINE || search->out_of_memory || !signs(search->renewal, service))
        return direct;
    bridge = try_stage(search, service, BRIDGE);
    if (bridge >= direct)
        return direct;
    *way = BRIDGE;
    return bridge;
}

/* Take the stage that comes next: the first that phones with TVS survive for certain, else the
 * least bad one. False when phones would be lost by every one. */
static bool take_next(struct search *search)
{
    enum ucm_service order[UCM_SERVICE_COUNT];
    const uint32_t count = in_order(search, order);
    enum ucm_service service = order[0];
    enum way way = DIRECT;
    enum grade best = IMPOSSIBLE;

    for (uint32_t i = 0; i < count && best > WITHOUT_TVS_LOST && !search->out_of_memory; i++) {
        enum way its_way;
        const enum grade grade = try_ways(search, order[i], &its_way);

        if (grade < best) {
            best = grade;
            service = order[i];
            way = its_way;
        }
    }
    if (best >= LOST) {
        search->plan->left_why = search->refusal;
        search->impossible = best == IMPOSSIBLE;
        return false;
    }
    add_stage(search->plan, search->renewal, service, way);
    search->left &= ~UCM_SERVICE_BIT(service);
    if (best == HANGS && !search->unsure) {
        search->unsure = true;
        search->unsure_steps = search->plan->steps;
        search->unsure_left = search->left;
    }
    return true;
}

static uint32_t due_services(const struct ucm_renewal *renewal)
{
    uint32_t services = 0;

    for (int service = 0; service < UCM_SERVICE_COUNT; service++)
        if (service != UCM_SERVICE_TOKEN && ucm_renewal_is_due(renewal, (enum ucm_service)service))
            services |= UCM_SERVICE_BIT(service);
    return services;
}

/* Services whose certificates no phone ever sees need no lists to be tried. */
static bool touches_phones(uint32_t services)
{
    for (int service = 0; service < UCM_SERVICE_COUNT; service++)
        if ((services & UCM_SERVICE_BIT(service)) != 0 && service != UCM_SERVICE_TOMCAT &&
            service != UCM_SERVICE_IPSEC)
            return true;
    return false;
}

static void plan_apart_from_phones(struct search *search)
{
    enum ucm_service order[UCM_SERVICE_COUNT];
    const uint32_t count = in_order(search, order);

    for (uint32_t i = 0; i < count; i++)
        add_stage(search->plan, search->renewal, order[i], DIRECT);
    search->plan->play.steps = search->plan->steps;
    search->plan->outcome = UCM_PLAN_SAFE;
}

/* What was found stage by stage must hold for the whole. */
static enum grade try_all(struct search *search)
{
    struct ucm_plan *plan = search->plan;
    const struct ucm_play_options everything = {false, 0};
    bool possible = false;

    search->out_of_memory =
        search->out_of_memory || !ucm_play_steps(search->renewal, plan->step, plan->steps,
                                                 everything, &plan->play, &possible);
    return possible ? grade_of(search->renewal, &plan->play) : IMPOSSIBLE;
}

static void plan_with_phones(struct search *search)
{
    struct ucm_plan *plan = search->plan;
    enum grade grade;

    while (search->left != 0 && plan->steps + ROOM_FOR_STAGE <= UCM_STEPS_MAX && take_next(search))
        continue;
    grade = try_all(search);
    if (grade == LOST && search->unsure) {
        /* Phones that refuse at the stage that hangs are lost in those after it: it ends there. */
        plan->steps = search->unsure_steps;
        plan->left_out = search->unsure_left;
        search->left = 0;
        grade = try_all(search);
    }
    if (search->out_of_memory)
        return;
    if (grade >= LOST || search->impossible) {
        plan->outcome = UCM_PLAN_UNTRIED;
        plan->steps = 0;
    } else if (search->left != 0) {
        plan->left_out = search->left;
        plan->outcome = UCM_PLAN_IMPASSE;
    } else {
        plan->outcome = search->unsure || grade == HANGS ? UCM_PLAN_UNSURE : UCM_PLAN_SAFE;
    }
}

bool ucm_plan_make(const struct ucm_renewal *renewal, struct ucm_plan *plan)
{
    struct search search = {.renewal = renewal, .plan = plan, .left = due_services(renewal)};
    uint32_t node;

    memset(plan, 0, sizeof *plan);
    if (search.left == 0)
        plan->outcome = UCM_PLAN_NOTHING;
    else if (!touches_phones(search.left))
        plan_apart_from_phones(&search);
    else if (ucm_renewal_obstacle(renewal, &node) != UCM_OBSTACLE_NONE)
        plan->outcome = UCM_PLAN_UNTRIED;
    else
        plan_with_phones(&search);
    if (search.out_of_memory)
        plan->outcome = UCM_PLAN_UNTRIED;
    return !search.out_of_memory;
}
