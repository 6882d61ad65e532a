/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The module that fetches URLs with libcurl, all side by side. Must not know what it fetches.
 * Facts: measured with libcurl 7.88; its messages mislead for TFTP, so ours are made from codes.
 */
#include "fetch_module.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    AFTER_MISSING_MS = 3000, /* how long TFTP may confirm what HTTP said; one lost datagram */
    POLL_MS = 500,
    REDIRECTS_MAX = 3,
    HTTP_NOT_FOUND = 404,
    HTTP_GONE = 410,
    HTTP_UNAVAILABLE = 503, /* CUCM's answer for a list that is not there */
};

/** One file on its way. */
struct work {
    struct fetch *fetch;
    CURL *easy; /* NULL: done */
    unsigned attempt;
    enum fetch_outcome outcome[FETCH_URLS_MAX];
    struct fetch_body body;
    size_t header_bytes;
    bool said_missing; /**< an attempt before this one */
};

/** What they share. */
struct batch {
    CURLM *multi;
    int64_t end_ms;
    size_t active;
    bool left_behind;
};

__attribute__((visibility("default"))) fetch_run_function ucmtrust_fetch_run;

/* ---- what a code means ---- */

static bool is_tftp(const char *url)
{
    return strncasecmp(url, "tftp:", 5) == 0;
}

/* libcurl 7.88 tells the time of a connect only when TLS has ended as well. */
static const char *stage_of(const struct work *work, const char *url, CURLcode code)
{
    curl_off_t looked_up = 0;
    curl_off_t connected = 0;
    curl_off_t shaken = 0;

    curl_easy_getinfo(work->easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    curl_easy_getinfo(work->easy, CURLINFO_CONNECT_TIME_T, &connected);
    curl_easy_getinfo(work->easy, CURLINFO_APPCONNECT_TIME_T, &shaken);
    if (looked_up == 0)
        return "resolve";
    if (is_tftp(url))
        return "answer";
    if (code == CURLE_SSL_CONNECT_ERROR)
        return "handshake";
    if (connected == 0)
        return "connect";
    return strncasecmp(url, "https:", 6) == 0 && shaken == 0 ? "handshake" : "answer";
}

static struct fetch_ending of_http_status(const struct work *work)
{
    struct fetch_ending made = {FETCH_FAILED, ""};
    long status = 0;

    curl_easy_getinfo(work->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status == HTTP_NOT_FOUND || status == HTTP_GONE || status == HTTP_UNAVAILABLE)
        made.outcome = FETCH_MISSING;
    snprintf(made.text, sizeof made.text, "HTTP status %ld", status);
    return made;
}

/* Where the same code has more than one cause. */
static struct fetch_ending of_other(const struct work *work, CURLcode code)
{
    struct fetch_ending made = {FETCH_FAILED, ""};
    long redirects = 0;

    curl_easy_getinfo(work->easy, CURLINFO_REDIRECT_COUNT, &redirects);
    if (code == CURLE_UNSUPPORTED_PROTOCOL)
        return fetch_ending(FETCH_FAILED, redirects > 0
                                              ? "redirected to a protocol that is not allowed"
                                              : "the answer is not HTTP");
    if (code == CURLE_WRITE_ERROR && work->header_bytes > FETCH_HEADERS_MAX)
        return fetch_ending(FETCH_FAILED, "the HTTP header does not end");
    snprintf(made.text, sizeof made.text, "libcurl code %d, %s", (int)code,
             curl_easy_strerror(code));
    return made;
}

static struct fetch_ending of_code(const struct work *work, CURLcode code, const char *stage)
{
    struct fetch_ending ending;

    if (fetch_common_ending(&work->body, work->easy, code, stage, &ending))
        return ending;
    /* No peer can make sendto() fail on a socket that has none. */
    if (code == CURLE_SEND_ERROR && is_tftp(work->fetch->url[work->attempt]))
        return fetch_ending(
            FETCH_LOCAL, "this machine could not send to the server: see its routes and firewall");
    if (fetch_http_ending(&work->body.told, code, &ending))
        return ending;
    switch (code) {
    case CURLE_FAILED_INIT:
        return fetch_ending(FETCH_LOCAL, "out of memory");
    case CURLE_HTTP_RETURNED_ERROR:
        return of_http_status(work);
    case CURLE_TOO_MANY_REDIRECTS:
        return fetch_ending(FETCH_FAILED, "redirected too often");
    case CURLE_TFTP_NOTFOUND:
        return fetch_ending(FETCH_MISSING, "TFTP error 1, file not found");
    case CURLE_TFTP_PERM:
        return fetch_ending(FETCH_FAILED, "TFTP error 2, access violation");
    case CURLE_REMOTE_DISK_FULL:
        return fetch_ending(FETCH_FAILED, "TFTP error 3, disk full");
    case CURLE_TFTP_ILLEGAL:
        return fetch_ending(FETCH_FAILED, "TFTP error 4, illegal operation");
    case CURLE_TFTP_UNKNOWNID:
        return fetch_ending(FETCH_FAILED, "TFTP error 5, unknown transfer id");
    case CURLE_REMOTE_FILE_EXISTS:
        return fetch_ending(FETCH_FAILED, "TFTP error 6, file already exists");
    case CURLE_TFTP_NOSUCHUSER:
        return fetch_ending(FETCH_FAILED, "TFTP error 7, no such user");
    default:
        return of_other(work, code);
    }
}

/* ---- attempts ---- */

static void set_options(struct work *work, const char *url, int64_t limit_ms)
{
    CURL *easy = work->easy;
    const long limit = limit_ms < 1 ? 1 : limit_ms > LONG_MAX ? LONG_MAX : (long)limit_ms;

    fetch_set_common(easy, url, &work->body);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, work);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https,tftp");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX);
    curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
    if (is_tftp(url))
        fetch_listen_datagrams(easy, &work->body.told);
    curl_easy_setopt(easy, CURLOPT_TFTP_NO_OPTIONS, 1L); /* with options an empty file fails */
    /* What is fetched is signed, and verified by its signature; CUCM's own certificates are
     * self-signed, so a check of the chain would only fail. */
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "ucmtrust");
    fetch_count_headers(easy, &work->header_bytes);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, limit);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, limit);
}

/* Half of the time for the first address, so that a silent one leaves time for the second. */
static int64_t limit_of(const struct work *work, const struct batch *batch)
{
    const int64_t left = batch->end_ms - fetch_clock_ms();
    const bool more = work->attempt + 1 < FETCH_URLS_MAX && work->fetch->url[work->attempt + 1];

    if (work->said_missing)
        return left < AFTER_MISSING_MS ? left : AFTER_MISSING_MS;
    return more ? left / 2 : left;
}

static void start(struct work *work, struct batch *batch)
{
    const char *url = work->fetch->url[work->attempt];

    work->easy = curl_easy_init();
    work->fetch->size = 0;
    work->header_bytes = 0;
    work->fetch->stage = "resolve";
    if (work->easy != NULL) {
        set_options(work, url, limit_of(work, batch));
        if (curl_multi_add_handle(batch->multi, work->easy) == CURLM_OK) {
            batch->active++;
            return;
        }
        curl_easy_cleanup(work->easy);
        work->easy = NULL;
    }
    work->fetch->outcome = FETCH_LOCAL;
    snprintf(work->fetch->detail, sizeof work->fetch->detail, "out of memory");
}

static void add_detail(struct fetch *fetch, const char *url, const char *stage, const char *text)
{
    const size_t at = strlen(fetch->detail);

    snprintf(fetch->detail + at, sizeof fetch->detail - at, "%s%s%s, stage: %s", at > 0 ? "; " : "",
             fetch->url[1] == NULL ? ""
             : is_tftp(url)        ? "TFTP: "
                                   : "HTTP: ",
             text, stage);
}

/* What all attempts come to. One that says "no such file" speaks for the service: the other way is
 * often closed by a firewall. */
static enum fetch_outcome verdict(const struct work *work)
{
    bool silent = true;

    for (unsigned i = 0; i <= work->attempt; i++)
        if (work->outcome[i] == FETCH_LOCAL)
            return FETCH_LOCAL;
    for (unsigned i = 0; i <= work->attempt; i++) {
        if (work->outcome[i] == FETCH_MISSING)
            return FETCH_MISSING;
        silent = silent && work->outcome[i] == FETCH_SILENT;
    }
    return silent ? FETCH_SILENT : FETCH_FAILED;
}

static void finish(struct work *work, struct batch *batch, CURLcode code)
{
    struct fetch *fetch = work->fetch;
    const char *url = fetch->url[work->attempt];
    const struct fetch_ending how = of_code(work, code, stage_of(work, url, code));
    const bool more = work->attempt + 1 < FETCH_URLS_MAX && fetch->url[work->attempt + 1] != NULL;

    fetch->stage = stage_of(work, url, code);
    /* Only a resolver runs in a thread that cannot be stopped. */
    batch->left_behind = batch->left_behind || strcmp(fetch->stage, "resolve") == 0;
    curl_multi_remove_handle(batch->multi, work->easy);
    curl_easy_cleanup(work->easy);
    work->easy = NULL;
    batch->active--;
    work->outcome[work->attempt] = how.outcome;
    work->said_missing = work->said_missing || how.outcome == FETCH_MISSING;
    fetch->outcome = how.outcome;
    fetch->origin = url;
    if (how.outcome == FETCH_OK)
        return;
    add_detail(fetch, url, fetch->stage, how.text);
    if (more && how.outcome != FETCH_LOCAL && batch->end_ms > fetch_clock_ms()) {
        work->attempt++;
        start(work, batch);
        return;
    }
    fetch->outcome = verdict(work);
}

static void collect_finished(struct batch *batch)
{
    CURLMsg *message = NULL;
    int left = 0;

    while ((message = curl_multi_info_read(batch->multi, &left)) != NULL) {
        struct work *work = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&work);
        finish(work, batch, message->data.result);
    }
}

static void run_all(struct batch *batch)
{
    while (batch->active > 0) {
        const int64_t left = batch->end_ms - fetch_clock_ms();
        int running = 0;

        if (curl_multi_perform(batch->multi, &running) != CURLM_OK)
            return;
        collect_finished(batch);
        if (left <= 0)
            return;
        if (batch->active > 0 && running > 0)
            curl_multi_poll(batch->multi, NULL, 0, left < POLL_MS ? (int)left : POLL_MS, NULL);
    }
}

bool ucmtrust_fetch_run(struct fetch *fetches, size_t count, int64_t left_ms)
{
    struct batch batch = {NULL, fetch_clock_ms() + left_ms, 0, false};
    struct work *works = calloc(count, sizeof *works);

    for (size_t i = 0; i < count; i++) {
        fetches[i].outcome = FETCH_LOCAL;
        fetches[i].stage = "start";
    }
    if (works != NULL && fetch_global_init())
        batch.multi = curl_multi_init();
    if (batch.multi == NULL) {
        for (size_t i = 0; i < count; i++)
            snprintf(fetches[i].detail, sizeof fetches[i].detail, "out of memory");
        free(works);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        works[i].fetch = &fetches[i];
        works[i].body.fetch = &fetches[i];
        start(&works[i], &batch);
    }
    run_all(&batch);
    for (size_t i = 0; i < count; i++) {
        batch.end_ms = 0; /* no further attempts */
        if (works[i].easy != NULL)
            finish(&works[i], &batch, CURLE_OPERATION_TIMEDOUT);
    }
    curl_multi_cleanup(batch.multi);
    free(works);
    return batch.left_behind;
}
