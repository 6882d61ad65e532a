/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From rows to places in stores: see axl_model.h. Must not judge.
 */
#include "axl_model.h"

#include "number.h"

#include "common/pem.h"

#include <string.h>

enum {
    PKID_MAX = 64,            /* bytes; they have 36 */
    TEXT_MAX = 255,           /* of names of nodes and stores */
    CERTIFICATES_MAX = 65536, /* bounds memory: each takes 3 KiB */
    NODES_MAX = 1024,
    TOLD_MAX = 20, /* findings of one kind; the rest is counted */
};

/** What the maps say of one row of the table of certificates. */
struct links {
    GArray *stores;   /* of unsigned: numbers of the database */
    GPtrArray *nodes; /* of const char *, names; NULL: none */
    uint32_t roles;
};

struct axl_model {
    struct store_set *set;
    const char *origin;
    GHashTable *services;  /* number to name, of stores */
    GHashTable *nodes;     /* pkid of a node to its name */
    GHashTable *servers;   /* first label of a server's name, lower case, to the node's name */
    GHashTable *links;     /* pkid of a certificate to its struct links */
    GHashTable *strangers; /* stores that have no number of ours, as text */
    GStringChunk *texts;
    bool roles_known;
    bool stores_known;
    uint32_t certificates;
    unsigned unreadable;
    unsigned different;
    unsigned homeless; /* certificates in no store */
};

/* ---- values ---- */

static const struct axl_value *value_of(const struct axl_value *values, unsigned count,
                                        const char *name)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(values[i].name, name) == 0 && values[i].size > 0)
            return &values[i];
    return NULL;
}

/* The text of a column, kept; NULL when it is absent, empty, or longer than it can be. */
static const char *text_of(struct axl_model *model, const struct axl_value *values, unsigned count,
                           const char *name, size_t most)
{
    const struct axl_value *value = value_of(values, count, name);

    if (value == NULL || value->size > most)
        return NULL;
    return g_string_chunk_insert_const(model->texts, value->text);
}

static bool number_of(const struct axl_value *values, unsigned count, const char *name,
                      unsigned *number)
{
    const struct axl_value *value = value_of(values, count, name);
    int64_t read = 0;

    if (value == NULL || !number_read(value->text, 0, UINT16_MAX, &read))
        return false;
    *number = (unsigned)read;
    return true;
}

static void links_free(gpointer item)
{
    struct links *links = item;

    g_array_unref(links->stores);
    g_ptr_array_unref(links->nodes);
    g_free(links);
}

static struct links *links_of(struct axl_model *model, const char *pkid)
{
    struct links *links = g_hash_table_lookup(model->links, pkid);

    if (links != NULL)
        return links;
    links = g_new0(struct links, 1);
    links->stores = g_array_new(FALSE, FALSE, sizeof(unsigned));
    links->nodes = g_ptr_array_new();
    g_hash_table_insert(model->links, (gpointer)(uintptr_t)pkid, links);
    return links;
}

struct axl_model *axl_model_new(struct store_set *set, const char *origin)
{
    struct axl_model *model = g_new0(struct axl_model, 1);

    model->set = set;
    model->origin = origin;
    model->services = g_hash_table_new(g_direct_hash, g_direct_equal);
    model->nodes = g_hash_table_new(g_str_hash, g_str_equal);
    model->servers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    model->links = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, links_free);
    model->strangers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    model->texts = g_string_chunk_new(4096);
    return model;
}

void axl_model_free(struct axl_model *model)
{
    g_hash_table_unref(model->services);
    g_hash_table_unref(model->nodes);
    g_hash_table_unref(model->servers);
    g_hash_table_unref(model->links);
    g_hash_table_unref(model->strangers);
    g_string_chunk_free(model->texts);
    g_free(model);
}

/* ---- nodes ---- */

/* A certificate names its server as a host, a node is named by host, by host and domain, or by
 * address: so the first label is what they share. An address has no labels. */
static char *label_of(const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);

    if (g_hostname_is_ip_address(lower))
        return g_steal_pointer(&lower);
    return g_strndup(lower, strcspn(lower, "."));
}

static void add_server(struct axl_model *model, const char *server, const char *node)
{
    if (g_hash_table_size(model->servers) < NODES_MAX)
        g_hash_table_insert(model->servers, label_of(server), (gpointer)(uintptr_t)node);
}

/* NULL: no node is that server. */
static const char *node_of_server(struct axl_model *model, const char *server)
{
    g_autofree char *label = label_of(server);

    return g_hash_table_lookup(model->servers, label);
}

bool axl_model_node_row(void *user, const struct axl_value *values, unsigned count)
{
    struct axl_model *model = user;
    const char *pkid = text_of(model, values, count, "pkid", PKID_MAX);
    const char *name = text_of(model, values, count, "name", TEXT_MAX);
    unsigned usage = 1; /* 0: the publisher */
    unsigned role = 0;  /* 1: call processing; others are for presence, with stores of their own */

    /* The database's own row for what is not of one node. */
    if (pkid == NULL || name == NULL || strcmp(name, "EnterpriseWideData") == 0)
        return true;
    if (g_hash_table_size(model->nodes) == NODES_MAX)
        return false;
    number_of(values, count, "tknodeusage", &usage);
    number_of(values, count, "tkprocessnoderole", &role);
    g_hash_table_insert(model->nodes, (gpointer)(uintptr_t)pkid, (gpointer)(uintptr_t)name);
    add_server(model, name, name);
    /* Of those nothing is expected; a certificate that lies there is kept all the same. */
    if (role != 1)
        return true;
    store_set_add_node(model->set, name);
    if (usage == 0)
        store_set_describe(model->set, name, 0, UCM_MODE_UNKNOWN);
    return true;
}

bool axl_model_node_map_row(void *user, const struct axl_value *values, unsigned count)
{
    struct axl_model *model = user;
    const char *pkid = text_of(model, values, count, "fkcertificate", PKID_MAX);
    const char *node = text_of(model, values, count, "fkprocessnode", PKID_MAX);
    const char *server = text_of(model, values, count, "servername", TEXT_MAX);
    const char *name = node != NULL ? g_hash_table_lookup(model->nodes, node) : NULL;

    if (name != NULL && server != NULL)
        add_server(model, server, name);
    /* Where nodes could not be read, the server's name is what is left. */
    if (name == NULL && g_hash_table_size(model->nodes) == 0)
        name = server;
    if (pkid != NULL && name != NULL)
        g_ptr_array_add(links_of(model, pkid)->nodes, (gpointer)(uintptr_t)name);
    return true;
}

/* ---- stores, roles, mode ---- */

bool axl_model_service_row(void *user, const struct axl_value *values, unsigned count)
{
    struct axl_model *model = user;
    const char *name = text_of(model, values, count, "name", TEXT_MAX);
    unsigned number = 0;

    if (name != NULL && number_of(values, count, "enum", &number))
        g_hash_table_insert(model->services, GUINT_TO_POINTER(number), (gpointer)(uintptr_t)name);
    return true;
}

bool axl_model_store_map_row(void *user, const struct axl_value *values, unsigned count)
{
    struct axl_model *model = user;
    const char *pkid = text_of(model, values, count, "fkcertificate", PKID_MAX);
    unsigned number = 0;

    if (pkid != NULL && number_of(values, count, "tkcertificateservice", &number))
        g_array_append_val(links_of(model, pkid)->stores, number);
    return true;
}

bool axl_model_role_map_row(void *user, const struct axl_value *values, unsigned count)
{
    struct axl_model *model = user;
    const char *pkid = text_of(model, values, count, "fkcertificate", PKID_MAX);
    unsigned role = 0;

    /* Those from 32 on, such as 255 for "unknown", decide nothing. */
    if (pkid != NULL && number_of(values, count, "tktrustrole", &role) && role < 32)
        links_of(model, pkid)->roles |= UCM_ROLE_BIT(role);
    return true;
}

bool axl_model_mode_row(void *user, const struct axl_value *values, unsigned count)
{
    struct axl_model *model = user;
    unsigned mode = 0;

    if (number_of(values, count, "paramvalue", &mode) && mode <= 1)
        store_set_describe(model->set, NULL, 0, mode == 1 ? UCM_MODE_MIXED : UCM_MODE_NONSECURE);
    return true;
}

void axl_model_roles_known(struct axl_model *model)
{
    model->roles_known = true;
}

void axl_model_stores_known(struct axl_model *model)
{
    model->stores_known = true;
}

/* The database's own name of a store decides, where it has a table of them: numbers differ between
 * releases, and those of some stores were never published. */
static enum ucm_store store_of(struct axl_model *model, unsigned number)
{
    const char *name = g_hash_table_lookup(model->services, GUINT_TO_POINTER(number));
    enum ucm_store store = UCM_STORE_NONE;

    if (name != NULL)
        store = ucm_store_find(name);
    else if (number < UCM_STORE_ITLRECOVERY && ucm_store_name(number) != NULL)
        store = (enum ucm_store)number;
    if (store == UCM_STORE_NONE && g_hash_table_size(model->strangers) < TOLD_MAX)
        g_hash_table_add(model->strangers, name != NULL ? g_strdup_printf("%u (%s)", number, name)
                                                        : g_strdup_printf("%u", number));
    return store;
}

/* ---- certificates ---- */

/** One row of the table of certificates. */
struct row {
    const char *pkid;
    const struct axl_value *pem;
    const struct axl_value *serial; /* NULL: the column is absent */
    const struct axl_value *subject;
    const struct axl_value *issuer;
    const char *server;
};

static void tell(struct axl_model *model, enum ucm_finding_id id, unsigned *told, const char *pkid,
                 const char *detail)
{
    g_autofree char *where = g_strdup_printf("%s certificate %s", model->origin, pkid);

    if ((*told)++ < TOLD_MAX)
        store_set_problem(model->set, id, where, detail);
}

/** Takes each place of a row. */
typedef void place_function(struct axl_model *model, const struct store_place *place, void *user);

static void at_node(struct axl_model *model, enum ucm_store store, const char *node, uint32_t roles,
                    place_function *function, void *user)
{
    const struct store_place place = {
        .node = node,
        .store = store,
        .origin = model->origin,
        .roles_known = model->roles_known,
        .roles = roles,
    };

    function(model, &place, user);
}

/* Where a row lies. The nodes are mapped to the row and not to its stores, so a certificate that
 * its own node presents, and that others trust, would seem to be everyone's: of that one only the
 * server that the row names counts. */
static void each_place(struct axl_model *model, const struct row *row, place_function *function,
                       void *user)
{
    const struct links *links = g_hash_table_lookup(model->links, row->pkid);
    const unsigned stores = links != NULL ? links->stores->len : 0;
    const unsigned nodes = links != NULL ? links->nodes->len : 0;
    const char *server = row->server != NULL ? node_of_server(model, row->server) : NULL;
    const uint32_t roles = links != NULL ? links->roles : 0;
    bool is_trusted = false;

    for (unsigned i = 0; i < stores; i++)
        is_trusted = is_trusted ||
                     !ucm_store_is_own(store_of(model, g_array_index(links->stores, unsigned, i)));
    for (unsigned i = 0; i < MAX(stores, 1); i++) {
        const enum ucm_store store =
            i < stores ? store_of(model, g_array_index(links->stores, unsigned, i))
                       : UCM_STORE_NONE;
        const bool is_own = ucm_store_is_own(store);

        if (is_own && server != NULL && (is_trusted || nodes == 0)) {
            at_node(model, store, server, roles, function, user);
            continue;
        }
        for (unsigned k = 0; k < nodes; k++)
            at_node(model, store, g_ptr_array_index(links->nodes, k), roles, function, user);
        if (nodes == 0)
            at_node(model, store, is_own ? row->server : NULL, roles, function, user);
    }
}

static void add_certificate(struct axl_model *model, const struct store_place *place, void *user)
{
    const struct ucm_pem_block *block = user;

    store_set_add(model->set, block->der, block->size, place);
}

static void add_known(struct axl_model *model, const struct store_place *place, void *user)
{
    store_set_add_known(model->set, user, place);
}

/* Upper-case hex without leading zeros, as in struct ucm_cert; false where it is none. */
static bool read_serial(const char *text, char *hex)
{
    size_t size = 0;

    while (*text == '0' && text[1] != '\0')
        text++;
    for (; *text != '\0'; text++) {
        if (!g_ascii_isxdigit(*text) || size == (size_t)2 * UCM_CERT_SERIAL_MAX)
            return false;
        hex[size++] = g_ascii_toupper(*text);
    }
    hex[size] = '\0';
    return size > 0;
}

/* Nothing but the columns is left of it. */
static void add_columns(struct axl_model *model, const struct row *row)
{
    struct ucm_stored_cert known = {0};

    if (row->subject != NULL) {
        known.known |= UCM_KNOWN_SUBJECT;
        g_strlcpy(known.cert.subject, row->subject->text, sizeof known.cert.subject);
    }
    if (row->issuer != NULL) {
        known.known |= UCM_KNOWN_ISSUER;
        g_strlcpy(known.cert.issuer, row->issuer->text, sizeof known.cert.issuer);
    }
    if (row->serial != NULL && read_serial(row->serial->text, known.cert.serial_hex))
        known.known |= UCM_KNOWN_SERIAL;
    each_place(model, row, add_known, &known);
}

/* Every value of a name ("CN=a;O=b") must stand in what the row says, however it writes names. */
static bool names_agree(const char *of_certificate, const char *of_row)
{
    g_auto(GStrv) parts = g_strsplit(of_certificate, ";", -1);
    g_autofree char *row = g_ascii_strdown(of_row, -1);
    char *to = row;

    /* A cut name, or one in letters that others write otherwise, is not compared. */
    if (strlen(of_certificate) >= UCM_CERT_NAME_MAX - 1 || !g_str_is_ascii(of_certificate) ||
        !g_str_is_ascii(of_row))
        return true;
    for (const char *from = row; *from != '\0'; from++)
        if (*from != '\\' && *from != '"')
            *to++ = *from;
    *to = '\0';
    for (char **part = parts; *part != NULL; part++) {
        const char *equals = strchr(*part, '=');
        g_autofree char *value = g_ascii_strdown(equals != NULL ? equals + 1 : *part, -1);

        if (strpbrk(value, "\\\"") == NULL && strstr(row, value) == NULL)
            return false;
    }
    return true;
}

/* What TVS looks certificates up by stands in columns of their own. */
static void compare(struct axl_model *model, const struct row *row, const struct ucm_cert *cert)
{
    char hex[2 * UCM_CERT_SERIAL_MAX + 1];
    g_autofree char *detail = NULL;
    const char *real = cert->serial_hex;

    while (*real == '0' && real[1] != '\0')
        real++;
    if (row->serial != NULL && (!read_serial(row->serial->text, hex) || strcmp(hex, real) != 0))
        detail = g_strdup_printf("serial number %.*s, in the certificate %s", PKID_MAX,
                                 row->serial->text, cert->serial_hex);
    else if (row->issuer != NULL && !names_agree(cert->issuer, row->issuer->text))
        detail = g_strdup_printf("issuer %.*s, in the certificate %s", TEXT_MAX, row->issuer->text,
                                 cert->issuer);
    else if (row->subject != NULL && !names_agree(cert->subject, row->subject->text))
        detail = g_strdup_printf("subject %.*s, in the certificate %s", TEXT_MAX,
                                 row->subject->text, cert->subject);
    if (detail != NULL)
        tell(model, UCM_ST_AXL_ROW_DIFFERS, &model->different, row->pkid, detail);
}

/* False: it holds no certificate that can be read. */
static bool add_pem(struct axl_model *model, const struct row *row)
{
    struct ucm_pem_walk walk = ucm_pem_walk((const uint8_t *)row->pem->text, row->pem->size);
    struct ucm_pem_block block;
    const struct ucm_cert *cert = NULL;

    if (row->pem->text[0] != '-')
        return false; /* DER has no place in a column of text */
    if (!ucm_pem_next(&walk, &block))
        return false;
    if (block.kind == UCM_PEM_PRIVATE_KEY)
        store_set_problem(model->set, UCM_ST_PRIVATE_KEY, model->origin, row->pkid);
    if (block.kind == UCM_PEM_CERTIFICATE) {
        each_place(model, row, add_certificate, &block);
        cert = store_set_find(model->set, block.der, block.size);
    }
    if (cert != NULL)
        compare(model, row, cert);
    ucm_pem_free(&block);
    return cert != NULL;
}

bool axl_model_certificate_row(void *user, const struct axl_value *values, unsigned count)
{
    struct axl_model *model = user;
    const struct row row = {
        .pkid = text_of(model, values, count, "pkid", PKID_MAX),
        .pem = value_of(values, count, "certificate"),
        .serial = value_of(values, count, "serialnumber"),
        .subject = value_of(values, count, "subjectname"),
        .issuer = value_of(values, count, "issuername"),
        .server = text_of(model, values, count, "servername", TEXT_MAX),
    };
    const struct links *links = NULL;

    if (model->certificates++ == CERTIFICATES_MAX)
        return false;
    if (row.pkid == NULL) {
        tell(model, UCM_ST_AXL_ROW_UNREADABLE, &model->unreadable, "without a key", NULL);
        return true;
    }
    links = g_hash_table_lookup(model->links, row.pkid);
    if (model->stores_known && (links == NULL || links->stores->len == 0))
        model->homeless++;
    if (row.pem == NULL || !add_pem(model, &row)) {
        tell(model, UCM_ST_AXL_ROW_UNREADABLE, &model->unreadable, row.pkid,
             row.pem == NULL ? "empty" : NULL);
        add_columns(model, &row);
    }
    return true;
}

/* ---- the end ---- */

static void tell_strangers(struct axl_model *model)
{
    GString *text = g_string_new(NULL);
    g_autoptr(GList) stores = g_hash_table_get_keys(model->strangers);

    stores = g_list_sort(stores, (GCompareFunc)(void (*)(void))strcmp);
    for (GList *one = stores; one != NULL; one = one->next)
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", (const char *)one->data);
    if (model->homeless > 0)
        g_string_append_printf(text, "%s%u in no store", text->len > 0 ? ", " : "",
                               model->homeless);
    if (text->len > 0)
        store_set_problem(model->set, UCM_ST_AXL_STORE_UNKNOWN, model->origin, text->str);
    g_string_free(text, TRUE);
}

static void tell_rest(struct axl_model *model, enum ucm_finding_id id, unsigned told)
{
    g_autofree char *detail = g_strdup_printf("%u more", told - MIN(told, (unsigned)TOLD_MAX));

    if (told > TOLD_MAX)
        store_set_problem(model->set, id, model->origin, detail);
}

void axl_model_finish(struct axl_model *model, bool whole)
{
    for (uint32_t number = 1; number < UCM_STORE_END; number++) {
        bool exists = g_hash_table_size(model->services) == 0 && number < UCM_STORE_ITLRECOVERY;
        GHashTableIter iter;
        gpointer name = NULL;

        g_hash_table_iter_init(&iter, model->services);
        while (!exists && g_hash_table_iter_next(&iter, NULL, &name))
            exists = ucm_store_find(name) == (enum ucm_store)number;
        if (exists && whole && model->unreadable == 0 && ucm_store_name(number) != NULL)
            store_set_complete(model->set, (enum ucm_store)number);
    }
    tell_rest(model, UCM_ST_AXL_ROW_UNREADABLE, model->unreadable);
    tell_rest(model, UCM_ST_AXL_ROW_DIFFERS, model->different);
    tell_strangers(model);
    if (model->certificates > 0 && model->homeless == model->certificates)
        store_set_problem(model->set, UCM_ST_AXL_WITHHELD, model->origin,
                          "not one certificate lies in a store");
}
