/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A Wireshark plugin for tests: what the menu "Conversation Filter" offers for each packet of TVS,
 * as the field `probe.filter`, because tshark has no menus. Must not know the plugin that it looks
 * at.
 */
#include "dissector/compat.h"

#include <epan/conversation_filter.h>

#include <string.h>

#define EXPORTED __attribute__((visibility("default")))

EXPORTED extern const char plugin_version[];
EXPORTED extern const int plugin_want_major;
EXPORTED extern const int plugin_want_minor;
EXPORTED void plugin_register(void);
EXPORTED uint32_t plugin_describe(void);

const char plugin_version[] = "0";
const int plugin_want_major = UCMTRUST_WIRESHARK_MAJOR;
const int plugin_want_minor = UCMTRUST_WIRESHARK_MINOR;

static int proto_probe = -1;
static int hf_filter = -1;

#if COMPAT_AT_LEAST(4, 4)
#define ARGUMENTS(filter) pinfo, (filter)->user_data
#else
#define ARGUMENTS(filter) pinfo
#endif

static int dissect_probe(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    for (GList *one = packet_conv_filter_list; one != NULL; one = one->next) {
        const conversation_filter_t *filter = one->data;
        char *text;

        if (strcmp(filter->proto_name, "tvs") != 0 || !filter->is_filter_valid(ARGUMENTS(filter)))
            continue;
        text = filter->build_filter_string(ARGUMENTS(filter));
        proto_tree_add_string_format_value(tree, hf_filter, tvb, 0, 0, text, "%s: %s",
                                           filter->display_name, text);
        g_free(text);
    }
    return (int)tvb_captured_length(tvb);
}

static void register_probe(void)
{
    static hf_register_info fields[] = {{&hf_filter,
                                         {"Filter", "probe.filter", FT_STRING, BASE_NONE, NULL, 0,
                                          "What the conversation filter of TVS offers", HFILL}}};

    proto_probe = proto_register_protocol("Probe of conversation filters", "Probe", "probe");
    proto_register_field_array(proto_probe, fields, array_length(fields));
    register_postdissector(register_dissector("probe", dissect_probe, proto_probe));
}

uint32_t plugin_describe(void)
{
    return 1; /* a dissector */
}

void plugin_register(void)
{
    static proto_plugin plugin = {.register_protoinfo = register_probe};

    proto_register_plugin(&plugin);
}
