/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes a capture of many phones that ask TVS, one exchange per connection, to measure Wireshark
 * with. usage: generate MESSAGES CAPTURE [KEYS]; with KEYS over real TLS, without in the clear.
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

static void write_exchange(FILE *out, uint64_t *now, uint32_t number, bool tls)
{
    static struct exchange_bytes exchange;
    uint32_t phone = number % PHONES;
    struct connection connection = {
        .out = out,
        .now = now,
        .address = {FIRST_PHONE + phone, SERVER},
        .port = {(uint16_t)(FIRST_PORT + number / PHONES), UCM_TVS_PORT},
    };

    exchange_make(number, phone, &exchange);
    connection_open(&connection);
    if (tls) {
        tls_exchange(&connection, &exchange);
    } else {
        connection_send(&connection, true, exchange.request, exchange.request_size);
        connection_send(&connection, false, exchange.answer, exchange.answer_size);
    }
    connection_close(&connection);
}

int main(int argc, char **argv)
{
    unsigned long messages = argc >= 3 ? strtoul(argv[1], NULL, 10) : 0;
    uint64_t now = UINT64_C(1795327200000000);
    FILE *out;
    FILE *keys;

    if (messages < 2 || messages > 20000000 || argc > 4) {
        fputs("usage: generate MESSAGES CAPTURE [KEYS]\n", stderr);
        return 2;
    }
    out = create(argv[2]);
    keys = argc == 4 ? create(argv[3]) : NULL;
    exchanges_begin();
    if (keys != NULL)
        tls_begin(keys);
    capture_begin(out);
    for (uint32_t i = 0; i < messages / 2; i++)
        write_exchange(out, &now, i, keys != NULL);
    if (fclose(out) != 0 || (keys != NULL && fclose(keys) != 0)) {
        perror(argv[2]);
        return 2;
    }
    return 0;
}
