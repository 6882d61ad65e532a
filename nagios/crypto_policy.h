/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The OpenSSL configuration of this system: what it allows decides what a check may accept.
 */
#ifndef UCMTRUST_NAGIOS_CRYPTO_POLICY_H
#define UCMTRUST_NAGIOS_CRYPTO_POLICY_H

/** Load it, before OpenSSL is used. OpenSSL by itself ignores a configuration that is missing or
 * broken; then another policy would count than the one that was written. What it says about TLS
 * shows only when a context is made, see tvs_tls_context(). Returns NULL, or one
 * printable line that says what is wrong with it; to be freed. */
char *crypto_policy_load(void);

#endif
