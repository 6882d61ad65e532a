/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TLS as a phone speaks it to TVS: the context, the pin, and what an error means. Knows nothing of
 * sockets and deadlines.
 *
 * Fact tvs-tls-versions (B; test_check_tvs:test_old_tls): before 11.5(1)SU3, TVS speaks TLS 1.0
 * only.
 */
#ifndef UCMTRUST_NAGIOS_TVS_TLS_H
#define UCMTRUST_NAGIOS_TVS_TLS_H

#include "tvs_client.h"

#include <openssl/ssl.h>

/** What the callbacks of one connection note. */
struct tvs_peer {
    bool seen;    /**< it showed a certificate */
    bool trusted; /**< which is one of the pins, or any will do */
    bool asked;   /**< it asked for a client certificate */
    char subject[UCM_CERT_NAME_MAX];
    uint8_t *certificate; /**< that it showed, DER; whoever holds this structure frees it */
    size_t certificate_size;
};

/** A context; NULL when it cannot be made, then why (TVS_DETAIL_MAX) says the reason. settings must
 * outlive it. */
SSL_CTX *tvs_tls_context(const struct tvs_settings *settings, char *why);

/** A connection over a connected socket; NULL without memory. peer must outlive it. */
SSL *tvs_tls_start(SSL_CTX *context, int fd, struct tvs_peer *peer);

/** Is this error of a system call one of this machine, and says nothing of the server? */
bool tvs_is_ours(int error);

/** What it means that a TLS call failed in this stage, from the error queue; error: from
 * SSL_get_error(). detail: TVS_DETAIL_MAX. */
enum tvs_outcome tvs_tls_failure(const struct tvs_settings *settings, const struct tvs_peer *peer,
                                 enum tvs_stage stage, int error, int system_error, char *detail);

#endif
