/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each step of decoding a TVS message, done twice from the same state, comes to the same state: it
 * depends on nothing else. What looks like a name is shown for a few bytes only.
 *
 * proves: decode_header fill_element store check_complete
 * unwinds: looks_like_name.0:17
 * checks: SHOW
 * links: bytes finding names
 */
#include "proof.h"
#include "contracts/fold.h"

#include "common/tvs.c"
#include "contracts/libc.h"
#include "contracts/tvs.h"
#include "contracts/twice.h"

enum { FEW = 16 };

static void show_same(const struct ucm_tvs *a, const struct ucm_tvs *b)
{
    SHOW(a->version == b->version && a->type == b->type && a->reserved == b->reserved);
    SHOW(a->session == b->session && a->length == b->length && a->size == b->size);
    SHOW(a->has == b->has && a->certificates == b->certificates && a->status == b->status);
    SHOW(a->ttl == b->ttl && SAME_FINDING(a->error, b->error));
    show_same_views(a->value, b->value, UCM_TVS_KINDS);
    show_same_anomalies(&a->anomalies, &b->anomalies);
}

static void fill_twice(const uint8_t *base, struct ucm_tlv tlv)
{
    struct ucm_tvs_element a, b;

    ASSUME(tlv.value.len <= FEW);
    fill_element(base, tlv, &a);
    fill_element(base, tlv, &b);
    SHOW(a.kind == b.kind && a.tag == b.tag && a.at == b.at && SAME_VIEW(a.value, b.value));
    REACHABLE(a.kind == UCM_TVS_ISSUER);
}

/* Any of the steps. */
static bool step(struct ucm_tvs *message, uint32_t which, const struct ucm_tvs_element *element,
                 struct ucm_cursor *cursor)
{
    switch (which) {
    case 0:
        return decode_header(cursor, message);
    case 1:
        store(cursor->base, element, message);
        return true;
    default:
        check_complete(message);
        return true;
    }
}

void proof(void)
{
    struct ucm_cursor one = any_cursor(), two;
    struct ucm_tvs_element element;
    struct ucm_tvs a, b;
    struct ucm_tlv tlv;
    uint32_t which;
    bool first, second;

    tlv.value = any_view(one);
    fill_twice(one.base, tlv);
    element.value = any_view(one);
    a.size = one.end;
    ASSUME(KIND(element.kind) && MESSAGE(one.base, &a) && a.certificates < UINT32_MAX);
    ASSUME(which != 0 || one.pos == 0);
    b = a;
    two = one;
    first = step(&a, which, &element, &one);
    second = step(&b, which, &element, &two);
    SHOW(first == second && SAME_CURSOR(one, two));
    show_same(&a, &b);
    REACHABLE(which == 1 && ucm_tvs_has(&a, UCM_TVS_TTL));
}
