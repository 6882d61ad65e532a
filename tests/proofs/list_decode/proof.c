/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A file of any content and length: all views lie in it, and header and body are the whole file or
 * there is an error.
 *
 * enforces: ucm_trustlist_decode
 * replaces: decode_elements could_be_list kind_of check_header ucm_finding_make
 * links: bytes finding
 */
#include "proof.h"
#include "common/trustlist.c"
#include "contracts/trustlist.h"

void proof(void)
{
    size_t size = (size_t)any_length() + any_length();
    struct ucm_trustlist list;
    bool ok = ucm_trustlist_decode(any_bytes(size), size, &list);

    REACHABLE(ok);
    REACHABLE(!ok && list.body.off > 0);
    REACHABLE(!ok && size > UCM_INPUT_MAX);
}
