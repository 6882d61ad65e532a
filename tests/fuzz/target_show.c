/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Saved output of `show itl`, `show ctl` and `show cert list`, compared with a trust list.
 * Input: size of the list (2 bytes), the list, the text.
 */
#include "fuzz.h"

#include "nagios/result.h"
#include "nagios/trustlist_compare.h"

#include "common/show_compare.h"

#include <stdlib.h>
#include <string.h>

static bool inside(struct ucm_view view, size_t size)
{
    return view.off <= size && view.len <= size - view.off;
}

static void walk_lines(const uint8_t *text, size_t size)
{
    struct ucm_lines lines = ucm_lines_over(text, size);
    struct ucm_show_line line;
    struct ucm_view view;
    uint32_t last = 0;

    while (ucm_line_next(&lines, &view)) {
        MUST(inside(view, size) && view.len <= UCM_LINE_MAX && lines.number == ++last);
        MUST(view.len == 0 || (text[view.off] > ' ' && text[view.off + view.len - 1] > ' '));
    }
    lines = ucm_lines_over(text, SIZE_MAX); /* what is beyond is not read */
    MUST(lines.cursor.end == UCM_SAVED_MAX);
    lines = ucm_lines_over(text, size);
    last = 0;
    while (ucm_show_next(&lines, &line)) {
        int64_t seconds = 0;

        MUST(line.line > last && line.what <= UCM_SHOW_CERTIFICATE);
        last = line.line;
        MUST(inside(line.whole, size) && inside(line.node, size) && inside(line.name, size));
        MUST(inside(line.file, size) && inside(line.value, size));
        if (ucm_show_date(text, line.value, &seconds))
            MUST(seconds >= 0 && seconds < INT64_C(253402300861));
        ucm_show_role(text, line.value);
    }
}

static void compare(const uint8_t *text, size_t size, const struct ucm_trustlist *list)
{
    struct ucm_show_blocks blocks = {.lines = ucm_lines_over(text, size)};
    struct ucm_show_block block;
    static struct ucm_show_comparison comparison;
    uint32_t last = 0;

    while (ucm_show_block_next(&blocks, &block)) {
        MUST(block.line > last);
        last = block.line;
        MUST(inside(block.md5, size) && inside(block.sha1, size) && inside(block.node, size));
        MUST(inside(block.modified, size) && block.inside.cursor.end <= size);
        ucm_show_compare(text, &block, list, &comparison);
        for (uint32_t i = 0; i < ucm_show_stored(&comparison); i++) {
            const struct ucm_show_difference *one = &comparison.item[i];

            MUST(one->field <= UCM_SHOW_FIELD_ONLY_FILE && inside(one->in_text, size));
            MUST(inside(one->in_file, list->size));
            MUST(inside(one->subject, one->field == UCM_SHOW_FIELD_ONLY_FILE ? list->size : size));
        }
    }
}

/* The same through the check: what it prints is never OK for a text that it cannot compare. */
static void print(struct fuzz_input list, struct fuzz_input text)
{
    struct result *result = result_new("check_ucm_trustlist", FUZZ_NOW);
    struct result_source *source = result_add_source(result, "file");
    char *paths[] = {(char *)fuzz_file(0, text.data, text.size), NULL};
    const struct ucm_lint_options options = ucm_lint_defaults(FUZZ_NOW);
    GString *out = NULL;

    result->verbose = true;
    source->data = fuzz_copy(list);
    source->size = list.size;
    source->judged = true;
    MUST(ucm_report_make(source->data, source->size, &options, &source->report));
    trustlist_compare(result, paths);
    result_conclude(result);
    result->summary = g_strdup("compared");
    out = result_text(result);
    MUST(fuzz_plugin_output(out->str, out->len));
    g_string_free(out, TRUE);
    out = result_json(result);
    MUST(fuzz_json(out->str, out->len));
    g_string_free(out, TRUE);
    MUST(result->findings->len > 0 || text.size > 0);
    result_free(result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const struct fuzz_input file = fuzz_piece(&input, fuzz_u16(&input));
    uint8_t *list = fuzz_copy(file);
    uint8_t *text = fuzz_copy(input);
    uint8_t *again = NULL;
    const size_t plain = ucm_text_plain(text, input.size);
    static struct ucm_trustlist decoded;

    MUST(plain <= input.size);
    again = fuzz_copy((struct fuzz_input){text, plain});
    walk_lines(again, plain);
    if (ucm_trustlist_decode(list, file.size, &decoded))
        compare(again, plain, &decoded);
    print(file, input);
    free(list);
    free(text);
    free(again);
    return 0;
}
