/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the parts of the module that use libcurl share: what its codes mean, in our words. Must not
 * know what is fetched, nor with which method.
 */
#ifndef UCMTRUST_NAGIOS_FETCH_ENDING_H
#define UCMTRUST_NAGIOS_FETCH_ENDING_H

#include "fetch.h"

#include <curl/curl.h>

enum { FETCH_HEADERS_MAX = 256 * 1024 }; /* bytes; an endless header must end before memory does */

/** An ending in words. */
struct fetch_ending {
    enum fetch_outcome outcome;
    char text[128];
};

/** Milliseconds on a clock that never jumps. */
int64_t fetch_clock_ms(void);

/** An ending of this kind; text is copied, and cut where it is too long. */
struct fetch_ending fetch_ended(enum fetch_outcome outcome, const char *text);

/** The last stage that was reached: "resolve", "connect", "handshake" or "answer". Static. */
const char *fetch_stage_of(CURL *easy, const char *url);

/** What a code means that is no success, for all that is the same in every protocol. stage: that of
 * fetch_stage_of(); got: bytes of the answer that came. */
struct fetch_ending fetch_ending_of(CURL *easy, CURLcode code, const char *stage, size_t got);

#endif
