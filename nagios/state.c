/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The state folder. Must not follow a link, nor trust a file that others could have written.
 * Facts: rename(2) within a folder is atomic; flock(2) ends with the process.
 */
#include "state.h"

#include "plugin.h"
#include "whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MAX_BYTES = 64, DIGEST_DIGITS = 16, LOCK_WAIT_US = 10000, PRIVATE_FILE = 0600 };

static const char LOCK_FILE[] = "lock";
static const char TEMPORARY[] = ".new";

static bool fail(char *why, const char *what, int error)
{
    if (error == ELOOP || error == ENOTDIR)
        g_snprintf(why, STATE_WHY_MAX, "%s: it is a link, or not what it should be", what);
    else
        g_snprintf(why, STATE_WHY_MAX, "%s: %s", what, g_strerror(error));
    return false;
}

/* Ours, of the right type, and closed to everyone else? */
static bool is_private(int fd, mode_t type, const char *what, char *why)
{
    struct stat facts;

    if (fstat(fd, &facts) != 0)
        return fail(why, what, errno);
    if ((facts.st_mode & S_IFMT) != type) {
        g_snprintf(why, STATE_WHY_MAX, "%s: not a %s", what,
                   type == S_IFDIR ? "folder" : "regular file");
        return false;
    }
    if (facts.st_uid != geteuid()) {
        g_snprintf(why, STATE_WHY_MAX, "%s: it belongs to user %u, this check runs as %u", what,
                   (unsigned)facts.st_uid, (unsigned)geteuid());
        return false;
    }
    if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        g_snprintf(why, STATE_WHY_MAX, "%s: it is open to others, mode %04o, expected %s", what,
                   (unsigned)(facts.st_mode & 07777), type == S_IFDIR ? "0700" : "0600");
        return false;
    }
    return true;
}

/* ---- the folder ---- */

bool state_open(struct state *state, const char *path, char *why)
{
    g_autofree char *bare = g_strdup(path);
    size_t end = strlen(bare);

    /* With a final slash, a link would be followed. */
    while (end > 1 && bare[end - 1] == '/')
        bare[--end] = '\0';
    *state = (struct state){-1, -1};
    /* A limit on the size of files must be an error, not the end of the process. */
    signal(SIGXFSZ, SIG_IGN);
    if (mkdir(bare, S_IRWXU) != 0 && errno != EEXIST)
        return fail(why, "the folder cannot be made", errno);
    state->folder = open(bare, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (state->folder == -1)
        return fail(why, "the folder", errno);
    if (is_private(state->folder, S_IFDIR, "the folder", why))
        return true;
    state_close(state);
    return false;
}

void state_close(struct state *state)
{
    if (state->lock != -1)
        close(state->lock);
    if (state->folder != -1)
        close(state->folder);
    *state = (struct state){-1, -1};
}

bool state_lock(struct state *state, char *why)
{
    const int fd = openat(state->folder, LOCK_FILE,
                          O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, PRIVATE_FILE);
    int error = 0;

    if (fd == -1)
        return fail(why, "file \"lock\"", errno);
    if (!is_private(fd, S_IFREG, "file \"lock\"", why)) {
        close(fd);
        return false;
    }
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        error = errno;
        if ((error != EWOULDBLOCK && error != EINTR) || plugin_left_ms() == 0)
            break;
        error = 0;
        g_usleep(LOCK_WAIT_US);
    }
    if (error == 0) {
        state->lock = fd;
        return true;
    }
    close(fd);
    if (error != EWOULDBLOCK && error != EINTR)
        return fail(why, "file \"lock\"", error);
    g_strlcpy(why, "another run held the lock until the deadline", STATE_WHY_MAX);
    return false;
}

/* ---- files ---- */

char *state_file_name(const char *source)
{
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, source, -1);
    char name[NAME_MAX_BYTES + 1];

    g_strlcpy(name, source, sizeof name);
    g_strcanon(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.", '_');
    return g_strdup_printf("%s-%.*s.state", name, DIGEST_DIGITS, digest);
}

static bool read_all(int fd, gsize max, GString *into, const char *what, char *why)
{
    char piece[65536];

    for (;;) {
        const ssize_t got = read(fd, piece, sizeof piece);

        if (got == 0)
            return true;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(why, what, errno);
        if (into->len + (gsize)got > max) {
            g_snprintf(why, STATE_WHY_MAX, "%s: larger than %zu bytes", what, (size_t)max);
            return false;
        }
        g_string_append_len(into, piece, got);
    }
}

enum state_outcome state_read(const struct state *state, const char *name, gsize max, char **text,
                              gsize *size, char *why)
{
    const int fd = openat(state->folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    g_autofree char *what = g_strdup_printf("file %s", name);
    GString *content = NULL;
    bool ok = false;

    if (fd == -1 && errno == ENOENT)
        return STATE_NONE;
    if (fd == -1) {
        fail(why, what, errno);
        return STATE_UNUSABLE;
    }
    content = g_string_new(NULL);
    ok = is_private(fd, S_IFREG, what, why) && read_all(fd, max, content, what, why);
    close(fd);
    *size = content->len;
    *text = g_string_free(content, !ok);
    return ok ? STATE_READ : STATE_UNUSABLE;
}

bool state_write(const struct state *state, const char *name, const char *text, gsize size,
                 char *why)
{
    g_autofree char *temporary = g_strconcat(name, TEMPORARY, NULL);
    g_autofree char *what = g_strdup_printf("file %s", temporary);
    int fd = -1;
    bool ok = false;

    /* What a run left that was killed; a link is removed, not followed. */
    (void)unlinkat(state->folder, temporary, 0);
    fd = openat(state->folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                PRIVATE_FILE);
    if (fd == -1)
        return fail(why, what, errno);
    ok = fchmod(fd, PRIVATE_FILE) == 0 && whole_file_put(fd, text, size) && fsync(fd) == 0;
    if (!ok)
        fail(why, what, errno);
    if (close(fd) != 0 && ok)
        ok = fail(why, what, errno);
    if (ok && renameat(state->folder, temporary, state->folder, name) != 0)
        ok = fail(why, what, errno);
    if (!ok)
        (void)unlinkat(state->folder, temporary, 0);
    else
        (void)fsync(state->folder);
    return ok;
}
