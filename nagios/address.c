/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * NODE:PORT: see address.h.
 */
#include "address.h"

#include <glib.h>
#include <string.h>

enum { PORT_MAX = 65535 };

bool address_part(const char *text, char **host, char **port)
{
    const char *colon = strrchr(text, ':');
    const char *bracket = strchr(text, ']');
    const bool v6 = *text == '[';

    if (v6 && (bracket == NULL || (bracket[1] != '\0' && bracket[1] != ':')))
        return false;
    if (v6)
        colon = bracket[1] == ':' ? bracket + 1 : NULL;
    else if (colon != NULL && strchr(text, ':') != colon)
        colon = NULL;
    *host = v6 ? g_strndup(text + 1, (gsize)(bracket - text - 1))
               : g_strndup(text, colon != NULL ? (gsize)(colon - text) : strlen(text));
    *port = colon != NULL ? g_strdup(colon + 1) : NULL;
    return true;
}

bool address_valid(const char *text)
{
    g_autofree char *host = NULL;
    g_autofree char *port = NULL;

    return address_part(text, &host, &port) && *host != '\0' &&
           /* GLib would skip a vertical tab */
           (port == NULL || (g_ascii_isdigit(*port) &&
                             g_ascii_string_to_unsigned(port, 10, 1, PORT_MAX, NULL, NULL)));
}
