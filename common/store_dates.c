/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Dates of what lies in trust stores, and what nobody seems to need any more: see store_rules.h.
 * Facts: what breaks, and what must never be deleted, from Cisco document 210541 (grade B).
 */
#include "store_index.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES_MAX = 256 }; /* where a newer certificate is looked for: nodes of a cluster */

/** What the rules share. */
struct dates {
    const struct ucm_stores *stores;
    const struct ucm_store_options *options;
    struct ucm_store_index index;
    struct ucm_store_index other; /* without items when there is no other cluster */
    uint32_t own;                 /* stores of services' own certificates */
};

/** What was found about one item. */
struct dated {
    const struct ucm_stored *item;
    enum ucm_finding_id id;
    enum ucm_severity severity;
    uint32_t more; /* others with the same finding about the same certificate */
};

/* ---- whose certificate it is ---- */

/* Fact expired-breaks (B; test_store_dates:every_service_has_its_own): what breaks when the
 * certificate of a service has expired. */
/* The findings of a service's own certificate; both are none for what is only trusted. */
static void ids_of(enum ucm_store store, enum ucm_finding_id *expired,
                   enum ucm_finding_id *expiring)
{
    static const struct {
        enum ucm_store store;
        enum ucm_finding_id expired;
        enum ucm_finding_id expiring;
    } rows[] = {
        {UCM_STORE_CALLMANAGER, UCM_ST_CALLMANAGER_EXPIRED, UCM_ST_CALLMANAGER_EXPIRING},
        {UCM_STORE_CALLMANAGER_ECDSA, UCM_ST_CALLMANAGER_EXPIRED, UCM_ST_CALLMANAGER_EXPIRING},
        {UCM_STORE_TOMCAT, UCM_ST_TOMCAT_EXPIRED, UCM_ST_TOMCAT_EXPIRING},
        {UCM_STORE_TOMCAT_ECDSA, UCM_ST_TOMCAT_EXPIRED, UCM_ST_TOMCAT_EXPIRING},
        {UCM_STORE_CAPF, UCM_ST_CAPF_EXPIRED, UCM_ST_CAPF_EXPIRING},
        {UCM_STORE_IPSEC, UCM_ST_IPSEC_EXPIRED, UCM_ST_IPSEC_EXPIRING},
        {UCM_STORE_TVS, UCM_ST_TVS_EXPIRED, UCM_ST_TVS_EXPIRING},
        {UCM_STORE_ITLRECOVERY, UCM_ST_RECOVERY_EXPIRED, UCM_ST_RECOVERY_EXPIRING},
    };

    *expired = UCM_FINDING_NONE;
    *expiring = UCM_FINDING_NONE;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].store == store) {
            *expired = rows[i].expired;
            *expiring = rows[i].expiring;
        }
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Fact vendor-cas (B; test_store_dates:vendors_come_with_the_product): Cisco's own CAs come with
 * the installation. */
/* A CA of Cisco that comes with the product (grade B): its names are those of published listings.
 */
static bool is_vendor(const struct ucm_cert *cert)
{
    static const char *const names[] = {
        "CN=Cisco Manufacturing CA",
        "CN=Cisco Root CA",
        "CN=Cisco Basic Assurance Root CA",
        "CN=High Assurance SUDI CA",
        "CN=ACT2 SUDI CA",
        "CN=Cisco RXC",
        "CN=CAP-RTP-00",
    };

    if (strstr(cert->subject, ";O=Cisco") == NULL)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (begins(cert->subject, names[i]))
            return true;
    return false;
}

/* Is it judged where a service uses it? */
static bool is_used(const struct dates *dates, const struct ucm_stored *item)
{
    return (item->certificate->known & UCM_KNOWN_SHA1) != 0 &&
           (ucm_store_lies_in(&dates->index, item->certificate, dates->own) ||
            ucm_store_lies_in(&dates->other, item->certificate, dates->own));
}

/* ---- who needs it ---- */

static bool has_signed(const struct ucm_trustlist *list, const struct ucm_cert *cert)
{
    const struct ucm_view serial = ucm_serial(list->data, list->value[UCM_HEADER_SIGNER_SERIAL]);

    return serial.len == cert->serial_size &&
           memcmp(list->data + serial.off, cert->serial, serial.len) == 0;
}

/* Fact never-deleted (B; test_store_dates:some_must_stay,
 * test_store_dates:signers_of_lists_stay): certificates of CAPF, Cisco's CAs, issuers and
 * signers of kept lists must stay. */
/* May the certificate be deleted, as far as can be seen? CAPF validates live LSCs, the CAs of Cisco
 * MICs; a SAST that was imported may have signed what phones hold. */
static bool is_deletable(const struct dates *dates, const struct ucm_stored *item)
{
    const struct ucm_cert *cert = &item->certificate->cert;
    const uint32_t never = ucm_store_bit(UCM_STORE_CAPF) | ucm_store_bit(UCM_STORE_CAPF_TRUST) |
                           ucm_store_bit(UCM_STORE_PHONE_SAST_TRUST);

    /* Of which store is not known: it may be what a service uses. */
    if (item->store == UCM_STORE_NONE || !ucm_stored_whole(item) ||
        begins(cert->subject, "CN=CAPF") ||
        ucm_store_lies_in(&dates->index, item->certificate, never) ||
        ucm_store_names_issuer(&dates->index, cert->subject) ||
        ucm_store_names_issuer(&dates->other, cert->subject))
        return false;
    for (uint32_t i = 0; i < dates->options->lists; i++)
        if (has_signed(&dates->options->list[i], cert))
            return false;
    return true;
}

/* node: NULL: on any. Those that begin last come first. */
static bool is_newer_in(const struct dates *dates, const struct ucm_stored *item,
                        enum ucm_store store, const char *node)
{
    const struct ucm_cert *cert = &item->certificate->cert;
    const struct ucm_store_run named = ucm_store_named(&dates->index, cert->subject, store);

    for (uint32_t i = 0; i < named.count && i < PLACES_MAX; i++) {
        if (named.item[i]->certificate->cert.not_before <= cert->not_before)
            return false;
        if (ucm_stored_on(named.item[i], node))
            return true;
    }
    return false;
}

/* Is there a newer one of the same name beside it, or in use by the service whose trust store it
 * is? ipsec-trust is another thing: there the publisher's new one must take its place first. */
static bool is_replaced(const struct dates *dates, const struct ucm_stored *item)
{
    if (is_newer_in(dates, item, item->store, item->node))
        return true;
    for (uint32_t number = 1; number < UCM_STORE_END; number++)
        if (ucm_store_of_trust((enum ucm_store)number) == item->store &&
            number != UCM_STORE_IPSEC && is_newer_in(dates, item, (enum ucm_store)number, NULL))
            return true;
    return false;
}

/* ---- one item ---- */

static void set(struct dated *dated, enum ucm_finding_id id)
{
    dated->id = id;
    dated->severity = ucm_rule(id)->severity;
}

static void judge_own(const struct ucm_store_options *options, int64_t not_after,
                      struct dated *dated)
{
    const int64_t days = ucm_days_until(not_after, options->now);
    enum ucm_finding_id expired;
    enum ucm_finding_id expiring;

    ids_of(dated->item->store, &expired, &expiring);
    if (not_after < options->now) {
        set(dated, expired);
    } else if (days < options->warning_days || days < options->critical_days) {
        set(dated, expiring);
        if (days < options->critical_days)
            dated->severity = UCM_ERROR;
    }
}

static void judge_trusted(const struct dates *dates, int64_t not_after, struct dated *dated)
{
    const struct ucm_store_options *options = dates->options;
    const bool expired = not_after < options->now;

    if (is_used(dates, dated->item))
        return;
    if (is_vendor(&dated->item->certificate->cert)) {
        if (expired)
            set(dated, UCM_ST_VENDOR_EXPIRED);
    } else if (expired) {
        set(dated, is_deletable(dates, dated->item) ? UCM_ST_STALE_EXPIRED : UCM_ST_TRUST_EXPIRED);
    } else if (is_replaced(dates, dated->item) && is_deletable(dates, dated->item)) {
        set(dated, UCM_ST_STALE_REPLACED);
    } else if (ucm_days_until(not_after, options->now) < options->warning_days) {
        set(dated, UCM_ST_TRUST_EXPIRING);
    }
}

static bool begins_later(const struct ucm_stored_cert *certificate, int64_t now)
{
    return (certificate->known & UCM_KNOWN_NOT_BEFORE) != 0 && certificate->cert.not_before > now;
}

/* A finding about an item; id is none when there is nothing to say. */
static struct dated judge(const struct dates *dates, const struct ucm_stored *item)
{
    const struct ucm_stored_cert *certificate = item->certificate;
    const int64_t not_after = certificate->cert.not_after;
    struct dated dated = {.item = item};

    if ((certificate->known & UCM_KNOWN_NOT_AFTER) == 0)
        return dated;
    if (not_after == UCM_TIME_NONE) {
        set(&dated, UCM_ST_DATE_UNREADABLE);
    } else if (begins_later(certificate, dates->options->now)) {
        if (ucm_store_is_own(item->store) || !is_used(dates, item))
            set(&dated, UCM_ST_NOT_YET_VALID);
        if (ucm_store_is_own(item->store))
            dated.severity = UCM_ERROR;
    } else if (ucm_store_is_own(item->store)) {
        judge_own(dates->options, not_after, &dated);
    } else {
        judge_trusted(dates, not_after, &dated);
    }
    return dated;
}

/* ---- all of them ---- */

/* The same finding about the same certificate; also where no more than its name and end are known.
 */
static int compare_alike(const struct dated *a, const struct dated *b)
{
    const struct ucm_cert *one = &a->item->certificate->cert;
    const struct ucm_cert *other = &b->item->certificate->cert;
    int order = (int)a->id - (int)b->id;

    if (order == 0)
        order = (one->not_after > other->not_after) - (one->not_after < other->not_after);
    if (order == 0)
        order = strcmp(one->subject, other->subject);
    if (order == 0)
        order = strcmp(one->serial_hex, other->serial_hex);
    return order;
}

static int by_alike(const void *a, const void *b)
{
    const struct dated *one = a;
    const struct dated *other = b;
    const int order = compare_alike(one, other);

    return order != 0 ? order : (one->item > other->item) - (one->item < other->item);
}

static int by_item(const void *a, const void *b)
{
    const struct dated *one = a;
    const struct dated *other = b;

    return (one->item > other->item) - (one->item < other->item);
}

/* Keeps the first of those that are alike, and counts the others. */
static uint32_t merge(struct dated *dated, uint32_t count)
{
    uint32_t kept = 0;

    qsort(dated, count, sizeof *dated, by_alike);
    for (uint32_t i = 0; i < count; i++) {
        if (kept > 0 && compare_alike(&dated[kept - 1], &dated[i]) == 0)
            dated[kept - 1].more++;
        else
            dated[kept++] = dated[i];
    }
    qsort(dated, kept, sizeof *dated, by_item);
    return kept;
}

static bool report(const struct dates *dates, const struct dated *dated,
                   struct ucm_findings *findings)
{
    const struct ucm_cert *cert = &dated->item->certificate->cert;
    struct ucm_finding finding =
        ucm_store_finding(dates->stores, dated->id, dated->item, dates->options->now,
                          dated->id == UCM_ST_NOT_YET_VALID ? cert->not_before : cert->not_after);

    finding.severity = dated->severity;
    finding.more = dated->more;
    return ucm_findings_add(findings, &finding);
}

static bool judge_all(const struct dates *dates, struct ucm_findings *findings)
{
    const struct ucm_stores *stores = dates->stores;
    struct dated *dated = malloc(((size_t)stores->count + 1) * sizeof *dated);
    uint32_t count = 0;
    bool ok = dated != NULL;

    for (uint32_t i = 0; ok && i < stores->count; i++) {
        dated[count] = judge(dates, &stores->item[i]);
        count += dated[count].id != UCM_FINDING_NONE;
    }
    if (count > 0)
        count = merge(dated, count);
    for (uint32_t i = 0; ok && i < count; i++)
        ok = report(dates, &dated[i], findings);
    free(dated);
    return ok;
}

bool ucm_stores_check_dates(const struct ucm_stores *stores, const struct ucm_stores *other,
                            const struct ucm_store_options *options, struct ucm_findings *findings)
{
    const struct ucm_stores nothing = {0};
    struct dates dates = {.stores = stores, .options = options, .own = ucm_store_own_bits()};
    bool ok;

    if (!ucm_store_index_make(stores, &dates.index))
        return false;
    if (!ucm_store_index_make(other != NULL ? other : &nothing, &dates.other)) {
        ucm_store_index_free(&dates.index);
        return false;
    }
    ok = judge_all(&dates, findings);
    ucm_store_index_free(&dates.index);
    ucm_store_index_free(&dates.other);
    return ok;
}
