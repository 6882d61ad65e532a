/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Requests and responses: see tvs-exchange.h. Matched by session id; phones start at 1001 on every
 * connection and close after one answer, so the conversation is the other half of the key.
 */
#include "tvs-exchange.h"

#include <epan/conversation.h>

enum {
    KEPT_REQUEST_MAX = 16 * 1024,      /* one request: two names and a serial number */
    KEPT_TOTAL_MAX = 64 * 1024 * 1024, /* all of a capture: some 300,000 queries */
};

/** The exchanges of one conversation. Nearly always there is one, so it lies here by itself: the
 * trees are made when a second request comes, and hold all but the first. */
struct exchanges {
    struct tvs_exchange *first;
    struct tvs_exchange *latest;
    wmem_tree_t *by_request;  /* {frame, session} */
    wmem_tree_t *by_response; /* {frame, session} */
    wmem_tree_t *by_session;  /* the latest with this session id */
};

static size_t kept_total;

void tvs_exchange_init(void)
{
    kept_total = 0;
}

bool tvs_is_request(const struct ucm_tvs *message)
{
    return message->type == UCM_TVS_VERIFY_REQUEST || message->type == UCM_TVS_QUERY_REQUEST;
}

static bool is_response(const struct ucm_tvs *message)
{
    return message->type == UCM_TVS_VERIFY_RESPONSE || message->type == UCM_TVS_QUERY_RESPONSE;
}

/* ---- look-up ---- */

static struct exchanges *exchanges_of(packet_info *pinfo, int proto)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    struct exchanges *exchanges = conversation_get_proto_data(conversation, proto);

    if (exchanges == NULL) {
        exchanges = wmem_new0(wmem_file_scope(), struct exchanges);
        conversation_add_proto_data(conversation, proto, exchanges);
    }
    return exchanges;
}

static struct tvs_exchange *find(wmem_tree_t *tree, uint32_t frame, uint32_t session)
{
    wmem_tree_key_t key[] = {{1, &frame}, {1, &session}, {0, NULL}};

    return tree == NULL ? NULL : wmem_tree_lookup32_array(tree, key);
}

static void insert(wmem_tree_t *tree, uint32_t frame, uint32_t session,
                   struct tvs_exchange *exchange)
{
    wmem_tree_key_t key[] = {{1, &frame}, {1, &session}, {0, NULL}};

    wmem_tree_insert32_array(tree, key, exchange);
}

static struct tvs_exchange *find_request(const struct exchanges *exchanges, uint32_t frame,
                                         uint32_t session)
{
    struct tvs_exchange *first = exchanges->first;

    if (first != NULL && first->request_frame == frame && first->request_session == session)
        return first;
    return find(exchanges->by_request, frame, session);
}

static struct tvs_exchange *find_response(const struct exchanges *exchanges, uint32_t frame,
                                          uint32_t session)
{
    struct tvs_exchange *first = exchanges->first;

    if (first != NULL && first->response_frame == frame && first->response_session == session)
        return first;
    return find(exchanges->by_response, frame, session);
}

/* The latest with this session id: the first is older than all in the tree. */
static struct tvs_exchange *find_session(const struct exchanges *exchanges, uint32_t session)
{
    struct tvs_exchange *first = exchanges->first;
    struct tvs_exchange *later =
        exchanges->by_session == NULL ? NULL : wmem_tree_lookup32(exchanges->by_session, session);

    if (later != NULL)
        return later;
    return first != NULL && first->request_session == session ? first : NULL;
}

/* ---- first pass ---- */

/* What judging an answer needs: of a verification no more than its header. Beyond the limits a
 * response is judged alone, as when its request was not captured. */
static void keep_request(struct tvs_exchange *exchange, const struct ucm_tvs *message,
                         const uint8_t *data)
{
    bool verify = message->type == UCM_TVS_VERIFY_REQUEST;
    uint32_t size = verify ? MIN(message->size, UCM_TVS_HEADER_SIZE) : message->size;

    if (size > KEPT_REQUEST_MAX || kept_total + size > KEPT_TOTAL_MAX)
        return;
    exchange->request = wmem_memdup(wmem_file_scope(), data, size);
    exchange->request_size = size;
    kept_total += size;
}

static void remember(struct exchanges *exchanges, struct tvs_exchange *exchange)
{
    exchanges->latest = exchange;
    if (exchanges->first == NULL) {
        exchanges->first = exchange;
        return;
    }
    if (exchanges->by_session == NULL) {
        exchanges->by_request = wmem_tree_new(wmem_file_scope());
        exchanges->by_response = wmem_tree_new(wmem_file_scope());
        exchanges->by_session = wmem_tree_new(wmem_file_scope());
    }
    insert(exchanges->by_request, exchange->request_frame, exchange->request_session, exchange);
    wmem_tree_insert32(exchanges->by_session, exchange->request_session, exchange);
}

static struct tvs_exchange *open_exchange(struct exchanges *exchanges, packet_info *pinfo,
                                          const struct ucm_tvs *message, const uint8_t *data)
{
    struct tvs_exchange *exchange = wmem_new0(wmem_file_scope(), struct tvs_exchange);

    exchange->request_frame = pinfo->num;
    exchange->request_session = message->session;
    exchange->request_time = pinfo->abs_ts;
    keep_request(exchange, message, data);
    remember(exchanges, exchange);
    return exchange;
}

/* An answer in another session than any that is open answers the latest open request: that it does
 * so in the wrong session is then a finding and not a riddle. */
static struct tvs_exchange *close_exchange(struct exchanges *exchanges, packet_info *pinfo,
                                           const struct ucm_tvs *message)
{
    struct tvs_exchange *exchange = find_session(exchanges, message->session);

    if (exchange == NULL || exchange->response_frame != 0)
        exchange = exchanges->latest;
    if (exchange == NULL || exchange->response_frame != 0)
        return NULL;
    exchange->response_frame = pinfo->num;
    exchange->response_session = message->session;
    exchange->response_time = pinfo->abs_ts;
    if (exchange != exchanges->first)
        insert(exchanges->by_response, pinfo->num, message->session, exchange);
    return exchange;
}

const struct tvs_exchange *tvs_exchange_of(packet_info *pinfo, int proto,
                                           const struct ucm_tvs *message, const uint8_t *data)
{
    struct exchanges *exchanges;
    bool request = tvs_is_request(message);
    struct tvs_exchange *exchange;

    if (!request && !is_response(message))
        return NULL;
    exchanges = exchanges_of(pinfo, proto);
    exchange = request ? find_request(exchanges, pinfo->num, message->session)
                       : find_response(exchanges, pinfo->num, message->session);
    if (exchange != NULL || PINFO_FD_VISITED(pinfo))
        return exchange;
    return request ? open_exchange(exchanges, pinfo, message, data)
                   : close_exchange(exchanges, pinfo, message);
}

/* ---- judgement ---- */

void tvs_exchange_judge(const struct tvs_exchange *exchange, const struct ucm_tvs *message,
                        const uint8_t *data, packet_info *pinfo, enum tvs_depth depth,
                        struct ucm_findings *findings)
{
    struct ucm_tvs decoded;
    struct ucm_tvs_input request = {NULL, NULL};
    struct ucm_tvs_input answer = {data, message};

    (void)ucm_exchange_lint_message(message, 0, findings);
    if (!is_response(message)) {
        /* Only when the whole capture was seen can it be said that nothing came. */
        if (exchange != NULL && exchange->response_frame == 0 && PINFO_FD_VISITED(pinfo)) {
            struct ucm_finding silent = ucm_finding_make(UCM_TVS_NO_ANSWER, 0, -1, -1);

            (void)ucm_findings_add(findings, &silent);
        }
        return;
    }
    if (depth == TVS_JUDGE_FORM)
        return;
    if (exchange != NULL && exchange->request != NULL) {
        (void)ucm_tvs_decode(exchange->request, exchange->request_size, &decoded);
        request = (struct ucm_tvs_input){exchange->request, &decoded};
    }
    (void)ucm_exchange_lint(request, answer, UCM_ROLE_ANY, depth == TVS_JUDGE_CERTIFICATE,
                            pinfo->abs_ts.secs, 0, findings);
}
