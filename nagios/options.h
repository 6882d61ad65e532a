/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The options that all checks share, and what happens after the last fact: write metrics, print,
 * exit. Knows nothing of the options of one check.
 */
#ifndef UCMTRUST_NAGIOS_OPTIONS_H
#define UCMTRUST_NAGIOS_OPTIONS_H

#include "result.h"

/** Options of every check, with their defaults. */
struct options {
    double timeout; /**< seconds, 10 */
    bool verbose;
    bool json;
    bool exit_ok;                    /**< exit 0 whatever the state */
    const char *openmetrics;         /**< also write metrics to this file; NULL: do not. Kept */
    enum plugin_state unreachable;   /**< STATE_UNSET: what the finding says */
    enum plugin_state timeout_state; /**< the same */
    int64_t now;                     /**< Unix seconds; --now or the clock */
    bool ignore[UCM_FINDING_COUNT];
};

/** The part of --help that is the same for all checks. */
extern const char OPTIONS_HELP[];

/** Read the command line into options and into the variables that own names (as GOption does,
 * ended by an empty entry). Starts the deadline. Prints help and version, and ends the process
 * for them and for mistakes. about: the check's own part of --help. */
void options_parse(struct options *options, const char *check, int argc, char **argv,
                   const GOptionEntry *own, const char *about);

/** A result that was told what to ignore and how much to print. */
struct result *options_result(const struct options *options, const char *check);

/** Write the metrics where they are wanted, print the result, which has its summary, and end the
 * process. Frees it. */
G_NORETURN void options_finish(const struct options *options, struct result *result);

#endif
