/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads versions. Must not know what changed between them: common/ does.
 */
#include "version.h"

#include <glib.h>
#include <string.h>

enum { MAJOR_MAX = 99, MINOR_MAX = 255 };

bool version_read(const char *text, uint16_t *version)
{
    static const char REST[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.()-";
    char *end = NULL;
    const guint64 major = g_ascii_isdigit(*text) ? g_ascii_strtoull(text, &end, 10) : 0;
    guint64 minor = 0;

    if (major == 0 || major > MAJOR_MAX)
        return false;
    if (end[0] == '.' && g_ascii_isdigit(end[1]))
        minor = g_ascii_strtoull(end + 1, &end, 10);
    if (minor > MINOR_MAX || strspn(end, REST) != strlen(end))
        return false;
    *version = (uint16_t)(major * 256 + minor);
    return true;
}
