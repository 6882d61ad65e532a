/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A plan of renewal for one cluster of the inventory: collects what it serves and shows, lets
 * common/renewal plan, and puts the outcome into a result. Must not judge, and knows no words for
 * steps: those are in plan_steps.h.
 */
#ifndef UCMTRUST_NAGIOS_PLAN_H
#define UCMTRUST_NAGIOS_PLAN_H

#include "site.h"
#include "store_set.h"

#include "common/renewal.h"

/** What is wanted. Nothing in it is owned. */
struct plan_settings {
    const struct inventory_cluster *cluster;
    const struct ucm_stores *stores; /**< more certificates, from other sources; NULL: none */
    const char *publisher;           /**< a node of the cluster; NULL: the first one */
    int64_t horizon_days;
    int64_t now;
    struct site_settings site;
};

/** A plan with all that it rests on. */
struct plan {
    const struct site *site;
    const struct ucm_renewal *renewal;
    const struct ucm_plan *plan;
    bool publisher_given;
    bool sources_given;      /**< stores were read as well */
    const GPtrArray *settle; /**< of char *: what is wrong already, "ID where: text" */
};

/** Collect, plan, and give the result its findings, numbers, summary and the plan itself. */
void plan_make(const struct plan_settings *settings, struct result *result);

/** The plan as a person reads it, and as a member "plan" of an object. */
void plan_text(GString *out, const struct plan *plan);
void plan_json(GString *out, const struct plan *plan);

#endif
