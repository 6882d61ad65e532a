/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The protocol tvs: registration, and what others ask about a packet.
 */
#ifndef UCMTRUST_DISSECTOR_PACKET_TVS_H
#define UCMTRUST_DISSECTOR_PACKET_TVS_H

#include "compat.h"

void tvs_register(void);
void tvs_handoff(void);

/** Does the packet belong to a connection on which TVS was spoken, or was to be? */
bool tvs_spoken_here(packet_info *pinfo);

#endif
