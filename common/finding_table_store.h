/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The part of the catalogue that is about trust stores: see finding_table.h for the columns.
 */
#ifndef UCMTRUST_COMMON_FINDING_TABLE_STORE_H
#define UCMTRUST_COMMON_FINDING_TABLE_STORE_H

#include "finding_table_saved.h"
#include "finding_table_store_rules.h"

/* clang-format off */
/* Reading them. */
#define UCM_FINDINGS_STORE_SOURCE(X)                                                               \
    X(UCM_ST_UNSEEN, "ST-UNSEEN", UCM_UNSURE, A, UCM_DETAIL_NONE,                                  \
      "The source of trust stores could not be read",                                              \
      "Unknown: nothing that it holds was judged",                                                 \
      "Mend what stands in brackets (path, address, login or network), and run the check again",   \
      "rule of this program")                                                                      \
    X(UCM_ST_NO_CERTIFICATE, "ST-NO-CERTIFICATE", UCM_UNSURE, A, UCM_DETAIL_NONE,                  \
      "The source holds no certificate at all",                                                    \
      "Unknown: an empty folder looks like this, and so does the wrong one",                       \
      "Check that it is the right place and that the export ended",                                \
      "rule of this program")                                                                      \
    X(UCM_ST_FILE_UNREADABLE, "ST-FILE-UNREADABLE", UCM_UNSURE, A, UCM_DETAIL_NONE,                \
      "A file that should hold certificates could not be read",                                    \
      "Unknown: what it holds was not judged",                                                     \
      "Copy the file anew as PEM or DER (`openssl pkcs7 -print_certs`, `openssl x509`), and see "  \
      "that this user may read it",                                                                \
      "rule of this program")                                                                      \
    X(UCM_ST_FILE_FOREIGN, "ST-FILE-FOREIGN", UCM_NOTE, A, UCM_DETAIL_NONE,                        \
      "A file or folder holds no certificates and was left out",                                   \
      "None: only what is a store was judged",                                                     \
      "Nothing, if it is no store",                                                                \
      "rule of this program")                                                                      \
    X(UCM_ST_PRIVATE_KEY, "ST-PRIVATE-KEY", UCM_WARNING, A, UCM_DETAIL_NONE,                       \
      "A private key lies beside the certificates",                                                \
      "Whoever reads it can sign files that phones accept, or pose as the service",                \
      "Delete the file from there, and renew the certificate if others could read it",             \
      "Cisco document 215539: an export holds certificates")

/* AXL. */
#define UCM_FINDINGS_STORE_AXL(X)                                                                  \
    X(UCM_ST_AXL_IDENTITY, "ST-AXL-IDENTITY", UCM_UNSURE, A, UCM_DETAIL_NONE,                      \
      "The AXL server did not prove who it is, so nothing was asked and no password was sent",     \
      "Unknown: nothing that its database holds was judged",                                       \
      "Compare its certificate with `show cert own tomcat`; if that was renewed, give the new one with --axl-pin", \
      "rule of this program")                                                                      \
    X(UCM_ST_AXL_LOGIN, "ST-AXL-LOGIN", UCM_UNSURE, A, UCM_DETAIL_NONE,                            \
      "AXL did not accept the user and password",                                                  \
      "Unknown: nothing that its database holds was judged",                                       \
      "Check the credentials, that the user is not locked, and that it has the role Standard AXL API Access", \
      "Cisco AXL Developer Guide")                                                                 \
    X(UCM_ST_AXL_BUSY, "ST-AXL-BUSY", UCM_UNSURE, A, UCM_DETAIL_NONE,                              \
      "AXL was too busy to answer for as long as there was time",                                  \
      "Unknown: not all that the database holds was judged",                                       \
      "Run the check at a quieter time or with a longer -t; see what else asks AXL much",          \
      "Cisco AXL Developer Guide")                                                                 \
    X(UCM_ST_AXL_FAULT, "ST-AXL-FAULT", UCM_UNSURE, A, UCM_DETAIL_NONE,                            \
      "AXL refused a question",                                                                    \
      "Unknown: not all that the database holds was judged",                                       \
      "Look up what AXL says, in brackets; for a version of the API, name one with --axl-version", \
      "Cisco AXL Developer Guide")                                                                 \
    X(UCM_ST_AXL_ANSWER, "ST-AXL-ANSWER", UCM_UNSURE, A, UCM_DETAIL_NONE,                          \
      "What came is no answer of AXL, or not all of one",                                          \
      "Unknown: not all that the database holds was judged",                                       \
      "Check the address, that Cisco AXL Web Service is started on that node, and what stands between", \
      "Cisco AXL Developer Guide")                                                                 \
    X(UCM_ST_AXL_WITHHELD, "ST-AXL-WITHHELD", UCM_UNSURE, A, UCM_DETAIL_NONE,                      \
      "AXL gave fewer rows than it said that there are",                                           \
      "Unknown: certificates that were not given were not judged",                                 \
      "Run the check again; the database may have changed while it was read",                      \
      "Cisco AXL Developer Guide")                                                                 \
    X(UCM_ST_AXL_SCHEMA, "ST-AXL-SCHEMA", UCM_UNSURE, B, UCM_DETAIL_NONE,                          \
      "The database has no such table or column, and certificates cannot be read without it",      \
      "Unknown: not all that the database holds was judged",                                       \
      "Report the release; meanwhile use an export or a folder (--pkcs12, --dir)",                 \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_AXL_LEFT_OUT, "ST-AXL-LEFT-OUT", UCM_NOTE, B, UCM_DETAIL_NONE,                        \
      "The database of this release has no such table or column",                                  \
      "None: what it would say was left out, and rules that need it said nothing",                 \
      "Nothing, where no other finding asks for what was left out",                                \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_AXL_STORE_UNKNOWN, "ST-AXL-STORE-UNKNOWN", UCM_NOTE, B, UCM_DETAIL_NONE,              \
      "Certificates lie in stores that this program does not know, or in none",                    \
      "None for phones as far as is known; only the dates of such certificates are judged",        \
      "Nothing; telling the project which store it is helps",                                      \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_AXL_ROW_UNREADABLE, "ST-AXL-ROW-UNREADABLE", UCM_UNSURE, A, UCM_DETAIL_NONE,          \
      "A row of the database should hold a certificate and holds none that can be read",           \
      "Unknown: TVS cannot vouch for it, and its dates were not judged",                           \
      "Find it under OS Administration, Certificate Management; upload it anew or delete it",      \
      "rule of this program")                                                                      \
    X(UCM_ST_AXL_ROW_DIFFERS, "ST-AXL-ROW-DIFFERS", UCM_WARNING, B, UCM_DETAIL_NONE,               \
      "A row of the database names another certificate than the one that it holds",                \
      "TVS looks certificates up by issuer and serial number, so phones may be told that it is not known", \
      "Delete the certificate under OS Administration, Certificate Management, and upload it anew", \
      "Cisco documents 210541 and 213407")

/* PKCS#12, and the SFTP server that it comes from. */
#define UCM_FINDINGS_STORE_PKCS12(X)                                                               \
    X(UCM_ST_PKCS12_PASSWORD, "ST-PKCS12-PASSWORD", UCM_UNSURE, A, UCM_DETAIL_NONE,                \
      "No password opens the PKCS#12 file",                                                        \
      "Unknown: what it holds was not judged",                                                     \
      "Put the password that was given for the export into a file for --password-file",            \
      "RFC 7292")                                                                                  \
    X(UCM_ST_PKCS12_ROUNDS, "ST-PKCS12-ROUNDS", UCM_UNSURE, A, UCM_DETAIL_NONE,                    \
      "The PKCS#12 file asks for more than a million rounds to make a key, and was not opened",    \
      "Unknown: what it holds was not judged; such a file is made to keep computers busy",         \
      "See where it comes from, and export the certificates anew",                                 \
      "rule of this program; usual are 2,048 to 100,000")                                          \
    X(UCM_ST_PKCS12_LEGACY, "ST-PKCS12-LEGACY", UCM_UNSURE, A, UCM_DETAIL_NONE,                    \
      "The PKCS#12 file needs an old cipher from OpenSSL's legacy provider, which is not here",    \
      "Unknown: what it holds was not judged",                                                     \
      "Install the provider (legacy.so, with OpenSSL or as a package of its own), or seal the "    \
      "file anew with AES where there is one",                                                     \
      "OpenSSL 3 migration guide")                                                                 \
    X(UCM_ST_PKCS12_OLD_CIPHER, "ST-PKCS12-OLD-CIPHER", UCM_NOTE, A, UCM_DETAIL_NONE,              \
      "The PKCS#12 file is sealed with an old cipher",                                             \
      "None; without a private key in it there is nothing to hide",                                \
      "Nothing; do not rely on its password to protect a private key",                             \
      "RFC 8018: PBES1 is for compatibility only")                                                 \
    X(UCM_ST_HOST_KEY, "ST-HOST-KEY", UCM_UNSURE, A, UCM_DETAIL_NONE,                              \
      "The SFTP server did not show the key that it should have, and nothing was read",            \
      "Unknown: it was installed anew, or something else answers in its place",                    \
      "Compare the key at the server's own console (ssh-keygen -l), and only then enter it",       \
      "RFC 4251, 4.1")

/* The stores against what TVS answers. */
#define UCM_FINDINGS_STORE_TVS(X)                                                                  \
    X(UCM_ST_TVS_LESS, "ST-TVS-LESS", UCM_ERROR, B, UCM_DETAIL_NONE,                               \
      "TVS does not vouch for a certificate that lies in a store for which it should",             \
      "Phones that ask this node refuse what the certificate signed",                              \
      "Restart TVS on that node; if it stays, check replication of the certificates, and import "  \
      "the certificate anew",                                                                      \
      "Cisco documents 210541, 213407")                                                            \
    X(UCM_ST_TVS_MORE, "ST-TVS-MORE", UCM_NOTE, B, UCM_DETAIL_NONE,                                \
      "TVS vouches for a certificate that lies in no store for which it should",                   \
      "None for phones: they accept what the certificate signed",                                  \
      "Read the stores again: what was read may be older than what TVS knows",                     \
      "Cisco documents 210541, 213407")                                                            \
    X(UCM_ST_TVS_UNASKED, "ST-TVS-UNASKED", UCM_UNSURE, A, UCM_DETAIL_NONE,                        \
      "Certificates of the stores could not be put to TVS",                                        \
      "Unknown: TVS may answer otherwise than the stores say",                                     \
      "See that the node can be reached and that a source holds its TVS certificate; give more time with -t", \
      "rule of this program")

/* A plan of renewal. */
#define UCM_FINDINGS_STORE_PLAN(X)                                                                 \
    X(UCM_ST_PLAN_DUE, "ST-PLAN-DUE", UCM_WARNING, A, UCM_DETAIL_NONE,                             \
      "Certificates are due for renewal",                                                          \
      "None as long as they are valid; renewed in the wrong order, phones are locked out",         \
      "Follow the plan, step by step, and wait where it says so",                                  \
      "Cisco documents 210541, 116232")                                                            \
    X(UCM_ST_PLAN_UNSURE, "ST-PLAN-UNSURE", UCM_UNSURE, C, UCM_DETAIL_NONE,                        \
      "No plan is known to be safe: a step hangs on a rule that nobody has published",             \
      "Unknown whether phones accept the new list; if they do not, they keep the old one",         \
      "Ask the question that the plan prints, and try the step with one phone before all of them", \
      "Cisco document 118893 against field notice FN70613")                                        \
    X(UCM_ST_PLAN_IMPASSE, "ST-PLAN-IMPASSE", UCM_ERROR, B, UCM_DETAIL_NONE,                       \
      "No safe order of renewal exists: every order that was tried locks out phones",              \
      "Phones that are on all the time would refuse the new lists",                                \
      "Renew nothing. Ask Cisco TAC before the first certificate expires, and take a DRS backup",  \
      "rule of this program, on Cisco documents 116232, 118893")                                   \
    X(UCM_ST_PLAN_UNTRIED, "ST-PLAN-UNTRIED", UCM_UNSURE, A, UCM_DETAIL_NONE,                      \
      "No plan could be tried, so none is printed",                                                \
      "Unknown: a plan that was not tried on the lists that phones hold may lock them out",        \
      "Make the ITL and the CTL of every TFTP node visible, and run the check again",              \
      "rule of this program")                                                                      \
    X(UCM_ST_PLAN_UNREAD, "ST-PLAN-UNREAD", UCM_UNSURE, A, UCM_DETAIL_NONE,                        \
      "Certificates in the lists could not be read, or were too many",                             \
      "Unknown: when they expire, and what depends on them",                                       \
      "Look at the lists with check_ucm_trustlist",                                                \
      "rule of this program")                                                                      \
    X(UCM_ST_PLAN_NOT_SEEN, "ST-PLAN-NOT-SEEN", UCM_UNSURE, A, UCM_DETAIL_NONE,                    \
      "The CallManager certificate of a node was not seen",                                        \
      "Unknown: when it expires. Where it is due, it is in no step of the plan",                   \
      "Give a source that holds it, such as --dir, --pkcs12 or --axl, or look at the node",        \
      "rule of this program")                                                                      \
    X(UCM_ST_PLAN_NO_TVS, "ST-PLAN-NO-TVS", UCM_WARNING, A, UCM_DETAIL_NONE,                       \
      "Devices that use no TVS will refuse the new CTL",                                           \
      "Jabber, 7940, 7960 and many TelePresence endpoints stop working in mixed mode",             \
      "Find them first, and delete their CTL by hand at that step",                                \
      "Cisco document 118893")                                                                     \
    X(UCM_ST_PLAN_SOME_TVS, "ST-PLAN-SOME-TVS", UCM_WARNING, B, UCM_DETAIL_NONE,                   \
      "TVS of some nodes cannot vouch for the new signer",                                         \
      "Phones whose CallManager group names those nodes alone refuse the new list",                \
      "Let their group name a node that can vouch until they have it, or renew TVS first",         \
      "Cisco document 116232")                                                                     \
    X(UCM_ST_PLAN_BRIDGE, "ST-PLAN-BRIDGE", UCM_NOTE, B, UCM_DETAIL_NONE,                          \
      "The plan lets the other anchor sign the lists until phones know the new one",               \
      "None: phones hold both anchors",                                                            \
      "See by show ctl or show itl that the list names the new certificate before going on",       \
      "Cisco Security Guide 12.5(1)SU3, Regenerate ITLRecovery; Cisco document 117598")            \
    X(UCM_ST_PLAN_NO_RETURN, "ST-PLAN-NO-RETURN", UCM_NOTE, B, UCM_DETAIL_NONE,                    \
      "There is a step after which a phone that was off since before the plan may be lost",        \
      "It refuses what is served then: signing anew helps for a while, later only deleting its lists", \
      "Switch such phones on before that step",                                                    \
      "Cisco document 116232")                                                                     \
    X(UCM_ST_PLAN_TOKEN, "ST-PLAN-TOKEN", UCM_WARNING, B, UCM_DETAIL_NONE,                         \
      "A certificate of an eToken expires, and no plan renews it",                                 \
      "Unknown whether phones look at the dates of a CTL signer",                                  \
      "Plan the way to a CTL without tokens while the old ones can still sign; none work from 14SU3", \
      "Cisco document 118893")

/* All of it. */
#define UCM_FINDINGS_STORES(X)                                                                     \
    UCM_FINDINGS_STORE_SOURCE(X)                                                                   \
    UCM_FINDINGS_SAVED(X)                                                                          \
    UCM_FINDINGS_STORE_AXL(X)                                                                      \
    UCM_FINDINGS_STORE_PKCS12(X)                                                                   \
    UCM_FINDINGS_STORE_TVS(X)                                                                      \
    UCM_FINDINGS_STORE_RULES(X)                                                                    \
    UCM_FINDINGS_STORE_PLAN(X)
/* clang-format on */

#endif
