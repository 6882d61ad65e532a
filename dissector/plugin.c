/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What Wireshark looks for in a plugin, and the order in which our parts are registered.
 */
#include "compat.h"

#include "carrier.h"
#include "export-objects.h"
#include "file-trustlist.h"
#include "findings.h"
#include "packet-trustlist.h"
#include "packet-tvs.h"
#include "session-filter.h"
#include "tap-phones.h"
#include "tap-srt.h"
#include "tap-stats.h"
#include "taps.h"
#include "x509.h"

#define EXPORTED __attribute__((visibility("default")))

EXPORTED extern const char plugin_version[];
EXPORTED extern const int plugin_want_major;
EXPORTED extern const int plugin_want_minor;
EXPORTED void plugin_register(void);

const char plugin_version[] = UCMTRUST_VERSION;
const int plugin_want_major = UCMTRUST_WIRESHARK_MAJOR;
const int plugin_want_minor = UCMTRUST_WIRESHARK_MINOR;

#if COMPAT_AT_LEAST(4, 2)
#ifndef WS_PLUGIN_DESC_DISSECTOR /* its header, wsutil/plugins.h, is not always installed */
#define WS_PLUGIN_DESC_DISSECTOR (1UL << 0)
#define WS_PLUGIN_DESC_FILE_TYPE (1UL << 1)
#endif

EXPORTED uint32_t plugin_describe(void);

uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR | WS_PLUGIN_DESC_FILE_TYPE;
}
#endif

static void register_all(void)
{
    findings_register();
    taps_register();
    tvs_register();
    carrier_preferences(trustlist_register(carrier_apply));
    tap_phones_register();
    export_objects_register();
    tap_stats_register();
    tap_srt_register();
    session_filter_register();
}

static void handoff_all(void)
{
    findings_handoff();
    x509_handoff();
    tvs_handoff();
    trustlist_handoff();
    carrier_handoff();
}

void plugin_register(void)
{
    static proto_plugin plugin = {.register_protoinfo = register_all,
                                  .register_handoff = handoff_all};

    proto_register_plugin(&plugin);
    file_trustlist_register();
}
