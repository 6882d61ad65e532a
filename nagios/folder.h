/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is in a folder, or why that is not known.
 */
#ifndef UCMTRUST_NAGIOS_FOLDER_H
#define UCMTRUST_NAGIOS_FOLDER_H

#include <glib.h>

#include <stdbool.h>

/** Names in a folder, in their order, so that the same folder is read in the same order everywhere;
 * none that begins with a dot. To be freed with g_ptr_array_unref(). NULL: it could not be read to
 * its end, and *why, to be freed, says the reason. */
GPtrArray *folder_names(const char *path, char **why);

/** Does a name end like one of count endings, such as ".pem", in either case? */
bool folder_name_ends(const char *name, const char *const *ending, size_t count);

#endif
