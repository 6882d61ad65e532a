/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What Wireshark looks for in a plugin, and the order in which our parts are registered. With
 * compat.h the only file that knows Wireshark's versions (and file-trustlist.c those of wiretap).
 */
#include "compat.h"

#include "carrier.h"
#include "file-trustlist.h"
#include "findings.h"
#include "packet-trustlist.h"
#include "packet-tvs.h"
#include "x509.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-http.h>
#include <epan/prefs-int.h>
#include <epan/prefs.h>

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

/* Set the default and the present value: the user's own files are read later and still win. */
void compat_default_bool_preference(const char *module, const char *preference, bool value)
{
    module_t *found = prefs_find_module(module);
    pref_t *setting = found == NULL ? NULL : prefs_find_preference(found, preference);

    if (setting == NULL)
        return;
    prefs_set_bool_value(setting, value, pref_default);
    prefs_set_bool_value(setting, value, pref_current);
}

struct compat_layers compat_layers_note(const packet_info *pinfo)
{
    struct compat_layers layers = {wmem_list_count(pinfo->layers), pinfo->curr_layer_num,
                                   (unsigned)pinfo->curr_proto_layer_num};

    return layers;
}

void compat_layers_restore(packet_info *pinfo, const struct compat_layers *layers)
{
    while (wmem_list_count(pinfo->layers) > layers->count)
        wmem_list_remove_frame(pinfo->layers, wmem_list_tail(pinfo->layers));
    pinfo->curr_layer_num = (uint8_t)layers->layer;
    pinfo->curr_proto_layer_num = (uint8_t)layers->of_protocol;
}

const char *compat_http_request(packet_info *pinfo)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    const http_conv_t *http =
        conversation == NULL
            ? NULL
            : conversation_get_proto_data(conversation, proto_get_id_by_filter_name("http"));

#if COMPAT_AT_LEAST(4, 4)
    return http == NULL || http->req_res_tail == NULL ? NULL : http->req_res_tail->request_uri;
#else
    return http == NULL ? NULL : http->request_uri;
#endif
}

static void register_all(void)
{
    findings_register();
    tvs_register();
    carrier_preference(trustlist_register());
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
