/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The lists that one TFTP node was seen to serve, in memory and as the text of a state file. Knows
 * nothing of files, nodes or what phones do.
 *
 * The text, version 1:
 *   ucmtrust-state 1 <SHA-256 of everything after this line, hex>
 *   [state]           source = the node; evicted = when the newest dropped pair was last seen, or 0
 *   [lists]           <SHA-256 of a list, hex> = its bytes, base64
 *   [pair-1] …        itl and, where one was served, ctl = a key of [lists];
 *                     first and last = when they were served together, Unix seconds
 */
#ifndef UCMTRUST_NAGIOS_HISTORY_H
#define UCMTRUST_NAGIOS_HISTORY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    HISTORY_PAIRS_MAX = 32,       /**< a node changes its lists a few times a year */
    HISTORY_BYTES_MAX = 16 << 20, /**< of all lists together; two of UCM_INPUT_MAX always fit */
    HISTORY_TEXT_MAX = 3 << 23,   /**< that much in base64, and room for the rest */
};

/** What was served at the same time. */
struct history_pair {
    GBytes *ctl; /**< NULL: none was served */
    GBytes *itl;
    int64_t first; /**< Unix seconds */
    int64_t last;
};

/** Everything that was seen of one node. */
struct history {
    GPtrArray *pairs; /**< of struct history_pair, in the order in which they appeared */
    int64_t evicted;  /**< when the newest pair that found no room was last seen; 0: none */
};

struct history *history_new(void);
void history_free(struct history *history);

/** Note that a pair is served now. ctl: may be NULL. */
void history_add(struct history *history, GBytes *ctl, GBytes *itl, int64_t now);

/** Forget what was not seen since a moment. */
void history_expire(struct history *history, int64_t oldest);

/** Forget all pairs but the one that is served now, which keeps its times. */
void history_accept(struct history *history, GBytes *ctl, GBytes *itl);

/** The text of a state file; to be freed. */
char *history_write(const struct history *history, const char *source, gsize *size);

/** Read it; NULL when it is damaged or of another source: then why says how (static). */
struct history *history_read(const char *text, gsize size, const char *source, const char **why);

#endif
