/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the Info column and labels say about a TVS message. Must not know fields, and must not read
 * certificates: a column is filled for every packet.
 */
#ifndef UCMTRUST_DISSECTOR_TVS_TEXT_H
#define UCMTRUST_DISSECTOR_TVS_TEXT_H

#include "compat.h"

#include "tvs-exchange.h"

enum { TVS_SHOWN_MAX = 2000 }; /**< elements or roles of one message; a real one has four */

/** One message on its way into column and tree. */
struct tvs_shown {
    tvbuff_t *tvb;
    packet_info *pinfo;
    const uint8_t *data; /**< the captured bytes */
    bool cut;            /**< not all of it was captured */
    struct ucm_tvs message;
    const struct tvs_exchange *exchange;
    bool closes_exchange; /**< for taps: the response that the request was waiting for */
    struct ucm_findings findings;
};

/** The whole message in one line for a person who scans a list of packets. */
const char *tvs_info_text(const struct tvs_shown *shown);

/** "SEPB000B4BA0AEE" */
const char *tvs_device_text(const struct tvs_shown *shown);

/** "SAST+TFTP" */
const char *tvs_roles_text(const struct tvs_shown *shown);

/** Is the finding worth its id in the column? */
bool tvs_named_in_column(const struct ucm_finding *finding);

#endif
