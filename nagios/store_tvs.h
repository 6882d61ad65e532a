/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust stores against what TVS answers: each node is asked about the certificates that phones may
 * meet as signers. Knows no source of stores.
 */
#ifndef UCMTRUST_NAGIOS_STORE_TVS_H
#define UCMTRUST_NAGIOS_STORE_TVS_H

#include "tvs_report.h"

#include "common/store.h"

/** How to ask. */
struct store_tvs_settings {
    char *const *node; /**< NODE or NODE:PORT, ended by NULL; NULL: ask nobody */
    const char *client_cert;
    const char *client_key; /**< NULL: in the same file */
    bool legacy;
    int64_t now;
    struct tvs_report_settings report;
};

/** Ask all nodes until the deadline, and add to the result who answered what the stores do not say.
 * A server is trusted when its certificate lies in the store TVS; nothing is sent to others. */
void store_tvs_ask(const struct store_tvs_settings *settings, const struct ucm_stores *stores,
                   struct result *result);

#endif
