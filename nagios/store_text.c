/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust stores from saved text: see store_text.h. Must not judge.
 */
#include "store_text.h"

#include "fetch.h"

#include "common/show.h"

#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MAX = 20000 };

static char *node_option;

static const GOptionEntry OPTIONS[] = {
    {"text-node", 0, 0, G_OPTION_ARG_FILENAME, &node_option, NULL, NULL},
    {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
};

/** A text while it is read. */
struct reading {
    const char *path;
    const uint8_t *text;
    struct store_set *set;
    char *node;       /* NULL: neither the text nor the user says */
    GHashTable *seen; /* entries that were met, and stores that are none */
    unsigned certificates;
};

/* Without the white space of a broken line. A file name has none of its own. */
static char *squeezed(const uint8_t *base, struct ucm_view view)
{
    GString *text = g_string_new(NULL);
    struct ucm_view word;

    while (ucm_take_word(base, &view, &word))
        g_string_append_len(text, (const char *)base + word.off, word.len);
    return g_string_free(text, FALSE);
}

/* "Certificate Signed by NAME" names the issuer (B); the other descriptions say nothing of it. */
static void take_issuer(const struct reading *reading, const struct ucm_show_line *line,
                        struct ucm_stored_cert *certificate)
{
    g_autofree char *text = NULL;
    struct ucm_view issuer;

    if (!ucm_begins(reading->text, line->value, "Certificate Signed by", &issuer) ||
        issuer.len == 0)
        return;
    text = g_strndup((const char *)reading->text + issuer.off, issuer.len);
    certificate->known |= UCM_KNOWN_ISSUER;
    g_strlcpy(certificate->cert.issuer, text, sizeof certificate->cert.issuer);
}

static void add_certificate(struct reading *reading, const struct ucm_show_line *line)
{
    g_autofree char *store = squeezed(reading->text, line->name);
    g_autofree char *file = squeezed(reading->text, line->file);
    g_autofree char *origin = g_strdup_printf("%s: %s/%s", reading->path, store, file);
    g_autofree char *key =
        g_strdup_printf("%s\n%s", reading->node != NULL ? reading->node : "", origin);
    struct ucm_stored_cert certificate = {.known = 0};
    const struct store_place place = {
        .node = reading->node, .store = ucm_store_find(store), .origin = origin};

    if (place.store == UCM_STORE_NONE) {
        if (g_hash_table_add(reading->seen, g_strdup(store)))
            store_set_problem(reading->set, UCM_ST_FILE_FOREIGN, origin, "no store has this name");
        reading->certificates++; /* as much work as one */
        return;
    }
    if (!g_hash_table_add(reading->seen, g_steal_pointer(&key)))
        return;
    take_issuer(reading, line, &certificate);
    store_set_add_known(reading->set, &certificate, &place);
    reading->certificates++;
}

static void follow_node(struct reading *reading, const struct ucm_show_line *line)
{
    const struct ucm_view node = line->what == UCM_SHOW_HOST ? line->value : line->node;

    if (node.len == 0)
        return;
    g_free(reading->node);
    reading->node = g_strndup((const char *)reading->text + node.off, node.len);
    store_set_add_node(reading->set, reading->node);
}

static void read_text(struct reading *reading, size_t size)
{
    struct ucm_lines lines = ucm_lines_over(reading->text, size);
    struct ucm_show_line line;

    while (ucm_show_next(&lines, &line)) {
        if (line.what == UCM_SHOW_COMMAND || line.what == UCM_SHOW_HOST)
            follow_node(reading, &line);
        if (line.what != UCM_SHOW_CERTIFICATE)
            continue;
        if (plugin_left_ms() == 0) {
            store_set_problem(reading->set, UCM_ST_UNSEEN, reading->path,
                              "time ran out while it was read");
            return;
        }
        if (reading->certificates == ENTRIES_MAX) {
            store_set_problem(reading->set, UCM_ST_FILE_UNREADABLE, reading->path,
                              "more than 20000 certificates: the rest was left out");
            return;
        }
        add_certificate(reading, &line);
    }
}

static void read_source(const char *where, struct store_set *set)
{
    struct fetch fetch = {0};

    fetch_text(where, &fetch);
    if (fetch.outcome != FETCH_OK) {
        store_set_problem(set, UCM_ST_UNSEEN, where, fetch.detail);
    } else {
        struct reading reading = {
            .path = where, .text = fetch.data, .set = set, .node = g_strdup(node_option)};

        reading.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        if (reading.node != NULL)
            store_set_add_node(set, reading.node);
        read_text(&reading, fetch.size);
        g_hash_table_unref(reading.seen);
        g_free(reading.node);
    }
    free(fetch.data);
}

static void check_values(void)
{
    if (node_option != NULL && *node_option == '\0')
        plugin_usage("--text-node: expected the name of a node, got an empty one");
}

static void release(void)
{
    g_clear_pointer(&node_option, g_free);
}

const struct store_reader STORE_TEXT = {
    .kind = "text",
    .help = "      --text FILE          saved output of \"show cert list own\" and \"show cert\n"
            "                           list trust\"; it has no dates and no serial numbers\n"
            "      --text-node NODE     from which node the text is, where it does not say\n",
    .options = OPTIONS,
    .check_values = check_values,
    .read = read_source,
    .release = release,
};
