/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Requests in traces: see trace_table.h.
 *
 * A trace of TVS tells of one request after the other, so what has no connection's number belongs
 * to the request that began last. What its bytes say counts more than its words: beside bytes that
 * say session 1001 it prints "Session Id : 0".
 */
#include "trace_table.h"

#include "fetch.h"

#include "common/exchange.h"
#include "common/trace.h"

#include <stdlib.h>
#include <string.h>

enum {
    REQUESTS_MAX = 20000,
    CONNECTIONS_MAX = 4096, /* phones whose address and cipher are kept in mind */
    WORD_MAX = 128,         /* bytes of a time, an address, a name of a device or cipher */
};

/** Whose bytes the next dump holds. */
enum awaited { NO_DUMP, REQUEST_DUMP, ANSWER_DUMP };

/** A trace while it is read. */
struct reading {
    struct result *result;
    const char *name; /* printable */
    const uint8_t *text;
    struct result_request *now;   /* the request that began last; NULL: none */
    enum ucm_trace_writer writer; /* of that request */
    bool answered;
    bool other; /* another certificate has its issuer and serial number */
    unsigned not_cached;
    uint32_t due; /* roles that were promised and not shown */
    enum awaited awaited;
    char *address;         /* of the phone that was named last */
    char *device;          /* of the phone whose console log it is */
    char *server;          /* to which that phone connected last */
    GHashTable *by_number; /* number of a connection to the phone's address */
    GHashTable *ciphers;   /* address to cipher */
    GHashTable *told;      /* findings that were made, as text */
    uint8_t *bytes;        /* room for a message */
    unsigned requests;
    bool full;
};

/* Each request keeps what was named last, so a hostile text must not make that long. */
static char *printable(const struct reading *reading, struct ucm_view view, uint32_t most)
{
    return view.len == 0 ? NULL : printable_bytes(reading->text + view.off, MIN(view.len, most));
}

static void set(char **field, char *value)
{
    g_free(*field);
    *field = value;
}

/* ---- findings ---- */

static char *certificate_text(const struct result_request *one)
{
    GString *text = g_string_new(one->subject != NULL ? one->subject : "certificate");

    if (one->serial != NULL)
        g_string_append_printf(text, " with serial %s", one->serial);
    if (one->issuer != NULL)
        g_string_append_printf(text, ", issued by %s", one->issuer);
    return g_string_free(text, FALSE);
}

/* The same certificate may be asked for by thousands of phones: it is one finding. */
static void tell(struct reading *reading, const struct result_request *one, enum ucm_finding_id id)
{
    g_autofree char *certificate = certificate_text(one);
    const char *phone = one->device != NULL ? one->device : one->address;
    g_autofree char *detail = g_strdup_printf(
        "%s%s%s%s%s",
        one->refused ? (one->server != NULL ? one->server : "a TVS node") : certificate,
        phone != NULL ? "; asked by " : "", phone != NULL ? phone : "",
        one->time != NULL ? " at " : "", one->time != NULL ? one->time : "");
    char *key =
        g_strdup_printf("%d %s %s", (int)id, certificate, one->server != NULL ? one->server : "");

    if (g_hash_table_add(reading->told, key))
        result_add_rule(reading->result, id, STATE_UNSET, one->where, detail);
}

static bool accepts_files(uint32_t roles)
{
    return (roles & (UCM_ROLE_BIT(UCM_ROLE_SAST) | UCM_ROLE_BIT(UCM_ROLE_CCM_TFTP) |
                     UCM_ROLE_BIT(UCM_ROLE_TFTP))) != 0;
}

static bool is_query(const struct result_request *one)
{
    return one->type != NULL && strcmp(one->type, "query") == 0;
}

static void finish(struct reading *reading)
{
    struct result_request *one = reading->now;

    reading->now = NULL;
    reading->awaited = NO_DUMP;
    if (one == NULL)
        return;
    if (one->found < 0 && reading->not_cached > 0 && !reading->other)
        one->found = 0;
    if (one->refused)
        tell(reading, one, UCM_TVS_BROKEN_OFF);
    else if (reading->other)
        tell(reading, one, UCM_TVS_OTHER_CERTIFICATE);
    else if (one->found == 0)
        tell(reading, one, UCM_TVS_STATUS);
    else if (one->found < 0 || reading->due > 0)
        tell(reading, one, UCM_TR_OPEN);
    else if (is_query(one) && one->roles_known && !accepts_files(one->roles))
        tell(reading, one, UCM_TVS_ROLE);
}

static struct result_request *begin(struct reading *reading, const struct ucm_trace_event *event)
{
    struct result_request *one = NULL;

    finish(reading);
    reading->answered = false;
    reading->other = false;
    reading->not_cached = 0;
    reading->due = 0;
    if (reading->requests == REQUESTS_MAX) {
        reading->full = true;
        return NULL;
    }
    reading->requests++;
    one = result_add_request(reading->result);
    one->where = g_strdup_printf("%s:%u", reading->name, event->line);
    one->written = event->writer == UCM_TRACE_PHONE ? "phone" : "TVS";
    one->time = printable(reading, event->time, WORD_MAX);
    reading->now = one;
    reading->writer = event->writer;
    return one;
}

/* ---- bytes ---- */

static void take_roles(struct result_request *one, const uint8_t *bytes,
                       const struct ucm_tvs *message)
{
    if (!ucm_tvs_has(message, UCM_TVS_ROLES))
        return;
    one->roles_known = true;
    one->roles = 0;
    for (uint32_t role = 0; role < 32; role++)
        if (ucm_tvs_has_role(bytes, message, role))
            one->roles |= UCM_ROLE_BIT(role);
}

/* How far a dump goes, and what it holds by then. */
static char *dump_text(const struct ucm_tvs *message, const uint8_t *bytes, size_t size,
                       uint32_t length)
{
    GString *text = g_string_new(NULL);
    const char *type = ucm_tvs_type_name(message->type);
    const char *tag = NULL;

    g_string_append_printf(text, "%zu of %u", size, length);
    if (message->error.id == UCM_TVS_NOT_TVS || message->elements.pos == 0) {
        g_string_append(text, ", no TVS message can be read from them");
        return g_string_free(text, FALSE);
    }
    g_string_append_printf(text, ", %s, session %u, %u bytes follow the header",
                           type != NULL ? type : "unknown type", message->session, message->length);
    if (message->error.id == UCM_TVS_TRUNCATED && message->error.offset < size) {
        tag = ucm_tvs_tag_name(bytes[message->error.offset]);
        if (message->error.offset >= UCM_TVS_HEADER_SIZE)
            g_string_append_printf(text, ", stops inside %s (byte %u)",
                                   tag != NULL ? tag : "an unknown element", message->error.offset);
    }
    return g_string_free(text, FALSE);
}

/* What the bytes have against themselves, but not that the trace cut them off. */
static void judge_bytes(struct reading *reading, struct ucm_tvs *message, const uint8_t *bytes,
                        bool cut)
{
    struct ucm_findings findings = {0};
    bool ok = true;

    if (cut && message->error.id == UCM_TVS_TRUNCATED)
        memset(&message->error, 0, sizeof message->error);
    ok = ucm_exchange_lint_message(message, 0, &findings);
    result_add_findings(reading->result, &findings, bytes, reading->now->where);
    if (!ok)
        result_add_rule(reading->result, UCM_TR_UNREADABLE, STATE_UNSET, reading->now->where,
                        "out of memory");
    ucm_findings_free(&findings);
}

static void take_request(struct reading *reading, const struct ucm_tvs *message,
                         const uint8_t *bytes)
{
    struct result_request *one = reading->now;
    const struct ucm_view device = message->value[UCM_TVS_DEVICE];

    one->session = message->session;
    if (message->type == UCM_TVS_QUERY_REQUEST)
        one->type = "query";
    if (message->type == UCM_TVS_VERIFY_REQUEST)
        one->type = "verify";
    if (ucm_tvs_has(message, UCM_TVS_DEVICE))
        set(&one->device, printable_bytes(bytes + device.off, device.len));
}

static void take_answer(struct reading *reading, const struct ucm_tvs *message,
                        const uint8_t *bytes)
{
    struct result_request *one = reading->now;

    if (ucm_tvs_has(message, UCM_TVS_STATUS_ELEMENT))
        one->found = message->status == UCM_TVS_FOUND;
    take_roles(one, bytes, message);
    if (ucm_tvs_has(message, UCM_TVS_ROLES))
        reading->due = 0;
    if (one->session >= 0 && one->session != message->session) {
        struct ucm_findings findings = {0};
        const struct ucm_finding other =
            ucm_finding_make(UCM_TVS_OTHER_SESSION, 4, one->session, message->session);

        if (ucm_findings_add(&findings, &other))
            result_add_findings(reading->result, &findings, bytes, one->where);
        ucm_findings_free(&findings);
    }
}

static void take_dump(struct reading *reading, const struct ucm_trace_event *event)
{
    uint8_t *bytes = reading->bytes;
    const enum awaited awaited = reading->awaited;
    struct ucm_tvs message;
    size_t size = 0;
    char *text = NULL;

    reading->awaited = NO_DUMP;
    if (reading->now == NULL || awaited == NO_DUMP)
        return; /* a certificate, or the four bytes of a lifetime: they stand in the answer too */
    size = ucm_trace_bytes(reading->text, event, bytes, UCM_TVS_SIZE_MAX);
    (void)ucm_tvs_decode(bytes, size, &message);
    text = dump_text(&message, bytes, size, event->number);
    set(awaited == REQUEST_DUMP ? &reading->now->request : &reading->now->answer, text);
    if (message.elements.pos >= UCM_TVS_HEADER_SIZE) { /* the header is whole */
        if (awaited == REQUEST_DUMP)
            take_request(reading, &message, bytes);
        else
            take_answer(reading, &message, bytes);
    }
    if (size > 0)
        judge_bytes(reading, &message, bytes, size < event->number);
}

/* ---- lines of TVS ---- */

static void remember(GHashTable *table, gpointer key, char *value)
{
    if (g_hash_table_size(table) >= CONNECTIONS_MAX)
        g_hash_table_remove_all(table);
    g_hash_table_insert(table, key, value);
}

static void begin_tvs(struct reading *reading, const struct ucm_trace_event *event)
{
    struct result_request *one = begin(reading, event);
    const char *address = g_hash_table_lookup(reading->by_number, GUINT_TO_POINTER(event->number));

    if (one == NULL)
        return;
    if (event->number == 0 || address == NULL)
        address = reading->address;
    one->address = g_strdup(address);
    if (address != NULL)
        one->cipher = g_strdup(g_hash_table_lookup(reading->ciphers, address));
}

/* What the certificate is that the phone asks for. A trace may be cut so that nothing else of a
 * request is in it. */
static void take_name(struct reading *reading, const struct ucm_trace_event *event)
{
    const bool begins = event->what == UCM_TRACE_SUBJECT;
    char **field = NULL;

    if (reading->now == NULL || reading->answered || (begins && reading->now->subject != NULL)) {
        const struct ucm_trace_event nameless = {
            .writer = event->writer, .line = event->line, .time = event->time};

        begin_tvs(reading, &nameless);
    }
    if (reading->now == NULL)
        return;
    if (begins && reading->now->type == NULL)
        reading->now->type = "query"; /* a request to verify shows the certificate itself */
    field = begins                            ? &reading->now->subject
            : event->what == UCM_TRACE_ISSUER ? &reading->now->issuer
                                              : &reading->now->serial;
    if (*field == NULL)
        *field = printable(reading, event->text, UCM_TEXT_MAX);
}

static void take_lookup(struct reading *reading, const struct ucm_trace_event *event)
{
    struct result_request *one = reading->now;

    if (one == NULL || reading->answered)
        return; /* another thread filling its cache */
    if (one->found == 0)
        return; /* "not found" is TVS's last word; what follows is of another request */
    switch (event->what) {
    case UCM_TRACE_FOUND:
        one->found = 1;
        one->roles_known = true;
        one->roles = 0;
        reading->due = event->number;
        break;
    case UCM_TRACE_ROLE:
        reading->due -= reading->due > 0 ? 1 : 0;
        if (event->number < 32)
            one->roles |= UCM_ROLE_BIT(event->number);
        break;
    case UCM_TRACE_EQUAL:
        one->found = 1;
        reading->other = false;
        break;
    case UCM_TRACE_COMPARED:
        reading->other = event->number != 0;
        break;
    case UCM_TRACE_NOT_CACHED:
        reading->not_cached++;
        break;
    default:
        one->found = 0;
        break;
    }
}

static void take_type(struct reading *reading, const struct ucm_trace_event *event)
{
    if (reading->now == NULL || reading->now->type != NULL)
        return;
    if (event->number == UCM_TVS_QUERY_REQUEST)
        reading->now->type = "query";
    if (event->number == UCM_TVS_VERIFY_REQUEST)
        reading->now->type = "verify";
}

static void take_tvs(struct reading *reading, const struct ucm_trace_event *event)
{
    switch (event->what) {
    case UCM_TRACE_ACCEPTED:
        set(&reading->address, printable(reading, event->text, WORD_MAX));
        remember(reading->by_number, GUINT_TO_POINTER(event->number), g_strdup(reading->address));
        break;
    case UCM_TRACE_ADDRESS:
        set(&reading->address, printable(reading, event->text, WORD_MAX));
        break;
    case UCM_TRACE_CIPHER:
        if (event->text.len > 0)
            remember(reading->ciphers, printable(reading, event->text, WORD_MAX),
                     printable(reading, event->more, WORD_MAX));
        break;
    case UCM_TRACE_REQUEST:
        begin_tvs(reading, event);
        reading->awaited = REQUEST_DUMP;
        break;
    case UCM_TRACE_ANSWER:
        reading->answered = true;
        break;
    case UCM_TRACE_SENT:
        reading->awaited = ANSWER_DUMP;
        break;
    case UCM_TRACE_TYPE:
        take_type(reading, event);
        break;
    case UCM_TRACE_DUMP:
        take_dump(reading, event);
        break;
    case UCM_TRACE_SUBJECT:
    case UCM_TRACE_ISSUER:
    case UCM_TRACE_SERIAL:
        take_name(reading, event);
        break;
    default:
        take_lookup(reading, event);
        break;
    }
}

/* ---- lines of a phone ---- */

static void begin_phone(struct reading *reading, const struct ucm_trace_event *event)
{
    struct result_request *one = begin(reading, event);

    if (one == NULL)
        return;
    one->device = g_strdup(reading->device);
    one->server = g_strdup(reading->server);
    if (event->what == UCM_TRACE_ASKED)
        one->type = event->text.len > 0 ? "verify" : "query";
    one->refused = event->what == UCM_TRACE_REFUSED;
}

static void take_phone(struct reading *reading, const struct ucm_trace_event *event)
{
    switch (event->what) {
    case UCM_TRACE_DEVICE:
        set(&reading->device, printable(reading, event->text, WORD_MAX));
        break;
    case UCM_TRACE_CONNECT:
        set(&reading->server, printable(reading, event->text, WORD_MAX));
        break;
    case UCM_TRACE_REFUSED:
        if (event->text.len > 0)
            set(&reading->server, printable(reading, event->text, WORD_MAX));
        begin_phone(reading, event);
        finish(reading);
        break;
    case UCM_TRACE_ASKED:
        begin_phone(reading, event);
        break;
    case UCM_TRACE_STATUS:
        if (reading->now != NULL)
            reading->now->found = event->number == UCM_TVS_FOUND;
        break;
    case UCM_TRACE_CACHED:
    case UCM_TRACE_VERIFIED: /* of the file whose signer it asked about */
        if (reading->now != NULL && reading->now->found < 0 &&
            (event->what == UCM_TRACE_CACHED || is_query(reading->now)))
            reading->now->found = 1;
        break;
    default:
        break;
    }
}

/* ---- files ---- */

static void read_trace(struct reading *reading, size_t size)
{
    struct ucm_trace_walk walk = ucm_trace_walk(reading->text, size);
    struct ucm_trace_event event;

    while (!reading->full && ucm_trace_next(&walk, &event)) {
        if (plugin_left_ms() == 0) {
            result_add_rule(reading->result, UCM_TR_UNREADABLE, STATE_UNSET, reading->name,
                            "time ran out while it was read");
            break;
        }
        if (reading->now != NULL && event.writer != reading->writer)
            finish(reading); /* the other one's lines say nothing of this request */
        if (event.writer == UCM_TRACE_PHONE)
            take_phone(reading, &event);
        else
            take_tvs(reading, &event);
    }
    finish(reading);
    if (reading->full)
        result_add_rule(reading->result, UCM_TR_UNREADABLE, STATE_UNSET, reading->name,
                        "more than 20000 requests: the rest was left out");
    else if (reading->requests == 0)
        result_add_rule(reading->result, UCM_TR_NOTHING, STATE_UNSET, reading->name, NULL);
}

static void read_file(struct result *result, const uint8_t *text, size_t size, const char *name)
{
    struct reading reading = {.result = result, .name = name, .text = text};

    reading.bytes = g_malloc(UCM_TVS_SIZE_MAX);
    reading.by_number = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    reading.ciphers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    reading.told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    read_trace(&reading, size);
    g_hash_table_unref(reading.by_number);
    g_hash_table_unref(reading.ciphers);
    g_hash_table_unref(reading.told);
    g_free(reading.bytes);
    g_free(reading.address);
    g_free(reading.device);
    g_free(reading.server);
}

static unsigned count(const struct result *result, int found)
{
    unsigned number = 0;

    for (unsigned i = 0; i < result->requests->len; i++) {
        const struct result_request *one = g_ptr_array_index(result->requests, i);

        number += one->found == found && !one->refused ? 1 : 0;
    }
    return number;
}

void trace_table_read(struct result *result, char *const *paths)
{
    result_want_requests(result);
    for (; *paths != NULL; paths++) {
        g_autofree char *name = printable_text(fetch_file_name(*paths));
        struct fetch fetch = {0};

        fetch_text(*paths, &fetch);
        plugin_stage("trace");
        if (fetch.outcome != FETCH_OK)
            result_add_rule(result, UCM_TR_UNREADABLE, STATE_UNSET, name, fetch.detail);
        else
            read_file(result, fetch.data, fetch.size, name);
        free(fetch.data);
    }
    result_add_count(result, "requests", "", result->requests->len);
    result_add_count(result, "not_found", "", count(result, 0));
}

char *trace_table_summary(const struct result *result)
{
    GString *text = g_string_new(NULL);

    (void)result_add_named(result, text);
    g_string_append_printf(text, "%s%u request%s to TVS in the trace, %u found, %u not found",
                           text->len > 0 ? ", " : "", result->requests->len,
                           result->requests->len == 1 ? "" : "s", count(result, 1),
                           count(result, 0));
    return g_string_free(text, FALSE);
}
