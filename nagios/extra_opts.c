/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Ini files of Monitoring Plugins: see extra_opts.h. Not GKeyFile: these files repeat keys
 * (hostname=a, hostname=b) and have keys without a value.
 * Facts: --extra-opts=[SECTION][@FILE], "-" is stdin, blanks around names and values do not count.
 */
#include "extra_opts.h"

#include "plugin.h"
#include "secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { INI_MAX = 1 << 20 };

/* A password stands in an option of its own only in such a file. */
static const char SECRET_KEY[] = "axl-password";

/* ---- where ---- */

/* Where Monitoring Plugins look, newest layout first. */
static const char *const INI_FILES[] = {
    "/etc/monitoring-plugins/monitoring-plugins.ini",
    "/etc/monitoring-plugins.ini",
    "/usr/local/etc/monitoring-plugins/monitoring-plugins.ini",
    "/usr/local/etc/monitoring-plugins.ini",
    "/etc/nagios/plugins.ini",
    "/etc/nagios-plugins.ini",
    "/usr/local/etc/nagios/plugins.ini",
    "/usr/local/etc/nagios-plugins.ini",
};

/* What NAGIOS_CONFIG_PATH, a list of folders, is searched for. */
static const char *const INI_NAMES[] = {"monitoring-plugins.ini", "plugins.ini",
                                        "nagios-plugins.ini"};

static char *find_in_folders(const char *folders)
{
    g_auto(GStrv) all = g_strsplit(folders, ":", -1);

    for (char **folder = all; *folder != NULL; folder++)
        for (size_t i = 0; **folder != '\0' && i < G_N_ELEMENTS(INI_NAMES); i++) {
            g_autofree char *path = g_build_filename(*folder, INI_NAMES[i], NULL);

            if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
                return g_steal_pointer(&path);
        }
    return NULL;
}

static char *default_ini(void)
{
    const char *given = g_getenv("MP_CONFIG_FILE");
    const char *folders = g_getenv("NAGIOS_CONFIG_PATH");
    char *found = NULL;

    if (given != NULL && *given != '\0')
        return g_strdup(given);
    found = folders != NULL ? find_in_folders(folders) : NULL;
    for (size_t i = 0; found == NULL && i < G_N_ELEMENTS(INI_FILES); i++)
        if (g_file_test(INI_FILES[i], G_FILE_TEST_IS_REGULAR))
            found = g_strdup(INI_FILES[i]);
    if (found == NULL)
        plugin_usage("--extra-opts: no ini file in any default place; expected SECTION@FILE");
    return found;
}

/* ---- what is in it ---- */

static void no_blanks(char *text)
{
    g_strstrip(text);
}

/* "key = value" to "--key=value", "key" to "--key"; one letter to "-kvalue". */
static char *ini_argument(const char *line)
{
    const char *equals = strchr(line, '=');
    g_autofree char *key =
        equals == NULL ? g_strdup(line) : g_strndup(line, (gsize)(equals - line));
    g_autofree char *value = g_strdup(equals == NULL ? "" : equals + 1);
    char *argument = NULL;

    no_blanks(key);
    no_blanks(value);
    if (strlen(key) == 1)
        argument = g_strdup_printf("-%s%s", key, value);
    else
        argument =
            *value == '\0' ? g_strdup_printf("--%s", key) : g_strdup_printf("--%s=%s", key, value);
    explicit_bzero(value, strlen(value));
    return argument;
}

static bool is_secret(const char *line)
{
    const size_t size = strlen(SECRET_KEY);

    return strncmp(line, SECRET_KEY, size) == 0 &&
           (line[size] == '\0' || line[size] == '=' || g_ascii_isspace(line[size]));
}

/* Is this "[ section ]"? */
static bool is_section(const char *line, const char *section)
{
    g_autofree char *name = g_strndup(line + 1, strlen(line) - 2);

    no_blanks(name);
    return strcmp(name, section) == 0;
}

/* Adds the arguments of the section. False when there is none. secret: does the file hold one? */
static bool read_lines(char **lines, const char *section, const char *path, GPtrArray *arguments,
                       bool *secret)
{
    bool any = false;
    bool inside = false;
    bool found = false;

    for (char **line = lines; *line != NULL; line++) {
        const char *one = g_strstrip(*line);
        const size_t size = strlen(one);

        if (size == 0 || *one == '#' || *one == ';')
            continue;
        *secret = *secret || is_secret(one);
        if (*one == '[' && one[size - 1] == ']') {
            any = true;
            inside = is_section(one, section);
            found = found || inside;
        } else if (!any || *one == '=' || *one == '[') {
            plugin_usage("--extra-opts: line %d of %s: expected [section], and KEY or KEY=VALUE "
                         "below it",
                         (int)(line - lines) + 1, path);
        } else if (inside) {
            g_ptr_array_add(arguments, ini_argument(one));
        }
    }
    return found;
}

/* The whole text of a descriptor, ended by a NUL. Ends the process when it cannot be read. */
static char *read_text(int fd, const char *path)
{
    char *text = g_malloc(INI_MAX + 1);
    size_t size = 0;

    while (size < INI_MAX) {
        const ssize_t got = read(fd, text + size, INI_MAX - size);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            plugin_usage("--extra-opts: cannot read %s: %s", path, g_strerror(errno));
        if (got == 0)
            break;
        size += (size_t)got;
    }
    text[size] = '\0';
    if (size == INI_MAX || strlen(text) != size)
        plugin_usage("--extra-opts: expected a text of less than %d bytes in %s", INI_MAX, path);
    return text;
}

static void read_ini(const char *section, const char *path, GPtrArray *arguments)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    const int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    g_auto(GStrv) lines = NULL;
    char *text = NULL;
    bool secret = false;
    bool found = false;

    if (fd == -1)
        plugin_usage("--extra-opts: cannot read %s: %s", path, g_strerror(errno));
    text = read_text(fd, path);
    lines = g_strsplit(text, "\n", -1);
    found = read_lines(lines, section, path, arguments, &secret);
    if (secret)
        secret_file_check_open("--extra-opts", path, fd);
    secret_free(text);
    for (char **line = lines; *line != NULL; line++)
        explicit_bzero(*line, strlen(*line));
    if (!is_stdin)
        close(fd);
    if (!found)
        plugin_usage("--extra-opts: no section [%s] in %s", section, path);
}

/* ---- arguments ---- */

static void add_extra(const char *check, const char *locus, GPtrArray *arguments)
{
    const char *at = strchr(locus, '@');
    g_autofree char *section = at == NULL ? g_strdup(locus) : g_strndup(locus, (gsize)(at - locus));
    g_autofree char *path = at == NULL || at[1] == '\0' ? default_ini() : g_strdup(at + 1);

    read_ini(*section == '\0' ? check : section, path, arguments);
}

GStrv extra_opts_expand(const char *check, int argc, char **argv)
{
    GPtrArray *from_files = g_ptr_array_new();
    GPtrArray *given = g_ptr_array_new();

    for (int i = 1; i < argc; i++) {
        if (g_str_has_prefix(argv[i], "--extra-opts="))
            add_extra(check, argv[i] + strlen("--extra-opts="), from_files);
        else if (strcmp(argv[i], "--extra-opts") != 0)
            g_ptr_array_add(given, g_strdup(argv[i]));
        else if (i + 1 < argc && argv[i + 1][0] != '-')
            add_extra(check, argv[++i], from_files);
        else
            add_extra(check, "", from_files);
    }
    g_ptr_array_insert(from_files, 0, g_strdup(check));
    g_ptr_array_extend_and_steal(from_files, given);
    g_ptr_array_add(from_files, NULL);
    return (GStrv)g_ptr_array_free(from_files, FALSE);
}
