/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The catalogue as an array, and the look-ups over it.
 */
#include "finding.h"
#include "contract.h"

#include <string.h>

#define GRADE_OF(grade) (#grade[0])
#define ROW(constant, id, severity, grade, detail, what, meaning, remedy, source)                  \
    [constant] = {id, what, meaning, remedy, source, GRADE_OF(grade), severity, detail},

static const struct ucm_rule RULES[UCM_FINDING_COUNT] = {
    [UCM_FINDING_NONE] = {"", "", "", "", "", 'A', UCM_NOTE, UCM_DETAIL_NONE}, UCM_FINDINGS(ROW)};

const struct ucm_rule *ucm_rule(enum ucm_finding_id id)
{
    return &RULES[(unsigned)id < UCM_FINDING_COUNT ? (unsigned)id : UCM_FINDING_NONE];
}

enum ucm_finding_id ucm_rule_find(const char *id)
{
    for (unsigned i = UCM_FINDING_NONE + 1; i < UCM_FINDING_COUNT; i++)
        UCM_LOOP((i), i <= UCM_FINDING_COUNT, UCM_FINDING_COUNT - i)
        {
            if (strcmp(RULES[i].id, id) == 0)
                return (enum ucm_finding_id)i;
        }
    return UCM_FINDING_NONE;
}

struct ucm_finding ucm_finding_make(enum ucm_finding_id id, uint32_t offset, int64_t expected,
                                    int64_t found)
{
    struct ucm_finding finding = {
        .id = id,
        .severity = ucm_rule(id)->severity,
        .offset = offset,
        .expected = expected,
        .found = found,
    };

    return finding;
}

void ucm_anomaly(struct ucm_anomalies *anomalies, enum ucm_finding_id id, uint32_t offset,
                 int64_t expected, int64_t found)
{
    struct ucm_finding finding = ucm_finding_make(id, offset, expected, found);

    if (anomalies->count < UCM_ANOMALIES_MAX)
        anomalies->item[anomalies->count] = finding;
    if (finding.severity > anomalies->worst)
        anomalies->worst = finding.severity;
    if (anomalies->count < UINT32_MAX)
        anomalies->count++;
}

const char *ucm_severity_name(enum ucm_severity severity)
{
    switch (severity) {
    case UCM_NOTE:
        return "note";
    case UCM_WARNING:
        return "warning";
    case UCM_UNSURE:
        return "unknown";
    case UCM_ERROR:
        break;
    }
    return "error";
}
