/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What phones and TVS say to each other in the generated captures: a request and its answer.
 */
#ifndef UCMTRUST_TESTS_BENCH_EXCHANGES_H
#define UCMTRUST_TESTS_BENCH_EXCHANGES_H

#include "common/tvs.h"

#include <openssl/x509.h>

/** A request and its answer as bytes. */
struct exchange_bytes {
    size_t request_size;
    size_t answer_size;
    uint8_t request[UCM_TVS_SIZE_MAX];
    uint8_t answer[UCM_TVS_SIZE_MAX];
};

/** Make the certificates that are asked about; takes a second. */
void exchanges_begin(void);

/** The exchange with this number: of four, three are queries and one is a verification; of eight,
 * one is answered with "not found". The phone with this number asks. */
void exchange_make(uint32_t number, uint32_t phone, struct exchange_bytes *exchange);

/** A certificate for a TLS server, and its key. Never NULL. */
X509 *exchanges_certificate(EVP_PKEY **key);

#endif
