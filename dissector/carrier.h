/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How trust lists and signed files reach phones: TFTP and HTTP.
 */
#ifndef UCMTRUST_DISSECTOR_CARRIER_H
#define UCMTRUST_DISSECTOR_CARRIER_H

#include "compat.h"

#include <epan/prefs.h>

/** Add the switch for HTTP to the preferences of module. */
void carrier_preference(module_t *module);
void carrier_handoff(void);

#endif
