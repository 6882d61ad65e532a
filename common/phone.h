/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Would a phone accept this file, and why: the steps that Cisco documents 213407, 116232 and 118893
 * describe, as a pure function of what the phone holds and what TVS says. On top of it the verdict
 * on a change of lists: judged by anchors, never by version. Asks nobody itself.
 */
#ifndef UCMTRUST_COMMON_PHONE_H
#define UCMTRUST_COMMON_PHONE_H

#include "signature.h"
#include "trustlist.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a step means for the file. */
enum ucm_outcome {
    UCM_ACCEPTED,
    UCM_UNDECIDED, /**< it hangs on something that is not known */
    UCM_REFUSED,
};

/* Fact phone-first-list (A; test_phone:every_step_decides,
 * test_change:a_phone_without_lists_takes_what_it_gets): without any list a phone accepts the
 * first it is given. */
/* The steps that can decide: constant, outcome, words. In the words of the procedure; a record and
 * a node are added by ucm_step_text(). */
#define UCM_STEPS(X)                                                                               \
    X(UCM_STEP_SAME, UCM_ACCEPTED, "it is the file that the phone holds")                          \
    X(UCM_STEP_FIRST, UCM_ACCEPTED,                                                                \
      "the phone holds no trust list and accepts the first one it is given")                       \
    X(UCM_STEP_BLANK, UCM_ACCEPTED, "the phone holds a blank ITL and no CTL, and accepts any ITL") \
    X(UCM_STEP_CTL, UCM_ACCEPTED, "the CTL that the phone holds names its signer")                 \
    X(UCM_STEP_ITL, UCM_ACCEPTED, "the ITL that the phone holds names its signer")                 \
    X(UCM_STEP_CACHE, UCM_ACCEPTED,                                                                \
      "TVS vouched for its signer before, and the phone still has the answer")                     \
    X(UCM_STEP_TVS, UCM_ACCEPTED, "TVS vouches for its signer")                                    \
    X(UCM_STEP_NOT_ASKED, UCM_UNDECIDED,                                                           \
      "no list that the phone holds names its signer; TVS decides, and was not asked")             \
    X(UCM_STEP_RULE, UCM_UNDECIDED,                                                                \
      "its signer is a TFTP server in the lists that the phone holds, but no SAST there; whether " \
      "that is enough is not known")                                                               \
    X(UCM_STEP_UNSEEN, UCM_UNDECIDED,                                                              \
      "the lists that the phone holds are not known here, and it did not ask TVS: they may name "  \
      "its signer")                                                                                \
    X(UCM_STEP_UNVERIFIABLE, UCM_UNDECIDED, "its signature could not be checked here")             \
    X(UCM_STEP_UNREADABLE, UCM_REFUSED, "it is damaged, or no file of this kind")                  \
    X(UCM_STEP_SIGNATURE, UCM_REFUSED, "its signature does not verify")                            \
    X(UCM_STEP_NO_TVS, UCM_REFUSED,                                                                \
      "no list that the device holds names its signer, and the device does not use TVS")           \
    X(UCM_STEP_NO_TVS_RECORD, UCM_REFUSED,                                                         \
      "no list that the phone holds names its signer, and none names a TVS server to ask")         \
    X(UCM_STEP_SILENT, UCM_REFUSED, "no TVS server answers about its signer")                      \
    X(UCM_STEP_IDENTITY, UCM_REFUSED,                                                              \
      "the phone breaks off with TVS: its ITL does not hold the certificate of the server")        \
    X(UCM_STEP_STATUS, UCM_REFUSED, "TVS does not know its signer")                                \
    X(UCM_STEP_ROLE, UCM_REFUSED, "TVS knows its signer, but gives it no role that suffices")

#define UCM_STEP_ENUM(constant, outcome, words) constant,
enum ucm_step { UCM_STEPS(UCM_STEP_ENUM) UCM_STEP_COUNT };
#undef UCM_STEP_ENUM

/** Does the ITL of the phone name the certificate that a TVS node shows? */
enum ucm_pin {
    UCM_PIN_OPEN, /**< see for yourself */
    UCM_PIN_HELD, /**< the caller has looked already */
    UCM_PIN_MISSING,
};

/** What one TVS node of the phone's group says about the signer of a file. */
struct ucm_tvs_opinion {
    const char *node; /**< its name, for messages; static for as long as the decision is used */
    bool asked;       /**< false: nobody knows what it would say */
    bool answered;    /**< false: silent, refused, or nonsense */
    bool noted;       /**< not asked yet, but it will be */
    const uint8_t *identity; /**< certificate that the server shows (DER); NULL: not known, which
                                  counts as not asked unless pin says that it is held */
    size_t identity_size;
    enum ucm_pin pin;
    uint8_t status;             /**< 0: found */
    uint32_t roles;             /**< bit (1 << role) */
    const uint8_t *certificate; /**< that it vouches for (DER), to verify files with that do not
                                     hold their signer; NULL: not known, and these stay unchecked */
    size_t certificate_size;
    /* Fact phone-cache (A; test_phone:every_step_decides,
     * test_change:what_tvs_said_before_counts_as_tvs): a phone keeps an answer for its time to
     * live. */
    int64_t cached_until; /**< the answer is in the phone's cache until then; 0: asked now */
};

/** Asks for the opinion of node number index, from 0, in the order of the phone's CallManager
 * group. False when there is no such node. context is what the phone structure carries. */
typedef bool (*ucm_tvs_ask)(void *context, const struct ucm_trustlist *file, uint32_t index,
                            struct ucm_tvs_opinion *opinion);

/** A phone at one moment. Nothing in it is owned. */
struct ucm_phone {
    const struct ucm_trustlist *ctl; /**< that it holds; NULL: none */
    const struct ucm_trustlist *itl;
    bool ctl_unseen; /**< nobody knows which CTL it holds, and ctl is NULL; then ask must tell of */
    bool itl_unseen; /**< what the phone did, not of what it would do: that it asked shows that */
                     /**< its lists were not enough */
    /* Fact phone-without-tvs (B; test_change:devices_without_tvs_are_locked): Jabber, 7940, 7960
     * and many TelePresence endpoints do not use TVS. */
    bool no_tvs;     /**< Jabber, 7940, 7960 and many TelePresence endpoints (grade B) */
    int64_t now;     /**< Unix seconds, for the cache */
    ucm_tvs_ask ask; /**< NULL: no node could be asked */
    void *context;
};

/** What became of a file that was offered. */
struct ucm_decision {
    enum ucm_step step;
    uint32_t record;  /**< of the list that names the signer, from 1; 0 where none does */
    const char *node; /**< TVS node that decided, NULL where none did */
    uint32_t nodes;   /**< TVS nodes of the group that were considered */
    uint32_t
        vouching; /**< how many of them vouch for the signer and can be reached by this phone */
};

enum {
    /* Fact phone-five-servers (A; test_phone:every_step_decides): a phone has at most five TVS
     * servers, those of its CallManager group. */
    UCM_TVS_NODES_MAX = 32, /**< most nodes that are asked; a group has five (grade A) */
};

enum ucm_outcome ucm_step_outcome(enum ucm_step step);

/** The step in words, with record and node. Always terminated, cut when room is short. */
void ucm_step_text(const struct ucm_decision *decision, char *out, size_t room);

/** Would the phone accept this ITL, CTL or signed configuration file? Does not change the phone:
 * the caller gives an accepted list back in the structure before it offers the next one. */
struct ucm_decision ucm_phone_offer(const struct ucm_phone *phone,
                                    const struct ucm_trustlist *file);

/** The same, where it is known what verifying the file with itself gave (NULL: not known). */
struct ucm_decision ucm_phone_offer_signed(const struct ucm_phone *phone,
                                           const struct ucm_trustlist *file,
                                           const struct ucm_signature *own);

/** Has the list neither TVS nor TFTP servers, as "Prepare cluster for rollback to pre 8.0" makes an
 * ITL? Its other records may stay. (grade B) */
bool ucm_list_is_blank(const struct ucm_trustlist *list);

/* ---- a change of lists ---- */

/** What a TFTP node serves, or served. Either list may be missing. */
struct ucm_list_pair {
    const struct ucm_trustlist *ctl;
    const struct ucm_trustlist *itl;
};

/* Fact phone-verdicts (B; test_change:the_published_table_comes_out,
 * test_renewal_play:the_published_table_comes_out): what becomes of phones after each renewal,
 * by release and mode. */
/** What becomes of a phone, in the order in which they merge: the worse wins. */
enum ucm_verdict {
    UCM_KEEP,            /**< nothing changed */
    UCM_LOCAL,           /**< the lists that it holds are enough */
    UCM_VIA_TVS,         /**< TVS vouches */
    UCM_VERDICT_UNKNOWN, /**< nobody could be asked, or only unknown rules decide */
    UCM_RE_SIGN,         /**< refused; signing with an anchor that it still holds would mend it */
    UCM_LOCKED,          /**< refused, no anchor left: the list must be deleted on each phone */
};

/** The verdict on one change. */
struct ucm_change {
    enum ucm_verdict verdict; /**< the worse of both lists */
    enum ucm_verdict ctl;     /**< UCM_KEEP where no CTL is served */
    enum ucm_verdict itl;
    struct ucm_decision ctl_decision;
    struct ucm_decision itl_decision;
};

/** A phone that holds its lists meets those that are served now: the CTL first, then the ITL with
 * whatever became of the CTL. cluster: everything that the nodes of the cluster serve now, to know
 * which anchors are still its own. */
struct ucm_change ucm_phone_change(const struct ucm_phone *phone, struct ucm_list_pair served,
                                   const struct ucm_list_pair *cluster, size_t cluster_size);

/** What verifying each list of a pair with itself gave; NULL where that is not known. */
struct ucm_pair_signatures {
    const struct ucm_signature *ctl;
    const struct ucm_signature *itl;
};

/** The same, with what is known of the lists that are served. */
struct ucm_change ucm_phone_change_signed(const struct ucm_phone *phone,
                                          struct ucm_list_pair served,
                                          struct ucm_pair_signatures own,
                                          const struct ucm_list_pair *cluster, size_t cluster_size);

/** "KEEP", "LOCAL", "VIA-TVS", "UNKNOWN", "RE-SIGN" or "LOCKED". */
const char *ucm_verdict_name(enum ucm_verdict verdict);

#ifdef __cplusplus
}
#endif

#endif
