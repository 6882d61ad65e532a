/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the trust stores of a cluster hold, whatever it was read from, and the findings about it.
 * Plain data and pure functions: reads nothing, asks nobody. Facts: Cisco documents 210541 (stores)
 * and 215539 (bulk certificate management).
 *
 * Sources differ in what they can know. What one cannot know is absent here and stays so: a rule
 * that needs it is silent, and never guesses.
 */
#ifndef UCMTRUST_COMMON_STORE_H
#define UCMTRUST_COMMON_STORE_H

#include "cert.h"
#include "consistency.h"
#include "lint.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is known of a certificate. */
enum ucm_known {
    UCM_KNOWN_SUBJECT = 1u << 0,
    UCM_KNOWN_ISSUER = 1u << 1,
    UCM_KNOWN_SERIAL = 1u << 2,
    UCM_KNOWN_NOT_BEFORE = 1u << 3,
    UCM_KNOWN_NOT_AFTER = 1u << 4,
    UCM_KNOWN_SHA1 = 1u << 5,
    UCM_KNOWN_DER = 1u << 6, /**< the certificate itself, and so all of it */
    UCM_KNOWN_ALL = (1u << 7) - 1,
};

/** A certificate that lies in stores. The same certificate in many places is one of these. */
struct ucm_stored_cert {
    uint32_t known;       /**< bits of enum ucm_known; all else in cert means nothing */
    struct ucm_cert cert; /**< names may be as the source prints them where DER is not known */
    const uint8_t *der;   /**< NULL: not known */
    uint32_t size;
};

/** One place where a certificate lies. */
struct ucm_stored {
    const struct ucm_stored_cert *certificate;
    const char *node;     /**< NULL: the source does not say; then it may be on every node */
    enum ucm_store store; /**< UCM_STORE_NONE: the source does not say */
    bool roles_known;     /**< the source says which roles it has, in roles (bits) */
    uint32_t roles;
    const char *origin; /**< what was read, for messages: a file, or an URL; as given */
};

/** All that is known of the stores of one cluster. Nothing in it is owned. */
struct ucm_stores {
    const char *name;              /**< of the cluster */
    const struct ucm_stored *item; /**< by node, store, subject and SHA-256 */
    uint32_t count;
    const char *const *node; /**< nodes that were named, each once, in order of their names */
    uint32_t nodes;
    const char *publisher; /**< one of them; NULL: not known */
    uint16_t version;      /**< major * 256 + minor; 0: not known */
    enum ucm_mode mode;    /**< security mode that the database holds, or the user says */
    uint32_t complete;     /**< ucm_store_bit() of each store that was read as a whole: what is not
                                in it here is not in it there */
    uint32_t partly;       /**< the same of each that was read, but for something in it */
};

/** A store as a bit, for sets of stores. */
static inline uint32_t ucm_store_bit(enum ucm_store store)
{
    /* cppcheck-suppress shiftTooManyBits ; no store has a number from 16 to 99 */
    return store == UCM_STORE_NONE ? 0 : 1u << (store < 100 ? store : store - 100 + 16);
}

/** Was the store read as a whole? Only then does it mean something that a certificate is not in it.
 */
static inline bool ucm_store_is_complete(const struct ucm_stores *stores, enum ucm_store store)
{
    return (stores->complete & ucm_store_bit(store)) != 0;
}

/** The certificate that a service uses and that expires first; NULL when none is known. */
const struct ucm_stored *ucm_stores_first_to_expire(const struct ucm_stores *stores);

/** Are these the same certificate, as far as both are known: by SHA-1, else by issuer and serial?
 * Names alone never make two certificates the same. */
bool ucm_stored_same(const struct ucm_stored_cert *a, const struct ucm_stored_cert *b);

#ifdef __cplusplus
}
#endif

#endif
