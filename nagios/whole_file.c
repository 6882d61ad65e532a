/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes a file beside another and renames it: see whole_file.h. Not g_file_set_contents(): it
 * leaves the umask to decide who may read the file, and its temporary one behind when a signal
 * comes.
 */
#include "whole_file.h"

#include "printable.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READABLE_BY_ALL = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH };

/* Signals by which somebody ends the process, and that leave it no time. */
static const int ENDS[] = {SIGHUP, SIGINT, SIGTERM};
enum { ENDS_COUNT = G_N_ELEMENTS(ENDS) };

/* The file that is being written; in static memory, for signal handlers. */
static struct {
    char path[PATH_MAX];
    volatile sig_atomic_t exists;
    struct sigaction before[ENDS_COUNT];
} temporary;

void whole_file_abandon(void)
{
    if (temporary.exists != 0)
        (void)unlink(temporary.path);
    temporary.exists = 0;
}

/* Clean up, then end as if nobody had caught it. */
static void on_end(int number)
{
    whole_file_abandon();
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static void catch_ends(void)
{
    struct sigaction action = {.sa_handler = on_end};

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < ENDS_COUNT; i++) {
        (void)sigaction(ENDS[i], NULL, &temporary.before[i]);
        if (temporary.before[i].sa_handler != SIG_IGN)
            (void)sigaction(ENDS[i], &action, NULL);
    }
}

static void release_ends(void)
{
    for (size_t i = 0; i < ENDS_COUNT; i++)
        (void)sigaction(ENDS[i], &temporary.before[i], NULL);
}

/* A descriptor, -1 with errno. No signal comes between the file and the note that it exists. */
static int make_temporary(const char *path)
{
    sigset_t all;
    sigset_t before;
    int fd = -1;
    int error = 0;

    if ((size_t)g_snprintf(temporary.path, sizeof temporary.path, "%s.XXXXXX", path) >=
        sizeof temporary.path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &before);
    fd = g_mkstemp_full(temporary.path, O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    error = errno;
    temporary.exists = fd != -1;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return fd;
}

bool whole_file_put(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t written = write(fd, bytes, size);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

/* The name is on the disk as well; a file system that cannot do that still has the file. */
static void flush_folder(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd == -1)
        return;
    (void)fsync(fd);
    close(fd);
}

/* 0 or errno. */
static int replace(const char *path, const char *bytes, size_t size)
{
    struct stat about;
    int error = 0;
    int fd = -1;

    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode))
        return S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
    fd = make_temporary(path);
    if (fd == -1)
        return errno;
    if (!whole_file_put(fd, bytes, size) || fchmod(fd, READABLE_BY_ALL) != 0 || fsync(fd) != 0)
        error = errno;
    if (close(fd) != 0 && error == 0)
        error = errno;
    if (error == 0 && rename(temporary.path, path) != 0)
        error = errno;
    if (error == 0)
        temporary.exists = 0;
    whole_file_abandon();
    if (error == 0)
        flush_folder(path);
    return error;
}

char *whole_file_write(const char *path, const char *bytes, size_t size)
{
    int error = 0;
    g_autofree char *text = NULL;

    catch_ends();
    error = replace(path, bytes, size);
    release_ends();
    if (error == 0)
        return NULL;
    text = g_strdup_printf("%s: %s", path, error == EINVAL ? "not a file" : g_strerror(error));
    return printable_text(text);
}
