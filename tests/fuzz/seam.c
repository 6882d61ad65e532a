/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The end of the process, as an event: see seam.h. nagios/plugin.c and nagios/options.c are
 * compiled here, with an exit() that unwinds the stack as pthread_exit() does: cleanup attributes
 * run, so that a run of millions does not leak. Only compiled with -fexceptions frames take part.
 */
#define _GNU_SOURCE
#include "seam.h"

#include "fuzz.h"

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <unwind.h>

static struct {
    jmp_buf back;
    uintptr_t frame;
    struct _Unwind_Exception exception;
    GOptionContext *context; /* that was made and not freed */
    struct seam_end end;
} seam;

/* ---- leaving ---- */

static _Unwind_Reason_Code on_frame(int version, _Unwind_Action actions,
                                    _Unwind_Exception_Class class,
                                    struct _Unwind_Exception *exception,
                                    struct _Unwind_Context *context, void *user)
{
    (void)version;
    (void)class;
    (void)exception;
    (void)user;
    if ((actions & _UA_END_OF_STACK) != 0 || _Unwind_GetCFA(context) > seam.frame)
        longjmp(seam.back, 1);
    return _URC_NO_REASON;
}

static G_NORETURN void leave(int code)
{
    seam.end.left = true;
    seam.end.code = code;
    memset(&seam.exception, 0, sizeof seam.exception);
    _Unwind_ForcedUnwind(&seam.exception, on_frame, NULL);
    abort();
}

static size_t print(const void *text, size_t size)
{
    g_string_append_len(seam.end.text, text, (gssize)size);
    return size;
}

static GOptionContext *new_context(const char *text)
{
    seam.context = g_option_context_new(text);
    return seam.context;
}

static void free_context(GOptionContext *context)
{
    g_option_context_free(context);
    seam.context = NULL;
}

/* The lowest descriptor that is free. */
static int next_descriptor(void)
{
    const int next = dup(STDIN_FILENO);

    MUST(next != -1);
    close(next);
    return next;
}

struct seam_end seam_run(void (*function)(void *user), void *user)
{
    const int next = next_descriptor();

    if (seam.end.text == NULL)
        seam.end.text = g_string_new(NULL);
    g_string_truncate(seam.end.text, 0);
    seam.end.left = false;
    seam.end.code = -1;
    seam.frame = (uintptr_t)__builtin_frame_address(0);
    if (setjmp(seam.back) == 0)
        function(user);
    if (seam.context != NULL)
        free_context(seam.context);
    /* A check that ends leaves its files to the kernel; this process goes on. Those of fuzz_file()
       are above. */
    if (seam.end.left)
        (void)close_range((unsigned)next, FUZZ_FILE_FIRST - 1, 0);
    return seam.end;
}

/* ---- the real code ---- */

#define exit(code)                     leave(code)
#define _exit(code)                    leave(code)
#define fwrite(text, one, size, file)  print(text, size)
#define fflush(file)                   0
#define setitimer(which, value, old)   ((void)(value))
#define g_option_context_new(text)     new_context(text)
#define g_option_context_free(context) free_context(context)
#include "nagios/plugin.c"

#include "nagios/options.c"

void seam_release(const GOptionEntry *entries)
{
    for (; entries->long_name != NULL; entries++) {
        if (entries->arg == G_OPTION_ARG_NONE) {
            *(gboolean *)entries->arg_data = FALSE;
        } else if (entries->arg == G_OPTION_ARG_FILENAME) {
            g_clear_pointer((char **)entries->arg_data, g_free);
        } else {
            MUST(entries->arg == G_OPTION_ARG_FILENAME_ARRAY);
            g_clear_pointer((char ***)entries->arg_data, g_strfreev);
        }
    }
    if (entries->long_name == NULL)
        release_raw();
}
