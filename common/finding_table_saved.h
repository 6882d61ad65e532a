/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The part of the catalogue that is about saved text: outputs of `show itl` and `show ctl`, traces
 * of TVS, console logs of phones. See finding_table.h for the columns.
 */
#ifndef UCMTRUST_COMMON_FINDING_TABLE_SAVED_H
#define UCMTRUST_COMMON_FINDING_TABLE_SAVED_H

/* clang-format off */
#define UCM_FINDINGS_SAVED(X)                                                                      \
    X(UCM_SV_UNREADABLE, "SHOW-UNREADABLE", UCM_UNSURE, A, UCM_DETAIL_NONE,                        \
      "The saved text could not be read",                                                          \
      "Unknown: it was not compared with anything",                                                \
      "Check the path of the file and that this user may read it, then run the check again",       \
      "rule of this program")                                                                      \
    X(UCM_SV_NOTHING, "SHOW-NOTHING", UCM_UNSURE, A, UCM_DETAIL_NONE,                              \
      "The saved text holds no output of `show itl` or `show ctl` that can be read",               \
      "Unknown: nothing was compared",                                                             \
      "Save the output as the terminal shows it, with its line ends, from prompt to prompt",       \
      "Cisco document 118893")                                                                     \
    X(UCM_SV_NO_LIST, "SHOW-NO-LIST", UCM_UNSURE, A, UCM_DETAIL_NONE,                              \
      "The saved text shows a kind of list that could not be looked at beside it",                 \
      "Unknown: that part of the text was not compared",                                           \
      "Give the list as well: -H NODE for both kinds, or -f FILE",                                 \
      "rule of this program")                                                                      \
    X(UCM_SV_PARTIAL, "SHOW-PARTIAL", UCM_UNSURE, A, UCM_DETAIL_NONE,                              \
      "The saved text is not whole and has no checksum, so that only a part could be compared",    \
      "Unknown: what is missing in the text may differ",                                           \
      "Save the output from prompt to prompt; the lines with MD5 and SHA1 alone would do",         \
      "Cisco document 118893")                                                                     \
    X(UCM_SV_SAME, "SHOW-SAME", UCM_NOTE, A, UCM_DETAIL_NONE,                                      \
      "The saved text shows the list as it is",                                                    \
      "None: what was concluded from the text holds today",                                        \
      "Nothing: the text can be relied on",                                                        \
      "Cisco document 118893")                                                                     \
    X(UCM_SV_OTHER, "SHOW-OTHER", UCM_WARNING, A, UCM_DETAIL_NONE,                                 \
      "The saved text was made from another version of the file",                                  \
      "None by itself: what was concluded from the text may not hold for the phones of today",     \
      "Run the command again on that node: each has an ITL of its own. If it shows the same now, " \
      "the node serves an old file: restart TFTP on it",                                           \
      "Cisco document 116232")                                                                     \
    X(UCM_SV_HEADER, "SHOW-HEADER", UCM_WARNING, A, UCM_DETAIL_NONE,                               \
      "The header of the list differs from the saved text",                                        \
      "Another signer means that phones must find it in what they hold, or ask TVS about it",      \
      "Find out what was renewed since: `check_ucm_trustlist --state` says if phones accept it",   \
      "Cisco document 118893")                                                                     \
    X(UCM_SV_RECORD, "SHOW-RECORD", UCM_WARNING, A, UCM_DETAIL_NONE,                               \
      "A record of the list differs from the saved text",                                          \
      "Phones that hold the list of the text do not know the certificate of today",                \
      "Find out what was renewed since, and whether all phones have fetched the list after it",    \
      "Cisco document 118893")                                                                     \
    X(UCM_SV_RECORD_GONE, "SHOW-RECORD-GONE", UCM_WARNING, A, UCM_DETAIL_NONE,                     \
      "A record of the saved text is not in the list",                                             \
      "Phones that fetch the list stop trusting that certificate",                                 \
      "Find out whether the node was removed or its certificate deleted, and if that was meant",   \
      "Cisco document 118893")                                                                     \
    X(UCM_SV_RECORD_NEW, "SHOW-RECORD-NEW", UCM_WARNING, A, UCM_DETAIL_NONE,                       \
      "A record of the list is not in the saved text",                                             \
      "Phones that still hold the list of the text do not know that certificate",                  \
      "Find out what was added since, and reset phones that have not fetched the list after it",   \
      "Cisco document 118893")                                                                     \
    X(UCM_SV_EDITED, "SHOW-EDITED", UCM_WARNING, A, UCM_DETAIL_NONE,                               \
      "The checksum in the saved text is that of the list, but its lines say something else",      \
      "None: somebody changed the text, or it was put together from two outputs",                  \
      "Believe the list, and ask whoever saved the text",                                          \
      "Cisco document 118893")                                                                     \
    X(UCM_SV_FAILED, "SHOW-FAILED", UCM_WARNING, B, UCM_DETAIL_NONE,                               \
      "The node could not verify its own list when the text was saved",                            \
      "Phones refused that list as well; whether it is good now is said elsewhere",                \
      "If it still fails: restart TFTP on that node, or `utils itl reset localkey`",               \
      "Cisco document 116232")                                                                     \
    X(UCM_TR_UNREADABLE, "TRACE-UNREADABLE", UCM_UNSURE, A, UCM_DETAIL_NONE,                       \
      "The trace could not be read, or not to its end",                                            \
      "Unknown: requests in it were not judged",                                                   \
      "Check the path and that this user may read it; of a long trace, give less, or more time with -t", \
      "rule of this program")                                                                      \
    X(UCM_TR_NOTHING, "TRACE-NOTHING", UCM_UNSURE, A, UCM_DETAIL_NONE,                             \
      "The trace holds no request of a phone to TVS",                                              \
      "Unknown: phones may not have asked, or the trace level was too low",                        \
      "Set the trace level of TVS to detailed, restart TVS, and collect the trace anew",           \
      "Cisco document 118699")                                                                     \
    X(UCM_TR_OPEN, "TRACE-OPEN", UCM_UNSURE, A, UCM_DETAIL_NONE,                                   \
      "The trace does not say what became of a request",                                           \
      "Unknown: the trace ends before, or lines were cut out",                                     \
      "Collect the next file of the trace as well, or give the whole one",                         \
      "Cisco document 213407")
/* clang-format on */

#endif
