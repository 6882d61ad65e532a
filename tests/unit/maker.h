/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the unit tests share: building elements, certificates and signed lists in memory, and
 * copying input to a block of exactly its size, so that a read past its end is seen.
 */
#ifndef UCMTRUST_TESTS_UNIT_MAKER_H
#define UCMTRUST_TESTS_UNIT_MAKER_H

/* cmocka.h wants these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/** A role that make_record() leaves out. */
#define MAKER_NO_ROLE 0xfffe

enum { NOW = 1700000000, DAY = 86400, YEAR = 365 * DAY, MAKER_ROOM = 1 << 17 };

/** Bytes that grow; aborts the test when there are more than fit. */
struct maker {
    size_t size;
    uint8_t data[MAKER_ROOM];
};

void make_bytes(struct maker *maker, const void *bytes, size_t size);
void make_tlv(struct maker *maker, uint8_t tag, const void *value, size_t size);
void make_text(struct maker *maker, uint8_t tag, const char *text); /**< NUL counted */
void make_number(struct maker *maker, uint8_t tag, uint32_t value, uint32_t bytes);
void make_filler(struct maker *maker, uint8_t tag, size_t size);
/** Open a container; close it with what open returned. */
size_t make_open(struct maker *maker, uint8_t tag);
void make_close(struct maker *maker, size_t open);
/** Overwrite a number at an offset. */
void make_patch(struct maker *maker, size_t at, uint32_t value, uint32_t bytes);

/** A copy of exactly this size; free() it. Never NULL. */
uint8_t *exact(const uint8_t *data, size_t size);

/** A certificate and its key. */
struct identity {
    EVP_PKEY *key;
    const char *name; /**< "CN=…" */
    uint8_t serial[16];
    size_t der_size;
    uint8_t der[4096];
};

/** How a certificate shall be; zero means the default. */
struct identity_options {
    const char *cn;
    const char *organisation; /**< default none */
    int64_t not_before;       /**< default NOW - YEAR */
    int64_t not_after;        /**< default NOW + 5 * YEAR */
    int bits;                 /**< default 2048 */
    uint8_t serial;           /**< first byte of the serial number, default 0x24 */
    size_t der_size;          /**< pad the certificate to this size */
    bool ec;
};

/** Make a self-signed certificate. Keys of the same kind are made once and then shared. */
struct identity *make_identity(const struct identity_options *options);
void free_identity(struct identity *identity);

/** One record of a list. */
struct record_options {
    const struct identity *identity; /**< NULL: the 33-byte record without a certificate */
    uint16_t role;
    bool key_only; /**< public key, no certificate */
};

/** How a list shall be; zero means the default. */
struct list_options {
    const char *filename; /**< default ITLFile.tlv */
    const struct identity *signer;
    uint8_t digest; /**< default SHA-512 */
    uint32_t timestamp;
    const struct record_options *records;
    size_t record_count;
    const void *body; /**< a signed file: this instead of records */
    size_t body_size;
    bool unsigned_list;
};

void make_record(struct maker *maker, const struct record_options *options);
/** Write a whole list, signed. */
void make_list(struct maker *maker, const struct list_options *options);
/** Sign a list again after its bytes were changed. */
void make_signature(struct maker *maker, const struct identity *signer);

#endif
