/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * HTTP and HTTPS as carriers: see carrier-http.h. Bodies are taken by their first bytes only; what
 * is not ours is dissected as if this plugin were not there. HTTP itself (lengths, chunks,
 * compression, which request an answer belongs to) is Wireshark's business.
 */
#include "carrier-http.h"

#include "packet-trustlist.h"

#include <epan/dissectors/packet-tls.h>
#include <epan/proto_data.h>
#include <epan/range.h>

/* Where TFTP nodes serve the same files: 6970 by HTTP, 6971 and 6972 by HTTPS. */
#define PLAIN_PORTS "6970"
/* Fact https-ports (A; test_carriers:test_https_ports): 6971 and 6972 are HTTPS. */
#define TLS_PORTS "6971-6972"

enum { PORT_MAX = 65535, PARTIAL_CONTENT = 206 };

static compat_bool claim = TRUE;
static dissector_handle_t carried_handle;

/* ---- bodies ---- */

/* What HTTP says about the body. It knows on the first pass only, so that is remembered; a frame
 * can hold several answers, each in a layer of its own. */
static struct trustlist_carried *carried(packet_info *pinfo)
{
    int proto = trustlist_protocol();
    struct trustlist_carried *known =
        p_get_proto_data(wmem_file_scope(), pinfo, proto, pinfo->curr_layer_num);
    struct compat_http http;

    if (known != NULL)
        return known;
    http = compat_http_exchange(pinfo);
    known = wmem_new0(wmem_file_scope(), struct trustlist_carried);
    if (http.uri != NULL)
        known->name = wmem_strdup(wmem_file_scope(), http.uri);
    known->partial = http.status == PARTIAL_CONTENT || pinfo->saved_can_desegment == 0 ||
                     !compat_bool_preference("http", "desegment_body");
    p_add_proto_data(wmem_file_scope(), pinfo, proto, pinfo->curr_layer_num, known);
    return known;
}

static bool is_ours(tvbuff_t *tvb)
{
    return claim && trustlist_recognise(tvb);
}

/* For bodies whose type is absent or has no dissector. */
static compat_bool dissect_any(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    if (!is_ours(tvb))
        return FALSE;
    trustlist_dissect(tvb, pinfo, tree, carried(pinfo));
    return TRUE;
}

/* ---- bodies of a type that has a dissector ---- */

/* Fact content-type (B; test_carriers:test_any_content_type_on_any_port): the content type says
 * nothing: content decides. */
/* Types that servers give to files they do not know, or by a part of the name (SEP….cnf.xml.sgn),
 * and that never ask the heuristics because Wireshark has a dissector for them. */
#define CONTENT_TYPES(X)                                                                           \
    X(octets, "application/octet-stream")                                                          \
    X(plain, "text/plain")                                                                         \
    X(html, "text/html")                                                                           \
    X(text_xml, "text/xml")                                                                        \
    X(xml, "application/xml")                                                                      \
    X(json, "application/json")                                                                    \
    X(form, "application/x-www-form-urlencoded")                                                   \
    X(form_data, "multipart/form-data")                                                            \
    X(mixed, "multipart/mixed")                                                                    \
    X(multipart, "multipart/")                                                                     \
    X(pkcs7_signature, "application/pkcs7-signature")                                              \
    X(pkcs7_mime, "application/pkcs7-mime")                                                        \
    X(pkix_certificate, "application/pkix-cert")

#define NUMBER_OF(name, type) TYPE_##name,
enum { CONTENT_TYPES(NUMBER_OF) TYPES };

static dissector_handle_t usual[TYPES];

/* The usual dissector gets what HTTP would have given it. */
static int dissect_or_pass(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data,
                           dissector_handle_t otherwise)
{
    int taken = 0;

    if (is_ours(tvb))
        taken = call_dissector_only(carried_handle, tvb, pinfo, tree, carried(pinfo));
    if (taken != 0)
        return taken;
    pinfo->can_desegment = pinfo->saved_can_desegment;
    return call_dissector_only(otherwise, tvb, pinfo, tree, data);
}

#define DISSECTOR_OF(name, type)                                                                   \
    static int dissect_##name(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)     \
    {                                                                                              \
        return dissect_or_pass(tvb, pinfo, tree, data, usual[TYPE_##name]);                        \
    }
CONTENT_TYPES(DISSECTOR_OF)

/* Stands before the usual dissector of a content type. Where there is none, HTTP asks the
 * heuristics by itself. The protocol is -1 so that foreign packets keep their list of protocols. */
static void stand_before(unsigned which, const char *type, dissector_t dissector, const char *name,
                         const char *description)
{
    usual[which] = dissector_get_string_handle(find_dissector_table("media_type"), type);
    if (usual[which] != NULL)
        dissector_add_string(
            "media_type", type,
            create_dissector_handle_with_name_and_description(dissector, -1, name, description));
}

#define STAND_BEFORE(name, type)                                                                   \
    stand_before(TYPE_##name, type, dissect_##name, "ciscotl_" #name,                              \
                 "Trust list, or as usual: " type);

/* ---- ports ---- */

/** A table of ports in which we enter Wireshark's HTTP. */
struct ports {
    const char *table;
    const char *dissector;
    range_t *wanted;
    wmem_array_t *entered;
    void (*add)(unsigned port, dissector_handle_t http);
    void (*drop)(unsigned port, dissector_handle_t http);
};

static void add_plain(unsigned port, dissector_handle_t http)
{
    dissector_add_uint("tcp.port", port, http);
}

static void remove_plain(unsigned port, dissector_handle_t http)
{
    dissector_delete_uint("tcp.port", port, http);
}

static void add_tls(unsigned port, dissector_handle_t http)
{
    ssl_dissector_add(port, http);
}

static void remove_tls(unsigned port, dissector_handle_t http)
{
    ssl_dissector_delete(port, http);
}

static struct ports plain_ports = {
    .table = "tcp.port", .dissector = "http-over-tcp", .add = add_plain, .drop = remove_plain};
static struct ports tls_ports = {
    .table = "tls.port", .dissector = "http-over-tls", .add = add_tls, .drop = remove_tls};

static void remove_all(struct ports *ports, dissector_handle_t http)
{
    for (unsigned i = 0; i < wmem_array_get_count(ports->entered); i++)
        ports->drop(*(unsigned *)wmem_array_index(ports->entered, i), http);
    ports->entered = wmem_array_new(wmem_epan_scope(), sizeof(unsigned));
}

/* A port that has HTTP already stays whose it is. */
static void add_port(struct ports *ports, unsigned port, dissector_handle_t http)
{
    if (port == 0 || dissector_get_uint_handle(find_dissector_table(ports->table), port) == http)
        return;
    ports->add(port, http);
    wmem_array_append_one(ports->entered, port);
}

static void apply(struct ports *ports)
{
    dissector_handle_t http = find_dissector(ports->dissector);

    if (http == NULL)
        return;
    remove_all(ports, http);
    for (unsigned i = 0; i < ports->wanted->nranges; i++)
        for (unsigned port = ports->wanted->ranges[i].low; port <= ports->wanted->ranges[i].high;
             port++)
            add_port(ports, port, http);
}

void carrier_http_apply(void)
{
    apply(&plain_ports);
    apply(&tls_ports);
}

static void register_ports(module_t *module, struct ports *ports, const char *usual_ports,
                           const char *name, const char *title, const char *description)
{
    range_convert_str(wmem_epan_scope(), &ports->wanted, usual_ports, PORT_MAX);
    ports->entered = wmem_array_new(wmem_epan_scope(), sizeof(unsigned));
    prefs_register_range_preference(module, name, title, description, &ports->wanted, PORT_MAX);
}

/* ---- registration ---- */

void carrier_http_preferences(module_t *module)
{
    prefs_register_bool_preference(
        module, "http", "Look for trust lists in HTTP",
        "Show trust lists and signed files that are fetched by HTTP or HTTPS, on any port. They "
        "are told by their first bytes; other content is dissected as before",
        &claim);
    register_ports(module, &plain_ports, PLAIN_PORTS, "http.ports", "HTTP ports",
                   "TCP ports of TFTP servers on which files are fetched by HTTP. CUCM uses 6970; "
                   "an empty list adds no port");
    register_ports(module, &tls_ports, TLS_PORTS, "https.ports", "HTTPS ports",
                   "TCP ports of TFTP servers on which files are fetched by HTTPS. CUCM uses 6971 "
                   "and 6972; an empty list adds no port");
}

void carrier_http_handoff(dissector_handle_t carried_by_us)
{
    carried_handle = carried_by_us;
    heur_dissector_add("http", dissect_any, "Trust list over HTTP", "ciscotl_http",
                       trustlist_protocol(), HEURISTIC_ENABLE);
    CONTENT_TYPES(STAND_BEFORE)
    carrier_http_apply();
}
