/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which TVS response belongs to which request, within one conversation. Written on the first pass
 * only; everything lives as long as the capture file. Must not know fields or columns.
 */
#ifndef UCMTRUST_DISSECTOR_TVS_EXCHANGE_H
#define UCMTRUST_DISSECTOR_TVS_EXCHANGE_H

#include "compat.h"
#include "kept.h"

#include "common/exchange.h"

/** One request and its response; a frame number of 0 says that this half was not seen. */
struct tvs_exchange {
    uint32_t request_frame;
    uint32_t response_frame;
    uint32_t request_session;
    uint32_t response_session; /**< the same, unless the server erred */
    nstime_t request_time;
    int64_t took; /**< nanoseconds from the request to the response, see tvs_exchange_took() */
    const struct kept *asked; /**< of a query: the issuer, behind it the serial number; NULL when
                                   there was no room for them, or neither is there */
    uint32_t number;          /**< of the request in its connection, from 1 */
    uint16_t issuer_size;
    bool has_serial;
    uint8_t request_type;
};

/** Forget how much was kept; called for each capture file. */
void tvs_exchange_init(void);

bool tvs_is_request(const struct ucm_tvs *message);
bool tvs_is_response(const struct ucm_tvs *message);

/** The exchange that this message belongs to, NULL for a response whose request was not seen. */
const struct tvs_exchange *tvs_exchange_of(packet_info *pinfo, int proto,
                                           const struct ucm_tvs *message, const uint8_t *data);

/** How long the answer took. */
nstime_t tvs_exchange_took(const struct tvs_exchange *exchange);

/** How much of a message is judged. */
enum tvs_depth {
    TVS_JUDGE_FORM,       /**< the message alone: for one that was not captured as a whole */
    TVS_JUDGE_ANSWER,     /**< and how a response answers its request: all that a column needs */
    TVS_JUDGE_CERTIFICATE /**< and its certificate, which costs many times as much */
};

/** Findings about one message. Free with ucm_findings_free(). */
void tvs_exchange_judge(const struct tvs_exchange *exchange, const struct ucm_tvs *message,
                        const uint8_t *data, packet_info *pinfo, enum tvs_depth depth,
                        struct ucm_findings *findings);

#endif
