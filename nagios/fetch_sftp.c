/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * SFTP in the module that fetches: one folder or one file over one connection. Must not know what
 * it fetches, and accepts no server whose key nobody named.
 * Facts: measured with libcurl 7.88 and libssh2 1.10. Their own timeout ends in a disconnect that
 * waits for the server without one, so time is kept here, and what is late is left behind.
 */
#include "fetch_module.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { POLL_MS = 500, NO_LIMIT_S = 1000000 };

/** A connection and what it is for. */
struct session {
    struct fetch_sftp *sftp;
    CURLM *multi;
    CURL *easy;
    int64_t end_ms;
    bool ready; /* logged in: what goes wrong now is about one file */
    bool left_behind;
};

__attribute__((visibility("default"))) fetch_sftp_function ucmtrust_fetch_sftp;

/* ---- a server that falls silent ---- */

/* After a file, libcurl closes its handle on the server and waits for the answer, in a loop that no
 * option ends (7.88). Only the end of the connection does; a timer brings it. Sockets that libcurl
 * has open; it tries two addresses at a time. */
enum { SOCKETS = 4, NO_SOCKET = -1 };
static volatile sig_atomic_t sockets[SOCKETS] = {NO_SOCKET, NO_SOCKET, NO_SOCKET, NO_SOCKET};

static void replace_socket(int old, int new)
{
    for (int i = 0; i < SOCKETS; i++)
        if (sockets[i] == old) {
            sockets[i] = new;
            return;
        }
}

static int on_open(void *user, curl_socket_t fd, curlsocktype purpose)
{
    (void)user;
    (void)purpose;
    replace_socket(NO_SOCKET, fd);
    return CURL_SOCKOPT_OK;
}

static int on_close(void *user, curl_socket_t fd)
{
    (void)user;
    replace_socket(fd, NO_SOCKET);
    return close(fd);
}

/* Only what is safe in a handler of signals. */
static void shut(int how)
{
    for (int i = 0; i < SOCKETS; i++)
        if (sockets[i] != NO_SOCKET)
            (void)shutdown(sockets[i], how);
}

static void on_late(int number)
{
    (void)number;
    shut(SHUT_RDWR);
}

/* False: this system has no timer left; then the check's own last resort ends the wait. */
static bool start_timer(timer_t *timer, int64_t left_ms)
{
    const struct sigaction action = {.sa_handler = on_late, .sa_flags = SA_RESTART};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    const struct itimerspec when = {
        .it_value = {.tv_sec = left_ms / 1000, .tv_nsec = left_ms % 1000 * 1000000 + 1}};

    return sigaction(SIGUSR1, &action, NULL) == 0 &&
           timer_create(CLOCK_MONOTONIC, &event, timer) == 0 &&
           timer_settime(*timer, 0, &when, NULL) == 0;
}

/* ---- the server's key ---- */

static int on_host_key(CURL *easy, const struct curl_khkey *known, const struct curl_khkey *found,
                       enum curl_khmatch match, void *user)
{
    struct session *session = user;

    (void)easy;
    (void)known;
    (void)found;
    session->sftp->host_key = match == CURLKHMATCH_OK         ? FETCH_HOST_KEY_KNOWN
                              : match == CURLKHMATCH_MISMATCH ? FETCH_HOST_KEY_OTHER
                                                              : FETCH_HOST_KEY_MISSING;
    return match == CURLKHMATCH_OK ? CURLKHSTAT_FINE : CURLKHSTAT_REJECT;
}

static void set_host_key(struct session *session)
{
    const struct fetch_sftp *sftp = session->sftp;

    if (sftp->fingerprint != NULL) {
        curl_easy_setopt(session->easy, CURLOPT_SSH_HOST_PUBLIC_KEY_SHA256, sftp->fingerprint);
        return;
    }
    curl_easy_setopt(session->easy, CURLOPT_SSH_KNOWNHOSTS, sftp->known_hosts);
    curl_easy_setopt(session->easy, CURLOPT_SSH_KEYFUNCTION, on_host_key);
    curl_easy_setopt(session->easy, CURLOPT_SSH_KEYDATA, session);
}

/* ---- one transfer ---- */

static int on_ready(void *user, char *its_address, char *our_address, int its_port, int our_port)
{
    struct session *session = user;

    (void)its_address;
    (void)our_address;
    (void)its_port;
    (void)our_port;
    session->ready = true;
    return CURL_PREREQFUNC_OK;
}

static void set_login(struct session *session)
{
    const struct fetch_sftp *sftp = session->sftp;
    const bool by_key = sftp->key_file != NULL;

    curl_easy_setopt(session->easy, CURLOPT_USERNAME, sftp->user);
    /* Nothing but what was asked for: no agent, no keys from the home folder, and the passphrase of
     * a key never goes to a server as a password. */
    curl_easy_setopt(session->easy, CURLOPT_SSH_AUTH_TYPES,
                     by_key ? (long)CURLSSH_AUTH_PUBLICKEY
                            : (long)(CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD));
    if (by_key)
        curl_easy_setopt(session->easy, CURLOPT_SSH_PRIVATE_KEYFILE, sftp->key_file);
    curl_easy_setopt(session->easy, by_key ? CURLOPT_KEYPASSWD : CURLOPT_PASSWORD, sftp->password);
}

static void set_options(struct session *session, const char *url, struct fetch_body *body)
{
    CURL *easy = session->easy;
    char range[32];

    curl_easy_reset(easy);
    fetch_set_common(easy, url, body);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "sftp");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)NO_LIMIT_S);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_open);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_ready);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, session);
    set_host_key(session);
    set_login(session);
    if (url[strlen(url) - 1] == '/') {
        curl_easy_setopt(easy, CURLOPT_DIRLISTONLY, 1L); /* names, not what a server says of them */
        return;
    }
    /* As much as shows that a file is too large: breaking off would cost the connection. */
    snprintf(range, sizeof range, "0-%u", UCM_INPUT_MAX);
    curl_easy_setopt(easy, CURLOPT_RANGE, range);
}

/* OPERATION_TIMEDOUT: time ran out, and the transfer may not be touched any more. */
static CURLcode perform(struct session *session)
{
    for (;;) {
        const int64_t left = session->end_ms - fetch_clock_ms();
        const CURLMsg *message = NULL;
        int running = 0;
        int queued = 0;

        if (left <= 0)
            return CURLE_OPERATION_TIMEDOUT;
        if (curl_multi_perform(session->multi, &running) != CURLM_OK)
            return CURLE_OUT_OF_MEMORY;
        message = curl_multi_info_read(session->multi, &queued);
        if (message != NULL && message->msg == CURLMSG_DONE)
            return message->data.result;
        curl_multi_poll(session->multi, NULL, 0, left < POLL_MS ? (int)left : POLL_MS, NULL);
    }
}

static const char *stage_of(const struct session *session, CURLcode code)
{
    curl_off_t looked_up = 0;
    curl_off_t connected = 0;

    curl_easy_getinfo(session->easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    curl_easy_getinfo(session->easy, CURLINFO_CONNECT_TIME_T, &connected);
    if (session->ready)
        return "answer";
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        return "identity";
    if (session->sftp->host_key == FETCH_HOST_KEY_KNOWN || code == CURLE_LOGIN_DENIED)
        return "login";
    if (looked_up == 0)
        return "resolve";
    return connected == 0 ? "connect" : "handshake";
}

static struct fetch_ending of_host_key(struct session *session)
{
    if (session->sftp->fingerprint != NULL)
        session->sftp->host_key = FETCH_HOST_KEY_OTHER;
    if (session->sftp->host_key == FETCH_HOST_KEY_OTHER)
        return fetch_ending(FETCH_FAILED, "the server's key is another one than expected");
    return fetch_ending(FETCH_FAILED, "known_hosts has no key of this kind for the server");
}

static struct fetch_ending of_code(struct session *session, const struct fetch_body *body,
                                   CURLcode code, const char *stage)
{
    const bool by_key = session->sftp->key_file != NULL;
    struct fetch_ending ending = {FETCH_FAILED, ""};

    if (fetch_common_ending(body, session->easy, code, stage, &ending))
        return ending;
    switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
        return of_host_key(session);
    case CURLE_LOGIN_DENIED:
        return fetch_ending(FETCH_FAILED,
                            by_key ? "the login failed: the server does not take this user's key, "
                                     "or the key file cannot be used"
                                   : "the login failed: the server does not take this password");
    case CURLE_REMOTE_FILE_NOT_FOUND:
        return fetch_ending(FETCH_MISSING, "no such file or folder");
    case CURLE_REMOTE_ACCESS_DENIED:
        return fetch_ending(FETCH_FAILED, "the server denies access");
    case CURLE_UNSUPPORTED_PROTOCOL:
        return fetch_ending(FETCH_LOCAL, "this system's libcurl has no SFTP");
    default:
        if (!session->ready)
            return fetch_ending(
                FETCH_FAILED, "the SSH handshake failed: the server speaks no SSH that can be used "
                              "here, or the connection was cut");
        snprintf(ending.text, sizeof ending.text, "the server broke off, libcurl code %d, %s",
                 (int)code, curl_easy_strerror(code));
        return ending;
    }
}

static void set_ending(struct fetch *fetch, struct fetch_ending ending, const char *stage)
{
    fetch->outcome = ending.outcome;
    fetch->stage = stage;
    if (ending.outcome != FETCH_OK)
        snprintf(fetch->detail, sizeof fetch->detail, "%s, stage: %s", ending.text, stage);
}

/* Fetch one URL into fetch, which may hold nothing. */
static void get(struct session *session, const char *url, struct fetch *fetch)
{
    struct fetch_body body = {.fetch = fetch};
    CURLcode code = CURLE_OUT_OF_MEMORY;
    const char *stage = NULL;

    session->ready = false;
    set_options(session, url, &body);
    if (curl_multi_add_handle(session->multi, session->easy) == CURLM_OK)
        code = perform(session);
    if (code != CURLE_OK && session->end_ms <= fetch_clock_ms())
        code = CURLE_OPERATION_TIMEDOUT;
    stage = stage_of(session, code);
    set_ending(fetch, of_code(session, &body, code, stage), stage);
    session->left_behind = code == CURLE_OPERATION_TIMEDOUT;
    if (!session->left_behind)
        curl_multi_remove_handle(session->multi, session->easy);
}

/* ---- one folder ---- */

/* Did the connection end, and not only this file? Then no other one will come. */
static bool is_final(const struct session *session, const struct fetch *fetch)
{
    return session->left_behind || fetch->outcome == FETCH_LOCAL ||
           (fetch->outcome != FETCH_OK && !session->ready);
}

static void fail(struct fetch *whole, const struct fetch *why)
{
    whole->outcome = why->outcome;
    whole->stage = why->stage;
    memcpy(whole->detail, why->detail, sizeof whole->detail);
}

/* To be freed; NULL: no memory. */
static char *join(const char *a, const char *b)
{
    const size_t size = strlen(a) + strlen(b) + 1;
    char *both = malloc(size);

    if (both != NULL)
        snprintf(both, size, "%s%s", a, b);
    return both;
}

static bool is_folder(struct session *session, const char *url)
{
    char *inside = join(url, "/");
    struct fetch listing = {0};

    if (inside != NULL)
        get(session, inside, &listing);
    free(inside);
    free(listing.data);
    return listing.outcome == FETCH_OK;
}

/* False: no other file will come. */
static bool get_one(struct session *session, const char *name)
{
    struct fetch_sftp *sftp = session->sftp;
    char *escaped = curl_easy_escape(session->easy, name, 0);
    char *url = escaped == NULL ? NULL : join(sftp->url, escaped);
    struct fetch file = {0};
    bool folder = false;
    bool final = false;

    curl_free(escaped);
    if (url == NULL) {
        set_ending(&sftp->whole, fetch_ending(FETCH_LOCAL, "out of memory"), "answer");
        return false;
    }
    get(session, url, &file);
    final = is_final(session, &file);
    if (!final && file.outcome == FETCH_FAILED) {
        folder = is_folder(session, url);
        final = session->left_behind;
    }
    free(url);
    if (final)
        fail(&sftp->whole, &file);
    else
        sftp->take(sftp->context, name, &file, folder);
    free(file.data);
    return !final;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a listing, which is cut into them; to be freed. A server may write anything: what
 * leads elsewhere is no name, and those with a dot in front are nobody's export. NULL: no memory.
 */
static char **split(char *listing, size_t *count)
{
    size_t lines = 1;
    char **names = NULL;
    char *rest = NULL;

    for (const char *at = listing; *at != '\0'; at++)
        lines += *at == '\n';
    names = calloc(lines, sizeof *names);
    *count = 0;
    if (names == NULL)
        return NULL;
    for (char *name = strtok_r(listing, "\n", &rest); name != NULL;
         name = strtok_r(NULL, "\n", &rest))
        if (name[0] != '.' && strchr(name, '/') == NULL)
            names[(*count)++] = name;
    qsort(names, *count, sizeof *names, compare);
    return names;
}

static void get_each(struct session *session, struct fetch *listing)
{
    char *text = realloc(listing->data, listing->size + 1);
    char **names = NULL;
    size_t count = 0;

    if (text != NULL) {
        listing->data = (uint8_t *)text;
        text[listing->size] = '\0';
        names = split(text, &count);
    }
    if (names == NULL) {
        set_ending(&session->sftp->whole, fetch_ending(FETCH_LOCAL, "out of memory"), "answer");
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (!get_one(session, names[i]))
            break;
    free(names);
}

static void get_folder(struct session *session)
{
    struct fetch *whole = &session->sftp->whole;
    struct fetch listing = {0};

    get(session, session->sftp->url, &listing);
    fail(whole, &listing);
    if (listing.outcome == FETCH_OK && listing.size > UCM_INPUT_MAX)
        set_ending(whole, fetch_ending(FETCH_FAILED, "the folder's listing does not end"),
                   "answer");
    else if (listing.outcome == FETCH_OK)
        get_each(session, &listing);
    free(listing.data);
}

static void get_file(struct session *session)
{
    struct fetch_sftp *sftp = session->sftp;
    const char *slash = strrchr(sftp->url, '/');
    struct fetch file = {0};

    get(session, sftp->url, &file);
    fail(&sftp->whole, &file);
    if (file.outcome == FETCH_OK)
        sftp->take(sftp->context, slash + 1, &file, false);
    else if (!is_final(session, &file) && is_folder(session, sftp->url))
        set_ending(&sftp->whole, fetch_ending(FETCH_FAILED, "a folder: its name must end in /"),
                   "answer");
    free(file.data);
}

/* A disconnect waits as well: nothing is waited for that has not arrived. */
static void hang_up(struct session *session)
{
    shut(SHUT_RD);
    curl_easy_cleanup(session->easy);
    curl_multi_cleanup(session->multi);
}

bool ucmtrust_fetch_sftp(struct fetch_sftp *sftp, int64_t left_ms)
{
    struct session session = {.sftp = sftp, .end_ms = fetch_clock_ms() + left_ms};
    timer_t timer;
    const bool timed = start_timer(&timer, left_ms);

    set_ending(&sftp->whole, fetch_ending(FETCH_LOCAL, "out of memory"), "start");
    if (fetch_global_init())
        session.multi = curl_multi_init();
    session.easy = session.multi != NULL ? curl_easy_init() : NULL;
    if (session.easy == NULL)
        (void)curl_multi_cleanup(session.multi);
    else if (sftp->url[strlen(sftp->url) - 1] == '/')
        get_folder(&session);
    else
        get_file(&session);
    if (session.easy != NULL && !session.left_behind)
        hang_up(&session);
    if (timed)
        timer_delete(timer);
    return session.left_behind;
}
