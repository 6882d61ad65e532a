/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names of nodes as users write them: NODE, NODE:PORT, [V6] or [V6]:PORT. Resolves nothing.
 */
#ifndef UCMTRUST_NAGIOS_ADDRESS_H
#define UCMTRUST_NAGIOS_ADDRESS_H

#include <stdbool.h>

/** Part it into host and port; both to be freed. port: NULL where none is given; a bare IPv6
 * address has colons and no port. False when it is none of the forms. */
bool address_part(const char *text, char **host, char **port);

/** Is it one of the forms, with a port from 1 to 65535 if it has one? */
bool address_valid(const char *text);

#endif
