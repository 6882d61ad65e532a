/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the fetchers of the module ucmtrust-fetch.so share: taking bytes up to the cap, the clock,
 * and endings in words. Must not know a protocol.
 */
#ifndef UCMTRUST_NAGIOS_FETCH_MODULE_H
#define UCMTRUST_NAGIOS_FETCH_MODULE_H

#include "fetch.h"

#include <curl/curl.h>

enum { FETCH_HEADERS_MAX = 256 * 1024 }; /* bytes; an endless header must end before memory does */

/** What was heard of a failure: libcurl's code alone does not tell whose fault it is. */
struct fetch_told {
    char text[CURL_ERROR_SIZE]; /**< the first message of libcurl; "" for none */
    int socket_error;           /**< errno of the last socket() that failed; libcurl loses it */
    int datagram_error;         /**< errno of the last bind() or sendto() of TFTP that failed */
};

/** Where the bytes of one file go: into fetch->data, at most UCM_INPUT_MAX + 1. */
struct fetch_body {
    struct fetch *fetch;
    size_t room;
    bool full;
    bool out_of_memory;
    struct fetch_told told;
};

/** CURLOPT_WRITEFUNCTION for a struct fetch_body. */
size_t fetch_take_body(char *bytes, size_t unit, size_t count, void *body);

/** An ending in words. */
struct fetch_ending {
    enum fetch_outcome outcome;
    char text[128];
};

struct fetch_ending fetch_ending(enum fetch_outcome outcome, const char *text);

/** What is the same for all protocols; false when the code says something of a protocol. stage: as
 * far as it came. */
bool fetch_common_ending(const struct fetch_body *body, CURL *easy, CURLcode code,
                         const char *stage, struct fetch_ending *ending);

/** What is the same for HTTP and HTTPS; false for all other codes. */
bool fetch_http_ending(const struct fetch_told *told, CURLcode code, struct fetch_ending *ending);

/** Listen to what goes wrong in the next transfer. told must live as long as easy has a transfer.
 */
void fetch_listen(CURL *easy, struct fetch_told *told);

/** Of TFTP, listen to errors of bind() and sendto() as well. After fetch_listen(). */
void fetch_listen_datagrams(CURL *easy, struct fetch_told *told);

/** Count the bytes of the headers into *total, and break off after FETCH_HEADERS_MAX. total must
 * live as long as easy has a transfer. */
void fetch_count_headers(CURL *easy, size_t *total);

/** Options that every transfer of ours has; listens. */
void fetch_set_common(CURL *easy, const char *url, struct fetch_body *body);

/** libcurl, with memory that is there or ends the process: see memory.h. */
bool fetch_global_init(void);

/** Milliseconds on a clock that never jumps. */
int64_t fetch_clock_ms(void);

#endif
