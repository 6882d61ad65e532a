/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Numbers that people write into options and inventories. Knows nothing of what they count.
 */
#ifndef UCMTRUST_NAGIOS_NUMBER_H
#define UCMTRUST_NAGIOS_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A whole number from min to max. Digits and nothing else: no blank of any kind, no sign, no
 * base but ten. Leaves number alone when it is none. */
bool number_read(const char *text, int64_t min, int64_t max, int64_t *number);

/** The same with a point, from the size bytes at text, whatever the locale. It may begin with '-'
 * and is finite; no '+', blank, exponent, hex or "nan". At most 31 bytes. */
bool number_read_decimal(const char *text, size_t size, double *number);

#endif
