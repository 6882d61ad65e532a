/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The memory of OpenSSL: see memory_crypto.h.
 */
#include "memory_crypto.h"

#include "memory.h"

#include <openssl/crypto.h>
#include <stdlib.h>

static void *memory_crypto_take(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return memory_take(size);
}

static void *memory_crypto_resize(void *block, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return memory_resize(block, size);
}

static void memory_crypto_release(void *block, const char *file, int line)
{
    (void)file;
    (void)line;
    free(block);
}

void memory_crypto(void)
{
    /* Refused only when something was allocated before, and then OpenSSL has its own still. */
    (void)CRYPTO_set_mem_functions(memory_crypto_take, memory_crypto_resize, memory_crypto_release);
}
