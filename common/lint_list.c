/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Judging the records of a list together: what is missing or should not be there, what collides,
 * how many and how large, and the certificate that signed. Facts: Cisco documents 116232, 118892,
 * 118893, 213407 and the Security Guides.
 */
#include "lint_judge.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* Fact list-64k (B; test_lint_list:lists_end_at_64_kilobytes): phones fail on lists beyond
     * 64 KB. */
    LIST_SIZE_MAX = 0x10000, /* 64 KB: phones fail beyond (B) */
    /* Fact list-39 (B; test_lint_list:more_than_39_certificates_are_many): more than 39
     * certificates reach that size. */
    CERTIFICATES_MAX = 39, /* more do not fit into that (B) */
    KEY_BITS_USUAL = 2048, /* what CUCM makes since 1024 went out of use */
    /* Fact recovery-from-10 (B; test_lint_list:one_anchor_is_a_note_and_a_warning_from_10): from
     * 10.0 there is ITLRecovery in the ITL, as SAST. */
    VERSION_RECOVERY = 0x0a00, /* 10.0: ITLRecovery appears */
    /* Fact recovery-signs (B; test_lint_list:an_itl_signed_by_callmanager_is_re_signed_from_12):
     * from 12.0 ITLRecovery signs both lists, before it CallManager. */
    VERSION_SIGNER = 0x0c00, /* 12.0: ITLRecovery signs */
    /* Fact no-etoken-from-14 (B; test_lint_list:etokens_are_dropped_from_14): from 14SU3 there
     * are no eTokens. */
    VERSION_NO_ETOKEN = 0x0e00 /* 14 (SU3): eTokens are dropped (B) */
};

/** What the records are, counted once. */
struct census {
    uint32_t certificates;
    uint32_t tvs;
    uint32_t servers;           /* CCM, CCM+TFTP, TFTP */
    uint32_t servers_with_cert; /* certificate there, readable or not */
    uint32_t signing_servers;   /* CCM+TFTP, TFTP: they sign configuration files */
    int largest_key;            /* RSA, bits */
};

static bool in_role(const struct ucm_list_record *item, enum ucm_role role)
{
    return ucm_record_has(&item->record, UCM_RECORD_ROLE) && item->record.role == role;
}

static bool signs_files(const struct ucm_list_record *item)
{
    return in_role(item, UCM_ROLE_CCM_TFTP) || in_role(item, UCM_ROLE_TFTP);
}

static struct census count(const struct ucm_report *report)
{
    struct census census = {0};

    for (uint32_t i = 0; i < report->records; i++) {
        const struct ucm_list_record *item = &report->record[i];
        bool cert = ucm_record_has(&item->record, UCM_RECORD_CERTIFICATE);
        bool server = signs_files(item) || in_role(item, UCM_ROLE_CCM);

        census.certificates += cert;
        census.tvs += in_role(item, UCM_ROLE_TVS);
        census.servers += server;
        census.servers_with_cert += server && cert;
        census.signing_servers += signs_files(item);
        if (item->cert != NULL && item->cert->is_rsa && item->cert->key_bits > census.largest_key)
            census.largest_key = item->cert->key_bits;
    }
    return census;
}

/* ---- names ---- */

/* Does the common name start so? Case, quotes and blanks do not matter; start is lower case. */
static bool common_name_starts(const char *name, size_t size, const char *start)
{
    static const char head[] = "cn=";
    const char *wanted[] = {head, start};

    for (size_t w = 0, i = 0; w < 2; w++) {
        for (const char *c = wanted[w]; *c != '\0'; i++) {
            if (i == size)
                return false;
            if (name[i] == '"' || name[i] == ' ')
                continue;
            if (name[i] != *c && (*c < 'a' || *c > 'z' || name[i] != *c - ('a' - 'A')))
                return false;
            c++;
        }
    }
    return true;
}

static const char RECOVERY[] = "itlrecovery";

bool ucm_judge_is_recovery(const char *subject)
{
    return common_name_starts(subject, strlen(subject), RECOVERY);
}

/* No text of a name has letters that its bytes do not have, in the same order; making that text
 * costs fifty times as much as this. */
bool ucm_judge_may_be_recovery(const uint8_t *name, size_t size)
{
    const char *wanted = RECOVERY;

    for (size_t i = 0; i < size && *wanted != '\0'; i++)
        wanted += (name[i] | ('a' - 'A')) == *wanted;
    return *wanted == '\0';
}

/* Fact etoken-name (B; test_lint_list:etokens_are_dropped_from_14): eTokens are named SAST-ADN
 * and more. */
/* USB tokens are named cn="SAST-ADN…" in every listing (B). */
static bool is_etoken(const struct ucm_judge *judge, const struct ucm_list_record *item)
{
    struct ucm_view named = item->record.value[UCM_RECORD_SUBJECT];
    const char *text = (const char *)judge->report->list.data + named.off;

    return in_role(item, UCM_ROLE_SAST) &&
           (common_name_starts(text, named.len, "sast-adn") ||
            (item->cert != NULL &&
             common_name_starts(item->cert->subject, strlen(item->cert->subject), "sast-adn")));
}

/* ---- size ---- */

static void judge_size(struct ucm_judge *judge, const struct census *census)
{
    if (judge->report->list.size > LIST_SIZE_MAX)
        ucm_judge_add_file(judge, UCM_TL_OVER_64K, 0, LIST_SIZE_MAX, judge->report->list.size);
    if (census->certificates > CERTIFICATES_MAX)
        ucm_judge_add_file(judge, UCM_TL_MANY_CERTIFICATES, 0, CERTIFICATES_MAX,
                           census->certificates);
}

/* ---- keys ---- */

/* A 1024-bit key among 1024-bit keys is an old cluster; among larger ones it was left behind. */
static void judge_keys(struct ucm_judge *judge, const struct census *census)
{
    const struct ucm_report *report = judge->report;

    if (census->largest_key < KEY_BITS_USUAL)
        return;
    for (uint32_t i = 0; i < report->records; i++) {
        const struct ucm_list_record *item = &report->record[i];

        if (item->cert == NULL || !item->cert->is_rsa || item->cert->key_bits >= KEY_BITS_USUAL ||
            is_etoken(judge, item)) /* a token cannot have a larger one */
            continue;
        ucm_judge_add_record(judge, &item->record,
                             ucm_finding_make(ucm_judge_is_recovery(item->cert->subject)
                                                  ? UCM_TL_RECOVERY_KEY_SMALL
                                                  : UCM_TL_KEY_SMALL,
                                              item->record.value[UCM_RECORD_CERTIFICATE].off,
                                              census->largest_key, item->cert->key_bits));
    }
}

/* ---- collisions ---- */

/** What is sorted. */
struct entry {
    const struct ucm_list_record *item;
};

static int by_serial(const struct ucm_cert *a, const struct ucm_cert *b)
{
    if (a->serial_size != b->serial_size)
        return a->serial_size < b->serial_size ? -1 : 1;
    return memcmp(a->serial, b->serial, a->serial_size);
}

static int by_certificate(const struct ucm_list_record *a, const struct ucm_list_record *b)
{
    int order = memcmp(a->cert->sha256, b->cert->sha256, sizeof a->cert->sha256);

    return order != 0 ? order
                      : (a->record.index > b->record.index) - (a->record.index < b->record.index);
}

/* Same issuer and serial: TVS's key. Issuers as text made from the parsed name, as that key is. */
static int by_issuer_serial(const struct ucm_list_record *a, const struct ucm_list_record *b)
{
    int order = by_serial(a->cert, b->cert);

    return order != 0 ? order : strcmp(a->cert->issuer, b->cert->issuer);
}

/* Same serial in the same role. */
static int by_role_serial(const struct ucm_list_record *a, const struct ucm_list_record *b)
{
    int order = by_serial(a->cert, b->cert);

    return order != 0 ? order : (int)a->record.role - (int)b->record.role;
}

static int compare_issuer_serial(const void *a, const void *b)
{
    const struct ucm_list_record *one = ((const struct entry *)a)->item;
    const struct ucm_list_record *other = ((const struct entry *)b)->item;
    int order = by_issuer_serial(one, other);

    return order != 0 ? order : by_certificate(one, other);
}

static int compare_role_serial(const void *a, const void *b)
{
    const struct ucm_list_record *one = ((const struct entry *)a)->item;
    const struct ucm_list_record *other = ((const struct entry *)b)->item;
    int order = by_role_serial(one, other);

    return order != 0 ? order : by_certificate(one, other);
}

/* What two certificates must share to be taken for one another, and the finding about it. */
struct likeness {
    int (*share)(const struct ucm_list_record *a, const struct ucm_list_record *b);
    int (*compare)(const void *a, const void *b);
    enum ucm_finding_id id;
};

static const struct likeness LIKENESSES[] = {
    {by_issuer_serial, compare_issuer_serial, UCM_TL_ISSUER_SERIAL_TWICE},
    {by_role_serial, compare_role_serial, UCM_TL_SERIAL_TWICE},
};

static bool same_certificate(const struct ucm_list_record *a, const struct ucm_list_record *b)
{
    return memcmp(a->cert->sha256, b->cert->sha256, sizeof a->cert->sha256) == 0;
}

/* A run of alike entries, each certificate's records together: every certificate but the one that
 * stands first in the list is named, once. */
static void judge_run(struct ucm_judge *judge, const struct likeness *likeness,
                      const struct entry *run, uint32_t size)
{
    const struct ucm_list_record *first = run[0].item;

    for (uint32_t i = 1; i < size; i++)
        if (run[i].item->record.index < first->record.index)
            first = run[i].item;
    for (uint32_t i = 0; i < size; i++) {
        const struct ucm_list_record *item = run[i].item;
        bool again = i > 0 && same_certificate(run[i - 1].item, item);

        if (again || same_certificate(item, first) ||
            (likeness->id == UCM_TL_SERIAL_TWICE && by_issuer_serial(item, first) == 0))
            continue;
        ucm_judge_add_record(judge, &item->record,
                             ucm_finding_make(likeness->id,
                                              item->record.value[UCM_RECORD_CERTIFICATE].off, -1,
                                              first->record.index));
    }
}

static void judge_likeness(struct ucm_judge *judge, const struct likeness *likeness,
                           struct entry *entries, uint32_t size)
{
    uint32_t start = 0;

    qsort(entries, size, sizeof *entries, likeness->compare);
    for (uint32_t i = 1; i <= size; i++) {
        if (i < size && likeness->share(entries[start].item, entries[i].item) == 0)
            continue;
        judge_run(judge, likeness, entries + start, i - start);
        start = i;
    }
}

/* Sorted, since a hostile list has thousands of records. */
static void judge_collisions(struct ucm_judge *judge)
{
    const struct ucm_report *report = judge->report;
    struct entry *entries;
    uint32_t size = 0;

    if (report->records == 0)
        return;
    entries = malloc(report->records * sizeof *entries);
    if (entries == NULL) {
        judge->out_of_memory = true;
        return;
    }
    for (uint32_t i = 0; i < report->records; i++)
        if (report->record[i].cert != NULL)
            entries[size++].item = &report->record[i];
    for (size_t i = 0; size > 0 && i < sizeof LIKENESSES / sizeof LIKENESSES[0]; i++)
        judge_likeness(judge, &LIKENESSES[i], entries, size);
    free(entries);
}

/* ---- the signer ---- */

/* The certificate of the signer: already read where the list is its own anchor. */
static bool signer_of(const struct ucm_judge *judge, struct ucm_cert *cert)
{
    const struct ucm_report *report = judge->report;
    const struct ucm_signature *signature = &report->signature;
    const struct ucm_trustlist *anchor = judge->options->anchor;

    if (signature->status != UCM_SIGNATURE_VALID || signature->certificate_size == 0)
        return false;
    if (anchor != NULL)
        return ucm_cert_read(anchor->data + signature->certificate_at, signature->certificate_size,
                             cert);
    if (signature->record == 0 || signature->record > report->records ||
        report->record[signature->record - 1].cert == NULL)
        return false;
    *cert = *report->record[signature->record - 1].cert;
    return true;
}

static bool is_server_of(const struct ucm_report *report, const struct ucm_cert *cert)
{
    for (uint32_t i = 0; i < report->records; i++) {
        const struct ucm_list_record *item = &report->record[i];

        if (item->cert != NULL && signs_files(item) &&
            memcmp(item->cert->sha256, cert->sha256, sizeof cert->sha256) == 0)
            return true;
    }
    return false;
}

static void judge_signer(struct ucm_judge *judge)
{
    const struct ucm_lint_options *options = judge->options;
    uint32_t at = judge->report->list.signature_at;
    struct ucm_cert cert;

    if (!signer_of(judge, &cert))
        return;
    if (cert.not_before != UCM_TIME_NONE && options->now < cert.not_before)
        ucm_judge_add_file(judge, UCM_TL_SIGNER_DATES, at, options->now, cert.not_before);
    if (cert.not_after != UCM_TIME_NONE && options->now > cert.not_after)
        ucm_judge_add_file(judge, UCM_TL_SIGNER_DATES, at, options->now, cert.not_after);
    if (options->version >= VERSION_SIGNER && judge->report->list.kind == UCM_LIST_ITL &&
        !ucm_judge_is_recovery(cert.subject) && is_server_of(judge->report, &cert))
        ucm_judge_add_file(judge, UCM_TL_RESIGNED, at, -1, -1);
}

/* ---- content ---- */

/* Fact ctl-one-sast (A; test_trustlist:published_tokenless_ctl,
 * test_findings:test_clusters_and_published_shapes): a CTL may have a single SAST, its signer. */
/* One certificate may have several SAST records. One that cannot be read counts as one of its own,
 * so that nothing is claimed about it. */
static bool one_sast(const struct ucm_report *report)
{
    const struct ucm_list_record *first = NULL;

    for (uint32_t i = 0; i < report->records; i++) {
        const struct ucm_list_record *item = &report->record[i];

        if (!in_role(item, UCM_ROLE_SAST))
            continue;
        if (first == NULL)
            first = item;
        else if (item->cert == NULL || first->cert == NULL || !same_certificate(item, first))
            return false;
    }
    return first != NULL;
}

/* Fact itl-content (B; test_lint_list:an_itl_needs_tvs_and_a_server,
 * test_situations:test_renewal): an ITL holds CallManager of its node, every TVS, CAPF, and its
 * signer as SAST. */
static void judge_itl(struct ucm_judge *judge, const struct census *census)
{
    struct ucm_finding anchor = ucm_finding_make(UCM_TL_ONE_ANCHOR, 0, -1, -1);

    if (census->tvs == 0 && census->servers == 0) {
        ucm_judge_add_file(judge, UCM_TL_BLANK, 0, -1, -1);
        return; /* that the rest is missing follows from it */
    }
    if (census->tvs == 0)
        ucm_judge_add_file(judge, UCM_TL_NO_TVS, 0, -1, -1);
    if (census->signing_servers == 0)
        ucm_judge_add_file(judge, UCM_TL_ROLE_MISSING, 0, UCM_ROLE_CCM_TFTP, -1);
    if (!one_sast(judge->report))
        return;
    if (judge->options->version >= VERSION_RECOVERY)
        anchor.severity = UCM_WARNING; /* ITLRecovery should be the second */
    ucm_judge_add(judge, anchor);
}

/* Named once, however many nodes there are. */
static void judge_tvs_in_ctl(struct ucm_judge *judge)
{
    const struct ucm_report *report = judge->report;

    for (uint32_t i = 0; i < report->records; i++) {
        const struct ucm_record *record = &report->record[i].record;

        if (!in_role(&report->record[i], UCM_ROLE_TVS))
            continue;
        ucm_judge_add_record(
            judge, record,
            ucm_finding_make(UCM_TL_TVS_IN_CTL, record->value[UCM_RECORD_ROLE].off, -1, -1));
        return;
    }
}

static void judge_etokens(struct ucm_judge *judge)
{
    const struct ucm_report *report = judge->report;

    if (judge->options->version < VERSION_NO_ETOKEN)
        return;
    for (uint32_t i = 0; i < report->records; i++) {
        const struct ucm_record *record = &report->record[i].record;

        if (is_etoken(judge, &report->record[i]))
            ucm_judge_add_record(judge, record,
                                 ucm_finding_make(UCM_TL_ETOKEN,
                                                  record->value[UCM_RECORD_SUBJECT].off, -1,
                                                  judge->options->version));
    }
}

/* Fact ctl-content (B; test_lint_list:tvs_does_not_belong_into_a_ctl): a CTL is the same on all
 * nodes and never holds TVS. */
static void judge_ctl(struct ucm_judge *judge, const struct census *census)
{
    if (census->signing_servers == 0)
        ucm_judge_add_file(judge, UCM_TL_ROLE_MISSING, 0, UCM_ROLE_CCM_TFTP, -1);
    if (census->servers > 0 && census->servers_with_cert == 0)
        ucm_judge_add_file(judge, UCM_TL_CTL_NONSECURE, 0, -1, -1);
    judge_tvs_in_ctl(judge);
    judge_etokens(judge);
}

void ucm_judge_list(struct ucm_judge *judge)
{
    const struct ucm_trustlist *list = &judge->report->list;
    struct census census;

    judge_signer(judge);
    if (list->kind == UCM_LIST_SIGNED_FILE)
        return;
    census = count(judge->report);
    judge_size(judge, &census);
    judge_keys(judge, &census);
    judge_collisions(judge);
    if (judge->whole && list->kind == UCM_LIST_ITL)
        judge_itl(judge, &census);
    if (judge->whole && list->kind == UCM_LIST_CTL)
        judge_ctl(judge, &census);
}
