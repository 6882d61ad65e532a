/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One client of the TVS server: handshake, request, lookup, answer, and the faults that decide
 * between these steps. It must not parse (message.c) nor touch sockets itself (channel.c). One
 * request per connection, as CUCM does. */
#include "server.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/err.h>

enum { QUERY_REQUEST = 3 };

struct connection {
    struct channel channel;
    const char *peer;
    const struct options *options;
    const struct store *store;
};

static bool handshake(struct connection *connection, SSL_CTX *context)
{
    struct channel *channel = &connection->channel;
    if (context == NULL)
        return true;
    channel->ssl = SSL_new(context);
    if (channel->ssl == NULL || SSL_set_fd(channel->ssl, channel->fd) != 1)
        return false;
    ERR_clear_error();
    if (SSL_accept(channel->ssl) != 1) {
        char why[256];
        tls_errors(why, sizeof why);
        log_event(connection->peer, "handshake failed: %s", why);
        return false;
    }
    X509 *client = SSL_get1_peer_certificate(channel->ssl);
    char name[256] = "none";
    if (client != NULL)
        X509_NAME_oneline(X509_get_subject_name(client), name, sizeof name);
    X509_free(client);
    log_event(connection->peer, "handshake %s %s, client certificate %s",
              SSL_get_version(channel->ssl), SSL_get_cipher_name(channel->ssl), name);
    return true;
}

static bool read_message(struct channel *channel, uint8_t *message, size_t *size)
{
    if (!channel_read(channel, message, TVS_HEADER))
        return false;
    size_t payload = (size_t)message[8] << 8 | message[9];
    *size = TVS_HEADER + payload;
    return channel_read(channel, message + TVS_HEADER, payload);
}

static const struct stored *look_up(const struct connection *connection,
                                    const struct request *request)
{
    const struct store *store = connection->store;
    const struct stored *found = NULL;
    if (request->type != QUERY_REQUEST)
        found = store_by_certificate(store, request->certificate, request->certificate_size);
    else if (request_tags_accepted(request, connection->options))
        found = store_by_name(store, request);
    if (connection->options->fault == FAULT_OTHER_CERTIFICATE && found != NULL && store->count > 1)
        found = found == store->items ? found + 1 : store->items;
    return found;
}

static void log_request(const struct connection *connection, const struct request *request,
                        const struct stored *found)
{
    int device =
        request->device_size > 1 && request->device_size < 64 ? (int)request->device_size - 1 : 0;
    const char *kind = request->type == QUERY_REQUEST ? "query" : "verify";
    log_event(connection->peer, "%s session %u device %.*s: %s, %zu roles", kind, request->session,
              device, device ? (const char *)request->device + 1 : "",
              found ? "found" : "not found", found ? found->roles_count : 0);
}

/* False: the connection was reset or must be closed now. `answer` has room for one message of the
 * largest size. */
static bool serve_request(struct connection *connection, uint8_t *message, uint8_t *answer,
                          bool *was_reset)
{
    struct channel *channel = &connection->channel;
    enum fault fault = connection->options->fault;
    size_t size = 0;
    struct request request;
    if (!read_message(channel, message, &size))
        return false;
    if (!request_decode(&request, message, size)) {
        log_event(connection->peer, "not a TVS request (%zu bytes)", size);
        return false;
    }
    if (fault == FAULT_RESET_REQUEST ||
        (request.type == QUERY_REQUEST && connection->options->query_off)) {
        log_event(connection->peer, "reset on request type %u", request.type);
        channel_reset(channel);
        *was_reset = true;
        return false;
    }
    if (fault == FAULT_CLOSE_BEFORE_ANSWER)
        return false;
    if (fault == FAULT_SILENT_ANSWER) {
        channel_wait_for_close(channel);
        return false;
    }
    const struct stored *found = look_up(connection, &request);
    log_request(connection, &request, found);
    pace_answer(connection->options);
    if (!handshake_again(channel, connection->options)) {
        log_event(connection->peer, "the client did not take part in another handshake");
        return false;
    }
    size = answer_encode(answer, &request, found, connection->options->ttl);
    fault_answer(channel, fault, answer, size);
    *was_reset = fault == FAULT_HALF_RESET;
    return fault == FAULT_NONE || fault == FAULT_SPLIT || fault == FAULT_OTHER_CERTIFICATE ||
           fault == FAULT_WRONG_SESSION;
}

static void serve_requests(struct connection *connection)
{
    uint8_t *message = malloc(TVS_MESSAGE_MAX), *answer = malloc(TVS_MESSAGE_MAX);
    bool was_reset = false;
    for (unsigned i = 0; message && answer && i < connection->options->requests; i++) {
        if (!serve_request(connection, message, answer, &was_reset))
            break;
    }
    free(message);
    free(answer);
    if (!was_reset)
        channel_close(&connection->channel);
}

void connection_serve(int fd, const char *peer, SSL_CTX *context, const struct options *options,
                      const struct store *store)
{
    struct connection connection = {
        .channel = {.fd = fd}, .peer = peer, .options = options, .store = store};
    log_event(peer, "accepted, fault %s", fault_name(options->fault));
    if (options->fault == FAULT_RESET_ACCEPT) {
        channel_reset(&connection.channel);
    } else if (options->fault == FAULT_SILENT_ACCEPT) {
        channel_wait_for_close(&connection.channel);
        channel_close(&connection.channel);
    } else if (handshake(&connection, context)) {
        serve_requests(&connection);
    } else {
        channel_close(&connection.channel);
    }
    log_event(peer, "closed");
}
