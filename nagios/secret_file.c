/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Secrets in files: see secret_file.h. No message holds a byte of them.
 */
#include "secret_file.h"

#include "plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_MAX = 1024 };

static void check_mode(const char *option, const char *path, mode_t mode)
{
    if ((mode & S_IRWXO) != 0)
        plugin_usage("%s: every user of this machine may use %s: take it from them (chmod o= %s)",
                     option, path, path);
}

/* A descriptor, so that what was checked is what is read. */
static int open_checked(const char *option, const char *path)
{
    struct stat about;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd == -1)
        plugin_usage("%s: cannot read %s: %s", option, path, g_strerror(errno));
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        plugin_usage("%s: expected a regular file, got %s", option, path);
    check_mode(option, path, about.st_mode);
    return fd;
}

void secret_file_check_open(const char *option, const char *path, int fd)
{
    struct stat about;

    if (fstat(fd, &about) != 0)
        plugin_usage("%s: cannot read %s: %s", option, path, g_strerror(errno));
    if (S_ISREG(about.st_mode))
        check_mode(option, path, about.st_mode);
}

void secret_file_check(const char *option, const char *path)
{
    close(open_checked(option, path));
}

/* The whole text, ended by a NUL. */
static size_t read_text(const char *option, const char *path, char text[SECRET_MAX + 1])
{
    const int fd = open_checked(option, path);
    size_t size = 0;
    ssize_t got = 0;

    while (size < SECRET_MAX &&
           ((got = read(fd, text + size, SECRET_MAX - size)) > 0 || (got < 0 && errno == EINTR)))
        size += got > 0 ? (size_t)got : 0;
    close(fd);
    if (got < 0)
        plugin_usage("%s: cannot read %s: %s", option, path, g_strerror(errno));
    text[size] = '\0';
    return size;
}

char *secret_file_read(const char *option, const char *path)
{
    char text[SECRET_MAX + 1];
    const size_t size = read_text(option, path, text);
    const size_t end = strcspn(text, "\r\n");
    char *secret = NULL;

    if (size == SECRET_MAX || strlen(text) != size ||
        text[end + strspn(text + end, "\r\n")] != '\0')
        plugin_usage("%s: expected one line of at most %d bytes in %s", option, SECRET_MAX - 1,
                     path);
    secret = g_strndup(text, end);
    explicit_bzero(text, sizeof text);
    return secret;
}

void secret_file_read_login(const char *option, const char *path, char **user, char **password)
{
    char text[SECRET_MAX + 1];
    const size_t size = read_text(option, path, text);
    const size_t first = strcspn(text, "\r\n");
    const char *second = text + first + strspn(text + first, "\r\n");
    const size_t rest = strcspn(second, "\r\n");
    const char *colon = memchr(text, ':', first);
    const bool is_more = second[rest + strspn(second + rest, "\r\n")] != '\0';
    const bool is_two = rest > 0;

    /* Basic authentication has no user with a colon. */
    if (size == SECRET_MAX || strlen(text) != size || is_more || is_two == (colon != NULL) ||
        first == 0 || colon == text || (!is_two && colon + 1 == text + first))
        plugin_usage("%s: expected a line with the user and one with the password, or "
                     "user:password, in %s",
                     option, path);
    *user = g_strndup(text, is_two ? first : (gsize)(colon - text));
    *password =
        is_two ? g_strndup(second, rest) : g_strndup(colon + 1, first - (gsize)(colon + 1 - text));
    explicit_bzero(text, sizeof text);
}

void secret_free(char *secret)
{
    if (secret != NULL)
        explicit_bzero(secret, strlen(secret));
    g_free(secret);
}
