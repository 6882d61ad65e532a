/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The table of phones: `tshark -z ucmtrust,phones`, and Wireshark's Statistics menu.
 */
#ifndef UCMTRUST_DISSECTOR_TAP_PHONES_H
#define UCMTRUST_DISSECTOR_TAP_PHONES_H

void tap_phones_register(void);

#endif
