/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TVS, the Trust Verification Service that phones of Cisco Unified CM ask inside TLS on TCP 2445.
 * Knows fields, items and columns, and no bytes: those are decoded in common/tvs.
 * Facts: Cisco document 213407; common/tvs.h has them by grade.
 */
#include "compat.h"

#include "packet-tvs.h"

#include "export-objects.h"
#include "findings.h"
#include "show.h"
#include "taps.h"
#include "tvs-exchange.h"
#include "tvs-port.h"
#include "tvs-text.h"
#include "x509.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/prefs.h>
#include <epan/proto_data.h>
#include <epan/tap.h>

static int proto_tvs = -1;
static int tvs_tap = 0;

static int hf_version = -1;
static int hf_type = -1;
static int hf_reserved = -1;
static int hf_session = -1;
static int hf_length = -1;
static int hf_element_tag = -1;
static int hf_element_length = -1;
static int hf_element_value = -1;
static int hf_device = -1;
static int hf_device_model = -1;
static int hf_device_mac = -1;
static int hf_subject = -1;
static int hf_issuer = -1;
static int hf_serial = -1;
static int hf_status = -1;
static int hf_role = -1;
static int hf_ttl = -1;
static int hf_certificate = -1;
static int hf_cert_subject = -1;
static int hf_cert_issuer = -1;
static int hf_cert_serial = -1;
static int hf_cert_sha1 = -1;
static int hf_cert_not_before = -1;
static int hf_cert_not_after = -1;
static int hf_response_in = -1;
static int hf_response_to = -1;
static int hf_time = -1;

static int ett_tvs = -1;
static int ett_element = -1;
static int ett_certificate = -1;

static dissector_handle_t tvs_handle;
static unsigned tls_port = UCM_TVS_PORT;

static const value_string TYPES[] = {UCM_TVS_TYPES(SHOW_VALUE){0, NULL}};
static const value_string TAGS[] = {UCM_TVS_TAGS(SHOW_VALUE){0, NULL}};
static const value_string STATUSES[] = {UCM_TVS_STATUSES(SHOW_VALUE){0, NULL}};
static const value_string ROLES[] = {UCM_ROLES(SHOW_VALUE){0, NULL}};

/* ---- column ---- */

static void fill_column(const struct tvs_shown *shown)
{
    column_info *columns = shown->pinfo->cinfo;

    if (!col_get_writable(columns, COL_INFO))
        return;
    col_append_sep_str(columns, COL_INFO, " | ", tvs_info_text(shown));
    for (uint32_t i = 0; i < shown->findings.stored; i++)
        if (tvs_named_in_column(&shown->findings.item[i]))
            col_append_fstr(columns, COL_INFO, " [%s]", ucm_rule(shown->findings.item[i].id)->id);
    if (shown->cut)
        col_append_str(columns, COL_INFO, " [cut off in the capture]");
    col_set_fence(columns, COL_INFO);
}

/* ---- elements ---- */

static void add_device(const struct tvs_shown *shown, proto_tree *tree)
{
    struct ucm_view device = shown->message.value[UCM_TVS_DEVICE];
    struct ucm_view model, mac;
    uint8_t octets[FT_ETHER_LEN];

    proto_tree_add_item(tree, hf_device, shown->tvb, (int)device.off, (int)device.len,
                        ENC_UTF_8 | ENC_NA);
    ucm_tvs_device_parts(shown->data, device, &model, &mac);
    if (model.len > 0)
        proto_tree_add_item(tree, hf_device_model, shown->tvb, (int)model.off, (int)model.len,
                            ENC_ASCII | ENC_NA);
    if (mac.len != 2 * sizeof octets)
        return;
    for (unsigned i = 0; i < sizeof octets; i++)
        octets[i] = (uint8_t)(g_ascii_xdigit_value((char)ucm_byte(shown->data, mac, 2 * i)) << 4 |
                              g_ascii_xdigit_value((char)ucm_byte(shown->data, mac, 2 * i + 1)));
    proto_tree_add_ether(tree, hf_device_mac, shown->tvb, (int)mac.off, (int)mac.len, octets);
}

static bool certificate_fields_wanted(proto_tree *tree)
{
    return compat_wanted(tree, hf_cert_subject) || compat_wanted(tree, hf_cert_issuer) ||
           compat_wanted(tree, hf_cert_serial) || compat_wanted(tree, hf_cert_sha1) ||
           compat_wanted(tree, hf_cert_not_before) || compat_wanted(tree, hf_cert_not_after);
}

static void add_certificate(const struct tvs_shown *shown, struct ucm_view der, proto_item *label,
                            proto_tree *tree)
{
    struct ucm_cert cert;
    proto_item *item =
        proto_tree_add_item(tree, hf_certificate, shown->tvb, (int)der.off, (int)der.len, ENC_NA);
    proto_tree *inside = proto_item_add_subtree(item, ett_certificate);
    char sha1[2 * UCM_SHA1_SIZE + 1];

    if (certificate_fields_wanted(tree) && ucm_cert_read(shown->data + der.off, der.len, &cert)) {
        const char *subject = show_printable(shown->pinfo->pool, cert.subject);

        proto_item_append_text(label, ": %s", subject);
        proto_item_append_text(item, ": %s", subject);
        ucm_hex(cert.sha1, sizeof cert.sha1, sha1);
        show_generated(inside, hf_cert_subject, shown->tvb, der, cert.subject);
        show_generated(inside, hf_cert_issuer, shown->tvb, der, cert.issuer);
        show_generated(inside, hf_cert_serial, shown->tvb, der, cert.serial_hex);
        show_generated(inside, hf_cert_sha1, shown->tvb, der, sha1);
        show_moment(inside, hf_cert_not_before, shown->tvb, der, cert.not_before);
        show_moment(inside, hf_cert_not_after, shown->tvb, der, cert.not_after);
    }
    x509_dissect(shown->tvb, der, shown->pinfo, inside);
}

static void add_roles(const struct tvs_shown *shown, struct ucm_view roles, proto_tree *tree)
{
    for (uint32_t i = 0; i < roles.len && i < TVS_SHOWN_MAX; i++)
        proto_tree_add_item(tree, hf_role, shown->tvb, (int)(roles.off + i), 1, ENC_BIG_ENDIAN);
}

/* A number only where it has its length; otherwise the bytes, beside the finding that says so. */
static void add_number(const struct tvs_shown *shown, struct ucm_view value, int field,
                       uint32_t length, proto_item *label, proto_tree *tree)
{
    bool fits = value.len == length;
    proto_item *item = proto_tree_add_item(tree, fits ? field : hf_element_value, shown->tvb,
                                           (int)value.off, (int)value.len, ENC_BIG_ENDIAN);

    show_in_label(shown->pinfo->pool, label, item);
}

static void add_text(const struct tvs_shown *shown, struct ucm_view value, int field,
                     proto_item *label, proto_tree *tree)
{
    show_text_in_label(shown->pinfo->pool, label, tree, field, shown->tvb,
                       ucm_text(shown->data, value));
}

static void add_value(const struct tvs_shown *shown, const struct ucm_tvs_element *element,
                      proto_item *item, proto_tree *tree)
{
    wmem_allocator_t *pool = shown->pinfo->pool;
    struct ucm_view value = element->value;

    switch (element->kind) {
    case UCM_TVS_DEVICE:
        add_device(shown, tree);
        proto_item_append_text(item, ": %s", tvs_device_text(shown));
        break;
    case UCM_TVS_CERTIFICATE:
        add_certificate(shown, value, item, tree);
        break;
    case UCM_TVS_SUBJECT:
        add_text(shown, value, hf_subject, item, tree);
        break;
    case UCM_TVS_ISSUER:
        add_text(shown, value, hf_issuer, item, tree);
        break;
    case UCM_TVS_SERIAL:
        show_in_label(pool, item,
                      proto_tree_add_string(tree, hf_serial, shown->tvb, (int)value.off,
                                            (int)value.len, show_serial(pool, shown->data, value)));
        break;
    case UCM_TVS_STATUS_ELEMENT:
        add_number(shown, value, hf_status, 1, NULL, tree);
        show_name_in_label(item, ucm_tvs_status_name(shown->message.status), shown->message.status);
        break;
    case UCM_TVS_ROLES:
        add_roles(shown, value, tree);
        proto_item_append_text(item, ": %s", tvs_roles_text(shown));
        break;
    case UCM_TVS_TTL:
        add_number(shown, value, hf_ttl, 4, item, tree);
        break;
    default:
        proto_tree_add_item(tree, hf_element_value, shown->tvb, (int)value.off, (int)value.len,
                            ENC_NA);
        break;
    }
}

/* Tags 4, 5 and 6 are told by content, so the label names what was found. */
static const char *element_name(const struct ucm_tvs_element *element)
{
    if (element->kind == UCM_TVS_ISSUER)
        return "Issuer name";
    if (element->kind == UCM_TVS_SERIAL)
        return "Serial number";
    return val_to_str_const(element->tag, TAGS, "Unknown element");
}

static void add_elements(const struct tvs_shown *shown, proto_tree *tree)
{
    struct ucm_cursor cursor = shown->message.elements;
    struct ucm_tvs_element element;

    for (unsigned i = 0; i < TVS_SHOWN_MAX && ucm_tvs_next(&cursor, &element); i++) {
        proto_item *item;
        proto_tree *inside = proto_tree_add_subtree(tree, shown->tvb, (int)element.at,
                                                    (int)(cursor.pos - element.at), ett_element,
                                                    &item, element_name(&element));

        show_tag_and_length(inside, hf_element_tag, hf_element_length, shown->tvb, element.at);
        add_value(shown, &element, item, inside);
    }
}

/* ---- message ---- */

static void add_exchange(const struct tvs_shown *shown, proto_tree *tree)
{
    const struct tvs_exchange *exchange = shown->exchange;
    nstime_t took;

    if (exchange == NULL || exchange->request_frame == 0 || exchange->response_frame == 0)
        return;
    if (tvs_is_request(&shown->message)) {
        proto_item_set_generated(
            proto_tree_add_uint(tree, hf_response_in, shown->tvb, 0, 0, exchange->response_frame));
        return;
    }
    took = tvs_exchange_took(exchange);
    proto_item_set_generated(
        proto_tree_add_uint(tree, hf_response_to, shown->tvb, 0, 0, exchange->request_frame));
    proto_item_set_generated(proto_tree_add_time(tree, hf_time, shown->tvb, 0, 0, &took));
}

static void add_header(const struct tvs_shown *shown, proto_tree *tree)
{
    static int *const fields[] = {&hf_version, &hf_type, &hf_reserved};
    int at = 1; /* after the discriminator */

    if (shown->message.size < UCM_TVS_HEADER_SIZE)
        return;
    for (unsigned i = 0; i < array_length(fields); i++)
        proto_tree_add_item(tree, *fields[i], shown->tvb, at++, 1, ENC_BIG_ENDIAN);
    proto_tree_add_item(tree, hf_session, shown->tvb, at, 4, ENC_BIG_ENDIAN);
    proto_tree_add_item(tree, hf_length, shown->tvb, at + 4, 2, ENC_BIG_ENDIAN);
}

static proto_tree *add_message(const struct tvs_shown *shown, proto_tree *tree)
{
    proto_item *item;
    proto_tree *inside;

    if (tree == NULL)
        return NULL;
    item = proto_tree_add_item(tree, proto_tvs, shown->tvb, 0, -1, ENC_NA);
    inside = proto_item_add_subtree(item, ett_tvs);
    if (compat_visible(tree))
        proto_item_append_text(item, ", %s", tvs_info_text(shown));
    add_header(shown, inside);
    add_elements(shown, inside);
    add_exchange(shown, inside);
    return inside;
}

/* Is it the response that closed its exchange? A stranger may send it twice in one frame, and then
 * both have the exchange; so the first is noted for as long as the packet is dissected. */
static bool closes_exchange(const struct tvs_shown *shown)
{
    packet_info *pinfo = shown->pinfo;
    uint32_t session = shown->message.session;

    if (shown->exchange == NULL || !tvs_is_response(&shown->message) ||
        p_get_proto_data(pinfo->pool, pinfo, proto_tvs, session) != NULL)
        return false;
    p_add_proto_data(pinfo->pool, pinfo, proto_tvs, session, pinfo);
    return true;
}

static void tell_taps(const struct tvs_shown *shown)
{
    struct tvs_shown *told;

    if (!have_tap_listener(tvs_tap) && !taps_phones_heard() && !export_objects_wanted())
        return;
    told = wmem_memdup(shown->pinfo->pool, shown, sizeof *shown);
    told->findings = (struct ucm_findings){0};
    told->closes_exchange = closes_exchange(shown);
    tap_queue_packet(tvs_tap, shown->pinfo, told);
    taps_tell(shown->pinfo, TAPS_MESSAGE, told);
    export_objects_tell_message(told);
}

static int dissect_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    unsigned captured = tvb_captured_length(tvb);
    struct tvs_shown shown = {.tvb = tvb, .pinfo = pinfo};
    enum tvs_depth depth;
    proto_tree *inside;

    shown.cut = captured < tvb_reported_length(tvb);
    shown.data = tvb_get_ptr(tvb, 0, (int)captured);
    ucm_tvs_decode(shown.data, captured, &shown.message);
    if (shown.cut && shown.message.error.id == UCM_TVS_TRUNCATED)
        shown.message.error.id = UCM_FINDING_NONE; /* the capture is short, not the message */
    shown.exchange = tvs_exchange_of(pinfo, proto_tvs, &shown.message, shown.data);
    depth = findings_wanted(tree) ? TVS_JUDGE_CERTIFICATE : TVS_JUDGE_ANSWER;
    tvs_exchange_judge(shown.exchange, &shown.message, shown.data, pinfo,
                       shown.cut ? TVS_JUDGE_FORM : depth, &shown.findings);
    fill_column(&shown);
    inside = add_message(&shown, tree);
    findings_mark(tree, tvb);
    for (uint32_t i = 0; i < shown.findings.stored; i++)
        findings_add(&shown.findings.item[i], tvb, pinfo, inside, shown.data);
    ucm_findings_free(&shown.findings);
    tell_taps(&shown);
    return (int)tvb_reported_length(tvb);
}

/* ---- stream ---- */

/* What is no message is shown to its end, with the finding that says so, instead of waiting. */
static compat_length message_length(packet_info *pinfo _U_, tvbuff_t *tvb, int offset,
                                    void *data _U_)
{
    uint32_t size =
        ucm_tvs_message_size(tvb_get_ptr(tvb, offset, UCM_TVS_HEADER_SIZE), UCM_TVS_HEADER_SIZE);

    return size != 0 ? size : (compat_length)tvb_reported_length_remaining(tvb, offset);
}

/* Ours by discriminator, then by version or type: one of the two may be newer than this program. */
static bool starts_message(tvbuff_t *tvb)
{
    unsigned captured = MIN(tvb_captured_length(tvb), UCM_TVS_HEADER_SIZE);
    const uint8_t *start = tvb_get_ptr(tvb, 0, (int)captured);
    struct ucm_tvs message;

    if (captured < UCM_TVS_HEADER_SIZE)
        return captured > 0 && start[0] == UCM_TVS_DISCRIMINATOR;
    ucm_tvs_decode(start, captured, &message);
    return message.error.id != UCM_TVS_NOT_TVS &&
           (message.version == UCM_TVS_VERSION || ucm_tvs_type_name(message.type) != NULL);
}

static int dissect_tvs(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (!starts_message(tvb))
        return 0;
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "TVS");
    col_clear(pinfo->cinfo, COL_INFO);
    tcp_dissect_pdus(tvb, pinfo, tree, TRUE, UCM_TVS_HEADER_SIZE, message_length, dissect_message,
                     data);
    return (int)tvb_captured_length(tvb);
}

/* For captures that hold what was inside TLS. Tests: discriminator, version, a known type, a
 * known first element that fits the message. No other protocol is known to pass them. */
static compat_bool dissect_tvs_heuristic(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                         void *data)
{
    unsigned captured = tvb_captured_length(tvb);
    struct ucm_tvs message;
    struct ucm_tlv first;

    if (captured < UCM_TVS_HEADER_SIZE + 3)
        return FALSE;
    ucm_tvs_decode(tvb_get_ptr(tvb, 0, (int)captured), captured, &message);
    if (message.error.id == UCM_TVS_NOT_TVS || message.version != UCM_TVS_VERSION ||
        ucm_tvs_type_name(message.type) == NULL)
        return FALSE;
    first = ucm_take_tlv(&message.elements);
    if (ucm_tvs_tag_name(first.tag) == NULL || first.wanted > message.length)
        return FALSE;
    conversation_set_dissector(find_or_create_conversation(pinfo), tvs_handle);
    return dissect_tvs(tvb, pinfo, tree, data) != 0;
}

bool tvs_spoken_here(packet_info *pinfo)
{
    const conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    if (conversation != NULL && conversation_get_proto_data(conversation, proto_tvs) != NULL)
        return true;
    return tls_port != 0 && (pinfo->srcport == tls_port || pinfo->destport == tls_port);
}

/* ---- registration ---- */

#define FIELD(variable, name, filter, type, base, strings, blurb)                                  \
    {                                                                                              \
        &variable,                                                                                 \
        {                                                                                          \
            name, filter, type, base, strings, 0, blurb, HFILL                                     \
        }                                                                                          \
    }

static hf_register_info FIELDS[] = {
    FIELD(hf_version, "Version", "tvs.version", FT_UINT8, BASE_DEC, NULL,
          "Version of the protocol; only 1 was ever seen"),
    FIELD(hf_type, "Type", "tvs.type", FT_UINT8, BASE_DEC, VALS(TYPES),
          "What the message asks or answers, by its name in CUCM traces"),
    FIELD(hf_reserved, "Reserved", "tvs.reserved", FT_UINT8, BASE_HEX, NULL,
          "0 in requests, anything in responses"),
    FIELD(hf_session, "Session", "tvs.session", FT_UINT32, BASE_DEC, NULL,
          "Session id: phones start at 1001, the response repeats it"),
    FIELD(hf_length, "Length", "tvs.length", FT_UINT16, BASE_DEC, NULL,
          "Bytes that follow the header"),
    FIELD(hf_element_tag, "Tag", "tvs.element.tag", FT_UINT8, BASE_DEC, VALS(TAGS),
          "What the element holds; two of 4, 5 and 6 are issuer and serial, told by content"),
    FIELD(hf_element_length, "Length", "tvs.element.length", FT_UINT16, BASE_DEC, NULL,
          "Bytes of the element without tag and length"),
    FIELD(hf_element_value, "Value", "tvs.element.value", FT_BYTES, BASE_NONE, NULL,
          "Bytes of an element that is unknown or has an unexpected length"),
    FIELD(hf_device, "Device", "tvs.device", FT_STRING, BASE_NONE, NULL,
          "Name of the device that asks, such as CP-8861-SEPB000B4BA0AEE"),
    FIELD(hf_device_model, "Model", "tvs.device.model", FT_STRING, BASE_NONE, NULL,
          "Model of the phone, from its device name"),
    FIELD(hf_device_mac, "MAC address", "tvs.device.mac", FT_ETHER, BASE_NONE, NULL,
          "MAC address of the phone, from its device name"),
    FIELD(hf_subject, "Subject", "tvs.subject", FT_STRING, BASE_NONE, NULL,
          "Subject of the certificate that is asked for, as the phone spells it"),
    FIELD(hf_issuer, "Issuer", "tvs.issuer", FT_STRING, BASE_NONE, NULL,
          "Issuer of the certificate that is asked for, as the phone spells it"),
    FIELD(hf_serial, "Serial number", "tvs.serial", FT_STRING, BASE_NONE, NULL,
          "Serial number of the certificate that is asked for, upper-case hex as in CUCM"),
    FIELD(hf_status, "Status", "tvs.status", FT_UINT8, BASE_DEC, VALS(STATUSES),
          "Whether TVS vouches for the certificate: 0 says yes"),
    FIELD(hf_role, "Role", "tvs.role", FT_UINT8, BASE_DEC, VALS(ROLES),
          "What the certificate may be used for; SAST, TFTP or CCM+TFTP let files be accepted"),
    FIELD(hf_ttl, "Time to live", "tvs.ttl", FT_UINT32, BASE_DEC | BASE_UNIT_STRING, &units_seconds,
          "How long the phone keeps the answer; CUCM says a day"),
    FIELD(hf_certificate, "Certificate", "tvs.certificate", FT_NONE, BASE_NONE, NULL,
          "The certificate in question, X.509"),
    FIELD(hf_cert_subject, "Subject", "tvs.certificate.subject", FT_STRING, BASE_NONE, NULL,
          "Subject of the certificate in the message, in CUCM's order"),
    FIELD(hf_cert_issuer, "Issuer", "tvs.certificate.issuer", FT_STRING, BASE_NONE, NULL,
          "Issuer of the certificate in the message, in CUCM's order"),
    FIELD(hf_cert_serial, "Serial number", "tvs.certificate.serial", FT_STRING, BASE_NONE, NULL,
          "Serial number of the certificate in the message, upper-case hex as in CUCM"),
    FIELD(hf_cert_sha1, "SHA-1", "tvs.certificate.sha1", FT_STRING, BASE_NONE, NULL,
          "Fingerprint of the certificate in the message, as `show itl` prints it"),
    FIELD(hf_cert_not_before, "Valid from", "tvs.certificate.not_before", FT_ABSOLUTE_TIME,
          ABSOLUTE_TIME_UTC, NULL, "When the certificate in the message becomes valid"),
    FIELD(hf_cert_not_after, "Valid until", "tvs.certificate.not_after", FT_ABSOLUTE_TIME,
          ABSOLUTE_TIME_UTC, NULL, "When the certificate in the message expires"),
    FIELD(hf_response_in, "Response in", "tvs.response_in", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), "The frame that answers this request"),
    FIELD(hf_response_to, "Response to", "tvs.response_to", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), "The frame with the request that this answers"),
    FIELD(hf_time, "Response time", "tvs.time", FT_RELATIVE_TIME, BASE_NONE, NULL,
          "Time from the request to its response"),
};

static void register_fields(void)
{
    static int *subtrees[] = {&ett_tvs, &ett_element, &ett_certificate};

    proto_register_field_array(proto_tvs, FIELDS, array_length(FIELDS));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}

static void apply_preferences(void)
{
    tvs_port_listen(tls_port, tvs_handle);
}

void tvs_register(void)
{
    module_t *module;

    proto_tvs = proto_register_protocol("Trust Verification Service", "TVS", "tvs");
    register_fields();
    tvs_port_register(proto_tvs, dissect_tvs_heuristic);
    tvs_handle = register_dissector("tvs", dissect_tvs, proto_tvs);
    tvs_tap = register_tap(TVS_TAP);
    module = prefs_register_protocol(proto_tvs, apply_preferences);
    prefs_register_uint_preference(
        module, "tls.port", "TLS port",
        "TCP port of TVS. CUCM uses 2445, inside TLS; TVS without TLS is recognised there too. 0 "
        "looks at no port",
        10, &tls_port);
    register_init_routine(tvs_exchange_init);
}

void tvs_handoff(void)
{
    tvs_port_handoff();
    apply_preferences();
    dissector_add_for_decode_as("tcp.port", tvs_handle);
    heur_dissector_add("tcp", dissect_tvs_heuristic, "TVS without TLS", "tvs_tcp", proto_tvs,
                       HEURISTIC_ENABLE);
}
