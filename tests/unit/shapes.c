/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lists of exact lengths: see shapes.h.
 */
#include "shapes.h"

/** A record of an exact length: the certificate takes what is left. */
void shape_record(struct maker *maker, uint16_t role, size_t key, size_t signature,
                  size_t certificate, size_t length)
{
    static const uint8_t serial[10] = {0x70, 0xca};
    size_t start = maker->size;
    size_t subject;

    make_number(maker, UCM_RECORD_LENGTH, (uint32_t)length, 2);
    make_text(maker, UCM_RECORD_DNS_NAME, "");
    make_number(maker, UCM_RECORD_ROLE, role, 2);
    make_text(maker, UCM_RECORD_ISSUER, "CN=CAPF-e2f2d0a1;OU=TAC;O=Cisco");
    make_tlv(maker, UCM_RECORD_SERIAL, serial, sizeof serial);
    make_filler(maker, UCM_RECORD_PUBLIC_KEY, key);
    if (signature > 0)
        make_filler(maker, UCM_RECORD_SIGNATURE, signature);
    make_filler(maker, UCM_RECORD_CERTIFICATE, certificate);
    make_filler(maker, UCM_RECORD_IP_ADDRESS, 4);
    subject = length - (maker->size - start) - 3; /* the rest goes into the subject */
    make_filler(maker, UCM_RECORD_SUBJECT, subject);
    maker->data[maker->size - 1] = 0;
    assert_int_equal(maker->size - start, length);
}

const uint8_t shape_record_33[SHAPE_RECORD_33] = {
    0x01, 0x00, 0x02, 0x00, 0x21, 0x02, 0x00, 0x0d, '1',  '0',  '.',
    '4',  '8',  '.',  '4',  '7',  '.',  '1',  '5',  '3',  0,    0x04,
    0x00, 0x02, 0x00, 0x02, 0x0a, 0x00, 0x04, 0x0a, 0x30, 0x2f, 0x99};

/** A CTL header of an exact length; the signer's name takes what is left. */
void shape_header(struct maker *maker, size_t signer_id, size_t signature, size_t padding)
{
    static const uint8_t serial[10] = {0x70, 0xca};
    static const char issuer[] = "CN=cucm;OU=TAC;O=Cisco";
    size_t name = signer_id - (3 + sizeof serial) - (3 + sizeof issuer) - 3;
    size_t container;
    size_t inner;

    maker->size = 0;
    make_number(maker, UCM_HEADER_VERSION, 0x0102, 2);
    make_number(maker, UCM_HEADER_LENGTH, 0, 2);
    container = make_open(maker, UCM_HEADER_SIGNER_ID);
    make_filler(maker, UCM_HEADER_SIGNER_NAME, name);
    maker->data[maker->size - 1] = 0;
    make_tlv(maker, UCM_HEADER_SIGNER_SERIAL, serial, sizeof serial);
    make_text(maker, UCM_HEADER_SIGNER_ISSUER, issuer);
    make_close(maker, container);
    container = make_open(maker, UCM_HEADER_SIGNATURE_INFO);
    make_number(maker, UCM_HEADER_DIGEST, UCM_DIGEST_SHA1, 1);
    inner = make_open(maker, UCM_HEADER_ALGORITHM_INFO);
    make_number(maker, UCM_HEADER_ALGORITHM, 0, 1);
    make_number(maker, UCM_HEADER_MODULUS, UCM_MODULUS_1024, 1);
    make_close(maker, inner);
    make_close(maker, container);
    make_filler(maker, UCM_HEADER_SIGNATURE, signature);
    make_text(maker, UCM_HEADER_FILENAME, "CTLFile.tlv");
    make_number(maker, UCM_HEADER_TIMESTAMP, 1412337265, 4);
    for (size_t i = 0; i < padding; i++)
        make_bytes(maker, "\x0d", 1);
    make_patch(maker, 8, (uint32_t)maker->size, 2);
}

struct maker shape_small;

void shape_make_small(void)
{
    shape_header(&shape_small, 117, 128, 3);
    make_bytes(&shape_small, shape_record_33, SHAPE_RECORD_33);
}

void shape_decode_small(struct ucm_trustlist *list)
{
    ucm_trustlist_decode(shape_small.data, shape_small.size, list);
}
