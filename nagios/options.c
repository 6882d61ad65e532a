/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Command line of all checks. Must not know what a check looks at.
 * Facts: Monitoring Plugins development guidelines.
 */
#include "options.h"

#include "crypto_policy.h"
#include "extra_opts.h"
#include "openmetrics.h"

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
    "      --openmetrics FILE   also write the facts as metrics, whole or not at all:\n"
    "                           NAME.prom in the folder of Prometheus' textfile\n"
    "                           collector, a NAME for each run; a run that breaks\n"
    "                           off leaves the old file, which tells how old it is\n"
    "      --exit-ok            exit 0 whatever the state, for scripts that read JSON\n"
    "      --now SECONDS        judge as if it were this moment (Unix time)\n"
    "  -v, --verbose            long output: findings with their meaning and remedy\n"
    "      --extra-opts[=[SECTION][@FILE]]\n"
    "                           read options from an ini file of Monitoring Plugins\n"
    "                           (- is stdin; SECTION by default the check's name);\n"
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
    char *openmetrics;
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
    {"openmetrics", 0, 0, G_OPTION_ARG_FILENAME, &raw.openmetrics, NULL, NULL},
    {"exit-ok", 0, 0, G_OPTION_ARG_NONE, &raw.exit_ok, NULL, NULL},
    {"now", 0, 0, G_OPTION_ARG_FILENAME, &raw.now, NULL, NULL},
    {"verbose", 'v', 0, G_OPTION_ARG_NONE, &raw.verbose, NULL, NULL},
    {"version", 'V', 0, G_OPTION_ARG_NONE, &raw.version, NULL, NULL},
    {"help", 'h', 0, G_OPTION_ARG_NONE, &raw.help, NULL, NULL},
    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &raw.rest, NULL, NULL},
    {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
};

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
    if (raw.openmetrics != NULL &&
        (*raw.openmetrics == '\0' || g_str_has_suffix(raw.openmetrics, "/")))
        plugin_usage("--openmetrics: expected a file, got \"%s\"", raw.openmetrics);
    options->openmetrics = g_steal_pointer(&raw.openmetrics);
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

/* Nothing behind '=' of an unknown option: it may be a password whose option was misspelt. */
G_NORETURN static void refuse(const GError *error)
{
    g_autofree char *text = g_strdup(error->message);
    char *equals = strchr(text, '=');

    if (g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION) && equals != NULL)
        *equals = '\0';
    plugin_usage("%s", text);
}

/* Without the policy of this system, whatever came out would be judged by another one. */
static void load_policy(const struct options *options, const char *check)
{
    g_autofree char *why = crypto_policy_load();
    struct result *result = NULL;

    if (why == NULL)
        return;
    result = options_result(options, check);
    result->state = STATE_UNKNOWN;
    result_conclude(result);
    ((struct result_perf *)g_ptr_array_index(result->perf, 0))->known = false;
    result->summary = g_steal_pointer(&why);
    plugin_leave_behind(); /* from the middle of the check: nothing to clean up */
    options_finish(options, result);
}

void options_parse(struct options *options, const char *check, int argc, char **argv,
                   const GOptionEntry *own, const char *about)
{
    GOptionContext *context = g_option_context_new(NULL);
    g_auto(GStrv) arguments = split_attached(extra_opts_expand(check, argc, argv), own);
    g_autoptr(GError) error = NULL;

    *options = (struct options){.timeout = 10,
                                .unreachable = STATE_UNSET,
                                .timeout_state = STATE_UNSET,
                                .now = (int64_t)time(NULL)};
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, COMMON, NULL);
    g_option_context_add_main_entries(context, own, NULL);
    if (!g_option_context_parse_strv(context, &arguments, &error))
        refuse(error);
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
    load_policy(options, check);
}

struct result *options_result(const struct options *options, const char *check)
{
    struct result *result = result_new(check, options->now);

    result->verbose = options->verbose;
    memcpy(result->ignore, options->ignore, sizeof result->ignore);
    return result;
}

static void write_metrics(const struct options *options, struct result *result)
{
    g_autofree char *why =
        options->openmetrics != NULL ? openmetrics_write(result, options->openmetrics) : NULL;

    result_not_written(result, "the metrics", why);
}

void options_finish(const struct options *options, struct result *result)
{
    GString *text = NULL;
    int code = 0;
    g_autofree char *bytes = NULL;
    gsize size = 0;

    write_metrics(options, result);
    text = options->json ? result_json(result) : result_text(result);
    code = options->exit_ok ? 0 : (int)result->state;
    size = text->len;
    result_free(result);
    /* exit() runs no cleanup of this frame, and leak checkers only see what is still pointed to. */
    bytes = g_string_free(text, FALSE);
    plugin_finish(bytes, size, code);
}
