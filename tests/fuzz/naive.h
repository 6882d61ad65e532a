/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A second reader of trust lists, as plain as can be: no cursor, no views, nothing from common/. It
 * only speaks about files that are regular; about others it says that they are not.
 */
#ifndef UCMTRUST_TESTS_FUZZ_NAIVE_H
#define UCMTRUST_TESTS_FUZZ_NAIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NAIVE_RECORDS_MAX = 256, NAIVE_NOWHERE = -1 };

struct naive_record {
    long at;
    long length;
    long role;        /**< of the first well-formed element 4, NAIVE_NOWHERE: none */
    long certificate; /**< offset of the value of the first element 9, NAIVE_NOWHERE: none */
    long certificate_size;
    long key; /**< the same of element 7 */
    long key_size;
    bool full; /**< its elements fill it exactly */
};

struct naive_list {
    bool regular;        /**< the header ends exactly where element 2 says */
    long header_end;     /**< what element 2 says */
    long signature_at;   /**< offset of the first element 12, NAIVE_NOWHERE: none */
    long signature_size; /**< of its value */
    long digest;         /**< element 8 */
    unsigned count;      /**< records that are whole, as far as there is room */
    struct naive_record record[NAIVE_RECORDS_MAX];
    bool is_cut; /**< after them one begins that the end of the file cuts off */
    struct naive_record cut;
};

/** Read. */
void naive_read(const uint8_t *data, size_t size, struct naive_list *list);

/** Does any key in the list verify its signature? */
bool naive_verifies(const uint8_t *data, size_t size, const struct naive_list *list);

/** Does this certificate? */
bool naive_verifies_by(const uint8_t *data, size_t size, const struct naive_list *list,
                       const uint8_t *der, size_t der_size);

/** Sign the file again with this key (PKCS#1 or PKCS#8, DER), in place, as far as its signature
 * element has the size for it. */
void naive_sign(uint8_t *data, size_t size, const uint8_t *key, size_t key_size);

#endif
