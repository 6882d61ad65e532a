/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * check_ucm_truststore: what do the trust stores of a cluster hold, and would phones come to grief?
 * Must not judge: common/ does. Must not read: the readers of store_reader.h do.
 * Facts: Cisco documents 210541, 215539.
 */
#include "options.h"
#include "plan_option.h"
#include "range.h"
#include "store_judge.h"
#include "store_reader.h"
#include "version.h"

#include <string.h>

static const char CHECK[] = "check_ucm_truststore";

static const char ABOUT_BEFORE[] =
    "Judges the trust stores of a Cisco Unified CM cluster: what expires, what is\n"
    "missing, and what phones and services will do about it.\n"
    "\n"
    "Usage: check_ucm_truststore SOURCE... [--expect-from KIND:WHERE]... [options]\n"
    "       check_ucm_truststore --plan -i INVENTORY [--cluster NAME] [SOURCE...]\n"
    "\n"
    "Sources; all that are given are one cluster:\n";

static const char ABOUT_AFTER[] =
    "\n"
    "      --name NAME          of the cluster, in the output (default: cluster)\n"
    "      --expect-from KIND:WHERE\n"
    "                           another cluster, whose certificates this one should\n"
    "                           hold (dir:/srv/sydney); all that are given are one.\n"
    "                           What is known of it decides whether the way back is\n"
    "                           judged as well\n"
    "      --expect-name NAME   of that cluster (default: other)\n"
    "      --one-way            leave out the way back\n"
    "      --cluster-version V  release, such as 12.5 or 14SU3, for what depends on it\n"
    "      --mode MODE          security mode in the database: mixed or non-secure\n"
    "      --publisher NODE     which node is the publisher\n"
    "  -w, --warning DAYS       fewer days left: WARNING (default 60)\n"
    "  -c, --critical DAYS      fewer days left: CRITICAL (default 14); of certificates\n"
    "                           that are only trusted: WARNING\n"
    "\n"
    "Examples:\n"
    "  check_ucm_truststore --dir /srv/brisbane -v\n"
    "  check_ucm_truststore --dir /srv/brisbane --expect-from dir:/srv/sydney\n"
    "\n"
    "Performance data: CLUSTER_min_days (of the certificates that its services use),\n"
    "CLUSTER_certificates, findings.\n";

enum { READERS_MAX = 8 };

static struct {
    struct options common;
    char **where[READERS_MAX]; /* in the order of STORE_READERS */
    char *name;
    char **expect_from;
    char *expect_name;
    gboolean one_way;
    char *version_text;
    char *mode_text;
    char *publisher;
    char *warning_text;
    char *critical_text;
    int warning;
    int critical;
    uint16_t version;
    enum ucm_mode mode;
} asked;

static const GOptionEntry OPTIONS[] = {
    {"name", 0, 0, G_OPTION_ARG_FILENAME, &asked.name, NULL, NULL},
    {"expect-from", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.expect_from, NULL, NULL},
    {"expect-name", 0, 0, G_OPTION_ARG_FILENAME, &asked.expect_name, NULL, NULL},
    {"one-way", 0, 0, G_OPTION_ARG_NONE, &asked.one_way, NULL, NULL},
    {"cluster-version", 0, 0, G_OPTION_ARG_FILENAME, &asked.version_text, NULL, NULL},
    {"mode", 0, 0, G_OPTION_ARG_FILENAME, &asked.mode_text, NULL, NULL},
    {"publisher", 0, 0, G_OPTION_ARG_FILENAME, &asked.publisher, NULL, NULL},
    {"warning", 'w', 0, G_OPTION_ARG_FILENAME, &asked.warning_text, NULL, NULL},
    {"critical", 'c', 0, G_OPTION_ARG_FILENAME, &asked.critical_text, NULL, NULL},
};

/* ---- options ---- */

/* The options of the check, one for each kind of source, and what readers want to know besides. */
static GArray *make_options(void)
{
    GArray *options = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));

    g_array_append_vals(options, OPTIONS, G_N_ELEMENTS(OPTIONS));
    for (size_t i = 0; PLAN_OPTIONS[i].long_name != NULL; i++)
        g_array_append_val(options, PLAN_OPTIONS[i]);
    for (size_t i = 0; STORE_READERS[i] != NULL; i++) {
        const struct store_reader *reader = STORE_READERS[i];
        const GOptionEntry source = {reader->kind,    0,    0,   G_OPTION_ARG_FILENAME_ARRAY,
                                     &asked.where[i], NULL, NULL};

        g_assert(i < READERS_MAX);
        g_array_append_val(options, source);
        for (size_t k = 0; reader->options != NULL && reader->options[k].long_name != NULL; k++)
            g_array_append_val(options, reader->options[k]);
    }
    return options;
}

static char *make_about(void)
{
    GString *about = g_string_new(ABOUT_BEFORE);

    for (size_t i = 0; STORE_READERS[i] != NULL; i++)
        g_string_append(about, STORE_READERS[i]->help);
    g_string_append(about, ABOUT_AFTER);
    g_string_append(about, PLAN_HELP);
    return g_string_free(about, FALSE);
}

static void check_sources(void)
{
    bool given = false;

    for (size_t i = 0; STORE_READERS[i] != NULL; i++) {
        given = given || asked.where[i] != NULL;
        if (STORE_READERS[i]->check_values != NULL)
            STORE_READERS[i]->check_values();
    }
    if (!plan_wanted() && !given)
        plugin_usage("expected a source, such as --dir DIR");
    for (char **one = asked.expect_from; one != NULL && *one != NULL; one++) {
        const char *colon = strchr(*one, ':');

        if (colon == NULL || store_reader_find(*one, (size_t)(colon - *one)) == NULL)
            plugin_usage("--expect-from: expected KIND:WHERE, such as dir:/srv/sydney, got \"%s\"",
                         *one);
    }
    if (plan_wanted() && asked.expect_from != NULL)
        plugin_usage("--plan: expected no --expect-from beside it");
    if ((asked.expect_name != NULL || asked.one_way) && asked.expect_from == NULL)
        plugin_usage("--expect-name and --one-way: expected --expect-from beside them");
}

static enum ucm_mode mode_of(const char *text)
{
    if (text == NULL)
        return UCM_MODE_UNKNOWN;
    if (strcmp(text, "mixed") == 0)
        return UCM_MODE_MIXED;
    if (strcmp(text, "non-secure") == 0)
        return UCM_MODE_NONSECURE;
    plugin_usage("--mode: expected mixed or non-secure, got \"%s\"", text);
}

static void check_days(const char *option, const char *text, int *days)
{
    if (text != NULL && !range_parse_days(text, days))
        plugin_usage("%s: expected days such as 30 or 30:, got \"%s\"", option, text);
}

static void check_values(void)
{
    check_sources();
    asked.warning = UCM_WARNING_DAYS;
    asked.critical = UCM_CRITICAL_DAYS;
    check_days("-w", asked.warning_text, &asked.warning);
    check_days("-c", asked.critical_text, &asked.critical);
    asked.mode = mode_of(asked.mode_text);
    if (asked.version_text != NULL && !version_read(asked.version_text, &asked.version))
        plugin_usage("--cluster-version: expected a release such as 12.5 or 14SU3, got \"%s\"",
                     asked.version_text);
}

static void release_options(void)
{
    char *const single[] = {asked.name,      asked.expect_name,  asked.version_text,
                            asked.mode_text, asked.warning_text, asked.critical_text,
                            asked.publisher};

    for (size_t i = 0; i < G_N_ELEMENTS(single); i++)
        g_free(single[i]);
    g_strfreev(asked.expect_from);
    for (size_t i = 0; STORE_READERS[i] != NULL; i++) {
        g_strfreev(asked.where[i]);
        if (STORE_READERS[i]->release != NULL)
            STORE_READERS[i]->release();
    }
}

/* ---- reading ---- */

static void read_one(const struct store_reader *reader, const char *where, struct store_set *set)
{
    const unsigned before = store_set_certificates(set);

    plugin_stage("read");
    reader->read(where, set);
    if (store_set_certificates(set) == before && !store_set_has_problem(set, UCM_ST_UNSEEN))
        store_set_problem(set, UCM_ST_NO_CERTIFICATE, where, NULL);
}

static struct store_set *read_own(void)
{
    struct store_set *set = store_set_new(asked.name != NULL ? asked.name : "cluster");

    store_set_describe(set, asked.publisher, asked.version, asked.mode);
    for (size_t i = 0; STORE_READERS[i] != NULL; i++)
        for (char **where = asked.where[i]; where != NULL && *where != NULL; where++)
            read_one(STORE_READERS[i], *where, set);
    return set;
}

/* NULL: nobody asked for another cluster. */
static struct store_set *read_other(void)
{
    struct store_set *set = NULL;

    if (asked.expect_from == NULL)
        return NULL;
    set = store_set_new(asked.expect_name != NULL ? asked.expect_name : "other");
    for (char **one = asked.expect_from; *one != NULL; one++) {
        const char *colon = strchr(*one, ':');

        read_one(store_reader_find(*one, (size_t)(colon - *one)), colon + 1, set);
    }
    return set;
}

int main(int argc, char **argv)
{
    GArray *options = make_options();
    g_autofree char *about = make_about();
    struct store_judgement judgement = {0};
    struct result *result = NULL;

    plugin_begin(CHECK);
    options_parse(&asked.common, CHECK, argc, argv,
                  (const GOptionEntry *)(const void *)options->data, about);
    check_values();
    result = options_result(&asked.common, CHECK);
    judgement.own = read_own();
    judgement.other = read_other();
    judgement.one_way = asked.one_way;
    judgement.warning_days = asked.warning;
    judgement.critical_days = asked.critical;
    if (plan_wanted())
        plan_run(&asked.common, judgement.own, asked.publisher, result);
    else
        store_judge(&judgement, result);
    plan_release();
    g_array_unref(options);
    g_clear_pointer(&about, g_free);
    release_options();
    options_finish(&asked.common, result);
}
