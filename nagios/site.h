/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A cluster of the inventory with everything that was seen of it: the lists that its nodes serve,
 * from all nodes of all clusters side by side. Asking TVS is in survey.h. Judges only single lists.
 *
 * Fact fetch-no-login (B; test_check_trustlist:test_long_output): lists are served on 6970 without
 * a login.
 */
#ifndef UCMTRUST_NAGIOS_SITE_H
#define UCMTRUST_NAGIOS_SITE_H

#include "fetch.h"
#include "inventory.h"
#include "result.h"

/** One list of one node. */
struct site_list {
    struct fetch fetch;
    const struct site_list
        *same; /**< one before it, with the same bytes, which it has; NULL: none */
    bool wanted;
    bool judged;
    struct ucm_trustlist list;
    struct ucm_signature signature; /**< of the list, verified with itself */
    struct ucm_findings findings;   /**< warnings and worse */
};

/** A certificate that was read from a file or shown by a server. */
struct site_cert {
    uint8_t *der; /**< NULL: not known */
    size_t size;
};

/** One node. */
struct site_node {
    const struct inventory_node *from;
    char *name; /**< CLUSTER/NODE */
    struct site_list itl;
    struct site_list ctl;
    struct site_cert identity;
    struct site_cert tomcat;
    char *why; /**< why its lists could not be looked at, printable; NULL: they were */
};

/** One cluster. cluster and its nodes point into the rest, which must stay where it is. */
struct site {
    const struct inventory_cluster *from;
    struct site_node *node;
    struct ucm_node *seen;
    struct ucm_cluster cluster;
};

/** What the user said about servers that fail. */
struct site_settings {
    enum plugin_state unreachable;
    enum plugin_state timeout_state;
};

/** Sites for these clusters (of struct inventory_cluster); free with sites_free(). */
GPtrArray *sites_new(const GPtrArray *clusters);
void sites_free(GPtrArray *sites);

/** Read the files and fetch the lists of all nodes, within half of what is left of the deadline,
 * and judge each list by itself. Ends the process for a certificate in the inventory that cannot be
 * read. */
void sites_fetch(GPtrArray *sites, int64_t now);

/** What could not be fetched, and what is wrong with single lists, as findings. */
void sites_report(const GPtrArray *sites, const struct site_settings *settings,
                  struct result *result);

/** Give the cluster what became known of certificates since. */
void site_refresh(struct site *site);

#endif
