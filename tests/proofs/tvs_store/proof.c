/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An element that is stored keeps all views of the message inside it.
 *
 * enforces: store
 * proves: ucm_tvs_has
 * replaces: content ucm_text ucm_number ucm_anomaly
 * links: bytes finding
 */
#include "proof.h"
#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"

void proof(void)
{
    struct ucm_tvs_element element;
    struct ucm_tvs message;
    uint8_t *data;

    ASSUME(message.size <= UCM_INPUT_MAX);
    data = any_bytes(message.size);
    ASSUME(KIND(element.kind));
    store(data, &element, &message);
    REACHABLE(message.certificates > 1);
    REACHABLE(ucm_tvs_has(&message, UCM_TVS_TTL));
}
