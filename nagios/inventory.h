/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which clusters and nodes there are, from an ini file that an administrator writes. Knows nothing
 * of what the nodes serve.
 *
 *   [cluster NAME]       version, mode, cm_group, emcc, client_cert, client_key
 *   [node CLUSTER/NAME]  address, services, itl, ctl, tvs_certificate, tomcat
 *   in both              http_port, tftp_port, tvs_port, tomcat_port
 */
#ifndef UCMTRUST_NAGIOS_INVENTORY_H
#define UCMTRUST_NAGIOS_INVENTORY_H

#include "common/consistency.h"

#include <glib.h>

/* Most of what an inventory may hold: a check of all pairs takes time and memory for each pair. A
 * cluster of Unified CM has 21 nodes at most. */
enum {
    INVENTORY_CLUSTERS_MAX = 500,
    INVENTORY_NODES_MAX = 64,
    INVENTORY_GROUP_MAX = UCM_TVS_NODES_MAX, /* whom common/ asks for a phone */
};

/** Ports of a node, in this order. */
enum inventory_port {
    INVENTORY_HTTP,
    INVENTORY_TFTP,
    INVENTORY_TVS,
    INVENTORY_TOMCAT,
    INVENTORY_PORTS,
};

/** One node. Paths are absolute or relative to the folder we stand in. */
struct inventory_node {
    char *name;
    unsigned line; /**< where its section begins */
    char *address; /**< host name or address; NULL: nobody is to be asked there */
    bool tftp;
    bool tvs;
    bool in_group; /**< phones ask its TVS */
    char *itl;     /**< files instead of asking the node, or NULL */
    char *ctl;
    char *tvs_certificate;
    char *tomcat;
    int port[INVENTORY_PORTS];
};

/** One cluster. */
struct inventory_cluster {
    char *name;
    unsigned line;      /**< where its section begins */
    char *version_text; /**< as written, or NULL */
    uint16_t version;   /**< major * 256 + minor; 0: not given */
    enum ucm_mode expected;
    bool emcc;         /**< extension mobility across clusters is wanted */
    char *client_cert; /**< to show to its TVS; or NULL */
    char *client_key;
    int port[INVENTORY_PORTS]; /**< 0: not given */
    GPtrArray *group;          /**< of char *: cm_group as written; NULL: not given */
    unsigned group_line;
    GPtrArray *nodes; /**< of struct inventory_node, in the order of the file */
};

struct inventory {
    GPtrArray *clusters; /**< of struct inventory_cluster, in the order of the file */
};

/** Read an inventory. NULL when it is none: then why says file, line, what was expected and what
 * was found; to be freed. */
struct inventory *inventory_read(const char *path, char **why);
void inventory_free(struct inventory *inventory);

/** The cluster of a name, NULL when there is none. */
const struct inventory_cluster *inventory_find(const struct inventory *inventory, const char *name);

#endif
