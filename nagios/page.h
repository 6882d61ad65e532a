/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The result as one page for a wall: HTML without scripts and without anything from elsewhere.
 */
#ifndef UCMTRUST_NAGIOS_PAGE_H
#define UCMTRUST_NAGIOS_PAGE_H

#include "result.h"

/** The page, after result_conclude() and with the summary; everything in it is escaped. */
GString *page_make(const struct result *result);

/** Put the page in the place of an old one, whole or not at all; a link is replaced, never
 * followed. Returns NULL, or why it failed; to be freed. */
char *page_write(const struct result *result, const char *path);

#endif
