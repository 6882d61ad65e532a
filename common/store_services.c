/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What single services of a cluster need of its trust stores, and all of its rules in one: see
 * store_rules.h. Facts: Cisco documents 116232, 118892, 210541, Security Guides (grade B).
 */
#include "store_index.h"

#include <string.h>

/* Fact recovery-one-from-12-5 (B; test_store_cluster:one_recovery_from_12_5): from 12.5 a
 * cluster has one ITLRecovery. */
static bool is_publisher(const struct ucm_stores *stores, const char *node)
{
    return node != NULL && strcmp(node, stores->publisher) == 0;
}

/* ---- ipsec ---- */

/* Fact ipsec-publisher (B; test_store_cluster:ipsec_of_the_publisher): subscribers need the
 * publisher's ipsec certificate for backups. */
static const struct ucm_stored *publisher_ipsec(const struct ucm_stores *stores)
{
    for (uint32_t i = 0; stores->publisher != NULL && i < stores->count; i++)
        if (stores->item[i].store == UCM_STORE_IPSEC && is_publisher(stores, stores->item[i].node))
            return &stores->item[i];
    return NULL;
}

static bool has_of_name(const struct ucm_store_index *index, const struct ucm_stored *item,
                        const char *node)
{
    const struct ucm_store_run named =
        ucm_store_named(index, item->certificate->cert.subject, UCM_STORE_IPSEC_TRUST);

    for (uint32_t i = 0; i < named.count; i++)
        if (ucm_stored_on(named.item[i], node))
            return true;
    return false;
}

/* One finding of a kind: the others are counted. */
static void count(struct ucm_finding *finding, struct ucm_finding next)
{
    if (finding->id == UCM_FINDING_NONE)
        *finding = next;
    else
        finding->more++;
}

static bool add(struct ucm_findings *findings, const struct ucm_finding *finding)
{
    return finding->id == UCM_FINDING_NONE || ucm_findings_add(findings, finding);
}

static bool check_ipsec(const struct ucm_store_index *index, struct ucm_findings *findings)
{
    const struct ucm_stores *stores = index->stores;
    const struct ucm_stored *item = publisher_ipsec(stores);
    struct ucm_finding missing = {0};
    struct ucm_finding old = {0};

    for (uint32_t node = 0; item != NULL && node < stores->nodes; node++) {
        const char *name = stores->node[node];
        const bool is_old = has_of_name(index, item, name);
        struct ucm_finding finding =
            ucm_store_finding(stores, is_old ? UCM_ST_IPSEC_OLD : UCM_ST_IPSEC_MISSING, item, node,
                              UCM_STORE_IPSEC_TRUST);

        /* Empty here alone: ST-STORE-UNSEEN says so. */
        if (is_publisher(stores, name) ||
            (!ucm_store_is_seen(index, UCM_STORE_IPSEC_TRUST, name) &&
             ucm_store_is_seen(index, UCM_STORE_IPSEC_TRUST, NULL)) ||
            ucm_store_holds(index, item->certificate, UCM_STORE_IPSEC_TRUST, name) != UCM_ABSENT)
            continue;
        if (stores->version >= UCM_VERSION_CAPF_ON_PUBLISHER)
            finding.severity = UCM_NOTE;
        count(is_old ? &old : &missing, finding);
    }
    return add(findings, &missing) && add(findings, &old);
}

/* ---- ITLRecovery ---- */

static bool is_recovery(const struct ucm_stored *item)
{
    return item->store == UCM_STORE_ITLRECOVERY && ucm_stored_whole(item);
}

static const struct ucm_stored *newest_recovery(const struct ucm_stores *stores)
{
    const struct ucm_stored *newest = NULL;

    for (uint32_t i = 0; i < stores->count; i++)
        if (is_recovery(&stores->item[i]) &&
            (newest == NULL ||
             stores->item[i].certificate->cert.not_before > newest->certificate->cert.not_before))
            newest = &stores->item[i];
    return newest;
}

static bool check_one_recovery(const struct ucm_stores *stores, struct ucm_findings *findings)
{
    const struct ucm_stored *newest = newest_recovery(stores);
    struct ucm_finding several = {0};

    if (stores->version < UCM_VERSION_ONE_RECOVERY)
        return true;
    for (uint32_t i = 0; i < stores->count; i++)
        if (is_recovery(&stores->item[i]) &&
            !ucm_stored_same(stores->item[i].certificate, newest->certificate))
            count(&several,
                  ucm_store_finding(stores, UCM_ST_RECOVERY_SEVERAL, &stores->item[i], -1, -1));
    return add(findings, &several);
}

/* The largest RSA key of CallManager in bits; 0: none is known. */
static int largest_key(const struct ucm_stores *stores)
{
    int bits = 0;

    for (uint32_t i = 0; i < stores->count; i++) {
        const struct ucm_stored *item = &stores->item[i];

        if (item->store == UCM_STORE_CALLMANAGER && ucm_stored_whole(item) &&
            item->certificate->cert.is_rsa && item->certificate->cert.key_bits > bits)
            bits = item->certificate->cert.key_bits;
    }
    return bits;
}

static bool check_recovery_key(const struct ucm_stores *stores, struct ucm_findings *findings)
{
    const int bits = largest_key(stores);
    struct ucm_finding small = {0};

    for (uint32_t i = 0; i < stores->count; i++) {
        const struct ucm_stored *item = &stores->item[i];

        if (is_recovery(item) && item->certificate->cert.is_rsa &&
            item->certificate->cert.key_bits < bits)
            count(&small, ucm_store_finding(stores, UCM_ST_RECOVERY_KEY, item, bits,
                                            item->certificate->cert.key_bits));
    }
    return add(findings, &small);
}

/* ---- CAPF ---- */

/* Fact capf-publisher (B; test_store_cluster:capf_on_the_publisher): from 14 CAPF is on the
 * publisher alone. */
static bool check_capf(const struct ucm_stores *stores, struct ucm_findings *findings)
{
    struct ucm_finding finding = {0};

    if (stores->version < UCM_VERSION_CAPF_ON_PUBLISHER || stores->publisher == NULL)
        return true;
    for (uint32_t i = 0; i < stores->count; i++) {
        const struct ucm_stored *item = &stores->item[i];

        if (item->store == UCM_STORE_CAPF && item->node != NULL &&
            !is_publisher(stores, item->node))
            count(&finding, ucm_store_finding(stores, UCM_ST_CAPF_SUBSCRIBER, item, -1, -1));
    }
    return add(findings, &finding);
}

/* ---- the mode ---- */

bool ucm_stores_check_mode(const struct ucm_stores *stores, const struct ucm_trustlist *ctl,
                           struct ucm_findings *findings)
{
    const enum ucm_mode shown = ucm_mode_of(ctl);
    const bool unsure = shown == UCM_MODE_UNKNOWN || stores->mode == UCM_MODE_UNKNOWN;
    const struct ucm_finding finding =
        ucm_store_finding(stores, unsure ? UCM_ST_MODE_UNSURE : UCM_ST_MODE, NULL, -1, -1);

    return (!unsure && shown == stores->mode) || ucm_findings_add(findings, &finding);
}

/* ---- all of it ---- */

bool ucm_stores_check(const struct ucm_stores *stores, struct ucm_findings *findings)
{
    struct ucm_store_index index;
    bool ok;

    if (!ucm_store_index_make(stores, &index))
        return false;
    ok = ucm_store_check_nodes(stores, findings) && ucm_store_check_chains(&index, findings) &&
         check_ipsec(&index, findings) && check_one_recovery(stores, findings) &&
         check_recovery_key(stores, findings) && check_capf(stores, findings);
    ucm_store_index_free(&index);
    return ok;
}
