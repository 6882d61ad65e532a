/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One TVS request and its answer: does the answer answer it, and does it help the phone?
 * Facts: Cisco document 213407.
 * Fact tvs-verify-whole (A; test_exchange:each_fault_is_named,
 * test_exchange:a_verify_answer_needs_no_role_unless_asked): a verify request is about the whole
 * certificate, not only its name.
 */
#ifndef UCMTRUST_COMMON_EXCHANGE_H
#define UCMTRUST_COMMON_EXCHANGE_H

#include "lint.h"
#include "tvs.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A decoded message and the bytes that its views lie in. */
struct ucm_tvs_input {
    const uint8_t *data;
    const struct ucm_tvs *message;
};

/** All that judging an answer needs of its request, for those who cannot keep whole requests. */
struct ucm_tvs_asked {
    const uint8_t *data; /**< that the views lie in; borrowed */
    uint32_t session;
    uint8_t type;
    bool has_serial;
    struct ucm_view issuer;
    struct ucm_view serial;
};

/** Which role the asker needs. */
enum { UCM_ROLE_ANY = -1 };

/** What a message says by itself: its error and anomalies as findings. */
bool ucm_exchange_lint_message(const struct ucm_tvs *message, uint32_t source,
                               struct ucm_findings *findings);

/** Of a decoded request; the result borrows its bytes. */
struct ucm_tvs_asked ucm_tvs_asked(struct ucm_tvs_input request);

/** What an answer says to its request. asked may be NULL (not captured): then only the answer is
 * judged. role: the role that is needed, or UCM_ROLE_ANY: then an answer to a query
 * needs one that lets phones accept a file (SAST, TFTP or CCM+TFTP). check_cert: also read the
 * certificate (dates, same as asked for); costs an X.509 parse. Does not repeat what
 * ucm_exchange_lint_message() says. False when memory ran out. */
bool ucm_exchange_lint(const struct ucm_tvs_asked *asked, struct ucm_tvs_input answer, int role,
                       bool check_cert, int64_t now, uint32_t source,
                       struct ucm_findings *findings);

#ifdef __cplusplus
}
#endif

#endif
