/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What phones.c collects and phones-judge.c decides on; for these two alone, everybody else reads
 * phones.h.
 */
#ifndef UCMTRUST_DISSECTOR_PHONES_MODEL_H
#define UCMTRUST_DISSECTOR_PHONES_MODEL_H

#include "phones.h"

#include "kept.h"

#include "common/phone.h"

/** Which lists the phone holds. A list that is NULL and not unseen is none. */
struct phone_held {
    const struct ucm_trustlist *ctl;
    const struct ucm_trustlist *itl;
    bool ctl_unseen;
    bool itl_unseen;
};

/** A file that the phone was given. */
struct phone_file {
    unsigned row; /**< its row */
    uint32_t frame;
    const char *about;         /**< what the row says without the decision */
    struct ucm_trustlist list; /**< decoded from kept bytes */
    struct ucm_signature own;  /**< verified with itself */
    bool whole;                /**< captured as a whole, kept, and its signature was checked */
    int64_t time;              /**< Unix seconds */
    struct phone_held before;  /**< what the phone held when it came */
    bool judged;
    struct ucm_decision decision;
    const char *unread; /**< TVS node whose answer cannot be read, NULL for none */
    const char *issuer; /**< of the signer, and its serial number, as a question spells them */
    const char *serial;
};

/** A connection of the phone to TVS. */
struct phone_attempt {
    uint32_t frame; /**< of its first packet, and of its last */
    uint32_t last_frame;
    uint32_t conversation; /**< Wireshark's number */
    const char *node;
    bool asked;         /**< a request was read */
    const char *issuer; /**< asked about; NULL where a whole certificate was sent */
    const char *serial;
    bool answered;
    bool broken_off; /**< the handshake failed */
    bool went_on;    /**< the phone spoke after it had seen the server's certificate */
    enum ucm_pin pin;
    const struct kept *identity;    /**< certificate of the server, NULL: not seen */
    const struct kept *certificate; /**< that was asked about or came back */
    uint8_t status;
    uint32_t roles;
    uint32_t ttl;
    int64_t time; /**< of the answer, Unix seconds */
};

struct phone {
    struct phones *phones;
    unsigned number;
    address at;
    const char *mac;
    const char *model;
    const char *title;
    wmem_array_t *rows;     /**< struct phone_row */
    wmem_array_t *files;    /**< struct phone_file *, which stay where they are */
    wmem_array_t *attempts; /**< struct phone_attempt * */
    struct phone_row summary;
};

struct phones {
    wmem_allocator_t *scope;
    struct kept_all *kept;
    wmem_map_t *by_address; /* text of the address -> struct phone * */
    unsigned count;
    unsigned left_out;
    unsigned rows;       /* of all phones */
    uint32_t last_frame; /* the same event may be told twice, by two windows */
    const void *last_event;
};

/** Decide anew about the files that the newest event may concern, and what becomes of the phone. */
void phone_judge(struct phone *phone);

#endif
