/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One certificate from a file, PEM or DER. Knows nothing of what it is for.
 */
#ifndef UCMTRUST_NAGIOS_CERTIFICATE_H
#define UCMTRUST_NAGIOS_CERTIFICATE_H

#include <stddef.h>
#include <stdint.h>

struct ucm_cert_cache;

/** Read the first certificate of a file. Returns its DER, to be freed with g_free(); NULL when
 * there is none: then why says the reason, to be freed. What is kept in cache, which may be NULL,
 * is not read again. */
uint8_t *certificate_read(const char *path, struct ucm_cert_cache *cache, size_t *size, char **why);

#endif
