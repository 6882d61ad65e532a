/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads inventories line by line: GKeyFile would do, but it knows no line numbers, merges sections
 * that stand twice and keeps silent about keys that nobody asked for. Must not open connections.
 */
#include "inventory.h"

#include "fetch.h"
#include "number.h"
#include "printable.h"
#include "version.h"

#include "common/tvs.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64, PORT_MAX = 65535 };

static const int DEFAULT_PORTS[INVENTORY_PORTS] = {6970, 69, UCM_TVS_PORT, 8443};

/** Where reading stands. */
struct reader {
    const char *path;
    unsigned line;
    struct inventory *inventory;
    struct inventory_cluster *cluster; /**< of the section; NULL before the first */
    struct inventory_node *node;       /**< of the section; NULL in that of a cluster */
    unsigned seen;                     /**< bit (1 << index of the key) in this section */
    char *why;
};

static bool fail(struct reader *reader, unsigned line, const char *expected, const char *got)
{
    g_autofree char *printable = printable_text(got);

    reader->why =
        g_strdup_printf("%s:%u: expected %s, got \"%s\"", reader->path, line, expected, printable);
    return false;
}

/* ---- freeing ---- */

static void node_free(gpointer item)
{
    struct inventory_node *node = item;

    g_free(node->name);
    g_free(node->address);
    g_free(node->itl);
    g_free(node->ctl);
    g_free(node->tvs_certificate);
    g_free(node->tomcat);
    g_free(node);
}

static void cluster_free(gpointer item)
{
    struct inventory_cluster *cluster = item;

    g_free(cluster->name);
    g_free(cluster->version_text);
    g_free(cluster->client_cert);
    g_free(cluster->client_key);
    if (cluster->group != NULL)
        g_ptr_array_unref(cluster->group);
    g_ptr_array_unref(cluster->nodes);
    g_free(cluster);
}

void inventory_free(struct inventory *inventory)
{
    g_ptr_array_unref(inventory->clusters);
    g_free(inventory);
}

/* ---- names ---- */

static bool is_name(const char *text)
{
    static const char FIT[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const size_t size = strlen(text);

    return size > 0 && size <= NAME_MAX_BYTES && strspn(text, FIT) == size;
}

const struct inventory_cluster *inventory_find(const struct inventory *inventory, const char *name)
{
    for (unsigned i = 0; i < inventory->clusters->len; i++) {
        const struct inventory_cluster *cluster = g_ptr_array_index(inventory->clusters, i);

        if (strcmp(cluster->name, name) == 0)
            return cluster;
    }
    return NULL;
}

static struct inventory_node *find_node(const struct inventory_cluster *cluster, const char *name)
{
    for (unsigned i = 0; i < cluster->nodes->len; i++) {
        struct inventory_node *node = g_ptr_array_index(cluster->nodes, i);

        if (strcmp(node->name, name) == 0)
            return node;
    }
    return NULL;
}

/* ---- values ---- */

/* "pub, sub" as its words; NULL when it holds an empty one. */
static GPtrArray *words_of(const char *value)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) parts = g_strsplit(value, ",", -1);

    for (char **part = parts; *part != NULL; part++) {
        if (*g_strstrip(*part) == '\0') {
            g_ptr_array_unref(words);
            return NULL;
        }
        g_ptr_array_add(words, g_strdup(*part));
    }
    return words;
}

/* Paths stand relative to the inventory, so that both can be moved. */
static bool read_path(struct reader *reader, const char *value, char **path)
{
    g_autofree char *folder = g_path_get_dirname(reader->path);

    *path = g_path_is_absolute(value) ? g_strdup(value) : g_build_filename(folder, value, NULL);
    return true;
}

static bool read_port(struct reader *reader, const char *value, enum inventory_port which)
{
    int *port = reader->node != NULL ? reader->node->port : reader->cluster->port;
    int64_t number = 0;

    if (!number_read(value, 1, PORT_MAX, &number))
        return fail(reader, reader->line, "a port from 1 to 65535", value);
    port[which] = (int)number;
    return true;
}

static bool read_http_port(struct reader *reader, const char *value)
{
    return read_port(reader, value, INVENTORY_HTTP);
}

static bool read_tftp_port(struct reader *reader, const char *value)
{
    return read_port(reader, value, INVENTORY_TFTP);
}

static bool read_tvs_port(struct reader *reader, const char *value)
{
    return read_port(reader, value, INVENTORY_TVS);
}

static bool read_tomcat_port(struct reader *reader, const char *value)
{
    return read_port(reader, value, INVENTORY_TOMCAT);
}

static bool read_version(struct reader *reader, const char *value)
{
    if (!version_read(value, &reader->cluster->version))
        return fail(reader, reader->line, "a version such as 11.5, 14SU3 or 12.5(1)SU2", value);
    reader->cluster->version_text = g_strdup(value);
    return true;
}

static bool read_mode(struct reader *reader, const char *value)
{
    if (strcmp(value, "mixed") == 0)
        reader->cluster->expected = UCM_MODE_MIXED;
    else if (strcmp(value, "non-secure") == 0)
        reader->cluster->expected = UCM_MODE_NONSECURE;
    else
        return fail(reader, reader->line, "mixed or non-secure", value);
    return true;
}

static bool read_group(struct reader *reader, const char *value)
{
    reader->cluster->group = words_of(value);
    reader->cluster->group_line = reader->line;
    return reader->cluster->group != NULL ||
           fail(reader, reader->line, "names of nodes with commas between them", value);
}

static bool read_emcc(struct reader *reader, const char *value)
{
    if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
        return fail(reader, reader->line, "yes or no", value);
    reader->cluster->emcc = strcmp(value, "yes") == 0;
    return true;
}

static bool read_client_cert(struct reader *reader, const char *value)
{
    return read_path(reader, value, &reader->cluster->client_cert);
}

static bool read_client_key(struct reader *reader, const char *value)
{
    return read_path(reader, value, &reader->cluster->client_key);
}

/* It becomes part of a URL; nothing else may get in with it. */
static bool read_address(struct reader *reader, const char *value)
{
    static const char FIT[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";

    if (strspn(value, FIT) != strlen(value))
        return fail(reader, reader->line, "a host name or an address", value);
    reader->node->address = g_strdup(value);
    return true;
}

static bool read_services(struct reader *reader, const char *value)
{
    static const char EXPECTED[] = "tftp, tvs, both with a comma between them, or none";
    GPtrArray *words = words_of(value);
    bool ok = words != NULL;

    reader->node->tftp = false;
    reader->node->tvs = false;
    for (unsigned i = 0; ok && i < words->len; i++) {
        const char *word = g_ptr_array_index(words, i);

        if (strcmp(word, "tftp") == 0 && !reader->node->tftp)
            reader->node->tftp = true;
        else if (strcmp(word, "tvs") == 0 && !reader->node->tvs)
            reader->node->tvs = true;
        else
            ok = strcmp(word, "none") == 0 && words->len == 1;
    }
    if (words != NULL)
        g_ptr_array_unref(words);
    return ok || fail(reader, reader->line, EXPECTED, value);
}

static bool read_itl(struct reader *reader, const char *value)
{
    return read_path(reader, value, &reader->node->itl);
}

static bool read_ctl(struct reader *reader, const char *value)
{
    return read_path(reader, value, &reader->node->ctl);
}

static bool read_tvs_certificate(struct reader *reader, const char *value)
{
    return read_path(reader, value, &reader->node->tvs_certificate);
}

static bool read_tomcat(struct reader *reader, const char *value)
{
    return read_path(reader, value, &reader->node->tomcat);
}

/* ---- keys ---- */

/** A key and what reads its value. */
struct key {
    const char *name;
    bool (*read)(struct reader *reader, const char *value);
};

#define PORT_KEYS                                                                                  \
    {"http_port", read_http_port}, {"tftp_port", read_tftp_port}, {"tvs_port", read_tvs_port},     \
        {"tomcat_port", read_tomcat_port},                                                         \
    {                                                                                              \
        NULL, NULL                                                                                 \
    }

static const struct key CLUSTER_KEYS[] = {{"version", read_version},
                                          {"mode", read_mode},
                                          {"cm_group", read_group},
                                          {"emcc", read_emcc},
                                          {"client_cert", read_client_cert},
                                          {"client_key", read_client_key},
                                          PORT_KEYS};

static const struct key NODE_KEYS[] = {{"address", read_address},
                                       {"services", read_services},
                                       {"itl", read_itl},
                                       {"ctl", read_ctl},
                                       {"tvs_certificate", read_tvs_certificate},
                                       {"tomcat", read_tomcat},
                                       PORT_KEYS};

static bool unknown_key(struct reader *reader, const struct key *keys, const char *name)
{
    g_autoptr(GString) expected = g_string_new("one of ");

    for (const struct key *key = keys; key->name != NULL; key++)
        g_string_append_printf(expected, "%s%s", key == keys ? "" : ", ", key->name);
    return fail(reader, reader->line, expected->str, name);
}

static bool read_key(struct reader *reader, const char *name, const char *value)
{
    const struct key *keys = reader->node != NULL ? NODE_KEYS : CLUSTER_KEYS;
    unsigned index = 0;

    if (reader->cluster == NULL)
        return fail(reader, reader->line, "[cluster NAME] before the first key", name);
    while (keys[index].name != NULL && strcmp(keys[index].name, name) != 0)
        index++;
    if (keys[index].name == NULL)
        return unknown_key(reader, keys, name);
    if ((reader->seen & 1u << index) != 0)
        return fail(reader, reader->line, "each key once in a section", name);
    if (*value == '\0')
        return fail(reader, reader->line, "a value after the equals sign", "");
    reader->seen |= 1u << index;
    return keys[index].read(reader, value);
}

/* ---- sections ---- */

static bool begin_cluster(struct reader *reader, const char *name)
{
    struct inventory_cluster *cluster = NULL;

    if (!is_name(name))
        return fail(reader, reader->line,
                    "a name of at most 64 letters, digits, dots, dashes and underscores", name);
    if (inventory_find(reader->inventory, name) != NULL)
        return fail(reader, reader->line, "each cluster once", name);
    if (reader->inventory->clusters->len == INVENTORY_CLUSTERS_MAX)
        return fail(reader, reader->line, "at most 500 clusters in an inventory", name);
    cluster = g_new0(struct inventory_cluster, 1);
    cluster->name = g_strdup(name);
    cluster->line = reader->line;
    cluster->nodes = g_ptr_array_new_with_free_func(node_free);
    g_ptr_array_add(reader->inventory->clusters, cluster);
    reader->cluster = cluster;
    reader->node = NULL;
    return true;
}

static bool begin_node(struct reader *reader, const char *path)
{
    const char *slash = strchr(path, '/');
    g_autofree char *cluster = g_strndup(path, slash != NULL ? (gsize)(slash - path) : 0);
    const char *name = slash != NULL ? slash + 1 : "";

    if (!is_name(cluster) || !is_name(name))
        return fail(reader, reader->line, "[node CLUSTER/NAME]", path);
    /* The one that owns the clusters may change them while it reads. */
    reader->cluster =
        (struct inventory_cluster *)(uintptr_t)inventory_find(reader->inventory, cluster);
    if (reader->cluster == NULL)
        return fail(reader, reader->line, "the section of its cluster before that of a node", path);
    if (find_node(reader->cluster, name) != NULL)
        return fail(reader, reader->line, "each node once", path);
    if (reader->cluster->nodes->len == INVENTORY_NODES_MAX)
        return fail(reader, reader->line, "at most 64 nodes in a cluster", path);
    reader->node = g_new0(struct inventory_node, 1);
    reader->node->name = g_strdup(name);
    reader->node->line = reader->line;
    reader->node->tftp = true;
    reader->node->tvs = true;
    g_ptr_array_add(reader->cluster->nodes, reader->node);
    return true;
}

static bool begin_section(struct reader *reader, const char *section)
{
    reader->seen = 0;
    if (g_str_has_prefix(section, "cluster "))
        return begin_cluster(reader, section + strspn(section + 8, " \t") + 8);
    if (g_str_has_prefix(section, "node "))
        return begin_node(reader, section + strspn(section + 5, " \t") + 5);
    return fail(reader, reader->line, "[cluster NAME] or [node CLUSTER/NAME]", section);
}

static bool read_line(struct reader *reader, char *line)
{
    const char *text = g_strstrip(line);
    const size_t size = strlen(text);
    const char *equals = strchr(text, '=');
    g_autofree char *left = NULL;
    g_autofree char *right = NULL;

    if (size == 0 || *text == '#' || *text == ';')
        return true;
    if (*text == '[') {
        if (text[size - 1] != ']')
            return fail(reader, reader->line, "] at the end of a section's line", text);
        left = g_strndup(text + 1, size - 2);
        return begin_section(reader, g_strstrip(left));
    }
    if (equals == NULL)
        return fail(reader, reader->line, "[SECTION], KEY = VALUE, or # before a comment", text);
    left = g_strndup(text, (gsize)(equals - text));
    right = g_strdup(equals + 1);
    return read_key(reader, g_strstrip(left), g_strstrip(right));
}

/* ---- the whole ---- */

static bool finish_node(struct reader *reader, const struct inventory_cluster *cluster,
                        struct inventory_node *node)
{
    if (node->ctl != NULL && node->itl == NULL)
        return fail(reader, node->line, "itl beside ctl", node->name);
    for (unsigned i = 0; i < INVENTORY_PORTS; i++)
        if (node->port[i] == 0)
            node->port[i] = cluster->port[i] != 0 ? cluster->port[i] : DEFAULT_PORTS[i];
    if (node->address == NULL && node->itl == NULL)
        node->address = g_strdup(node->name);
    node->in_group = cluster->group == NULL && node->tvs;
    return true;
}

static bool finish_group(struct reader *reader, const struct inventory_cluster *cluster)
{
    for (unsigned i = 0; cluster->group != NULL && i < cluster->group->len; i++) {
        const char *name = g_ptr_array_index(cluster->group, i);
        struct inventory_node *node = find_node(cluster, name);

        if (node == NULL)
            return fail(reader, cluster->group_line, "nodes of this cluster in cm_group", name);
        if (!node->tvs)
            return fail(reader, cluster->group_line, "nodes with services = tvs in cm_group", name);
        if (node->in_group)
            return fail(reader, cluster->group_line, "each node once in cm_group", name);
        node->in_group = true;
    }
    return true;
}

/* A phone asks at most five; of more than this, some would be left out without a word. */
static bool is_small_enough(struct reader *reader, const struct inventory_cluster *cluster)
{
    unsigned members = 0;

    for (unsigned i = 0; i < cluster->nodes->len; i++)
        members +=
            ((const struct inventory_node *)g_ptr_array_index(cluster->nodes, i))->in_group ? 1 : 0;
    return members <= INVENTORY_GROUP_MAX ||
           fail(reader, cluster->group != NULL ? cluster->group_line : cluster->line,
                "at most 32 nodes that phones ask, named in cm_group", cluster->name);
}

static bool same_place(const struct inventory_node *one, const struct inventory_node *other)
{
    return one->address != NULL && other->address != NULL &&
           g_ascii_strcasecmp(one->address, other->address) == 0 &&
           memcmp(one->port, other->port, sizeof one->port) == 0;
}

/* Copied and not changed: the check would see one node twice, and the other never. */
static bool is_of_its_own(struct reader *reader, const struct inventory_cluster *cluster,
                          unsigned index)
{
    const struct inventory_node *node = g_ptr_array_index(cluster->nodes, index);

    for (unsigned i = 0; i < index; i++)
        if (same_place(g_ptr_array_index(cluster->nodes, i), node))
            return fail(reader, node->line, "an address that no other node of the cluster has",
                        node->address);
    return true;
}

/* Without lists there is nothing that could be found wrong, and nothing that could be called good.
 */
static bool serves_lists(const struct inventory_cluster *cluster)
{
    bool serves = false;

    for (unsigned i = 0; i < cluster->nodes->len; i++)
        serves =
            serves || ((const struct inventory_node *)g_ptr_array_index(cluster->nodes, i))->tftp;
    return serves;
}

static bool finish(struct reader *reader)
{
    const GPtrArray *clusters = reader->inventory->clusters;

    if (clusters->len == 0)
        return fail(reader, reader->line, "at least one [cluster NAME]", "the end of the file");
    for (unsigned i = 0; i < clusters->len; i++) {
        const struct inventory_cluster *cluster = g_ptr_array_index(clusters, i);

        if (cluster->nodes->len == 0) {
            g_autofree char *expected = g_strdup_printf("[node %s/NAME]", cluster->name);

            return fail(reader, reader->line, expected, "the end of the file");
        }
        for (unsigned k = 0; k < cluster->nodes->len; k++)
            if (!finish_node(reader, cluster, g_ptr_array_index(cluster->nodes, k)) ||
                !is_of_its_own(reader, cluster, k))
                return false;
        if (!serves_lists(cluster))
            return fail(reader, cluster->line, "a node with services = tftp in the cluster",
                        cluster->name);
        if (cluster->client_key != NULL && cluster->client_cert == NULL)
            return fail(reader, cluster->line, "client_cert beside client_key", cluster->name);
        if (!finish_group(reader, cluster) || !is_small_enough(reader, cluster))
            return false;
    }
    return true;
}

static bool read_text(struct reader *reader, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        reader->line++;
        if (!read_line(reader, *line))
            return false;
    }
    return finish(reader);
}

static unsigned line_of_end(const char *text)
{
    unsigned line = 1;

    for (const char *c = text; *c != '\0'; c++)
        line += *c == '\n';
    return line;
}

static bool read_file(struct reader *reader)
{
    struct fetch fetch = {0};
    g_autofree char *text = NULL;

    fetch_file(reader->path, &fetch);
    if (fetch.outcome != FETCH_OK || fetch.size > UCM_INPUT_MAX) {
        reader->why =
            g_strdup_printf("%s: expected an inventory that can be read: %s", reader->path,
                            fetch.outcome != FETCH_OK ? fetch.detail : "larger than 2 MiB");
        free(fetch.data);
        return false;
    }
    text = fetch.size == 0 ? g_strdup("") : g_strndup((const char *)fetch.data, fetch.size);
    free(fetch.data);
    if (strlen(text) != fetch.size)
        return fail(reader, line_of_end(text), "a text file", "a NUL byte");
    return read_text(reader, text);
}

struct inventory *inventory_read(const char *path, char **why)
{
    struct reader reader = {.path = path, .inventory = g_new0(struct inventory, 1)};

    reader.inventory->clusters = g_ptr_array_new_with_free_func(cluster_free);
    if (read_file(&reader))
        return reader.inventory;
    inventory_free(reader.inventory);
    *why = reader.why;
    return NULL;
}
