/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A trust list or signed file as fields and items. Must not know how it travelled.
 */
#ifndef UCMTRUST_DISSECTOR_TL_TREE_H
#define UCMTRUST_DISSECTOR_TL_TREE_H

#include "compat.h"

#include "tl-judgement.h"

/** A decoded file on its way into the tree. */
struct tl_shown {
    tvbuff_t *tvb;
    packet_info *pinfo;
    const uint8_t *data;
    const char *name; /**< under which it was fetched, NULL when not known */
    bool cut;         /**< not all of it was captured: not judged */
    const struct ucm_trustlist *list;
    const struct tl_verdict *verdict;
    const struct ucm_report *report; /**< NULL: nobody looks, or it was not judged */
};

/** "valid, SHA-512, by record 1" and its like. */
const char *tl_signature_text(const struct tl_shown *shown);

/** "cut off in the capture after 138 bytes" and its like, of a file that is cut. */
const char *tl_cut_text(const struct tl_shown *shown);

/** Does anybody look at what only a report knows? */
bool tl_report_wanted(proto_tree *tree);

/** Add header, records and findings below tree, which may be NULL: then the findings only reach
 * the expert taps. */
void tl_tree_add(const struct tl_shown *shown, proto_tree *tree);

#endif
