/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What holds of every finding, so that tests need not say it each time: a finding has the numbers
 * that its rule tells, and -1 where it tells none; one about a list points at an element of it.
 */
#ifndef UCMTRUST_TESTS_UNIT_TOLD_H
#define UCMTRUST_TESTS_UNIT_TOLD_H

#include "maker.h"

#include "common/finding.h"
#include "common/trustlist.h"

static inline void assert_told(const struct ucm_finding *finding)
{
    enum ucm_detail detail = ucm_rule(finding->id)->detail;

    assert_int_not_equal(finding->id, UCM_FINDING_NONE);
    if (detail == UCM_DETAIL_NONE || detail == UCM_DETAIL_TAG || detail == UCM_DETAIL_RECORD)
        assert_int_equal(finding->expected, -1);
    if (detail == UCM_DETAIL_NONE || detail == UCM_DETAIL_ROLE)
        assert_int_equal(finding->found, -1);
    if (detail == UCM_DETAIL_TAG || detail == UCM_DETAIL_RECORD || detail == UCM_DETAIL_TIME)
        assert_true(finding->found >= 0);
}

/* Is it the offset of an element of the list, or of its value? The end of one is that, too. */
static inline bool is_of_element(const struct ucm_trustlist *list, uint32_t offset)
{
    struct ucm_header_walk header = ucm_header_walk(list);
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_element element;
    struct ucm_record record;

    if (offset == 0 || offset == list->size)
        return true;
    while (ucm_header_next(&header, &element))
        if (offset == element.at || offset == element.value.off)
            return true;
    while (ucm_record_next(&walk, &record)) {
        struct ucm_cursor cursor = record.elements;

        while (ucm_record_element_next(&cursor, &element))
            if (offset == element.at || offset == element.value.off || offset == cursor.pos)
                return true;
    }
    return false;
}

/* The same of a finding about a list; one about a record names its subject, or else its host. */
static inline void assert_told_of(const struct ucm_trustlist *list,
                                  const struct ucm_finding *finding)
{
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_view subject = {0, 0};
    struct ucm_record record;

    assert_told(finding);
    assert_true(is_of_element(list, finding->offset));
    if (finding->record == 0)
        return;
    while (ucm_record_next(&walk, &record))
        if (record.index == finding->record)
            subject = record.value[record.value[UCM_RECORD_SUBJECT].len != 0 ? UCM_RECORD_SUBJECT
                                                                             : UCM_RECORD_DNS_NAME];
    assert_int_equal(finding->subject.off, subject.off);
    assert_int_equal(finding->subject.len, subject.len);
}

#endif
