/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Comparing what stores hold: see store.h.
 */
#include "store.h"

#include <string.h>

static bool is_dated(const struct ucm_stored_cert *certificate)
{
    return (certificate->known & UCM_KNOWN_NOT_AFTER) != 0 &&
           certificate->cert.not_after != UCM_TIME_NONE;
}

const struct ucm_stored *ucm_stores_first_to_expire(const struct ucm_stores *stores)
{
    const struct ucm_stored *first = NULL;

    for (uint32_t i = 0; i < stores->count; i++) {
        const struct ucm_stored *item = &stores->item[i];

        if (ucm_store_is_own(item->store) && is_dated(item->certificate) &&
            (first == NULL ||
             item->certificate->cert.not_after < first->certificate->cert.not_after))
            first = item;
    }
    return first;
}

static bool both_know(const struct ucm_stored_cert *a, const struct ucm_stored_cert *b,
                      uint32_t known)
{
    return (a->known & b->known & known) == known;
}

bool ucm_stored_same(const struct ucm_stored_cert *a, const struct ucm_stored_cert *b)
{
    if (a == b)
        return true;
    if (both_know(a, b, UCM_KNOWN_DER))
        return a->size == b->size && memcmp(a->der, b->der, a->size) == 0;
    if (both_know(a, b, UCM_KNOWN_SHA1))
        return memcmp(a->cert.sha1, b->cert.sha1, UCM_SHA1_SIZE) == 0;
    return both_know(a, b, UCM_KNOWN_ISSUER | UCM_KNOWN_SERIAL) &&
           strcmp(a->cert.issuer, b->cert.issuer) == 0 &&
           a->cert.serial_size == b->cert.serial_size &&
           memcmp(a->cert.serial, b->cert.serial, a->cert.serial_size) == 0;
}
