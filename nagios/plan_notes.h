/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is said about a plan of renewal as a whole: what to know before it, at every wait, and what
 * is open. Knows nothing of layout. All texts are printable and to be freed.
 */
#ifndef UCMTRUST_NAGIOS_PLAN_NOTES_H
#define UCMTRUST_NAGIOS_PLAN_NOTES_H

#include "plan.h"

/** Things to know, of char *: before the first step, at every wait, never together, where sources
 * disagree. */
GPtrArray *plan_before(const struct plan *plan);
GPtrArray *plan_at_waits(const struct plan *plan);
GPtrArray *plan_never(const struct plan *plan);
GPtrArray *plan_sources(const struct plan *plan);

/** Questions that are open, of char *, with the check that settles each. */
GPtrArray *plan_questions(const struct plan *plan);

#endif
