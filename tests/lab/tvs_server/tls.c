/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The TLS side of the lab's TVS server: as old as CUCM 10.5 or as new as 15, and client
 * certificates. It must not be an example of good TLS: security level 0 is wanted here, old phones
 * and servers are what we imitate. */
#include "server.h"

#include <stdio.h>

#include <openssl/err.h>

void tls_errors(char *out, size_t size)
{
    unsigned long error = ERR_peek_last_error();
    if (error != 0)
        ERR_error_string_n(error, out, size);
    else
        snprintf(out, size, "connection closed");
    ERR_clear_error();
}

static int accept_any(int ok, X509_STORE_CTX *context)
{
    (void)ok;
    (void)context;
    return 1;
}

static bool ask_client_certificate(SSL_CTX *context, const struct options *options)
{
    if (options->client_certificate == CLIENT_CERT_NONE)
        return true;
    int mode = SSL_VERIFY_PEER;
    if (options->client_certificate == CLIENT_CERT_REQUIRED)
        mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_CTX_set_verify(context, mode, options->client_ca ? NULL : accept_any);
    if (options->client_ca == NULL)
        return true;
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(options->client_ca);
    if (names == NULL || SSL_CTX_load_verify_file(context, options->client_ca) != 1)
        return false;
    SSL_CTX_set_client_CA_list(context, names);
    return true;
}

static bool configure(SSL_CTX *context, const struct options *options)
{
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context, 0);
    return SSL_CTX_set_min_proto_version(context, options->tls_min) == 1 &&
           SSL_CTX_set_max_proto_version(context, options->tls_max) == 1 &&
           (options->ciphers == NULL || SSL_CTX_set_cipher_list(context, options->ciphers) == 1) &&
           SSL_CTX_use_certificate_chain_file(context, options->certificate) == 1 &&
           SSL_CTX_use_PrivateKey_file(context, options->key, SSL_FILETYPE_PEM) == 1 &&
           SSL_CTX_check_private_key(context) == 1 && ask_client_certificate(context, options);
}

SSL_CTX *tls_context(const struct options *options)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context != NULL && configure(context, options))
        return context;
    char why[256];
    tls_errors(why, sizeof why);
    fprintf(stderr, "TLS cannot be set up: %s\n", why);
    SSL_CTX_free(context);
    return NULL;
}
