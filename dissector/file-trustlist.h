/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Opening ITL, CTL and signed files as if they were captures of one packet.
 */
#ifndef UCMTRUST_DISSECTOR_FILE_TRUSTLIST_H
#define UCMTRUST_DISSECTOR_FILE_TRUSTLIST_H

void file_trustlist_register(void);

#endif
