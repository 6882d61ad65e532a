/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What libcurl's codes mean: see fetch_ending.h.
 * Facts: measured with libcurl 7.88.
 */
#include "fetch_ending.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

int64_t fetch_clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct fetch_ending fetch_ended(enum fetch_outcome outcome, const char *text)
{
    struct fetch_ending made = {outcome, ""};

    snprintf(made.text, sizeof made.text, "%s", text);
    return made;
}

const char *fetch_stage_of(CURL *easy, const char *url)
{
    curl_off_t looked_up = 0;
    curl_off_t connected = 0;
    curl_off_t shaken = 0;

    curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
    curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &shaken);
    if (looked_up == 0)
        return "resolve";
    if (strncasecmp(url, "tftp:", 5) == 0)
        return "answer";
    if (connected == 0)
        return "connect";
    return strncasecmp(url, "https:", 6) == 0 && shaken == 0 ? "handshake" : "answer";
}

static struct fetch_ending of_connect(CURL *easy)
{
    long number = 0;

    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
    if (number == EMFILE || number == ENFILE || number == ENOMEM || number == EACCES ||
        number == EPERM)
        return fetch_ended(FETCH_LOCAL, strerror((int)number));
    return fetch_ended(FETCH_FAILED, number != 0 ? strerror((int)number) : "no connection");
}

static struct fetch_ending of_silence(const char *stage, size_t got)
{
    struct fetch_ending made = {FETCH_SILENT, "no answer in time"};

    if (strcmp(stage, "resolve") == 0)
        return fetch_ended(FETCH_LOCAL, "the name did not resolve in time");
    if (got > 0)
        snprintf(made.text, sizeof made.text, "not complete in time, %zu bytes came", got);
    return made;
}

struct fetch_ending fetch_ending_of(CURL *easy, CURLcode code, const char *stage, size_t got)
{
    struct fetch_ending made = {FETCH_FAILED, ""};

    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return fetch_ended(FETCH_LOCAL, "the name does not resolve");
    case CURLE_URL_MALFORMAT:
        return fetch_ended(FETCH_LOCAL, "this is not a URL");
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
        return fetch_ended(FETCH_LOCAL, "out of memory");
    case CURLE_COULDNT_CONNECT:
        return of_connect(easy);
    case CURLE_OPERATION_TIMEDOUT:
        return of_silence(stage, got);
    case CURLE_PARTIAL_FILE:
        return fetch_ended(FETCH_FAILED, "the connection was closed in the middle of the file");
    case CURLE_GOT_NOTHING:
        return fetch_ended(FETCH_FAILED, "the connection was closed without an answer");
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        return fetch_ended(FETCH_FAILED, "the connection was reset");
    case CURLE_SSL_CONNECT_ERROR:
        return fetch_ended(FETCH_FAILED, "the TLS handshake failed");
    case CURLE_WEIRD_SERVER_REPLY:
        return fetch_ended(FETCH_FAILED, "the answer is not HTTP");
    default:
        snprintf(made.text, sizeof made.text, "libcurl code %d", (int)code);
        return made;
    }
}
