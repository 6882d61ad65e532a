/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finding certificates in trust stores: see store_index.h.
 */
#include "store_index.h"

#include <stdlib.h>
#include <string.h>

enum {
    ORDERS = 4,
    TRIES_MAX = 16, /* certificates of one name */
};

/* ---- orders ---- */

/** How two items are compared. */
typedef int compare_function(const struct ucm_stored *a, const struct ucm_stored *b);

static int compare_sha1(const struct ucm_stored *a, const struct ucm_stored *b)
{
    return memcmp(a->certificate->cert.sha1, b->certificate->cert.sha1, UCM_SHA1_SIZE);
}

static int compare_serial(const struct ucm_stored *a, const struct ucm_stored *b)
{
    const struct ucm_cert *one = &a->certificate->cert;
    const struct ucm_cert *other = &b->certificate->cert;

    if (one->serial_size != other->serial_size)
        return one->serial_size < other->serial_size ? -1 : 1;
    return memcmp(one->serial, other->serial, one->serial_size);
}

static int compare_subject(const struct ucm_stored *a, const struct ucm_stored *b)
{
    const int order = strcmp(a->certificate->cert.subject, b->certificate->cert.subject);

    return order != 0 ? order : (int)a->store - (int)b->store;
}

static int compare_issuer(const struct ucm_stored *a, const struct ucm_stored *b)
{
    return strcmp(a->certificate->cert.issuer, b->certificate->cert.issuer);
}

/* ---- what decides among equals ---- */

static int then_place(const struct ucm_stored *a, const struct ucm_stored *b)
{
    return (a > b) - (a < b); /* items lie by node and store */
}

static int then_newest(const struct ucm_stored *a, const struct ucm_stored *b)
{
    const int64_t one = a->certificate->cert.not_before;
    const int64_t other = b->certificate->cert.not_before;

    return one != other ? (one < other) - (one > other) : then_place(a, b);
}

/* Those that are issued by another come first. */
static int then_issued(const struct ucm_stored *a, const struct ucm_stored *b)
{
    const int order = (int)ucm_stored_self_issued(a) - (int)ucm_stored_self_issued(b);

    return order != 0 ? order : then_place(a, b);
}

#define SORTED_BY(key, then)                                                                       \
    static int by_##key(const void *a, const void *b)                                              \
    {                                                                                              \
        const struct ucm_stored *const *one = a;                                                   \
        const struct ucm_stored *const *other = b;                                                 \
        const int order = compare_##key(*one, *other);                                             \
                                                                                                   \
        return order != 0 ? order : then(*one, *other);                                            \
    }

SORTED_BY(sha1, then_place)
SORTED_BY(serial, then_place)
SORTED_BY(subject, then_newest)
SORTED_BY(issuer, then_issued)

/* Those of which this is known, in that order; returns how many. */
static uint32_t sort(const struct ucm_stores *stores, uint32_t known,
                     int (*order)(const void *, const void *), const struct ucm_stored **row)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < stores->count; i++)
        if ((stores->item[i].certificate->known & known) != 0)
            row[count++] = &stores->item[i];
    qsort(row, count, sizeof(const struct ucm_stored *), order);
    return count;
}

/* What its stores are, as sets. */
static void look(struct ucm_store_index *index, const struct ucm_stored *item)
{
    const uint32_t bit = ucm_store_bit(item->store);
    const int64_t node = ucm_store_node(index->stores, item->node);

    if ((item->certificate->known & UCM_KNOWN_SHA1) == 0)
        index->without_sha1 |= bit;
    if ((item->certificate->known & (UCM_KNOWN_SHA1 | UCM_KNOWN_SERIAL)) == 0)
        index->opaque |= bit;
    if (node < 0)
        index->everywhere |= bit;
    else
        index->on_node[node] |= bit;
}

bool ucm_store_index_make(const struct ucm_stores *stores, struct ucm_store_index *index)
{
    const size_t room = (size_t)stores->count + 1;
    const struct ucm_stored **row = malloc(ORDERS * room * sizeof(const struct ucm_stored *));

    *index = (struct ucm_store_index){.stores = stores};
    index->on_node = calloc((size_t)stores->nodes + 1, sizeof index->on_node[0]);
    if (row == NULL || index->on_node == NULL) {
        free((void *)row);
        free(index->on_node);
        return false;
    }
    index->by_sha1 = row;
    index->by_serial = row + room;
    index->by_subject = row + 2 * room;
    index->by_issuer = row + 3 * room;
    index->sha1s = sort(stores, UCM_KNOWN_SHA1, by_sha1, index->by_sha1);
    index->serials = sort(stores, UCM_KNOWN_SERIAL, by_serial, index->by_serial);
    index->subjects = sort(stores, UCM_KNOWN_DER, by_subject, index->by_subject);
    index->issuers = sort(stores, UCM_KNOWN_ISSUER, by_issuer, index->by_issuer);
    for (uint32_t i = 0; i < stores->count; i++)
        look(index, &stores->item[i]);
    return true;
}

void ucm_store_index_free(struct ucm_store_index *index)
{
    free((void *)index->by_sha1);
    free(index->on_node);
}

/* ---- runs ---- */

/* How many items of a row come before one, or are not after it. */
static uint32_t rank(const struct ucm_stored **row, uint32_t count, compare_function *compare,
                     const struct ucm_stored *item, bool after)
{
    uint32_t low = 0;
    uint32_t high = count;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = compare(row[middle], item);

        if (order < 0 || (after && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct ucm_store_run run(const struct ucm_stored **row, uint32_t count,
                                compare_function *compare, const struct ucm_stored *item)
{
    const uint32_t first = rank(row, count, compare, item, false);

    return (struct ucm_store_run){row + first, rank(row, count, compare, item, true) - first};
}

struct ucm_store_run ucm_store_named(const struct ucm_store_index *index, const char *subject,
                                     enum ucm_store store)
{
    struct ucm_stored_cert certificate = {0};
    const struct ucm_stored wanted = {.certificate = &certificate, .store = store};

    strncpy(certificate.cert.subject, subject, sizeof certificate.cert.subject - 1);
    return run(index->by_subject, index->subjects, compare_subject, &wanted);
}

bool ucm_store_names_issuer(const struct ucm_store_index *index, const char *subject)
{
    struct ucm_stored_cert certificate = {0};
    const struct ucm_stored wanted = {.certificate = &certificate};
    struct ucm_store_run found;

    strncpy(certificate.cert.issuer, subject, sizeof certificate.cert.issuer - 1);
    found = run(index->by_issuer, index->issuers, compare_issuer, &wanted);
    return found.count > 0 && !ucm_stored_self_issued(found.item[0]);
}

struct ucm_store_run ucm_store_copies(const struct ucm_store_index *index,
                                      const struct ucm_stored_cert *certificate)
{
    const struct ucm_stored wanted = {.certificate = certificate};

    return run(index->by_sha1, index->sha1s, compare_sha1, &wanted);
}

bool ucm_store_is_first(const struct ucm_store_index *index, const struct ucm_stored *item)
{
    struct ucm_store_run copies;

    if ((item->certificate->known & UCM_KNOWN_SHA1) == 0)
        return true;
    copies = ucm_store_copies(index, item->certificate);
    for (uint32_t i = 0; copies.item[i] < item; i++)
        if (copies.item[i]->store == item->store &&
            ucm_stored_same(copies.item[i]->certificate, item->certificate))
            return false;
    return true;
}

/* ---- presence ---- */

bool ucm_store_is_seen(const struct ucm_store_index *index, enum ucm_store store, const char *node)
{
    const int64_t number = ucm_store_node(index->stores, node);
    uint32_t seen = index->everywhere;

    if (number >= 0)
        seen |= index->on_node[number];
    for (uint32_t i = 0; number < 0 && i < index->stores->nodes; i++)
        seen |= index->on_node[i];
    return (seen & ucm_store_bit(store)) != 0;
}

bool ucm_stored_on(const struct ucm_stored *item, const char *node)
{
    return node == NULL || item->node == NULL || strcmp(item->node, node) == 0;
}

static bool is_there(const struct ucm_stored *item, enum ucm_store store, const char *node)
{
    return item->store == store && ucm_stored_on(item, node);
}

static bool holds_sha1(const struct ucm_store_index *index,
                       const struct ucm_stored_cert *certificate, enum ucm_store store,
                       const char *node)
{
    const struct ucm_store_run copies = ucm_store_copies(index, certificate);

    for (uint32_t i = 0; i < copies.count; i++)
        if (is_there(copies.item[i], store, node) &&
            ucm_stored_same(copies.item[i]->certificate, certificate))
            return true;
    return false;
}

/* By serial number, where digests are not known on both sides. Issuers are written differently by
 * different sources, so one serial number under two texts decides nothing. */
static enum ucm_presence holds_serial(const struct ucm_store_index *index,
                                      const struct ucm_stored_cert *certificate,
                                      enum ucm_store store, const char *node)
{
    const struct ucm_stored wanted = {.certificate = certificate};
    const struct ucm_store_run alike =
        run(index->by_serial, index->serials, compare_serial, &wanted);
    enum ucm_presence found = UCM_ABSENT;

    for (uint32_t i = 0; i < alike.count; i++) {
        const struct ucm_stored_cert *other = alike.item[i]->certificate;

        if (!is_there(alike.item[i], store, node) ||
            (other->known & certificate->known & UCM_KNOWN_SHA1) != 0)
            continue;
        if (ucm_stored_same(other, certificate))
            return UCM_PRESENT;
        found = UCM_PERHAPS;
    }
    return found;
}

/* May it be there although it was not found? */
static bool may_hide(const struct ucm_store_index *index, uint32_t known, enum ucm_store store)
{
    return (known & (UCM_KNOWN_SHA1 | UCM_KNOWN_SERIAL)) == 0 ||
           (index->opaque & ucm_store_bit(store)) != 0 ||
           !ucm_store_is_complete(index->stores, store);
}

enum ucm_presence ucm_store_holds(const struct ucm_store_index *index,
                                  const struct ucm_stored_cert *certificate, enum ucm_store store,
                                  const char *node)
{
    const bool has_sha1 = (certificate->known & UCM_KNOWN_SHA1) != 0;
    const bool has_serial = (certificate->known & UCM_KNOWN_SERIAL) != 0;
    enum ucm_presence found = UCM_ABSENT;

    if (has_sha1 && holds_sha1(index, certificate, store, node))
        return UCM_PRESENT;
    if (has_serial && (!has_sha1 || (index->without_sha1 & ucm_store_bit(store)) != 0))
        found = holds_serial(index, certificate, store, node);
    if (found == UCM_ABSENT && may_hide(index, certificate->known, store))
        found = UCM_PERHAPS;
    return found;
}

bool ucm_store_lies_in(const struct ucm_store_index *index,
                       const struct ucm_stored_cert *certificate, uint32_t stores)
{
    const struct ucm_store_run copies = ucm_store_copies(index, certificate);

    for (uint32_t i = 0; i < copies.count; i++)
        if ((ucm_store_bit(copies.item[i]->store) & stores) != 0 &&
            ucm_stored_same(copies.item[i]->certificate, certificate))
            return true;
    return false;
}

const struct ucm_stored *ucm_store_issuer(const struct ucm_store_index *index,
                                          const struct ucm_stored *item, enum ucm_store store,
                                          const char *node)
{
    const struct ucm_stored_cert *issued = item->certificate;
    const struct ucm_store_run named = ucm_store_named(index, issued->cert.issuer, store);
    const struct ucm_stored_cert *tried = NULL;

    for (uint32_t i = 0, tries = 0; i < named.count && tries < TRIES_MAX; i++) {
        const struct ucm_stored_cert *issuer = named.item[i]->certificate;

        if (issuer == tried || !ucm_stored_on(named.item[i], node))
            continue;
        if (ucm_cert_is_issued(issued->der, issued->size, issuer->der, issuer->size))
            return named.item[i];
        tried = issuer;
        tries++;
    }
    return NULL;
}

/* ---- places ---- */

int64_t ucm_store_node(const struct ucm_stores *stores, const char *name)
{
    uint32_t low = 0;
    uint32_t high = stores->nodes;

    if (name == NULL)
        return -1;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = strcmp(stores->node[middle], name);

        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

uint32_t ucm_store_own_bits(void)
{
    uint32_t bits = 0;

    for (uint32_t number = 1; number < UCM_STORE_END; number++)
        if (ucm_store_is_own((enum ucm_store)number))
            bits |= ucm_store_bit((enum ucm_store)number);
    return bits;
}

/* CallManager and CallManager-ECDSA share one store, and so do the two of Tomcat. */
enum ucm_store ucm_store_of_trust(enum ucm_store own)
{
    switch (own) {
    case UCM_STORE_CALLMANAGER:
    case UCM_STORE_CALLMANAGER_ECDSA:
        return UCM_STORE_CALLMANAGER_TRUST;
    case UCM_STORE_TOMCAT:
    case UCM_STORE_TOMCAT_ECDSA:
        return UCM_STORE_TOMCAT_TRUST;
    case UCM_STORE_IPSEC:
        return UCM_STORE_IPSEC_TRUST;
    case UCM_STORE_CAPF:
        return UCM_STORE_CAPF_TRUST;
    case UCM_STORE_TVS:
        return UCM_STORE_TVS_TRUST;
    default:
        return UCM_STORE_NONE;
    }
}

/* ---- findings ---- */

struct ucm_finding ucm_store_finding(const struct ucm_stores *stores, enum ucm_finding_id id,
                                     const struct ucm_stored *item, int64_t expected, int64_t found)
{
    struct ucm_finding finding = ucm_finding_make(id, 0, expected, found);
    const char *name;

    finding.source = UCM_STORE_NO_ITEM;
    if (item == NULL)
        return finding;
    finding.source = (uint32_t)(item - stores->item);
    name = ucm_rule(id)->detail == UCM_DETAIL_ISSUER ? item->certificate->cert.issuer
                                                     : item->certificate->cert.subject;
    finding.subject.len = (uint32_t)strcspn(name, ";");
    return finding;
}
