/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TVS messages (Trust Verification Service, inside TLS on TCP 2445): decode any, encode requests.
 * No allocation, no I/O. Facts: Cisco document 213407 (a CUCM 10.5.2 log with bytes), grade A
 * unless a comment says otherwise. All integers are big-endian.
 *
 * Header, 10 bytes: discriminator 0x57, version 1, type, reserved, session id (4), payload length
 * (2). Then elements: tag (1), length (2), value; in any order.
 */
#ifndef UCMTRUST_COMMON_TVS_H
#define UCMTRUST_COMMON_TVS_H

#include "bytes.h"
#include "finding.h"
#include "names.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    /* Fact tvs-port (A; test_dissector:test_port_preference): TVS is TLS on TCP 2445. */
    UCM_TVS_PORT = 2445,
    /* Fact tvs-discriminator (A; test_tvs:other_protocols_are_refused): a message begins with
     * 0x57. */
    UCM_TVS_DISCRIMINATOR = 0x57,
    /* Fact tvs-version (A; test_tvs:published_beginnings_decode_as_far_as_they_go): then version
     * 1. */
    UCM_TVS_VERSION = 1,
    /* Fact tvs-header (A; test_tvs:message_size_needs_the_whole_header,
     * test_tvs:published_request_has_the_published_lengths): the header has 10 bytes:
     * discriminator, version, type, reserved, session (4), length (2). */
    UCM_TVS_HEADER_SIZE = 10,
    /* Fact tvs-length (A; test_tvs:published_response_is_rebuilt,
     * test_tvs:trailing_bytes_are_named): the length counts what follows the header. */
    UCM_TVS_SIZE_MAX = UCM_TVS_HEADER_SIZE + 0xffff,
    /* Fact tvs-first-session (A; test_tvs:published_request_is_rebuilt_in_every_numbering):
     * phones begin with session 1001. */
    UCM_TVS_FIRST_SESSION = 1001, /**< what phones start at */
    /* Fact tvs-ttl-day (A; test_dissector:test_three_exchanges): an answer is good for 86400 s. */
    UCM_TVS_TTL_DAY = 86400, /**< what CUCM answers, seconds */
};

/** What an element is, after a look at its content (tags 4, 5 and 6 need it). */
enum ucm_tvs_kind {
    UCM_TVS_DEVICE,
    UCM_TVS_CERTIFICATE,
    UCM_TVS_SUBJECT,
    UCM_TVS_ISSUER,
    UCM_TVS_SERIAL,
    UCM_TVS_STATUS_ELEMENT,
    UCM_TVS_ROLES,
    UCM_TVS_TTL,
    UCM_TVS_OTHER, /**< unknown tag: show number and bytes */
    UCM_TVS_KINDS
};

/** One element. */
struct ucm_tvs_element {
    enum ucm_tvs_kind kind;
    uint8_t tag;
    uint32_t at;           /**< offset of the tag */
    struct ucm_view value; /**< the raw value, final NUL and leading bytes included */
};

/** A decoded message. Views lie in the input; a kind that is absent has bit 0 in `has`. */
struct ucm_tvs {
    uint8_t version;
    uint8_t type;
    /* Fact tvs-reserved (A; test_tvs:published_response_is_rebuilt): byte 3 is 0 in requests and
     * anything in responses. */
    uint8_t reserved; /**< 0 in requests, anything in responses */
    uint32_t session;
    uint16_t length; /**< payload length as the header says */
    uint32_t size;   /**< bytes of the input that belong to the message */
    uint32_t has;    /**< bit (1 << enum ucm_tvs_kind) for each kind that is there */
    /* Fact tvs-certificates (B; test_tvs:elements_come_in_any_order_and_number): a response may
     * carry several certificates. */
    uint32_t certificates;                /**< how many certificates; the first is in value[] */
    uint8_t status;                       /**< valid when UCM_TVS_STATUS_ELEMENT is there */
    uint32_t ttl;                         /**< seconds; valid when UCM_TVS_TTL is there */
    struct ucm_view value[UCM_TVS_KINDS]; /**< first of each kind: texts without NUL, the device
                                               name without its leading byte, roles a byte each */
    struct ucm_cursor elements;           /**< start of ucm_tvs_next() */
    struct ucm_finding error;             /**< where decoding stopped; id 0 when it did not */
    struct ucm_anomalies anomalies;       /**< tolerated; decoding went on */
};

/** Is the kind there? */
static inline bool ucm_tvs_has(const struct ucm_tvs *message, enum ucm_tvs_kind kind)
{
    return (message->has >> kind & 1u) != 0;
}

/** Size of the message that starts at data, header included, from its first 10 bytes. 0 when there
 * are fewer than 10 or when they are not the start of a TVS message. */
uint32_t ucm_tvs_message_size(const uint8_t *data, size_t size);

/** Decode one message at the start of data. Returns false when it had to stop early: then error
 * says why and where, and all that came before is filled in. Never reads outside size bytes. */
bool ucm_tvs_decode(const uint8_t *data, size_t size, struct ucm_tvs *message);

/** Pull the next element; start with a copy of message.elements. False at the end or where the
 * next one is cut off. */
bool ucm_tvs_next(struct ucm_cursor *cursor, struct ucm_tvs_element *element);

/** Model of a device name such as "CP-8861-SEPB000B4BA0AEE" ("8861") and its MAC address as 12 hex
 * digits. Either view is empty when the name has not that form. */
void ucm_tvs_device_parts(const uint8_t *base, struct ucm_view device, struct ucm_view *model,
                          struct ucm_view *mac);

/* Fact tvs-device-form (A; test_tvs:only_the_known_form_is_sent): a server takes CP-, four
 * digits, -SEP and the MAC address, and nothing else. */
/** Is it a device name that servers accept: CP-<4 digits>-SEP<12 upper-case hex>? */
bool ucm_tvs_device_valid(const char *device);

/* Fact tvs-role-size (A; test_tvs:published_response_is_rebuilt): a role of an answer is one
 * byte, that of a record two. */
/** Does the answer carry the role? */
bool ucm_tvs_has_role(const uint8_t *base, const struct ucm_tvs *message, uint32_t role);

/* Fact tvs-query-tags (C; test_tvs:published_request_is_rebuilt_in_every_numbering,
 * test_check_tvs:test_query_that_finds_nothing_is_unknown): which of 4, 5 and 6 carry the issuer
 * and the serial number of a query. */
/** Tags under which a query carries issuer and serial. Which of 4, 5 and 6 CUCM reads is unknown
 * (C); these pairs are tried in this order. */
struct ucm_tvs_query_tags {
    uint8_t issuer;
    uint8_t serial;
};
enum { UCM_TVS_QUERY_TAG_PAIRS = 6 };
extern const struct ucm_tvs_query_tags ucm_tvs_query_tags[UCM_TVS_QUERY_TAG_PAIRS];

/** A verify request: "do you vouch for this certificate?" device is a NUL-terminated name.
 * Returns its size, 0 when it does not fit in room (or in a TVS message). */
size_t ucm_tvs_encode_verify(uint8_t *out, size_t room, uint32_t session, const char *device,
                             const uint8_t *certificate, size_t certificate_size);

/** A query request: "give me the certificate with this issuer and serial". Names are
 * NUL-terminated, the serial is raw bytes. Returns its size, 0 when it does not fit. */
size_t ucm_tvs_encode_query(uint8_t *out, size_t room, uint32_t session, const char *device,
                            const char *subject, const char *issuer, const uint8_t *serial,
                            size_t serial_size, struct ucm_tvs_query_tags tags);

#ifdef __cplusplus
}
#endif

#endif
