/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Roles as words: see role.h.
 */
#include "role.h"

#include "json.h"

#include "common/trustlist.h"

enum { ROLES = 32 };

char *role_word(uint32_t role)
{
    const char *name = ucm_role_name(role);

    return name != NULL ? g_strdup(name) : g_strdup_printf("%u", role);
}

void role_json(GString *out, bool known, uint32_t roles)
{
    if (!known) {
        json_null(out, "roles");
        return;
    }
    json_key(out, "roles");
    g_string_append_c(out, '[');
    for (uint32_t role = 0; role < ROLES; role++)
        if ((roles & UCM_ROLE_BIT(role)) != 0) {
            g_autofree char *word = role_word(role);

            json_item(out);
            json_text(out, word);
        }
    g_string_append_c(out, ']');
}
