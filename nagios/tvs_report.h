/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What came of a TVS question, as facts and findings of a result. Knows nothing of connections.
 */
#ifndef UCMTRUST_NAGIOS_TVS_REPORT_H
#define UCMTRUST_NAGIOS_TVS_REPORT_H

#include "result.h"
#include "tvs_client.h"

/** What the user said about nodes that fail. */
struct tvs_report_settings {
    enum plugin_state unreachable;   /**< STATE_UNSET: what the finding says */
    enum plugin_state timeout_state; /**< the same */
    bool legacy;                     /**< old TLS was allowed already */
};

/** How far it got and over what TLS. */
void tvs_report_connection(struct result_tvs *tvs, const struct tvs_exchange *exchange);

/** What the answer says. data: what it was decoded from. */
void tvs_report_answer(struct result_tvs *tvs, const struct ucm_tvs *answer, const uint8_t *data);

/** Is what came an answer to the request, whatever it says about the certificate? answer is filled
 * in as far as it goes. */
bool tvs_report_is_answer(const struct tvs_exchange *exchange, int64_t now, struct ucm_tvs *answer);

/** The roles of an answer as a set of bits. */
uint32_t tvs_report_roles(const struct ucm_tvs *answer, const uint8_t *data);

/** Add the finding about a question that did not end in TVS_ANSWERED. */
void tvs_report_failure(struct result *result, const struct tvs_report_settings *settings,
                        const char *where, const struct tvs_exchange *exchange);

#endif
