/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Contracts of common/tvs.c. Included before it, because most are of its own functions.
 */
#ifndef UCMTRUST_CONTRACTS_TVS_H
#define UCMTRUST_CONTRACTS_TVS_H

#include "contracts/bytes.h"
#include "contracts/finding.h"

#include "common/tvs.h"

/* A message that the elements are being stored into. */
#define MESSAGE(base, message)                                                                     \
    (__CPROVER_rw_ok(message, sizeof *(message)) && (message)->size <= UCM_INPUT_MAX &&            \
     READABLE(base, (message)->size) && UCM_TVS_OK(*(message)) &&                                  \
     (message)->anomalies.worst <= UCM_ERROR)
#define KIND(kind) ((kind) >= UCM_TVS_DEVICE && (kind) <= UCM_TVS_OTHER)
#define STORED(message)                                                                            \
    (message)->has, (message)->value, (message)->status, (message)->ttl, (message)->certificates,  \
        (message)->anomalies

static bool looks_like_name(const uint8_t *base, struct ucm_view value)
    // clang-format off
REQUIRES(VIEW(base, value))
ASSIGNS();
// clang-format on

static enum ucm_tvs_kind kind_of(const uint8_t *base, uint8_t tag, struct ucm_view value)
    // clang-format off
REQUIRES(VIEW(base, value))
ASSIGNS()
ENSURES(RESULT >= UCM_TVS_DEVICE && RESULT <= UCM_TVS_OTHER);
// clang-format on

/* The element is where the cursor was, and the cursor behind it; or neither changes. */
bool ucm_tvs_next(struct ucm_cursor *cursor, struct ucm_tvs_element *element)
    // clang-format off
REQUIRES(CURSOR(*cursor) && __CPROVER_w_ok(element, sizeof *element))
ASSIGNS(cursor->pos, *element)
ENSURES(cursor->pos <= cursor->end)
ENSURES(RESULT
    ? cursor->pos == element->value.off + element->value.len : cursor->pos == OLD(cursor->pos))
ENSURES(!RESULT || element->at == OLD(cursor->pos))
ENSURES(!RESULT || element->value.off == element->at + 3)
ENSURES(!RESULT || (KIND(element->kind) && UCM_VIEW_IN(element->value, cursor->end)));
// clang-format on

/* What means something of a value lies in the value. */
static struct ucm_view content(const uint8_t *base, const struct ucm_tvs_element *element)
    // clang-format off
REQUIRES(VIEW(base, element->value) && KIND(element->kind))
ASSIGNS()
ENSURES(RESULT.off >= element->value.off)
ENSURES((uint64_t)RESULT.off + RESULT.len <= (uint64_t)element->value.off + element->value.len);
// clang-format on

static void store(const uint8_t *base, const struct ucm_tvs_element *element,
                  struct ucm_tvs *message)
    // clang-format off
REQUIRES(MESSAGE(base, message) && KIND(element->kind))
REQUIRES(UCM_VIEW_IN(element->value, message->size) && message->certificates < UINT32_MAX)
ASSIGNS(STORED(message))
ENSURES(UCM_TVS_OK(*message) && message->anomalies.worst <= UCM_ERROR)
ENSURES(message->certificates <= OLD(message->certificates) + 1);
// clang-format on

static void check_complete(struct ucm_tvs *message)
    // clang-format off
REQUIRES(__CPROVER_rw_ok(message, sizeof *message) && message->anomalies.worst <= UCM_ERROR)
ASSIGNS(message->anomalies)
ENSURES(message->anomalies.worst <= UCM_ERROR);
// clang-format on

static bool decode_header(struct ucm_cursor *cursor, struct ucm_tvs *message)
    // clang-format off
REQUIRES(CURSOR(*cursor) && cursor->pos == 0)
REQUIRES(__CPROVER_rw_ok(message, sizeof *message) && message->anomalies.worst <= UCM_ERROR)
ASSIGNS(cursor->pos, message->version, message->type, message->reserved, message->session)
ASSIGNS(message->length, message->anomalies, message->error)
ENSURES(cursor->pos <= cursor->end && message->anomalies.worst <= UCM_ERROR)
ENSURES(!RESULT || cursor->pos == UCM_TVS_HEADER_SIZE)
ENSURES(RESULT
    ? message->error.id == OLD(message->error.id) : message->error.id != UCM_FINDING_NONE);
// clang-format on

static bool decode_elements(struct ucm_cursor cursor, struct ucm_tvs *message)
    // clang-format off
REQUIRES(CURSOR(cursor) && cursor.end == message->size)
REQUIRES(MESSAGE(cursor.base, message) && message->certificates == 0)
ASSIGNS(STORED(message), message->error)
ENSURES(UCM_TVS_OK(*message) && message->anomalies.worst <= UCM_ERROR)
ENSURES(RESULT
    ? message->error.id == OLD(message->error.id) : message->error.id != UCM_FINDING_NONE);
// clang-format on

/* Whatever the input: views lie inside what belongs to the message, and false comes with an error.
 */
bool ucm_tvs_decode(const uint8_t *data, size_t size, struct ucm_tvs *message)
    // clang-format off
REQUIRES(READABLE(data, size) && __CPROVER_w_ok(message, sizeof *message))
ASSIGNS(*message)
ENSURES(message->size <= size && message->size <= UCM_TVS_SIZE_MAX && UCM_TVS_OK(*message))
ENSURES(RESULT == (message->error.id == UCM_FINDING_NONE))
ENSURES(message->elements.base == data)
ENSURES(message->elements.pos <= message->elements.end && message->elements.end == message->size);
// clang-format on

static bool has_text(const uint8_t *base, struct ucm_view view, uint32_t at, const char *text,
                     uint32_t length)
    // clang-format off
REQUIRES(VIEW(base, view) && __CPROVER_r_ok(text, length) && length > 0)
ASSIGNS()
ENSURES(!RESULT || (at <= view.len && view.len - at >= length));
// clang-format on

/* Both parts lie in the name. */
void ucm_tvs_device_parts(const uint8_t *base, struct ucm_view device, struct ucm_view *model,
                          struct ucm_view *mac)
    // clang-format off
REQUIRES(VIEW(base, device))
REQUIRES(__CPROVER_w_ok(model, sizeof *model) && __CPROVER_w_ok(mac, sizeof *mac))
ASSIGNS(*model, *mac)
ENSURES(model->off >= device.off && model->off + model->len <= device.off + device.len)
ENSURES(mac->off >= device.off && mac->off + mac->len <= device.off + device.len)
ENSURES((mac->len == 12 && model->len > 0) || (mac->len == 0 && model->len == 0));
// clang-format on

#endif
