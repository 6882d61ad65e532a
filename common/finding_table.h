/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The catalogue of findings, one row each:
 *   X(constant, id, severity, grade, detail, what, meaning for phones, remedy, source)
 * Ids are a contract with users (filters, --ignore): never rename one, never reuse one.
 * The evidence grade is that of the rule, as in names.h.
 */
#ifndef UCMTRUST_COMMON_FINDING_TABLE_H
#define UCMTRUST_COMMON_FINDING_TABLE_H

#include "finding_table_change.h"
#include "finding_table_cluster.h"
#include "finding_table_store.h"

/* clang-format off */
#define UCM_FINDINGS_STRUCTURE(X)                                                                  \
    X(UCM_TL_NOT_A_LIST, "TL-NOT-A-LIST", UCM_ERROR, A, UCM_DETAIL_NONE,                           \
      "This is not a trust list or a signed file",                                                 \
      "Phones refuse the file and keep what they have",                                            \
      "Check that the address and the file name are those of a TFTP node of the cluster",          \
      "Cisco document 118893")                                                                     \
    X(UCM_TL_TOO_LARGE, "TL-TOO-LARGE", UCM_ERROR, B, UCM_DETAIL_BYTES,                            \
      "The file is larger than a phone takes",                                                     \
      "Phones stop the download and keep what they have",                                          \
      "Check that the address serves a trust list; delete certificates that nobody needs",         \
      "Cisco Security Guide 12.5")                                                                 \
    X(UCM_TL_TRUNCATED, "TL-TRUNCATED", UCM_ERROR, A, UCM_DETAIL_BYTES,                            \
      "The file ends in the middle of an element",                                                 \
      "Phones refuse the file and keep what they have",                                            \
      "Fetch it again; if it stays short, restart the TFTP service on that node",                  \
      "length of the element")                                                                     \
    X(UCM_TL_HEADER_LENGTH, "TL-HEADER-LENGTH", UCM_ERROR, A, UCM_DETAIL_BYTES,                    \
      "The header length is missing or disagrees with the elements of the header",                 \
      "Phones cannot find the first record and refuse the file",                                   \
      "Restart the TFTP service on that node so that it builds the file anew",                     \
      "Cisco document 118893")                                                                     \
    X(UCM_TL_RECORD_LENGTH, "TL-RECORD-LENGTH", UCM_ERROR, A, UCM_DETAIL_BYTES,                    \
      "The length of a record disagrees with its elements or with the file",                       \
      "Phones cannot find the next record and refuse the file",                                    \
      "Restart the TFTP service on that node so that it builds the file anew",                     \
      "Cisco document 118893")                                                                     \
    X(UCM_TL_TOO_MANY_RECORDS, "TL-TOO-MANY-RECORDS", UCM_ERROR, B, UCM_DETAIL_NUMBER,             \
      "There are more records than any phone takes; those beyond the limit were not judged",       \
      "Phones refuse a trust list of this size",                                                   \
      "Check that the address serves a trust list of a real cluster",                              \
      "limit of this program, a hundred times what phones take")                                   \
    X(UCM_TL_ELEMENT_LENGTH, "TL-ELEMENT-LENGTH", UCM_WARNING, A, UCM_DETAIL_BYTES,                \
      "An element has another length than its kind",                                               \
      "A phone may misread this element",                                                          \
      "Restart the TFTP service on that node; compare with `show itl` or `show ctl`",              \
      "Cisco document 118893")                                                                     \
    X(UCM_TL_ELEMENT_MISSING, "TL-ELEMENT-MISSING", UCM_WARNING, A, UCM_DETAIL_TAG,                \
      "An element that CUCM always writes is missing",                                             \
      "A phone may refuse the file",                                                               \
      "Restart the TFTP service on that node; compare with `show itl` or `show ctl`",              \
      "Cisco document 118893")                                                                     \
    X(UCM_TL_ELEMENT_REPEATED, "TL-ELEMENT-REPEATED", UCM_WARNING, B, UCM_DETAIL_TAG,              \
      "An element stands twice; the first one was used",                                           \
      "It is unknown which of the two a phone uses",                                               \
      "Restart the TFTP service on that node; check who wrote this file",                          \
      "usecallmanager")                                                                            \
    X(UCM_TL_TAG_UNKNOWN, "TL-TAG-UNKNOWN", UCM_WARNING, B, UCM_DETAIL_TAG,                        \
      "An element with an unknown tag was skipped",                                                \
      "Phones were seen to skip it too",                                                           \
      "Nothing, if the cluster is newer than this program: then please report the tag",            \
      "phone console log, one firmware")                                                           \
    X(UCM_TL_CONTAINER_LENGTH, "TL-CONTAINER-LENGTH", UCM_WARNING, B, UCM_DETAIL_BYTES,            \
      "A container does not end where its last element ends",                                      \
      "Phones were seen to read on",                                                               \
      "Check who wrote this file; CUCM writes these lengths right",                                \
      "Cisco document 118893, usecallmanager")                                                     \
    X(UCM_TL_MODULUS_CODE, "TL-MODULUS-CODE", UCM_WARNING, B, UCM_DETAIL_NUMBER,                   \
      "The modulus code disagrees with the length of the signature; the length was used",          \
      "A phone may refuse the signature",                                                          \
      "Check the key size of the signing certificate",                                             \
      "Cisco document 118893, usecallmanager")                                                     \
    X(UCM_TL_VERSION_NEWER, "TL-VERSION-NEWER", UCM_WARNING, B, UCM_DETAIL_VERSION,                \
      "The file has a newer version than any that was described",                                  \
      "Phones were seen to warn and go on",                                                        \
      "Nothing, if the cluster is newer than this program: then please report the version",        \
      "phone console log, one firmware")                                                           \
    X(UCM_TL_TRAILING_BYTES, "TL-TRAILING-BYTES", UCM_WARNING, B, UCM_DETAIL_BYTES,                \
      "Bytes follow the last record",                                                              \
      "Phones were seen to warn and go on; the signature covers these bytes",                      \
      "Fetch the file again; if they stay, restart the TFTP service on that node",                 \
      "phone console log, one firmware")                                                           \
    X(UCM_TL_TEXT_NUL, "TL-TEXT-NUL", UCM_WARNING, B, UCM_DETAIL_TAG,                              \
      "A text does not end in NUL",                                                                \
      "A phone may read past the text or cut it",                                                  \
      "Check who wrote this file; CUCM ends every text in NUL",                                    \
      "Cisco document 118893")                                                                     \
    X(UCM_TL_FILENAME, "TL-FILENAME", UCM_WARNING, B, UCM_DETAIL_NONE,                             \
      "The name inside the file is that of another kind of list",                                  \
      "Phones may take the list for the other kind, or refuse it",                                 \
      "Check that nobody copied one list over the other on the TFTP node",                         \
      "Cisco document 118893")                                                                     \
    X(UCM_TL_TIMESTAMP_FUTURE, "TL-TIMESTAMP-FUTURE", UCM_WARNING, B, UCM_DETAIL_TIME,             \
      "The file was signed in the future",                                                         \
      "Phones take it, but the clock of the node is wrong and its certificates may be too",        \
      "Check NTP on the publisher: `utils ntp status`",                                            \
      "Cisco document 118893")                                                                     \
    X(UCM_TL_VERSION_UNKNOWN, "TL-VERSION-UNKNOWN", UCM_UNSURE, C, UCM_DETAIL_VERSION,             \
      "The list has a major version that nobody has described; it was read as version 1",          \
      "Unknown: phones may read it in another way, or refuse it",                                  \
      "If the cluster is newer than this program, please report the version",                      \
      "Cisco document 118893; every list that was seen is 1.2")                                    \
    X(UCM_TL_FILENAME_UNKNOWN, "TL-FILENAME-UNKNOWN", UCM_NOTE, C, UCM_DETAIL_NONE,                \
      "The name inside the file is neither that of an ITL nor that of a CTL",                      \
      "Unknown; what only holds for one kind of list was not judged",                              \
      "Check who wrote this file; CUCM names its lists ITLFile.tlv and CTLFile.tlv",               \
      "Cisco documents 118893, 116232")                                                            \
    X(UCM_TL_ROLE_UNKNOWN, "TL-ROLE-UNKNOWN", UCM_WARNING, C, UCM_DETAIL_NUMBER,                   \
      "A record has a role that nobody has described",                                             \
      "Unknown: phones that do not know the role do not use the record",                           \
      "Nothing, if the cluster is newer than this program: then please report the number",         \
      "Cisco document 118893, usecallmanager")                                                     \
    X(UCM_TL_OVER_64K, "TL-OVER-64K", UCM_ERROR, B, UCM_DETAIL_BYTES,                              \
      "The list is larger than 64 KB",                                                             \
      "Phones fail to take a list of this size and keep what they have",                           \
      "Take servers and certificates that nobody needs out of the cluster, then restart TFTP",     \
      "Cisco Security Guide 12.5")                                                                 \
    X(UCM_TL_MANY_CERTIFICATES, "TL-MANY-CERTIFICATES", UCM_WARNING, B, UCM_DETAIL_NUMBER,         \
      "The list holds more certificates than usually fit into 64 KB",                              \
      "None while the file stays below 64 KB; beyond that, phones fail to take it",                \
      "Take servers and certificates that nobody needs out of the cluster before it grows",        \
      "Cisco Security Guide 12.5")

#define UCM_FINDINGS_SIGNATURE(X)                                                                  \
    X(UCM_TL_SIGNATURE_INVALID, "TL-SIGNATURE-INVALID", UCM_ERROR, A, UCM_DETAIL_NONE,             \
      "The signature does not verify",                                                             \
      "Phones refuse the file and keep what they have",                                            \
      "Restart the TFTP service on that node; if it stays, regenerate the signing certificate",    \
      "Cisco document 118893")                                                                     \
    X(UCM_TL_SIGNATURE_MISSING, "TL-SIGNATURE-MISSING", UCM_ERROR, A, UCM_DETAIL_NONE,             \
      "The file carries no signature",                                                             \
      "Phones refuse the file unless they hold no trust list at all",                              \
      "Restart the TFTP service on that node so that it signs the file",                           \
      "Cisco document 118893")                                                                     \
    X(UCM_TL_SIGNER_ABSENT, "TL-SIGNER-ABSENT", UCM_ERROR, B, UCM_DETAIL_NONE,                     \
      "The signer is not among the records, so the signature cannot be verified",                  \
      "Phones that accept this list cannot verify the next one without TVS",                       \
      "Restart TVS and TFTP on that node; compare with `show itl` or `show ctl`",                  \
      "Cisco document 116232")                                                                     \
    X(UCM_TL_SIGNER_NOT_SAST, "TL-SIGNER-NOT-SAST", UCM_ERROR, B, UCM_DETAIL_ROLE,                 \
      "The signer is in the list, but no record gives it the SAST role",                           \
      "Phones that hold this list do not accept its signer for the next one",                      \
      "Restart TVS and TFTP on that node; compare with `show itl` or `show ctl`",                  \
      "Cisco documents 116232, 118893")                                                            \
    X(UCM_TL_DIGEST_UNKNOWN, "TL-DIGEST-UNKNOWN", UCM_UNSURE, C, UCM_DETAIL_NUMBER,                \
      "The signature uses an unknown digest or algorithm and was not verified",                    \
      "Unknown: phones with newer firmware may accept it",                                         \
      "If the cluster is newer than this program, please report the number",                       \
      "usecallmanager")                                                                            \
    X(UCM_TL_DIGEST_BLOCKED, "TL-DIGEST-BLOCKED", UCM_UNSURE, A, UCM_DETAIL_NUMBER,                \
      "The policy of this system forbids this digest, so the signature cannot be checked here",    \
      "None: this is about the machine that checks",                                               \
      "Run the check where the digest is allowed, or allow it in the crypto policy",               \
      "OpenSSL 3 documentation")                                                                   \
    X(UCM_TL_SIGNED_ELSEWHERE, "TL-SIGNED-ELSEWHERE", UCM_NOTE, A, UCM_DETAIL_NONE,                \
      "A signed file names its signer but does not carry it; no trust list was given to verify it",\
      "Phones verify it with the CTL and ITL that they hold, or ask TVS",                          \
      "Give the trust list of the cluster beside the file",                                        \
      "Cisco document 116232")                                                                     \
    X(UCM_TL_DIGEST_SHA1, "TL-DIGEST-SHA1", UCM_NOTE, A, UCM_DETAIL_NONE,                          \
      "The file is signed over SHA-1",                                                             \
      "None: phones accept it, and up to 11.5 it is what CUCM writes",                             \
      "From 12.5 SHA-512 can be chosen: enterprise parameter \"TFTP File Signature Algorithm\"",   \
      "Cisco Security Guide 12.5")                                                                 \
    X(UCM_TL_SIGNER_DATES, "TL-SIGNER-DATES", UCM_ERROR, B, UCM_DETAIL_TIME,                       \
      "The certificate that signed the file is outside its validity",                              \
      "Phones that check dates refuse this file, and every other file of this signer",             \
      "Renew that certificate alone, let TFTP build the lists anew, then reset all phones",        \
      "Cisco document 210541, field notice FN70613")                                               \
    X(UCM_TL_RESIGNED, "TL-RESIGNED", UCM_WARNING, B, UCM_DETAIL_NONE,                             \
      "A CallManager certificate signed the ITL where ITLRecovery should (version 12 or later)",   \
      "Phones accept it; the cluster was re-signed to rescue phones and is not back to normal",    \
      "When all phones hold this ITL: regenerate ITLRecovery if needed, restart TVS and TFTP",     \
      "Cisco documents 116232, 118893")

#define UCM_FINDINGS_CONTENT(X)                                                                    \
    X(UCM_TL_BLANK, "TL-BLANK", UCM_WARNING, B, UCM_DETAIL_NONE,                                   \
      "The ITL is blank: it names neither a TVS nor a TFTP server",                                \
      "Phones without a CTL accept any ITL after it; with one they keep it, and cannot ask TVS",   \
      "Set \"Prepare Cluster for Rollback to pre 8.0\" to False when the phones are through",      \
      "Cisco documents 116232, 213407")                                                            \
    X(UCM_TL_NO_TVS, "TL-NO-TVS", UCM_WARNING, B, UCM_DETAIL_NONE,                                 \
      "The ITL names no TVS server",                                                               \
      "Phones cannot ask TVS: neither about HTTPS servers nor about a new signer",                 \
      "Check that TVS is activated and runs, then restart the TFTP service on that node",          \
      "Cisco document 116232")                                                                     \
    X(UCM_TL_ROLE_MISSING, "TL-ROLE-MISSING", UCM_WARNING, B, UCM_DETAIL_ROLE,                     \
      "No record has a role that phones need",                                                     \
      "Phones find no signer of configuration files here, and have to ask TVS about each",         \
      "Restart the TFTP service on that node; in mixed mode update the CTL",                       \
      "Cisco documents 116232, 118893")                                                            \
    X(UCM_TL_TVS_IN_CTL, "TL-TVS-IN-CTL", UCM_WARNING, B, UCM_DETAIL_NONE,                         \
      "A CTL names a TVS server: perhaps it is an ITL under the name of a CTL",                    \
      "Unknown: no CTL with such a record was described",                                          \
      "Check that nobody copied one list over the other on the TFTP node",                         \
      "Cisco documents 118893, 116232")                                                            \
    X(UCM_TL_CTL_NONSECURE, "TL-CTL-NONSECURE", UCM_NOTE, A, UCM_DETAIL_NONE,                      \
      "The servers of this CTL have no certificates: the cluster went back to non-secure mode",    \
      "Phones register without encryption; the CTL still decides who may sign the next list",      \
      "Nothing; delete the CTL on the phones only when they shall forget its signers",             \
      "Cisco document 118892")                                                                     \
    X(UCM_TL_ETOKEN, "TL-ETOKEN", UCM_WARNING, B, UCM_DETAIL_VERSION,                              \
      "The CTL rests on a USB eToken, which the cluster supports no more (from 14SU3)",            \
      "Phones still accept it, but no new CTL can be signed with this eToken",                     \
      "Change to a tokenless CTL: `utils ctl update CTLFile`, then reset all phones",              \
      "Cisco Security Guide 15")                                                                   \
    X(UCM_TL_ONE_ANCHOR, "TL-ONE-ANCHOR", UCM_NOTE, B, UCM_DETAIL_NONE,                            \
      "Only one certificate of the ITL may sign the next one (one SAST)",                          \
      "If it is lost, only TVS can vouch for a new signer; up to 9.x that is normal",              \
      "From 10.0: check that ITLRecovery exists, and restart TVS and TFTP on that node",           \
      "Cisco document 116232")

#define UCM_FINDINGS_CERTIFICATE(X)                                                                \
    X(UCM_TL_CERT_EXPIRED, "TL-CERT-EXPIRED", UCM_ERROR, A, UCM_DETAIL_TIME,                       \
      "A certificate of the list has expired",                                                     \
      "Services that use it are refused by phones that check dates; new lists may be refused",     \
      "Renew one kind of certificate at a time, and let all phones fetch the new list in between", \
      "Cisco document 210541")                                                                     \
    X(UCM_TL_CERT_EXPIRING, "TL-CERT-EXPIRING", UCM_WARNING, A, UCM_DETAIL_TIME,                   \
      "A certificate of the list expires soon",                                                    \
      "Until then none; after renewal every phone must fetch the new list",                        \
      "Plan the renewal: one kind of certificate at a time, all phones reset in between",          \
      "Cisco document 210541")                                                                     \
    X(UCM_TL_CERT_NOT_YET_VALID, "TL-CERT-NOT-YET-VALID", UCM_ERROR, A, UCM_DETAIL_TIME,           \
      "A certificate of the list is not valid yet",                                                \
      "Phones that check dates refuse it until then",                                              \
      "Check NTP on the publisher and on this machine: `utils ntp status`",                        \
      "Cisco document 210541")                                                                     \
    X(UCM_TL_CERT_UNREADABLE, "TL-CERT-UNREADABLE", UCM_ERROR, A, UCM_DETAIL_NONE,                 \
      "The certificate of a record cannot be read as X.509",                                       \
      "Phones cannot trust the owner of this record",                                              \
      "Restart the TFTP service on that node; if it stays, regenerate that certificate",           \
      "RFC 5280")                                                                                  \
    X(UCM_TL_ISSUER_SERIAL_TWICE, "TL-ISSUER-SERIAL-TWICE", UCM_WARNING, A, UCM_DETAIL_RECORD,     \
      "Another certificate of the list has the same issuer and serial number",                     \
      "TVS finds certificates by issuer and serial: for one of the two it answers with the other", \
      "Regenerate one of the two; look for leftovers of it in the trust stores",                   \
      "Cisco document 213407")                                                                     \
    X(UCM_TL_SERIAL_TWICE, "TL-SERIAL-TWICE", UCM_NOTE, B, UCM_DETAIL_RECORD,                      \
      "Another certificate in the same role has the same serial number, from another issuer",      \
      "None while the issuers differ; serial numbers of one kind are usually unique",              \
      "Nothing at once; see that the next renewal gives each its own serial number",               \
      "Cisco document 213407")                                                                     \
    X(UCM_TL_RECORD_SERIAL, "TL-RECORD-SERIAL", UCM_WARNING, B, UCM_DETAIL_NONE,                   \
      "The record has another serial number than its certificate",                                 \
      "A phone that looks for the certificate by its serial number does not find it",              \
      "Restart the TFTP service on that node so that it builds the file anew",                     \
      "Cisco document 118893")                                                                     \
    X(UCM_TL_RECORD_ISSUER, "TL-RECORD-ISSUER", UCM_NOTE, C, UCM_DETAIL_NONE,                      \
      "The record names another issuer than its certificate",                                      \
      "A phone that looks for the certificate by its issuer may not find it",                      \
      "Compare with the certificate in OS administration; names of eTokens are spelled oddly",     \
      "Cisco document 118893")                                                                     \
    X(UCM_TL_RECORD_KEY, "TL-RECORD-KEY", UCM_WARNING, B, UCM_DETAIL_NONE,                         \
      "The record has another public key than its certificate",                                    \
      "It is unknown which of the two a phone uses",                                               \
      "Restart the TFTP service on that node so that it builds the file anew",                     \
      "Cisco document 118893, usecallmanager")                                                     \
    X(UCM_TL_KEY_SMALL, "TL-KEY-SMALL", UCM_NOTE, B, UCM_DETAIL_NUMBER,                            \
      "The key of the certificate is smaller than the others (bits)",                              \
      "None: phones accept it",                                                                    \
      "Choose the size of the others when the certificate is renewed",                             \
      "Cisco Security Guide 12.5")                                                                 \
    X(UCM_TL_RECOVERY_KEY_SMALL, "TL-RECOVERY-KEY-SMALL", UCM_WARNING, B, UCM_DETAIL_NUMBER,       \
      "The key of ITLRecovery is smaller than the others (bits)",                                  \
      "None now; but `utils itl reset localkey` fails, and cannot rescue phones",                  \
      "Regenerate ITLRecovery alone while phones still accept lists, then reset all phones",       \
      "Cisco document 116232")                                                                     \
    UCM_FINDINGS_CONTENT(X)

#define UCM_FINDINGS_FETCH(X)                                                                      \
    X(UCM_TL_FETCH_FAILED, "TL-FETCH-FAILED", UCM_ERROR, A, UCM_DETAIL_NONE,                       \
      "The file could not be fetched",                                                             \
      "Phones that ask this node get no list and keep what they have",                             \
      "Check that the TFTP service runs on that node and that no firewall stands between",         \
      "Cisco document 116232")                                                                     \
    X(UCM_TL_FETCH_SILENT, "TL-FETCH-SILENT", UCM_ERROR, A, UCM_DETAIL_NONE,                       \
      "The server did not answer in time",                                                         \
      "Phones that ask this node wait, then go on with what they have",                            \
      "Check that the TFTP service runs on that node and that no firewall stands between",         \
      "Cisco document 116232")                                                                     \
    X(UCM_TL_MISSING, "TL-MISSING", UCM_ERROR, A, UCM_DETAIL_NONE,                                 \
      "The server has no such file",                                                               \
      "Phones that ask this node get no list and keep what they have",                             \
      "Check that TVS and TFTP are activated and running on that node",                            \
      "Cisco document 116232")                                                                     \
    X(UCM_TL_CTL_ABSENT, "TL-CTL-ABSENT", UCM_NOTE, A, UCM_DETAIL_NONE,                            \
      "The server has no CTL, as is normal in a non-secure cluster",                               \
      "Phones use the ITL alone",                                                                  \
      "Nothing; if the cluster is in mixed mode, say so with --mixed-mode: then this is an error", \
      "Cisco document 118892")                                                                     \
    X(UCM_TL_UNREADABLE_HERE, "TL-UNREADABLE-HERE", UCM_UNSURE, A, UCM_DETAIL_NONE,                \
      "The file could not be looked at for a reason on this machine",                              \
      "Unknown: whether phones get the file and accept it was not judged",                         \
      "Check the path, the permissions, or that the name resolves on this machine",                \
      "rule of this program")

#define UCM_FINDINGS_TVS(X)                                                                        \
    X(UCM_TVS_NOT_TVS, "TVS-NOT-TVS", UCM_ERROR, A, UCM_DETAIL_NUMBER,                             \
      "This is not a TVS message",                                                                 \
      "Phones refuse the answer",                                                                  \
      "Check that the port is that of TVS (2445)",                                                 \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_TRUNCATED, "TVS-TRUNCATED", UCM_ERROR, A, UCM_DETAIL_BYTES,                          \
      "The message ends in the middle of an element or of its header",                             \
      "Phones refuse the answer",                                                                  \
      "Restart the TVS service on that node; see its trace for the request",                       \
      "length of the element")                                                                     \
    X(UCM_TVS_TRAILING_BYTES, "TVS-TRAILING-BYTES", UCM_WARNING, B, UCM_DETAIL_BYTES,              \
      "Bytes follow the last element of the message",                                              \
      "Unknown: nobody has described what a phone, or TVS, does with such a message",              \
      "Please report it with the capture: no such message was described",                          \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_VERSION_UNKNOWN, "TVS-VERSION-UNKNOWN", UCM_WARNING, A, UCM_DETAIL_NUMBER,           \
      "The message has another version than 1",                                                    \
      "Unknown: a phone, or TVS, may refuse the message or read it in another way",                \
      "Please report it with the capture: no such message was described",                          \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_TYPE_UNKNOWN, "TVS-TYPE-UNKNOWN", UCM_WARNING, A, UCM_DETAIL_NUMBER,                 \
      "The message has an unknown type",                                                           \
      "Unknown: nobody has described what a phone, or TVS, does with such a message",              \
      "Please report it with the capture: no such message was described",                          \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_TAG_UNKNOWN, "TVS-TAG-UNKNOWN", UCM_WARNING, A, UCM_DETAIL_TAG,                      \
      "An element with an unknown tag was skipped",                                                \
      "Unknown: the element may say something that phones go by",                                  \
      "Please report it with the capture: no such element was described",                          \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_ELEMENT_LENGTH, "TVS-ELEMENT-LENGTH", UCM_WARNING, A, UCM_DETAIL_BYTES,              \
      "An element has another length than its kind",                                               \
      "A phone may misread this element",                                                          \
      "Please report it with the capture: no such element was described",                          \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_ELEMENT_MISSING, "TVS-ELEMENT-MISSING", UCM_WARNING, A, UCM_DETAIL_TAG,              \
      "An element that this message needs is missing",                                             \
      "Phones cannot use the answer, or TVS the request",                                          \
      "Restart the TVS service on that node; see its trace for the request",                       \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_ELEMENT_REPEATED, "TVS-ELEMENT-REPEATED", UCM_WARNING, B, UCM_DETAIL_TAG,            \
      "An element stands twice; the first one was used",                                           \
      "It is unknown which of the two a phone uses",                                               \
      "Please report it with the capture: no such message was described",                          \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_TEXT_NUL, "TVS-TEXT-NUL", UCM_WARNING, B, UCM_DETAIL_TAG,                            \
      "A name does not end in NUL",                                                                \
      "TVS may not find the certificate",                                                          \
      "Please report it with the capture: every name that was seen ends in NUL",                   \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_STATUS, "TVS-STATUS", UCM_ERROR, A, UCM_DETAIL_STATUS,                               \
      "TVS does not vouch for the certificate",                                                    \
      "The phone refuses the file or the server and keeps its old files",                          \
      "Import the certificate into Phone-SAST-trust and CallManager-trust, then restart TVS",      \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_ROLE, "TVS-ROLE", UCM_ERROR, B, UCM_DETAIL_ROLE,                                     \
      "TVS knows the certificate, but gives it no role that lets a phone accept a file",           \
      "The phone refuses the file and keeps its old files",                                        \
      "Import the certificate into Phone-SAST-trust as well: CallManager-trust alone gives no role",\
      "Cisco documents 213407, 210541")                                                            \
    X(UCM_TVS_OTHER_CERTIFICATE, "TVS-OTHER-CERTIFICATE", UCM_ERROR, A, UCM_DETAIL_NONE,           \
      "TVS answers about another certificate than was asked for",                                  \
      "The phone refuses the file: the signature does not verify with this certificate",           \
      "Look for two certificates with one issuer and serial in the trust stores; delete the old",  \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_OTHER_SESSION, "TVS-OTHER-SESSION", UCM_ERROR, A, UCM_DETAIL_NUMBER,                 \
      "TVS answers another session than was asked in",                                             \
      "The phone refuses the answer",                                                              \
      "Restart the TVS service on that node; see its trace for the request",                       \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_OTHER_TYPE, "TVS-OTHER-TYPE", UCM_ERROR, A, UCM_DETAIL_NUMBER,                       \
      "TVS answers with another type of message than was asked for",                               \
      "The phone refuses the answer",                                                              \
      "Restart the TVS service on that node; see its trace for the request",                       \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_CERT_DATES, "TVS-CERT-DATES", UCM_ERROR, A, UCM_DETAIL_TIME,                         \
      "TVS vouches for a certificate outside its validity",                                        \
      "Phones that check dates refuse it",                                                         \
      "Renew that certificate and import the new one into the trust stores",                       \
      "Cisco document 210541")                                                                     \
    X(UCM_TVS_CERT_UNREADABLE, "TVS-CERT-UNREADABLE", UCM_ERROR, A, UCM_DETAIL_NONE,               \
      "The certificate in the message cannot be read as X.509",                                    \
      "The phone refuses the file",                                                                \
      "Restart the TVS service on that node; look at the certificate in OS administration",        \
      "RFC 5280")                                                                                  \
    X(UCM_TVS_TTL_LONG, "TVS-TTL-LONG", UCM_WARNING, A, UCM_DETAIL_NUMBER,                         \
      "The answer is good for longer than a day",                                                  \
      "Phones keep trusting it from their cache after it was removed from the stores",             \
      "Check the TTL of the certificate in the TVS service parameters",                            \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_NO_ANSWER, "TVS-NO-ANSWER", UCM_ERROR, A, UCM_DETAIL_NONE,                           \
      "TVS does not answer",                                                                       \
      "The phone asks the next TVS node; with none left it keeps its old files",                   \
      "Check that TVS runs on that node and that no firewall stands between (TCP 2445)",           \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_CLOSED, "TVS-CLOSED", UCM_ERROR, A, UCM_DETAIL_NONE,                                 \
      "TVS refused or dropped the connection",                                                     \
      "The phone asks the next TVS node; with none left it keeps its old files",                   \
      "Check that TVS runs on that node: `utils service list`; see its trace for the request",     \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_BROKEN_OFF, "TVS-BROKEN-OFF", UCM_ERROR, A, UCM_DETAIL_NONE,                         \
      "The phone broke off the TLS handshake with TVS",                                            \
      "It cannot ask this TVS node; with none left it keeps its old files",                        \
      "Compare the certificate of the server with the TVS records of the phone's ITL; then look "  \
      "for versions of TLS and ciphers that both speak",                                           \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_INCOMPLETE, "TVS-INCOMPLETE", UCM_ERROR, A, UCM_DETAIL_NONE,                         \
      "A TVS message or TLS record begins and never ends",                                         \
      "The phone waits, then asks the next TVS node; with none left it keeps its old files",       \
      "Look for a firewall or a path MTU that drops long segments, and see the trace of TVS; or "  \
      "the capture ends too early",                                                                \
      "length of the message")                                                                     \
    X(UCM_TVS_SEVERAL_REQUESTS, "TVS-SEVERAL-REQUESTS", UCM_NOTE, C, UCM_DETAIL_NUMBER,            \
      "Several requests in one connection",                                                        \
      "Phones were seen to ask once in each connection; whether TVS answers again is not known",   \
      "Nothing, if each request has its answer; else tell the owner of the program that asks",     \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_IDENTITY, "TVS-IDENTITY", UCM_ERROR, A, UCM_DETAIL_NONE,                             \
      "The certificate of the TVS server is not the one that phones were told to trust",           \
      "Phones break the handshake off and cannot ask TVS at all",                                  \
      "Restart TFTP so that the ITL gets the new TVS certificate, then reset the phones",          \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_UNPINNED, "TVS-UNPINNED", UCM_NOTE, A, UCM_DETAIL_NONE,                              \
      "The certificate of the TVS server was not checked (--insecure)",                            \
      "Unknown: phones may refuse this server",                                                    \
      "Use --trustlist with the ITL of the phones, or --pin",                                      \
      "rule of this program")                                                                      \
    X(UCM_TVS_TLS_LEGACY, "TVS-TLS-LEGACY", UCM_NOTE, B, UCM_DETAIL_NONE,                          \
      "Old versions of TLS were allowed (--tls-legacy)",                                           \
      "None: phones with old firmware need them",                                                  \
      "Drop --tls-legacy when the cluster is 11.5(1)SU3 or later",                                 \
      "Cisco Security Guide 12.5")                                                                 \
    X(UCM_TVS_TLS_VERSION, "TVS-TLS-VERSION", UCM_UNSURE, B, UCM_DETAIL_NONE,                      \
      "The server speaks no version of TLS or no cipher that was offered",                         \
      "Unknown: phones may speak it",                                                              \
      "Try --tls-legacy; if that is given already, look at the TLS settings of the node and of this machine", \
      "Cisco Security Guide 12.5")                                                                 \
    X(UCM_TVS_CLIENT_CERT, "TVS-CLIENT-CERT", UCM_UNSURE, C, UCM_DETAIL_NONE,                      \
      "The server asked for a client certificate, got none, and refused",                          \
      "Unknown: phones present their LSC or MIC",                                                  \
      "Give a certificate that the cluster trusts with --client-cert and --client-key",            \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_CLIENT_CERT_REFUSED, "TVS-CLIENT-CERT-REFUSED", UCM_UNSURE, C, UCM_DETAIL_NONE,      \
      "The server refused the client certificate that was given",                                  \
      "Unknown: phones present their own LSC or MIC",                                              \
      "Give a certificate that the cluster trusts, and that has not expired, with --client-cert",  \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_QUERY_TAGS_UNSURE, "TVS-QUERY-TAGS-UNSURE", UCM_UNSURE, C, UCM_DETAIL_NONE,          \
      "The live query found nothing under any numbering of its elements",                          \
      "Unknown: the numbering is a guess, the certificate may well be known",                      \
      "Ask by --certificate or --signer-of instead",                                               \
      "Cisco document 213407")                                                                     \
    X(UCM_TVS_SLOW, "TVS-SLOW", UCM_WARNING, A, UCM_DETAIL_NONE,                                   \
      "TVS answers more slowly than the threshold allows",                                         \
      "The phone waits; when it gives up it asks the next TVS node",                               \
      "Look at the load of that node and at the network between",                                  \
      "threshold given by the user")                                                               \
    X(UCM_TVS_UNREACHABLE_HERE, "TVS-UNREACHABLE-HERE", UCM_UNSURE, A, UCM_DETAIL_NONE,            \
      "The node could not be asked for a reason on this machine",                                  \
      "Unknown: whether TVS vouches was not judged; phones may be served well",                    \
      "Check that the name resolves on this machine and that the files given can be read",         \
      "rule of this program")

/* What can be met in a capture. */
#define UCM_FINDINGS_CAPTURE(X)                                                                    \
    UCM_FINDINGS_CLUSTER(X)                                                                        \
    UCM_FINDINGS_MIGRATION(X)                                                                      \
    UCM_FINDINGS_STRUCTURE(X)                                                                      \
    UCM_FINDINGS_SIGNATURE(X)                                                                      \
    UCM_FINDINGS_CERTIFICATE(X)                                                                    \
    UCM_FINDINGS_FETCH(X)                                                                          \
    UCM_FINDINGS_TVS(X)                                                                            \
    UCM_FINDINGS_CHANGE(X)

#define UCM_FINDINGS(X)                                                                            \
    UCM_FINDINGS_CAPTURE(X)                                                                        \
    UCM_FINDINGS_STORES(X)
/* clang-format on */

#endif
