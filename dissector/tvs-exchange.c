/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Requests and responses: see tvs-exchange.h. Matched by session id; phones start at 1001 on every
 * connection and close after one answer, so the conversation is the other half of the key.
 */
#include "tvs-exchange.h"

#include <epan/conversation.h>

#include <string.h>

static const int64_t SECOND = 1000000000, SECONDS_MAX = 9000000000;

/** Exchanges in the order of a key, in one block: a map would take four times the memory. */
struct row {
    struct tvs_exchange **item;
    uint32_t count;
};

/** The exchanges of one conversation. Nearly always there is one, so it lies here by itself: the
 * rest is made when a second request comes, and holds all but the first. */
struct exchanges {
    struct tvs_exchange *first;
    struct tvs_exchange *latest;
    struct row by_request;
    struct row by_response;
    wmem_map_t *open; /* those before the latest that wait for an answer, by session id */
    uint32_t requests;
};

/* Issuers and serial numbers of queries: phones ask about few certificates, again and again. */
static struct kept_all *all_asked;

void tvs_exchange_init(void)
{
    all_asked = kept_all_new(wmem_file_scope());
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

/* ---- rows ---- */

/* The two halves of an exchange as keys. Frames only grow on the first pass, and in one frame
 * nearly always the sessions: so nearly always a row grows at its end. */
typedef uint64_t key_function(const struct tvs_exchange *exchange);

static uint64_t half_key(uint32_t frame, uint32_t session)
{
    return (uint64_t)frame << 32 | session;
}

static uint64_t request_key(const struct tvs_exchange *exchange)
{
    return half_key(exchange->request_frame, exchange->request_session);
}

static uint64_t response_key(const struct tvs_exchange *exchange)
{
    return half_key(exchange->response_frame, exchange->response_session);
}

/* The first place whose key is not smaller. */
static uint32_t place_of(const struct row *row, key_function *key, uint64_t wanted)
{
    uint32_t low = 0;
    uint32_t high = row->count;

    if (high > 0 && key(row->item[high - 1]) < wanted)
        return high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (key(row->item[middle]) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void insert(struct row *row, key_function *key, struct tvs_exchange *exchange)
{
    uint32_t at = place_of(row, key, key(exchange));
    bool full = (row->count & (row->count - 1)) == 0; /* 0, or a power of 2 */

    if (full)
        row->item = wmem_realloc(wmem_file_scope(), row->item,
                                 sizeof(struct tvs_exchange *) * MAX(2 * (size_t)row->count, 1));
    memmove(row->item + at + 1, row->item + at, sizeof(struct tvs_exchange *) * (row->count - at));
    row->item[at] = exchange;
    row->count++;
}

/* The first of a conversation, often the only one, is in no row. */
static struct tvs_exchange *find_half(struct tvs_exchange *first, const struct row *row,
                                      key_function *key, uint64_t wanted)
{
    uint32_t at;

    if (first != NULL && key(first) == wanted)
        return first;
    at = place_of(row, key, wanted);
    return at < row->count && key(row->item[at]) == wanted ? row->item[at] : NULL;
}

/* The latest with this session id; one that has its answer already may be found, or nothing. */
static struct tvs_exchange *find_session(const struct exchanges *exchanges, uint32_t session)
{
    struct tvs_exchange *latest = exchanges->latest;

    if (latest != NULL && latest->request_session == session)
        return latest;
    return exchanges->open == NULL ? NULL
                                   : wmem_map_lookup(exchanges->open, GUINT_TO_POINTER(session));
}

/* ---- first pass ---- */

/* What a query asks for, which judging the certificate in its answer needs: less than 64 KB, as all
 * of a message. When no more can be kept that is judged alone. */
static void keep_asked(struct tvs_exchange *exchange, const struct ucm_tvs *message,
                       const uint8_t *data, wmem_allocator_t *pool)
{
    const struct ucm_tvs_asked asked = ucm_tvs_asked((struct ucm_tvs_input){data, message});
    const struct ucm_view issuer = asked.issuer;
    const struct ucm_view serial = asked.serial;
    uint8_t *both;

    if (asked.type != UCM_TVS_QUERY_REQUEST)
        return;
    both = wmem_alloc(pool, (size_t)issuer.len + serial.len + 1);
    memcpy(both, data + issuer.off, issuer.len);
    memcpy(both + issuer.len, data + serial.off, serial.len);
    exchange->asked = kept_get(all_asked, both, issuer.len + serial.len);
    exchange->issuer_size = (uint16_t)issuer.len;
    exchange->has_serial = exchange->asked != NULL && asked.has_serial;
}

/* Phones wait for an answer before they ask again, so nearly always nothing is open by then. Who
 * asks again in the same session does not wait for its first answer any more. */
static void keep_open(struct exchanges *exchanges, struct tvs_exchange *exchange)
{
    if (exchange->response_frame != 0)
        return;
    if (exchanges->open == NULL)
        exchanges->open = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
    wmem_map_insert(exchanges->open, GUINT_TO_POINTER(exchange->request_session), exchange);
}

static void remember(struct exchanges *exchanges, struct tvs_exchange *exchange)
{
    if (exchanges->first == NULL) {
        exchanges->first = exchange;
    } else {
        keep_open(exchanges, exchanges->latest);
        insert(&exchanges->by_request, request_key, exchange);
    }
    exchanges->latest = exchange;
}

static struct tvs_exchange *open_exchange(struct exchanges *exchanges, packet_info *pinfo,
                                          const struct ucm_tvs *message, const uint8_t *data)
{
    struct tvs_exchange *exchange = wmem_new0(wmem_file_scope(), struct tvs_exchange);

    exchange->number = ++exchanges->requests;
    exchange->request_frame = pinfo->num;
    exchange->request_session = message->session;
    exchange->request_time = pinfo->abs_ts;
    exchange->request_type = message->type;
    keep_asked(exchange, message, data, pinfo->pool);
    remember(exchanges, exchange);
    return exchange;
}

/* Nanoseconds, as many as fit: clocks in a capture may say anything. */
static int64_t span(const nstime_t *from, const nstime_t *to)
{
    nstime_t delta;

    nstime_delta(&delta, to, from);
    return CLAMP((int64_t)delta.secs, -SECONDS_MAX, SECONDS_MAX) * SECOND + delta.nsecs;
}

nstime_t tvs_exchange_took(const struct tvs_exchange *exchange)
{
    nstime_t took = {.secs = (time_t)(exchange->took / SECOND),
                     .nsecs = (int)(exchange->took % SECOND)};

    return took;
}

/* An answer in another session than any that is open answers the latest open request: that it does
 * so in the wrong session is then a finding and not a riddle. */
static struct tvs_exchange *close_exchange(struct exchanges *exchanges, packet_info *pinfo,
                                           const struct ucm_tvs *message)
{
    struct tvs_exchange *exchange = find_session(exchanges, message->session);

    if (exchange == NULL)
        exchange = exchanges->latest;
    if (exchange == NULL || exchange->response_frame != 0)
        return NULL;
    exchange->response_frame = pinfo->num;
    exchange->response_session = message->session;
    exchange->took = span(&exchange->request_time, &pinfo->abs_ts);
    if (exchanges->open != NULL)
        wmem_map_remove(exchanges->open, GUINT_TO_POINTER(exchange->request_session));
    if (exchange != exchanges->first)
        insert(&exchanges->by_response, response_key, exchange);
    return exchange;
}

const struct tvs_exchange *tvs_exchange_of(packet_info *pinfo, int proto,
                                           const struct ucm_tvs *message, const uint8_t *data)
{
    struct exchanges *exchanges;
    bool request = tvs_is_request(message);
    struct tvs_exchange *exchange;
    uint64_t half;

    if (!request && !tvs_is_response(message))
        return NULL;
    exchanges = exchanges_of(pinfo, proto);
    half = half_key(pinfo->num, message->session);
    exchange = request ? find_half(exchanges->first, &exchanges->by_request, request_key, half)
                       : find_half(exchanges->first, &exchanges->by_response, response_key, half);
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

/* See keep_asked(). */
static struct ucm_tvs_asked asked_by(const struct tvs_exchange *exchange)
{
    const struct kept *kept = exchange->asked;
    struct ucm_tvs_asked asked = {.data = (const uint8_t *)"",
                                  .session = exchange->request_session,
                                  .type = exchange->request_type,
                                  .has_serial = exchange->has_serial};

    if (kept == NULL)
        return asked;
    asked.data = kept->data;
    asked.issuer = (struct ucm_view){0, exchange->issuer_size};
    asked.serial = (struct ucm_view){exchange->issuer_size, kept->size - exchange->issuer_size};
    return asked;
}

void tvs_exchange_judge(const struct tvs_exchange *exchange, const struct ucm_tvs *message,
                        const uint8_t *data, packet_info *pinfo, enum tvs_depth depth,
                        struct ucm_findings *findings)
{
    struct ucm_tvs_asked asked;
    struct ucm_tvs_input answer = {data, message};

    (void)ucm_exchange_lint_message(message, 0, findings);
    if (!tvs_is_response(message)) {
        if (exchange != NULL)
            judge_request(exchange, pinfo, findings);
        return;
    }
    if (depth == TVS_JUDGE_FORM)
        return;
    if (exchange != NULL)
        asked = asked_by(exchange);
    (void)ucm_exchange_lint(exchange != NULL ? &asked : NULL, answer, UCM_ROLE_ANY,
                            depth == TVS_JUDGE_CERTIFICATE, pinfo->abs_ts.secs, 0, findings);
}
