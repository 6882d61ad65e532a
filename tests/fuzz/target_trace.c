/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Traces of TVS and console logs of phones: events, and what check_ucm_tvs --trace prints of them.
 */
#include "fuzz.h"

#include "nagios/result.h"
#include "nagios/trace_table.h"

#include "common/trace.h"

#include <stdlib.h>
#include <string.h>

static bool inside(struct ucm_view view, size_t size)
{
    return view.off <= size && view.len <= size - view.off;
}

static void walk(const uint8_t *text, size_t size)
{
    struct ucm_trace_walk walk = ucm_trace_walk(text, size);
    struct ucm_trace_event event;
    uint8_t bytes[64];
    uint32_t last = 0;

    while (ucm_trace_next(&walk, &event)) {
        MUST(event.what <= UCM_TRACE_UPDATED && event.line >= last);
        MUST((event.writer == UCM_TRACE_PHONE) == (event.what >= UCM_TRACE_DEVICE));
        MUST(inside(event.time, size) && inside(event.text, size) && inside(event.more, size));
        last = event.line;
        if (event.what == UCM_TRACE_DUMP) {
            const size_t small = ucm_trace_bytes(text, &event, bytes, 7);

            MUST(small <= 7 && ucm_trace_bytes(text, &event, bytes, sizeof bytes) >= small);
        }
    }
    MUST(walk.known <= walk.lines.number);
}

static void print(const uint8_t *data, size_t size)
{
    struct result *result = result_new("check_ucm_tvs", FUZZ_NOW);
    char *paths[] = {(char *)fuzz_file(0, data, size), NULL};
    GString *out = NULL;

    result->verbose = true;
    trace_table_read(result, paths);
    result_conclude(result);
    result->summary = trace_table_summary(result);
    out = result_text(result);
    MUST(fuzz_plugin_output(out->str, out->len));
    g_string_free(out, TRUE);
    out = result_json(result);
    MUST(fuzz_json(out->str, out->len));
    g_string_free(out, TRUE);
    /* Nothing that was asked for was seen: that is not OK. */
    MUST(result->state != STATE_OK || (result->requests != NULL && result->requests->len > 0));
    result_free(result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *text = fuzz_copy((struct fuzz_input){data, size});
    const size_t plain = ucm_text_plain(text, size);
    uint8_t *exact = NULL;

    MUST(plain <= size);
    exact = fuzz_copy((struct fuzz_input){text, plain});
    walk(exact, plain);
    print(data, size);
    free(exact);
    free(text);
    return 0;
}
