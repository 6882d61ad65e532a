/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a phone's configuration file says about TVS. Must not know how it came.
 */
#ifndef UCMTRUST_DISSECTOR_PHONE_CONFIG_H
#define UCMTRUST_DISSECTOR_PHONE_CONFIG_H

#include "compat.h"

/** The addresses of the TVS servers that a configuration (XML) names, joined with ", ". NULL where
 * it names none or cannot be read; a file that is damaged further down gives what came before. */
const char *phone_config_tvs(wmem_allocator_t *pool, const uint8_t *xml, size_t size);

#endif
