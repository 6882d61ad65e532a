/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * HTTP and HTTPS as carriers: which bodies are looked at, and on which ports HTTP is expected.
 */
#ifndef UCMTRUST_DISSECTOR_CARRIER_HTTP_H
#define UCMTRUST_DISSECTOR_CARRIER_HTTP_H

#include "compat.h"

#include <epan/prefs.h>

/** Add the switch and the ports to the preferences of module. */
void carrier_http_preferences(module_t *module);
/** Take the ports as they are set now; called after each change of a preference. */
void carrier_http_apply(void);
/** carried: the dissector that takes a struct trustlist_carried. */
void carrier_http_handoff(dissector_handle_t carried);

#endif
