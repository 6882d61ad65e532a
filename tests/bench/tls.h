/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Real TLS between a client and a server in memory, its bytes written to a capture.
 */
#ifndef UCMTRUST_TESTS_BENCH_TLS_H
#define UCMTRUST_TESTS_BENCH_TLS_H

#include "capture.h"
#include "exchanges.h"

/** Prepare both sides; the secrets go to a file as Wireshark reads them. */
void tls_begin(FILE *keys);

struct ssl_st;

/** Both ends of one TLS connection: client, server. */
struct tls {
    struct ssl_st *side[2];
};

/** Shake hands: TLS 1.2 with AES256-SHA, as CUCM 10.5 speaks. */
void tls_open(struct tls *tls, struct connection *connection);

/** A request and its answer. */
void tls_exchange(struct tls *tls, struct connection *connection,
                  const struct exchange_bytes *exchange);

/** The client says that it closes, as phones do. */
void tls_close(struct tls *tls, struct connection *connection);

#endif
