/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who signed a trust list or signed file, and does the signature verify. RSA PKCS#1 v1.5 only: no
 * other file signature was ever seen.
 */
#ifndef UCMTRUST_COMMON_SIGNATURE_H
#define UCMTRUST_COMMON_SIGNATURE_H

#include "cert_cache.h"
#include "trustlist.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fact signature-rsa (A; test_signature:every_digest_verifies,
 * test_signature:a_key_that_is_not_rsa_is_not_judged): files are signed with RSA only. */
enum ucm_signature_status {
    UCM_SIGNATURE_VALID,
    UCM_SIGNATURE_INVALID,      /**< the signer's key is known and it does not verify */
    UCM_SIGNATURE_UNVERIFIABLE, /**< no key, unknown digest, or forbidden here: see reason */
};

/** The verdict about one signature. */
struct ucm_signature {
    enum ucm_signature_status status;
    enum ucm_finding_id reason; /**< why it is not valid; UCM_FINDING_NONE when it is */
    uint32_t record;            /**< record of the anchor that signed, from 1; 0 when none */
    bool sast;                  /**< a record of the anchor gives this signer the SAST role */
    uint32_t roles;             /**< bit (1 << role) for every role below 32 that it is given */
    uint32_t certificate_at;    /**< that record's certificate, in the anchor; size 0 when none */
    uint32_t certificate_size;
};

/** Verify the signature of a list or signed file with the records of anchor, which may be the list
 * itself. Tries few records (same serial, and issuer where it is the same text), so a hostile list
 * cannot make it slow. */
struct ucm_signature ucm_signature_check(const struct ucm_trustlist *list,
                                         const struct ucm_trustlist *anchor);

/** The same, where it is known already what verifying the list with itself gave: an anchor that
 * holds the certificate that signed is recognized without computing anything. own may be NULL. */
struct ucm_signature ucm_signature_find(const struct ucm_trustlist *list,
                                        const struct ucm_signature *own,
                                        const struct ucm_trustlist *anchor);

/** The first, with certificates that were read before, and will be again; cache may be NULL. */
struct ucm_signature ucm_signature_check_with(struct ucm_cert_cache *cache,
                                              const struct ucm_trustlist *list,
                                              const struct ucm_trustlist *anchor);

/** Verify it with a certificate (DER) that came from elsewhere, such as from TVS. */
enum ucm_signature_status ucm_signature_check_by(const struct ucm_trustlist *list,
                                                 const uint8_t *der, size_t size);

/** "valid", "invalid" or "unverifiable". */
const char *ucm_signature_status_name(enum ucm_signature_status status);

#ifdef __cplusplus
}
#endif

#endif
