/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * File names for exported objects: see export-names.h.
 */
#include "export-names.h"

#include <string.h>

enum { STEM_MAX = 100, EXTENSION_MAX = 16 }; /* leaves room for a number */

/* Names of devices on Windows, with any extension; a digit follows those that end in '#'. */
static const char *const DEVICES[] = {"con", "prn", "aux", "nul", "com#", "lpt#"};

struct export_names export_names_none(wmem_allocator_t *memory)
{
    return (struct export_names){memory, wmem_map_new(memory, wmem_str_hash, g_str_equal)};
}

const char *export_name_of_path(wmem_allocator_t *pool, const char *path)
{
    size_t length = strcspn(path, "?");
    const char *start = path + length;

    while (start > path && start[-1] != '/')
        start--;
    return wmem_strndup(pool, start, length - (size_t)(start - path));
}

static bool is_safe(char c)
{
    return g_ascii_isalnum(c) || (c != '\0' && strchr("._+=@-", c) != NULL);
}

static bool names_device(const char *stem)
{
    for (unsigned i = 0; i < array_length(DEVICES); i++) {
        size_t size = strcspn(DEVICES[i], "#");
        bool numbered = DEVICES[i][size] == '#';

        if (g_ascii_strncasecmp(stem, DEVICES[i], size) != 0)
            continue;
        stem += size;
        if (numbered && !g_ascii_isdigit(*stem))
            return false;
        stem += numbered ? 1 : 0;
        return *stem == '\0' || *stem == '.';
    }
    return false;
}

/* A name in its two parts; the extension has its dot, or is empty. */
struct parts {
    char stem[STEM_MAX + 2];
    char extension[EXTENSION_MAX + 1];
};

static void make_safe(char *text)
{
    for (char *c = text; *c != '\0'; c++)
        if (!is_safe(*c))
            *c = '_';
}

static struct parts split(const char *wanted)
{
    struct parts parts = {.extension = ""};
    const char *dot = strrchr(wanted, '.');
    size_t size = strlen(wanted);
    bool has_extension = dot != NULL && dot != wanted && dot[1] != '\0' &&
                         (size_t)(wanted + size - dot) <= EXTENSION_MAX;
    char *stem = parts.stem;

    if (has_extension) {
        (void)g_strlcpy(parts.extension, dot, sizeof parts.extension);
        size = (size_t)(dot - wanted);
    }
    /* In front of what a shell, a file manager or Windows would take for something else. */
    if (wanted[0] == '.' || wanted[0] == '-' || names_device(wanted))
        *stem++ = '_';
    (void)g_strlcpy(stem, wanted, MIN(size, STEM_MAX) + 1);
    make_safe(parts.stem);
    make_safe(parts.extension);
    if (!has_extension && size > 0 && g_str_has_suffix(parts.stem, "."))
        parts.stem[strlen(parts.stem) - 1] = '_';
    return parts;
}

/* Compared without case, as some file systems do. Returns how often the name was asked for, this
 * time included. */
static unsigned ask(struct export_names *names, const char *name)
{
    char *key = g_ascii_strdown(name, -1);
    unsigned *times = wmem_map_lookup(names->taken, key);

    if (times == NULL) {
        times = wmem_new0(names->memory, unsigned);
        wmem_map_insert(names->taken, wmem_strdup(names->memory, key), times);
    }
    g_free(key);
    return ++*times;
}

/* The second "ITLFile.tlv" is "ITLFile-2.tlv", unless a stranger called his file that. */
char *export_name_take(struct export_names *names, const char *wanted, const char *fallback)
{
    struct parts parts = split(wanted == NULL || wanted[0] == '\0' ? fallback : wanted);
    char *plain = g_strdup_printf("%s%s", parts.stem, parts.extension);
    unsigned number = ask(names, plain);
    char *name = g_strdup(plain);

    while (number > 1) {
        g_free(name);
        name = g_strdup_printf("%s-%u%s", parts.stem, number, parts.extension);
        if (ask(names, name) == 1)
            break;
        number = ask(names, plain);
    }
    g_free(plain);
    return name;
}
