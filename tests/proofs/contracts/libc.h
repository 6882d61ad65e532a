/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the C standard says of functions of the C library. Nothing proves it here.
 */
#ifndef UCMTRUST_CONTRACTS_LIBC_H
#define UCMTRUST_CONTRACTS_LIBC_H

#include "contracts/words.h"

int memcmp(const void *a, const void *b, size_t size)
    // clang-format off
REQUIRES(__CPROVER_r_ok(a, size) && __CPROVER_r_ok(b, size))
ASSIGNS();
// clang-format on

int strcmp(const char *a, const char *b)
    // clang-format off
REQUIRES(TEXT(a) && TEXT(b))
ASSIGNS();
// clang-format on

/* Never written, so that it may be any place: what holds there holds everywhere. */
extern size_t any_place;

size_t strlen(const char *text)
    // clang-format off
REQUIRES(TEXT(text))
ASSIGNS()
ENSURES(RESULT < __CPROVER_OBJECT_SIZE(text) - __CPROVER_POINTER_OFFSET(text))
ENSURES(text[RESULT] == '\0')
ENSURES(any_place >= RESULT || text[any_place] != '\0');
// clang-format on

#endif
