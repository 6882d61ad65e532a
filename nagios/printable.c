/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Escaping as common/finding_text does it, in memory of GLib: see printable.h.
 */
#include "printable.h"

#include "common/finding_text.h"

#include <glib.h>
#include <string.h>

char *printable_bytes(const void *bytes, size_t size)
{
    /* An escaped byte takes four; the limit keeps one hostile name from filling the output. */
    const size_t room = MIN(size, (size_t)UCM_TEXT_MAX) * 4 + 8;
    char *text = g_malloc(room);

    ucm_escape(bytes, size, text, room);
    return text;
}

char *printable_text(const char *text)
{
    return text == NULL ? NULL : printable_bytes(text, strlen(text));
}
