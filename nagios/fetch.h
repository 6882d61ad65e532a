/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bytes from a file, from stdin or from URLs (http, https, tftp), never more than a phone takes.
 * Knows nothing of trust lists.
 */
#ifndef UCMTRUST_NAGIOS_FETCH_H
#define UCMTRUST_NAGIOS_FETCH_H

#include "common/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** How it ended. */
enum fetch_outcome {
    FETCH_OK,      /**< also when the cap was reached: then size is UCM_INPUT_MAX + 1 */
    FETCH_MISSING, /**< the server says that there is no such file */
    FETCH_SILENT,  /**< it did not answer, or not in time */
    FETCH_FAILED,  /**< it refused, reset or answered nonsense */
    FETCH_LOCAL,   /**< for a reason of our own: no such name, no permission, no memory */
};

enum { FETCH_DETAIL_MAX = 256, FETCH_URLS_MAX = 2 };

/** One file that is wanted. */
struct fetch {
    const char *url[FETCH_URLS_MAX]; /**< tried in this order; unused ones NULL */
    enum fetch_outcome outcome;
    const char *stage;             /**< last stage that was reached; static */
    const char *origin;            /**< the URL that answered, one of url[] */
    char detail[FETCH_DETAIL_MAX]; /**< why not, for people; "" on success */
    uint8_t *data;                 /**< malloc()ed, the caller frees */
    size_t size;
};

/** What the module ucmtrust-fetch.so offers: fetch all of them side by side. Returns when all are
 * done or after left_ms milliseconds. True when something was left behind in a thread, so that the
 * process must not wait for it. */
typedef bool fetch_run_function(struct fetch *fetches, size_t count, int64_t left_ms);
#define FETCH_RUN_SYMBOL "ucmtrust_fetch_run"

/** Fetch them all within what is left of the deadline, and within limit_ms milliseconds. */
void fetch_urls(struct fetch *fetches, size_t count, int64_t limit_ms);

/** The URLs of a file on a TFTP node, in the order in which phones ask: HTTP, then TFTP. node: host
 * name or address, also of IPv6. To be freed. */
void fetch_node_urls(const char *node, int http_port, int tftp_port, const char *file,
                     char *url[FETCH_URLS_MAX]);

/** Read a regular file, or stdin for "-", into fetch, at most UCM_INPUT_MAX + 1 bytes. */
void fetch_file(const char *path, struct fetch *fetch);

/** The same for a saved text, which may be longer: FETCH_OK only for one of at most UCM_SAVED_MAX
 * bytes, which are made plain (common/lines.h). */
void fetch_text(const char *path, struct fetch *fetch);

/** Is it a URL (and not a path)? */
bool fetch_is_url(const char *text);

/** Is it a URL of a kind that can be fetched? */
bool fetch_is_supported(const char *url);

#endif
