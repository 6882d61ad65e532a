/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Registration of the protocol tvs.
 */
#ifndef UCMTRUST_DISSECTOR_PACKET_TVS_H
#define UCMTRUST_DISSECTOR_PACKET_TVS_H

void tvs_register(void);
void tvs_handoff(void);

#endif
