/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Certificates that were read before, by their SHA-256: see cert_cache.h.
 */
#include "cert_cache.h"

#include "cert_asn1.h"
#include "pem.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

enum { FIRST_SLOTS = 64 };

/** One certificate, and its key where somebody asked for it. */
struct entry {
    struct ucm_cert cert; /* the first member: whoever holds it knows this address */
    uint32_t holders;     /* the cache is one of them */
    EVP_PKEY *key;
};

/** Open addressing: never more than half of the slots are taken, so that every search ends. */
struct ucm_cert_cache {
    struct entry **slot;
    uint32_t slots; /* a power of 2 */
    uint32_t used;
};

struct ucm_cert_cache *ucm_cert_cache_new(void)
{
    struct ucm_cert_cache *cache = calloc(1, sizeof *cache);
    struct entry **slot = calloc(FIRST_SLOTS, sizeof(struct entry *));

    if (cache == NULL || slot == NULL) {
        free(cache);
        free(slot);
        return NULL;
    }
    cache->slot = slot;
    cache->slots = FIRST_SLOTS;
    return cache;
}

static void release(struct entry *entry)
{
    if (--entry->holders > 0)
        return;
    EVP_PKEY_free(entry->key);
    free(entry);
}

void ucm_cert_release(const struct ucm_cert *cert)
{
    if (cert != NULL)
        release((struct entry *)(uintptr_t)cert);
}

void ucm_cert_cache_free(struct ucm_cert_cache *cache)
{
    if (cache == NULL)
        return;
    for (uint32_t i = 0; i < cache->slots; i++)
        if (cache->slot[i] != NULL)
            release(cache->slot[i]);
    free(cache->slot);
    free(cache);
}

/* ---- slots ---- */

/* The slot of a certificate: where it is, or where it belongs. */
static struct entry **find(struct entry **slot, uint32_t slots,
                           const uint8_t sha256[UCM_SHA256_SIZE])
{
    uint32_t at;

    memcpy(&at, sha256, sizeof at);
    for (at &= slots - 1; slot[at] != NULL; at = (at + 1) & (slots - 1))
        if (memcmp(slot[at]->cert.sha256, sha256, UCM_SHA256_SIZE) == 0)
            break;
    return &slot[at];
}

static bool grow(struct ucm_cert_cache *cache)
{
    const uint32_t slots = cache->slots * 2;
    struct entry **slot = calloc(slots, sizeof(struct entry *));

    if (slot == NULL)
        return false;
    for (uint32_t i = 0; i < cache->slots; i++)
        if (cache->slot[i] != NULL)
            *find(slot, slots, cache->slot[i]->cert.sha256) = cache->slot[i];
    free(cache->slot);
    cache->slot = slot;
    cache->slots = slots;
    return true;
}

/* A certificate for which there was no digest, see ucm_cert_read(). */
static bool is_nameless(const struct ucm_cert *cert)
{
    static const uint8_t none[UCM_SHA256_SIZE];

    return memcmp(cert->sha256, none, sizeof none) == 0;
}

/* Where there is no room, nothing is lost but time. */
static void keep(struct ucm_cert_cache *cache, struct entry *entry)
{
    if (cache->used == UCM_CERT_CACHE_MAX || is_nameless(&entry->cert) ||
        (cache->used * 2 == cache->slots && !grow(cache)))
        return;
    *find(cache->slot, cache->slots, entry->cert.sha256) = entry;
    cache->used++;
    entry->holders++;
}

/* ---- reading ---- */

/* Read one, and its key where it is wanted, and keep it; the caller holds it as well. sha256: NULL
 * where there is no digest, or no cache. False when memory ran out; *entry may be NULL otherwise,
 * for what is no certificate. */
static bool read_new(struct ucm_cert_cache *cache, const uint8_t *der, size_t size,
                     const uint8_t *sha256, bool with_key, struct entry **entry)
{
    *entry = calloc(1, sizeof **entry);
    if (*entry == NULL)
        return false;
    if (!ucm_cert_read_with(der, size, sha256, &(*entry)->cert, with_key ? &(*entry)->key : NULL)) {
        free(*entry);
        *entry = NULL;
        return true;
    }
    (*entry)->holders = 1;
    if (sha256 != NULL)
        keep(cache, *entry);
    return true;
}

bool ucm_cert_cache_read(struct ucm_cert_cache *cache, const uint8_t *der, size_t size,
                         const struct ucm_cert **cert)
{
    uint8_t sha256[UCM_SHA256_SIZE];
    const bool known = cache != NULL && ucm_sha256(der, size, sha256);
    struct entry *entry = known ? *find(cache->slot, cache->slots, sha256) : NULL;
    bool ok = true;

    if (entry != NULL)
        entry->holders++;
    else
        ok = read_new(cache, der, size, known ? sha256 : NULL, false, &entry);
    *cert = entry != NULL ? &entry->cert : NULL;
    return ok;
}

/* ---- files ---- */

size_t ucm_cert_cache_der(struct ucm_cert_cache *cache, const uint8_t *data, size_t size,
                          uint8_t *out, size_t room)
{
    struct ucm_pem_walk walk = ucm_pem_walk(data, size);
    struct ucm_pem_block block = {.kind = UCM_PEM_BROKEN};
    const struct ucm_cert *cert = NULL;
    size_t copied = 0;

    if (cache != NULL && ucm_pem_next(&walk, &block) && block.kind == UCM_PEM_CERTIFICATE &&
        block.size <= room && ucm_cert_cache_read(cache, block.der, block.size, &cert) &&
        cert != NULL) {
        copied = block.size;
        memcpy(out, block.der, copied);
    }
    ucm_cert_release(cert);
    ucm_pem_free(&block);
    return copied > 0 ? copied : ucm_cert_der(data, size, out, room);
}

/* ---- keys ---- */

/* Of what is a certificate only as far as it goes. */
static EVP_PKEY *key_of_start(const uint8_t *der, size_t size)
{
    const uint8_t *p = der;
    struct ucm_asn1_cert *cert = ucm_asn1_cert_read(&p, size);
    EVP_PKEY *key = cert == NULL ? NULL : ucm_asn1_key(cert->tbs->spki);

    ucm_asn1_cert_free(cert);
    ERR_clear_error();
    return key;
}

EVP_PKEY *ucm_cert_cache_key(struct ucm_cert_cache *cache, const uint8_t *der, size_t size)
{
    uint8_t sha256[UCM_SHA256_SIZE];
    const bool known = cache != NULL && ucm_sha256(der, size, sha256);
    struct entry *entry = known ? *find(cache->slot, cache->slots, sha256) : NULL;
    EVP_PKEY *key;

    if (!known)
        return key_of_start(der, size);
    if (entry != NULL)
        entry->holders++;
    else
        (void)read_new(cache, der, size, sha256, true, &entry);
    if (entry == NULL)
        return key_of_start(der, size);
    if (entry->key == NULL)
        entry->key = key_of_start(der, size);
    key = entry->key != NULL && EVP_PKEY_up_ref(entry->key) == 1 ? entry->key : NULL;
    release(entry);
    return key;
}
