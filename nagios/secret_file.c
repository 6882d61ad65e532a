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

/* A descriptor, so that what was checked is what is read. */
static int open_checked(const char *option, const char *path)
{
    struct stat about;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd == -1)
        plugin_usage("%s: cannot read %s: %s", option, path, g_strerror(errno));
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        plugin_usage("%s: expected a regular file, got %s", option, path);
    if ((about.st_mode & S_IRWXO) != 0)
        plugin_usage("%s: every user of this machine may use %s: take it from them (chmod o= %s)",
                     option, path, path);
    return fd;
}

void secret_file_check(const char *option, const char *path)
{
    close(open_checked(option, path));
}

char *secret_file_read(const char *option, const char *path)
{
    char text[SECRET_MAX + 1];
    const int fd = open_checked(option, path);
    size_t size = 0;
    ssize_t got = 0;
    size_t end = 0;
    char *secret = NULL;

    while (size < SECRET_MAX && (got = read(fd, text + size, SECRET_MAX - size)) > 0)
        size += (size_t)got;
    close(fd);
    if (got < 0)
        plugin_usage("%s: cannot read %s: %s", option, path, g_strerror(errno));
    text[size] = '\0';
    end = strcspn(text, "\r\n");
    if (size == SECRET_MAX || strlen(text) != size ||
        text[end + strspn(text + end, "\r\n")] != '\0')
        plugin_usage("%s: expected one line of at most %d bytes in %s", option, SECRET_MAX - 1,
                     path);
    secret = g_strndup(text, end);
    explicit_bzero(text, sizeof text);
    return secret;
}

void secret_free(char *secret)
{
    if (secret != NULL)
        explicit_bzero(secret, strlen(secret));
    g_free(secret);
}
