/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory or the end: see memory.h. Shared by the checks and their modules; must not know a library.
 */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* The handler of SIGABRT writes the prepared line: see plugin.h. */
static void *or_end(void *block)
{
    if (block == NULL)
        abort();
    return block;
}

void *memory_take(size_t size)
{
    return or_end(malloc(size > 0 ? size : 1));
}

void *memory_take_zeroed(size_t count, size_t size)
{
    return or_end(count > 0 && size > 0 ? calloc(count, size) : calloc(1, 1));
}

void *memory_resize(void *block, size_t size)
{
    if (size > 0)
        return or_end(realloc(block, size));
    free(block);
    return NULL;
}

char *memory_copy(const char *text)
{
    const size_t size = strlen(text) + 1;

    return memcpy(memory_take(size), text, size);
}
