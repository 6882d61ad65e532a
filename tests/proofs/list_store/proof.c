/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An element that is stored keeps all views in the file and the signature where it is said to be.
 *
 * enforces: store_header_element
 * proves: ucm_list_has
 * replaces: ucm_text ucm_number ucm_anomaly ucm_header_tag_name
 * links: bytes finding names
 */
#include "proof.h"
#include "common/trustlist.c"
#include "contracts/trustlist.h"

void proof(void)
{
    struct ucm_trustlist list;
    struct ucm_tlv tlv;

    ASSUME(list.size <= UCM_INPUT_MAX);
    list.data = any_bytes(list.size);
    store_header_element(&list, &tlv);
    REACHABLE(ucm_list_has(&list, UCM_HEADER_SIGNATURE));
}
