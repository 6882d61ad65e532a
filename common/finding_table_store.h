/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The part of the catalogue that is about trust stores: see finding_table.h for the columns.
 */
#ifndef UCMTRUST_COMMON_FINDING_TABLE_STORE_H
#define UCMTRUST_COMMON_FINDING_TABLE_STORE_H

/* clang-format off */
/* Reading them. */
#define UCM_FINDINGS_STORE_SOURCE(X)                                                               \
    X(UCM_ST_UNSEEN, "ST-UNSEEN", UCM_UNSURE, A, UCM_DETAIL_NONE,                                  \
      "The source of trust stores could not be read",                                              \
      "Unknown: nothing that it holds was judged",                                                 \
      "Do what the message says, and run the check again",                                         \
      "rule of this program")                                                                      \
    X(UCM_ST_NO_CERTIFICATE, "ST-NO-CERTIFICATE", UCM_UNSURE, A, UCM_DETAIL_NONE,                  \
      "The source holds no certificate at all",                                                    \
      "Unknown: an empty folder looks like this, and so does the wrong one",                       \
      "Check that it is the right place and that the export ended",                                \
      "rule of this program")                                                                      \
    X(UCM_ST_FILE_UNREADABLE, "ST-FILE-UNREADABLE", UCM_UNSURE, A, UCM_DETAIL_NONE,                \
      "A file that should hold certificates could not be read",                                    \
      "Unknown: what it holds was not judged",                                                     \
      "Copy the file anew, and see that this user may read it",                                    \
      "rule of this program")                                                                      \
    X(UCM_ST_FILE_FOREIGN, "ST-FILE-FOREIGN", UCM_NOTE, A, UCM_DETAIL_NONE,                        \
      "A file or folder holds no certificates and was left out",                                   \
      "None",                                                                                      \
      "Nothing, if it is no store",                                                                \
      "rule of this program")                                                                      \
    X(UCM_ST_PRIVATE_KEY, "ST-PRIVATE-KEY", UCM_WARNING, A, UCM_DETAIL_NONE,                       \
      "A private key lies beside the certificates",                                                \
      "Whoever reads it can sign files that phones accept, or pose as the service",                \
      "Delete the file from there, and renew the certificate if others could read it",             \
      "Cisco document 215539: an export holds certificates")

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
      "Make the lists of every TFTP node of the cluster visible, and run the check again",         \
      "rule of this program")                                                                      \
    X(UCM_ST_PLAN_UNREAD, "ST-PLAN-UNREAD", UCM_UNSURE, A, UCM_DETAIL_NONE,                        \
      "Certificates in the lists could not be read, or were too many",                             \
      "Unknown: when they expire, and what depends on them",                                       \
      "Look at the lists with check_ucm_trustlist",                                                \
      "rule of this program")                                                                      \
    X(UCM_ST_PLAN_NO_TVS, "ST-PLAN-NO-TVS", UCM_WARNING, A, UCM_DETAIL_NONE,                       \
      "Devices that use no TVS will refuse the new CTL",                                           \
      "Jabber, 7940, 7960 and many TelePresence endpoints stop working in mixed mode",             \
      "Find them first, and delete their CTL by hand at that step",                                \
      "Cisco document 118893")                                                                     \
    X(UCM_ST_PLAN_BRIDGE, "ST-PLAN-BRIDGE", UCM_NOTE, B, UCM_DETAIL_NONE,                          \
      "The plan lets the other anchor sign the lists until phones know the new one",               \
      "None: phones hold both anchors",                                                            \
      "See by show ctl or show itl that the list names the new certificate before going on",       \
      "Cisco document 117598 (the command); that it bridges a renewal is a rule of this program")  \
    X(UCM_ST_PLAN_NO_RETURN, "ST-PLAN-NO-RETURN", UCM_NOTE, B, UCM_DETAIL_NONE,                    \
      "There is a step after which a phone that was off since before the plan is locked out",      \
      "Its lists must be deleted by hand on the phone",                                            \
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
    UCM_FINDINGS_STORE_PLAN(X)
/* clang-format on */

#endif
