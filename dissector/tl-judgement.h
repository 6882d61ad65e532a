/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the capture knows about trust lists: every distinct file is judged once, and lists are kept
 * to verify the signed files that follow them. Must not know fields, items or columns.
 */
#ifndef UCMTRUST_DISSECTOR_TL_JUDGEMENT_H
#define UCMTRUST_DISSECTOR_TL_JUDGEMENT_H

#include "compat.h"

#include "common/lint.h"

#include <epan/prefs.h>

/** One list or signed file in one frame, as asked. */
struct tl_question {
    packet_info *pinfo;
    const uint8_t *data;
    uint32_t size;
    enum ucm_list_kind expected;      /**< by the name that was asked for, or UCM_LIST_UNKNOWN */
    const struct ucm_trustlist *list; /**< data, decoded */
};

/** What is remembered about it. */
struct tl_verdict {
    struct ucm_signature signature;
    bool checked;               /**< false: the preference is off */
    uint32_t anchor_frame;      /**< frame of the list that verified it; 0: the file itself */
    enum ucm_list_kind anchor;  /**< what that list is */
    const struct tl_file *held; /**< that list, NULL: the file itself */
    const char *sha1;           /**< lower-case hex as `show itl` prints it, "" when forbidden */
    const char *md5;
};

/** Add the switch for the check to the preferences of module. */
void tl_judgement_preference(module_t *module);

/** Forget the last capture; called for each capture file. */
void tl_judgement_init(void);

/** The verdict about a file: from memory, or made now and remembered. */
struct tl_verdict tl_judge(const struct tl_question *question);

/** A list that names a certificate. */
struct tl_naming {
    uint32_t frame; /**< 0: none does */
    enum ucm_list_kind kind;
    bool of_phone;  /**< the phone in question fetched it itself */
    unsigned lists; /**< how many were looked at */
};

/** The newest list before this packet that gives a certificate one of the roles (bits); those that
 * the phone fetched first. */
struct tl_naming tl_who_names(const packet_info *pinfo, const address *phone, const uint8_t *der,
                              uint32_t size, uint32_t roles);

/** Every finding and every certificate; costs a millisecond, so only for eyes and filters. False
 * when the preference is off. Free with ucm_report_free(). */
bool tl_report(const struct tl_question *question, const struct tl_verdict *verdict,
               struct ucm_report *report);

#endif
