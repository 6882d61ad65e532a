/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A file for other programs that appears whole or not at all: pages and metrics. Knows nothing of
 * what is in it.
 */
#ifndef UCMTRUST_NAGIOS_WHOLE_FILE_H
#define UCMTRUST_NAGIOS_WHOLE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/** Put size bytes in the place of what is at path: written beside it, flushed to the disk, renamed.
 * Mode 0644 whatever the umask, because somebody else reads it. A link is replaced, never followed;
 * what is neither a file nor a link to one (a folder, a device) is left alone. Returns NULL, or one
 * printable line that says why it failed; to be freed. Nothing is left behind then, and nothing
 * when a signal ends the process. Not for two threads at a time. */
char *whole_file_write(const char *path, const char *bytes, size_t size);

/** Write all of them, however often it takes. False with errno. */
bool whole_file_put(int fd, const char *bytes, size_t size);

/** Remove what is half written. For signal handlers that end the process. */
void whole_file_abandon(void);

#endif
