/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Headers of trust lists and signed files: see trustlist.h for the format and its sources. The
 * records are in trustlist_record.c.
 */
#include "trustlist.h"
#include "contract.h"

#include <string.h>

enum {
    /* Fact encrypted-file (B; test_trustlist_record:encrypted_files_have_a_version_of_their_own,
     * test_carriers:test_signed_files): an .enc.sgn file has version 2.0 and tags 16 to 27. */
    VERSION_ENCRYPTED = 0x0200, /* .enc.sgn (grade B) */
};

static const uint8_t LENGTH_OF_TWO[] = {0x00, 0x02};

/* ---- what each tag must look like ---- */

/* Length that a header element must have, 0 when any will do. */
static uint32_t header_fixed_length(uint8_t tag)
{
    switch (tag) {
    case UCM_HEADER_DIGEST:
    case UCM_HEADER_ALGORITHM:
    case UCM_HEADER_MODULUS:
        return 1;
    case UCM_HEADER_VERSION:
    case UCM_HEADER_LENGTH:
    case UCM_HEADER_SIGNER_VERSION:
        return 2;
    case UCM_HEADER_TIMESTAMP:
        return 4;
    default:
        return 0;
    }
}

/* Fact list-order (A; test_readings:lists, test_trustlist:published_non_secure_ctl): elements
 * come in more than one order: they are read by tag. */
static bool header_is_text(uint8_t tag)
{
    return tag == UCM_HEADER_SIGNER_NAME || tag == UCM_HEADER_SIGNER_ISSUER ||
           tag == UCM_HEADER_FILENAME;
}

static bool is_container(uint8_t tag)
{
    return tag == UCM_HEADER_SIGNER_ID || tag == UCM_HEADER_SIGNATURE_INFO ||
           tag == UCM_HEADER_ALGORITHM_INFO;
}

/* Fact list-containers (A; test_trustlist:header_elements_are_nested): tag 3 holds 4, 5, 6; tag
 * 7 holds 8 and 9; tag 9 holds 10 and 11. */
/* The container that a tag belongs into, 0 for none. */
static uint8_t parent_of(uint8_t tag)
{
    switch (tag) {
    case UCM_HEADER_SIGNER_NAME:
    case UCM_HEADER_SIGNER_SERIAL:
    case UCM_HEADER_SIGNER_ISSUER:
        return UCM_HEADER_SIGNER_ID;
    case UCM_HEADER_DIGEST:
    case UCM_HEADER_ALGORITHM_INFO:
        return UCM_HEADER_SIGNATURE_INFO;
    case UCM_HEADER_ALGORITHM:
    case UCM_HEADER_MODULUS:
        return UCM_HEADER_ALGORITHM_INFO;
    default:
        return 0;
    }
}

/* ---- header elements ---- */

static uint8_t depth_of(uint8_t tag, uint32_t seen)
{
    uint8_t depth = 0;

    for (uint8_t parent = parent_of(tag); parent != 0 && (seen >> parent & 1u) != 0;
         parent = parent_of(parent))
        depth++;
    return depth;
}

/* The containers, the innermost first, as in ucm_header_walk.end. */
static const uint8_t CONTAINERS[] = {UCM_HEADER_ALGORITHM_INFO, UCM_HEADER_SIGNATURE_INFO,
                                     UCM_HEADER_SIGNER_ID};
enum { CONTAINER_COUNT = sizeof CONTAINERS };

static bool is_inside(uint8_t tag, uint8_t container)
{
    uint8_t parent = parent_of(tag);

    return parent == container || (parent != 0 && parent_of(parent) == container);
}

/* Fact container-length (B; test_trustlist:containers_may_lie_and_decoding_goes_on): phones read
 * on where a container does not end with its content. */
/* Does the next element belong to the container that is open until end? By its tag; else by whether
 * it fits, as an unknown one may. */
static bool belongs(struct ucm_cursor cursor, uint8_t container, uint32_t end)
{
    uint8_t tag = cursor.base[cursor.pos];

    if (end < cursor.end)
        cursor.end = end;
    return tag == UCM_HEADER_PADDING || is_inside(tag, container) || ucm_take_tlv(&cursor).ok;
}

/* Bytes at the end of a container that are no element are passed over, as its length says. */
static void skip_slack(struct ucm_header_walk *walk)
{
    for (int i = 0; i < CONTAINER_COUNT; i++)
        if (walk->cursor.pos < walk->end[i] && walk->end[i] <= walk->cursor.end &&
            !belongs(walk->cursor, CONTAINERS[i], walk->end[i]))
            walk->cursor.pos = walk->end[i];
}

static void enter_container(struct ucm_header_walk *walk, const struct ucm_tlv *tlv)
{
    walk->seen |= 1u << tlv->tag;
    for (int i = 0; i < CONTAINER_COUNT; i++)
        if (CONTAINERS[i] == tlv->tag)
            walk->end[i] = tlv->at + tlv->wanted;
}

/* Containers are entered: their content follows as elements of their own. What belongs into a
 * container by its tag is read as such even beyond the end of it, so that a wrong container length
 * costs nothing but a finding. */
static struct ucm_tlv take_header_element(struct ucm_header_walk *walk)
{
    struct ucm_cursor probe;
    struct ucm_tlv tlv;
    struct ucm_view head;

    skip_slack(walk);
    probe = walk->cursor;
    tlv = (struct ucm_tlv){false, 0, probe.pos, 1, {probe.pos, 0}};
    if (!ucm_take_u8(&probe, &tlv.tag))
        return tlv;
    if (tlv.tag == UCM_HEADER_PADDING) {
        walk->cursor = probe;
        tlv.ok = true;
        return tlv;
    }
    probe = walk->cursor;
    tlv = ucm_take_tlv(&probe);
    if (!is_container(tlv.tag)) {
        walk->cursor = probe;
        return tlv;
    }
    if (ucm_take(&walk->cursor, UCM_TLV_HEAD, &head)) {
        if (!tlv.ok) /* its length leads out of the header */
            tlv.value = (struct ucm_view){walk->cursor.pos, ucm_left(walk->cursor)};
        tlv.ok = true;
        enter_container(walk, &tlv);
    }
    return tlv;
}

struct ucm_header_walk ucm_header_walk(const struct ucm_trustlist *list)
{
    struct ucm_header_walk walk = {{list->data, 0, list->body.off}, 0, {0, 0, 0}};

    return walk;
}

bool ucm_header_next(struct ucm_header_walk *walk, struct ucm_element *element)
{
    uint32_t seen = walk->seen;
    struct ucm_tlv tlv = take_header_element(walk);

    if (!tlv.ok)
        return false;
    element->tag = tlv.tag;
    element->depth = depth_of(tlv.tag, seen);
    element->at = tlv.at;
    element->value = tlv.value;
    return true;
}

/* ---- header ---- */

/** Where the containers 3, 7 and 9 start, what they say and where their content really ends. */
struct containers {
    struct {
        uint32_t start; /* first byte of the content */
        uint32_t said;  /* length in the file */
        uint32_t end;   /* end of the last element that belongs inside */
    } of[UCM_HEADER_ALGORITHM_INFO + 1];
};

static void note_container(struct containers *containers, const struct ucm_tlv *tlv, uint32_t end)
{
    if (is_container(tlv->tag)) {
        containers->of[tlv->tag].start = tlv->at + UCM_TLV_HEAD;
        containers->of[tlv->tag].said = tlv->wanted - UCM_TLV_HEAD;
        containers->of[tlv->tag].end = end;
    }
    for (uint8_t parent = parent_of(tlv->tag); parent != 0; parent = parent_of(parent))
        containers->of[parent].end = end;
}

static void check_container(struct ucm_trustlist *list, const struct containers *containers,
                            uint8_t tag)
{
    uint32_t start = containers->of[tag].start;
    uint32_t end = containers->of[tag].end;
    uint32_t real = end > start ? end - start : 0;

    if ((list->has >> tag & 1u) != 0 && containers->of[tag].said != real)
        ucm_anomaly(&list->anomalies, UCM_TL_CONTAINER_LENGTH, start - UCM_TLV_HEAD, real,
                    containers->of[tag].said);
}

/* Whether the element may be stored: known, of its length, the first of its kind. */
static bool header_well_formed(struct ucm_trustlist *list, const struct ucm_tlv *tlv)
{
    uint32_t fixed = header_fixed_length(tlv->tag);

    if (ucm_header_tag_name(tlv->tag) == NULL) {
        ucm_anomaly(&list->anomalies, UCM_TL_TAG_UNKNOWN, tlv->at, -1, tlv->tag);
        return false;
    }
    if (fixed != 0 && tlv->value.len != fixed) {
        ucm_anomaly(&list->anomalies, UCM_TL_ELEMENT_LENGTH, tlv->at, fixed, tlv->value.len);
        return false;
    }
    if ((list->has >> tlv->tag & 1u) != 0) {
        ucm_anomaly(&list->anomalies, UCM_TL_ELEMENT_REPEATED, tlv->at, -1, tlv->tag);
        return false;
    }
    if (header_is_text(tlv->tag) && ucm_text(list->data, tlv->value).len == tlv->value.len)
        ucm_anomaly(&list->anomalies, UCM_TL_TEXT_NUL, tlv->at, -1, tlv->tag);
    return true;
}

static void store_number(struct ucm_trustlist *list, uint8_t tag, uint32_t number)
{
    switch (tag) {
    case UCM_HEADER_VERSION:
        list->version = (uint16_t)number;
        break;
    case UCM_HEADER_LENGTH:
        list->header_length = number;
        break;
    case UCM_HEADER_SIGNER_VERSION:
        list->signer_version = (uint16_t)number;
        break;
    case UCM_HEADER_DIGEST:
        list->digest = (uint8_t)number;
        break;
    case UCM_HEADER_ALGORITHM:
        list->algorithm = (uint8_t)number;
        break;
    case UCM_HEADER_MODULUS:
        list->modulus = (uint8_t)number;
        break;
    case UCM_HEADER_TIMESTAMP:
        list->timestamp = number;
        break;
    default:
        break;
    }
}

static void store_header_element(struct ucm_trustlist *list, const struct ucm_tlv *tlv)
{
    if (tlv->tag == UCM_HEADER_PADDING) {
        list->has |= 1u << UCM_HEADER_PADDING;
        list->padding++;
        return;
    }
    if (!header_well_formed(list, tlv))
        return;
    list->has |= 1u << tlv->tag;
    list->value[tlv->tag] =
        header_is_text(tlv->tag) ? ucm_text(list->data, tlv->value) : tlv->value;
    if (header_fixed_length(tlv->tag) != 0)
        store_number(list, tlv->tag, ucm_number(list->data, tlv->value));
    if (tlv->tag == UCM_HEADER_SIGNATURE)
        list->signature_at = tlv->at;
}

/* The header length moves the end of the header to where the file says. A file that is shorter is
 * read as far as it goes. */
static bool apply_header_length(struct ucm_trustlist *list, struct ucm_cursor *cursor)
{
    if (list->header_length < cursor->pos) {
        list->error = ucm_finding_make(UCM_TL_HEADER_LENGTH, list->value[UCM_HEADER_LENGTH].off,
                                       cursor->pos, list->header_length);
        return false;
    }
    if (list->header_length < cursor->end)
        cursor->end = list->header_length;
    return true;
}

static struct ucm_finding cut_off(const struct ucm_trustlist *list, const struct ucm_tlv *tlv,
                                  struct ucm_cursor cursor)
{
    bool whole_header = ucm_list_has(list, UCM_HEADER_LENGTH) && list->header_length <= list->size;

    return ucm_finding_make(whole_header ? UCM_TL_HEADER_LENGTH : UCM_TL_TRUNCATED, tlv->at,
                            tlv->wanted, ucm_left(cursor));
}

/* What an element of the header may change. */
#define UCM_HEADER_STORED(list)                                                                    \
    (list)->has, (list)->version, (list)->signer_version, (list)->header_length, (list)->digest,   \
        (list)->algorithm, (list)->modulus, (list)->timestamp, (list)->padding,                    \
        (list)->signature_at, (list)->value, (list)->anomalies

/* A container that was stored was noted before. */
#define CONTAINER_OK(list, containers, tag)                                                        \
    (((list).has >> (tag)&1u) == 0 || (containers).of[tag].start >= UCM_TLV_HEAD)
#define CONTAINERS_OK(list, containers)                                                            \
    (CONTAINER_OK(list, containers, UCM_HEADER_SIGNER_ID) &&                                       \
     CONTAINER_OK(list, containers, UCM_HEADER_SIGNATURE_INFO) &&                                  \
     CONTAINER_OK(list, containers, UCM_HEADER_ALGORITHM_INFO))

static bool decode_elements(struct ucm_trustlist *list, struct ucm_cursor *cursor)
{
    struct ucm_header_walk walk = {*cursor, 0, {0, 0, 0}};
    struct containers containers;

    memset(&containers, 0, sizeof containers);
    while (ucm_left(walk.cursor) > 0)
        UCM_LOOP((walk, *cursor, containers, list->error, UCM_HEADER_STORED(list)),
                 UCM_CURSOR_OK(walk.cursor) && walk.cursor.end <= list->size &&
                     walk.cursor.base == list->data && cursor->pos == walk.cursor.pos &&
                     UCM_HEADER_OK(*list) && CONTAINERS_OK(*list, containers) &&
                     list->error.id == UCM_FINDING_NONE && list->padding <= cursor->pos &&
                     list->anomalies.worst <= UCM_ERROR,
                 walk.cursor.end - walk.cursor.pos)
        {
            struct ucm_tlv tlv = take_header_element(&walk);
            bool had_length = ucm_list_has(list, UCM_HEADER_LENGTH);

            *cursor = walk.cursor;
            if (ucm_left(*cursor) == 0 && !tlv.ok)
                break; /* slack of a container was the last of the header */
            if (!tlv.ok) {
                list->error = cut_off(list, &tlv, *cursor);
                return false;
            }
            note_container(&containers, &tlv, cursor->pos);
            store_header_element(list, &tlv);
            if (!had_length && ucm_list_has(list, UCM_HEADER_LENGTH) &&
                !apply_header_length(list, &walk.cursor))
                return false;
        }
    for (int i = CONTAINER_COUNT - 1; i >= 0; i--)
        check_container(list, &containers, CONTAINERS[i]);
    return true;
}

static bool header_complete(struct ucm_trustlist *list)
{
    if (!ucm_list_has(list, UCM_HEADER_LENGTH)) {
        list->error = ucm_finding_make(UCM_TL_HEADER_LENGTH, 0, -1, -1);
        return false;
    }
    if (list->header_length > list->size) {
        list->error = ucm_finding_make(UCM_TL_TRUNCATED, list->value[UCM_HEADER_LENGTH].off,
                                       list->header_length, list->size);
        return false;
    }
    return true;
}

static void need(struct ucm_trustlist *list, enum ucm_header_tag tag)
{
    if (!ucm_list_has(list, tag))
        ucm_anomaly(&list->anomalies, UCM_TL_ELEMENT_MISSING, 0, -1, tag);
}

static void check_header(struct ucm_trustlist *list)
{
    need(list, UCM_HEADER_VERSION);
    need(list, UCM_HEADER_SIGNER_NAME);
    need(list, UCM_HEADER_SIGNER_SERIAL);
    need(list, UCM_HEADER_SIGNER_ISSUER);
    need(list, UCM_HEADER_DIGEST);
    need(list, UCM_HEADER_FILENAME);
    if (list->version > UCM_LIST_VERSION_KNOWN &&
        !(list->version == VERSION_ENCRYPTED && list->kind == UCM_LIST_SIGNED_FILE))
        ucm_anomaly(&list->anomalies, UCM_TL_VERSION_NEWER, list->value[UCM_HEADER_VERSION].off,
                    UCM_LIST_VERSION_KNOWN, list->version);
    if (ucm_list_has(list, UCM_HEADER_MODULUS) && ucm_list_has(list, UCM_HEADER_SIGNATURE) &&
        ucm_modulus_bytes(list->modulus) != list->value[UCM_HEADER_SIGNATURE].len)
        ucm_anomaly(&list->anomalies, UCM_TL_MODULUS_CODE, list->value[UCM_HEADER_MODULUS].off,
                    list->value[UCM_HEADER_SIGNATURE].len, list->modulus);
}

/* ---- kind ---- */

static bool is_letter(uint8_t c, char upper)
{
    return c == (uint8_t)upper || c == (uint8_t)(upper + ('a' - 'A'));
}

/* Fact list-names (A; test_trustlist:kind_is_told_by_name_and_content): tag 14 names the kind:
 * CTLFile.tlv, ITLFile.tlv. */
/* First letter C or I, then TL: CTLFile.tlv, ITLFile.tlv and whatever else CUCM may name them. */
static enum ucm_list_kind kind_by_name(const uint8_t *base, struct ucm_view name)
{
    if (name.len < 3 || !is_letter(ucm_byte(base, name, 1), 'T') ||
        !is_letter(ucm_byte(base, name, 2), 'L'))
        return UCM_LIST_UNKNOWN;
    if (is_letter(ucm_byte(base, name, 0), 'C'))
        return UCM_LIST_CTL;
    if (is_letter(ucm_byte(base, name, 0), 'I'))
        return UCM_LIST_ITL;
    return UCM_LIST_UNKNOWN;
}

static bool starts_with_record(struct ucm_cursor cursor)
{
    struct ucm_tlv tlv = ucm_take_tlv(&cursor);

    return tlv.ok && tlv.tag == UCM_RECORD_LENGTH && tlv.value.len == 2;
}

/* A list by its name or by its first record; anything else with a body is a signed file. */
static enum ucm_list_kind kind_of(const struct ucm_trustlist *list)
{
    enum ucm_list_kind named = kind_by_name(list->data, list->value[UCM_HEADER_FILENAME]);
    struct ucm_cursor body = {list->data, list->body.off, list->body.off + list->body.len};

    if (named != UCM_LIST_UNKNOWN)
        return named;
    if (list->body.len == 0 || starts_with_record(body))
        return UCM_LIST_UNKNOWN;
    return UCM_LIST_SIGNED_FILE;
}

/* ---- decode ---- */

UCM_ANOMALIES_LAST(struct ucm_trustlist);

bool ucm_trustlist_magic(const uint8_t *data, size_t size)
{
    struct ucm_cursor cursor = ucm_cursor_over(data, size);
    struct ucm_tlv version = ucm_take_tlv(&cursor);
    struct ucm_view length;

    return version.ok && version.tag == UCM_HEADER_VERSION && version.value.len == 2 &&
           ucm_take(&cursor, 3, &length) && data[length.off] == UCM_HEADER_LENGTH &&
           memcmp(data + length.off + 1, LENGTH_OF_TWO, sizeof LENGTH_OF_TWO) == 0;
}

/* The first byte of a list is a tag that we know, and its element fits; a version or header length
 * that does not fit is a list that was cut off. */
static bool could_be_list(struct ucm_cursor cursor)
{
    struct ucm_tlv tlv = ucm_take_tlv(&cursor);

    if (tlv.tag == UCM_HEADER_VERSION || tlv.tag == UCM_HEADER_LENGTH)
        return !tlv.ok || tlv.value.len == 2;
    return tlv.ok && ucm_header_tag_name(tlv.tag) != NULL;
}

bool ucm_trustlist_decode(const uint8_t *data, size_t size, struct ucm_trustlist *list)
{
    struct ucm_cursor cursor = ucm_cursor_over(data, size);
    bool whole;

    memset(list, 0, offsetof(struct ucm_trustlist, anomalies.item));
    list->data = data;
    if (size > UCM_INPUT_MAX) {
        list->error = ucm_finding_make(UCM_TL_TOO_LARGE, 0, UCM_INPUT_MAX,
                                       size > UINT32_MAX ? (int64_t)UINT32_MAX : (int64_t)size);
        return false;
    }
    list->size = cursor.end;
    if (!could_be_list(cursor)) {
        list->error = ucm_finding_make(UCM_TL_NOT_A_LIST, 0, -1, -1);
        return false;
    }
    whole = decode_elements(list, &cursor) && header_complete(list);
    list->body.off = cursor.pos;
    if (!whole)
        return false;
    list->body.len = list->size - list->body.off;
    list->kind = kind_of(list);
    check_header(list);
    return true;
}

/* ---- signature ---- */

bool ucm_signed_ranges(const struct ucm_trustlist *list, struct ucm_view ranges[2])
{
    uint32_t after;

    if (!ucm_list_has(list, UCM_HEADER_SIGNATURE))
        return false;
    after = list->value[UCM_HEADER_SIGNATURE].off + list->value[UCM_HEADER_SIGNATURE].len;
    ranges[0] = (struct ucm_view){0, list->signature_at};
    ranges[1] = (struct ucm_view){after, list->size - after};
    return true;
}

const char *ucm_list_kind_name(enum ucm_list_kind kind)
{
    switch (kind) {
    case UCM_LIST_ITL:
        return "ITL";
    case UCM_LIST_CTL:
        return "CTL";
    case UCM_LIST_SIGNED_FILE:
        return "signed file";
    case UCM_LIST_UNKNOWN:
        break;
    }
    return "trust list";
}
