/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Contracts of common/finding.c and common/names.c.
 */
#ifndef UCMTRUST_CONTRACTS_FINDING_H
#define UCMTRUST_CONTRACTS_FINDING_H

#include "contracts/words.h"

#include "common/finding.h"
#include "common/names.h"

struct ucm_finding ucm_finding_make(enum ucm_finding_id id, uint32_t offset, int64_t expected,
                                    int64_t found)
    // clang-format off
ASSIGNS()
ENSURES(RESULT.id == id && RESULT.offset == offset)
ENSURES(RESULT.expected == expected && RESULT.found == found)
ENSURES(RESULT.severity <= UCM_ERROR);
// clang-format on

/* Counted in any case; those that find room are stored and the worst of all is known. */
void ucm_anomaly(struct ucm_anomalies *anomalies, enum ucm_finding_id id, uint32_t offset,
                 int64_t expected, int64_t found)
    // clang-format off
REQUIRES(__CPROVER_rw_ok(anomalies, sizeof *anomalies) && anomalies->worst <= UCM_ERROR)
ASSIGNS(*anomalies)
ENSURES(anomalies->count == OLD(anomalies->count) + (OLD(anomalies->count) < UINT32_MAX ? 1 : 0))
ENSURES(anomalies->worst >= OLD(anomalies->worst) && anomalies->worst <= UCM_ERROR);
// clang-format on

/* Exactly the tags that there is room for have names. */
const char *ucm_header_tag_name(uint32_t number)
    // clang-format off
ASSIGNS()
ENSURES((RESULT != NULL) == (number >= 1 && number <= 28));
// clang-format on

const char *ucm_record_tag_name(uint32_t number)
    // clang-format off
ASSIGNS()
ENSURES((RESULT != NULL) == (number >= 1 && number <= 12));
// clang-format on

#endif
