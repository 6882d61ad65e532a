/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is said about a plan as a whole: see plan_notes.h.
 */
#include "plan_notes.h"

#include "plan_facts.h"

static bool is_due(const struct plan *plan, enum ucm_service service)
{
    return ucm_renewal_is_due(plan->renewal, service);
}

static GPtrArray *new_notes(void)
{
    return g_ptr_array_new_with_free_func(g_free);
}

static void add(GPtrArray *notes, const char *text)
{
    g_ptr_array_add(notes, g_strdup(text));
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
    if (plan_is_mixed(plan) && plan->renewal->ctl_signer == UCM_SERVICE_TOKEN)
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

GPtrArray *plan_at_waits(const struct plan *plan)
{
    GPtrArray *notes = new_notes();
    const bool mixed = plan_is_mixed(plan);

    add(notes, plan_is_from_14(plan)
                   ? "14 and later reset phones by themselves; reset those that were not: Cisco "
                     "Unified CM Administration > Device > Phone, find where Device Name begins "
                     "with SEP, select, Reset Selected, in batches"
                   : "Reset the phones: Cisco Unified CM Administration > Device > Phone, find "
                     "where Device Name begins with SEP, select, Reset Selected, in batches");
    add(notes, "System > Enterprise Parameters > Reset is not the same: it resets gateways, trunks "
               "and media resources as well, and calls through them end");
    add(notes, "Device > Phone must show as many registered as before you began");
    g_ptr_array_add(
        notes, g_strdup_printf("On some phones of each site, the SHA-1 of the ITL%s (on the "
                               "phone: its security settings, trust list) must be that of "
                               "`show itl`%s on their TFTP node",
                               mixed ? " and of the CTL" : "", mixed ? " and `show ctl`" : ""));
    add(notes, "If phones do not come back: stop, renew nothing more, and run this check again");
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
    if (plan_is_mixed(plan))
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
    if (plan_is_mixed(plan) &&
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
    if (plan_is_mixed(plan) && find_action(plan, UCM_ACT_ITL_RESIGN) != 0)
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

GPtrArray *plan_questions(const struct plan *plan)
{
    GPtrArray *notes = new_notes();
    const char *host = host_of(plan);

    if (plan_is_mixed(plan) && find_action(plan, UCM_ACT_ITL_RESIGN) != 0)
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
    if (plan_is_mixed(plan) && plan->renewal->itl_signer == UCM_SERVICE_CALLMANAGER)
        add(notes, "Is it enough that the CTL of a phone names the signer of an ITL as a TFTP "
                   "server, and not as a SAST? Nobody has published it. A phone that was off can "
                   "tell: until then, count on deleting its lists by hand");
    if (plan_is_mixed(plan) && plan->renewal->recovery == UCM_KNOWN)
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
