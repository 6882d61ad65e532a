/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Traces of TVS and console logs of phones: see trace.h for the lines and their sources.
 */
#include "trace.h"

#include "names.h"

#include <string.h>

enum {
    DUMP_LINES_MAX = 8200, /* the longest message has 65545 bytes, 8 in a line */
    DUMP_LINE_BYTES = 16,
};

/* ---- who says when ---- */

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* "18:00:00.001"; any number of digits after the point. */
static bool is_time(const uint8_t *base, struct ucm_view word)
{
    static const char shape[] = "00:00:00.";

    if (word.len < sizeof shape)
        return false;
    for (uint32_t i = 0; i < word.len; i++) {
        const uint8_t c = ucm_byte(base, word, i);
        const bool digit = i >= sizeof shape - 1 || shape[i] == '0';

        if (digit ? !is_digit(c) : c != (uint8_t)shape[i])
            return false;
    }
    return true;
}

/* "18:00:00.001 | debug TEXT"; in other places "|-->debug" and "|<--debug" mark begin and end. */
static bool read_tvs_head(const uint8_t *base, struct ucm_view line, struct ucm_view *time,
                          struct ucm_view *rest)
{
    struct ucm_view left = line;
    struct ucm_view word;

    if (!ucm_take_word(base, &left, &word))
        return false;
    if (!is_time(base, word)) {
        word = ucm_before(base, line, "|"); /* without a space before the bar */
        if (!is_time(base, word) || !ucm_contains(base, line, "|", &left))
            return false;
    } else if (!ucm_begins(base, left, "|", &left)) {
        return false;
    }
    *time = word;
    if (!ucm_begins(base, left, "-->", &left))
        (void)ucm_begins(base, left, "<--", &left);
    (void)ucm_begins(base, left, "debug", &left);
    *rest = left;
    return true;
}

static bool is_level(const uint8_t *base, struct ucm_view word)
{
    static const char *const LEVELS[] = {"NOT", "INF", "DEB", "ERR", "WRN", "CRT", "EMR", "ALT"};

    for (size_t i = 0; i < sizeof LEVELS / sizeof LEVELS[0]; i++)
        if (ucm_is_text(base, word, LEVELS[i]))
            return true;
    return false;
}

/* "3287 INF Jun 03 09:12:41.395199 TEXT", "7989 ERR 10:20:30.038637  TEXT", "8074: NOT …". */
static bool read_phone_head(const uint8_t *base, struct ucm_view line, struct ucm_view *time,
                            struct ucm_view *rest)
{
    struct ucm_view left = line;
    struct ucm_view word;
    struct ucm_view first = {0, 0};
    uint32_t number = 0;

    if (!ucm_take_decimal(base, &left, &number))
        return false;
    (void)ucm_begins(base, left, ":", &left);
    if (!ucm_take_word(base, &left, &word) || !is_level(base, word))
        return false;
    for (unsigned i = 0; i < 3 && ucm_take_word(base, &left, &word); i++) {
        if (i == 0)
            first = word;
        if (!is_time(base, word))
            continue;
        *time = (struct ucm_view){first.off, word.off + word.len - first.off};
        *rest = left;
        return true;
    }
    return false;
}

/* ---- what a line says ---- */

/** What follows the mark of a line. */
enum takes {
    NOTHING,
    NUMBER,  /* a decimal number */
    TEXT,    /* the rest of the line */
    WORD,    /* one word */
    LENGTHY, /* a text, then " and Length: N" */
    BRACKET, /* [ADDRESS] or <ADDRESS> */
};

struct mark {
    const char *text;
    enum ucm_trace_what what;
    enum takes takes;
};

/* Of marks that share a word, the longer one stands first. */
static const struct mark TVS_MARKS[] = {
    {"Incoming Phone Msg", UCM_TRACE_REQUEST, NOTHING},                          /* A */
    {"Sending QUERY_CERT_RES msg", UCM_TRACE_ANSWER, NOTHING},                   /* A */
    {"Sending CERT_VERIF_RES msg", UCM_TRACE_ANSWER, NOTHING},                   /* B: 118699 */
    {"Sending TLS Msg", UCM_TRACE_SENT, NOTHING},                                /* A */
    {"ipAddrStr (Phone)", UCM_TRACE_ADDRESS, WORD},                              /* A */
    {"Subject Name is:", UCM_TRACE_SUBJECT, TEXT},                               /* A */
    {"Issuer Name is:", UCM_TRACE_ISSUER, TEXT},                                 /* A */
    {"Serial Number is:", UCM_TRACE_SERIAL, WORD},                               /* A */
    {"- issuerName :", UCM_TRACE_ISSUER, LENGTHY},                               /* B: 118699 */
    {"- subjectName :", UCM_TRACE_SUBJECT, LENGTHY},                             /* C */
    {"- serialNumber :", UCM_TRACE_SERIAL, LENGTHY},                             /* B: 118699 */
    {"Found entry {rolecount :", UCM_TRACE_FOUND, NUMBER},                       /* A */
    {"{role :", UCM_TRACE_ROLE, NUMBER},                                         /* A */
    {"Certificate found and equal", UCM_TRACE_EQUAL, NOTHING},                   /* B: 118699 */
    {"Certificate compare return =", UCM_TRACE_COMPARED, NUMBER},                /* B: 118699 */
    {"Cannot find the certificate in the cache", UCM_TRACE_NOT_CACHED, NOTHING}, /* B: 118699 */
    {"certificate not found", UCM_TRACE_NOT_FOUND, NOTHING},                     /* B: 118699 */
};

static const struct mark PHONE_MARKS[] = {
    {"Attempting connect to TVS server addr", UCM_TRACE_CONNECT, BRACKET},         /* A */
    {"Trying to connect to IPV4, IP:", UCM_TRACE_CONNECT, WORD},                   /* B: 118699 */
    {"Handshake successful", UCM_TRACE_HANDSHAKE, NOTHING},                        /* A */
    {"obtained a TLS connection to the TVS server", UCM_TRACE_HANDSHAKE, NOTHING}, /* B: 118699 */
    {"SSL/TLS handshake failed", UCM_TRACE_REFUSED, BRACKET},                      /* B: 118699 */
    {"sent the TVS request to TVS server, bytes written :", UCM_TRACE_ASKED, NUMBER}, /* A */
    {"sent the certificate Authentication request to TVS server, bytes written :", UCM_TRACE_ASKED,
     NUMBER},                                                                   /* B: 118699 */
    {"TVS Service receives", UCM_TRACE_RECEIVED, NUMBER},                       /* A */
    {"Authentication Response received, status :", UCM_TRACE_STATUS, NUMBER},   /* B: 118699 */
    {"TVS added cert to TVS cache", UCM_TRACE_CACHED, NOTHING},                 /* A */
    {"Hashes match... authentication successful", UCM_TRACE_VERIFIED, NOTHING}, /* A */
    {"TL file updated", UCM_TRACE_UPDATED, NOTHING},                            /* A */
};

static struct ucm_view bracketed(const uint8_t *base, struct ucm_view view)
{
    struct ucm_view inside = {view.off, 0};

    if (ucm_contains(base, view, "[", &inside))
        return ucm_before(base, inside, "]");
    if (ucm_contains(base, view, "<", &inside))
        return ucm_before(base, inside, ">");
    return inside;
}

/* Bytes that end a word in these logs but do not belong to it. */
static struct ucm_view without_comma(const uint8_t *base, struct ucm_view word)
{
    while (word.len > 0 &&
           (ucm_byte(base, word, word.len - 1) == ',' || ucm_byte(base, word, word.len - 1) == '.'))
        word.len--;
    return word;
}

static bool take_value(const uint8_t *base, const struct mark *mark, struct ucm_view rest,
                       struct ucm_trace_event *event)
{
    struct ucm_view word = {rest.off, 0};

    switch (mark->takes) {
    case NUMBER:
        /* "-1": that it is not 0 is all that counts */
        if (ucm_begins(base, rest, "-", &rest))
            return ucm_take_decimal(base, &rest, &event->number);
        return ucm_take_decimal(base, &rest, &event->number);
    case TEXT:
        event->text = rest;
        return true;
    case WORD:
        if (ucm_take_word(base, &rest, &word))
            event->text = without_comma(base, word);
        return true;
    case LENGTHY:
        event->text = ucm_before(base, rest, " and Length");
        return true;
    case BRACKET:
        event->text = bracketed(base, rest);
        return true;
    case NOTHING:
        break;
    }
    return true;
}

static bool match(const uint8_t *base, struct ucm_view line, const struct mark *marks, size_t count,
                  struct ucm_trace_event *event)
{
    struct ucm_view rest;

    for (size_t i = 0; i < count; i++)
        if (ucm_contains(base, line, marks[i].text, &rest) &&
            take_value(base, &marks[i], rest, event)) {
            event->what = marks[i].what;
            return true;
        }
    return false;
}

/* "8:UNKNOWN:…": the connection that the line is about. */
static void take_connection(const uint8_t *base, struct ucm_view line,
                            struct ucm_trace_event *event)
{
    uint32_t number = 0;

    if (ucm_take_decimal(base, &line, &number) && ucm_begins(base, line, ":", NULL))
        event->number = number;
}

static bool read_accepted(const uint8_t *base, struct ucm_view line, struct ucm_trace_event *event)
{
    struct ucm_view rest;

    if (!ucm_contains(base, line, "Got a new ph conn", &rest) ||
        !ucm_take_word(base, &rest, &event->text) || !ucm_begins(base, rest, "on ", &rest) ||
        !ucm_take_decimal(base, &rest, &event->number))
        return false;
    event->what = UCM_TRACE_ACCEPTED;
    return true;
}

static bool read_cipher(const uint8_t *base, struct ucm_view line, struct ucm_trace_event *event)
{
    struct ucm_view rest;

    if (!ucm_contains(base, line, "Session ciphers -", &rest) ||
        !ucm_take_word(base, &rest, &event->more))
        return false;
    event->text = ucm_before(base, line, ": tvsSSL");
    event->what = UCM_TRACE_CIPHER;
    return true;
}

static bool read_type(const uint8_t *base, struct ucm_view line, struct ucm_trace_event *event)
{
    static const struct {
        const char *name;
        enum ucm_tvs_type type;
    } TYPES[] = {
        {"TVS_MSG_CERT_VERIFICATION_REQ", UCM_TVS_VERIFY_REQUEST}, /* B: 118699 */
        {"TVS_MSG_CERT_VERIFICATION_RES", UCM_TVS_VERIFY_RESPONSE},
        {"TVS_MSG_QUERY_CERT_REQ", UCM_TVS_QUERY_REQUEST}, /* A */
        {"TVS_MSG_QUERY_CERT_RES", UCM_TVS_QUERY_RESPONSE},
    };

    if (!ucm_begins(base, line, "MsgType", NULL))
        return false;
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++)
        if (ucm_contains(base, line, TYPES[i].name, NULL)) {
            event->what = UCM_TRACE_TYPE;
            event->number = TYPES[i].type;
            return true;
        }
    return false;
}

/* ---- dumps ---- */

/* How many bytes in hex the line consists of, 0 when it holds anything else. */
static size_t dump_line(const uint8_t *base, struct ucm_view line, uint8_t out[DUMP_LINE_BYTES])
{
    struct ucm_view time;
    struct ucm_view left = line;
    struct ucm_view word;
    size_t count = 0;

    (void)read_tvs_head(base, line, &time, &left);
    while (ucm_take_word(base, &left, &word)) {
        if (word.len != 2 || count == DUMP_LINE_BYTES ||
            ucm_hex_read(base, word, out + count, 1) != 1)
            return 0;
        count++;
    }
    return count;
}

/* "|<--debug" and "|-->debug" with nothing after them stand between a dump's head and its bytes. */
static bool is_bare_head(const uint8_t *base, struct ucm_view line)
{
    struct ucm_view time;
    struct ucm_view rest;

    return read_tvs_head(base, line, &time, &rest) && rest.len == 0;
}

/* The lines that follow "HEX_DUMP: Len = N:", as one view. */
static void take_dump(struct ucm_trace_walk *walk, struct ucm_trace_event *event)
{
    const uint8_t *base = walk->lines.cursor.base;
    uint8_t room[DUMP_LINE_BYTES];

    event->text = (struct ucm_view){walk->lines.cursor.pos, 0};
    for (unsigned i = 0; i < DUMP_LINES_MAX; i++) {
        struct ucm_lines ahead = walk->lines;
        struct ucm_view line;

        if (!ucm_line_next(&ahead, &line))
            return;
        if (dump_line(base, line, room) > 0)
            event->text.len = line.off + line.len - event->text.off;
        else if (!is_bare_head(base, line))
            return;
        walk->lines = ahead;
    }
}

static bool read_dump(struct ucm_trace_walk *walk, struct ucm_view line,
                      struct ucm_trace_event *event)
{
    const uint8_t *base = walk->lines.cursor.base;
    struct ucm_view rest;

    if (!ucm_contains(base, line, "HEX_DUMP:", &rest) || !ucm_begins(base, rest, "Len", &rest) ||
        !ucm_begins(base, rest, "=", &rest) || !ucm_take_decimal(base, &rest, &event->number))
        return false;
    event->what = UCM_TRACE_DUMP;
    take_dump(walk, event);
    return true;
}

size_t ucm_trace_bytes(const uint8_t *base, const struct ucm_trace_event *dump, uint8_t *out,
                       size_t room)
{
    struct ucm_lines lines = {{base, dump->text.off, dump->text.off + dump->text.len}, 0};
    uint8_t bytes[DUMP_LINE_BYTES];
    struct ucm_view line;
    size_t written = 0;

    while (ucm_line_next(&lines, &line)) {
        const size_t count = dump_line(base, line, bytes);

        for (size_t i = 0; i < count && written < room; i++)
            out[written++] = bytes[i];
    }
    return written;
}

/* ---- lines of one writer ---- */

static bool read_tvs(struct ucm_trace_walk *walk, struct ucm_view line,
                     struct ucm_trace_event *event)
{
    const uint8_t *base = walk->lines.cursor.base;

    if (read_accepted(base, line, event) || read_cipher(base, line, event) ||
        read_type(base, line, event) || read_dump(walk, line, event))
        return true;
    if (ucm_contains(base, line, "SAST Issuer Name", NULL) ||
        !match(base, line, TVS_MARKS, sizeof TVS_MARKS / sizeof TVS_MARKS[0], event))
        return false; /* the issuer of an eToken is printed twice, once under this name */
    if (event->what == UCM_TRACE_REQUEST || event->what == UCM_TRACE_ANSWER)
        take_connection(base, line, event);
    return true;
}

/* The MAC address of a file that only one phone asks for (ITLSEP…, SEP….cnf.xml), or the name in a
 * phone's certificate. */
static bool read_device(const uint8_t *base, struct ucm_view line, struct ucm_trace_event *event)
{
    enum { MAC = 12 };
    struct ucm_view rest;

    if (ucm_contains(base, line, "Certificate subject name =", &rest) &&
        ucm_contains(base, rest, "/CN=", &rest)) {
        event->text = ucm_before(base, rest, "/");
    } else if (ucm_contains(base, line, "[src=", &rest) && ucm_contains(base, rest, "SEP", &rest) &&
               rest.len >= MAC) {
        for (uint32_t i = 0; i < MAC; i++)
            if (ucm_hex_digit(ucm_byte(base, rest, i)) < 0)
                return false;
        event->text = (struct ucm_view){rest.off - 3, 3 + MAC};
    } else {
        return false;
    }
    event->what = UCM_TRACE_DEVICE;
    return true;
}

static bool read_phone(const uint8_t *base, struct ucm_view line, struct ucm_trace_event *event)
{
    struct ucm_view about;

    if (read_device(base, line, event))
        return true;
    if (!match(base, line, PHONE_MARKS, sizeof PHONE_MARKS / sizeof PHONE_MARKS[0], event))
        return false;
    if (event->what == UCM_TRACE_ASKED &&
        ucm_contains(base, line, "certificate Authentication", &about))
        event->text = about;
    return true;
}

struct ucm_trace_walk ucm_trace_walk(const uint8_t *data, size_t size)
{
    struct ucm_trace_walk walk;

    memset(&walk, 0, sizeof walk);
    walk.lines = ucm_lines_over(data, size);
    return walk;
}

/* The text of a line after time and level; a line without them goes on where the one before was. */
static struct ucm_view read_head(struct ucm_trace_walk *walk, struct ucm_view line)
{
    const uint8_t *base = walk->lines.cursor.base;
    struct ucm_view rest = line;

    if (read_tvs_head(base, line, &walk->time, &rest)) {
        walk->phone = false;
        walk->known++;
    } else if (read_phone_head(base, line, &walk->time, &rest)) {
        walk->phone = true;
        walk->known++;
    }
    return rest;
}

bool ucm_trace_next(struct ucm_trace_walk *walk, struct ucm_trace_event *event)
{
    struct ucm_view line;

    while (ucm_line_next(&walk->lines, &line)) {
        const struct ucm_view text = read_head(walk, line);

        if (walk->known == 0)
            continue;
        memset(event, 0, sizeof *event);
        event->writer = walk->phone ? UCM_TRACE_PHONE : UCM_TRACE_TVS;
        event->time = walk->time;
        event->line = walk->lines.number;
        if (walk->phone ? read_phone(walk->lines.cursor.base, text, event)
                        : read_tvs(walk, text, event))
            return true;
    }
    return false;
}
