/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Numbers and their names, one table for each kind; enums, look-ups and the value strings of the
 * Wireshark plugin are all made from these tables. Each row ends in the evidence for it:
 * A = real bytes or closed arithmetic, B = one good source, C = unknown (shown, nothing claimed).
 */
#ifndef UCMTRUST_COMMON_NAMES_H
#define UCMTRUST_COMMON_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Facts tvs-type (test_names:every_row_is_as_described, test_tvs:missing_elements_are_named):
 * types of TVS messages. */
/* TVS message types. Names as CUCM traces print them (Cisco document 213407). */
#define UCM_TVS_TYPES(X)                                                                           \
    X(1, UCM_TVS_VERIFY_REQUEST, "Certificate verification request", A)                            \
    X(2, UCM_TVS_VERIFY_RESPONSE, "Certificate verification response", A)                          \
    X(3, UCM_TVS_QUERY_REQUEST, "Certificate query request", A)                                    \
    X(4, UCM_TVS_QUERY_RESPONSE, "Certificate query response", A)

/* Facts tvs-tag (test_names:every_row_is_as_described,
 * test_tvs:elements_come_in_any_order_and_number): tags of TVS elements. */
/* TVS element tags. 4, 5 and 6: two of them are the issuer and the serial, told by content. */
#define UCM_TVS_TAGS(X)                                                                            \
    X(1, UCM_TVS_TAG_DEVICE, "Device name", A)                                                     \
    X(2, UCM_TVS_TAG_CERTIFICATE, "Certificate", A)                                                \
    X(3, UCM_TVS_TAG_SUBJECT, "Subject name", A)                                                   \
    X(4, UCM_TVS_TAG_ISSUER_OR_SERIAL_4, "Issuer or serial", C)                                    \
    X(5, UCM_TVS_TAG_ISSUER_OR_SERIAL_5, "Issuer or serial", C)                                    \
    X(6, UCM_TVS_TAG_ISSUER_OR_SERIAL_6, "Issuer or serial", C)                                    \
    X(7, UCM_TVS_TAG_STATUS, "Status", A)                                                          \
    X(8, UCM_TVS_TAG_ROLES, "Roles", A)                                                            \
    X(9, UCM_TVS_TAG_TTL, "Time to live", A)

/* Facts tvs-status (test_names:every_row_is_as_described, test_exchange:each_fault_is_named):
 * what TVS answers. */
/* TVS status. */
#define UCM_TVS_STATUSES(X)                                                                        \
    X(0, UCM_TVS_FOUND, "found and trusted", A)                                                    \
    X(1, UCM_TVS_NOT_FOUND, "not found", B)

/* Facts role (test_names:every_row_is_as_described, test_lint_record:roles_are_known_by_number):
 * roles. */
/* Roles of a record (two bytes in a file) and of a TVS answer (one byte). */
#define UCM_ROLES(X)                                                                               \
    X(0, UCM_ROLE_SAST, "SAST", A)                                                                 \
    X(1, UCM_ROLE_CCM, "CCM", A)                                                                   \
    X(2, UCM_ROLE_CCM_TFTP, "CCM+TFTP", A)                                                         \
    X(3, UCM_ROLE_TFTP, "TFTP", A)                                                                 \
    X(4, UCM_ROLE_CAPF, "CAPF", A)                                                                 \
    X(5, UCM_ROLE_SRST, "SRST", B)                                                                 \
    X(6, UCM_ROLE_PHONE_FIREWALL, "Phone firewall", B)                                             \
    X(7, UCM_ROLE_APPLICATION_SERVER, "Application server", A)                                     \
    X(20, UCM_ROLE_CERTIFICATE_AUTHORITY, "Certificate authority", B)                              \
    X(21, UCM_ROLE_TVS, "TVS", A)                                                                  \
    X(22, UCM_ROLE_SIGNALING, "Signaling", B)                                                      \
    X(23, UCM_ROLE_PROVISIONING, "Provisioning", B)                                                \
    X(24, UCM_ROLE_DATA, "Data", B)                                                                \
    X(25, UCM_ROLE_NETWORK_ELEMENT, "Network element", B)                                          \
    X(26, UCM_ROLE_VPN, "VPN", B)                                                                  \
    X(27, UCM_ROLE_SERVICEABILITY, "Serviceability", B)                                            \
    X(255, UCM_ROLE_UNKNOWN, "Unknown role", B)

/* Facts header-tag (test_names:every_row_is_as_described,
 * test_trustlist:header_elements_are_nested): tags of a header. */
/* Header tags of a trust list or signed file. 16 to 27 stand in encrypted files (version 2.0). */
#define UCM_HEADER_TAGS(X)                                                                         \
    X(1, UCM_HEADER_VERSION, "Version", A)                                                         \
    X(2, UCM_HEADER_LENGTH, "Header length", A)                                                    \
    X(3, UCM_HEADER_SIGNER_ID, "Signer ID", A)                                                     \
    X(4, UCM_HEADER_SIGNER_NAME, "Signer name", A)                                                 \
    X(5, UCM_HEADER_SIGNER_SERIAL, "Signer serial number", A)                                      \
    X(6, UCM_HEADER_SIGNER_ISSUER, "Signer CA name", A)                                            \
    X(7, UCM_HEADER_SIGNATURE_INFO, "Signature info", A)                                           \
    X(8, UCM_HEADER_DIGEST, "Digest algorithm", A)                                                 \
    X(9, UCM_HEADER_ALGORITHM_INFO, "Signature algorithm info", A)                                 \
    X(10, UCM_HEADER_ALGORITHM, "Signature algorithm", A)                                          \
    X(11, UCM_HEADER_MODULUS, "Signature modulus", A)                                              \
    X(12, UCM_HEADER_SIGNATURE, "Signature", A)                                                    \
    X(13, UCM_HEADER_PADDING, "Padding", A)                                                        \
    X(14, UCM_HEADER_FILENAME, "File name", A)                                                     \
    X(15, UCM_HEADER_TIMESTAMP, "Timestamp", A)                                                    \
    X(16, UCM_HEADER_ENCRYPTION_16, "Encryption parameter (16)", B)                                \
    X(17, UCM_HEADER_ENCRYPTION_17, "Encryption parameter (17)", B)                                \
    X(18, UCM_HEADER_ENCRYPTION_18, "Encryption parameter (18)", B)                                \
    X(19, UCM_HEADER_ENCRYPTION_19, "Encryption parameter (19)", B)                                \
    X(20, UCM_HEADER_ENCRYPTION_20, "Encryption parameter (20)", B)                                \
    X(21, UCM_HEADER_ENCRYPTION_21, "Encryption parameter (21)", B)                                \
    X(22, UCM_HEADER_ENCRYPTION_22, "Encryption parameter (22)", B)                                \
    X(23, UCM_HEADER_ENCRYPTION_23, "Encryption parameter (23)", B)                                \
    X(24, UCM_HEADER_ENCRYPTION_24, "Encryption parameter (24)", B)                                \
    X(25, UCM_HEADER_ENCRYPTION_25, "Encryption parameter (25)", B)                                \
    X(26, UCM_HEADER_ENCRYPTION_26, "Encryption parameter (26)", B)                                \
    X(27, UCM_HEADER_ENCRYPTION_27, "Encryption parameter (27)", B)                                \
    X(28, UCM_HEADER_SIGNER_VERSION, "Signer version", A)

/* Facts record-tag (test_names:every_row_is_as_described,
 * test_trustlist:published_tokenless_ctl): tags of a record. */
/* Record tags. The same numbers mean other things than in the header. */
#define UCM_RECORD_TAGS(X)                                                                         \
    X(1, UCM_RECORD_LENGTH, "Record length", A)                                                    \
    X(2, UCM_RECORD_DNS_NAME, "DNS name", A)                                                       \
    X(3, UCM_RECORD_SUBJECT, "Subject name", A)                                                    \
    X(4, UCM_RECORD_ROLE, "Function", A)                                                           \
    X(5, UCM_RECORD_ISSUER, "Issuer name", A)                                                      \
    X(6, UCM_RECORD_SERIAL, "Serial number", A)                                                    \
    X(7, UCM_RECORD_PUBLIC_KEY, "Public key", A)                                                   \
    X(8, UCM_RECORD_SIGNATURE, "Certificate signature", A)                                         \
    X(9, UCM_RECORD_CERTIFICATE, "Certificate", A)                                                 \
    X(10, UCM_RECORD_IP_ADDRESS, "IP address", A)                                                  \
    X(11, UCM_RECORD_CERTIFICATE_HASH, "Certificate hash", B)                                      \
    X(12, UCM_RECORD_HASH_ALGORITHM, "Hash algorithm", B)

/* Facts digest (test_names:every_row_is_as_described, test_signature:every_digest_verifies):
 * digests of a file signature. */
/* Digest of a file signature. */
#define UCM_DIGESTS(X)                                                                             \
    X(1, UCM_DIGEST_SHA1, "SHA-1", A)                                                              \
    X(2, UCM_DIGEST_SHA256, "SHA-256", B)                                                          \
    X(3, UCM_DIGEST_SHA512, "SHA-512", B)

/* Facts algorithm (test_names:every_row_is_as_described, test_signature:every_digest_verifies):
 * algorithms of a file signature. */
/* Signature algorithm of a file. */
#define UCM_ALGORITHMS(X) X(0, UCM_ALGORITHM_RSA, "RSA PKCS#1 v1.5", A)

/* Fact modulus-3072 (C; test_trustlist:each_header_anomaly_is_named): the modulus code of a key
 * of 3072 bits. */
/* Facts modulus (test_names:modulus_codes_give_lengths,
 * test_trustlist:each_header_anomaly_is_named): modulus codes, as the length of the signature. */
/* Modulus code of a file signature; the name says how long the signature should be. */
#define UCM_MODULI(X)                                                                              \
    X(0, UCM_MODULUS_512, "512 bits", B)                                                           \
    X(1, UCM_MODULUS_1024, "1024 bits", A)                                                         \
    X(2, UCM_MODULUS_2048, "2048 bits", A)                                                         \
    X(3, UCM_MODULUS_4096, "4096 bits", B)

/* Facts store (test_names:stores_are_as_described, test_names:stores_have_names_and_roles):
 * numbers of stores in the database, and the roles that TVS gives what lies in them. */
/* Stores of certificates: number, constant, name, whether it holds the node's own identity, and the
 * roles that TVS gives what lies in it, as bits (1 << role). Numbers below 100 are those of the
 * product's database (Cisco document 210541); it has others for the rest, which are not known, so
 * those from 100 on are ours. Roles: release 9.1; of CallManager and Phone-SAST-trust grade A. */
#define UCM_STORES(X)                                                                              \
    X(1, UCM_STORE_PHONE_TRUST, "Phone-trust", false, 1u << 7, B)                                  \
    X(2, UCM_STORE_PHONE_VPN_TRUST, "Phone-VPN-trust", false, 1u << 26, B)                         \
    X(3, UCM_STORE_CALLMANAGER, "CallManager", true, 1u << 0 | 1u << 2, B)                         \
    X(4, UCM_STORE_CALLMANAGER_TRUST, "CallManager-trust", false, 0, B)                            \
    X(5, UCM_STORE_TOMCAT, "tomcat", true, 1u << 7, B)                                             \
    X(6, UCM_STORE_TOMCAT_TRUST, "tomcat-trust", false, 1u << 7, B)                                \
    X(7, UCM_STORE_IPSEC, "ipsec", true, 1u << 7, B)                                               \
    X(8, UCM_STORE_IPSEC_TRUST, "ipsec-trust", false, 0, B)                                        \
    X(9, UCM_STORE_CAPF, "CAPF", true, 1u << 4, B)                                                 \
    X(10, UCM_STORE_CAPF_TRUST, "CAPF-trust", false, 0, B)                                         \
    X(11, UCM_STORE_TVS, "TVS", true, 1u << 21, B)                                                 \
    X(12, UCM_STORE_TVS_TRUST, "TVS-trust", false, 0, B)                                           \
    X(13, UCM_STORE_DIRECTORY_TRUST, "directory-trust", false, 0, B)                               \
    X(14, UCM_STORE_PHONE_SAST_TRUST, "Phone-SAST-trust", false, 1u << 0 | 1u << 3, B)             \
    X(15, UCM_STORE_PHONE_CTL_TRUST, "Phone-CTL-trust", false, 1u << 7, B)                         \
    X(100, UCM_STORE_ITLRECOVERY, "ITLRecovery", true, 0, C)                                       \
    X(101, UCM_STORE_CALLMANAGER_ECDSA, "CallManager-ECDSA", true, 0, C)                           \
    X(102, UCM_STORE_TOMCAT_ECDSA, "tomcat-ECDSA", true, 0, C)

#define UCM_STORE_ENUM(number, constant, name, own, roles, grade) constant = (number),
enum ucm_store {
    UCM_STORE_NONE = 0,                      /**< which store is not known */
    UCM_STORES(UCM_STORE_ENUM) UCM_STORE_END /**< above all of them */
};
#undef UCM_STORE_ENUM

#define UCM_NAME_ENUM(number, constant, name, grade) constant = (number),
enum ucm_tvs_type { UCM_TVS_TYPES(UCM_NAME_ENUM) };
enum ucm_tvs_tag { UCM_TVS_TAGS(UCM_NAME_ENUM) };
enum ucm_tvs_status { UCM_TVS_STATUSES(UCM_NAME_ENUM) };
enum ucm_role { UCM_ROLES(UCM_NAME_ENUM) };
enum ucm_header_tag { UCM_HEADER_TAGS(UCM_NAME_ENUM) };
enum ucm_record_tag { UCM_RECORD_TAGS(UCM_NAME_ENUM) };
enum ucm_digest { UCM_DIGESTS(UCM_NAME_ENUM) };
enum ucm_algorithm { UCM_ALGORITHMS(UCM_NAME_ENUM) };
enum ucm_modulus { UCM_MODULI(UCM_NAME_ENUM) };
#undef UCM_NAME_ENUM

/** The name of a number, or NULL when it is in no table. Static storage. */
const char *ucm_tvs_type_name(uint32_t number);
const char *ucm_tvs_tag_name(uint32_t number);
const char *ucm_tvs_status_name(uint32_t number);
const char *ucm_role_name(uint32_t number);
const char *ucm_header_tag_name(uint32_t number);
const char *ucm_record_tag_name(uint32_t number);
const char *ucm_digest_name(uint32_t number);
const char *ucm_algorithm_name(uint32_t number);

/** The name of a store, or NULL; and the store of a name in any case of its letters, or
 * UCM_STORE_NONE. */
const char *ucm_store_name(uint32_t number);
enum ucm_store ucm_store_find(const char *name);

/** Does it hold the node's own certificate, and not those that it trusts? */
bool ucm_store_is_own(enum ucm_store store);

/** What TVS gives the certificates in a store, as bits (1 << role). */
uint32_t ucm_store_roles(enum ucm_store store);

/** Bytes of a signature with this modulus code, 0 when the code is in no table. */
uint32_t ucm_modulus_bytes(uint32_t code);

#ifdef __cplusplus
}
#endif

#endif
