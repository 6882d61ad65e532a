/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The matrix for 80 columns and the page for a wall: what stands in them, that no line is too long,
 * and that nothing from a stranger becomes a tag.
 */
#include "nagios/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 80, MANY = 100 };

static const char HOSTILE[] = "<script>alert(\"1\")</script>&'";

static struct fleet *fleet_of(unsigned clusters)
{
    struct fleet *fleet = fleet_new();

    for (unsigned i = 0; i < clusters; i++) {
        g_autofree char *name = g_strdup_printf("cluster-%u", i);
        struct fleet_cluster *cluster = fleet_add_cluster(fleet, name);

        cluster->mode = "mixed";
        fleet_add_node(cluster, "pub")->looked = true;
    }
    return fleet;
}

static struct fleet_move *add_move(struct fleet *fleet, unsigned from, unsigned to)
{
    const struct fleet_cluster *source = g_ptr_array_index(fleet->clusters, from);
    const struct fleet_cluster *destination = g_ptr_array_index(fleet->clusters, to);
    struct fleet_move *move = fleet_add_move(fleet, source->name, destination->name);

    move->phones.asked = true;
    return move;
}

static void add_all_moves(struct fleet *fleet)
{
    for (unsigned i = 0; i < fleet->clusters->len; i++)
        for (unsigned k = 0; k < fleet->clusters->len; k++)
            if (i != k)
                add_move(fleet, i, k);
}

static char *matrix_of(const struct fleet *fleet)
{
    GString *out = g_string_new(NULL);

    fleet_matrix(out, fleet);
    return g_string_free(out, FALSE);
}

static void assert_narrow(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line != NULL; line++)
        assert_in_range(strlen(*line), 0, WIDTH);
}

static void test_matrix(void **state)
{
    struct fleet *fleet = fleet_of(3);
    struct fleet_move *refused = add_move(fleet, 0, 1);
    g_autofree char *text = NULL;

    (void)state;
    add_move(fleet, 1, 0);
    fleet_add_reason(&refused->phones, UCM_MIG_SOME_NODES, STATE_WARNING, "some");
    fleet_add_reason(&refused->phones, UCM_MIG_NO_ROLE, STATE_CRITICAL, "no role");
    fleet_add_reason(&refused->phones, UCM_MIG_UNSURE, STATE_UNKNOWN, "unsure");
    assert_string_equal(fleet_ready(&refused->phones), "no");
    text = matrix_of(fleet);
    assert_string_equal(text,
                        "Moves of phones, from the cluster of the line to that of the column:\n"
                        "                     1         2\n"
                        " 1 cluster-0         .   NO ROLE\n"
                        " 2 cluster-1     ready         .\n"
                        "   NO ROLE: MIG-NO-ROLE\n");
    fleet_free(fleet);
}

static void test_emcc_is_a_matrix_of_its_own(void **state)
{
    struct fleet *fleet = fleet_of(2);
    struct fleet_move *move = add_move(fleet, 0, 1);
    g_autofree char *text = NULL;

    (void)state;
    add_move(fleet, 1, 0);
    fleet->emcc = true;
    move->emcc.asked = true;
    fleet_add_reason(&move->emcc, UCM_EMCC_TOMCAT, STATE_CRITICAL, "tomcat");
    text = matrix_of(fleet);
    assert_non_null(strstr(text,
                           "Extension mobility (EMCC), from the cluster of the line to that of "
                           "the column:\n"
                           "                     1         2\n"
                           " 1 cluster-0         .      EMCC\n"
                           " 2 cluster-1         -         .\n"
                           "   EMCC: EMCC-TOMCAT\n"));
    assert_non_null(strstr(text, " 1 cluster-0         .     ready\n"));
    fleet_free(fleet);
}

static void test_every_width(void **state)
{
    (void)state;
    for (unsigned clusters = 0; clusters <= MANY; clusters += clusters < 20 ? 1 : 20) {
        struct fleet *fleet = fleet_of(clusters);
        g_autofree char *text = NULL;

        add_all_moves(fleet);
        for (unsigned i = 0; i < fleet->moves->len; i += 3)
            fleet_add_reason(&((struct fleet_move *)g_ptr_array_index(fleet->moves, i))->phones,
                             i % 2 == 0 ? UCM_MIG_NOT_VOUCHED : UCM_MIG_UNSURE, STATE_CRITICAL,
                             "no");
        text = matrix_of(fleet);
        assert_narrow(text);
        fleet_free(fleet);
    }
}

static void test_many_clusters_are_lines(void **state)
{
    struct fleet *fleet = fleet_of(MANY);
    g_autofree char *text = NULL;

    (void)state;
    add_all_moves(fleet);
    fleet_add_reason(&((struct fleet_move *)g_ptr_array_index(fleet->moves, 0))->phones,
                     UCM_MIG_CAPF, STATE_CRITICAL, "capf");
    text = matrix_of(fleet);
    assert_string_equal(text, "Moves of phones, from each cluster to the others:\n"
                              "   CAPF: MIG-CAPF\n"
                              "cluster-0: ready for 98 of 99\n"
                              "   CAPF: cluster-1\n"
                              "99 clusters: ready for all\n");
    fleet_free(fleet);
}

static struct result *result_with(struct fleet *fleet)
{
    struct result *result = result_new("check", 1700000000);

    result->fleet = fleet;
    return result;
}

static void test_page_escapes_everything(void **state)
{
    struct fleet *fleet = fleet_new();
    struct result *result = result_with(fleet);
    struct fleet_cluster *cluster = fleet_add_cluster(fleet, HOSTILE);
    struct fleet_move *move = NULL;
    GString *page = NULL;

    (void)state;
    cluster->mode = "mixed";
    cluster->version = g_strdup(HOSTILE);
    fleet_add_node(cluster, HOSTILE)->why = g_strdup(HOSTILE);
    fleet_add_cluster(fleet, "other")->mode = "mixed";
    move = fleet_add_move(fleet, HOSTILE, "other");
    move->phones.asked = true;
    fleet_add_reason(&move->phones, UCM_MIG_NO_ROLE, STATE_CRITICAL, HOSTILE);
    result_add_finding(result, UCM_MIG_NO_ROLE, UCM_ERROR, STATE_UNSET, HOSTILE, HOSTILE);
    result_conclude(result);
    result->summary = g_strdup(HOSTILE);
    page = page_make(result);
    assert_null(strstr(page->str, "<script"));
    assert_null(strstr(page->str, "\"1\""));
    assert_non_null(
        strstr(page->str, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&apos;"));
    assert_non_null(strstr(page->str, "<h1 class=\"CRITICAL\">CRITICAL"));
    assert_null(strstr(page->str, "http:"));
    assert_null(strstr(page->str, "https:"));
    g_string_free(page, TRUE);
    result_free(result);
}

static void test_page_of_many_is_short(void **state)
{
    struct fleet *fleet = fleet_of(MANY);
    struct result *result = result_with(fleet);
    GString *page = NULL;

    (void)state;
    add_all_moves(fleet);
    for (unsigned i = 0; i < fleet->moves->len; i++)
        result_add_finding(result, UCM_MIG_UNSURE, UCM_UNSURE, STATE_UNSET, "a -> b", "unsure");
    result_conclude(result);
    result->summary = g_strdup("summary");
    page = page_make(result);
    assert_non_null(strstr(page->str, "<dd>and 9800 more</dd>"));
    assert_in_range(page->len, 0, 2 << 20);
    g_string_free(page, TRUE);
    result_free(result);
}

static void test_page_replaces_a_link(void **state)
{
    struct result *result = result_with(fleet_of(2));
    g_autofree char *folder = g_dir_make_tmp("page-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "page.html", NULL);
    g_autofree char *victim = g_build_filename(folder, "victim", NULL);
    g_autofree char *text = NULL;
    g_autofree char *why = NULL;

    (void)state;
    result->summary = g_strdup("summary");
    assert_true(g_file_set_contents(victim, "mine", -1, NULL));
    assert_int_equal(symlink(victim, path), 0);
    assert_null(page_write(result, path));
    assert_true(g_file_get_contents(victim, &text, NULL, NULL));
    assert_string_equal(text, "mine");
    assert_false(g_file_test(path, G_FILE_TEST_IS_SYMLINK));
    assert_int_equal(unlink(path) | unlink(victim) | rmdir(folder), 0);
    why = page_write(result, path);
    assert_non_null(why);
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matrix),
        cmocka_unit_test(test_emcc_is_a_matrix_of_its_own),
        cmocka_unit_test(test_every_width),
        cmocka_unit_test(test_many_clusters_are_lines),
        cmocka_unit_test(test_page_escapes_everything),
        cmocka_unit_test(test_page_of_many_is_short),
        cmocka_unit_test(test_page_replaces_a_link),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
