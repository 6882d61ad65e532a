/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Certificates that TVS takes for one another, because its key is issuer and serial number (Cisco
 * document 213407, grade A): see cluster.h. Names are compared as DER, serials as numbers.
 *
 * Fact tvs-lookup-key (A; test_lint_list:issuer_and_serial_name_one_certificate,
 * test_check_consistency:test_situation): TVS looks certificates up by issuer and serial, so two
 * of the same collide.
 */
#include "cluster.h"

#include <stdlib.h>
#include <string.h>

/** A certificate by that key. */
struct entry {
    struct ucm_listed listed;
    struct ucm_cert_key key;
    bool taken; /* another cluster has a certificate with this key */
};

static bool add(struct ucm_findings *findings, enum ucm_finding_id id, uint32_t node, int64_t other)
{
    struct ucm_finding finding = ucm_finding_make(id, 0, -1, other);

    finding.source = node;
    return ucm_findings_add(findings, &finding);
}

static int by_view(const struct entry *a, struct ucm_view a_view, const struct entry *b,
                   struct ucm_view b_view)
{
    if (a_view.len != b_view.len)
        return a_view.len < b_view.len ? -1 : 1;
    return memcmp(a->listed.der + a_view.off, b->listed.der + b_view.off, a_view.len);
}

static int by_key(const struct entry *a, const struct entry *b)
{
    int order = by_view(a, a->key.serial, b, b->key.serial);

    return order != 0 ? order : by_view(a, a->key.issuer, b, b->key.issuer);
}

static int by_key_and_order(const void *a, const void *b)
{
    const struct entry *one = a;
    const struct entry *other = b;
    int order = by_key(one, other);

    return order != 0 ? order
                      : (one->listed.order > other->listed.order) -
                            (one->listed.order < other->listed.order);
}

static bool is_same_certificate(const struct entry *a, const struct entry *b)
{
    return a->listed.size == b->listed.size &&
           memcmp(a->listed.der, b->listed.der, a->listed.size) == 0;
}

/* ---- within a cluster ---- */

static uint32_t read_keys(const struct ucm_listing *listing, struct entry *entry)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < listing->count; i++) {
        entry[count].listed = listing->item[i];
        count += ucm_cert_key(listing->item[i].der, listing->item[i].size, &entry[count].key);
    }
    return count;
}

/* Of those with the same key, every certificate but the one that stands first is named. */
static bool judge(struct entry *entry, uint32_t count, struct ucm_findings *findings)
{
    const struct entry *first = entry;

    qsort(entry, count, sizeof *entry, by_key_and_order);
    for (uint32_t i = 1; i < count; i++) {
        if (by_key(first, &entry[i]) != 0)
            first = &entry[i];
        else if (!add(findings, UCM_CL_ISSUER_SERIAL, entry[i].listed.list / 2,
                      first->listed.list / 2))
            return false;
    }
    return true;
}

bool ucm_collisions_within(const struct ucm_cluster *cluster, struct ucm_findings *findings)
{
    struct ucm_listing listing;
    struct entry *entry;
    bool ok;

    if (!ucm_listing_make(cluster, 0, &listing))
        return false;
    entry = malloc((listing.count + (size_t)1) * sizeof *entry);
    ok = entry != NULL && judge(entry, read_keys(&listing, entry), findings);
    free(entry);
    free(listing.item);
    return ok;
}

/* ---- between clusters ---- */

/* Those who signed the lists of a cluster. */
static uint32_t read_signers(const struct ucm_cluster *cluster, struct entry *entry)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < 2 * cluster->nodes; i++) {
        const struct ucm_trustlist *list = ucm_cluster_list(cluster, i);
        const struct ucm_signature *own = ucm_cluster_signature(cluster, i);
        struct entry *signer = &entry[count];

        if (list == NULL || own->status != UCM_SIGNATURE_VALID)
            continue;
        signer->listed =
            (struct ucm_listed){i, i, list->data + own->certificate_at, own->certificate_size};
        signer->taken = false;
        count += ucm_cert_key(signer->listed.der, own->certificate_size, &signer->key);
    }
    return count;
}

static void mark_taken(struct entry *signer, uint32_t signers, const struct ucm_listing *listing)
{
    for (uint32_t i = 0; i < listing->count; i++) {
        struct entry other = {.listed = listing->item[i]};

        if (!ucm_cert_key(other.listed.der, other.listed.size, &other.key))
            continue;
        for (uint32_t k = 0; k < signers; k++)
            if (by_key(&signer[k], &other) == 0 && !is_same_certificate(&signer[k], &other))
                signer[k].taken = true;
    }
}

/* Each node of the destination is named once, whichever of its lists it is. */
static bool name_taken(const struct entry *signer, uint32_t signers, struct ucm_findings *findings)
{
    int64_t named = -1;

    for (uint32_t k = 0; k < signers; k++) {
        uint32_t node = signer[k].listed.list / 2;

        if (!signer[k].taken || named == node)
            continue;
        named = node;
        if (!add(findings, UCM_MIG_ISSUER_SERIAL, node, -1))
            return false;
    }
    return true;
}

bool ucm_collisions_between(const struct ucm_cluster *from, const struct ucm_cluster *to,
                            struct ucm_findings *findings)
{
    struct ucm_listing listing;
    struct entry *signer;
    uint32_t signers;
    bool ok = false;

    if (!ucm_listing_make(from, 0, &listing))
        return false;
    signer = malloc((2 * (size_t)to->nodes + 1) * sizeof *signer);
    if (signer != NULL) {
        signers = read_signers(to, signer);
        mark_taken(signer, signers, &listing);
        ok = name_taken(signer, signers, findings);
    }
    free(signer);
    free(listing.item);
    return ok;
}
