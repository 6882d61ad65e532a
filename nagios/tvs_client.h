/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One TVS request to each of many nodes over TLS, side by side, each as far as it gets before the
 * deadline. Knows nothing of findings, options or states; only where an answer ends.
 *
 * Fact tvs-one-request (A; test_port:test_several_requests_are_a_note,
 * test_check_tvs:test_request_is_what_a_phone_sends): a phone asks once for each connection and
 * closes it.
 */
#ifndef UCMTRUST_NAGIOS_TVS_CLIENT_H
#define UCMTRUST_NAGIOS_TVS_CLIENT_H

#include "common/cert.h"
#include "common/tvs.h"

/** How far a phone's question gets, in this order. */
enum tvs_stage {
    TVS_STAGE_RESOLVE,
    TVS_STAGE_CONNECT,
    TVS_STAGE_HANDSHAKE,
    TVS_STAGE_IDENTITY,
    TVS_STAGE_REQUEST,
    TVS_STAGE_ANSWER,
};

/** How it ended. */
enum tvs_outcome {
    TVS_PENDING,
    TVS_ANSWERED,            /**< bytes came; whether they are an answer is another question */
    TVS_LOCAL,               /**< a reason of our own: no such name, no memory */
    TVS_SILENT,              /**< not in time */
    TVS_REFUSED,             /**< refused, reset, closed, or a failed handshake */
    TVS_STRANGER,            /**< its certificate is none of the pins; nothing was sent to it */
    TVS_WANTS_CLIENT_CERT,   /**< asked for one, got none, and broke off */
    TVS_REFUSES_CLIENT_CERT, /**< broke off about the one that it got */
    TVS_NO_COMMON_TLS,       /**< no version or cipher in common */
    TVS_NOT_TLS,             /**< what came back is not TLS */
};

#define TVS_PORT "2445" /* UCM_TVS_PORT, as the resolver takes it */

/* From the block of MAC addresses set aside for documentation: no phone has it. */
#define TVS_DEVICE "CP-8861-SEP00005E005300"

/** A certificate that a server may have. */
struct tvs_pin {
    const uint8_t *der;
    size_t size;
};

/** What all nodes have in common. */
struct tvs_settings {
    const char *port;
    const struct tvs_pin *pin;
    size_t pins;
    bool insecure;           /**< take any server */
    bool legacy;             /**< TLS 1.0 and 1.1, and what they need */
    const char *client_cert; /**< PEM file, or NULL */
    const char *client_key;
    int64_t patience_ms; /**< longest time for one question; 0: only the deadline counts */
};

enum { TVS_DETAIL_MAX = 160, TVS_TLS_MAX = 16, TVS_CIPHER_MAX = 64 };

/** One node. The caller sets node, request and request_size, and port and settings where they are
 * not those of all; they must outlive the question. Clear with tvs_exchange_clear(). */
struct tvs_exchange {
    const char *node;
    const char *port;
    const struct tvs_settings *settings; /**< NULL: those that tvs_ask() was given */
    const uint8_t *request;
    size_t request_size;
    enum tvs_outcome outcome;
    enum tvs_stage stage;
    char detail[TVS_DETAIL_MAX]; /**< why not, for people */
    char tls[TVS_TLS_MAX];       /**< "TLSv1.2", "" before the handshake */
    char cipher[TVS_CIPHER_MAX];
    char identity[UCM_CERT_NAME_MAX]; /**< subject of the server's certificate, raw; "" for none */
    uint8_t *certificate;             /**< of the server, DER; NULL for none */
    size_t certificate_size;
    double ms;       /**< from connect to the whole answer; negative for none */
    uint8_t *answer; /**< may hold more than a message */
    size_t answer_size;
};

/** Called when a node is done, but not after the deadline. True: it has a new request, ask again on
 * a new connection. */
typedef bool tvs_again_function(struct tvs_exchange *exchange, size_t index, void *user);

/** Free what an exchange holds. */
void tvs_exchange_clear(struct tvs_exchange *exchange);

/** "resolve", "connect", "handshake", "identity", "request" or "answer". */
const char *tvs_stage_name(enum tvs_stage stage);

/** Ask all of them until the deadline of plugin.h. Returns NULL, or why nobody could be asked at
 * all (static or in why, which has room for TVS_DETAIL_MAX). Those whose own settings cannot be
 * used end as TVS_LOCAL. settings may be NULL when each has its own. */
const char *tvs_ask(const struct tvs_settings *settings, struct tvs_exchange *exchanges,
                    size_t count, tvs_again_function *again, void *user, char *why);

#endif
