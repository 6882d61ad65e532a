/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The status line of check_ucm_trustlist. Must not judge: it only picks what matters most.
 */
#include "trustlist_summary.h"

#include "common/phone.h"

#include <string.h>

static void add_first_expiry(GString *text, const struct result *result)
{
    const struct ucm_list_record *first = NULL;
    const struct result_source *where = NULL;

    for (unsigned i = 0; i < result->sources->len; i++) {
        const struct result_source *source = g_ptr_array_index(result->sources, i);
        const struct ucm_list_record *its =
            source->judged ? ucm_report_first_to_expire(&source->report) : NULL;

        if (its != NULL && (first == NULL || its->cert->not_after < first->cert->not_after)) {
            first = its;
            where = source;
        }
    }
    if (first != NULL) {
        g_autofree char *name = result_common_name(first->cert->subject);
        char room[16];
        char span[32];
        char date[32];

        ucm_span_text(first->cert->not_after, result->now, span, sizeof span);
        ucm_date_text(first->cert->not_after, date, sizeof date);
        g_string_append_printf(text,
                               first->cert->not_after < result->now
                                   ? ", first expiry %s ago on %s: %s (%s record %u, %s)"
                                   : ", first expiry in %s on %s: %s (%s record %u, %s)",
                               span, date, name, where->name, first->record.index,
                               ucm_role_text(first->record.role, room, sizeof room));
    }
}

/* How often a finding was met. */
static unsigned count(const struct result *result, enum ucm_finding_id id)
{
    unsigned found = 0;

    for (unsigned i = 0; i < result->findings->len; i++)
        found += ((const struct result_finding *)g_ptr_array_index(result->findings, i))->id == id;
    return found;
}

static void add_verdict(GString *text, const struct result *result)
{
    const unsigned absent = count(result, UCM_TL_CTL_ABSENT);
    unsigned valid = 0;

    for (unsigned i = 0; i < result->sources->len; i++) {
        const struct result_source *source = g_ptr_array_index(result->sources, i);

        valid += source->judged && source->report.signature.status == UCM_SIGNATURE_VALID ? 1 : 0;
    }
    g_string_append_printf(text, "%u of %u list%s valid", valid, result->sources->len,
                           result->sources->len == 1 ? "" : "s");
    if (valid == result->sources->len) {
        g_string_printf(text, "%u list%s valid", valid, valid == 1 ? "" : "s");
    } else if (absent > 0 && valid + absent == result->sources->len) {
        g_string_printf(text, "%u list%s valid, no CTL (normal unless in mixed mode)", valid,
                        valid == 1 ? "" : "s");
    }
}

/* What was not compared must not look as if it was. */
static void add_continuity(GString *text, const struct result *result)
{
    const unsigned kept = result->continuity != NULL ? result->continuity->len : 0;
    const unsigned fresh = count(result, UCM_PHONE_NO_HISTORY);
    const unsigned accepted = count(result, UCM_PHONE_ACCEPTED);
    bool changed = false;

    for (unsigned i = 0; i < kept; i++) {
        const struct result_continuity *entry = g_ptr_array_index(result->continuity, i);

        changed = changed || strcmp(entry->verdict, ucm_verdict_name(UCM_KEEP)) != 0;
    }
    if (changed)
        g_string_append_printf(text, ", phones with any of the %u kept before accept them", kept);
    if (fresh > 0)
        g_string_append_printf(text, ", no older lists of %u node%s kept yet to compare with",
                               fresh, fresh == 1 ? "" : "s");
    if (accepted > 0)
        g_string_append_printf(text, ", older lists of %u node%s dropped (--accept)", accepted,
                               accepted == 1 ? "" : "s");
}

static void add_compared(GString *text, const struct result *result)
{
    const unsigned same = count(result, UCM_SV_SAME);

    if (same > 0)
        g_string_append_printf(text, ", %u saved output%s agree%s", same, same == 1 ? "" : "s",
                               same == 1 ? "s" : "");
}

char *trustlist_summary(const struct result *result)
{
    GString *text = g_string_new(NULL);

    if (!result_add_named(result, text)) {
        add_verdict(text, result);
        add_continuity(text, result);
        add_compared(text, result);
    }
    add_first_expiry(text, result);
    return g_string_free(text, FALSE);
}
