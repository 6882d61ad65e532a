/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * DHCP, HTTP and TFTP as a phone's story needs them: see phones-others.h.
 */
#include "phones-others.h"

#include <epan/epan_dissect.h>
#include <epan/tap.h>
#include <epan/to_str.h>

#include <string.h>

/* A filter, because only fields of filters are there to be read; the URI of a request, as it stands
 * at its response, has a name of its own in each version. Option 150 is Cisco's list of TFTP
 * servers; message type 5 is the acknowledgement. */
#define FILTER                                                                                     \
    "(dhcp.option.tftp_server_address && dhcp.option.dhcp == 5 && dhcp.ip.your && "                \
    "dhcp.hw.mac_addr) || (http.response.code >= 400 && %s) || tftp.source_file || "               \
    "tftp.error.code"

/** Reads of TFTP that are not answered yet: a name for each phone and port. */
enum { PENDING_MAX = 1024 };

static struct {
    struct phones **phones;
    void (*show)(struct phone *phone);
    GHashTable *pending; /* "address port" -> name */
} listener;

static int field_servers = -1;
static int field_your = -1;
static int field_mac = -1;
static int field_code = -1;
static int field_uri = -1;
static int field_source_file = -1;
static int field_error = -1;

/* ---- fields ---- */

static const field_info *field_of(epan_dissect_t *edt, int id, unsigned at)
{
    const GPtrArray *fields = id < 0 ? NULL : proto_get_finfo_ptr_array(edt->tree, id);

    return fields == NULL || at >= fields->len ? NULL : g_ptr_array_index(fields, at);
}

static const char *text_of(packet_info *pinfo, epan_dissect_t *edt, int id, unsigned at)
{
    const field_info *field = field_of(edt, id, at);

    return field == NULL ? NULL : compat_field_text(pinfo->pool, field);
}

/* ---- DHCP ---- */

static const char *all_servers(packet_info *pinfo, epan_dissect_t *edt)
{
    wmem_strbuf_t *text = wmem_strbuf_new(pinfo->pool, "");
    const char *one;

    for (unsigned i = 0; (one = text_of(pinfo, edt, field_servers, i)) != NULL; i++)
        wmem_strbuf_append_printf(text, "%s%s", i == 0 ? "" : ", ", one);
    return wmem_strbuf_get_str(text);
}

/* "00:00:5e:00:53:32" as a phone's name has it. */
static const char *digits_of(packet_info *pinfo, const char *mac)
{
    wmem_strbuf_t *text = wmem_strbuf_new(pinfo->pool, "");

    for (; mac != NULL && *mac != '\0'; mac++)
        if (g_ascii_isxdigit(*mac))
            wmem_strbuf_append_c(text, *mac);
    return wmem_strbuf_get_str(text);
}

static struct phone *take_lease(packet_info *pinfo, epan_dissect_t *edt)
{
    const field_info *your = field_of(edt, field_your, 0);
    uint32_t ip;
    address phone;

    if (your == NULL || field_of(edt, field_servers, 0) == NULL)
        return NULL;
    if (your->length != sizeof ip || tvb_captured_length(your->ds_tvb) < sizeof ip)
        return NULL;
    memcpy(&ip, tvb_get_ptr(your->ds_tvb, your->start, sizeof ip), sizeof ip);
    set_address(&phone, AT_IPv4, sizeof ip, &ip);
    return phones_lease(*listener.phones, pinfo, &phone,
                        digits_of(pinfo, text_of(pinfo, edt, field_mac, 0)),
                        all_servers(pinfo, edt));
}

/* ---- files that are not there ---- */

/* Trust lists and configuration files; phones ask for much else. */
static const char *file_of_interest(const char *path)
{
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;

    if (name == NULL)
        return NULL;
    return g_str_has_suffix(name, ".tlv") || strstr(name, ".cnf.xml") != NULL ? name : NULL;
}

static struct phone *take_http(packet_info *pinfo, epan_dissect_t *edt)
{
    const char *name = file_of_interest(text_of(pinfo, edt, field_uri, 0));
    const char *code = text_of(pinfo, edt, field_code, 0);

    if (name == NULL || code == NULL)
        return NULL;
    return phones_absent(*listener.phones, pinfo, name,
                         wmem_strdup_printf(pinfo->pool, "HTTP %s", code));
}

static char *pending_key(const address *phone, uint32_t port)
{
    char *text = address_to_str(NULL, phone);
    char *key = g_strdup_printf("%s %u", text, port);

    wmem_free(NULL, text);
    return key;
}

static struct phone *take_tftp(packet_info *pinfo, epan_dissect_t *edt)
{
    const char *asked = text_of(pinfo, edt, field_source_file, 0);
    const char *code = text_of(pinfo, edt, field_error, 0);
    struct phone *phone = NULL;
    char *key;

    if (asked != NULL && code == NULL && file_of_interest(asked) != NULL &&
        g_hash_table_size(listener.pending) < PENDING_MAX)
        g_hash_table_replace(listener.pending, pending_key(&pinfo->src, pinfo->srcport),
                             g_strdup(file_of_interest(asked)));
    if (code == NULL)
        return NULL;
    key = pending_key(&pinfo->dst, pinfo->destport);
    asked = g_hash_table_lookup(listener.pending, key);
    if (asked != NULL)
        phone = phones_absent(*listener.phones, pinfo, asked,
                              wmem_strdup_printf(pinfo->pool, "TFTP error %s", code));
    g_hash_table_remove(listener.pending, key);
    g_free(key);
    return phone;
}

/* ---- the listener ---- */

static tap_packet_status on_packet(void *data _U_, packet_info *pinfo, epan_dissect_t *edt,
                                   const void *nothing _U_, tap_flags_t flags _U_)
{
    struct phone *phone = take_lease(pinfo, edt);

    if (phone == NULL)
        phone = take_http(pinfo, edt);
    if (phone == NULL)
        phone = take_tftp(pinfo, edt);
    if (phone != NULL)
        listener.show(phone);
    return TAP_PACKET_DONT_REDRAW;
}

static void on_reset(void *data _U_)
{
    g_hash_table_remove_all(listener.pending);
}

static void find_fields(void)
{
    field_servers = compat_field_id("dhcp.option.tftp_server_address");
    field_your = compat_field_id("dhcp.ip.your");
    field_mac = compat_field_id("dhcp.hw.mac_addr");
    field_code = compat_field_id("http.response.code");
    field_uri = compat_field_id(COMPAT_HTTP_ANSWERED_URI);
    field_source_file = compat_field_id("tftp.source_file");
    field_error = compat_field_id("tftp.error.code");
}

void phones_others_listen(struct phones **phones, void (*show)(struct phone *phone))
{
    char *filter;
    GString *error;

    listener.phones = phones;
    listener.show = show;
    if (listener.pending != NULL)
        return;
    listener.pending = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    find_fields();
    filter = g_strdup_printf(FILTER, COMPAT_HTTP_ANSWERED_URI);
    error = register_tap_listener("frame", &listener, filter, 0, on_reset, on_packet, NULL, NULL);
    g_free(filter);
    if (error == NULL)
        return;
    ws_warning("ucmtrust: DHCP, HTTP and TFTP are left out of the phones' table: %s", error->str);
    g_string_free(error, TRUE);
}
