/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Exactly the tags of a header that struct ucm_trustlist has room for have a name.
 *
 * enforces: ucm_header_tag_name
 * links: names
 */
#include "proof.h"
#include "contracts/finding.h"

void proof(void)
{
    uint32_t number;

    REACHABLE(ucm_header_tag_name(number) != NULL);
}
