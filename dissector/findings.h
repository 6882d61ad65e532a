/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The umbrella protocol ucmtrust: every finding of the catalogue as an expert info, and the fields
 * ucmtrust.finding and its companions. Must not know what was decoded.
 */
#ifndef UCMTRUST_DISSECTOR_FINDINGS_H
#define UCMTRUST_DISSECTOR_FINDINGS_H

#include "compat.h"

#include "common/lint.h"

/** Register the protocol, its fields and one expert info for each row of the catalogue. */
void findings_register(void);
/** What can only be looked up when all protocols are registered. */
void findings_handoff(void);

/** The id of the umbrella protocol. */
int findings_protocol(void);

/** Let the filter "ucmtrust" match this packet. */
void findings_mark(proto_tree *tree, tvbuff_t *tvb);

/** Does anybody look at findings: a visible tree, a filter or column on them, an expert tap? */
bool findings_wanted(proto_tree *tree);

/** Show one finding as an item of tree with its expert info. Its offset and subject lie in tvb, of
 * which data are the captured bytes. tree may be NULL: then only the expert taps hear of it. */
void findings_add(const struct ucm_finding *finding, tvbuff_t *tvb, packet_info *pinfo,
                  proto_tree *tree, const uint8_t *data);

#endif
