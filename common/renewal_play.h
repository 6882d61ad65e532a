/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Plays the steps of a renewal on common/phone: for phones with the lists of each TFTP node, and
 * for every stretch of steps that a phone may be switched off. The lists that a cluster would serve
 * are those that it serves now, with certificates replaced by their successors: judged by anchors,
 * never by version. Asks nobody, and finds no plan.
 */
#ifndef UCMTRUST_COMMON_RENEWAL_PLAY_H
#define UCMTRUST_COMMON_RENEWAL_PLAY_H

#include "cert.h"
#include "cluster.h"

#ifdef __cplusplus
extern "C" {
#endif

#define UCM_NODE_NONE UINT32_MAX

/* Services with a certificate of their own, and their names; the order is that of a plan where
 * nothing speaks for another. Backups (ipsec) must work before anything else changes, and what
 * absent phones can be rescued by (ITLRecovery) stays as it is for as long as possible. */
#define UCM_SERVICES(X)                                                                            \
    X(UCM_SERVICE_IPSEC, "ipsec")                                                                  \
    X(UCM_SERVICE_TOMCAT, "tomcat")                                                                \
    X(UCM_SERVICE_CAPF, "CAPF")                                                                    \
    X(UCM_SERVICE_CALLMANAGER, "CallManager")                                                      \
    X(UCM_SERVICE_TVS, "TVS")                                                                      \
    X(UCM_SERVICE_ITLRECOVERY, "ITLRecovery")                                                      \
    X(UCM_SERVICE_TOKEN, "eToken")

#define UCM_SERVICE_ENUM(constant, name) constant,
enum ucm_service { UCM_SERVICES(UCM_SERVICE_ENUM) UCM_SERVICE_COUNT };
#undef UCM_SERVICE_ENUM

/** A service as a bit, for sets of services. */
#define UCM_SERVICE_BIT(service) (1u << (service))

/** A certificate that can be renewed. */
struct ucm_renewable {
    enum ucm_service service;
    uint32_t node;      /**< whose it is; UCM_NODE_NONE: not known, or of more than one */
    bool shared;        /**< more than one node uses it (multi-server) */
    bool listed;        /**< a trust list holds it */
    bool due;           /**< it expires within the horizon, or has expired */
    bool tomcat_too;    /**< tomcat uses the same certificate: renewing one renews both (from 14) */
    bool by_ca;         /**< somebody else signed it */
    const uint8_t *der; /**< NULL: not known */
    uint32_t size;
    struct ucm_cert cert;
    uint8_t *successor; /**< stands for what it is renewed to; owned; NULL where it is not listed */
    uint32_t successor_size;
};

/** A cluster, and what can be renewed in it. */
struct ucm_renewal {
    const struct ucm_cluster *cluster;
    const char *const *address;
    uint32_t publisher;
    int64_t now;
    int64_t horizon_days;
    enum ucm_mode mode; /**< that the CTL shows */
    struct ucm_renewable *item;
    uint32_t items;
    uint32_t unread;             /**< certificates that could not be read, or were too many */
    enum ucm_service itl_signer; /**< whose certificate signs; UCM_SERVICE_COUNT: not known, or */
    enum ucm_service ctl_signer; /**< not the same on all nodes */
    uint32_t *changed_by;        /**< services whose due certificates the ITL of node i holds, at
                                      2 * i, and its CTL, at 2 * i + 1 (bits) */
    enum ucm_knowledge recovery; /**< does TVS vouch for ITLRecovery as a SAST? By live answers */
};

/** Has a certificate expired by now? */
static inline bool ucm_renewable_has_expired(const struct ucm_renewal *renewal,
                                             const struct ucm_renewable *item)
{
    return item->cert.not_after != UCM_TIME_NONE && item->cert.not_after <= renewal->now;
}

/** What an administrator does. */
enum ucm_renewal_action {
    UCM_ACT_RENEW,      /**< the due certificates of the service, on all their nodes */
    UCM_ACT_CTL_UPDATE, /**< the CTL is written anew, signed as ever */
    UCM_ACT_CTL_RESIGN, /**< the CTL is written anew, signed by the other anchor in it */
    UCM_ACT_ITL_RESIGN, /**< the ITLs that are served are signed by the other anchor in them */
    UCM_ACT_RESTART, /**< the services that use the certificate, TVS and TFTP: ITLs are rebuilt */
    UCM_ACT_TFTP,    /**< TFTP alone is restarted: ITLs are rebuilt */
    UCM_ACT_WAIT,    /**< until every phone has re-registered holding what is served */
};

struct ucm_renewal_step {
    enum ucm_renewal_action action;
    enum ucm_service service; /**< whose stage it belongs to */
};

enum {
    UCM_STEPS_MAX = 48,
    UCM_RENEWABLES_NODES = 64, /**< nodes of one cluster; it has 21 at most */
};

/** The phones that are played. */
enum ucm_phone_kind {
    UCM_PHONE_USUAL,  /**< holds the lists of its TFTP node, asks TVS */
    UCM_PHONE_NO_TVS, /**< the same, but asks nobody (Jabber, 7940, 7960, many TelePresence) */
    UCM_PHONE_NEW,    /**< holds no list before it fetches for the first time */
    UCM_PHONE_KINDS
};

/** What became of them: the worst over all TFTP nodes, whether nodes rebuild their ITLs at once or
 * only when TFTP restarts. Steps count from 1; 0 is the time before the first. */
struct ucm_play {
    uint32_t steps;
    /** A phone that is on all the time, after each step. UCM_KEEP, UCM_LOCAL and UCM_VIA_TVS: it
     * took what was served. Others between waits harm nobody: it keeps its lists and asks again. */
    enum ucm_verdict on[UCM_PHONE_KINDS][UCM_STEPS_MAX + 1];
    /** TVS nodes (bits) that cannot vouch for what it takes after each step because others do:
     * their certificate expired, is not known, or is not in the ITL that the phone holds. Whoever
     * asks them alone refuses. */
    uint64_t mute[UCM_STEPS_MAX + 1];
    /** The worst that it met at a wait, where it must hold what is served; and the first step where
     * it did not, 0 for none. */
    enum ucm_verdict held[UCM_PHONE_KINDS];
    uint32_t lost_at[UCM_PHONE_KINDS];
    uint32_t stale_at; /**< first wait at which the CTL lacks what the ITL names, 0 for none */
    /** A phone that fetched its lists after step i and nothing before step j comes back after it,
     * and stays: what it meets in the end. [kind][i][j], i < j. */
    enum ucm_verdict off[UCM_PHONE_KINDS][UCM_STEPS_MAX + 1][UCM_STEPS_MAX + 1];
};

/** What is to be played. */
struct ucm_play_options {
    bool only_on;   /**< leave out the phones that are switched off */
    uint32_t begin; /**< phones begin with what is served after this step */
};

/** Play these steps. False when memory ran out. possible is false when a step cannot be done:
 * nothing else in the lists could sign them. Every node that serves lists must have been seen, see
 * ucm_renewal_obstacle(). */
bool ucm_play_steps(const struct ucm_renewal *renewal, const struct ucm_renewal_step *step,
                    uint32_t steps, struct ucm_play_options options, struct ucm_play *play,
                    bool *possible);

/** May a phone go on with what it has, as far as one knows? */
static inline bool ucm_verdict_is_good(enum ucm_verdict verdict)
{
    return verdict <= UCM_VIA_TVS;
}

#ifdef __cplusplus
}
#endif

#endif
