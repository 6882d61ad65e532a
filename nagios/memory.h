/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory that is there, or the process ends with the prepared line: the rule of GLib, for libraries
 * that would rather return an error. Such an error looks like one of what they looked at, a bad
 * signature or a failed handshake, and would be laid at the door of a healthy server.
 */
#ifndef UCMTRUST_NAGIOS_MEMORY_H
#define UCMTRUST_NAGIOS_MEMORY_H

#include <stddef.h>

/** As malloc(), calloc(), realloc() and strdup(), but they abort() where those return NULL. A size
 * of 0 gives a block as well; memory_resize() to 0 frees it and gives NULL. */
void *memory_take(size_t size);
void *memory_take_zeroed(size_t count, size_t size);
void *memory_resize(void *block, size_t size);
char *memory_copy(const char *text);

#endif
