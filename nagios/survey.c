/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Asks by verify (type 1) with the certificate. Must not judge what an answer is worth to a phone:
 * common/phone does. Facts: one request per connection (document 213407).
 */
#include "survey.h"

#include "common/exchange.h"

#include <string.h>

enum {
    LANES_PER_NODE = 4, /* TVS serves phones as well */
    LANES_MAX = 1024,   /* connections at a time, over all nodes */
    REFUSALS_MAX = 3,   /* in a row, before a node is left alone */
    PATIENCE_MS = 1000, /* at least, for a node to answer */
    FRAME_MAX = 64,     /* what a verify request adds to the certificate */
    KEY_BYTES = 64,     /* of a certificate's signature, which tell it from others */
};

/** What one node says about one certificate. */
struct answer {
    bool wanted;
    bool asked; /**< what stands below is what came of it */
    bool answered;
    uint8_t status;
    uint32_t roles;
};

/** One certificate. */
struct question {
    const uint8_t *der;
    size_t size;
    struct answer answer[]; /**< one for each node */
};

enum condition {
    OPEN,
    MUTE,   /**< phones would get no answer either */
    BARRED, /**< it cannot be asked, for a reason of our own */
};

/** One TVS node. */
struct member {
    enum condition condition;
    bool offline;
    bool met;                  /**< first is filled in */
    struct tvs_exchange first; /**< the first exchange; owns nothing */
    bool failed;
    struct tvs_exchange failure; /**< the first that failed; only its texts count */
    unsigned refusals;           /**< in a row */
    GPtrArray *wanted;           /**< of struct question, to be asked */
    unsigned next;
};

/** The TVS of one site. */
struct panel {
    struct survey *survey;
    struct site *site;
    struct tvs_settings settings;
    struct tvs_settings stranger; /**< pins nobody: only to see a certificate */
    GArray *pins;                 /**< of struct tvs_pin */
    GHashTable *questions;        /**< struct question to itself */
    struct member *member;
};

struct survey {
    struct survey_settings settings;
    GPtrArray *panels; /**< of struct panel */
    bool begun;
    unsigned left_over; /**< questions that found no time */
    char *why;          /**< why nobody could be asked at all */
};

/* ---- certificates as keys ---- */

static guint question_hash(gconstpointer key)
{
    const struct question *question = key;
    const size_t size = MIN(question->size, (size_t)KEY_BYTES);
    guint hash = (guint)question->size;

    for (size_t i = question->size - size; i < question->size; i++)
        hash = hash * 31 + question->der[i];
    return hash;
}

static gboolean question_equal(gconstpointer a, gconstpointer b)
{
    const struct question *one = a;
    const struct question *other = b;

    return one->size == other->size &&
           (one->der == other->der || memcmp(one->der, other->der, one->size) == 0);
}

static struct question *find(const struct panel *panel, const uint8_t *der, size_t size)
{
    const struct question key = {der, size};

    return g_hash_table_lookup(panel->questions, &key);
}

static struct question *find_or_add(struct panel *panel, const uint8_t *der, size_t size)
{
    const size_t answers = panel->site->cluster.nodes * sizeof(struct answer);
    struct question *question = find(panel, der, size);

    if (question != NULL)
        return question;
    question = g_malloc0(sizeof *question + answers);
    question->der = der;
    question->size = size;
    g_hash_table_add(panel->questions, question);
    return question;
}

/* ---- opinions ---- */

/* ucm_vouch */
static void vouch(void *context, const struct ucm_cluster *cluster, uint32_t node,
                  const uint8_t *der, size_t size, struct ucm_tvs_opinion *opinion)
{
    struct panel *panel = context;
    struct member *member = &panel->member[node];
    struct question *question = NULL;
    struct answer *answer = NULL;

    (void)cluster;
    if (member->offline || member->condition == BARRED || size == 0)
        return;
    question = find_or_add(panel, der, size);
    answer = &question->answer[node];
    if (answer->asked) {
        opinion->asked = true;
        opinion->answered = answer->answered;
        opinion->status = answer->status;
        opinion->roles = answer->roles;
    } else if (member->condition == MUTE) {
        opinion->asked = true;
    } else if (!answer->wanted) {
        answer->wanted = true;
        g_ptr_array_add(member->wanted, question);
    }
}

/* ---- making and freeing ---- */

static void trust(struct panel *panel, const struct ucm_trustlist *list)
{
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_record record;

    while (ucm_record_next(&walk, &record)) {
        const struct ucm_view der = record.value[UCM_RECORD_CERTIFICATE];
        const struct tvs_pin pin = {list->data + der.off, der.len};
        bool known = der.len == 0 || record.role != UCM_ROLE_TVS;

        for (unsigned i = 0; i < panel->pins->len && !known; i++) {
            const struct tvs_pin *other = &g_array_index(panel->pins, struct tvs_pin, i);

            known = other->size == pin.size && memcmp(other->der, pin.der, pin.size) == 0;
        }
        if (!known)
            g_array_append_val(panel->pins, pin);
    }
}

static void set_up(struct panel *panel, const struct survey_settings *settings)
{
    const struct inventory_cluster *from = panel->site->from;
    const char *cert = from->client_cert != NULL ? from->client_cert : settings->client_cert;
    const char *key = from->client_cert != NULL ? from->client_key : settings->client_key;

    for (uint32_t i = 0; i < panel->site->cluster.nodes; i++)
        if (panel->site->seen[i].lists.itl != NULL)
            trust(panel, panel->site->seen[i].lists.itl);
    panel->settings =
        (struct tvs_settings){.pin = (const struct tvs_pin *)(const void *)panel->pins->data,
                              .pins = panel->pins->len,
                              .legacy = settings->legacy,
                              .client_cert = cert,
                              .client_key = key != NULL ? key : cert};
    panel->stranger = (struct tvs_settings){.legacy = settings->legacy};
}

static void panel_free(gpointer item)
{
    struct panel *panel = item;

    for (uint32_t i = 0; i < panel->site->cluster.nodes; i++) {
        g_ptr_array_unref(panel->member[i].wanted);
    }
    g_free(panel->member);
    g_array_unref(panel->pins);
    g_hash_table_unref(panel->questions);
    g_free(panel);
}

static struct panel *panel_new(struct survey *survey, struct site *site)
{
    struct panel *panel = g_new0(struct panel, 1);

    panel->survey = survey;
    panel->site = site;
    panel->pins = g_array_new(FALSE, FALSE, sizeof(struct tvs_pin));
    panel->questions = g_hash_table_new_full(question_hash, question_equal, NULL, g_free);
    panel->member = g_new0(struct member, site->cluster.nodes);
    for (uint32_t i = 0; i < site->cluster.nodes; i++) {
        panel->member[i].offline = site->node[i].from->address == NULL;
        panel->member[i].wanted = g_ptr_array_new();
    }
    set_up(panel, &survey->settings);
    site->cluster.vouch = vouch;
    site->cluster.context = panel;
    return panel;
}

struct survey *survey_new(GPtrArray *sites, const struct survey_settings *settings)
{
    struct survey *survey = g_new0(struct survey, 1);

    survey->settings = *settings;
    survey->panels = g_ptr_array_new_with_free_func(panel_free);
    for (unsigned i = 0; i < sites->len; i++)
        g_ptr_array_add(survey->panels, panel_new(survey, g_ptr_array_index(sites, i)));
    return survey;
}

void survey_free(struct survey *survey)
{
    g_ptr_array_unref(survey->panels);
    g_free(survey->why);
    g_free(survey);
}

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
    const int64_t patience = MAX(plugin_left_ms() / 2, (int64_t)PATIENCE_MS);
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

/* ---- what came of it ---- */

static void report_member(const struct survey *survey, const struct site_node *node,
                          const struct member *member, struct result *result)
{
    struct result_tvs *tvs = NULL;

    if (!node->from->tvs || member->offline)
        return;
    tvs = result_add_tvs(result, node->name);
    if (member->met) {
        tvs_report_connection(tvs, &member->first);
        if (member->first.outcome == TVS_ANSWERED)
            tvs->ms = member->first.ms;
    }
    if (member->failed && member->failure.outcome != TVS_ANSWERED)
        tvs_report_failure(result, &survey->settings.report, node->name, &member->failure);
}

static unsigned left_over(const struct member *member)
{
    return member->condition == OPEN ? member->wanted->len - member->next : 0;
}

void survey_report(const struct survey *survey, struct result *result)
{
    unsigned rest = 0;

    for (unsigned i = 0; i < survey->panels->len; i++) {
        const struct panel *panel = g_ptr_array_index(survey->panels, i);

        for (uint32_t k = 0; k < panel->site->cluster.nodes; k++) {
            report_member(survey, &panel->site->node[k], &panel->member[k], result);
            rest += left_over(&panel->member[k]);
        }
    }
    if (survey->why != NULL)
        result_add_rule(result, UCM_TVS_UNREACHABLE_HERE, STATE_UNSET, "this machine", survey->why);
    if (rest > 0) {
        g_autofree char *text =
            g_strdup_printf("%u questions found no time; give a longer --timeout", rest);

        result_add_rule(result, UCM_TVS_UNREACHABLE_HERE, STATE_UNSET, "this machine", text);
    }
}

unsigned survey_offline(const struct survey *survey)
{
    unsigned offline = 0;

    for (unsigned i = 0; i < survey->panels->len; i++) {
        const struct panel *panel = g_ptr_array_index(survey->panels, i);

        for (uint32_t k = 0; k < panel->site->cluster.nodes; k++)
            offline += panel->site->node[k].from->tvs && panel->member[k].offline ? 1 : 0;
    }
    return offline;
}

/* In a few words; NULL: nothing is known. */
static const char *words_for(const struct member *member, const struct answer *answer)
{
    if (member->offline)
        return NULL;
    if (member->condition == MUTE && !answer->answered)
        return member->failure.outcome == TVS_STRANGER ? "no ITL names its certificate"
                                                       : "no answer";
    if (!answer->asked)
        return NULL;
    if (!answer->answered)
        return "no answer";
    if (answer->status != UCM_TVS_FOUND)
        return "does not know it";
    return (answer->roles & UCM_ROLE_BIT(UCM_ROLE_SAST)) != 0 ? "vouches" : "gives it no SAST role";
}

static bool differ(const struct question *question, uint32_t node, uint32_t other)
{
    const struct answer *one = &question->answer[node];
    const struct answer *its = &question->answer[other];

    return one->answered && its->answered &&
           (one->status != its->status || one->roles != its->roles);
}

char *survey_difference(const struct site *site, uint32_t node, uint32_t other)
{
    const struct panel *panel = site->cluster.context;
    const struct question *shown = NULL;
    const struct question *question = NULL;
    unsigned more = 0;
    GHashTableIter iterator;
    g_autofree char *name = NULL;
    struct ucm_cert cert;

    g_hash_table_iter_init(&iterator, panel->questions);
    while (g_hash_table_iter_next(&iterator, (gpointer *)(void *)&question, NULL)) {
        if (!differ(question, node, other))
            continue;
        more += shown != NULL ? 1 : 0;
        shown = shown != NULL ? shown : question;
    }
    if (shown == NULL || !ucm_cert_read(shown->der, shown->size, &cert))
        return NULL;
    name = result_common_name(cert.subject);
    return g_strdup_printf("about %s: %s %s, %s %s%s", name, site->seen[node].name,
                           words_for(&panel->member[node], &shown->answer[node]),
                           site->seen[other].name,
                           words_for(&panel->member[other], &shown->answer[other]),
                           more > 0 ? "; and about others" : "");
}

char *survey_text(const struct site *site, const uint8_t *der, size_t size)
{
    const struct panel *panel = site->cluster.context;
    const struct question *question = find(panel, der, size);
    GString *text = g_string_new(NULL);

    for (uint32_t i = 0; question != NULL && i < site->cluster.nodes; i++) {
        const char *words =
            site->node[i].from->tvs ? words_for(&panel->member[i], &question->answer[i]) : NULL;

        if (words != NULL)
            g_string_append_printf(text, "%s%s%s %s", text->len > 0 ? ", " : "",
                                   site->seen[i].in_group ? "" : "(outside the group) ",
                                   site->seen[i].name, words);
    }
    return g_string_free(text, text->len == 0);
}
