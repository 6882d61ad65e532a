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
 * maps are made when a second request comes, and hold all but the first. */
struct exchanges {
    struct tvs_exchange *first;
    struct tvs_exchange *latest;
    wmem_map_t *by_request;  /* {frame, session} */
    wmem_map_t *by_response; /* {frame, session} */
    wmem_tree_t *by_session; /* the latest with this session id */
    uint32_t requests;
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

bool tvs_is_response(const struct ucm_tvs *message)
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

/* The two halves of an exchange as keys of a map. A stranger chooses session ids, so the hash is
 * one that cannot be aimed at. */
static guint half_hash(uint32_t frame, uint32_t session)
{
    uint32_t half[] = {frame, session};

    return wmem_strong_hash((const uint8_t *)half, sizeof half);
}

static guint request_hash(const void *key)
{
    const struct tvs_exchange *exchange = key;

    return half_hash(exchange->request_frame, exchange->request_session);
}

static gboolean request_equal(const void *a, const void *b)
{
    const struct tvs_exchange *one = a, *other = b;

    return one->request_frame == other->request_frame &&
           one->request_session == other->request_session;
}

static guint response_hash(const void *key)
{
    const struct tvs_exchange *exchange = key;

    return half_hash(exchange->response_frame, exchange->response_session);
}

static gboolean response_equal(const void *a, const void *b)
{
    const struct tvs_exchange *one = a, *other = b;

    return one->response_frame == other->response_frame &&
           one->response_session == other->response_session;
}

/* The first of a conversation, often the only one, is in no map. */
static struct tvs_exchange *find_half(struct tvs_exchange *first, GEqualFunc same, wmem_map_t *map,
                                      const struct tvs_exchange *half)
{
    if (first != NULL && same(first, half))
        return first;
    return map == NULL ? NULL : wmem_map_lookup(map, half);
}

static struct tvs_exchange *find_request(const struct exchanges *exchanges, uint32_t frame,
                                         uint32_t session)
{
    return find_half(exchanges->first, request_equal, exchanges->by_request,
                     &(struct tvs_exchange){.request_frame = frame, .request_session = session});
}

static struct tvs_exchange *find_response(const struct exchanges *exchanges, uint32_t frame,
                                          uint32_t session)
{
    return find_half(exchanges->first, response_equal, exchanges->by_response,
                     &(struct tvs_exchange){.response_frame = frame, .response_session = session});
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
        exchanges->by_request = wmem_map_new(wmem_file_scope(), request_hash, request_equal);
        exchanges->by_response = wmem_map_new(wmem_file_scope(), response_hash, response_equal);
        exchanges->by_session = wmem_tree_new(wmem_file_scope());
    }
    wmem_map_insert(exchanges->by_request, exchange, exchange);
    wmem_tree_insert32(exchanges->by_session, exchange->request_session, exchange);
}

static struct tvs_exchange *open_exchange(struct exchanges *exchanges, packet_info *pinfo,
                                          const struct ucm_tvs *message, const uint8_t *data)
{
    struct tvs_exchange *exchange = wmem_new0(wmem_file_scope(), struct tvs_exchange);

    exchange->number = ++exchanges->requests;
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
        wmem_map_insert(exchanges->by_response, exchange, exchange);
    return exchange;
}

const struct tvs_exchange *tvs_exchange_of(packet_info *pinfo, int proto,
                                           const struct ucm_tvs *message, const uint8_t *data)
{
    struct exchanges *exchanges;
    bool request = tvs_is_request(message);
    struct tvs_exchange *exchange;

    if (!request && !tvs_is_response(message))
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

static void add(struct ucm_findings *findings, enum ucm_finding_id id, int64_t found)
{
    struct ucm_finding finding = ucm_finding_make(id, 0, -1, found);

    (void)ucm_findings_add(findings, &finding);
}

/* Only when the whole capture was seen can it be said that nothing came. */
static void judge_request(const struct tvs_exchange *exchange, const packet_info *pinfo,
                          struct ucm_findings *findings)
{
    if (exchange->number > 1)
        add(findings, UCM_TVS_SEVERAL_REQUESTS, exchange->number);
    if (exchange->response_frame == 0 && PINFO_FD_VISITED(pinfo))
        add(findings, UCM_TVS_NO_ANSWER, -1);
}

void tvs_exchange_judge(const struct tvs_exchange *exchange, const struct ucm_tvs *message,
                        const uint8_t *data, packet_info *pinfo, enum tvs_depth depth,
                        struct ucm_findings *findings)
{
    struct ucm_tvs decoded;
    struct ucm_tvs_input request = {NULL, NULL};
    struct ucm_tvs_input answer = {data, message};

    (void)ucm_exchange_lint_message(message, 0, findings);
    if (!tvs_is_response(message)) {
        if (exchange != NULL)
            judge_request(exchange, pinfo, findings);
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
