/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Files, and the door to the module that fetches URLs. Must not link libcurl: that alone costs
 * every run 8 ms, and most runs of check_ucm_tvs need no URL.
 */
#include "fetch.h"
#include "plugin.h"

#include "common/lines.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_ROOM = 65536, MODULES_MAX = 2 };

static const char MODULE[] = "ucmtrust-fetch.so";

bool fetch_is_url(const char *text)
{
    return strstr(text, "://") != NULL;
}

bool fetch_is_supported(const char *url)
{
    static const char *const SCHEMES[] = {"http://", "https://", "tftp://"};

    for (size_t i = 0; i < G_N_ELEMENTS(SCHEMES); i++)
        if (g_ascii_strncasecmp(url, SCHEMES[i], strlen(SCHEMES[i])) == 0 &&
            url[strlen(SCHEMES[i])] != '\0')
            return true;
    return false;
}

void fetch_check_login(const char *option, const char *url)
{
    const char *start = strstr(url, "://");
    const char *at = start != NULL ? strchr(start, '@') : NULL;

    if (at != NULL && at < start + 3 + strcspn(start + 3, "/?#"))
        plugin_usage("%s: expected a URL without user and password: a list is given to anyone",
                     option);
}

void fetch_check_place(const char *option, const char *where)
{
    if (where == NULL)
        return;
    fetch_check_login(option, where);
    if (fetch_is_url(where) && !fetch_is_supported(where))
        plugin_usage("%s: expected a path, or http://, https:// or tftp://, got \"%s\"", option,
                     where);
}

/* ---- URLs ---- */

/* Beside the program in a build tree, in libdir when installed. */
static void *open_module(const char *file)
{
    static const char *const FOLDERS[] = {".", UCMTRUST_MODULE_FOLDER};
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *here = self != NULL ? g_path_get_dirname(self) : g_strdup(".");
    void *module = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(FOLDERS) && module == NULL; i++) {
        const char *base = g_path_is_absolute(FOLDERS[i]) ? "/" : here;
        g_autofree char *path = g_build_filename(base, FOLDERS[i], file, NULL);

        module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    }
    return module;
}

/* Each is opened once: what could be opened can be closed again, whatever is lacking by then. */
static void *module_of(const char *file)
{
    static struct {
        const char *file;
        void *module;
    } opened[MODULES_MAX];

    for (size_t i = 0; i < MODULES_MAX; i++) {
        if (opened[i].module == NULL) {
            opened[i].file = file;
            opened[i].module = open_module(file);
        }
        if (strcmp(opened[i].file, file) == 0)
            return opened[i].module;
    }
    return open_module(file);
}

void *fetch_symbol(const char *file, const char *symbol)
{
    void *module = module_of(file);

    return module != NULL ? dlsym(module, symbol) : NULL;
}

static void no_module(struct fetch *fetch, const char *why)
{
    fetch->outcome = FETCH_LOCAL;
    fetch->stage = "start";
    snprintf(fetch->detail, sizeof fetch->detail, "the module for URLs cannot be opened: %s",
             why != NULL ? why : "the loader gives no reason");
}

void fetch_node_urls(const char *node, int http_port, int tftp_port, const char *file,
                     char *url[FETCH_URLS_MAX])
{
    const bool bare_v6 = strchr(node, ':') != NULL && *node != '[';

    url[0] =
        g_strdup_printf(bare_v6 ? "http://[%s]:%d/%s" : "http://%s:%d/%s", node, http_port, file);
    url[1] =
        g_strdup_printf(bare_v6 ? "tftp://[%s]:%d/%s" : "tftp://%s:%d/%s", node, tftp_port, file);
}

void fetch_urls(struct fetch *fetches, size_t count, int64_t limit_ms)
{
    void *symbol = NULL;
    fetch_run_function *run = NULL;
    const char *why = NULL;

    if (count == 0)
        return;
    plugin_stage("fetch files");
    symbol = fetch_symbol(MODULE, FETCH_RUN_SYMBOL);
    /* POSIX lets dlsym() return functions; ISO C has no conversion for it. */
    memcpy(&run, &symbol, sizeof run);
    if (run != NULL) {
        if (run(fetches, count, MIN(plugin_left_ms(), limit_ms)))
            plugin_leave_behind();
        return;
    }
    why = dlerror();
    for (size_t i = 0; i < count; i++)
        no_module(&fetches[i], why);
}

void fetch_sftp(struct fetch_sftp *sftp)
{
    void *symbol = NULL;
    fetch_sftp_function *run = NULL;

    plugin_stage("fetch files");
    symbol = fetch_symbol(MODULE, FETCH_SFTP_SYMBOL);
    memcpy(&run, &symbol, sizeof run);
    if (run == NULL)
        no_module(&sftp->whole, dlerror());
    else if (run(sftp, plugin_left_ms()))
        plugin_leave_behind();
}

void fetch_post(struct fetch_post *post, void **session)
{
    void *symbol = fetch_symbol(MODULE, FETCH_POST_SYMBOL);
    fetch_post_function *ask = NULL;
    const char *why = NULL;

    memcpy(&ask, &symbol, sizeof ask);
    if (ask != NULL) {
        if (ask(post, session, plugin_left_ms()))
            plugin_leave_behind();
        return;
    }
    if (post == NULL)
        return;
    why = dlerror();
    post->outcome = FETCH_LOCAL;
    post->stage = "start";
    snprintf(post->detail, sizeof post->detail, "the module for URLs cannot be opened: %s",
             why != NULL ? why : "the loader gives no reason");
}

/* ---- files ---- */

/* Wait until stdin has bytes; a pipe that nobody writes to must not hang the check. */
static int wait_for(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    int ready = -1;

    do
        ready = poll(&one, 1, (int)MIN(plugin_left_ms(), INT_MAX));
    while (ready == -1 && errno == EINTR);
    return ready == 1 ? 0 : ready == 0 ? ETIMEDOUT : errno;
}

/* first: room to begin with, bytes; most: one byte more is read, and says that it is too large. */
static void read_all(int fd, size_t first, size_t most, struct fetch *fetch)
{
    size_t room = 0;

    fetch->outcome = FETCH_OK;
    while (fetch->size <= most) {
        ssize_t got = 0;
        int error = 0;

        if (fetch->size == room) {
            uint8_t *more = NULL;

            room = MIN(room == 0 ? first : room * 2, most + 1);
            more = realloc(fetch->data, room);
            if (more == NULL) {
                fetch->outcome = FETCH_LOCAL;
                g_strlcpy(fetch->detail, "out of memory", sizeof fetch->detail);
                return;
            }
            fetch->data = more;
        }
        error = fd == STDIN_FILENO ? wait_for(fd) : 0; /* a file is always ready */
        if (error != 0) {
            fetch->outcome = FETCH_LOCAL;
            g_strlcpy(fetch->detail,
                      error == ETIMEDOUT ? "reading did not end in time" : g_strerror(error),
                      sizeof fetch->detail);
            return;
        }
        got = read(fd, fetch->data + fetch->size, room - fetch->size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            fetch->outcome = FETCH_LOCAL;
            g_strlcpy(fetch->detail, g_strerror(errno), sizeof fetch->detail);
        }
        if (got <= 0)
            return;
        fetch->size += (size_t)got;
    }
}

/* A FIFO or a device could block or never end; O_NONBLOCK keeps the open itself from hanging.
 * Finds how many bytes the file holds now. */
static int open_regular(const char *path, size_t *size, struct fetch *fetch)
{
    struct stat about;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd == -1) {
        g_strlcpy(fetch->detail, g_strerror(errno), sizeof fetch->detail);
        return -1;
    }
    if (fstat(fd, &about) != 0)
        g_strlcpy(fetch->detail, g_strerror(errno), sizeof fetch->detail);
    else if (!S_ISREG(about.st_mode))
        g_strlcpy(fetch->detail, "not a regular file", sizeof fetch->detail);
    else {
        *size = (size_t)about.st_size;
        return fd;
    }
    close(fd);
    return -1;
}

static void read_file(const char *path, size_t most, struct fetch *fetch)
{
    int fd = STDIN_FILENO;
    size_t size = 0;

    plugin_stage("read files");
    fetch->stage = "read";
    fetch->origin = path;
    fetch->outcome = FETCH_LOCAL;
    if (strcmp(path, "-") != 0) {
        fd = open_regular(path, &size, fetch);
        if (fd == -1)
            return;
    }
    /* Room for all and one byte, so that the end shows without more room. Pages that nobody
     * touched before cost more than reading into them; some files say that they are empty. */
    read_all(fd, size > 0 ? size + 1 : FIRST_ROOM, most, fetch);
    if (fd != STDIN_FILENO)
        close(fd);
}

const char *fetch_file_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "stdin" : path;
}

void fetch_file(const char *path, struct fetch *fetch)
{
    read_file(path, UCM_INPUT_MAX, fetch);
}

void fetch_text(const char *path, struct fetch *fetch)
{
    read_file(path, UCM_SAVED_MAX, fetch);
    if (fetch->outcome != FETCH_OK)
        return;
    if (fetch->size > UCM_SAVED_MAX) {
        fetch->outcome = FETCH_LOCAL;
        g_strlcpy(fetch->detail, "more than 64 MiB", sizeof fetch->detail);
        return;
    }
    fetch->size = ucm_text_plain(fetch->data, fetch->size);
}
