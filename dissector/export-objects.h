/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * File -> Export Objects -> CISCOTL, and `tshark --export-objects ciscotl,DIR`: trust lists, signed
 * files and certificates as they went over the wire.
 */
#ifndef UCMTRUST_DISSECTOR_EXPORT_OBJECTS_H
#define UCMTRUST_DISSECTOR_EXPORT_OBJECTS_H

#include "tl-tree.h"
#include "tvs-text.h"

/** Register it for the protocol ciscotl, which exists already. */
void export_objects_register(void);

/** Does anybody export? If not, nothing needs to be told. */
bool export_objects_wanted(void);

/** Tell of a list or message, which must live as long as the packet. */
void export_objects_tell_list(const struct tl_shown *list);
void export_objects_tell_message(const struct tvs_shown *message);

#endif
