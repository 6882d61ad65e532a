/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Asks by verify (type 1) with the signer's certificate. Must not judge what an answer is worth to
 * a phone: common/phone does. Facts: Cisco document 213407.
 */
#include "continuity_tvs.h"

#include "address.h"
#include "tvs_report.h"

#include <string.h>

enum { QUESTIONS_MAX = 16, COMPLAINT_MAX = 96 };

/** What one node says about one signer. */
struct answer {
    bool asked; /**< it was tried, and what came of it counts */
    bool answered;
    uint8_t status;
    uint32_t roles;
    uint8_t *identity;
    size_t identity_size;
    char *complaint; /**< printable; NULL: it vouches */
};

/** One signer. */
struct question {
    const uint8_t *der;
    size_t size;
    bool done;
    struct answer *answer; /**< one for each node */
};

/** Which certificate signed which list. */
struct signer {
    const struct ucm_trustlist *list;
    const uint8_t *der;
    size_t size;
};

/** One node. */
struct member {
    char *name; /**< as given, printable */
    char *host;
    char *port; /**< NULL: the default */
};

struct panel {
    struct panel_settings settings;
    struct member *member;
    size_t members;
    GArray *pins;    /**< of struct tvs_pin */
    GArray *signers; /**< of struct signer */
    struct question question[QUESTIONS_MAX];
    size_t questions;
    char *why; /**< why nobody could be asked at all */
};

/* ---- nodes ---- */

struct panel *panel_new(const struct panel_settings *settings)
{
    struct panel *panel = g_new0(struct panel, 1);

    panel->settings = *settings;
    panel->members = settings->node != NULL ? g_strv_length((char **)(uintptr_t)settings->node) : 0;
    panel->members = MIN(panel->members, (size_t)UCM_TVS_NODES_MAX);
    panel->member = g_new0(struct member, panel->members);
    for (size_t i = 0; i < panel->members; i++) {
        struct member *member = &panel->member[i];

        member->name = printable_text(settings->node[i]);
        (void)address_part(settings->node[i], &member->host, &member->port);
    }
    panel->pins = g_array_new(FALSE, FALSE, sizeof(struct tvs_pin));
    panel->signers = g_array_new(FALSE, FALSE, sizeof(struct signer));
    return panel;
}

void panel_free(struct panel *panel)
{
    for (size_t i = 0; i < panel->questions; i++) {
        for (size_t k = 0; k < panel->members; k++) {
            g_free(panel->question[i].answer[k].identity);
            g_free(panel->question[i].answer[k].complaint);
        }
        g_free(panel->question[i].answer);
    }
    for (size_t i = 0; i < panel->members; i++) {
        g_free(panel->member[i].name);
        g_free(panel->member[i].host);
        g_free(panel->member[i].port);
    }
    g_free(panel->member);
    g_array_unref(panel->pins);
    g_array_unref(panel->signers);
    g_free(panel->why);
    g_free(panel);
}

void panel_trust(struct panel *panel, const struct ucm_trustlist *list)
{
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_record record;

    while (walk.index < UCM_RECORDS_MAX && ucm_record_next(&walk, &record)) {
        const struct ucm_view der = record.value[UCM_RECORD_CERTIFICATE];
        const struct tvs_pin pin = {list->data + der.off, der.len};

        if (ucm_record_has(&record, UCM_RECORD_CERTIFICATE) &&
            ucm_record_has(&record, UCM_RECORD_ROLE) && record.role == UCM_ROLE_TVS && der.len > 0)
            g_array_append_val(panel->pins, pin);
    }
}

void panel_set_signer(struct panel *panel, const struct ucm_trustlist *list, const uint8_t *der,
                      size_t size)
{
    const struct signer signer = {list, der, size};

    g_array_append_val(panel->signers, signer);
}

/* ---- opinions ---- */

static const struct signer *signer_of(const struct panel *panel, const struct ucm_trustlist *list)
{
    for (unsigned i = 0; i < panel->signers->len; i++) {
        const struct signer *signer = &g_array_index(panel->signers, struct signer, i);

        if (signer->list == list)
            return signer;
    }
    return NULL;
}

/* The question about a signer; a new one is noted. NULL when there is no room. */
static struct question *question_about(struct panel *panel, const struct signer *signer)
{
    struct question *question = NULL;

    for (size_t i = 0; i < panel->questions; i++)
        if (panel->question[i].size == signer->size &&
            memcmp(panel->question[i].der, signer->der, signer->size) == 0)
            return &panel->question[i];
    if (panel->questions == QUESTIONS_MAX)
        return NULL;
    question = &panel->question[panel->questions++];
    question->der = signer->der;
    question->size = signer->size;
    question->answer = g_new0(struct answer, panel->members);
    return question;
}

bool panel_opinion(void *context, const struct ucm_trustlist *file, uint32_t index,
                   struct ucm_tvs_opinion *opinion)
{
    struct panel *panel = context;
    const struct signer *signer = signer_of(panel, file);
    const struct question *question = NULL;

    if (index >= panel->members)
        return false;
    opinion->node = panel->member[index].name;
    question = signer != NULL ? question_about(panel, signer) : NULL;
    if (question != NULL) {
        const struct answer *answer = &question->answer[index];

        opinion->asked = answer->asked;
        opinion->answered = answer->answered;
        opinion->identity = answer->identity;
        opinion->identity_size = answer->identity_size;
        opinion->status = answer->status;
        opinion->roles = answer->roles;
        opinion->certificate = signer->der;
        opinion->certificate_size = signer->size;
    }
    return true;
}

/* ---- asking ---- */

static void complain(struct answer *answer, const struct member *member, const char *text)
{
    g_autofree char *printable = printable_bytes(text, MIN(strlen(text), (size_t)COMPLAINT_MAX));

    g_free(answer->complaint);
    answer->complaint = g_strdup_printf("%s: %s", member->name, printable);
}

static void take_answer(const struct panel *panel, const struct tvs_exchange *exchange,
                        const struct member *member, struct answer *answer, struct result_tvs *tvs)
{
    struct ucm_tvs message;

    answer->answered = tvs_report_is_answer(exchange, panel->settings.now, &message);
    if (!answer->answered) {
        complain(answer, member, "what it answers is no answer");
        return;
    }
    answer->status = message.status;
    answer->roles = tvs_report_roles(&message, exchange->answer);
    tvs_report_answer(tvs, &message, exchange->answer);
    tvs->ms = exchange->ms;
    if (message.status != UCM_TVS_FOUND)
        complain(answer, member, "it does not know the signer");
    else if ((answer->roles & 1u << UCM_ROLE_SAST) == 0)
        complain(answer, member, "it gives the signer no SAST role");
}

/* What became of one exchange. What is only about us leaves the node unasked. */
static void take(const struct panel *panel, struct tvs_exchange *exchange,
                 const struct member *member, struct answer *answer, struct result_tvs *tvs)
{
    tvs_report_connection(tvs, exchange);
    answer->identity = g_steal_pointer(&exchange->certificate);
    answer->identity_size = exchange->certificate_size;
    answer->asked = true;
    switch (exchange->outcome) {
    case TVS_ANSWERED:
        take_answer(panel, exchange, member, answer, tvs);
        return;
    case TVS_STRANGER:
        complain(answer, member, "no list that phones may hold names its certificate");
        return;
    case TVS_SILENT:
    case TVS_REFUSED:
    case TVS_NOT_TLS:
        break;
    case TVS_WANTS_CLIENT_CERT:
        answer->asked = false;
        complain(answer, member, "it wants a client certificate; give --client-cert");
        return;
    case TVS_NO_COMMON_TLS:
        answer->asked = false;
        complain(answer, member, "no TLS version or cipher in common; try --tls-legacy");
        return;
    case TVS_PENDING:
    case TVS_LOCAL:
    case TVS_REFUSES_CLIENT_CERT:
        answer->asked = false;
        break;
    }
    complain(answer, member, exchange->detail);
}

static bool never_again(struct tvs_exchange *exchange, size_t index, void *user)
{
    (void)exchange;
    (void)index;
    (void)user;
    return false;
}

/* One exchange for each node and each question from first on. */
static void run(struct panel *panel, size_t first, struct result *result)
{
    const struct tvs_settings settings = {
        .port = TVS_PORT,
        .pin = (const struct tvs_pin *)(const void *)panel->pins->data,
        .pins = panel->pins->len,
        .legacy = panel->settings.legacy,
        .client_cert = panel->settings.client_cert,
        .client_key = panel->settings.client_key != NULL ? panel->settings.client_key
                                                         : panel->settings.client_cert};
    const size_t count = (panel->questions - first) * panel->members;
    struct tvs_exchange *exchange = g_new0(struct tvs_exchange, count);
    uint8_t *request = g_malloc(UCM_TVS_SIZE_MAX * (panel->questions - first));
    const char *why = NULL;
    char room[TVS_DETAIL_MAX];

    for (size_t i = 0; i < count; i++) {
        const struct question *question = &panel->question[first + i / panel->members];
        uint8_t *at = request + i / panel->members * UCM_TVS_SIZE_MAX;

        exchange[i].node = panel->member[i % panel->members].host;
        exchange[i].port = panel->member[i % panel->members].port;
        exchange[i].request = at;
        exchange[i].request_size = ucm_tvs_encode_verify(
            at, UCM_TVS_SIZE_MAX, UCM_TVS_FIRST_SESSION, TVS_DEVICE, question->der, question->size);
        if (exchange[i].request_size == 0)
            why = "a certificate does not fit into a TVS message";
    }
    if (why == NULL)
        why = tvs_ask(&settings, exchange, count, never_again, NULL, room);
    for (size_t i = 0; i < count && why == NULL; i++) {
        const struct member *member = &panel->member[i % panel->members];

        take(panel, &exchange[i], member,
             &panel->question[first + i / panel->members].answer[i % panel->members],
             result_add_tvs(result, member->name));
    }
    if (why != NULL && panel->why == NULL)
        panel->why = printable_text(why);
    for (size_t i = 0; i < count; i++)
        tvs_exchange_clear(&exchange[i]);
    g_free(exchange);
    g_free(request);
}

bool panel_ask(struct panel *panel, struct result *result)
{
    size_t first = 0;

    while (first < panel->questions && panel->question[first].done)
        first++;
    if (first == panel->questions || panel->members == 0)
        return false;
    run(panel, first, result);
    for (size_t i = first; i < panel->questions; i++)
        panel->question[i].done = true;
    return true;
}

char *panel_complaints(const struct panel *panel)
{
    GString *text = g_string_new(panel->why);

    for (size_t i = 0; i < panel->questions; i++)
        for (size_t k = 0; k < panel->members; k++) {
            const char *complaint = panel->question[i].answer[k].complaint;

            if (complaint != NULL && strstr(text->str, complaint) == NULL)
                g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", complaint);
        }
    if (text->len > 0)
        return g_string_free(text, FALSE);
    g_string_free(text, TRUE);
    return NULL;
}
