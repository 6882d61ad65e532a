/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the files that judge trust stores share: finding certificates in them without walking all of
 * them. For store_*.c alone; everybody else reads store_rules.h.
 */
#ifndef UCMTRUST_COMMON_STORE_INDEX_H
#define UCMTRUST_COMMON_STORE_INDEX_H

#include "store_rules.h"

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The items of a cluster in several orders. Free with ucm_store_index_free(). */
struct ucm_store_index {
    const struct ucm_stores *stores;
    const struct ucm_stored **by_sha1; /**< those whose SHA-1 is known */
    uint32_t sha1s;
    const struct ucm_stored **by_serial; /**< those whose serial number is known */
    uint32_t serials;
    const struct ucm_stored **by_subject; /**< those whose DER is known */
    uint32_t subjects;
    const struct ucm_stored **by_issuer; /**< those whose issuer is known */
    uint32_t issuers;
    uint32_t without_sha1; /**< stores (bits) with certificates whose SHA-1 is not known */
    uint32_t opaque;       /**< stores with certificates that cannot be told apart at all */
    uint32_t everywhere;   /**< stores with certificates that may be on every node */
    uint32_t *on_node;     /**< for each node, stores in which something lies on it */
};

/** False when memory ran out; then there is nothing to free. */
bool ucm_store_index_make(const struct ucm_stores *stores, struct ucm_store_index *index);
void ucm_store_index_free(struct ucm_store_index *index);

/** A row of items. */
struct ucm_store_run {
    const struct ucm_stored *const *item;
    uint32_t count;
};

/** Items in a store, of a subject, that are known as a whole: the newest first. */
struct ucm_store_run ucm_store_named(const struct ucm_store_index *index, const char *subject,
                                     enum ucm_store store);

/** Does any item name this subject as the issuer of another subject? */
bool ucm_store_names_issuer(const struct ucm_store_index *index, const char *subject);

/** Items with the SHA-1 of this certificate, which must be known, by node and store: those for
 * which ucm_stored_same() holds are its copies. */
struct ucm_store_run ucm_store_copies(const struct ucm_store_index *index,
                                      const struct ucm_stored_cert *certificate);

/** Is it the first place of its certificate in a store of this kind? One of which no SHA-1 is known
 * always is. */
bool ucm_store_is_first(const struct ucm_store_index *index, const struct ucm_stored *item);

/** Is a certificate somewhere? */
enum ucm_presence {
    UCM_ABSENT,
    UCM_PRESENT,
    UCM_PERHAPS, /**< the source does not say, or not enough of it */
};

/** Is it in a store? node: NULL: of any node. What may be on every node is on each. */
enum ucm_presence ucm_store_holds(const struct ucm_store_index *index,
                                  const struct ucm_stored_cert *certificate, enum ucm_store store,
                                  const char *node);

/** Was anything seen in a store on a node? Of a store in which nothing was seen it is not known
 * whether it was looked at. node: NULL: any. */
bool ucm_store_is_seen(const struct ucm_store_index *index, enum ucm_store store, const char *node);

/** May an item be on a node? */
bool ucm_stored_on(const struct ucm_stored *item, const char *node);

/** Does a copy of a certificate, whose SHA-1 must be known, lie in one of these stores (bits)? */
bool ucm_store_lies_in(const struct ucm_store_index *index,
                       const struct ucm_stored_cert *certificate, uint32_t stores);

/** The stores of services' own certificates, as bits. */
uint32_t ucm_store_own_bits(void);

/** Is there one in a store, on a node, that issued this item? Both as a whole. Of those that have
 * the name of the issuer, the newest are tried, as many as any cluster has. NULL: none. */
const struct ucm_stored *ucm_store_issuer(const struct ucm_store_index *index,
                                          const struct ucm_stored *item, enum ucm_store store,
                                          const char *node);

/** Index of a node by its name, -1 for NULL and for one that is none. */
int64_t ucm_store_node(const struct ucm_stores *stores, const char *name);

/** Where the certificates are that a service's own are issued by. UCM_STORE_NONE: nowhere. */
enum ucm_store ucm_store_of_trust(enum ucm_store own);

/** Is all of it known? */
static inline bool ucm_stored_whole(const struct ucm_stored *item)
{
    return (item->certificate->known & UCM_KNOWN_DER) != 0;
}

/** Is the certificate named as its own issuer? */
static inline bool ucm_stored_self_issued(const struct ucm_stored *item)
{
    return strcmp(item->certificate->cert.subject, item->certificate->cert.issuer) == 0;
}

/** The versions from which on things are otherwise. */
enum {
    UCM_VERSION_RECOVERY = 10 << 8,           /**< there is ITLRecovery */
    UCM_VERSION_RECOVERY_SIGNS = 12 << 8,     /**< and it signs the lists */
    UCM_VERSION_ONE_RECOVERY = (12 << 8) + 5, /**< and there is one for the cluster */
    UCM_VERSION_CAPF_ON_PUBLISHER = 14 << 8,  /**< and nowhere else */
};

/** A finding about an item; its subject is the first part of the name of that. */
struct ucm_finding ucm_store_finding(const struct ucm_stores *stores, enum ucm_finding_id id,
                                     const struct ucm_stored *item, int64_t expected,
                                     int64_t found);

/** Was this certificate issued by that one: names and the signature (DER)? */
bool ucm_cert_is_issued(const uint8_t *der, uint32_t size, const uint8_t *issuer,
                        uint32_t issuer_size);

/** The name of a host; text: NULL: not known. */
struct ucm_host {
    const char *text;
    size_t size;
};

/** Which of these hosts does a certificate (DER) name as alternatives of its subject? Sets named[i]
 * for each; returns how many names of hosts it has in all. */
uint32_t ucm_cert_hosts(const uint8_t *der, uint32_t size, const struct ucm_host *host,
                        uint32_t hosts, bool *named);

/** The parts of ucm_stores_check(), a file each. False when memory ran out. */
bool ucm_store_check_nodes(const struct ucm_stores *stores, struct ucm_findings *findings);
bool ucm_store_check_chains(const struct ucm_store_index *index, struct ucm_findings *findings);

#ifdef __cplusplus
}
#endif

#endif
