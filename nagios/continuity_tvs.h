/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What live TVS nodes say about the signers of the lists that are served now: each node is asked
 * once about each signer, and the answer serves every phone. Knows nothing of verdicts.
 */
#ifndef UCMTRUST_NAGIOS_CONTINUITY_TVS_H
#define UCMTRUST_NAGIOS_CONTINUITY_TVS_H

#include "result.h"
#include "tvs_client.h"

#include "common/phone.h"

/** How to ask. */
struct panel_settings {
    char *const *node; /**< NODE or NODE:PORT, ended by NULL; NULL: ask nobody */
    const char *client_cert;
    const char *client_key;
    bool legacy;
    int64_t now;
};

/** The nodes and what they said so far. */
struct panel;

struct panel *panel_new(const struct panel_settings *settings);
void panel_free(struct panel *panel);

/** Trust the TVS servers that a list names; nothing is sent to others. The list must outlive the
 * panel. */
void panel_trust(struct panel *panel, const struct ucm_trustlist *list);

/** Say which certificate signed a list; both must outlive the panel. */
void panel_set_signer(struct panel *panel, const struct ucm_trustlist *list, const uint8_t *der,
                      size_t size);

/** As ucm_tvs_ask with the panel as context. What nobody was asked yet is noted as a question. */
bool panel_opinion(void *context, const struct ucm_trustlist *file, uint32_t index,
                   struct ucm_tvs_opinion *opinion);

/** Ask all questions that were noted since the last time, until the deadline. False when there was
 * none, so that the opinions are final. Adds the nodes to the result. */
bool panel_ask(struct panel *panel, struct result *result);

/** Why each node does not vouch, as a text for people; NULL when there is nothing to say. To be
 * freed. */
char *panel_complaints(const struct panel *panel);

#endif
