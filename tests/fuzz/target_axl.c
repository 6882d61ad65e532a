/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Answers of AXL: the same whatever pieces they come in; and what is made of their rows.
 * Input: a table (1 byte), the size of a piece (1 byte), the answer.
 */
#include "fuzz.h"

#include "nagios/axl_model.h"

#include <libxml/xmlerror.h>
#include <stdlib.h>
#include <string.h>

extern const struct axl_xml_functions ucmtrust_axl_xml;

static axl_row_function *const TABLES[] = {axl_model_service_row,    axl_model_node_row,
                                           axl_model_mode_row,       axl_model_store_map_row,
                                           axl_model_role_map_row,   axl_model_node_map_row,
                                           axl_model_certificate_row};

/** Rows as one text, and where they go besides. */
struct rows {
    GString *text;
    struct axl_model *model; /* NULL: nowhere */
    axl_row_function *table;
};

static bool take_row(void *user, const struct axl_value *values, unsigned count)
{
    struct rows *rows = user;

    MUST(count <= AXL_VALUES_MAX);
    g_string_append_c(rows->text, '\n');
    for (unsigned i = 0; i < count; i++) {
        MUST(memchr(values[i].name, '\0', AXL_NAME_MAX) != NULL);
        MUST(values[i].size <= AXL_VALUE_MAX && strlen(values[i].text) == values[i].size);
        MUST(g_utf8_validate(values[i].text, (gssize)values[i].size, NULL));
        g_string_append_printf(rows->text, "%s=%s;", values[i].name, values[i].text);
    }
    return rows->model == NULL || rows->table(rows->model, values, count);
}

static struct axl_answer read_in_pieces(struct fuzz_input input, size_t piece, struct rows *rows)
{
    struct axl_xml *xml = ucmtrust_axl_xml.start(take_row, rows);

    MUST(xml != NULL);
    while (input.size > 0) {
        struct fuzz_input now = fuzz_piece(&input, piece);
        uint8_t *copy = fuzz_copy(now);
        const bool more = ucmtrust_axl_xml.take(xml, copy, now.size);

        free(copy);
        if (!more)
            break;
    }
    return ucmtrust_axl_xml.finish(xml);
}

static void check_answer(const struct axl_answer *answer)
{
    MUST(!(answer->is_rows && answer->is_fault));
    MUST((answer->is_rows || answer->is_fault) == (answer->problem[0] == '\0'));
    MUST(memchr(answer->code, '\0', sizeof answer->code) != NULL);
    MUST(memchr(answer->fault, '\0', sizeof answer->fault) != NULL);
    MUST(memchr(answer->problem, '\0', sizeof answer->problem) != NULL);
}

static void print(struct store_set *set)
{
    struct result *result = result_new("check_ucm_truststore", FUZZ_NOW);
    GString *out = NULL;

    store_set_finish(set);
    store_set_report(set, result);
    result_conclude(result);
    result->summary = g_strdup("read");
    result->verbose = true;
    out = result_text(result);
    MUST(fuzz_plugin_output(out->str, out->len));
    g_string_free(out, TRUE);
    out = result_json(result);
    MUST(fuzz_json(out->str, out->len));
    g_string_free(out, TRUE);
    result_free(result);
}

/* Icinga joins standard error to the output of a check, so nothing may be said there. */
static void on_standard_error(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
    fuzz_fail(__FILE__, __LINE__, "nothing is said on standard error");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct store_set *set = store_set_new("cluster");
    struct axl_model *model = axl_model_new(set, "axl");
    struct rows one = {g_string_new(NULL), model, TABLES[fuzz_u8(&input) % G_N_ELEMENTS(TABLES)]};
    struct rows two = {g_string_new(NULL), NULL, NULL};
    const size_t piece = 1 + fuzz_u8(&input);
    struct axl_answer whole;
    struct axl_answer pieces;

    xmlSetGenericErrorFunc(NULL, on_standard_error);
    whole = read_in_pieces(input, MAX(input.size, 1), &one);
    check_answer(&whole);
    pieces = read_in_pieces(input, piece, &two);
    check_answer(&pieces);
    if (whole.rows == pieces.rows || whole.problem[0] == '\0') {
        MUST(whole.is_rows == pieces.is_rows && whole.is_fault == pieces.is_fault);
        /* How much is read before what is bad depends on the pieces, and is not used. */
        if (whole.problem[0] == '\0')
            MUST(strcmp(whole.code, pieces.code) == 0 && strcmp(whole.fault, pieces.fault) == 0);
    }
    if (whole.is_rows)
        MUST(g_string_equal(one.text, two.text));
    axl_model_roles_known(model);
    axl_model_stores_known(model);
    axl_model_finish(model, whole.is_rows);
    axl_model_free(model);
    print(set);
    store_set_free(set);
    g_string_free(one.text, TRUE);
    g_string_free(two.text, TRUE);
    return 0;
}
