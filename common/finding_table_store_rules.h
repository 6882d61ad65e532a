/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The part of the catalogue that is about what lies in trust stores (store_rules.h): see
 * finding_table.h for the columns. What is about reading them is in finding_table_store.h.
 */
#ifndef UCMTRUST_COMMON_FINDING_TABLE_STORE_RULES_H
#define UCMTRUST_COMMON_FINDING_TABLE_STORE_RULES_H

/* clang-format off */
/* Dates, and what nobody needs any more. */
#define UCM_FINDINGS_STORE_EXPIRY(X)                                                               \
    X(UCM_ST_CALLMANAGER_EXPIRED, "ST-CALLMANAGER-EXPIRED", UCM_ERROR, B, UCM_DETAIL_TIME,         \
      "The CallManager certificate of a node has expired",                                         \
      "Secure phones do not register, TFTP is not trusted; secure trunks and media "               \
      "resources, AXL and CTI fail",                                                               \
      "Renew it, no other anchor with it; in mixed mode `utils ctl update CTLFile`, then "         \
      "restart CallManager, CTIManager, TVS and TFTP on that node",                                \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_CALLMANAGER_EXPIRING, "ST-CALLMANAGER-EXPIRING", UCM_WARNING, B, UCM_DETAIL_TIME,     \
      "The CallManager certificate of a node expires soon",                                        \
      "From then on: secure phones do not register, TFTP is not trusted; secure trunks and "       \
      "media resources, AXL and CTI fail",                                                         \
      "Renew it, no other anchor with it; in mixed mode `utils ctl update CTLFile`, then "         \
      "restart CallManager, CTIManager, TVS and TFTP on that node",                                \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_TOMCAT_EXPIRED, "ST-TOMCAT-EXPIRED", UCM_ERROR, B, UCM_DETAIL_TIME,                   \
      "The Tomcat certificate of a node has expired",                                              \
      "Web services, extension mobility (also across clusters), single sign-on, directory, "       \
      "Expressway and contact center fail",                                                        \
      "Renew it, then restart Tomcat on that node (on 14 also DRF); on 14 it may be reused "       \
      "as CallManager: then mind what depends on that",                                            \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_TOMCAT_EXPIRING, "ST-TOMCAT-EXPIRING", UCM_WARNING, B, UCM_DETAIL_TIME,               \
      "The Tomcat certificate of a node expires soon",                                             \
      "From then on: web services, extension mobility (also across clusters), single "             \
      "sign-on, directory, Expressway and contact center fail",                                    \
      "Renew it, then restart Tomcat on that node (on 14 also DRF); on 14 it may be reused "       \
      "as CallManager: then mind what depends on that",                                            \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_CAPF_EXPIRED, "ST-CAPF-EXPIRED", UCM_ERROR, B, UCM_DETAIL_TIME,                       \
      "The CAPF certificate has expired",                                                          \
      "Phones get no new LSCs; phone VPN, 802.1X and CTI or JTAPI with LSCs fail",                 \
      "Renew it and keep the old one in the trust stores; in mixed mode `utils ctl update "        \
      "CTLFile`, then restart CAPF, TVS and TFTP",                                                 \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_CAPF_EXPIRING, "ST-CAPF-EXPIRING", UCM_WARNING, B, UCM_DETAIL_TIME,                   \
      "The CAPF certificate expires soon",                                                         \
      "From then on: phones get no new LSCs; phone VPN, 802.1X and CTI or JTAPI with LSCs "        \
      "fail",                                                                                      \
      "Renew it and keep the old one in the trust stores; in mixed mode `utils ctl update "        \
      "CTLFile`, then restart CAPF, TVS and TFTP",                                                 \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_IPSEC_EXPIRED, "ST-IPSEC-EXPIRED", UCM_ERROR, B, UCM_DETAIL_TIME,                     \
      "The ipsec certificate of a node has expired",                                               \
      "Backups and restores (DRS) and IPsec to other nodes fail",                                  \
      "Renew it, then restart DRF Master on the publisher and DRF Local on every node",            \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_IPSEC_EXPIRING, "ST-IPSEC-EXPIRING", UCM_WARNING, B, UCM_DETAIL_TIME,                 \
      "The ipsec certificate of a node expires soon",                                              \
      "From then on: backups and restores (DRS) and IPsec to other nodes fail",                    \
      "Renew it, then restart DRF Master on the publisher and DRF Local on every node",            \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_TVS_EXPIRED, "ST-TVS-EXPIRED", UCM_ERROR, B, UCM_DETAIL_TIME,                         \
      "The TVS certificate of a node has expired",                                                 \
      "Phones cannot verify HTTPS services and new files through that node",                       \
      "Renew it, no other anchor with it; then restart TVS and TFTP on that node, and reset "      \
      "the phones",                                                                                \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_TVS_EXPIRING, "ST-TVS-EXPIRING", UCM_WARNING, B, UCM_DETAIL_TIME,                     \
      "The TVS certificate of a node expires soon",                                                \
      "From then on: phones cannot verify HTTPS services and new files through that node",         \
      "Renew it, no other anchor with it; then restart TVS and TFTP on that node, and reset "      \
      "the phones",                                                                                \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_RECOVERY_EXPIRED, "ST-RECOVERY-EXPIRED", UCM_ERROR, B, UCM_DETAIL_TIME,               \
      "The ITLRecovery certificate has expired",                                                   \
      "Nothing is left to recover phones with; from 12.0 it signs the lists, and phones "          \
      "accept none any more",                                                                      \
      "Renew it alone while phones still accept lists; in mixed mode `utils ctl update "           \
      "CTLFile`, then restart TVS and TFTP, and reset all phones",                                 \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_RECOVERY_EXPIRING, "ST-RECOVERY-EXPIRING", UCM_WARNING, B, UCM_DETAIL_TIME,           \
      "The ITLRecovery certificate expires soon",                                                  \
      "From then on: nothing is left to recover phones with; from 12.0 it signs the lists, "       \
      "and phones accept none any more",                                                           \
      "Renew it alone while phones still accept lists; in mixed mode `utils ctl update "           \
      "CTLFile`, then restart TVS and TFTP, and reset all phones",                                 \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_NOT_YET_VALID, "ST-NOT-YET-VALID", UCM_WARNING, A, UCM_DETAIL_TIME,                   \
      "A certificate is not valid yet",                                                            \
      "Whoever checks dates refuses it until then",                                                \
      "Check NTP on the publisher and on this machine: `utils ntp status`",                        \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_DATE_UNREADABLE, "ST-DATE-UNREADABLE", UCM_UNSURE, A, UCM_DETAIL_NONE,                \
      "The dates of a certificate cannot be read",                                                 \
      "Unknown: whether it has expired was not judged",                                            \
      "Look at it in OS administration, and have it issued anew",                                  \
      "RFC 5280")                                                                                  \
    X(UCM_ST_DATES_UNSEEN, "ST-DATES-UNSEEN", UCM_UNSURE, A, UCM_DETAIL_NONE,                      \
      "Nothing that was read says when any certificate expires",                                   \
      "Unknown: whether a certificate has expired, or will soon, was not judged",                  \
      "Add a source that has the certificates themselves, such as --dir, --pkcs12 or --axl",       \
      "rule of this program")                                                                      \
    X(UCM_ST_TRUST_EXPIRED, "ST-TRUST-EXPIRED", UCM_WARNING, B, UCM_DETAIL_TIME,                   \
      "A certificate that is only trusted has expired, and something may still need it",           \
      "Whoever still shows it, or was issued by it, is refused where dates are checked",           \
      "Import its successor. Do not delete it on this word: it may validate LSCs or MICs, "        \
      "or be the issuer or signer of what phones hold",                                            \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_TRUST_EXPIRING, "ST-TRUST-EXPIRING", UCM_WARNING, B, UCM_DETAIL_TIME,                 \
      "A certificate that is only trusted expires soon",                                           \
      "From then on whoever still shows it, or was issued by it, is refused where dates are "      \
      "checked",                                                                                   \
      "Ask its owner for the successor and import that on the publisher",                          \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_VENDOR_EXPIRED, "ST-VENDOR-EXPIRED", UCM_NOTE, B, UCM_DETAIL_TIME,                    \
      "A CA certificate of Cisco, which came with the product, has expired",                       \
      "None for phones that were made later; it may still validate certificates in older "         \
      "phones (MICs)",                                                                             \
      "Leave it where it is",                                                                      \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_STALE_EXPIRED, "ST-STALE-EXPIRED", UCM_WARNING, B, UCM_DETAIL_TIME,                   \
      "A certificate that is only trusted has expired, and nothing that was seen needs it",        \
      "None, as far as was seen: a candidate for deletion, no more",                               \
      "Find out whether anybody still uses it. To delete it: back up, up to 11.5 stop "            \
      "Certificate Change Notification on every node first, then delete it on each node by "       \
      "itself",                                                                                    \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_STALE_REPLACED, "ST-STALE-REPLACED", UCM_NOTE, B, UCM_DETAIL_NONE,                    \
      "A certificate that is only trusted has a newer one of the same name beside it",             \
      "None, as far as was seen: a candidate for deletion, no more",                               \
      "Find out whether anybody still uses it. To delete it: back up, up to 11.5 stop "            \
      "Certificate Change Notification on every node first, then delete it on each node by "       \
      "itself",                                                                                    \
      "Cisco document 210541")

/* The nodes of one cluster. */
#define UCM_FINDINGS_STORE_CLUSTER(X)                                                              \
    X(UCM_ST_STORE_UNSEEN, "ST-STORE-UNSEEN", UCM_UNSURE, B, UCM_DETAIL_PLACE,                     \
      "A store of a node holds nothing, while that of other nodes does",                           \
      "Unknown: it is empty, or it was not exported; rules about it were not judged for "          \
      "this node",                                                                                 \
      "Export that store of that node as well; if it is empty, check replication: `utils "         \
      "dbreplication runtimestate`",                                                               \
      "rule of this program")                                                                      \
    X(UCM_ST_OWN_UNSEEN, "ST-OWN-UNSEEN", UCM_UNSURE, B, UCM_DETAIL_PLACE,                         \
      "No node has a certificate in a store in which every node has one of its own",               \
      "Unknown: that service cannot run without, so the store was not read; nothing about "        \
      "it was judged, nor when it expires",                                                        \
      "Check that the source is whole, and that its user may read all of it; else give another",   \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_PUBLISHER_UNSEEN, "ST-PUBLISHER-UNSEEN", UCM_UNSURE, A, UCM_DETAIL_NONE,              \
      "The node that should be the publisher is none of those that were read",                     \
      "Unknown: what depends on which node is the publisher was not judged",                       \
      "Give with --publisher the name that the sources have for it, or add what it holds",         \
      "rule of this program")                                                                      \
    X(UCM_ST_TRUST_MISSING, "ST-TRUST-MISSING", UCM_WARNING, B, UCM_DETAIL_PLACE,                  \
      "The trust store of a node lacks certificates that other nodes have",                        \
      "What is accepted by one node is refused by this one",                                       \
      "Restart Certificate Change Notification on that node and check replication; else "          \
      "upload them there",                                                                         \
      "Cisco document 215539")                                                                     \
    X(UCM_ST_TRUST_EXTRA, "ST-TRUST-EXTRA", UCM_WARNING, B, UCM_DETAIL_PLACE,                      \
      "The trust store of a node holds certificates that most other nodes do not have",            \
      "What is accepted by this node is refused by others; deletions that reached some "           \
      "nodes only look like this",                                                                 \
      "If they are wanted, upload them on the publisher; else delete them on that node as "        \
      "well",                                                                                      \
      "Cisco document 215539")                                                                     \
    X(UCM_ST_CHAIN_MISSING, "ST-CHAIN-MISSING", UCM_WARNING, B, UCM_DETAIL_ISSUER,                 \
      "The trust store of a node lacks the CA that issued a certificate which the node uses",      \
      "Other nodes and services that check the chain refuse it, and its renewal cannot be "        \
      "uploaded there",                                                                            \
      "Upload the CA certificates of the chain on the publisher, from the root down, and "         \
      "see that they reach every node",                                                            \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_MULTI_SERVER, "ST-MULTI-SERVER", UCM_WARNING, B, UCM_DETAIL_PLACE,                    \
      "A multi-server certificate names a node that uses another certificate",                     \
      "That node shows its old certificate; in mixed mode secure phones refuse it, as the "        \
      "CTL holds the other",                                                                       \
      "Upload the multi-server certificate on the publisher again, see that it reached that "      \
      "node, and restart the service there",                                                       \
      "Cisco Security Guide 12.5")                                                                 \
    X(UCM_ST_TOO_MANY, "ST-TOO-MANY", UCM_UNSURE, A, UCM_DETAIL_NONE,                              \
      "Services use more certificates than those of any cluster; those beyond were not "           \
      "looked at for their issuers and names",                                                     \
      "Unknown: a missing issuer, or a node with another certificate, may go unnoticed",           \
      "Check that the source is that of one cluster",                                              \
      "limit of this program")                                                                     \
    X(UCM_ST_IPSEC_MISSING, "ST-IPSEC-MISSING", UCM_WARNING, B, UCM_DETAIL_PLACE,                  \
      "The ipsec certificate of the publisher is not in ipsec-trust of a subscriber",              \
      "Backups and restores (DRS) of that node fail",                                              \
      "Upload it there as ipsec-trust, then restart DRF Local on that node and DRF Master "        \
      "on the publisher",                                                                          \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_IPSEC_OLD, "ST-IPSEC-OLD", UCM_WARNING, B, UCM_DETAIL_PLACE,                          \
      "ipsec-trust of a subscriber holds another certificate under the name of that of the "       \
      "publisher, with another serial number",                                                     \
      "Backups and restores (DRS) of that node fail",                                              \
      "Delete the old one there, upload that of the publisher as ipsec-trust, then restart "       \
      "DRF Local on that node and DRF Master on the publisher",                                    \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_RECOVERY_SEVERAL, "ST-RECOVERY-SEVERAL", UCM_WARNING, B, UCM_DETAIL_NONE,             \
      "Nodes have different ITLRecovery certificates, though from 12.5 there is one for the "      \
      "cluster",                                                                                   \
      "Phones that move between these nodes must ask TVS, and cannot be recovered by every "       \
      "node",                                                                                      \
      "Check replication, then restart TVS and TFTP on the nodes that have the older one",         \
      "Cisco Security Guide 12.5")                                                                 \
    X(UCM_ST_RECOVERY_KEY, "ST-RECOVERY-KEY", UCM_WARNING, B, UCM_DETAIL_NUMBER,                   \
      "The key of ITLRecovery is smaller than those of CallManager (bits)",                        \
      "None now; but `utils itl reset localkey` fails, and cannot rescue phones",                  \
      "Regenerate ITLRecovery alone while phones still accept lists, then reset all phones",       \
      "Cisco document 116232")                                                                     \
    X(UCM_ST_CAPF_SUBSCRIBER, "ST-CAPF-SUBSCRIBER", UCM_NOTE, B, UCM_DETAIL_NONE,                  \
      "A subscriber has a CAPF certificate, though from 14 only the publisher has one",            \
      "None: nobody asks it; phones may still have LSCs from it",                                  \
      "Nothing at once. Keep it in the trust stores as long as LSCs from it are in use",           \
      "Cisco Security Guide 15")                                                                   \
    X(UCM_ST_MODE, "ST-MODE", UCM_WARNING, A, UCM_DETAIL_NONE,                                     \
      "The security mode in the database is another than the CTL shows",                           \
      "Phones go by the CTL: secure profiles fail without one, and a CTL that was left "           \
      "locks phones to it",                                                                        \
      "Mixed: `utils ctl set-cluster mixed-mode`, non-secure: `utils ctl set-cluster "             \
      "non-secure-mode`; then restart TFTP and CallManager and reset the phones",                  \
      "Cisco document 118892")                                                                     \
    X(UCM_ST_LIST_UNSEEN, "ST-LIST-UNSEEN", UCM_UNSURE, A, UCM_DETAIL_NONE,                        \
      "A trust list that was asked for could not be read",                                         \
      "Unknown: the security mode, or whether phones hold lists that a certificate signed, "       \
      "was not judged",                                                                            \
      "Check the path or address that was given for the list, and run the check again",            \
      "rule of this program")                                                                      \
    X(UCM_ST_MODE_UNSURE, "ST-MODE-UNSURE", UCM_UNSURE, A, UCM_DETAIL_NONE,                        \
      "Whether the security mode fits the CTL could not be judged",                                \
      "Unknown: phones go by the CTL, whatever the database says",                                 \
      "Give the CTL as its TFTP node serves it (--ctl URL); --mode tells the mode where the source does not", \
      "rule of this program")

/* What one cluster should hold of another. */
#define UCM_FINDINGS_STORE_IMPORT(X)                                                               \
    X(UCM_ST_IMPORT_UNSURE, "ST-IMPORT-UNSURE", UCM_UNSURE, A, UCM_DETAIL_PLACE,                   \
      "Whether certificates of the other cluster are in a trust store could not be judged, "       \
      "because the store was not read as a whole or its certificates cannot be told apart",        \
      "Unknown: phones that move between the clusters may refuse what they are given",             \
      "Read that store as well, from a source that holds whole certificates",                      \
      "rule of this program")                                                                      \
    X(UCM_ST_IMPORT_UNSEEN, "ST-IMPORT-UNSEEN", UCM_UNSURE, A, UCM_DETAIL_PLACE,                   \
      "Certificates of one kind are not known of the other cluster, so it was not judged "         \
      "whether they were imported",                                                                \
      "Unknown: phones and services may meet certificates that this cluster does not hold",        \
      "Export that cluster with type All, on every node, and give all of it",                      \
      "rule of this program")                                                                      \
    X(UCM_ST_IMPORT_NONE, "ST-IMPORT-NONE", UCM_ERROR, B, UCM_DETAIL_NONE,                         \
      "No certificate of the other cluster was imported",                                          \
      "Phones that are sent to that cluster refuse its files, and those that come from it "        \
      "do not register",                                                                           \
      "Bulk certificate management: export on every node of both clusters, consolidate "           \
      "once, import on both; then restart TVS on every node",                                      \
      "Cisco document 215539")                                                                     \
    X(UCM_ST_IMPORT_NODE, "ST-IMPORT-NODE", UCM_ERROR, B, UCM_DETAIL_NONE,                         \
      "No certificate of one node of the other cluster was imported, though those of other "       \
      "nodes were",                                                                                \
      "Phones that are sent to that node refuse its files, and its services are not trusted",      \
      "Export on that node too, consolidate once more, and import again",                          \
      "Cisco document 215539")                                                                     \
    X(UCM_ST_IMPORT_SIGNER, "ST-IMPORT-SIGNER", UCM_ERROR, A, UCM_DETAIL_NONE,                     \
      "A CallManager certificate of the other cluster was not imported",                           \
      "Up to 11.5 it signs the lists of its node: phones that are sent there refuse them",         \
      "Export, consolidate and import again; or by hand into Phone-SAST-trust and "                \
      "CallManager-trust on the publisher, then restart TVS on every node",                        \
      "Cisco documents 213407, 215539")                                                            \
    X(UCM_ST_IMPORT_NO_ROLE, "ST-IMPORT-NO-ROLE", UCM_ERROR, A, UCM_DETAIL_NONE,                   \
      "A certificate that signs lists of the other cluster is in CallManager-trust only",          \
      "TVS knows it, but gives it no role: phones refuse the lists",                               \
      "Import it into Phone-SAST-trust as well, then restart TVS on every node",                   \
      "Cisco document 213407")                                                                     \
    X(UCM_ST_IMPORT_ROLE_MISSING, "ST-IMPORT-ROLE-MISSING", UCM_WARNING, B, UCM_DETAIL_NONE,       \
      "A certificate that signs lists of the other cluster is in Phone-SAST-trust, but the "       \
      "database does not give it the role SAST",                                                   \
      "TVS may answer without that role, and then phones refuse the lists",                        \
      "Delete it from Phone-SAST-trust and import it there anew, then restart TVS on every node",  \
      "Cisco documents 210541, 213407")                                                            \
    X(UCM_ST_IMPORT_RECOVERY, "ST-IMPORT-RECOVERY", UCM_ERROR, B, UCM_DETAIL_NONE,                 \
      "The ITLRecovery certificate of the other cluster was not imported: an export of type "      \
      "TFTP lacks it",                                                                             \
      "From 12.0 it signs the lists: phones that are sent there refuse them",                      \
      "Export with type All, consolidate and import again; or by hand into Phone-SAST-trust "      \
      "on the publisher, then restart TVS on every node",                                          \
      "Cisco documents 213407, 215539")                                                            \
    X(UCM_ST_IMPORT_CALLMANAGER, "ST-IMPORT-CALLMANAGER", UCM_WARNING, B, UCM_DETAIL_NONE,         \
      "A CallManager certificate of the other cluster is in Phone-SAST-trust only",                \
      "Phones accept its files; secure trunks and calls between the clusters are refused",         \
      "Import it into CallManager-trust as well",                                                  \
      "Cisco document 215539")                                                                     \
    X(UCM_ST_IMPORT_ECDSA, "ST-IMPORT-ECDSA", UCM_WARNING, C, UCM_DETAIL_NONE,                     \
      "A CallManager-ECDSA certificate of the other cluster is not in CallManager-trust, "         \
      "which it shares with CallManager",                                                          \
      "Secure trunks and calls between the clusters fail where they use elliptic curves",          \
      "Import it into CallManager-trust",                                                          \
      "Cisco document 210541")                                                                     \
    X(UCM_ST_IMPORT_CAPF, "ST-IMPORT-CAPF", UCM_ERROR, B, UCM_DETAIL_NONE,                         \
      "A CAPF certificate of the other cluster is not in CallManager-trust",                       \
      "Phones that come with certificates (LSCs) from it accept the lists and then cannot "        \
      "register",                                                                                  \
      "Import it into CallManager-trust on the publisher",                                         \
      "Cisco document 215539")                                                                     \
    X(UCM_ST_IMPORT_TOMCAT, "ST-IMPORT-TOMCAT", UCM_WARNING, B, UCM_DETAIL_NONE,                   \
      "A Tomcat certificate of the other cluster is not in tomcat-trust",                          \
      "Web services between the clusters, such as extension mobility, are refused",                \
      "Export Tomcat on every node of that cluster, consolidate, and import again",                \
      "Cisco document 215539")                                                                     \
    X(UCM_ST_EMCC_RECOVERY, "ST-EMCC-RECOVERY", UCM_ERROR, B, UCM_DETAIL_NONE,                     \
      "The ITLRecovery certificate of the other cluster is not in Phone-SAST-trust, and "          \
      "extension mobility across clusters needs it",                                               \
      "Phones on which a user of the other cluster logs in refuse its lists, and the login "       \
      "fails",                                                                                     \
      "Exchange certificates in bulk with type All, or import it into Phone-SAST-trust; "          \
      "then restart TVS on every node",                                                            \
      "Cisco document 214535")                                                                     \
    X(UCM_ST_EMCC_TOMCAT, "ST-EMCC-TOMCAT", UCM_ERROR, B, UCM_DETAIL_NONE,                         \
      "A Tomcat certificate of the other cluster is not in tomcat-trust, and extension "           \
      "mobility across clusters needs it",                                                         \
      "The clusters cannot reach each other, and logins across them fail",                         \
      "Exchange certificates in bulk in both directions, then restart Tomcat",                     \
      "Cisco document 214535")

/* All of them. */
#define UCM_FINDINGS_STORE_RULES(X)                                                                \
    UCM_FINDINGS_STORE_EXPIRY(X)                                                                   \
    UCM_FINDINGS_STORE_CLUSTER(X)                                                                  \
    UCM_FINDINGS_STORE_IMPORT(X)
/* clang-format on */

#endif
