/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The catalogue: every row is whole, every id is found again, nothing overflows.
 */
#include "maker.h"

#include "common/finding.h"

#include <ctype.h>

/* One for each thing that is judged: a list, a TVS exchange, a phone, a cluster, a migration,
 * extension mobility across clusters, trust stores. */
static bool has_known_prefix(const char *id)
{
    static const char *const prefixes[] = {"TL-", "TVS-", "PHONE-", "CL-", "MIG-", "EMCC-", "ST-"};

    for (size_t i = 0; i < COUNT_OF(prefixes); i++)
        if (strncmp(id, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

static void every_row_is_whole(void **state)
{
    (void)state;
    for (int id = UCM_FINDING_NONE + 1; id < UCM_FINDING_COUNT; id++) {
        const struct ucm_rule *rule = ucm_rule((enum ucm_finding_id)id);

        assert_true(has_known_prefix(rule->id));
        for (const char *c = rule->id; *c != '\0'; c++)
            assert_true(isupper((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '-');
        assert_true(strlen(rule->what) > 10);
        assert_true(strlen(rule->meaning) > 3);
        assert_true(strlen(rule->remedy) > 3);
        assert_true(strlen(rule->source) > 3);
        assert_in_range(rule->grade, 'A', 'C');
        assert_null(strchr(rule->what, '|'));
        assert_int_equal(ucm_rule_find(rule->id), id); /* so ids are unique */
    }
}

/* Levels of the rules that formats and notes of Cisco fix, so that nobody moves them by accident.
 */
static void severities_are_those_of_the_sources(void **state)
{
    static const enum ucm_finding_id notes[] = {UCM_TL_DIGEST_SHA1, UCM_TL_CTL_NONSECURE,
                                                UCM_TL_ONE_ANCHOR, UCM_TL_KEY_SMALL,
                                                UCM_TL_CTL_ABSENT};
    static const enum ucm_finding_id warnings[] = {
        UCM_TL_BLANK,  UCM_TL_RESIGNED,          UCM_TL_RECOVERY_KEY_SMALL, UCM_TL_TAG_UNKNOWN,
        UCM_TL_NO_TVS, UCM_TL_MANY_CERTIFICATES, UCM_TL_VERSION_NEWER,      UCM_TL_ROLE_MISSING};
    static const enum ucm_finding_id errors[] = {UCM_TL_SIGNATURE_INVALID, UCM_TL_OVER_64K,
                                                 UCM_TL_SIGNER_DATES, UCM_TL_SIGNER_NOT_SAST};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(notes); i++)
        assert_int_equal(ucm_rule(notes[i])->severity, UCM_NOTE);
    for (size_t i = 0; i < COUNT_OF(warnings); i++)
        assert_int_equal(ucm_rule(warnings[i])->severity, UCM_WARNING);
    for (size_t i = 0; i < COUNT_OF(errors); i++)
        assert_int_equal(ucm_rule(errors[i])->severity, UCM_ERROR);
}

static void unknown_ids_are_none(void **state)
{
    (void)state;
    assert_int_equal(ucm_rule_find("TL-NO-SUCH-THING"), UCM_FINDING_NONE);
    assert_int_equal(ucm_rule_find(""), UCM_FINDING_NONE);
    assert_string_equal(ucm_rule((enum ucm_finding_id)UCM_FINDING_COUNT)->id, "");
    assert_string_equal(ucm_rule((enum ucm_finding_id) - 1)->id, "");
}

static void severities_merge_in_order(void **state)
{
    (void)state;
    assert_true(UCM_NOTE < UCM_WARNING && UCM_WARNING < UCM_UNSURE && UCM_UNSURE < UCM_ERROR);
    assert_string_equal(ucm_severity_name(UCM_NOTE), "note");
    assert_string_equal(ucm_severity_name(UCM_WARNING), "warning");
    assert_string_equal(ucm_severity_name(UCM_UNSURE), "unknown");
    assert_string_equal(ucm_severity_name(UCM_ERROR), "error");
}

static void anomalies_beyond_the_room_are_counted(void **state)
{
    struct ucm_anomalies anomalies = {0};

    (void)state;
    for (uint32_t i = 0; i < 100; i++)
        ucm_anomaly(&anomalies, i == 50 ? UCM_TL_RECORD_LENGTH : UCM_TL_TAG_UNKNOWN, i, -1, 99);
    assert_int_equal(anomalies.count, 100);
    assert_int_equal(ucm_anomalies_stored(&anomalies), UCM_ANOMALIES_MAX);
    assert_int_equal(anomalies.item[7].offset, 7);
    assert_int_equal(anomalies.worst, UCM_ERROR); /* of one that was not stored */
    anomalies.count = UINT32_MAX;
    ucm_anomaly(&anomalies, UCM_TL_TAG_UNKNOWN, 0, -1, 99);
    assert_int_equal(anomalies.count, UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(severities_are_those_of_the_sources),
        cmocka_unit_test(unknown_ids_are_none),
        cmocka_unit_test(severities_merge_in_order),
        cmocka_unit_test(anomalies_beyond_the_room_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
