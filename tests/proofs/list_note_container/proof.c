/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where containers start and end is noted for the three that there are.
 *
 * enforces: note_container
 * unwinds: note_container.0:4
 * links: bytes
 */
#include "proof.h"
#include "common/trustlist.c"
#include "contracts/containers.h"
#include "contracts/trustlist.h"

void proof(void)
{
    struct containers containers;
    struct ucm_tlv tlv;
    uint32_t end;

    note_container(&containers, &tlv, end);
    REACHABLE(tlv.tag == UCM_HEADER_MODULUS);
}
