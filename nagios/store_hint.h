/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which store and which node a certificate belongs to, where the source does not say: from the
 * names that the product gives, and as a hint from the names of files. What is not clear is not
 * known. Facts: Cisco documents 210541 and 215539; the names of exported files are not published.
 *
 * Fact export-names (C; test_store_pkcs12:test_type_and_node_from_options,
 * test_store_hint:stores_in_texts): names, passwords and keys in a bulk export.
 */
#ifndef UCMTRUST_NAGIOS_STORE_HINT_H
#define UCMTRUST_NAGIOS_STORE_HINT_H

#include "common/cert.h"
#include "common/names.h"

#include <glib.h>
#include <stdbool.h>

/** The store that a subject names by itself: ITLRECOVERY_host and CAPF-1a2b3c4d are names that only
 * the product gives. UCM_STORE_NONE for all others. */
enum ucm_store store_hint_subject(const char *subject);

/** The store that a text names, such as "pub_CallManager-ECDSA.p12": as a word of its own, in any
 * case of its letters, the longest name first. UCM_STORE_NONE when there is none, or when there are
 * two. "TFTP" is CallManager: bulk certificate management calls its export so. */
enum ucm_store store_hint_text(const char *text);

/** The node of a subject: the host name in its common name without the domain, or the whole of an
 * address; in ITLRECOVERY_host what follows. To be freed. NULL when the common name is no host
 * name, or ends in "-ms": that is how the product names a certificate that all nodes share. strict:
 * a name without a dot does not count, it could be anybody's. */
char *store_hint_node(const char *subject, bool strict);

/** Does a text, such as the name of a file, hold this name of a node as a word of its own, in any
 * case of its letters? A hyphen is part of the word. */
bool store_hint_has_node(const char *text, const char *node);

#endif
