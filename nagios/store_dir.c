/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust stores from folders: see store_dir.h. Must not judge.
 */
#include "store_dir.h"

#include "fetch.h"
#include "folder.h"

#include "common/pem.h"

#include <stdlib.h>
#include <string.h>

/** Where we stand in the tree. */
struct position {
    struct store_set *set;
    const char *node;
    enum ucm_store store;
    unsigned depth; /* folders below the one that was given */
};

enum { DEPTH_MAX = 2 }; /* NODE/STORE/ */

/* ---- files ---- */

/* What else lies in the store is then not known. */
static void unreadable(struct store_set *set, enum ucm_store store, const char *path,
                       const char *detail)
{
    store_set_incomplete(set, store);
    store_set_problem(set, UCM_ST_FILE_UNREADABLE, path, detail);
}

/* A name that promises a certificate: then a file without one was cut, or is of another format. */
static bool is_promised(const char *path)
{
    static const char *const ENDS[] = {".pem", ".der", ".cer", ".crt", ".p7b"};

    return folder_name_ends(path, ENDS, G_N_ELEMENTS(ENDS));
}

void store_dir_add_file(struct store_set *set, const uint8_t *data, size_t size,
                        const struct store_place *place)
{
    struct ucm_pem_walk walk = ucm_pem_walk(data, size);
    struct ucm_pem_block block;
    unsigned told = 0;

    while (ucm_pem_next(&walk, &block)) {
        g_autofree char *detail = g_strdup_printf("at byte %zu", block.at);

        told += block.kind != UCM_PEM_OTHER;
        if (block.kind == UCM_PEM_PRIVATE_KEY)
            store_set_problem(set, UCM_ST_PRIVATE_KEY, place->origin, detail);
        if (block.kind == UCM_PEM_BROKEN || (block.kind == UCM_PEM_CERTIFICATE &&
                                             !store_set_add(set, block.der, block.size, place)))
            unreadable(set, place->store, place->origin, detail);
        ucm_pem_free(&block);
    }
    if (told == 0 && is_promised(place->origin))
        unreadable(set, place->store, place->origin,
                   "there is no certificate in it, though its name is that of one");
    else if (told == 0)
        store_set_problem(set, UCM_ST_FILE_FOREIGN, place->origin, NULL);
}

static void read_file(const struct position *at, const char *path)
{
    const struct store_place place = {.node = at->node, .store = at->store, .origin = path};
    struct fetch fetch = {0};

    fetch_file(path, &fetch);
    if (fetch.outcome != FETCH_OK)
        unreadable(at->set, at->store, path, fetch.detail);
    else if (fetch.size > UCM_INPUT_MAX)
        unreadable(at->set, at->store, path, "more than 2 MiB");
    else
        store_dir_add_file(at->set, fetch.data, fetch.size, &place);
    free(fetch.data);
}

/* ---- folders ---- */

static void read_folder(const struct position *at, const char *path);

/* A folder is a store when its name is that of one, else a node with stores in it. */
static void enter(const struct position *at, const char *path, const char *name)
{
    struct position below = *at;

    below.depth++;
    if (at->store != UCM_STORE_NONE || below.depth > DEPTH_MAX) {
        store_set_problem(at->set, UCM_ST_FILE_FOREIGN, path, "a folder deeper than NODE/STORE");
        return;
    }
    below.store = ucm_store_find(name);
    if (below.store != UCM_STORE_NONE) {
        store_set_complete(at->set, below.store);
    } else if (at->node == NULL) {
        below.node = name;
        store_set_add_node(at->set, name);
    } else {
        store_set_problem(at->set, UCM_ST_FILE_FOREIGN, path, "no store has this name");
        return;
    }
    read_folder(&below, path);
}

static void read_entry(const struct position *at, const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        enter(at, path, name);
    else
        read_file(at, path);
}

static void read_folder(const struct position *at, const char *path)
{
    g_autofree char *why = NULL;
    g_autoptr(GPtrArray) names = folder_names(path, &why);

    if (names == NULL) {
        store_set_incomplete(at->set, at->store);
        store_set_problem(at->set, at->depth == 0 ? UCM_ST_UNSEEN : UCM_ST_FILE_UNREADABLE, path,
                          why);
        return;
    }
    for (unsigned i = 0; i < names->len; i++) {
        if (plugin_left_ms() == 0) {
            store_set_incomplete(at->set, at->store);
            store_set_problem(at->set, UCM_ST_UNSEEN, path, "time ran out while it was read");
            return;
        }
        read_entry(at, path, g_ptr_array_index(names, i));
    }
}

static void read_source(const char *where, struct store_set *set)
{
    const struct position at = {.set = set};

    if (g_file_test(where, G_FILE_TEST_IS_DIR) || !g_file_test(where, G_FILE_TEST_EXISTS))
        read_folder(&at, where);
    else
        read_file(&at, where);
}

const struct store_reader STORE_DIR = {
    .kind = "dir",
    .help = "      --dir DIR            folders of PEM and DER files: STORE/FILE, or\n"
            "                           NODE/STORE/FILE (STORE as in CallManager-trust);\n"
            "                           or one file. Several certificates in a file count\n",
    .read = read_source,
};
