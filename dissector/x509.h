/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Certificates inside messages and lists: handed to Wireshark's own X.509 dissector where somebody
 * will look at them. Must not know where they came from.
 */
#ifndef UCMTRUST_DISSECTOR_X509_H
#define UCMTRUST_DISSECTOR_X509_H

#include "compat.h"

#include "common/bytes.h"

#include <epan/prefs.h>

/** Add the switch for all certificates to the preferences of module. */
void x509_preference(module_t *module);

/** Find Wireshark's X.509 dissector and its protocols. */
void x509_handoff(void);

/** Dissect the certificate at view of tvb below tree. Does nothing when nobody looks at it (about
 * 32 us each), and never ends the caller's dissection, whatever the certificate holds. */
void x509_dissect(tvbuff_t *tvb, struct ucm_view view, packet_info *pinfo, proto_tree *tree);

#endif
