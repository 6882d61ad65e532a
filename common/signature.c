/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * File signatures: see signature.h. What is signed is the file without the complete signature
 * element (Cisco document 118893, usecallmanager; grade A).
 */
#include "signature.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

enum { CANDIDATES_MAX = 4 };

/** A digest, ready to be verified with more than one key. */
struct digest {
    const EVP_MD *md;
    uint8_t value[EVP_MAX_MD_SIZE];
    unsigned size; /* 0: not computed yet */
};

static struct ucm_signature verdict(enum ucm_signature_status status, enum ucm_finding_id reason)
{
    struct ucm_signature signature = {.status = status, .reason = reason};

    return signature;
}

static const EVP_MD *digest_of(uint8_t number)
{
    switch (number) {
    case UCM_DIGEST_SHA1:
        return EVP_sha1();
    case UCM_DIGEST_SHA256:
        return EVP_sha256();
    case UCM_DIGEST_SHA512:
        return EVP_sha512();
    default:
        return NULL;
    }
}

/* Computed once, and only when somebody needs it. */
static bool hash(const struct ucm_trustlist *list, const struct ucm_view ranges[2],
                 struct digest *digest)
{
    EVP_MD_CTX *context;
    bool ok;

    if (digest->size != 0)
        return true;
    context = EVP_MD_CTX_new();
    ok = context != NULL && EVP_DigestInit_ex(context, digest->md, NULL) == 1 &&
         EVP_DigestUpdate(context, list->data + ranges[0].off, ranges[0].len) == 1 &&
         EVP_DigestUpdate(context, list->data + ranges[1].off, ranges[1].len) == 1 &&
         EVP_DigestFinal_ex(context, digest->value, &digest->size) == 1;
    EVP_MD_CTX_free(context);
    return ok;
}

/* ---- keys ---- */

/* The key of a record: from its certificate, or where there is none from its public key. */
static EVP_PKEY *key_of(struct ucm_cert_cache *cache, const uint8_t *base,
                        const struct ucm_record *record)
{
    struct ucm_view der = record->value[UCM_RECORD_CERTIFICATE];
    struct ucm_view raw = record->value[UCM_RECORD_PUBLIC_KEY];
    const unsigned char *p = base + raw.off;

    if (ucm_record_has(record, UCM_RECORD_CERTIFICATE))
        return ucm_cert_cache_key(cache, base + der.off, der.len);
    if (ucm_record_has(record, UCM_RECORD_PUBLIC_KEY))
        return d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, (long)raw.len);
    return NULL;
}

enum outcome { VERIFIED, REFUSED, NOT_RSA, FORBIDDEN };

static enum outcome verify(EVP_PKEY *key, const struct digest *digest, const uint8_t *signature,
                           size_t size)
{
    EVP_PKEY_CTX *context;
    enum outcome outcome = FORBIDDEN;

    if (key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
        return NOT_RSA;
    context = EVP_PKEY_CTX_new(key, NULL);
    if (context != NULL && EVP_PKEY_verify_init(context) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
        EVP_PKEY_CTX_set_signature_md(context, digest->md) == 1)
        outcome = EVP_PKEY_verify(context, signature, size, digest->value, digest->size) == 1
                      ? VERIFIED
                      : REFUSED;
    EVP_PKEY_CTX_free(context);
    return outcome;
}

/* ---- candidates ---- */

/** Records that could be the signer's, without repeating the same key. */
struct candidates {
    struct ucm_record record[CANDIDATES_MAX];
    unsigned count;
};

static enum ucm_record_tag key_tag(const struct ucm_record *record)
{
    return ucm_record_has(record, UCM_RECORD_CERTIFICATE) ? UCM_RECORD_CERTIFICATE
                                                          : UCM_RECORD_PUBLIC_KEY;
}

static bool same_key(const uint8_t *base, const struct ucm_record *a, const struct ucm_record *b)
{
    enum ucm_record_tag tag = key_tag(a);

    return tag == key_tag(b) && ucm_same(base, a->value[tag], base, b->value[tag]);
}

static bool is_known(const uint8_t *base, const struct candidates *candidates,
                     const struct ucm_record *record)
{
    for (unsigned i = 0; i < candidates->count; i++)
        if (same_key(base, &candidates->record[i], record))
            return true;
    return false;
}

/* Serial numbers as numbers; names as text only to decide whom to try first, since writers spell
 * names differently. Returns whether records were left out for their issuer. */
static bool collect(const struct ucm_trustlist *list, const struct ucm_trustlist *anchor,
                    bool same_issuer, struct candidates *candidates)
{
    struct ucm_view serial = ucm_serial(list->data, list->value[UCM_HEADER_SIGNER_SERIAL]);
    struct ucm_view issuer = list->value[UCM_HEADER_SIGNER_ISSUER];
    struct ucm_record_walk walk = ucm_record_walk(anchor);
    struct ucm_record record;
    bool others = false;

    while (candidates->count < CANDIDATES_MAX && ucm_record_next(&walk, &record)) {
        struct ucm_view its = ucm_serial(anchor->data, record.value[UCM_RECORD_SERIAL]);

        if (!ucm_record_has(&record, UCM_RECORD_SERIAL) ||
            !ucm_same(list->data, serial, anchor->data, its))
            continue;
        if (ucm_same(list->data, issuer, anchor->data, record.value[UCM_RECORD_ISSUER]) !=
            same_issuer)
            others = true;
        else if (!is_known(anchor->data, candidates, &record))
            candidates->record[candidates->count++] = record;
    }
    return others;
}

/* The record to name: the first that holds the same key in the role of a SAST, else the one. On the
 * way, the roles of every record with that key. */
static void name_record(const struct ucm_trustlist *anchor, const struct ucm_record *signer,
                        struct ucm_signature *signature)
{
    struct ucm_record_walk walk = ucm_record_walk(anchor);
    struct ucm_record record;

    signature->record = signer->index;
    signature->certificate_at = signer->value[UCM_RECORD_CERTIFICATE].off;
    signature->certificate_size = signer->value[UCM_RECORD_CERTIFICATE].len;
    while (ucm_record_next(&walk, &record)) {
        if (!ucm_record_has(&record, UCM_RECORD_ROLE) || record.role > 31 ||
            !same_key(anchor->data, signer, &record))
            continue;
        if (record.role == UCM_ROLE_SAST && !signature->sast)
            signature->record = record.index;
        signature->sast = signature->sast || record.role == UCM_ROLE_SAST;
        signature->roles |= 1u << record.role;
    }
}

/* ---- the whole ---- */

/** A list to be verified, and with what. */
struct job {
    const struct ucm_trustlist *list;
    const struct ucm_trustlist *anchor;
    const struct ucm_signature *own; /* NULL: not known */
    struct ucm_cert_cache *cache;    /* may be NULL */
    struct ucm_view ranges[2];
    struct digest digest;
};

/* The certificate that is known to have signed needs no second look: what it verifies in one list
 * it verifies in any. */
static bool has_signed(const struct job *job, const struct ucm_record *record)
{
    struct ucm_view der;

    if (job->own == NULL || job->own->status != UCM_SIGNATURE_VALID ||
        job->own->certificate_size == 0)
        return false;
    der = (struct ucm_view){job->own->certificate_at, job->own->certificate_size};
    return ucm_same(job->list->data, der, job->anchor->data, record->value[UCM_RECORD_CERTIFICATE]);
}

static enum outcome try_candidate(struct job *job, const struct ucm_record *record)
{
    struct ucm_view value = job->list->value[UCM_HEADER_SIGNATURE];
    enum outcome outcome;
    EVP_PKEY *key;

    if (has_signed(job, record))
        return VERIFIED;
    if (!hash(job->list, job->ranges, &job->digest))
        return FORBIDDEN;
    key = key_of(job->cache, job->anchor->data, record);
    outcome = verify(key, &job->digest, job->list->data + value.off, value.len);
    EVP_PKEY_free(key);
    return outcome;
}

static struct ucm_signature try_candidates(struct job *job, const struct candidates *candidates)
{
    struct ucm_signature signature =
        verdict(UCM_SIGNATURE_UNVERIFIABLE, UCM_TL_DIGEST_UNKNOWN); /* until a key is RSA */

    name_record(job->anchor, &candidates->record[0], &signature);
    for (unsigned i = 0; i < candidates->count; i++) {
        enum outcome outcome = try_candidate(job, &candidates->record[i]);

        if (outcome == FORBIDDEN)
            return verdict(UCM_SIGNATURE_UNVERIFIABLE, UCM_TL_DIGEST_BLOCKED);
        if (outcome == VERIFIED) {
            signature = verdict(UCM_SIGNATURE_VALID, UCM_FINDING_NONE);
            name_record(job->anchor, &candidates->record[i], &signature);
            return signature;
        }
        if (outcome == REFUSED) {
            signature.status = UCM_SIGNATURE_INVALID;
            signature.reason = UCM_TL_SIGNATURE_INVALID;
        }
    }
    return signature;
}

static struct ucm_signature check(struct job *job)
{
    const struct ucm_trustlist *list = job->list;
    struct candidates candidates;

    if (list->error.id != UCM_FINDING_NONE)
        return verdict(UCM_SIGNATURE_UNVERIFIABLE, list->error.id);
    if (!ucm_signed_ranges(list, job->ranges))
        return verdict(UCM_SIGNATURE_UNVERIFIABLE, UCM_TL_SIGNATURE_MISSING);
    if (list->kind == UCM_LIST_SIGNED_FILE && job->anchor == list)
        return verdict(UCM_SIGNATURE_UNVERIFIABLE, UCM_TL_SIGNED_ELSEWHERE);
    job->digest.md = digest_of(list->digest);
    if (job->digest.md == NULL ||
        (ucm_list_has(list, UCM_HEADER_ALGORITHM) && list->algorithm != UCM_ALGORITHM_RSA))
        return verdict(UCM_SIGNATURE_UNVERIFIABLE, UCM_TL_DIGEST_UNKNOWN);
    candidates.count = 0;
    if (collect(list, job->anchor, true, &candidates))
        collect(list, job->anchor, false, &candidates);
    if (candidates.count == 0)
        return verdict(UCM_SIGNATURE_UNVERIFIABLE, UCM_TL_SIGNER_ABSENT);
    return try_candidates(job, &candidates);
}

struct ucm_signature ucm_signature_find(const struct ucm_trustlist *list,
                                        const struct ucm_signature *own,
                                        const struct ucm_trustlist *anchor)
{
    struct job job = {.list = list, .anchor = anchor, .own = own};
    struct ucm_signature signature = check(&job);

    ERR_clear_error();
    return signature;
}

struct ucm_signature ucm_signature_check_with(struct ucm_cert_cache *cache,
                                              const struct ucm_trustlist *list,
                                              const struct ucm_trustlist *anchor)
{
    struct job job = {.list = list, .anchor = anchor, .cache = cache};
    struct ucm_signature signature = check(&job);

    ERR_clear_error();
    return signature;
}

struct ucm_signature ucm_signature_check(const struct ucm_trustlist *list,
                                         const struct ucm_trustlist *anchor)
{
    return ucm_signature_check_with(NULL, list, anchor);
}

enum ucm_signature_status ucm_signature_check_by(const struct ucm_trustlist *list,
                                                 const uint8_t *der, size_t size)
{
    const struct ucm_view value = list->value[UCM_HEADER_SIGNATURE];
    struct job job = {.list = list};
    enum outcome outcome = FORBIDDEN;

    job.digest.md = digest_of(list->digest);
    if (list->error.id == UCM_FINDING_NONE && ucm_signed_ranges(list, job.ranges) &&
        job.digest.md != NULL && hash(list, job.ranges, &job.digest)) {
        EVP_PKEY *key = ucm_cert_cache_key(NULL, der, size);

        outcome = verify(key, &job.digest, list->data + value.off, value.len);
        EVP_PKEY_free(key);
    }
    ERR_clear_error();
    return outcome == VERIFIED  ? UCM_SIGNATURE_VALID
           : outcome == REFUSED ? UCM_SIGNATURE_INVALID
                                : UCM_SIGNATURE_UNVERIFIABLE;
}

const char *ucm_signature_status_name(enum ucm_signature_status status)
{
    switch (status) {
    case UCM_SIGNATURE_VALID:
        return "valid";
    case UCM_SIGNATURE_INVALID:
        return "invalid";
    case UCM_SIGNATURE_UNVERIFIABLE:
        break;
    }
    return "unverifiable";
}
