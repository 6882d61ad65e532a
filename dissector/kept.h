/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bytes that must outlive their packet, kept once however often they come: a thousand connections
 * to one server show one certificate. Must not know what the bytes are.
 */
#ifndef UCMTRUST_DISSECTOR_KEPT_H
#define UCMTRUST_DISSECTOR_KEPT_H

#include "compat.h"

/** Some bytes. */
struct kept {
    const uint8_t *data;
    uint32_t size;
};

/** All that is kept in one memory scope; grows to a limit and no further. */
struct kept_all {
    wmem_allocator_t *scope;
    wmem_map_t *map;
    size_t total;
};

/** For maps whose keys begin with a struct kept. */
guint kept_hash(gconstpointer key);
gboolean kept_equal(gconstpointer a, gconstpointer b);

/** An empty one; lives as long as the scope. */
struct kept_all *kept_all_new(wmem_allocator_t *scope);

/** The kept copy of some bytes, the same pointer for the same bytes. NULL when there is no room
 * left: hostile captures must not fill the memory. */
const struct kept *kept_get(struct kept_all *all, const uint8_t *data, uint32_t size);

#endif
