/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Answers of AXL, read while they arrive: rows of name and value, or a fault. Knows nothing of what
 * the columns mean, nor where the bytes come from.
 * Facts: Cisco's AXL Developer Guide (executeSQLQuery, error messages).
 *
 * Lives in a module of its own, because linking libxml2 costs a run 8 ms.
 */
#ifndef UCMTRUST_NAGIOS_AXL_XML_H
#define UCMTRUST_NAGIOS_AXL_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    AXL_VALUE_MAX = 64 * 1024, /**< bytes; a certificate with a key of 4096 bits has 3 KiB as PEM */
    AXL_VALUES_MAX = 32,       /**< in a row; we ask for six */
    AXL_NAME_MAX = 64,         /**< bytes of a column's name; Informix allows 128, CUCM uses 40 */
    AXL_TEXT_MAX = 512,        /**< of a fault or a problem; the rest is cut off */
};

/** One value of a row. */
struct axl_value {
    char name[AXL_NAME_MAX]; /**< lower case */
    const char *text;        /**< UTF-8, ended by a NUL; "" also for no value */
    size_t size;
};

/** Takes a row; false: no more is wanted. The values live until it returns. */
typedef bool axl_row_function(void *user, const struct axl_value *values, unsigned count);

/** What an answer came to. */
struct axl_answer {
    bool is_rows;               /**< it is whole, and rows were given, perhaps none */
    bool is_fault;              /**< it is a fault, told in code and fault */
    uint32_t rows;              /**< that were given */
    char code[AXL_NAME_MAX];    /**< axlcode, such as "-206"; may be "" */
    char fault[AXL_TEXT_MAX];   /**< axlmessage or faultstring */
    char problem[AXL_TEXT_MAX]; /**< neither: why not */
};

struct axl_xml;

/** Start reading; NULL when memory ran out. */
struct axl_xml *axl_xml_new(axl_row_function *row, void *user);

/** Take the next bytes. False: nothing that follows can change what the answer came to. */
bool axl_xml_take(struct axl_xml *xml, const uint8_t *bytes, size_t size);

/** There are no more bytes: say what it came to, and free. */
struct axl_answer axl_xml_finish(struct axl_xml *xml);

/** The same three as the module offers them. */
struct axl_xml_functions {
    struct axl_xml *(*start)(axl_row_function *row, void *user);
    bool (*take)(struct axl_xml *xml, const uint8_t *bytes, size_t size);
    struct axl_answer (*finish)(struct axl_xml *xml);
};
#define AXL_XML_FILE   "ucmtrust-axl.so"
#define AXL_XML_SYMBOL "ucmtrust_axl_xml"

#endif
