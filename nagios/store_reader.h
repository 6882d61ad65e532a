/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What reads trust stores from somewhere. A new kind of source is a file of its own with one of
 * these, and a row in store_reader.c.
 */
#ifndef UCMTRUST_NAGIOS_STORE_READER_H
#define UCMTRUST_NAGIOS_STORE_READER_H

#include "store_set.h"

/** A kind of source. */
struct store_reader {
    const char *kind;            /**< "dir": option --dir WHERE, and --expect-from dir:WHERE */
    const char *help;            /**< its part of --help, whole lines */
    const GOptionEntry *options; /**< more options of its own, ended by an empty one; or NULL */
    void (*check_values)(void);  /**< ends the process for a mistake in them; or NULL */
    void (*read)(const char *where, struct store_set *set);
    void (*release)(void); /**< frees what its options hold; or NULL */
};

/** All of them, ended by NULL. */
extern const struct store_reader *const STORE_READERS[];

/** The reader of a kind, NULL when there is none. size: of its name. */
const struct store_reader *store_reader_find(const char *kind, size_t size);

#endif
