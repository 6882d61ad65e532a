/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Does a phone accept the files that it was given? See phones-model.h. Its own lists are mostly not
 * in the capture; that it asks TVS about a signer shows that they were not enough.
 */
#include "phones-model.h"

#include <stdio.h>
#include <string.h>

enum {
    RECENT_FILES = 8, /* judged anew with each event; earlier decisions stand */
    REASON_MAX = 512,
};

static const struct phone_attempt *attempt_at(const struct phone *phone, unsigned at)
{
    return *(struct phone_attempt *const *)wmem_array_index(phone->attempts, at);
}

static struct phone_file *file_at(const struct phone *phone, unsigned at)
{
    return *(struct phone_file *const *)wmem_array_index(phone->files, at);
}

/* ---- what TVS said about the signer of a file ---- */

/** A file whose signer is looked for among the attempts. */
struct question {
    const struct phone *phone;
    const struct phone_file *file;
    uint32_t next_any; /* frame of the next file, and of the next one of this kind */
    uint32_t next_same;
};

static bool is_about(const struct phone_attempt *attempt, const struct phone_file *file)
{
    return attempt->asked && g_strcmp0(attempt->serial, file->serial) == 0 &&
           (attempt->issuer == NULL || g_strcmp0(attempt->issuer, file->issuer) == 0);
}

static int64_t cached_until(const struct phone_attempt *attempt, const struct phone_file *file)
{
    bool kept = attempt->frame < file->frame && attempt->answered && attempt->status == 0 &&
                is_about(attempt, file);

    return kept ? attempt->time + (int64_t)attempt->ttl : 0;
}

/* Without a request it is not known what a connection was about: then the file before it. */
static bool is_relevant(const struct question *question, const struct phone_attempt *attempt)
{
    if (attempt->frame < question->file->frame)
        return cached_until(attempt, question->file) > question->file->time;
    if (attempt->asked)
        return attempt->frame < question->next_same && is_about(attempt, question->file);
    return attempt->frame < question->next_any;
}

static uint32_t last_frame_of(const struct phone *phone)
{
    unsigned rows = wmem_array_get_count(phone->rows);

    return rows == 0 ? 0 : ((struct phone_row *)wmem_array_index(phone->rows, rows - 1))->frame;
}

/* Broken off without an alert: the certificate was seen, then nothing came, and the phone did
 * something else. */
static bool was_left(const struct question *question, const struct phone_attempt *attempt)
{
    return attempt->identity != NULL && !attempt->went_on &&
           attempt->last_frame < last_frame_of(question->phone);
}

static void tell(const struct question *question, const struct phone_attempt *attempt,
                 struct ucm_tvs_opinion *opinion)
{
    opinion->node = attempt->node;
    opinion->asked = attempt->asked || attempt->broken_off || was_left(question, attempt);
    opinion->answered = attempt->answered;
    opinion->pin = attempt->pin;
    opinion->status = attempt->status;
    opinion->roles = attempt->roles;
    if (attempt->identity != NULL) {
        opinion->identity = attempt->identity->data;
        opinion->identity_size = attempt->identity->size;
    }
    if (attempt->certificate != NULL) {
        opinion->certificate = attempt->certificate->data;
        opinion->certificate_size = attempt->certificate->size;
    }
    if (attempt->frame < question->file->frame)
        opinion->cached_until = cached_until(attempt, question->file);
}

/* ucm_tvs_ask over what the phone was seen to do. */
static bool ask(void *context, const struct ucm_trustlist *list, uint32_t at,
                struct ucm_tvs_opinion *opinion)
{
    const struct question *question = context;

    (void)list;
    for (unsigned i = 0; i < wmem_array_get_count(question->phone->attempts); i++) {
        const struct phone_attempt *attempt = attempt_at(question->phone, i);

        if (!is_relevant(question, attempt) || at-- > 0)
            continue;
        tell(question, attempt, opinion);
        return true;
    }
    return false;
}

static struct question question_about(const struct phone *phone, unsigned at)
{
    const struct phone_file *file = file_at(phone, at);
    struct question question = {phone, file, UINT32_MAX, UINT32_MAX};

    for (unsigned i = at + 1; i < wmem_array_get_count(phone->files); i++) {
        const struct phone_file *next = file_at(phone, i);

        question.next_any = MIN(question.next_any, next->frame);
        if (next->list.kind == file->list.kind)
            question.next_same = MIN(question.next_same, next->frame);
    }
    return question;
}

/* The node of a connection that could not be read, where the answer may lie. */
static const char *unread_by(const struct question *question)
{
    struct ucm_tvs_opinion opinion = {0};

    for (uint32_t i = 0; ask((void *)(uintptr_t)question, NULL, i, &opinion); i++) {
        if (!opinion.asked)
            return opinion.node;
        opinion = (struct ucm_tvs_opinion){0};
    }
    return NULL;
}

/* ---- decisions ---- */

static struct phone_held held_after(const struct phone_file *file)
{
    struct phone_held held = file->before;
    enum ucm_outcome outcome = ucm_step_outcome(file->decision.step);
    const struct ucm_trustlist *list = outcome == UCM_ACCEPTED ? &file->list : NULL;

    if (outcome == UCM_REFUSED)
        return held;
    if (file->list.kind == UCM_LIST_CTL) {
        held.ctl = list;
        held.ctl_unseen = list == NULL;
    } else if (file->list.kind == UCM_LIST_ITL) {
        held.itl = list;
        held.itl_unseen = list == NULL;
    }
    return held;
}

static struct ucm_decision decide(const struct phone_file *file, struct question *question)
{
    const struct ucm_phone phone = {.ctl = file->before.ctl,
                                    .itl = file->before.itl,
                                    .ctl_unseen = file->before.ctl_unseen,
                                    .itl_unseen = file->before.itl_unseen,
                                    .now = file->time,
                                    .ask = ask,
                                    .context = question};
    bool is_list = file->list.kind == UCM_LIST_CTL || file->list.kind == UCM_LIST_ITL;

    if (!file->whole)
        return (struct ucm_decision){.step = UCM_STEP_UNVERIFIABLE};
    return ucm_phone_offer_signed(&phone, &file->list, is_list ? &file->own : NULL);
}

static const char *verdict_word(enum ucm_step step)
{
    switch (ucm_step_outcome(step)) {
    case UCM_ACCEPTED:
        return "accepted";
    case UCM_REFUSED:
        return "REFUSED";
    case UCM_UNDECIDED:
        break;
    }
    return "unknown";
}

static const char *reason_text(const struct phone_file *file, char *out, size_t room)
{
    if (file->unread != NULL)
        snprintf(out, room,
                 "it asked TVS (%s), and the answer cannot be read: the session keys are missing",
                 file->unread);
    else
        ucm_step_text(&file->decision, out, room);
    return out;
}

static bool same_decision(const struct phone_file *file, const struct ucm_decision *decision,
                          const char *unread)
{
    return file->judged && file->decision.step == decision->step &&
           file->decision.record == decision->record && file->decision.node == decision->node &&
           file->unread == unread;
}

static void judge_file(struct phone *phone, unsigned at)
{
    wmem_allocator_t *scope = phone->phones->scope;
    struct phone_file *file = file_at(phone, at);
    struct question question = question_about(phone, at);
    struct phone_row *row = wmem_array_index(phone->rows, file->row);
    struct ucm_decision decision;
    char reason[REASON_MAX];
    const char *unread;

    file->before =
        at == 0 ? (struct phone_held){NULL, NULL, true, true} : held_after(file_at(phone, at - 1));
    decision = decide(file, &question);
    unread = ucm_step_outcome(decision.step) == UCM_UNDECIDED ? unread_by(&question) : NULL;
    if (same_decision(file, &decision, unread))
        return;
    file->judged = true;
    file->decision = decision;
    file->unread = unread;
    row->verdict = verdict_word(decision.step);
    row->details =
        wmem_strdup_printf(scope, "%s; %s", reason_text(file, reason, sizeof reason), file->about);
}

/* ---- the phone as a whole ---- */

/* The last file of a kind, NULL when none came. */
static const struct phone_file *last_of(const struct phone *phone, enum ucm_list_kind kind)
{
    const struct phone_file *found = NULL;

    for (unsigned i = 0; i < wmem_array_get_count(phone->files); i++)
        if (file_at(phone, i)->list.kind == kind)
            found = file_at(phone, i);
    return found;
}

/* The worst decides; among equals the first, because the others hang on it. */
static const struct phone_file *decisive(const struct phone *phone)
{
    static const enum ucm_list_kind kinds[] = {UCM_LIST_CTL, UCM_LIST_ITL, UCM_LIST_SIGNED_FILE};
    const struct phone_file *worst = NULL;

    for (unsigned i = 0; i < array_length(kinds); i++) {
        const struct phone_file *file = last_of(phone, kinds[i]);

        if (file != NULL && (worst == NULL || ucm_step_outcome(file->decision.step) >
                                                  ucm_step_outcome(worst->decision.step)))
            worst = file;
    }
    return worst;
}

/* The caller frees it, in the scope that it gave. */
static const char *summary_text(wmem_allocator_t *scope, const struct phone_file *file)
{
    char words[REASON_MAX];
    const char *kind = ucm_list_kind_name(file->list.kind);

    switch (ucm_step_outcome(file->decision.step)) {
    case UCM_ACCEPTED:
        return wmem_strdup(scope, "accepts what it was given");
    case UCM_REFUSED:
        return wmem_strdup_printf(scope, "refuses the %s and keeps what it had: %s", kind,
                                  reason_text(file, words, sizeof words));
    case UCM_UNDECIDED:
        break;
    }
    return wmem_strdup_printf(scope, "%s: %s", kind, reason_text(file, words, sizeof words));
}

/* Kept only where it differs: a phone with many events must not fill the memory. */
static void summarize(struct phone *phone)
{
    const struct phone_file *file = decisive(phone);
    const char *text;

    if (file == NULL)
        return;
    phone->summary.verdict = verdict_word(file->decision.step);
    text = summary_text(NULL, file);
    if (strcmp(phone->summary.details, text) != 0)
        phone->summary.details = wmem_strdup(phone->phones->scope, text);
    wmem_free(NULL, (void *)(uintptr_t)text);
}

void phone_judge(struct phone *phone)
{
    unsigned files = wmem_array_get_count(phone->files);

    for (unsigned i = files > RECENT_FILES ? files - RECENT_FILES : 0; i < files; i++)
        judge_file(phone, i);
    summarize(phone);
}
