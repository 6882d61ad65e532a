/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What all proofs share: any input, and a sign that a place can be reached. A variable that is not
 * initialised has any value at all here.
 */
#ifndef UCMTRUST_PROOF_H
#define UCMTRUST_PROOF_H

#include "common/bytes.h"
#include "common/contract.h"

#include <stdlib.h>

/* Must be seen to fail: there is a run that comes here with the condition true. Where it does not
 * fail, the proof has assumed too much and shows nothing. */
#define REACHABLE(condition) __CPROVER_assert(!(condition), "reachable: " #condition)

#define ASSUME(condition) __CPROVER_assume(condition)
#define SHOW(condition)   __CPROVER_assert(condition, #condition)
#define IMPLIES(a, b)     (!(a) || (b))

static bool any_bool(void)
{
    bool any;

    return any;
}

/* Bytes of any content; an empty input may be no pointer at all. */
static uint8_t *any_bytes(size_t size)
{
    uint8_t *bytes = malloc(size);

    ASSUME(bytes != NULL);
    return size == 0 && any_bool() ? NULL : bytes;
}

/* How long an input may be. */
static uint32_t any_length(void)
{
    uint32_t size;

    ASSUME(size <= UCM_INPUT_MAX);
    return size;
}

/* A cursor anywhere in an input of any length and content. */
static struct ucm_cursor any_cursor(void)
{
    struct ucm_cursor cursor;
    uint32_t size = any_length();

    cursor.base = any_bytes(size);
    ASSUME(cursor.pos <= cursor.end && cursor.end <= size);
    return cursor;
}

/* A view anywhere before the end of a cursor. */
static struct ucm_view any_view(struct ucm_cursor cursor)
{
    struct ucm_view view;

    ASSUME(UCM_VIEW_IN(view, cursor.end));
    return view;
}

/* A text of any length that ends in NUL. */
static char *any_text(void)
{
    size_t room = (size_t)any_length() + 1;
    char *text = malloc(room);

    ASSUME(text != NULL && text[room - 1] == '\0');
    return text;
}

#endif
