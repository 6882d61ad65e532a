/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Phones, lists and TVS nodes in shorthand, so that a table of cases can be read at a glance.
 *
 * A list is "SIGNER/…" and then a certificate and its role for each record:
 *   certificates  O N  old and new CallManager        R Q  old and new ITLRecovery
 *                 T U  old and new TVS                A B  old and new CAPF
 *                 K    an ITLRecovery of 1024 bits    X    a stranger
 *                 D    another with issuer and serial of O     J    no certificate at all
 *                 E    another with the serial of O alone
 *                 G    like D, with the key of O and as long
 *   roles         s SAST   c CCM+TFTP   f TFTP   t TVS   a CAPF   z a role beyond 31
 *                 k TVS, h CCM+TFTP, j CAPF, y SAST without a certificate   - no role at all
 * so "O/OsOcRsTt" is an ITL as 11.5 writes it.
 *
 * A TVS node is the certificate that it shows ('?': not known) and what it says:
 *   s vouches (SAST, TFTP)   f only TFTP   r only application server   n not found   - silent
 *   x not asked   c vouched, still in the cache   e vouched, but that answer has expired
 * so "Un Ts" are two nodes.
 */
#ifndef UCMTRUST_TESTS_UNIT_PHONE_LAB_H
#define UCMTRUST_TESTS_UNIT_PHONE_LAB_H

#include "maker.h"

#include "common/phone.h"

/** A list with the bytes that it lies in. */
struct lab_list {
    struct maker *maker;
    struct ucm_trustlist list;
};

/** Make a list from shorthand; NULL gives none. Free with lab_list_free(). */
struct lab_list *lab_list(const char *filename, const char *shorthand);
void lab_list_free(struct lab_list *made);

/** The list of what lab_list() made, NULL for NULL. */
const struct ucm_trustlist *lab_of(const struct lab_list *made);

/** A signed configuration file. */
struct lab_list *lab_configuration(char signer);

/** ucm_tvs_ask over nodes in shorthand; context is the string, may be NULL. */
bool lab_ask(void *context, const struct ucm_trustlist *file, uint32_t index,
             struct ucm_tvs_opinion *opinion);

/** The letter of a certificate, 0 when it is none of them. */
char lab_letter(const uint8_t *der, size_t size);

/** The certificate of a letter. */
const struct identity *lab_identity(char letter);

/** Fill an opinion from one letter, as above. */
void lab_say(char what, struct ucm_tvs_opinion *opinion);

int lab_set_up(void **state);
int lab_tear_down(void **state);

#endif
