/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The part of the catalogue that needs more than one node: see finding_table.h for the columns.
 */
#ifndef UCMTRUST_COMMON_FINDING_TABLE_CLUSTER_H
#define UCMTRUST_COMMON_FINDING_TABLE_CLUSTER_H

/* clang-format off */
#define UCM_FINDINGS_CLUSTER(X)                                                                    \
    X(UCM_CL_NODE_UNSEEN, "CL-NODE-UNSEEN", UCM_UNSURE, A, UCM_DETAIL_NONE,                        \
      "The node could not be looked at",                                                           \
      "Unknown: phones of this node may hold other lists than those of the rest",                  \
      "Check that the node runs and can be reached from this machine",                             \
      "rule of this program")                                                                      \
    X(UCM_CL_NO_LIST, "CL-NO-LIST", UCM_ERROR, A, UCM_DETAIL_NONE,                                 \
      "The TFTP node serves no ITL",                                                               \
      "Phones that ask this node keep the lists that they hold",                                   \
      "Check that TVS and TFTP are activated and running on that node",                            \
      "Cisco document 116232")                                                                     \
    X(UCM_CL_CTL_DIFFERS, "CL-CTL-DIFFERS", UCM_ERROR, B, UCM_DETAIL_NONE,                         \
      "The node serves another CTL than the rest, or none",                                        \
      "Phones that move between these nodes may refuse the other CTL",                             \
      "Run `utils ctl update CTLFile` on the publisher, then restart TFTP on every node",          \
      "Cisco document 118893")                                                                     \
    X(UCM_CL_TVS_SET, "CL-TVS-SET", UCM_ERROR, B, UCM_DETAIL_NONE,                                 \
      "The ITL of the node names other TVS certificates than the newest ITL of the cluster",       \
      "Phones of this node cannot ask the TVS nodes that are missing",                             \
      "Restart TVS, then TFTP, on that node so that it builds the ITL anew; reset its phones",     \
      "Cisco document 116232")                                                                     \
    X(UCM_CL_RECOVERY, "CL-RECOVERY", UCM_WARNING, B, UCM_DETAIL_NONE,                             \
      "The ITL of the node names another ITLRecovery certificate than the newest of the cluster",  \
      "Phones that move between these nodes must ask TVS",                                         \
      "From 12.5 there is one for the cluster: check replication, then restart TVS and TFTP",      \
      "Cisco Security Guide 12.5")                                                                 \
    X(UCM_CL_TVS_NOT_IN_ITL, "CL-TVS-NOT-IN-ITL", UCM_ERROR, A, UCM_DETAIL_NONE,                   \
      "The ITL of the node does not hold the certificate that a TVS node shows now",               \
      "Phones with this ITL break off with that TVS node",                                         \
      "Restart TFTP so that the ITL gets the new TVS certificate, then reset the phones",          \
      "Cisco document 213407")                                                                     \
    X(UCM_CL_TVS_ANSWERS, "CL-TVS-ANSWERS", UCM_ERROR, A, UCM_DETAIL_NONE,                         \
      "The TVS of the node answers differently from the others",                                   \
      "Phones that ask this node get another answer about the same certificate",                   \
      "Restart TVS on that node; if it stays, check replication of the certificates",              \
      "Cisco document 213407")                                                                     \
    X(UCM_CL_CTL_STALE, "CL-CTL-STALE", UCM_ERROR, A, UCM_DETAIL_NONE,                             \
      "The CTL lacks a CallManager, CAPF or ITLRecovery certificate that the ITL of the node holds",\
      "Secure phones do not trust that service, though they may accept both lists",                \
      "Run `utils ctl update CTLFile` on the publisher, restart TFTP, then reset the phones",      \
      "Cisco document 118893, FN70613")                                                            \
    X(UCM_CL_MODE, "CL-MODE", UCM_WARNING, A, UCM_DETAIL_NONE,                                     \
      "The CTL shows another security mode than was expected",                                     \
      "None by itself: phones go by the CTL",                                                      \
      "Correct the inventory, or find out who changed the mode: `utils ctl`",                      \
      "Cisco document 118892")                                                                     \
    X(UCM_CL_BLANK, "CL-BLANK", UCM_WARNING, B, UCM_DETAIL_NONE,                                   \
      "The node serves a blank ITL: no TVS and no TFTP servers in it",                             \
      "Phones that took it cannot ask TVS; without a CTL they take any ITL, with one they cannot " \
      "move to another secure cluster",                                                            \
      "If \"Prepare Cluster for Rollback to pre 8.0\" was left on, set it to False and restart "   \
      "TVS and TFTP on every node, then reset the phones",                                         \
      "Cisco document 116232; error where other nodes serve a whole ITL")                          \
    X(UCM_CL_ISSUER_SERIAL, "CL-ISSUER-SERIAL", UCM_ERROR, A, UCM_DETAIL_NONE,                     \
      "Two different certificates in the lists of the cluster have the same issuer and serial "    \
      "number",                                                                                    \
      "TVS looks certificates up by issuer and serial, and may answer for the wrong one",          \
      "Regenerate one of the two, or delete the one that is not in use any more",                  \
      "Cisco document 213407")

#define UCM_FINDINGS_MIGRATION(X)                                                                  \
    X(UCM_MIG_UNSURE, "MIG-UNSURE", UCM_UNSURE, A, UCM_DETAIL_NONE,                                \
      "Whether phones may move to the node could not be found out",                                \
      "Unknown: phones may refuse the new lists and stay with the old cluster",                    \
      "Make the node and the TVS nodes of the old cluster reachable, and ask again",               \
      "rule of this program")                                                                      \
    X(UCM_MIG_HELD_UNSEEN, "MIG-HELD-UNSEEN", UCM_UNSURE, A, UCM_DETAIL_NONE,                      \
      "A TFTP node of the old cluster was not seen, or serves no ITL that can be read",            \
      "Unknown for phones that hold the lists of that node: they may refuse the new ones",         \
      "Make the node reachable, see that it serves its ITL, and ask again",                        \
      "rule of this program")                                                                      \
    X(UCM_MIG_SOME_NODES, "MIG-SOME-NODES", UCM_WARNING, A, UCM_DETAIL_NONE,                       \
      "Only some TVS nodes of the phones' group vouch for the signer of the node",                 \
      "A phone that reaches only the others refuses the new lists",                                \
      "Import the signer on the publisher of the old cluster, then restart TVS on every node",     \
      "Cisco document 213407")                                                                     \
    X(UCM_MIG_NOT_VOUCHED, "MIG-NOT-VOUCHED", UCM_ERROR, A, UCM_DETAIL_NONE,                       \
      "No TVS node of the old cluster knows the signer of the node",                               \
      "Phones refuse the new lists and stay with the old cluster",                                 \
      "Export, consolidate and import certificates in bulk, or import the signer by hand into "    \
      "Phone-SAST-trust and CallManager-trust of the old cluster",                                 \
      "Cisco documents 213407, 215539")                                                            \
    X(UCM_MIG_NO_ROLE, "MIG-NO-ROLE", UCM_ERROR, B, UCM_DETAIL_NONE,                               \
      "TVS of the old cluster knows the signer of the node, but gives it no SAST role",            \
      "Phones refuse the new lists and stay with the old cluster",                                 \
      "Import the signer into Phone-SAST-trust as well: CallManager-trust alone gives no role",    \
      "Cisco document 213407")                                                                     \
    X(UCM_MIG_OUTSIDE_GROUP, "MIG-OUTSIDE-GROUP", UCM_ERROR, A, UCM_DETAIL_NONE,                   \
      "Only TVS nodes outside the phones' CallManager group vouch for the signer of the node",     \
      "Phones ask the nodes of their group only, and refuse the new lists",                        \
      "Restart TVS on the nodes of the group, or change the group and let all phones fetch it",    \
      "Cisco document 213407")                                                                     \
    X(UCM_MIG_CANNOT_ASK, "MIG-CANNOT-ASK", UCM_ERROR, A, UCM_DETAIL_NONE,                         \
      "Phones cannot ask TVS of the old cluster about the signer of the node",                     \
      "They do not know its certificate, or hold a blank ITL, or it does not answer: they refuse " \
      "the new lists",                                                                             \
      "Bring TVS and the ITL of the old cluster in order first, and reset the phones",             \
      "Cisco document 213407")                                                                     \
    X(UCM_MIG_CAPF, "MIG-CAPF", UCM_ERROR, B, UCM_DETAIL_NONE,                                     \
      "A CAPF certificate of the old cluster is not known to the new one",                         \
      "Phones with certificates from it accept the new lists and then cannot register",            \
      "Import CAPF of the old cluster into CallManager-trust of the new one",                      \
      "Cisco document 215539")                                                                     \
    X(UCM_MIG_ISSUER_SERIAL, "MIG-ISSUER-SERIAL", UCM_ERROR, A, UCM_DETAIL_NONE,                   \
      "The signer of the node has the issuer and serial number of another certificate of the old " \
      "cluster",                                                                                   \
      "TVS looks certificates up by issuer and serial: it answers for its own, and phones refuse " \
      "the new lists",                                                                             \
      "Regenerate one of the two before anything is imported, then export in bulk again",          \
      "Cisco document 213407")                                                                     \
    X(UCM_EMCC_UNSURE, "EMCC-UNSURE", UCM_UNSURE, B, UCM_DETAIL_NONE,                              \
      "Whether phones may use extension mobility across these clusters could not be found out",    \
      "Unknown: logins of users of one cluster on phones of the other may fail",                   \
      "Make the nodes and their TVS reachable, or give the Tomcat certificate in the inventory",   \
      "Cisco document 214535")                                                                     \
    X(UCM_EMCC_RECOVERY, "EMCC-RECOVERY", UCM_ERROR, B, UCM_DETAIL_NONE,                           \
      "The ITLRecovery certificate of the home cluster is not known as a SAST to the visited one", \
      "Phones on which a user of the home cluster logs in refuse its lists, and the login fails",  \
      "Exchange certificates in bulk, or import ITLRecovery of the home cluster into "             \
      "Phone-SAST-trust and CallManager-trust of the visited one",                                 \
      "Cisco document 214535")                                                                     \
    X(UCM_EMCC_TOMCAT, "EMCC-TOMCAT", UCM_ERROR, B, UCM_DETAIL_NONE,                               \
      "The Tomcat certificate of a node of the home cluster is not known to the visited one",      \
      "The visited cluster cannot reach the home cluster, and logins across clusters fail",        \
      "Exchange certificates in bulk, or import it into tomcat-trust of the visited cluster",      \
      "Cisco document 214535")
/* clang-format on */

#endif
