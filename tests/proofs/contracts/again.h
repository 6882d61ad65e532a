/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Requests that are written and decoded again, with no more than FEW bytes in an element. Included
 * before common/bytes.c and common/tvs.c. The model checker's own memcpy() is made for arrays of
 * any length, and is too slow for two in a row.
 */
#ifndef UCMTRUST_CONTRACTS_AGAIN_H
#define UCMTRUST_CONTRACTS_AGAIN_H

#include "proof.h"

#include <string.h>

static void copy_few(void *to, const void *from, size_t size)
{
    uint8_t *out = to;
    const uint8_t *in = from;

    for (size_t i = 0; i < size; i++)
        out[i] = in[i];
}
#define memcpy copy_few

static size_t few(void)
{
    size_t size;

    ASSUME(size <= FEW);
    return size;
}

static void show_bytes(const uint8_t *out, struct ucm_view view, const uint8_t *bytes, size_t size)
{
    size_t place;

    SHOW(view.len == size);
    SHOW(IMPLIES(place < size, out[view.off + place] == bytes[place]));
}

static void show_text(const uint8_t *out, struct ucm_view view, const char *text)
{
    show_bytes(out, view, (const uint8_t *)text, strlen(text));
}

#endif
