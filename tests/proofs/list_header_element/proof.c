/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The walk over a header goes on by a byte at least or is over; it stays in the header, whatever
 * containers say.
 *
 * enforces: take_header_element
 * replaces: ucm_take_tlv
 * unwinds: skip_slack.0:4 enter_container.0:4
 * links: bytes
 */
#include "proof.h"
#include "common/trustlist.c"
#include "contracts/trustlist.h"

void proof(void)
{
    struct ucm_header_walk walk;
    struct ucm_tlv tlv;

    walk.cursor = any_cursor();
    tlv = take_header_element(&walk);
    REACHABLE(tlv.ok && tlv.tag == UCM_HEADER_SIGNER_ID);
    REACHABLE(tlv.ok && tlv.tag == UCM_HEADER_PADDING);
    REACHABLE(!tlv.ok);
}
