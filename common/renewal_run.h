/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a cluster serves after each step of a renewal. For renewal_serve.c, which finds it out, and
 * renewal_play.c, which lets phones fetch it.
 */
#ifndef UCMTRUST_COMMON_RENEWAL_RUN_H
#define UCMTRUST_COMMON_RENEWAL_RUN_H

#include "renewal_list.h"
#include "renewal_play.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    NO_LIST = -1,
    ITL = 0,
    CTL = 1,
};

/** A list that is served at some time, and what it was made of. */
struct version {
    struct ucm_served served;
    uint32_t source;  /* node * 2 + ITL or CTL */
    uint32_t renewed; /* services whose successors are in it */
    bool resigned;    /* signed by the other anchor */
    int signer;       /* item; -1: none of them */
    bool successor;   /* it is that of the item */
};

/** What a node serves; indices of versions. */
struct offer {
    int list[2];
};

/** The cluster after a step. */
struct moment {
    uint32_t stores;     /* services whose certificates were renewed */
    uint32_t shown;      /* the same, when TVS was restarted last */
    struct offer *offer; /* of each node */
};

struct memo;

/** Everything about one run. */
struct run {
    const struct ucm_renewal *renewal;
    struct ucm_play_options options;
    const struct ucm_renewal_step *step;
    struct ucm_play *play;
    bool eager; /* nodes rebuild their ITLs as soon as a certificate was renewed */
    bool impossible;
    bool out_of_memory;
    struct version *version;
    uint32_t versions;
    uint32_t room;
    struct moment moment[UCM_STEPS_MAX + 1];
    uint32_t like[UCM_STEPS_MAX + 1]; /* first step after which all was the same as after this */
    struct offer *offers;             /* of all moments in one piece */
    struct memo *memo;
};

/** The item with this certificate; -1: none. */
int ucm_run_find_item(const struct ucm_renewal *renewal, const uint8_t *der, uint32_t size);

/** Has this certificate got a successor, once these services were renewed (bits)? */
bool ucm_run_is_renewed(const struct ucm_renewable *item, uint32_t services);

/** The list with an index of run->version; NULL for NO_LIST. */
const struct ucm_trustlist *ucm_run_list(const struct run *run, int version);

/** Find out what is served after each step. False when memory ran out. impossible says that a list
 * cannot be written. Free with ucm_run_release(), whatever it returned. */
bool ucm_run_through(struct run *run, uint32_t steps);
void ucm_run_release(struct run *run);

#ifdef __cplusplus
}
#endif

#endif
