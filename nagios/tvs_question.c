/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Encodes what is asked and judges what was answered: see tvs_question.h. Must not touch a socket.
 * Facts: which tags carry issuer and serial number in a query is not known (common/tvs.h).
 */
#include "tvs_question.h"

#include "common/exchange.h"

/** A question to one node. */
struct question {
    struct tvs_exchange *exchange;
    uint8_t request[UCM_TVS_SIZE_MAX];
    unsigned pairs_tried;
    bool found_nothing; /**< every numbering of a query was tried in vain */
};

struct tvs_questions {
    const struct tvs_question_settings *settings;
    const struct tvs_material *material;
    struct question *question;
    struct tvs_exchange *exchange;
    size_t count;
};

/* ---- asking ---- */

static bool encode(const struct tvs_questions *all, struct question *question)
{
    const struct tvs_question_settings *settings = all->settings;
    const struct tvs_material *material = all->material;
    const uint32_t session = UCM_TVS_FIRST_SESSION + question->pairs_tried;
    size_t size = 0;

    if (settings->query) {
        /* The wanted pair first, then the others in the order of the table. */
        const unsigned tried = question->pairs_tried;
        const unsigned pair = tried == 0                      ? settings->first_pair
                              : tried <= settings->first_pair ? tried - 1
                                                              : tried;
        gsize serial_size = 0;
        const uint8_t *serial = g_bytes_get_data(material->serial, &serial_size);

        size = ucm_tvs_encode_query(question->request, sizeof question->request, session,
                                    settings->device, material->subject, material->issuer, serial,
                                    serial_size, ucm_tvs_query_tags[pair]);
    } else {
        size = ucm_tvs_encode_verify(question->request, sizeof question->request, session,
                                     settings->device, material->wanted, material->wanted_size);
    }
    question->exchange->request = question->request;
    question->exchange->request_size = size;
    return size > 0;
}

/* A query that finds nothing, or that the server drops, may only have the wrong numbering. */
static bool ask_again(struct tvs_exchange *exchange, size_t index, void *user)
{
    const struct tvs_questions *all = user;
    struct question *question = &all->question[index];
    struct ucm_tvs answer;
    const bool dropped = exchange->outcome == TVS_REFUSED && exchange->stage == TVS_STAGE_ANSWER;

    if (!all->settings->query)
        return false;
    if (!dropped &&
        (exchange->outcome != TVS_ANSWERED ||
         !ucm_tvs_decode(exchange->answer, exchange->answer_size, &answer) ||
         !ucm_tvs_has(&answer, UCM_TVS_STATUS_ELEMENT) || answer.status == UCM_TVS_FOUND))
        return false;
    question->pairs_tried++;
    question->found_nothing = question->pairs_tried == UCM_TVS_QUERY_TAG_PAIRS;
    return !question->found_nothing && encode(all, question);
}

struct tvs_questions *tvs_questions_new(const struct tvs_question_settings *settings,
                                        const struct tvs_material *material, char *const *node)
{
    struct tvs_questions *questions = g_new0(struct tvs_questions, 1);

    while (node[questions->count] != NULL)
        questions->count++;
    questions->settings = settings;
    questions->material = material;
    questions->question = g_new0(struct question, questions->count);
    questions->exchange = g_new0(struct tvs_exchange, questions->count);
    for (size_t i = 0; i < questions->count; i++) {
        questions->exchange[i].node = node[i];
        questions->question[i].exchange = &questions->exchange[i];
    }
    return questions;
}

void tvs_questions_free(struct tvs_questions *questions)
{
    for (size_t i = 0; i < questions->count; i++)
        tvs_exchange_clear(&questions->exchange[i]);
    g_free(questions->exchange);
    g_free(questions->question);
    g_free(questions);
}

const char *tvs_questions_ask(struct tvs_questions *questions, const struct tvs_settings *settings,
                              char room[TVS_DETAIL_MAX])
{
    for (size_t i = 0; i < questions->count; i++)
        if (!encode(questions, &questions->question[i]))
            return "the certificate or its names do not fit into a TVS message";
    return tvs_ask(settings, questions->exchange, questions->count, ask_again, questions, room);
}

/* ---- judging ---- */

static void judge_answer(const struct tvs_question_settings *settings,
                         const struct question *question, struct result_tvs *tvs,
                         struct result *result)
{
    const struct tvs_exchange *exchange = question->exchange;
    struct ucm_findings findings = {0};
    struct ucm_tvs request;
    struct ucm_tvs answer;
    struct ucm_tvs_asked asked;
    bool ok = ucm_tvs_decode(exchange->request, exchange->request_size, &request);
    const bool whole = ucm_tvs_decode(exchange->answer, exchange->answer_size, &answer);

    tvs_report_answer(tvs, &answer, exchange->answer);
    ok = ok && ucm_exchange_lint_message(&answer, 0, &findings);
    asked = ucm_tvs_asked((struct ucm_tvs_input){exchange->request, &request});
    if (ok && whole)
        ok = ucm_exchange_lint(&asked, (struct ucm_tvs_input){exchange->answer, &answer},
                               settings->role, true, settings->now, 0, &findings);
    if (question->found_nothing)
        result_add_rule(result, UCM_TVS_QUERY_TAGS_UNSURE, STATE_UNSET, tvs->node, NULL);
    else
        result_add_findings(result, &findings, exchange->answer, tvs->node);
    if (!ok)
        result_add_rule(result, UCM_TVS_UNREACHABLE_HERE, STATE_UNSET, tvs->node, "out of memory");
    ucm_findings_free(&findings);
    if (whole && exchange->ms >= 0)
        tvs->ms = exchange->ms;
}

void tvs_questions_judge(const struct tvs_questions *questions, size_t i, struct result_tvs *tvs,
                         struct result *result)
{
    const struct tvs_question_settings *settings = questions->settings;
    const struct question *question = &questions->question[i];
    const struct tvs_exchange *exchange = question->exchange;

    tvs_report_connection(tvs, exchange);
    if (exchange->outcome == TVS_ANSWERED)
        judge_answer(settings, question, tvs, result);
    else if (exchange->outcome == TVS_REFUSED && question->found_nothing)
        result_add_rule(result, UCM_TVS_QUERY_TAGS_UNSURE, STATE_UNSET, tvs->node, NULL);
    else
        tvs_report_failure(result, &settings->report, tvs->node, exchange);
}
