/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lab's TVS server: what its parts share. It answers as CUCM's Trust Verification Service does,
 * or fails on demand. It must not use common/: it decodes and encodes TVS messages by itself, so
 * that it can disagree with the product. Facts: the published exchange of a phone 8861 with
 * CUCM 10.5.2, and the roles by store of release 9.1. */
#ifndef UCMTRUST_LAB_TVS_SERVER_H
#define UCMTRUST_LAB_TVS_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

enum {
    TVS_HEADER = 10,
    TVS_PAYLOAD_MAX = 65535,
    TVS_MESSAGE_MAX = TVS_HEADER + TVS_PAYLOAD_MAX,
    NAME_MAX_BYTES = 1024,
    SERIAL_MAX_BYTES = 64,
    ROLES_MAX = 16,
    CERTIFICATES_MAX = 4096,
    STORE_FILE_MAX = 1 << 20,
    STORE_DEPTH_MAX = 3,
    CLIENTS_DEFAULT = 64, /* served at a time */
    CLIENTS_MAX = 4096,
    QUEUE_MAX = 4096, /* that may wait for it */
    IO_SECONDS = 60   /* no read, write or fault lasts longer */
};

enum fault {
    FAULT_NONE,
    FAULT_SILENT_ACCEPT,
    FAULT_SILENT_ANSWER,
    FAULT_DRIP,
    FAULT_RESET_ACCEPT,
    FAULT_RESET_REQUEST,
    FAULT_GARBAGE,
    FAULT_HUGE,
    FAULT_ENDLESS,
    FAULT_WRONG_SESSION,
    FAULT_OTHER_CERTIFICATE,
    FAULT_TWO_ANSWERS,
    FAULT_SPLIT,
    FAULT_CLOSE_BEFORE_ANSWER,
    FAULT_WRONG_TYPE,
    FAULT_BAD_DISCRIMINATOR,
    FAULT_SHORT,
    FAULT_HALF,
    FAULT_HALF_RESET,
    FAULT_NO_GOODBYE,
    FAULT_RENEGOTIATE,
    FAULT_RENEGOTIATE_OTHER,
    FAULT_RENEGOTIATE_ENDLESS,
    FAULT_KEY_UPDATES,
    FAULT_COUNT
};

enum client_certificate { CLIENT_CERT_NONE, CLIENT_CERT_OPTIONAL, CLIENT_CERT_REQUIRED };

struct options {
    char host[256];
    char port[8];
    const char *certificate, *key, *store, *ciphers, *client_ca, *log;
    const char *second_certificate, *second_key; /* of FAULT_RENEGOTIATE_OTHER */
    int tls_min, tls_max;
    enum client_certificate client_certificate;
    bool plain, query_off;
    uint32_t ttl;
    unsigned requests;              /* served per connection */
    unsigned clients;               /* served at a time */
    unsigned delay_ms;              /* before each answer */
    unsigned silent;                /* at own IPv4 addresses that it divides; 0: at none */
    unsigned together;              /* no answer before so many requests wait for one */
    uint8_t issuer_tag, serial_tag; /* 0: any of 4, 5, 6, told apart by content */
    enum fault fault;
};

struct stored {
    uint8_t *der;
    size_t der_size;
    char issuer[NAME_MAX_BYTES];
    uint8_t serial[SERIAL_MAX_BYTES];
    size_t serial_size;
    uint8_t roles[ROLES_MAX]; /* union over the stores that hold it */
    size_t roles_count;
};

struct store {
    struct stored *items;
    size_t count;
};

struct request {
    uint8_t type;
    uint32_t session;
    const uint8_t *certificate, *issuer, *serial, *device;
    size_t certificate_size, issuer_size, serial_size, device_size;
    uint8_t issuer_tag, serial_tag;
};

struct channel {
    int fd;
    SSL *ssl; /* NULL with --plain */
};

bool options_parse(struct options *options, int argc, char **argv);
const char *fault_name(enum fault fault);

bool store_load(struct store *store, const char *folder);
const struct stored *store_by_name(const struct store *store, const struct request *request);
const struct stored *store_by_certificate(const struct store *store, const uint8_t *der,
                                          size_t size);

bool request_decode(struct request *request, const uint8_t *message, size_t size);
bool request_tags_accepted(const struct request *request, const struct options *options);
size_t answer_encode(uint8_t *out, const struct request *request, const struct stored *found,
                     uint32_t ttl);

SSL_CTX *tls_context(const struct options *options);
void tls_errors(char *out, size_t size);

/* Returns when the answer to a request may be sent: with --together when so many requests have
 * come, and after the delay. */
void pace_answer(const struct options *options);

bool channel_read(struct channel *channel, uint8_t *out, size_t size);
bool channel_write(struct channel *channel, const uint8_t *data, size_t size);
void channel_wait_for_close(struct channel *channel);
void channel_close(struct channel *channel);
void channel_reset(struct channel *channel);
/* Another handshake, where the fault is one; false: the connection is to be closed. */
bool handshake_again(struct channel *channel, const struct options *options);
void fault_answer(struct channel *channel, enum fault fault, uint8_t *answer, size_t size);

void connection_serve(int fd, const char *peer, SSL_CTX *context, const struct options *options,
                      const struct store *store);
void log_event(const char *peer, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool log_open(const char *path);

#endif
