/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust stores from folders of PEM and DER files. Knows nothing of other sources.
 */
#ifndef UCMTRUST_NAGIOS_STORE_DIR_H
#define UCMTRUST_NAGIOS_STORE_DIR_H

#include "store_reader.h"

extern const struct store_reader STORE_DIR;

/** Add the certificates of a PEM or DER file that is in memory, and name what else is in it. path:
 * its name in messages, which is the origin of the place. */
void store_dir_add_file(struct store_set *set, const uint8_t *data, size_t size,
                        const struct store_place *place);

#endif
