/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Command line of all checks. Must not know what a check looks at.
 * Facts: Monitoring Plugins development guidelines and their --extra-opts ini files.
 */
#include "options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TIMEOUT_MAX = 3600 };

const char OPTIONS_HELP[] =
    "Options of all checks:\n"
    "  -t, --timeout SECONDS    one deadline for everything (default 10)\n"
    "      --timeout-state S    state when a server stays silent (default CRITICAL)\n"
    "      --unreachable S      state when a server refuses or resets a connection\n"
    "                           (default CRITICAL); S: OK, WARNING, CRITICAL, UNKNOWN\n"
    "      --ignore ID          drop a finding by name (TL-DIGEST-SHA1); may be\n"
    "                           repeated, and the output says that it was dropped\n"
    "      --output FORMAT      text or json (the same facts, the same exit code)\n"
    "      --exit-ok            exit 0 whatever the state, for scripts that read JSON\n"
    "      --now SECONDS        judge as if it were this moment (Unix time)\n"
    "  -v, --verbose            long output: findings with their meaning and remedy\n"
    "      --extra-opts[=[SECTION][@FILE]]\n"
    "                           read options from an ini file of Monitoring Plugins;\n"
    "                           those on the command line count where both set one\n"
    "  -V, --version            print the version\n"
    "  -h, --help               print this; like --version it exits 3, so that an\n"
    "                           engine never takes it for a result\n"
    "\n"
    "States merge as OK < WARNING < UNKNOWN < CRITICAL. The number `findings` counts\n"
    "warnings, unknowns and errors, not notes.\n";

/* Where GOption puts what it reads. */
static struct {
    char *timeout;
    char *timeout_state;
    char *unreachable;
    char **ignore;
    char *output;
    gboolean exit_ok;
    char *now;
    gboolean verbose;
    gboolean version;
    gboolean help;
    char **rest;
} raw;

static const GOptionEntry COMMON[] = {
    {"timeout", 't', 0, G_OPTION_ARG_FILENAME, &raw.timeout, NULL, NULL},
    {"timeout-state", 0, 0, G_OPTION_ARG_FILENAME, &raw.timeout_state, NULL, NULL},
    {"unreachable", 0, 0, G_OPTION_ARG_FILENAME, &raw.unreachable, NULL, NULL},
    {"ignore", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &raw.ignore, NULL, NULL},
    {"output", 0, 0, G_OPTION_ARG_FILENAME, &raw.output, NULL, NULL},
    {"exit-ok", 0, 0, G_OPTION_ARG_NONE, &raw.exit_ok, NULL, NULL},
    {"now", 0, 0, G_OPTION_ARG_FILENAME, &raw.now, NULL, NULL},
    {"verbose", 'v', 0, G_OPTION_ARG_NONE, &raw.verbose, NULL, NULL},
    {"version", 'V', 0, G_OPTION_ARG_NONE, &raw.version, NULL, NULL},
    {"help", 'h', 0, G_OPTION_ARG_NONE, &raw.help, NULL, NULL},
    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &raw.rest, NULL, NULL},
    {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
};

/* ---- --extra-opts ---- */

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

static const char *default_ini(void)
{
    const char *given = g_getenv("MP_CONFIG_FILE");

    if (given != NULL && *given != '\0')
        return given;
    for (size_t i = 0; i < G_N_ELEMENTS(INI_FILES); i++)
        if (g_file_test(INI_FILES[i], G_FILE_TEST_IS_REGULAR))
            return INI_FILES[i];
    plugin_usage("--extra-opts: no ini file in any default place; expected SECTION@FILE");
}

/* "key = value" to "--key=value", "key" to "--key"; one letter to "-kvalue". */
static char *ini_argument(const char *line)
{
    const char *equals = strchr(line, '=');
    g_autofree char *key =
        equals == NULL ? g_strdup(line) : g_strndup(line, (gsize)(equals - line));
    g_autofree char *value = g_strdup(equals == NULL ? "" : equals + 1);

    g_strstrip(key);
    g_strstrip(value);
    if (strlen(key) == 1)
        return g_strdup_printf("-%s%s", key, value);
    return *value == '\0' ? g_strdup_printf("--%s", key) : g_strdup_printf("--%s=%s", key, value);
}

/* Not GKeyFile: these files repeat keys (hostname=a, hostname=b) and have keys without a value. */
static void read_ini(const char *section, const char *path, GPtrArray *arguments)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    bool inside = false;
    bool found = false;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        plugin_usage("--extra-opts: cannot read %s", path);
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        const char *one = g_strstrip(*line);
        const size_t size = strlen(one);

        if (size == 0 || *one == '#' || *one == ';')
            continue;
        if (*one == '[' && one[size - 1] == ']') {
            inside = strlen(section) == size - 2 && strncmp(one + 1, section, size - 2) == 0;
            found = found || inside;
        } else if (inside) {
            g_ptr_array_add(arguments, ini_argument(one));
        }
    }
    if (!found)
        plugin_usage("--extra-opts: no section [%s] in %s", section, path);
}

static void add_extra(const char *check, const char *locus, GPtrArray *arguments)
{
    const char *at = strchr(locus, '@');
    g_autofree char *section = at == NULL ? g_strdup(locus) : g_strndup(locus, (gsize)(at - locus));
    const char *path = at == NULL || at[1] == '\0' ? default_ini() : at + 1;

    read_ini(*section == '\0' ? check : section, path, arguments);
}

/* The arguments with those of ini files before them, so that GOption's "last one counts" lets the
 * command line win. */
static GStrv expand(const char *check, int argc, char **argv)
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

/* ---- -t5 ---- */

/* The option that an argument starts with, among these entries; NULL when it is none of them. */
static const GOptionEntry *entry_of(const GOptionEntry *entries, const char *argument)
{
    for (; entries->long_name != NULL; entries++) {
        if (argument[1] != '-' && argument[1] == entries->short_name)
            return entries;
        if (argument[1] == '-' && strcmp(argument + 2, entries->long_name) == 0)
            return entries;
    }
    return NULL;
}

/* GOption has no "-t5", but everyone who writes command lines for plugins does. */
static GStrv split_attached(GStrv arguments, const GOptionEntry *own)
{
    GPtrArray *made = g_ptr_array_new();
    bool is_value = false;

    for (char **one = arguments; *one != NULL; one++) {
        const GOptionEntry *entry = NULL;

        if (!is_value && (*one)[0] == '-' && (*one)[1] != '\0') {
            entry = entry_of(COMMON, *one);
            entry = entry != NULL ? entry : entry_of(own, *one);
        }
        is_value = entry != NULL && entry->arg != G_OPTION_ARG_NONE;
        if (is_value && (*one)[1] != '-' && (*one)[2] != '\0') {
            g_ptr_array_add(made, g_strndup(*one, 2));
            g_ptr_array_add(made, g_strdup(*one + 2));
            is_value = false;
        } else {
            g_ptr_array_add(made, g_strdup(*one));
        }
    }
    g_ptr_array_add(made, NULL);
    g_strfreev(arguments);
    return (GStrv)g_ptr_array_free(made, FALSE);
}

/* ---- values ---- */

static enum plugin_state read_state(const char *name, const char *option)
{
    enum plugin_state state = STATE_UNSET;

    if (name == NULL)
        return STATE_UNSET;
    state = plugin_state_find(name);
    if (state == STATE_UNSET)
        plugin_usage("%s: expected OK, WARNING, CRITICAL or UNKNOWN, got \"%s\"", option, name);
    return state;
}

static void read_ignore(struct options *options)
{
    for (char **name = raw.ignore; name != NULL && *name != NULL; name++) {
        g_autofree char *upper = g_ascii_strup(*name, -1);
        const enum ucm_finding_id id = ucm_rule_find(upper);

        if (id == UCM_FINDING_NONE)
            plugin_usage(
                "--ignore: expected the name of a finding such as TL-DIGEST-SHA1, got \"%s\"",
                *name);
        options->ignore[id] = true;
    }
}

static void read_values(struct options *options)
{
    if (raw.timeout != NULL) {
        char *end = NULL;

        options->timeout = g_ascii_strtod(raw.timeout, &end);
        if (end == raw.timeout || *end != '\0' || !isfinite(options->timeout) ||
            options->timeout < 0.1 || options->timeout > TIMEOUT_MAX)
            plugin_usage("--timeout: expected seconds from 0.1 to %d, got \"%s\"", TIMEOUT_MAX,
                         raw.timeout);
    }
    options->unreachable = read_state(raw.unreachable, "--unreachable");
    options->timeout_state = read_state(raw.timeout_state, "--timeout-state");
    if (raw.output != NULL && strcmp(raw.output, "json") != 0 && strcmp(raw.output, "text") != 0)
        plugin_usage("--output: expected text or json, got \"%s\"", raw.output);
    options->json = raw.output != NULL && strcmp(raw.output, "json") == 0;
    if (raw.now != NULL &&
        !g_ascii_string_to_signed(raw.now, 10, 0, G_MAXUINT32, &options->now, NULL))
        plugin_usage("--now: expected Unix seconds, got \"%s\"", raw.now);
    read_ignore(options);
}

static void release_raw(void)
{
    g_free(raw.timeout);
    g_free(raw.timeout_state);
    g_free(raw.unreachable);
    g_free(raw.output);
    g_free(raw.now);
    g_strfreev(raw.ignore);
    g_strfreev(raw.rest);
    memset(&raw, 0, sizeof raw);
}

static void print_and_leave(const char *check, const char *about)
{
    GString *text = g_string_new(NULL);

    if (about == NULL)
        g_string_printf(text, "%s v%s (ucmtrust)\n", check, UCMTRUST_VERSION);
    else
        g_string_printf(text, "%s v%s (ucmtrust)\n%s\n%s", check, UCMTRUST_VERSION, about,
                        OPTIONS_HELP);
    plugin_leave_behind(); /* from the middle of parsing: nothing to clean up */
    plugin_finish(text->str, text->len, STATE_UNKNOWN);
}

void options_parse(struct options *options, const char *check, int argc, char **argv,
                   const GOptionEntry *own, const char *about)
{
    GOptionContext *context = g_option_context_new(NULL);
    g_auto(GStrv) arguments = split_attached(expand(check, argc, argv), own);
    g_autoptr(GError) error = NULL;

    *options = (struct options){.timeout = 10,
                                .unreachable = STATE_UNSET,
                                .timeout_state = STATE_UNSET,
                                .now = (int64_t)time(NULL)};
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, COMMON, NULL);
    g_option_context_add_main_entries(context, own, NULL);
    if (!g_option_context_parse_strv(context, &arguments, &error))
        plugin_usage("%s", error->message);
    g_option_context_free(context);
    if (raw.help)
        print_and_leave(check, about);
    if (raw.version)
        print_and_leave(check, NULL);
    if (raw.rest != NULL)
        plugin_usage("expected options only, got \"%s\"", raw.rest[0]);
    options->verbose = raw.verbose;
    options->exit_ok = raw.exit_ok;
    read_values(options);
    release_raw();
    plugin_start_clock(options->timeout,
                       options->timeout_state == STATE_UNSET ? STATE_UNKNOWN
                                                             : options->timeout_state,
                       options->json);
}

struct result *options_result(const struct options *options, const char *check)
{
    struct result *result = result_new(check, options->now);

    result->verbose = options->verbose;
    memcpy(result->ignore, options->ignore, sizeof result->ignore);
    return result;
}

void options_finish(const struct options *options, struct result *result)
{
    GString *text = options->json ? result_json(result) : result_text(result);
    const int code = options->exit_ok ? 0 : (int)result->state;
    g_autofree char *bytes = NULL;
    const gsize size = text->len;

    result_free(result);
    /* exit() runs no cleanup of this frame, and leak checkers only see what is still pointed to. */
    bytes = g_string_free(text, FALSE);
    plugin_finish(bytes, size, code);
}
