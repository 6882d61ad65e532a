/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The memory of OpenSSL.
 */
#ifndef UCMTRUST_NAGIOS_MEMORY_CRYPTO_H
#define UCMTRUST_NAGIOS_MEMORY_CRYPTO_H

/** OpenSSL gets its memory from memory.h from now on. Only before anything else is asked of it. */
void memory_crypto(void);

#endif
