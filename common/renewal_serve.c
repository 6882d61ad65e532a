/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a cluster serves after each step of a renewal: see renewal_run.h. Lists are written from
 * those that are served in the beginning, once for each set of certificates in them.
 */
#include "renewal_run.h"

#include <stdlib.h>
#include <string.h>

/* ---- items ---- */

int ucm_run_find_item(const struct ucm_renewal *renewal, const uint8_t *der, uint32_t size)
{
    for (uint32_t i = 0; i < renewal->items; i++)
        if (renewal->item[i].size == size && size > 0 &&
            memcmp(renewal->item[i].der, der, size) == 0)
            return (int)i;
    return -1;
}

bool ucm_run_is_renewed(const struct ucm_renewable *item, uint32_t services)
{
    return item->due && item->successor != NULL && (services & UCM_SERVICE_BIT(item->service)) != 0;
}

/* ---- lists ---- */

const struct ucm_trustlist *ucm_run_list(const struct run *run, int version)
{
    return version == NO_LIST ? NULL : &run->version[version].served.list;
}

static struct version *new_version(struct run *run)
{
    struct version *version;

    if (run->versions == run->room) {
        const uint32_t room = run->room == 0 ? 16 : 2 * run->room;

        version = realloc(run->version, room * sizeof *version);
        if (version == NULL) {
            run->out_of_memory = true;
            return NULL;
        }
        run->version = version;
        run->room = room;
    }
    version = &run->version[run->versions++];
    memset(version, 0, sizeof *version);
    version->signer = -1;
    return version;
}

/* The list that a node serves in the beginning. */
static int first_version(struct run *run, uint32_t node, int kind)
{
    const struct ucm_node *from = &run->renewal->cluster->node[node];
    const struct ucm_trustlist *list = kind == ITL ? from->lists.itl : from->lists.ctl;
    struct version *version;

    if (!ucm_node_serves(from) || list == NULL)
        return NO_LIST;
    version = new_version(run);
    if (version == NULL)
        return NO_LIST;
    version->source = 2 * node + (uint32_t)kind;
    version->served.list = *list;
    version->served.own = kind == ITL ? from->itl_signature : from->ctl_signature;
    version->signer =
        ucm_run_find_item(run->renewal, list->data + version->served.own.certificate_at,
                          version->served.own.certificate_size);
    return (int)run->versions - 1;
}

/* The other anchor that can sign a list: ITLRecovery where CallManager does, and the other way
 * round. It must be a SAST in it, for phones to know it as one. */
static int other_anchor(const struct run *run, const struct version *first)
{
    const struct ucm_renewal *renewal = run->renewal;
    const enum ucm_service usual =
        first->signer < 0 ? UCM_SERVICE_COUNT : renewal->item[first->signer].service;
    const enum ucm_service wanted = usual == UCM_SERVICE_CALLMANAGER   ? UCM_SERVICE_ITLRECOVERY
                                    : usual == UCM_SERVICE_ITLRECOVERY ? UCM_SERVICE_CALLMANAGER
                                                                       : UCM_SERVICE_COUNT;

    for (uint32_t i = 0; i < renewal->items; i++)
        if (renewal->item[i].service == wanted &&
            ucm_list_holds(&first->served.list, renewal->item[i].der, renewal->item[i].size,
                           UCM_ROLE_BIT(UCM_ROLE_SAST)))
            return (int)i;
    return -1;
}

static uint32_t collect_swaps(const struct ucm_renewal *renewal, uint32_t services,
                              struct ucm_swap *swap)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < renewal->items; i++) {
        const struct ucm_renewable *item = &renewal->item[i];

        if (ucm_run_is_renewed(item, services))
            swap[count++] =
                (struct ucm_swap){item->der, item->size, item->successor, item->successor_size};
    }
    return count;
}

/* Who signs a version; NULL: nobody can. */
static const uint8_t *choose_signer(const struct run *run, const struct version *from,
                                    struct version *version, uint32_t *size)
{
    const int item = version->resigned ? other_anchor(run, from) : from->signer;
    const struct ucm_renewable *signer = item < 0 ? NULL : &run->renewal->item[item];

    version->signer = item;
    if (signer == NULL) {
        *size = from->served.own.certificate_size;
        return version->resigned ? NULL : from->served.list.data + from->served.own.certificate_at;
    }
    version->successor = ucm_run_is_renewed(signer, version->renewed);
    *size = version->successor ? signer->successor_size : signer->size;
    return version->successor ? signer->successor : signer->der;
}

/* Write a version from the list that the node served first. */
static void write_version(struct run *run, int first, struct version *version)
{
    const struct version *from = &run->version[first];
    struct ucm_swap *swap = malloc((run->renewal->items + (size_t)1) * sizeof *swap);
    uint32_t size = 0;
    const uint8_t *signer = choose_signer(run, from, version, &size);

    run->out_of_memory = run->out_of_memory || swap == NULL;
    if (swap == NULL || signer == NULL ||
        !ucm_list_rebuild(&from->served.list, swap,
                          collect_swaps(run->renewal, version->renewed, swap), signer, size,
                          &version->served))
        run->impossible = true;
    free(swap);
}

/* The list that a node serves once it was written with these services renewed. */
static int version_of(struct run *run, uint32_t node, int kind, uint32_t renewed, bool resigned)
{
    const int first = run->moment[0].offer[node].list[kind];
    struct version *version;

    if (first == NO_LIST)
        return NO_LIST;
    renewed &= run->renewal->changed_by[2 * node + (uint32_t)kind];
    for (uint32_t i = 0; i < run->versions; i++)
        if (run->version[i].source == 2 * node + (uint32_t)kind &&
            run->version[i].renewed == renewed && run->version[i].resigned == resigned)
            return (int)i;
    version = new_version(run);
    if (version == NULL)
        return first;
    version->source = 2 * node + (uint32_t)kind;
    version->renewed = renewed;
    version->resigned = resigned;
    write_version(run, first, version);
    return (int)run->versions - 1;
}

/* ---- what steps do ---- */

static void write_lists(struct run *run, struct moment *moment, int kind, bool resigned)
{
    for (uint32_t i = 0; i < run->renewal->cluster->nodes; i++)
        moment->offer[i].list[kind] = version_of(run, i, kind, moment->stores, resigned);
}

/* Sign the ITLs that are served anew, as they are: `reset localkey` takes the file that is there.
 */
static void sign_itls(struct run *run, struct moment *moment)
{
    for (uint32_t i = 0; i < run->renewal->cluster->nodes; i++) {
        const int served = moment->offer[i].list[ITL];

        if (served != NO_LIST)
            moment->offer[i].list[ITL] =
                version_of(run, i, ITL, run->version[served].renewed, true);
    }
}

static void do_step(struct run *run, struct moment *moment, const struct ucm_renewal_step *step)
{
    switch (step->action) {
    case UCM_ACT_RENEW:
        moment->stores |= UCM_SERVICE_BIT(step->service);
        if (run->eager)
            write_lists(run, moment, ITL, false);
        break;
    case UCM_ACT_CTL_UPDATE:
        write_lists(run, moment, CTL, false);
        break;
    case UCM_ACT_CTL_RESIGN:
        write_lists(run, moment, CTL, true);
        break;
    case UCM_ACT_ITL_RESIGN:
        sign_itls(run, moment);
        break;
    case UCM_ACT_RESTART:
        moment->shown = moment->stores;
        write_lists(run, moment, ITL, false);
        break;
    case UCM_ACT_TFTP:
        write_lists(run, moment, ITL, false);
        break;
    case UCM_ACT_WAIT:
        break;
    }
}

static bool same_offers(const struct run *run, uint32_t a, uint32_t b)
{
    return run->moment[a].stores == run->moment[b].stores &&
           run->moment[a].shown == run->moment[b].shown &&
           memcmp(run->moment[a].offer, run->moment[b].offer,
                  run->renewal->cluster->nodes * sizeof *run->offers) == 0;
}

static void find_likes(struct run *run, uint32_t steps)
{
    for (uint32_t i = 0; i <= steps; i++) {
        run->like[i] = 0;
        while (!same_offers(run, run->like[i], i))
            run->like[i]++;
    }
}

bool ucm_run_through(struct run *run, uint32_t steps)
{
    const uint32_t nodes = run->renewal->cluster->nodes;

    run->offers = malloc((steps + (size_t)1) * (nodes + (size_t)1) * sizeof *run->offers);
    if (run->offers == NULL)
        return false;
    for (uint32_t i = 0; i <= steps; i++)
        run->moment[i].offer = run->offers + (size_t)i * nodes;
    for (uint32_t i = 0; i < nodes; i++)
        for (int kind = ITL; kind <= CTL; kind++)
            run->moment[0].offer[i].list[kind] = first_version(run, i, kind);
    for (uint32_t i = 1; i <= steps && !run->out_of_memory && !run->impossible; i++) {
        run->moment[i].stores = run->moment[i - 1].stores;
        run->moment[i].shown = run->moment[i - 1].shown;
        memcpy(run->moment[i].offer, run->moment[i - 1].offer, nodes * sizeof *run->offers);
        do_step(run, &run->moment[i], &run->step[i - 1]);
    }
    if (!run->out_of_memory && !run->impossible)
        find_likes(run, steps);
    return !run->out_of_memory;
}

void ucm_run_release(struct run *run)
{
    for (uint32_t i = 0; i < run->versions; i++)
        ucm_served_free(&run->version[i].served);
    free(run->version);
    free(run->offers);
}
