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

/* ---- stores ---- */

/** One row of UCM_STORES. */
struct store {
    uint32_t number;
    const char *name;
    bool own;
    uint32_t roles;
};

#define STORE_ROW(number, constant, name, own, roles, grade) {number, name, own, roles},
static const struct store STORES[] = {UCM_STORES(STORE_ROW)};
enum { STORE_COUNT = sizeof STORES / sizeof STORES[0] };

/* Its row; NULL when there is none. */
static const struct store *find_store(uint32_t number)
{
    for (uint32_t i = 0; i < STORE_COUNT; i++)
        if (STORES[i].number == number)
            return &STORES[i];
    return NULL;
}

/* Letters of ASCII only: no locale. */
static bool same_word(const char *a, const char *b)
{
    for (;; a++, b++) {
        const char one = *a >= 'A' && *a <= 'Z' ? (char)(*a - 'A' + 'a') : *a;
        const char other = *b >= 'A' && *b <= 'Z' ? (char)(*b - 'A' + 'a') : *b;

        if (one != other)
            return false;
        if (one == '\0')
            return true;
    }
}

const char *ucm_store_name(uint32_t number)
{
    const struct store *store = find_store(number);

    return store == NULL ? NULL : store->name;
}

enum ucm_store ucm_store_find(const char *name)
{
    for (uint32_t i = 0; i < STORE_COUNT; i++)
        if (same_word(name, STORES[i].name))
            return (enum ucm_store)STORES[i].number;
    return UCM_STORE_NONE;
}

bool ucm_store_is_own(enum ucm_store store)
{
    const struct store *row = find_store(store);

    return row != NULL && row->own;
}

uint32_t ucm_store_roles(enum ucm_store store)
{
    const struct store *row = find_store(store);

    return row == NULL ? 0 : row->roles;
}

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
