/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TCP connections as a pcap file: see capture.h. Checksums are 0: tshark does not look at them.
 */
#include "capture.h"

#include <string.h>

enum {
    MSS = 1460,
    HEADERS = 14 + 20 + 20,
    PACKET_US = 100, /* between two packets */
    FIN = 0x01,
    SYN = 0x02,
    PSH = 0x08,
    ACK = 0x10
};

static void put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value);
}

void capture_begin(FILE *out)
{
    const uint32_t head[] = {0xa1b2c3d4, 4u << 16 | 2, 0, 0, 262144, 1};

    fwrite(head, sizeof head, 1, out);
}

static void put_packet(struct connection *connection, bool from_client, uint8_t flags,
                       const uint8_t *data, size_t size)
{
    int me = from_client ? 0 : 1;
    uint8_t packet[HEADERS + MSS] = {0,    0, 0x5e, 0, 0x53, 1,    0,   0,
                                     0x5e, 0, 0x53, 2, 0x08, 0x00, 0x45};
    uint32_t length = (uint32_t)(HEADERS + size);
    uint64_t now = *connection->now += PACKET_US;
    const uint32_t record[] = {(uint32_t)(now / 1000000), (uint32_t)(now % 1000000), length,
                               length};

    put16(packet + 16, length - 14);
    packet[22] = 64; /* time to live */
    packet[23] = 6;  /* TCP */
    put32(packet + 26, connection->address[me]);
    put32(packet + 30, connection->address[1 - me]);
    put16(packet + 34, connection->port[me]);
    put16(packet + 36, connection->port[1 - me]);
    put32(packet + 38, connection->sequence[me]);
    put32(packet + 42, (flags & ACK) != 0 ? connection->sequence[1 - me] : 0);
    packet[46] = 0x50;
    packet[47] = flags;
    put16(packet + 48, 0xffff);
    if (size > 0)
        memcpy(packet + HEADERS, data, size);
    connection->sequence[me] += (uint32_t)size + ((flags & (SYN | FIN)) != 0 ? 1 : 0);
    fwrite(record, sizeof record, 1, connection->out);
    fwrite(packet, length, 1, connection->out);
}

void connection_open(struct connection *connection)
{
    connection->sequence[0] = 1000;
    connection->sequence[1] = 5000;
    put_packet(connection, true, SYN, NULL, 0);
    put_packet(connection, false, SYN | ACK, NULL, 0);
    put_packet(connection, true, ACK, NULL, 0);
}

void connection_send(struct connection *connection, bool from_client, const uint8_t *data,
                     size_t size)
{
    while (size > 0) {
        size_t piece = size < MSS ? size : MSS;

        put_packet(connection, from_client, size == piece ? PSH | ACK : ACK, data, piece);
        data += piece;
        size -= piece;
    }
    put_packet(connection, !from_client, ACK, NULL, 0);
}

void connection_close(struct connection *connection)
{
    put_packet(connection, true, FIN | ACK, NULL, 0);
    put_packet(connection, false, FIN | ACK, NULL, 0);
    put_packet(connection, true, ACK, NULL, 0);
}
