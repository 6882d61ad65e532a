/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust lists as a cluster would serve them: those that it serves, with certificates replaced.
 * They carry no real signature; what verifying one would give is known beside it. For
 * renewal_play.c alone.
 */
#ifndef UCMTRUST_COMMON_RENEWAL_LIST_H
#define UCMTRUST_COMMON_RENEWAL_LIST_H

#include "signature.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A certificate (DER) and what takes its place. */
struct ucm_swap {
    const uint8_t *from;
    uint32_t from_size;
    const uint8_t *to;
    uint32_t to_size;
};

/** A list that is served. Free with ucm_served_free(). */
struct ucm_served {
    uint8_t *bytes; /**< NULL: the list lies elsewhere */
    struct ucm_trustlist list;
    struct ucm_signature own;
};

/** A certificate that stands for the successor of another: same names, key and extensions, another
 * serial number, and dates from now on. Nobody signs it, and nothing here looks at that: phones
 * compare certificates with those in lists. number makes it differ from others. Free with free();
 * NULL when memory ran out or der is no certificate. */
uint8_t *ucm_successor_make(const uint8_t *der, size_t size, uint32_t number, int64_t now,
                            uint32_t *successor_size);

/** Write a list anew, with swaps made and signed by a certificate (DER) that it then holds. False
 * when memory ran out, or when it does not hold the signer. */
bool ucm_list_rebuild(const struct ucm_trustlist *list, const struct ucm_swap *swap, uint32_t swaps,
                      const uint8_t *signer, uint32_t signer_size, struct ucm_served *served);
void ucm_served_free(struct ucm_served *served);

#ifdef __cplusplus
}
#endif

#endif
