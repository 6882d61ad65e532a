/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names, types and descriptions of the fields of ciscotl: see tl-fields.h.
 */
#include "compat.h"

#include "tl-fields.h"

#include "show.h"

#include <string.h>

struct tl_fields tl_field;

static const value_string HEADER_TAGS[] = {UCM_HEADER_TAGS(SHOW_VALUE){0, NULL}};
static const value_string RECORD_TAGS[] = {UCM_RECORD_TAGS(SHOW_VALUE){0, NULL}};
static const value_string ROLES[] = {UCM_ROLES(SHOW_VALUE){0, NULL}};
static const value_string DIGESTS[] = {UCM_DIGESTS(SHOW_VALUE){0, NULL}};
static const value_string ALGORITHMS[] = {UCM_ALGORITHMS(SHOW_VALUE){0, NULL}};
static const value_string MODULI[] = {UCM_MODULI(SHOW_VALUE){0, NULL}};

#define FIELD(member, name, filter, type, base, strings, blurb)                                    \
    {                                                                                              \
        &tl_field.member,                                                                          \
        {                                                                                          \
            name, "ciscotl." filter, type, base, strings, 0, blurb, HFILL                          \
        }                                                                                          \
    }

/* clang-format off */
static hf_register_info FIELDS[] = {
    FIELD(kind, "Kind", "kind", FT_STRING, BASE_NONE, NULL,
          "ITL, CTL, signed file, or trust list where neither name nor content says which"),
    FIELD(fetched_as, "Fetched as", "fetched_as", FT_STRING, BASE_NONE, NULL,
          "Name under which the file was fetched, where the carrier tells it"),
    FIELD(sha1, "SHA-1", "sha1", FT_STRING, BASE_NONE, NULL,
          "SHA-1 of the whole file, as `show itl` and `show ctl` print it"),
    FIELD(md5, "MD5", "md5", FT_STRING, BASE_NONE, NULL,
          "MD5 of the whole file, as `show itl` and `show ctl` print it"),
    FIELD(captured, "Captured", "captured", FT_UINT32, BASE_DEC | BASE_UNIT_STRING, &units_byte_bytes,
          "Bytes of the file that can be seen, where not all of it was captured or put together"),
    FIELD(header_tag, "Tag", "element.tag", FT_UINT8, BASE_DEC, VALS(HEADER_TAGS),
          "What an element of the header holds; the same number means something else in a record"),
    FIELD(element_length, "Length", "element.length", FT_UINT16, BASE_DEC, NULL,
          "Bytes of an element without tag and length"),
    FIELD(element_value, "Value", "element.value", FT_BYTES, BASE_NONE, NULL,
          "Bytes of an element that is unknown or has an unexpected length"),
    FIELD(version, "Version", "version", FT_STRING, BASE_NONE, NULL,
          "Version of the format; 1.2 in every list that was seen, 1.0 in signed files"),
    FIELD(header_length, "Header length", "header_length", FT_UINT16, BASE_DEC, NULL,
          "Bytes before the first record or before the signed file"),
    FIELD(signer_version, "Signer version", "signer_version", FT_STRING, BASE_NONE, NULL,
          "Version of the signer; from 1.1 on phones fetch their configuration over HTTPS"),
    FIELD(signer_name, "Signer", "signer.name", FT_STRING, BASE_NONE, NULL,
          "Subject of the certificate that signed the file"),
    FIELD(signer_issuer, "Issuer of the signer", "signer.issuer", FT_STRING, BASE_NONE, NULL,
          "Issuer of the certificate that signed the file"),
    FIELD(signer_serial, "Serial number of the signer", "signer.serial", FT_STRING, BASE_NONE, NULL,
          "Serial number of the certificate that signed the file, upper-case hex as in CUCM"),
    FIELD(digest, "Digest", "digest", FT_UINT8, BASE_DEC, VALS(DIGESTS),
          "Digest over which the file is signed"),
    FIELD(algorithm, "Signature algorithm", "algorithm", FT_UINT8, BASE_DEC, VALS(ALGORITHMS),
          "Algorithm of the signature; only RSA was ever seen"),
    FIELD(modulus, "Modulus", "modulus", FT_UINT8, BASE_DEC, VALS(MODULI),
          "Size of the signing key by its code; the length of the signature is what counts"),
    FIELD(signature, "Signature", "signature", FT_BYTES, BASE_NONE, NULL,
          "The signature over the file without this element"),
    FIELD(signature_status, "Signature status", "signature.status", FT_STRING, BASE_NONE, NULL,
          "Whether the signature verifies: valid, invalid, or unverifiable where the key is not known"),
    FIELD(signature_record, "Signed by record", "signature.record", FT_UINT32, BASE_DEC, NULL,
          "Record that holds the certificate of the signer, from 1 as `show itl` counts"),
    FIELD(signature_anchor, "Verified with", "signature.anchor", FT_FRAMENUM, BASE_NONE, NULL,
          "Frame of the list whose record verified this signed file"),
    FIELD(padding, "Padding", "padding", FT_BYTES, BASE_NONE, NULL,
          "Bytes that fill the header to a multiple of four"),
    FIELD(filename, "File name", "filename", FT_STRING, BASE_NONE, NULL,
          "Name of the file inside the file, such as ITLFile.tlv"),
    FIELD(timestamp, "Signed at", "timestamp", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL,
          "When the file was signed"),
    FIELD(encryption, "Encryption parameter", "encryption", FT_BYTES, BASE_NONE, NULL,
          "Element of the header of an encrypted signed file"),
    FIELD(rest, "Not decoded", "rest", FT_BYTES, BASE_NONE, NULL,
          "Bytes after the place where decoding stopped"),
    FIELD(record_tag, "Tag", "record.element.tag", FT_UINT8, BASE_DEC, VALS(RECORD_TAGS),
          "What an element of a record holds; the same number means something else in the header"),
    FIELD(record_length, "Record length", "record.length", FT_UINT16, BASE_DEC, NULL,
          "Bytes of the whole record, this element included"),
    FIELD(record_dns, "DNS name", "record.dns", FT_STRING, BASE_NONE, NULL,
          "Host name or address of the node; may be empty"),
    FIELD(record_subject, "Subject", "record.subject", FT_STRING, BASE_NONE, NULL,
          "Subject of the certificate, as the list spells it"),
    FIELD(record_issuer, "Issuer", "record.issuer", FT_STRING, BASE_NONE, NULL,
          "Issuer of the certificate, as the list spells it"),
    FIELD(record_serial, "Serial number", "record.serial", FT_STRING, BASE_NONE, NULL,
          "Serial number of the certificate, upper-case hex as in CUCM"),
    FIELD(record_role, "Role", "record.role", FT_UINT16, BASE_DEC, VALS(ROLES),
          "What phones trust the certificate for; `show itl` calls it function"),
    FIELD(record_ip, "IP address", "record.ip", FT_IPv4, BASE_NONE, NULL,
          "Address of the node"),
    FIELD(record_public_key, "Public key", "record.public_key", FT_BYTES, BASE_NONE, NULL,
          "Public key of the certificate"),
    FIELD(record_signature, "Certificate signature", "record.signature", FT_BYTES, BASE_NONE, NULL,
          "Signature of the issuer under the certificate, not under the list"),
    FIELD(record_hash, "Certificate hash", "record.hash", FT_BYTES, BASE_NONE, NULL,
          "Hash that stands for a certificate"),
    FIELD(record_hash_algorithm, "Hash algorithm", "record.hash_algorithm", FT_BYTES, BASE_NONE, NULL,
          "Algorithm of the hash that stands for a certificate"),
    FIELD(record_certificate, "Certificate", "record.certificate", FT_NONE, BASE_NONE, NULL,
          "The certificate, X.509"),
    FIELD(record_certificate_sha1, "SHA-1", "record.certificate.sha1", FT_STRING, BASE_NONE, NULL,
          "Fingerprint of the certificate, as `show itl` prints it"),
    FIELD(record_key, "Key", "record.key", FT_STRING, BASE_NONE, NULL,
          "Kind and size of the certificate's key"),
    FIELD(record_not_before, "Valid from", "record.not_before", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL,
          "When the certificate becomes valid"),
    FIELD(record_not_after, "Valid until", "record.not_after", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL,
          "When the certificate expires"),
};
/* clang-format on */

void tl_fields_register(int proto)
{
    static int *subtrees[] = {&tl_field.ett_list,        &tl_field.ett_header,
                              &tl_field.ett_element,     &tl_field.ett_record,
                              &tl_field.ett_certificate, &tl_field.ett_signature};

    memset(&tl_field, 0xff, sizeof tl_field); /* -1 each: not registered yet */
    proto_register_field_array(proto, FIELDS, array_length(FIELDS));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
