/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What differs between two lists, by name and role, for people. Must not judge: names only say
 * which certificate took the place of which.
 */
#include "continuity.h"

#include <string.h>

enum {
    COMPARED_MAX = 256, /* records; phones take about 39 */
    NOTES_MAX = 24,     /* of one kind for one list */
};

/** A record as far as it matters here. */
struct entry {
    struct ucm_view der;
    uint16_t role;
    char *subject; /* NULL: no certificate that can be read */
};

static GArray *entries_of(const struct ucm_trustlist *list)
{
    GArray *entries = g_array_new(FALSE, TRUE, sizeof(struct entry));
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_record record;

    while (entries->len < COMPARED_MAX && ucm_record_next(&walk, &record)) {
        struct entry entry = {.der = record.value[UCM_RECORD_CERTIFICATE], .role = record.role};
        struct ucm_cert cert;

        if (!ucm_record_has(&record, UCM_RECORD_CERTIFICATE) ||
            !ucm_record_has(&record, UCM_RECORD_ROLE))
            continue;
        if (ucm_cert_read(list->data + entry.der.off, entry.der.len, &cert))
            entry.subject = g_strdup(cert.subject);
        g_array_append_val(entries, entry);
        /* cppcheck-suppress memleak ; the array has it now, see entries_free() */
    }
    return entries;
}

static void entries_free(GArray *entries)
{
    for (unsigned i = 0; i < entries->len; i++)
        g_free(g_array_index(entries, struct entry, i).subject);
    g_array_unref(entries);
}

static const struct entry *at(const GArray *entries, unsigned index)
{
    return &g_array_index(entries, struct entry, index);
}

/** Both lists. */
struct both {
    const struct ucm_trustlist *before;
    const struct ucm_trustlist *now;
    GArray *old;
    GArray *new;
};

static bool is_still_there(const struct both *both, const struct entry *entry)
{
    for (unsigned i = 0; i < both->new->len; i++)
        if (at(both->new, i)->role == entry->role &&
            ucm_same(both->before->data, entry->der, both->now->data, at(both->new, i)->der))
            return true;
    return false;
}

/* Does another certificate of this name have its role now, which it had not before? */
static bool is_renewed(const struct both *both, const struct entry *entry)
{
    for (unsigned i = 0; i < both->new->len; i++) {
        const struct entry *other = at(both->new, i);
        bool known = false;

        if (other->role != entry->role || entry->subject == NULL || other->subject == NULL ||
            strcmp(other->subject, entry->subject) != 0)
            continue;
        for (unsigned k = 0; k < both->old->len && !known; k++)
            known =
                at(both->old, k)->role == other->role &&
                ucm_same(both->before->data, at(both->old, k)->der, both->now->data, other->der);
        if (!known)
            return true;
    }
    return false;
}

static char *role_text(uint16_t role)
{
    const char *name = ucm_role_name(role);

    return name != NULL ? g_strdup(name) : g_strdup_printf("role %u", role);
}

/* The roles in which the same certificate shares this fate, from its first record on; NULL when an
 * earlier record told it already. */
static char *roles_of(const struct both *both, unsigned index, bool renewed)
{
    const struct entry *entry = at(both->old, index);
    GString *roles = g_string_new(NULL);

    for (unsigned i = 0; i < both->old->len; i++) {
        const struct entry *other = at(both->old, i);
        g_autofree char *role = NULL;

        if (!ucm_same(both->before->data, other->der, both->before->data, entry->der) ||
            is_still_there(both, other) || is_renewed(both, other) != renewed)
            continue;
        if (i < index) {
            g_string_free(roles, TRUE);
            return NULL;
        }
        role = role_text(other->role);
        g_string_append_printf(roles, "%s%s", roles->len > 0 ? "+" : "", role);
    }
    return g_string_free(roles, FALSE);
}

static void name_records(struct result *result, const char *where, const struct both *both,
                         const char *date)
{
    unsigned notes = 0;

    for (unsigned i = 0; i < both->old->len && notes < NOTES_MAX; i++) {
        const struct entry *entry = at(both->old, i);
        const bool renewed = is_renewed(both, entry);
        g_autofree char *roles = NULL;
        g_autofree char *text = NULL;

        if (is_still_there(both, entry))
            continue;
        roles = roles_of(both, i, renewed);
        if (roles == NULL)
            continue;
        text = g_strdup_printf("%s as %s, %s until %s",
                               entry->subject != NULL ? entry->subject : "unreadable certificate",
                               roles, ucm_list_kind_name(both->now->kind), date);
        result_add_rule(result, renewed ? UCM_PHONE_CERT_RENEWED : UCM_PHONE_CERT_GONE, STATE_UNSET,
                        where, text);
        notes++;
    }
}

static char *signer_name(const struct ucm_trustlist *list)
{
    const struct ucm_view name = list->value[UCM_HEADER_SIGNER_NAME];

    return printable_bytes(list->data + name.off, name.len);
}

static void name_signer(struct result *result, const char *where,
                        const struct ucm_trustlist *before, const struct ucm_trustlist *now,
                        const char *date)
{
    const struct ucm_view old_serial =
        ucm_serial(before->data, before->value[UCM_HEADER_SIGNER_SERIAL]);
    const struct ucm_view new_serial = ucm_serial(now->data, now->value[UCM_HEADER_SIGNER_SERIAL]);
    g_autofree char *old_name = signer_name(before);
    g_autofree char *new_name = signer_name(now);
    const bool same_name = strcmp(old_name, new_name) == 0;
    g_autofree char *text = NULL;

    if (same_name && ucm_same(before->data, old_serial, now->data, new_serial))
        return;
    text = g_strdup_printf("%s: %s until %s, now %s", ucm_list_kind_name(now->kind), old_name, date,
                           same_name ? "another certificate of that name" : new_name);
    result_add_rule(result, UCM_PHONE_SIGNER_CHANGED, STATE_UNSET, where, text);
}

void continuity_name_changes(struct result *result, const char *where,
                             const struct ucm_trustlist *before, const struct ucm_trustlist *now,
                             int64_t since)
{
    const struct both both = {before, now, entries_of(before), entries_of(now)};
    char date[32];

    ucm_date_text(since, date, sizeof date);
    name_signer(result, where, before, now, date);
    name_records(result, where, &both, date);
    entries_free(both.old);
    entries_free(both.new);
}
