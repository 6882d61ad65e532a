/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Contracts of the functions of common/trustlist.c that know its struct containers. Included after
 * it, for the same reason.
 */
#ifndef UCMTRUST_CONTRACTS_CONTAINERS_H
#define UCMTRUST_CONTRACTS_CONTAINERS_H

#include "contracts/trustlist.h"

static void note_container(struct containers *containers, const struct ucm_tlv *tlv, uint32_t end)
    // clang-format off
REQUIRES(__CPROVER_rw_ok(containers, sizeof *containers))
REQUIRES(tlv->at <= UCM_INPUT_MAX && (tlv->wanted >= 3 || tlv->tag == UCM_HEADER_PADDING))
ASSIGNS(*containers)
ENSURES(containers->of[3].start == (tlv->tag == 3 ? tlv->at + 3 : OLD(containers->of[3].start)))
ENSURES(containers->of[7].start == (tlv->tag == 7 ? tlv->at + 3 : OLD(containers->of[7].start)))
ENSURES(containers->of[9].start == (tlv->tag == 9 ? tlv->at + 3 : OLD(containers->of[9].start)));
// clang-format on

static void check_container(struct ucm_trustlist *list, const struct containers *containers,
                            uint8_t tag)
    // clang-format off
REQUIRES(__CPROVER_rw_ok(list, sizeof *list) && list->anomalies.worst <= UCM_ERROR)
REQUIRES(tag == 3 || tag == 7 || tag == 9)
REQUIRES((list->has >> tag & 1u) == 0 || containers->of[tag].start >= 3)
ASSIGNS(list->anomalies)
ENSURES(list->anomalies.worst <= UCM_ERROR);
// clang-format on

#endif
