/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * States, deadline and the end of a check. Must not know what the check is about.
 * Facts: Monitoring Plugins development guidelines; severity order by our own design.
 */
#include "plugin.h"

#include "memory_crypto.h"
#include "whole_file.h"

#include "common/finding_text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* How long after the deadline the last resort fires: our own loops end at the deadline. */
enum { LAST_RESORT_MS = 500, LINE_MAX_BYTES = 512, DESCRIPTORS_MAX = 65536 };
enum { HANDLER_STACK = 64 << 10, STACK_BELOW = 1 << 20, STACK_MAX = 1 << 30 };

static const char BROKE_OFF[] =
    "this check broke off, out of memory or by an internal error: nothing "
    "was judged; if it stays, report it";

/* A line that a signal handler may write. Two of them: one is whole while the other is made. */
struct last_line {
    char text[LINE_MAX_BYTES];
    size_t size;
};

static struct {
    const char *check;
    struct timespec begin;
    int64_t end_ms;
    bool json;
    bool leave;
    enum plugin_state state;
    double seconds;
    struct last_line late[2];
    struct last_line broken;
    volatile sig_atomic_t current;
    uintptr_t stack_from; /* where the stack may grow to, and a bit more */
    uintptr_t stack_to;
} run;

const char *plugin_state_name(enum plugin_state state)
{
    switch (state) {
    case STATE_OK:
        return "OK";
    case STATE_WARNING:
        return "WARNING";
    case STATE_CRITICAL:
        return "CRITICAL";
    case STATE_UNKNOWN:
    case STATE_UNSET:
        break;
    }
    return "UNKNOWN";
}

int plugin_rank(enum plugin_state state)
{
    static const int RANKS[] = {
        [STATE_OK] = 0, [STATE_WARNING] = 1, [STATE_UNKNOWN] = 2, [STATE_CRITICAL] = 3};

    return state == STATE_UNSET ? -1 : RANKS[state];
}

enum plugin_state plugin_worse(enum plugin_state a, enum plugin_state b)
{
    return plugin_rank(a) >= plugin_rank(b) ? a : b;
}

enum plugin_state plugin_state_find(const char *name)
{
    for (int i = STATE_OK; i <= STATE_UNKNOWN; i++) {
        const char number[2] = {(char)('0' + i), '\0'};

        if (g_ascii_strcasecmp(name, plugin_state_name((enum plugin_state)i)) == 0 ||
            strcmp(name, number) == 0)
            return (enum plugin_state)i;
    }
    return STATE_UNSET;
}

static void make_line(struct last_line *line, enum plugin_state state, const char *text)
{
    int size;

    if (run.json)
        size = snprintf(line->text, sizeof line->text,
                        "{\"check\": \"%s\", \"state\": \"%s\", \"summary\": \"%s\", \"now\": %lld,"
                        " \"sources\": [], \"tvs\": [], \"findings\": [], \"perfdata\": {}}\n",
                        run.check, plugin_state_name(state), text, (long long)time(NULL));
    else
        size = snprintf(line->text, sizeof line->text, "%s - %s | findings=U\n",
                        plugin_state_name(state), text);
    line->size = size > 0 && (size_t)size < sizeof line->text ? (size_t)size : strlen(line->text);
}

static void on_signal(int number)
{
    const struct last_line *line = number == SIGALRM ? &run.late[run.current] : &run.broken;
    const ssize_t written = write(STDOUT_FILENO, line->text, line->size);

    /* Nobody is left to tell when even this fails. */
    (void)written;
    whole_file_abandon();
    _exit(number == SIGALRM ? (int)run.state : STATE_UNKNOWN);
}

#ifndef __SANITIZE_ADDRESS__ /* which has its own handler */
/* Of the end of the stack only: any other is a mistake of ours, and must be seen. */
static void on_fault(int number, siginfo_t *info, void *context)
{
    const uintptr_t at = (uintptr_t)info->si_addr;

    (void)context;
    if (info->si_code > 0 && at >= run.stack_from && at < run.stack_to)
        on_signal(SIGABRT);
    (void)signal(number, SIG_DFL); /* it comes again when this returns, unless somebody sent it */
    if (info->si_code <= 0)
        (void)raise(number);
}

/* Where memory is gone for good, GLib has none to say so, and says that, until the stack ends. */
static void catch_end_of_stack(void)
{
    static char other[HANDLER_STACK];
    const stack_t stack = {.ss_sp = other, .ss_size = sizeof other};
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    struct rlimit limit;

    if (getrlimit(RLIMIT_STACK, &limit) != 0 || sigaltstack(&stack, NULL) != 0)
        return;
    run.stack_to = (uintptr_t)__builtin_frame_address(0);
    run.stack_from = run.stack_to - (uintptr_t)MIN(limit.rlim_cur, STACK_MAX) - STACK_BELOW;
    sigemptyset(&action.sa_mask);
    (void)sigaction(SIGSEGV, &action, NULL);
}
#endif

static void discard_log(const gchar *domain, GLogLevelFlags level, const gchar *message,
                        gpointer user_data)
{
    /* Engines merge stderr into the status line. */
    (void)domain;
    (void)level;
    (void)message;
    (void)user_data;
}

/* A socket that got number 1 because the caller closed stdout would receive our output. Nothing can
 * be written to what stands in for stdout: a result that nobody hears is UNKNOWN. */
static void occupy_standard_files(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        const int mode = fd == STDERR_FILENO ? O_RDWR : O_RDONLY;

        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF && open("/dev/null", mode) != fd)
            _exit(STATE_UNKNOWN);
    }
}

/* Libraries complain there, when memory runs out for one. Sanitizers do as well, and shall. */
static void silence_stderr(void)
{
#ifndef __SANITIZE_ADDRESS__
    const int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

    if (fd == -1)
        return;
    (void)dup2(fd, STDERR_FILENO);
    close(fd);
#endif
}

void plugin_begin(const char *check)
{
    const struct rlimit no_core = {0, 0};
    struct sigaction action = {.sa_handler = on_signal};
    const int numbers[] = {SIGALRM, SIGABRT, SIGTRAP};

    occupy_standard_files();
    clock_gettime(CLOCK_MONOTONIC, &run.begin);
    (void)umask(S_IRWXG | S_IRWXO);
    silence_stderr();
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    /* The limit holds for files only: a core that the kernel pipes to a program is not bound by it.
     */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    (void)setrlimit(RLIMIT_CORE, &no_core);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is an error, not the end */
    g_log_set_default_handler(discard_log, NULL);
    run.check = check;
    run.state = STATE_UNKNOWN;
    make_line(&run.broken, STATE_UNKNOWN, BROKE_OFF);
    run.late[0] = run.broken;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        sigaction(numbers[i], &action, NULL);
#ifndef __SANITIZE_ADDRESS__
    catch_end_of_stack();
#endif
    memory_crypto();
}

void plugin_many_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max < DESCRIPTORS_MAX ? limit.rlim_max : DESCRIPTORS_MAX;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

int64_t plugin_clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void plugin_start_clock(double seconds, enum plugin_state state, bool json)
{
    const int64_t ms = (int64_t)(seconds * 1000);
    const int64_t alarm_ms = ms + LAST_RESORT_MS;
    const struct itimerval timer = {
        .it_value = {.tv_sec = alarm_ms / 1000, .tv_usec = alarm_ms % 1000 * 1000}};

    run.end_ms = plugin_clock_ms() + ms;
    run.seconds = seconds;
    run.state = state;
    run.json = json;
    make_line(&run.broken, STATE_UNKNOWN, BROKE_OFF);
    plugin_stage("start the check");
    setitimer(ITIMER_REAL, &timer, NULL);
}

double plugin_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - run.begin.tv_sec) +
           (double)(now.tv_nsec - run.begin.tv_nsec) / 1e9;
}

int64_t plugin_left_ms(void)
{
    const int64_t left = run.end_ms - plugin_clock_ms();

    return left > 0 ? left : 0;
}

void plugin_reserve(int64_t ms)
{
    run.end_ms -= MIN(ms, plugin_left_ms() / 2);
}

void plugin_stage(const char *stage)
{
    const int next = run.current == 0 ? 1 : 0;
    char text[LINE_MAX_BYTES / 2];

    snprintf(text, sizeof text, "no result within %g s, stage: %s; give a longer -t", run.seconds,
             stage);
    make_line(&run.late[next], run.state, text);
    run.current = next;
}

void plugin_leave_behind(void)
{
    run.leave = true;
}

/* Not by exit(): what libraries do there needs memory as well, and its lack would decide on the
 * code. Leak checkers look there. */
static G_NORETURN void end_process(int code)
{
#ifdef __SANITIZE_ADDRESS__
    if (!run.leave)
        exit(code);
#endif
    _exit(code);
}

void plugin_finish(const char *text, size_t size, int code)
{
    const struct itimerval off = {0};

    setitimer(ITIMER_REAL, &off, NULL);
    if (fwrite(text, 1, size, stdout) != size || fflush(stdout) != 0)
        code = STATE_UNKNOWN;
    end_process(code);
}

void plugin_usage(const char *format, ...)
{
    g_autofree char *message = NULL;
    g_autofree char *printable = NULL;
    g_autofree char *line = NULL;
    size_t room;
    va_list args;

    va_start(args, format);
    message = g_strdup_vprintf(format, args);
    va_end(args);
    room = strlen(message) * 4 + 8; /* what was given may be any bytes; an escaped one takes four */
    printable = g_malloc(room);
    ucm_escape((const uint8_t *)message, strlen(message), printable, room);
    g_strdelimit(printable, ";", ','); /* as in every status line: Nagios keeps no semicolon */
    line = g_strdup_printf("UNKNOWN - usage: %s (see --help)\n", printable);
    plugin_leave_behind(); /* from the middle of anything: nothing to clean up */
    plugin_finish(line, strlen(line), STATE_UNKNOWN);
}
