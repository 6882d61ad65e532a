/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The cursor moves by exactly what was taken, or not at all; a view lies where it stood; a cursor
 * over an input, and one inside a view, never leave it.
 *
 * proves: ucm_take ucm_take_u8 ucm_take_u16 ucm_take_u32 ucm_left ucm_inside ucm_byte
 * proves: ucm_cursor_over
 * replaces: ucm_number
 * links: bytes
 */
#include "proof.h"
#include "contracts/bytes.h"

/* Taking n bytes of what was before has left the cursor after it. */
static void show_moved(struct ucm_cursor before, struct ucm_cursor after, uint32_t n, bool taken)
{
    SHOW(after.pos == before.pos + (taken ? n : 0));
    SHOW(taken == (n <= ucm_left(before)));
    SHOW(after.base == before.base && after.end == before.end);
}

static void take_a_view(struct ucm_cursor cursor)
{
    struct ucm_cursor before = cursor, child;
    struct ucm_view view;
    uint32_t n, index;
    bool taken = ucm_take(&cursor, n, &view);

    show_moved(before, cursor, n, taken);
    if (!taken)
        return;
    SHOW(view.off == before.pos && view.len == n);
    child = ucm_inside(before, view);
    SHOW(child.base == before.base && child.pos == view.off && child.end == cursor.pos);
    ASSUME(index < view.len);
    ucm_byte(cursor.base, view, index);
    REACHABLE(view.len > 1000);
}

static void take_numbers(struct ucm_cursor cursor)
{
    struct ucm_cursor one = cursor, two = cursor, four = cursor;
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;

    show_moved(cursor, one, 1, ucm_take_u8(&one, &u8));
    show_moved(cursor, two, 2, ucm_take_u16(&two, &u16));
    show_moved(cursor, four, 4, ucm_take_u32(&four, &u32));
    REACHABLE(ucm_left(cursor) > 4);
}

void proof(void)
{
    size_t size;
    uint8_t *data = any_bytes(0);
    struct ucm_cursor whole = ucm_cursor_over(data, size);
    struct ucm_cursor cursor = any_cursor();

    SHOW(whole.pos == 0 && whole.end <= size && whole.end <= UCM_INPUT_MAX);
    SHOW(whole.end == size || size > UCM_INPUT_MAX);
    take_a_view(cursor);
    take_numbers(cursor);
    REACHABLE(true);
}
