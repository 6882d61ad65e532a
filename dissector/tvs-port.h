/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The TCP port of TVS, seen from outside of TLS: what becomes of a connection in which no TVS
 * message is ever sent, because the phone or the server breaks the handshake off. Everything is
 * handed to Wireshark's TLS dissector as it comes, and TVS in the clear to ours.
 *
 * Fact phone-alert (A; test_dissector:test_refused_handshake_shows_no_message,
 * test_port:test_an_unknown_certificate): a phone that refuses TVS ends the handshake: no TVS
 * message follows.
 */
#ifndef UCMTRUST_DISSECTOR_TVS_PORT_H
#define UCMTRUST_DISSECTOR_TVS_PORT_H

#include "compat.h"

#include "common/finding.h"

/** What one packet of a connection to TVS shows; lives as long as the packet. */
struct tvs_sign {
    bool from_phone;
    const uint8_t *certificate; /**< that the server shows in this packet (DER), NULL for none */
    uint32_t certificate_size;
    const char *alert;           /**< TLS alert that ends the handshake, in words; NULL for none */
    enum ucm_finding_id finding; /**< what that means, UCM_FINDING_NONE without one */
};

/** Register the fields of what is shown here, for the protocol tvs. clear: the heuristic that
 * knows TVS in the clear. */
void tvs_port_register(int proto, heur_dissector_t clear);

/** Stand at this port from now on and no more at the one before; 0: at none. tvs: the dissector of
 * what is inside TLS. */
void tvs_port_listen(unsigned port, dissector_handle_t tvs);

/** What can only be looked up when all protocols are registered. */
void tvs_port_handoff(void);

#endif
