/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The words for the steps of a plan: see plan_steps.h.
 */
#include "plan_steps.h"

#include "plan_facts.h"

#include <string.h>

static const struct ucm_renewal_step *step_at(const struct plan *plan, uint32_t step)
{
    return &plan->plan->step[step - 1];
}

static bool any_due(const struct plan *plan, enum ucm_service service,
                    bool (*test)(const struct ucm_renewable *item))
{
    for (uint32_t i = 0; i < plan->renewal->items; i++)
        if (plan->renewal->item[i].due && plan->renewal->item[i].service == service &&
            test(&plan->renewal->item[i]))
            return true;
    return false;
}

static bool is_by_ca(const struct ucm_renewable *item)
{
    return item->by_ca;
}

static bool is_self_signed(const struct ucm_renewable *item)
{
    return !item->by_ca;
}

static bool is_tomcat_too(const struct ucm_renewable *item)
{
    return item->tomcat_too;
}

/* ---- services ---- */

/* Grade B. */
static const struct {
    const char *restart;
    const char *how;
} SERVICES[] = {
    [UCM_SERVICE_IPSEC] = {"Cisco DRF Master on %s, and Cisco DRF Local on every node",
                           "Cisco Unified Serviceability > Tools > Control Center (Network "
                           "Services)"},
    [UCM_SERVICE_TOMCAT] = {"Cisco Tomcat on each of these nodes",
                            "By CLI alone: `utils service restart Cisco Tomcat`. The web pages of "
                            "the node are away for some minutes"},
    [UCM_SERVICE_CAPF] = {"Cisco Certificate Authority Proxy Function on %s, then Cisco Trust "
                          "Verification Service, then Cisco Tftp on every node where they run",
                          NULL},
    [UCM_SERVICE_CALLMANAGER] = {"Cisco CallManager, then Cisco CTIManager, then Cisco Trust "
                                 "Verification Service, then Cisco Tftp on every node where they "
                                 "run",
                                 NULL},
    [UCM_SERVICE_TVS] = {"Cisco Trust Verification Service, then Cisco Tftp on every node where "
                         "they run",
                         NULL},
    [UCM_SERVICE_ITLRECOVERY] = {"Cisco Trust Verification Service, then Cisco Tftp on every node "
                                 "where they run",
                                 NULL},
    [UCM_SERVICE_TOKEN] = {"", NULL},
};

static const char WHERE_SERVICES[] =
    "Cisco Unified Serviceability > Tools > Control Center (Trust Verification Service: Network "
    "Services; the others: Feature Services)";

static char *restart_title(const struct plan *plan, enum ucm_service service)
{
    GString *text = g_string_new("Restart ");
    const char *words = SERVICES[service].restart;
    const char *hole = strstr(words, "%s");

    if (hole == NULL)
        g_string_append(text, words);
    else
        g_string_append_printf(text, "%.*s%s%s", (int)(hole - words), words, plan_publisher(plan),
                               hole + 2);
    if (service != UCM_SERVICE_TOMCAT && service != UCM_SERVICE_IPSEC)
        g_string_append(text, "; the publisher first");
    return g_string_free(text, FALSE);
}

/* ---- titles ---- */

/* The service whose certificate signs while another is renewed. */
static const char *other_anchor(enum ucm_service service)
{
    return ucm_service_name(service == UCM_SERVICE_ITLRECOVERY ? UCM_SERVICE_CALLMANAGER
                                                               : UCM_SERVICE_ITLRECOVERY);
}

char *plan_step_title(const struct plan *plan, uint32_t step)
{
    const enum ucm_service service = step_at(plan, step)->service;
    g_autofree char *owners = plan_owners(plan, service, ", then ");

    switch (step_at(plan, step)->action) {
    case UCM_ACT_RENEW:
        return g_strdup_printf("Renew %s on %s", ucm_service_name(service), owners);
    case UCM_ACT_CTL_UPDATE:
        if (plan->renewal->ctl_signer == UCM_SERVICE_TOKEN)
            return g_strdup("Update the CTL with the Cisco CTL Client and one of its eTokens");
        return g_strdup_printf("Update the CTL: `utils ctl update CTLFile` on %s",
                               plan_publisher(plan));
    case UCM_ACT_CTL_RESIGN:
        return g_strdup_printf("Let %s sign the CTL for now: `utils ctl reset localkey` on %s",
                               other_anchor(service), plan_publisher(plan));
    case UCM_ACT_ITL_RESIGN:
        return g_strdup_printf("Let %s sign the ITL for now: `utils itl reset localkey` on %s",
                               other_anchor(service), plan_publisher(plan));
    case UCM_ACT_RESTART:
        return restart_title(plan, service);
    case UCM_ACT_TFTP:
        return g_strdup("Restart Cisco Tftp on every node where it runs; the publisher first");
    case UCM_ACT_WAIT:
        break;
    }
    return g_strdup("WAIT until every phone has registered again, holding the new lists");
}

/* ---- details ---- */

static void add(GPtrArray *details, const char *text)
{
    g_ptr_array_add(details, g_strdup(text));
}

/* The step that writes the CTL follows at once. */
static bool ctl_follows(const struct plan *plan, uint32_t step)
{
    return step < plan->plan->steps && (step_at(plan, step + 1)->action == UCM_ACT_CTL_UPDATE ||
                                        step_at(plan, step + 1)->action == UCM_ACT_CTL_RESIGN);
}

static void detail_renew(const struct plan *plan, uint32_t step, GPtrArray *details)
{
    const enum ucm_service service = step_at(plan, step)->service;
    const char *name = ucm_service_name(service);

    if (any_due(plan, service, is_self_signed))
        g_ptr_array_add(details,
                        g_strdup_printf("On each node named: Cisco Unified OS Administration > "
                                        "Security > Certificate Management > %s > Regenerate. "
                                        "Wait for Success on one before you go to the next",
                                        name));
    if (any_due(plan, service, is_by_ca))
        g_ptr_array_add(details,
                        g_strdup_printf("Signed by a CA: Generate CSR for %s, have it signed, "
                                        "upload the CA's chain to %s-trust and then the "
                                        "certificate as %s",
                                        name, name, name));
    if (any_due(plan, service, is_tomcat_too))
        add(details, "Tomcat uses the same certificate: this renews both. Restart Cisco Tomcat "
                     "on that node as well (CLI: `utils service restart Cisco Tomcat`)");
    if (service == UCM_SERVICE_TOMCAT)
        add(details, "No trust list holds it, and no phone must be reset for it");
    if (service == UCM_SERVICE_IPSEC)
        add(details, "No trust list holds it. Backups and restores (DRS) rest on it");
    if (ucm_renewal_is_listed(plan->renewal, service) && plan_is_from_14(plan))
        add(details, "From here on phones may reset by themselves (14 and later do that): "
                     "begin outside of working hours");
    if (ctl_follows(plan, step))
        g_ptr_array_add(details, g_strdup_printf("Go on to step %u at once: secure phones do not "
                                                 "trust the new certificate before the CTL names "
                                                 "it. Put no new phone into service until then",
                                                 step + 1));
}

static void detail_ctl(const struct plan *plan, uint32_t step, GPtrArray *details)
{
    const enum ucm_service service = step_at(plan, step)->service;
    const enum ucm_renewal_action action = step_at(plan, step)->action;

    if (action == UCM_ACT_CTL_UPDATE && plan->renewal->ctl_signer == UCM_SERVICE_TOKEN)
        add(details, "The Cisco CTL Provider service must run on every node, and you need the "
                     "token and its password: have both before you begin");
    else if (action == UCM_ACT_CTL_UPDATE)
        add(details, "The Cisco CTL Provider service must run");
    if (action == UCM_ACT_CTL_UPDATE)
        add(details, "When it is done, reset the encrypted and authenticated phones, before any "
                     "service is restarted (Cisco document 214231)");
    g_ptr_array_add(
        details,
        g_strdup_printf("Then `show ctl` on %s must list the new %s, and name %s as signer%s",
                        plan_publisher(plan), ucm_service_name(service),
                        action == UCM_ACT_CTL_RESIGN ? other_anchor(service)
                        : plan->renewal->ctl_signer == UCM_SERVICE_TOKEN
                            ? "the eToken"
                            : ucm_service_name(plan->renewal->ctl_signer),
                        action == UCM_ACT_CTL_RESIGN
                            ? ". If it does not, stop here: `utils ctl update CTLFile` would lead "
                              "phones to a list whose signer they do not know"
                            : ""));
}

static void detail_itl(const struct plan *plan, uint32_t step, GPtrArray *details)
{
    const enum ucm_service service = step_at(plan, step)->service;

    g_ptr_array_add(details,
                    g_strdup_printf("Then `show itl` on every TFTP node must list the new %s, and "
                                    "name %s of that node as signer. If one does not, stop here "
                                    "and restart no TFTP: phones hold lists that still work",
                                    ucm_service_name(service), other_anchor(service)));
    if (plan->renewal->cluster->nodes > 1 && service == UCM_SERVICE_ITLRECOVERY)
        g_ptr_array_add(details,
                        g_strdup_printf("If another node names CallManager of %s, its phones ask "
                                        "TVS about it: see that TVS answers (check_ucm_tvs)",
                                        plan_publisher(plan)));
}

static void detail_restart(const struct plan *plan, uint32_t step, GPtrArray *details)
{
    const enum ucm_service service = step_at(plan, step)->service;

    add(details, SERVICES[service].how != NULL ? SERVICES[service].how : WHERE_SERVICES);
    if (service == UCM_SERVICE_CALLMANAGER)
        add(details, "One node after the other: its phones register elsewhere in the meantime");
    if (service == UCM_SERVICE_TOMCAT && plan_is_from_14(plan))
        g_ptr_array_add(details, g_strdup_printf("Then Cisco DRF Local there, and Cisco DRF Master "
                                                 "where it is %s",
                                                 plan_publisher(plan)));
    if (service == UCM_SERVICE_IPSEC)
        g_ptr_array_add(details,
                        g_strdup_printf("Then ipsec-trust of every node must hold the ipsec "
                                        "certificate of %s with the same serial number%s. Take a "
                                        "backup now to see that it works",
                                        plan_publisher(plan),
                                        plan_is_from_14(plan) ? " (from 14 on that matters less)"
                                                              : ", or backups fail"));
    if (step < plan->plan->steps && step_at(plan, step + 1)->action == UCM_ACT_ITL_RESIGN)
        g_ptr_array_add(details, g_strdup_printf("Go on to step %u at once: phones that fetch the "
                                                 "ITL in between may refuse it, keep the one that "
                                                 "they have, and take the next",
                                                 step + 1));
}

static void detail_tftp(const struct plan *plan, uint32_t step, GPtrArray *details)
{
    const bool by_ctl = step > 1 && step_at(plan, step - 1)->action == UCM_ACT_CTL_UPDATE;

    g_ptr_array_add(details, g_strdup_printf("The %s is signed by %s again, which phones now know",
                                             by_ctl ? "CTL" : "ITL",
                                             ucm_service_name(step_at(plan, step)->service)));
}

/* The worst that phones which are on meet between the wait before and this one, and yet accept. */
static enum ucm_verdict accepted_by(const struct plan *plan, uint32_t step,
                                    enum ucm_phone_kind kind)
{
    enum ucm_verdict worst = UCM_KEEP;

    for (uint32_t i = step; i > 0; i--) {
        const enum ucm_verdict verdict = plan->plan->play.on[kind][i];

        if (i < step && step_at(plan, i)->action == UCM_ACT_WAIT)
            break;
        if (i == step || ucm_verdict_is_good(verdict))
            worst = MAX(worst, verdict);
        if (step_at(plan, i)->action == UCM_ACT_ITL_RESIGN ||
            step_at(plan, i)->action == UCM_ACT_CTL_RESIGN)
            break; /* what was served before it is not what phones hold in the end */
    }
    return worst;
}

static const char *acceptance(enum ucm_verdict verdict)
{
    switch (verdict) {
    case UCM_KEEP:
    case UCM_LOCAL:
        return "Phones accept the new lists: they know who signed them";
    case UCM_VIA_TVS:
        return "Phones accept the new lists only because TVS vouches for the new signer: TVS must "
               "answer on the nodes of their CallManager group (TCP 2445) until all have them";
    case UCM_VERDICT_UNKNOWN:
        return "UNKNOWN whether phones accept the new lists: try this step with one phone, and "
               "read \"Open questions\" below first";
    default:
        return "Phones refuse the new lists";
    }
}

static void detail_wait(const struct plan *plan, uint32_t step, GPtrArray *details)
{
    g_autofree char *mute = plan_mute_nodes(plan, step);

    add(details, acceptance(accepted_by(plan, step, UCM_PHONE_USUAL)));
    if (mute != NULL)
        g_ptr_array_add(details,
                        g_strdup_printf("TVS of %s cannot vouch (its certificate has expired, is "
                                        "not known, or is not in the ITL that phones hold): phones "
                                        "whose CallManager group names no other node refuse. Give "
                                        "them a group with one that can, before you begin",
                                        mute));
    if (plan_has_devices_without_tvs(plan) && step == plan->plan->play.lost_at[UCM_PHONE_NO_TVS])
        add(details, "Devices that use no TVS (Jabber, 7940, 7960, many TelePresence endpoints) "
                     "refuse the CTL: delete it on each of them by hand now");
    if (step < plan->plan->steps)
        g_ptr_array_add(details, g_strdup_printf("Only then step %u. What is off now misses these "
                                                 "lists",
                                                 step + 1));
}

GPtrArray *plan_step_details(const struct plan *plan, uint32_t step)
{
    GPtrArray *details = g_ptr_array_new_with_free_func(g_free);

    switch (step_at(plan, step)->action) {
    case UCM_ACT_RENEW:
        detail_renew(plan, step, details);
        break;
    case UCM_ACT_CTL_UPDATE:
    case UCM_ACT_CTL_RESIGN:
        detail_ctl(plan, step, details);
        break;
    case UCM_ACT_ITL_RESIGN:
        detail_itl(plan, step, details);
        break;
    case UCM_ACT_RESTART:
        detail_restart(plan, step, details);
        break;
    case UCM_ACT_TFTP:
        detail_tftp(plan, step, details);
        break;
    case UCM_ACT_WAIT:
        detail_wait(plan, step, details);
        break;
    }
    return details;
}
