/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Storing an element of a header, done twice from the same state, comes to the same state: it
 * depends on nothing else.
 *
 * proves: store_header_element
 * checks: SHOW
 * links: bytes finding names
 */
#include "proof.h"
#include "contracts/fold.h"

#include "common/trustlist.c"
#include "contracts/list_twice.h"

void proof(void)
{
    struct ucm_cursor input = any_cursor();
    struct ucm_trustlist a = any_list(input), b = a;
    struct ucm_tlv tlv;

    tlv.value = any_view(input);
    store_header_element(&a, &tlv);
    store_header_element(&b, &tlv);
    show_same_lists(&a, &b);
    REACHABLE(ucm_list_has(&a, UCM_HEADER_SIGNATURE));
}
