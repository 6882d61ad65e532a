/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Extension mobility across clusters: does the visited cluster know the certificates of the home
 * cluster? See consistency.h. Facts: Cisco document 214535 (grade B).
 *
 * Fact emcc-needs (B; test_emcc:extension_mobility_is_judged,
 * test_store_import:extension_mobility): EMCC needs ITLRecovery and tomcat exchanged both ways.
 */
#include "cluster.h"

#include <stdlib.h>
#include <string.h>

/** Both clusters, and where findings go. */
struct emcc {
    const struct ucm_cluster *from;
    const struct ucm_cluster *to;
    struct ucm_findings *findings;
    bool out_of_memory;
};

static void add(struct emcc *emcc, enum ucm_finding_id id, uint32_t node)
{
    struct ucm_finding finding = ucm_finding_make(id, 0, -1, -1);

    finding.source = node;
    if (!ucm_findings_add(emcc->findings, &finding))
        emcc->out_of_memory = true;
}

static void judge(struct emcc *emcc, const uint8_t *der, size_t size, uint32_t roles,
                  enum ucm_finding_id unknown, uint32_t node)
{
    enum ucm_knowledge knowledge = ucm_cluster_knows(emcc->to, der, size, roles);

    if (knowledge != UCM_KNOWN)
        add(emcc, knowledge == UCM_NOT_KNOWN ? unknown : UCM_EMCC_UNSURE, node);
}

/* Clusters before 10.0 have no ITLRecovery, and then there is nothing to know. */
static void check_recovery(struct emcc *emcc)
{
    const uint32_t sast = UCM_ROLE_BIT(UCM_ROLE_SAST);
    struct ucm_listing listing;

    if (!ucm_listing_make(emcc->from, sast, &listing)) {
        emcc->out_of_memory = true;
        return;
    }
    for (uint32_t i = 0; i < listing.count; i++) {
        const struct ucm_listed *listed = &listing.item[i];

        if (ucm_is_recovery(listed->der, listed->size))
            judge(emcc, listed->der, listed->size, sast, UCM_EMCC_RECOVERY, listed->list / 2);
    }
    free(listing.item);
}

/* Before 12.5 each node may have its own ITLRecovery: that of a node without an ITL that can be
 * read is not known. One that was not seen is named for its Tomcat certificate already. */
static void check_list(struct emcc *emcc, uint32_t index)
{
    const struct ucm_node *node = &emcc->from->node[index];

    if (ucm_node_serves(node) && !ucm_list_usable(node->lists.itl))
        add(emcc, UCM_EMCC_UNSURE, index);
}

/* One multi-server certificate may serve several nodes; it is asked about once. */
static bool met_before(const struct ucm_cluster *cluster, uint32_t index)
{
    const struct ucm_node *node = &cluster->node[index];

    for (uint32_t i = 0; i < index; i++) {
        const struct ucm_node *other = &cluster->node[i];

        if (other->looked && other->tomcat != NULL && other->tomcat_size == node->tomcat_size &&
            memcmp(other->tomcat, node->tomcat, node->tomcat_size) == 0)
            return true;
    }
    return false;
}

static void check_tomcat(struct emcc *emcc, uint32_t index)
{
    const struct ucm_node *node = &emcc->from->node[index];

    if (!node->looked || node->tomcat == NULL)
        add(emcc, UCM_EMCC_UNSURE, index);
    else if (!met_before(emcc->from, index))
        judge(emcc, node->tomcat, node->tomcat_size, 0, UCM_EMCC_TOMCAT, index);
}

bool ucm_emcc_check(const struct ucm_cluster *from, const struct ucm_cluster *to,
                    struct ucm_findings *findings)
{
    struct emcc emcc = {from, to, findings, false};

    check_recovery(&emcc);
    for (uint32_t i = 0; i < from->nodes; i++) {
        check_list(&emcc, i);
        check_tomcat(&emcc, i);
    }
    return !emcc.out_of_memory;
}
