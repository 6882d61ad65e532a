/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is said about a plan as a whole: see plan_words.h.
 */
#include "plan_words.h"

#include <string.h>

enum { DAY = 86400 };

static bool is_due(const struct plan *plan, enum ucm_service service)
{
    return ucm_renewal_is_due(plan->renewal, service);
}

static bool is_mixed(const struct plan *plan)
{
    return plan->renewal->mode == UCM_MODE_MIXED;
}

static GPtrArray *new_notes(void)
{
    return g_ptr_array_new_with_free_func(g_free);
}

static void add(GPtrArray *notes, const char *text)
{
    g_ptr_array_add(notes, g_strdup(text));
}

/* ---- facts ---- */

const struct ucm_renewable *plan_first_to_expire(const struct plan *plan)
{
    const struct ucm_renewable *first = NULL;

    for (uint32_t i = 0; i < plan->renewal->items; i++) {
        const struct ucm_renewable *item = &plan->renewal->item[i];

        if (item->cert.not_after != UCM_TIME_NONE &&
            (first == NULL || item->cert.not_after < first->cert.not_after))
            first = item;
    }
    return first;
}

int64_t plan_days(const struct plan *plan, const struct ucm_renewable *item)
{
    const int64_t left = item->cert.not_after - plan->renewal->now;

    return left < 0 ? -(-left / DAY) : left / DAY;
}

bool plan_has_expired(const struct plan *plan, const struct ucm_renewable *item)
{
    return ucm_renewable_has_expired(plan->renewal, item);
}

char *plan_expiry_text(const struct plan *plan, const struct ucm_renewable *item)
{
    g_autofree char *owner = plan_owner(plan, item);
    char span[32];
    char date[32];

    ucm_span_text(item->cert.not_after, plan->renewal->now, span, sizeof span);
    ucm_date_text(item->cert.not_after, date, sizeof date);
    return g_strdup_printf(plan_has_expired(plan, item) ? "%s of %s expired %s ago on %s"
                                                        : "%s of %s in %s on %s",
                           ucm_service_name(item->service), owner, span, date);
}

char *plan_obstacle_text(const struct plan *plan, enum ucm_obstacle obstacle, uint32_t node)
{
    static const char *const WHY[] = {
        [UCM_OBSTACLE_NONE] = "a list cannot be written anew with other certificates",
        [UCM_OBSTACLE_NO_LIST] = "no node of the cluster serves a list",
        [UCM_OBSTACLE_UNSEEN] = "the lists could not be looked at",
        [UCM_OBSTACLE_DAMAGED] = "there is no ITL, or a list cannot be read",
        [UCM_OBSTACLE_SIGNATURE] = "a list does not verify with itself",
        [UCM_OBSTACLE_MODE] = "the inventory gives another mode than the CTL shows that was seen",
        [UCM_OBSTACLE_NO_CTL] = "it serves no CTL, while other nodes do",
        [UCM_OBSTACLE_CTLS] = "its CTL is not the one that other nodes serve",
    };

    return node == UCM_NODE_NONE
               ? g_strdup(WHY[obstacle])
               : g_strdup_printf("%s: %s", plan->renewal->cluster->node[node].name, WHY[obstacle]);
}

char *plan_left_out(const struct plan *plan)
{
    GString *text = g_string_new(NULL);

    for (int service = 0; service < UCM_SERVICE_COUNT; service++)
        if ((plan->plan->left_out & UCM_SERVICE_BIT(service)) != 0)
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "",
                                   ucm_service_name((enum ucm_service)service));
    return g_string_free(text, FALSE);
}

char *plan_loss_text(const struct plan *plan)
{
    g_autofree char *services = plan_left_out(plan);
    GString *text = g_string_new(services);

    switch (plan->plan->left_why) {
    case UCM_LOCKED:
        g_string_append(text, ": no phone knows who would sign the lists then");
        break;
    case UCM_RE_SIGN:
        g_string_append(text, ": phones refuse the lists until they are signed anew");
        break;
    default:
        g_string_append(text, ": secure phones would not trust a service");
        break;
    }
    return g_string_free(text, FALSE);
}

/* Nodes of whose service nothing was seen, "pub, sub2". A certificate of a node that is not known
 * may be that of any: as many nodes as there are such certificates are given the benefit. */
static char *nodes_not_seen(const struct plan *plan, enum ucm_service service)
{
    const struct ucm_renewal *renewal = plan->renewal;
    GString *names = g_string_new(NULL);
    uint64_t seen = 0;
    uint32_t unowned = 0;
    uint32_t missing = 0;

    for (uint32_t i = 0; i < renewal->items; i++) {
        const struct ucm_renewable *item = &renewal->item[i];

        if (item->service != service)
            continue;
        if (item->shared)
            seen = UINT64_MAX;
        else if (item->node == UCM_NODE_NONE)
            unowned++;
        else
            seen |= UINT64_C(1) << item->node % 64;
    }
    for (uint32_t i = 0; i < renewal->cluster->nodes; i++) {
        if ((seen & UINT64_C(1) << i % 64) != 0 ||
            (service == UCM_SERVICE_TVS && !renewal->cluster->node[i].runs_tvs))
            continue;
        missing++;
        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                               renewal->cluster->node[i].name);
    }
    if (missing <= unowned)
        g_string_truncate(names, 0);
    return g_string_free(names, FALSE);
}

static bool any_seen(const struct plan *plan, enum ucm_service service)
{
    for (uint32_t i = 0; i < plan->renewal->items; i++)
        if (plan->renewal->item[i].service == service)
            return true;
    return false;
}

char *plan_managers_not_seen(const struct plan *plan)
{
    char *nodes = nodes_not_seen(plan, UCM_SERVICE_CALLMANAGER);

    return *nodes != '\0' ? nodes : (g_free(nodes), NULL);
}

/* Services that no list shows, then nodes that some do not show. */
char *plan_not_seen(const struct plan *plan)
{
    static const enum ucm_service STORED[] = {UCM_SERVICE_TOMCAT, UCM_SERVICE_IPSEC};
    static const enum ucm_service OF_NODES[] = {UCM_SERVICE_TOMCAT, UCM_SERVICE_IPSEC,
                                                UCM_SERVICE_CALLMANAGER, UCM_SERVICE_TVS};
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(STORED); i++)
        if (!any_seen(plan, STORED[i]))
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "",
                                   ucm_service_name(STORED[i]));
    if (text->len > 0)
        g_string_append(text,
                        plan->sources_given ? " (not in the sources given)" : " (no source given)");
    for (size_t i = 0; i < G_N_ELEMENTS(OF_NODES); i++) {
        g_autofree char *nodes = nodes_not_seen(plan, OF_NODES[i]);

        if (*nodes != '\0' && (i >= G_N_ELEMENTS(STORED) || any_seen(plan, OF_NODES[i])))
            g_string_append_printf(text, "%s%s of %s", text->len > 0 ? ", " : "",
                                   ucm_service_name(OF_NODES[i]), nodes);
    }
    return g_string_free(text, text->len == 0);
}

uint32_t plan_no_return(const struct plan *plan)
{
    const struct ucm_play *play = &plan->plan->play;

    for (uint32_t step = 1; step <= play->steps; step++)
        if (!ucm_verdict_is_good(play->off[UCM_PHONE_USUAL][0][step]))
            return step;
    return 0;
}

/* A CTL whose SASTs are all tokens is signed by nobody but them. */
const char *plan_reset_command(const struct plan *plan)
{
    const struct ucm_renewal *renewal = plan->renewal;

    for (uint32_t i = 0; i < renewal->items; i++) {
        const struct ucm_renewable *item = &renewal->item[i];

        if (item->der == NULL ||
            (item->service != UCM_SERVICE_CALLMANAGER && item->service != UCM_SERVICE_ITLRECOVERY))
            continue;
        for (uint32_t node = 0; is_mixed(plan) && node < renewal->cluster->nodes; node++) {
            const struct ucm_trustlist *ctl = ucm_cluster_list(renewal->cluster, 2 * node + 1);

            if (ctl != NULL &&
                ucm_list_holds(ctl, item->der, item->size, UCM_ROLE_BIT(UCM_ROLE_SAST)))
                return "utils ctl reset localkey";
        }
    }
    return "utils itl reset localkey";
}

char *plan_mute_nodes(const struct plan *plan, uint32_t step)
{
    GString *names = g_string_new(NULL);
    uint64_t mute = 0;

    for (uint32_t i = step; i > 0; i--) {
        if (i < step && plan->plan->step[i - 1].action == UCM_ACT_WAIT)
            break;
        mute |= plan->plan->play.mute[i];
    }
    for (uint32_t i = 0; i < plan->renewal->cluster->nodes; i++)
        if ((mute & UINT64_C(1) << i % UCM_RENEWABLES_NODES) != 0)
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                                   plan->renewal->cluster->node[i].name);
    return g_string_free(names, names->len == 0);
}

bool plan_has_devices_without_tvs(const struct plan *plan)
{
    return is_mixed(plan) && !ucm_verdict_is_good(plan->plan->play.held[UCM_PHONE_NO_TVS]) &&
           ucm_verdict_is_good(plan->plan->play.held[UCM_PHONE_USUAL]);
}

bool plan_has_waits(const struct plan *plan)
{
    for (uint32_t i = 0; i < plan->plan->steps; i++)
        if (plan->plan->step[i].action == UCM_ACT_WAIT)
            return true;
    return false;
}

static uint32_t find_action(const struct plan *plan, enum ucm_renewal_action action)
{
    for (uint32_t i = 0; i < plan->plan->steps; i++)
        if (plan->plan->step[i].action == action)
            return i + 1;
    return 0;
}

/* ---- notes ---- */

GPtrArray *plan_before(const struct plan *plan)
{
    GPtrArray *notes = new_notes();

    for (unsigned i = 0; i < plan->settle->len; i++)
        g_ptr_array_add(notes, g_strdup_printf("SETTLE FIRST (-v explains it): %s",
                                               (const char *)g_ptr_array_index(plan->settle, i)));
    add(notes, "Take a DRS backup, and see that it ended well. It holds the keys that can bring "
               "phones back");
    if (!plan_has_waits(plan))
        return notes;
    add(notes, "Read the plan to its end. It is true for the lists that were seen today: run this "
               "again before you begin, and after each WAIT");
    add(notes, "Write down how many phones are registered, and list those that are not: see "
               "\"Phones that are switched off\"");
    if (is_mixed(plan) && plan->renewal->ctl_signer == UCM_SERVICE_TOKEN)
        add(notes, "The CTL is signed by eTokens: have two of them at hand, with their passwords, "
                   "and a Windows machine with the Cisco CTL Client");
    if (plan_has_devices_without_tvs(plan)) {
        g_ptr_array_add(notes, g_strdup_printf("Find every device that uses no TVS (Jabber, 7940, "
                                               "7960, many TelePresence endpoints): at step %u "
                                               "somebody must delete its CTL by hand",
                                               plan->plan->play.lost_at[UCM_PHONE_NO_TVS]));
    }
    if (is_due(plan, UCM_SERVICE_CAPF))
        add(notes, "CAPF: keep the old certificate in CAPF-trust and CallManager-trust as long as "
                   "phones have LSCs from it; give the new one to 802.1X and VPN servers");
    return notes;
}

GPtrArray *plan_never(const struct plan *plan)
{
    GPtrArray *notes = new_notes();
    const bool recovery_signs = plan->renewal->itl_signer == UCM_SERVICE_ITLRECOVERY;

    add(notes, "Never two different ones of CallManager, TVS and ITLRecovery without a WAIT "
               "between them, not even on two nodes, not even at night: a phone that meets both "
               "changes at once may know nobody any more. The same one on all its nodes is one "
               "step");
    if (recovery_signs)
        add(notes, "Never ITLRecovery together with CallManager or TVS: ITLRecovery signs the "
                   "lists here, CallManager is what can mend them, TVS is whom phones ask");
    else
        add(notes, "Never CallManager together with TVS: CallManager signs the ITL here, and TVS "
                   "is whom phones ask about its successor");
    if (is_mixed(plan))
        add(notes, "Never leave the CTL behind: after CallManager, CAPF or ITLRecovery secure "
                   "phones fail until it names the new certificate (field notice FN70613)");
    add(notes, "Never delete an old trust certificate on the same day; never change host names or "
               "domains while a plan is under way");
    return notes;
}

GPtrArray *plan_sources(const struct plan *plan)
{
    GPtrArray *notes = new_notes();

    add(notes, "The order: Cisco document 214231 renews CallManager, then TVS, which it calls the "
               "last, and then ITLRecovery; other procedures put CallManager and TFTP last. This "
               "plan follows neither: it keeps one rule, that every phone holds the new lists "
               "before the next anchor changes, and was tried on that");
    if (is_mixed(plan) &&
        (is_due(plan, UCM_SERVICE_CALLMANAGER) || is_due(plan, UCM_SERVICE_ITLRECOVERY)))
        add(notes, "TVS for a CTL: Cisco document 118893 (10.5) lets phones ask TVS about the "
                   "signer of a new CTL; field notice FN70613 (12.0 and later) says that they "
                   "refuse it when ITLRecovery is new. Where it matters, the plan counts on the "
                   "worse");
    if (find_action(plan, UCM_ACT_CTL_RESIGN) != 0 || find_action(plan, UCM_ACT_ITL_RESIGN) != 0)
        add(notes, "`reset localkey` as a bridge: the Security Guide (12.5(1)SU3, Regenerate "
                   "ITLRecovery Certificate) has it in both modes, `utils itl` in a non-secure "
                   "cluster and `utils ctl`, then `utils ctl update CTLFile`, in a secure one. "
                   "Cisco document 214231 gives `utils ctl update CTLFile` alone, and "
                   "`reset localkey` for phones that lost trust. This plan takes the bridge");
    if (find_action(plan, UCM_ACT_ITL_RESIGN) != 0)
        add(notes,
            "TFTP before `utils itl reset localkey`: the Security Guide restarts it only after "
            "the first reset of the phones, and so counts on an ITL that is rebuilt at the "
            "renewal. This plan restarts it first, and has `show itl` looked at: an ITL "
            "without the new ITLRecovery would teach phones nothing");
    if (is_mixed(plan) && find_action(plan, UCM_ACT_ITL_RESIGN) != 0)
        add(notes, "`utils itl reset localkey` in mixed mode: no source covers it, see Open "
                   "questions");
    return notes;
}

/* ---- questions ---- */

/* A node to ask: the publisher's own name or address. */
static const char *host_of(const struct plan *plan)
{
    const struct ucm_renewal *renewal = plan->renewal;
    const char *address = renewal->address == NULL ? NULL : renewal->address[renewal->publisher];

    return address != NULL ? address : renewal->cluster->node[renewal->publisher].name;
}

static bool meets_unknown(const struct plan *plan)
{
    const struct ucm_play *play = &plan->plan->play;

    for (uint32_t i = 0; i < play->steps; i++)
        for (uint32_t j = i + 1; j <= play->steps; j++)
            if (play->off[UCM_PHONE_USUAL][i][j] == UCM_VERDICT_UNKNOWN)
                return true;
    return play->held[UCM_PHONE_USUAL] == UCM_VERDICT_UNKNOWN;
}

static bool knows_identities(const struct plan *plan)
{
    const struct ucm_cluster *cluster = plan->renewal->cluster;

    for (uint32_t i = 0; i < cluster->nodes; i++)
        if (cluster->node[i].runs_tvs && cluster->node[i].in_group &&
            cluster->node[i].identity == NULL)
            return false;
    return true;
}

bool plan_has_expired_signer(const struct plan *plan)
{
    const struct ucm_renewal *renewal = plan->renewal;

    for (uint32_t i = 0; i < renewal->items; i++)
        if ((renewal->item[i].service == renewal->itl_signer ||
             renewal->item[i].service == renewal->ctl_signer) &&
            ucm_renewable_has_expired(renewal, &renewal->item[i]))
            return true;
    return false;
}

GPtrArray *plan_questions(const struct plan *plan)
{
    GPtrArray *notes = new_notes();
    const char *host = host_of(plan);

    if (is_mixed(plan) && find_action(plan, UCM_ACT_ITL_RESIGN) != 0)
        add(notes, "Does `utils itl reset localkey` do in mixed mode what it does without? The "
                   "sources give it for non-secure clusters alone. Reset one phone first, and see "
                   "that it takes the ITL, before all of them");
    if (!meets_unknown(plan))
        return notes;
    if (is_due(plan, UCM_SERVICE_ITLRECOVERY) && plan->renewal->recovery == UCM_NOT_ANSWERED)
        g_ptr_array_add(
            notes, g_strdup_printf("Does TVS vouch for an ITLRecovery certificate? No source says. "
                                   "Ask it about the one in use: check_ucm_tvs -H %s --trustlist "
                                   "http://%s:6970/ITLFile.tlv --signer-of "
                                   "http://%s:6970/ITLFile.tlv --role sast. OK means yes. With "
                                   "addresses in the inventory --plan asks by itself",
                                   host, host, host));
    if (is_mixed(plan) && plan->renewal->itl_signer == UCM_SERVICE_CALLMANAGER)
        add(notes, "Is it enough that the CTL of a phone names the signer of an ITL as a TFTP "
                   "server, and not as a SAST? Nobody has published it. A phone that was off can "
                   "tell: until then, count on deleting its lists by hand");
    if (is_mixed(plan) && plan->renewal->recovery == UCM_KNOWN)
        add(notes, "Do phones ask TVS about the signer of a CTL here? The sources disagree. Only "
                   "one phone, tried first, can tell");
    if (!knows_identities(plan))
        g_ptr_array_add(notes,
                        g_strdup_printf("Which certificate does TVS of each node show? Give the "
                                        "node an address in the inventory, or its "
                                        "tvs_certificate; or see it by check_ucm_tvs -H %s "
                                        "--trustlist http://%s:6970/ITLFile.tlv -v",
                                        host, host));
    if (plan_has_expired_signer(plan))
        add(notes, "Does a phone take a list whose signer has expired? Cisco document 214231 says "
                   "no of CallManager; of the rest nobody has published it. Only one phone, tried "
                   "first, can tell: see that its ITL changes");
    if (notes->len == 0)
        add(notes, "Nobody has published what a phone does there. Only one phone, tried first, "
                   "can tell");
    return notes;
}
