/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What other protocols tell about phones, read from Wireshark's own fields: the TFTP servers that
 * DHCP names, and files that a server does not have.
 */
#ifndef UCMTRUST_DISSECTOR_PHONES_OTHERS_H
#define UCMTRUST_DISSECTOR_PHONES_OTHERS_H

#include "phones.h"

/** Listen from now on, for the phones that the pointer names at each moment; show is called for
 * each phone that something is learnt of. It also makes Wireshark build trees, which the
 * handshakes on the port of TVS are read from. Calling it again changes nothing. */
void phones_others_listen(struct phones **phones, void (*show)(struct phone *phone));

#endif
