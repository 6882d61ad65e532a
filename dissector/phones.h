/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The story of each phone in a capture: which lists it was given, whom it asked, what it was told,
 * and whether it accepts. Decisions are those of common/phone. What the capture does not show is
 * unknown and stays so. Must not know how it is shown.
 */
#ifndef UCMTRUST_DISSECTOR_PHONES_H
#define UCMTRUST_DISSECTOR_PHONES_H

#include "compat.h"

#include "taps.h"

enum {
    PHONES_MAX = 20000,
    PHONE_ROWS_MAX = 256, /**< events of one phone; a migration has about ten */
};

/** One event, as it is shown. All texts live as long as the phones. */
struct phone_row {
    double time; /**< seconds since the first packet */
    uint32_t frame;
    const char *event;
    const char *node;    /**< whom the phone had to do with */
    const char *verdict; /**< "accepted", "REFUSED", "unknown", or "" where nothing is decided */
    const char *details;
};

/** All phones of a capture. */
struct phones;
struct phone;

struct phones *phones_new(void);
void phones_free(struct phones *phones);

/** Take one event in. Returns the phone that it is about, NULL where there is none or no room. */
struct phone *phones_take(struct phones *phones, packet_info *pinfo,
                          const struct taps_event *event);

/** DHCP gave a phone this address, and names TFTP servers. mac: twelve digits. */
struct phone *phones_lease(struct phones *phones, packet_info *pinfo, const address *where,
                           const char *mac, const char *servers);

/** The server of this packet has no such file for the phone that it is sent to. */
struct phone *phones_absent(struct phones *phones, packet_info *pinfo, const char *file,
                            const char *why);

/** How many phones there are, and how many found no room. */
unsigned phones_count(const struct phones *phones);
unsigned phones_left_out(const struct phones *phones);

/** Its number, from 0 in the order in which phones were met. */
unsigned phone_number(const struct phone *phone);

/** "SEP00005E005332 (8861) at 192.0.2.50", as far as it is known. */
const char *phone_title(const struct phone *phone);

/** What becomes of the phone, as a row. */
struct phone_row phone_summary(const struct phone *phone);

/** Its events, in time order. */
unsigned phone_rows(const struct phone *phone);
struct phone_row phone_row(const struct phone *phone, unsigned at);

#endif
