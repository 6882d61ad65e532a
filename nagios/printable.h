/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Text that may be printed, from bytes of anybody.
 */
#ifndef UCMTRUST_NAGIOS_PRINTABLE_H
#define UCMTRUST_NAGIOS_PRINTABLE_H

#include <stddef.h>

/** Wire text as a printable string, to be freed with g_free(). */
char *printable_bytes(const void *bytes, size_t size);

/** The same of a string of ours or of the user; NULL gives NULL. */
char *printable_text(const char *text);

#endif
