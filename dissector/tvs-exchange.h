/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which TVS response belongs to which request, within one conversation. Written on the first pass
 * only; everything lives as long as the capture file. Must not know fields or columns.
 */
#ifndef UCMTRUST_DISSECTOR_TVS_EXCHANGE_H
#define UCMTRUST_DISSECTOR_TVS_EXCHANGE_H

#include "compat.h"

#include "common/exchange.h"

/** One request and its response; a frame number of 0 says that this half was not seen. */
struct tvs_exchange {
    uint32_t request_frame;
    uint32_t response_frame;
    uint32_t request_session;
    uint32_t response_session; /**< the same, unless the server erred */
    nstime_t request_time;
    nstime_t response_time;
    uint8_t *request; /**< copy of the request, of a verification its header only; NULL when it was
                           too large to keep */
    uint32_t request_size;
};

/** Forget how much was kept; called for each capture file. */
void tvs_exchange_init(void);

bool tvs_is_request(const struct ucm_tvs *message);

/** The exchange that this message belongs to, NULL for a response whose request was not seen. */
const struct tvs_exchange *tvs_exchange_of(packet_info *pinfo, int proto,
                                           const struct ucm_tvs *message, const uint8_t *data);

/** How much of a message is judged. */
enum tvs_depth {
    TVS_JUDGE_FORM,       /**< the message alone: for one that was not captured as a whole */
    TVS_JUDGE_ANSWER,     /**< and how a response answers its request: all that a column needs */
    TVS_JUDGE_CERTIFICATE /**< and its certificate, which costs a hundred times as much */
};

/** Findings about one message. Free with ucm_findings_free(). */
void tvs_exchange_judge(const struct tvs_exchange *exchange, const struct ucm_tvs *message,
                        const uint8_t *data, packet_info *pinfo, enum tvs_depth depth,
                        struct ucm_findings *findings);

#endif
