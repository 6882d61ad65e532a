/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The first look at a file reads nothing that is not there.
 *
 * enforces: could_be_list
 * proves: ucm_list_kind_name
 * replaces: ucm_take_tlv ucm_header_tag_name
 * links: bytes names
 */
#include "proof.h"
#include "common/trustlist.c"
#include "contracts/trustlist.h"

void proof(void)
{
    bool could = could_be_list(any_cursor());
    enum ucm_list_kind kind;

    ASSUME(kind <= UCM_LIST_SIGNED_FILE);
    SHOW(ucm_list_kind_name(kind) != NULL);
    REACHABLE(could);
    REACHABLE(!could);
}
