/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The stores of one cluster while they are read: whatever a source gives goes in here, once for
 * each certificate and place, and comes out as the model of common/store. Knows no source.
 */
#ifndef UCMTRUST_NAGIOS_STORE_SET_H
#define UCMTRUST_NAGIOS_STORE_SET_H

#include "result.h"

#include "common/store.h"

struct store_set;

/** Where a certificate lies. Texts of any bytes, copied. */
struct store_place {
    const char *node; /**< NULL: not known */
    enum ucm_store store;
    const char *origin; /**< file or URL that says so */
    bool roles_known;
    uint32_t roles;
};

/** An empty set for a cluster of this name. Free with store_set_free(). */
struct store_set *store_set_new(const char *cluster);
void store_set_free(struct store_set *set);
/** The same, given what store_set_finish() returned. */
void store_set_free_stores(gpointer stores);

/** Add a certificate (DER, copied). False when it is none; then nothing was added. */
bool store_set_add(struct store_set *set, const uint8_t *der, size_t size,
                   const struct store_place *place);

/** What was read of a certificate (DER) that was added; NULL when it was not. */
const struct ucm_cert *store_set_find(const struct store_set *set, const uint8_t *der, size_t size);

/** Add a certificate of which only a part is known; known of `certificate` says which, and it has
 * no DER. Copied. */
void store_set_add_known(struct store_set *set, const struct ucm_stored_cert *certificate,
                         const struct store_place *place);

/** A store was read as a whole: what was not added to it is not in it. */
void store_set_complete(struct store_set *set, enum ucm_store store);

/** Something in it could not be read after all. */
void store_set_incomplete(struct store_set *set, enum ucm_store store);

/** There is a node of this name, though it may hold nothing. */
void store_set_add_node(struct store_set *set, const char *node);

/** What the user or the inventory says of the cluster. */
void store_set_describe(struct store_set *set, const char *publisher, uint16_t version,
                        enum ucm_mode mode);

/** Something about a source that its reader met: a finding at a place, worded as "what (detail)".
 * detail may be NULL. */
void store_set_problem(struct store_set *set, enum ucm_finding_id id, const char *where,
                       const char *detail);

/** The same of what kept the source from being read: that it then holds no certificate is nothing
 * to be said. */
void store_set_fail(struct store_set *set, enum ucm_finding_id id, const char *where,
                    const char *detail);

/** Did that happen? */
bool store_set_has_failed(const struct store_set *set);

/** How many places with a certificate were added so far, also those that were there. */
unsigned store_set_certificates(const struct store_set *set);

/** Was a problem of this rule met? */
bool store_set_has_problem(const struct store_set *set, enum ucm_finding_id id);

/** Everything was read: what is in the set. Owned by it; call once, add nothing after. */
const struct ucm_stores *store_set_finish(struct store_set *set);

/** Put the problems into a result. */
void store_set_report(const struct store_set *set, struct result *result);

#endif
