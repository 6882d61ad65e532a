/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The conversation filter "TVS session" of Wireshark's menus.
 */
#ifndef UCMTRUST_DISSECTOR_SESSION_FILTER_H
#define UCMTRUST_DISSECTOR_SESSION_FILTER_H

void session_filter_register(void);

#endif
