/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Connections to the port of TVS: see tvs-port.h. TLS is Wireshark's: what it makes of the
 * handshake is read from its fields, and only where it builds a tree at all.
 */
#include "tvs-port.h"

#include "findings.h"
#include "kept.h"
#include "show.h"
#include "taps.h"
#include "tl-judgement.h"

#include <string.h>

#include <epan/conversation.h>
#include <epan/dissectors/packet-tls.h>
#include <epan/exceptions.h>

/** A record that a packet begins and does not end. */
struct open_record {
    uint32_t frame;  /* 0: none is open */
    uint32_t anchor; /* frame to say it at: Wireshark shows no record in the one where it begins */
};

/** One connection. */
struct connection {
    uint32_t first_frame; /* in which the phone says something */
    uint32_t last_frame;
    uint32_t server_frame;          /* in which the server says something first */
    uint32_t whole_frame;           /* the last in which a record ended */
    bool is_tls;                    /* what the phone says first begins a handshake */
    struct open_record open[2];     /* of the server, of the phone */
    const struct kept *certificate; /* that the server showed */
};

enum { ALERT_CLOSE_NOTIFY = 0 };

/* Alerts that say: this certificate is not one that I trust. RFC 8446, section 6.2. */
static const uint8_t CERTIFICATE_ALERTS[] = {42, 43, 44, 45, 46, 48};

static int proto_tvs = -1;
static int hf_server = -1;
static int hf_server_subject = -1;
static int hf_server_serial = -1;
static int hf_server_sha1 = -1;
static int hf_server_not_after = -1;
static int hf_server_list = -1;
static int ett_port = -1;
static int ett_server = -1;

static int tls_certificate = -1;
static int tls_alert = -1;
static dissector_handle_t tls_handle;
static dissector_handle_t port_handle;
static heur_dissector_t dissect_clear;
static unsigned listening = 0;
static struct kept_all *certificates;

/* ---- the connection ---- */

static struct connection *connection_of(packet_info *pinfo)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    int key = findings_protocol();
    struct connection *connection = conversation_get_proto_data(conversation, key);

    if (connection == NULL) {
        connection = wmem_new0(wmem_file_scope(), struct connection);
        conversation_add_proto_data(conversation, key, connection);
    }
    return connection;
}

/* Was any TVS message seen in it? Then no handshake failed. */
static bool spoke_tvs(packet_info *pinfo)
{
    const conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    return conversation != NULL && conversation_get_proto_data(conversation, proto_tvs) != NULL;
}

/* A record of type handshake (22), version 3.x: RFC 8446, section 5.1. Something else on this port
 * is none of our business. */
static bool starts_handshake(tvbuff_t *tvb)
{
    static const uint8_t start[] = {22, 3};

    return tvb_captured_length(tvb) >= sizeof start &&
           memcmp(tvb_get_ptr(tvb, 0, sizeof start), start, sizeof start) == 0;
}

/* First pass only, and before TLS is dissected: a packet that was cut off ends that early. */
static void note_speaker(struct connection *connection, tvbuff_t *tvb, const packet_info *pinfo,
                         bool from_phone)
{
    if (!from_phone) {
        if (connection->server_frame == 0)
            connection->server_frame = pinfo->num;
        return;
    }
    connection->last_frame = pinfo->num;
    if (connection->first_frame != 0)
        return;
    connection->first_frame = pinfo->num;
    connection->is_tls = starts_handshake(tvb);
}

/* First pass only. */
static void note_record(struct connection *connection, const packet_info *pinfo, bool from_phone)
{
    struct open_record *open = &connection->open[from_phone];

    if (pinfo->desegment_len == 0) {
        open->frame = 0;
        connection->whole_frame = pinfo->num;
    } else if (open->frame == 0) {
        open->frame = pinfo->num;
        open->anchor = pinfo->desegment_offset > 0 ? pinfo->num : connection->whole_frame;
    }
}

/* ---- what TLS shows ---- */

static const field_info *first_of(const GPtrArray *fields)
{
    return fields == NULL || fields->len == 0 ? NULL : g_ptr_array_index(fields, 0);
}

static enum ucm_finding_id meaning_of(uint32_t alert, bool from_phone)
{
    bool about_certificate = alert <= UINT8_MAX && memchr(CERTIFICATE_ALERTS, (int)alert,
                                                          sizeof CERTIFICATE_ALERTS) != NULL;

    if (from_phone)
        return about_certificate ? UCM_TVS_IDENTITY : UCM_TVS_BROKEN_OFF;
    return about_certificate ? UCM_TVS_CLIENT_CERT_REFUSED : UCM_TVS_CLOSED;
}

static void read_alert(struct tvs_sign *sign, const GPtrArray *fields, packet_info *pinfo)
{
    const field_info *field = first_of(fields);
    uint32_t alert = field == NULL ? ALERT_CLOSE_NOTIFY : compat_field_number(field);

    if (alert == ALERT_CLOSE_NOTIFY || spoke_tvs(pinfo))
        return;
    sign->alert = try_val_to_str(alert, field->hfinfo->strings);
    if (sign->alert == NULL)
        sign->alert = wmem_strdup_printf(pinfo->pool, "alert %u", alert);
    sign->finding = meaning_of(alert, sign->from_phone);
}

static void read_certificate(struct tvs_sign *sign, const GPtrArray *fields)
{
    const field_info *field = first_of(fields);

    if (field == NULL || sign->from_phone || field->length <= 0 ||
        tvb_captured_length(field->ds_tvb) < (unsigned)(field->start + field->length))
        return;
    sign->certificate = tvb_get_ptr(field->ds_tvb, field->start, field->length);
    sign->certificate_size = (uint32_t)field->length;
}

/* ---- what it comes to ---- */

/* What only shows when the whole capture was seen. */
static enum ucm_finding_id missing(const struct connection *connection, const struct tvs_sign *sign,
                                   packet_info *pinfo)
{
    if (!PINFO_FD_VISITED(pinfo) || !connection->is_tls)
        return UCM_FINDING_NONE;
    for (unsigned i = 0; i < array_length(connection->open); i++)
        if (connection->open[i].frame != 0 && connection->open[i].anchor == pinfo->num)
            return UCM_TVS_INCOMPLETE;
    if (connection->first_frame == pinfo->num && connection->server_frame == 0)
        return UCM_TVS_NO_ANSWER;
    if (sign->certificate != NULL && connection->last_frame <= pinfo->num && !spoke_tvs(pinfo) &&
        compat_tcp_ended(pinfo))
        return UCM_TVS_BROKEN_OFF;
    return UCM_FINDING_NONE;
}

static const char *naming_text(wmem_allocator_t *pool, const struct tl_naming *naming)
{
    if (naming->lists == 0)
        return "no trust list was seen before";
    if (naming->frame == 0)
        return "no trust list that was seen before names it";
    return wmem_strdup_printf(pool, "the %s in frame %u names it%s",
                              ucm_list_kind_name(naming->kind), naming->frame,
                              naming->of_phone ? "" : ", which another phone fetched");
}

/* The server's certificate, held against the TVS records that were seen. */
static void add_server(const struct kept *shown, tvbuff_t *tvb, packet_info *pinfo,
                       const address *phone, proto_tree *tree)
{
    const struct ucm_view nowhere = {0, 0};
    struct tl_naming naming;
    struct ucm_cert cert;
    proto_item *item;
    char sha1[2 * UCM_SHA1_SIZE + 1];

    if (!ucm_cert_read(shown->data, shown->size, &cert))
        return;
    naming = tl_who_names(pinfo, phone, shown->data, shown->size, UCM_ROLE_BIT(UCM_ROLE_TVS));
    item = proto_tree_add_none_format(tree, hf_server, tvb, 0, 0, "TVS server: %s serial %s; %s",
                                      show_printable(pinfo->pool, cert.subject), cert.serial_hex,
                                      naming_text(pinfo->pool, &naming));
    proto_item_set_generated(item);
    tree = proto_item_add_subtree(item, ett_server);
    ucm_hex(cert.sha1, sizeof cert.sha1, sha1);
    show_generated(tree, hf_server_subject, tvb, nowhere, cert.subject);
    show_generated(tree, hf_server_serial, tvb, nowhere, cert.serial_hex);
    show_generated(tree, hf_server_sha1, tvb, nowhere, sha1);
    show_moment(tree, hf_server_not_after, tvb, nowhere, cert.not_after);
    if (naming.frame != 0)
        proto_item_set_generated(
            proto_tree_add_uint(tree, hf_server_list, tvb, 0, 0, naming.frame));
}

static bool server_wanted(proto_tree *tree)
{
    return compat_visible(tree) || compat_wanted(tree, hf_server) ||
           compat_wanted(tree, hf_server_subject) || compat_wanted(tree, hf_server_serial) ||
           compat_wanted(tree, hf_server_sha1) || compat_wanted(tree, hf_server_not_after) ||
           compat_wanted(tree, hf_server_list);
}

static proto_tree *add_port_tree(tvbuff_t *tvb, proto_tree *tree)
{
    proto_item *item = proto_tree_add_item(tree, findings_protocol(), tvb, 0, 0, ENC_NA);

    proto_item_set_text(item, "Connection to TVS");
    proto_item_set_generated(item);
    return proto_item_add_subtree(item, ett_port);
}

static void show(const struct connection *connection, const struct tvs_sign *sign, tvbuff_t *tvb,
                 packet_info *pinfo, proto_tree *tree)
{
    struct ucm_finding found[] = {ucm_finding_make(sign->finding, 0, -1, -1),
                                  ucm_finding_make(missing(connection, sign, pinfo), 0, -1, -1)};
    bool bad = found[0].id != UCM_FINDING_NONE || found[1].id != UCM_FINDING_NONE;

    if (sign->certificate == NULL && !bad)
        return;
    if (tree != NULL && (bad || server_wanted(tree)))
        tree = add_port_tree(tvb, tree);
    else
        tree = NULL;
    if (connection->certificate != NULL && tree != NULL && server_wanted(tree))
        add_server(connection->certificate, tvb, pinfo,
                   sign->from_phone ? &pinfo->src : &pinfo->dst, tree);
    for (unsigned i = 0; i < array_length(found); i++)
        findings_add(&found[i], tvb, pinfo, tree, NULL);
}

/* ---- the port ---- */

static void tell(const struct tvs_sign *sign, packet_info *pinfo)
{
    if (taps_phones_heard())
        taps_tell(pinfo, TAPS_SIGN, wmem_memdup(pinfo->pool, sign, sizeof *sign));
}

/* What is read of TLS is read even where it ends early: the mark at a field must be taken back. */
static int dissect_tls(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data,
                       struct tvs_sign *sign)
{
    struct compat_watch certificate, alert;
    volatile int used = 0;

    pinfo->can_desegment = pinfo->saved_can_desegment; /* being called took one off */
    if (tree == NULL)
        return call_dissector_only(tls_handle, tvb, pinfo, NULL, data);
    certificate = compat_watch_begin(tree, tls_certificate);
    alert = compat_watch_begin(tree, tls_alert);
    TRY
    {
        used = call_dissector_only(tls_handle, tvb, pinfo, tree, data);
    }
    FINALLY
    {
        read_alert(sign, compat_watch_end(tree, &alert), pinfo);
        read_certificate(sign, compat_watch_end(tree, &certificate));
    }
    ENDTRY;
    return used;
}

static int dissect_port(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    struct tvs_sign sign = {.from_phone = pinfo->destport == listening,
                            .finding = UCM_FINDING_NONE};
    bool first_pass = !PINFO_FD_VISITED(pinfo);
    struct connection *connection;
    int used;

    if (dissect_clear(tvb, pinfo, tree, data))
        return (int)tvb_captured_length(tvb);
    connection = connection_of(pinfo);
    if (first_pass)
        note_speaker(connection, tvb, pinfo, sign.from_phone);
    used = dissect_tls(tvb, pinfo, tree, data, &sign);
    if (used <= 0)
        return used;
    if (first_pass)
        note_record(connection, pinfo, sign.from_phone);
    if (sign.certificate != NULL && connection->certificate == NULL)
        connection->certificate = kept_get(certificates, sign.certificate, sign.certificate_size);
    show(connection, &sign, tvb, pinfo, tree);
    tell(&sign, pinfo);
    return used;
}

/* ---- registration ---- */

static void init(void)
{
    certificates = kept_all_new(wmem_file_scope());
}

void tvs_port_register(int proto, heur_dissector_t clear)
{
    static hf_register_info fields[] = {
        {&hf_server,
         {"TVS server", "tvs.server", FT_NONE, BASE_NONE, NULL, 0,
          "The certificate that the server shows on the port of TVS, before any message", HFILL}},
        {&hf_server_subject,
         {"Subject", "tvs.server.subject", FT_STRING, BASE_NONE, NULL, 0,
          "Subject of the server's certificate, in CUCM's order", HFILL}},
        {&hf_server_serial,
         {"Serial number", "tvs.server.serial", FT_STRING, BASE_NONE, NULL, 0,
          "Serial number of the server's certificate, upper-case hex as in CUCM", HFILL}},
        {&hf_server_sha1,
         {"SHA-1", "tvs.server.sha1", FT_STRING, BASE_NONE, NULL, 0,
          "Fingerprint of the server's certificate, as `show itl` prints it", HFILL}},
        {&hf_server_not_after,
         {"Valid until", "tvs.server.not_after", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL, 0,
          "When the server's certificate expires", HFILL}},
        {&hf_server_list,
         {"Named in", "tvs.server.list", FT_FRAMENUM, BASE_NONE, NULL, 0,
          "The newest trust list before, with a TVS record that holds the server's certificate; "
          "without one, phones that hold no other list break off",
          HFILL}},
    };
    static int *subtrees[] = {&ett_port, &ett_server};

    proto_tvs = proto;
    dissect_clear = clear;
    proto_register_field_array(proto, fields, array_length(fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
    register_init_routine(init);
}

void tvs_port_handoff(void)
{
    tls_handle = find_dissector("tls");
    tls_certificate = compat_field_id("tls.handshake.certificate");
    tls_alert = compat_field_id("tls.alert_message.desc");
    port_handle = create_dissector_handle_with_name_and_description(
        dissect_port, -1, "tvs_port", "TLS, as phones speak it with TVS");
}

/* Wireshark's TLS takes the port first, so that it knows what to call inside; then we stand before
 * it. */
void tvs_port_listen(unsigned port, dissector_handle_t tvs)
{
    if (listening == port)
        return;
    if (listening != 0) {
        dissector_delete_uint("tcp.port", listening, port_handle);
        ssl_dissector_delete(listening, tvs);
    }
    if (port != 0) {
        ssl_dissector_add(port, tvs);
        dissector_add_uint("tcp.port", port, port_handle);
    }
    listening = port;
}
