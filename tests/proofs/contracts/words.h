/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The words that contracts are made of.
 */
#ifndef UCMTRUST_CONTRACTS_WORDS_H
#define UCMTRUST_CONTRACTS_WORDS_H

#include "common/bytes.h"
#include "common/contract.h"

#define REQUIRES(...) __CPROVER_requires(__VA_ARGS__)
#define ASSIGNS(...)  __CPROVER_assigns(__VA_ARGS__)
#define ENSURES(...)  __CPROVER_ensures(__VA_ARGS__)
#define RESULT        __CPROVER_return_value
#define OLD(value)    __CPROVER_old(value)

/* Nothing is read through a pointer to no bytes: it may be NULL. */
#define READABLE(base, size) ((size) == 0 || __CPROVER_r_ok(base, size))
#define WRITABLE(base, size) ((size) == 0 || __CPROVER_w_ok(base, size))

#define CURSOR(cursor) (UCM_CURSOR_OK(cursor) && READABLE((cursor).base, (cursor).end))
#define VIEW(base, view)                                                                           \
    (UCM_VIEW_IN(view, UCM_INPUT_MAX) && READABLE(base, (view).off + (view).len))

/* Two views that end at the same byte. */
#define SAME_END(a, b) ((uint64_t)(a).off + (a).len == (uint64_t)(b).off + (b).len)

/* A text that ends in NUL where its memory ends, or before. */
#define TEXT(text)                                                                                 \
    (__CPROVER_r_ok(text, 1) &&                                                                    \
     (text)[__CPROVER_OBJECT_SIZE(text) - 1 - __CPROVER_POINTER_OFFSET(text)] == '\0')

#endif
