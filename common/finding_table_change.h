/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The part of the catalogue that is about a change of lists: what becomes of phones that hold an
 * older one. Rows as in finding_table.h, which includes this file.
 */
#ifndef UCMTRUST_COMMON_FINDING_TABLE_CHANGE_H
#define UCMTRUST_COMMON_FINDING_TABLE_CHANGE_H

/* clang-format off */
#define UCM_FINDINGS_CHANGE(X)                                                                     \
    X(UCM_PHONE_LOCKED, "PHONE-LOCKED", UCM_ERROR, B, UCM_DETAIL_NONE,                             \
      "Phones that hold an older list refuse what is served now, and nothing that they trust is "  \
      "left to sign with",                                                                         \
      "They keep their old lists and configuration until someone touches each of them",            \
      "Restore the old certificates from a DRS backup, or delete the trust lists on each phone "   \
      "(Settings, Security, Trust List, or Reset Security Settings)",                              \
      "Cisco documents 116232 and 118893")                                                         \
    X(UCM_PHONE_RE_SIGN, "PHONE-RE-SIGN", UCM_ERROR, B, UCM_DETAIL_NONE,                           \
      "Phones that hold an older list refuse what is served now, but still trust a certificate "   \
      "that the cluster can sign with",                                                            \
      "They keep their old lists and configuration until a list comes that is signed with it",     \
      "Before anything else is renewed: `utils itl reset localkey` (mixed mode: `utils ctl reset " \
      "localkey`; from 10.0) on the publisher, then reset the phones; not with a 1024-bit "        \
      "ITLRecovery among longer keys",                                                             \
      "Cisco documents 116232 and 118893")                                                         \
    X(UCM_PHONE_TVS_NOT_ASKED, "PHONE-TVS-NOT-ASKED", UCM_WARNING, A, UCM_DETAIL_NONE,             \
      "Whether phones that hold an older list accept what is served now depends on TVS, which "    \
      "was not asked",                                                                             \
      "If TVS vouches for the new signer they accept it, else they keep their old lists",          \
      "Give the TVS nodes of the phones' CallManager group with --tvs",                            \
      "Cisco document 213407")                                                                     \
    X(UCM_PHONE_UNDECIDED, "PHONE-UNDECIDED", UCM_WARNING, C, UCM_DETAIL_NONE,                     \
      "Whether phones that hold an older list accept what is served now is not known",             \
      "They may keep their old lists and configuration",                                           \
      "Reset one phone that holds the old list and look at its trust list before you go on",       \
      "no published rule")                                                                         \
    X(UCM_PHONE_VIA_ONE_NODE, "PHONE-VIA-ONE-NODE", UCM_WARNING, B, UCM_DETAIL_NONE,               \
      "Phones that hold an older list accept what is served now only because TVS vouches, and "    \
      "there is a single node to ask",                                                             \
      "When that node is down, they keep their old lists; devices that use no TVS refuse already", \
      "Let all phones register before that node goes down or anything else is renewed; name "      \
      "every TVS node of the phones' CallManager group with --tvs",                                \
      "Cisco document 213407")                                                                     \
    X(UCM_PHONE_VIA_SOME_NODES, "PHONE-VIA-SOME-NODES", UCM_WARNING, B, UCM_DETAIL_NONE,           \
      "Phones that hold an older list accept what is served now only because TVS vouches, and "    \
      "not every TVS node does",                                                                   \
      "A phone that asks one of the others may keep its old lists",                                \
      "Restart TVS on the nodes that do not vouch, and see that their certificate is in the ITL "  \
      "that phones hold",                                                                          \
      "Cisco document 213407")                                                                     \
    X(UCM_PHONE_VIA_TVS, "PHONE-VIA-TVS", UCM_NOTE, A, UCM_DETAIL_NONE,                            \
      "Phones that hold an older list accept what is served now because TVS vouches",              \
      "They need TVS until they have fetched it; devices that use no TVS (Jabber, 7940, 7960, "    \
      "many TelePresence endpoints) refuse",                                                       \
      "Renew nothing else until every phone has registered with the new list",                     \
      "Cisco document 213407")                                                                     \
    X(UCM_PHONE_OTHER_NODE, "PHONE-OTHER-NODE", UCM_WARNING, B, UCM_DETAIL_NONE,                   \
      "Phones that hold the list of another TFTP node refuse what this one serves",                \
      "They lose their way only when they move to this node, as when the other one is down",       \
      "See that all nodes have rebuilt their lists (restart TFTP), and that TVS knows the signer " \
      "of each",                                                                                   \
      "Cisco document 116232")                                                                     \
    X(UCM_PHONE_SIGNER_CHANGED, "PHONE-SIGNER-CHANGED", UCM_NOTE, A, UCM_DETAIL_NONE,              \
      "The list has another signer than the one before it",                                        \
      "Phones look for the new signer in the lists that they hold, then ask TVS",                  \
      "Nothing, where a renewal was intended",                                                     \
      "Cisco document 116232")                                                                     \
    X(UCM_PHONE_CERT_RENEWED, "PHONE-CERT-RENEWED", UCM_NOTE, A, UCM_DETAIL_NONE,                  \
      "A certificate of the list before this one was replaced by another of the same name",        \
      "Phones that hold the older list trust the old certificate, not the new one",                \
      "Renew nothing else until every phone has registered with the new list",                     \
      "Cisco document 116232")                                                                     \
    X(UCM_PHONE_CERT_GONE, "PHONE-CERT-GONE", UCM_NOTE, A, UCM_DETAIL_NONE,                        \
      "A certificate of the list before this one is not in the list any more",                     \
      "Phones that fetch the new list stop trusting it",                                           \
      "Nothing, where the node or service was removed on purpose",                                 \
      "Cisco document 116232")                                                                     \
    X(UCM_PHONE_CTL_GONE, "PHONE-CTL-GONE", UCM_WARNING, B, UCM_DETAIL_NONE,                       \
      "The node served a CTL before and serves none now",                                          \
      "Phones keep the CTL that they hold and judge lists by it; phones without one get none",     \
      "In mixed mode run `utils ctl update CTLFile` on the publisher and restart TFTP; where the " \
      "CTL was deleted on purpose, --accept once no phone holds it any more",                      \
      "Cisco document 118892")                                                                     \
    X(UCM_PHONE_NO_HISTORY, "PHONE-NO-HISTORY", UCM_NOTE, A, UCM_DETAIL_NONE,                      \
      "No older list of this node is kept yet, so there is nothing to compare with",               \
      "Unknown for phones that hold another list than the one that is served now",                 \
      "Nothing: from now on every list is kept",                                                   \
      "rule of this program")                                                                      \
    X(UCM_PHONE_ACCEPTED, "PHONE-ACCEPTED", UCM_NOTE, A, UCM_DETAIL_NONE,                          \
      "The history of this node was dropped, as --accept says",                                    \
      "Phones that still hold an older list are no longer looked at",                              \
      "Leave out --accept from now on",                                                            \
      "rule of this program")                                                                      \
    X(UCM_PHONE_HISTORY_FULL, "PHONE-HISTORY-FULL", UCM_WARNING, A, UCM_DETAIL_NONE,               \
      "More lists were served than are kept; the oldest were dropped before their time",           \
      "Phones that hold one of the dropped lists are not looked at",                               \
      "Find out why the lists of this node change so often; --accept once all phones have the "    \
      "new one",                                                                                   \
      "limit of this program")                                                                     \
    X(UCM_PHONE_NOT_JUDGED, "PHONE-NOT-JUDGED", UCM_UNSURE, A, UCM_DETAIL_NONE,                    \
      "What this node serves could not be compared with what phones hold, and was not kept",       \
      "Unknown: phones that hold an older list may refuse what this node serves",                  \
      "See the other findings about the lists of this node",                                       \
      "rule of this program")                                                                      \
    X(UCM_PHONE_STATE_UNUSABLE, "PHONE-STATE-UNUSABLE", UCM_UNSURE, A, UCM_DETAIL_NONE,            \
      "The lists that were seen before cannot be read or kept",                                    \
      "Unknown: whether phones that hold an older list accept what is served now was not "         \
      "judged, or will not be",                                                                    \
      "The folder must belong to the user of this check and be closed to others (mode 0700), "     \
      "with room left; a damaged file is replaced by one run with --accept",                       \
      "rule of this program")
/* clang-format on */

#endif
