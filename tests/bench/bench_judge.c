/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What judging a list costs beside what OpenSSL takes for the same: the digest of the file, one
 * RSA verification, and d2i_X509() of each certificate, which makes every key; we make the signer's
 * alone. For tests/bench/run.
 * usage: bench_judge LIST
 */
#define _POSIX_C_SOURCE 200809L
#include "turns.h"

#include "common/lint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

/* Where the certificates of the list in hand lie: found once, and not timed. */
static struct ucm_view certificates[UCM_RECORDS_MAX];
static size_t certificate_count;
static struct ucm_trustlist list;
static struct ucm_view signer;
static int64_t now;

static void die(const char *path, const char *what)
{
    fprintf(stderr, "bench_judge: %s: %s\n", path, what);
    exit(2);
}

static uint64_t judge(const uint8_t *data, size_t size)
{
    const struct ucm_lint_options options = ucm_lint_defaults(now);
    struct ucm_report report;
    uint64_t records;

    if (!ucm_report_make(data, size, &options, &report) ||
        report.signature.status != UCM_SIGNATURE_VALID)
        abort();
    records = report.records;
    ucm_report_free(&report);
    return records;
}

static X509 *parse(const uint8_t *data, struct ucm_view view)
{
    const uint8_t *at = data + view.off;
    X509 *x509 = d2i_X509(NULL, &at, (long)view.len);

    if (x509 == NULL)
        abort();
    return x509;
}

static void verify(const uint8_t *data, size_t size, X509 *by)
{
    const struct ucm_view *signature = &list.value[UCM_HEADER_SIGNATURE];
    const size_t after = signature->off + signature->len;
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (context == NULL ||
        EVP_DigestVerifyInit(context, NULL, EVP_sha512(), NULL, X509_get0_pubkey(by)) != 1 ||
        EVP_DigestVerifyUpdate(context, data, list.signature_at) != 1 ||
        EVP_DigestVerifyUpdate(context, data + after, size - after) != 1 ||
        EVP_DigestVerifyFinal(context, data + signature->off, signature->len) != 1)
        abort();
    EVP_MD_CTX_free(context);
}

static uint64_t least(const uint8_t *data, size_t size)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < certificate_count; i++) {
        X509 *x509 = parse(data, certificates[i]);

        sum += (uint64_t)X509_get_version(x509);
        if (certificates[i].off == signer.off)
            verify(data, size, x509);
        X509_free(x509);
    }
    return sum;
}

/* ---- the list in hand ---- */

static uint8_t *read_list(const char *path, size_t *size)
{
    uint8_t *data = malloc(UCM_INPUT_MAX);
    FILE *in = fopen(path, "rb");

    if (data == NULL || in == NULL)
        die(path, "cannot be read");
    *size = fread(data, 1, UCM_INPUT_MAX, in);
    fclose(in);
    return data;
}

/* With the decoder alone: whatever OpenSSL does once in a process must not have been done when the
 * first turn begins. */
static void find(const char *path, const uint8_t *data, size_t size)
{
    struct ucm_record_walk walk;
    struct ucm_record record;

    if (!ucm_trustlist_decode(data, size, &list) || list.digest != UCM_DIGEST_SHA512)
        die(path, "is not a list with a SHA-512 signature");
    walk = ucm_record_walk(&list);
    while (ucm_record_next(&walk, &record)) {
        const struct ucm_view *serial = &record.value[UCM_RECORD_SERIAL];
        const struct ucm_view *signed_by = &list.value[UCM_HEADER_SIGNER_SERIAL];

        certificates[certificate_count++] = record.value[UCM_RECORD_CERTIFICATE];
        if (serial->len == signed_by->len &&
            memcmp(data + serial->off, data + signed_by->off, serial->len) == 0)
            signer = record.value[UCM_RECORD_CERTIFICATE];
    }
    if (signer.len == 0)
        die(path, "does not hold the certificate of its signer");
}

int main(int argc, char **argv)
{
    uint8_t *data;
    size_t size;
    char name[64];

    if (argc != 2) {
        fprintf(stderr, "usage: bench_judge LIST\n");
        return 2;
    }
    now = (int64_t)time(NULL);
    data = read_list(argv[1], &size);
    find(argv[1], data, size);
    snprintf(name, sizeof name, "judgement of a list, %zu records", certificate_count);
    turns_print(name, "first", size, "floor", turns_first(judge, least, data, size));
    turns_print(name, "warm", size, "floor", turns_warm(judge, least, data, size));
    free(data);
    return 0;
}
