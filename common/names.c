/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Look-ups over the tables of names.h.
 */
#include "names.h"

#include <stddef.h>

#define CASE(number, constant, name, grade)                                                        \
    case constant:                                                                                 \
        return name;

#define LOOK_UP(function, table)                                                                   \
    const char *function(uint32_t number)                                                          \
    {                                                                                              \
        switch (number) {                                                                          \
            table(CASE) default : return NULL;                                                     \
        }                                                                                          \
    }

LOOK_UP(ucm_tvs_type_name, UCM_TVS_TYPES)
LOOK_UP(ucm_tvs_tag_name, UCM_TVS_TAGS)
LOOK_UP(ucm_tvs_status_name, UCM_TVS_STATUSES)
LOOK_UP(ucm_role_name, UCM_ROLES)
LOOK_UP(ucm_header_tag_name, UCM_HEADER_TAGS)
LOOK_UP(ucm_record_tag_name, UCM_RECORD_TAGS)
LOOK_UP(ucm_digest_name, UCM_DIGESTS)
LOOK_UP(ucm_algorithm_name, UCM_ALGORITHMS)

uint32_t ucm_modulus_bytes(uint32_t code)
{
    switch (code) {
    case UCM_MODULUS_512:
        return 64;
    case UCM_MODULUS_1024:
        return 128;
    case UCM_MODULUS_2048:
        return 256;
    case UCM_MODULUS_4096:
        return 512;
    default:
        return 0;
    }
}
