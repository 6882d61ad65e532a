/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the fetchers of the module share: see fetch_module.h.
 */
#include "fetch_module.h"

#include "memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { FIRST_ROOM = 16384 };

bool fetch_global_init(void)
{
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, memory_take, free, memory_resize, memory_copy,
                                memory_take_zeroed) == CURLE_OK;
}

int64_t fetch_clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* CURLOPT_HEADERFUNCTION for the bytes so far. */
static size_t count_header(char *bytes, size_t unit, size_t count, void *user)
{
    size_t *total = user;

    (void)bytes;
    *total += unit * count;
    return *total > FETCH_HEADERS_MAX ? 0 : unit * count;
}

void fetch_count_headers(CURL *easy, size_t *total)
{
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, count_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, total);
}

size_t fetch_take_body(char *bytes, size_t unit, size_t count, void *user)
{
    struct fetch_body *body = user;
    struct fetch *fetch = body->fetch;
    const size_t cap = (size_t)UCM_INPUT_MAX + 1;
    const size_t offered = unit * count;
    const size_t size = offered < cap - fetch->size ? offered : cap - fetch->size;

    if (fetch->size + size > body->room) {
        size_t room = body->room == 0 ? FIRST_ROOM : body->room * 2;
        uint8_t *more = NULL;

        while (room < fetch->size + size)
            room *= 2;
        more = realloc(fetch->data, room);
        if (more == NULL) {
            body->out_of_memory = true;
            return 0;
        }
        fetch->data = more;
        body->room = room;
    }
    if (size > 0)
        memcpy(fetch->data + fetch->size, bytes, size);
    fetch->size += size;
    body->full = fetch->size == cap;
    return body->full ? 0 : offered;
}

/* ---- endings ---- */

struct fetch_ending fetch_ending(enum fetch_outcome outcome, const char *text)
{
    struct fetch_ending made = {outcome, ""};

    snprintf(made.text, sizeof made.text, "%s", text);
    return made;
}

/* What a system call says when this machine is the reason. */
static const int OURS[] = {ENOMEM,     ENOBUFS,       EMFILE,       ENFILE,   EPERM,
                           EACCES,     EIO,           EINTR,        EINVAL,   EBADF,
                           EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, ENETDOWN, ENODEV};
enum { OURS_COUNT = sizeof OURS / sizeof *OURS };

static bool is_ours(long number)
{
    for (size_t i = 0; i < OURS_COUNT; i++)
        if (OURS[i] == number)
            return true;
    return false;
}

/* ---- what is heard ---- */

static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct fetch_told *told = user;
    const int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);

    (void)purpose;
    told->socket_error = fd == -1 ? errno : 0;
    return fd;
}

/* The whole message, or what follows in it, is an error as the system words it. What a server says
 * never stands alone. */
static bool is_message(const char *text, size_t size, const char *before, const char *error)
{
    const size_t skip = strlen(before);

    while (size > 0 && text[size - 1] == '\n')
        size--;
    return size == skip + strlen(error) && memcmp(text, before, skip) == 0 &&
           memcmp(text + skip, error, size - skip) == 0;
}

static int note_datagram(CURL *easy, curl_infotype type, char *text, size_t size, void *user)
{
    struct fetch_told *told = user;

    (void)easy;
    for (size_t i = 0; i < OURS_COUNT && type == CURLINFO_TEXT; i++)
        if (is_message(text, size, "", strerror(OURS[i])) ||
            is_message(text, size, "bind() failed; ", strerror(OURS[i])))
            told->datagram_error = OURS[i];
    return 0;
}

void fetch_listen(CURL *easy, struct fetch_told *told)
{
    *told = (struct fetch_told){"", 0, 0};
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, told);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, told->text);
}

/* libcurl keeps only its first message, and of a datagram socket that is always one of its own
 * getpeername(). All of them go to its log. */
void fetch_listen_datagrams(CURL *easy, struct fetch_told *told)
{
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, note_datagram);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, told);
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
}

/* ---- endings in common ---- */

static struct fetch_ending of_connect(const struct fetch_told *told, CURL *easy, const char *stage)
{
    long number = told->socket_error != 0 ? told->socket_error : told->datagram_error;

    if (number != 0)
        return fetch_ending(FETCH_LOCAL, strerror((int)number));
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
    if (number != 0)
        return fetch_ending(is_ours(number) ? FETCH_LOCAL : FETCH_FAILED, strerror((int)number));
    /* A peer that refuses gives a number. None: poll() failed, or TFTP has asked often enough. */
    if (strcmp(stage, "connect") == 0)
        return fetch_ending(FETCH_LOCAL,
                            "this machine could not wait for the connection, poll() failed");
    return fetch_ending(FETCH_FAILED, "no connection: no answer came that can be used");
}

/* An error of this machine in the middle of a transfer. libcurl tells it only in its text, as the
 * system words it, or for TLS by its number. */
static const char *own_error(const struct fetch_told *told)
{
    static const char BEFORE_NUMBER[] = ", errno ";
    const char *number = strstr(told->text, BEFORE_NUMBER);

    if (told->datagram_error != 0)
        return strerror(told->datagram_error);
    if (number != NULL && is_ours(strtol(number + strlen(BEFORE_NUMBER), NULL, 10)))
        return strerror((int)strtol(number + strlen(BEFORE_NUMBER), NULL, 10));
    for (size_t i = 0; i < OURS_COUNT; i++)
        if (strstr(told->text, strerror(OURS[i])) != NULL)
            return strerror(OURS[i]);
    return NULL;
}

static bool is_broken_off(CURLcode code)
{
    return code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_SSL_CONNECT_ERROR;
}

static struct fetch_ending of_silence(const struct fetch_body *body, const char *stage)
{
    struct fetch_ending made = {FETCH_SILENT, ""};

    if (strcmp(stage, "resolve") == 0)
        return fetch_ending(FETCH_LOCAL, "the name did not resolve in time");
    if (body->fetch->size > 0)
        snprintf(made.text, sizeof made.text, "not complete in time, %zu bytes came",
                 body->fetch->size);
    else
        snprintf(made.text, sizeof made.text, "no answer in time");
    return made;
}

/* libcurl says the same of a header with a line of more than 100 KB, in 7.88 at least. Which of
 * both it was cannot be told, so the answer is not held against the server. */
static struct fetch_ending of_memory(const struct fetch_body *body, CURL *easy)
{
    curl_off_t answered = 0;

    curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &answered);
    if (body->out_of_memory || body->fetch->size > 0 || answered == 0)
        return fetch_ending(FETCH_LOCAL, "out of memory");
    return fetch_ending(FETCH_LOCAL,
                        "a line of the answer's header is too long, or memory ran out");
}

/* The URL that was asked for, or the one to which a server redirects. */
static struct fetch_ending of_url(CURL *easy)
{
    long status = 0;

    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status == 0 ? fetch_ending(FETCH_LOCAL, "what was given is not a URL")
                       : fetch_ending(FETCH_FAILED, "redirected to what is no URL");
}

bool fetch_common_ending(const struct fetch_body *body, CURL *easy, CURLcode code,
                         const char *stage, struct fetch_ending *ending)
{
    /* First: libcurl's TFTP may say that all is well after the body was refused. */
    if (body->out_of_memory || code == CURLE_OUT_OF_MEMORY)
        *ending = of_memory(body, easy);
    else if (code == CURLE_OK || body->full)
        *ending = fetch_ending(FETCH_OK, "");
    else if (code == CURLE_COULDNT_RESOLVE_HOST)
        *ending = fetch_ending(FETCH_LOCAL, "the name does not resolve");
    else if (code == CURLE_URL_MALFORMAT)
        *ending = of_url(easy);
    else if (is_broken_off(code) && own_error(&body->told) != NULL)
        *ending = fetch_ending(FETCH_LOCAL, own_error(&body->told));
    else if (code == CURLE_COULDNT_CONNECT)
        *ending = of_connect(&body->told, easy, stage);
    else if (code == CURLE_OPERATION_TIMEDOUT && body->told.datagram_error != 0)
        *ending = fetch_ending(FETCH_LOCAL, own_error(&body->told));
    else if (code == CURLE_OPERATION_TIMEDOUT)
        *ending = of_silence(body, stage);
    else
        return false;
    return true;
}

/* The reason as OpenSSL words it ends the message of libcurl. */
static struct fetch_ending of_handshake(const struct fetch_told *told)
{
    static const char BEFORE_REASON[] = "SSL routines::";
    const char *reason = strstr(told->text, BEFORE_REASON);
    struct fetch_ending made = {FETCH_FAILED, ""};

    if (reason == NULL)
        return fetch_ending(FETCH_FAILED,
                            "the TLS handshake failed: the connection was closed or reset");
    snprintf(made.text, sizeof made.text, "the TLS handshake failed: %s",
             reason + strlen(BEFORE_REASON));
    return made;
}

bool fetch_http_ending(const struct fetch_told *told, CURLcode code, struct fetch_ending *ending)
{
    if (code == CURLE_PARTIAL_FILE)
        *ending = fetch_ending(FETCH_FAILED,
                               "the server closed the connection in the middle of the file");
    else if (code == CURLE_GOT_NOTHING)
        *ending = fetch_ending(FETCH_FAILED, "the server closed the connection without an answer");
    else if (code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR)
        *ending = fetch_ending(FETCH_FAILED, "the connection was reset");
    else if (code == CURLE_SSL_CONNECT_ERROR)
        *ending = of_handshake(told);
    else if (code == CURLE_WEIRD_SERVER_REPLY)
        *ending = fetch_ending(FETCH_FAILED, "the answer is not HTTP");
    else
        return false;
    return true;
}

void fetch_set_common(CURL *easy, const char *url, struct fetch_body *body)
{
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* never wait for a resolver thread */
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, fetch_take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, body);
    fetch_listen(easy, &body->told);
}
