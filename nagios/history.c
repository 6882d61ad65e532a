/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pairs of lists and the text they are kept as. Must not open files or judge lists.
 * Facts: phones that were off for long may hold any list that was served (our own design).
 */
#include "history.h"

#include <string.h>

#define MAGIC "ucmtrust-state 1 "

enum {
    DIGEST_SIZE = 64, /* hex digits */
    HEAD_SIZE = sizeof MAGIC - 1 + DIGEST_SIZE + 1,
};

static void pair_free(gpointer item)
{
    struct history_pair *pair = item;

    if (pair->ctl != NULL)
        g_bytes_unref(pair->ctl);
    g_bytes_unref(pair->itl);
    g_free(pair);
}

struct history *history_new(void)
{
    struct history *history = g_new0(struct history, 1);

    history->pairs = g_ptr_array_new_with_free_func(pair_free);
    return history;
}

void history_free(struct history *history)
{
    if (history == NULL)
        return;
    g_ptr_array_unref(history->pairs);
    g_free(history);
}

/* ---- what is kept ---- */

static bool same(GBytes *a, GBytes *b)
{
    return a == b || (a != NULL && b != NULL && g_bytes_equal(a, b));
}

static struct history_pair *find(const struct history *history, GBytes *ctl, GBytes *itl)
{
    for (unsigned i = 0; i < history->pairs->len; i++) {
        struct history_pair *pair = g_ptr_array_index(history->pairs, i);

        if (same(pair->ctl, ctl) && same(pair->itl, itl))
            return pair;
    }
    return NULL;
}

/* Bytes of all lists, each counted as often as it occurs. */
static gsize size_of(const struct history *history)
{
    gsize size = 0;

    for (unsigned i = 0; i < history->pairs->len; i++) {
        const struct history_pair *pair = g_ptr_array_index(history->pairs, i);

        size += g_bytes_get_size(pair->itl);
        size += pair->ctl != NULL ? g_bytes_get_size(pair->ctl) : 0;
    }
    return size;
}

/* Drop the pair that was not seen for the longest time. */
static void evict(struct history *history, const struct history_pair *spared)
{
    const struct history_pair *oldest = NULL;
    unsigned at = 0;

    for (unsigned i = 0; i < history->pairs->len; i++) {
        const struct history_pair *pair = g_ptr_array_index(history->pairs, i);

        if (pair != spared && (oldest == NULL || pair->last < oldest->last)) {
            oldest = pair;
            at = i;
        }
    }
    if (oldest == NULL)
        return;
    history->evicted = MAX(history->evicted, oldest->last);
    g_ptr_array_remove_index(history->pairs, at);
}

void history_add(struct history *history, GBytes *ctl, GBytes *itl, int64_t now)
{
    struct history_pair *pair = find(history, ctl, itl);

    if (pair != NULL) {
        pair->first = MIN(pair->first, now);
        pair->last = MAX(pair->last, now);
        return;
    }
    pair = g_new0(struct history_pair, 1);
    *pair =
        (struct history_pair){ctl != NULL ? g_bytes_ref(ctl) : NULL, g_bytes_ref(itl), now, now};
    g_ptr_array_add(history->pairs, pair);
    while (history->pairs->len > 1 &&
           (history->pairs->len > HISTORY_PAIRS_MAX || size_of(history) > HISTORY_BYTES_MAX))
        evict(history, pair);
}

void history_expire(struct history *history, int64_t oldest)
{
    for (unsigned i = history->pairs->len; i > 0; i--) {
        const struct history_pair *pair = g_ptr_array_index(history->pairs, i - 1);

        if (pair->last < oldest)
            g_ptr_array_remove_index(history->pairs, i - 1);
    }
    if (history->evicted < oldest)
        history->evicted = 0;
}

void history_accept(struct history *history, GBytes *ctl, GBytes *itl)
{
    const struct history_pair *now = find(history, ctl, itl);

    for (unsigned i = history->pairs->len; i > 0; i--)
        if (g_ptr_array_index(history->pairs, i - 1) != now)
            g_ptr_array_remove_index(history->pairs, i - 1);
    history->evicted = 0;
}

/* ---- text ---- */

static char *digest_of(const void *data, gsize size)
{
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, size);
}

/* Put a list into the group of lists and its name into the pair. */
static void put_list(GKeyFile *file, const char *group, const char *key, GBytes *list)
{
    gsize size = 0;
    const guchar *data = g_bytes_get_data(list, &size);
    g_autofree char *name = digest_of(data, size);

    g_key_file_set_string(file, group, key, name);
    if (!g_key_file_has_key(file, "lists", name, NULL)) {
        g_autofree char *text = g_base64_encode(data, size);

        g_key_file_set_string(file, "lists", name, text);
    }
}

char *history_write(const struct history *history, const char *source, gsize *size)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *body = NULL;
    g_autofree char *digest = NULL;
    gsize body_size = 0;
    char *text = NULL;

    g_key_file_set_string(file, "state", "source", source);
    g_key_file_set_int64(file, "state", "evicted", history->evicted);
    for (unsigned i = 0; i < history->pairs->len; i++) {
        const struct history_pair *pair = g_ptr_array_index(history->pairs, i);
        g_autofree char *group = g_strdup_printf("pair-%u", i + 1);

        g_key_file_set_int64(file, group, "first", pair->first);
        g_key_file_set_int64(file, group, "last", pair->last);
        put_list(file, group, "itl", pair->itl);
        if (pair->ctl != NULL)
            put_list(file, group, "ctl", pair->ctl);
    }
    body = g_key_file_to_data(file, &body_size, NULL);
    digest = digest_of(body, body_size);
    text = g_strdup_printf(MAGIC "%s\n%s", digest, body);
    *size = strlen(text);
    return text;
}

/* A list by its name, which is its digest; NULL when it is not what its name says. */
static GBytes *get_list(GKeyFile *file, const char *name)
{
    g_autofree char *text = g_key_file_get_string(file, "lists", name, NULL);
    g_autofree char *digest = NULL;
    g_autofree guchar *data = NULL;
    gsize size = 0;

    if (text == NULL)
        return NULL;
    data = g_base64_decode(text, &size);
    digest = digest_of(data, size);
    if (strcmp(digest, name) != 0)
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&data), size);
}

static bool get_time(GKeyFile *file, const char *group, const char *key, int64_t *time)
{
    g_autoptr(GError) error = NULL;

    *time = g_key_file_get_int64(file, group, key, &error);
    return error == NULL && *time >= 0 && *time <= G_MAXUINT32;
}

static bool get_pair(GKeyFile *file, const char *group, struct history *history)
{
    g_autofree char *itl = g_key_file_get_string(file, group, "itl", NULL);
    g_autofree char *ctl = g_key_file_get_string(file, group, "ctl", NULL);
    struct history_pair *pair = NULL;
    GBytes *itl_list = itl != NULL ? get_list(file, itl) : NULL;

    if (itl_list == NULL)
        return false;
    pair = g_new0(struct history_pair, 1);
    pair->itl = itl_list;
    g_ptr_array_add(history->pairs, pair);
    pair->ctl = ctl != NULL ? get_list(file, ctl) : NULL;
    return (ctl == NULL || pair->ctl != NULL) && get_time(file, group, "first", &pair->first) &&
           get_time(file, group, "last", &pair->last) && pair->first <= pair->last;
}

/* The groups, after the first line was checked. */
static bool get_all(GKeyFile *file, struct history *history)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

    if (!get_time(file, "state", "evicted", &history->evicted))
        return false;
    for (char **group = groups; *group != NULL; group++)
        if (g_str_has_prefix(*group, "pair-") &&
            (history->pairs->len == HISTORY_PAIRS_MAX || !get_pair(file, *group, history)))
            return false;
    return size_of(history) <= HISTORY_BYTES_MAX;
}

struct history *history_read(const char *text, gsize size, const char *source, const char **why)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *digest = NULL;
    g_autofree char *its = NULL;
    struct history *history = NULL;

    *why = "it is damaged, or no state file of this version";
    if (size < HEAD_SIZE || size > HISTORY_TEXT_MAX || memcmp(text, MAGIC, sizeof MAGIC - 1) != 0 ||
        text[HEAD_SIZE - 1] != '\n')
        return NULL;
    digest = digest_of(text + HEAD_SIZE, size - HEAD_SIZE);
    if (memcmp(digest, text + sizeof MAGIC - 1, DIGEST_SIZE) != 0 ||
        !g_key_file_load_from_data(file, text + HEAD_SIZE, size - HEAD_SIZE, G_KEY_FILE_NONE, NULL))
        return NULL;
    its = g_key_file_get_string(file, "state", "source", NULL);
    if (its == NULL || strcmp(its, source) != 0) {
        *why = "it belongs to another node";
        return NULL;
    }
    history = history_new();
    if (get_all(file, history))
        return history;
    history_free(history);
    return NULL;
}
