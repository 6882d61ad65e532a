/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The stores of one cluster while they are read: see store_set.h. Must not judge.
 */
#include "store_set.h"

#include <string.h>

enum { CHUNK = 4096 };

/** Something that a reader met. */
struct problem {
    enum ucm_finding_id id;
    char *where;
    char *detail;
};

struct store_set {
    struct ucm_stores stores; /* first, so that it leads back to the set */
    GArray *items;            /* of struct ucm_stored */
    GPtrArray *certificates;  /* of struct ucm_stored_cert */
    GHashTable *by_sha256;    /* SHA-256 in a certificate to that certificate */
    GHashTable *places;       /* items that are there, so that none is there twice */
    GHashTable *nodes;        /* names */
    GArray *node_names;       /* of const char *, sorted when finished */
    GStringChunk *texts;      /* names and origins, each once */
    GArray *problems;         /* of struct problem */
    uint32_t incomplete;      /* stores, as bits */
    unsigned offered;         /* places, also those that were there */
    bool failed;
};

/* ---- certificates ---- */

static guint sha256_hash(gconstpointer key)
{
    guint hash = 0;

    memcpy(&hash, key, sizeof hash);
    return hash;
}

static gboolean sha256_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, UCM_SHA256_SIZE) == 0;
}

static void certificate_free(gpointer item)
{
    struct ucm_stored_cert *certificate = item;

    g_free((gpointer)(uintptr_t)certificate->der);
    g_free(certificate);
}

static struct ucm_stored_cert *keep(struct store_set *set, const struct ucm_stored_cert *from)
{
    struct ucm_stored_cert *certificate = g_memdup2(from, sizeof *from);

    g_ptr_array_add(set->certificates, certificate);
    return certificate;
}

/* The certificate that was added before, or this one; NULL when it is none. */
static const struct ucm_stored_cert *intern(struct store_set *set, const uint8_t *der, size_t size)
{
    uint8_t sha256[UCM_SHA256_SIZE];
    struct ucm_stored_cert *certificate = NULL;
    struct ucm_stored_cert made = {.known = UCM_KNOWN_ALL, .size = (uint32_t)size};

    if (size > UCM_INPUT_MAX || !ucm_sha256(der, size, sha256))
        return NULL;
    certificate = g_hash_table_lookup(set->by_sha256, sha256);
    if (certificate != NULL)
        return certificate;
    if (!ucm_cert_read(der, size, &made.cert))
        return NULL;
    certificate = keep(set, &made);
    certificate->der = g_memdup2(der, size);
    g_hash_table_insert(set->by_sha256, certificate->cert.sha256, certificate);
    return certificate;
}

/* ---- places ---- */

static guint place_hash(gconstpointer key)
{
    const struct ucm_stored *item = key;

    return g_direct_hash(item->certificate) ^ g_direct_hash(item->node) ^ (guint)item->store;
}

static gboolean place_equal(gconstpointer a, gconstpointer b)
{
    const struct ucm_stored *one = a;
    const struct ucm_stored *other = b;

    return one->certificate == other->certificate && one->node == other->node &&
           one->store == other->store;
}

static const char *text(struct store_set *set, const char *string)
{
    return string == NULL ? NULL : g_string_chunk_insert_const(set->texts, string);
}

/* Sources write the name of a host in any case of its letters. */
static guint host_hash(gconstpointer key)
{
    g_autofree char *lower = g_ascii_strdown(key, -1);

    return g_str_hash(lower);
}

static gboolean host_equal(gconstpointer a, gconstpointer b)
{
    return g_ascii_strcasecmp(a, b) == 0;
}

static const char *add_node(struct store_set *set, const char *name)
{
    const char *node = name == NULL ? NULL : g_hash_table_lookup(set->nodes, name);

    if (node != NULL || name == NULL)
        return node;
    node = text(set, name);
    g_hash_table_add(set->nodes, (gpointer)(uintptr_t)node);
    g_array_append_val(set->node_names, node);
    return node;
}

static void put(struct store_set *set, const struct ucm_stored_cert *certificate,
                const struct store_place *place)
{
    const struct ucm_stored item = {
        .certificate = certificate,
        .node = add_node(set, place->node),
        .store = place->store,
        .roles_known = place->roles_known,
        .roles = place->roles,
        .origin = text(set, place->origin),
    };
    struct ucm_stored *key = NULL;

    set->offered++;
    if (g_hash_table_contains(set->places, &item))
        return;
    key = g_memdup2(&item, sizeof item);
    g_hash_table_add(set->places, key);
    g_array_append_val(set->items, item);
}

/* ---- the set ---- */

static void problem_clear(gpointer item)
{
    struct problem *problem = item;

    g_free(problem->where);
    g_free(problem->detail);
}

struct store_set *store_set_new(const char *cluster)
{
    struct store_set *set = g_new0(struct store_set, 1);

    set->items = g_array_new(FALSE, FALSE, sizeof(struct ucm_stored));
    set->certificates = g_ptr_array_new_with_free_func(certificate_free);
    set->by_sha256 = g_hash_table_new(sha256_hash, sha256_equal);
    set->places = g_hash_table_new_full(place_hash, place_equal, g_free, NULL);
    set->nodes = g_hash_table_new(host_hash, host_equal);
    set->node_names = g_array_new(FALSE, FALSE, sizeof(const char *));
    set->texts = g_string_chunk_new(CHUNK);
    set->problems = g_array_new(FALSE, FALSE, sizeof(struct problem));
    g_array_set_clear_func(set->problems, problem_clear);
    set->stores.name = text(set, cluster);
    return set;
}

void store_set_free(struct store_set *set)
{
    g_array_unref(set->items);
    g_hash_table_unref(set->by_sha256);
    g_hash_table_unref(set->places);
    g_hash_table_unref(set->nodes);
    g_array_unref(set->node_names);
    g_ptr_array_unref(set->certificates);
    g_array_unref(set->problems);
    g_string_chunk_free(set->texts);
    g_free(set);
}

void store_set_free_stores(gpointer stores)
{
    store_set_free(stores);
}

bool store_set_add(struct store_set *set, const uint8_t *der, size_t size,
                   const struct store_place *place)
{
    const struct ucm_stored_cert *certificate = intern(set, der, size);

    if (certificate == NULL)
        return false;
    put(set, certificate, place);
    return true;
}

const struct ucm_cert *store_set_find(const struct store_set *set, const uint8_t *der, size_t size)
{
    uint8_t sha256[UCM_SHA256_SIZE];
    const struct ucm_stored_cert *certificate = NULL;

    if (ucm_sha256(der, size, sha256))
        certificate = g_hash_table_lookup(set->by_sha256, sha256);
    return certificate != NULL ? &certificate->cert : NULL;
}

void store_set_add_known(struct store_set *set, const struct ucm_stored_cert *certificate,
                         const struct store_place *place)
{
    put(set, keep(set, certificate), place);
}

void store_set_complete(struct store_set *set, enum ucm_store store)
{
    set->stores.complete |= ucm_store_bit(store);
}

void store_set_incomplete(struct store_set *set, enum ucm_store store)
{
    set->incomplete |= ucm_store_bit(store);
}

void store_set_add_node(struct store_set *set, const char *node)
{
    add_node(set, node);
}

void store_set_describe(struct store_set *set, const char *publisher, uint16_t version,
                        enum ucm_mode mode)
{
    if (publisher != NULL)
        set->stores.publisher = text(set, publisher);
    if (version != 0)
        set->stores.version = version;
    if (mode != UCM_MODE_UNKNOWN)
        set->stores.mode = mode;
}

void store_set_problem(struct store_set *set, enum ucm_finding_id id, const char *where,
                       const char *detail)
{
    const struct problem problem = {id, g_strdup(where), g_strdup(detail)};

    g_array_append_val(set->problems, problem);
}

void store_set_fail(struct store_set *set, enum ucm_finding_id id, const char *where,
                    const char *detail)
{
    set->failed = true;
    store_set_problem(set, id, where, detail);
}

bool store_set_has_failed(const struct store_set *set)
{
    return set->failed;
}

unsigned store_set_certificates(const struct store_set *set)
{
    return set->offered;
}

bool store_set_has_problem(const struct store_set *set, enum ucm_finding_id id)
{
    for (unsigned i = 0; i < set->problems->len; i++)
        if (g_array_index(set->problems, struct problem, i).id == id)
            return true;
    return false;
}

/* ---- order ---- */

static int compare_names(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

/* What sources say of a certificate differs, so its digest decides last. */
static int compare_items(gconstpointer a, gconstpointer b)
{
    const struct ucm_stored *one = a;
    const struct ucm_stored *other = b;
    int order = g_strcmp0(one->node, other->node);

    if (order == 0)
        order = (int)one->store - (int)other->store;
    if (order == 0)
        order = strcmp(one->certificate->cert.subject, other->certificate->cert.subject);
    if (order == 0)
        order =
            memcmp(one->certificate->cert.sha256, other->certificate->cert.sha256, UCM_SHA256_SIZE);
    return order;
}

/* Rules about the publisher would be silent without a word where it is none of the nodes. */
static void settle_publisher(struct store_set *set)
{
    const char *name = set->stores.publisher;

    if (name == NULL)
        return;
    set->stores.publisher = g_hash_table_lookup(set->nodes, name);
    if (set->stores.publisher != NULL)
        return;
    if (set->node_names->len == 0)
        set->stores.publisher = add_node(set, name);
    else
        store_set_problem(set, UCM_ST_PUBLISHER_UNSEEN, name, NULL);
}

const struct ucm_stores *store_set_finish(struct store_set *set)
{
    settle_publisher(set);
    set->stores.partly = set->stores.complete & set->incomplete;
    set->stores.complete &= ~set->incomplete;
    g_array_sort(set->node_names, compare_names);
    g_array_sort(set->items, compare_items);
    set->stores.item = (const struct ucm_stored *)(const void *)set->items->data;
    set->stores.count = set->items->len;
    set->stores.node = (const char *const *)(const void *)set->node_names->data;
    set->stores.nodes = set->node_names->len;
    return &set->stores;
}

void store_set_report(const struct store_set *set, struct result *result)
{
    for (unsigned i = 0; i < set->problems->len; i++) {
        const struct problem *problem = &g_array_index(set->problems, struct problem, i);
        g_autofree char *where = printable_text(problem->where);

        result_add_rule(result, problem->id, STATE_UNSET, where, problem->detail);
    }
}
