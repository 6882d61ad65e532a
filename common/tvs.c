/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TVS messages: see tvs.h for the format and its sources.
 */
#include "tvs.h"
#include "contract.h"

#include <string.h>

enum { OFFSET_LENGTH = 8, DEVICE_PREFIX = 1 };

const struct ucm_tvs_query_tags ucm_tvs_query_tags[UCM_TVS_QUERY_TAG_PAIRS] = {
    {4, 5}, {5, 6}, {6, 5}, {5, 4}, {4, 6}, {6, 4},
};

/* ---- header ---- */

static bool take_header(struct ucm_cursor *cursor, struct ucm_tvs *message)
{
    uint8_t discriminator = 0;

    return ucm_take_u8(cursor, &discriminator) && discriminator == UCM_TVS_DISCRIMINATOR &&
           ucm_take_u8(cursor, &message->version) && ucm_take_u8(cursor, &message->type) &&
           ucm_take_u8(cursor, &message->reserved) && ucm_take_u32(cursor, &message->session) &&
           ucm_take_u16(cursor, &message->length);
}

uint32_t ucm_tvs_message_size(const uint8_t *data, size_t size)
{
    struct ucm_cursor cursor = ucm_cursor_over(data, size);
    struct ucm_tvs message;

    if (!take_header(&cursor, &message))
        return 0;
    return UCM_TVS_HEADER_SIZE + (uint32_t)message.length;
}

static bool decode_header(struct ucm_cursor *cursor, struct ucm_tvs *message)
{
    const uint8_t *data = cursor->base;

    if (ucm_left(*cursor) > 0 && data[0] != UCM_TVS_DISCRIMINATOR) {
        message->error = ucm_finding_make(UCM_TVS_NOT_TVS, 0, UCM_TVS_DISCRIMINATOR, data[0]);
        return false;
    }
    if (!take_header(cursor, message)) {
        message->error = ucm_finding_make(UCM_TVS_TRUNCATED, 0, UCM_TVS_HEADER_SIZE, cursor->end);
        return false;
    }
    if (message->version != UCM_TVS_VERSION)
        ucm_anomaly(&message->anomalies, UCM_TVS_VERSION_UNKNOWN, 1, UCM_TVS_VERSION,
                    message->version);
    if (ucm_tvs_type_name(message->type) == NULL)
        ucm_anomaly(&message->anomalies, UCM_TVS_TYPE_UNKNOWN, 2, -1, message->type);
    return true;
}

/* ---- elements ---- */

/* Fact tvs-name-or-serial (C; test_tvs:issuer_and_serial_are_told_by_content): the same when
 * reading: a text with = and a NUL is the name. */
/* A name is printable, holds a '=' and ends in NUL; a serial number is anything else. Bytes from
 * 0x80 count as printable: an organisation may be spelt in UTF-8. */
static bool looks_like_name(const uint8_t *base, struct ucm_view value)
{
    struct ucm_view text = ucm_text(base, value);
    bool equals = false;

    if (text.len == value.len)
        return false;
    for (uint32_t i = 0; i < text.len; i++)
        UCM_LOOP((i, equals), i <= text.len, text.len - i)
        {
            uint8_t c = ucm_byte(base, text, i);

            if (c < 0x20 || c == 0x7f)
                return false;
            equals = equals || c == '=';
        }
    return equals;
}

static enum ucm_tvs_kind kind_of(const uint8_t *base, uint8_t tag, struct ucm_view value)
{
    switch (tag) {
    case UCM_TVS_TAG_DEVICE:
        return UCM_TVS_DEVICE;
    case UCM_TVS_TAG_CERTIFICATE:
        return UCM_TVS_CERTIFICATE;
    case UCM_TVS_TAG_SUBJECT:
        return UCM_TVS_SUBJECT;
    case UCM_TVS_TAG_ISSUER_OR_SERIAL_4:
    case UCM_TVS_TAG_ISSUER_OR_SERIAL_5:
    case UCM_TVS_TAG_ISSUER_OR_SERIAL_6:
        return looks_like_name(base, value) ? UCM_TVS_ISSUER : UCM_TVS_SERIAL;
    case UCM_TVS_TAG_STATUS:
        return UCM_TVS_STATUS_ELEMENT;
    case UCM_TVS_TAG_ROLES:
        return UCM_TVS_ROLES;
    case UCM_TVS_TAG_TTL:
        return UCM_TVS_TTL;
    default:
        return UCM_TVS_OTHER;
    }
}

static void fill_element(const uint8_t *base, struct ucm_tlv tlv, struct ucm_tvs_element *element)
{
    element->kind = kind_of(base, tlv.tag, tlv.value);
    element->tag = tlv.tag;
    element->at = tlv.at;
    element->value = tlv.value;
}

bool ucm_tvs_next(struct ucm_cursor *cursor, struct ucm_tvs_element *element)
{
    struct ucm_tlv tlv = ucm_take_tlv(cursor);

    if (!tlv.ok)
        return false;
    fill_element(cursor->base, tlv, element);
    return true;
}

/* Fact tvs-device-prefix (C; test_tvs:published_request_is_rebuilt_in_every_numbering): what the
 * byte 0x01 before a device name means. */
/* The bytes of an element that mean something: no NUL after a name, no byte 0x01 before a device
 * name (its meaning is unknown: C). */
static struct ucm_view content(const uint8_t *base, const struct ucm_tvs_element *element)
{
    struct ucm_view value = element->value;

    switch (element->kind) {
    case UCM_TVS_SUBJECT:
    case UCM_TVS_ISSUER:
        return ucm_text(base, value);
    case UCM_TVS_DEVICE:
        if (value.len > 0 && ucm_byte(base, value, 0) < 0x20) {
            value.off += DEVICE_PREFIX;
            value.len -= DEVICE_PREFIX;
        }
        return ucm_text(base, value);
    default:
        return value;
    }
}

/* Fact tvs-fixed-lengths (A; test_tvs:each_anomaly_is_named,
 * test_tvs:malformed_status_is_no_status): the status has 1 byte, the time to live 4. */
/* Length that a kind must have, 0 when any will do. */
static uint32_t fixed_length(enum ucm_tvs_kind kind)
{
    switch (kind) {
    case UCM_TVS_STATUS_ELEMENT:
        return 1;
    case UCM_TVS_TTL:
        return 4;
    default:
        return 0;
    }
}

/* Whether the element may be stored: of its length, and the first of its kind. */
static bool well_formed(const uint8_t *base, const struct ucm_tvs_element *element,
                        struct ucm_tvs *message)
{
    uint32_t fixed = fixed_length(element->kind);

    if (element->kind == UCM_TVS_OTHER) {
        ucm_anomaly(&message->anomalies, UCM_TVS_TAG_UNKNOWN, element->at, -1, element->tag);
        return false;
    }
    if (fixed != 0 && element->value.len != fixed) {
        ucm_anomaly(&message->anomalies, UCM_TVS_ELEMENT_LENGTH, element->at, fixed,
                    element->value.len);
        return false;
    }
    if (element->kind == UCM_TVS_CERTIFICATE) {
        message->certificates++;
        return message->certificates == 1;
    }
    if (ucm_tvs_has(message, element->kind)) {
        ucm_anomaly(&message->anomalies, UCM_TVS_ELEMENT_REPEATED, element->at, -1, element->tag);
        return false;
    }
    if (element->kind == UCM_TVS_SUBJECT &&
        ucm_text(base, element->value).len == element->value.len)
        ucm_anomaly(&message->anomalies, UCM_TVS_TEXT_NUL, element->at, -1, element->tag);
    return true;
}

static void store(const uint8_t *base, const struct ucm_tvs_element *element,
                  struct ucm_tvs *message)
{
    if (!well_formed(base, element, message))
        return;
    message->has |= 1u << element->kind;
    message->value[element->kind] = content(base, element);
    if (element->kind == UCM_TVS_STATUS_ELEMENT)
        message->status = (uint8_t)ucm_number(base, element->value);
    if (element->kind == UCM_TVS_TTL)
        message->ttl = ucm_number(base, element->value);
}

/* ---- what a message needs ---- */

static void need(struct ucm_tvs *message, enum ucm_tvs_kind kind, enum ucm_tvs_tag tag)
{
    if (!ucm_tvs_has(message, kind))
        ucm_anomaly(&message->anomalies, UCM_TVS_ELEMENT_MISSING, UCM_TVS_HEADER_SIZE, -1, tag);
}

static void check_complete(struct ucm_tvs *message)
{
    switch (message->type) {
    case UCM_TVS_VERIFY_REQUEST:
        need(message, UCM_TVS_DEVICE, UCM_TVS_TAG_DEVICE);
        need(message, UCM_TVS_CERTIFICATE, UCM_TVS_TAG_CERTIFICATE);
        break;
    case UCM_TVS_QUERY_REQUEST:
        need(message, UCM_TVS_DEVICE, UCM_TVS_TAG_DEVICE);
        need(message, UCM_TVS_ISSUER, UCM_TVS_TAG_ISSUER_OR_SERIAL_4);
        need(message, UCM_TVS_SERIAL, UCM_TVS_TAG_ISSUER_OR_SERIAL_5);
        break;
    case UCM_TVS_VERIFY_RESPONSE:
    case UCM_TVS_QUERY_RESPONSE:
        need(message, UCM_TVS_STATUS_ELEMENT, UCM_TVS_TAG_STATUS);
        if (!ucm_tvs_has(message, UCM_TVS_STATUS_ELEMENT) || message->status != UCM_TVS_FOUND)
            /* Fact tvs-refusal (B; test_dissector:test_refusal_is_a_finding,
             * test_exchange:each_fault_is_named): a refusal carries a status and needs no more. */
            break; /* a refusal carries nothing else */
        need(message, UCM_TVS_ROLES, UCM_TVS_TAG_ROLES);
        need(message, UCM_TVS_TTL, UCM_TVS_TAG_TTL);
        if (message->type == UCM_TVS_QUERY_RESPONSE)
            need(message, UCM_TVS_CERTIFICATE, UCM_TVS_TAG_CERTIFICATE);
        break;
    default:
        break;
    }
}

/* ---- decode ---- */

UCM_ANOMALIES_LAST(struct ucm_tvs);

#define UCM_TVS_STORED(message)                                                                    \
    (message)->has, (message)->value, (message)->status, (message)->ttl, (message)->certificates,  \
        (message)->anomalies

static bool decode_elements(struct ucm_cursor cursor, struct ucm_tvs *message)
{
    /* An element takes three bytes at least: certificates cannot be more than bytes read. */
    while (ucm_left(cursor) > 0)
        UCM_LOOP((cursor.pos, UCM_TVS_STORED(message)),
                 UCM_CURSOR_OK(cursor) && UCM_TVS_OK(*message) &&
                     message->certificates <= cursor.pos && message->anomalies.worst <= UCM_ERROR,
                 cursor.end - cursor.pos)
        {
            struct ucm_tlv tlv = ucm_take_tlv(&cursor);
            struct ucm_tvs_element element;

            if (!tlv.ok) {
                message->error =
                    ucm_finding_make(UCM_TVS_TRUNCATED, tlv.at, tlv.wanted, ucm_left(cursor));
                return false;
            }
            fill_element(cursor.base, tlv, &element);
            store(cursor.base, &element, message);
        }
    return true;
}

bool ucm_tvs_decode(const uint8_t *data, size_t size, struct ucm_tvs *message)
{
    struct ucm_cursor cursor = ucm_cursor_over(data, size);
    uint32_t wanted;

    memset(message, 0, offsetof(struct ucm_tvs, anomalies.item));
    message->elements = ucm_cursor_over(data, 0);
    if (!decode_header(&cursor, message))
        return false;

    wanted = UCM_TVS_HEADER_SIZE + (uint32_t)message->length;
    message->size = wanted < cursor.end ? wanted : cursor.end;
    if (cursor.end > wanted)
        ucm_anomaly(&message->anomalies, UCM_TVS_TRAILING_BYTES, wanted, 0,
                    (int64_t)cursor.end - wanted);
    cursor.end = message->size;
    message->elements = cursor;

    if (!decode_elements(cursor, message))
        return false;
    if (message->size < wanted) {
        message->error = ucm_finding_make(UCM_TVS_TRUNCATED, OFFSET_LENGTH, wanted, message->size);
        return false;
    }
    check_complete(message);
    return true;
}

bool ucm_tvs_has_role(const uint8_t *base, const struct ucm_tvs *message, uint32_t role)
{
    struct ucm_view roles = message->value[UCM_TVS_ROLES];

    for (uint32_t i = 0; i < roles.len; i++)
        UCM_LOOP((i), i <= roles.len, roles.len - i)
        {
            if (ucm_byte(base, roles, i) == role)
                return true;
        }
    return false;
}

/* ---- device names ---- */

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper_hex(uint8_t c)
{
    return is_digit(c) || (c >= 'A' && c <= 'F');
}

static bool is_hex(uint8_t c)
{
    return is_upper_hex(c) || (c >= 'a' && c <= 'f');
}

static bool has_text(const uint8_t *base, struct ucm_view view, uint32_t at, const char *text,
                     uint32_t length)
{
    return at <= view.len && view.len - at >= length &&
           memcmp(base + view.off + at, text, length) == 0;
}

/* "CP-8861-SEPB000B4BA0AEE": the model runs to the next '-', the MAC is the last 12. */
void ucm_tvs_device_parts(const uint8_t *base, struct ucm_view device, struct ucm_view *model,
                          struct ucm_view *mac)
{
    enum { PREFIX = 3, SEP = 4, MAC = 12 };
    uint32_t end = PREFIX;

    *model = (struct ucm_view){device.off, 0};
    *mac = (struct ucm_view){device.off, 0};
    if (!has_text(base, device, 0, "CP-", PREFIX))
        return;
    while (end < device.len && ucm_byte(base, device, end) != '-')
        UCM_LOOP((end), end >= PREFIX && end <= device.len, device.len - end)
        {
            end++;
        }
    if (end == PREFIX || !has_text(base, device, end, "-SEP", SEP) || device.len - end != SEP + MAC)
        return;
    for (uint32_t i = end + SEP; i < device.len; i++)
        UCM_LOOP((i), i <= device.len, device.len - i)
        {
            if (!is_hex(ucm_byte(base, device, i)))
                return;
        }
    *model = (struct ucm_view){device.off + PREFIX, end - PREFIX};
    *mac = (struct ucm_view){device.off + end + SEP, MAC};
}

/* 0 stands for a digit, F for an upper-case hex digit, anything else for itself. */
static bool fits(char shape, uint8_t c)
{
    switch (shape) {
    case '0':
        return is_digit(c);
    case 'F':
        return is_upper_hex(c);
    default:
        return c == (uint8_t)shape;
    }
}

bool ucm_tvs_device_valid(const char *device)
{
    static const char shape[] = "CP-0000-SEPFFFFFFFFFFFF";
    const uint8_t *bytes = (const uint8_t *)device;

    if (strlen(device) != sizeof shape - 1)
        return false;
    for (size_t i = 0; i < sizeof shape - 1; i++)
        if (!fits(shape[i], bytes[i]))
            return false;
    return true;
}

/* ---- encode ---- */

/** Where the next byte goes; after one that did not fit, nothing fits. */
struct writer {
    uint8_t *out;
    size_t room;
    size_t at;
    bool ok;
};

static void put(struct writer *writer, uint8_t tag, const void *value, size_t length)
{
    size_t written = 0;

    if (writer->ok)
        written =
            ucm_put_tlv(writer->out + writer->at, writer->room - writer->at, tag, value, length);
    writer->ok = written > 0;
    writer->at += written;
}

/* A device name with the byte 0x01 before it and no NUL after it. */
static void put_device(struct writer *writer, const char *device)
{
    uint8_t value[64] = {0x01};
    size_t length = strlen(device);

    if (length > sizeof value - DEVICE_PREFIX) {
        writer->ok = false;
        return;
    }
    memcpy(value + DEVICE_PREFIX, device, length);
    put(writer, UCM_TVS_TAG_DEVICE, value, DEVICE_PREFIX + length);
}

static struct writer begin(uint8_t *out, size_t room)
{
    struct writer writer = {out, room, UCM_TVS_HEADER_SIZE, room >= UCM_TVS_HEADER_SIZE};

    return writer;
}

static size_t finish(struct writer *writer, uint8_t type, uint32_t session)
{
    if (!writer->ok || writer->at > UCM_TVS_SIZE_MAX)
        return 0;
    writer->out[0] = UCM_TVS_DISCRIMINATOR;
    writer->out[1] = UCM_TVS_VERSION;
    writer->out[2] = type;
    writer->out[3] = 0;
    ucm_put_number(writer->out + 4, session, 4);
    ucm_put_number(writer->out + OFFSET_LENGTH, (uint32_t)(writer->at - UCM_TVS_HEADER_SIZE), 2);
    return writer->at;
}

size_t ucm_tvs_encode_verify(uint8_t *out, size_t room, uint32_t session, const char *device,
                             const uint8_t *certificate, size_t certificate_size)
{
    struct writer writer = begin(out, room);

    put_device(&writer, device);
    put(&writer, UCM_TVS_TAG_CERTIFICATE, certificate, certificate_size);
    return finish(&writer, UCM_TVS_VERIFY_REQUEST, session);
}

size_t ucm_tvs_encode_query(uint8_t *out, size_t room, uint32_t session, const char *device,
                            const char *subject, const char *issuer, const uint8_t *serial,
                            size_t serial_size, struct ucm_tvs_query_tags tags)
{
    struct writer writer = begin(out, room);
    bool issuer_first = tags.issuer < tags.serial;

    put_device(&writer, device);
    put(&writer, UCM_TVS_TAG_SUBJECT, subject, strlen(subject) + 1);
    if (!issuer_first)
        put(&writer, tags.serial, serial, serial_size);
    put(&writer, tags.issuer, issuer, strlen(issuer) + 1);
    if (issuer_first)
        put(&writer, tags.serial, serial, serial_size);
    return finish(&writer, UCM_TVS_QUERY_REQUEST, session);
}
