/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A saved output held against a trust list: see show_compare.h.
 */
#include "show_compare.h"

#include "cert.h"

#include <string.h>

enum {
    TAGS = 13,         /* of records, 1 to 12; those of headers that are printed end at 15 */
    HEADER_TAGS = 16,  /* 1 to 15 */
    ZONES = 14 * 3600, /* seconds that a date without a known zone may be off */
    MD5_SIZE = 16,
};

/** A row of the text. */
struct row {
    bool there;
    uint32_t length;
    struct ucm_view value;
};

/** A record of the text. */
struct shown {
    uint32_t number;
    struct row row[TAGS];
    int signer; /* -1: it does not say */
    bool matched;
    uint32_t with; /* index of the record of the list that it was matched with */
};

/** A record of the list. */
struct held {
    struct ucm_record record;
    uint8_t sha1[UCM_SHA1_SIZE];
    bool has_sha1;
    bool signer;
    bool matched;
};

struct work {
    const uint8_t *text;
    const struct ucm_trustlist *list;
    struct row header[HEADER_TAGS];
    struct shown shown[UCM_SHOW_RECORDS_MAX];
    struct held held[UCM_SHOW_RECORDS_MAX];
    uint32_t shown_count;
    uint32_t held_count;
    bool all_shown; /* shown has every record of the text's file */
    bool all_held;
    struct ucm_show_comparison *out;
};

static void add(struct work *work, const struct ucm_show_difference *difference)
{
    struct ucm_show_comparison *out = work->out;

    if (out->count < UCM_SHOW_DIFFERENCES_MAX)
        out->item[out->count] = *difference;
    if (out->count < UINT32_MAX)
        out->count++;
}

static void add_numbers(struct work *work, enum ucm_show_field field, uint32_t in_text,
                        uint32_t in_file)
{
    const struct ucm_show_difference difference = {
        .field = field, .text_number = in_text, .file_number = in_file};

    if (in_text != in_file)
        add(work, &difference);
}

/* ---- reading both ---- */

static void keep_row(struct row *rows, uint32_t tags, const struct ucm_show_line *line)
{
    if (line->tag < tags && !rows[line->tag].there)
        rows[line->tag] = (struct row){true, line->number, line->value};
}

static void read_text(struct work *work, const struct ucm_show_block *block)
{
    struct ucm_lines lines = block->inside;
    struct ucm_show_line line;
    struct shown *now = NULL;
    bool before_records = true;

    while (ucm_show_next(&lines, &line)) {
        if (line.what == UCM_SHOW_RECORD) {
            before_records = false;
            now =
                work->shown_count < UCM_SHOW_RECORDS_MAX ? &work->shown[work->shown_count++] : NULL;
            if (now != NULL) {
                now->number = line.number;
                now->signer = -1;
            }
        } else if (line.what == UCM_SHOW_ROW && before_records) {
            keep_row(work->header, HEADER_TAGS, &line);
        } else if (line.what == UCM_SHOW_ROW && now != NULL) {
            keep_row(now->row, TAGS, &line);
        } else if (now != NULL &&
                   (line.what == UCM_SHOW_SIGNER || line.what == UCM_SHOW_NO_SIGNER)) {
            now->signer = line.what == UCM_SHOW_SIGNER;
        }
    }
}

static bool is_signer(const struct ucm_trustlist *list, const struct ucm_record *record)
{
    const uint8_t *base = list->data;

    return ucm_record_has(record, UCM_RECORD_SERIAL) &&
           ucm_list_has(list, UCM_HEADER_SIGNER_SERIAL) &&
           ucm_same(base, ucm_serial(base, record->value[UCM_RECORD_SERIAL]), base,
                    ucm_serial(base, list->value[UCM_HEADER_SIGNER_SERIAL])) &&
           ucm_same(base, record->value[UCM_RECORD_ISSUER], base,
                    list->value[UCM_HEADER_SIGNER_ISSUER]);
}

static uint32_t read_list(struct work *work)
{
    struct ucm_record_walk walk = ucm_record_walk(work->list);
    struct ucm_record record;
    uint32_t count = 0;

    while (ucm_record_next(&walk, &record)) {
        const struct ucm_view der = record.value[UCM_RECORD_CERTIFICATE];
        struct held *held = NULL;

        count++;
        if (work->held_count == UCM_SHOW_RECORDS_MAX)
            continue;
        held = &work->held[work->held_count++];
        held->record = record;
        held->has_sha1 = ucm_record_has(&record, UCM_RECORD_CERTIFICATE) &&
                         ucm_sha1(work->list->data + der.off, der.len, held->sha1);
        held->signer = is_signer(work->list, &record);
    }
    return count;
}

/* ---- one element ---- */

/* A name whose end was cut off says nothing against the file when its LENGTH agrees. */
static bool same_name(const struct work *work, const struct row *row, struct ucm_view name)
{
    const enum ucm_squeezed how =
        ucm_compare_squeezed(work->text, row->value, work->list->data, name);

    return how == UCM_SQUEEZED_SAME || (how == UCM_SQUEEZED_CUT && row->length == name.len + 1);
}

static bool same_serial(const struct work *work, const struct row *row, struct ucm_view serial)
{
    uint8_t bytes[UCM_CERT_SERIAL_MAX];
    const size_t size = ucm_hex_read(work->text, row->value, bytes, sizeof bytes);
    const struct ucm_view all = {0, (uint32_t)size};

    return ucm_same(bytes, ucm_serial(bytes, all), work->list->data,
                    ucm_serial(work->list->data, serial));
}

static bool same_sha1(const struct work *work, const struct row *row, const struct held *held)
{
    uint8_t sha1[UCM_SHA1_SIZE];

    /* Without it, or where this system computes none, the lengths have to do. */
    if (!held->has_sha1 || ucm_hex_read(work->text, row->value, sha1, sizeof sha1) != sizeof sha1)
        return true;
    return memcmp(sha1, held->sha1, sizeof sha1) == 0;
}

/* ---- the header ---- */

static void compare_name(struct work *work, enum ucm_show_field field, uint32_t tag)
{
    const struct row *row = &work->header[tag];
    const struct ucm_view value = work->list->value[tag];
    const struct ucm_show_difference difference = {
        .field = field, .tag = tag, .in_text = row->value, .in_file = value};
    bool same = true;

    if (!row->there || row->value.len == 0 || !ucm_list_has(work->list, (enum ucm_header_tag)tag))
        return;
    if (field == UCM_SHOW_FIELD_SERIAL)
        same = same_serial(work, row, value);
    else
        same = same_name(work, row, value);
    if (!same)
        add(work, &difference);
}

static void compare_header(struct work *work, const struct ucm_show_block *block)
{
    const struct ucm_trustlist *list = work->list;

    if (ucm_show_has(block, UCM_SHOW_SIZE))
        add_numbers(work, UCM_SHOW_FIELD_SIZE, block->size, list->size);
    if (ucm_show_has(block, UCM_SHOW_VERSION))
        add_numbers(work, UCM_SHOW_FIELD_VERSION, block->version, list->version);
    if (ucm_show_has(block, UCM_SHOW_HEADER_LENGTH))
        add_numbers(work, UCM_SHOW_FIELD_HEADER, block->header_length, list->header_length);
    compare_name(work, UCM_SHOW_FIELD_NAME, UCM_HEADER_SIGNER_NAME);
    compare_name(work, UCM_SHOW_FIELD_SERIAL, UCM_HEADER_SIGNER_SERIAL);
    compare_name(work, UCM_SHOW_FIELD_NAME, UCM_HEADER_SIGNER_ISSUER);
}

static void compare_digest(struct work *work, const struct ucm_show_block *block)
{
    uint8_t wanted[UCM_SHA1_SIZE];
    uint8_t found[UCM_SHA1_SIZE];
    const uint8_t *data = work->list->data;
    const uint32_t size = work->list->size;

    if (ucm_show_has(block, UCM_SHOW_SHA1) &&
        ucm_hex_read(work->text, block->sha1, wanted, UCM_SHA1_SIZE) == UCM_SHA1_SIZE &&
        ucm_sha1(data, size, found))
        work->out->digest = memcmp(wanted, found, UCM_SHA1_SIZE) == 0 ? UCM_SHOW_DIGEST_SAME
                                                                      : UCM_SHOW_DIGEST_OTHER;
    else if (ucm_show_has(block, UCM_SHOW_MD5) &&
             ucm_hex_read(work->text, block->md5, wanted, MD5_SIZE) == MD5_SIZE &&
             ucm_md5(data, size, found))
        work->out->digest =
            memcmp(wanted, found, MD5_SIZE) == 0 ? UCM_SHOW_DIGEST_SAME : UCM_SHOW_DIGEST_OTHER;
}

/* ---- records ---- */

/** The elements whose values are printed. */
static const struct {
    uint32_t tag;
    enum ucm_show_field field;
} ELEMENTS[] = {
    {UCM_RECORD_DNS_NAME, UCM_SHOW_FIELD_NAME},
    {UCM_RECORD_SUBJECT, UCM_SHOW_FIELD_NAME},
    {UCM_RECORD_ROLE, UCM_SHOW_FIELD_ROLE},
    {UCM_RECORD_ISSUER, UCM_SHOW_FIELD_NAME},
    {UCM_RECORD_SERIAL, UCM_SHOW_FIELD_SERIAL},
    {UCM_RECORD_CERTIFICATE, UCM_SHOW_FIELD_CERTIFICATE},
};

/* What is not in the text was cut out by whoever pasted it: no difference. */
static bool element_differs(const struct work *work, const struct row *row, const struct held *held,
                            uint32_t tag, enum ucm_show_field field)
{
    const struct ucm_view value = held->record.value[tag];
    const bool there = ucm_record_has(&held->record, (enum ucm_record_tag)tag);
    uint16_t role = UCM_ROLE_NONE;

    if (!row->there)
        return false;
    if (!there)
        return row->value.len > 0 || tag == UCM_RECORD_CERTIFICATE;
    if (row->value.len == 0) /* an empty name, or one that was cut out: its LENGTH tells */
        return field == UCM_SHOW_FIELD_NAME && row->length != value.len + 1;
    switch (field) {
    case UCM_SHOW_FIELD_NAME:
        return !same_name(work, row, value);
    case UCM_SHOW_FIELD_SERIAL:
        return !same_serial(work, row, value);
    case UCM_SHOW_FIELD_CERTIFICATE:
        return !same_sha1(work, row, held);
    default:
        role = ucm_show_role(work->text, row->value);
        return role != UCM_ROLE_NONE && role != held->record.role;
    }
}

/* Does anything differ? Calls add() for each when `tell`. */
static bool record_differs(struct work *work, const struct shown *shown, const struct held *held,
                           bool tell)
{
    bool differs = false;

    for (size_t i = 0; i < sizeof ELEMENTS / sizeof ELEMENTS[0]; i++) {
        const uint32_t tag = ELEMENTS[i].tag;
        const struct row *row = &shown->row[tag];
        const struct ucm_show_difference difference = {
            .field = ELEMENTS[i].field,
            .record = shown->number,
            .tag = tag,
            .in_text = row->value,
            .in_file = held->record.value[tag],
            .text_number = ucm_show_role(work->text, shown->row[UCM_RECORD_ROLE].value),
            .file_number = held->record.role,
            .subject = shown->row[UCM_RECORD_SUBJECT].value};

        if (!element_differs(work, row, held, tag, ELEMENTS[i].field))
            continue;
        differs = true;
        if (tell)
            add(work, &difference);
    }
    return differs;
}

/* Lengths are printed for every element; they only tell where the values do not. */
static void compare_lengths(struct work *work, const struct shown *shown, const struct held *held)
{
    for (uint32_t tag = UCM_RECORD_PUBLIC_KEY; tag <= UCM_RECORD_CERTIFICATE; tag++) {
        const struct row *row = &shown->row[tag];
        const struct ucm_show_difference difference = {
            .field = UCM_SHOW_FIELD_LENGTH,
            .record = shown->number,
            .tag = tag,
            .text_number = row->length,
            .file_number = held->record.value[tag].len,
            .subject = shown->row[UCM_RECORD_SUBJECT].value,
        };

        if (row->there && row->length != held->record.value[tag].len)
            add(work, &difference);
    }
}

static void compare_signer(struct work *work, const struct shown *shown, const struct held *held)
{
    const struct ucm_show_difference difference = {
        .field = UCM_SHOW_FIELD_SIGNED,
        .record = shown->number,
        .text_number = shown->signer == 1,
        .file_number = held->signer,
        .subject = shown->row[UCM_RECORD_SUBJECT].value,
    };

    if (shown->signer >= 0 && (shown->signer == 1) != held->signer)
        add(work, &difference);
}

/* How well a record of the text fits one of the list: 3 when all of it agrees; 2 for the same
 * subject in the same role (it was renewed); 1 for the same place and role. */
static unsigned fit(struct work *work, uint32_t i, uint32_t k)
{
    const struct shown *shown = &work->shown[i];
    const struct held *held = &work->held[k];
    const struct row *subject = &shown->row[UCM_RECORD_SUBJECT];
    const uint16_t role = shown->row[UCM_RECORD_ROLE].there
                              ? ucm_show_role(work->text, shown->row[UCM_RECORD_ROLE].value)
                              : UCM_ROLE_NONE;

    if (!record_differs(work, shown, held, false))
        return 3;
    if (role != UCM_ROLE_NONE && role != held->record.role)
        return shown->number == held->record.index && subject->there && subject->value.len > 0 &&
                       same_name(work, subject, held->record.value[UCM_RECORD_SUBJECT])
                   ? 1
                   : 0;
    if (subject->there && subject->value.len > 0 &&
        same_name(work, subject, held->record.value[UCM_RECORD_SUBJECT]))
        return 2;
    return shown->number == held->record.index ? 1 : 0;
}

static void match(struct work *work, unsigned wanted)
{
    for (uint32_t i = 0; i < work->shown_count; i++)
        for (uint32_t k = 0; k < work->held_count && !work->shown[i].matched; k++)
            if (!work->held[k].matched && fit(work, i, k) >= wanted) {
                work->shown[i].matched = work->held[k].matched = true;
                work->shown[i].with = k;
            }
}

static void compare_records(struct work *work)
{
    for (unsigned wanted = 3; wanted > 0; wanted--)
        match(work, wanted);
    for (uint32_t i = 0; i < work->shown_count; i++) {
        const struct shown *shown = &work->shown[i];
        const struct ucm_show_difference only = {.field = UCM_SHOW_FIELD_ONLY_TEXT,
                                                 .record = shown->number,
                                                 .subject = shown->row[UCM_RECORD_SUBJECT].value};

        if (!shown->matched && work->all_held)
            add(work, &only);
        if (!shown->matched)
            continue;
        if (!record_differs(work, shown, &work->held[shown->with], true))
            compare_lengths(work, shown, &work->held[shown->with]);
        compare_signer(work, shown, &work->held[shown->with]);
    }
    for (uint32_t k = 0; k < work->held_count; k++) {
        const struct ucm_record *record = &work->held[k].record;
        const struct ucm_show_difference only = {.field = UCM_SHOW_FIELD_ONLY_FILE,
                                                 .record = record->index,
                                                 .subject = record->value[UCM_RECORD_SUBJECT]};

        if (!work->held[k].matched && work->all_shown)
            add(work, &only);
    }
}

/* ---- the whole ---- */

static void compare_time(struct work *work, const struct ucm_show_block *block)
{
    struct ucm_show_comparison *out = work->out;
    int64_t difference = 0;

    out->text_time = UCM_TIME_NONE;
    if (!ucm_show_has(block, UCM_SHOW_MODIFIED) ||
        !ucm_show_date(work->text, block->modified, &out->text_time))
        return;
    if (!ucm_list_has(work->list, UCM_HEADER_TIMESTAMP))
        return;
    difference = out->text_time - (int64_t)work->list->timestamp;
    out->age = difference < -ZONES ? -1 : difference > ZONES ? 1 : 0;
}

void ucm_show_compare(const uint8_t *text, const struct ucm_show_block *block,
                      const struct ucm_trustlist *list, struct ucm_show_comparison *comparison)
{
    struct work work;
    uint32_t records = 0;

    memset(comparison, 0, sizeof *comparison);
    memset(&work, 0, sizeof work);
    work.text = text;
    work.list = list;
    work.out = comparison;
    read_text(&work, block);
    records = read_list(&work);
    comparison->compared = work.shown_count;
    comparison->whole =
        block->records > 0 && block->records == block->last_record &&
        (ucm_show_has(block, UCM_SHOW_VERIFIED) || ucm_show_has(block, UCM_SHOW_FAILED));
    work.all_held = records <= UCM_SHOW_RECORDS_MAX;
    work.all_shown = comparison->whole && block->records <= UCM_SHOW_RECORDS_MAX;
    for (uint32_t i = 0; i < work.shown_count; i++)
        comparison->whole = comparison->whole && work.shown[i].row[UCM_RECORD_CERTIFICATE].there &&
                            work.shown[i].row[UCM_RECORD_CERTIFICATE].value.len > 0;
    compare_time(&work, block);
    compare_digest(&work, block);
    compare_header(&work, block);
    if (work.shown_count > 0)
        compare_records(&work);
}
