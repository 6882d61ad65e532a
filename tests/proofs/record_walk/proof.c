/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The walk over the records starts in the file; the search for a certificate of any length ends.
 *
 * proves: ucm_record_walk ucm_list_holds
 * replaces: ucm_record_next ucm_same
 * links: bytes
 */
#include "proof.h"
#include "common/trustlist_record.c"
#include "contracts/record.h"

void proof(void)
{
    struct ucm_trustlist list;
    struct ucm_record_walk walk;
    size_t size = (size_t)any_length() + any_bool();
    uint8_t *der = any_bytes(size);
    uint32_t roles;

    ASSUME(list.size <= UCM_INPUT_MAX && UCM_VIEW_IN(list.body, list.size));
    list.data = any_bytes(list.size);
    walk = ucm_record_walk(&list);
    SHOW(UCM_CURSOR_OK(walk.cursor) && walk.cursor.end <= list.size && walk.index == 0);
    REACHABLE(ucm_list_holds(&list, der, size, roles));
    REACHABLE(size > UCM_INPUT_MAX);
}
