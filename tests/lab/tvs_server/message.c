/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decodes TVS requests and encodes responses. Pure: bytes in, bytes out; every length is checked
 * here. It must not do I/O. Which of tags 4 to 6 is the issuer and which the serial is unknown:
 * content tells. */
#include "server.h"

#include <string.h>

enum {
    MAGIC = 0x57,
    VERSION = 0x01,
    VERIFY_REQUEST = 1,
    QUERY_REQUEST = 3,
    TAG_DEVICE = 1,
    TAG_CERTIFICATE = 2,
    TAG_STATUS = 7,
    TAG_ROLES = 8,
    TAG_TTL = 9,
    STATUS_FOUND = 0,
    STATUS_NOT_FOUND = 1,
    RESERVED_AS_SEEN = 0xf7
};

static bool is_name(const uint8_t *value, size_t size)
{
    if (size < 2 || value[size - 1] != 0)
        return false;
    for (size_t i = 0; i + 1 < size; i++) {
        if (value[i] < 0x20 || value[i] > 0x7e)
            return false;
    }
    return memchr(value, '=', size) != NULL;
}

static void take_element(struct request *request, uint8_t tag, const uint8_t *value, size_t size)
{
    if (tag == TAG_DEVICE) {
        request->device = value;
        request->device_size = size;
    } else if (tag == TAG_CERTIFICATE) {
        request->certificate = value;
        request->certificate_size = size;
    } else if (tag >= 4 && tag <= 6 && is_name(value, size)) {
        request->issuer = value;
        request->issuer_size = size;
        request->issuer_tag = tag;
    } else if (tag >= 4 && tag <= 6) {
        request->serial = value;
        request->serial_size = size;
        request->serial_tag = tag;
    }
}

bool request_decode(struct request *request, const uint8_t *message, size_t size)
{
    if (size < TVS_HEADER || message[0] != MAGIC || message[1] != VERSION)
        return false;
    if (size != (size_t)TVS_HEADER + ((size_t)message[8] << 8 | message[9]))
        return false;
    *request = (struct request){.type = message[2]};
    request->session = (uint32_t)message[4] << 24 | (uint32_t)message[5] << 16 |
                       (uint32_t)message[6] << 8 | message[7];
    for (size_t at = TVS_HEADER; at < size;) {
        if (size - at < 3)
            return false;
        size_t length = (size_t)message[at + 1] << 8 | message[at + 2];
        if (length > size - at - 3)
            return false;
        take_element(request, message[at], message + at + 3, length);
        at += 3 + length;
    }
    return request->type == VERIFY_REQUEST || request->type == QUERY_REQUEST;
}

bool request_tags_accepted(const struct request *request, const struct options *options)
{
    if (options->issuer_tag == 0)
        return true;
    return request->issuer_tag == options->issuer_tag && request->serial_tag == options->serial_tag;
}

static size_t put(uint8_t *out, size_t at, uint8_t tag, const uint8_t *value, size_t size)
{
    out[at] = tag;
    out[at + 1] = (uint8_t)(size >> 8);
    out[at + 2] = (uint8_t)size;
    memcpy(out + at + 3, value, size);
    return at + 3 + size;
}

/* `out` holds TVS_MESSAGE_MAX bytes. A query is answered with the certificate, a verification
 * without. */
size_t answer_encode(uint8_t *out, const struct request *request, const struct stored *found,
                     uint32_t ttl)
{
    uint8_t status = found ? STATUS_FOUND : STATUS_NOT_FOUND;
    size_t at = put(out, TVS_HEADER, TAG_STATUS, &status, 1);
    if (found != NULL) {
        /* A certificate that leaves no room for the rest cannot be sent at all. */
        if (request->type == QUERY_REQUEST && found->der_size < TVS_PAYLOAD_MAX - 64)
            at = put(out, at, TAG_CERTIFICATE, found->der, found->der_size);
        at = put(out, at, TAG_ROLES, found->roles, found->roles_count);
        uint8_t seconds[4] = {(uint8_t)(ttl >> 24), (uint8_t)(ttl >> 16), (uint8_t)(ttl >> 8),
                              (uint8_t)ttl};
        at = put(out, at, TAG_TTL, seconds, sizeof seconds);
    }
    size_t payload = at - TVS_HEADER;
    const uint8_t header[TVS_HEADER] = {MAGIC,
                                        VERSION,
                                        (uint8_t)(request->type + 1),
                                        RESERVED_AS_SEEN,
                                        (uint8_t)(request->session >> 24),
                                        (uint8_t)(request->session >> 16),
                                        (uint8_t)(request->session >> 8),
                                        (uint8_t)request->session,
                                        (uint8_t)(payload >> 8),
                                        (uint8_t)payload};
    memcpy(out, header, sizeof header);
    return at;
}
