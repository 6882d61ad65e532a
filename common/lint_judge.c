/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Findings as they are met: see lint_judge.h, and lint.h for those who only keep them.
 */
#include "lint_judge.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 16 };

void *ucm_judge_grow(void *items, size_t item_size, uint32_t count)
{
    bool power = (count & (count - 1)) == 0;

    if (count != 0 && (count < FIRST_ROOM || !power))
        return items;
    return realloc(items, item_size * (count < FIRST_ROOM ? FIRST_ROOM : (size_t)count * 2));
}

bool ucm_findings_add(struct ucm_findings *findings, const struct ucm_finding *finding)
{
    if (finding->severity > findings->worst)
        findings->worst = finding->severity;
    if (findings->stored < UCM_FINDINGS_MAX) {
        struct ucm_finding *item =
            ucm_judge_grow(findings->item, sizeof *findings->item, findings->stored);

        if (item == NULL)
            return false;
        findings->item = item;
        findings->item[findings->stored++] = *finding;
    }
    findings->count++;
    return true;
}

void ucm_findings_overflow(struct ucm_findings *findings, const struct ucm_anomalies *anomalies)
{
    findings->count += anomalies->count - ucm_anomalies_stored(anomalies);
    if (anomalies->worst > findings->worst)
        findings->worst = anomalies->worst;
}

void ucm_findings_free(struct ucm_findings *findings)
{
    free(findings->item);
    memset(findings, 0, sizeof *findings);
}

void ucm_judge_add(struct ucm_judge *judge, struct ucm_finding finding)
{
    finding.source = judge->options->source;
    /* not analyzer-malloc-leak: the report owns them, and what makes it frees it */
    if (!ucm_findings_add(&judge->report->findings, &finding))
        judge->out_of_memory = true;
}

void ucm_judge_add_file(struct ucm_judge *judge, enum ucm_finding_id id, uint32_t offset,
                        int64_t expected, int64_t found)
{
    struct ucm_finding finding = ucm_finding_make(id, offset, expected, found);

    finding.subject = judge->report->list.value[UCM_HEADER_SIGNER_NAME];
    ucm_judge_add(judge, finding);
}

void ucm_judge_add_record(struct ucm_judge *judge, const struct ucm_record *record,
                          struct ucm_finding finding)
{
    finding.record = record->index;
    finding.subject = record->value[UCM_RECORD_SUBJECT];
    if (finding.subject.len == 0)
        finding.subject = record->value[UCM_RECORD_DNS_NAME];
    ucm_judge_add(judge, finding);
}
