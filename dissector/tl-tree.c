/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tree of a trust list or signed file: see tl-tree.h. Names of elements and values come from
 * the tables in common/names.h, bytes from the walks of common/trustlist.h.
 */
#include "tl-tree.h"

#include "findings.h"
#include "show.h"
#include "tl-fields.h"
#include "x509.h"

#include "common/finding_text.h"

/* Items of one file: Wireshark calls a million of them an endless loop. */
enum { SHOWN_ELEMENTS_MAX = 50000, DEPTHS = 4 };

/** A record's bytes and its subtree, to put findings where they belong. */
struct place {
    uint32_t at;
    uint32_t end;
    proto_tree *tree;
};

/** What the functions below share. */
struct builder {
    const struct tl_shown *shown;
    proto_tree *root;
    wmem_array_t *places;
    unsigned elements;
};

static void add_bytes(const struct builder *builder, proto_tree *tree, int field,
                      struct ucm_view view)
{
    proto_tree_add_item(tree, field, builder->shown->tvb, (int)view.off, (int)view.len, ENC_NA);
}

static void add_number(const struct builder *builder, proto_tree *tree, proto_item *label,
                       int field, struct ucm_view view, uint32_t length)
{
    if (view.len != length) {
        add_bytes(builder, tree, tl_field.element_value, view);
        return;
    }
    show_in_label(builder->shown->pinfo->pool, label,
                  proto_tree_add_item(tree, field, builder->shown->tvb, (int)view.off,
                                      (int)view.len, ENC_BIG_ENDIAN));
}

static void add_text(const struct builder *builder, proto_tree *tree, proto_item *label, int field,
                     struct ucm_view view)
{
    show_text_in_label(builder->shown->pinfo->pool, label, tree, field, builder->shown->tvb,
                       ucm_text(builder->shown->data, view));
}

static void add_serial(const struct builder *builder, proto_tree *tree, proto_item *label,
                       int field, struct ucm_view view)
{
    const char *text = show_serial(builder->shown->pinfo->pool, builder->shown->data, view);

    proto_tree_add_string(tree, field, builder->shown->tvb, (int)view.off, (int)view.len, text);
    proto_item_append_text(label, ": %s", text);
}

static void add_version(const struct builder *builder, proto_tree *tree, proto_item *label,
                        int field, struct ucm_view view)
{
    uint32_t version = ucm_number(builder->shown->data, view);
    const char *text;

    if (view.len != 2) {
        add_bytes(builder, tree, tl_field.element_value, view);
        return;
    }
    text = wmem_strdup_printf(builder->shown->pinfo->pool, "%u.%u", version >> 8, version & 0xff);
    proto_tree_add_string(tree, field, builder->shown->tvb, (int)view.off, 2, text);
    proto_item_append_text(label, ": %s", text);
}

/* ---- header ---- */

static void add_header_value(const struct builder *builder, const struct ucm_element *element,
                             proto_item *label, proto_tree *tree)
{
    struct ucm_view value = element->value;
    uint32_t number = ucm_number(builder->shown->data, value);

    switch (element->tag) {
    case UCM_HEADER_VERSION:
        add_version(builder, tree, label, tl_field.version, value);
        break;
    case UCM_HEADER_SIGNER_VERSION:
        add_version(builder, tree, label, tl_field.signer_version, value);
        break;
    case UCM_HEADER_LENGTH:
        add_number(builder, tree, label, tl_field.header_length, value, 2);
        break;
    case UCM_HEADER_SIGNER_NAME:
        add_text(builder, tree, label, tl_field.signer_name, value);
        break;
    case UCM_HEADER_SIGNER_ISSUER:
        add_text(builder, tree, label, tl_field.signer_issuer, value);
        break;
    case UCM_HEADER_SIGNER_SERIAL:
        add_serial(builder, tree, label, tl_field.signer_serial, value);
        break;
    case UCM_HEADER_DIGEST:
        add_number(builder, tree, NULL, tl_field.digest, value, 1);
        show_name_in_label(label, ucm_digest_name(number), number);
        break;
    case UCM_HEADER_ALGORITHM:
        add_number(builder, tree, NULL, tl_field.algorithm, value, 1);
        show_name_in_label(label, ucm_algorithm_name(number), number);
        break;
    case UCM_HEADER_MODULUS:
        add_number(builder, tree, label, tl_field.modulus, value, 1);
        break;
    case UCM_HEADER_SIGNATURE:
        add_bytes(builder, tree, tl_field.signature, value);
        break;
    case UCM_HEADER_FILENAME:
        add_text(builder, tree, label, tl_field.filename, value);
        break;
    case UCM_HEADER_TIMESTAMP:
        add_number(builder, tree, label, tl_field.timestamp, value, 4);
        break;
    case UCM_HEADER_SIGNER_ID:
    case UCM_HEADER_SIGNATURE_INFO:
    case UCM_HEADER_ALGORITHM_INFO:
        break; /* containers: their elements follow */
    default:
        add_bytes(builder, tree,
                  ucm_header_tag_name(element->tag) == NULL ? tl_field.element_value
                                                            : tl_field.encryption,
                  value);
        break;
    }
}

/* Padding bytes are elements of one byte each, and shown as one item. */
static void flush_padding(const struct builder *builder, proto_tree *tree, struct ucm_view *padding)
{
    if (padding->len > 0)
        add_bytes(builder, tree, tl_field.padding, *padding);
    padding->len = 0;
}

static uint32_t end_of(const struct ucm_element *element)
{
    return element->value.off + element->value.len;
}

static proto_tree *add_header_element(const struct builder *builder,
                                      const struct ucm_element *element, proto_tree *tree)
{
    const struct tl_shown *shown = builder->shown;
    const char *name = ucm_header_tag_name(element->tag);
    proto_item *label;
    proto_tree *inside = proto_tree_add_subtree(
        tree, shown->tvb, (int)element->at, (int)(end_of(element) - element->at),
        tl_field.ett_element, &label, name == NULL ? "Unknown element" : name);

    show_tag_and_length(inside, tl_field.header_tag, tl_field.element_length, shown->tvb,
                        element->at);
    add_header_value(builder, element, label, inside);
    return inside;
}

static void add_header(struct builder *builder)
{
    const struct tl_shown *shown = builder->shown;
    struct ucm_header_walk walk = ucm_header_walk(shown->list);
    struct ucm_view padding = {0, 0};
    struct ucm_element element;
    proto_tree *at_depth[DEPTHS];

    at_depth[0] = proto_tree_add_subtree_format(builder->root, shown->tvb, 0,
                                                (int)shown->list->body.off, tl_field.ett_header,
                                                NULL, "Header, %u bytes", shown->list->body.off);
    while (builder->elements < SHOWN_ELEMENTS_MAX && ucm_header_next(&walk, &element)) {
        unsigned depth = MIN(element.depth, DEPTHS - 2);

        if (element.tag == UCM_HEADER_PADDING) {
            if (padding.len++ == 0)
                padding.off = element.at;
            continue;
        }
        flush_padding(builder, at_depth[0], &padding);
        at_depth[depth + 1] = add_header_element(builder, &element, at_depth[depth]);
        builder->elements++;
    }
    flush_padding(builder, at_depth[0], &padding);
}

/* ---- records ---- */

static void add_certificate(const struct builder *builder, const struct ucm_list_record *judged,
                            struct ucm_view der, proto_tree *tree)
{
    const struct tl_shown *shown = builder->shown;
    proto_item *item = proto_tree_add_item(tree, tl_field.record_certificate, shown->tvb,
                                           (int)der.off, (int)der.len, ENC_NA);
    proto_tree *inside = proto_item_add_subtree(item, tl_field.ett_certificate);
    char sha1[2 * UCM_SHA1_SIZE + 1];

    if (judged != NULL && judged->cert != NULL) {
        ucm_hex(judged->cert->sha1, sizeof judged->cert->sha1, sha1);
        show_generated(inside, tl_field.record_certificate_sha1, shown->tvb, der, sha1);
        show_generated(inside, tl_field.record_key, shown->tvb, der, judged->cert->key);
        show_moment(inside, tl_field.record_not_before, shown->tvb, der, judged->cert->not_before);
        show_moment(inside, tl_field.record_not_after, shown->tvb, der, judged->cert->not_after);
        proto_item_append_text(item, ": %s",
                               show_printable(shown->pinfo->pool, judged->cert->subject));
    }
    x509_dissect(shown->tvb, der, shown->pinfo, inside);
}

static void add_record_value(const struct builder *builder, const struct ucm_element *element,
                             const struct ucm_list_record *judged, proto_item *label,
                             proto_tree *tree)
{
    struct ucm_view value = element->value;
    uint32_t number = ucm_number(builder->shown->data, value);

    switch (element->tag) {
    case UCM_RECORD_LENGTH:
        add_number(builder, tree, label, tl_field.record_length, value, 2);
        break;
    case UCM_RECORD_DNS_NAME:
        add_text(builder, tree, label, tl_field.record_dns, value);
        break;
    case UCM_RECORD_SUBJECT:
        add_text(builder, tree, label, tl_field.record_subject, value);
        break;
    case UCM_RECORD_ISSUER:
        add_text(builder, tree, label, tl_field.record_issuer, value);
        break;
    case UCM_RECORD_ROLE:
        add_number(builder, tree, NULL, tl_field.record_role, value, 2);
        show_name_in_label(label, ucm_role_name(number), number);
        break;
    case UCM_RECORD_SERIAL:
        add_serial(builder, tree, label, tl_field.record_serial, value);
        break;
    case UCM_RECORD_PUBLIC_KEY:
        add_bytes(builder, tree, tl_field.record_public_key, value);
        break;
    case UCM_RECORD_SIGNATURE:
        add_bytes(builder, tree, tl_field.record_signature, value);
        break;
    case UCM_RECORD_CERTIFICATE:
        add_certificate(builder, judged, value, tree);
        break;
    case UCM_RECORD_IP_ADDRESS:
        add_number(builder, tree, label, tl_field.record_ip, value, 4);
        break;
    case UCM_RECORD_CERTIFICATE_HASH:
        add_bytes(builder, tree, tl_field.record_hash, value);
        break;
    case UCM_RECORD_HASH_ALGORITHM:
        add_bytes(builder, tree, tl_field.record_hash_algorithm, value);
        break;
    default:
        add_bytes(builder, tree, tl_field.element_value, value);
        break;
    }
}

static void add_record_elements(struct builder *builder, const struct ucm_record *record,
                                const struct ucm_list_record *judged, proto_tree *tree)
{
    const struct tl_shown *shown = builder->shown;
    struct ucm_cursor cursor = record->elements;
    struct ucm_element element;

    while (builder->elements < SHOWN_ELEMENTS_MAX && ucm_record_element_next(&cursor, &element)) {
        const char *name = ucm_record_tag_name(element.tag);
        proto_item *label;
        proto_tree *inside = proto_tree_add_subtree(
            tree, shown->tvb, (int)element.at, (int)(end_of(&element) - element.at),
            tl_field.ett_element, &label, name == NULL ? "Unknown element" : name);

        show_tag_and_length(inside, tl_field.record_tag, tl_field.element_length, shown->tvb,
                            element.at);
        add_record_value(builder, &element, judged, label, inside);
        builder->elements++;
    }
}

/* "Record 3: SAST, CN=ucm11pub, expires 2029-01-01" */
static void label_record(const struct builder *builder, const struct ucm_record *record,
                         const struct ucm_list_record *judged, proto_item *label)
{
    const struct tl_shown *shown = builder->shown;
    enum ucm_record_tag named =
        ucm_record_has(record, UCM_RECORD_SUBJECT) ? UCM_RECORD_SUBJECT : UCM_RECORD_DNS_NAME;
    char date[32];
    char role[16];

    proto_item_append_text(label, ": %s",
                           ucm_record_has(record, UCM_RECORD_ROLE)
                               ? ucm_role_text(record->role, role, sizeof role)
                               : UCM_TEXT_NO_ROLE);
    if (record->value[named].len > 0)
        proto_item_append_text(
            label, ", %s", show_first_name(shown->pinfo->pool, shown->data, record->value[named]));
    if (!ucm_record_has(record, UCM_RECORD_CERTIFICATE)) {
        proto_item_append_text(label, ", " UCM_TEXT_NO_CERTIFICATE);
    } else if (judged != NULL && judged->cert != NULL) {
        ucm_date_text(judged->cert->not_after, date, sizeof date);
        proto_item_append_text(label, ", expires %s", date);
    }
}

static void add_anomalies(const struct builder *builder, const struct ucm_anomalies *anomalies,
                          proto_tree *tree)
{
    const struct tl_shown *shown = builder->shown;

    for (uint32_t i = 0; i < ucm_anomalies_stored(anomalies); i++)
        findings_add(&anomalies->item[i], shown->tvb, shown->pinfo, tree, shown->data);
}

static void add_record(struct builder *builder, const struct ucm_record *record)
{
    const struct tl_shown *shown = builder->shown;
    const struct ucm_report *report = shown->report;
    const struct ucm_list_record *judged = report != NULL && record->index <= report->records
                                               ? &report->record[record->index - 1]
                                               : NULL;
    struct place place = {record->at, record->elements.end, NULL}; /* may be cut off */
    proto_item *label = NULL;

    if (builder->root != NULL) {
        place.tree = proto_tree_add_subtree_format(builder->root, shown->tvb, (int)place.at,
                                                   (int)(place.end - place.at), tl_field.ett_record,
                                                   &label, UCM_TEXT_RECORD, record->index);
        if (compat_visible(builder->root))
            label_record(builder, record, judged, label);
        add_record_elements(builder, record, judged, place.tree);
        wmem_array_append_one(builder->places, place);
    }
    if (report == NULL)
        add_anomalies(builder, &record->anomalies, place.tree);
}

static void add_records(struct builder *builder)
{
    const struct tl_shown *shown = builder->shown;
    struct ucm_record_walk walk = ucm_record_walk(shown->list);
    uint32_t end = shown->list->body.off;
    struct ucm_record record;

    while (builder->elements < SHOWN_ELEMENTS_MAX && ucm_record_next(&walk, &record)) {
        add_record(builder, &record);
        end = record.elements.end;
    }
    if (builder->root != NULL && end < shown->list->size &&
        shown->list->kind != UCM_LIST_SIGNED_FILE)
        add_bytes(builder, builder->root, tl_field.rest,
                  (struct ucm_view){end, shown->list->size - end});
    if (shown->report != NULL || shown->cut)
        return;
    findings_add(&walk.error, shown->tvb, shown->pinfo, builder->root, shown->data);
    add_anomalies(builder, &walk.anomalies, builder->root);
}

/* ---- findings ---- */

/* The subtree of the record that holds the offset; records are in order and do not overlap. */
static proto_tree *tree_at(const struct builder *builder, uint32_t offset)
{
    unsigned low = 0;
    unsigned high = wmem_array_get_count(builder->places);

    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        const struct place *place = wmem_array_index(builder->places, middle);

        if (offset < place->at)
            high = middle;
        else if (offset >= place->end)
            low = middle + 1;
        else
            return place->tree;
    }
    return builder->root;
}

static void add_findings(const struct builder *builder)
{
    const struct tl_shown *shown = builder->shown;
    const struct ucm_findings *findings = &shown->report->findings;

    for (uint32_t i = 0; i < findings->stored; i++)
        findings_add(&findings->item[i], shown->tvb, shown->pinfo,
                     tree_at(builder, findings->item[i].offset), shown->data);
}

/* ---- the whole ---- */

/* The captured bytes end before those of the packet; or the packet holds only a part of the file.
 */
static unsigned not_captured(const struct tl_shown *shown)
{
    return tvb_reported_length(shown->tvb) - tvb_captured_length(shown->tvb);
}

const char *tl_cut_text(const struct tl_shown *shown)
{
    return wmem_strdup_printf(shown->pinfo->pool,
                              not_captured(shown) > 0 ? "cut off in the capture after %u bytes"
                                                      : "not the whole file, %u bytes of it",
                              tvb_captured_length(shown->tvb));
}

static void add_captured(const struct builder *builder)
{
    const struct tl_shown *shown = builder->shown;
    unsigned captured = tvb_captured_length(shown->tvb);
    proto_item *item =
        proto_tree_add_uint(builder->root, tl_field.captured, shown->tvb, 0, 0, captured);

    proto_item_set_generated(item);
    if (not_captured(shown) > 0)
        proto_item_append_text(item, ", cut off in the capture; %u bytes at least are missing",
                               not_captured(shown));
    else
        proto_item_append_text(item, "; the rest of the file is not in this packet");
}

const char *tl_signature_text(const struct tl_shown *shown)
{
    const struct tl_verdict *verdict = shown->verdict;
    const struct ucm_signature *signature = &verdict->signature;
    wmem_strbuf_t *text = wmem_strbuf_new(shown->pinfo->pool, NULL);
    const char *digest = ucm_digest_name(shown->list->digest);

    if (shown->cut)
        return wmem_strdup_printf(shown->pinfo->pool, "unverifiable: %s", tl_cut_text(shown));
    if (!verdict->checked)
        return "unverifiable: the check is switched off in the preferences";
    wmem_strbuf_append(text, ucm_signature_status_name(signature->status));
    if (digest != NULL)
        wmem_strbuf_append_printf(text, ", %s", digest);
    if (signature->record != 0)
        wmem_strbuf_append_printf(text, ", by record %u", signature->record);
    if (verdict->anchor_frame != 0)
        wmem_strbuf_append_printf(text, " of the %s in frame %u",
                                  ucm_list_kind_name(verdict->anchor), verdict->anchor_frame);
    if (signature->reason != UCM_FINDING_NONE)
        wmem_strbuf_append_printf(text, ": %s", ucm_rule(signature->reason)->what);
    return wmem_strbuf_get_str(text);
}

static void add_signature(const struct builder *builder)
{
    const struct tl_shown *shown = builder->shown;
    const struct tl_verdict *verdict = shown->verdict;
    struct ucm_view value = shown->list->value[UCM_HEADER_SIGNATURE];
    proto_item *item = proto_tree_add_string_format(
        builder->root, tl_field.signature_status, shown->tvb, (int)value.off, (int)value.len,
        ucm_signature_status_name(verdict->signature.status), "Signature: %s",
        tl_signature_text(shown));
    proto_tree *inside = proto_item_add_subtree(item, tl_field.ett_signature);

    proto_item_set_generated(item);
    if (verdict->signature.record != 0)
        proto_item_set_generated(proto_tree_add_uint(inside, tl_field.signature_record, shown->tvb,
                                                     0, 0, verdict->signature.record));
    if (verdict->anchor_frame != 0)
        proto_item_set_generated(proto_tree_add_uint(inside, tl_field.signature_anchor, shown->tvb,
                                                     0, 0, verdict->anchor_frame));
}

static void add_summary(const struct builder *builder)
{
    const struct tl_shown *shown = builder->shown;
    struct ucm_view nowhere = {0, 0};

    show_generated(builder->root, tl_field.kind, shown->tvb, nowhere,
                   ucm_list_kind_name(shown->list->kind));
    if (shown->name != NULL)
        show_generated(builder->root, tl_field.fetched_as, shown->tvb, nowhere, shown->name);
    if (shown->verdict->sha1 != NULL && shown->verdict->sha1[0] != '\0')
        show_generated(builder->root, tl_field.sha1, shown->tvb, nowhere, shown->verdict->sha1);
    if (shown->verdict->md5 != NULL && shown->verdict->md5[0] != '\0')
        show_generated(builder->root, tl_field.md5, shown->tvb, nowhere, shown->verdict->md5);
    if (shown->cut)
        add_captured(builder);
    add_signature(builder);
}

bool tl_report_wanted(proto_tree *tree)
{
    return findings_wanted(tree) || compat_wanted(tree, tl_field.record_certificate_sha1) ||
           compat_wanted(tree, tl_field.record_key) ||
           compat_wanted(tree, tl_field.record_not_before) ||
           compat_wanted(tree, tl_field.record_not_after);
}

void tl_tree_add(const struct tl_shown *shown, proto_tree *tree)
{
    struct builder builder = {shown, tree, wmem_array_new(shown->pinfo->pool, sizeof(struct place)),
                              0};

    if (tree != NULL) {
        add_summary(&builder);
        add_header(&builder);
    }
    add_records(&builder);
    if (shown->report != NULL) {
        add_findings(&builder);
    } else {
        add_anomalies(&builder, &shown->list->anomalies, tree);
        if (!shown->cut)
            findings_add(&shown->list->error, shown->tvb, shown->pinfo, tree, shown->data);
    }
}
