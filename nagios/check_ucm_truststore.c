/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * check_ucm_truststore: what do the trust stores of a cluster hold, and would phones come to grief?
 * Must not judge: common/ does. Must not read: the readers of store_reader.h do.
 * Facts: Cisco documents 210541, 215539.
 */
#include "address.h"
#include "fetch.h"
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
    "      --emcc               extension mobility across the two clusters is wanted:\n"
    "                           what it needs is an error where it is missing\n"
    "      --ctl FILE-OR-URL    the CTL that the cluster serves (a URL: of its TFTP\n"
    "                           node; no such file there is no CTL): does it show the\n"
    "                           security mode of the database?\n"
    "      --list FILE-OR-URL   a trust list that phones may hold (may be repeated):\n"
    "                           who signed it is no candidate for deletion\n"
    "      --cluster-version V  release (12.5, 14SU3), for what depends on it\n"
    "      --mode MODE          security mode in the database: mixed or non-secure\n"
    "      --publisher NODE     which node is the publisher\n"
    "      --tvs NODE[:PORT]    ask its TVS about the certificates that phones may\n"
    "                           meet as signers, and compare; may be repeated. It is\n"
    "                           known by a certificate in the store TVS\n"
    "      --client-cert PEM    certificate to show to TVS when it asks\n"
    "      --client-key PEM     its key (default: in the same file)\n"
    "      --tls-legacy         allow TLS 1.0 and 1.1 and weak ciphers\n"
    "  -w, --warning DAYS       fewer days left: WARNING (default 60)\n"
    "  -c, --critical DAYS      fewer days left: CRITICAL (default 14); where\n"
    "                           they are only trusted: WARNING\n"
    "\n"
    "Examples:\n"
    "  check_ucm_truststore --dir /srv/brisbane -v\n"
    "  check_ucm_truststore --dir /srv/brisbane --expect-from dir:/srv/sydney\n"
    "  check_ucm_truststore --pkcs12 sftp://nagios@backup/bulk/ --ssh-key KEY \\\n"
    "                       --known-hosts known_hosts --password-file bulk.password\n"
    "  check_ucm_truststore --axl https://cucm-pub --axl-credentials axl.password \\\n"
    "                       --axl-pin tomcat.pem\n"
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
    gboolean emcc;
    char *ctl;
    char **list;
    char *version_text;
    char *mode_text;
    char *publisher;
    char **tvs;
    char *client_cert;
    char *client_key;
    gboolean legacy;
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
    {"emcc", 0, 0, G_OPTION_ARG_NONE, &asked.emcc, NULL, NULL},
    {"ctl", 0, 0, G_OPTION_ARG_FILENAME, &asked.ctl, NULL, NULL},
    {"list", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.list, NULL, NULL},
    {"cluster-version", 0, 0, G_OPTION_ARG_FILENAME, &asked.version_text, NULL, NULL},
    {"mode", 0, 0, G_OPTION_ARG_FILENAME, &asked.mode_text, NULL, NULL},
    {"publisher", 0, 0, G_OPTION_ARG_FILENAME, &asked.publisher, NULL, NULL},
    {"tvs", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.tvs, NULL, NULL},
    {"client-cert", 0, 0, G_OPTION_ARG_FILENAME, &asked.client_cert, NULL, NULL},
    {"client-key", 0, 0, G_OPTION_ARG_FILENAME, &asked.client_key, NULL, NULL},
    {"tls-legacy", 0, 0, G_OPTION_ARG_NONE, &asked.legacy, NULL, NULL},
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

static const char *own_name(void)
{
    return asked.name != NULL ? asked.name : "cluster";
}

static const char *other_name(void)
{
    return asked.expect_name != NULL ? asked.expect_name : "other";
}

/* Would both be one in performance data, where some characters have no place? */
static bool same_label(const char *a, const char *b)
{
    static const char unfit[] = "='\"|:";
    g_autofree char *one = g_strdelimit(g_strdup(a), unfit, '_');
    g_autofree char *other = g_strdelimit(g_strdup(b), unfit, '_');

    return g_ascii_strcasecmp(one, other) == 0;
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
    if ((asked.expect_name != NULL || asked.one_way || asked.emcc) && asked.expect_from == NULL)
        plugin_usage("--expect-name, --one-way and --emcc: expected --expect-from beside them");
    if (asked.expect_from != NULL && same_label(own_name(), other_name()))
        plugin_usage("--expect-name: expected another name than that of --name, got \"%s\" twice",
                     other_name());
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

static void check_tvs(void)
{
    for (char **node = asked.tvs; node != NULL && *node != NULL; node++)
        if (!address_valid(*node))
            plugin_usage("--tvs: expected NODE or NODE:PORT, got \"%s\"", *node);
    if (asked.tvs == NULL && (asked.client_cert != NULL || asked.legacy))
        plugin_usage("--client-cert and --tls-legacy: expected --tvs beside them");
    if (asked.client_key != NULL && asked.client_cert == NULL)
        plugin_usage("--client-key: expected --client-cert beside it");
}

static void check_values(void)
{
    check_sources();
    fetch_check_place("--ctl", asked.ctl);
    for (char **one = asked.list; one != NULL && *one != NULL; one++)
        fetch_check_place("--list", *one);
    check_tvs();
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
                            asked.publisher, asked.client_cert,  asked.client_key,
                            asked.ctl};

    for (size_t i = 0; i < G_N_ELEMENTS(single); i++)
        g_free(single[i]);
    g_strfreev(asked.expect_from);
    g_strfreev(asked.list);
    g_strfreev(asked.tvs);
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

    plugin_stage("read files");
    reader->read(where, set);
    if (store_set_certificates(set) == before && !store_set_has_failed(set) &&
        !store_set_has_problem(set, UCM_ST_UNSEEN) && !store_set_has_problem(set, UCM_ST_HOST_KEY))
        store_set_problem(set, UCM_ST_NO_CERTIFICATE, where, NULL);
}

static struct store_set *read_own(void)
{
    struct store_set *set = store_set_new(own_name());

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
    set = store_set_new(other_name());
    for (char **one = asked.expect_from; *one != NULL; one++) {
        const char *colon = strchr(*one, ':');

        read_one(store_reader_find(*one, (size_t)(colon - *one)), colon + 1, set);
    }
    return set;
}

int main(int argc, char **argv)
{
    GArray *options = NULL;
    g_autofree char *about = NULL;
    struct store_judgement judgement = {0};
    struct store_lists *lists = NULL;
    struct result *result = NULL;

    plugin_begin(CHECK);
    options = make_options();
    about = make_about();
    options_parse(&asked.common, CHECK, argc, argv,
                  (const GOptionEntry *)(const void *)options->data, about);
    check_values();
    result = options_result(&asked.common, CHECK);
    judgement.own = read_own();
    judgement.other = read_other();
    lists = store_lists_read(asked.ctl, asked.list, result);
    judgement.one_way = asked.one_way;
    judgement.emcc = asked.emcc;
    judgement.lists = lists;
    judgement.warning_days = asked.warning;
    judgement.critical_days = asked.critical;
    judgement.tvs = (struct store_tvs_settings){
        asked.tvs,        asked.client_cert,
        asked.client_key, asked.legacy,
        asked.common.now, {asked.common.unreachable, asked.common.timeout_state, asked.legacy}};
    if (plan_wanted())
        plan_run(&asked.common, judgement.own, asked.publisher, result);
    else
        store_judge(&judgement, result);
    plan_release();
    store_lists_free(lists);
    g_array_unref(options);
    g_clear_pointer(&about, g_free);
    release_options();
    options_finish(&asked.common, result);
}
