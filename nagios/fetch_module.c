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
static const int OURS[] = {ENOMEM, ENOBUFS, EMFILE, ENFILE, EPERM, EACCES, EADDRNOTAVAIL};
enum { OURS_COUNT = sizeof OURS / sizeof *OURS };

static bool is_ours(long number)
{
    for (size_t i = 0; i < OURS_COUNT; i++)
        if (OURS[i] == number)
            return true;
    return false;
}

static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct fetch_body *body = user;
    const int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);

    (void)purpose;
    body->socket_error = fd == -1 ? errno : 0;
    return fd;
}

static struct fetch_ending of_connect(const struct fetch_body *body, CURL *easy)
{
    long number = body->socket_error;

    if (number == 0)
        curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
    if (body->socket_error != 0 || is_ours(number))
        return fetch_ending(FETCH_LOCAL, strerror((int)number));
    return fetch_ending(FETCH_FAILED, number != 0 ? strerror((int)number) : "no connection");
}

/* An error of this machine in the middle of a transfer. libcurl tells it only in its text, as the
 * system words it, or for TLS by its number. */
static const char *own_error(const char *told)
{
    char number[32];

    for (size_t i = 0; i < OURS_COUNT; i++) {
        snprintf(number, sizeof number, ", errno %d", OURS[i]);
        if (strstr(told, strerror(OURS[i])) != NULL || strstr(told, number) != NULL)
            return strerror(OURS[i]);
    }
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

bool fetch_common_ending(const struct fetch_body *body, CURL *easy, CURLcode code,
                         const char *stage, struct fetch_ending *ending)
{
    if (code == CURLE_OK || body->full)
        *ending = fetch_ending(FETCH_OK, "");
    else if (body->out_of_memory || code == CURLE_OUT_OF_MEMORY)
        *ending = fetch_ending(FETCH_LOCAL, "out of memory");
    else if (code == CURLE_COULDNT_RESOLVE_HOST)
        *ending = fetch_ending(FETCH_LOCAL, "the name does not resolve");
    else if (code == CURLE_URL_MALFORMAT)
        *ending = fetch_ending(FETCH_LOCAL, "this is not a URL");
    else if (is_broken_off(code) && own_error(body->told) != NULL)
        *ending = fetch_ending(FETCH_LOCAL, own_error(body->told));
    else if (code == CURLE_COULDNT_CONNECT)
        *ending = of_connect(body, easy);
    else if (code == CURLE_OPERATION_TIMEDOUT)
        *ending = of_silence(body, stage);
    else
        return false;
    return true;
}

bool fetch_http_ending(CURLcode code, struct fetch_ending *ending)
{
    if (code == CURLE_PARTIAL_FILE)
        *ending = fetch_ending(FETCH_FAILED, "the connection was closed in the middle of the file");
    else if (code == CURLE_GOT_NOTHING)
        *ending = fetch_ending(FETCH_FAILED, "the connection was closed without an answer");
    else if (code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR)
        *ending = fetch_ending(FETCH_FAILED, "the connection was reset");
    else if (code == CURLE_SSL_CONNECT_ERROR)
        *ending = fetch_ending(FETCH_FAILED, "the TLS handshake failed");
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
    body->told[0] = '\0';
    body->socket_error = 0;
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, body);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, body->told);
}
