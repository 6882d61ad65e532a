/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The nodes of one cluster against each other: see consistency.h. Moves between clusters are in
 * migration.c.
 */
#include "cluster.h"

#include <stdlib.h>

enum { NO_NODE = -1, VERSION_ONE_RECOVERY = 12 * 256 + 5 };

static const uint32_t SERVERS = UCM_ROLE_BIT(UCM_ROLE_TFTP) | UCM_ROLE_BIT(UCM_ROLE_CCM_TFTP);

/** What the checks share. */
struct check {
    const struct ucm_cluster *cluster;
    struct ucm_findings *findings;
    bool out_of_memory;
};

static void add_finding(struct check *check, const struct ucm_finding *finding)
{
    if (!ucm_findings_add(check->findings, finding))
        check->out_of_memory = true;
}

static void add(struct check *check, enum ucm_finding_id id, uint32_t node, int64_t other)
{
    struct ucm_finding finding = ucm_finding_make(id, 0, NO_NODE, other);

    finding.source = node;
    add_finding(check, &finding);
}

/* ---- lists ---- */

enum ucm_mode ucm_mode_of(const struct ucm_trustlist *ctl)
{
    struct ucm_record_walk walk;
    struct ucm_record record;

    if (ctl == NULL)
        return UCM_MODE_NONSECURE;
    if (ctl->error.id != UCM_FINDING_NONE)
        return UCM_MODE_UNKNOWN;
    walk = ucm_record_walk(ctl);
    while (ucm_record_next(&walk, &record))
        if ((ucm_role_bit(&record) & SERVERS) != 0 &&
            ucm_record_has(&record, UCM_RECORD_CERTIFICATE))
            return UCM_MODE_MIXED;
    return walk.error.id != UCM_FINDING_NONE || walk.index == 0 ? UCM_MODE_UNKNOWN
                                                                : UCM_MODE_NONSECURE;
}

/** Which records of a list a comparison is about. */
struct choice {
    uint32_t roles;
    bool recovery_only;
};

static bool has_role(const struct ucm_record *record, struct choice choice)
{
    return (ucm_role_bit(record) & choice.roles) != 0 &&
           ucm_record_has(record, UCM_RECORD_CERTIFICATE);
}

/* Looks into the certificate, so whoever asks more asks this last. */
static bool is_wanted(const struct ucm_trustlist *list, const struct ucm_record *record,
                      struct choice choice)
{
    struct ucm_view der = record->value[UCM_RECORD_CERTIFICATE];

    return !choice.recovery_only || ucm_is_recovery(list->data + der.off, der.len);
}

/* Is each chosen certificate of a in b too, in a role of the same choice? */
static bool is_subset(const struct ucm_trustlist *a, const struct ucm_trustlist *b,
                      struct choice choice)
{
    struct ucm_record_walk walk = ucm_record_walk(a);
    struct ucm_record record;

    while (ucm_record_next(&walk, &record)) {
        struct ucm_view der = record.value[UCM_RECORD_CERTIFICATE];

        if (has_role(&record, choice) &&
            !ucm_list_holds(b, a->data + der.off, der.len, choice.roles) &&
            is_wanted(a, &record, choice))
            return false;
    }
    return true;
}

static bool same_set(const struct ucm_trustlist *a, const struct ucm_trustlist *b,
                     struct choice choice)
{
    return a == b || (is_subset(a, b, choice) && is_subset(b, a, choice));
}

static bool has_chosen(const struct ucm_trustlist *list, struct choice choice)
{
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_record record;

    while (ucm_record_next(&walk, &record))
        if (has_role(&record, choice) && is_wanted(list, &record, choice))
            return true;
    return false;
}

/* ---- nodes ---- */

/* The newest list of one kind is what the others are held against: what was changed last is what
 * was meant. with(node) is that list, or NULL where it does not count. NO_NODE when there is none.
 */
static int64_t newest(const struct ucm_cluster *cluster,
                      const struct ucm_trustlist *(*with)(const struct ucm_node *node))
{
    const struct ucm_trustlist *best = NULL;
    int64_t newest_node = NO_NODE;

    for (uint32_t i = 0; i < cluster->nodes; i++) {
        const struct ucm_trustlist *list = with(&cluster->node[i]);

        if (list == NULL || (best != NULL && list->timestamp <= best->timestamp))
            continue;
        best = list;
        newest_node = i;
    }
    return newest_node;
}

/* A blank ITL says nothing that others could disagree with. */
static const struct ucm_trustlist *whole_itl(const struct ucm_node *node)
{
    return ucm_node_serves(node) && ucm_list_usable(node->lists.itl) &&
                   !ucm_list_is_blank(node->lists.itl)
               ? node->lists.itl
               : NULL;
}

static const struct ucm_trustlist *any_ctl(const struct ucm_node *node)
{
    return ucm_node_serves(node) ? node->lists.ctl : NULL;
}

/* The node whose CTL the others are held against: the newest, else the first without one. */
static int64_t reference_ctl(const struct ucm_cluster *cluster)
{
    int64_t reference = newest(cluster, any_ctl);

    for (uint32_t i = 0; i < cluster->nodes && reference == NO_NODE; i++)
        if (ucm_node_serves(&cluster->node[i]))
            reference = i;
    return reference;
}

static void check_identities(struct check *check, uint32_t index)
{
    const struct ucm_cluster *cluster = check->cluster;
    const struct ucm_trustlist *itl = cluster->node[index].lists.itl;

    for (uint32_t i = 0; i < cluster->nodes; i++) {
        const struct ucm_node *other = &cluster->node[i];

        if (other->looked && other->runs_tvs && other->identity != NULL &&
            !ucm_list_holds(itl, other->identity, other->identity_size, UCM_ROLE_BIT(UCM_ROLE_TVS)))
            add(check, UCM_CL_TVS_NOT_IN_ITL, index, i);
    }
}

/* A CTL may name the publisher alone (multi-server certificates) and need not name ITLRecovery, so
 * only what contradicts it counts: a server or CAPF of the ITL that is missing, and an ITLRecovery
 * that is another one. */
bool ucm_ctl_is_stale(const struct ucm_trustlist *ctl, const struct ucm_trustlist *itl)
{
    const struct choice servers = {SERVERS, false};
    const struct choice capf = {UCM_ROLE_BIT(UCM_ROLE_CAPF), false};
    const struct choice recovery = {UCM_ROLE_BIT(UCM_ROLE_SAST), true};

    if (ucm_mode_of(ctl) != UCM_MODE_MIXED)
        return false;
    /* Names are looked at last: where the lists agree, which is nearly always, never. */
    return !is_subset(itl, ctl, servers) || (!is_subset(itl, ctl, capf) && has_chosen(ctl, capf)) ||
           (!is_subset(itl, ctl, recovery) && has_chosen(ctl, recovery));
}

static void check_itl(struct check *check, uint32_t index, uint32_t reference_node)
{
    const struct choice tvs = {UCM_ROLE_BIT(UCM_ROLE_TVS), false};
    const struct choice recovery = {UCM_ROLE_BIT(UCM_ROLE_SAST), true};
    const struct ucm_node *node = &check->cluster->node[index];
    const struct ucm_trustlist *reference = check->cluster->node[reference_node].lists.itl;

    if (!same_set(node->lists.itl, reference, tvs))
        add(check, UCM_CL_TVS_SET, index, reference_node);
    if (check->cluster->version >= VERSION_ONE_RECOVERY &&
        !same_set(node->lists.itl, reference, recovery))
        add(check, UCM_CL_RECOVERY, index, reference_node);
    check_identities(check, index);
}

/* Normal on some nodes of a central TFTP design, where all are alike; left behind, where not. */
static void check_blank(struct check *check, uint32_t index, int64_t newest_itl)
{
    struct ucm_finding finding = ucm_finding_make(UCM_CL_BLANK, 0, NO_NODE, newest_itl);

    finding.source = index;
    if (newest_itl != NO_NODE)
        finding.severity = UCM_ERROR;
    add_finding(check, &finding);
}

/* No phone is secured by a CTL without certificates, so it matters less that nodes disagree there.
 */
static void check_ctl(struct check *check, uint32_t index, int64_t reference)
{
    const struct ucm_trustlist *ctl = check->cluster->node[index].lists.ctl;
    const struct ucm_trustlist *other = check->cluster->node[reference].lists.ctl;
    struct ucm_finding finding = ucm_finding_make(UCM_CL_CTL_DIFFERS, 0, NO_NODE, reference);

    if (ucm_same_list(ctl, other))
        return;
    finding.source = index;
    if (ucm_mode_of(ctl) == UCM_MODE_NONSECURE && ucm_mode_of(other) == UCM_MODE_NONSECURE)
        finding.severity = UCM_WARNING;
    add_finding(check, &finding);
}

static void check_node(struct check *check, uint32_t index, int64_t ctl, int64_t newest_itl)
{
    const struct ucm_node *node = &check->cluster->node[index];

    if (!node->looked)
        add(check, UCM_CL_NODE_UNSEEN, index, NO_NODE);
    if (!ucm_node_serves(node))
        return;
    check_ctl(check, index, ctl);
    if (node->lists.itl == NULL)
        add(check, UCM_CL_NO_LIST, index, NO_NODE);
    if (!ucm_list_usable(node->lists.itl))
        return;
    if (ucm_list_is_blank(node->lists.itl))
        check_blank(check, index, newest_itl);
    else
        check_itl(check, index, (uint32_t)newest_itl);
    if (ucm_ctl_is_stale(node->lists.ctl, node->lists.itl))
        add(check, UCM_CL_CTL_STALE, index, NO_NODE);
}

static void check_mode(struct check *check, int64_t ctl)
{
    enum ucm_mode expected = check->cluster->expected;
    enum ucm_mode mode;

    if (ctl == NO_NODE || expected == UCM_MODE_UNKNOWN)
        return;
    mode = ucm_mode_of(check->cluster->node[ctl].lists.ctl);
    if (mode != UCM_MODE_UNKNOWN && mode != expected)
        add(check, UCM_CL_MODE, (uint32_t)ctl, NO_NODE);
}

/* ---- answers ---- */

/** What one node answers, as far as nodes must agree. */
struct answer {
    bool there;
    uint8_t status;
    uint32_t roles;
};

static bool agree(const struct answer *a, const struct answer *b)
{
    return a->there && b->there && a->status == b->status && a->roles == b->roles;
}

static uint32_t count_like(const struct answer *answers, uint32_t nodes, uint32_t index)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < nodes; i++)
        count += agree(&answers[i], &answers[index]);
    return count;
}

/* The node whose answer most give; of two that as many give, one that knows the certificate, since
 * a cluster should know who signs its lists; else the first. NO_NODE when nobody answers. */
static int64_t majority(const struct answer *answers, uint32_t nodes)
{
    int64_t best = NO_NODE;
    uint32_t most = 0;

    for (uint32_t i = 0; i < nodes; i++) {
        uint32_t count = count_like(answers, nodes, i);

        if (count < most || count == 0)
            continue;
        if (count > most || (answers[i].status == 0 && answers[best].status != 0)) {
            best = i;
            most = count;
        }
    }
    return best;
}

/* All that answer about one certificate must say the same. Who does not answer says nothing here.
 */
static void check_answers(struct check *check, struct answer *answers, const uint8_t *der,
                          size_t size)
{
    const struct ucm_cluster *cluster = check->cluster;
    int64_t reference;

    for (uint32_t i = 0; i < cluster->nodes; i++) {
        struct ucm_tvs_opinion opinion;
        bool there = ucm_cluster_answer(cluster, i, der, size, &opinion);

        answers[i] = (struct answer){there, opinion.status, opinion.roles};
    }
    reference = majority(answers, cluster->nodes);
    for (uint32_t i = 0; i < cluster->nodes; i++)
        if (answers[i].there && !agree(&answers[i], &answers[reference]))
            add(check, UCM_CL_TVS_ANSWERS, i, reference);
}

/* The certificate of the signer, inside the list itself; empty where it is not in there. */
static struct ucm_view signer_of(const struct ucm_cluster *cluster, uint32_t index)
{
    const struct ucm_signature *own = ucm_cluster_signature(cluster, index);
    struct ucm_view der = {own->certificate_at, own->certificate_size};

    return der;
}

static bool met_before(const struct ucm_cluster *cluster, uint32_t index, struct ucm_view der)
{
    const struct ucm_trustlist *list = ucm_cluster_list(cluster, index);

    for (uint32_t i = 0; i < index; i++) {
        const struct ucm_trustlist *other = ucm_cluster_list(cluster, i);

        if (other != NULL && ucm_same(list->data, der, other->data, signer_of(cluster, i)))
            return true;
    }
    return false;
}

bool ucm_cluster_check_answers(const struct ucm_cluster *cluster, const uint8_t *der, size_t size,
                               struct ucm_findings *findings)
{
    struct check check = {cluster, findings, false};
    struct answer *answers = malloc((cluster->nodes + (size_t)1) * sizeof *answers);

    if (answers == NULL)
        return false;
    check_answers(&check, answers, der, size);
    free(answers);
    return !check.out_of_memory;
}

/* Asked about: the signers of all lists that are served, each once. */
static bool check_all_answers(const struct ucm_cluster *cluster, struct ucm_findings *findings)
{
    bool ok = true;

    for (uint32_t i = 0; ok && i < 2 * cluster->nodes; i++) {
        const struct ucm_trustlist *list = ucm_cluster_list(cluster, i);
        struct ucm_view der = signer_of(cluster, i);

        if (list != NULL && der.len > 0 && !met_before(cluster, i, der))
            ok = ucm_cluster_check_answers(cluster, list->data + der.off, der.len, findings);
    }
    return ok;
}

bool ucm_cluster_check(const struct ucm_cluster *cluster, struct ucm_findings *findings)
{
    struct check check = {cluster, findings, false};
    int64_t ctl = reference_ctl(cluster);
    int64_t newest_itl = newest(cluster, whole_itl);

    for (uint32_t i = 0; i < cluster->nodes; i++)
        check_node(&check, i, ctl, newest_itl);
    check_mode(&check, ctl);
    return check_all_answers(cluster, findings) && ucm_collisions_within(cluster, findings) &&
           !check.out_of_memory;
}
