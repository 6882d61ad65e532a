/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The nodes of one cluster against each other: see consistency.h. Moves between clusters are in
 * migration.c.
 */
#include "consistency.h"

#include "lint_judge.h"

#include <string.h>

enum { NO_NODE = -1, VERSION_ONE_RECOVERY = 12 * 256 + 5 };

static const uint32_t SERVERS = UCM_ROLE_BIT(UCM_ROLE_TFTP) | UCM_ROLE_BIT(UCM_ROLE_CCM_TFTP);

/** What the checks share. */
struct check {
    const struct ucm_cluster *cluster;
    struct ucm_findings *findings;
    bool out_of_memory;
};

static void add(struct check *check, enum ucm_finding_id id, uint32_t node, int64_t other)
{
    struct ucm_finding finding = ucm_finding_make(id, 0, NO_NODE, other);

    finding.source = node;
    if (!ucm_findings_add(check->findings, &finding))
        check->out_of_memory = true;
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
    return UCM_MODE_NONSECURE;
}

static bool same_list(const struct ucm_trustlist *a, const struct ucm_trustlist *b)
{
    struct ucm_view whole_a;
    struct ucm_view whole_b;

    if (a == NULL || b == NULL)
        return a == b;
    whole_a = (struct ucm_view){0, a->size};
    whole_b = (struct ucm_view){0, b->size};
    return ucm_same(a->data, whole_a, b->data, whole_b);
}

/* ITLRecovery is told by the name in its certificate: it has no role of its own (grade B). */
static bool is_recovery(const struct ucm_trustlist *list, const struct ucm_record *record)
{
    struct ucm_view der = record->value[UCM_RECORD_CERTIFICATE];
    struct ucm_cert cert;

    return ucm_cert_read(list->data + der.off, der.len, &cert) && ucm_judge_is_recovery(&cert);
}

/** Which records of a list a comparison is about. */
struct choice {
    uint32_t roles;
    bool recovery_only;
};

static bool is_chosen(const struct ucm_trustlist *list, const struct ucm_record *record,
                      struct choice choice)
{
    return (ucm_role_bit(record) & choice.roles) != 0 &&
           ucm_record_has(record, UCM_RECORD_CERTIFICATE) &&
           (!choice.recovery_only || is_recovery(list, record));
}

/* Is each chosen certificate of a in b too, in a role of the same choice? */
static bool is_subset(const struct ucm_trustlist *a, const struct ucm_trustlist *b,
                      struct choice choice)
{
    struct ucm_record_walk walk = ucm_record_walk(a);
    struct ucm_record record;

    while (ucm_record_next(&walk, &record)) {
        struct ucm_view der = record.value[UCM_RECORD_CERTIFICATE];

        if (is_chosen(a, &record, choice) &&
            !ucm_list_holds(b, a->data + der.off, der.len, choice.roles))
            return false;
    }
    return true;
}

static bool same_set(const struct ucm_trustlist *a, const struct ucm_trustlist *b,
                     struct choice choice)
{
    return is_subset(a, b, choice) && is_subset(b, a, choice);
}

static bool has_chosen(const struct ucm_trustlist *list, struct choice choice)
{
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_record record;

    while (ucm_record_next(&walk, &record))
        if (is_chosen(list, &record, choice))
            return true;
    return false;
}

/* ---- nodes ---- */

static bool serves(const struct ucm_node *node)
{
    return node->looked && node->serves;
}

/* The node whose ITL is the newest; NO_NODE when none has one. */
static int64_t newest_itl(const struct ucm_cluster *cluster)
{
    int64_t newest = NO_NODE;

    for (uint32_t i = 0; i < cluster->nodes; i++) {
        const struct ucm_node *node = &cluster->node[i];

        if (serves(node) && node->lists.itl != NULL &&
            (newest == NO_NODE ||
             node->lists.itl->timestamp > cluster->node[newest].lists.itl->timestamp))
            newest = i;
    }
    return newest;
}

/* The node whose CTL the others are held against: the first that has one, else the first. */
static int64_t reference_ctl(const struct ucm_cluster *cluster)
{
    int64_t first = NO_NODE;

    for (uint32_t i = 0; i < cluster->nodes; i++) {
        const struct ucm_node *node = &cluster->node[i];

        if (!serves(node))
            continue;
        if (node->lists.ctl != NULL)
            return i;
        if (first == NO_NODE)
            first = i;
    }
    return first;
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
static bool is_stale(const struct ucm_trustlist *ctl, const struct ucm_trustlist *itl)
{
    const struct choice servers = {SERVERS, false};
    const struct choice capf = {UCM_ROLE_BIT(UCM_ROLE_CAPF), false};
    const struct choice recovery = {UCM_ROLE_BIT(UCM_ROLE_SAST), true};

    return !is_subset(itl, ctl, servers) || (has_chosen(ctl, capf) && !is_subset(itl, ctl, capf)) ||
           (has_chosen(ctl, recovery) && !is_subset(itl, ctl, recovery));
}

static void check_itl(struct check *check, uint32_t index, uint32_t newest)
{
    const struct choice tvs = {UCM_ROLE_BIT(UCM_ROLE_TVS), false};
    const struct choice recovery = {UCM_ROLE_BIT(UCM_ROLE_SAST), true};
    const struct ucm_node *node = &check->cluster->node[index];
    const struct ucm_trustlist *reference = check->cluster->node[newest].lists.itl;

    if (!same_set(node->lists.itl, reference, tvs))
        add(check, UCM_CL_TVS_SET, index, newest);
    if (check->cluster->version >= VERSION_ONE_RECOVERY &&
        !same_set(node->lists.itl, reference, recovery))
        add(check, UCM_CL_RECOVERY, index, newest);
    check_identities(check, index);
    if (ucm_mode_of(node->lists.ctl) == UCM_MODE_MIXED &&
        is_stale(node->lists.ctl, node->lists.itl))
        add(check, UCM_CL_CTL_STALE, index, NO_NODE);
}

static void check_node(struct check *check, uint32_t index, int64_t ctl, int64_t newest)
{
    const struct ucm_node *node = &check->cluster->node[index];

    if (!node->looked) {
        add(check, UCM_CL_NODE_UNSEEN, index, NO_NODE);
        return;
    }
    if (!node->serves)
        return;
    if (!same_list(node->lists.ctl, check->cluster->node[ctl].lists.ctl))
        add(check, UCM_CL_CTL_DIFFERS, index, ctl);
    if (node->lists.itl == NULL)
        add(check, UCM_CL_NO_LIST, index, NO_NODE);
    else
        check_itl(check, index, (uint32_t)newest);
}

static void check_mode(struct check *check, int64_t ctl)
{
    enum ucm_mode expected = check->cluster->expected;

    if (ctl != NO_NODE && expected != UCM_MODE_UNKNOWN &&
        ucm_mode_of(check->cluster->node[ctl].lists.ctl) != expected)
        add(check, UCM_CL_MODE, (uint32_t)ctl, NO_NODE);
}

/* ---- answers ---- */

static bool opinion_of(const struct ucm_cluster *cluster, uint32_t node, const uint8_t *der,
                       size_t size, struct ucm_tvs_opinion *opinion)
{
    memset(opinion, 0, sizeof *opinion);
    if (!cluster->node[node].looked || !cluster->node[node].runs_tvs || cluster->vouch == NULL)
        return false;
    cluster->vouch(cluster->context, cluster, node, der, size, opinion);
    return opinion->asked && opinion->answered;
}

/* All that answer about one certificate must say the same as the first that does. */
static void check_answers(struct check *check, const uint8_t *der, size_t size)
{
    const struct ucm_cluster *cluster = check->cluster;
    struct ucm_tvs_opinion first = {0};
    int64_t reference = NO_NODE;

    for (uint32_t i = 0; i < cluster->nodes; i++) {
        struct ucm_tvs_opinion opinion;

        if (!opinion_of(cluster, i, der, size, &opinion))
            continue;
        if (reference == NO_NODE) {
            reference = i;
            first = opinion;
        } else if (opinion.status != first.status || opinion.roles != first.roles) {
            add(check, UCM_CL_TVS_ANSWERS, i, reference);
        }
    }
}

/* Both lists of all nodes in one row: the ITL of node 0, its CTL, the ITL of node 1, … NULL where
 * there is none. */
static const struct ucm_trustlist *list_at(const struct ucm_cluster *cluster, uint32_t index)
{
    const struct ucm_node *node = &cluster->node[index / 2];

    if (!serves(node))
        return NULL;
    return index % 2 == 0 ? node->lists.itl : node->lists.ctl;
}

/* The certificate of the signer, inside the list itself; empty where it is not in there. */
static struct ucm_view signer_of(const struct ucm_trustlist *list)
{
    struct ucm_signature signature = ucm_signature_check(list, list);
    struct ucm_view der = {signature.certificate_at, signature.certificate_size};

    return der;
}

static bool met_before(const struct ucm_cluster *cluster, uint32_t index, struct ucm_view der)
{
    const struct ucm_trustlist *list = list_at(cluster, index);

    for (uint32_t i = 0; i < index; i++) {
        const struct ucm_trustlist *other = list_at(cluster, i);

        if (other != NULL && ucm_same(list->data, der, other->data, signer_of(other)))
            return true;
    }
    return false;
}

/* Asked about: the signers of all lists that are served, each once. */
static void check_all_answers(struct check *check)
{
    for (uint32_t i = 0; i < 2 * check->cluster->nodes; i++) {
        const struct ucm_trustlist *list = list_at(check->cluster, i);
        struct ucm_view der;

        if (list == NULL)
            continue;
        der = signer_of(list);
        if (der.len > 0 && !met_before(check->cluster, i, der))
            check_answers(check, list->data + der.off, der.len);
    }
}

bool ucm_cluster_check(const struct ucm_cluster *cluster, struct ucm_findings *findings)
{
    struct check check = {cluster, findings, false};
    int64_t ctl = reference_ctl(cluster);
    int64_t newest = newest_itl(cluster);

    for (uint32_t i = 0; i < cluster->nodes; i++)
        check_node(&check, i, ctl, newest);
    check_mode(&check, ctl);
    check_all_answers(&check);
    return !check.out_of_memory;
}
