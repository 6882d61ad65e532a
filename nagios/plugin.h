/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What every check needs around its work: the four states, one deadline for everything, and a last
 * line that is written even when a library hangs. Knows nothing of trust lists or TVS.
 */
#ifndef UCMTRUST_NAGIOS_PLUGIN_H
#define UCMTRUST_NAGIOS_PLUGIN_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** States; the numbers are the exit codes of Monitoring Plugins. */
enum plugin_state {
    STATE_OK = 0,
    STATE_WARNING = 1,
    STATE_CRITICAL = 2,
    STATE_UNKNOWN = 3,
    STATE_UNSET = -1, /**< an option that was not given */
};

/** "OK", "WARNING", "CRITICAL" or "UNKNOWN". */
const char *plugin_state_name(enum plugin_state state);

/** How bad a state is, from 0; -1 for STATE_UNSET. */
int plugin_rank(enum plugin_state state);

/** The worse of two: OK < WARNING < UNKNOWN < CRITICAL, because what could not be judged may hide
 * an error. */
enum plugin_state plugin_worse(enum plugin_state a, enum plugin_state b);

/** A state by its name (any case) or number; STATE_UNSET when it is none. */
enum plugin_state plugin_state_find(const char *name);

/** To be called first in main(): no privileges to gain, no core dumps (they would hold keys), no
 * SIGPIPE, no log lines of libraries, nothing on stderr, no OpenSSL that goes on without memory,
 * nothing that others may read unless it is meant for them, and one handler for SIGALRM, SIGABRT
 * and SIGTRAP that writes the prepared line. check: the program's name, kept. */
void plugin_begin(const char *check);

/** Allow this process as many open files as the system lets it have, for checks of many nodes. */
void plugin_many_descriptors(void);

/** Start the clock: seconds until the deadline. state: what the last-resort line says when even
 * the deadline is overrun. json: it is a JSON object. */
void plugin_start_clock(double seconds, enum plugin_state state, bool json);

/** Milliseconds on a clock that never jumps. */
int64_t plugin_clock_ms(void);

/** Seconds since plugin_begin(). */
double plugin_seconds(void);

/** Milliseconds until the deadline, at least 0. */
int64_t plugin_left_ms(void);

/** Keep this many milliseconds of what is left for the work after asking: the deadline that
 * plugin_left_ms() counts to comes earlier by them, but at most half of what is left. */
void plugin_reserve(int64_t ms);

/** Name what happens now, for the last-resort line. stage: static text. */
void plugin_stage(const char *stage);

/** Something may still run in another thread (a resolver that hangs): leave without waiting. */
void plugin_leave_behind(void);

/** Write the output and end the process: text of size bytes, then exit with the code. */
G_NORETURN void plugin_finish(const char *text, size_t size, int code);

/** A mistake in the arguments: one line that says what was expected, exit 3. */
G_NORETURN void plugin_usage(const char *format, ...) G_GNUC_PRINTF(1, 2);

#endif
