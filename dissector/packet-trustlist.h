/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The protocol ciscotl: registration, and the one way in for everything that carries a file.
 */
#ifndef UCMTRUST_DISSECTOR_PACKET_TRUSTLIST_H
#define UCMTRUST_DISSECTOR_PACKET_TRUSTLIST_H

#include "compat.h"

#include <epan/prefs.h>

/** Name of the dissector, for those who find it by name. */
#define TRUSTLIST_DISSECTOR "ciscotl"

/** Register the protocol. Returns its preferences. */
module_t *trustlist_register(void);
void trustlist_handoff(void);

int trustlist_protocol(void);

struct tl_shown;

/** "ITL, 6 records, signed by CN=ucm11pub (SHA-512), signature valid": what the column says. */
const char *trustlist_text(const struct tl_shown *shown);

/** Could this be a trust list or signed file? */
bool trustlist_recognise(tvbuff_t *tvb);

/** Dissect one. name: under which it was fetched, NULL when not known. */
int trustlist_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const char *name);

#endif
