/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes HTML. Must not judge. Every text that did not come from this file goes through add().
 */
#include "page.h"

#include "whole_file.h"

enum {
    WORDS_MAX = 18, /* clusters; with more, a cell has a sign and its words are a tooltip */
    RELOAD_SECONDS = 60,
    PLACES_MAX = 100, /* where one rule was met */
};

static const char HEAD[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<meta http-equiv=\"refresh\" content=\"%d\">\n<title>%s: Cisco UCM trust</title>\n<style>\n"
    "body{font:15px/1.4 sans-serif;margin:1.5em;color:#1b1f23;background:#fff}\n"
    "h1{font-size:1.5em;padding:.5em .8em;border-radius:6px}h2{margin:1.6em 0 "
    ".5em;font-size:1.15em}\n"
    "table{border-collapse:separate;border-spacing:2px}\n"
    "th{font-weight:600;text-align:left;padding:.2em .5em;white-space:nowrap}\n"
    "td{padding:.25em .5em;text-align:center;border-radius:3px}\n"
    ".scroll{overflow:auto;max-width:100%%}.scroll th{position:sticky;left:0;background:#fff}\n"
    "thead th{top:0}.many thead th{writing-mode:vertical-rl;left:auto;text-align:right}\n"
    ".many{border-spacing:1px;font-size:.8em}.many td{padding:0;min-width:1.1em}.nodes "
    "td{text-align:left}\n"
    ".OK{background:#b7e4c0}.WARNING{background:#ffe28a}.CRITICAL{background:#f2a3a3}\n"
    ".UNKNOWN{background:#d3c4ee}.none{background:#eef0f2;color:#6a737d}\n"
    "dt{margin-top:1em;font-weight:600}dd{margin:.1em 0 0 1.2em}.hint{color:#57606a}\n"
    "</style></head><body>\n";

static void add(GString *out, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);

    g_string_append(out, escaped);
}

/* Text between tags of ours. */
static void add_element(GString *out, const char *before, const char *text, const char *after)
{
    g_string_append(out, before);
    add(out, text);
    g_string_append(out, after);
}

/* ---- matrices ---- */

static const char *sign_of(enum plugin_state state)
{
    switch (state) {
    case STATE_OK:
        return "\xe2\x9c\x93";
    case STATE_WARNING:
        return "!";
    case STATE_CRITICAL:
        return "\xe2\x9c\x97";
    case STATE_UNKNOWN:
    case STATE_UNSET:
        break;
    }
    return "?";
}

static void add_cell(GString *out, const struct fleet_verdict *verdict, bool words)
{
    if (verdict == NULL || !verdict->asked) {
        g_string_append(out, "<td class=\"none\"></td>");
        return;
    }
    g_string_append_printf(out, "<td class=\"%s\" title=\"", plugin_state_name(verdict->state));
    add(out, verdict->why != NULL ? verdict->why : "ready");
    add_element(out, "\">", words ? fleet_word(verdict) : sign_of(verdict->state), "</td>");
}

static void add_row(GString *out, const struct fleet *fleet, const GPtrArray *names, unsigned row,
                    bool emcc)
{
    const char *from = g_ptr_array_index(names, row);

    add_element(out, "<tr><th scope=\"row\">", from, "</th>");
    for (unsigned i = 0; i < names->len; i++) {
        const struct fleet_move *move = fleet_find(fleet, from, g_ptr_array_index(names, i));

        add_cell(out, move == NULL ? NULL : (emcc ? &move->emcc : &move->phones),
                 names->len <= WORDS_MAX);
    }
    g_string_append(out, "</tr>\n");
}

static void add_matrix(GString *out, const struct fleet *fleet, bool emcc)
{
    GPtrArray *names = fleet_travellers(fleet);

    if (names->len > 0) {
        add_element(out, "<h2>",
                    emcc ? "Extension mobility: users of the row log in at the column"
                         : "Moves: phones of the row go to the column",
                    "</h2>\n");
        g_string_append_printf(out,
                               "<div class=\"scroll\"><table class=\"%s\"><thead><tr>"
                               "<th></th>",
                               names->len > WORDS_MAX ? "many" : "few");
        for (unsigned i = 0; i < names->len; i++)
            add_element(out, "<th scope=\"col\">", g_ptr_array_index(names, i), "</th>");
        g_string_append(out, "</tr></thead>\n<tbody>\n");
        for (unsigned i = 0; i < names->len; i++)
            add_row(out, fleet, names, i, emcc);
        g_string_append(out, "</tbody></table></div>\n"
                             "<p class=\"hint\">Point at a cell to read why.</p>\n");
    }
    g_ptr_array_unref(names);
}

/* ---- clusters ---- */

static void add_unseen(GString *out, const struct fleet_cluster *cluster)
{
    unsigned count = 0;

    for (unsigned i = 0; i < cluster->nodes->len; i++) {
        const struct fleet_node *node = g_ptr_array_index(cluster->nodes, i);

        if (node->looked)
            continue;
        g_string_append(out, count++ > 0 ? "; " : "");
        add(out, node->name);
        if (node->why != NULL)
            add_element(out, ": ", node->why, "");
    }
}

static void add_cluster(GString *out, const struct fleet_cluster *cluster)
{
    unsigned looked = 0;

    for (unsigned i = 0; i < cluster->nodes->len; i++)
        looked += ((const struct fleet_node *)g_ptr_array_index(cluster->nodes, i))->looked ? 1 : 0;
    add_element(out, "<tr><th scope=\"row\">", cluster->name, "</th>");
    g_string_append_printf(out, "<td class=\"%s\">%s</td>",
                           cluster->judged ? plugin_state_name(cluster->state) : "none",
                           cluster->judged ? plugin_state_name(cluster->state) : "not asked");
    add_element(out, "<td>", cluster->version != NULL ? cluster->version : "", "</td>");
    add_element(out, "<td>", cluster->mode, "</td>");
    g_string_append_printf(out, "<td>%u of %u</td><td>", looked, cluster->nodes->len);
    add_unseen(out, cluster);
    g_string_append(out, "</td></tr>\n");
}

static void add_clusters(GString *out, const struct fleet *fleet)
{
    g_string_append(out, "<h2>Clusters</h2>\n<div class=\"scroll\"><table class=\"nodes\"><thead>"
                         "<tr><th>cluster</th><th>its nodes</th><th>version</th><th>mode</th>"
                         "<th>nodes seen</th><th>not seen</th></tr></thead>\n<tbody>\n");
    for (unsigned i = 0; i < fleet->clusters->len; i++)
        add_cluster(out, g_ptr_array_index(fleet->clusters, i));
    g_string_append(out, "</tbody></table></div>\n");
}

/* ---- findings ---- */

/* Each rule once, and below it where it was met. */
static void add_rule(GString *out, const struct result *result, unsigned first)
{
    const struct result_finding *finding = g_ptr_array_index(result->findings, first);
    const struct ucm_rule *rule = ucm_rule(finding->id);
    unsigned places = 0;

    g_string_append_printf(out, "<dt><span class=\"%s\">%s</span> ",
                           plugin_state_name(finding->state), rule->id);
    add_element(out, "", rule->what, "</dt>\n");
    add_element(out, "<dd>Means: ", rule->meaning, "</dd>\n");
    add_element(out, "<dd>Do: ", rule->remedy, "</dd>\n");
    for (unsigned i = first; i < result->findings->len; i++) {
        const struct result_finding *other = g_ptr_array_index(result->findings, i);

        if (other->id != finding->id || ++places > PLACES_MAX)
            continue;
        add_element(out, "<dd><b>", other->where, "</b>: ");
        add_element(out, "", other->text, "</dd>\n");
    }
    if (places > PLACES_MAX)
        g_string_append_printf(out, "<dd>and %u more</dd>\n", places - PLACES_MAX);
}

static void add_findings(GString *out, const struct result *result)
{
    bool said[UCM_FINDING_COUNT] = {false};

    g_string_append(out, "<h2>Findings</h2>\n<dl>\n");
    for (unsigned i = 0; i < result->findings->len; i++) {
        const struct result_finding *finding = g_ptr_array_index(result->findings, i);

        if (finding->severity != UCM_NOTE && !said[finding->id])
            add_rule(out, result, i);
        said[finding->id] = true;
    }
    g_string_append(out, "</dl>\n");
}

/* ---- the whole ---- */

GString *page_make(const struct result *result)
{
    GString *out = g_string_new(NULL);
    const char *state = plugin_state_name(result->state);
    g_autofree char *ignored = result_ignored_text(result);
    char date[32];

    ucm_time_text(result->now, date, sizeof date);
    g_string_append_printf(out, HEAD, RELOAD_SECONDS, state);
    g_string_append_printf(out, "<h1 class=\"%s\">%s \xe2\x80\x93 ", state, state);
    add(out, result->summary);
    add_element(out, "", ignored, "</h1>\n");
    add_element(out, "<p class=\"hint\">Looked at ", date, ".</p>\n");
    if (result->fleet != NULL) {
        add_matrix(out, result->fleet, false);
        if (result->fleet->emcc)
            add_matrix(out, result->fleet, true);
        add_clusters(out, result->fleet);
    }
    add_findings(out, result);
    g_string_append(out, "</body></html>\n");
    return out;
}

char *page_write(const struct result *result, const char *path)
{
    GString *page = page_make(result);
    char *why = whole_file_write(path, page->str, page->len);

    g_string_free(page, TRUE);
    return why;
}
