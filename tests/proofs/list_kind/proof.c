/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The kind of a list, told from its name and its first record.
 *
 * enforces: kind_of
 * replaces: ucm_take_tlv
 * links: bytes
 */
#include "proof.h"
#include "common/trustlist.c"
#include "contracts/trustlist.h"

void proof(void)
{
    struct ucm_trustlist list;
    enum ucm_list_kind kind;

    ASSUME(list.size <= UCM_INPUT_MAX);
    list.data = any_bytes(list.size);
    kind = kind_of(&list);
    REACHABLE(kind == UCM_LIST_ITL);
    REACHABLE(kind == UCM_LIST_SIGNED_FILE);
}
