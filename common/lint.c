/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Judging one trust list: see lint.h. Here is the file with its header and signature; the records
 * are judged by lint_record.c one by one and by lint_list.c together. lint_judge.c collects what
 * they find.
 */
#include "lint_judge.h"

#include <stdlib.h>
#include <string.h>

enum { CLOCK_TOLERANCE = 3600 };

struct ucm_lint_options ucm_lint_defaults(int64_t now)
{
    struct ucm_lint_options options = {
        .now = now,
        .warning_days = UCM_WARNING_DAYS,
        .critical_days = UCM_CRITICAL_DAYS,
        .expected = UCM_LIST_UNKNOWN,
    };

    return options;
}

/* Another major version is a finding of its own, which says more than "newer". */
static bool is_other_major(const struct ucm_trustlist *list)
{
    return list->kind != UCM_LIST_SIGNED_FILE && ucm_list_has(list, UCM_HEADER_VERSION) &&
           list->version >> 8 != UCM_LIST_VERSION_KNOWN >> 8;
}

static void add_anomalies(struct ucm_judge *judge, const struct ucm_anomalies *anomalies,
                          const struct ucm_record *record)
{
    uint32_t stored = ucm_anomalies_stored(anomalies);

    for (uint32_t i = 0; i < stored; i++) {
        if (anomalies->item[i].id == UCM_TL_VERSION_NEWER && is_other_major(&judge->report->list))
            continue;
        if (record != NULL)
            ucm_judge_add_record(judge, record, anomalies->item[i]);
        else
            ucm_judge_add(judge, anomalies->item[i]);
    }
    ucm_findings_overflow(&judge->report->findings, anomalies);
}

/* ---- the file ---- */

static void judge_header(struct ucm_judge *judge)
{
    const struct ucm_trustlist *list = &judge->report->list;
    const struct ucm_lint_options *options = judge->options;

    if (is_other_major(list))
        ucm_judge_add_file(judge, UCM_TL_VERSION_UNKNOWN, list->value[UCM_HEADER_VERSION].off,
                           UCM_LIST_VERSION_KNOWN, list->version);
    if (list->kind == UCM_LIST_UNKNOWN && ucm_list_has(list, UCM_HEADER_FILENAME)) {
        struct ucm_finding finding =
            ucm_finding_make(UCM_TL_FILENAME_UNKNOWN, list->value[UCM_HEADER_FILENAME].off, -1, -1);

        finding.subject = list->value[UCM_HEADER_FILENAME];
        ucm_judge_add(judge, finding);
    }
    if (options->expected != UCM_LIST_UNKNOWN && list->kind != options->expected)
        ucm_judge_add_file(judge, UCM_TL_FILENAME, list->value[UCM_HEADER_FILENAME].off, -1, -1);
    if (ucm_list_has(list, UCM_HEADER_TIMESTAMP) &&
        (int64_t)list->timestamp > options->now + CLOCK_TOLERANCE)
        ucm_judge_add_file(judge, UCM_TL_TIMESTAMP_FUTURE, list->value[UCM_HEADER_TIMESTAMP].off,
                           options->now, list->timestamp);
    if (ucm_list_has(list, UCM_HEADER_DIGEST) && list->digest == UCM_DIGEST_SHA1)
        ucm_judge_add_file(judge, UCM_TL_DIGEST_SHA1, list->value[UCM_HEADER_DIGEST].off, -1, -1);
}

static void judge_signature(struct ucm_judge *judge)
{
    const struct ucm_trustlist *list = &judge->report->list;
    const struct ucm_signature *signature = &judge->report->signature;
    bool is_list = list->kind != UCM_LIST_SIGNED_FILE;

    if (signature->status != UCM_SIGNATURE_VALID) {
        int64_t found =
            signature->reason == UCM_TL_DIGEST_UNKNOWN || signature->reason == UCM_TL_DIGEST_BLOCKED
                ? list->digest
                : -1;

        ucm_judge_add_file(judge, signature->reason, list->signature_at, -1, found);
        return;
    }
    if (is_list && !signature->sast)
        ucm_judge_add_file(judge, UCM_TL_SIGNER_NOT_SAST, list->signature_at, UCM_ROLE_SAST, -1);
}

/* ---- records ---- */

/* Decodes them all into the report, as far as the list is whole. Returns where the walk ended. */
static struct ucm_record_walk collect_records(struct ucm_judge *judge)
{
    struct ucm_report *report = judge->report;
    struct ucm_record_walk walk = ucm_record_walk(&report->list);

    for (;;) {
        struct ucm_list_record *items =
            ucm_judge_grow(report->record, sizeof *report->record, report->records);

        if (items == NULL) {
            judge->out_of_memory = true;
            break;
        }
        report->record = items;
        items[report->records].cert = NULL;
        if (!ucm_record_next(&walk, &items[report->records].record))
            break;
        report->records++;
    }
    judge->whole = walk.error.id == UCM_FINDING_NONE;
    return walk;
}

static void judge_records(struct ucm_judge *judge)
{
    struct ucm_report *report = judge->report;

    for (uint32_t i = 0; i < report->records && !judge->out_of_memory; i++) {
        struct ucm_list_record *item = &report->record[i];

        add_anomalies(judge, &item->record.anomalies, &item->record);
        ucm_judge_record(judge, item);
    }
}

/* ---- the whole ---- */

static void judge_all(struct ucm_judge *judge, const uint8_t *data, size_t size)
{
    struct ucm_report *report = judge->report;
    const struct ucm_trustlist *anchor = judge->options->anchor;
    const bool decoded = ucm_trustlist_decode(data, size, &report->list);
    struct ucm_record_walk walk;

    report->signature = ucm_signature_check_with(judge->cache, &report->list,
                                                 anchor != NULL ? anchor : &report->list);
    if (!decoded)
        ucm_judge_add(judge, report->list.error);
    add_anomalies(judge, &report->list.anomalies, NULL);
    if (!decoded)
        return;
    walk = collect_records(judge);
    judge_header(judge);
    /* First the cause: what is cut lacks its signer, or has no valid signature any more. */
    if (!judge->whole)
        ucm_judge_add(judge, walk.error);
    judge_signature(judge);
    judge_records(judge);
    add_anomalies(judge, &walk.anomalies, NULL);
    if (!judge->out_of_memory)
        ucm_judge_list(judge);
}

bool ucm_report_make(const uint8_t *data, size_t size, const struct ucm_lint_options *options,
                     struct ucm_report *report)
{
    struct ucm_cert_cache *own = options->cache == NULL ? ucm_cert_cache_new() : NULL;
    struct ucm_judge judge = {
        .options = options,
        .report = report,
        .cache = own != NULL ? own : options->cache,
    };

    memset(report, 0, sizeof *report);
    judge_all(&judge, data, size);
    ucm_cert_cache_free(own);
    if (judge.out_of_memory)
        ucm_report_free(report);
    return !judge.out_of_memory;
}

void ucm_report_free(struct ucm_report *report)
{
    for (uint32_t i = 0; i < report->records; i++)
        ucm_cert_release(report->record[i].cert);
    free(report->record);
    ucm_findings_free(&report->findings);
    memset(report, 0, sizeof *report);
}

const struct ucm_list_record *ucm_report_first_to_expire(const struct ucm_report *report)
{
    const struct ucm_list_record *first = NULL;

    for (uint32_t i = 0; i < report->records; i++) {
        const struct ucm_list_record *item = &report->record[i];

        if (item->cert != NULL && item->cert->not_after != UCM_TIME_NONE &&
            (first == NULL || item->cert->not_after < first->cert->not_after))
            first = item;
    }
    return first;
}
