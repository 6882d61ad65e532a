/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * May phones move from one cluster to another: see consistency.h. The rule is the phone's own: each
 * pair of lists that it may hold meets each pair that it will find.
 */
#include "consistency.h"

#include <string.h>

/** The TVS nodes of a cluster as a phone asks them. */
struct asker {
    const struct ucm_cluster *cluster;
    bool in_group; /* those of the group, or those outside it */
};

/* The index-th TVS node inside or outside the phones' group; nodes when there is none. */
static uint32_t nth_node(const struct asker *asker, uint32_t index)
{
    const struct ucm_cluster *cluster = asker->cluster;

    for (uint32_t i = 0; i < cluster->nodes; i++) {
        const struct ucm_node *node = &cluster->node[i];

        if (node->runs_tvs && node->in_group == asker->in_group && index-- == 0)
            return i;
    }
    return cluster->nodes;
}

/* ucm_tvs_ask: the signer is asked about by its certificate, which the list itself holds. */
static bool ask(void *context, const struct ucm_trustlist *file, uint32_t index,
                struct ucm_tvs_opinion *opinion)
{
    const struct asker *asker = context;
    const struct ucm_cluster *cluster = asker->cluster;
    struct ucm_signature signature = ucm_signature_check(file, file);
    uint32_t node = nth_node(asker, index);

    if (node == cluster->nodes)
        return false;
    if (cluster->node[node].looked && cluster->vouch != NULL && signature.certificate_size > 0)
        cluster->vouch(cluster->context, cluster, node, file->data + signature.certificate_at,
                       signature.certificate_size, opinion);
    opinion->node = cluster->node[node].name;
    if (opinion->identity == NULL) {
        opinion->identity = cluster->node[node].identity;
        opinion->identity_size = cluster->node[node].identity_size;
    }
    return true;
}

static struct ucm_change move(const struct ucm_cluster *from, const struct ucm_node *held,
                              const struct ucm_node *served, bool in_group)
{
    struct asker asker = {from, in_group};
    struct ucm_phone phone = {
        .ctl = held->lists.ctl, .itl = held->lists.itl, .ask = ask, .context = &asker};

    return ucm_phone_change(&phone, served->lists, NULL, 0);
}

/* Of two moves the one that decides: the worse verdict, else the one with fewer nodes that vouch.
 */
static bool is_worse(const struct ucm_readiness *a, const struct ucm_readiness *b)
{
    if (a->verdict != b->verdict)
        return a->verdict > b->verdict;
    return a->verdict == UCM_VIA_TVS && a->decision.vouching < b->decision.vouching;
}

static struct ucm_readiness readiness_with(const struct ucm_cluster *from,
                                           const struct ucm_node *held,
                                           const struct ucm_node *served)
{
    struct ucm_change change = move(from, held, served, true);
    struct ucm_readiness readiness = {.looked = true, .verdict = change.verdict};

    readiness.decision = change.ctl >= change.itl ? change.ctl_decision : change.itl_decision;
    if (change.verdict == UCM_LOCKED)
        readiness.outside_group = move(from, held, served, false).verdict <= UCM_VIA_TVS;
    return readiness;
}

struct ucm_readiness ucm_readiness_of(const struct ucm_cluster *from, const struct ucm_cluster *to,
                                      uint32_t to_node)
{
    const struct ucm_node *served = &to->node[to_node];
    struct ucm_readiness worst = {.looked = false};

    if (!served->looked || served->lists.itl == NULL)
        return worst;
    for (uint32_t i = 0; i < from->nodes; i++) {
        const struct ucm_node *held = &from->node[i];
        struct ucm_readiness readiness;

        if (!held->looked || !held->serves || held->lists.itl == NULL)
            continue;
        readiness = readiness_with(from, held, served);
        if (!worst.looked || is_worse(&readiness, &worst))
            worst = readiness;
    }
    return worst;
}

/* ---- findings ---- */

static bool add(struct ucm_findings *findings, enum ucm_finding_id id, uint32_t node,
                int64_t expected, int64_t found)
{
    struct ucm_finding finding = ucm_finding_make(id, 0, expected, found);

    finding.source = node;
    return ucm_findings_add(findings, &finding);
}

/* Why phones refuse, as a finding. */
static enum ucm_finding_id reason(const struct ucm_readiness *readiness)
{
    if (readiness->outside_group)
        return UCM_MIG_OUTSIDE_GROUP;
    switch (readiness->decision.step) {
    case UCM_STEP_STATUS:
        return UCM_MIG_NOT_VOUCHED;
    case UCM_STEP_ROLE:
        return UCM_MIG_NO_ROLE;
    default:
        return UCM_MIG_CANNOT_ASK;
    }
}

static bool check_node(const struct ucm_readiness *readiness, uint32_t node,
                       struct ucm_findings *findings)
{
    const struct ucm_decision *decision = &readiness->decision;

    if (!readiness->looked || readiness->verdict == UCM_VERDICT_UNKNOWN)
        return add(findings, UCM_MIG_UNSURE, node, -1, -1);
    if (readiness->verdict == UCM_VIA_TVS && decision->vouching < decision->nodes)
        return add(findings, UCM_MIG_SOME_NODES, node, decision->nodes, decision->vouching);
    if (readiness->verdict > UCM_VIA_TVS)
        return add(findings, reason(readiness), node, -1, -1);
    return true;
}

/** What the new cluster says about a certificate of the old one. */
enum knowledge { KNOWN, UNKNOWN_THERE, NOBODY_ASKED };

static enum knowledge knowledge_of(const struct ucm_cluster *to, const uint8_t *der, size_t size)
{
    enum knowledge knowledge = NOBODY_ASKED;

    for (uint32_t i = 0; i < to->nodes && knowledge != KNOWN; i++) {
        struct ucm_tvs_opinion opinion = {0};

        if (!to->node[i].looked || !to->node[i].runs_tvs || to->vouch == NULL)
            continue;
        to->vouch(to->context, to, i, der, size, &opinion);
        if (opinion.asked && opinion.answered)
            knowledge = opinion.status == 0 ? KNOWN : UNKNOWN_THERE;
    }
    return knowledge;
}

static bool check_capf(const struct ucm_cluster *from, const struct ucm_cluster *to,
                       struct ucm_findings *findings)
{
    enum knowledge worst = KNOWN;

    for (uint32_t i = 0; i < from->nodes; i++) {
        const struct ucm_trustlist *itl = from->node[i].lists.itl;
        struct ucm_record_walk walk;
        struct ucm_record record;

        if (!from->node[i].looked || itl == NULL)
            continue;
        walk = ucm_record_walk(itl);
        while (ucm_record_next(&walk, &record)) {
            struct ucm_view der = record.value[UCM_RECORD_CERTIFICATE];
            enum knowledge knowledge;

            if (record.role != UCM_ROLE_CAPF || der.len == 0)
                continue;
            knowledge = knowledge_of(to, itl->data + der.off, der.len);
            if (knowledge == UNKNOWN_THERE || worst == KNOWN)
                worst = knowledge;
        }
    }
    if (worst == KNOWN)
        return true;
    return add(findings, worst == UNKNOWN_THERE ? UCM_MIG_CAPF : UCM_MIG_UNSURE, 0, -1, -1);
}

bool ucm_migration_check(const struct ucm_cluster *from, const struct ucm_cluster *to,
                         struct ucm_findings *findings)
{
    for (uint32_t i = 0; i < to->nodes; i++) {
        struct ucm_readiness readiness;

        if (!to->node[i].serves)
            continue;
        readiness = ucm_readiness_of(from, to, i);
        if (!check_node(&readiness, i, findings))
            return false;
    }
    return check_capf(from, to, findings);
}
