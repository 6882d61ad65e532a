/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Answers of AXL: see axl_xml.h. libxml2 pushes, we keep one row. Nothing is loaded from anywhere,
 * and a document type, where entities would be declared, ends the reading: SOAP forbids it.
 */
#include "axl_xml.h"

#include "memory.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Elements by their depth in an answer: Envelope, Body, executeSQLQueryResponse, return, row,
 * column. A fault is deeper, and its parts are told by name alone. */
enum { AT_ENVELOPE = 1, AT_BODY, AT_RESPONSE, AT_RETURN, AT_ROW, AT_COLUMN, DEPTH_MAX = 16 };

enum { TAG_MAX = 4096, COMMENT_MAX = 2 * AXL_VALUE_MAX };

/** Where text goes that is met now. */
enum taking { TAKE_NOTHING, TAKE_VALUE, TAKE_CODE, TAKE_STRING, TAKE_MESSAGE };

/** What an Envelope holds. */
enum part { PART_NONE, PART_HEADER, PART_ROWS, PART_FAULT };

struct axl_xml {
    xmlParserCtxtPtr parser;
    axl_row_function *row;
    void *user;
    int depth;
    enum part part;
    enum taking taking;
    bool stopped;
    bool has_return;
    bool is_ending;  /* there are no more bytes */
    size_t tag;      /* bytes since a "<" that no ">" followed; 0: outside of a tag */
    bool is_comment; /* or CDATA, whose text may be a whole value: the tag begins with "<!" */
    struct axl_value values[AXL_VALUES_MAX];
    size_t start[AXL_VALUES_MAX]; /* of each value in room */
    unsigned count;
    char *room; /* the values of one row, each ended by a NUL */
    size_t used;
    size_t size;
    char string[AXL_TEXT_MAX]; /* of the fault */
    struct axl_answer answer;
};

extern const struct axl_xml_functions ucmtrust_axl_xml;

#if LIBXML_VERSION >= 21200
typedef const xmlError *error_pointer;
#else
typedef xmlErrorPtr error_pointer;
#endif

/* ---- endings ---- */

static void stop(struct axl_xml *xml)
{
    xml->stopped = true;
    xmlStopParser(xml->parser);
}

/* The first problem counts. */
static void fail(struct axl_xml *xml, const char *what, const char *detail)
{
    if (xml->stopped)
        return;
    snprintf(xml->answer.problem, sizeof xml->answer.problem, "line %d: %s%s",
             xmlSAX2GetLineNumber(xml->parser), what, detail);
    stop(xml);
}

/* ---- text ---- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool make_room(struct axl_xml *xml, size_t more)
{
    size_t size = xml->size == 0 ? AXL_VALUE_MAX / 16 : xml->size;
    char *room = NULL;

    while (size < xml->used + more)
        size *= 2;
    if (size == xml->size)
        return true;
    room = realloc(xml->room, size);
    if (room == NULL) {
        fail(xml, "out of memory", "");
        return false;
    }
    xml->room = room;
    xml->size = size;
    return true;
}

static void add_to_value(struct axl_xml *xml, const char *text, size_t size)
{
    struct axl_value *value = &xml->values[xml->count - 1];

    if (size > AXL_VALUE_MAX - value->size) {
        fail(xml, "a value has more than 64 KiB: ", value->name);
        return;
    }
    if (!make_room(xml, size + 1))
        return;
    memcpy(xml->room + xml->used, text, size);
    xml->used += size;
    value->size += size;
}

/* Cut where it is full: this is for people. */
static void add_to_text(char *to, size_t room, const char *text, size_t size)
{
    const size_t at = strlen(to);
    const size_t left = room - 1 - at;

    if (size > left)
        size = left;
    memcpy(to + at, text, size);
    to[at + size] = '\0';
}

static void on_text(void *user, const xmlChar *text, int length)
{
    struct axl_xml *xml = ((xmlParserCtxtPtr)user)->_private;
    const char *bytes = (const char *)text;
    const size_t size = (size_t)length;

    if (xml->stopped)
        return;
    switch (xml->taking) {
    case TAKE_VALUE:
        add_to_value(xml, bytes, size);
        break;
    case TAKE_CODE:
        add_to_text(xml->answer.code, sizeof xml->answer.code, bytes, size);
        break;
    case TAKE_STRING:
        add_to_text(xml->string, sizeof xml->string, bytes, size);
        break;
    case TAKE_MESSAGE:
        add_to_text(xml->answer.fault, sizeof xml->answer.fault, bytes, size);
        break;
    case TAKE_NOTHING:
        break;
    }
}

/* ---- elements ---- */

static void begin_column(struct axl_xml *xml, const char *name)
{
    struct axl_value *value = &xml->values[xml->count];

    if (xml->count == AXL_VALUES_MAX) {
        fail(xml, "a row has too many columns", "");
        return;
    }
    if (strlen(name) >= AXL_NAME_MAX) {
        fail(xml, "the name of a column is too long", "");
        return;
    }
    if (!make_room(xml, 1))
        return;
    /* not analyzer-malloc-leak: the room is the reader's, who frees it */
    *value = (struct axl_value){.size = 0};
    for (size_t i = 0; name[i] != '\0'; i++)
        value->name[i] = lower(name[i]);
    xml->start[xml->count++] = xml->used;
    xml->taking = TAKE_VALUE;
}

static void end_column(struct axl_xml *xml)
{
    if (make_room(xml, 1))
        xml->room[xml->used++] = '\0';
    xml->taking = TAKE_NOTHING;
}

static void end_row(struct axl_xml *xml)
{
    for (unsigned i = 0; i < xml->count; i++)
        xml->values[i].text = xml->room + xml->start[i];
    xml->answer.rows++;
    if (!xml->row(xml->user, xml->values, xml->count)) {
        fail(xml, "there are more rows than this program takes", "");
        return;
    }
    xml->count = 0;
    xml->used = 0;
}

/* Newer releases say axlcode and axlmessage, older ones code and message. */
static enum taking part_of_fault(const char *name)
{
    if (strcmp(name, "faultstring") == 0)
        return TAKE_STRING;
    if (strcmp(name, "axlcode") == 0 || strcmp(name, "code") == 0)
        return TAKE_CODE;
    if (strcmp(name, "axlmessage") == 0 || strcmp(name, "message") == 0)
        return TAKE_MESSAGE;
    return TAKE_NOTHING;
}

static void begin_in_envelope(struct axl_xml *xml, const char *name)
{
    if (xml->part == PART_ROWS || xml->part == PART_FAULT)
        fail(xml, "there is more after the Body: ", name);
    xml->part = strcmp(name, "Body") == 0 ? PART_NONE : PART_HEADER;
}

static void begin_in_body(struct axl_xml *xml, const char *name)
{
    if (xml->part != PART_NONE)
        fail(xml, "there is more than one thing in the Body: ", name);
    else if (strcmp(name, "Fault") == 0)
        xml->part = PART_FAULT;
    else if (strcmp(name, "executeSQLQueryResponse") == 0)
        xml->part = PART_ROWS;
    else
        fail(xml, "expected a response or a fault, got element ", name);
}

static void begin_in_rows(struct axl_xml *xml, const char *name)
{
    if (xml->depth == AT_RETURN && strcmp(name, "return") != 0)
        fail(xml, "expected a return, got element ", name);
    else if (xml->depth == AT_RETURN)
        xml->has_return = true;
    else if (xml->depth == AT_ROW && strcmp(name, "row") != 0)
        fail(xml, "expected a row, got element ", name);
    else if (xml->depth == AT_COLUMN)
        begin_column(xml, name);
    else if (xml->depth > AT_COLUMN)
        fail(xml, "there is an element inside of a value: ", name);
}

static void begin_element(struct axl_xml *xml, const char *name)
{
    if (xml->depth == AT_ENVELOPE && strcmp(name, "Envelope") != 0)
        fail(xml, "expected the Envelope of SOAP, got element ", name);
    else if (xml->depth == AT_BODY)
        begin_in_envelope(xml, name);
    else if (xml->depth == AT_RESPONSE && xml->part != PART_HEADER)
        begin_in_body(xml, name);
    else if (xml->depth > AT_RESPONSE && xml->part == PART_ROWS)
        begin_in_rows(xml, name);
    else if (xml->depth > AT_RESPONSE && xml->part == PART_FAULT)
        xml->taking = part_of_fault(name);
}

static void on_begin(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespaces, const xmlChar **namespace, int attributes, int defaulted,
                     const xmlChar **attribute)
{
    struct axl_xml *xml = ((xmlParserCtxtPtr)user)->_private;

    (void)prefix;
    (void)uri;
    (void)namespaces;
    (void)namespace;
    (void)attributes;
    (void)defaulted;
    (void)attribute;
    if (xml->stopped)
        return;
    if (++xml->depth > DEPTH_MAX)
        fail(xml, "elements are nested too deeply", "");
    else
        begin_element(xml, (const char *)name);
}

static void on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct axl_xml *xml = ((xmlParserCtxtPtr)user)->_private;

    (void)name;
    (void)prefix;
    (void)uri;
    if (xml->stopped)
        return;
    if (xml->part == PART_ROWS && xml->depth == AT_COLUMN)
        end_column(xml);
    else if (xml->part == PART_ROWS && xml->depth == AT_ROW)
        end_row(xml);
    else if (xml->part == PART_FAULT)
        xml->taking = TAKE_NOTHING;
    xml->depth--;
}

/* ---- what must not be there ---- */

static void on_document_type(void *user, const xmlChar *name, const xmlChar *external,
                             const xmlChar *system)
{
    struct axl_xml *xml = ((xmlParserCtxtPtr)user)->_private;

    (void)name;
    (void)external;
    (void)system;
    fail(xml, "it declares a document type, where entities are made, and SOAP has none", "");
}

static void on_error(void *user, error_pointer error)
{
    struct axl_xml *xml = ((xmlParserCtxtPtr)user)->_private;
    const char *message = error->message != NULL ? error->message : "";
    char text[AXL_TEXT_MAX / 2] = "";

    /* Undeclared prefixes and the like change nothing of what we read. */
    if (error->level < XML_ERR_FATAL)
        return;
    add_to_text(text, sizeof text, message, strcspn(message, "\n"));
    if (xml->is_ending) /* its words for that mislead */
        fail(xml, "it ends too early", "");
    else
        fail(xml, "no good XML: ", text);
}

/* What libxml2 cannot say about a parser, such as bytes that are not of the declared encoding, it
 * would print to standard error, which Icinga takes for output. That an answer is bad is seen. */
static void on_noise(void *user, const char *format, ...)
{
    (void)user;
    (void)format;
}

/* ---- the three functions ---- */

struct axl_xml *axl_xml_new(axl_row_function *row, void *user)
{
    xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = on_document_type,
        .startElementNs = on_begin,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .serror = on_error,
    };
    struct axl_xml *xml = calloc(1, sizeof *xml);

    if (xml == NULL)
        return NULL;
    xmlSetGenericErrorFunc(NULL, on_noise);
    /* Else a lack of memory looks like an answer that is no XML. */
    if (xmlMemSetup(free, memory_take, memory_resize, memory_copy) != 0) {
        free(xml);
        return NULL;
    }
    xml->row = row;
    xml->user = user;
    xml->parser = xmlCreatePushParserCtxt(&handler, NULL, NULL, 0, NULL);
    if (xml->parser == NULL) {
        free(xml);
        return NULL;
    }
    xml->parser->_private = xml;
    /* No entities are put in, nothing is loaded, and libxml2's own limits stay (no XML_PARSE_HUGE).
     * AXL answers in UTF-8, or UTF-16 with its mark, whatever an answer says of itself: libxml2
     * reads an encoding that has a state, such as UTF-7, differently in other pieces. */
    xmlCtxtUseOptions(xml->parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    return xml;
}

/* libxml2 holds each attribute of a tag against all the others: a hundred thousand of them would
 * keep it busy for minutes, and no deadline is looked at meanwhile. Nothing of AXL is so long. */
static bool has_short_tags(struct axl_xml *xml, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (xml->tag == 1)
            xml->is_comment = bytes[i] == '!';
        if (bytes[i] == '>')
            xml->tag = 0;
        else if (xml->tag > 0 || bytes[i] == '<')
            xml->tag++;
        if (xml->tag > (xml->is_comment ? COMMENT_MAX : TAG_MAX))
            return false;
    }
    return true;
}

bool axl_xml_take(struct axl_xml *xml, const uint8_t *bytes, size_t size)
{
    if (!xml->stopped && !has_short_tags(xml, bytes, size))
        fail(xml, "no good XML: a tag is too long", "");
    while (size > 0 && !xml->stopped) {
        const int piece = size > INT_MAX / 2 ? INT_MAX / 2 : (int)size;

        xmlParseChunk(xml->parser, (const char *)bytes, piece, 0);
        if (!xml->parser->wellFormed)
            fail(xml, "no good XML: it cannot be parsed", "");
        bytes += piece;
        size -= (size_t)piece;
    }
    return !xml->stopped;
}

struct axl_answer axl_xml_finish(struct axl_xml *xml)
{
    struct axl_answer answer;

    xml->is_ending = true;
    if (!xml->stopped)
        xmlParseChunk(xml->parser, NULL, 0, 1);
    if (!xml->parser->wellFormed)
        fail(xml, "it ends too early", "");
    if (!xml->stopped && xml->part == PART_ROWS && !xml->has_return)
        fail(xml, "there is no <return> in the response", "");
    if (!xml->stopped && xml->part != PART_ROWS && xml->part != PART_FAULT)
        fail(xml, "there is nothing in the Body", "");
    xml->answer.is_rows = !xml->stopped && xml->part == PART_ROWS;
    xml->answer.is_fault = !xml->stopped && xml->part == PART_FAULT;
    if (xml->answer.is_fault && xml->answer.fault[0] == '\0')
        memcpy(xml->answer.fault, xml->string, sizeof xml->answer.fault);
    answer = xml->answer;
    xmlFreeDoc(xml->parser->myDoc);
    xmlFreeParserCtxt(xml->parser);
    free(xml->room);
    free(xml);
    return answer;
}

__attribute__((visibility("default"))) const struct axl_xml_functions ucmtrust_axl_xml = {
    axl_xml_new,
    axl_xml_take,
    axl_xml_finish,
};
