/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the tables of the database say of certificates, put together: rows in, places in stores out.
 * Asks nobody. Facts: Cisco documents 210541 (tables) and 214231 (a query over them); which columns
 * mean what is of grade B.
 *
 * Fact axl-tables (B; test_store_axl:test_reads_what_the_folders_hold): tables of certificates,
 * stores, roles and nodes, and their columns.
 */
#ifndef UCMTRUST_NAGIOS_AXL_MODEL_H
#define UCMTRUST_NAGIOS_AXL_MODEL_H

#include "axl_xml.h"
#include "store_set.h"

struct axl_model;

/** origin: of everything that is added, and where findings are; borrowed. */
struct axl_model *axl_model_new(struct store_set *set, const char *origin);
void axl_model_free(struct axl_model *model);

/** One row of each table; user: the model. Certificates come last, when the rest is known. */
axl_row_function axl_model_service_row;     /**< typecertificateservice: enum, name */
axl_row_function axl_model_node_row;        /**< processnode: pkid, name, tknodeusage, … */
axl_row_function axl_model_mode_row;        /**< processconfig: paramvalue */
axl_row_function axl_model_store_map_row;   /**< certificateservicecertificatemap */
axl_row_function axl_model_role_map_row;    /**< certificatetrustrolemap */
axl_row_function axl_model_node_map_row;    /**< certificateprocessnodemap */
axl_row_function axl_model_certificate_row; /**< certificate */

/* Fact axl-roles (B; test_store_axl:test_roles): the database says which roles TVS gives a
 * certificate. */
/** The table of roles was read: a certificate that is not in it has none. */
void axl_model_roles_known(struct axl_model *model);

/** The same of the table of stores. */
void axl_model_stores_known(struct axl_model *model);

/** Everything was read; whole: nothing is missing, so what is not in a store is not in it there.
 * Tells what was met more than once. */
void axl_model_finish(struct axl_model *model, bool whole);

#endif
