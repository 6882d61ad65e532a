/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Clusters of each release and mode, with one node, as the tests of renewals begin with them: in
 * the shorthand of cluster_lab.h.
 */
#ifndef UCMTRUST_TESTS_UNIT_RENEWAL_LAB_H
#define UCMTRUST_TESTS_UNIT_RENEWAL_LAB_H

#include "cluster_lab.h"

#include "common/renewal.h"

/** Days within which everything is due. */
enum { FOREVER = 10 * 365 };

static const struct node FROM_8[2] = {{NULL, "O/OsOcTtAa", 'T', "Os", .newer = 0}};
static const struct node FROM_10[2] = {{NULL, "O/OsOcRsTtAa", 'T', "Os", .newer = 0}};
static const struct node FROM_10_MIXED[2] = {{"O/OsOcAa", "O/OsOcRsTtAa", 'T', "Os", .newer = 0}};
static const struct node FROM_10_MIXED_TWO[2] = {
    {"O/OsOcRsAa", "O/OsOcRsTtAa", 'T', "Os", .newer = 0}};
static const struct node FROM_12[2] = {{NULL, "R/OsOcRsTtAa", 'T', "", .newer = 0}};
static const struct node FROM_12_MIXED[2] = {{"R/OsOcRsAa", "R/OsOcRsTtAa", 'T', "", .newer = 0}};
static const struct node FROM_12_MIXED_ONE[2] = {{"R/RsOcAa", "R/OsOcRsTtAa", 'T', "", .newer = 0}};

#endif
