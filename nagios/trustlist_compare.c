/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Saved text against trust lists: see trustlist_compare.h. Must not judge.
 */
#include "trustlist_compare.h"

#include "fetch.h"

#include "common/show_compare.h"

#include <stdlib.h>
#include <string.h>

enum { OUTPUTS_MAX = 200 }; /* of one text */

/** An output in a text, and the list that it is held against. */
struct pair {
    const uint8_t *text;
    const struct ucm_show_block *block;
    const struct result_source *source;
    const struct ucm_show_comparison *found;
    const char *where; /* of the text, printable */
};

/* ---- words ---- */

/* Text of any bytes in one line: where a terminal broke it there is one space. */
static char *words(const uint8_t *base, struct ucm_view view)
{
    GString *text = g_string_new(NULL);
    struct ucm_view word;

    while (ucm_take_word(base, &view, &word)) {
        g_autofree char *printable = printable_bytes(base + word.off, word.len);

        g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", printable);
    }
    return g_string_free(text, FALSE);
}

static char *hex(const uint8_t *bytes, size_t size)
{
    char *text = g_malloc(2 * size + 1);

    ucm_hex(bytes, size, text);
    return text;
}

/* A serial number or digest as the text prints it, without its colons and spaces. */
static char *hex_in_text(const uint8_t *base, struct ucm_view view)
{
    uint8_t bytes[UCM_CERT_SERIAL_MAX];
    const size_t size = ucm_hex_read(base, view, bytes, sizeof bytes);

    return size > 0 ? hex(bytes, size) : g_strdup("nothing that can be read");
}

static char *sha1_in_list(const uint8_t *base, struct ucm_view der)
{
    uint8_t sha1[UCM_SHA1_SIZE];

    if (der.len == 0 || !ucm_sha1(base + der.off, der.len, sha1))
        return g_strdup("none");
    return hex(sha1, sizeof sha1);
}

static char *role_or_number(uint32_t role)
{
    const char *name = ucm_role_name(role);

    return name != NULL ? g_strdup(name) : g_strdup_printf("role %u", role);
}

/* "serial number", as inside a sentence; to be freed. */
static char *element_word(const struct ucm_show_difference *one)
{
    const char *name =
        one->record == 0 ? ucm_header_tag_name(one->tag) : ucm_record_tag_name(one->tag);
    char *word = g_strdup(name != NULL ? name : "element");

    if (!g_ascii_isupper(word[1]))
        word[0] = g_ascii_tolower(word[0]);
    return word;
}

/* "serial number A in the text, B in the list"; to be freed. */
static char *difference_text(const struct pair *pair, const struct ucm_show_difference *one)
{
    const uint8_t *list = pair->source->data;
    const struct ucm_view serial = ucm_serial(list, one->in_file);
    g_autofree char *a = NULL;
    g_autofree char *b = NULL;
    g_autofree char *element = element_word(one);
    const char *what = element;

    switch (one->field) {
    case UCM_SHOW_FIELD_VERSION:
        return g_strdup_printf("version %u.%u in the text, %u.%u in the list",
                               one->text_number >> 8, one->text_number & 0xff,
                               one->file_number >> 8, one->file_number & 0xff);
    case UCM_SHOW_FIELD_NAME:
        a = words(pair->text, one->in_text);
        b = words(list, one->in_file);
        break;
    case UCM_SHOW_FIELD_SERIAL:
        a = hex_in_text(pair->text, one->in_text);
        b = hex(list + serial.off, serial.len);
        break;
    case UCM_SHOW_FIELD_CERTIFICATE:
        what = "SHA-1 of the certificate";
        a = hex_in_text(pair->text, one->in_text);
        b = sha1_in_list(list, one->in_file);
        break;
    case UCM_SHOW_FIELD_ROLE:
        a = role_or_number(one->text_number);
        b = role_or_number(one->file_number);
        break;
    case UCM_SHOW_FIELD_SIGNED:
        return g_strdup(one->text_number != 0
                            ? "signed the list by the text, another one signed it in truth"
                            : "did not sign the list by the text, and signed it in truth");
    default:
        what = one->field == UCM_SHOW_FIELD_SIZE     ? "size of the file"
               : one->field == UCM_SHOW_FIELD_HEADER ? "length of the header"
                                                     : what;
        return g_strdup_printf("%s %u in the text, %u in the list", what, one->text_number,
                               one->file_number);
    }
    return g_strdup_printf("%s %s in the text, %s in the list", what, *a != '\0' ? a : "empty",
                           *b != '\0' ? b : "empty");
}

static char *record_name(const struct pair *pair, const struct ucm_show_difference *one)
{
    const uint8_t *base = one->field == UCM_SHOW_FIELD_ONLY_FILE ? pair->source->data : pair->text;
    g_autofree char *subject = words(base, one->subject);

    return *subject == '\0' ? g_strdup_printf("record %u", one->record)
                            : g_strdup_printf("record %u, %s", one->record, subject);
}

/* ---- findings ---- */

static void add(const struct pair *pair, struct result *result, enum ucm_finding_id id,
                const char *detail)
{
    const bool edited = pair->found->digest == UCM_SHOW_DIGEST_SAME && id != UCM_SV_FAILED;
    g_autofree char *text = detail == NULL
                                ? g_strdup_printf("against %s", pair->source->name)
                                : g_strdup_printf("%s; against %s", detail, pair->source->name);

    result_add_rule(result, edited && id != UCM_SV_SAME ? UCM_SV_EDITED : id, STATE_UNSET,
                    pair->where, text);
}

/* All that differs in one record is one finding. Returns how many differences that were. */
static uint32_t add_record(const struct pair *pair, struct result *result, uint32_t first)
{
    const struct ucm_show_difference *one = &pair->found->item[first];
    g_autofree char *name = record_name(pair, one);
    GString *text = g_string_new(name);
    uint32_t used = 0;

    if (one->field == UCM_SHOW_FIELD_ONLY_TEXT || one->field == UCM_SHOW_FIELD_ONLY_FILE) {
        add(pair, result,
            one->field == UCM_SHOW_FIELD_ONLY_TEXT ? UCM_SV_RECORD_GONE : UCM_SV_RECORD_NEW, name);
        g_string_free(text, TRUE);
        return 1;
    }
    while (first + used < ucm_show_stored(pair->found) &&
           pair->found->item[first + used].record == one->record &&
           pair->found->item[first + used].field < UCM_SHOW_FIELD_ONLY_TEXT) {
        g_autofree char *what = difference_text(pair, &pair->found->item[first + used]);

        g_string_append_printf(text, "%s%s", used == 0 ? ": " : ", ", what);
        used++;
    }
    add(pair, result, UCM_SV_RECORD, text->str);
    g_string_free(text, TRUE);
    return used;
}

static void add_differences(const struct pair *pair, struct result *result)
{
    const uint32_t stored = ucm_show_stored(pair->found);

    for (uint32_t i = 0; i < stored;) {
        const struct ucm_show_difference *one = &pair->found->item[i];
        g_autofree char *text = NULL;

        if (one->record != 0) {
            i += add_record(pair, result, i);
            continue;
        }
        i++;
        if (one->field == UCM_SHOW_FIELD_SIZE && pair->found->digest != UCM_SHOW_DIGEST_SAME)
            continue; /* said with SHOW-OTHER */
        text = difference_text(pair, one);
        add(pair, result, UCM_SV_HEADER, text);
    }
    if (pair->found->count > stored)
        result->unlisted += pair->found->count - stored;
}

/* What the file was then and is now. */
static char *version_text(const struct pair *pair)
{
    static const char *const AGES[] = {
        "the text is older", "neither is older by more than some hours", "the text is newer"};
    const struct ucm_show_block *block = pair->block;
    GString *text = g_string_new(pair->found->text_time == UCM_TIME_NONE
                                     ? "the text does not say when its file was made"
                                     : AGES[pair->found->age + 1]);
    char date[32];

    if (pair->found->text_time != UCM_TIME_NONE) {
        ucm_date_text(pair->found->text_time, date, sizeof date);
        g_string_append_printf(text, ", its file is of %s", date);
    }
    if (ucm_list_has(&pair->source->report.list, UCM_HEADER_TIMESTAMP)) {
        ucm_date_text(pair->source->report.list.timestamp, date, sizeof date);
        g_string_append_printf(text, ", the list of %s", date);
    }
    if (ucm_show_has(block, UCM_SHOW_SIZE) && block->size != pair->source->size)
        g_string_append_printf(text, ", %u bytes in the text, %zu now", block->size,
                               pair->source->size);
    return g_string_free(text, FALSE);
}

static void report(const struct pair *pair, struct result *result)
{
    const struct ucm_show_comparison *found = pair->found;
    const bool size_differs = ucm_show_has(pair->block, UCM_SHOW_SIZE) &&
                              pair->block->size != pair->source->report.list.size;
    const bool other = found->digest == UCM_SHOW_DIGEST_OTHER ||
                       (found->digest == UCM_SHOW_DIGEST_NONE && size_differs);

    if (ucm_show_has(pair->block, UCM_SHOW_FAILED))
        add(pair, result, UCM_SV_FAILED, NULL);
    if (other) {
        g_autofree char *text = version_text(pair);

        add(pair, result, UCM_SV_OTHER, text);
    }
    add_differences(pair, result);
    if (found->count == 0 && !other) {
        const bool sure =
            found->digest == UCM_SHOW_DIGEST_SAME ||
            (found->whole && found->age == 0 && ucm_show_has(pair->block, UCM_SHOW_SIZE));

        add(pair, result, sure ? UCM_SV_SAME : UCM_SV_PARTIAL, NULL);
    }
}

/* ---- which list ---- */

static bool fits_kind(const struct result_source *source, enum ucm_list_kind kind)
{
    const enum ucm_list_kind its = source->report.list.kind;

    return source->judged && source->report.list.error.id == UCM_FINDING_NONE &&
           (its == UCM_LIST_ITL || its == UCM_LIST_CTL) &&
           (kind == UCM_LIST_UNKNOWN || its == kind);
}

/* "CTL File not found", and a size of 0: there was none when the text was saved. */
static bool shows_none(const struct ucm_show_block *block)
{
    return ucm_show_has(block, UCM_SHOW_MISSING) ||
           (ucm_show_has(block, UCM_SHOW_SIZE) && block->size == 0);
}

/* Was it looked for, and is not there? */
static bool is_absent(const struct result *result, enum ucm_list_kind kind)
{
    bool absent = kind == UCM_LIST_CTL && result->ignored[UCM_TL_CTL_ABSENT] > 0;

    for (unsigned i = 0; i < result->findings->len; i++) {
        const struct result_finding *finding = g_ptr_array_index(result->findings, i);

        absent = absent || finding->id == UCM_TL_MISSING ||
                 (kind == UCM_LIST_CTL && finding->id == UCM_TL_CTL_ABSENT);
    }
    return absent;
}

static void compare_none(struct result *result, const struct ucm_show_block *block,
                         const char *where)
{
    for (unsigned i = 0; i < result->sources->len; i++) {
        const struct result_source *source = g_ptr_array_index(result->sources, i);
        g_autofree char *text = g_strdup_printf("there was no %s then; against %s",
                                                ucm_list_kind_name(block->kind), source->name);

        if (fits_kind(source, block->kind)) {
            result_add_rule(result, UCM_SV_OTHER, STATE_UNSET, where, text);
            return;
        }
    }
    if (is_absent(result, block->kind))
        result_add_rule(result, UCM_SV_SAME, STATE_UNSET, where,
                        "there was no list then, and is none");
    else
        result_add_rule(result, UCM_SV_NO_LIST, STATE_UNSET, where,
                        ucm_list_kind_name(block->kind));
}

/* Is the first one a better match: the same bytes, else fewer differences? */
static bool is_better(const struct ucm_show_comparison *a, const struct ucm_show_comparison *b)
{
    if ((a->digest == UCM_SHOW_DIGEST_SAME) != (b->digest == UCM_SHOW_DIGEST_SAME))
        return a->digest == UCM_SHOW_DIGEST_SAME;
    return a->count < b->count;
}

static void compare_block(struct result *result, const uint8_t *text,
                          const struct ucm_show_block *block, const char *where)
{
    struct ucm_show_comparison best = {0};
    struct ucm_show_comparison one;
    struct pair pair = {text, block, NULL, &best, where};

    if (shows_none(block)) {
        compare_none(result, block, where);
        return;
    }
    for (unsigned i = 0; i < result->sources->len; i++) {
        const struct result_source *source = g_ptr_array_index(result->sources, i);

        if (!fits_kind(source, block->kind))
            continue;
        ucm_show_compare(text, block, &source->report.list, &one);
        if (pair.source == NULL || is_better(&one, &best)) {
            best = one;
            pair.source = source;
        }
    }
    if (pair.source == NULL)
        result_add_rule(result, UCM_SV_NO_LIST, STATE_UNSET, where,
                        ucm_list_kind_name(block->kind));
    else
        report(&pair, result);
}

/* ---- texts ---- */

static void compare_text(struct result *result, const uint8_t *text, size_t size, const char *name)
{
    struct ucm_show_blocks blocks = {.lines = ucm_lines_over(text, size)};
    struct ucm_show_block block;
    unsigned count = 0;

    while (ucm_show_block_next(&blocks, &block)) {
        g_autofree char *where = g_strdup_printf("%s:%u", name, block.line);
        const char *why = plugin_left_ms() == 0  ? "time ran out while it was read"
                          : count == OUTPUTS_MAX ? "more than 200 outputs: the rest was left out"
                                                 : NULL;

        if (why != NULL) {
            result_add_rule(result, UCM_SV_UNREADABLE, STATE_UNSET, where, why);
            return;
        }
        compare_block(result, text, &block, where);
        count++;
    }
    if (count == 0)
        result_add_rule(result, UCM_SV_NOTHING, STATE_UNSET, name, NULL);
}

void trustlist_compare(struct result *result, char *const *paths)
{
    plugin_stage("compare");
    for (; *paths != NULL; paths++) {
        g_autofree char *name = printable_text(fetch_file_name(*paths));
        struct fetch fetch = {0};

        fetch_text(*paths, &fetch);
        if (fetch.outcome != FETCH_OK)
            result_add_rule(result, UCM_SV_UNREADABLE, STATE_UNSET, name, fetch.detail);
        else
            compare_text(result, fetch.data, fetch.size, name);
        free(fetch.data);
    }
}
