/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Roles as words: a name, or the number where it has none. Judges nothing.
 */
#ifndef UCMTRUST_NAGIOS_ROLE_H
#define UCMTRUST_NAGIOS_ROLE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** One role; to be freed. */
char *role_word(uint32_t role);

/** Roles (bits) as the member "roles" of an object: an array, or null where they are not known. */
void role_json(GString *out, bool known, uint32_t roles);

#endif
