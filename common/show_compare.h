/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The saved output of `show itl` or `show ctl` held against a trust list: what exactly differs?
 * Plain data and one function: reads nothing, words nothing. Records are matched by what they hold,
 * not by their place, so that one new record is one difference.
 */
#ifndef UCMTRUST_COMMON_SHOW_COMPARE_H
#define UCMTRUST_COMMON_SHOW_COMPARE_H

#include "show.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    UCM_SHOW_RECORDS_MAX = 128,    /**< records that are compared; phones take about 39 */
    UCM_SHOW_DIFFERENCES_MAX = 64, /**< those beyond it are counted */
};

/** What differs. */
enum ucm_show_field {
    UCM_SHOW_FIELD_SIZE,        /**< of the file, bytes */
    UCM_SHOW_FIELD_VERSION,     /**< major * 256 + minor */
    UCM_SHOW_FIELD_HEADER,      /**< length of the header */
    UCM_SHOW_FIELD_NAME,        /**< an element that is a name: views */
    UCM_SHOW_FIELD_SERIAL,      /**< an element that is a serial number: views */
    UCM_SHOW_FIELD_ROLE,        /**< numbers */
    UCM_SHOW_FIELD_LENGTH,      /**< LENGTH of an element: numbers */
    UCM_SHOW_FIELD_CERTIFICATE, /**< its SHA-1: the text's as view, the file's certificate as view
                                 */
    UCM_SHOW_FIELD_SIGNED,      /**< whether it signed the list: numbers, 0 or 1 */
    UCM_SHOW_FIELD_ONLY_TEXT,   /**< the record stands in the text only */
    UCM_SHOW_FIELD_ONLY_FILE,   /**< the record stands in the list only */
};

/** One difference. */
struct ucm_show_difference {
    enum ucm_show_field field;
    uint32_t record; /**< as the text numbers it, or the list for ONLY_FILE; 0: the header */
    uint32_t tag;    /**< of the element */
    struct ucm_view in_text;
    struct ucm_view in_file;
    uint32_t text_number;
    uint32_t file_number;
    struct ucm_view subject; /**< of the record: in the list for ONLY_FILE, else in the text */
};

/** How the checksums compare. */
enum ucm_show_digest {
    UCM_SHOW_DIGEST_NONE, /**< the text has none, or none could be computed here */
    UCM_SHOW_DIGEST_SAME,
    UCM_SHOW_DIGEST_OTHER,
};

struct ucm_show_comparison {
    enum ucm_show_digest digest;
    bool whole;        /**< the text shows all records of its file, up to its last line */
    uint32_t compared; /**< records of the text */
    int age;           /**< -1: the text was saved of an older file, 1: of a newer, 0: unknown */
    int64_t text_time; /**< when its file was modified, UCM_TIME_NONE: it does not say */
    uint32_t count;    /**< differences, also those that found no room */
    struct ucm_show_difference item[UCM_SHOW_DIFFERENCES_MAX];
};

/** Compare. text: what block was read from. The list must have been decoded whole. */
void ucm_show_compare(const uint8_t *text, const struct ucm_show_block *block,
                      const struct ucm_trustlist *list, struct ucm_show_comparison *comparison);

/** How many differences are stored. */
static inline uint32_t ucm_show_stored(const struct ucm_show_comparison *comparison)
{
    return comparison->count < UCM_SHOW_DIFFERENCES_MAX ? comparison->count
                                                        : (uint32_t)UCM_SHOW_DIFFERENCES_MAX;
}

#ifdef __cplusplus
}
#endif

#endif
