/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Views as text in Wireshark's memory: what both protocols put into labels and columns.
 */
#ifndef UCMTRUST_DISSECTOR_SHOW_H
#define UCMTRUST_DISSECTOR_SHOW_H

#include "compat.h"

#include "common/bytes.h"
#include "common/cert.h"
#include "common/names.h"

/** A row of a table in common/names.h as a row of a value_string. */
#define SHOW_VALUE(number, constant, name, grade) {number, name},

/** A view as printable text; control bytes and invalid UTF-8 become \xNN, long ones are cut. */
const char *show_text(wmem_allocator_t *pool, const uint8_t *data, struct ucm_view view);

/** The same of a text. What is appended to a label needs it: Wireshark makes only values printable.
 */
const char *show_printable(wmem_allocator_t *pool, const char *text);

/** The first name of a distinguished name: "CN=ucm11pub" of "CN=ucm11pub;OU=IST". */
const char *show_first_name(wmem_allocator_t *pool, const uint8_t *data, struct ucm_view view);

/** A view as upper-case hex without separators. */
const char *show_hex(wmem_allocator_t *pool, const uint8_t *data, struct ucm_view view);

/** A serial number as CUCM traces print it: upper-case hex, no leading zero bytes. */
const char *show_serial(wmem_allocator_t *pool, const uint8_t *data, struct ucm_view view);

/** A moment of a certificate as the value of an FT_ABSOLUTE_TIME field; a date that could not be
 * read adds nothing. */
void show_moment(proto_tree *tree, int field, tvbuff_t *tvb, struct ucm_view view, int64_t seconds);

/** A generated text that stands for the bytes of view. */
void show_generated(proto_tree *tree, int field, tvbuff_t *tvb, struct ucm_view view,
                    const char *text);

/** Append the value of item, as it is displayed, to label. */
void show_in_label(wmem_allocator_t *pool, proto_item *label, proto_item *item);

/** A text as an item of its field, and appended to label. */
void show_text_in_label(wmem_allocator_t *pool, proto_item *label, proto_tree *tree, int field,
                        tvbuff_t *tvb, struct ucm_view text);

/** Append the name of a number to label, or the number when it has none. */
void show_name_in_label(proto_item *label, const char *name, uint32_t number);

/** The first two items of every element: its tag and its length field. The tag is at `at`. */
void show_tag_and_length(proto_tree *tree, int tag_field, int length_field, tvbuff_t *tvb,
                         uint32_t at);

#endif
