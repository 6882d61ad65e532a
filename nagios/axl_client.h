/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Questions to the database of a cluster through AXL: what is asked, in which version of the API,
 * how often when the server is busy, and in how many pieces when it wants pieces. Knows nothing of
 * certificates.
 * Facts: Cisco's AXL Developer Guide (throttling, versioning); Informix error texts -206 and -217.
 */
#ifndef UCMTRUST_NAGIOS_AXL_CLIENT_H
#define UCMTRUST_NAGIOS_AXL_CLIENT_H

#include "axl_login.h"
#include "axl_xml.h"

#include "common/finding.h"

/** A question: columns of one table. */
struct axl_select {
    const char *table;
    const char *columns; /**< joined with ", " */
    const char *where;   /**< condition, or NULL */
    const char *key;     /**< column that orders the rows, so that pieces fit together */
};

/** How it ended. */
enum axl_end {
    AXL_ROWS,    /**< all rows were given */
    AXL_MISSING, /**< this release has no such table or column: axl_client_name() */
    AXL_FAILED,  /**< axl_client_problem() */
};

struct axl_client;

/** login is borrowed. Free with axl_client_free(). */
struct axl_client *axl_client_new(const struct axl_login *login);
void axl_client_free(struct axl_client *client);

/** Ask, and give each row to `row`. Rows may have been given also when it failed later. */
enum axl_end axl_client_select(struct axl_client *client, const struct axl_select *select,
                               axl_row_function *row, void *user);

/** Which table or column is missing, lower case; valid until the next question. */
const char *axl_client_name(const struct axl_client *client);

/** Why it failed: the finding, and what it says in detail, valid until the next question. */
enum ucm_finding_id axl_client_problem(const struct axl_client *client, const char **detail);

/** Rows that the server says there are and that it did not give in the last question; 0 where it
 * gave all or does not say. */
uint32_t axl_client_withheld(const struct axl_client *client);

#endif
