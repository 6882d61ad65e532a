/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Findings and bytes as text for people. The only file that words a finding; both plugins use it.
 */
#ifndef UCMTRUST_COMMON_FINDING_TEXT_H
#define UCMTRUST_COMMON_FINDING_TEXT_H

#include "finding.h"

#include <inttypes.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { UCM_TEXT_MAX = 512 };

/** The finding in one line: what is wrong, where, expected and found. data is the input of its
 * views (NULL: no subject). Always terminated, cut when room is short; printable, without '|'. */
void ucm_finding_text(const struct ucm_finding *finding, const uint8_t *data, char *out,
                      size_t room);

/** Bytes from a stranger as printable text: control bytes, invalid UTF-8 and '|' become \xNN.
 * Always terminated; cut with "..." when room is short. Returns the length. */
size_t ucm_escape(const uint8_t *bytes, size_t size, char *out, size_t room);

/** A moment as "2026-11-22 08:30:00 UTC"; needs 32 bytes. */
void ucm_time_text(int64_t seconds, char *out, size_t room);

/** Only its date, "2026-11-22"; "unreadable date" for UCM_TIME_NONE. */
void ucm_date_text(int64_t seconds, char *out, size_t room);

/** The whole days between two moments, whichever is first: "812 days", "1 day", "less than a day";
 * needs 32 bytes. To be followed by "ago" or "left", or to follow "in". */
void ucm_span_text(int64_t one, int64_t other, char *out, size_t room);

/** A role by its name, "role 9" where it has none. Written to out (16 bytes) if need be; the result
 * is that or static. */
const char *ucm_role_text(uint32_t role, char *out, size_t room);

/** A digest by its name, or that it is unknown; static. */
const char *ucm_digest_text(uint32_t digest);

/* What both plugins say of the same thing where there is no more to it than a word. */
#define UCM_TEXT_NO_CERTIFICATE "no certificate"
#define UCM_TEXT_NO_ROLE        "no role"
#define UCM_TEXT_RECORD         "Record %" PRIu32

#ifdef __cplusplus
}
#endif

#endif
