/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Everything that check_ucm_trustlist says about one file: lint, signature, phone, both outputs.
 * Never OK, and never accepted by a phone, unless a second verifier says that it is signed.
 *
 * Input: size of a key (2 bytes), the key (DER), the list. With a key the list is signed again, so
 * that what is changed in it stays validly signed.
 */
#include "fuzz.h"
#include "naive.h"

#include "nagios/result.h"
#include "nagios/trustlist_summary.h"

#include "common/phone.h"

#include <stdlib.h>
#include <string.h>

/** A judged list. */
struct judged {
    const uint8_t *data;
    size_t size;
    const struct ucm_report *report;
};

/* What the second verifier says. It is slow, and asked once where somebody says that the list is
 * signed; about what is not regular it knows nothing, and says nothing against it. */
static bool is_signed(const struct judged *judged)
{
    static struct naive_list naive;

    naive_read(judged->data, judged->size, &naive);
    if (!naive.regular)
        return judged->report->list.error.id == UCM_FINDING_NONE;
    return naive.count >= NAIVE_RECORDS_MAX || naive_verifies(judged->data, judged->size, &naive);
}

/* A TVS node that vouches for the certificate that the list names as its signer. */
static bool vouch(void *context, const struct ucm_trustlist *file, uint32_t index,
                  struct ucm_tvs_opinion *opinion)
{
    const struct judged *judged = context;
    const struct ucm_signature *signature = &judged->report->signature;

    (void)file;
    if (index > 0 || signature->certificate_size == 0)
        return false;
    *opinion = (struct ucm_tvs_opinion){.node = "tvs",
                                        .asked = true,
                                        .answered = true,
                                        .pin = UCM_PIN_HELD,
                                        .roles = UCM_ROLE_BIT(UCM_ROLE_SAST)};
    opinion->certificate = judged->data + signature->certificate_at;
    opinion->certificate_size = signature->certificate_size;
    return true;
}

static void offer(struct judged *judged, const struct ucm_phone *phone, bool holds_it)
{
    const struct ucm_trustlist *list = &judged->report->list;
    const struct ucm_decision decision = ucm_phone_offer(phone, list);
    const struct ucm_decision known =
        ucm_phone_offer_signed(phone, list, &judged->report->signature);
    char text[256];

    MUST(decision.step == known.step && decision.record == known.record);
    MUST(decision.step < UCM_STEP_COUNT);
    if (decision.step == UCM_STEP_FIRST) /* by a phone that can verify nothing */
        MUST(phone->itl == NULL && phone->ctl == NULL &&
             judged->report->signature.status != UCM_SIGNATURE_INVALID);
    else if (decision.step == UCM_STEP_SAME)
        MUST(holds_it);
    else if (ucm_step_outcome(decision.step) == UCM_ACCEPTED)
        MUST(judged->report->signature.status == UCM_SIGNATURE_VALID);
    if (list->error.id != UCM_FINDING_NONE)
        MUST(decision.step == UCM_STEP_UNREADABLE);
    ucm_step_text(&decision, text, sizeof text);
    MUST(fuzz_printable(text, strlen(text), false));
}

/* A phone without lists, one that holds the list itself, and one that asks TVS. */
static void offer_to_phones(struct judged *judged)
{
    const struct ucm_trustlist *list = &judged->report->list;
    struct ucm_phone phone = {.now = FUZZ_NOW, .ask = vouch, .context = judged};

    offer(judged, &phone, false);
    phone.itl_unseen = true;
    offer(judged, &phone, false);
    phone.itl_unseen = false;
    phone.itl = list;
    offer(judged, &phone, true);
    phone.itl = NULL;
    phone.ctl = list;
    phone.no_tvs = true;
    offer(judged, &phone, true);
}

static void check_findings(const struct ucm_report *report, const uint8_t *data, size_t size)
{
    char text[UCM_TEXT_MAX];

    for (uint32_t i = 0; i < report->findings.stored; i++) {
        const struct ucm_finding *finding = &report->findings.item[i];

        MUST(finding->id > UCM_FINDING_NONE && finding->id < UCM_FINDING_COUNT);
        MUST(finding->severity <= report->findings.worst && finding->offset <= size);
        MUST(finding->subject.off <= size && finding->subject.len <= size - finding->subject.off);
        ucm_finding_text(finding, data, text, sizeof text);
        MUST(fuzz_printable(text, strlen(text), false) && strchr(text, '|') == NULL);
    }
}

/* Both outputs, as the check makes them of a file. */
static void print(const struct judged *judged, struct ucm_report *report)
{
    struct result *result = result_new("check_ucm_trustlist", FUZZ_NOW);
    struct result_source *source = result_add_source(result, "file");
    GString *text = NULL;

    result->verbose = true;
    source->data = g_memdup2(judged->data, MAX(judged->size, 1));
    source->size = judged->size;
    source->judged = true;
    source->report = *report;
    result_add_findings(result, &report->findings, judged->data, source->name);
    result_conclude(result);
    result->summary = trustlist_summary(result);
    MUST(result->state != STATE_OK || report->signature.status == UCM_SIGNATURE_VALID ||
         report->signature.reason == UCM_TL_SIGNED_ELSEWHERE);
    MUST(result->state == STATE_OK || result->findings->len > 0);
    text = result_text(result);
    MUST(fuzz_plugin_output(text->str, text->len));
    g_string_free(text, TRUE);
    text = result_json(result);
    MUST(fuzz_json(text->str, text->len));
    g_string_free(text, TRUE);
    result_free(result); /* and the report */
}

static void judge(const uint8_t *data, size_t size)
{
    struct ucm_lint_options options = ucm_lint_defaults(FUZZ_NOW);
    struct ucm_report report;
    struct judged judged = {data, size, &report};

    MUST(ucm_report_make(data, size, &options, &report));
    MUST(report.signature.status != UCM_SIGNATURE_VALID || is_signed(&judged));
    MUST((report.signature.status == UCM_SIGNATURE_VALID) ==
         (report.signature.reason == UCM_FINDING_NONE));
    check_findings(&report, data, size);
    offer_to_phones(&judged);
    print(&judged, &report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const struct fuzz_input key = fuzz_piece(&input, fuzz_u16(&input) % 2048);
    uint8_t *list = fuzz_copy(input);

    if (key.size > 0)
        naive_sign(list, input.size, key.data, key.size);
    judge(list, input.size);
    free(list);
    return 0;
}
