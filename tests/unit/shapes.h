/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Headers and records of exactly the published lengths (Cisco documents 118893 and 118892), filled
 * with what is not published.
 */
#ifndef UCMTRUST_TESTS_UNIT_SHAPES_H
#define UCMTRUST_TESTS_UNIT_SHAPES_H

#include "maker.h"

#include "common/trustlist.h"

enum { SHAPE_RECORD_33 = 33 };

/** The published record without a certificate, to the byte. */
extern const uint8_t shape_record_33[SHAPE_RECORD_33];

/** A record of an exact length: the subject takes what is left. */
void shape_record(struct maker *maker, uint16_t role, size_t key, size_t signature,
                  size_t certificate, size_t length);

/** Start a CTL with a header of an exact length; the name of the signer takes what is left. */
void shape_header(struct maker *maker, size_t signer_id, size_t signature, size_t padding);

/** A list to distort: make it, change it, decode it. */
extern struct maker shape_small;

/** Make it a small CTL with one record. */
void shape_make_small(void);
void shape_decode_small(struct ucm_trustlist *list);

#endif
