/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * check_ucm_trustlist: are the ITL and CTL that TFTP nodes serve whole, signed and far from expiry?
 * Must not decode bytes: common/lint judges. Facts: phones ask HTTP 6970 first, then TFTP.
 */
#include "address.h"
#include "continuity.h"
#include "fetch.h"
#include "number.h"
#include "options.h"
#include "range.h"
#include "trustlist_compare.h"
#include "trustlist_summary.h"
#include "version.h"

#include "common/consistency.h"

#include <stdlib.h>
#include <string.h>

/* Fact fetch-order (A; test_check_trustlist_servers:test_http_404_falls_back_to_tftp,
 * test_phones:test_a_migration_in_time_order): phones try HTTP on 6970, then TFTP. */
enum { HTTP_PORT = 6970, TFTP_PORT = 69, PORT_MAX = 65535, HISTORY_SECONDS = 90 * 86400 };

static const char CHECK[] = "check_ucm_trustlist";

static const char ABOUT[] =
    "Judges trust lists (ITL, CTL) of Cisco Unified CM as phones would: structure,\n"
    "signature, and the expiry of the certificate in every record.\n"
    "\n"
    "Usage: check_ucm_trustlist (-H NODE | -u URL | -f FILE)... [options]\n"
    "\n"
    "What to look at; all may be repeated and mixed, all are fetched side by side:\n"
    "  -H, --hostname NODE      TFTP node: ITLFile.tlv and CTLFile.tlv by HTTP, then\n"
    "                           by TFTP where HTTP has no such file or fails\n"
    "  -u, --url URL            http, https or tftp. The certificate of an https\n"
    "                           server is not checked: the list's signature counts\n"
    "  -f, --file FILE          a regular file; - is stdin. A signed file (.sgn) is\n"
    "                           verified with the lists that are given beside it\n"
    "      --itl, --ctl, --both which lists to ask a NODE for (default --both); for\n"
    "                           URL and FILE: which kind it must be\n"
    "      --mixed-mode         the cluster is in mixed mode: a missing CTL is an\n"
    "                           error (without this option it is normal)\n"
    "      --ucm-version V      of the cluster, such as 11.5 or 14SU3: adds the rules\n"
    "                           that hang on it (ITL re-signed, eTokens)\n"
    "  -p, --port PORT          port of HTTP (default 6970)\n"
    "      --tftp-port PORT     port of TFTP (default 69)\n"
    "\n"
    "Thresholds, in days until a certificate expires:\n"
    "  -w, --warning DAYS:      WARNING below (default 60:)\n"
    "  -c, --critical DAYS:     CRITICAL below (default 14:); a plain 14 means 14:\n"
    "\n"
    "Would phones that hold an older list accept what is served now?\n"
    "      --state DIR          keep what each NODE serves in this folder (made if it\n"
    "                           is missing, mode 0700), and compare with it\n"
    "      --history DAYS       how long to keep what was served last (default 90d):\n"
    "                           phones that were off may still hold it\n"
    "      --tvs NODE[:PORT]    TVS node of the phones' CallManager group, asked when\n"
    "                           it decides (default port 2445); may be repeated\n"
    "      --client-cert PEM    certificate to show to TVS when it asks\n"
    "      --client-key PEM     its key (default: in the same file)\n"
    "      --tls-legacy         allow TLS 1.0 and 1.1 and weak ciphers with TVS\n"
    "      --accept             drop what was served before now: all phones have the\n"
    "                           new lists\n"
    "\n"
    "What is different from a text that somebody saved?\n"
    "      --compare-with FILE  saved output of \"show itl\" or \"show ctl\", with any\n"
    "                           other text around it; may be repeated\n"
    "\n"
    "Examples:\n"
    "  check_ucm_trustlist -H cucm-pub -H cucm-sub --mixed-mode\n"
    "  check_ucm_trustlist -H cucm-pub -H cucm-sub --state /var/lib/ucmtrust \\\n"
    "                      --tvs cucm-pub --tvs cucm-sub\n"
    "  check_ucm_trustlist -H cucm-pub --itl -w 90: -c 30: --ignore TL-DIGEST-SHA1\n"
    "  check_ucm_trustlist -v -f ITLFile.tlv -f CTLFile.tlv\n"
    "  check_ucm_trustlist -v -H cucm-pub --compare-with ticket-1234.txt\n"
    "  check_ucm_trustlist -u tftp://192.0.2.11/ITLFile.tlv --output json\n"
    "\n"
    "Performance data: SOURCE_min_days (days until the first certificate expires),\n"
    "SOURCE_size (bytes), findings. U: could not be determined.\n";

/** One list that is wanted. */
struct target {
    char *name;
    char *url[FETCH_URLS_MAX];
    const char *path; /**< or NULL */
    enum ucm_list_kind expected;
    struct fetch fetch;
    struct result_source *source;
};

static struct {
    struct options common;
    char **node;
    char **url;
    char **file;
    gboolean itl;
    gboolean ctl;
    gboolean both;
    gboolean mixed_mode;
    char *version_text;
    char *port_text;
    char *tftp_port_text;
    char *warning_text;
    char *critical_text;
    char *state;
    char *history_text;
    char **tvs;
    char *client_cert;
    char *client_key;
    gboolean legacy;
    gboolean accept;
    char **compare_with;
    uint16_t version;
    int port;
    int tftp_port;
    int warning;
    int critical;
    int64_t horizon;
} asked = {.port = HTTP_PORT,
           .tftp_port = TFTP_PORT,
           .horizon = HISTORY_SECONDS,
           .warning = UCM_WARNING_DAYS,
           .critical = UCM_CRITICAL_DAYS};

static const GOptionEntry OPTIONS[] = {
    {"hostname", 'H', 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.node, NULL, NULL},
    {"url", 'u', 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.url, NULL, NULL},
    {"file", 'f', 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.file, NULL, NULL},
    {"itl", 0, 0, G_OPTION_ARG_NONE, &asked.itl, NULL, NULL},
    {"ctl", 0, 0, G_OPTION_ARG_NONE, &asked.ctl, NULL, NULL},
    {"both", 0, 0, G_OPTION_ARG_NONE, &asked.both, NULL, NULL},
    {"mixed-mode", 0, 0, G_OPTION_ARG_NONE, &asked.mixed_mode, NULL, NULL},
    {"ucm-version", 0, 0, G_OPTION_ARG_FILENAME, &asked.version_text, NULL, NULL},
    {"port", 'p', 0, G_OPTION_ARG_FILENAME, &asked.port_text, NULL, NULL},
    {"tftp-port", 0, 0, G_OPTION_ARG_FILENAME, &asked.tftp_port_text, NULL, NULL},
    {"warning", 'w', 0, G_OPTION_ARG_FILENAME, &asked.warning_text, NULL, NULL},
    {"critical", 'c', 0, G_OPTION_ARG_FILENAME, &asked.critical_text, NULL, NULL},
    {"state", 0, 0, G_OPTION_ARG_FILENAME, &asked.state, NULL, NULL},
    {"history", 0, 0, G_OPTION_ARG_FILENAME, &asked.history_text, NULL, NULL},
    {"tvs", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.tvs, NULL, NULL},
    {"client-cert", 0, 0, G_OPTION_ARG_FILENAME, &asked.client_cert, NULL, NULL},
    {"client-key", 0, 0, G_OPTION_ARG_FILENAME, &asked.client_key, NULL, NULL},
    {"tls-legacy", 0, 0, G_OPTION_ARG_NONE, &asked.legacy, NULL, NULL},
    {"accept", 0, 0, G_OPTION_ARG_NONE, &asked.accept, NULL, NULL},
    {"compare-with", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.compare_with, NULL, NULL},
    {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
};

/* ---- what is wanted ---- */

static void target_free(gpointer item)
{
    struct target *target = item;

    for (unsigned i = 0; i < FETCH_URLS_MAX; i++)
        g_free(target->url[i]);
    g_free(target->name);
    free(target->fetch.data);
    g_free(target);
}

/* The kind that the options name, when they name one. */
static enum ucm_list_kind kind_asked_for(void)
{
    if (asked.both || asked.itl == asked.ctl)
        return UCM_LIST_UNKNOWN;
    return asked.itl ? UCM_LIST_ITL : UCM_LIST_CTL;
}

static struct target *add_target(GPtrArray *targets, char *name, enum ucm_list_kind expected)
{
    struct target *target = g_new0(struct target, 1);

    target->name = name;
    target->expected = expected;
    g_ptr_array_add(targets, target);
    return target;
}

static void add_node(GPtrArray *targets, const char *node)
{
    static const struct {
        enum ucm_list_kind kind;
        const char *name;
        const char *file;
    } LISTS[] = {{UCM_LIST_ITL, "ITL", "ITLFile.tlv"}, {UCM_LIST_CTL, "CTL", "CTLFile.tlv"}};

    for (size_t i = 0; i < G_N_ELEMENTS(LISTS); i++) {
        const enum ucm_list_kind only = kind_asked_for();
        struct target *target = NULL;

        if (only != UCM_LIST_UNKNOWN && only != LISTS[i].kind)
            continue;
        target = add_target(targets, g_strdup_printf("%s/%s", node, LISTS[i].name), LISTS[i].kind);
        fetch_node_urls(node, asked.port, asked.tftp_port, LISTS[i].file, target->url);
    }
}

/* A URL names the kind by its file, as it does for a phone. */
static enum ucm_list_kind kind_of_url(const char *url)
{
    g_autofree char *base = g_path_get_basename(url);

    if (kind_asked_for() != UCM_LIST_UNKNOWN)
        return kind_asked_for();
    if (!g_str_has_suffix(base, ".tlv"))
        return UCM_LIST_UNKNOWN;
    return g_str_has_prefix(base, "CTL")   ? UCM_LIST_CTL
           : g_str_has_prefix(base, "ITL") ? UCM_LIST_ITL
                                           : UCM_LIST_UNKNOWN;
}

static GPtrArray *make_targets(void)
{
    GPtrArray *targets = g_ptr_array_new_with_free_func(target_free);

    for (char **node = asked.node; node != NULL && *node != NULL; node++)
        add_node(targets, *node);
    for (char **url = asked.url; url != NULL && *url != NULL; url++)
        add_target(targets, g_strdup(*url), kind_of_url(*url))->url[0] = g_strdup(*url);
    for (char **file = asked.file; file != NULL && *file != NULL; file++)
        add_target(targets, g_strdup(fetch_file_name(*file)), kind_asked_for())->path = *file;
    return targets;
}

/* ---- options ---- */

static void read_port(const char *text, const char *option, int *port)
{
    int64_t value = 0;

    if (text == NULL)
        return;
    if (!number_read(text, 1, PORT_MAX, &value))
        plugin_usage("%s: expected a port from 1 to %d, got \"%s\"", option, PORT_MAX, text);
    *port = (int)value;
}

static void read_days(const char *text, const char *option, int *days)
{
    if (text != NULL && !range_parse_days(text, days))
        plugin_usage("%s: expected whole days such as 60: (alert below 60), got \"%s\"", option,
                     text);
}

/* A node becomes part of a URL; nothing else may get in with it. */
static void check_node(const char *node)
{
    static const char FIT[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]";

    if (*node == '\0' || strspn(node, FIT) != strlen(node))
        plugin_usage("-H: expected a host name or an address, got \"%s\"", node);
}

/* A client certificate is needed once in a blue moon: say at once that it cannot be read. */
static void check_readable(const char *path, const char *option)
{
    struct fetch fetch = {0};

    if (path == NULL)
        return;
    fetch_file(path, &fetch);
    if (fetch.data != NULL)
        explicit_bzero(fetch.data, fetch.size); /* a private key may be in it */
    free(fetch.data);
    if (fetch.outcome != FETCH_OK)
        plugin_usage("%s: expected a file that can be read, got \"%s\": %s", option, path,
                     fetch.detail);
}

static void check_continuity(void)
{
    if (asked.state == NULL && (asked.history_text != NULL || asked.tvs != NULL || asked.accept ||
                                asked.client_cert != NULL || asked.client_key != NULL))
        plugin_usage("--history, --tvs, --client-cert, --client-key and --accept: expected --state "
                     "DIR beside them");
    if (asked.state == NULL)
        return;
    if (*asked.state == '\0')
        plugin_usage("--state: expected a folder, got an empty name");
    if (asked.node == NULL)
        plugin_usage("--state: expected at least one -H NODE, whose lists are kept");
    if (kind_asked_for() != UCM_LIST_UNKNOWN)
        plugin_usage("--state: expected both lists: phones hold them together");
    if (asked.history_text != NULL && !continuity_read_horizon(asked.history_text, &asked.horizon))
        plugin_usage("--history: expected days such as 90d, got \"%s\"", asked.history_text);
    for (char **node = asked.tvs; node != NULL && *node != NULL; node++)
        if (!address_valid(*node))
            plugin_usage("--tvs: expected NODE or NODE:PORT, got \"%s\"", *node);
    if (asked.tvs != NULL && g_strv_length(asked.tvs) > UCM_TVS_NODES_MAX)
        plugin_usage("--tvs: expected at most %d nodes", UCM_TVS_NODES_MAX);
    if (asked.client_key != NULL && asked.client_cert == NULL)
        plugin_usage("--client-key: expected --client-cert beside it");
    check_readable(asked.client_cert, "--client-cert");
    check_readable(asked.client_key, "--client-key");
}

static void check_values(void)
{
    for (char **node = asked.node; node != NULL && *node != NULL; node++)
        check_node(*node);
    for (char **url = asked.url; url != NULL && *url != NULL; url++) {
        fetch_check_login("-u", *url);
        if (!fetch_is_supported(*url))
            plugin_usage("-u: expected http://, https:// or tftp://, got \"%s\"", *url);
    }
    for (char **file = asked.file; file != NULL && *file != NULL; file++)
        if (**file == '\0')
            plugin_usage("-f: expected a file, got an empty name");
    if (asked.node == NULL && asked.url == NULL && asked.file == NULL)
        plugin_usage("expected at least one -H NODE, -u URL or -f FILE");
    if (asked.version_text != NULL && !version_read(asked.version_text, &asked.version))
        plugin_usage("--ucm-version: expected a version such as 11.5 or 14SU3, got \"%s\"",
                     asked.version_text);
    read_port(asked.port_text, "--port", &asked.port);
    read_port(asked.tftp_port_text, "--tftp-port", &asked.tftp_port);
    read_days(asked.warning_text, "--warning", &asked.warning);
    read_days(asked.critical_text, "--critical", &asked.critical);
    check_continuity();
}

static void release_options(void)
{
    g_strfreev(asked.node);
    g_strfreev(asked.url);
    g_strfreev(asked.file);
    g_strfreev(asked.tvs);
    g_strfreev(asked.compare_with);
    g_free(asked.state);
    g_free(asked.history_text);
    g_free(asked.client_cert);
    g_free(asked.client_key);
    g_free(asked.version_text);
    g_free(asked.port_text);
    g_free(asked.tftp_port_text);
    g_free(asked.warning_text);
    g_free(asked.critical_text);
}

/* ---- fetching ---- */

static void fetch_all(GPtrArray *targets)
{
    struct fetch *remote = g_new0(struct fetch, targets->len);
    size_t count = 0;

    for (unsigned i = 0; i < targets->len; i++) {
        struct target *target = g_ptr_array_index(targets, i);

        if (target->path != NULL) {
            fetch_file(target->path, &target->fetch);
            continue;
        }
        for (unsigned k = 0; k < FETCH_URLS_MAX; k++)
            remote[count].url[k] = target->url[k];
        count++;
    }
    fetch_urls(remote, count, INT64_MAX);
    count = 0;
    for (unsigned i = 0; i < targets->len; i++) {
        struct target *target = g_ptr_array_index(targets, i);

        if (target->path == NULL)
            target->fetch = remote[count++];
    }
    g_free(remote);
}

static void add_fetch_finding(struct result *result, const struct target *target)
{
    const bool may_miss = target->expected == UCM_LIST_CTL && !asked.mixed_mode;
    const struct fetch *fetch = &target->fetch;
    const char *where = target->source->name;

    switch (fetch->outcome) {
    case FETCH_OK:
        break;
    case FETCH_MISSING:
        result_add_rule(result, may_miss ? UCM_TL_CTL_ABSENT : UCM_TL_MISSING, STATE_UNSET, where,
                        fetch->detail);
        break;
    case FETCH_SILENT:
        result_add_rule(result, UCM_TL_FETCH_SILENT, asked.common.timeout_state, where,
                        fetch->detail);
        break;
    case FETCH_FAILED:
        result_add_rule(result, UCM_TL_FETCH_FAILED, asked.common.unreachable, where,
                        fetch->detail);
        break;
    case FETCH_LOCAL:
        result_add_rule(result, UCM_TL_UNREADABLE_HERE, STATE_UNSET, where, fetch->detail);
        break;
    }
}

/* ---- judging ---- */

static struct ucm_lint_options lint_options(const struct target *target)
{
    struct ucm_lint_options options = ucm_lint_defaults(asked.common.now);

    options.warning_days = asked.warning;
    options.critical_days = asked.critical;
    options.expected = target->expected;
    options.version = asked.version;
    return options;
}

static void make_report(struct result *result, const struct target *target,
                        const struct ucm_trustlist *anchor)
{
    struct result_source *source = target->source;
    struct ucm_lint_options options = lint_options(target);

    if (source->judged)
        ucm_report_free(&source->report);
    options.anchor = anchor;
    source->judged = ucm_report_make(source->data, source->size, &options, &source->report);
    if (!source->judged)
        result_add_rule(result, UCM_TL_UNREADABLE_HERE, STATE_UNSET, source->name, "out of memory");
}

/* A signed file names its signer but does not carry it: one of the lists beside it may. */
static void verify_signed_file(struct result *result, GPtrArray *targets,
                               const struct target *target)
{
    struct result_source *source = target->source;

    for (unsigned i = 0; i < targets->len && source->judged; i++) {
        const struct result_source *other =
            ((const struct target *)g_ptr_array_index(targets, i))->source;

        if (!other->judged || other->report.list.kind == UCM_LIST_SIGNED_FILE ||
            other->report.signature.status != UCM_SIGNATURE_VALID)
            continue;
        if (ucm_signature_check(&source->report.list, &other->report.list).status ==
            UCM_SIGNATURE_VALID) {
            make_report(result, target, &other->report.list);
            return;
        }
    }
    /* For a decoder this is a note; who asks for a verdict gets none. */
    for (uint32_t i = 0; source->judged && i < source->report.findings.stored; i++)
        if (source->report.findings.item[i].id == UCM_TL_SIGNED_ELSEWHERE)
            source->report.findings.item[i].severity = UCM_UNSURE;
}

static void add_perf(struct result *result, const struct result_source *source)
{
    const struct ucm_list_record *first =
        source->judged ? ucm_report_first_to_expire(&source->report) : NULL;
    struct result_perf *days = result_add_days(result, source->name, asked.warning, asked.critical);
    struct result_perf *size = result_add_perf(result, source->name, "_size", "B", 0);

    days->known = first != NULL;
    if (first != NULL)
        days->value = (double)ucm_days_until(first->cert->not_after, asked.common.now);
    size->known = source->judged;
    size->value = (double)source->size;
    size->limits = "0;2097152";
}

/* What was fetched belongs to the result from here on (memory of GLib is memory of malloc). An
 * empty file may have no buffer; the decoder needs one to point at. */
static void take_bytes(struct target *target)
{
    target->source->size = target->fetch.size;
    target->source->data = target->fetch.data != NULL ? target->fetch.data : g_malloc0(1);
    target->fetch.data = NULL;
}

static void judge(struct result *result, GPtrArray *targets)
{
    plugin_stage("judge what came");
    for (unsigned i = 0; i < targets->len; i++) {
        struct target *target = g_ptr_array_index(targets, i);

        target->source = result_add_source(result, target->name);
        target->source->origin = printable_text(target->fetch.origin);
        add_fetch_finding(result, target);
        if (target->fetch.outcome != FETCH_OK)
            continue;
        take_bytes(target);
        make_report(result, target, NULL);
    }
    for (unsigned i = 0; i < targets->len; i++) {
        const struct target *target = g_ptr_array_index(targets, i);
        struct result_source *source = target->source;
        uint8_t sha1[UCM_SHA1_SIZE];

        if (source->judged && source->report.list.kind == UCM_LIST_SIGNED_FILE)
            verify_signed_file(result, targets, target);
        if (source->judged)
            result_add_findings(result, &source->report.findings, source->data, source->name);
        if (source->judged && (asked.common.json || asked.common.verbose) &&
            source->size <= UCM_INPUT_MAX && ucm_sha1(source->data, source->size, sha1))
            for (size_t k = 0; k < sizeof sha1; k++)
                g_snprintf(source->sha1 + 2 * k, 3, "%02x", sha1[k]);
        add_perf(result, source);
    }
}

/* ---- both lists of a node ---- */

static const struct ucm_trustlist *readable(const struct target *target)
{
    const struct result_source *source = target->source;

    return source->judged && source->report.list.error.id == UCM_FINDING_NONE ? &source->report.list
                                                                              : NULL;
}

/* The targets of a node stand first, ITL and CTL, in the order of -H. */
static void judge_pairs(struct result *result, const GPtrArray *targets)
{
    const size_t nodes =
        asked.node != NULL && kind_asked_for() == UCM_LIST_UNKNOWN ? g_strv_length(asked.node) : 0;

    for (size_t i = 0; i < nodes; i++) {
        const struct ucm_trustlist *itl = readable(g_ptr_array_index(targets, 2 * i));
        const struct ucm_trustlist *ctl = readable(g_ptr_array_index(targets, 2 * i + 1));

        if (itl != NULL && ctl != NULL && ucm_ctl_is_stale(ctl, itl))
            result_add_rule(result, UCM_CL_CTL_STALE, STATE_UNSET, asked.node[i], NULL);
    }
}

/* ---- then and now ---- */

static bool is_known(const struct continuity_node *nodes, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(nodes[i].name, name) == 0)
            return true;
    return false;
}

/* A node is known by its name, and by its port where that is not the usual one. */
static void judge_continuity(struct result *result, const GPtrArray *targets)
{
    const size_t room = g_strv_length(asked.node);
    const struct continuity_settings settings = {
        asked.state,
        asked.horizon,
        asked.accept,
        {asked.tvs, asked.client_cert, asked.client_key, asked.legacy, asked.common.now},
        asked.common.now};
    struct continuity_node *nodes = g_new0(struct continuity_node, room);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    size_t count = 0;

    for (size_t i = 0; i < room; i++) {
        const struct target *itl = g_ptr_array_index(targets, 2 * i);
        const struct target *ctl = g_ptr_array_index(targets, 2 * i + 1);
        char *name = asked.port == HTTP_PORT ? g_strdup(asked.node[i])
                                             : g_strdup_printf("%s:%d", asked.node[i], asked.port);

        g_ptr_array_add(names, name);
        if (!is_known(nodes, count, name))
            nodes[count++] = (struct continuity_node){name, ctl->source, itl->source,
                                                      ctl->fetch.outcome == FETCH_MISSING};
    }
    continuity_judge(result, &settings, nodes, count);
    g_free(nodes);
    g_ptr_array_unref(names);
}

int main(int argc, char **argv)
{
    GPtrArray *targets = NULL;
    struct result *result = NULL;

    plugin_begin(CHECK);
    options_parse(&asked.common, CHECK, argc, argv, OPTIONS, ABOUT);
    check_values();
    plugin_many_descriptors();
    targets = make_targets();
    fetch_all(targets);
    result = options_result(&asked.common, CHECK);
    judge(result, targets);
    judge_pairs(result, targets);
    if (asked.state != NULL)
        judge_continuity(result, targets);
    if (asked.compare_with != NULL)
        trustlist_compare(result, asked.compare_with);
    result_conclude(result);
    result->summary = trustlist_summary(result);
    g_ptr_array_unref(targets);
    release_options();
    options_finish(&asked.common, result);
}
