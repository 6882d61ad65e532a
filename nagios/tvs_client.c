/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Many TVS questions in one poll loop: a state machine for each node. Must not judge answers.
 * Facts: one request per connection, the phone closes after the answer (document 213407).
 */
#include "tvs_client.h"

#include "plugin.h"
#include "resolve.h"
#include "tvs_tls.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    GRACE_MS = 10, /* how long to look for more than one message after the answer */
    ANSWER_ROOM = UCM_TVS_SIZE_MAX + 1,
};

/** One node on its way. */
struct node {
    struct tvs_exchange *exchange;
    const struct tvs_settings *settings;
    SSL_CTX *context;
    struct resolve *resolve;
    struct addrinfo *addresses;
    const struct addrinfo *address; /**< the one that is tried */
    int fd;
    SSL *ssl;
    struct tvs_peer peer;
    short events;
    bool done;
    bool complete; /**< the message is here, only looking for more */
    int64_t started_us;
    int64_t limit_ms;   /**< of this step, on the clock of plugin.h; 0 for none */
    int64_t give_up_ms; /**< of this question; 0 for none */
};

const char *tvs_stage_name(enum tvs_stage stage)
{
    static const char *const NAMES[] = {"resolve",  "connect", "handshake",
                                        "identity", "request", "answer"};

    return NAMES[stage];
}

void tvs_exchange_clear(struct tvs_exchange *exchange)
{
    g_free(exchange->answer);
    g_free(exchange->certificate);
}

static int64_t clock_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- ends ---- */

static void hang_up(struct node *node)
{
    if (node->ssl != NULL) {
        /* Say goodbye as the phone does, but wait for nothing. */
        if (SSL_is_init_finished(node->ssl) && node->exchange->outcome == TVS_ANSWERED)
            (void)SSL_shutdown(node->ssl);
        ERR_clear_error();
        SSL_free(node->ssl);
        node->ssl = NULL;
    }
    if (node->fd != -1)
        close(node->fd);
    node->fd = -1;
}

static void end(struct node *node, enum tvs_outcome outcome, const char *detail)
{
    node->exchange->outcome = outcome;
    if (detail != NULL)
        g_strlcpy(node->exchange->detail, detail, sizeof node->exchange->detail);
    g_strlcpy(node->exchange->identity, node->peer.subject, sizeof node->exchange->identity);
    hang_up(node);
    g_free(node->exchange->certificate);
    node->exchange->certificate = g_steal_pointer(&node->peer.certificate);
    node->exchange->certificate_size = node->peer.certificate_size;
    node->done = true;
}

static void end_tls(struct node *node, int result)
{
    struct tvs_exchange *exchange = node->exchange;
    const int system_error = errno;
    const int error = SSL_get_error(node->ssl, result);
    enum tvs_outcome outcome = tvs_tls_failure(node->settings, &node->peer, exchange->stage, error,
                                               system_error, exchange->detail);

    if (outcome == TVS_STRANGER)
        exchange->stage = TVS_STAGE_IDENTITY;
    /* The start of an answer is an answer: the decoder says where it breaks off. */
    if (exchange->answer_size > 0)
        outcome = TVS_ANSWERED;
    end(node, outcome, NULL);
}

/* Would the call go on when the socket is ready? Then remember for what. */
static bool wants_more(struct node *node, int result)
{
    const int error = SSL_get_error(node->ssl, result);

    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
        return false;
    node->events = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    return true;
}

/* ---- stages ---- */

static void finish_message(struct node *node)
{
    node->complete = true;
    node->exchange->ms = (double)(clock_us() - node->started_us) / 1000;
    node->limit_ms = plugin_clock_ms() + GRACE_MS;
}

/* Take what came. False when nothing more is wanted. */
static bool took_enough(struct node *node)
{
    struct tvs_exchange *exchange = node->exchange;
    const uint32_t size = ucm_tvs_message_size(exchange->answer, exchange->answer_size);

    if (exchange->answer_size < UCM_TVS_HEADER_SIZE)
        return false;
    if (size == 0)
        return true; /* not a TVS message: more of it would not make it one */
    if (!node->complete && exchange->answer_size >= size)
        finish_message(node);
    return exchange->answer_size == ANSWER_ROOM;
}

static void read_answer(struct node *node)
{
    struct tvs_exchange *exchange = node->exchange;

    exchange->stage = TVS_STAGE_ANSWER;
    if (exchange->answer == NULL)
        exchange->answer = g_malloc(ANSWER_ROOM);
    for (;;) {
        int got = 0;

        ERR_clear_error();
        errno = 0;
        got = SSL_read(node->ssl, exchange->answer + exchange->answer_size,
                       (int)(ANSWER_ROOM - exchange->answer_size));
        if (got <= 0) {
            if (!wants_more(node, got))
                end_tls(node, got);
            return;
        }
        exchange->answer_size += (size_t)got;
        if (took_enough(node)) {
            end(node, TVS_ANSWERED, NULL);
            return;
        }
    }
}

static void send_request(struct node *node)
{
    int sent = 0;

    node->exchange->stage = TVS_STAGE_REQUEST;
    ERR_clear_error();
    errno = 0;
    sent = SSL_write(node->ssl, node->exchange->request, (int)node->exchange->request_size);
    if (sent > 0)
        read_answer(node);
    else if (!wants_more(node, sent))
        end_tls(node, sent);
}

static void shake_hands(struct node *node)
{
    struct tvs_exchange *exchange = node->exchange;
    int result = 0;

    exchange->stage = TVS_STAGE_HANDSHAKE;
    ERR_clear_error();
    errno = 0;
    result = SSL_do_handshake(node->ssl);
    if (result != 1) {
        if (!wants_more(node, result))
            end_tls(node, result);
        return;
    }
    g_strlcpy(exchange->tls, SSL_get_version(node->ssl), sizeof exchange->tls);
    g_strlcpy(exchange->cipher, SSL_get_cipher_name(node->ssl), sizeof exchange->cipher);
    if (!node->peer.trusted) {
        /* A cipher suite without certificates: nobody was identified. */
        exchange->stage = TVS_STAGE_IDENTITY;
        end(node, TVS_STRANGER, "the server showed no certificate");
        return;
    }
    send_request(node);
}

static void start_tls(struct node *node)
{
    const int on = 1;

    (void)setsockopt(node->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    node->limit_ms = 0;
    memset(&node->peer, 0, sizeof node->peer);
    node->ssl = tvs_tls_start(node->context, node->fd, &node->peer);
    if (node->ssl == NULL)
        end(node, TVS_LOCAL, "out of memory");
    else
        shake_hands(node);
}

/* Try the addresses from node->address on, until one is on its way. Each may take its share of
 * what is left, so that one that swallows packets leaves time for the next. */
static void connect_next(struct node *node)
{
    int error = 0;

    node->exchange->stage = TVS_STAGE_CONNECT;
    for (; node->address != NULL; node->address = node->address->ai_next) {
        const struct addrinfo *to = node->address;
        unsigned rest = 1;

        node->fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (node->fd != -1 && connect(node->fd, to->ai_addr, to->ai_addrlen) == 0) {
            start_tls(node);
            return;
        }
        error = errno;
        if (node->fd != -1 && error == EINPROGRESS) {
            for (const struct addrinfo *more = to->ai_next; more != NULL; more = more->ai_next)
                rest++;
            node->limit_ms = rest == 1 ? 0 : plugin_clock_ms() + plugin_left_ms() / rest;
            node->events = POLLOUT;
            return;
        }
        if (node->fd != -1)
            close(node->fd);
        node->fd = -1;
    }
    end(node, tvs_is_ours(error) ? TVS_LOCAL : TVS_REFUSED, g_strerror(error));
}

static const struct addrinfo *next_address(const struct node *node)
{
    return node->address != NULL ? node->address->ai_next : NULL;
}

static void connected(struct node *node)
{
    int error = 0;
    socklen_t size = sizeof error;

    if (getsockopt(node->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        error = errno;
    if (error == 0) {
        start_tls(node);
        return;
    }
    close(node->fd);
    node->fd = -1;
    node->address = next_address(node);
    /* Only what was connected can be reset; before that it is refused. */
    if (error == ECONNRESET)
        node->exchange->stage = TVS_STAGE_HANDSHAKE;
    if (node->address != NULL)
        connect_next(node);
    else
        end(node, tvs_is_ours(error) ? TVS_LOCAL : TVS_REFUSED, g_strerror(error));
}

static void set_patience(struct node *node)
{
    const int64_t patience = node->settings->patience_ms;

    node->give_up_ms = patience > 0 ? plugin_clock_ms() + patience : 0;
}

static void begin(struct node *node)
{
    struct tvs_exchange *exchange = node->exchange;

    exchange->outcome = TVS_PENDING;
    exchange->answer_size = 0;
    exchange->detail[0] = '\0';
    exchange->ms = -1;
    node->done = false;
    node->complete = false;
    node->limit_ms = 0;
    node->started_us = clock_us();
    set_patience(node);
    connect_next(node);
}

static void resolved(struct node *node)
{
    const int error = resolve_take(g_steal_pointer(&node->resolve), &node->addresses);
    char text[TVS_DETAIL_MAX] = "the name does not resolve";

    if (error != 0 || node->addresses == NULL) {
        if (error != EAI_SYSTEM && error != 0)
            g_snprintf(text, sizeof text, "the name does not resolve: %s", gai_strerror(error));
        end(node, TVS_LOCAL, text);
        return;
    }
    node->address = node->addresses;
    begin(node);
}

static void step(struct node *node)
{
    switch (node->exchange->stage) {
    case TVS_STAGE_RESOLVE:
        resolved(node);
        break;
    case TVS_STAGE_CONNECT:
        connected(node);
        break;
    case TVS_STAGE_HANDSHAKE:
    case TVS_STAGE_IDENTITY:
        shake_hands(node);
        break;
    case TVS_STAGE_REQUEST:
        send_request(node);
        break;
    case TVS_STAGE_ANSWER:
        read_answer(node);
        break;
    }
}

/* Its own limit has passed: more than the answer did not come, or an address stays silent. */
static void limit_passed(struct node *node)
{
    node->limit_ms = 0;
    if (node->complete) {
        end(node, TVS_ANSWERED, NULL);
        return;
    }
    close(node->fd);
    node->fd = -1;
    node->address = next_address(node);
    connect_next(node);
}

static void out_of_time(struct node *node)
{
    char text[TVS_DETAIL_MAX];

    if (node->complete) {
        end(node, TVS_ANSWERED, NULL);
        return;
    }
    if (node->exchange->stage == TVS_STAGE_RESOLVE) {
        plugin_leave_behind();
        end(node, TVS_LOCAL, "the name did not resolve in time");
        return;
    }
    g_snprintf(text, sizeof text, "no answer in time");
    if (node->exchange->answer_size > 0)
        g_snprintf(text, sizeof text, "not complete in time, %zu bytes came",
                   node->exchange->answer_size);
    end(node, TVS_SILENT, text);
}

/* ---- the loop ---- */

/* Milliseconds to wait for events: until the deadline or the first limit of a node. */
static int wait_ms(const struct node *nodes, size_t count)
{
    const int64_t now = plugin_clock_ms();
    int64_t until = now + plugin_left_ms();

    for (size_t i = 0; i < count; i++) {
        const struct node *node = &nodes[i];

        if (!node->done && node->limit_ms != 0)
            until = MIN(until, node->limit_ms);
        if (!node->done && node->give_up_ms != 0)
            until = MIN(until, node->give_up_ms);
    }
    return (int)CLAMP(until - now, 0, G_MAXINT);
}

/** What poll() looks at. Only nodes that are under way: it refuses more entries than this process
 * may have files, even empty ones. */
struct watched {
    struct pollfd *polled;
    size_t *owner; /**< index of the node */
    size_t active;
};

static void watch(const struct node *nodes, size_t count, struct watched *watched)
{
    watched->active = 0;
    for (size_t i = 0; i < count; i++) {
        const struct node *node = &nodes[i];
        struct pollfd *polled = &watched->polled[watched->active];

        if (node->done)
            continue;
        *polled = (struct pollfd){.fd = node->fd, .events = node->events};
        if (node->resolve != NULL)
            *polled = (struct pollfd){.fd = resolve_fd(node->resolve), .events = POLLIN};
        watched->owner[watched->active++] = i;
    }
}

static bool passed(int64_t limit_ms, int64_t now)
{
    return limit_ms != 0 && now >= limit_ms;
}

static void run(struct node *nodes, size_t count, tvs_again_function *again, void *user)
{
    struct watched watched = {g_new0(struct pollfd, count), g_new0(size_t, count), 0};

    for (watch(nodes, count, &watched); watched.active > 0; watch(nodes, count, &watched)) {
        const bool late = plugin_left_ms() == 0;
        int64_t now = 0;

        if (!late)
            (void)poll(watched.polled, (nfds_t)watched.active, wait_ms(nodes, count));
        now = plugin_clock_ms();
        for (size_t i = 0; i < watched.active; i++) {
            const size_t index = watched.owner[i];
            struct node *node = &nodes[index];

            if (late)
                out_of_time(node);
            else if (watched.polled[i].revents != 0)
                step(node);
            else if (passed(node->give_up_ms, now))
                out_of_time(node);
            else if (passed(node->limit_ms, now))
                limit_passed(node);
            while (node->done && !late && node->address != NULL &&
                   again(node->exchange, index, user))
                begin(node);
        }
    }
    g_free(watched.polled);
    g_free(watched.owner);
}

static void release(struct node *node)
{
    if (node->resolve != NULL)
        resolve_abandon(node->resolve);
    if (node->addresses != NULL)
        freeaddrinfo(node->addresses);
}

static void context_free(gpointer context)
{
    SSL_CTX_free(context);
}

/* One context serves all nodes with the same settings. NULL when it cannot be made. */
static SSL_CTX *context_of(GHashTable *contexts, const struct tvs_settings *settings, char *why)
{
    SSL_CTX *context = g_hash_table_lookup(contexts, settings);

    if (context == NULL) {
        context = tvs_tls_context(settings, why);
        if (context != NULL)
            g_hash_table_insert(contexts, (gpointer)(uintptr_t)settings, context);
    }
    return context;
}

static void start(struct node *node, struct tvs_exchange *exchange,
                  const struct tvs_settings *settings, GHashTable *contexts)
{
    char why[TVS_DETAIL_MAX];

    *node = (struct node){.exchange = exchange, .settings = settings, .fd = -1};
    exchange->stage = TVS_STAGE_RESOLVE;
    exchange->ms = -1;
    if (settings == NULL) {
        end(node, TVS_LOCAL, "nobody said how to ask");
        return;
    }
    set_patience(node);
    node->context = context_of(contexts, settings, why);
    if (node->context == NULL) {
        end(node, TVS_LOCAL, why);
        return;
    }
    node->resolve =
        resolve_start(exchange->node, exchange->port != NULL ? exchange->port : settings->port);
    if (node->resolve == NULL)
        end(node, TVS_LOCAL, "no memory, descriptor or thread is left");
}

const char *tvs_ask(const struct tvs_settings *settings, struct tvs_exchange *exchanges,
                    size_t count, tvs_again_function *again, void *user, char *why)
{
    GHashTable *contexts = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, context_free);
    struct node *nodes = NULL;

    if (settings != NULL && context_of(contexts, settings, why) == NULL) {
        g_hash_table_unref(contexts);
        return why;
    }
    plugin_stage("ask TVS");
    nodes = g_new0(struct node, count);
    for (size_t i = 0; i < count; i++)
        start(&nodes[i], &exchanges[i],
              exchanges[i].settings != NULL ? exchanges[i].settings : settings, contexts);
    run(nodes, count, again, user);
    for (size_t i = 0; i < count; i++)
        release(&nodes[i]);
    g_free(nodes);
    g_hash_table_unref(contexts);
    return NULL;
}
