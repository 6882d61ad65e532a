/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * check_ucm_tvs: would TVS vouch for this certificate when a phone asks? Must not decode bytes:
 * common/exchange judges. Facts: Cisco document 213407.
 */
#include "fetch.h"
#include "number.h"
#include "options.h"
#include "range.h"
#include "trace_table.h"
#include "tvs_question.h"

#include "common/exchange.h"

#include <stdlib.h>
#include <string.h>

/* Text, for getaddrinfo(). */

enum { PORT_MAX = 65535, ROLE_MAX = 255 };

static const char CHECK[] = "check_ucm_tvs";

static const char ABOUT[] =
    "Asks the Trust Verification Service of Cisco Unified CM nodes as a phone does:\n"
    "TLS to port 2445, the server's certificate must be one that phones trust, then\n"
    "one request: do you vouch for this certificate, and with which role?\n"
    "\n"
    "Usage: check_ucm_tvs -H NODE... (--trustlist LIST | --pin CERT | --insecure)\n"
    "                     [--certificate CERT | --signer-of LIST] [options]\n"
    "       check_ucm_tvs --trace FILE...\n"
    "\n"
    "  -H, --hostname NODE      TVS node; may be repeated, all are asked side by side\n"
    "  -p, --port PORT          default 2445\n"
    "Which servers to trust (nothing is sent to others):\n"
    "      --trustlist LIST     those with a TVS record in this ITL, a file or a URL\n"
    "      --pin CERT           the one with this certificate (PEM or DER); may be\n"
    "                           repeated\n"
    "      --insecure           any\n"
    "What to ask about; without either, the signer of --trustlist:\n"
    "      --certificate CERT   this certificate (PEM or DER)\n"
    "      --signer-of LIST     the signer of this list, a file or a URL; that of a\n"
    "                           signed file (.sgn) is looked up in --trustlist\n"
    "How to ask:\n"
    "      --role ROLE          role that is needed: SAST (default), TFTP, CCM, CAPF,\n"
    "                           another name, a number, or any\n"
    "      --query              ask by name and serial number instead of showing the\n"
    "                           certificate. The numbering of a query is a guess: all\n"
    "                           six are tried, and finding nothing is UNKNOWN\n"
    "      --query-tags I,S     elements of issuer and serial to try first: 4,5\n"
    "      --device NAME        who asks (default CP-8861-SEP00005E005300)\n"
    "      --client-cert PEM    certificate to show to the server when it asks\n"
    "      --client-key PEM     its key (default: in the same file)\n"
    "      --tls-legacy         allow TLS 1.0 and 1.1 and weak ciphers (before\n"
    "                           11.5(1)SU3); the default is 1.2 and what the crypto\n"
    "                           policy of this system allows\n"
    "Thresholds, ranges in seconds from connecting to the answer (default none):\n"
    "  -w, --warning RANGE      such as 0.5\n"
    "  -c, --critical RANGE\n"
    "\n"
    "What phones asked before now, without asking anybody:\n"
    "      --trace FILE         trace of TVS (level detailed) or console log of a\n"
    "                           phone; may be repeated. -v prints each request:\n"
    "                           when, which phone, which certificate, found or not,\n"
    "                           roles, and what the dumped bytes say\n"
    "\n"
    "Examples:\n"
    "  check_ucm_tvs -H cucm-pub -H cucm-sub --trustlist ITLFile.tlv\n"
    "  check_ucm_tvs -H old-pub --trustlist http://old-pub:6970/ITLFile.tlv \\\n"
    "                --signer-of http://new-pub:6970/ITLFile.tlv\n"
    "  check_ucm_tvs -H cucm-pub --pin tvs.pem --certificate ccm.pem -w 1 -c 5\n"
    "  check_ucm_tvs -v --trace SDL_tvs_00000012.txt --trace console.log\n"
    "\n"
    "Performance data: NODE_time (seconds), findings. U: could not be determined.\n"
    "With --trace: requests, not_found, findings.\n";

static struct {
    struct options common;
    char **node;
    char *port;
    char *trustlist;
    char **pin;
    gboolean insecure;
    char *certificate;
    char *signer_of;
    gboolean query;
    char *query_tags;
    char *role_text;
    char *client_cert;
    char *client_key;
    gboolean legacy;
    char *device;
    char **trace;
    char *warning;
    char *critical;
    int role;
    unsigned first_pair;
    struct range warning_range;
    struct range critical_range;
} asked = {.role = UCM_ROLE_SAST};

static const GOptionEntry OPTIONS[] = {
    {"hostname", 'H', 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.node, NULL, NULL},
    {"port", 'p', 0, G_OPTION_ARG_FILENAME, &asked.port, NULL, NULL},
    {"trustlist", 0, 0, G_OPTION_ARG_FILENAME, &asked.trustlist, NULL, NULL},
    {"pin", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.pin, NULL, NULL},
    {"insecure", 0, 0, G_OPTION_ARG_NONE, &asked.insecure, NULL, NULL},
    {"certificate", 0, 0, G_OPTION_ARG_FILENAME, &asked.certificate, NULL, NULL},
    {"signer-of", 0, 0, G_OPTION_ARG_FILENAME, &asked.signer_of, NULL, NULL},
    {"query", 0, 0, G_OPTION_ARG_NONE, &asked.query, NULL, NULL},
    {"query-tags", 0, 0, G_OPTION_ARG_FILENAME, &asked.query_tags, NULL, NULL},
    {"role", 0, 0, G_OPTION_ARG_FILENAME, &asked.role_text, NULL, NULL},
    {"client-cert", 0, 0, G_OPTION_ARG_FILENAME, &asked.client_cert, NULL, NULL},
    {"client-key", 0, 0, G_OPTION_ARG_FILENAME, &asked.client_key, NULL, NULL},
    {"tls-legacy", 0, 0, G_OPTION_ARG_NONE, &asked.legacy, NULL, NULL},
    {"device", 0, 0, G_OPTION_ARG_FILENAME, &asked.device, NULL, NULL},
    {"trace", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.trace, NULL, NULL},
    {"warning", 'w', 0, G_OPTION_ARG_FILENAME, &asked.warning, NULL, NULL},
    {"critical", 'c', 0, G_OPTION_ARG_FILENAME, &asked.critical, NULL, NULL},
    {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
};

/* ---- options ---- */

static void read_role(void)
{
    int64_t number = 0;

    if (asked.role_text == NULL)
        return;
    if (g_ascii_strcasecmp(asked.role_text, "any") == 0) {
        asked.role = UCM_ROLE_ANY;
        return;
    }
    if (number_read(asked.role_text, 0, ROLE_MAX, &number)) {
        asked.role = (int)number;
        return;
    }
    for (int role = 0; role <= ROLE_MAX; role++) {
        const char *name = ucm_role_name((uint32_t)role);

        if (name != NULL && g_ascii_strcasecmp(name, asked.role_text) == 0) {
            asked.role = role;
            return;
        }
    }
    plugin_usage("--role: expected SAST, TFTP, CCM, CCM+TFTP, CAPF, TVS, another role, a number or "
                 "any, got \"%s\"",
                 asked.role_text);
}

static void read_query_tags(void)
{
    if (asked.query_tags == NULL)
        return;
    asked.query = TRUE;
    for (unsigned i = 0; i < UCM_TVS_QUERY_TAG_PAIRS; i++) {
        char text[16];

        g_snprintf(text, sizeof text, "%u,%u", ucm_tvs_query_tags[i].issuer,
                   ucm_tvs_query_tags[i].serial);
        if (strcmp(text, asked.query_tags) == 0) {
            asked.first_pair = i;
            return;
        }
    }
    plugin_usage("--query-tags: expected two different ones of 4, 5 and 6 such as 4,5, got \"%s\"",
                 asked.query_tags);
}

static void read_range(const char *text, const char *option, struct range *range)
{
    if (text != NULL && !range_parse(text, range))
        plugin_usage("%s: expected a range in seconds such as 0.5 or 0:0.5, got \"%s\"", option,
                     text);
}

/* A trace is read by itself: what is asked now is another matter. */
static void check_trace(void)
{
    if (asked.node != NULL || asked.trustlist != NULL || asked.pin != NULL || asked.insecure ||
        asked.certificate != NULL || asked.signer_of != NULL || asked.query ||
        asked.query_tags != NULL || asked.warning != NULL || asked.critical != NULL)
        plugin_usage("--trace: expected no option about asking a node beside it");
    for (char **file = asked.trace; *file != NULL; file++)
        if (**file == '\0')
            plugin_usage("--trace: expected a file, got an empty name");
}

static void check_values(void)
{
    int64_t port = 0;

    for (char **node = asked.node; node != NULL && *node != NULL; node++)
        if (**node == '\0')
            plugin_usage("-H: expected a host name or an address, got an empty name");
    if (asked.node == NULL)
        plugin_usage("expected at least one -H NODE");
    if (asked.port != NULL && !number_read(asked.port, 1, PORT_MAX, &port))
        plugin_usage("--port: expected a port from 1 to %d, got \"%s\"", PORT_MAX, asked.port);
    if (asked.trustlist == NULL && asked.pin == NULL && !asked.insecure)
        plugin_usage("expected --trustlist LIST, --pin CERT or --insecure: phones talk to known "
                     "TVS servers only");
    if (asked.insecure && asked.pin != NULL)
        plugin_usage("expected either --pin or --insecure");
    if (asked.certificate != NULL && asked.signer_of != NULL)
        plugin_usage("expected either --certificate or --signer-of");
    if (asked.certificate == NULL && asked.signer_of == NULL && asked.trustlist == NULL)
        plugin_usage("expected --certificate CERT or --signer-of LIST: what to ask about");
    if (asked.client_key != NULL && asked.client_cert == NULL)
        plugin_usage("--client-key: expected --client-cert beside it");
    if (asked.device != NULL && !ucm_tvs_device_valid(asked.device))
        plugin_usage("--device: expected a name such as %s, got \"%s\"", TVS_DEVICE, asked.device);
    fetch_check_place("--trustlist", asked.trustlist);
    fetch_check_place("--signer-of", asked.signer_of);
    read_role();
    read_query_tags();
    read_range(asked.warning, "--warning", &asked.warning_range);
    read_range(asked.critical, "--critical", &asked.critical_range);
}

static void release_options(void)
{
    char *const single[] = {asked.port,       asked.trustlist, asked.certificate, asked.signer_of,
                            asked.query_tags, asked.role_text, asked.client_cert, asked.client_key,
                            asked.device,     asked.warning,   asked.critical};

    for (size_t i = 0; i < G_N_ELEMENTS(single); i++)
        g_free(single[i]);
    g_strfreev(asked.node);
    g_strfreev(asked.pin);
    g_strfreev(asked.trace);
}

/* ---- judging ---- */

static void judge_time(struct result *result, const struct result_tvs *tvs)
{
    struct result_perf *perf = result_add_perf(result, tvs->node, "_time", "s", 6);
    const double seconds = tvs->ms / 1000;
    const bool critical = asked.critical != NULL && range_alerts(&asked.critical_range, seconds);
    const bool warning = asked.warning != NULL && range_alerts(&asked.warning_range, seconds);

    g_free(perf->warning);
    g_free(perf->critical);
    perf->warning = g_strdup(asked.warning != NULL ? asked.warning : "");
    perf->critical = g_strdup(asked.critical != NULL ? asked.critical : "");
    perf->limits = "0;";
    perf->known = tvs->ms >= 0;
    perf->value = seconds;
    if (perf->known && (critical || warning)) {
        g_autofree char *text =
            g_strdup_printf("%s: %.3f s, range %s", ucm_rule(UCM_TVS_SLOW)->what, seconds,
                            critical ? asked.critical : asked.warning);

        result_add_finding(result, UCM_TVS_SLOW, critical ? UCM_ERROR : UCM_WARNING, STATE_UNSET,
                           tvs->node, text);
    }
}

/* ---- the status line ---- */

static char *role_text(const struct result_tvs *tvs)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < tvs->roles->len; i++)
        g_string_append_printf(text, "%s%s", i == 0 ? "" : "+",
                               (const char *)g_ptr_array_index(tvs->roles, i));
    return g_string_free(text, FALSE);
}

static char *verdict(const struct result *result, const struct tvs_material *material)
{
    const struct result_tvs *slowest = NULL;
    g_autofree char *name = result_common_name(material->subject);
    g_autofree char *roles = NULL;
    unsigned answered = 0;

    for (unsigned i = 0; i < result->tvs->len; i++) {
        const struct result_tvs *tvs = g_ptr_array_index(result->tvs, i);

        answered += tvs->ms >= 0 ? 1 : 0;
        if (tvs->ms >= 0 && (slowest == NULL || tvs->ms > slowest->ms))
            slowest = tvs;
    }
    if (slowest == NULL)
        return g_strdup_printf("no TVS node answered about %s", name);
    roles = role_text(slowest);
    return g_strdup_printf("%u TVS node%s vouch%s for %s as %s (slowest %s %.0f ms, %s %s)",
                           answered, answered == 1 ? "" : "s", answered == 1 ? "es" : "", name,
                           *roles != '\0' ? roles : UCM_TEXT_NO_ROLE, slowest->node, slowest->ms,
                           slowest->tls, slowest->cipher);
}

static char *make_summary(const struct result *result, const struct tvs_material *material)
{
    GString *text = g_string_new(NULL);

    if (!result_add_named(result, text)) {
        g_string_free(text, TRUE);
        return verdict(result, material);
    }
    if (material->subject != NULL) {
        g_autofree char *about = result_common_name(material->subject);

        g_string_append_printf(text, ", asked about %s", about);
    }
    return g_string_free(text, FALSE);
}

/* ---- the whole ---- */

static void add_notes(struct result *result, const struct result_tvs *tvs)
{
    if (asked.insecure)
        result_add_rule(result, UCM_TVS_UNPINNED, STATE_UNSET, tvs->node, NULL);
    if (asked.legacy)
        result_add_rule(result, UCM_TVS_TLS_LEGACY, STATE_UNSET, tvs->node, tvs->tls);
}

/* Nobody could be asked, for a reason on this machine. */
static void give_up(struct result *result, const char *why)
{
    result_add_rule(result, UCM_TVS_UNREACHABLE_HERE, STATE_UNSET, "this machine", why);
    for (unsigned i = 0; i < result->tvs->len; i++)
        judge_time(result, g_ptr_array_index(result->tvs, i));
}

static void judge_all(struct result *result, const struct tvs_questions *questions)
{
    for (unsigned i = 0; i < result->tvs->len; i++) {
        struct result_tvs *tvs = g_ptr_array_index(result->tvs, i);

        tvs_questions_judge(questions, i, tvs, result);
        judge_time(result, tvs);
        add_notes(result, tvs);
    }
}

static void ask_all(struct result *result, const struct tvs_material *material)
{
    const struct tvs_settings settings = {
        .port = asked.port != NULL ? asked.port : TVS_PORT,
        .pin = (const struct tvs_pin *)(const void *)material->pins->data,
        .pins = material->pins->len,
        .insecure = asked.insecure,
        .legacy = asked.legacy,
        .client_cert = asked.client_cert,
        .client_key = asked.client_key != NULL ? asked.client_key : asked.client_cert,
    };
    const struct tvs_question_settings how = {
        .device = asked.device != NULL ? asked.device : TVS_DEVICE,
        .query = asked.query,
        .first_pair = asked.first_pair,
        .role = asked.role,
        .now = asked.common.now,
        .report = {asked.common.unreachable, asked.common.timeout_state, asked.legacy},
    };
    struct tvs_questions *questions = tvs_questions_new(&how, material, asked.node);
    char room[TVS_DETAIL_MAX];
    const char *why = tvs_questions_ask(questions, &settings, room);

    if (why == NULL)
        judge_all(result, questions);
    else
        give_up(result, why);
    tvs_questions_free(questions);
}

static void read_traces(struct result *result)
{
    check_trace();
    trace_table_read(result, asked.trace);
    result_conclude(result);
    result->summary = trace_table_summary(result);
    release_options();
    options_finish(&asked.common, result);
}

int main(int argc, char **argv)
{
    struct result *result = NULL;
    struct tvs_material material;
    struct tvs_sources sources = {0};

    plugin_begin(CHECK);
    options_parse(&asked.common, CHECK, argc, argv, OPTIONS, ABOUT);
    if (asked.trace != NULL)
        read_traces(options_result(&asked.common, CHECK));
    check_values();
    plugin_many_descriptors();
    result = options_result(&asked.common, CHECK);
    for (char **node = asked.node; *node != NULL; node++)
        result_add_tvs(result, *node);
    sources = (struct tvs_sources){asked.trustlist, asked.pin, asked.certificate, asked.signer_of};
    if (tvs_material_load(&sources, &material))
        ask_all(result, &material);
    else
        give_up(result, material.why);
    result_conclude(result);
    result->summary = make_summary(result, &material);
    tvs_material_free(&material);
    release_options();
    options_finish(&asked.common, result);
}
