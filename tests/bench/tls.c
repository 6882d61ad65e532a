/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TLS in memory: see tls.h.
 */
#include "tls.h"

#include <openssl/ssl.h>
#include <stdlib.h>

enum { ROOM = 1 << 17 };

static SSL_CTX *context[2]; /* client, server */
static FILE *secrets;
static uint8_t taken[ROOM];

static void need(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "generate: %s failed\n", what);
    exit(2);
}

static void keep_secret(const SSL *ssl, const char *line)
{
    (void)ssl;
    fprintf(secrets, "%s\n", line);
}

static SSL_CTX *make_context(const SSL_METHOD *method)
{
    SSL_CTX *made = SSL_CTX_new(method);

    need(made != NULL && SSL_CTX_set_max_proto_version(made, TLS1_2_VERSION) == 1 &&
             SSL_CTX_set_cipher_list(made, "AES256-SHA") == 1,
         "SSL_CTX_new");
    SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(made, SSL_OP_NO_TICKET);
    return made;
}

void tls_begin(FILE *keys)
{
    EVP_PKEY *key;
    X509 *certificate = exchanges_certificate(&key);

    secrets = keys;
    context[0] = make_context(TLS_client_method());
    context[1] = make_context(TLS_server_method());
    SSL_CTX_set_keylog_callback(context[0], keep_secret);
    need(SSL_CTX_use_certificate(context[1], certificate) == 1 &&
             SSL_CTX_use_PrivateKey(context[1], key) == 1,
         "SSL_CTX_use_certificate");
    X509_free(certificate);
    EVP_PKEY_free(key);
}

/* What one side has to say goes over the wire and to the other side. */
static bool pass_on(struct connection *connection, SSL *side[2], int from)
{
    static uint8_t bytes[ROOM];
    int size = BIO_read(SSL_get_wbio(side[from]), bytes, sizeof bytes);

    if (size <= 0)
        return false;
    connection_send(connection, from == 0, bytes, (size_t)size);
    need(BIO_write(SSL_get_rbio(side[1 - from]), bytes, size) == size, "BIO_write");
    return true;
}

static void shake_hands(struct connection *connection, SSL *side[2])
{
    bool moved = true;

    while (moved) {
        moved = false;
        for (int i = 0; i < 2; i++) {
            (void)SSL_do_handshake(side[i]); /* what is missing comes from the other side */
            moved = pass_on(connection, side, i) || moved;
        }
    }
    need(SSL_is_init_finished(side[0]) && SSL_is_init_finished(side[1]), "SSL_do_handshake");
}

static void say(struct connection *connection, SSL *side[2], int from, const uint8_t *data,
                size_t size)
{
    need(SSL_write(side[from], data, (int)size) == (int)size, "SSL_write");
    pass_on(connection, side, from);
}

void tls_open(struct tls *tls, struct connection *connection)
{
    for (int i = 0; i < 2; i++) {
        tls->side[i] = SSL_new(context[i]);
        need(tls->side[i] != NULL, "SSL_new");
        SSL_set_bio(tls->side[i], BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    }
    SSL_set_connect_state(tls->side[0]);
    SSL_set_accept_state(tls->side[1]);
    shake_hands(connection, tls->side);
}

void tls_exchange(struct tls *tls, struct connection *connection,
                  const struct exchange_bytes *exchange)
{
    for (int from = 0; from < 2; from++) {
        bool request = from == 0;

        say(connection, tls->side, from, request ? exchange->request : exchange->answer,
            request ? exchange->request_size : exchange->answer_size);
        /* The other end takes it out of its buffers. */
        while (SSL_read(tls->side[1 - from], taken, sizeof taken) > 0)
            continue;
    }
}

void tls_close(struct tls *tls, struct connection *connection)
{
    (void)SSL_shutdown(tls->side[0]);
    pass_on(connection, tls->side, 0);
    SSL_free(tls->side[0]);
    SSL_free(tls->side[1]);
}
