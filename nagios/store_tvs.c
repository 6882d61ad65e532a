/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Asks by verify (type 1), one certificate after the other, a few connections to each node at a
 * time: see store_tvs.h. Facts: roles by store, Cisco document 210541; answers, document 213407.
 */
#include "store_tvs.h"

#include "address.h"

#include <string.h>

enum {
    QUESTIONS_MAX = 256,
    LANES_PER_NODE = 4, /* TVS serves phones as well */
    FRAME_MAX = 64,     /* what a verify request adds to the certificate */
    NAMED_MAX = 3,      /* certificates that a finding names */
};

#define NOTHING G_MAXUINT /* what a lane asks that has asked all */

/* With these a phone accepts what a certificate signed. */
#define SIGNER_ROLES                                                                               \
    (UCM_ROLE_BIT(UCM_ROLE_SAST) | UCM_ROLE_BIT(UCM_ROLE_CCM_TFTP) | UCM_ROLE_BIT(UCM_ROLE_TFTP))

/** One certificate. */
struct question {
    const struct ucm_stored_cert *certificate;
    bool signer; /* the stores say that TVS vouches for it */
    uint8_t *request;
    size_t request_size;
};

/** One node. */
struct member {
    char *name; /* as given, printable */
    char *host;
    char *port;
    unsigned next; /* question that nobody asks yet */
    unsigned answers;
    bool failed;     /* a question that was not answered was reported, and ends it */
    GPtrArray *less; /* of const struct ucm_stored_cert */
    GPtrArray *more;
    struct result_tvs *tvs;
};

/** Everything about one round of questions. */
struct round {
    const struct store_tvs_settings *settings;
    struct result *result;
    GArray *question;
    struct member *member;
    unsigned members;
    unsigned lanes; /* of each node */
    unsigned *asks; /* question that each lane has asked; by lane */
};

/* ---- questions ---- */

static bool asks_about(enum ucm_store store)
{
    return store == UCM_STORE_CALLMANAGER_TRUST || (ucm_store_roles(store) & SIGNER_ROLES) != 0;
}

/* The same certificate lies in many places: what any of them gives it counts. */
static void note(GHashTable *known, GArray *questions, const struct ucm_stored *item)
{
    const bool signer = (ucm_store_roles(item->store) & SIGNER_ROLES) != 0;
    gpointer index = NULL;

    if (!asks_about(item->store) || (item->certificate->known & UCM_KNOWN_DER) == 0)
        return;
    if (g_hash_table_lookup_extended(known, item->certificate, NULL, &index)) {
        g_array_index(questions, struct question, GPOINTER_TO_UINT(index)).signer |= signer;
    } else {
        const struct question question = {.certificate = item->certificate, .signer = signer};

        g_hash_table_insert(known, (gpointer)(uintptr_t)item->certificate,
                            GUINT_TO_POINTER(questions->len));
        g_array_append_val(questions, question);
    }
}

/* False when it does not fit into a message: then no phone can ask about it either. */
static bool make_request(struct question *question)
{
    const size_t room = question->certificate->size + FRAME_MAX;

    question->request = g_malloc(room);
    question->request_size =
        ucm_tvs_encode_verify(question->request, room, UCM_TVS_FIRST_SESSION, TVS_DEVICE,
                              question->certificate->der, question->certificate->size);
    return question->request_size > 0;
}

static void question_clear(gpointer item)
{
    g_free(((struct question *)item)->request);
}

static GArray *make_questions(const struct ucm_stores *stores)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_direct_hash, g_direct_equal);
    GArray *questions = g_array_new(FALSE, FALSE, sizeof(struct question));

    g_array_set_clear_func(questions, question_clear);
    for (uint32_t i = 0; i < stores->count; i++)
        note(known, questions, &stores->item[i]);
    for (unsigned i = questions->len; i > 0; i--)
        if (!make_request(&g_array_index(questions, struct question, i - 1)))
            g_array_remove_index(questions, i - 1);
    return questions;
}

static GArray *make_pins(const struct ucm_stores *stores)
{
    GArray *pins = g_array_new(FALSE, FALSE, sizeof(struct tvs_pin));

    for (uint32_t i = 0; i < stores->count; i++) {
        const struct ucm_stored_cert *certificate = stores->item[i].certificate;
        const struct tvs_pin pin = {certificate->der, certificate->size};

        if (stores->item[i].store == UCM_STORE_TVS && (certificate->known & UCM_KNOWN_DER) != 0)
            g_array_append_val(pins, pin);
    }
    return pins;
}

/* ---- answers ---- */

/* A failure ends the questions to a node: it is said once, and what was not asked stays open. */
static void take_failure(struct round *round, struct member *member,
                         const struct tvs_exchange *exchange)
{
    if (member->failed)
        return;
    member->failed = true;
    tvs_report_failure(round->result, &round->settings->report, member->name, exchange);
}

static void take_answer(struct round *round, struct member *member, const struct question *question,
                        const struct tvs_exchange *exchange)
{
    struct ucm_tvs message;
    bool vouches = false;

    if (!tvs_report_is_answer(exchange, round->settings->now, &message)) {
        if (!member->failed)
            result_add_rule(round->result, UCM_TVS_NOT_TVS, STATE_UNSET, member->name,
                            "it answers something else than was asked");
        member->failed = true;
        return;
    }
    if (member->answers++ == 0) {
        tvs_report_answer(member->tvs, &message, exchange->answer);
        member->tvs->ms = exchange->ms;
    }
    vouches = message.status == UCM_TVS_FOUND &&
              (tvs_report_roles(&message, exchange->answer) & SIGNER_ROLES) != 0;
    if (vouches != question->signer)
        g_ptr_array_add(vouches ? member->more : member->less,
                        (gpointer)(uintptr_t)question->certificate);
}

static bool load_next(struct round *round, struct member *member, unsigned lane,
                      struct tvs_exchange *exchange)
{
    const struct question *question = NULL;

    round->asks[lane] = NOTHING;
    if (member->failed || member->next == MIN(round->question->len, (unsigned)QUESTIONS_MAX))
        return false;
    round->asks[lane] = member->next++;
    question = &g_array_index(round->question, struct question, round->asks[lane]);
    exchange->request = question->request;
    exchange->request_size = question->request_size;
    return true;
}

static void take(struct round *round, unsigned lane, const struct tvs_exchange *exchange)
{
    struct member *member = &round->member[lane / round->lanes];

    if (member->tvs->tls == NULL && exchange->tls[0] != '\0')
        tvs_report_connection(member->tvs, exchange);
    if (exchange->outcome == TVS_ANSWERED)
        take_answer(round, member,
                    &g_array_index(round->question, struct question, round->asks[lane]), exchange);
    else
        take_failure(round, member, exchange);
}

/* tvs_again_function */
static bool again(struct tvs_exchange *exchange, size_t index, void *user)
{
    struct round *round = user;
    struct member *member = &round->member[index / round->lanes];

    take(round, (unsigned)index, exchange);
    g_clear_pointer(&exchange->certificate, g_free);
    return load_next(round, member, (unsigned)index, exchange);
}

/* ---- what came of it ---- */

static char *names_of(const GPtrArray *certificates)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < certificates->len && i < NAMED_MAX; i++) {
        const struct ucm_stored_cert *certificate = g_ptr_array_index(certificates, i);
        g_autofree char *name = result_common_name(certificate->cert.subject);

        g_string_append_printf(text, "%s%s serial %s", i > 0 ? ", " : "", name,
                               certificate->cert.serial_hex);
    }
    if (certificates->len > NAMED_MAX)
        g_string_append_printf(text, " and %u more", certificates->len - NAMED_MAX);
    return g_string_free(text, FALSE);
}

static void add_difference(const struct round *round, const struct member *member,
                           enum ucm_finding_id id, const GPtrArray *certificates)
{
    g_autofree char *names = names_of(certificates);

    if (certificates->len > 0)
        result_add_rule(round->result, id, STATE_UNSET, member->name, names);
}

static void report(const struct round *round, const struct member *member)
{
    const unsigned all = round->question->len;

    add_difference(round, member, UCM_ST_TVS_LESS, member->less);
    add_difference(round, member, UCM_ST_TVS_MORE, member->more);
    if (!member->failed && member->answers < all) {
        g_autofree char *detail =
            g_strdup_printf("%u of %u; %s", all - member->answers, all,
                            all > QUESTIONS_MAX ? "too many" : "time ran out");

        result_add_rule(round->result, UCM_ST_TVS_UNASKED, STATE_UNSET, member->name, detail);
    }
}

/* ---- the round ---- */

static void add_unasked(const struct round *round, const char *why)
{
    for (unsigned i = 0; i < round->members; i++)
        result_add_rule(round->result, UCM_ST_TVS_UNASKED, STATE_UNSET, round->member[i].name, why);
}

/* There are at least as many questions as a node has lanes, so each lane has one to begin with. */
static void run(struct round *round, const struct tvs_settings *settings)
{
    const unsigned count = round->members * round->lanes;
    struct tvs_exchange *exchange = g_new0(struct tvs_exchange, count);
    char room[TVS_DETAIL_MAX];
    const char *why = NULL;

    round->asks = g_new0(unsigned, count);
    for (unsigned i = 0; i < count; i++) {
        struct member *member = &round->member[i / round->lanes];

        exchange[i].node = member->host;
        exchange[i].port = member->port;
        (void)load_next(round, member, i, &exchange[i]);
    }
    why = tvs_ask(settings, exchange, count, again, round, room);
    for (unsigned i = 0; i < count; i++) {
        if (why == NULL && round->asks[i] != NOTHING)
            take(round, i, &exchange[i]);
        tvs_exchange_clear(&exchange[i]);
    }
    if (why != NULL)
        add_unasked(round, why);
    for (unsigned i = 0; i < round->members && why == NULL; i++)
        report(round, &round->member[i]);
    g_free(exchange);
    g_free(round->asks);
}

static struct member *make_members(const struct store_tvs_settings *settings, unsigned count,
                                   struct result *result)
{
    struct member *member = g_new0(struct member, count);

    for (unsigned i = 0; i < count; i++) {
        member[i].name = printable_text(settings->node[i]);
        (void)address_part(settings->node[i], &member[i].host, &member[i].port);
        member[i].less = g_ptr_array_new();
        member[i].more = g_ptr_array_new();
        member[i].tvs = result_add_tvs(result, settings->node[i]);
    }
    return member;
}

static void free_members(struct member *member, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        g_free(member[i].name);
        g_free(member[i].host);
        g_free(member[i].port);
        g_ptr_array_unref(member[i].less);
        g_ptr_array_unref(member[i].more);
    }
    g_free(member);
}

void store_tvs_ask(const struct store_tvs_settings *settings, const struct ucm_stores *stores,
                   struct result *result)
{
    const unsigned members =
        settings->node != NULL ? g_strv_length((char **)(uintptr_t)settings->node) : 0;
    g_autoptr(GArray) questions = make_questions(stores);
    g_autoptr(GArray) pins = make_pins(stores);
    const struct tvs_settings tvs = {
        .port = TVS_PORT,
        .pin = (const struct tvs_pin *)(const void *)pins->data,
        .pins = pins->len,
        .legacy = settings->legacy,
        .client_cert = settings->client_cert,
        .client_key = settings->client_key != NULL ? settings->client_key : settings->client_cert};
    struct round round = {.settings = settings,
                          .result = result,
                          .question = questions,
                          .member = make_members(settings, members, result),
                          .members = members,
                          .lanes = MIN(questions->len, (unsigned)LANES_PER_NODE)};

    if (pins->len == 0)
        add_unasked(&round, "the stores hold no certificate of a TVS server to know it by");
    else if (questions->len == 0)
        add_unasked(&round, "the stores hold no certificate that phones may meet as a signer");
    else if (members > 0)
        run(&round, &tvs);
    free_members(round.member, members);
}
