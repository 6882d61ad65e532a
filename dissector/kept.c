/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bytes kept once: see kept.h. Compared byte by byte, never by a digest alone.
 */
#include "kept.h"

#include <string.h>

enum { TOTAL_MAX = 64 * 1024 * 1024, EACH_COSTS = 64 /* bytes for the map, about */ };

guint kept_hash(gconstpointer key)
{
    const struct kept *kept = key;

    return wmem_strong_hash(kept->data, kept->size);
}

gboolean kept_equal(gconstpointer a, gconstpointer b)
{
    const struct kept *one = a;
    const struct kept *other = b;

    return one->size == other->size && memcmp(one->data, other->data, one->size) == 0;
}

struct kept_all *kept_all_new(wmem_allocator_t *scope)
{
    struct kept_all *all = wmem_new0(scope, struct kept_all);

    all->scope = scope;
    all->map = wmem_map_new(scope, kept_hash, kept_equal);
    return all;
}

const struct kept *kept_get(struct kept_all *all, const uint8_t *data, uint32_t size)
{
    const struct kept wanted = {data, size};
    struct kept *kept = wmem_map_lookup(all->map, &wanted);

    if (kept != NULL)
        return kept;
    if (size == 0 || size > TOTAL_MAX - EACH_COSTS || all->total > TOTAL_MAX - EACH_COSTS - size)
        return NULL;
    kept = wmem_new(all->scope, struct kept);
    kept->data = wmem_memdup(all->scope, data, size);
    kept->size = size;
    wmem_map_insert(all->map, kept, kept);
    all->total += size + EACH_COSTS;
    return kept;
}
