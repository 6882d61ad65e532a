/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What happens to a list in decoding it, besides walking and storing, done twice from the same
 * state, comes to the same state. Decoding is a row of such steps, from a state that is all set.
 *
 * proves: apply_header_length cut_off check_container header_complete kind_of check_header
 * proves: could_be_list
 * checks: SHOW
 * links: bytes finding names
 */
#include "proof.h"
#include "contracts/fold.h"

#include "common/trustlist.c"
#include "contracts/list_twice.h"

/* One of the steps, any. */
static bool step(struct ucm_trustlist *list, uint32_t which, const struct ucm_tlv *tlv,
                 struct ucm_cursor *cursor, const struct containers *containers)
{
    switch (which) {
    case 0:
        return apply_header_length(list, cursor);
    case 1:
        list->error = cut_off(list, tlv, *cursor);
        return true;
    case 2:
        check_container(list, containers, UCM_HEADER_SIGNER_ID);
        return true;
    case 3:
        return header_complete(list);
    case 4:
        list->kind = kind_of(list);
        return true;
    case 5:
        check_header(list);
        return true;
    default:
        return could_be_list(*cursor);
    }
}

void proof(void)
{
    struct ucm_cursor one = any_cursor(), two = one;
    struct ucm_trustlist a = any_list(one), b = a;
    struct containers containers;
    struct ucm_tlv tlv;
    uint32_t which;
    bool first = step(&a, which, &tlv, &one, &containers);
    bool second = step(&b, which, &tlv, &two, &containers);

    SHOW(first == second && SAME_CURSOR(one, two));
    show_same_lists(&a, &b);
    REACHABLE(which == 5 && second);
}
