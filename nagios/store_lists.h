/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust lists beside trust stores: the CTL that shows the security mode, and lists that phones
 * hold. Fetches and decodes them; must not judge.
 */
#ifndef UCMTRUST_NAGIOS_STORE_LISTS_H
#define UCMTRUST_NAGIOS_STORE_LISTS_H

#include "result.h"

struct store_lists;

/** Read the CTL (NULL: nobody asked) and others (ended by NULL; or NULL), files or URLs. What could
 * not be read is put into the result. Free with store_lists_free(). */
struct store_lists *store_lists_read(const char *ctl, char *const *others, struct result *result);
void store_lists_free(struct store_lists *lists);

/** All that could be read; *count of them. */
const struct ucm_trustlist *store_lists_all(const struct store_lists *lists, unsigned *count);

/** Was it found out whether there is a CTL? Then it is in *ctl; NULL where there is none. */
bool store_lists_ctl(const struct store_lists *lists, const struct ucm_trustlist **ctl);

#endif
