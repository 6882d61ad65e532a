/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust lists beside trust stores: see store_lists.h.
 */
#include "store_lists.h"

#include "fetch.h"

#include "common/signature.h"

#include <stdlib.h>
#include <string.h>

struct store_lists {
    GArray *lists;     /* of struct ucm_trustlist; the CTL is the first */
    GPtrArray *data;   /* what they lie in */
    bool ctl_known;    /* also when there is none */
    bool ctl_is_there; /* then it is the first list */
};

static void unseen(struct result *result, const char *where, const char *why)
{
    g_autofree char *printable = printable_text(where);

    result_add_rule(result, UCM_ST_LIST_UNSEEN, STATE_UNSET, printable, why);
}

static void fetch_one(const char *where, struct fetch *fetch)
{
    fetch->url[0] = where;
    if (fetch_is_url(where))
        fetch_urls(fetch, 1, INT64_MAX);
    else
        fetch_file(where, fetch);
}

/* Decode what was fetched; false when it is none of that kind. Takes the data. */
static bool keep(struct store_lists *lists, struct fetch *fetch, bool is_ctl, const char **why)
{
    struct ucm_trustlist list;

    g_ptr_array_add(lists->data, fetch->data);
    *why = "it is no trust list that can be read";
    if (!ucm_trustlist_magic(fetch->data, fetch->size) ||
        !ucm_trustlist_decode(fetch->data, fetch->size, &list))
        return false;
    *why = "it is no CTL";
    if (is_ctl && list.kind != UCM_LIST_CTL)
        return false;
    *why = "its signature does not verify: it was cut or changed";
    if (ucm_signature_check(&list, &list).status == UCM_SIGNATURE_INVALID)
        return false;
    g_array_append_val(lists->lists, list);
    return true;
}

/* A server that has no CTL is that of a cluster without one; a file must be there. */
static void read_one(struct store_lists *lists, const char *where, bool is_ctl,
                     struct result *result)
{
    struct fetch fetch = {0};
    const char *why = NULL;

    fetch_one(where, &fetch);
    if (is_ctl && fetch.outcome == FETCH_MISSING && fetch_is_url(where)) {
        lists->ctl_known = true;
    } else if (fetch.outcome != FETCH_OK) {
        unseen(result, where, fetch.detail);
    } else {
        const bool kept = keep(lists, &fetch, is_ctl, &why);

        fetch.data = NULL;
        lists->ctl_known = lists->ctl_known || (is_ctl && kept);
        lists->ctl_is_there = lists->ctl_is_there || (is_ctl && kept);
        if (!kept)
            unseen(result, where, why);
    }
    free(fetch.data);
}

struct store_lists *store_lists_read(const char *ctl, char *const *others, struct result *result)
{
    struct store_lists *lists = g_new0(struct store_lists, 1);

    plugin_stage("fetch");
    lists->lists = g_array_new(FALSE, FALSE, sizeof(struct ucm_trustlist));
    lists->data = g_ptr_array_new_with_free_func(free);
    if (ctl != NULL)
        read_one(lists, ctl, true, result);
    for (char *const *one = others; one != NULL && *one != NULL; one++)
        read_one(lists, *one, false, result);
    return lists;
}

void store_lists_free(struct store_lists *lists)
{
    g_array_unref(lists->lists);
    g_ptr_array_unref(lists->data);
    g_free(lists);
}

const struct ucm_trustlist *store_lists_all(const struct store_lists *lists, unsigned *count)
{
    *count = lists->lists->len;
    return (const struct ucm_trustlist *)(const void *)lists->lists->data;
}

bool store_lists_ctl(const struct store_lists *lists, const struct ucm_trustlist **ctl)
{
    *ctl = lists->ctl_is_there ? &g_array_index(lists->lists, struct ucm_trustlist, 0) : NULL;
    return lists->ctl_known;
}
