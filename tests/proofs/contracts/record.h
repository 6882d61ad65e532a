/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Contracts of common/trustlist_record.c. Included before it, because most are of its own
 * functions.
 */
#ifndef UCMTRUST_CONTRACTS_RECORD_H
#define UCMTRUST_CONTRACTS_RECORD_H

#include "contracts/bytes.h"
#include "contracts/finding.h"

#include "common/trustlist.h"

/* A record that its elements are being stored into. */
#define RECORD(record)                                                                             \
    (__CPROVER_rw_ok(record, sizeof *(record)) && (record)->elements.end <= UCM_INPUT_MAX &&       \
     UCM_RECORD_OK(*(record)) && (record)->anomalies.worst <= UCM_ERROR)
#define STORED(record) (record)->has, (record)->role, (record)->value, (record)->anomalies

bool ucm_record_element_next(struct ucm_cursor *cursor, struct ucm_element *element)
    // clang-format off
REQUIRES(CURSOR(*cursor) && __CPROVER_w_ok(element, sizeof *element))
ASSIGNS(cursor->pos, *element)
ENSURES(cursor->pos <= cursor->end)
ENSURES(RESULT
    ? cursor->pos == element->value.off + element->value.len : cursor->pos == OLD(cursor->pos))
ENSURES(!RESULT || (element->at == OLD(cursor->pos) && element->value.off == element->at + 3));
// clang-format on

static void store_record_element(const uint8_t *base, struct ucm_record *record,
                                 const struct ucm_tlv *tlv)
    // clang-format off
REQUIRES(RECORD(record) && READABLE(base, record->elements.end))
REQUIRES(UCM_VIEW_IN(tlv->value, record->elements.end))
ASSIGNS(STORED(record))
ENSURES(UCM_RECORD_OK(*record) && record->anomalies.worst <= UCM_ERROR);
// clang-format on

static void decode_record(struct ucm_record *record, bool cut)
    // clang-format off
REQUIRES(RECORD(record) && CURSOR(record->elements))
ASSIGNS(STORED(record))
ENSURES(UCM_RECORD_OK(*record) && record->anomalies.worst <= UCM_ERROR);
// clang-format on

static bool end_of_records(struct ucm_record_walk *walk, const struct ucm_tlv *tlv)
    // clang-format off
REQUIRES(__CPROVER_rw_ok(walk, sizeof *walk) && UCM_CURSOR_OK(walk->cursor))
REQUIRES(walk->anomalies.worst <= UCM_ERROR)
ASSIGNS(walk->cursor.pos, walk->anomalies, walk->error)
ENSURES(!RESULT && walk->cursor.pos == walk->cursor.end && walk->anomalies.worst <= UCM_ERROR);
// clang-format on

/* Each record is counted, lies where the one before ended, and its views in it; no more than the
 * limit. */
bool ucm_record_next(struct ucm_record_walk *walk, struct ucm_record *record)
    // clang-format off
REQUIRES(CURSOR(walk->cursor) && walk->anomalies.worst <= UCM_ERROR)
REQUIRES(__CPROVER_w_ok(record, sizeof *record))
ASSIGNS(walk->cursor.pos, walk->index, walk->anomalies, walk->error, *record)
ENSURES(walk->cursor.pos <= walk->cursor.end && walk->anomalies.worst <= UCM_ERROR)
ENSURES(RESULT || walk->cursor.pos == walk->cursor.end)
ENSURES(!RESULT || walk->cursor.pos >= OLD(walk->cursor.pos) + UCM_RECORD_HEAD_SIZE)
ENSURES(!RESULT || (record->index == walk->index && walk->index == OLD(walk->index) + (uint64_t)1 &&
    walk->index <= UCM_RECORDS_MAX))
ENSURES(!RESULT || (record->at == OLD(walk->cursor.pos) && record->elements.pos == record->at))
ENSURES(!RESULT || (record->elements.end == walk->cursor.pos && UCM_RECORD_OK(*record)));
// clang-format on

#endif
