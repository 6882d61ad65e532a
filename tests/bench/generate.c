/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes a capture of many phones that ask TVS, to measure Wireshark with.
 * usage: generate MESSAGES EXCHANGES-PER-CONNECTION CAPTURE [KEYS]
 * With KEYS over real TLS, without in the clear. Phones make one exchange per connection.
 */
#include "capture.h"
#include "exchanges.h"
#include "tls.h"

#include <stdlib.h>

enum { PHONES = 50000, FIRST_PORT = 40000 };

static const uint32_t FIRST_PHONE = 10u << 24 | 1;        /* 10.0.0.1 */
static const uint32_t SERVER = 192u << 24 | 2u << 8 | 11; /* 192.0.2.11 */

static FILE *create(const char *path)
{
    FILE *out = fopen(path, "wb");

    if (out == NULL) {
        perror(path);
        exit(2);
    }
    setvbuf(out, NULL, _IOFBF, 1 << 20);
    return out;
}

/* One connection with the exchanges from `number` on. */
static void write_connection(FILE *out, uint64_t *now, uint32_t index, uint32_t number,
                             uint32_t count, bool with_tls)
{
    static struct exchange_bytes exchange;
    uint32_t phone = index % PHONES;
    struct connection connection = {
        .out = out,
        .now = now,
        .address = {FIRST_PHONE + phone, SERVER},
        .port = {(uint16_t)(FIRST_PORT + index / PHONES), UCM_TVS_PORT},
    };
    struct tls tls;

    connection_open(&connection);
    if (with_tls)
        tls_open(&tls, &connection);
    for (uint32_t i = 0; i < count; i++) {
        exchange_make(number + i, phone, &exchange);
        if (with_tls) {
            tls_exchange(&tls, &connection, &exchange);
            continue;
        }
        connection_send(&connection, true, exchange.request, exchange.request_size);
        connection_send(&connection, false, exchange.answer, exchange.answer_size);
    }
    if (with_tls)
        tls_close(&tls, &connection);
    connection_close(&connection);
}

int main(int argc, char **argv)
{
    unsigned long messages = argc >= 4 ? strtoul(argv[1], NULL, 10) : 0;
    unsigned long each = argc >= 4 ? strtoul(argv[2], NULL, 10) : 0;
    uint64_t now = UINT64_C(1795327200000000);
    FILE *out;
    FILE *keys;

    if (messages < 2 || messages > 20000000 || each < 1 || each > 1000 || argc > 5) {
        fputs("usage: generate MESSAGES EXCHANGES-PER-CONNECTION CAPTURE [KEYS]\n", stderr);
        return 2;
    }
    out = create(argv[3]);
    keys = argc == 5 ? create(argv[4]) : NULL;
    exchanges_begin();
    if (keys != NULL)
        tls_begin(keys);
    capture_begin(out);
    for (uint32_t i = 0; i < messages / 2; i += (uint32_t)each)
        write_connection(out, &now, i / (uint32_t)each, i, (uint32_t)each, keys != NULL);
    if (fclose(out) != 0 || (keys != NULL && fclose(keys) != 0)) {
        perror(argv[3]);
        return 2;
    }
    return 0;
}
