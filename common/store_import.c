/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Does one cluster hold what it should of another? See store_rules.h. Facts: where bulk certificate
 * management and the procedure by hand put certificates, Cisco documents 213407 and 215539; that
 * CallManager-trust gives no role, document 213407 (grade A); the rest grade B.
 */
#include "store_index.h"

#include <stdlib.h>
#include <string.h>

/** A certificate of a service of `from`, and where it is in `to`. */
struct wanted {
    const struct ucm_stored *item;
    enum ucm_presence sast;  /* in Phone-SAST-trust; absent where it has nothing to do there */
    enum ucm_presence trust; /* in the store that services look into */
    bool lacks_role;         /* it is in Phone-SAST-trust, and its roles are not those of it */
    bool told;               /* by a finding about several */
};

/** What the rules share. */
struct exchange {
    const struct ucm_store_options *options;
    struct ucm_store_index from;
    struct ucm_store_index to;
    struct wanted *wanted; /* by node and store */
    uint32_t count;
    struct ucm_findings *findings;
    bool out_of_memory;
};

static void add(struct exchange *exchange, const struct ucm_finding *finding)
{
    if (!ucm_findings_add(exchange->findings, finding))
        exchange->out_of_memory = true;
}

/* ---- what is where ---- */

/* Fact import-places (B; test_store_import:all_of_it): CAPF and signers go to CallManager-trust,
 * tomcat to tomcat-trust. */
/* Where it belongs besides Phone-SAST-trust. */
static enum ucm_store store_for(enum ucm_store own)
{
    switch (own) {
    case UCM_STORE_CALLMANAGER:
    case UCM_STORE_CALLMANAGER_ECDSA:
    case UCM_STORE_ITLRECOVERY:
    case UCM_STORE_CAPF:
        return UCM_STORE_CALLMANAGER_TRUST;
    case UCM_STORE_TOMCAT:
    case UCM_STORE_TOMCAT_ECDSA:
        return UCM_STORE_TOMCAT_TRUST;
    default:
        return UCM_STORE_NONE;
    }
}

/* Fact import-signers (A; test_store_import:roles,
 * test_store_tvs:test_a_signer_in_callmanager_trust_only_is_no_signer): a signer must be in
 * Phone-SAST-trust: CallManager-trust alone gives no role. */
/* May it sign lists? */
static bool is_signer(const struct ucm_stored *item)
{
    return item->store == UCM_STORE_CALLMANAGER || item->store == UCM_STORE_ITLRECOVERY;
}

/* Does it, in this release? Where that is not known, either may. */
static bool signs_now(const struct ucm_stores *stores, const struct ucm_stored *item)
{
    return stores->version == 0 || (item->store == UCM_STORE_ITLRECOVERY) ==
                                       (stores->version >= UCM_VERSION_RECOVERY_SIGNS);
}

/* A server's certificate is trusted as well where its issuer is. */
static enum ucm_presence trusted(const struct exchange *exchange, const struct ucm_stored *item)
{
    const enum ucm_store store = store_for(item->store);
    const enum ucm_presence found = ucm_store_holds(&exchange->to, item->certificate, store, NULL);

    if (found != UCM_PRESENT && store == UCM_STORE_TOMCAT_TRUST && ucm_stored_whole(item) &&
        ucm_store_issuer(&exchange->to, item, store, NULL) != NULL)
        return UCM_PRESENT;
    return found;
}

/* It lies in Phone-SAST-trust, and the database says of each copy there which roles it has, and
 * SAST is none of them: TVS goes by the roles. */
static bool lacks_role(const struct exchange *exchange, const struct ucm_stored_cert *certificate)
{
    struct ucm_store_run copies;
    bool told = false;

    if ((certificate->known & UCM_KNOWN_SHA1) == 0)
        return false;
    copies = ucm_store_copies(&exchange->to, certificate);
    for (uint32_t i = 0; i < copies.count; i++) {
        const struct ucm_stored *copy = copies.item[i];

        if (copy->store != UCM_STORE_PHONE_SAST_TRUST)
            continue;
        if (!copy->roles_known || (copy->roles & UCM_ROLE_BIT(UCM_ROLE_SAST)) != 0)
            return false;
        told = true;
    }
    return told;
}

static void look(struct exchange *exchange)
{
    const struct ucm_stores *from = exchange->from.stores;

    for (uint32_t i = 0; i < from->count; i++) {
        const struct ucm_stored *item = &from->item[i];
        struct wanted *wanted = &exchange->wanted[exchange->count];

        /* One of several nodes, or of the whole cluster, is wanted once. */
        if (store_for(item->store) == UCM_STORE_NONE || !ucm_store_is_first(&exchange->from, item))
            continue;
        *wanted = (struct wanted){.item = item, .trust = trusted(exchange, item)};
        if (is_signer(item)) {
            wanted->sast =
                ucm_store_holds(&exchange->to, item->certificate, UCM_STORE_PHONE_SAST_TRUST, NULL);
            wanted->lacks_role = lacks_role(exchange, item->certificate);
        }
        exchange->count++;
    }
}

static bool is_absent(const struct wanted *wanted)
{
    return wanted->sast == UCM_ABSENT && wanted->trust == UCM_ABSENT;
}

static bool is_present(const struct wanted *wanted)
{
    return wanted->sast == UCM_PRESENT || wanted->trust == UCM_PRESENT;
}

/* ---- what is not known ---- */

/* Kinds of which not one certificate is known, though every cluster has them. */
static void check_unseen(struct exchange *exchange)
{
    static const enum ucm_store kinds[] = {UCM_STORE_CALLMANAGER, UCM_STORE_ITLRECOVERY,
                                           UCM_STORE_CAPF, UCM_STORE_TOMCAT};
    const struct ucm_stores *from = exchange->from.stores;
    struct ucm_finding finding = {0};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const bool is_old = kinds[i] == UCM_STORE_ITLRECOVERY && from->version != 0 &&
                            from->version < UCM_VERSION_RECOVERY;

        /* That a store was read as a whole is no excuse: every cluster has these. */
        if (is_old || ucm_store_is_seen(&exchange->from, kinds[i], NULL))
            continue;
        if (finding.id == UCM_FINDING_NONE)
            finding = ucm_store_finding(from, UCM_ST_IMPORT_UNSEEN, NULL, -1, kinds[i]);
        else
            finding.more++;
    }
    if (finding.id != UCM_FINDING_NONE)
        add(exchange, &finding);
}

/* Which store decides about a certificate, and does not say. */
static enum ucm_store unsure_about(const struct wanted *wanted)
{
    if (is_signer(wanted->item) && wanted->sast == UCM_PERHAPS)
        return UCM_STORE_PHONE_SAST_TRUST;
    if (wanted->trust == UCM_PERHAPS && wanted->item->store != UCM_STORE_ITLRECOVERY &&
        !(wanted->item->store == UCM_STORE_CALLMANAGER && wanted->sast == UCM_ABSENT))
        return store_for(wanted->item->store);
    return UCM_STORE_NONE;
}

static void check_unsure(struct exchange *exchange)
{
    static const enum ucm_store stores[] = {UCM_STORE_CALLMANAGER_TRUST, UCM_STORE_TOMCAT_TRUST,
                                            UCM_STORE_PHONE_SAST_TRUST};

    for (size_t i = 0; i < sizeof stores / sizeof stores[0]; i++) {
        struct ucm_finding finding = {0};

        for (uint32_t k = 0; k < exchange->count; k++) {
            if (unsure_about(&exchange->wanted[k]) != stores[i])
                continue;
            if (finding.id == UCM_FINDING_NONE)
                finding = ucm_store_finding(exchange->from.stores, UCM_ST_IMPORT_UNSURE,
                                            exchange->wanted[k].item, -1, stores[i]);
            else
                finding.more++;
        }
        if (finding.id != UCM_FINDING_NONE)
            add(exchange, &finding);
    }
}

/* ---- what is missing ---- */

/* Tells some of them in one finding. */
static void tell(struct exchange *exchange, enum ucm_finding_id id, struct wanted *wanted,
                 uint32_t count)
{
    struct ucm_finding finding = ucm_store_finding(exchange->from.stores, id, wanted->item, -1, -1);

    finding.more = count - 1;
    for (uint32_t i = 0; i < count; i++)
        wanted[i].told = true;
    add(exchange, &finding);
}

static bool check_none(struct exchange *exchange)
{
    for (uint32_t i = 0; i < exchange->count; i++)
        if (!is_absent(&exchange->wanted[i]))
            return false;
    if (exchange->count > 0)
        tell(exchange, UCM_ST_IMPORT_NONE, exchange->wanted, exchange->count);
    return true;
}

/* A finding about what is missing. That a certificate cannot sign lists in this release makes it
 * less bad. */
static struct ucm_finding make(const struct exchange *exchange, enum ucm_finding_id id,
                               const struct wanted *wanted)
{
    struct ucm_finding finding = ucm_store_finding(exchange->from.stores, id, wanted->item, -1, -1);

    if (is_signer(wanted->item) && id != UCM_ST_EMCC_RECOVERY &&
        !signs_now(exchange->from.stores, wanted->item))
        finding.severity = UCM_WARNING;
    return finding;
}

/* Does each node have certificates of these kinds of its own? */
static bool is_of_node(const struct wanted *wanted)
{
    return wanted->item->node != NULL && (wanted->item->store == UCM_STORE_CALLMANAGER ||
                                          wanted->item->store == UCM_STORE_TOMCAT);
}

/* How many wanted, from the first on, are on its node. */
static uint32_t count_node(const struct exchange *exchange, uint32_t first)
{
    uint32_t count = 1;

    while (first + count < exchange->count &&
           exchange->wanted[first + count].item->node == exchange->wanted[first].item->node)
        count++;
    return count;
}

/* Fact import-every-node (B; test_store_import:nodes_that_were_not_exported): an import is
 * complete when every node was exported, with ITLRecovery. */
/* A node whose certificates are missing, where those of another are there: it was not exported.
 * What belongs to the cluster and was only met on that node is told by itself. */
static void check_node(struct exchange *exchange, uint32_t first, uint32_t count)
{
    struct ucm_finding finding = {0};
    bool has_signer = false;

    for (uint32_t i = first; i < first + count; i++) {
        const struct wanted *wanted = &exchange->wanted[i];

        if (!is_of_node(wanted))
            continue;
        if (!is_absent(wanted))
            return;
        has_signer = has_signer || is_signer(wanted->item);
        if (finding.id == UCM_FINDING_NONE)
            finding = make(exchange, UCM_ST_IMPORT_NODE, wanted);
        else
            finding.more++;
    }
    if (!has_signer)
        return;
    for (uint32_t i = first; i < first + count; i++)
        exchange->wanted[i].told = is_of_node(&exchange->wanted[i]);
    add(exchange, &finding);
}

static void check_nodes(struct exchange *exchange)
{
    bool any = false;

    for (uint32_t i = 0; i < exchange->count; i++)
        any = any || (is_of_node(&exchange->wanted[i]) && is_present(&exchange->wanted[i]));
    for (uint32_t i = 0, count = 0; any && i < exchange->count; i += count) {
        count = count_node(exchange, i);
        check_node(exchange, i, count);
    }
}

static enum ucm_finding_id judge_recovery(const struct exchange *exchange,
                                          const struct wanted *wanted)
{
    if (wanted->lacks_role)
        return UCM_ST_IMPORT_ROLE_MISSING;
    if (wanted->sast != UCM_ABSENT)
        return UCM_FINDING_NONE;
    if (exchange->options->emcc)
        return UCM_ST_EMCC_RECOVERY;
    return wanted->trust == UCM_PRESENT ? UCM_ST_IMPORT_NO_ROLE : UCM_ST_IMPORT_RECOVERY;
}

static enum ucm_finding_id judge_callmanager(const struct wanted *wanted)
{
    if (wanted->lacks_role)
        return UCM_ST_IMPORT_ROLE_MISSING;
    if (wanted->sast == UCM_ABSENT)
        return wanted->trust == UCM_PRESENT ? UCM_ST_IMPORT_NO_ROLE : UCM_ST_IMPORT_SIGNER;
    return wanted->sast == UCM_PRESENT && wanted->trust == UCM_ABSENT ? UCM_ST_IMPORT_CALLMANAGER
                                                                      : UCM_FINDING_NONE;
}

static enum ucm_finding_id judge(const struct exchange *exchange, const struct wanted *wanted)
{
    if (wanted->item->store == UCM_STORE_ITLRECOVERY)
        return judge_recovery(exchange, wanted);
    if (wanted->item->store == UCM_STORE_CALLMANAGER)
        return judge_callmanager(wanted);
    if (wanted->trust != UCM_ABSENT)
        return UCM_FINDING_NONE;
    if (wanted->item->store == UCM_STORE_CAPF)
        return UCM_ST_IMPORT_CAPF;
    if (wanted->item->store == UCM_STORE_CALLMANAGER_ECDSA)
        return UCM_ST_IMPORT_ECDSA;
    return exchange->options->emcc ? UCM_ST_EMCC_TOMCAT : UCM_ST_IMPORT_TOMCAT;
}

/* Is it the same with all certificates of a store that were not told yet? */
static bool is_uniform(const struct exchange *exchange, enum ucm_store store)
{
    const struct wanted *first = NULL;

    for (uint32_t i = 0; i < exchange->count; i++) {
        const struct wanted *wanted = &exchange->wanted[i];

        if (wanted->item->store != store || wanted->told)
            continue;
        if (first == NULL)
            first = wanted;
        else if (judge(exchange, wanted) != judge(exchange, first))
            return false;
    }
    return true;
}

/* What was not told of one store: in one finding where it is the same with all of them. */
static void check_store(struct exchange *exchange, enum ucm_store store)
{
    const bool uniform = is_uniform(exchange, store);
    struct ucm_finding all = {0};

    for (uint32_t i = 0; i < exchange->count; i++) {
        const struct wanted *wanted = &exchange->wanted[i];
        const enum ucm_finding_id id = judge(exchange, wanted);
        struct ucm_finding finding;

        if (wanted->item->store != store || wanted->told || id == UCM_FINDING_NONE)
            continue;
        finding = make(exchange, id, wanted);
        if (all.id != UCM_FINDING_NONE)
            all.more++;
        else if (uniform)
            all = finding;
        else
            add(exchange, &finding);
    }
    if (all.id != UCM_FINDING_NONE)
        add(exchange, &all);
}

bool ucm_stores_check_exchange(const struct ucm_stores *from, const struct ucm_stores *to,
                               const struct ucm_store_options *options,
                               struct ucm_findings *findings)
{
    struct exchange exchange = {.options = options, .findings = findings};
    bool ok = false;

    if (!ucm_store_index_make(from, &exchange.from))
        return false;
    exchange.wanted = malloc(((size_t)from->count + 1) * sizeof *exchange.wanted);
    if (exchange.wanted != NULL && ucm_store_index_make(to, &exchange.to)) {
        look(&exchange);
        if (!options->known_only) {
            check_unseen(&exchange);
            check_unsure(&exchange);
        }
        if (!check_none(&exchange)) {
            check_nodes(&exchange);
            for (uint32_t store = 1; store < UCM_STORE_END; store++)
                check_store(&exchange, (enum ucm_store)store);
        }
        ucm_store_index_free(&exchange.to);
        ok = !exchange.out_of_memory;
    }
    free(exchange.wanted);
    ucm_store_index_free(&exchange.from);
    return ok;
}
