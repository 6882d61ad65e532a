/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The part of the catalogue that is about trust stores: see finding_table.h for the columns.
 */
#ifndef UCMTRUST_COMMON_FINDING_TABLE_STORE_H
#define UCMTRUST_COMMON_FINDING_TABLE_STORE_H

#include "finding_table_saved.h"

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

/* All of it. */
#define UCM_FINDINGS_STORES(X)                                                                     \
    UCM_FINDINGS_STORE_SOURCE(X)                                                                   \
    UCM_FINDINGS_SAVED(X)
/* clang-format on */

#endif
