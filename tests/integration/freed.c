/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Preloaded by test_secrets.py: notes each block that is freed while a secret is still in it, and
 * which libraries were on the stack, the innermost first. And no limit is set, so that a test sees
 * what a program does without. Must not know the program.
 *   UCMTRUST_FREED_MARK  the secret
 *   UCMTRUST_FREED_LOG   the file for the notes, one line a block
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { FRAMES = 24 };

extern void __libc_free(void *block);
extern void *__libc_realloc(void *block, size_t size);

static const char *mark;
static int out = -1;
static __thread int inside;

__attribute__((constructor)) static void begin(void)
{
    void *frames[FRAMES];
    const char *path = getenv("UCMTRUST_FREED_LOG");

    (void)backtrace(frames, FRAMES); /* the first call allocates */
    if (path != NULL)
        out = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    mark = getenv("UCMTRUST_FREED_MARK");
}

static void note(void)
{
    void *frames[FRAMES];
    const int count = backtrace(frames, FRAMES);
    char line[4096] = "";
    size_t used = 0;

    for (int i = 2; i < count; i++) {
        Dl_info about;
        const char *name = "?";

        if (dladdr(frames[i], &about) != 0 && about.dli_fname != NULL) {
            name = strrchr(about.dli_fname, '/');
            name = name != NULL ? name + 1 : about.dli_fname;
        }
        used += (size_t)snprintf(line + used, sizeof line - used, "%s ", name);
        if (used >= sizeof line - 2)
            break;
    }
    line[used++] = '\n';
    (void)!write(out, line, used);
}

static void look(void *block)
{
    if (block == NULL || mark == NULL || inside != 0)
        return;
    inside = 1;
    if (memmem(block, malloc_usable_size(block), mark, strlen(mark)) != NULL)
        note();
    inside = 0;
}

__attribute__((visibility("default"))) void free(void *block)
{
    look(block);
    __libc_free(block);
}

__attribute__((visibility("default"))) void *realloc(void *block, size_t size)
{
    look(block);
    return __libc_realloc(block, size);
}

__attribute__((visibility("default"))) int setrlimit(__rlimit_resource_t resource,
                                                     const struct rlimit *limit)
{
    (void)resource;
    (void)limit;
    return 0;
}
