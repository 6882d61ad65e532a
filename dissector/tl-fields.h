/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The fields and subtrees of the protocol ciscotl, as numbers that Wireshark fills in.
 */
#ifndef UCMTRUST_DISSECTOR_TL_FIELDS_H
#define UCMTRUST_DISSECTOR_TL_FIELDS_H

/** Named after their filters without "ciscotl."; those of a record begin with record_. */
struct tl_fields {
    int kind;
    int fetched_as;
    int sha1;
    int md5;
    int captured;
    int header_tag;
    int element_length;
    int element_value;
    int version;
    int header_length;
    int signer_version;
    int signer_name;
    int signer_issuer;
    int signer_serial;
    int digest;
    int algorithm;
    int modulus;
    int signature;
    int signature_status;
    int signature_record;
    int signature_anchor;
    int padding;
    int filename;
    int timestamp;
    int encryption;
    int rest;
    int record_tag;
    int record_length;
    int record_dns;
    int record_subject;
    int record_issuer;
    int record_serial;
    int record_role;
    int record_ip;
    int record_public_key;
    int record_signature;
    int record_hash;
    int record_hash_algorithm;
    int record_certificate;
    int record_certificate_sha1;
    int record_key;
    int record_not_before;
    int record_not_after;
    int ett_list;
    int ett_header;
    int ett_element;
    int ett_record;
    int ett_certificate;
    int ett_signature;
};

extern struct tl_fields tl_field;

/** Register them all for the protocol. */
void tl_fields_register(int proto);

#endif
