/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What statistics and exports listen to. Each tap is told of every message or file, on every pass,
 * also where no tree is built; a listener that is not there costs nothing.
 */
#ifndef UCMTRUST_DISSECTOR_TAPS_H
#define UCMTRUST_DISSECTOR_TAPS_H

/** One TVS message: a const struct tvs_shown, without findings. It and what it points to live as
 * long as the packet. */
#define TVS_TAP "tvs"

/** One trust list or signed file: a const struct tl_shown, without report; of the same life. */
#define TRUSTLIST_TAP "ciscotl"

#endif
