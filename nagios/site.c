/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Collects the lists of many nodes. Must not decode bytes or compare nodes: common/ does.
 * Facts: phones ask HTTP 6970 first, then TFTP; a missing CTL is normal (document 116232).
 * Fact ctl-missing (A; test_check_trustlist_servers:test_missing_ctl,
 * test_check_trustlist_servers:test_http_503_falls_back_to_tftp): a CTL that is not there is HTTP
 * 404 or 503, or TFTP error 1, and normal in a non-secure cluster.
 */
#include "site.h"

#include "certificate.h"

#include <stdlib.h>
#include <string.h>

enum { LISTS_MS = 15000 }; /* longest time for all lists; HTTP and TFTP share it */

/* ---- making and freeing ---- */

static void list_clear(struct site_list *list)
{
    if (list->same == NULL)
        free(list->fetch.data);
    for (unsigned i = 0; i < FETCH_URLS_MAX; i++)
        g_free((char *)(uintptr_t)list->fetch.url[i]);
    ucm_findings_free(&list->findings);
}

static void site_free(gpointer item)
{
    struct site *site = item;

    for (uint32_t i = 0; i < site->cluster.nodes; i++) {
        struct site_node *node = &site->node[i];

        list_clear(&node->itl);
        list_clear(&node->ctl);
        g_free(node->identity.der);
        g_free(node->tomcat.der);
        g_free(node->name);
        g_free(node->why);
    }
    g_free(site->node);
    g_free(site->seen);
    g_free(site);
}

void sites_free(GPtrArray *sites)
{
    g_ptr_array_unref(sites);
}

static struct site *site_new(const struct inventory_cluster *from)
{
    struct site *site = g_new0(struct site, 1);

    site->from = from;
    site->node = g_new0(struct site_node, from->nodes->len);
    site->seen = g_new0(struct ucm_node, from->nodes->len);
    site->cluster = (struct ucm_cluster){.name = from->name,
                                         .node = site->seen,
                                         .nodes = from->nodes->len,
                                         .version = from->version,
                                         .expected = from->expected};
    for (unsigned i = 0; i < from->nodes->len; i++) {
        const struct inventory_node *node = g_ptr_array_index(from->nodes, i);

        site->node[i].from = node;
        site->node[i].name = g_strdup_printf("%s/%s", from->name, node->name);
        site->seen[i].name = node->name;
        site->seen[i].serves = node->tftp;
        site->seen[i].runs_tvs = node->tvs;
        site->seen[i].in_group = node->in_group;
    }
    return site;
}

GPtrArray *sites_new(const GPtrArray *clusters)
{
    GPtrArray *sites = g_ptr_array_new_with_free_func(site_free);

    for (unsigned i = 0; i < clusters->len; i++)
        g_ptr_array_add(sites, site_new(g_ptr_array_index(clusters, i)));
    return sites;
}

/* ---- the same list on many nodes ---- */

static bool same_bytes(const struct site_list *a, const struct site_list *b)
{
    return b->same == NULL && b->fetch.outcome == FETCH_OK && a->fetch.data != NULL &&
           a->fetch.size == b->fetch.size &&
           memcmp(a->fetch.data, b->fetch.data, a->fetch.size) == 0;
}

static struct site_list *list_at(const struct site *site, uint32_t index, bool ctl)
{
    return ctl ? &site->node[index].ctl : &site->node[index].itl;
}

/* The CTL is one file for the cluster: it is kept once, judged once, and what is wrong with it is
 * said once, of the first node that serves it. */
static void share(const struct site *site, uint32_t index, bool ctl)
{
    struct site_list *list = list_at(site, index, ctl);

    if (list->same != NULL)
        return;
    for (uint32_t i = 0; i < index; i++) {
        const struct site_list *other = list_at(site, i, ctl);

        if (!same_bytes(list, other))
            continue;
        free(list->fetch.data);
        list->fetch.data = other->fetch.data;
        list->same = other;
        return;
    }
}

static void share_both(const struct site *site, uint32_t index)
{
    share(site, index, false);
    share(site, index, true);
}

/* ---- fetching ---- */

static void plan_list(struct site_list *list, const struct inventory_node *node, const char *path,
                      const char *file)
{
    char *url[FETCH_URLS_MAX] = {NULL};

    if (path != NULL) {
        list->wanted = true;
        fetch_file(path, &list->fetch);
    } else if (node->itl == NULL && node->ctl == NULL && node->address != NULL) {
        list->wanted = true;
        fetch_node_urls(node->address, node->port[INVENTORY_HTTP], node->port[INVENTORY_TFTP], file,
                        url);
        for (unsigned i = 0; i < FETCH_URLS_MAX; i++)
            list->fetch.url[i] = url[i];
    }
}

/* A node with files serves what stands in them, and nothing else. */
static void plan_node(struct site_node *node)
{
    if (!node->from->tftp)
        return;
    plan_list(&node->itl, node->from, node->from->itl, "ITLFile.tlv");
    plan_list(&node->ctl, node->from, node->from->ctl, "CTLFile.tlv");
}

static void collect_remote(struct site_list *list, GPtrArray *remote)
{
    if (list->wanted && list->fetch.url[0] != NULL)
        g_ptr_array_add(remote, &list->fetch);
}

/* libcurl wants them in a row. */
static void fetch_remote(const GPtrArray *remote, int64_t limit_ms)
{
    struct fetch *row = g_new0(struct fetch, remote->len);

    for (unsigned i = 0; i < remote->len; i++)
        row[i] = *(struct fetch *)g_ptr_array_index(remote, i);
    fetch_urls(row, remote->len, limit_ms);
    for (unsigned i = 0; i < remote->len; i++)
        *(struct fetch *)g_ptr_array_index(remote, i) = row[i];
    g_free(row);
}

/* ---- judging single lists ---- */

static void keep_warnings(const struct ucm_findings *all, struct site_list *list)
{
    for (uint32_t i = 0; i < all->stored; i++)
        if (all->item[i].severity != UCM_NOTE)
            (void)ucm_findings_add(&list->findings, &all->item[i]);
}

/* Expiry is the business of check_ucm_trustlist: here only what has expired counts. */
static struct ucm_lint_options lint_options(int64_t now)
{
    struct ucm_lint_options options = ucm_lint_defaults(now);

    options.warning_days = 0;
    options.critical_days = 0;
    options.cache = ucm_cert_cache_new(); /* the nodes of a cluster serve the same certificates */
    return options;
}

static void judge_list(struct site_list *list, const struct ucm_lint_options *options)
{
    struct ucm_report report;

    if (list->fetch.size == 0 && list->fetch.data == NULL)
        list->fetch.data = calloc(1, 1); /* the decoder needs something to point at */
    /* not analyzer-malloc-leak: list_clear() frees them */
    if (list->fetch.data == NULL ||
        !ucm_report_make(list->fetch.data, list->fetch.size, options, &report))
        return;
    list->judged = true;
    list->list = report.list;
    list->signature = report.signature;
    keep_warnings(&report.findings, list);
    ucm_report_free(&report);
}

static void add_list_findings(struct result *result, const struct site_node *node,
                              const struct site_list *list, const char *kind)
{
    g_autofree char *where = g_strdup_printf("%s/%s", node->name, kind);

    result_add_findings(result, &list->findings, list->fetch.data, where);
}

/* ---- what became of a node ---- */

static enum ucm_finding_id failure_of(const struct fetch *fetch)
{
    switch (fetch->outcome) {
    case FETCH_SILENT:
        return UCM_TL_FETCH_SILENT;
    case FETCH_FAILED:
        return UCM_TL_FETCH_FAILED;
    case FETCH_LOCAL:
        return UCM_TL_UNREADABLE_HERE;
    case FETCH_OK:
    case FETCH_MISSING:
        break;
    }
    return UCM_FINDING_NONE;
}

/* The list that keeps us from looking at the node; NULL when there is none. */
static const struct site_list *obstacle(const struct site_node *node)
{
    if (node->itl.wanted && failure_of(&node->itl.fetch) != UCM_FINDING_NONE)
        return &node->itl;
    if (node->ctl.wanted && failure_of(&node->ctl.fetch) != UCM_FINDING_NONE)
        return &node->ctl;
    return NULL;
}

static void add_obstacle(struct result *result, const struct site_settings *settings,
                         const struct site_node *node, const struct site_list *list)
{
    const enum ucm_finding_id id = failure_of(&list->fetch);
    const enum plugin_state state = id == UCM_TL_FETCH_SILENT   ? settings->timeout_state
                                    : id == UCM_TL_FETCH_FAILED ? settings->unreachable
                                                                : STATE_UNSET;

    result_add_rule(result, id, state, node->name, node->why);
}

static void settle_list(const struct site *site, uint32_t index, bool ctl,
                        struct ucm_lint_options options)
{
    struct site_list *list = list_at(site, index, ctl);

    if (!list->wanted || list->fetch.outcome != FETCH_OK)
        return;
    options.expected = ctl ? UCM_LIST_CTL : UCM_LIST_ITL;
    options.version = site->from->version;
    if (list->same == NULL) {
        judge_list(list, &options);
    } else {
        list->judged = list->same->judged;
        list->list = list->same->list;
        list->signature = list->same->signature;
    }
    if (list->judged)
        return;
    list->fetch.outcome = FETCH_LOCAL;
    g_strlcpy(list->fetch.detail, "out of memory", sizeof list->fetch.detail);
}

/* A list of the other kind under this name is no list of this one, whatever else is right about it.
 * One that names no kind stays: it is judged as what it should be. */
static const struct ucm_trustlist *list_of(const struct site_list *list, enum ucm_list_kind kind)
{
    return list->judged && (list->list.kind == kind || list->list.kind == UCM_LIST_UNKNOWN)
               ? &list->list
               : NULL;
}

static void settle_node(struct site *site, uint32_t index, const struct ucm_lint_options *options)
{
    struct site_node *node = &site->node[index];
    struct ucm_node *seen = &site->seen[index];
    const struct site_list *failed = NULL;

    share_both(site, index);
    settle_list(site, index, false, *options);
    settle_list(site, index, true, *options);
    failed = obstacle(node);
    if (failed != NULL) {
        const bool is_file = failed->fetch.url[0] == NULL;
        g_autofree char *why = g_strdup_printf("%s%s%s", is_file ? failed->fetch.origin : "",
                                               is_file ? ": " : "", failed->fetch.detail);

        node->why = printable_text(why);
    }
    seen->looked = node->why == NULL;
    seen->lists.itl = list_of(&node->itl, UCM_LIST_ITL);
    seen->lists.ctl = list_of(&node->ctl, UCM_LIST_CTL);
    seen->itl_signature = node->itl.signature;
    seen->ctl_signature = node->ctl.signature;
}

/* ---- certificates of the inventory ---- */

/* A file that an administrator names and that is no certificate is a mistake in the inventory. */
static void load_certificate(const struct site_node *node, const char *key, const char *path,
                             struct ucm_cert_cache *cache, struct site_cert *cert)
{
    char *why = NULL;

    if (path == NULL)
        return;
    cert->der = certificate_read(path, cache, &cert->size, &why);
    if (cert->der == NULL)
        plugin_usage("inventory: %s of %s: %s", key, node->name, why);
}

/* ---- the whole ---- */

void site_refresh(struct site *site)
{
    for (uint32_t i = 0; i < site->cluster.nodes; i++) {
        site->seen[i].identity = site->node[i].identity.der;
        site->seen[i].identity_size = site->node[i].identity.size;
        site->seen[i].tomcat = site->node[i].tomcat.der;
        site->seen[i].tomcat_size = site->node[i].tomcat.size;
    }
}

static void settle(GPtrArray *sites, const struct ucm_lint_options *options)
{
    for (unsigned i = 0; i < sites->len; i++) {
        struct site *site = g_ptr_array_index(sites, i);

        for (uint32_t k = 0; k < site->cluster.nodes; k++)
            settle_node(site, k, options);
        site_refresh(site);
    }
}

void sites_fetch(GPtrArray *sites, int64_t now)
{
    const struct ucm_lint_options options = lint_options(now);
    GPtrArray *remote = g_ptr_array_new();

    for (unsigned i = 0; i < sites->len; i++) {
        struct site *site = g_ptr_array_index(sites, i);

        for (uint32_t k = 0; k < site->cluster.nodes; k++) {
            struct site_node *node = &site->node[k];

            load_certificate(node, "tvs_certificate", node->from->tvs_certificate, options.cache,
                             &node->identity);
            load_certificate(node, "tomcat", node->from->tomcat, options.cache, &node->tomcat);
            plan_node(node);
            share_both(site, k); /* files, before the next ones need room */
            collect_remote(&node->itl, remote);
            collect_remote(&node->ctl, remote);
        }
    }
    fetch_remote(remote, MIN(plugin_left_ms() / 2, (int64_t)LISTS_MS));
    g_ptr_array_unref(remote);
    plugin_stage("judge lists");
    settle(sites, &options);
    ucm_cert_cache_free(options.cache);
}

static void report_node(struct result *result, const struct site *site, uint32_t index,
                        const struct site_settings *settings)
{
    const struct site_node *node = &site->node[index];
    const struct site_list *failed = obstacle(node);

    if (failed != NULL)
        add_obstacle(result, settings, node, failed);
    if (node->itl.judged)
        add_list_findings(result, node, &node->itl, "ITL");
    if (node->ctl.judged)
        add_list_findings(result, node, &node->ctl, "CTL");
}

void sites_report(const GPtrArray *sites, const struct site_settings *settings,
                  struct result *result)
{
    for (unsigned i = 0; i < sites->len; i++) {
        const struct site *site = g_ptr_array_index(sites, i);

        for (uint32_t k = 0; k < site->cluster.nodes; k++)
            report_node(result, site, k, settings);
    }
}
