/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tap of phones: see taps.h.
 */
#include "taps.h"

#include <epan/tap.h>

static int phones_tap = 0;

void taps_register(void)
{
    phones_tap = register_tap(PHONES_TAP);
}

bool taps_phones_heard(void)
{
    return have_tap_listener(phones_tap);
}

void taps_tell(packet_info *pinfo, enum taps_kind kind, const void *what)
{
    struct taps_event *event;

    if (!taps_phones_heard())
        return;
    event = wmem_new(pinfo->pool, struct taps_event);
    event->kind = kind;
    event->what = what;
    tap_queue_packet(phones_tap, pinfo, event);
}
