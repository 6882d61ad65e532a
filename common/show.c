/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Saved output of `show` commands: see show.h for the lines and their sources.
 */
#include "show.h"

#include <string.h>

enum {
    CONTINUED_MAX = 40, /* lines of one value: a signature of 512 bytes has 32 */
    WRAPPED_MIN = 60,   /* no terminal is narrower; a shorter line was not broken by one */
};

/* ---- one line ---- */

/* "…ITL…" or "…CTL…" in a sentence about a list. */
static enum ucm_list_kind list_in(const uint8_t *base, struct ucm_view view)
{
    if (ucm_contains(base, view, "itl", NULL))
        return UCM_LIST_ITL;
    return ucm_contains(base, view, "ctl", NULL) ? UCM_LIST_CTL : UCM_LIST_UNKNOWN;
}

/* "admin:show ctl"; a prompt of people who paste from several nodes is "NODE admin:" or
 * "NODE:admin:". */
static bool read_prompt(const uint8_t *base, struct ucm_show_line *line)
{
    const struct ucm_view before = ucm_before(base, line->whole, "admin:");
    struct ucm_view node = before;
    struct ucm_view rest = before;
    struct ucm_view word;

    if (!ucm_contains(base, line->whole, "admin:", &line->value))
        return false;
    if (before.len > 0 && (!ucm_take_word(base, &rest, &word) || rest.len > 0))
        return false; /* a sentence that happens to hold the word */
    while (node.len > 0 &&
           (ucm_byte(base, node, node.len - 1) == ':' || ucm_byte(base, node, node.len - 1) == '@'))
        node.len--;
    line->what = UCM_SHOW_COMMAND;
    line->node = node;
    line->list = ucm_begins(base, line->value, "show itl", NULL)   ? UCM_LIST_ITL
                 : ucm_begins(base, line->value, "show ctl", NULL) ? UCM_LIST_CTL
                                                                   : UCM_LIST_UNKNOWN;
    return true;
}

static bool read_host(const uint8_t *base, struct ucm_show_line *line)
{
    struct ucm_view rest;

    if (!ucm_begins(base, line->whole, "Host Name", &rest) || !ucm_begins(base, rest, ":", &rest) ||
        !ucm_take_word(base, &rest, &line->value))
        return false;
    line->what = UCM_SHOW_HOST;
    return true;
}

static bool read_digest(const uint8_t *base, struct ucm_show_line *line)
{
    static const struct {
        const char *mark;
        enum ucm_show_what what;
        uint32_t digits;
    } DIGESTS[] = {{"(MD5)", UCM_SHOW_MD5, 32}, {"(SHA1)", UCM_SHOW_SHA1, 40}};

    for (size_t i = 0; i < sizeof DIGESTS / sizeof DIGESTS[0]; i++) {
        struct ucm_view digits = ucm_before(base, line->whole, DIGESTS[i].mark);
        bool all = digits.len == DIGESTS[i].digits;

        if (!all || !ucm_contains(base, line->whole, DIGESTS[i].mark, NULL))
            continue;
        for (uint32_t k = 0; k < digits.len; k++)
            all = all && ucm_hex_digit(ucm_byte(base, digits, k)) >= 0;
        if (!all)
            continue;
        line->what = DIGESTS[i].what;
        line->value = digits;
        return true;
    }
    return false;
}

static bool read_numbers(const uint8_t *base, struct ucm_show_line *line)
{
    struct ucm_view rest;
    uint32_t minor = 0;

    if (ucm_begins(base, line->whole, "Length of ", &rest) &&
        ucm_contains(base, rest, ":", &rest) && ucm_take_decimal(base, &rest, &line->number)) {
        line->what = UCM_SHOW_SIZE;
        return true;
    }
    if (ucm_begins(base, line->whole, "HeaderLength:", &rest) &&
        ucm_take_decimal(base, &rest, &line->number)) {
        line->what = UCM_SHOW_HEADER_LENGTH;
        return true;
    }
    if (ucm_begins(base, line->whole, "Version:", &rest) &&
        ucm_take_decimal(base, &rest, &line->number) && ucm_begins(base, rest, ".", &rest) &&
        ucm_take_decimal(base, &rest, &minor) && line->number < 256 && minor < 256) {
        line->what = UCM_SHOW_VERSION;
        line->number = line->number * 256 + minor;
        return true;
    }
    if ((ucm_begins(base, line->whole, "CTL Record", &rest) ||
         ucm_begins(base, line->whole, "ITL Record", &rest)) &&
        ucm_begins(base, rest, "#", &rest) && ucm_begins(base, rest, ":", &rest) &&
        ucm_take_decimal(base, &rest, &line->number) && line->number > 0) {
        line->what = UCM_SHOW_RECORD;
        return true;
    }
    return false;
}

static bool read_sentence(const uint8_t *base, struct ucm_show_line *line)
{
    static const struct {
        const char *begin;
        const char *inside;
        enum ucm_show_what what;
    } SENTENCES[] = {
        {"Parse ", "file", UCM_SHOW_PARSE},
        {"The checksum value of ", "file", UCM_SHOW_CHECKSUMS},
        {"The ", "was last modified on", UCM_SHOW_MODIFIED},
        {"The ", "verified successfully", UCM_SHOW_VERIFIED},
        {"This etoken was used", "sign", UCM_SHOW_SIGNER},
        {"This etoken was not used", "sign", UCM_SHOW_NO_SIGNER},
        {"CTL File not found", "", UCM_SHOW_MISSING},
        {"ITL File not found", "", UCM_SHOW_MISSING},
        {"Verification of the ", "failed", UCM_SHOW_FAILED},
        {"Error parsing the ", "file", UCM_SHOW_FAILED},
    };

    for (size_t i = 0; i < sizeof SENTENCES / sizeof SENTENCES[0]; i++)
        if (ucm_begins(base, line->whole, SENTENCES[i].begin, NULL) &&
            list_in(base, line->whole) != UCM_LIST_UNKNOWN &&
            (SENTENCES[i].inside[0] == '\0' ||
             ucm_contains(base, line->whole, SENTENCES[i].inside, &line->value))) {
            line->what = SENTENCES[i].what;
            return true;
        }
    return false;
}

static bool is_row_name(const uint8_t *base, struct ucm_view name)
{
    for (uint32_t i = 0; i < name.len; i++) {
        const uint8_t c = ucm_byte(base, name, i);

        if (c < 'A' || c > 'Z')
            return false;
    }
    return name.len > 3;
}

/* "4       FUNCTION        2       CAPF"; the value may be missing, or stand in the next line. */
static bool read_row(const uint8_t *base, struct ucm_show_line *line)
{
    struct ucm_view rest = line->whole;

    if (!ucm_take_decimal(base, &rest, &line->tag) || line->tag > 255 ||
        !ucm_take_word(base, &rest, &line->name) || !is_row_name(base, line->name) ||
        !ucm_take_decimal(base, &rest, &line->number))
        return false;
    line->what = UCM_SHOW_ROW;
    line->value = rest;
    return true;
}

static bool is_store_name(const uint8_t *base, struct ucm_view name)
{
    for (uint32_t i = 0; i < name.len; i++) {
        const uint8_t c = ucm_byte(base, name, i);

        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              c == '-' || c == '_'))
            return false;
    }
    return name.len > 0;
}

/* "tomcat-trust/cucm-pub.pem: Trust Certificate". A name that a terminal broke has its ".pem" in
 * the next line. */
static bool read_certificate(const uint8_t *base, struct ucm_show_line *line)
{
    const struct ucm_view store = ucm_before(base, line->whole, "/");
    struct ucm_view rest;

    if (store.len == line->whole.len || !is_store_name(base, store) ||
        !ucm_contains(base, line->whole, "/", &rest) ||
        (!ucm_contains(base, rest, ".pem", NULL) && line->whole.len < WRAPPED_MIN))
        return false;
    line->what = UCM_SHOW_CERTIFICATE;
    line->name = store;
    return true;
}

static void classify(const uint8_t *base, struct ucm_view view, uint32_t number,
                     struct ucm_show_line *line)
{
    memset(line, 0, sizeof *line);
    line->line = number;
    line->whole = view;
    if (read_row(base, line) || read_prompt(base, line))
        return;
    if (read_digest(base, line) || read_host(base, line) || read_certificate(base, line))
        return;
    if (read_numbers(base, line) || read_sentence(base, line))
        line->list = list_in(base, ucm_before(base, line->whole, ":"));
    else
        line->what = UCM_SHOW_OTHER;
}

/* ---- lines that continue one ---- */

/* The pager's question, the heads of tables and rules of dashes stand between lines. */
static bool is_noise(const uint8_t *base, struct ucm_view view)
{
    return ucm_begins(base, view, "Press <enter>", NULL) || ucm_begins(base, view, "--", NULL) ||
           ucm_begins(base, view, "BYTEPOS", NULL);
}

static void take_continuation(struct ucm_lines *lines, struct ucm_show_line *line)
{
    struct ucm_view end = line->whole;

    for (unsigned i = 0; i < CONTINUED_MAX; i++) {
        struct ucm_lines ahead = *lines;
        struct ucm_view view;
        struct ucm_show_line next;

        if (!ucm_line_next(&ahead, &view) || view.len == 0 || is_noise(lines->cursor.base, view))
            break;
        if (view.off + view.len - line->whole.off > UCM_LINE_MAX)
            break; /* what was skipped of a line would come back with the next one */
        classify(lines->cursor.base, view, 0, &next);
        if (next.what != UCM_SHOW_OTHER)
            break;
        end = view;
        *lines = ahead;
    }
    if (line->what == UCM_SHOW_ROW)
        line->value.len = end.off + end.len - line->value.off;
    line->whole.len = end.off + end.len - line->whole.off;
}

/* File and description, now that the whole line is known. */
static void part_certificate(const uint8_t *base, struct ucm_show_line *line)
{
    struct ucm_view rest = {0, 0};
    const uint32_t head = line->name.off + line->name.len + 1 - line->whole.off;

    line->file = (struct ucm_view){line->whole.off + head, line->whole.len - head};
    if (ucm_contains(base, line->file, ":", &rest))
        line->value = rest;
    line->file = ucm_before(base, line->file, ":");
}

bool ucm_show_next(struct ucm_lines *lines, struct ucm_show_line *line)
{
    const uint8_t *base = lines->cursor.base;
    struct ucm_view view;

    while (ucm_line_next(lines, &view)) {
        if (view.len == 0 || is_noise(base, view))
            continue;
        classify(base, view, lines->number, line);
        if (line->what == UCM_SHOW_ROW || line->what == UCM_SHOW_CERTIFICATE)
            take_continuation(lines, line);
        if (line->what == UCM_SHOW_CERTIFICATE)
            part_certificate(base, line);
        return true;
    }
    return false;
}

/* ---- outputs ---- */

static bool is_about_a_list(const struct ucm_show_line *line)
{
    return line->what != UCM_SHOW_OTHER && line->what != UCM_SHOW_COMMAND &&
           line->what != UCM_SHOW_HOST && line->what != UCM_SHOW_CERTIFICATE &&
           line->what != UCM_SHOW_VERSION; /* other outputs have a Version too */
}

/* Does another output begin here? Each of these lines stands once in an output, records count up,
 * and a list is one of the two. */
static bool begins_anew(const struct ucm_show_block *block, const struct ucm_show_line *line)
{
    const bool rows = ucm_show_has(block, UCM_SHOW_ROW);

    if (block->has == 0)
        return false;
    if (line->what == UCM_SHOW_COMMAND || line->what == UCM_SHOW_HOST ||
        line->what == UCM_SHOW_CERTIFICATE)
        return true;
    if (line->list != UCM_LIST_UNKNOWN && block->kind != UCM_LIST_UNKNOWN &&
        line->list != block->kind)
        return true;
    if (line->what == UCM_SHOW_RECORD)
        return ucm_show_has(block, UCM_SHOW_RECORD) && line->number <= block->last_record;
    return (line->what == UCM_SHOW_CHECKSUMS || line->what == UCM_SHOW_MD5 ||
            line->what == UCM_SHOW_SIZE || line->what == UCM_SHOW_PARSE) &&
           (rows || ucm_show_has(block, line->what));
}

static void note(struct ucm_show_block *block, const struct ucm_show_line *line)
{
    if (block->has == 0)
        block->line = line->line;
    if (line->list != UCM_LIST_UNKNOWN)
        block->kind = line->list;
    switch (line->what) {
    case UCM_SHOW_MD5:
        block->md5 = line->value;
        break;
    case UCM_SHOW_SHA1:
        block->sha1 = line->value;
        break;
    case UCM_SHOW_SIZE:
        block->size = line->number;
        break;
    case UCM_SHOW_MODIFIED:
        block->modified = line->value;
        break;
    case UCM_SHOW_VERSION:
        block->version = (uint16_t)line->number;
        break;
    case UCM_SHOW_HEADER_LENGTH:
        block->header_length = line->number;
        break;
    case UCM_SHOW_RECORD:
        block->records++;
        block->last_record = line->number;
        break;
    default:
        break;
    }
    block->has |= 1u << line->what;
}

/* A command, or a line about the node: what comes next is about it. */
static void follow(struct ucm_show_blocks *blocks, const struct ucm_show_line *line)
{
    if (line->what == UCM_SHOW_COMMAND) {
        blocks->asked = line->list;
        if (line->node.len > 0)
            blocks->node = line->node;
    }
    if (line->what == UCM_SHOW_HOST)
        blocks->node = line->value;
}

bool ucm_show_block_next(struct ucm_show_blocks *blocks, struct ucm_show_block *block)
{
    struct ucm_lines before = blocks->lines;
    struct ucm_show_line line;

    memset(block, 0, sizeof *block);
    while (ucm_show_next(&blocks->lines, &line)) {
        if (begins_anew(block, &line)) {
            blocks->lines = before;
            break;
        }
        follow(blocks, &line);
        if (is_about_a_list(&line) || (block->has != 0 && line.what == UCM_SHOW_VERSION)) {
            if (block->has == 0) {
                block->kind = blocks->asked;
                block->inside = before;
            }
            note(block, &line);
        }
        before = blocks->lines;
    }
    block->node = blocks->node;
    block->inside.cursor.end = before.cursor.pos;
    return block->has != 0;
}

/* ---- values ---- */

static bool read_month(const uint8_t *base, struct ucm_view word, uint32_t *month)
{
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

    for (uint32_t i = 0; i < 12; i++)
        if (ucm_is_text(base, word, MONTHS[i])) {
            *month = i + 1;
            return true;
        }
    return false;
}

/* Days since 1970 of a date of the Gregorian calendar. */
static int64_t days_of(uint32_t year, uint32_t month, uint32_t day)
{
    const int64_t y = (int64_t)year - (month <= 2 ? 1 : 0);
    const int64_t m = ((int64_t)month + 9) % 12;

    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + (int64_t)day - 1 - 719468;
}

static bool read_clock(const uint8_t *base, struct ucm_view word, int64_t *seconds)
{
    uint32_t part[3] = {0, 0, 0};

    for (unsigned i = 0; i < 3; i++)
        if (!ucm_take_decimal(base, &word, &part[i]) ||
            (i < 2 && !ucm_begins(base, word, ":", &word)))
            return false;
    if (part[0] > 23 || part[1] > 59 || part[2] > 60 || word.len > 0)
        return false;
    *seconds = (int64_t)part[0] * 3600 + (int64_t)part[1] * 60 + part[2];
    return true;
}

bool ucm_show_date(const uint8_t *base, struct ucm_view view, int64_t *seconds)
{
    uint32_t month = 0;
    uint32_t day = 0;
    uint32_t year = 0;
    int64_t clock = -1;
    struct ucm_view word;

    while (ucm_take_word(base, &view, &word)) {
        struct ucm_view digits = word;
        uint32_t number = 0;

        if (read_month(base, word, &month) || read_clock(base, word, &clock))
            continue;
        if (!ucm_take_decimal(base, &digits, &number) || digits.len > 0)
            continue;
        if (word.len == 4)
            year = number;
        else
            day = number;
    }
    if (month == 0 || day == 0 || day > 31 || year < 1970 || year > 9999 || clock < 0)
        return false;
    *seconds = days_of(year, month, day) * 86400 + clock;
    return true;
}

uint16_t ucm_show_role(const uint8_t *base, struct ucm_view view)
{
    static const struct {
        const char *text;
        uint16_t role;
    } TEXTS[] = {
        {"System Administrator Security Token", UCM_ROLE_SAST}, /* A */
        {"Security Token", UCM_ROLE_SAST},                      /* B: another parser prints it */
    };
    struct ucm_view whole = {0, 0};

    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        whole.len = (uint32_t)strlen(TEXTS[i].text);
        if (ucm_compare_squeezed(base, view, (const uint8_t *)TEXTS[i].text, whole) ==
            UCM_SQUEEZED_SAME)
            return TEXTS[i].role;
    }
    for (uint32_t role = 0; role < 256; role++) {
        const char *name = ucm_role_name(role);

        whole.len = name != NULL ? (uint32_t)strlen(name) : 0;
        if (name != NULL &&
            ucm_compare_squeezed(base, view, (const uint8_t *)name, whole) == UCM_SQUEEZED_SAME)
            return (uint16_t)role; /* CCM+TFTP, CAPF: A; others: B */
    }
    return UCM_ROLE_NONE;
}
