/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Asks what survey.c noted, by verify (type 1) with the certificate: a few connections to each node
 * at a time. Must not judge. Facts: one request per connection (document 213407).
 */
#include "survey_panel.h"

#include "common/exchange.h"

enum {
    LANES_PER_NODE = 4,      /* TVS serves phones as well */
    LANES_MAX = 1024,        /* connections at a time, over all nodes */
    REFUSALS_MAX = 3,        /* in a row, before a node is left alone */
    PATIENCE_MS = 1000,      /* at least, for a node to answer */
    PATIENCE_MAX_MS = 10000, /* as long as a check of one node has in all */
    FRAME_MAX = 64,          /* what a verify request adds to the certificate */
};

/* ---- lanes ---- */

/** What a lane is for. */
enum purpose { ASK, SEE_TVS, SEE_TOMCAT };

/** One row of connections to one node, one after the other. */
struct lane {
    enum purpose purpose;
    struct panel *panel;
    uint32_t node;
    struct question *question; /**< in flight; NULL: what came was taken */
    uint8_t *request;
    char port[8];
};

/** All lanes and their exchanges. */
struct lanes {
    GArray *lane;
    GArray *exchange;
    struct result *result;
};

static struct member *member_of(const struct lane *lane)
{
    return &lane->panel->member[lane->node];
}

/* Take the next question of the node; false when there is none or it is not to be asked. */
static bool load_next(struct lane *lane, struct tvs_exchange *exchange)
{
    struct member *member = member_of(lane);

    g_clear_pointer(&lane->request, g_free);
    while (member->condition == OPEN && member->next < member->wanted->len) {
        struct question *question = g_ptr_array_index(member->wanted, member->next++);
        const size_t room = question->size + FRAME_MAX;

        lane->request = g_malloc(room);
        exchange->request = lane->request;
        exchange->request_size = ucm_tvs_encode_verify(lane->request, room, UCM_TVS_FIRST_SESSION,
                                                       TVS_DEVICE, question->der, question->size);
        if (exchange->request_size > 0) {
            lane->question = question;
            return true;
        }
        /* It does not fit into a message: no phone can ask about it either. */
        question->answer[lane->node].asked = true;
        g_clear_pointer(&lane->request, g_free);
    }
    return false;
}

static void see(struct lane *lane, struct tvs_exchange *exchange)
{
    struct site_node *node = &lane->panel->site->node[lane->node];
    struct site_cert *cert = lane->purpose == SEE_TOMCAT ? &node->tomcat : &node->identity;

    if (exchange->certificate == NULL)
        return;
    g_free(cert->der);
    cert->der = g_steal_pointer(&exchange->certificate);
    cert->size = exchange->certificate_size;
}

static void remember_failure(struct member *member, const struct tvs_exchange *exchange)
{
    if (member->failed)
        return;
    member->failed = true;
    member->failure = *exchange;
    member->failure.answer = NULL;
    member->failure.certificate = NULL;
}

/* The connection of the first exchange stands for the node; its answer is one of many. */
static void remember_first(struct member *member, const struct tvs_exchange *exchange)
{
    if (member->met)
        return;
    member->met = true;
    member->first = *exchange;
    member->first.certificate = NULL;
    member->first.answer = NULL;
}

static void add_nonsense(struct result *result, const struct lane *lane,
                         const struct tvs_exchange *exchange, const struct ucm_tvs *message)
{
    const char *where = lane->panel->site->node[lane->node].name;
    struct ucm_findings findings = {0};

    if (member_of(lane)->failed)
        return;
    remember_failure(member_of(lane), exchange);
    if (!ucm_exchange_lint_message(message, 0, &findings) || findings.worst != UCM_ERROR)
        result_add_rule(result, UCM_TVS_NOT_TVS, STATE_UNSET, where,
                        "it answers something else than was asked");
    else
        result_add_findings(result, &findings, exchange->answer, where);
    ucm_findings_free(&findings);
}

static void take_answer(struct lane *lane, const struct tvs_exchange *exchange,
                        struct result *result)
{
    struct answer *answer = &lane->question->answer[lane->node];
    struct ucm_tvs message;

    answer->asked = true;
    answer->answered = tvs_report_is_answer(exchange, lane->panel->survey->settings.now, &message);
    member_of(lane)->refusals = 0;
    if (answer->answered) {
        answer->status = message.status;
        answer->roles = tvs_report_roles(&message, exchange->answer);
    } else {
        add_nonsense(result, lane, exchange, &message);
    }
}

/* What a question that was not answered means for the node. A question that only our own deadline
 * cut off, from a node that answered others, stays open. */
static void take_failure(struct lane *lane, const struct tvs_exchange *exchange)
{
    struct member *member = member_of(lane);
    struct answer *answer = &lane->question->answer[lane->node];
    const bool answers_others = member->met && member->first.outcome == TVS_ANSWERED;

    if (exchange->outcome == TVS_SILENT && answers_others && plugin_left_ms() == 0)
        return;
    remember_failure(member, exchange);
    switch (exchange->outcome) {
    case TVS_REFUSED:
        answer->asked = true;
        if (exchange->stage < TVS_STAGE_REQUEST || ++member->refusals == REFUSALS_MAX)
            member->condition = MUTE;
        break;
    case TVS_SILENT:
    case TVS_STRANGER:
    case TVS_NOT_TLS:
        member->condition = MUTE;
        break;
    default:
        member->condition = BARRED;
        break;
    }
}

static void take(struct lane *lane, struct tvs_exchange *exchange, struct result *result)
{
    if (lane->purpose == SEE_TVS && exchange->outcome != TVS_STRANGER)
        remember_failure(member_of(lane), exchange);
    see(lane, exchange);
    if (lane->purpose != SEE_TOMCAT)
        remember_first(member_of(lane), exchange);
    if (lane->purpose != ASK)
        return;
    if (exchange->outcome == TVS_ANSWERED)
        take_answer(lane, exchange, result);
    else
        take_failure(lane, exchange);
    lane->question = NULL;
}

/* tvs_again_function */
static bool again(struct tvs_exchange *exchange, size_t index, void *user)
{
    struct lanes *lanes = user;
    struct lane *lane = &g_array_index(lanes->lane, struct lane, index);

    if (lane->purpose != ASK || lane->question == NULL)
        return false;
    take(lane, exchange, lanes->result);
    g_clear_pointer(&exchange->certificate, g_free);
    return load_next(lane, exchange);
}

/* ---- a round ---- */

static void add_lane(struct lanes *lanes, struct panel *panel, uint32_t node, enum purpose purpose)
{
    struct lane lane = {.purpose = purpose, .panel = panel, .node = node};
    struct tvs_exchange exchange = {.node = panel->site->node[node].from->address,
                                    .settings =
                                        purpose == ASK ? &panel->settings : &panel->stranger};

    if (purpose == ASK && !load_next(&lane, &exchange))
        return;
    g_array_append_val(lanes->lane, lane);
    g_array_append_val(lanes->exchange, exchange);
}

static void add_lanes_of(struct lanes *lanes, struct panel *panel, uint32_t node, unsigned most)
{
    const struct survey *survey = panel->survey;
    struct member *member = &panel->member[node];
    const struct site_node *from = &panel->site->node[node];

    if (member->offline)
        return;
    if (!survey->begun && survey->settings.tomcat && panel->site->from->emcc &&
        from->tomcat.der == NULL)
        add_lane(lanes, panel, node, SEE_TOMCAT);
    if (!from->from->tvs)
        return;
    if (!survey->begun && member->wanted->len == 0)
        add_lane(lanes, panel, node, SEE_TVS);
    for (unsigned i = 0; i < most && member->next < member->wanted->len; i++)
        add_lane(lanes, panel, node, ASK);
}

/* Ports are texts that must stay where they are, so they are set when no lane is added any more. */
static void set_ports(struct lanes *lanes)
{
    for (unsigned i = 0; i < lanes->lane->len; i++) {
        struct lane *lane = &g_array_index(lanes->lane, struct lane, i);
        const struct inventory_node *node = lane->panel->site->node[lane->node].from;
        const enum inventory_port which =
            lane->purpose == SEE_TOMCAT ? INVENTORY_TOMCAT : INVENTORY_TVS;

        g_snprintf(lane->port, sizeof lane->port, "%d", node->port[which]);
        g_array_index(lanes->exchange, struct tvs_exchange, i).port = lane->port;
    }
}

static unsigned nodes_in(const struct survey *survey)
{
    unsigned nodes = 0;

    for (unsigned i = 0; i < survey->panels->len; i++)
        nodes += ((const struct panel *)g_ptr_array_index(survey->panels, i))->site->cluster.nodes;
    return nodes;
}

static void fill_lanes(struct survey *survey, struct lanes *lanes)
{
    const int64_t patience =
        CLAMP(plugin_left_ms() / 2, (int64_t)PATIENCE_MS, (int64_t)PATIENCE_MAX_MS);
    const unsigned most = CLAMP(LANES_MAX / MAX(nodes_in(survey), 1), 1, LANES_PER_NODE);

    for (unsigned i = 0; i < survey->panels->len; i++) {
        struct panel *panel = g_ptr_array_index(survey->panels, i);

        panel->settings.patience_ms = patience;
        panel->stranger.patience_ms = patience;
        for (uint32_t k = 0; k < panel->site->cluster.nodes; k++)
            add_lanes_of(lanes, panel, k, most);
    }
    set_ports(lanes);
}

static void finish_lanes(struct survey *survey, struct lanes *lanes, bool asked)
{
    for (unsigned i = 0; i < lanes->lane->len; i++) {
        struct lane *lane = &g_array_index(lanes->lane, struct lane, i);
        struct tvs_exchange *exchange = &g_array_index(lanes->exchange, struct tvs_exchange, i);

        if (asked && (lane->purpose != ASK || lane->question != NULL))
            take(lane, exchange, lanes->result);
        tvs_exchange_clear(exchange);
        g_free(lane->request);
    }
    for (unsigned i = 0; i < survey->panels->len; i++)
        site_refresh(((struct panel *)g_ptr_array_index(survey->panels, i))->site);
}

bool survey_ask(struct survey *survey, struct result *result)
{
    struct lanes lanes = {g_array_new(FALSE, TRUE, sizeof(struct lane)),
                          g_array_new(FALSE, TRUE, sizeof(struct tvs_exchange)), result};
    const bool in_time = plugin_left_ms() > 0;
    bool some = false;

    if (in_time)
        fill_lanes(survey, &lanes);
    survey->begun = true;
    some = lanes.lane->len > 0;
    if (some) {
        char room[TVS_DETAIL_MAX];
        const char *why = tvs_ask(NULL, (struct tvs_exchange *)(void *)lanes.exchange->data,
                                  lanes.exchange->len, again, &lanes, room);

        if (why != NULL && survey->why == NULL)
            survey->why = g_strdup(why);
        finish_lanes(survey, &lanes, why == NULL);
    }
    g_array_unref(lanes.lane);
    g_array_unref(lanes.exchange);
    return some;
}
