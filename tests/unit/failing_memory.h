/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory that runs out on demand, for one test program: the linker puts the functions below in the
 * place of malloc, calloc and realloc in our own files (see CMakeLists.txt).
 */
#ifndef UCMTRUST_TESTS_UNIT_FAILING_MEMORY_H
#define UCMTRUST_TESTS_UNIT_FAILING_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/** Allocations that still succeed; -1: all of them. */
static int left = -1;
/** One did not. */
static bool failed;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);

static bool fails(void)
{
    if (left < 0 || left-- > 0)
        return false;
    failed = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return fails() ? NULL : __real_realloc(block, size);
}

#endif
