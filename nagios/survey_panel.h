/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What survey.c knows of nodes and answers, and survey_ask.c fills in. For those two files only.
 */
#ifndef UCMTRUST_NAGIOS_SURVEY_PANEL_H
#define UCMTRUST_NAGIOS_SURVEY_PANEL_H

#include "survey.h"

/** What one node says about one certificate. */
struct answer {
    bool wanted;
    bool asked; /**< what stands below is what came of it */
    bool answered;
    uint8_t status;
    uint32_t roles;
};

/** One certificate. */
struct question {
    const uint8_t *der;
    size_t size;
    struct answer answer[]; /**< one for each node */
};

enum condition {
    OPEN,
    MUTE,   /**< phones would get no answer either */
    BARRED, /**< it cannot be asked, for a reason of our own */
};

/** One TVS node. */
struct member {
    enum condition condition;
    bool offline;
    bool met;                  /**< first is filled in */
    struct tvs_exchange first; /**< the first exchange; owns nothing */
    bool failed;
    struct tvs_exchange failure; /**< the first that failed; only its texts count */
    unsigned refusals;           /**< in a row */
    GPtrArray *wanted;           /**< of struct question, to be asked */
    unsigned next;
};

/** The TVS of one site. */
struct panel {
    struct survey *survey;
    struct site *site;
    struct tvs_settings settings;
    struct tvs_settings stranger; /**< pins nobody: only to see a certificate */
    GArray *pins;                 /**< of struct tvs_pin */
    bool blind;                   /**< no ITL was seen, so nobody knows what phones pin */
    GHashTable *questions;        /**< struct question to itself */
    struct member *member;
};

struct survey {
    struct survey_settings settings;
    GPtrArray *panels; /**< of struct panel */
    bool begun;
    bool closed;
    char *why; /**< why nobody could be asked at all */
};

#endif
