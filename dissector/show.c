/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Views as text: see show.h.
 */
#include "show.h"

#include "common/finding_text.h"

#include <string.h>

enum { SHOWN_HEX_MAX = 128 }; /* bytes; a serial number has 20 */

const char *show_text(wmem_allocator_t *pool, const uint8_t *data, struct ucm_view view)
{
    char text[UCM_TEXT_MAX];

    ucm_escape(data + view.off, view.len, text, sizeof text);
    return wmem_strdup(pool, text);
}

const char *show_printable(wmem_allocator_t *pool, const char *text)
{
    const struct ucm_view whole = {0, (uint32_t)strlen(text)};

    return show_text(pool, (const uint8_t *)text, whole);
}

const char *show_first_name(wmem_allocator_t *pool, const uint8_t *data, struct ucm_view view)
{
    const uint8_t *end = view.len == 0 ? NULL : memchr(data + view.off, ';', view.len);

    if (end != NULL)
        view.len = (uint32_t)(end - data) - view.off;
    return show_text(pool, data, view);
}

const char *show_hex(wmem_allocator_t *pool, const uint8_t *data, struct ucm_view view)
{
    size_t size = MIN(view.len, SHOWN_HEX_MAX);
    char *hex = wmem_alloc(pool, 2 * size + 1);

    ucm_hex(data + view.off, size, hex);
    return hex;
}

const char *show_serial(wmem_allocator_t *pool, const uint8_t *data, struct ucm_view view)
{
    return show_hex(pool, data, ucm_serial(data, view));
}

void show_moment(proto_tree *tree, int field, tvbuff_t *tvb, struct ucm_view view, int64_t seconds)
{
    nstime_t moment = {0, 0};

    if (seconds == UCM_TIME_NONE)
        return;
    moment.secs = (time_t)seconds;
    proto_item_set_generated(
        proto_tree_add_time(tree, field, tvb, (int)view.off, (int)view.len, &moment));
}

void show_generated(proto_tree *tree, int field, tvbuff_t *tvb, struct ucm_view view,
                    const char *text)
{
    proto_item_set_generated(
        proto_tree_add_string(tree, field, tvb, (int)view.off, (int)view.len, text));
}

void show_in_label(wmem_allocator_t *pool, proto_item *label, proto_item *item)
{
    if (label == NULL || item == NULL || !compat_visible(item))
        return;
    proto_item_append_text(label, ": %s",
                           show_printable(pool, proto_item_get_display_repr(pool, item)));
}

void show_text_in_label(wmem_allocator_t *pool, proto_item *label, proto_tree *tree, int field,
                        tvbuff_t *tvb, struct ucm_view text)
{
    show_in_label(
        pool, label,
        proto_tree_add_item(tree, field, tvb, (int)text.off, (int)text.len, ENC_UTF_8 | ENC_NA));
}

void show_name_in_label(proto_item *label, const char *name, uint32_t number)
{
    if (name != NULL)
        proto_item_append_text(label, ": %s", name);
    else
        proto_item_append_text(label, ": %u", number);
}

void show_tag_and_length(proto_tree *tree, int tag_field, int length_field, tvbuff_t *tvb,
                         uint32_t at)
{
    proto_tree_add_item(tree, tag_field, tvb, (int)at, 1, ENC_BIG_ENDIAN);
    proto_tree_add_item(tree, length_field, tvb, (int)at + 1, 2, ENC_BIG_ENDIAN);
}
