/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TFTP and bare TCP as carriers of trust lists: see carrier.h; HTTP is in carrier-http.c. Files are
 * taken by content only. Blocks, options and lost packets are the business of Wireshark's TFTP.
 * Must not know what is in a file.
 */
#include "carrier.h"

#include "carrier-http.h"
#include "packet-trustlist.h"

#include <epan/dissectors/packet-tcp.h>

/** What the TFTP dissector passes on; its header is not installed. */
struct tftp_data {
    const char *filename;
};

/* Called by our own carriers, with what they know. */
static int dissect_carried(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return trustlist_dissect(tvb, pinfo, tree, data);
}

static compat_bool dissect_tftp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const struct tftp_data *tftp = data;
    struct trustlist_carried carried = {.name = tftp == NULL ? NULL : tftp->filename};

    if (!trustlist_recognise(tvb))
        return FALSE;
    trustlist_dissect(tvb, pinfo, tree, &carried);
    return TRUE;
}

/* Decode As on a TCP port: a file that was sent bare, up to the end of the connection. */
static int dissect_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const struct tcpinfo *tcp = data;
    bool ended = tcp != NULL && (tcp->flags & TH_FIN) != 0;
    struct trustlist_carried carried = {.partial = !ended};

    if (!trustlist_recognise(tvb))
        return 0;
    if (!ended && pinfo->can_desegment > 0) {
        pinfo->desegment_offset = 0;
        pinfo->desegment_len = DESEGMENT_UNTIL_FIN;
        return (int)tvb_captured_length(tvb);
    }
    return trustlist_dissect(tvb, pinfo, tree, &carried);
}

void carrier_preferences(module_t *module)
{
    carrier_http_preferences(module);
}

void carrier_apply(void)
{
    carrier_http_apply();
}

void carrier_handoff(void)
{
    compat_default_bool_preference("tftp", "defragment", true);
    heur_dissector_add("tftp", dissect_tftp, "Trust list over TFTP", "ciscotl_tftp",
                       trustlist_protocol(), HEURISTIC_ENABLE);
    carrier_http_handoff(create_dissector_handle(dissect_carried, trustlist_protocol()));
    dissector_add_for_decode_as("tcp.port",
                                create_dissector_handle(dissect_tcp, trustlist_protocol()));
    dissector_add_for_decode_as("media_type", find_dissector(TRUSTLIST_DISSECTOR));
}
