/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Versions of Unified CM as administrators write them. Knows nothing of what depends on them.
 */
#ifndef UCMTRUST_NAGIOS_VERSION_H
#define UCMTRUST_NAGIOS_VERSION_H

#include <stdbool.h>
#include <stdint.h>

/** Read "11.5", "14", "14SU3" or "12.5(1)SU2" as major * 256 + minor: what follows the minor number
 * changes no rule of ours. False and untouched when text is none. */
bool version_read(const char *text, uint16_t *version);

#endif
