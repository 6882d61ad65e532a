/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TFTP and HTTP as carriers of trust lists: see carrier.h. Files are taken by content only; what is
 * not ours is dissected as if this plugin were not there. Must not know what is in a file.
 */
#include "carrier.h"

#include "packet-trustlist.h"

#include <epan/dissectors/packet-http.h>
#include <epan/proto_data.h>

enum { HTTP_PORT = 6970 }; /* where TFTP nodes serve the same files by HTTP */

/** What the TFTP dissector passes on; its header is not installed. */
struct tftp_data {
    const char *filename;
};

static compat_bool claim_http = TRUE;

/* Content types under which servers send trust lists, and which never ask the heuristics. */
static const char *const CONTENT_TYPES[] = {"application/octet-stream", "text/plain"};
static dissector_handle_t usual[array_length(CONTENT_TYPES)];

void carrier_preference(module_t *module)
{
    prefs_register_bool_preference(
        module, "http", "Look for trust lists in HTTP",
        "Show trust lists and signed files that are fetched by HTTP, on any port. They are told by "
        "their first bytes; other content is dissected as before",
        &claim_http);
}

/* ---- TFTP ---- */

static compat_bool dissect_tftp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const struct tftp_data *tftp = data;

    if (!trustlist_recognise(tvb))
        return FALSE;
    trustlist_dissect(tvb, pinfo, tree, tftp == NULL ? NULL : tftp->filename);
    return TRUE;
}

/* ---- HTTP ---- */

/* The path of the request, remembered: HTTP knows it on the first pass only. */
static const char *requested(packet_info *pinfo)
{
    int proto = trustlist_protocol();
    const char *path;

    if (PINFO_FD_VISITED(pinfo))
        return p_get_proto_data(wmem_file_scope(), pinfo, proto, 0);
    path = compat_http_request(pinfo);
    if (path == NULL)
        return NULL;
    p_add_proto_data(wmem_file_scope(), pinfo, proto, 0, wmem_strdup(wmem_file_scope(), path));
    return path;
}

static compat_bool dissect_http(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    if (!claim_http || !trustlist_recognise(tvb))
        return FALSE;
    trustlist_dissect(tvb, pinfo, tree, requested(pinfo));
    return TRUE;
}

static int dissect_or_pass(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data,
                           dissector_handle_t otherwise)
{
    if (claim_http && trustlist_recognise(tvb))
        return trustlist_dissect(tvb, pinfo, tree, requested(pinfo));
    return call_dissector_only(otherwise, tvb, pinfo, tree, data);
}

static int dissect_octets(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_or_pass(tvb, pinfo, tree, data, usual[0]);
}

static int dissect_text(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_or_pass(tvb, pinfo, tree, data, usual[1]);
}

/* Stands before the usual dissector of a content type. Where there is none, HTTP asks the
 * heuristics by itself. The protocol is -1 so that foreign packets keep their list of protocols. */
static void stand_before(unsigned which, dissector_t dissector, const char *name)
{
    dissector_table_t table = find_dissector_table("media_type");

    usual[which] = dissector_get_string_handle(table, CONTENT_TYPES[which]);
    if (usual[which] == NULL)
        return;
    dissector_add_string("media_type", CONTENT_TYPES[which],
                         create_dissector_handle_with_name_and_description(
                             dissector, -1, name, "Trust lists, or what is usual"));
}

void carrier_handoff(void)
{
    compat_default_bool_preference("tftp", "defragment", true);
    heur_dissector_add("tftp", dissect_tftp, "Trust list over TFTP", "ciscotl_tftp",
                       trustlist_protocol(), HEURISTIC_ENABLE);
    http_tcp_port_add(HTTP_PORT);
    heur_dissector_add("http", dissect_http, "Trust list over HTTP", "ciscotl_http",
                       trustlist_protocol(), HEURISTIC_ENABLE);
    stand_before(0, dissect_octets, "ciscotl_octets");
    stand_before(1, dissect_text, "ciscotl_text");
}
