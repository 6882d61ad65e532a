/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TVS messages: any bytes are decoded, twice; requests are encoded and decoded again.
 */
#include "fuzz.h"

#include "common/tvs.h"

#include <stdlib.h>
#include <string.h>

#define MIN_SIZE(a, b) ((size_t)(a) < (size_t)(b) ? (size_t)(a) : (size_t)(b))

static bool inside(struct ucm_view view, size_t size)
{
    return view.off <= size && view.len <= size - view.off;
}

/* The elements that are pulled lie one after the other, and none is lost. */
static void walk(const struct ucm_tvs *message, bool whole)
{
    struct ucm_cursor cursor = message->elements;
    struct ucm_tvs_element element;
    uint32_t at = cursor.pos;
    uint32_t kinds = 0;
    uint32_t certificates = 0;

    while (ucm_tvs_next(&cursor, &element)) {
        MUST(element.at == at && element.value.off == at + 3);
        MUST(inside(element.value, message->size));
        at = element.value.off + element.value.len;
        kinds |= 1u << element.kind;
        certificates += element.kind == UCM_TVS_CERTIFICATE ? 1 : 0;
    }
    MUST((message->has & ~kinds) == 0);
    MUST(certificates == message->certificates);
    MUST(!whole || at == message->size);
}

static bool same(const struct ucm_tvs *one, const struct ucm_tvs *two)
{
    return one->version == two->version && one->type == two->type &&
           one->reserved == two->reserved && one->session == two->session &&
           one->length == two->length && one->size == two->size && one->has == two->has &&
           one->certificates == two->certificates && one->status == two->status &&
           one->ttl == two->ttl && memcmp(one->value, two->value, sizeof one->value) == 0 &&
           one->elements.base == two->elements.base && one->elements.pos == two->elements.pos &&
           one->elements.end == two->elements.end &&
           fuzz_same_anomalies(&one->anomalies, &two->anomalies) &&
           fuzz_same_finding(&one->error, &two->error);
}

static void decode(const uint8_t *data, size_t size)
{
    static struct ucm_tvs one;
    static struct ucm_tvs two;
    struct ucm_view model;
    struct ucm_view mac;
    const bool whole = ucm_tvs_decode(data, size, &one);
    const uint32_t wanted = ucm_tvs_message_size(data, size);

    memset(&two, 0xff, sizeof two);
    MUST(ucm_tvs_decode(data, size, &two) == whole && same(&one, &two));
    MUST(whole == (one.error.id == UCM_FINDING_NONE));
    MUST((wanted != 0) == (size >= UCM_TVS_HEADER_SIZE && data[0] == UCM_TVS_DISCRIMINATOR));
    MUST(!whole || (wanted == one.size && wanted == UCM_TVS_HEADER_SIZE + (uint32_t)one.length));
    MUST(one.size <= size && one.error.offset <= size);
    for (int kind = 0; kind < UCM_TVS_KINDS; kind++)
        MUST(inside(one.value[kind], one.size) &&
             (ucm_tvs_has(&one, (enum ucm_tvs_kind)kind) || one.value[kind].len == 0));
    if (size >= UCM_TVS_HEADER_SIZE && data[0] == UCM_TVS_DISCRIMINATOR)
        walk(&one, whole);
    ucm_tvs_device_parts(data, one.value[UCM_TVS_DEVICE], &model, &mac);
    MUST(inside(model, size) && inside(mac, size) && (mac.len == 0 || mac.len == 12));
    for (uint32_t role = 0; role < 4; role++)
        MUST(!ucm_tvs_has_role(data, &one, role) ||
             memchr(data + one.value[UCM_TVS_ROLES].off, (int)role, one.value[UCM_TVS_ROLES].len) !=
                 NULL);
    /* A message that goes on in the next packet is the same once it is whole. */
    if (whole && one.size < size) {
        MUST(ucm_tvs_decode(data, one.size, &two));
        MUST(one.has == two.has && one.size == two.size &&
             memcmp(one.value, two.value, sizeof one.value) == 0);
    }
}

static void expect(const uint8_t *base, const struct ucm_tvs *message, enum ucm_tvs_kind kind,
                   const void *bytes, size_t size)
{
    MUST(ucm_tvs_has(message, kind) && message->value[kind].len == size);
    MUST(size == 0 || memcmp(base + message->value[kind].off, bytes, size) == 0);
}

/* A device name of fewer than 64 bytes whose first byte cannot be taken for the prefix, and whose
 * last is there. */
static char *take_device(struct fuzz_input *input)
{
    char *device = fuzz_text(fuzz_piece(input, fuzz_u8(input) % 80));

    if (*device > 0 && *device < ' ')
        *device = 'C';
    return device;
}

/* Told by spans of letters; ours goes by a shape. */
static bool valid_device(const char *device)
{
    return strlen(device) == 23 && strncmp(device, "CP-", 3) == 0 &&
           strspn(device + 3, "0123456789") == 4 && strncmp(device + 7, "-SEP", 4) == 0 &&
           strspn(device + 11, "0123456789ABCDEF") == 12;
}

static void verify_again(struct fuzz_input input)
{
    static uint8_t out[UCM_TVS_SIZE_MAX + 64]; /* more than a message may have */
    const size_t less = fuzz_u16(&input);
    const size_t room = less > 0 ? less : sizeof out;
    char *device = take_device(&input);
    struct ucm_tvs message;
    const size_t size = ucm_tvs_encode_verify(out, room, 7, device, input.data, input.size);

    MUST(size <= room && ucm_tvs_device_valid(device) == valid_device(device));
    MUST((size > 0) ==
         (strlen(device) < 64 && input.size <= UINT16_MAX &&
          10 + 3 + 1 + strlen(device) + 3 + input.size <= MIN_SIZE(room, UCM_TVS_SIZE_MAX)));
    if (size > 0) {
        MUST(ucm_tvs_decode(out, size, &message) && message.anomalies.count == 0);
        MUST(message.size == size && message.session == 7 &&
             message.type == UCM_TVS_VERIFY_REQUEST);
        expect(out, &message, UCM_TVS_DEVICE, device, strlen(device));
        expect(out, &message, UCM_TVS_CERTIFICATE, input.data, input.size);
    }
    free(device);
}

static void query_again(struct fuzz_input input)
{
    static uint8_t out[UCM_TVS_SIZE_MAX];
    const struct ucm_tvs_query_tags tags =
        ucm_tvs_query_tags[fuzz_u8(&input) % UCM_TVS_QUERY_TAG_PAIRS];
    char *device = take_device(&input);
    char *subject = fuzz_text(fuzz_piece(&input, fuzz_u8(&input)));
    char *issuer = fuzz_text(fuzz_piece(&input, fuzz_u8(&input)));
    struct ucm_tvs message;
    const size_t size = ucm_tvs_encode_query(out, sizeof out, 9, device, subject, issuer,
                                             input.data, input.size, tags);
    /* Which of the two is the issuer is told by content, so it must look like one. */
    bool told = strchr(issuer, '=') != NULL && (input.size == 0 || input.data[input.size - 1] != 0);

    for (const char *c = issuer; *c != '\0'; c++)
        told = told && (unsigned char)*c >= ' ' && *c != 0x7f;
    MUST((size > 0) == (strlen(device) < 64 && strlen(device) + strlen(subject) + strlen(issuer) +
                                                       input.size + 10 + 4 * 3 + 3 <=
                                                   sizeof out));
    if (size > 0 && told) {
        MUST(ucm_tvs_decode(out, size, &message) && message.anomalies.count == 0);
        MUST(message.type == UCM_TVS_QUERY_REQUEST && message.size == size);
        expect(out, &message, UCM_TVS_DEVICE, device, strlen(device));
        expect(out, &message, UCM_TVS_SUBJECT, subject, strlen(subject));
        expect(out, &message, UCM_TVS_ISSUER, issuer, strlen(issuer));
        expect(out, &message, UCM_TVS_SERIAL, input.data, input.size);
    }
    free(device);
    free(subject);
    free(issuer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};

    decode(data, size);
    switch (fuzz_u8(&input)) {
    case 'V':
        verify_again(input);
        break;
    case 'Q':
        query_again(input);
        break;
    default:
        break;
    }
    return 0;
}
