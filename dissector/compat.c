/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What differs between versions of Wireshark and is too long for a header: see compat.h. With
 * plugin.c the only place that asks for a version (and file-trustlist.c for those of wiretap).
 */
#include "compat.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-http.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/prefs-int.h>
#include <epan/prefs.h>

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

/* The mark at a field outlives its tree when the field does not occur, so it is taken back: other
 * packets must be dissected as without us. */
struct compat_watch compat_watch_begin(proto_tree *tree, int field)
{
    const header_field_info *info = field < 0 ? NULL : proto_registrar_get_nth((unsigned)field);
    struct compat_watch watch = {.field = -1};
    epan_dissect_t whole = {.tree = tree}; /* all that is looked at */

    if (info == NULL)
        return watch;
    watch.field = field;
    watch.was = info->ref_type;
    watch.parent_was = proto_registrar_get_nth((unsigned)info->parent)->ref_type;
    epan_dissect_prime_with_hfid(&whole, field);
    return watch;
}

GPtrArray *compat_watch_end(proto_tree *tree, const struct compat_watch *watch)
{
    header_field_info *info;

    if (watch->field < 0)
        return NULL;
    info = proto_registrar_get_nth((unsigned)watch->field);
    info->ref_type = watch->was;
    proto_registrar_get_nth((unsigned)info->parent)->ref_type = watch->parent_was;
    return proto_get_finfo_ptr_array(tree, watch->field);
}

static fvalue_t *value_of(const field_info *field)
{
#if COMPAT_AT_LEAST(4, 4)
    return field->value;
#else
    return &((field_info *)(uintptr_t)field)->value;
#endif
}

uint32_t compat_field_number(const field_info *field)
{
    return fvalue_get_uinteger(value_of(field));
}

const char *compat_field_text(wmem_allocator_t *pool, const field_info *field)
{
    return fvalue_to_string_repr(pool, value_of(field), FTREPR_DISPLAY, field->hfinfo->display);
}

int compat_field_id(const char *name)
{
    const header_field_info *info = proto_registrar_get_byname(name);

    return info == NULL ? -1 : info->id;
}

/* Of enum TCP_COMPLETENESS in Wireshark's documentation of tcp.completeness. */
bool compat_tcp_ended(packet_info *pinfo)
{
    enum { FIN_SEEN = 0x10, RST_SEEN = 0x20 };
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    const struct tcp_analysis *tcp =
        conversation == NULL ? NULL : get_tcp_conversation_data(conversation, pinfo);

    return tcp != NULL && (tcp->conversation_completeness & (FIN_SEEN | RST_SEEN)) != 0;
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
