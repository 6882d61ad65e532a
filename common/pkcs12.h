/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The certificates in a PKCS#12 file (RFC 7292), opened by OpenSSL. Knows nothing of trust stores,
 * and takes no private key out: it only says that one is inside.
 */
#ifndef UCMTRUST_COMMON_PKCS12_H
#define UCMTRUST_COMMON_PKCS12_H

#include "bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    /** The most rounds of a hash that one key may cost. Programs write 2,048 to 100,000; without a
     * limit, a file of 2 KB keeps a processor busy for hours. */
    UCM_PKCS12_ROUNDS_MAX = 1000000,
    UCM_PKCS12_CERTIFICATES_MAX = 4096,
    UCM_PKCS12_NAME_MAX = 128,   /**< bytes; longer ones are cut */
    UCM_PKCS12_DETAIL_MAX = 128, /**< bytes */
};

/** How reading a file ended. */
enum ucm_pkcs12_outcome {
    UCM_PKCS12_OK,
    UCM_PKCS12_FOREIGN,     /**< nothing in it looks like PKCS#12 */
    UCM_PKCS12_BROKEN,      /**< begins like PKCS#12, but is cut off or damaged */
    UCM_PKCS12_PASSWORD,    /**< no password opens it */
    UCM_PKCS12_ROUNDS,      /**< a key would cost too many rounds; nothing was tried */
    UCM_PKCS12_LEGACY,      /**< needs OpenSSL's legacy provider, which is not installed */
    UCM_PKCS12_UNSUPPORTED, /**< uses what OpenSSL cannot do, or what its policy forbids */
    UCM_PKCS12_TOO_MUCH,    /**< larger than UCM_INPUT_MAX, or too many certificates */
    UCM_PKCS12_MEMORY,      /**< out of memory */
};

/** A certificate in it. */
struct ucm_pkcs12_item {
    uint8_t *der;
    size_t size;
    char name[UCM_PKCS12_NAME_MAX]; /**< friendlyName in UTF-8; "" when it has none */
};

/** What a file holds. Also when it did not end well, what was read until then. */
struct ucm_pkcs12 {
    enum ucm_pkcs12_outcome outcome;
    char detail[UCM_PKCS12_DETAIL_MAX]; /**< what the outcome is about; "" where it says it all */
    struct ucm_pkcs12_item *item;       /**< in the order of the file */
    size_t count;
    bool private_key; /**< there is one, in the clear or encrypted; it was not decrypted */
    char old_cipher[UCM_PKCS12_DETAIL_MAX]; /**< of an encryption older than PBES2; "": none */
};

/** Read a PKCS#12 file with the first of these that opens it: `password` (UTF-8, NULL: not given),
 * no password, the empty password. The two last ones are not the same to PKCS#12. To be freed with
 * ucm_pkcs12_free(), whatever the outcome. */
void ucm_pkcs12_read(const uint8_t *data, size_t size, const char *password,
                     struct ucm_pkcs12 *pkcs12);

/** Free what a file gave. */
void ucm_pkcs12_free(struct ucm_pkcs12 *pkcs12);

#ifdef __cplusplus
}
#endif

#endif
