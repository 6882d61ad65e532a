/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Preloaded into a check: lets one allocation or one system call fail, counted from main() on. Must
 * not know what the check does.
 *
 * UCMTRUST_FAULT_LOG=FILE      a line for each allocation and call, "KIND NAME"; or, with a plan,
 *                              what was hit and from where.
 * UCMTRUST_FAULT=KIND:NAME:N:WHAT  the N-th (from 0) call of this name does WHAT: the number of an
 *                              error, "short" (half of what was asked for), "kill" (the process
 * ends before it) or "cut" (it ends after half of it). A "+" behind: and all after it. Of memory,
 * NAME is "memory": all are counted together. UCMTRUST_FAULT_BEHALF=RANGES "NAME:FROM-TO,..."
 * (offsets, hexadecimal; NAME ends the path of a module, empty for the program): code of ours that
 * libraries call for memory.
 *
 * KIND is own-memory, library-memory, own-call or library-call. Whose it is decides the first
 * caller that is neither the C library nor GLib nor in the ranges: what they do, they do for
 * somebody.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define CALLER __builtin_return_address(0)

enum { SHORT = -1, KILL = -2, CUT = -3, FRAMES_MAX = 32, LIST_ROOM = 64 << 20 };
enum kind { OWN_MEMORY, LIBRARY_MEMORY, OWN_CALL, LIBRARY_CALL, KINDS };

static const char *const KIND_NAMES[KINDS] = {"own-memory", "library-memory", "own-call",
                                              "library-call"};

static struct {
    atomic_bool armed;
    bool planned;
    int kind;
    char name[32];
    long at;
    int what;
    bool stays;
    atomic_long counted; /* of what is planned */
    int log;             /* -1: none */
    char *list;          /* of a dry run: the file in memory, for there may be a hundred thousand */
    atomic_size_t list_used;
} faults = {.log = -1};

static __thread bool inside;

/* The next one of this name: the C library's, or a sanitizer's. */
#define NEXT(name)                                                                                 \
    static __typeof__(name) *next;                                                                 \
    if (next == NULL)                                                                              \
    next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

/* ---- whose is it? ---- */

/** Code of a module, by offsets. */
struct range {
    char module[64];
    unsigned long from;
    unsigned long to;
};

static struct range ranges[32];
static size_t range_count;

static void read_ranges(const char *text)
{
    while (text != NULL && *text != '\0' && range_count < sizeof ranges / sizeof *ranges) {
        struct range *range = &ranges[range_count++];
        const char *colon = strchr(text, ':');
        char *end = NULL;

        if (colon == NULL || (size_t)(colon - text) >= sizeof range->module)
            abort();
        memcpy(range->module, text, (size_t)(colon - text));
        range->from = strtoul(colon + 1, &end, 16);
        range->to = strtoul(end + 1, &end, 16);
        text = *end == ',' ? end + 1 : NULL;
    }
}

static bool in_ranges(const struct link_map *module, const char *address)
{
    const unsigned long offset = (unsigned long)(address - (const char *)module->l_addr);

    for (size_t i = 0; i < range_count; i++) {
        const struct range *range = &ranges[i];
        const size_t size = strlen(range->module);
        const size_t whole = strlen(module->l_name);

        if (offset >= range->from && offset < range->to &&
            (size == 0
                 ? whole == 0
                 : whole >= size && strcmp(module->l_name + whole - size, range->module) == 0))
            return true;
    }
    return false;
}

enum whose { OURS, LIBRARY, ON_BEHALF };

static enum whose whose_frame(void *address)
{
    static const char *const BEHALF[] = {"/libc.so", "/libglib-2.0.so", "/libasan.so",
                                         "/libubsan.so", "/ucmtrust-faults.so"};
    struct dl_find_object found;
    const char *name = NULL;

    if (_dl_find_object((char *)address - 1, &found) != 0)
        return LIBRARY;
    name = found.dlfo_link_map->l_name;
    if (*name == '\0' || strstr(name, "/ucmtrust-fetch.so") != NULL ||
        strstr(name, "/ucmtrust-axl.so") != NULL)
        return in_ranges(found.dlfo_link_map, (char *)address - 1) ? ON_BEHALF : OURS;
    for (size_t i = 0; i < sizeof BEHALF / sizeof *BEHALF; i++)
        if (strstr(name, BEHALF[i]) != NULL)
            return ON_BEHALF;
    return LIBRARY;
}

static bool is_ours(void *caller)
{
    void *frames[FRAMES_MAX];
    enum whose whose = whose_frame(caller);
    int count = 0;

    if (whose != ON_BEHALF)
        return whose == OURS;
    count = backtrace(frames, FRAMES_MAX);
    for (int i = 0; i < count; i++) {
        whose = whose_frame(frames[i]);
        if (whose != ON_BEHALF)
            return whose == OURS;
    }
    return false;
}

/* ---- the fault ---- */

/* A line of the dry run. */
static void list(enum kind kind, const char *name)
{
    char line[64];
    const size_t size = (size_t)snprintf(line, sizeof line, "%s %s\n", KIND_NAMES[kind], name);
    const size_t at = atomic_fetch_add(&faults.list_used, size);

    if (faults.list == NULL || faults.list == MAP_FAILED || at + size > LIST_ROOM)
        abort();
    memcpy(faults.list + at, line, size);
}

/* What was hit, and from where. */
static void report(enum kind kind, const char *name)
{
    char line[64];
    const int size = snprintf(line, sizeof line, "%s %s\n", KIND_NAMES[kind], name);
    void *frames[FRAMES_MAX];

    (void)syscall(SYS_write, faults.log, line, (size_t)size);
    backtrace_symbols_fd(frames, backtrace(frames, FRAMES_MAX), faults.log);
}

/* Is it the one that the plan means, or one after it where the fault stays? */
static bool is_planned(enum kind kind, bool memory, const char *name)
{
    long number = 0;

    if (faults.kind != (int)kind || (!memory && strcmp(faults.name, name) != 0))
        return false;
    number = atomic_fetch_add(&faults.counted, 1);
    if (number == faults.at && faults.log != -1)
        report(kind, name);
    return number == faults.at || (faults.stays && number > faults.at);
}

/* 0: nothing happens; else what does. */
static int strike(bool memory, const char *name, void *caller)
{
    const int saved = errno;
    enum kind kind = memory ? OWN_MEMORY : OWN_CALL;
    bool hit = false;

    if (!atomic_load(&faults.armed) || inside)
        return 0;
    inside = true;
    kind += is_ours(caller) ? 0 : 1;
    if (faults.planned)
        hit = is_planned(kind, memory, name);
    else
        list(kind, name);
    if (hit && faults.what == KILL)
        kill(getpid(), SIGKILL);
    inside = false;
    errno = saved;
    return hit ? faults.what : 0;
}

/* ---- main ---- */

static int (*real_main)(int, char **, char **);

static void read_plan(const char *text)
{
    char kind[32];
    char what[32];

    if (sscanf(text, "%31[^:]:%31[^:]:%ld:%31s", kind, faults.name, &faults.at, what) != 4)
        abort();
    for (faults.kind = 0; faults.kind < KINDS; faults.kind++)
        if (strcmp(kind, KIND_NAMES[faults.kind]) == 0)
            break;
    if (faults.kind == KINDS)
        abort();
    faults.stays = what[strlen(what) - 1] == '+';
    faults.what = strncmp(what, "short", 5) == 0  ? SHORT
                  : strncmp(what, "kill", 4) == 0 ? KILL
                  : strncmp(what, "cut", 3) == 0  ? CUT
                                                  : atoi(what);
    faults.planned = true;
}

static int wrapped_main(int argc, char **argv, char **environment)
{
    const char *log = getenv("UCMTRUST_FAULT_LOG");
    const char *plan = getenv("UCMTRUST_FAULT");
    void *frames[2];

    if (log != NULL) {
        const int fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

        /* Out of the way: the check must get the descriptors that it would get. */
        faults.log = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 200);
        (void)syscall(SYS_close, fd);
        if (plan == NULL && syscall(SYS_ftruncate, faults.log, (long)LIST_ROOM) == 0)
            faults.list = mmap(NULL, LIST_ROOM, PROT_READ | PROT_WRITE, MAP_SHARED, faults.log, 0);
    }
    read_ranges(getenv("UCMTRUST_FAULT_BEHALF"));
    if (plan != NULL)
        read_plan(plan);
    (void)backtrace(frames, 2); /* loads what it needs */
    atomic_store(&faults.armed, plan != NULL || faults.log != -1);
    return real_main(argc, argv, environment);
}

typedef int start_function(int (*)(int, char **, char **), int, char **, void (*)(void),
                           void (*)(void), void (*)(void), void *);
EXPORT start_function __libc_start_main;

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
    start_function *next = (start_function *)dlsym(RTLD_NEXT, "__libc_start_main");

    real_main = main;
    return next(wrapped_main, argc, argv, init, fini, rtld_fini, stack_end);
}

/* ---- memory ---- */

EXPORT void *malloc(size_t size)
{
    NEXT(malloc);
    if (strike(true, "malloc", CALLER) != 0) {
        errno = ENOMEM;
        return NULL;
    }
    return next(size);
}

EXPORT void *calloc(size_t count, size_t size)
{
    NEXT(calloc);
    if (strike(true, "calloc", CALLER) != 0) {
        errno = ENOMEM;
        return NULL;
    }
    return next(count, size);
}

EXPORT void *realloc(void *block, size_t size)
{
    NEXT(realloc);
    if (size != 0 && strike(true, "realloc", CALLER) != 0) {
        errno = ENOMEM;
        return NULL;
    }
    return next(block, size);
}

EXPORT int posix_memalign(void **block, size_t alignment, size_t size)
{
    NEXT(posix_memalign);
    return strike(true, "posix_memalign", CALLER) != 0 ? ENOMEM : next(block, alignment, size);
}

EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    NEXT(aligned_alloc);
    if (strike(true, "aligned_alloc", CALLER) != 0) {
        errno = ENOMEM;
        return NULL;
    }
    return next(alignment, size);
}

/* ---- calls that give a number, or -1 and errno ---- */

#define CALL(name, parameters, arguments)                                                          \
    EXPORT int name parameters                                                                     \
    {                                                                                              \
        NEXT(name);                                                                                \
        const int what = strike(false, #name, CALLER);                                             \
        if (what > 0) {                                                                            \
            errno = what;                                                                          \
            return -1;                                                                             \
        }                                                                                          \
        return next arguments;                                                                     \
    }

CALL(access, (const char *path, int how), (path, how))
CALL(stat, (const char *restrict path, struct stat *restrict facts), (path, facts))
CALL(lstat, (const char *restrict path, struct stat *restrict facts), (path, facts))
CALL(fstat, (int fd, struct stat *facts), (fd, facts))
CALL(fstatat, (int fd, const char *restrict path, struct stat *restrict facts, int flags),
     (fd, path, facts, flags))
CALL(fchmod, (int fd, mode_t mode), (fd, mode))
CALL(fsync, (int fd), (fd))
CALL(fdatasync, (int fd), (fd))
CALL(flock, (int fd, int how), (fd, how))
CALL(ftruncate, (int fd, off_t size), (fd, size))
CALL(mkdir, (const char *path, mode_t mode), (path, mode))
CALL(rename, (const char *from, const char *to), (from, to))
CALL(renameat, (int from_fd, const char *from, int to_fd, const char *to),
     (from_fd, from, to_fd, to))
CALL(linkat, (int from_fd, const char *from, int to_fd, const char *to, int flags),
     (from_fd, from, to_fd, to, flags))
CALL(unlink, (const char *path), (path))
CALL(unlinkat, (int fd, const char *path, int flags), (fd, path, flags))
CALL(socket, (int domain, int type, int protocol), (domain, type, protocol))
CALL(connect, (int fd, const struct sockaddr *address, socklen_t size), (fd, address, size))
CALL(getsockopt, (int fd, int level, int option, void *restrict value, socklen_t *restrict size),
     (fd, level, option, value, size))
CALL(setsockopt, (int fd, int level, int option, const void *value, socklen_t size),
     (fd, level, option, value, size))
CALL(shutdown, (int fd, int how), (fd, how))
CALL(poll, (struct pollfd * polled, nfds_t count, int timeout), (polled, count, timeout))
CALL(eventfd, (unsigned count, int flags), (count, flags))
CALL(pipe, (int ends[2]), (ends))
CALL(pipe2, (int ends[2], int flags), (ends, flags))

/* It is closed all the same, as Linux does it. */
EXPORT int close(int fd)
{
    NEXT(close);
    const int what = strike(false, "close", CALLER);
    const int result = next(fd);

    if (what <= 0)
        return result;
    errno = what;
    return -1;
}

static mode_t mode_of(int flags, va_list arguments)
{
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t)
                                                                      : 0;
}

EXPORT int open(const char *path, int flags, ...)
{
    NEXT(open);
    const int what = strike(false, "open", CALLER);
    va_list arguments;
    mode_t mode = 0;

    va_start(arguments, flags);
    mode = mode_of(flags, arguments);
    va_end(arguments);
    if (what > 0) {
        errno = what;
        return -1;
    }
    return next(path, flags, mode);
}

EXPORT int openat(int fd, const char *path, int flags, ...)
{
    NEXT(openat);
    const int what = strike(false, "openat", CALLER);
    va_list arguments;
    mode_t mode = 0;

    va_start(arguments, flags);
    mode = mode_of(flags, arguments);
    va_end(arguments);
    if (what > 0) {
        errno = what;
        return -1;
    }
    return next(fd, path, flags, mode);
}

/* ---- calls that may do less than they were asked for ---- */

static size_t less(size_t size, int what)
{
    return what == SHORT || what == CUT ? (size + 1) / 2 : size;
}

static ssize_t ended(ssize_t result, int what)
{
    if (what == CUT)
        kill(getpid(), SIGKILL);
    return result;
}

#define TRANSFER(name, parameters, arguments)                                                      \
    EXPORT ssize_t name parameters                                                                 \
    {                                                                                              \
        NEXT(name);                                                                                \
        const int what = strike(false, #name, CALLER);                                             \
        if (what > 0) {                                                                            \
            errno = what;                                                                          \
            return -1;                                                                             \
        }                                                                                          \
        size = less(size, what);                                                                   \
        return ended(next arguments, what);                                                        \
    }

TRANSFER(read, (int fd, void *bytes, size_t size), (fd, bytes, size))
TRANSFER(write, (int fd, const void *bytes, size_t size), (fd, bytes, size))
TRANSFER(recv, (int fd, void *bytes, size_t size, int flags), (fd, bytes, size, flags))
TRANSFER(send, (int fd, const void *bytes, size_t size, int flags), (fd, bytes, size, flags))
TRANSFER(recvfrom,
         (int fd, void *restrict bytes, size_t size, int flags, struct sockaddr *restrict from,
          socklen_t *restrict from_size),
         (fd, bytes, size, flags, from, from_size))
TRANSFER(sendto,
         (int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to,
          socklen_t to_size),
         (fd, bytes, size, flags, to, to_size))

EXPORT size_t fwrite(const void *restrict bytes, size_t unit, size_t count, FILE *restrict file)
{
    NEXT(fwrite);
    const int what = strike(false, "fwrite", CALLER);

    if (what > 0) {
        errno = what;
        return 0;
    }
    return next(bytes, unit, less(count, what), file);
}

EXPORT int fflush(FILE *file)
{
    NEXT(fflush);
    const int what = strike(false, "fflush", CALLER);

    if (what > 0) {
        errno = what;
        return EOF;
    }
    return next(file);
}

/* ---- calls that fail in their own way ---- */

EXPORT FILE *fopen(const char *restrict path, const char *restrict mode)
{
    NEXT(fopen);
    const int what = strike(false, "fopen", CALLER);

    if (what <= 0)
        return next(path, mode);
    errno = what;
    return NULL;
}

EXPORT DIR *opendir(const char *path)
{
    NEXT(opendir);
    const int what = strike(false, "opendir", CALLER);

    if (what <= 0)
        return next(path);
    errno = what;
    return NULL;
}

EXPORT struct dirent *readdir(DIR *folder)
{
    NEXT(readdir);
    const int what = strike(false, "readdir", CALLER);

    if (what <= 0)
        return next(folder);
    errno = what;
    return NULL;
}

/* The errors of getaddrinfo are negative; the plan has them positive. */
EXPORT int getaddrinfo(const char *restrict node, const char *restrict port,
                       const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
    NEXT(getaddrinfo);
    const int what = strike(false, "getaddrinfo", CALLER);

    if (what <= 0)
        return next(node, port, hints, found);
    errno = ENOMEM;
    return -what;
}

EXPORT int eventfd_write(int fd, eventfd_t value)
{
    NEXT(eventfd_write);
    const int what = strike(false, "eventfd_write", CALLER);

    if (what <= 0)
        return next(fd, value);
    errno = what;
    return -1;
}

EXPORT int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
                          void *(*run)(void *), void *restrict user)
{
    NEXT(pthread_create);
    const int what = strike(false, "pthread_create", CALLER);

    return what > 0 ? what : next(thread, attributes, run, user);
}

EXPORT void *dlopen(const char *path, int flags)
{
    NEXT(dlopen);
    return strike(false, "dlopen", CALLER) > 0 ? NULL : next(path, flags);
}

/* ---- other names of the same ---- */

#define OTHER(name, of) EXPORT __typeof__(of) name __attribute__((alias(#of)))
OTHER(open64, open);
OTHER(openat64, openat);
OTHER(fopen64, fopen);
/* On 64-bit machines these are the same structures. */
EXPORT int stat64(const char *restrict path, struct stat64 *restrict facts)
    __attribute__((alias("stat")));
EXPORT int lstat64(const char *restrict path, struct stat64 *restrict facts)
    __attribute__((alias("lstat")));
EXPORT int fstat64(int fd, struct stat64 *facts) __attribute__((alias("fstat")));
EXPORT struct dirent64 *readdir64(DIR *folder) __attribute__((alias("readdir")));
_Static_assert(sizeof(struct stat) == sizeof(struct stat64), "a 64-bit machine");
_Static_assert(sizeof(struct dirent) == sizeof(struct dirent64), "a 64-bit machine");
