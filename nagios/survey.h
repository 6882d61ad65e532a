/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Many questions to the TVS nodes of many clusters, asked only where a judgement needs the answer.
 * Judge once with nothing known: that notes the questions. Ask, and judge again. Each node has few
 * connections at a time, and one that stays silent is left alone. Knows nothing of verdicts.
 */
#ifndef UCMTRUST_NAGIOS_SURVEY_H
#define UCMTRUST_NAGIOS_SURVEY_H

#include "site.h"
#include "tvs_report.h"

/** How to ask. */
struct survey_settings {
    const char *client_cert; /**< where the inventory gives none */
    const char *client_key;
    bool legacy;
    bool tomcat; /**< also learn Tomcat certificates, of clusters that want EMCC */
    int64_t now;
    struct tvs_report_settings report;
};

struct survey;

/** Prepare to ask the TVS nodes of these sites, and become what their clusters ask (vouch). Sites
 * and settings must outlive it. */
struct survey *survey_new(GPtrArray *sites, const struct survey_settings *settings);
void survey_free(struct survey *survey);

/** Ask everything that was noted since the last time, until the deadline; the first time also who
 * each node is. False when there was nothing to ask, so that what is known is final. */
bool survey_ask(struct survey *survey, struct result *result);

/** Nothing is noted any more: what is known is final. */
void survey_close(struct survey *survey);

/** Add where TVS nodes of a site differ about anything that was asked. False when memory ran out.
 */
bool survey_compare(const struct site *site, struct ucm_findings *findings);

/** Add the nodes and how they failed to the result. */
void survey_report(const struct survey *survey, struct result *result);

/** What the nodes of a site said about a certificate, node by node; to be freed. NULL when nobody
 * was asked. */
char *survey_text(const struct site *site, const uint8_t *der, size_t size);

/** Where two nodes of a site differ: the first certificate about which they say different things;
 * to be freed. NULL when there is none. */
char *survey_difference(const struct site *site, uint32_t node, uint32_t other);

/** TVS nodes that nobody was to ask, because the inventory gives files only. */
unsigned survey_offline(const struct survey *survey);

/** Is there a node that can be asked? */
bool survey_is_online(const struct survey *survey);

#endif
