/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How trust lists and signed files reach phones: TFTP, HTTP and HTTPS; and bare TCP by Decode As.
 */
#ifndef UCMTRUST_DISSECTOR_CARRIER_H
#define UCMTRUST_DISSECTOR_CARRIER_H

#include "compat.h"

#include <epan/prefs.h>

/** Add what can be chosen about carriers to the preferences of module. */
void carrier_preferences(module_t *module);
/** Take the preferences as they are set now; called after each change. */
void carrier_apply(void);
void carrier_handoff(void);

#endif
