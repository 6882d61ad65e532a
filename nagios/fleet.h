/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Clusters and the moves between them, as facts of a result: what the text, the JSON and the page
 * are made of. Knows nothing of how they were found out.
 */
#ifndef UCMTRUST_NAGIOS_FLEET_H
#define UCMTRUST_NAGIOS_FLEET_H

#include "plugin.h"

#include "common/finding.h"

/** One node. Texts printable. */
struct fleet_node {
    char *name;
    bool looked;
    char *why; /**< why not; NULL: it was looked at */
};

/** One cluster. */
struct fleet_cluster {
    char *name;
    char *version;           /**< as in the inventory; NULL: not given */
    const char *mode;        /**< static */
    const char *expected;    /**< static; NULL: not given */
    bool judged;             /**< its nodes were held against each other */
    enum plugin_state state; /**< the worst that was found of it */
    GPtrArray *nodes;        /**< of struct fleet_node */
};

/** What was found out about one move. */
struct fleet_verdict {
    bool asked;                  /**< false: nobody asked, and the rest means nothing */
    enum plugin_state state;     /**< OK: ready, WARNING: some phones, UNKNOWN: could not look */
    GArray *ids;                 /**< of enum ucm_finding_id: why not */
    enum ucm_finding_id decides; /**< the worst of them; UCM_FINDING_NONE when there is none */
    char *why;                   /**< its text; NULL */
};

/** From one cluster to another. */
struct fleet_move {
    char *from;
    char *to;
    struct fleet_verdict phones; /**< may phones move? */
    struct fleet_verdict emcc;   /**< may users of `from` log in at `to`? */
};

/** All of them; free with fleet_free(). */
struct fleet {
    GPtrArray *clusters; /**< of struct fleet_cluster */
    GPtrArray *moves;    /**< of struct fleet_move */
    GHashTable *by_name; /**< "FROM/TO" to struct fleet_move */
    bool emcc;           /**< one of them is asked about EMCC */
};

struct fleet *fleet_new(void);
void fleet_free(struct fleet *fleet);

struct fleet_cluster *fleet_add_cluster(struct fleet *fleet, const char *name);
struct fleet_node *fleet_add_node(struct fleet_cluster *cluster, const char *name);
struct fleet_move *fleet_add_move(struct fleet *fleet, const char *from, const char *to);

/** Add why a move fails: a finding that counts. state: what it makes of the check. */
void fleet_add_reason(struct fleet_verdict *verdict, enum ucm_finding_id id,
                      enum plugin_state state, const char *text);

/** The move between two clusters; NULL when it was not asked for. */
const struct fleet_move *fleet_find(const struct fleet *fleet, const char *from, const char *to);

/** "yes", "partly", "unsure" or "no". */
const char *fleet_ready(const struct fleet_verdict *verdict);

/** What stands in a cell of a matrix, at most FLEET_WORD_MAX characters: "ready", or why not. */
enum { FLEET_WORD_MAX = 9 };
const char *fleet_word(const struct fleet_verdict *verdict);

/** The clusters that moves start from or lead to, in the order of the inventory: of char *, owned
 * by the fleet. */
GPtrArray *fleet_travellers(const struct fleet *fleet);

/** The moves as text for 80 columns: a matrix, or a line for each source where there are many. */
void fleet_matrix(GString *out, const struct fleet *fleet);

#endif
