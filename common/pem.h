/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The certificates in a file, PEM or DER, one after the other. Uses OpenSSL's reader of PEM.
 */
#ifndef UCMTRUST_COMMON_PEM_H
#define UCMTRUST_COMMON_PEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What lies in a file at one place. */
enum ucm_pem_kind {
    UCM_PEM_CERTIFICATE, /**< DER that says that it is a certificate; whether it is, is not looked
                              at */
    UCM_PEM_PRIVATE_KEY, /**< in the clear or encrypted; its bytes are not given */
    UCM_PEM_OTHER,       /**< a request, a revocation list, anything else that PEM holds */
    UCM_PEM_BROKEN,      /**< begins like PEM and is none: cut off, or no base64 */
};

/** A walk over a file. The data must outlive it. */
struct ucm_pem_walk {
    const uint8_t *data;
    size_t size;
    size_t at; /**< first byte that was not looked at */
};

/** One thing in it. */
struct ucm_pem_block {
    enum ucm_pem_kind kind;
    size_t at;    /**< offset of its first byte in the file */
    uint8_t *der; /**< of a certificate; free with ucm_pem_free() */
    size_t size;
};

/** Start a walk. */
struct ucm_pem_walk ucm_pem_walk(const uint8_t *data, size_t size);

/** Pull the next block. A file that begins like DER is one certificate. False at the end, also when
 * memory ran out. */
bool ucm_pem_next(struct ucm_pem_walk *walk, struct ucm_pem_block *block);

/** Free what a block holds. */
void ucm_pem_free(struct ucm_pem_block *block);

#ifdef __cplusplus
}
#endif

#endif
