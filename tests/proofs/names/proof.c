/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Look-ups of names with any number; names of stores with any text that ends in NUL.
 *
 * proves: ucm_tvs_type_name ucm_tvs_tag_name ucm_tvs_status_name ucm_role_name ucm_digest_name
 * proves: ucm_algorithm_name ucm_modulus_bytes ucm_store_name ucm_store_is_own ucm_store_roles
 * links: names
 */
#include "proof.h"
#include "contracts/finding.h"

void proof(void)
{
    uint32_t number;
    enum ucm_store store = (enum ucm_store)number;

    ASSUME(number <= UCM_STORE_END); /* an enum holds nothing else */
    REACHABLE(ucm_tvs_type_name(number) != NULL);
    REACHABLE(ucm_tvs_tag_name(number) == NULL);
    REACHABLE(ucm_tvs_status_name(number) != NULL);
    REACHABLE(ucm_role_name(number) != NULL);
    REACHABLE(ucm_digest_name(number) != NULL);
    REACHABLE(ucm_algorithm_name(number) != NULL);
    REACHABLE(ucm_store_name(number) == NULL);
    REACHABLE(ucm_store_is_own(store));
    REACHABLE(ucm_store_roles(store) == 0);
    REACHABLE(ucm_modulus_bytes(number) == 512);
}
