/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust stores from PKCS#12: see store_pkcs12.h. Must not judge. An export of one type need not
 * hold every node, and no file says whether it does: so no store is ever said to be complete.
 */
#include "store_pkcs12.h"

#include "fetch.h"
#include "folder.h"
#include "secret_file.h"
#include "store_hint.h"

#include "common/pkcs12.h"

#include <stdlib.h>
#include <string.h>

static struct {
    char *password_file;
    char *node;
    char *type_text;
    char *ssh_key;
    char *ssh_password_file;
    char *known_hosts;
    char *fingerprint;
    enum ucm_store type;
} asked;

/** A source while it is read. */
struct source {
    struct store_set *set;
    char *password;      /* of files; NULL: none was given */
    GPtrArray *nodes;    /* names that certificates said, each once */
    GPtrArray *nodeless; /* of struct nodeless */
    const char *where;
};

/** A certificate that does not say its node: once all nodes are known, the name of its file may. */
struct nodeless {
    enum ucm_store store;
    char *hint;
    char *origin;
    uint8_t *der;
    size_t size;
};

static void nodeless_free(gpointer item)
{
    struct nodeless *one = item;

    g_free(one->hint);
    g_free(one->origin);
    g_free(one->der);
    g_free(one);
}

/* ---- which store, which node ---- */

/* What each of the certificates says, read once; to be freed. One that cannot be read has no
 * subject and no issuer. */
static struct ucm_cert *read_certificates(const struct ucm_pkcs12 *pkcs12)
{
    struct ucm_cert *certs = g_new0(struct ucm_cert, pkcs12->count);

    for (size_t i = 0; i < pkcs12->count; i++)
        (void)ucm_cert_read(pkcs12->item[i].der, pkcs12->item[i].size, &certs[i]);
    return certs;
}

/* Subjects that sign another certificate of the file: authorities that came along, which no service
 * uses. To be freed; points into certs. */
static GHashTable *find_authorities(const struct ucm_cert *certs, size_t count)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

    for (size_t i = 0; i < count; i++)
        if (strcmp(certs[i].subject, certs[i].issuer) != 0)
            g_hash_table_add(names, (gpointer)(uintptr_t)certs[i].issuer);
    return names;
}

/* The product's own names, then what the user says, then other names that say it clearly. */
static enum ucm_store store_of(const char *subject, const char *friendly, const char *file)
{
    enum ucm_store store = store_hint_subject(subject);

    if (store == UCM_STORE_NONE)
        store = asked.type;
    if (store == UCM_STORE_NONE)
        store = store_hint_text(friendly);
    return store == UCM_STORE_NONE ? store_hint_text(file) : store;
}

/* To be freed. What lies in a store of trusted certificates is named after somebody else's node. A
 * name without a domain is believed only where we know that it is a service's. */
static char *node_of(const char *subject, enum ucm_store store)
{
    if (asked.node != NULL)
        return g_strdup(asked.node);
    if (store != UCM_STORE_NONE && !ucm_store_is_own(store))
        return NULL;
    return store_hint_node(subject, store == UCM_STORE_NONE);
}

static void remember_node(struct source *source, const char *node)
{
    if (!g_ptr_array_find_with_equal_func(source->nodes, node, g_str_equal, NULL))
        g_ptr_array_add(source->nodes, g_strdup(node));
}

static void put_aside(struct source *source, const struct ucm_pkcs12_item *item,
                      enum ucm_store store, const char *origin, const char *file)
{
    struct nodeless *one = g_new0(struct nodeless, 1);

    one->store = store;
    one->hint = g_strdup_printf("%s %s", item->name, file);
    one->origin = g_strdup(origin);
    one->der = g_memdup2(item->der, item->size);
    one->size = item->size;
    g_ptr_array_add(source->nodeless, one);
}

/** Where the certificates of one file come from. */
struct file {
    const char *origin;
    const char *name;        /* without folders */
    GHashTable *authorities; /* subjects */
};

static void add_certificate(struct source *source, const struct file *file,
                            const struct ucm_pkcs12_item *item, const char *subject)
{
    struct store_place place = {.origin = file->origin};
    g_autofree char *node = NULL;

    if (!g_hash_table_contains(file->authorities, subject)) {
        place.store = store_of(subject, item->name, file->name);
        node = node_of(subject, place.store);
        if (node != NULL)
            remember_node(source, node);
    }
    place.node = node;
    if (node == NULL && place.store == UCM_STORE_CAPF)
        put_aside(source, item, place.store, file->origin, file->name);
    else if (!store_set_add(source->set, item->der, item->size, &place))
        store_set_problem(source->set, UCM_ST_FILE_UNREADABLE, file->origin, NULL);
}

static void add_certificates(struct source *source, const char *origin, const char *name,
                             const struct ucm_pkcs12 *pkcs12)
{
    g_autofree struct ucm_cert *certs = read_certificates(pkcs12);
    g_autoptr(GHashTable) authorities = find_authorities(certs, pkcs12->count);
    const struct file file = {origin, name, authorities};

    for (size_t i = 0; i < pkcs12->count; i++)
        add_certificate(source, &file, &pkcs12->item[i], certs[i].subject);
}

/* The longest name of a node in the hint; NULL: none. */
static const char *node_in(const struct source *source, const char *hint)
{
    const char *found = NULL;

    for (unsigned i = 0; i < source->nodes->len; i++) {
        const char *node = g_ptr_array_index(source->nodes, i);

        if (store_hint_has_node(hint, node) && (found == NULL || strlen(node) > strlen(found)))
            found = node;
    }
    return found;
}

static void add_nodeless(struct source *source)
{
    for (unsigned i = 0; i < source->nodeless->len; i++) {
        const struct nodeless *one = g_ptr_array_index(source->nodeless, i);
        const struct store_place place = {
            .node = node_in(source, one->hint), .store = one->store, .origin = one->origin};

        store_set_add(source->set, one->der, one->size, &place);
    }
}

/* ---- one file ---- */

/* A name that promises PKCS#12. */
static bool is_promised(const char *file)
{
    static const char *const ENDS[] = {".p12", ".pfx", ".pkcs12"};

    return folder_name_ends(file, ENDS, G_N_ELEMENTS(ENDS));
}

static void report_outcome(struct source *source, const struct ucm_pkcs12 *pkcs12,
                           const char *origin, bool promised)
{
    const char *detail = *pkcs12->detail != '\0' ? pkcs12->detail : NULL;
    enum ucm_finding_id id = UCM_ST_FILE_UNREADABLE;
    g_autofree char *text = NULL;

    switch (pkcs12->outcome) {
    case UCM_PKCS12_OK:
        return;
    case UCM_PKCS12_FOREIGN:
        if (!promised)
            id = UCM_ST_FILE_FOREIGN;
        detail = "not PKCS#12";
        break;
    case UCM_PKCS12_PASSWORD:
        id = UCM_ST_PKCS12_PASSWORD;
        detail = source->password != NULL ? "tried: that of --password-file, the empty one and none"
                                          : "tried: the empty one and none";
        break;
    case UCM_PKCS12_ROUNDS:
        id = UCM_ST_PKCS12_ROUNDS;
        break;
    case UCM_PKCS12_LEGACY:
        id = UCM_ST_PKCS12_LEGACY;
        break;
    case UCM_PKCS12_UNSUPPORTED:
        text = g_strdup_printf("OpenSSL on this system does not know %s", detail);
        detail = text;
        break;
    case UCM_PKCS12_MEMORY:
        detail = "out of memory";
        break;
    case UCM_PKCS12_BROKEN:
    case UCM_PKCS12_TOO_MUCH:
        break;
    }
    store_set_problem(source->set, id, origin, detail);
}

/* promised: whoever named it expects PKCS#12. */
static void take_file(struct source *source, const char *origin, const char *name, bool promised,
                      const struct fetch *fetch)
{
    struct ucm_pkcs12 pkcs12;

    if (fetch->outcome != FETCH_OK) {
        store_set_problem(source->set, UCM_ST_FILE_UNREADABLE, origin, fetch->detail);
        return;
    }
    plugin_stage("open PKCS#12");
    ucm_pkcs12_read(fetch->data, fetch->size, source->password, &pkcs12);
    report_outcome(source, &pkcs12, origin, promised || is_promised(name));
    if (pkcs12.private_key)
        store_set_problem(source->set, UCM_ST_PRIVATE_KEY, origin, NULL);
    if (*pkcs12.old_cipher != '\0' && pkcs12.outcome == UCM_PKCS12_OK)
        store_set_problem(source->set, UCM_ST_PKCS12_OLD_CIPHER, origin, pkcs12.old_cipher);
    add_certificates(source, origin, name, &pkcs12);
    ucm_pkcs12_free(&pkcs12);
}

static void skip_folder(struct source *source, const char *origin)
{
    store_set_problem(source->set, UCM_ST_FILE_FOREIGN, origin, "a folder inside of the folder");
}

/* ---- here ---- */

static void read_path(struct source *source, const char *path, bool promised)
{
    g_autofree char *file = g_path_get_basename(path);
    struct fetch fetch = {0};

    fetch_file(path, &fetch);
    take_file(source, path, file, promised, &fetch);
    free(fetch.data);
}

static void read_names(struct source *source, GPtrArray *names)
{
    for (unsigned i = 0; i < names->len; i++) {
        g_autofree char *path =
            g_build_filename(source->where, (const char *)g_ptr_array_index(names, i), NULL);

        if (plugin_left_ms() == 0) {
            store_set_problem(source->set, UCM_ST_UNSEEN, source->where,
                              "time ran out while it was read");
            return;
        }
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            skip_folder(source, path);
        else
            read_path(source, path, false);
    }
}

static void read_folder(struct source *source)
{
    g_autofree char *why = NULL;
    g_autoptr(GPtrArray) names = folder_names(source->where, &why);

    if (names == NULL)
        store_set_problem(source->set, UCM_ST_UNSEEN, source->where, why);
    else
        read_names(source, names);
}

/* ---- on a server ---- */

static void take_remote(void *context, const char *name, const struct fetch *file, bool folder)
{
    struct source *source = context;
    g_autofree char *origin = g_str_has_suffix(source->where, "/")
                                  ? g_strdup_printf("%s%s", source->where, name)
                                  : g_strdup(source->where);

    if (folder)
        skip_folder(source, origin);
    else
        take_file(source, origin, name, !g_str_has_suffix(source->where, "/"), file);
    plugin_stage("fetch files");
}

/* No message says what was given: it may hold a password. To be freed. */
static GUri *parse_url(const char *url)
{
    GUri *uri = g_uri_parse(url, G_URI_FLAGS_HAS_PASSWORD, NULL);

    if (uri == NULL || g_uri_get_host(uri) == NULL || *g_uri_get_host(uri) == '\0' ||
        *g_uri_get_path(uri) != '/' || g_uri_get_query(uri) != NULL ||
        g_uri_get_fragment(uri) != NULL)
        plugin_usage("--pkcs12: expected sftp://user@host[:port]/folder/ or .../file");
    if (g_uri_get_password(uri) != NULL)
        plugin_usage("--pkcs12: a password in a URL is seen by every user of this machine: put it "
                     "into a file and name that with --ssh-password-file");
    if (g_uri_get_user(uri) == NULL || *g_uri_get_user(uri) == '\0')
        plugin_usage("--pkcs12: expected who logs in, as in sftp://user@host/folder/");
    return uri;
}

static void check_login(void)
{
    if (asked.known_hosts == NULL && asked.fingerprint == NULL)
        plugin_usage("--pkcs12 sftp://...: expected --known-hosts FILE or --ssh-fingerprint "
                     "SHA256:...: a server whose key nobody knows could be anyone");
    if (asked.ssh_key == NULL && asked.ssh_password_file == NULL)
        plugin_usage("--pkcs12 sftp://...: expected --ssh-key FILE or --ssh-password-file FILE");
}

static void report_whole(struct source *source, const struct fetch_sftp *sftp)
{
    const bool host_key =
        sftp->host_key == FETCH_HOST_KEY_OTHER || sftp->host_key == FETCH_HOST_KEY_MISSING;

    if (sftp->whole.outcome != FETCH_OK)
        store_set_problem(source->set, host_key ? UCM_ST_HOST_KEY : UCM_ST_UNSEEN, source->where,
                          sftp->whole.detail);
}

static void read_sftp(struct source *source)
{
    g_autoptr(GUri) uri = parse_url(source->where);
    struct fetch_sftp sftp = {
        .url = source->where,
        .user = g_uri_get_user(uri),
        .key_file = asked.ssh_key,
        .known_hosts = asked.known_hosts,
        .fingerprint = asked.fingerprint,
        .take = take_remote,
        .context = source,
    };
    char *password = NULL;

    check_login();
    if (asked.ssh_password_file != NULL)
        password = secret_file_read("--ssh-password-file", asked.ssh_password_file);
    sftp.password = password;
    fetch_sftp(&sftp);
    secret_free(password);
    report_whole(source, &sftp);
}

/* ---- the reader ---- */

static void read_source(const char *where, struct store_set *set)
{
    struct source source = {
        .set = set,
        .nodes = g_ptr_array_new_with_free_func(g_free),
        .nodeless = g_ptr_array_new_with_free_func(nodeless_free),
        .where = where,
    };

    if (asked.password_file != NULL)
        source.password = secret_file_read("--password-file", asked.password_file);
    if (g_ascii_strncasecmp(where, "sftp://", strlen("sftp://")) == 0)
        read_sftp(&source);
    else if (fetch_is_url(where))
        plugin_usage("--pkcs12: expected a file, a folder or sftp://user@host/folder/");
    else if (g_file_test(where, G_FILE_TEST_IS_DIR) || !g_file_test(where, G_FILE_TEST_EXISTS))
        read_folder(&source);
    else
        read_path(&source, where, true);
    add_nodeless(&source);
    secret_free(source.password);
    g_ptr_array_unref(source.nodes);
    g_ptr_array_unref(source.nodeless);
}

/* "SHA256:" and base64, as ssh-keygen -l prints it. */
static void check_fingerprint(void)
{
    static const char PREFIX[] = "SHA256:";
    enum { DIGITS = 43 };
    const char *digits = NULL;

    if (asked.fingerprint == NULL)
        return;
    digits = asked.fingerprint + strlen(PREFIX);
    if (!g_str_has_prefix(asked.fingerprint, PREFIX) ||
        strspn(digits, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") !=
            DIGITS ||
        strcmp(digits + DIGITS, digits[DIGITS] == '=' ? "=" : "") != 0)
        plugin_usage("--ssh-fingerprint: expected SHA256: and %d characters, as ssh-keygen -l "
                     "prints them, got \"%s\"",
                     DIGITS, asked.fingerprint);
    memmove(asked.fingerprint, digits, strlen(digits) + 1);
}

static void check_values(void)
{
    if (asked.type_text != NULL) {
        asked.type = ucm_store_find(asked.type_text);
        if (asked.type == UCM_STORE_NONE)
            plugin_usage("--type: expected a store such as CallManager or tomcat, got \"%s\"",
                         asked.type_text);
    }
    if (asked.known_hosts != NULL && asked.fingerprint != NULL)
        plugin_usage("expected --known-hosts or --ssh-fingerprint, not both");
    check_fingerprint();
    if (asked.known_hosts != NULL && !g_file_test(asked.known_hosts, G_FILE_TEST_IS_REGULAR))
        plugin_usage("--known-hosts: expected a file, got %s", asked.known_hosts);
    if (asked.password_file != NULL)
        secret_file_check("--password-file", asked.password_file);
    if (asked.ssh_password_file != NULL)
        secret_file_check("--ssh-password-file", asked.ssh_password_file);
    if (asked.ssh_key != NULL)
        secret_file_check("--ssh-key", asked.ssh_key);
}

static void release(void)
{
    g_free(asked.password_file);
    g_free(asked.node);
    g_free(asked.type_text);
    g_free(asked.ssh_key);
    g_free(asked.ssh_password_file);
    g_free(asked.known_hosts);
    g_free(asked.fingerprint);
}

static const GOptionEntry OPTIONS[] = {
    {"password-file", 0, 0, G_OPTION_ARG_FILENAME, &asked.password_file, NULL, NULL},
    {"node", 0, 0, G_OPTION_ARG_FILENAME, &asked.node, NULL, NULL},
    {"type", 0, 0, G_OPTION_ARG_FILENAME, &asked.type_text, NULL, NULL},
    {"ssh-key", 0, 0, G_OPTION_ARG_FILENAME, &asked.ssh_key, NULL, NULL},
    {"ssh-password-file", 0, 0, G_OPTION_ARG_FILENAME, &asked.ssh_password_file, NULL, NULL},
    {"known-hosts", 0, 0, G_OPTION_ARG_FILENAME, &asked.known_hosts, NULL, NULL},
    {"ssh-fingerprint", 0, 0, G_OPTION_ARG_FILENAME, &asked.fingerprint, NULL, NULL},
    {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
};

const struct store_reader STORE_PKCS12 = {
    .kind = "pkcs12",
    .help = "      --pkcs12 WHERE       exports of bulk certificate management: a file, a\n"
            "                           folder, or sftp://user@host[:port]/folder/ (or\n"
            "                           .../file). What cannot be read is UNKNOWN\n"
            "      --password-file FILE their password, one line; also tried: none, empty\n"
            "      --type STORE         of certificates whose names do not say it\n"
            "      --node NODE          that all of them are of (default: by their names)\n"
            "      --known-hosts FILE   keys of SFTP servers, as OpenSSH keeps them, or\n"
            "      --ssh-fingerprint SHA256:...\n"
            "                           of the server's key, as ssh-keygen -l prints it\n"
            "      --ssh-key FILE       private key to log in with, best of kind ed25519\n"
            "      --ssh-password-file FILE\n"
            "                           password to log in with, or with --ssh-key that of\n"
            "                           the key. A file with a secret must not be open to\n"
            "                           \"others\" (chmod o=); one in a URL is refused\n",
    .options = OPTIONS,
    .check_values = check_values,
    .read = read_source,
    .release = release,
};
