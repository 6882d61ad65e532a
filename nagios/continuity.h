/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Then and now: would phones that hold a list which a node served before accept what it serves
 * now? Keeps what is served, asks TVS where that decides, and adds what comes out to the result.
 */
#ifndef UCMTRUST_NAGIOS_CONTINUITY_H
#define UCMTRUST_NAGIOS_CONTINUITY_H

#include "continuity_tvs.h"
#include "result.h"

/** What the user wants. */
struct continuity_settings {
    const char *folder;
    int64_t horizon; /**< seconds that a list is kept after it was last served */
    bool accept;     /**< drop what is older than now */
    struct panel_settings tvs;
    int64_t now;
};

/** A TFTP node and what it serves now. */
struct continuity_node {
    const char *name;
    const struct result_source *ctl;
    const struct result_source *itl;
    bool no_ctl; /**< it says that there is none */
};

/** Read "90" or "90d", 1 to 36500 days, as seconds; false when text is none. */
bool continuity_read_horizon(const char *text, int64_t *seconds);

void continuity_judge(struct result *result, const struct continuity_settings *settings,
                      const struct continuity_node *nodes, size_t count);

/** Notes on what differs between a list and the one before it: signer, renewed and vanished
 * certificates. since: when the older one was last served. */
void continuity_name_changes(struct result *result, const char *where,
                             const struct ucm_trustlist *before, const struct ucm_trustlist *now,
                             int64_t since);

#endif
