/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A capture of TCP connections, written to a pcap file. Must not know what they carry.
 */
#ifndef UCMTRUST_TESTS_BENCH_CAPTURE_H
#define UCMTRUST_TESTS_BENCH_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** One connection in a capture: who talks, and how far each side is. */
struct connection {
    FILE *out;
    uint64_t *now;        /**< microseconds since 1970; every packet takes some */
    uint32_t address[2];  /**< client, server */
    uint16_t port[2];     /**< client, server */
    uint32_t sequence[2]; /**< client, server */
};

/** Start a capture file. */
void capture_begin(FILE *out);

/** The three packets that open a connection; addresses, ports, out and now are set. */
void connection_open(struct connection *connection);

/** Bytes of one side, in as many segments as they take, and the other side's acknowledgement. */
void connection_send(struct connection *connection, bool from_client, const uint8_t *data,
                     size_t size);

/** The client closes, as phones do. */
void connection_close(struct connection *connection);

#endif
