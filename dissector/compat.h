/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Everything that differs between Wireshark 4.0 and 4.6, so that no dissection code asks for a
 * version. Must not know any protocol. Include it first: it brings Wireshark's headers.
 */
#ifndef UCMTRUST_DISSECTOR_COMPAT_H
#define UCMTRUST_DISSECTOR_COMPAT_H

#define WS_BUILD_DLL
#include <wireshark.h>

#include <epan/expert.h>
#include <epan/packet.h>

/* Where units_seconds is, when packet.h does not bring it. */
#if __has_include(<epan/unit_strings.h>)
#include <epan/unit_strings.h>
#endif

/** Is it at least this version? Compared as pairs: 5.0 comes after 4.6. */
#define COMPAT_AT_LEAST(major, minor)                                                              \
    (UCMTRUST_WIRESHARK_MAJOR > (major) ||                                                         \
     (UCMTRUST_WIRESHARK_MAJOR == (major) && UCMTRUST_WIRESHARK_MINOR >= (minor)))

/** What heuristics return, and what boolean preferences and flags are. */
#if COMPAT_AT_LEAST(4, 4)
typedef bool compat_bool;
#else
typedef gboolean compat_bool;
#endif

/** A statistic in a menu of its own below Statistics. */
#if COMPAT_AT_LEAST(4, 4)
#define COMPAT_MENU(menu, name) menu "//" name
#else
#define COMPAT_MENU(menu, name) menu "/" name
#endif

/** What both callbacks of a conversation filter take: at least `pinfo`. */
#if COMPAT_AT_LEAST(4, 4)
#define COMPAT_CONVERSATION_FILTER_PARAMETERS packet_info *pinfo, void *user_data _U_
#define COMPAT_REGISTER_CONVERSATION_FILTER(protocol, name, is_valid, build)                       \
    register_conversation_filter(protocol, name, is_valid, build, NULL)
#else
#define COMPAT_CONVERSATION_FILTER_PARAMETERS packet_info *pinfo
#define COMPAT_REGISTER_CONVERSATION_FILTER(protocol, name, is_valid, build)                       \
    register_conversation_filter(protocol, name, is_valid, build)
#endif

/** How tcp_dissect_pdus() asks for a length. */
typedef unsigned compat_length;

/** A preference of another protocol whose default we change; the user's own setting still wins. */
void compat_default_bool_preference(const char *module, const char *preference, bool value);

/** The present value of a preference of another protocol; false when there is none of that name. */
bool compat_bool_preference(const char *module, const char *preference);

/** Is this field wanted: a visible tree, a filter, a column or a tap that refers to it? */
static inline bool compat_wanted(proto_tree *tree, int field)
{
    return tree != NULL && proto_field_is_referenced(tree, field);
}

/** A field of another protocol that is wanted while that protocol dissects into an invisible tree.
 */
struct compat_watch {
    int field;
    hf_ref_type was;
    hf_ref_type parent_was;
};

/** From now on this field is put into the tree; the field may be -1 (not known to this version). */
struct compat_watch compat_watch_begin(proto_tree *tree, int field);

/** What was found of it, of struct field_info *, in order; NULL for nothing. Ends the watch. */
GPtrArray *compat_watch_end(proto_tree *tree, const struct compat_watch *watch);

/** The value of a field of an unsigned type. */
uint32_t compat_field_number(const field_info *field);

/** The value of any field, as it is displayed. */
const char *compat_field_text(wmem_allocator_t *pool, const field_info *field);

/** The id of a field by its filter name, -1 when this version has none. */
int compat_field_id(const char *name);

/** Field of an HTTP response: the URI that was asked for. */
#if COMPAT_AT_LEAST(4, 2)
#define COMPAT_HTTP_ANSWERED_URI "http.request.uri"
#else
#define COMPAT_HTTP_ANSWERED_URI "http.response_for.uri"
#endif

/** Has the TCP connection of this packet ended, as far as the capture was read? */
bool compat_tcp_ended(packet_info *pinfo);

/** Where a packet stands in its layers. */
struct compat_layers {
    unsigned count;
    unsigned layer;
    unsigned of_protocol;
};

/** Note the layers before calling a dissector for a part of a part, and take back what it added.
 * Wireshark counts each as a layer of the packet and calls the 500th a bug, though they lie side by
 * side; and layer numbers must not depend on whether a tree is built. */
struct compat_layers compat_layers_note(const packet_info *pinfo);
void compat_layers_restore(packet_info *pinfo, const struct compat_layers *layers);

/** What HTTP knows about the message that it is dissecting. */
struct compat_http {
    const char *uri; /**< path of the request; NULL: not seen, or several wait for their answers */
    unsigned status; /**< of the last answer, 0: none yet */
};

/** Ask it on the first pass only: later it knows about the end of the capture. */
struct compat_http compat_http_exchange(packet_info *pinfo);

/** Will somebody see this tree? */
static inline bool compat_visible(proto_tree *tree)
{
    return tree != NULL && PTREE_DATA(tree)->visible;
}

#endif
