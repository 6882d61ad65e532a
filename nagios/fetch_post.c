/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The part of the fetch module that asks a question over HTTPS, with a password: so the server must
 * prove who it is before anything is sent. Must not know what is asked, nor keep the answer.
 * Facts: measured with libcurl 7.88 and OpenSSL 3.0.
 */
#include "fetch_module.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)FETCH_SHA256 == 32, "room for a SHA-256");

/** A connection and the question on its way. Lives as long as the connection: the server may shake
 * hands anew at any time, and verify() is called again. */
struct work {
    CURL *easy;
    struct fetch_post *post;
    size_t got;
    size_t header_bytes;
    bool has_answered; /* an earlier question, so that the connection may be used again */
    bool is_connected; /* for this one */
    long verify;       /**< why the certificate was refused: a code of X509_V_ERR, or 0 */
    bool is_other;
    bool stopped;
    bool full;
    struct fetch_told told;
};

__attribute__((visibility("default"))) fetch_post_function ucmtrust_fetch_post;

/* ---- who the server is ---- */

/* Called in the handshake, before the request leaves. */
static int verify(X509_STORE_CTX *context, void *user)
{
    struct work *work = user;
    struct fetch_post *post = work->post;
    const X509 *shown = X509_STORE_CTX_get0_cert(context);
    unsigned size = 0;

    post->has_seen =
        shown != NULL && X509_digest(shown, EVP_sha256(), post->seen_sha256, &size) == 1;
    if (post->pin_sha256 == NULL) {
        const int good = X509_verify_cert(context);

        work->verify = X509_STORE_CTX_get_error(context);
        return good == 1;
    }
    work->is_other =
        !post->has_seen || memcmp(post->seen_sha256, post->pin_sha256, FETCH_SHA256) != 0;
    X509_STORE_CTX_set_error(context,
                             work->is_other ? X509_V_ERR_APPLICATION_VERIFICATION : X509_V_OK);
    return !work->is_other;
}

/* Called when TLS is about to begin. */
static CURLcode set_verify(CURL *easy, void *context, void *user)
{
    struct work *work = user;

    (void)easy;
    work->is_connected = true;
    SSL_CTX_set_cert_verify_callback(context, verify, user);
    return CURLE_OK;
}

/* ---- what curl calls ---- */

static size_t take_body(char *bytes, size_t unit, size_t count, void *user)
{
    struct work *work = user;
    const size_t size = unit * count;
    long status = 0;

    if (size > work->post->limit - work->got) {
        work->full = true;
        return 0;
    }
    work->got += size;
    curl_easy_getinfo(work->easy, CURLINFO_RESPONSE_CODE, &status);
    if (work->post->take(work->post->taker, status, (const uint8_t *)bytes, size))
        return size;
    work->stopped = true;
    return 0;
}

/* ---- asking ---- */

static void set_trust(CURL *easy, struct work *work)
{
    const struct fetch_post *post = work->post;

    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, post->pin_sha256 == NULL ? 2L : 0L);
    if (post->pin_sha256 != NULL) {
        /* Nobody else is believed, so nothing need be loaded. */
        curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    } else if (post->ca_file != NULL) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, post->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, work);
}

static void set_options(struct work *work, struct curl_slist *headers, int64_t left_ms)
{
    CURL *easy = work->easy;
    const long limit = left_ms < 1 ? 1 : left_ms > LONG_MAX ? LONG_MAX : (long)left_ms;

    curl_easy_setopt(easy, CURLOPT_URL, work->post->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); /* the password is for this server */
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    fetch_listen(easy, &work->told);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(easy, CURLOPT_USERNAME, work->post->user);
    curl_easy_setopt(easy, CURLOPT_PASSWORD, work->post->password);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "ucmtrust");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, work->post->body);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(work->post->body));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, work);
    fetch_count_headers(easy, &work->header_bytes);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, limit);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, limit);
    set_trust(easy, work);
}

/* NULL when memory ran out. */
static struct curl_slist *make_headers(const char *const *lines)
{
    /* curl would wait a second for leave to send a long body. */
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");

    for (size_t i = 0; list != NULL && lines[i] != NULL; i++) {
        struct curl_slist *more = curl_slist_append(list, lines[i]);

        if (more == NULL)
            curl_slist_free_all(list);
        list = more;
    }
    return list;
}

static struct fetch_ending of_stranger(const struct work *work)
{
    struct fetch_ending made = {FETCH_FAILED, ""};
    const char *why = work->is_other              ? "it is not the certificate that is pinned"
                      : work->verify != X509_V_OK ? X509_verify_cert_error_string(work->verify)
                                                  : "it is for another host name";

    snprintf(made.text, sizeof made.text, "%s", why);
    return made;
}

static struct fetch_ending of_code(struct work *work, CURLcode code, const char *stage)
{
    struct fetch_ending made = {FETCH_FAILED, ""};
    struct fetch so_far = {.size = work->got};
    struct fetch_body body = {.fetch = &so_far, .told = work->told};

    if (code == CURLE_OK || work->stopped)
        return fetch_ending(FETCH_OK, "");
    if (work->full) {
        snprintf(made.text, sizeof made.text, "the answer has more than %zu MiB",
                 work->post->limit >> 20);
        return made;
    }
    if (fetch_common_ending(&body, work->easy, code, stage, &made) ||
        fetch_http_ending(&work->told, code, &made))
        return made;
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
        work->post->is_stranger = true;
        return of_stranger(work);
    }
    if (code == CURLE_SSL_CACERT_BADFILE)
        return fetch_ending(FETCH_LOCAL,
                            "the file of --axl-ca holds no certificate that can be read");
    if (code == CURLE_WRITE_ERROR && work->header_bytes > FETCH_HEADERS_MAX)
        return fetch_ending(FETCH_FAILED, "the HTTP header does not end");
    if (code == CURLE_UNSUPPORTED_PROTOCOL) /* also for HTTP/0.9 */
        return fetch_ending(FETCH_FAILED, "the answer is not HTTP");
    snprintf(made.text, sizeof made.text, "libcurl code %d, %s", (int)code,
             curl_easy_strerror(code));
    return made;
}

/* Not fetch_stage_of(): a connection may be used again, and libcurl 7.88 tells the time of a
 * connect only when TLS has ended as well. */
static const char *stage_of(const struct work *work, CURLcode code)
{
    curl_off_t looked_up = 0;
    curl_off_t shaken = 0;

    curl_easy_getinfo(work->easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    curl_easy_getinfo(work->easy, CURLINFO_APPCONNECT_TIME_T, &shaken);
    if (code == CURLE_COULDNT_CONNECT)
        return "connect";
    if (!work->is_connected && !work->has_answered)
        return looked_up == 0 ? "resolve" : "connect";
    return work->is_connected && shaken == 0 ? "handshake" : "answer";
}

static void ask(struct work *work, int64_t left_ms)
{
    struct fetch_post *post = work->post;
    struct curl_slist *headers = make_headers(post->headers);
    struct fetch_ending how = {FETCH_LOCAL, "out of memory"};
    curl_off_t wait = 0;
    CURLcode code;

    if (headers != NULL) {
        set_options(work, headers, left_ms);
        /* Fails where libcurl was built without OpenSSL; then nobody can be pinned, so nothing is
         * asked. */
        code = curl_easy_setopt(work->easy, CURLOPT_SSL_CTX_FUNCTION, set_verify);
        how = fetch_ending(FETCH_LOCAL, "this libcurl is built without OpenSSL");
        if (code == CURLE_OK) {
            code = curl_easy_perform(work->easy);
            post->stage = stage_of(work, code);
            how = of_code(work, code, post->stage);
        }
        curl_easy_getinfo(work->easy, CURLINFO_RESPONSE_CODE, &post->status);
        curl_easy_getinfo(work->easy, CURLINFO_RETRY_AFTER, &wait);
        curl_easy_setopt(work->easy, CURLOPT_HTTPHEADER, NULL);
        curl_slist_free_all(headers);
    }
    post->retry_after = wait > LONG_MAX ? LONG_MAX : (long)wait;
    post->outcome = how.outcome;
    snprintf(post->detail, sizeof post->detail, "%s", how.text);
}

static void end(struct work *work)
{
    curl_easy_cleanup(work->easy);
    free(work);
}

static struct work *begin(void)
{
    struct work *work = calloc(1, sizeof *work);

    if (work == NULL)
        return NULL;
    if (fetch_global_init())
        work->easy = curl_easy_init();
    if (work->easy != NULL)
        return work;
    free(work);
    return NULL;
}

bool ucmtrust_fetch_post(struct fetch_post *post, void **session, int64_t left_ms)
{
    struct work *work = *session;

    if (post == NULL) {
        if (work != NULL)
            end(work);
        *session = NULL;
        return false;
    }
    post->outcome = FETCH_LOCAL;
    post->stage = "start";
    post->status = post->retry_after = 0;
    post->is_stranger = post->has_seen = false;
    if (work == NULL)
        work = *session = begin();
    if (work == NULL) {
        snprintf(post->detail, sizeof post->detail, "out of memory");
        return false;
    }
    *work = (struct work){.easy = work->easy, .post = post, .has_answered = work->has_answered};
    ask(work, left_ms);
    work->has_answered = work->has_answered || post->status != 0;
    /* Only a resolver runs in a thread that cannot be stopped. */
    return post->outcome != FETCH_OK && strcmp(post->stage, "resolve") == 0;
}
