/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Statistics -> Service Response Time -> TVS, and `tshark -z tvs,srt`.
 */
#ifndef UCMTRUST_DISSECTOR_TAP_SRT_H
#define UCMTRUST_DISSECTOR_TAP_SRT_H

/** Register it for the protocol tvs, which exists already. */
void tap_srt_register(void);

#endif
