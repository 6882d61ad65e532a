/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * State files of check_ucm_trustlist --state. Input: 'D' and a whole file; or anything else and
 * what stands after the first line, whose digest is then made to fit.
 */
#include "fuzz.h"

#include "nagios/history.h"

#include <string.h>

static void check(const struct history *history)
{
    gsize bytes = 0;

    MUST(history->evicted >= 0 && history->pairs->len <= HISTORY_PAIRS_MAX);
    for (unsigned i = 0; i < history->pairs->len; i++) {
        const struct history_pair *pair = g_ptr_array_index(history->pairs, i);

        MUST(pair->itl != NULL && pair->first >= 0 && pair->first <= pair->last);
        bytes += g_bytes_get_size(pair->itl);
        bytes += pair->ctl != NULL ? g_bytes_get_size(pair->ctl) : 0;
    }
    MUST(bytes <= HISTORY_BYTES_MAX);
}

static void same(const struct history *one, const struct history *two)
{
    MUST(one->evicted == two->evicted && one->pairs->len == two->pairs->len);
    for (unsigned i = 0; i < one->pairs->len; i++) {
        const struct history_pair *a = g_ptr_array_index(one->pairs, i);
        const struct history_pair *b = g_ptr_array_index(two->pairs, i);

        MUST(a->first == b->first && a->last == b->last && g_bytes_equal(a->itl, b->itl));
        MUST((a->ctl == NULL) == (b->ctl == NULL) &&
             (a->ctl == NULL || g_bytes_equal(a->ctl, b->ctl)));
    }
}

/* What was read is written, and read again the same; then it goes on as the check does. */
static void round_trip(struct history *history, const char *source)
{
    const char *why = NULL;
    gsize size = 0;
    g_autofree char *text = history_write(history, source, &size);
    struct history *again = history_read(text, size, source, &why);
    g_autoptr(GBytes) itl = g_bytes_new_static("ITL", 3);

    MUST(again != NULL);
    same(history, again);
    MUST(history_read(text, size, "another", &why) == NULL);
    history_free(again);
    history_add(history, NULL, itl, FUZZ_NOW);
    check(history);
    history_expire(history, FUZZ_NOW);
    MUST(history->pairs->len >= 1);
    history_accept(history, NULL, itl);
    MUST(history->pairs->len == 1 && history->evicted == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char SOURCE[] = "cucm-pub";
    struct fuzz_input input = {data, size};
    const bool whole = fuzz_u8(&input) == 'D';
    g_autoptr(GString) text = g_string_new(NULL);
    const char *why = NULL;
    struct history *history = NULL;

    if (!whole) {
        g_autofree char *digest =
            g_compute_checksum_for_data(G_CHECKSUM_SHA256, input.data, input.size);

        g_string_printf(text, "ucmtrust-state 1 %s\n", digest);
    }
    g_string_append_len(text, (const char *)input.data, (gssize)input.size);
    history = history_read(text->str, text->len, SOURCE, &why);
    MUST(history != NULL || why != NULL);
    if (history != NULL) {
        check(history);
        round_trip(history, SOURCE);
    }
    history_free(history);
    return 0;
}
