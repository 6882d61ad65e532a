/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads a folder: see folder.h. Not with GDir, which takes an error for the end of the folder: what
 * was not seen would not be missed.
 */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

static int compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* 0, or errno. */
static int read_all(DIR *folder, GPtrArray *names)
{
    const struct dirent *entry = NULL;

    for (;;) {
        errno = 0;
        /* cppcheck-suppress readdirCalled ; nobody else reads this folder by this descriptor */
        entry = readdir(folder);
        if (entry == NULL)
            return errno;
        if (entry->d_name[0] != '.')
            g_ptr_array_add(names, g_strdup(entry->d_name));
    }
}

GPtrArray *folder_names(const char *path, char **why)
{
    DIR *folder = opendir(path);
    GPtrArray *names = NULL;
    int error = errno;

    if (folder != NULL) {
        names = g_ptr_array_new_with_free_func(g_free);
        error = read_all(folder, names);
        (void)closedir(folder);
    }
    if (folder != NULL && error == 0) {
        g_ptr_array_sort(names, compare);
        return names;
    }
    if (names != NULL)
        g_ptr_array_unref(names);
    *why = g_strdup(g_strerror(error));
    return NULL;
}

bool folder_name_ends(const char *name, const char *const *ending, size_t count)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);

    for (size_t i = 0; i < count; i++)
        if (g_str_has_suffix(lower, ending[i]))
            return true;
    return false;
}
