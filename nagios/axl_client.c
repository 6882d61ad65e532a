/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Questions through AXL: see axl_client.h. Must not know what the rows mean.
 */
#include "axl_client.h"

#include "plugin.h"
#include "secret_file.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

enum {
    /* AXL itself gives at most 8 MB in an answer, so this is plenty; rows are used as they come, so
     * it bounds time and what is kept of them, and not a buffer. */
    ANSWER_MAX = 64 * 1024 * 1024,
    ROWS_MAX = 1000000, /* of all questions: 20,000 certificates in 3 stores on 15 nodes */
    HEAD_MAX = 16384,   /* of an answer that is no success: a fault, or a page for people */
    TRIES_MAX = 40,     /* of one question, for any reason */
    FIRST_GUESS = 100,  /* rows, where it does not say how many are few enough */
    WAIT_MS = 1000,
    WAIT_MAX_MS = 8000,
    SPARE_MS = 300, /* after a wait there must be time to ask */
    VERSIONS_MAX = 16,
    VERSION_MAX = 8,
    STATUS_OK = 200,
    STATUS_UNAUTHORIZED = 401,
    STATUS_FORBIDDEN = 403,
    STATUS_UNAVAILABLE = 503,
};

/** What an answer means for what is done next. */
enum next { NEXT_DONE, NEXT_WAIT, NEXT_PIECES, NEXT_VERSION, NEXT_MISSING, NEXT_FAIL };

struct axl_client {
    const struct axl_login *login;
    const struct axl_xml_functions *xml; /* NULL: the module cannot be opened */
    void *session;
    char version[VERSION_MAX];
    char tried[VERSIONS_MAX][VERSION_MAX];
    unsigned tries; /* of versions */
    uint32_t rows;  /* of all questions */
    enum ucm_finding_id problem;
    char *detail;
    char name[AXL_NAME_MAX];
    uint32_t withheld;
};

/** One answer while it comes. */
struct taking {
    struct axl_client *client;
    axl_row_function *row;
    void *user;
    struct axl_xml *xml;
    char head[HEAD_MAX + 1];
    size_t size;
};

/** The pieces in which a question is asked. */
struct pieces {
    uint64_t skip;
    uint64_t first; /* 0: all */
    uint64_t total; /* 0: not known */
};

/* Tried where a server refuses a version and does not say what it takes. */
static const char *const VERSIONS[] = {"14.0", "11.5", "10.5", "9.1", "8.5", "15.0"};

struct axl_client *axl_client_new(const struct axl_login *login)
{
    struct axl_client *client = g_new0(struct axl_client, 1);

    client->login = login;
    g_strlcpy(client->version, login->version, sizeof client->version);
    client->xml = fetch_symbol(AXL_XML_FILE, AXL_XML_SYMBOL);
    if (client->xml == NULL) {
        const char *why = dlerror();

        client->detail = g_strdup_printf("the module for AXL cannot be opened: %s",
                                         why != NULL ? why : "the loader gives no reason");
    }
    return client;
}

void axl_client_free(struct axl_client *client)
{
    if (client->session != NULL)
        fetch_post(NULL, &client->session);
    g_free(client->detail);
    g_free(client);
}

const char *axl_client_name(const struct axl_client *client)
{
    return client->name;
}

enum ucm_finding_id axl_client_problem(const struct axl_client *client, const char **detail)
{
    *detail = client->detail;
    return client->problem;
}

uint32_t axl_client_withheld(const struct axl_client *client)
{
    return client->withheld;
}

/* Does a text hold the password, or the login as HTTP writes it? */
static bool tells_password(const struct axl_login *login, const char *text)
{
    char *both = g_strconcat(login->user, ":", login->password, NULL);
    char *encoded = g_base64_encode((const guchar *)both, strlen(both));
    const bool tells = strstr(text, login->password) != NULL || strstr(text, encoded) != NULL;

    secret_free(both);
    secret_free(encoded);
    return tells;
}

/* The one way for words of the server into the output. */
static enum next fail(struct axl_client *client, enum ucm_finding_id problem, char *detail)
{
    client->problem = problem;
    g_free(client->detail);
    client->detail = detail;
    if (tells_password(client->login, detail)) {
        secret_free(client->detail);
        client->detail = g_strdup("an answer that repeats the password, and is not shown");
    }
    return NEXT_FAIL;
}

/* ---- the question ---- */

static char *make_sql(const struct axl_select *select, const struct pieces *pieces)
{
    GString *sql = g_string_new("select ");

    if (pieces->first > 0)
        g_string_append_printf(sql, "skip %" G_GUINT64_FORMAT " first %" G_GUINT64_FORMAT " ",
                               pieces->skip, pieces->first);
    g_string_append_printf(sql, "%s from %s", select->columns, select->table);
    if (select->where != NULL)
        g_string_append_printf(sql, " where %s", select->where);
    g_string_append_printf(sql, " order by %s", select->key);
    return g_string_free(sql, FALSE);
}

static char *make_body(const struct axl_client *client, const char *sql)
{
    return g_markup_printf_escaped(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\""
        " xmlns:ns=\"http://www.cisco.com/AXL/API/%s\"><soapenv:Header/><soapenv:Body>"
        "<ns:executeSQLQuery><sql>%s</sql></ns:executeSQLQuery></soapenv:Body>"
        "</soapenv:Envelope>",
        client->version, sql);
}

/* ---- the answer ---- */

static bool count_row(void *user, const struct axl_value *values, unsigned count)
{
    struct taking *taking = user;

    if (taking->client->rows == ROWS_MAX)
        return false;
    taking->client->rows++;
    return taking->row(taking->user, values, count);
}

static bool take(void *taker, long status, const uint8_t *bytes, size_t size)
{
    struct taking *taking = taker;
    const size_t room = HEAD_MAX - taking->size;

    if (status == STATUS_OK)
        return taking->client->xml->take(taking->xml, bytes, size);
    memcpy(taking->head + taking->size, bytes, MIN(size, room));
    taking->size += MIN(size, room);
    return size < room;
}

static void post(struct axl_client *client, const char *sql, struct taking *taking,
                 struct fetch_post *sent)
{
    g_autofree char *action =
        g_strdup_printf("SOAPAction: \"CUCM:DB ver=%s executeSQLQuery\"", client->version);
    g_autofree char *body = make_body(client, sql);
    const char *const headers[] = {"Content-Type: text/xml; charset=utf-8", "Accept: text/xml",
                                   action, NULL};

    *sent = (struct fetch_post){
        .url = client->login->url,
        .user = client->login->user,
        .password = client->login->password,
        .headers = headers,
        .body = body,
        .ca_file = client->login->ca_file,
        .pin_sha256 = client->login->is_pinned ? client->login->pin : NULL,
        .limit = ANSWER_MAX,
        .take = take,
        .taker = taking,
    };
    fetch_post(sent, &client->session);
}

static enum next of_transport(struct axl_client *client, const struct fetch_post *sent)
{
    char seen[2 * FETCH_SHA256 + 1] = "";

    if (!sent->is_stranger)
        return fail(client, UCM_ST_UNSEEN,
                    g_strdup_printf("%s, stage: %s", sent->detail, sent->stage));
    for (size_t i = 0; sent->has_seen && i < FETCH_SHA256; i++)
        snprintf(seen + 2 * i, 3, "%02X", sent->seen_sha256[i]);
    return fail(client, UCM_ST_AXL_IDENTITY,
                g_strdup_printf("%s; the SHA-256 of its certificate is %s", sent->detail,
                                sent->has_seen ? seen : "not known"));
}

/* The number that follows the words in a text, 0 when they are not there. */
static uint64_t number_after(const char *text, const char *words)
{
    const char *found = strstr(text, words);

    return found != NULL ? g_ascii_strtoull(found + strlen(words), NULL, 10) : 0;
}

/* Copies what stands in parentheses after the words: "Column (name) not found", and in some
 * releases with its owner, "informix.name". */
static bool name_after(const char *text, const char *words, char name[AXL_NAME_MAX])
{
    const char *found = strstr(text, words);
    const char *end = found != NULL ? strchr(found, ')') : NULL;
    const char *start = NULL;

    if (end == NULL)
        return false;
    start = found + strlen(words);
    for (const char *c = start; c < end; c++)
        if (*c == '.' || *c == ':')
            start = c + 1;
    if (start >= end || end - start >= AXL_NAME_MAX)
        return false;
    memcpy(name, start, (size_t)(end - start));
    name[end - start] = '\0';
    for (char *c = name; *c != '\0'; c++)
        *c = g_ascii_tolower(*c);
    return true;
}

/* "Query request too large. Total rows matched: 2816 rows. Suggestive Row Fetch: less than 844
 * rows": some releases write "Suggested row fetch". */
static enum next of_too_large(struct axl_client *client, const char *text, struct pieces *pieces)
{
    const uint64_t less = MAX(number_after(text, "Suggestive Row Fetch: less than "),
                              number_after(text, "Suggested row fetch: less than "));
    uint64_t first = less > 1 ? less - 1 : FIRST_GUESS;

    if (pieces->first == 1)
        return fail(client, UCM_ST_AXL_FAULT, g_strdup(text));
    if (pieces->first == 0)
        pieces->total = number_after(text, "Total rows matched: ");
    else if (first >= pieces->first) /* less than what was too much, whatever it suggests */
        first = pieces->first / 2;
    pieces->first = first;
    return NEXT_PIECES;
}

static enum next of_fault(struct axl_client *client, const struct axl_answer *answer,
                          struct pieces *pieces)
{
    const char *text = answer->fault;

    if (strstr(text, "request too large") != NULL)
        return of_too_large(client, text, pieces);
    if (strstr(text, "Maximum AXL Memory") != NULL)
        return NEXT_WAIT;
    if (name_after(text, "Column (", client->name) ||
        name_after(text, "specified table (", client->name))
        return NEXT_MISSING;
    return fail(client, UCM_ST_AXL_FAULT,
                g_strdup_printf("%s%s%s", answer->code, answer->code[0] != '\0' ? ": " : "",
                                text[0] != '\0' ? text : "a fault without words"));
}

/* Anything but success: a fault, or a page that its web server made. */
static enum next of_status(struct axl_client *client, long status, struct taking *taking,
                           struct pieces *pieces)
{
    struct axl_answer answer;

    taking->head[taking->size] = '\0';
    if (status == STATUS_UNAUTHORIZED || status == STATUS_FORBIDDEN)
        return fail(client, UCM_ST_AXL_LOGIN, g_strdup_printf("HTTP status %ld", status));
    if (status == STATUS_UNAVAILABLE)
        return NEXT_WAIT;
    if (strstr(taking->head, "ncorrect axl version") != NULL)
        return NEXT_VERSION;
    client->xml->take(taking->xml, (const uint8_t *)taking->head, taking->size);
    answer = client->xml->finish(taking->xml);
    taking->xml = NULL;
    if (answer.is_fault)
        return of_fault(client, &answer, pieces);
    return fail(client, UCM_ST_AXL_ANSWER, g_strdup_printf("HTTP status %ld", status));
}

static enum next of_answer(struct axl_client *client, struct taking *taking, uint32_t *rows,
                           struct pieces *pieces)
{
    const struct axl_answer answer = client->xml->finish(taking->xml);

    taking->xml = NULL;
    *rows = answer.rows;
    if (answer.is_rows)
        return NEXT_DONE;
    if (answer.is_fault)
        return of_fault(client, &answer, pieces);
    return fail(client, UCM_ST_AXL_ANSWER, g_strdup(answer.problem));
}

/* wait: seconds that a busy server asks for, 0 where it does not. */
static enum next ask(struct axl_client *client, const char *sql, struct taking *taking,
                     struct pieces *pieces, uint32_t *rows, long *wait)
{
    struct fetch_post sent;
    enum next next = NEXT_FAIL;

    taking->size = 0;
    taking->xml = client->xml->start(count_row, taking);
    if (taking->xml == NULL)
        return fail(client, UCM_ST_UNSEEN, g_strdup("out of memory"));
    post(client, sql, taking, &sent);
    *wait = sent.retry_after;
    if (sent.outcome != FETCH_OK)
        next = of_transport(client, &sent);
    else if (sent.status != STATUS_OK)
        next = of_status(client, sent.status, taking, pieces);
    else
        next = of_answer(client, taking, rows, pieces);
    if (taking->xml != NULL)
        client->xml->finish(taking->xml);
    return next;
}

/* ---- another version of the API ---- */

static bool was_tried(const struct axl_client *client, const char *version)
{
    for (unsigned i = 0; i < client->tries; i++)
        if (strcmp(client->tried[i], version) == 0)
            return true;
    return false;
}

static bool is_later(const char *a, const char *b)
{
    char *end_a = NULL;
    char *end_b = NULL;
    const guint64 major_a = g_ascii_strtoull(a, &end_a, 10);
    const guint64 major_b = g_ascii_strtoull(b, &end_b, 10);

    if (major_a != major_b)
        return major_a > major_b;
    return g_ascii_strtoull(end_a + 1, NULL, 10) > g_ascii_strtoull(end_b + 1, NULL, 10);
}

/* "Supported axl versions are 12.x, 14.0 and 15.0": the latest that was not tried. 12.x is taken as
 * 12.0, the first of its kind. */
static bool latest_of(const struct axl_client *client, const char *text, char best[VERSION_MAX])
{
    const char *c = strstr(text, "Supported axl versions");

    best[0] = '\0';
    for (; c != NULL && *c != '\0' && *c != '<' && *c != '\n'; c++) {
        char version[VERSION_MAX];
        char *end = NULL;
        guint64 major = 0;
        guint64 minor = 0;

        if (!g_ascii_isdigit(*c))
            continue;
        major = g_ascii_strtoull(c, &end, 10);
        if (*end == '.' && g_ascii_isdigit(end[1]))
            minor = g_ascii_strtoull(end + 1, &end, 10);
        c = end - 1;
        if (major > 99 || minor > 99)
            continue;
        snprintf(version, sizeof version, "%u.%u", (unsigned)major, (unsigned)minor);
        if (!was_tried(client, version) && (best[0] == '\0' || is_later(version, best)))
            memcpy(best, version, sizeof version);
    }
    return best[0] != '\0';
}

static bool choose_version(struct axl_client *client, const char *text)
{
    char version[VERSION_MAX];

    if (client->tries == VERSIONS_MAX)
        return false;
    g_strlcpy(client->tried[client->tries++], client->version, VERSION_MAX);
    if (!latest_of(client, text, version)) {
        const bool named = strstr(text, "Supported axl versions") != NULL;

        version[0] = '\0';
        for (size_t i = 0; i < G_N_ELEMENTS(VERSIONS) && version[0] == '\0' && !named; i++)
            if (!was_tried(client, VERSIONS[i]))
                g_strlcpy(version, VERSIONS[i], sizeof version);
    }
    if (version[0] == '\0')
        return false;
    memcpy(client->version, version, sizeof client->version);
    return true;
}

/* ---- asking until it is answered ---- */

/* False: no time is left. */
static bool wait_for(long asked_seconds, unsigned times)
{
    const int64_t own = MIN((int64_t)WAIT_MS << MIN(times, 8), WAIT_MAX_MS);
    const int64_t ms = asked_seconds > 0 ? MIN(asked_seconds, 3600) * (int64_t)1000 : own;

    if (ms + SPARE_MS > plugin_left_ms())
        return false;
    plugin_stage("wait until the server is less busy");
    g_usleep((gulong)ms * 1000);
    return true;
}

/* What is done about an answer that is not the last one; false: give up, a problem is set. */
static bool go_on(struct axl_client *client, enum next next, const struct taking *taking, long wait,
                  unsigned *waits)
{
    if (next == NEXT_WAIT) {
        if (wait_for(wait, *waits)) {
            plugin_stage("ask AXL");
            ++*waits;
            return true;
        }
        fail(client, UCM_ST_AXL_BUSY,
             g_strdup_printf("asked %u time%s", *waits + 1, *waits == 0 ? "" : "s"));
        return false;
    }
    if (next == NEXT_VERSION) {
        if (choose_version(client, taking->head))
            return true;
        fail(client, UCM_ST_AXL_FAULT,
             g_strdup_printf("it takes no version of the API that this program knows, such as %s",
                             client->version));
        return false;
    }
    return next == NEXT_PIECES;
}

enum axl_end axl_client_select(struct axl_client *client, const struct axl_select *select,
                               axl_row_function *row, void *user)
{
    struct taking taking = {.client = client, .row = row, .user = user};
    struct pieces pieces = {0};
    uint64_t given = 0;
    unsigned waits = 0;

    client->problem = UCM_ST_UNSEEN;
    client->withheld = 0;
    if (client->xml == NULL)
        return AXL_FAILED;
    plugin_stage("ask AXL");
    for (unsigned tries = 0; tries < TRIES_MAX; tries++) {
        g_autofree char *sql = make_sql(select, &pieces);
        uint32_t rows = 0;
        long wait = 0;
        const enum next next = ask(client, sql, &taking, &pieces, &rows, &wait);

        if (next == NEXT_MISSING)
            return AXL_MISSING;
        if (next == NEXT_DONE) {
            given += rows;
            pieces.skip += rows;
            if (pieces.first > 0 && rows > pieces.first) {
                fail(client, UCM_ST_AXL_ANSWER, g_strdup("it gave more rows than were asked for"));
                return AXL_FAILED;
            }
            if (pieces.first == 0 || rows < pieces.first) {
                client->withheld =
                    (uint32_t)MIN(pieces.total > given ? pieces.total - given : 0, UINT32_MAX);
                return AXL_ROWS;
            }
            tries = waits = 0; /* of the next piece */
            continue;
        }
        if (next == NEXT_FAIL || !go_on(client, next, &taking, wait, &waits))
            return AXL_FAILED;
    }
    fail(client, UCM_ST_AXL_BUSY, g_strdup("it was asked too often"));
    return AXL_FAILED;
}
