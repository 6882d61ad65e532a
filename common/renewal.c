/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What there is to renew in a cluster: see renewal.h. Whose a certificate is, is told by what
 * serves or shows it, and only then by names (grade B).
 */
#include "renewal.h"

#include "lint_judge.h"
#include "renewal_list.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    SERVERS =
        UCM_ROLE_BIT(UCM_ROLE_CCM) | UCM_ROLE_BIT(UCM_ROLE_CCM_TFTP) | UCM_ROLE_BIT(UCM_ROLE_TFTP),
    SAST = UCM_ROLE_BIT(UCM_ROLE_SAST),
    DAY = 86400,
    ONE_RECOVERY = 0x0c05, /* from 12.5 on there is one ITLRecovery, of the publisher (214231) */
};

static const char *const SERVICE_NAMES[] = {
#define SERVICE_NAME(constant, name) [constant] = (name),
    UCM_SERVICES(SERVICE_NAME)
#undef SERVICE_NAME
};

const char *ucm_service_name(enum ucm_service service)
{
    return (unsigned)service < UCM_SERVICE_COUNT ? SERVICE_NAMES[service] : "";
}

enum ucm_service ucm_service_of(enum ucm_store store)
{
    switch (store) {
    case UCM_STORE_CALLMANAGER:
    case UCM_STORE_CALLMANAGER_ECDSA:
        return UCM_SERVICE_CALLMANAGER;
    case UCM_STORE_TOMCAT:
    case UCM_STORE_TOMCAT_ECDSA:
        return UCM_SERVICE_TOMCAT;
    case UCM_STORE_IPSEC:
        return UCM_SERVICE_IPSEC;
    case UCM_STORE_CAPF:
        return UCM_SERVICE_CAPF;
    case UCM_STORE_TVS:
        return UCM_SERVICE_TVS;
    case UCM_STORE_ITLRECOVERY:
        return UCM_SERVICE_ITLRECOVERY;
    default:
        return UCM_SERVICE_COUNT;
    }
}

/* ---- whose is it? ---- */

static const struct ucm_trustlist *itl_of(const struct ucm_node *node)
{
    return ucm_node_serves(node) && ucm_list_usable(node->lists.itl) ? node->lists.itl : NULL;
}

/* The name is that of a host: equal, or equal up to the domain that one of them lacks. */
static bool is_host(const char *name, const char *host, size_t size)
{
    const size_t length = name == NULL ? 0 : strlen(name);
    const size_t common = length < size ? length : size;

    if (common == 0 || strncasecmp(name, host, common) != 0)
        return false;
    if (length > size)
        return name[size] == '.' && memchr(host, '.', size) == NULL &&
               strspn(name, "0123456789.") < length;
    return length == size || (host[length] == '.' && strchr(name, '.') == NULL);
}

/* "CN=host;OU=…" */
static const char *host_in(const struct ucm_cert *cert, size_t *size)
{
    const char *host = strncasecmp(cert->subject, "CN=", 3) == 0 ? cert->subject + 3 : "";

    *size = strcspn(host, ";");
    return host;
}

/* What its TVS shows names the host as well. */
static bool shows_host(const struct ucm_node *node, const char *host, size_t size)
{
    struct ucm_cert cert;
    const char *name;
    size_t length;

    if (node->identity == NULL || size == 0 ||
        !ucm_cert_read(node->identity, node->identity_size, &cert))
        return false;
    name = host_in(&cert, &length);
    return length == size && strncasecmp(name, host, size) == 0;
}

static uint32_t node_named(const struct ucm_renewal *renewal, const char *host, size_t size)
{
    for (uint32_t i = 0; i < renewal->cluster->nodes; i++)
        if (is_host(renewal->cluster->node[i].name, host, size) ||
            (renewal->address != NULL && is_host(renewal->address[i], host, size)))
            return i;
    for (uint32_t i = 0; i < renewal->cluster->nodes; i++)
        if (shows_host(&renewal->cluster->node[i], host, size))
            return i;
    return UCM_NODE_NONE;
}

/* "CN=host;OU=…", "CN=ITLRECOVERY_host;OU=…" */
static uint32_t node_by_subject(const struct ucm_renewal *renewal, const struct ucm_cert *cert)
{
    static const char PREFIX[] = "ITLRECOVERY_";
    const size_t skip = sizeof PREFIX - 1;
    size_t size;
    const char *host = host_in(cert, &size);

    if (size > skip && strncasecmp(host, PREFIX, skip) == 0)
        return node_named(renewal, host + skip, size - skip);
    return node_named(renewal, host, size);
}

/* The record that holds it may name the host by name or address. */
static uint32_t node_by_record(const struct ucm_renewal *renewal, const struct ucm_renewable *item)
{
    struct ucm_cluster_walk walk = ucm_cluster_walk(renewal->cluster);

    while (ucm_cluster_next(&walk)) {
        const struct ucm_view dns = walk.record.value[UCM_RECORD_DNS_NAME];

        if (ucm_cluster_walk_is_at(&walk, item->der, item->size)) {
            const uint32_t node =
                node_named(renewal, (const char *)walk.list->data + dns.off, dns.len);

            if (node != UCM_NODE_NONE)
                return node;
        }
    }
    return UCM_NODE_NONE;
}

static uint32_t node_by_name(const struct ucm_renewal *renewal, const struct ucm_renewable *item)
{
    const uint32_t node = node_by_record(renewal, item);

    return node != UCM_NODE_NONE ? node : node_by_subject(renewal, &item->cert);
}

/* The node whose own ITL alone holds it; shared says that more than one does. */
static uint32_t node_by_itl(const struct ucm_renewal *renewal, const struct ucm_renewable *item,
                            uint32_t roles, bool *shared)
{
    uint32_t found = UCM_NODE_NONE;

    *shared = false;
    for (uint32_t i = 0; i < renewal->cluster->nodes; i++) {
        const struct ucm_trustlist *itl = itl_of(&renewal->cluster->node[i]);

        if (itl == NULL || !ucm_list_holds(itl, item->der, item->size, roles))
            continue;
        *shared = *shared || found != UCM_NODE_NONE;
        found = i;
    }
    return *shared ? UCM_NODE_NONE : found;
}

static uint32_t node_by_identity(const struct ucm_renewal *renewal,
                                 const struct ucm_renewable *item)
{
    for (uint32_t i = 0; i < renewal->cluster->nodes; i++) {
        const struct ucm_node *node = &renewal->cluster->node[i];

        if (node->identity_size == item->size && node->identity != NULL &&
            memcmp(node->identity, item->der, item->size) == 0)
            return i;
    }
    return UCM_NODE_NONE;
}

/* Before 12.5 each node may have its own, which names it. */
static uint32_t owner_of_recovery(const struct ucm_renewal *renewal,
                                  const struct ucm_renewable *item)
{
    uint32_t node;
    bool shared;

    if (renewal->cluster->version >= ONE_RECOVERY || renewal->cluster->nodes == 1)
        return renewal->publisher;
    node = node_by_subject(renewal, &item->cert);
    if (node == UCM_NODE_NONE)
        node = node_by_itl(renewal, item, SAST, &shared);
    return node != UCM_NODE_NONE ? node : renewal->publisher;
}

static void find_owner(const struct ucm_renewal *renewal, struct ucm_renewable *item)
{
    switch (item->service) {
    case UCM_SERVICE_CALLMANAGER:
        item->node = node_by_itl(renewal, item, SERVERS, &item->shared);
        break;
    case UCM_SERVICE_TVS:
        item->node = node_by_identity(renewal, item);
        break;
    case UCM_SERVICE_ITLRECOVERY:
        item->node = owner_of_recovery(renewal, item);
        return;
    default:
        break;
    }
    if (item->node == UCM_NODE_NONE && !item->shared)
        item->node = node_by_name(renewal, item);
    if (item->node == UCM_NODE_NONE && item->service == UCM_SERVICE_CAPF)
        item->node = renewal->publisher;
}

/* ---- what is it? ---- */

static uint32_t roles_of(const struct ucm_cluster *cluster, const struct ucm_listed *listed)
{
    struct ucm_cluster_walk walk = ucm_cluster_walk(cluster);
    uint32_t roles = 0;

    while (ucm_cluster_next(&walk))
        if (ucm_cluster_walk_is_at(&walk, listed->der, listed->size))
            roles |= ucm_role_bit(&walk.record);
    return roles;
}

/* ITLRecovery has no role of its own: it is told by its name. A SAST that is nothing else is a
 * token. */
static enum ucm_service service_for(uint32_t roles, const struct ucm_cert *cert)
{
    if ((roles & UCM_ROLE_BIT(UCM_ROLE_TVS)) != 0)
        return UCM_SERVICE_TVS;
    if ((roles & SERVERS) != 0)
        return UCM_SERVICE_CALLMANAGER;
    if ((roles & UCM_ROLE_BIT(UCM_ROLE_CAPF)) != 0)
        return UCM_SERVICE_CAPF;
    if ((roles & SAST) == 0)
        return UCM_SERVICE_COUNT;
    return ucm_judge_is_recovery(cert->subject) ? UCM_SERVICE_ITLRECOVERY : UCM_SERVICE_TOKEN;
}

/* ---- collecting ---- */

static bool is_due(const struct ucm_renewal *renewal, const struct ucm_cert *cert)
{
    return cert->not_after != UCM_TIME_NONE &&
           cert->not_after - renewal->now < renewal->horizon_days * (int64_t)DAY;
}

static struct ucm_renewable *find(const struct ucm_renewal *renewal, const uint8_t *der,
                                  uint32_t size)
{
    for (uint32_t i = 0; i < renewal->items && der != NULL; i++) {
        struct ucm_renewable *item = &renewal->item[i];

        if (item->der != NULL && item->size == size && memcmp(item->der, der, size) == 0)
            return item;
    }
    return NULL;
}

static struct ucm_renewable *append(struct ucm_renewal *renewal, enum ucm_service service,
                                    const struct ucm_cert *cert)
{
    struct ucm_renewable *item = &renewal->item[renewal->items];

    if (renewal->items == UCM_RENEWABLES_MAX) {
        renewal->unread++;
        return NULL;
    }
    renewal->items++;
    *item = (struct ucm_renewable){.service = service,
                                   .node = UCM_NODE_NONE,
                                   .due = is_due(renewal, cert),
                                   .by_ca = strcmp(cert->subject, cert->issuer) != 0};
    item->cert = *cert;
    return item;
}

void ucm_renewal_add(struct ucm_renewal *renewal, enum ucm_service service, uint32_t node,
                     const uint8_t *der, uint32_t size, const struct ucm_cert *cert)
{
    struct ucm_renewable *item = find(renewal, der, size);

    if (item != NULL) {
        item->tomcat_too = item->tomcat_too || (service == UCM_SERVICE_TOMCAT &&
                                                item->service == UCM_SERVICE_CALLMANAGER);
        item->shared = item->shared || (service == item->service && node != UCM_NODE_NONE &&
                                        item->node != UCM_NODE_NONE && node != item->node &&
                                        service != UCM_SERVICE_ITLRECOVERY);
        return;
    }
    item = append(renewal, service, cert);
    if (item == NULL)
        return;
    item->node = node;
    item->der = der;
    item->size = der == NULL ? 0 : size;
}

static void add_listed(struct ucm_renewal *renewal, const struct ucm_listed *listed)
{
    struct ucm_renewable *item;
    enum ucm_service service;
    struct ucm_cert cert;

    if (!ucm_cert_read(listed->der, listed->size, &cert)) {
        renewal->unread++;
        return;
    }
    service = service_for(roles_of(renewal->cluster, listed), &cert);
    item = service == UCM_SERVICE_COUNT ? NULL : append(renewal, service, &cert);
    if (item == NULL)
        return;
    item->listed = true;
    item->der = listed->der;
    item->size = listed->size;
    find_owner(renewal, item);
}

static void add_identities(struct ucm_renewal *renewal)
{
    for (uint32_t i = 0; i < renewal->cluster->nodes; i++) {
        const struct ucm_node *node = &renewal->cluster->node[i];
        struct ucm_cert cert;

        if (node->identity != NULL && ucm_cert_read(node->identity, node->identity_size, &cert))
            ucm_renewal_add(renewal, UCM_SERVICE_TVS, i, node->identity,
                            (uint32_t)node->identity_size, &cert);
        if (node->tomcat != NULL && ucm_cert_read(node->tomcat, node->tomcat_size, &cert))
            ucm_renewal_add(renewal, UCM_SERVICE_TOMCAT, i, node->tomcat,
                            (uint32_t)node->tomcat_size, &cert);
    }
}

/* ---- what plans need ---- */

static bool make_successors(struct ucm_renewal *renewal)
{
    for (uint32_t i = 0; i < renewal->items; i++) {
        struct ucm_renewable *item = &renewal->item[i];

        if (!item->due || item->der == NULL || item->service == UCM_SERVICE_TOKEN)
            continue;
        item->successor =
            ucm_successor_make(item->der, item->size, i, renewal->now, &item->successor_size);
        if (item->successor == NULL)
            return false;
    }
    return true;
}

static uint32_t services_changing(const struct ucm_renewal *renewal,
                                  const struct ucm_trustlist *list)
{
    uint32_t services = 0;

    for (uint32_t i = 0; i < renewal->items && list != NULL; i++) {
        const struct ucm_renewable *item = &renewal->item[i];

        if (item->successor != NULL && ucm_list_holds(list, item->der, item->size, UINT32_MAX))
            services |= UCM_SERVICE_BIT(item->service);
    }
    return services;
}

/* The service whose certificates sign the ITLs, or the CTLs, of all nodes. */
static enum ucm_service signer_of(const struct ucm_renewal *renewal, uint32_t offset)
{
    enum ucm_service signer = UCM_SERVICE_COUNT;

    for (uint32_t i = offset; i < 2 * renewal->cluster->nodes; i += 2) {
        const struct ucm_trustlist *list = ucm_cluster_list(renewal->cluster, i);
        const struct ucm_signature *own = ucm_cluster_signature(renewal->cluster, i);
        const struct ucm_renewable *item =
            list == NULL || own->certificate_size == 0
                ? NULL
                : find(renewal, list->data + own->certificate_at, own->certificate_size);

        if (list == NULL)
            continue;
        if (item == NULL || (signer != UCM_SERVICE_COUNT && item->service != signer))
            return UCM_SERVICE_COUNT;
        signer = item->service;
    }
    return signer;
}

/* Non-secure only where every node was seen to serve no CTL of a mixed cluster. */
static enum ucm_mode mode_of(const struct ucm_cluster *cluster)
{
    enum ucm_mode mode = UCM_MODE_UNKNOWN;
    bool unknown = false;

    for (uint32_t i = 0; i < cluster->nodes && mode != UCM_MODE_MIXED; i++) {
        const struct ucm_node *node = &cluster->node[i];

        if (node->serves)
            mode = node->looked ? ucm_mode_of(node->lists.ctl) : UCM_MODE_UNKNOWN;
        unknown = unknown || (node->serves && mode == UCM_MODE_UNKNOWN);
    }
    return mode == UCM_MODE_MIXED || !unknown ? mode : UCM_MODE_UNKNOWN;
}

/* Live answers about the ITLRecovery certificates that there are now: TVS will say the same of the
 * next ones, since they lie in the same store. */
static enum ucm_knowledge ask_about_recovery(const struct ucm_renewal *renewal)
{
    enum ucm_knowledge knowledge = UCM_NOT_ANSWERED;

    for (uint32_t i = 0; i < renewal->items; i++) {
        const struct ucm_renewable *item = &renewal->item[i];

        if (item->service != UCM_SERVICE_ITLRECOVERY || item->der == NULL)
            continue;
        knowledge = ucm_cluster_knows(renewal->cluster, item->der, item->size, SAST);
        if (knowledge != UCM_KNOWN)
            return knowledge;
    }
    return knowledge;
}

static bool collect(struct ucm_renewal *renewal)
{
    const uint32_t lists = 2 * renewal->cluster->nodes;
    struct ucm_listing listing;

    renewal->item = calloc(UCM_RENEWABLES_MAX, sizeof *renewal->item);
    renewal->changed_by = calloc(lists + (size_t)1, sizeof *renewal->changed_by);
    if (renewal->item == NULL || renewal->changed_by == NULL ||
        !ucm_listing_make(renewal->cluster, 0, &listing))
        return false;
    for (uint32_t i = 0; i < listing.count; i++)
        add_listed(renewal, &listing.item[i]);
    free(listing.item);
    add_identities(renewal);
    if (!make_successors(renewal))
        return false;
    for (uint32_t i = 0; i < lists; i++)
        renewal->changed_by[i] = services_changing(renewal, ucm_cluster_list(renewal->cluster, i));
    return true;
}

bool ucm_renewal_make(const struct ucm_renewal_options *options, struct ucm_renewal *renewal)
{
    *renewal = (struct ucm_renewal){.cluster = options->cluster,
                                    .address = options->address,
                                    .publisher = options->publisher,
                                    .now = options->now,
                                    .horizon_days = options->horizon_days,
                                    .mode = mode_of(options->cluster)};
    if (!collect(renewal)) {
        ucm_renewal_free(renewal);
        return false;
    }
    renewal->itl_signer = signer_of(renewal, 0);
    renewal->ctl_signer = signer_of(renewal, 1);
    renewal->recovery = ask_about_recovery(renewal);
    return true;
}

void ucm_renewal_free(struct ucm_renewal *renewal)
{
    for (uint32_t i = 0; i < renewal->items; i++)
        free(renewal->item[i].successor);
    free(renewal->item);
    free(renewal->changed_by);
    *renewal = (struct ucm_renewal){.item = NULL};
}

/* ---- questions ---- */

bool ucm_renewal_is_due(const struct ucm_renewal *renewal, enum ucm_service service)
{
    for (uint32_t i = 0; i < renewal->items; i++)
        if (renewal->item[i].due && renewal->item[i].service == service)
            return true;
    return false;
}

bool ucm_renewal_is_listed(const struct ucm_renewal *renewal, enum ucm_service service)
{
    for (uint32_t i = 0; i < renewal->items; i++)
        if (renewal->item[i].due && renewal->item[i].listed && renewal->item[i].service == service)
            return true;
    return false;
}

static enum ucm_obstacle obstacle_at(const struct ucm_node *node)
{
    if (!node->looked)
        return UCM_OBSTACLE_UNSEEN;
    if (!ucm_list_usable(node->lists.itl) ||
        (node->lists.ctl != NULL && !ucm_list_usable(node->lists.ctl)))
        return UCM_OBSTACLE_DAMAGED;
    if (node->itl_signature.status != UCM_SIGNATURE_VALID ||
        (node->lists.ctl != NULL && node->ctl_signature.status != UCM_SIGNATURE_VALID))
        return UCM_OBSTACLE_SIGNATURE;
    return UCM_OBSTACLE_NONE;
}

/* A plan for the wrong mode would leave out the CTL, and one for nodes with different CTLs would be
 * tried on phones that nobody can tell apart. All lists were seen and can be read. */
static enum ucm_obstacle ctl_obstacle(const struct ucm_renewal *renewal, uint32_t *node)
{
    const struct ucm_cluster *cluster = renewal->cluster;
    const struct ucm_trustlist *first = NULL;

    if (cluster->expected != UCM_MODE_UNKNOWN && cluster->expected != renewal->mode)
        return UCM_OBSTACLE_MODE;
    if (cluster->expected == UCM_MODE_NONSECURE)
        return UCM_OBSTACLE_NONE;
    for (uint32_t i = 0; i < cluster->nodes && first == NULL; i++)
        first = cluster->node[i].serves ? cluster->node[i].lists.ctl : NULL;
    for (uint32_t i = 0; i < cluster->nodes && first != NULL; i++) {
        const struct ucm_trustlist *ctl = cluster->node[i].lists.ctl;

        *node = i;
        if (cluster->node[i].serves && ctl == NULL)
            return UCM_OBSTACLE_NO_CTL;
        if (cluster->node[i].serves && renewal->mode == UCM_MODE_MIXED &&
            !ucm_same_list(ctl, first))
            return UCM_OBSTACLE_CTLS;
    }
    *node = UCM_NODE_NONE;
    return UCM_OBSTACLE_NONE;
}

enum ucm_obstacle ucm_renewal_obstacle(const struct ucm_renewal *renewal, uint32_t *node)
{
    const struct ucm_cluster *cluster = renewal->cluster;
    enum ucm_obstacle obstacle = UCM_OBSTACLE_NO_LIST;

    *node = UCM_NODE_NONE;
    for (uint32_t i = 0; i < cluster->nodes; i++) {
        if (!cluster->node[i].serves)
            continue;
        obstacle = obstacle_at(&cluster->node[i]);
        if (obstacle != UCM_OBSTACLE_NONE) {
            *node = i;
            return obstacle;
        }
    }
    return obstacle == UCM_OBSTACLE_NONE ? ctl_obstacle(renewal, node) : obstacle;
}
