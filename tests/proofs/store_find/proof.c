/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A store is looked for under any text that ends in NUL, however long; no more of it is read than
 * the longest name of a store has.
 *
 * proves: ucm_store_find
 * links: names
 */
#include "proof.h"
#include "contracts/finding.h"

void proof(void)
{
    enum ucm_store store = ucm_store_find(any_text());

    SHOW(store < UCM_STORE_END);
    REACHABLE(store == UCM_STORE_TOMCAT_ECDSA);
    REACHABLE(store == UCM_STORE_NONE);
}
