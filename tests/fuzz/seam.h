/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Running code of the checks that prints and ends the process, without ending it. The code is the
 * real one: seam.c only gives it another exit(), and takes what it prints.
 */
#ifndef UCMTRUST_TESTS_FUZZ_SEAM_H
#define UCMTRUST_TESTS_FUZZ_SEAM_H

#include <glib.h>
#include <stdbool.h>

/** How it ended. */
struct seam_end {
    bool left; /**< it ended the process, with this code */
    int code;
    GString *text; /**< what it printed; kept until the next run */
};

/** Run a function of a check. Where it ends the process, the stack is unwound to here, and what the
 * frames in between would free when they return is freed. */
struct seam_end seam_run(void (*function)(void *user), void *user);

/** Free what the options of these entries hold, and forget it; the same of the common options.
 * Call after each run that parsed options. */
void seam_release(const GOptionEntry *entries);

#endif
