/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust stores in shorthand for unit tests: certificates are letters, and lie where a text says,
 * such as "pub/CallManager=A sub/CallManager-trust=AB -/tomcat=C" (-: the node is not known).
 */
#ifndef UCMTRUST_TESTS_UNIT_STORE_LAB_H
#define UCMTRUST_TESTS_UNIT_STORE_LAB_H

#include "maker.h"

#include "common/store_index.h"

enum { STORE_LETTERS = 26 };

/** Certificates by their letters. Each has another name, serial number and digest, issued itself,
 * and is valid from NOW - YEAR to NOW + 5 * YEAR, until a test changes it. */
extern struct ucm_stored_cert store_cert[STORE_LETTERS];

/** All of them anew. */
void store_certs_reset(void);

/** One of them. */
struct ucm_stored_cert *store_letter(char letter);

/** Its subject and issuer; NULL: issued by itself. */
void store_name(char letter, const char *subject, const char *issuer);

/** Its dates, in days from NOW. */
void store_dates(char letter, int begin, int end);

/** A real certificate in the place of a letter. */
void store_real(char letter, const struct identity *identity);

/** A real certificate in the place of a letter: "CN=…", with a key of its own, issued by another
 * letter (its key; or by itself), for these hosts ("DNS:a,DNS:b"; or NULL). */
void store_issued(char letter, const char *cn, char issuer, const char *san);

/** What lies where. All stores are complete, nodes are those of the text and of `nodes` (may be
 * NULL; blanks between). Free with store_free(). */
struct ucm_stores *store_make(const char *text, const char *nodes);
void store_free(struct ucm_stores *stores);

/** Findings as "ID@PLACE=LETTER+MORE:severity": the place where it is missing, or lies; without
 * what does not apply, severity where it is not the rule's. Frees them. items, places: as in
 * store_rules.h. */
void assert_store_findings(struct ucm_findings *findings, const struct ucm_stores *items,
                           const struct ucm_stores *places, const char *expected);

#endif
