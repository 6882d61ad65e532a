/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A private folder with one file per source: nobody else may write or read it, no link in it is
 * followed, and a file is either the old or the new one, whatever happens in between. Knows nothing
 * of what stands in the files.
 */
#ifndef UCMTRUST_NAGIOS_STATE_H
#define UCMTRUST_NAGIOS_STATE_H

#include <glib.h>
#include <stdbool.h>

enum { STATE_WHY_MAX = 160 };

/** An open folder. Close with state_close(). */
struct state {
    int folder;
    int lock; /**< -1: not locked */
};

/** How reading ended. */
enum state_outcome {
    STATE_READ,
    STATE_NONE,     /**< there is no such file yet */
    STATE_UNUSABLE, /**< not a private file of ours, too large, or unreadable */
};

/** Open the folder, and make it when it is missing (not those above it). Links to folders are not
 * followed. False: then why (STATE_WHY_MAX) says the reason. */
bool state_open(struct state *state, const char *path, char *why);
void state_close(struct state *state);

/** Keep other runs out until state_close(); waits for them until the deadline of plugin.h. */
bool state_lock(struct state *state, char *why);

/** The name of a source's file: readable, and as distinct as the source; to be freed. */
char *state_file_name(const char *source);

/** Read a file of at most max bytes; text is to be freed. */
enum state_outcome state_read(const struct state *state, const char *name, gsize max, char **text,
                              gsize *size, char *why);

/** Put a file in the place of the old one, which stays when this fails. Only under the lock. */
bool state_write(const struct state *state, const char *name, const char *text, gsize size,
                 char *why);

#endif
