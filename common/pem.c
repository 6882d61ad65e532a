/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The certificates in a file: see pem.h.
 */
#define _GNU_SOURCE /* memmem */
#include "pem.h"

#include <limits.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>

enum { DER_SEQUENCE = 0x30 };

static const char BEGIN[] = "-----BEGIN ";

struct ucm_pem_walk ucm_pem_walk(const uint8_t *data, size_t size)
{
    return (struct ucm_pem_walk){data, size, 0};
}

static enum ucm_pem_kind kind_of(const char *name)
{
    const size_t length = strlen(name);
    static const char key[] = "PRIVATE KEY";

    if (strcmp(name, PEM_STRING_X509) == 0 || strcmp(name, PEM_STRING_X509_OLD) == 0)
        return UCM_PEM_CERTIFICATE;
    if (length >= sizeof key - 1 && strcmp(name + length - (sizeof key - 1), key) == 0)
        return UCM_PEM_PRIVATE_KEY;
    /* These hold certificates that nobody here takes out: better said than skipped. */
    if (strcmp(name, PEM_STRING_X509_TRUSTED) == 0 || strcmp(name, PEM_STRING_PKCS7) == 0 ||
        strcmp(name, PEM_STRING_PKCS7_SIGNED) == 0 || strcmp(name, PEM_STRING_CMS) == 0)
        return UCM_PEM_BROKEN;
    return UCM_PEM_OTHER;
}

/* All of it: what follows a certificate is seen by whoever reads it. */
static bool next_der(struct ucm_pem_walk *walk, struct ucm_pem_block *block)
{
    walk->at = walk->size;
    block->kind = UCM_PEM_CERTIFICATE;
    block->size = walk->size;
    block->der = OPENSSL_memdup(walk->data, walk->size);
    return block->der != NULL;
}

/* OpenSSL's reader decides where a block ends; one that it cannot read ends where the next begins.
 */
static void read_block(struct ucm_pem_walk *walk, struct ucm_pem_block *block)
{
    const size_t left = walk->size - walk->at;
    const uint8_t *start = walk->data + walk->at;
    const uint8_t *next =
        memmem(start + sizeof BEGIN - 1, left - (sizeof BEGIN - 1), BEGIN, sizeof BEGIN - 1);
    const size_t room = next != NULL ? (size_t)(next - start) : left;
    BIO *bio = room <= INT_MAX ? BIO_new_mem_buf(start, (int)room) : NULL;
    char *name = NULL;
    char *header = NULL;
    unsigned char *data = NULL;
    long size = 0;

    block->kind = UCM_PEM_BROKEN;
    if (bio != NULL && PEM_read_bio(bio, &name, &header, &data, &size) == 1) {
        block->kind = kind_of(name);
        if (block->kind == UCM_PEM_CERTIFICATE) {
            block->der = data;
            block->size = (size_t)size;
            data = NULL;
        }
    }
    if (data != NULL)
        OPENSSL_clear_free(data, (size_t)size);
    OPENSSL_free(name);
    OPENSSL_free(header);
    BIO_free(bio);
    ERR_clear_error();
    walk->at += room;
}

bool ucm_pem_next(struct ucm_pem_walk *walk, struct ucm_pem_block *block)
{
    const uint8_t *found = NULL;

    *block = (struct ucm_pem_block){0};
    if (walk->at == 0 && walk->size > 1 && walk->data[0] == DER_SEQUENCE && walk->data[1] >= 0x80)
        return next_der(walk, block);
    if (walk->at < walk->size)
        found = memmem(walk->data + walk->at, walk->size - walk->at, BEGIN, sizeof BEGIN - 1);
    if (found == NULL) {
        walk->at = walk->size;
        return false;
    }
    walk->at = (size_t)(found - walk->data);
    block->at = walk->at;
    read_block(walk, block);
    return true;
}

void ucm_pem_free(struct ucm_pem_block *block)
{
    OPENSSL_free(block->der);
    block->der = NULL;
}
