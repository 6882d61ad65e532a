/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Judging one record of a list by itself: its dates, and whether it agrees with its certificate.
 * Compares numbers and keys. Names only where spelling cannot matter: eTokens spell theirs oddly.
 */
#include "lint_judge.h"

#include <string.h>

/* ---- dates ---- */

static void judge_dates(struct ucm_judge *judge, const struct ucm_list_record *item)
{
    const struct ucm_lint_options *options = judge->options;
    uint32_t at = item->record.value[UCM_RECORD_CERTIFICATE].off;
    int64_t not_after = item->cert->not_after;
    int64_t not_before = item->cert->not_before;
    struct ucm_finding finding;

    if (not_after == UCM_TIME_NONE || not_before == UCM_TIME_NONE) {
        ucm_judge_add_record(judge, &item->record,
                             ucm_finding_make(UCM_TL_CERT_UNREADABLE, at, -1, -1));
        return;
    }
    if (options->now < not_before)
        ucm_judge_add_record(
            judge, &item->record,
            ucm_finding_make(UCM_TL_CERT_NOT_YET_VALID, at, options->now, not_before));
    if (options->now > not_after) {
        ucm_judge_add_record(judge, &item->record,
                             ucm_finding_make(UCM_TL_CERT_EXPIRED, at, options->now, not_after));
        return;
    }
    finding = ucm_finding_make(UCM_TL_CERT_EXPIRING, at, options->now, not_after);
    if (ucm_days_until(not_after, options->now) < options->critical_days)
        finding.severity = UCM_ERROR;
    else if (ucm_days_until(not_after, options->now) >= options->warning_days)
        return;
    ucm_judge_add_record(judge, &item->record, finding);
}

/* ---- the record against its certificate ---- */

enum { PLAIN_MAX = UCM_CERT_NAME_MAX };

/* A name without what writers spell differently: case, quotes, blanks, escapes. */
static size_t plain(const char *name, size_t size, char out[PLAIN_MAX])
{
    size_t used = 0;

    for (size_t i = 0; i < size && used + 1 < PLAIN_MAX; i++) {
        char c = name[i];

        if (c == '"' || c == '\\' || c == ' ')
            continue;
        out[used++] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    out[used] = '\0';
    return used;
}

static bool is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80)
        text++;
    return *text == '\0';
}

/* Does the record name the issuer of the certificate? Only its common name is looked for, and only
 * where it is plain ASCII: how CUCM writes other letters is not known. */
static bool names_issuer(const struct ucm_judge *judge, const struct ucm_list_record *item)
{
    struct ucm_view named = item->record.value[UCM_RECORD_ISSUER];
    const char *text = (const char *)judge->report->list.data + named.off;
    char record[PLAIN_MAX];
    char cert[PLAIN_MAX];

    if (strncmp(item->cert->issuer, "CN=", 3) != 0)
        return true;
    plain(item->cert->issuer, strcspn(item->cert->issuer, ";"), cert);
    if (!is_ascii(cert) || plain(text, named.len, record) + 1 == PLAIN_MAX)
        return true;
    return strstr(record, "cn=") == NULL || strstr(record, cert) != NULL;
}

static bool same_serial(const struct ucm_judge *judge, const struct ucm_list_record *item)
{
    const uint8_t *data = judge->report->list.data;
    struct ucm_view serial = ucm_serial(data, item->record.value[UCM_RECORD_SERIAL]);
    struct ucm_view its = {0, item->cert->serial_size};

    return item->cert->serial_size == UCM_CERT_SERIAL_MAX || /* cut */
           ucm_same(data, serial, item->cert->serial, ucm_serial(item->cert->serial, its));
}

/* Fact record-ec-key (B; test_lint_record:a_point_of_another_form_is_no_other_key): the key of
 * an EC record is a bare point. */
/* An elliptic point can be written in more than one way, and only some of them were described (B):
 * another length is then no other key. */
static bool same_key(const struct ucm_judge *judge, const struct ucm_list_record *item)
{
    struct ucm_view key = item->record.value[UCM_RECORD_PUBLIC_KEY];
    const struct ucm_cert *cert = item->cert;
    uint8_t digest[UCM_SHA256_SIZE];

    if (cert->key_size == 0 || (!cert->is_rsa && key.len != cert->key_size))
        return true;
    if (key.len != cert->key_size)
        return false;
    return !ucm_sha256(judge->report->list.data + key.off, key.len, digest) ||
           memcmp(digest, cert->key_sha256, sizeof digest) == 0;
}

static void judge_agreement(struct ucm_judge *judge, const struct ucm_list_record *item)
{
    static const struct {
        enum ucm_record_tag tag;
        enum ucm_finding_id id;
        bool (*agrees)(const struct ucm_judge *judge, const struct ucm_list_record *item);
    } checks[] = {
        {UCM_RECORD_ISSUER, UCM_TL_RECORD_ISSUER, names_issuer},
        {UCM_RECORD_SERIAL, UCM_TL_RECORD_SERIAL, same_serial},
        {UCM_RECORD_PUBLIC_KEY, UCM_TL_RECORD_KEY, same_key},
    };

    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (ucm_record_has(&item->record, checks[i].tag) && !checks[i].agrees(judge, item))
            ucm_judge_add_record(
                judge, &item->record,
                ucm_finding_make(checks[i].id, item->record.value[checks[i].tag].off, -1, -1));
}

/* ---- the whole ---- */

void ucm_judge_record(struct ucm_judge *judge, struct ucm_list_record *item)
{
    const struct ucm_record *record = &item->record;
    struct ucm_view der = record->value[UCM_RECORD_CERTIFICATE];

    if (ucm_record_has(record, UCM_RECORD_ROLE) && ucm_role_name(record->role) == NULL)
        ucm_judge_add_record(judge, record,
                             ucm_finding_make(UCM_TL_ROLE_UNKNOWN,
                                              record->value[UCM_RECORD_ROLE].off, -1,
                                              record->role));
    if (!ucm_record_has(record, UCM_RECORD_CERTIFICATE))
        /* Fact record-bare (A; test_trustlist:record_without_certificate,
         * test_trustlist:published_non_secure_ctl): records may have no certificate: so they do
         * after mixed mode. */
        return; /* normal where a cluster left mixed mode */
    if (!ucm_cert_cache_read(judge->cache, judge->report->list.data + der.off, der.len,
                             &item->cert)) {
        judge->out_of_memory = true;
        return;
    }
    if (item->cert == NULL) {
        ucm_judge_add_record(judge, record,
                             ucm_finding_make(UCM_TL_CERT_UNREADABLE, der.off, -1, -1));
        return;
    }
    judge_dates(judge, item);
    judge_agreement(judge, item);
}
