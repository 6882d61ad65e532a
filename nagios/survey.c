/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which questions there are, and what is known of their answers. Must not judge what an answer is
 * worth to a phone: common/phone does. Asking is in survey_ask.c.
 */
#include "survey_panel.h"

#include <string.h>

enum { KEY_BYTES = 64 }; /* of a certificate's signature, which tell it from others */

/* ---- certificates as keys ---- */

static guint question_hash(gconstpointer key)
{
    const struct question *question = key;
    const size_t size = MIN(question->size, (size_t)KEY_BYTES);
    guint hash = (guint)question->size;

    for (size_t i = question->size - size; i < question->size; i++)
        hash = hash * 31 + question->der[i];
    return hash;
}

static gboolean question_equal(gconstpointer a, gconstpointer b)
{
    const struct question *one = a;
    const struct question *other = b;

    return one->size == other->size &&
           (one->der == other->der || memcmp(one->der, other->der, one->size) == 0);
}

static struct question *find(const struct panel *panel, const uint8_t *der, size_t size)
{
    const struct question key = {der, size};

    return g_hash_table_lookup(panel->questions, &key);
}

static struct question *find_or_add(struct panel *panel, const uint8_t *der, size_t size)
{
    const size_t answers = panel->site->cluster.nodes * sizeof(struct answer);
    struct question *question = find(panel, der, size);

    if (question != NULL)
        return question;
    question = g_malloc0(sizeof *question + answers);
    question->der = der;
    question->size = size;
    g_hash_table_add(panel->questions, question);
    return question;
}

/* ---- opinions ---- */

/* ucm_vouch */
static void vouch(void *context, const struct ucm_cluster *cluster, uint32_t node,
                  const uint8_t *der, size_t size, struct ucm_tvs_opinion *opinion)
{
    struct panel *panel = context;
    struct member *member = &panel->member[node];
    struct question *question = NULL;
    struct answer *answer = NULL;

    (void)cluster;
    if (member->offline || member->condition == BARRED || panel->blind || size == 0)
        return;
    question = find_or_add(panel, der, size);
    answer = &question->answer[node];
    if (answer->asked) {
        opinion->asked = true;
        opinion->answered = answer->answered;
        opinion->status = answer->status;
        opinion->roles = answer->roles;
    } else if (member->condition == MUTE) {
        opinion->asked = true;
    } else if (!panel->survey->closed) {
        if (!answer->wanted)
            g_ptr_array_add(member->wanted, question);
        answer->wanted = true;
        opinion->noted = true;
    }
}

/* ---- making and freeing ---- */

static void trust(struct panel *panel, const struct ucm_trustlist *list)
{
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_record record;

    while (ucm_record_next(&walk, &record)) {
        const struct ucm_view der = record.value[UCM_RECORD_CERTIFICATE];
        const struct tvs_pin pin = {list->data + der.off, der.len};
        bool known = der.len == 0 || record.role != UCM_ROLE_TVS;

        for (unsigned i = 0; i < panel->pins->len && !known; i++) {
            const struct tvs_pin *other = &g_array_index(panel->pins, struct tvs_pin, i);

            known = other->size == pin.size && memcmp(other->der, pin.der, pin.size) == 0;
        }
        if (!known)
            g_array_append_val(panel->pins, pin);
    }
}

static void set_up(struct panel *panel, const struct survey_settings *settings)
{
    const struct inventory_cluster *from = panel->site->from;
    const char *cert = from->client_cert != NULL ? from->client_cert : settings->client_cert;
    const char *key = from->client_cert != NULL ? from->client_key : settings->client_key;

    panel->blind = true;
    for (uint32_t i = 0; i < panel->site->cluster.nodes; i++) {
        const struct ucm_trustlist *itl = panel->site->seen[i].lists.itl;

        if (itl == NULL)
            continue;
        trust(panel, itl);
        panel->blind = panel->blind && itl->error.id != UCM_FINDING_NONE;
    }
    panel->settings =
        (struct tvs_settings){.pin = (const struct tvs_pin *)(const void *)panel->pins->data,
                              .pins = panel->pins->len,
                              .legacy = settings->legacy,
                              .client_cert = cert,
                              .client_key = key != NULL ? key : cert};
    panel->stranger = (struct tvs_settings){.legacy = settings->legacy};
}

static void panel_free(gpointer item)
{
    struct panel *panel = item;

    for (uint32_t i = 0; i < panel->site->cluster.nodes; i++) {
        g_ptr_array_unref(panel->member[i].wanted);
    }
    g_free(panel->member);
    g_array_unref(panel->pins);
    g_hash_table_unref(panel->questions);
    g_free(panel);
}

static struct panel *panel_new(struct survey *survey, struct site *site)
{
    struct panel *panel = g_new0(struct panel, 1);

    panel->survey = survey;
    panel->site = site;
    panel->pins = g_array_new(FALSE, FALSE, sizeof(struct tvs_pin));
    panel->questions = g_hash_table_new_full(question_hash, question_equal, NULL, g_free);
    panel->member = g_new0(struct member, site->cluster.nodes);
    for (uint32_t i = 0; i < site->cluster.nodes; i++) {
        panel->member[i].offline = site->node[i].from->address == NULL;
        panel->member[i].wanted = g_ptr_array_new();
    }
    set_up(panel, &survey->settings);
    site->cluster.vouch = vouch;
    site->cluster.context = panel;
    return panel;
}

struct survey *survey_new(GPtrArray *sites, const struct survey_settings *settings)
{
    struct survey *survey = g_new0(struct survey, 1);

    survey->settings = *settings;
    survey->panels = g_ptr_array_new_with_free_func(panel_free);
    for (unsigned i = 0; i < sites->len; i++)
        g_ptr_array_add(survey->panels, panel_new(survey, g_ptr_array_index(sites, i)));
    return survey;
}

void survey_free(struct survey *survey)
{
    g_ptr_array_unref(survey->panels);
    g_free(survey->why);
    g_free(survey);
}

/* ---- what came of it ---- */

static void report_member(const struct survey *survey, const struct site_node *node,
                          const struct member *member, struct result *result)
{
    struct result_tvs *tvs = NULL;

    if (!node->from->tvs || member->offline)
        return;
    tvs = result_add_tvs(result, node->name);
    if (member->met) {
        tvs_report_connection(tvs, &member->first);
        if (member->first.outcome == TVS_ANSWERED)
            tvs->ms = member->first.ms;
        tvs->only_seen = member->first.outcome == TVS_STRANGER && !member->failed;
    }
    if (member->failed && member->failure.outcome != TVS_ANSWERED)
        tvs_report_failure(result, &survey->settings.report, node->name, &member->failure);
}

static unsigned left_over(const struct member *member)
{
    return member->condition == OPEN ? member->wanted->len - member->next : 0;
}

void survey_report(const struct survey *survey, struct result *result)
{
    unsigned rest = 0;

    for (unsigned i = 0; i < survey->panels->len; i++) {
        const struct panel *panel = g_ptr_array_index(survey->panels, i);

        for (uint32_t k = 0; k < panel->site->cluster.nodes; k++) {
            report_member(survey, &panel->site->node[k], &panel->member[k], result);
            rest += left_over(&panel->member[k]);
        }
    }
    if (survey->why != NULL)
        result_add_rule(result, UCM_TVS_UNREACHABLE_HERE, STATE_UNSET, "this machine", survey->why);
    if (rest > 0) {
        g_autofree char *text = g_strdup_printf("%u question%s found no time; give a longer -t",
                                                rest, rest == 1 ? "" : "s");

        result_add_rule(result, UCM_TVS_UNREACHABLE_HERE, STATE_UNSET, "this machine", text);
    }
}

unsigned survey_offline(const struct survey *survey)
{
    unsigned offline = 0;

    for (unsigned i = 0; i < survey->panels->len; i++) {
        const struct panel *panel = g_ptr_array_index(survey->panels, i);

        for (uint32_t k = 0; k < panel->site->cluster.nodes; k++)
            offline += panel->site->node[k].from->tvs && panel->member[k].offline ? 1 : 0;
    }
    return offline;
}

bool survey_is_online(const struct survey *survey)
{
    bool online = false;

    for (unsigned i = 0; i < survey->panels->len && !online; i++) {
        const struct panel *panel = g_ptr_array_index(survey->panels, i);

        for (uint32_t k = 0; k < panel->site->cluster.nodes && !online; k++)
            online = !panel->member[k].offline;
    }
    return online;
}

/* In a few words; NULL: nothing is known. */
static const char *words_for(const struct member *member, const struct answer *answer)
{
    if (member->offline)
        return NULL;
    if (member->condition == MUTE && !answer->answered)
        return member->failure.outcome == TVS_STRANGER ? "no ITL names its certificate"
                                                       : "no answer";
    if (!answer->asked)
        return member->failed ? "could not be asked" : NULL;
    if (!answer->answered)
        return "no answer";
    if (answer->status != UCM_TVS_FOUND)
        return "does not know it";
    return (answer->roles & UCM_ROLE_BIT(UCM_ROLE_SAST)) != 0 ? "vouches" : "gives it no SAST role";
}

void survey_close(struct survey *survey)
{
    survey->closed = true;
}

bool survey_compare(const struct site *site, struct ucm_findings *findings)
{
    const struct panel *panel = site->cluster.context;
    g_autoptr(GList) questions = g_hash_table_get_keys(panel->questions);
    bool ok = true;

    /* Over a copy of the keys: asking may add to the table. */
    for (const GList *one = questions; ok && one != NULL; one = one->next) {
        const struct question *question = one->data;

        ok = ucm_cluster_check_answers(&site->cluster, question->der, question->size, findings);
    }
    return ok;
}

static bool differ(const struct question *question, uint32_t node, uint32_t other)
{
    const struct answer *one = &question->answer[node];
    const struct answer *its = &question->answer[other];

    return one->answered && its->answered &&
           (one->status != its->status || one->roles != its->roles);
}

char *survey_difference(const struct site *site, uint32_t node, uint32_t other)
{
    const struct panel *panel = site->cluster.context;
    const struct question *shown = NULL;
    const struct question *question = NULL;
    unsigned more = 0;
    GHashTableIter iterator;
    g_autofree char *name = NULL;
    struct ucm_cert cert;

    g_hash_table_iter_init(&iterator, panel->questions);
    while (g_hash_table_iter_next(&iterator, (gpointer *)(void *)&question, NULL)) {
        if (!differ(question, node, other))
            continue;
        more += shown != NULL ? 1 : 0;
        shown = shown != NULL ? shown : question;
    }
    if (shown == NULL || !ucm_cert_read(shown->der, shown->size, &cert))
        return NULL;
    name = result_common_name(cert.subject);
    return g_strdup_printf("about %s: %s %s, %s %s%s", name, site->seen[node].name,
                           words_for(&panel->member[node], &shown->answer[node]),
                           site->seen[other].name,
                           words_for(&panel->member[other], &shown->answer[other]),
                           more > 0 ? "; and about others" : "");
}

char *survey_text(const struct site *site, const uint8_t *der, size_t size)
{
    const struct panel *panel = site->cluster.context;
    const struct question *question = find(panel, der, size);
    GString *text = g_string_new(NULL);

    for (uint32_t i = 0; question != NULL && i < site->cluster.nodes; i++) {
        const char *words =
            site->node[i].from->tvs ? words_for(&panel->member[i], &question->answer[i]) : NULL;

        if (words != NULL)
            g_string_append_printf(text, "%s%s%s %s", text->len > 0 ? ", " : "",
                                   site->seen[i].in_group ? "" : "(outside the group) ",
                                   site->seen[i].name, words);
    }
    return g_string_free(text, text->len == 0);
}
