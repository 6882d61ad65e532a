/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust lists (ITL, CTL) and signed files of Cisco Unified CM: the column, and the order of things.
 * Must not know how files travel (carrier.c) nor their bytes (common/trustlist).
 */
#include "packet-trustlist.h"

#include "export-objects.h"
#include "findings.h"
#include "show.h"
#include "taps.h"
#include "tl-fields.h"
#include "tl-judgement.h"
#include "tl-tree.h"

#include "common/finding_text.h"

#include <epan/tap.h>

#include <string.h>

static int proto_ciscotl = -1;
static int trustlist_tap = 0;
static dissector_handle_t xml_handle;
static dissector_handle_t text_handle;

/* ---- column ---- */

static uint32_t count_records(const struct ucm_trustlist *list)
{
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_record record;

    while (ucm_record_next(&walk, &record))
        continue;
    return walk.index;
}

static const char *signature_word(const struct tl_shown *shown)
{
    if (shown->cut || !shown->verdict->checked)
        return "not checked";
    switch (shown->verdict->signature.status) {
    case UCM_SIGNATURE_VALID:
        return "valid";
    case UCM_SIGNATURE_INVALID:
        return "INVALID";
    case UCM_SIGNATURE_UNVERIFIABLE:
        break;
    }
    return "unverifiable";
}

/* ", 6 records", as far as they were captured. */
static void append_records(const struct tl_shown *shown, wmem_strbuf_t *text)
{
    uint32_t records = count_records(shown->list);

    if (shown->list->kind == UCM_LIST_SIGNED_FILE || (shown->cut && records == 0))
        return;
    wmem_strbuf_append_printf(text, ", %s%u record%s", shown->cut ? "at least " : "", records,
                              records == 1 ? "" : "s");
}

/* ", signed by CN=ucm11pub (SHA-512)" */
static void append_signer(const struct tl_shown *shown, wmem_strbuf_t *text)
{
    const struct ucm_trustlist *list = shown->list;

    if (!ucm_list_has(list, UCM_HEADER_SIGNER_NAME))
        return;
    wmem_strbuf_append_printf(
        text, ", signed by %s",
        show_first_name(shown->pinfo->pool, shown->data, list->value[UCM_HEADER_SIGNER_NAME]));
    if (!shown->cut || ucm_list_has(list, UCM_HEADER_DIGEST))
        wmem_strbuf_append_printf(text, " (%s)", ucm_digest_text(list->digest));
}

const char *trustlist_text(const struct tl_shown *shown)
{
    const struct ucm_trustlist *list = shown->list;
    wmem_allocator_t *pool = shown->pinfo->pool;
    wmem_strbuf_t *text = wmem_strbuf_new(pool, ucm_list_kind_name(list->kind));

    if (shown->name != NULL)
        wmem_strbuf_append_printf(text, " %s", shown->name);
    else if (list->kind == UCM_LIST_SIGNED_FILE && ucm_list_has(list, UCM_HEADER_FILENAME))
        wmem_strbuf_append_printf(text, " %s",
                                  show_text(pool, shown->data, list->value[UCM_HEADER_FILENAME]));
    append_records(shown, text);
    append_signer(shown, text);
    wmem_strbuf_append_printf(text, ", signature %s", signature_word(shown));
    if (shown->cut)
        wmem_strbuf_append_printf(text, " [%s]", tl_cut_text(shown));
    else if (list->error.id != UCM_FINDING_NONE)
        wmem_strbuf_append_printf(text, " [%s]", ucm_rule(list->error.id)->id);
    return wmem_strbuf_get_str(text);
}

static void fill_column(const struct tl_shown *shown)
{
    column_info *columns = shown->pinfo->cinfo;

    col_set_str(columns, COL_PROTOCOL, "CISCOTL");
    if (!col_get_writable(columns, COL_INFO))
        return;
    col_clear(columns, COL_INFO);
    col_append_sep_str(columns, COL_INFO, " | ", trustlist_text(shown));
    col_set_fence(columns, COL_INFO);
}

/* ---- signed files ---- */

static bool looks_like_text(const uint8_t *data, struct ucm_view view)
{
    enum { LOOKED_AT = 256 };

    for (uint32_t i = 0; i < view.len && i < LOOKED_AT; i++) {
        uint8_t c = ucm_byte(data, view, i);

        if (c < 0x20 && c != '\t' && c != '\r' && c != '\n')
            return false;
    }
    return true;
}

/* The signed file itself, by what is in it: phones get XML and a few texts. */
static void dissect_body(const struct tl_shown *shown, proto_tree *tree)
{
    struct ucm_view body = shown->list->body;
    dissector_handle_t handle = NULL;
    tvbuff_t *inner;

    if (shown->list->kind != UCM_LIST_SIGNED_FILE || body.len == 0)
        return;
    inner = tvb_new_subset_remaining(shown->tvb, (int)body.off);
    if (looks_like_text(shown->data, body))
        handle = ucm_byte(shown->data, body, 0) == '<' ? xml_handle : text_handle;
    if (handle != NULL)
        call_dissector(handle, inner, shown->pinfo, tree);
    else
        call_data_dissector(inner, shown->pinfo, tree);
}

/* ---- the whole ---- */

/* Fact phone-file-names (A; test_dissector:test_name_of_another_kind,
 * test_phones:test_a_migration_in_time_order): a phone asks for CTLSEP and ITLSEP with its MAC
 * address, ITLFile.tlv, SEP with .cnf.xml.sgn. */
/* CTLSEP<MAC>.tlv, ITLFile.tlv, SEP<MAC>.cnf.xml.sgn: the last part of the path decides. */
static enum ucm_list_kind kind_asked_for(const char *name)
{
    const char *slash = name == NULL ? NULL : strrchr(name, '/');
    const char *last = slash == NULL ? name : slash + 1;

    if (last == NULL)
        return UCM_LIST_UNKNOWN;
    if (g_str_has_suffix(last, ".sgn"))
        return UCM_LIST_SIGNED_FILE;
    if (g_ascii_strncasecmp(last, "ITL", 3) == 0)
        return UCM_LIST_ITL;
    if (g_ascii_strncasecmp(last, "CTL", 3) == 0)
        return UCM_LIST_CTL;
    return UCM_LIST_UNKNOWN;
}

bool trustlist_recognise(tvbuff_t *tvb)
{
    enum { ENOUGH = 16 };
    unsigned captured = MIN(tvb_captured_length(tvb), ENOUGH);

    /* cppcheck-suppress knownConditionTrueFalse ; it takes any MIN() for less than 1 */
    return captured > 0 && ucm_trustlist_magic(tvb_get_ptr(tvb, 0, (int)captured), captured);
}

static proto_tree *add_protocol(const struct tl_shown *shown, proto_tree *tree)
{
    proto_item *item;

    if (tree == NULL)
        return NULL;
    item = proto_tree_add_item(
        tree, proto_ciscotl, shown->tvb, 0,
        shown->list->kind == UCM_LIST_SIGNED_FILE ? (int)shown->list->body.off : -1, ENC_NA);
    if (compat_visible(tree))
        proto_item_append_text(item, ": %s", trustlist_text(shown));
    return proto_item_add_subtree(item, tl_field.ett_list);
}

static void tell_taps(const struct tl_shown *shown)
{
    wmem_allocator_t *pool = shown->pinfo->pool;
    struct tl_shown *told;

    if (!have_tap_listener(trustlist_tap) && !taps_phones_heard() && !export_objects_wanted())
        return;
    told = wmem_memdup(pool, shown, sizeof *shown);
    told->list = wmem_memdup(pool, shown->list, sizeof *shown->list);
    told->verdict = wmem_memdup(pool, shown->verdict, sizeof *shown->verdict);
    told->report = NULL;
    tap_queue_packet(trustlist_tap, shown->pinfo, told);
    taps_tell(shown->pinfo, TAPS_FILE, told);
    export_objects_tell_list(told);
}

/* Only what was seen as a whole is judged. Where the carrier cannot say whether it is, a valid
 * signature can: it covers every byte. */
static bool is_cut(tvbuff_t *tvb, const struct ucm_trustlist *list,
                   const struct trustlist_carried *carried)
{
    if (tvb_captured_length(tvb) < tvb_reported_length(tvb))
        return true;
    return carried != NULL && carried->partial &&
           ucm_signature_check(list, list).status != UCM_SIGNATURE_VALID;
}

int trustlist_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                      const struct trustlist_carried *carried)
{
    const char *name = carried == NULL ? NULL : carried->name;
    unsigned captured = tvb_captured_length(tvb);
    struct ucm_trustlist list;
    struct ucm_report report;
    struct tl_verdict verdict = {.signature = {.status = UCM_SIGNATURE_UNVERIFIABLE}};
    struct tl_shown shown = {.tvb = tvb, .pinfo = pinfo, .list = &list, .verdict = &verdict};
    struct tl_question question = {
        .pinfo = pinfo, .size = captured, .list = &list, .expected = kind_asked_for(name)};

    if (name != NULL)
        shown.name = show_text(pinfo->pool, (const uint8_t *)name,
                               (struct ucm_view){0, (uint32_t)strlen(name)});
    shown.data = question.data = tvb_get_ptr(tvb, 0, (int)captured);
    ucm_trustlist_decode(shown.data, captured, &list);
    shown.cut = is_cut(tvb, &list, carried);
    if (!shown.cut)
        verdict = tl_judge(&question);
    fill_column(&shown);
    if (!shown.cut && tl_report_wanted(tree) && tl_report(&question, &verdict, &report))
        shown.report = &report;
    findings_mark(tree, tvb);
    tl_tree_add(&shown, add_protocol(&shown, tree));
    if (shown.report != NULL)
        ucm_report_free(&report);
    tell_taps(&shown);
    dissect_body(&shown, tree);
    return (int)captured;
}

/* Whoever calls the protocol by name (an opened file, Decode As) says that it is one. */
static int dissect_ciscotl(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    return trustlist_dissect(tvb, pinfo, tree, NULL);
}

int trustlist_protocol(void)
{
    return proto_ciscotl;
}

module_t *trustlist_register(void (*changed)(void))
{
    module_t *module;

    proto_ciscotl =
        proto_register_protocol("Trust list of Cisco Unified CM", "CISCOTL", TRUSTLIST_DISSECTOR);
    tl_fields_register(proto_ciscotl);
    trustlist_tap = register_tap(TRUSTLIST_TAP);
    register_dissector(TRUSTLIST_DISSECTOR, dissect_ciscotl, proto_ciscotl);
    module = prefs_register_protocol(proto_ciscotl, changed);
    tl_judgement_preference(module);
    register_init_routine(tl_judgement_init);
    return module;
}

void trustlist_handoff(void)
{
    xml_handle = find_dissector("xml");
    text_handle = find_dissector("data-text-lines");
}
