/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A protocol "tvs" that claims what the real one claims, has Wireshark put its messages together,
 * and then does nothing: the measure of what Wireshark itself costs. Only for tests/bench.
 */
#include "dissector/compat.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/dissectors/packet-tls.h>

#define EXPORTED __attribute__((visibility("default")))

enum { PORT = 2445, HEADER = 10, DISCRIMINATOR = 0x57 };

EXPORTED extern const char plugin_version[];
EXPORTED extern const int plugin_want_major;
EXPORTED extern const int plugin_want_minor;
EXPORTED void plugin_register(void);
EXPORTED uint32_t plugin_describe(void);

const char plugin_version[] = "0";
const int plugin_want_major = UCMTRUST_WIRESHARK_MAJOR;
const int plugin_want_minor = UCMTRUST_WIRESHARK_MINOR;

static dissector_handle_t handle;

uint32_t plugin_describe(void)
{
    return 1; /* a dissector */
}

static compat_length message_length(packet_info *pinfo _U_, tvbuff_t *tvb, int offset,
                                    void *data _U_)
{
    return HEADER + (compat_length)tvb_get_ntohs(tvb, offset + 8);
}

static int dissect_message(tvbuff_t *tvb, packet_info *pinfo _U_, proto_tree *tree _U_,
                           void *data _U_)
{
    return (int)tvb_reported_length(tvb);
}

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const uint8_t *start = tvb_get_ptr(tvb, 0, 1);

    if (start[0] != DISCRIMINATOR)
        return 0;
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "TVS");
    col_clear(pinfo->cinfo, COL_INFO);
    tcp_dissect_pdus(tvb, pinfo, tree, TRUE, HEADER, message_length, dissect_message, data);
    return (int)tvb_captured_length(tvb);
}

static void register_null(void)
{
    handle = register_dissector("tvs", dissect, proto_register_protocol("Nothing", "TVS", "tvs"));
}

static void handoff_null(void)
{
    ssl_dissector_add(PORT, handle);
    dissector_add_for_decode_as("tcp.port", handle);
}

void plugin_register(void)
{
    static proto_plugin plugin = {.register_protoinfo = register_null,
                                  .register_handoff = handoff_null};

    proto_register_plugin(&plugin);
}
