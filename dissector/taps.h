/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What statistics and exports listen to. Each tap is told of every message or file, on every pass,
 * also where no tree is built; a listener that is not there costs nothing.
 */
#ifndef UCMTRUST_DISSECTOR_TAPS_H
#define UCMTRUST_DISSECTOR_TAPS_H

#include "compat.h"

/** One TVS message: a const struct tvs_shown, without findings. It and what it points to live as
 * long as the packet. */
#define TVS_TAP "tvs"

/** One trust list or signed file: a const struct tl_shown, without report; of the same life. */
#define TRUSTLIST_TAP "ciscotl"

/** All that phones do: a const struct taps_event; of the same life. */
#define PHONES_TAP "ucmtrust"

enum taps_kind {
    TAPS_FILE,    /**< what: a const struct tl_shown */
    TAPS_MESSAGE, /**< what: a const struct tvs_shown */
    TAPS_SIGN,    /**< what: a const struct tvs_sign, of a connection to the port of TVS */
};

struct taps_event {
    enum taps_kind kind;
    const void *what;
};

/** Register the tap of phones. */
void taps_register(void);

/** Does anybody listen to what phones do? */
bool taps_phones_heard(void);

/** Tell who listens. what lives as long as the packet. */
void taps_tell(packet_info *pinfo, enum taps_kind kind, const void *what);

#endif
