/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Clusters in shorthand: see cluster_lab.h.
 */
#include "cluster_lab.h"

#include <stdio.h>

static void vouch(void *context, const struct ucm_cluster *cluster, uint32_t node,
                  const uint8_t *der, size_t size, struct ucm_tvs_opinion *opinion)
{
    struct cluster *made = context;
    const char *says = made->from[node].says;
    char letter = lab_letter(der, size);

    assert_ptr_equal(cluster, &made->cluster);
    assert_in_range(letter, 'A', 'Z');
    made->asked[node][letter - 'A'] = true;
    made->questions++;
    for (; !made->mute && says != NULL && *says != '\0'; says += 2)
        if (says[0] == letter)
            lab_say(says[1], opinion);
    opinion->noted = made->notes && !opinion->asked;
    if (made->from[node].shows != 0) {
        opinion->identity = lab_identity(made->from[node].shows)->der;
        opinion->identity_size = lab_identity(made->from[node].shows)->der_size;
    }
}

static struct lab_list *dated(const char *filename, const char *shorthand, uint32_t newer,
                              bool broken)
{
    struct lab_list *made = lab_list(filename, shorthand);

    if (made == NULL)
        return NULL;
    made->list.timestamp += newer;
    if (broken)
        made->list.error = ucm_finding_make(UCM_TL_TRUNCATED, 0, 0, 0);
    return made;
}

static void make_node(struct cluster *made, uint32_t i)
{
    static const char *const names[] = {"pub", "sub", "sub2"};
    const struct node *from = &made->from[i];
    struct ucm_node *node = &made->node[i];

    made->list[2 * i] = dated("CTLFile.tlv", from->ctl, from->newer_ctl, from->broken_ctl);
    made->list[2 * i + 1] = dated("ITLFile.tlv", from->itl, from->newer, from->broken_itl);
    node->name = names[i];
    node->looked = !from->unseen;
    node->serves = !from->no_tftp;
    node->lists = (struct ucm_list_pair){lab_of(made->list[2 * i]), lab_of(made->list[2 * i + 1])};
    if (node->lists.ctl != NULL)
        node->ctl_signature = ucm_signature_check(node->lists.ctl, node->lists.ctl);
    if (node->lists.itl != NULL)
        node->itl_signature = ucm_signature_check(node->lists.itl, node->lists.itl);
    if (from->unverified)
        node->itl_signature =
            (struct ucm_signature){.status = UCM_SIGNATURE_UNVERIFIABLE,
                                   .certificate_at = node->itl_signature.certificate_at,
                                   .certificate_size = node->itl_signature.certificate_size};
    node->runs_tvs = from->tvs != 0;
    node->in_group = !from->outside;
    if (from->tvs != 0 && from->tvs != '?') {
        node->identity = lab_identity(from->tvs)->der;
        node->identity_size = lab_identity(from->tvs)->der_size;
    }
    if (from->tomcat != 0) {
        node->tomcat = lab_identity(from->tomcat)->der;
        node->tomcat_size = lab_identity(from->tomcat)->der_size;
    }
}

static bool is_empty(const struct node *node)
{
    return node->itl == NULL && node->ctl == NULL && node->tvs == 0 && !node->unseen;
}

struct cluster *make_cluster(const struct node *from, uint16_t version, enum ucm_mode mode)
{
    struct cluster *made = calloc(1, sizeof *made);
    uint32_t nodes = 0;

    assert_non_null(made);
    while (nodes < NODES_MAX && !is_empty(&from[nodes]))
        nodes++;
    made->from = from;
    made->node = calloc(nodes, sizeof *made->node);
    made->cluster = (struct ucm_cluster){.name = "cluster",
                                         .node = made->node,
                                         .nodes = nodes,
                                         .version = version,
                                         .expected = mode,
                                         .vouch = vouch,
                                         .context = made};
    for (uint32_t i = 0; i < nodes; i++)
        make_node(made, i);
    return made;
}

void free_cluster(struct cluster *made)
{
    for (size_t i = 0; i < COUNT_OF(made->list); i++)
        lab_list_free(made->list[i]);
    free(made->node);
    free(made);
}

void assert_findings(const struct ucm_findings *findings, const char *expected)
{
    char text[512] = "";

    for (uint32_t i = 0; i < findings->stored; i++) {
        size_t at = strlen(text);

        const struct ucm_finding *finding = &findings->item[i];
        const struct ucm_rule *rule = ucm_rule(finding->id);
        bool usual = finding->severity == rule->severity;

        assert_int_equal(finding->offset, 0); /* it is about a node, not about a byte */
        snprintf(text + at, sizeof text - at, "%s%s@%u%s%s", at > 0 ? " " : "", rule->id,
                 (unsigned)finding->source, usual ? "" : ":",
                 usual ? "" : ucm_severity_name(finding->severity));
    }
    assert_string_equal(text, expected);
}
