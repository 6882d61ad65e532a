/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Moves between clusters for a terminal of 80 columns: source down, destination across. Must not
 * judge.
 */
#include "fleet.h"

#include <string.h>

enum {
    WIDTH = 80,
    LABEL_MAX = 20,            /* of a name */
    CELL = FLEET_WORD_MAX + 1, /* with the blank before it */
    MATRIX_MAX = 18,           /* clusters; with more, lines say it better */
    MORE_ROOM = 16,            /* for " and 1234 more" */
};

/** What one matrix is about. */
struct view {
    const struct fleet *fleet;
    const GPtrArray *names; /**< of char * */
    bool emcc;
};

/* NULL: nobody asked. */
static const struct fleet_verdict *verdict_of(const struct view *view,
                                              const struct fleet_move *move)
{
    const struct fleet_verdict *verdict =
        move == NULL ? NULL : (view->emcc ? &move->emcc : &move->phones);

    return verdict != NULL && verdict->asked ? verdict : NULL;
}

static int label_width(const GPtrArray *names)
{
    size_t width = 0;

    for (unsigned i = 0; i < names->len; i++)
        width = MAX(width, strlen(g_ptr_array_index(names, i)));
    return (int)MIN(width, (size_t)LABEL_MAX);
}

static void add_cell(GString *out, const struct view *view, unsigned row, unsigned column)
{
    const struct fleet_verdict *verdict =
        verdict_of(view, fleet_find(view->fleet, g_ptr_array_index(view->names, row),
                                    g_ptr_array_index(view->names, column)));
    const char *word = row == column ? "." : verdict == NULL ? "-" : fleet_word(verdict);

    g_string_append_printf(out, " %*s", FLEET_WORD_MAX, word);
}

/* Columns from first to end, and all rows. */
static void add_block(GString *out, const struct view *view, unsigned first, unsigned end)
{
    const int width = label_width(view->names);

    g_string_append_printf(out, "   %*s", width, "");
    for (unsigned column = first; column < end; column++)
        g_string_append_printf(out, " %*u", FLEET_WORD_MAX, column + 1);
    g_string_append_c(out, '\n');
    for (unsigned row = 0; row < view->names->len; row++) {
        g_string_append_printf(out, "%2u %-*.*s", row + 1, width, width,
                               (const char *)g_ptr_array_index(view->names, row));
        for (unsigned column = first; column < end; column++)
            add_cell(out, view, row, column);
        g_string_append_c(out, '\n');
    }
}

/* What the words in the cells stand for. */
static void add_legend(GString *out, const struct view *view)
{
    bool said[UCM_FINDING_COUNT] = {false};

    for (unsigned i = 0; i < view->fleet->moves->len; i++) {
        const struct fleet_verdict *verdict =
            verdict_of(view, g_ptr_array_index(view->fleet->moves, i));

        if (verdict == NULL || verdict->decides == UCM_FINDING_NONE || said[verdict->decides])
            continue;
        said[verdict->decides] = true;
        g_string_append_printf(out, "   %s: %s\n", fleet_word(verdict),
                               ucm_rule(verdict->decides)->id);
    }
}

static void add_matrix(GString *out, const struct view *view)
{
    const unsigned columns = (WIDTH - 3 - (unsigned)label_width(view->names)) / (unsigned)CELL;

    for (unsigned first = 0; first < view->names->len; first += columns)
        add_block(out, view, first, MIN(first + columns, view->names->len));
}

/* The destinations with one word, as many as the line takes. */
static void add_destinations(GString *out, const struct view *view, const char *from,
                             const char *word)
{
    const gsize start = out->len;
    unsigned count = 0;
    unsigned hidden = 0;

    g_string_append_printf(out, "   %s:", word);
    for (unsigned i = 0; i < view->fleet->moves->len; i++) {
        const struct fleet_move *move = g_ptr_array_index(view->fleet->moves, i);
        const struct fleet_verdict *verdict = verdict_of(view, move);

        if (verdict == NULL || strcmp(move->from, from) != 0 ||
            strcmp(fleet_word(verdict), word) != 0)
            continue;
        if (hidden > 0 || out->len - start + strlen(move->to) + 2 + MORE_ROOM > WIDTH)
            hidden++;
        else
            g_string_append_printf(out, "%s %s", count++ > 0 ? "," : "", move->to);
    }
    if (hidden > 0)
        g_string_append_printf(out, count > 0 ? " and %u more" : " %u", hidden);
    g_string_append_c(out, '\n');
}

/* False, and nothing printed, for a cluster whose moves are all ready. */
static bool add_row(GString *out, const struct view *view, const char *from)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    unsigned all = 0;
    unsigned ready = 0;

    for (unsigned i = 0; i < view->fleet->moves->len; i++) {
        const struct fleet_move *move = g_ptr_array_index(view->fleet->moves, i);
        const struct fleet_verdict *verdict = verdict_of(view, move);
        char *word = NULL;

        if (verdict == NULL || strcmp(move->from, from) != 0)
            continue;
        all++;
        word = (char *)(uintptr_t)fleet_word(verdict);
        if (verdict->decides == UCM_FINDING_NONE)
            ready++;
        else if (!g_ptr_array_find(words, word, NULL))
            g_ptr_array_add(words, word);
    }
    if (ready == all)
        return false;
    g_string_append_printf(out, "%.*s: ready for %u of %u\n", LABEL_MAX, from, ready, all);
    for (unsigned i = 0; i < words->len; i++)
        add_destinations(out, view, from, g_ptr_array_index(words, i));
    return true;
}

static void add_rows(GString *out, const struct view *view)
{
    unsigned rest = 0;

    for (unsigned i = 0; i < view->names->len; i++)
        rest += add_row(out, view, g_ptr_array_index(view->names, i)) ? 0 : 1;
    if (rest > 0)
        g_string_append_printf(out, "%u cluster%s: ready for all\n", rest, rest == 1 ? "" : "s");
}

static void add_view(GString *out, const struct view *view)
{
    g_string_append(out, view->emcc ? "Extension mobility (EMCC), from" : "Moves of phones, from");
    if (view->names->len <= MATRIX_MAX) {
        g_string_append(out, " the cluster of the line to that of the column:\n");
        add_matrix(out, view);
        add_legend(out, view);
    } else {
        g_string_append(out, " each cluster to the others:\n");
        add_legend(out, view);
        add_rows(out, view);
    }
}

void fleet_matrix(GString *out, const struct fleet *fleet)
{
    GPtrArray *names = fleet_travellers(fleet);
    const struct view phones = {fleet, names, false};
    const struct view emcc = {fleet, names, true};

    if (names->len > 0)
        add_view(out, &phones);
    if (names->len > 0 && fleet->emcc)
        add_view(out, &emcc);
    g_ptr_array_unref(names);
}
