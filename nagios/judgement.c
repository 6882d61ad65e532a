/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Words the findings of common/consistency for people. Must not judge by itself.
 */
#include "judgement.h"

#include <string.h>

enum {
    ROUNDS_MAX = 4,     /* each answers what the one before made necessary; two are the rule */
    RESERVE_FACTOR = 3, /* of the time that judging takes */
};

static bool is_inside(const struct judgement *judgement, const struct site *site)
{
    return g_ptr_array_find((GPtrArray *)(uintptr_t)judgement->inside, site, NULL);
}

static bool wants_emcc(const struct judgement_move *move)
{
    return move->from->from->emcc && move->to->from->emcc;
}

static const struct judgement_move *move_at(const struct judgement *judgement, unsigned index)
{
    return &g_array_index(judgement->moves, struct judgement_move, index);
}

/* ---- learning what to ask ---- */

static bool rehearse(const struct judgement *judgement)
{
    struct ucm_findings findings = {0};
    bool ok = true;

    for (unsigned i = 0; i < judgement->inside->len && ok; i++) {
        const struct site *site = g_ptr_array_index(judgement->inside, i);

        ok = ucm_cluster_check(&site->cluster, &findings);
        ucm_findings_free(&findings);
    }
    for (unsigned i = 0; i < judgement->moves->len && ok; i++) {
        const struct judgement_move *move = move_at(judgement, i);

        ok = ucm_migration_check(&move->from->cluster, &move->to->cluster, &findings) &&
             (!wants_emcc(move) ||
              ucm_emcc_check(&move->from->cluster, &move->to->cluster, &findings));
        ucm_findings_free(&findings);
    }
    return ok;
}

/* ---- words ---- */

static const char *node_name(const struct site *site, int64_t index)
{
    return index >= 0 && index < site->cluster.nodes ? site->seen[index].name : NULL;
}

static const char *mode_name(enum ucm_mode mode)
{
    static const char *const NAMES[] = {"unknown", "non-secure", "mixed"};

    return NAMES[mode];
}

/* The mode that the first CTL shows; without any list nothing is known. */
static enum ucm_mode mode_of(const struct site *site)
{
    bool seen = false;

    for (uint32_t i = 0; i < site->cluster.nodes; i++) {
        const struct ucm_node *node = &site->seen[i];

        if (node->looked && node->serves && node->lists.ctl != NULL)
            return ucm_mode_of(node->lists.ctl);
        seen = seen || (node->looked && node->serves && node->lists.itl != NULL);
    }
    return seen ? UCM_MODE_NONSECURE : UCM_MODE_UNKNOWN;
}

/* What only this cluster can say about a finding; NULL: nothing. To be freed. */
static char *cluster_detail(const struct site *site, const struct ucm_finding *finding)
{
    const char *other = node_name(site, finding->found);

    switch (finding->id) {
    case UCM_CL_NODE_UNSEEN:
        return g_strdup(site->node[finding->source].why);
    case UCM_CL_MODE:
        return g_strdup_printf("expected %s, found %s", mode_name(site->cluster.expected),
                               mode_name(mode_of(site)));
    case UCM_CL_TVS_NOT_IN_ITL:
        return other == NULL ? NULL : g_strdup_printf("TVS of %s", other);
    case UCM_CL_TVS_ANSWERS:
        return other == NULL ? NULL
                             : survey_difference(site, finding->source, (uint32_t)finding->found);
    default:
        return other == NULL ? NULL : g_strdup_printf("compared with %s", other);
    }
}

static void add_cluster_finding(const struct site *site, const struct ucm_finding *finding,
                                struct result *result)
{
    const char *node = node_name(site, finding->source);
    g_autofree char *where = node == NULL ? g_strdup(site->from->name)
                                          : g_strdup_printf("%s/%s", site->from->name, node);
    g_autofree char *detail = cluster_detail(site, finding);
    g_autofree char *text = detail == NULL
                                ? g_strdup(ucm_rule(finding->id)->what)
                                : g_strdup_printf("%s (%s)", ucm_rule(finding->id)->what, detail);

    result_add_finding(result, finding->id, finding->severity, STATE_UNSET, where, text);
}

static void out_of_memory(struct result *result, const char *where)
{
    result_add_rule(result, UCM_TL_UNREADABLE_HERE, STATE_UNSET, where, "out of memory");
}

static struct fleet_cluster *add_facts(const struct site *site, struct result *result)
{
    struct fleet_cluster *facts = fleet_add_cluster(result->fleet, site->from->name);

    facts->version = g_strdup(site->from->version_text);
    facts->mode = mode_name(mode_of(site));
    facts->expected =
        site->from->expected != UCM_MODE_UNKNOWN ? mode_name(site->from->expected) : NULL;
    for (uint32_t i = 0; i < site->cluster.nodes; i++) {
        struct fleet_node *node = fleet_add_node(facts, site->seen[i].name);

        node->looked = site->seen[i].looked;
        node->why = g_strdup(site->node[i].why);
    }
    return facts;
}

/* The same about another certificate says nothing new. */
static bool is_repeated(const struct ucm_findings *findings, uint32_t index)
{
    const struct ucm_finding *finding = &findings->item[index];

    for (uint32_t i = 0; i < index; i++)
        if (findings->item[i].id == finding->id && findings->item[i].source == finding->source &&
            findings->item[i].found == finding->found)
            return true;
    return false;
}

static void judge_site(const struct judgement *judgement, const struct site *site,
                       struct result *result)
{
    struct fleet_cluster *facts = add_facts(site, result);
    struct ucm_findings findings = {0};

    if (!is_inside(judgement, site))
        return;
    facts->judged = true;
    if (!ucm_cluster_check(&site->cluster, &findings) || !survey_compare(site, &findings))
        out_of_memory(result, site->from->name);
    for (uint32_t i = 0; i < findings.stored; i++)
        if (!is_repeated(&findings, i))
            add_cluster_finding(site, &findings.item[i], result);
    result_add_unstored(result, &findings);
    ucm_findings_free(&findings);
}

/* ---- moves ---- */

/* Is the finding about nodes of the destination, and does what TVS said explain it? */
static bool is_about_signers(enum ucm_finding_id id)
{
    return id == UCM_MIG_NOT_VOUCHED || id == UCM_MIG_NO_ROLE || id == UCM_MIG_OUTSIDE_GROUP ||
           id == UCM_MIG_CANNOT_ASK || id == UCM_MIG_SOME_NODES || id == UCM_MIG_UNSURE;
}

/* The cluster whose nodes the finding names; NULL: none. */
static const struct site *named_site(const struct judgement_move *move, enum ucm_finding_id id)
{
    if (id == UCM_MIG_HELD_UNSEEN)
        return move->from;
    return is_about_signers(id) ? move->to : NULL;
}

/* The signer of what a node serves, and what the old cluster says about it: ", signer: CN=…; pub
 * does not know it". */
static void add_signer(GString *text, const struct judgement_move *move, uint32_t node)
{
    const struct ucm_node *served = &move->to->seen[node];
    const struct ucm_trustlist *itl = served->lists.itl;
    const struct ucm_signature *signature = &served->itl_signature;
    const uint8_t *der = NULL;
    g_autofree char *name = NULL;
    g_autofree char *said = NULL;
    struct ucm_cert cert;

    if (itl == NULL || signature->certificate_size == 0)
        return;
    der = itl->data + signature->certificate_at;
    if (!ucm_cert_read(der, signature->certificate_size, &cert))
        return;
    name = result_common_name(cert.subject);
    said = survey_text(move->from, der, signature->certificate_size);
    g_string_append_printf(text, ", signer %s", name);
    if (said != NULL)
        g_string_append_printf(text, ": %s", said);
}

/* All findings of one id as one, with the nodes that it is about. */
static char *move_text(const struct judgement_move *move, const struct ucm_findings *findings,
                       uint32_t first)
{
    const enum ucm_finding_id id = findings->item[first].id;
    const struct site *site = named_site(move, id);
    GString *text = g_string_new(ucm_rule(id)->what);
    unsigned count = 0;

    for (uint32_t i = first; i < findings->stored && site != NULL; i++) {
        const struct ucm_finding *finding = &findings->item[i];
        const char *name = node_name(site, finding->source);

        if (finding->id == id && name != NULL && !is_repeated(findings, i))
            g_string_append_printf(text, "%s%s", count++ == 0 ? " (" : ", ", name);
    }
    if (count == 0)
        return g_string_free(text, FALSE);
    if (is_about_signers(id))
        add_signer(text, move, findings->item[first].source);
    if (id == UCM_MIG_CANNOT_ASK)
        g_string_append_printf(text, "; phones with the lists of %s",
                               node_name(move->from, findings->item[first].expected));
    g_string_append_c(text, ')');
    return g_string_free(text, FALSE);
}

static bool is_first(const struct ucm_findings *findings, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++)
        if (findings->item[i].id == findings->item[index].id)
            return false;
    return true;
}

static void take_findings(const struct judgement_move *move, const struct ucm_findings *findings,
                          struct result *result, struct fleet_verdict *verdict)
{
    g_autofree char *where =
        g_strdup_printf("%s -> %s", move->from->from->name, move->to->from->name);

    verdict->asked = true;
    for (uint32_t i = 0; i < findings->stored; i++) {
        g_autofree char *text = NULL;

        if (!is_first(findings, i))
            continue;
        text = move_text(move, findings, i);
        result_add_finding(result, findings->item[i].id, findings->item[i].severity, STATE_UNSET,
                           where, text);
        /* Who ignores a finding wants no alarm; that makes no phone accept the lists. */
        fleet_add_reason(verdict, findings->item[i].id, result_state_of(findings->item[i].severity),
                         text);
    }
    result_add_unstored(result, findings);
}

static void judge_move(const struct judgement_move *move, struct result *result)
{
    struct fleet_move *facts =
        fleet_add_move(result->fleet, move->from->from->name, move->to->from->name);
    struct ucm_findings findings = {0};

    if (!ucm_migration_check(&move->from->cluster, &move->to->cluster, &findings))
        out_of_memory(result, facts->to);
    take_findings(move, &findings, result, &facts->phones);
    ucm_findings_free(&findings);
    if (!wants_emcc(move))
        return;
    result->fleet->emcc = true;
    if (!ucm_emcc_check(&move->from->cluster, &move->to->cluster, &findings))
        out_of_memory(result, facts->to);
    take_findings(move, &findings, result, &facts->emcc);
    ucm_findings_free(&findings);
}

/* ---- the whole ---- */

/* Judging hundreds of clusters takes seconds, so time is kept for the last time, and for printing.
 */
static bool rehearse_first(const struct judgement *judgement)
{
    const int64_t begin = plugin_clock_ms();
    const bool ok = rehearse(judgement);

    plugin_reserve(RESERVE_FACTOR * (plugin_clock_ms() - begin));
    return ok;
}

void judgement_make(const struct judgement *judgement, struct result *result)
{
    bool more = survey_is_online(judgement->survey); /* else there is nothing to learn */

    for (unsigned round = 0; round < ROUNDS_MAX && more; round++) {
        plugin_stage("judge what came");
        more = (round == 0 ? rehearse_first(judgement) : rehearse(judgement)) &&
               survey_ask(judgement->survey, result);
    }
    plugin_stage("judge what came");
    survey_close(judgement->survey);
    result->fleet = fleet_new();
    for (unsigned i = 0; i < judgement->sites->len; i++)
        judge_site(judgement, g_ptr_array_index(judgement->sites, i), result);
    for (unsigned i = 0; i < judgement->moves->len; i++)
        judge_move(move_at(judgement, i), result);
    survey_report(judgement->survey, result);
}
