/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The TLS side of a TVS question. Must not know about time or sockets.
 * Facts: a phone takes a server whose certificate equals a record of its ITL (document 213407).
 * Fact tvs-client-certificate (C; test_check_tvs:test_close_after_certificate_request_is_unknown,
 * test_check_tvs:test_client_certificate): whether TVS insists on a client certificate; phones
 * have one.
 */
#include "tvs_tls.h"

#include <errno.h>
#include <glib.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/stat.h>

enum { PEM_FILE_MAX = 1 << 20 };

/* ---- callbacks ---- */

static bool is_pinned(const struct tvs_settings *settings, const uint8_t *der, size_t size)
{
    for (size_t i = 0; i < settings->pins; i++)
        if (settings->pin[i].size == size && memcmp(settings->pin[i].der, der, size) == 0)
            return true;
    return false;
}

/* Instead of OpenSSL's check of a chain: the same certificate or none. Returning 0 ends the
 * handshake before anything secret is sent. */
static int on_server_certificate(X509_STORE_CTX *store, void *user)
{
    const struct tvs_settings *settings = user;
    const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tvs_peer *peer = SSL_get_app_data(ssl);
    X509 *x509 = X509_STORE_CTX_get0_cert(store);
    unsigned char *der = NULL;
    const int size = x509 == NULL ? -1 : i2d_X509(x509, &der);
    const unsigned char *name = NULL;
    size_t name_size = 0;

    if (size > 0) {
        peer->seen = true;
        if (X509_NAME_get0_der(X509_get_subject_name(x509), &name, &name_size) == 1)
            (void)ucm_cert_name(name, name_size, peer->subject);
        peer->trusted = settings->insecure || is_pinned(settings, der, (size_t)size);
        g_free(peer->certificate);
        peer->certificate = g_memdup2(der, (size_t)size);
        peer->certificate_size = (size_t)size;
        OPENSSL_free(der);
    }
    X509_STORE_CTX_set_error(store, peer->trusted ? X509_V_OK : X509_V_ERR_CERT_UNTRUSTED);
    return peer->trusted ? 1 : 0;
}

static int on_certificate_request(SSL *ssl, void *user)
{
    struct tvs_peer *peer = SSL_get_app_data(ssl);

    (void)user;
    peer->asked = true;
    return 1;
}

/* How strong a client certificate must be is the server's business: an LSC may well be signed over
 * SHA-1, and the policy of this system would keep us from showing it. All else stays as it is. */
static int (*default_security)(const SSL *, const SSL_CTX *, int, int, int, void *, void *);

static int allow_own_certificate(const SSL *ssl, const SSL_CTX *context, int operation, int bits,
                                 int nid, void *other, void *extra)
{
    if (operation == SSL_SECOP_EE_KEY || operation == SSL_SECOP_CA_KEY ||
        operation == SSL_SECOP_CA_MD)
        return 1;
    return default_security(ssl, context, operation, bits, nid, other, extra);
}

/* An encrypted key must not make us ask at a terminal. */
static int no_password(char *room, int size, int writing, void *user)
{
    (void)room;
    (void)size;
    (void)writing;
    (void)user;
    return 0;
}

/* ---- the context ---- */

static bool set_versions(SSL_CTX *context, bool legacy)
{
    if (legacy) {
        SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
        return SSL_CTX_set_min_proto_version(context, TLS1_VERSION) == 1 &&
               SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0") == 1;
    }
    /* A system policy that is stricter than TLS 1.2 counts. */
    return SSL_CTX_get_min_proto_version(context) >= TLS1_2_VERSION ||
           SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1;
}

static const char *reason_text(void)
{
    const char *text = ERR_reason_error_string(ERR_peek_last_error());

    return text != NULL ? text : "OpenSSL gives no reason";
}

/* OpenSSL would wait for a pipe that nobody writes into, and read a device without end. What is not
 * there, or closed to this user, it says itself. */
static bool is_file(const char *path, const char *what, char *why)
{
    struct stat about;

    if (stat(path, &about) != 0 || (S_ISREG(about.st_mode) && about.st_size <= PEM_FILE_MAX))
        return true;
    g_snprintf(why, TVS_DETAIL_MAX,
               "the client %s cannot be used: %s is no regular file of at most %d bytes", what,
               path, PEM_FILE_MAX);
    return false;
}

static bool load_client_certificate(SSL_CTX *context, const struct tvs_settings *settings,
                                    char *why)
{
    if (settings->client_cert == NULL)
        return true;
    if (!is_file(settings->client_cert, "certificate", why) ||
        !is_file(settings->client_key, "key", why))
        return false;
    default_security = SSL_CTX_get_security_callback(context);
    SSL_CTX_set_security_callback(context, allow_own_certificate);
    SSL_CTX_set_default_passwd_cb(context, no_password);
    if (SSL_CTX_use_certificate_chain_file(context, settings->client_cert) != 1) {
        g_snprintf(why, TVS_DETAIL_MAX, "the client certificate cannot be used: %s", reason_text());
        return false;
    }
    if (SSL_CTX_use_PrivateKey_file(context, settings->client_key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        g_snprintf(why, TVS_DETAIL_MAX, "the client key cannot be used: %s", reason_text());
        return false;
    }
    return true;
}

/* A new context has the policy of this system, but without what OpenSSL did not understand of it:
 * that shows only when the same is asked for by name. */
static bool has_whole_policy(SSL_CTX *context, char *why)
{
    const bool ok = SSL_CTX_config(context, "system_default") == 1 ||
                    ERR_GET_REASON(ERR_peek_error()) == SSL_R_INVALID_CONFIGURATION_NAME;

    if (!ok)
        g_snprintf(why, TVS_DETAIL_MAX, "the TLS policy of this system cannot be used: %s",
                   reason_text());
    ERR_clear_error();
    return ok;
}

SSL_CTX *tvs_tls_context(const struct tvs_settings *settings, char *why)
{
    SSL_CTX *context = NULL;

    ERR_clear_error();
    context = SSL_CTX_new(TLS_client_method());
    why[0] = '\0';
    if (context == NULL || !has_whole_policy(context, why) ||
        !set_versions(context, settings->legacy) ||
        !load_client_certificate(context, settings, why)) {
        if (why[0] == '\0')
            g_snprintf(why, TVS_DETAIL_MAX, "TLS cannot be set up on this system: %s",
                       reason_text());
        ERR_clear_error();
        SSL_CTX_free(context);
        return NULL;
    }
    /* Phones keep no session (document 213407), and a resumed one would show no certificate. */
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    /* After each record the clock is looked at: a server that only replaces its keys, as fast as it
     * can, would keep one call of SSL_read() busy for ever. */
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(context, on_server_certificate, (void *)(uintptr_t)settings);
    SSL_CTX_set_cert_cb(context, on_certificate_request, NULL);
    return context;
}

SSL *tvs_tls_start(SSL_CTX *context, int fd, struct tvs_peer *peer)
{
    SSL *ssl = NULL;

    ERR_clear_error();
    ssl = SSL_new(context);
    if (ssl == NULL || SSL_set_fd(ssl, fd) != 1) {
        SSL_free(ssl);
        ERR_clear_error();
        return NULL;
    }
    SSL_set_app_data(ssl, peer);
    SSL_set_connect_state(ssl);
    return ssl;
}

/* ---- what an error means ---- */

enum { ALERT_OFFSET = SSL_AD_REASON_OFFSET };

static bool is_about_version(int reason)
{
    switch (reason) {
    case ALERT_OFFSET + SSL_AD_PROTOCOL_VERSION:
    case ALERT_OFFSET + SSL_AD_HANDSHAKE_FAILURE:
    case ALERT_OFFSET + SSL_AD_INSUFFICIENT_SECURITY:
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
    case SSL_R_NO_CIPHERS_AVAILABLE:
    case SSL_R_WRONG_CIPHER_RETURNED:
    case SSL_R_UNKNOWN_CIPHER_RETURNED:
    case SSL_R_DH_KEY_TOO_SMALL:
    case SSL_R_WRONG_SIGNATURE_TYPE:
    case SSL_R_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED:
    case SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED:
        return true;
    default:
        return false;
    }
}

static bool is_not_tls(int reason)
{
    return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST ||
           reason == SSL_R_BAD_PACKET_LENGTH || reason == SSL_R_PACKET_LENGTH_TOO_LONG ||
           reason == SSL_R_RECORD_LENGTH_MISMATCH || reason == SSL_R_UNEXPECTED_MESSAGE;
}

static bool is_about_client_certificate(int reason)
{
    switch (reason - ALERT_OFFSET) {
    case SSL_AD_HANDSHAKE_FAILURE:
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED:
    case SSL_AD_DECRYPT_ERROR:
    case SSL_AD_CERTIFICATE_REQUIRED:
        return true;
    default:
        return false;
    }
}

/* OpenSSL 3.0 has no words for this alert of TLS 1.3. */
static const char *alert_text(int alert)
{
    return alert == SSL_AD_CERTIFICATE_REQUIRED ? "certificate required"
                                                : SSL_alert_desc_string_long(alert);
}

static void describe(unsigned long code, int error, int system_error, char *detail)
{
    const int reason = ERR_GET_REASON(code);
    const char *text = ERR_reason_error_string(code);

    if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING || error == SSL_ERROR_ZERO_RETURN ||
        (error == SSL_ERROR_SYSCALL && system_error == 0))
        g_strlcpy(detail, "the server closed the connection", TVS_DETAIL_MAX);
    else if (error == SSL_ERROR_SYSCALL)
        g_strlcpy(detail, g_strerror(system_error), TVS_DETAIL_MAX);
    else if (reason > ALERT_OFFSET)
        g_snprintf(detail, TVS_DETAIL_MAX, "the server sent TLS alert %d, %s",
                   reason - ALERT_OFFSET, alert_text(reason - ALERT_OFFSET));
    else
        g_snprintf(detail, TVS_DETAIL_MAX, "TLS: %s",
                   text != NULL ? text : "OpenSSL gives no reason");
}

bool tvs_is_ours(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS ||
           error == EACCES || error == EPERM || error == EADDRNOTAVAIL || error == EAFNOSUPPORT;
}

enum tvs_outcome tvs_tls_failure(const struct tvs_settings *settings, const struct tvs_peer *peer,
                                 enum tvs_stage stage, int error, int system_error, char *detail)
{
    const unsigned long code = ERR_peek_error();
    const int reason = ERR_GET_REASON(code);

    describe(code, error, system_error, detail);
    ERR_clear_error();
    if (peer->seen && !peer->trusted) {
        g_strlcpy(detail, "it shows none of the certificates that were given", TVS_DETAIL_MAX);
        return TVS_STRANGER;
    }
    if (reason == ERR_R_MALLOC_FAILURE || (error == SSL_ERROR_SYSCALL && tvs_is_ours(system_error)))
        return TVS_LOCAL;
    if (peer->asked && settings->client_cert == NULL)
        return TVS_WANTS_CLIENT_CERT;
    if (peer->asked && is_about_client_certificate(reason))
        return TVS_REFUSES_CLIENT_CERT;
    if (stage == TVS_STAGE_HANDSHAKE && is_about_version(reason))
        return TVS_NO_COMMON_TLS;
    if (stage == TVS_STAGE_HANDSHAKE && is_not_tls(reason))
        return TVS_NOT_TLS;
    return TVS_REFUSED;
}
