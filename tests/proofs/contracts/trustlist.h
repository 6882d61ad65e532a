/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Contracts of common/trustlist.c. Included before it, because most are of its own functions.
 */
#ifndef UCMTRUST_CONTRACTS_TRUSTLIST_H
#define UCMTRUST_CONTRACTS_TRUSTLIST_H

#include "contracts/bytes.h"
#include "contracts/finding.h"

#include "common/trustlist.h"

/* A list that the elements of its header are being stored into. */
#define LIST(list)                                                                                 \
    (__CPROVER_rw_ok(list, sizeof *(list)) && (list)->size <= UCM_INPUT_MAX &&                     \
     READABLE((list)->data, (list)->size) && UCM_HEADER_OK(*(list)) &&                             \
     (list)->anomalies.worst <= UCM_ERROR)
/* A list that was decoded, or that decoding stopped in. */
#define DECODED(list) (LIST(list) && UCM_VIEW_IN((list)->body, (list)->size))
#define STORED(list)                                                                               \
    (list)->has, (list)->version, (list)->signer_version, (list)->header_length, (list)->digest,   \
        (list)->algorithm, (list)->modulus, (list)->timestamp, (list)->padding,                    \
        (list)->signature_at, (list)->value, (list)->anomalies

/* An element that lies in an input of size bytes. */
#define ELEMENT(tlv, size)                                                                         \
    (UCM_VIEW_IN((tlv).value, size) && (tlv).at <= (size) && (tlv).wanted <= 3 + 0xffff)

/* The walk goes on by a byte at least, or it is over. Only padding has no length of its own. */
static struct ucm_tlv take_header_element(struct ucm_header_walk *walk)
    // clang-format off
REQUIRES(CURSOR(walk->cursor))
ASSIGNS(*walk)
ENSURES(walk->cursor.base == OLD(walk->cursor.base) && walk->cursor.end == OLD(walk->cursor.end))
ENSURES(walk->cursor.pos >= OLD(walk->cursor.pos) && walk->cursor.pos <= walk->cursor.end)
ENSURES(!RESULT.ok || walk->cursor.pos > RESULT.at)
ENSURES(RESULT.at >= OLD(walk->cursor.pos))
ENSURES(ELEMENT(RESULT, walk->cursor.end))
ENSURES(!RESULT.ok || RESULT.tag == UCM_HEADER_PADDING || (RESULT.wanted >= 3 &&
    RESULT.value.off == RESULT.at + 3));
// clang-format on

bool ucm_header_next(struct ucm_header_walk *walk, struct ucm_element *element)
    // clang-format off
REQUIRES(CURSOR(walk->cursor) && __CPROVER_w_ok(element, sizeof *element))
ASSIGNS(*walk, *element)
ENSURES(walk->cursor.base == OLD(walk->cursor.base) && walk->cursor.end == OLD(walk->cursor.end))
ENSURES(walk->cursor.pos >= OLD(walk->cursor.pos) && walk->cursor.pos <= walk->cursor.end)
ENSURES(!RESULT || walk->cursor.pos > OLD(walk->cursor.pos))
ENSURES(!RESULT || (UCM_VIEW_IN(element->value, walk->cursor.end) && element->depth <= 2));
// clang-format on

/* The signature, once stored, stands where the list says; nothing is taken back. */
static void store_header_element(struct ucm_trustlist *list, const struct ucm_tlv *tlv)
    // clang-format off
REQUIRES(LIST(list) && ELEMENT(*tlv, list->size))
REQUIRES(tlv->tag == UCM_HEADER_PADDING || tlv->value.off == tlv->at + 3)
REQUIRES(list->padding < UINT32_MAX)
ASSIGNS(STORED(list))
ENSURES(UCM_HEADER_OK(*list) && list->anomalies.worst <= UCM_ERROR)
ENSURES(list->padding <= OLD(list->padding) + (tlv->tag == UCM_HEADER_PADDING ? 1 : 0))
ENSURES(list->has == OLD(list->has) || (tlv->tag < 29 &&
    list->has == (OLD(list->has) | 1u << tlv->tag)));
// clang-format on

/* The cursor ends where the header does, or where decoding stopped. */
static bool decode_elements(struct ucm_trustlist *list, struct ucm_cursor *cursor)
    // clang-format off
REQUIRES(CURSOR(*cursor) && cursor->pos == 0 && cursor->end == list->size)
REQUIRES(LIST(list) && cursor->base == list->data)
REQUIRES(list->has == 0 && list->padding == 0 && list->error.id == UCM_FINDING_NONE)
ASSIGNS(STORED(list), list->error, *cursor)
ENSURES(UCM_HEADER_OK(*list) && list->anomalies.worst <= UCM_ERROR)
ENSURES(cursor->pos <= list->size)
ENSURES(RESULT == (list->error.id == UCM_FINDING_NONE));
// clang-format on

static void check_header(struct ucm_trustlist *list)
    // clang-format off
REQUIRES(LIST(list) && list->kind <= UCM_LIST_SIGNED_FILE)
ASSIGNS(list->anomalies)
ENSURES(list->anomalies.worst <= UCM_ERROR);
// clang-format on

static enum ucm_list_kind kind_of(const struct ucm_trustlist *list)
    // clang-format off
REQUIRES(DECODED(list))
ASSIGNS()
ENSURES(RESULT >= UCM_LIST_UNKNOWN && RESULT <= UCM_LIST_SIGNED_FILE);
// clang-format on

static bool could_be_list(struct ucm_cursor cursor)
    // clang-format off
REQUIRES(CURSOR(cursor))
ASSIGNS();
// clang-format on

/* Whatever the input: all views lie in it, false comes with an error, and true means that header
 * and body are the whole input. */
bool ucm_trustlist_decode(const uint8_t *data, size_t size, struct ucm_trustlist *list)
    // clang-format off
REQUIRES(READABLE(data, size) && __CPROVER_w_ok(list, sizeof *list))
ASSIGNS(*list)
ENSURES(list->data == data && list->size == (size > UCM_INPUT_MAX ? 0 : size))
ENSURES(UCM_HEADER_OK(*list) && UCM_VIEW_IN(list->body, list->size))
ENSURES(RESULT == (list->error.id == UCM_FINDING_NONE))
ENSURES(!RESULT || list->body.off + list->body.len == list->size);
// clang-format on

/* The two ranges are the file without the signature element: what is left out starts with its tag
 * and ends with its value. */
bool ucm_signed_ranges(const struct ucm_trustlist *list, struct ucm_view ranges[2])
    // clang-format off
REQUIRES(LIST(list) && __CPROVER_w_ok(ranges, 2 * sizeof *ranges))
ASSIGNS(ranges[0], ranges[1])
ENSURES(RESULT == ((list->has >> UCM_HEADER_SIGNATURE & 1u) != 0))
ENSURES(!RESULT || (ranges[0].off == 0 && ranges[0].len == list->signature_at))
ENSURES(!RESULT || ranges[1].off == ranges[0].len + 3 + list->value[UCM_HEADER_SIGNATURE].len)
ENSURES(!RESULT || ranges[1].off + ranges[1].len == list->size);
// clang-format on

#endif
