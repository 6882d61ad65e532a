/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the tests of judging share: the identities of a small cluster, a clean list, and a
 * comparison of all findings with those expected.
 */
#ifndef UCMTRUST_TESTS_UNIT_TEST_LINT_H
#define UCMTRUST_TESTS_UNIT_TEST_LINT_H

#include "told.h"

#include "common/lint.h"

enum { BASE_RECORDS = 4, RECORDS_ROOM = 64 };

static struct maker maker;
static struct identity *signer;  /* ITLRecovery */
static struct identity *manager; /* CallManager */
static struct identity *tvs;
static struct ucm_report report;

static inline int set_up(void **state)
{
    (void)state;
    signer = make_identity(&(struct identity_options){.cn = "CN=ITLRECOVERY_pub"});
    manager = make_identity(&(struct identity_options){.cn = "CN=cucm-pub", .serial = 0x31});
    tvs = make_identity(&(struct identity_options){.cn = "CN=tvs", .serial = 0x32});
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    free_identity(signer);
    free_identity(manager);
    free_identity(tvs);
    return 0;
}

static inline void judge_with(const struct ucm_lint_options *options)
{
    assert_true(ucm_report_make(maker.data, maker.size, options, &report));
}

static inline void judge(void)
{
    struct ucm_lint_options options = ucm_lint_defaults(NOW);

    judge_with(&options);
}

static inline void judge_as_version(uint16_t version)
{
    struct ucm_lint_options options = ucm_lint_defaults(NOW);

    options.version = version;
    judge_with(&options);
}

/* A list of these records and no others, signed by one of the cluster. */
static inline void make_exactly(const char *filename, const struct identity *by,
                                const struct record_options *records, size_t count)
{
    make_list(&maker,
              &(struct list_options){
                  .filename = filename, .signer = by, .records = records, .record_count = count});
}

/* An ITL without fault, and these records more. */
static inline void make(const struct record_options *records, size_t count)
{
    struct record_options all[RECORDS_ROOM] = {{signer, UCM_ROLE_SAST, false},
                                               {manager, UCM_ROLE_SAST, false},
                                               {manager, UCM_ROLE_CCM_TFTP, false},
                                               {tvs, UCM_ROLE_TVS, false}};

    assert_true(BASE_RECORDS + count <= COUNT_OF(all));
    for (size_t i = 0; i < count; i++)
        all[BASE_RECORDS + i] = records[i];
    make_exactly("ITLFile.tlv", signer, all, BASE_RECORDS + count);
}

static inline void make_clean(void)
{
    make(NULL, 0);
}

/* The one finding of the report, which is then freed. */
static inline struct ucm_finding only(void)
{
    struct ucm_finding finding;

    assert_int_equal(report.findings.count, 1);
    assert_int_equal(report.findings.stored, 1);
    finding = report.findings.item[0];
    assert_told_of(&report.list, &finding);
    assert_int_equal(report.findings.worst, finding.severity);
    ucm_report_free(&report);
    return finding;
}

/* None at all; the report is then freed. */
static inline void none(void)
{
    for (uint32_t i = 0; i < report.findings.stored; i++)
        print_message("unexpected: %s\n", ucm_rule(report.findings.item[i].id)->id);
    assert_int_equal(report.findings.count, 0);
    assert_int_equal(report.findings.worst, UCM_NOTE);
    ucm_report_free(&report);
}

/* Exactly these, in any order, as often as they stand here; the report is then freed. */
static inline void exactly(const enum ucm_finding_id *ids, size_t count)
{
    assert_int_equal(report.findings.stored, count);
    for (size_t i = 0; i < count; i++) {
        size_t wanted = 0;
        size_t found = 0;

        assert_told_of(&report.list, &report.findings.item[i]);
        for (size_t k = 0; k < count; k++) {
            wanted += ids[k] == ids[i];
            found += report.findings.item[k].id == ids[i];
        }
        assert_int_equal(found, wanted);
    }
    ucm_report_free(&report);
}

#define EXACTLY(...)                                                                               \
    exactly((const enum ucm_finding_id[]){__VA_ARGS__},                                            \
            COUNT_OF(((const enum ucm_finding_id[]){__VA_ARGS__})))

#endif
