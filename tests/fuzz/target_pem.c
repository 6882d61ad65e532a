/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Files of PEM and DER: the walk ends, goes forward, and finds every certificate that OpenSSL's own
 * reader finds when it reads the file from its start.
 */
#include "fuzz.h"

#include "common/pem.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

/* Certificates that OpenSSL reads one after the other, until the first thing that it cannot. */
static unsigned by_openssl(const uint8_t *data, size_t size)
{
    BIO *bio = BIO_new_mem_buf(data, (int)size);
    unsigned count = 0;
    char *name = NULL;
    char *header = NULL;
    unsigned char *der = NULL;
    long length = 0;

    MUST(bio != NULL);
    while (PEM_read_bio(bio, &name, &header, &der, &length) == 1) {
        count += strcmp(name, PEM_STRING_X509) == 0 || strcmp(name, PEM_STRING_X509_OLD) == 0;
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(der);
    }
    BIO_free(bio);
    ERR_clear_error();
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ucm_pem_walk walk = ucm_pem_walk(data, size);
    struct ucm_pem_block block;
    size_t at = 0;
    unsigned certificates = 0;
    unsigned broken = 0;
    unsigned blocks = 0;
    bool is_der = false;

    while (ucm_pem_next(&walk, &block)) {
        MUST(block.at >= at && block.at < size && walk.at > block.at && walk.at <= size);
        MUST((block.kind == UCM_PEM_CERTIFICATE) == (block.der != NULL));
        is_der = is_der || (blocks == 0 && block.at == 0 && data[0] != '-');
        MUST(is_der || memcmp(data + block.at, "-----BEGIN ", 11) == 0);
        certificates += block.kind == UCM_PEM_CERTIFICATE;
        broken += block.kind == UCM_PEM_BROKEN;
        at = walk.at;
        blocks++;
        ucm_pem_free(&block);
        MUST(block.der == NULL);
    }
    MUST(walk.at == size);
    /* OpenSSL takes what stands before a block that begins inside of another for a whole one; here
     * it is broken. Nothing is silently left out. */
    if (!is_der)
        MUST(certificates + broken >= by_openssl(data, size));
    return 0;
}
