/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two lists in the same state, any. Included after common/trustlist.c.
 */
#ifndef UCMTRUST_CONTRACTS_LIST_TWICE_H
#define UCMTRUST_CONTRACTS_LIST_TWICE_H

#include "contracts/trustlist.h"
#include "contracts/twice.h"

static struct ucm_trustlist any_list(struct ucm_cursor input)
{
    struct ucm_trustlist list;

    list.data = input.base;
    list.size = input.end;
    ASSUME(UCM_HEADER_OK(list) && UCM_VIEW_IN(list.body, list.size));
    ASSUME(list.kind <= UCM_LIST_SIGNED_FILE && list.anomalies.worst <= UCM_ERROR);
    return list;
}

static void show_same_lists(const struct ucm_trustlist *a, const struct ucm_trustlist *b)
{
    SHOW(a->data == b->data && a->size == b->size && a->kind == b->kind && a->has == b->has);
    SHOW(a->version == b->version && a->signer_version == b->signer_version);
    SHOW(a->header_length == b->header_length && a->timestamp == b->timestamp);
    SHOW(a->digest == b->digest && a->algorithm == b->algorithm && a->modulus == b->modulus);
    SHOW(a->padding == b->padding && a->signature_at == b->signature_at);
    SHOW(SAME_VIEW(a->body, b->body) && SAME_FINDING(a->error, b->error));
    show_same_views(a->value, b->value, UCM_HEADER_TAG_COUNT);
    show_same_anomalies(&a->anomalies, &b->anomalies);
}

#endif
