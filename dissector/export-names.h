/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * File names for exported objects, from what strangers called them. Must not know what is in a
 * file.
 */
#ifndef UCMTRUST_DISSECTOR_EXPORT_NAMES_H
#define UCMTRUST_DISSECTOR_EXPORT_NAMES_H

#include "compat.h"

/** The names that are taken. Lower-case name -> how often it was asked for. */
struct export_names {
    wmem_allocator_t *memory;
    wmem_map_t *taken;
};

/** No name is taken yet; memory keeps those that will be. */
struct export_names export_names_none(wmem_allocator_t *memory);

/** The file's own name of a path or URL: what follows the last slash, up to a question mark. */
const char *export_name_of_path(wmem_allocator_t *pool, const char *path);

/** A name that no other object has, and that is safe on any system: letters, digits and "._+=@-"
 * only, no dot or dash in front, no dot at the end, no name of a device, at most 128 bytes. wanted
 * may be anything; fallback stands for an empty one. The extension is kept. To be freed with
 * g_free(). */
char *export_name_take(struct export_names *names, const char *wanted, const char *fallback);

#endif
