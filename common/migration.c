/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * May phones move from one cluster to another: see consistency.h. The rule is the phone's own: each
 * pair of lists that it may hold meets each pair that it will find.
 */
#include "cluster.h"

#include <stdlib.h>

/* ---- the TVS that phones ask ---- */

/** The TVS nodes of a cluster as a phone asks them about the lists of one node. What they say is
 * kept, so that each is asked once for all lists that phones may hold. */
struct asker {
    const struct ucm_cluster *cluster;
    const struct ucm_node *served;
    uint8_t *pins; /* enum ucm_pin for each node whose lists are held and each node that is asked,
                      filled in when first needed; NULL: nothing is kept */
    uint32_t held; /* node whose lists the phone holds */
    uint32_t nodes;
    uint32_t node[UCM_TVS_NODES_MAX];
    bool asked[2][UCM_TVS_NODES_MAX]; /* about the CTL, about the ITL */
    struct ucm_tvs_opinion opinion[2][UCM_TVS_NODES_MAX];
};

/* Those of the phones' group, or those outside it. */
static void init_asker(struct asker *asker, const struct ucm_cluster *cluster,
                       const struct ucm_node *served, uint8_t *pins, bool in_group)
{
    *asker = (struct asker){.cluster = cluster, .served = served, .pins = pins};
    for (uint32_t i = 0; i < cluster->nodes && asker->nodes < UCM_TVS_NODES_MAX; i++)
        if (cluster->node[i].runs_tvs && cluster->node[i].in_group == in_group)
            asker->node[asker->nodes++] = i;
}

/* The signer is asked about by its certificate, which the list itself holds. */
static void ask_node(const struct asker *asker, const struct ucm_trustlist *file,
                     const struct ucm_signature *own, uint32_t index,
                     struct ucm_tvs_opinion *opinion)
{
    const struct ucm_node *node = &asker->cluster->node[index];

    *opinion = (struct ucm_tvs_opinion){0};
    if (own->certificate_size > 0)
        ucm_cluster_answer(asker->cluster, index, file->data + own->certificate_at,
                           own->certificate_size, opinion);
    opinion->node = node->name;
    if (opinion->identity == NULL) {
        opinion->identity = node->identity;
        opinion->identity_size = node->identity_size;
    }
}

/* What the node shows is the same for every question, unless the answer brought a certificate of
 * its own along. */
static enum ucm_pin pin_of(const struct asker *asker, uint32_t index,
                           const struct ucm_tvs_opinion *opinion)
{
    const struct ucm_cluster *cluster = asker->cluster;
    uint8_t *pin;

    if (asker->pins == NULL || opinion->identity == NULL ||
        opinion->identity != cluster->node[index].identity)
        return UCM_PIN_OPEN;
    pin = &asker->pins[(size_t)asker->held * cluster->nodes + index];
    if (*pin == UCM_PIN_OPEN)
        *pin = ucm_list_holds(cluster->node[asker->held].lists.itl, opinion->identity,
                              opinion->identity_size, UCM_ROLE_BIT(UCM_ROLE_TVS))
                   ? UCM_PIN_HELD
                   : UCM_PIN_MISSING;
    return (enum ucm_pin) * pin;
}

/* ucm_tvs_ask */
static bool ask(void *context, const struct ucm_trustlist *file, uint32_t index,
                struct ucm_tvs_opinion *opinion)
{
    struct asker *asker = context;
    bool is_itl = file == asker->served->lists.itl;

    if (index >= asker->nodes)
        return false;
    if (!asker->asked[is_itl][index]) {
        ask_node(asker, file,
                 is_itl ? &asker->served->itl_signature : &asker->served->ctl_signature,
                 asker->node[index], &asker->opinion[is_itl][index]);
        asker->asked[is_itl][index] = true;
    }
    *opinion = asker->opinion[is_itl][index];
    opinion->pin = pin_of(asker, asker->node[index], opinion);
    return true;
}

/* ---- one move ---- */

static struct ucm_change move(struct asker *asker, uint32_t held)
{
    const struct ucm_list_pair lists = asker->cluster->node[held].lists;
    const struct ucm_node *served = asker->served;
    const struct ucm_pair_signatures own = {&served->ctl_signature, &served->itl_signature};
    struct ucm_phone phone = {.ctl = lists.ctl, .itl = lists.itl, .ask = ask, .context = asker};
    struct ucm_change change;

    asker->held = held;
    change = ucm_phone_change_signed(&phone, served->lists, own, NULL, 0);
    /* As long as nobody has said whether the CTL is accepted, the ITL is asked about for both
     * cases, so that the caller learns of every question. */
    if (change.ctl == UCM_VERDICT_UNKNOWN && change.itl <= UCM_LOCAL) {
        phone.ctl = served->lists.ctl;
        ucm_phone_offer_signed(&phone, served->lists.itl, own.itl);
    }
    return change;
}

/* Of two moves the one that decides: the worse verdict, else the one with fewer nodes that vouch.
 */
static bool is_worse(const struct ucm_readiness *a, const struct ucm_readiness *b)
{
    if (a->verdict != b->verdict)
        return a->verdict > b->verdict;
    return a->verdict == UCM_VIA_TVS && a->decision.vouching < b->decision.vouching;
}

/* Of the lists of one node the one that decides, in the same way; else the CTL, which comes first.
 */
static const struct ucm_decision *deciding(const struct ucm_change *change)
{
    const struct ucm_decision *ctl = &change->ctl_decision;
    const struct ucm_decision *itl = &change->itl_decision;

    if (change->ctl != change->itl)
        return change->ctl > change->itl ? ctl : itl;
    return change->ctl == UCM_VIA_TVS && itl->vouching < ctl->vouching ? itl : ctl;
}

/* Nodes outside the group matter only to explain why phones refuse, so they are asked no sooner. */
static struct ucm_readiness readiness_with(uint32_t held, struct asker *group, struct asker *others)
{
    struct ucm_change change = move(group, held);
    struct ucm_readiness readiness = {.looked = true, .verdict = change.verdict, .held = held};

    readiness.decision = *deciding(&change);
    if (others->nodes > 0 && change.verdict > UCM_VERDICT_UNKNOWN)
        readiness.outside_group = move(others, held).verdict <= UCM_VIA_TVS;
    return readiness;
}

static struct ucm_readiness readiness_of(const struct ucm_cluster *from,
                                         const struct ucm_node *served, uint8_t *pins)
{
    struct ucm_readiness worst = {.looked = false};
    struct asker group;
    struct asker others;

    if (!served->looked || served->lists.itl == NULL)
        return worst;
    init_asker(&group, from, served, pins, true);
    init_asker(&others, from, served, pins, false);
    for (uint32_t i = 0; i < from->nodes; i++) {
        struct ucm_readiness readiness;

        if (!ucm_node_serves(&from->node[i]) || !ucm_list_usable(from->node[i].lists.itl))
            continue;
        readiness = readiness_with(i, &group, &others);
        if (!worst.looked || is_worse(&readiness, &worst))
            worst = readiness;
    }
    return worst;
}

struct ucm_readiness ucm_readiness_of(const struct ucm_cluster *from, const struct ucm_cluster *to,
                                      uint32_t to_node)
{
    return readiness_of(from, &to->node[to_node], NULL);
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
        return add(findings, reason(readiness), node, readiness->held, -1);
    return true;
}

/* What phones hold is what the nodes of their cluster serve. Where that was not seen, no move is
 * known to be safe, whatever the rest of the cluster says; which of the source's nodes it is stands
 * in the finding. */
static bool check_held(const struct ucm_cluster *from, struct ucm_findings *findings)
{
    for (uint32_t i = 0; i < from->nodes; i++) {
        const struct ucm_node *node = &from->node[i];

        if (node->serves && (!node->looked || !ucm_list_usable(node->lists.itl)) &&
            !add(findings, UCM_MIG_HELD_UNSEEN, i, -1, -1))
            return false;
    }
    return true;
}

/* Fact capf-follows (B; test_migration:moves_are_judged, test_store_import:all_of_it): phones
 * with certificates of the old CAPF register only where the new cluster trusts it. */
/* The CAPF certificates of the source. That some node knows one is enough, since nodes share what
 * CallManager verifies phones with; nobody knows it only where somebody answered. */
static bool check_capf(const struct ucm_cluster *from, const struct ucm_cluster *to,
                       struct ucm_findings *findings)
{
    enum ucm_knowledge worst = UCM_KNOWN;
    struct ucm_listing listing;

    if (!ucm_listing_make(from, UCM_ROLE_BIT(UCM_ROLE_CAPF), &listing))
        return false;
    for (uint32_t i = 0; i < listing.count; i++) {
        const struct ucm_listed *capf = &listing.item[i];
        enum ucm_knowledge knowledge = ucm_cluster_knows(to, capf->der, capf->size, 0);

        if (knowledge == UCM_NOT_KNOWN || worst == UCM_KNOWN)
            worst = knowledge;
    }
    free(listing.item);
    if (worst == UCM_KNOWN)
        return true;
    return add(findings, worst == UCM_NOT_KNOWN ? UCM_MIG_CAPF : UCM_MIG_UNSURE, 0, -1, -1);
}

/* ---- nodes that are alike ---- */

/* Are two lists verified alike by every anchor? What verifying looks at is who the signer says that
 * it is, its certificate, and the digest. */
static bool same_signer(const struct ucm_node *one, const struct ucm_node *other)
{
    static const enum ucm_header_tag names[] = {UCM_HEADER_SIGNER_SERIAL, UCM_HEADER_SIGNER_ISSUER};
    const struct ucm_trustlist *a = one->lists.itl;
    const struct ucm_trustlist *b = other->lists.itl;
    struct ucm_view a_der = {one->itl_signature.certificate_at,
                             one->itl_signature.certificate_size};
    struct ucm_view b_der = {other->itl_signature.certificate_at,
                             other->itl_signature.certificate_size};

    if (one->itl_signature.status != UCM_SIGNATURE_VALID ||
        other->itl_signature.status != UCM_SIGNATURE_VALID || a_der.len == 0 ||
        a->digest != b->digest || a->kind != b->kind)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!ucm_same(a->data, a->value[names[i]], b->data, b->value[names[i]]))
            return false;
    return ucm_same(a->data, a_der, b->data, b_der);
}

/* A phone keeps what it holds already without a look at the signer. */
static bool is_held(const struct ucm_cluster *from, const struct ucm_trustlist *itl)
{
    for (uint32_t i = 0; i < from->nodes; i++)
        if (ucm_same_list(from->node[i].lists.itl, itl))
            return true;
    return false;
}

/* The first node of the destination that phones take as they take this one. */
static uint32_t first_alike(const struct ucm_cluster *from, const struct ucm_cluster *to,
                            uint32_t index)
{
    const struct ucm_node *node = &to->node[index];

    if (!node->looked || node->lists.itl == NULL || is_held(from, node->lists.itl))
        return index;
    for (uint32_t i = 0; i < index; i++) {
        const struct ucm_node *other = &to->node[i];

        if (ucm_node_serves(other) && other->lists.itl != NULL && same_signer(other, node) &&
            ucm_same_list(other->lists.ctl, node->lists.ctl) && !is_held(from, other->lists.itl))
            return i;
    }
    return index;
}

/* ---- the whole ---- */

/** What is kept while the nodes of the destination are looked at. */
struct memory {
    uint8_t *pins;
    struct ucm_readiness *readiness; /* of each node of the destination */
};

static bool check_nodes(const struct ucm_cluster *from, const struct ucm_cluster *to,
                        const struct memory *memory, struct ucm_findings *findings)
{
    for (uint32_t i = 0; i < to->nodes; i++) {
        uint32_t alike;

        if (!to->node[i].serves)
            continue;
        alike = first_alike(from, to, i);
        memory->readiness[i] =
            alike < i ? memory->readiness[alike] : readiness_of(from, &to->node[i], memory->pins);
        if (!check_node(&memory->readiness[i], i, findings))
            return false;
    }
    return true;
}

bool ucm_migration_check(const struct ucm_cluster *from, const struct ucm_cluster *to,
                         struct ucm_findings *findings)
{
    const struct memory memory = {calloc((size_t)from->nodes * from->nodes + 1, 1),
                                  calloc((size_t)to->nodes + 1, sizeof *memory.readiness)};
    bool ok = memory.pins != NULL && memory.readiness != NULL &&
              check_nodes(from, to, &memory, findings) && check_held(from, findings) &&
              ucm_collisions_between(from, to, findings) && check_capf(from, to, findings);

    free(memory.pins);
    free(memory.readiness);
    return ok;
}
