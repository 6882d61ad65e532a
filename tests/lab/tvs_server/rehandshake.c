/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TLS that does not come to rest after the handshake: the server begins another one before it
 * answers (TLS 1.2), or replaces its keys again and again (TLS 1.3). It must not know what is
 * spoken. */
#include "server.h"

enum { UPDATES_MAX = 4000000, HANDSHAKES_MAX = 10000 }; /* an end, should the client see none */

/* The client must answer with a new hello, and only a read takes it. It says nothing else before it
 * has its answer, so the peek finds no data; without automatic retries it returns after the
 * handshake. */
static bool shake_hands_again(SSL *ssl)
{
    const long before = SSL_num_renegotiations(ssl);
    char nothing;

    SSL_clear_mode(ssl, SSL_MODE_AUTO_RETRY);
    if (SSL_renegotiate(ssl) != 1 || SSL_do_handshake(ssl) != 1)
        return false;
    while (SSL_renegotiate_pending(ssl) || SSL_num_renegotiations(ssl) == before) {
        const int got = SSL_peek(ssl, &nothing, 1);
        if (got > 0 || SSL_get_error(ssl, got) != SSL_ERROR_WANT_READ)
            return false;
    }
    return true;
}

static bool update_keys(SSL *ssl)
{
    for (unsigned i = 0; i < UPDATES_MAX; i++) {
        if (SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED) != 1 || SSL_do_handshake(ssl) != 1)
            return false;
    }
    return true;
}

static bool show_second_certificate(SSL *ssl, const struct options *options)
{
    return options->second_certificate != NULL &&
           SSL_use_certificate_file(ssl, options->second_certificate, SSL_FILETYPE_PEM) == 1 &&
           SSL_use_PrivateKey_file(ssl, options->second_key, SSL_FILETYPE_PEM) == 1;
}

/* What happens between request and answer; false: the connection must be closed. */
bool handshake_again(struct channel *channel, const struct options *options)
{
    switch (options->fault) {
    case FAULT_RENEGOTIATE:
        return shake_hands_again(channel->ssl);
    case FAULT_RENEGOTIATE_OTHER:
        return show_second_certificate(channel->ssl, options) && shake_hands_again(channel->ssl);
    case FAULT_RENEGOTIATE_ENDLESS:
        for (unsigned i = 0; i < HANDSHAKES_MAX; i++) {
            if (!shake_hands_again(channel->ssl))
                return false;
        }
        return true;
    case FAULT_KEY_UPDATES:
        return update_keys(channel->ssl);
    default:
        return true;
    }
}
