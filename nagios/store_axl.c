/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust stores through AXL: see store_axl.h. Says which tables are read, in which order, and what
 * becomes of one that a release does not have. Must not judge.
 *
 * One table after the other, over one connection, and not one join of all: a join repeats each
 * certificate for every store, role and node, and AXL refuses answers of more than 8 MB.
 */
#include "store_axl.h"

#include "axl_client.h"
#include "axl_login.h"
#include "axl_model.h"

#include <string.h>

enum { COLUMNS_MAX = 6 };

/** One table that is read. */
struct table {
    const char *name;
    const char *columns[COLUMNS_MAX]; /* the needed ones first */
    const char *where;
    const char *key;
    axl_row_function *row;
    void (*known)(struct axl_model *model); /* told when it was read; or NULL */
    unsigned needed;                        /* columns: without them the rest is worth nothing */
    bool is_needed;                         /* without it not even certificates can be judged */
};

/* Certificates last: their rows are used as they come, and not kept. */
static const struct table TABLES[] = {
    {.name = "typecertificateservice",
     .columns = {"enum", "name"},
     .needed = 2,
     .key = "enum",
     .row = axl_model_service_row},
    {.name = "processnode",
     .columns = {"pkid", "name", "tknodeusage", "tkprocessnoderole"},
     .needed = 2,
     .key = "pkid",
     .row = axl_model_node_row},
    {.name = "processconfig",
     .columns = {"pkid", "paramvalue"},
     .needed = 2,
     .where = "paramname = 'ClusterSecurityMode'",
     .key = "pkid",
     .row = axl_model_mode_row},
    {.name = "certificateservicecertificatemap",
     .columns = {"pkid", "fkcertificate", "tkcertificateservice"},
     .needed = 3,
     .key = "pkid",
     .row = axl_model_store_map_row,
     .known = axl_model_stores_known,
     .is_needed = true},
    {.name = "certificatetrustrolemap",
     .columns = {"pkid", "fkcertificate", "tktrustrole"},
     .needed = 3,
     .key = "pkid",
     .row = axl_model_role_map_row,
     .known = axl_model_roles_known},
    {.name = "certificateprocessnodemap",
     .columns = {"pkid", "fkcertificate", "fkprocessnode", "servername"},
     .needed = 3,
     .key = "pkid",
     .row = axl_model_node_map_row},
    {.name = "certificate",
     .columns = {"pkid", "certificate", "serialnumber", "issuername", "subjectname", "servername"},
     .needed = 2,
     .key = "pkid",
     .row = axl_model_certificate_row,
     .is_needed = true},
};

/** One source while it is read. */
struct reading {
    const char *where;
    struct store_set *set;
    struct axl_client *client;
    struct axl_model *model;
    bool whole; /* so far */
};

/** How reading a table went. */
enum went { WENT_WELL, WENT_WITHOUT, WENT_WRONG };

static char *join(const struct table *table, unsigned absent)
{
    GString *columns = g_string_new(NULL);

    for (unsigned i = 0; i < COLUMNS_MAX && table->columns[i] != NULL; i++)
        if ((absent & 1u << i) == 0)
            g_string_append_printf(columns, "%s%s", columns->len > 0 ? ", " : "",
                                   table->columns[i]);
    return g_string_free(columns, FALSE);
}

static void problem(struct reading *reading, enum ucm_finding_id id, const struct table *table,
                    const char *what)
{
    g_autofree char *detail = g_strdup_printf("table %s: %s", table->name, what);

    if (id == UCM_ST_AXL_SCHEMA || id == UCM_ST_AXL_FAULT)
        store_set_fail(reading->set, id, reading->where, detail);
    else
        store_set_problem(reading->set, id, reading->where, detail);
}

/* The release has no such column, or no such table. Columns that are not needed are left out, and
 * it is asked again. */
static bool leave_out(struct reading *reading, const struct table *table, unsigned *absent)
{
    const char *name = axl_client_name(reading->client);
    bool is_needed = table->is_needed;

    for (unsigned i = 0; i < COLUMNS_MAX && table->columns[i] != NULL; i++) {
        if (strcmp(table->columns[i], name) != 0 || (*absent & 1u << i) != 0)
            continue;
        is_needed = is_needed && i < table->needed;
        problem(reading, is_needed ? UCM_ST_AXL_SCHEMA : UCM_ST_AXL_LEFT_OUT, table, name);
        *absent |= 1u << i;
        return i >= table->needed;
    }
    problem(reading, is_needed ? UCM_ST_AXL_SCHEMA : UCM_ST_AXL_LEFT_OUT, table, name);
    return false;
}

static enum went read_table(struct reading *reading, const struct table *table)
{
    unsigned absent = 0;

    for (unsigned tries = 0; tries <= COLUMNS_MAX; tries++) {
        g_autofree char *columns = join(table, absent);
        const struct axl_select select = {table->name, columns, table->where, table->key};
        const enum axl_end end =
            axl_client_select(reading->client, &select, table->row, reading->model);
        const uint32_t withheld = axl_client_withheld(reading->client);
        g_autofree char *rows =
            g_strdup_printf("%u row%s fewer", withheld, withheld == 1 ? "" : "s");

        if (end == AXL_FAILED)
            return WENT_WRONG;
        if (end == AXL_ROWS && withheld > 0) {
            reading->whole = false;
            problem(reading, UCM_ST_AXL_WITHHELD, table, rows);
        }
        if (end == AXL_ROWS)
            return WENT_WELL;
        if (!leave_out(reading, table, &absent))
            return WENT_WITHOUT;
    }
    return WENT_WITHOUT;
}

/* After a fault the next table may still be read; where nobody answers, it may not. */
static bool can_go_on(struct reading *reading, const struct table *table)
{
    const char *detail = NULL;
    const enum ucm_finding_id id = axl_client_problem(reading->client, &detail);
    g_autofree char *text = g_strdup_printf("table %s: %s", table->name, detail);

    reading->whole = false;
    if (id == UCM_ST_AXL_FAULT) {
        problem(reading, id, table, detail);
        return true;
    }
    /* Who did not even get in need not know at which table. */
    store_set_fail(reading->set, id, reading->where,
                   id == UCM_ST_AXL_LOGIN || id == UCM_ST_AXL_IDENTITY ? detail : text);
    return false;
}

static void read_tables(struct reading *reading)
{
    for (size_t i = 0; i < G_N_ELEMENTS(TABLES); i++) {
        const struct table *table = &TABLES[i];
        const enum went went = read_table(reading, table);

        if (went == WENT_WRONG && !can_go_on(reading, table))
            return;
        if (went == WENT_WELL && table->known != NULL)
            table->known(reading->model);
        reading->whole = reading->whole && (went == WENT_WELL || !table->is_needed);
    }
}

static void read_source(const char *where, struct store_set *set)
{
    struct axl_login login;
    struct reading reading = {.where = where, .set = set, .whole = true};

    axl_login_read(where, &login);
    reading.client = axl_client_new(&login);
    reading.model = axl_model_new(set, where);
    read_tables(&reading);
    axl_model_finish(reading.model, reading.whole);
    axl_model_free(reading.model);
    axl_client_free(reading.client);
    axl_login_clear(&login);
}

const struct store_reader STORE_AXL = {
    .kind = "axl",
    .help = "      --axl https://HOST[:8443][/axl/]\n"
            "                           the database of a cluster, through AXL (a user with\n"
            "                           the role Standard AXL API Access)\n"
            "      --axl-credentials FILE\n"
            "                           user and password, on two lines or user:password;\n"
            "                           others may not read it (mode 600 or 640). In an ini\n"
            "                           file of --extra-opts, axl-user and axl-password do as\n"
            "                           well; never on the command line\n"
            "      --axl-pin SHA256|FILE\n"
            "                           the server's certificate (tomcat), which then counts\n"
            "                           under any name; or its digest in hex\n"
            "      --axl-ca FILE        who may have signed it (PEM), else whom this system\n"
            "                           believes; then the host's name must be in it.\n"
            "                           Whoever does not prove who it is gets no password.\n"
            "                           These three may be repeated as HOST=FILE, for one\n"
            "                           host, where clusters differ\n"
            "      --axl-version V      of the API (default 12.5; what a server does not take\n"
            "                           is replaced by one that it names)\n",
    .options = AXL_LOGIN_OPTIONS,
    .check_values = axl_login_check_values,
    .read = read_source,
    .release = axl_login_release,
};
