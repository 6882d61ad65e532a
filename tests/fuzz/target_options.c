/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command line of one check, FUZZ_CHECK, up to where it would begin its work, and the ini file
 * of --extra-opts. Input: arguments, one a line; after an empty line the ini file.
 */
#include "fuzz.h"
#include "seam.h"

/* Its main() would ask servers. Included, because its options are its own. */
int check_main(int argc, char **argv);
#define main check_main
#include FUZZ_CHECK
#undef main

#include <stdlib.h>

enum { ARGUMENTS_MAX = 64 };

/** A command line. */
struct line {
    int count;
    char *argument[ARGUMENTS_MAX + 1];
};

static const GOptionEntry *own_options(void)
{
#ifdef FUZZ_READERS
    static GArray *options;

    if (options == NULL)
        options = make_options();
    return (const GOptionEntry *)(const void *)options->data;
#else
    return OPTIONS;
#endif
}

static void parse(void *user)
{
    struct line *line = user;

    options_parse(&asked.common, CHECK, line->count, line->argument, own_options(), "about\n");
#ifdef FUZZ_TRACE
    if (asked.trace != NULL) {
        check_trace();
        return;
    }
#endif
    check_values();
}

/* What the check may rely on once its options were taken. */
static void check_taken(void)
{
    MUST(asked.common.timeout >= 0.1 && asked.common.timeout <= 3600);
    MUST(asked.common.now >= 0 && asked.common.now <= G_MAXUINT32);
    MUST(asked.common.unreachable >= STATE_UNSET && asked.common.unreachable <= STATE_UNKNOWN);
    MUST(asked.common.timeout_state >= STATE_UNSET && asked.common.timeout_state <= STATE_UNKNOWN);
#ifdef FUZZ_DAYS
    MUST(asked.warning >= 0 && asked.warning <= 36500);
    MUST(asked.critical >= 0 && asked.critical <= 36500);
#endif
}

/* Help and version are several lines, and no result. */
static void check_left(const struct seam_end *end)
{
    MUST(end->code == STATE_UNKNOWN && end->text->len > 0);
    if (g_str_has_prefix(end->text->str, "check_ucm_"))
        MUST(fuzz_printable(end->text->str, end->text->len, true));
    else
        MUST(fuzz_plugin_output(end->text->str, end->text->len));
}

/* Lines up to an empty one; what follows it is the ini file. */
static void split(char *text, struct line *line, char **ini)
{
    char *at = text;

    *ini = NULL;
    line->argument[line->count++] = (char *)CHECK;
    while (at != NULL && line->count < ARGUMENTS_MAX && *ini == NULL) {
        char *end = strchr(at, '\n');

        if (end != NULL)
            *end++ = '\0';
        if (*at != '\0')
            line->argument[line->count++] = at;
        else
            *ini = end;
        at = end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char extra[64];
    char *text = fuzz_text((struct fuzz_input){data, size});
    __typeof__(asked) before = asked;
    struct line line = {0};
    char *ini = NULL;
    struct seam_end end;

    split(text, &line, &ini);
    if (ini != NULL) {
        const size_t left = size - (size_t)(ini - text);

        g_snprintf(extra, sizeof extra, "--extra-opts=o@%s",
                   fuzz_file(0, (const uint8_t *)ini, left));
        line.argument[line.count++] = extra;
    }
    line.argument[line.count] = NULL;
    end = seam_run(parse, &line);
    if (end.left)
        check_left(&end);
    else
        check_taken();
    seam_release(own_options());
    asked = before;
    free(text);
    return 0;
}
